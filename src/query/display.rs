//! A query as text that parses to it.
//!
//! A word is written as it stands if the scanner reads that as the word, and with backslashes
//! otherwise: so what is written cannot disagree with what is read.

use std::fmt::{self, Write};

use super::concept;
use super::scan::{self, Group, Kind};
use super::source::{Notes, Source};
use super::{Field, Node, PhrasePart, Query, Unit};

impl fmt::Display for Query {
    /// The query in its canonical form, which parses to the same [`root`](Query::root).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)
    }
}

impl fmt::Display for Node {
    /// The node in its canonical form, which parses to the node.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_node(f, self, Binding::Or, Group::default())
    }
}

/// How tightly a node binds its parts, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Proximity,
    Prefix,
    Tight,
}

fn binding(node: &Node) -> Binding {
    match node {
        Node::Or(_) => Binding::Or,
        Node::And(_) | Node::Words(_) => Binding::And,
        Node::Near { .. } | Node::Same { .. } => Binding::Proximity,
        Node::Not(_) | Node::AtLeast { .. } => Binding::Prefix,
        _ => Binding::Tight,
    }
}

/// Writes a node, in parentheses if it binds looser than `least`.
fn write_node(
    f: &mut fmt::Formatter<'_>,
    node: &Node,
    least: Binding,
    group: Group,
) -> fmt::Result {
    if binding(node) < least {
        return write_group(f, node, group);
    }
    match node {
        Node::Words(nodes) => {
            for (i, node) in nodes.iter().enumerate() {
                let before = i.checked_sub(1).and_then(|before| nodes.get(before));
                if i > 0 {
                    f.write_str(" ")?;
                }
                if is_quorum(before, node) {
                    f.write_str("\\")?;
                }
                write_node(f, node, Binding::Proximity, group)?;
            }
            Ok(())
        }
        Node::And(nodes) => {
            for (i, node) in nodes.iter().enumerate() {
                match node {
                    _ if i == 0 => {}
                    Node::Not(_) => f.write_str(" ")?,
                    _ => f.write_str(" AND ")?,
                }
                write_node(f, node, Binding::Proximity, group)?;
            }
            Ok(())
        }
        Node::Or(nodes) => write_all(f, nodes, " OR ", Binding::And, group),
        Node::Not(node) => {
            f.write_str("NOT ")?;
            write_node(f, node, Binding::Prefix, group)
        }
        Node::Near { distance, ordered, operands } => {
            let name = if *ordered { "BEFORE" } else { "NEAR" };
            write_all(f, operands, &format!(" {name}/{distance} "), Binding::Tight, group)
        }
        Node::Same { unit, operands } => {
            let unit = match unit {
                Unit::Sentence => " SAME/s ",
                Unit::Paragraph => " SAME/p ",
            };
            write_all(f, operands, unit, Binding::Tight, group)
        }
        Node::AtLeast { count, node } => {
            write!(f, "atleast/{count} ")?;
            write_node(f, node, Binding::Tight, group)
        }
        Node::Of { count, nodes } => {
            write!(f, "{count} OF (")?;
            write_all(f, nodes, ", ", Binding::Or, Group { list: true, ..group })?;
            f.write_str(")")
        }
        Node::Field { field, node } => write_field(f, *field, node, None),
        Node::Date(range) => write!(f, "{range}"),
        Node::Concept { concept, without } => concept::write(f, concept, without),
        Node::Boost { node, factor } => match &**node {
            Node::Field { field, node } => write_field(f, *field, node, Some(*factor)),
            Node::Of { .. } | Node::Concept { .. } => {
                write_node(f, node, Binding::Tight, group)?;
                write!(f, "^{factor}")
            }
            leaf if is_leaf(leaf) => match leaf_text(leaf, Some(*factor), group) {
                Some(text) => f.write_str(&text),
                None => {
                    write_group(f, leaf, group)?;
                    write!(f, "^{factor}")
                }
            },
            node => {
                write_group(f, node, group)?;
                write!(f, "^{factor}")
            }
        },
        leaf => match leaf_text(leaf, None, group) {
            Some(text) => f.write_str(&text),
            None => f.write_str(&leaf_escaped(leaf, group)),
        },
    }
}

fn write_group(f: &mut fmt::Formatter<'_>, node: &Node, group: Group) -> fmt::Result {
    f.write_str("(")?;
    write_node(f, node, Binding::Or, Group { list: false, ..group })?;
    f.write_str(")")
}

fn write_all(
    f: &mut fmt::Formatter<'_>,
    nodes: &[Node],
    between: &str,
    least: Binding,
    group: Group,
) -> fmt::Result {
    for (i, node) in nodes.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        write_node(f, node, least, group)?;
    }
    Ok(())
}

fn write_field(
    f: &mut fmt::Formatter<'_>,
    field: Field,
    node: &Node,
    factor: Option<f32>,
) -> fmt::Result {
    let group = Group::of(field);
    let suffix = factor.map(|factor| format!("^{factor}")).unwrap_or_default();
    if !is_leaf(node) {
        write!(f, "{}:", field.name())?;
        write_group(f, node, group)?;
        return f.write_str(&suffix);
    }
    // A list may stand around the field: its commas are no part of a word.
    let text = leaf_text(node, factor, Group { list: true, ..group });
    match (text, factor) {
        (Some(text), _) => write!(f, "{}:{text}", field.name()),
        (None, None) => write!(f, "{}:{}", field.name(), leaf_escaped(node, group)),
        (None, Some(_)) => {
            f.write_str("(")?;
            write_field(f, field, node, None)?;
            write!(f, "){suffix}")
        }
    }
}

/// Whether this is a word or a phrase.
fn is_leaf(node: &Node) -> bool {
    matches!(
        node,
        Node::Word(_)
            | Node::Exact(_)
            | Node::Pattern(_)
            | Node::Fuzzy { .. }
            | Node::Phrase { .. }
    )
}

/// Whether `OF` before a parenthesis and after a number would be read as a quorum: it is escaped
/// wherever it follows a number.
fn is_quorum(before: Option<&Node>, node: &Node) -> bool {
    let is_number =
        matches!(before, Some(Node::Word(word)) if word.bytes().all(|b| b.is_ascii_digit()));
    is_number && matches!(node, Node::Word(word) if word == "OF")
}

/// The shortest text that reads as a word or a phrase within `group`; none if it cannot have the
/// factor behind it.
fn leaf_text(node: &Node, factor: Option<f32>, group: Group) -> Option<String> {
    match node {
        Node::Word(word) if factor.is_none() && is_small(word) => return Some(word.clone()),
        Node::Phrase { parts, .. } if factor.is_none() => {
            let is_plain =
                |part: &PhrasePart| matches!(part, PhrasePart::Word(word) if is_small(word));
            if parts.len() > 1 && parts.iter().all(is_plain) {
                return Some(leaf_escaped(node, group));
            }
        }
        _ => {}
    }
    let mut text = match node {
        Node::Word(word) => word.clone(),
        Node::Exact(word) => format!("={word}"),
        Node::Pattern(pattern) => pattern.clone(),
        Node::Fuzzy { word, distance } => format!("{word}~{distance}"),
        _ => leaf_escaped(node, group),
    };
    let mut escaped = leaf_escaped(node, group);
    let wanted = match factor {
        Some(factor) => {
            for text in [&mut text, &mut escaped] {
                write!(text, "^{factor}").ok()?;
            }
            Node::Boost { node: Box::new(node.clone()), factor }
        }
        None => node.clone(),
    };
    [text, escaped].into_iter().find(|text| reads_as(text, &wanted, group))
}

/// Whether `text` is read as this one leaf.
fn reads_as(text: &str, wanted: &Node, group: Group) -> bool {
    let group = Group { mixed_case: true, ..group };
    let tokens = scan::scan(&Source::new(text), group, None, &mut Notes::default());
    match tokens.as_deref() {
        Ok([token]) => matches!(&token.kind, Kind::Leaf(node) if node == wanted),
        _ => false,
    }
}

/// A word or a phrase with all marks escaped that are not its own syntax.
fn leaf_escaped(node: &Node, group: Group) -> String {
    match node {
        Node::Word(word) => escaped(word, false),
        Node::Exact(word) => format!("={}", escaped(word, false)),
        Node::Pattern(pattern) => escaped(pattern, true),
        Node::Fuzzy { word, distance } => format!("{}~{distance}", escaped(word, false)),
        Node::Phrase { parts, slop } => {
            let words: Vec<String> = parts.iter().map(|part| phrase_word(part, group)).collect();
            let slop = if *slop > 0 { format!("~{slop}") } else { String::new() };
            format!("\"{}\"{slop}", words.join(" "))
        }
        // No other node is a leaf.
        _ => String::new(),
    }
}

/// Whether a word has small letters of ASCII alone: no syntax has words of these.
fn is_small(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn phrase_word(part: &PhrasePart, group: Group) -> String {
    let (text, pattern) = match part {
        PhrasePart::Any => return "*".to_owned(),
        PhrasePart::Word(word) if is_small(word) => return word.clone(),
        PhrasePart::Word(word) => (word, false),
        PhrasePart::Pattern(pattern) => (pattern, true),
    };
    // Between other words: a star means less at the edge of a phrase.
    let beside = || PhrasePart::Word("x".to_owned());
    let phrase = Node::Phrase { parts: vec![beside(), part.clone(), beside()], slop: 0 };
    let plain = !text.contains(['"', '\\']);
    if plain && reads_as(&format!("\"x {text} x\""), &phrase, group) {
        text.clone()
    } else {
        escaped(text, pattern)
    }
}

/// `text` with every mark escaped, wildcards aside in a `pattern`; a text without marks, which may
/// be an operator, has its first letter escaped.
fn escaped(text: &str, pattern: bool) -> String {
    let is_mark = |c: char| !(c.is_alphanumeric() || pattern && matches!(c, '*' | '?'));
    let mut escaped = String::with_capacity(2 * text.len());
    if !text.contains(is_mark) {
        escaped.push('\\');
    }
    for c in text.chars() {
        if is_mark(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
