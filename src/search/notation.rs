//! The notation of plans: a part of a planned query, written in the language of queries.

use super::expand;
use super::explain::Operator;
use super::matcher::Bond;
use super::plan::{Part, Words};
use crate::analysis::{fold_whole, is_unspaced};
use crate::date::{Date, DateRange};
use crate::index::ARTICLE_TERM;
use crate::index::schema::FACET_MARK;
use crate::index::snapshot::Snapshot;
use crate::query::{Field, Node, PhrasePart, Unit};

/// A part without what only wraps it.
pub(super) fn core<'p>(snapshot: &Snapshot, mut part: &'p Part) -> &'p Part {
    loop {
        part = match part {
            Part::Filter(inner) if !is_every_article(snapshot, part) => inner,
            Part::Some { least: 1, of, .. } if of.len() == 1 => &of[0],
            Part::All { must, not, .. } if not.is_empty() => {
                let mut asked = must.iter().filter(|part| !is_every_article(snapshot, part));
                match (asked.next(), asked.next()) {
                    (Some(only), None) => only,
                    _ => return part,
                }
            }
            _ => return part,
        }
    }
}

/// Whether a part is the condition that every article fulfils.
pub(super) fn is_every_article(snapshot: &Snapshot, part: &Part) -> bool {
    let Part::Filter(inner) = part else { return false };
    matches!(&**inner, Part::Term(words)
        if words.field() == snapshot.fields.facet && words.text.whole.names() == [ARTICLE_TERM])
}

/// The value that a term stands for, without the name of its facet.
pub(super) fn value<'t>(snapshot: &Snapshot, words: &Words, term: &'t str) -> &'t str {
    if words.field() != snapshot.fields.facet {
        return expand::form(snapshot, words.field(), term);
    }
    term.split_once(FACET_MARK).map_or(term, |(_, value)| value)
}

/// The field that a condition is on.
pub(super) fn field(snapshot: &Snapshot, words: &Words) -> Option<Field> {
    let fields = &snapshot.fields;
    if words.field() == fields.facet {
        let name = words.written.split_once(FACET_MARK)?.0;
        return Field::ALL.iter().find(|(_, other)| *other == name).map(|(field, _)| *field);
    }
    let plain = [
        (fields.author, Field::Author),
        (fields.source, Field::Source),
        (fields.tag, Field::Tag),
        (fields.path, Field::Path),
    ];
    plain.iter().find(|(field, _)| *field == words.field()).map(|(_, field)| *field)
}

/// What a word or a value asks for.
pub(super) fn word_operator(snapshot: &Snapshot, words: &Words) -> Operator {
    let written = value(snapshot, words, &words.written);
    let is_itself = |term: &String| {
        let term = value(snapshot, words, term);
        term == written || term == fold_whole(written)
    };
    let terms = words.text.whole.names();
    match terms {
        _ if words.inflected => Operator::Word,
        // What expands has a sign that no form has.
        [] if words.field() == snapshot.fields.exact && !written.contains(['*', '?', '~']) => {
            Operator::Exact
        }
        // One form, in as many languages as it stands in.
        [_, ..] if terms.iter().all(is_itself) => Operator::Exact,
        _ => Operator::Expansion,
    }
}

/// A part in the language of queries.
pub(super) fn text(snapshot: &Snapshot, part: &Part) -> String {
    node(snapshot, part).map_or_else(String::new, |node| node.to_string())
}

/// A part as a query; none for what no query asks for.
fn node(snapshot: &Snapshot, part: &Part) -> Option<Node> {
    let part = core(snapshot, part);
    let each = |parts: &[Part]| -> Vec<Node> {
        parts.iter().filter_map(|part| node(snapshot, part)).collect()
    };
    Some(match part {
        Part::Nothing | Part::Filter(_) => return None,
        Part::Concept(named) => boosted(named.node(), named.boost),
        Part::Term(words) => {
            let node = boosted(word_node(snapshot, words), words.boost);
            match field(snapshot, words) {
                Some(field) => Node::Field { field, node: Box::new(node) },
                None => node,
            }
        }
        Part::Interval {
            bond: Bond::Ordered { gaps }, operands, offsets: Some(offsets), ..
        } => row_node(snapshot, operands, offsets, *gaps),
        Part::Interval { bond, unit, operands, .. } => {
            let operands = each(operands);
            match bond {
                Bond::Ordered { gaps } | Bond::Unordered { gaps } => Node::Near {
                    distance: gaps.saturating_add(1),
                    ordered: matches!(bond, Bond::Ordered { .. }),
                    operands,
                },
                Bond::SameUnit => Node::Same { unit: unit.unwrap_or(Unit::Paragraph), operands },
            }
        }
        Part::Within { part, headings } => {
            let field = if *headings { Field::Heading } else { Field::Title };
            Node::Field { field, node: Box::new(node(snapshot, part)?) }
        }
        Part::All { must, not, close } => {
            let mut nodes = each(must);
            nodes.extend(each(not).into_iter().map(|node| Node::Not(Box::new(node))));
            if *close { Node::Words(nodes) } else { Node::And(nodes) }
        }
        Part::Some { least: 1, of, .. } => Node::Or(each(of)),
        Part::Some { least, of, .. } => Node::Of { count: *least as u32, nodes: each(of) },
        Part::Often { least, part } => {
            Node::AtLeast { count: *least as u32, node: Box::new(node(snapshot, part)?) }
        }
        Part::Dated { from, to } => {
            let day = |days: i64| i32::try_from(days).ok().and_then(Date::from_days);
            Node::Date(match (day(*from), day(*to)) {
                (Some(from), Some(to)) if from == to => DateRange::In(from),
                (Some(from), Some(to)) => DateRange::Between(from, to),
                (Some(from), None) => DateRange::From(from),
                (None, to) => DateRange::Until(to?),
            })
        }
    })
}

fn boosted(node: Node, factor: f32) -> Node {
    // Conditions have no weight to raise.
    if factor == 1.0 || factor == 0.0 { node } else { Node::Boost { node: Box::new(node), factor } }
}

fn word_node(snapshot: &Snapshot, words: &Words) -> Node {
    let written = value(snapshot, words, &words.written).to_owned();
    let fields = &snapshot.fields;
    let is_value = words.field() == fields.facet || words.field() == fields.path;
    let operator = word_operator(snapshot, words);
    let expands = operator == Operator::Expansion;
    let edits = written.rsplit_once('~').filter(|_| expands && !is_value);
    if operator == Operator::Exact && words.field() == fields.exact {
        Node::Exact(written)
    } else if expands && written.contains(['*', '?']) {
        Node::Pattern(written)
    } else if let Some((word, distance)) = edits {
        Node::Fuzzy { word: word.to_owned(), distance: distance.parse().unwrap_or(1) }
    } else if written.contains(char::is_whitespace) {
        let words = written.split_whitespace();
        let parts = words.map(|word| PhrasePart::Word(word.to_owned())).collect();
        Node::Phrase { parts, slop: 0 }
    } else {
        Node::Word(written)
    }
}

/// Words in a row: a phrase, or one word that is read as several.
fn row_node(snapshot: &Snapshot, operands: &[Part], offsets: &[u32], slop: u32) -> Node {
    let mut parts = Vec::new();
    let (mut boost, mut place, mut stems, mut place_field) = (1.0, 0, Vec::new(), None);
    for (operand, offset) in operands.iter().zip(offsets) {
        let Part::Term(words) = operand else { continue };
        parts.extend((place..*offset).map(|_| PhrasePart::Any));
        place = offset.saturating_add(1);
        boost = words.boost;
        place_field = field(snapshot, words);
        if words.inflected {
            stems.push(words.written.clone());
        }
        parts.push(match word_node(snapshot, words) {
            Node::Pattern(pattern) => PhrasePart::Pattern(pattern),
            _ => PhrasePart::Word(words.written.clone()),
        });
    }
    let node = if stems.len() == operands.len() {
        // What was a run without spaces is one again.
        let unspaced = stems.iter().all(|word| word.chars().all(is_unspaced));
        Node::Word(stems.join(if unspaced { "" } else { "-" }))
    } else {
        Node::Phrase { parts, slop }
    };
    let node = boosted(node, boost);
    match place_field {
        Some(field) => Node::Field { field, node: Box::new(node) },
        None => node,
    }
}
