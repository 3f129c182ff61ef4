//! Suggestions: what the index has that looks like what was asked for.

use std::collections::BTreeMap;

use super::deadline::Deadline;
use super::expand;
use crate::Result;
use crate::analysis::{fold_whole, for_each_token};
use crate::index::snapshot::Snapshot;
use crate::query::limits::FUZZY_LENGTHS;
use crate::query::{Field, Node, PhrasePart, Query};

/// Paths of articles that look like `path`, best first.
pub(crate) fn paths(snapshot: &Snapshot, path: &str) -> Result<Vec<String>> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let wanted: Vec<char> = name.chars().collect();
    let mut similar: Vec<(usize, String)> = Vec::new();
    for document in snapshot.heads() {
        let (_, _, head) = document?;
        if !head.role.is_article() {
            continue;
        }
        let other = head.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let edits = expand::within(&wanted, &other, 3);
        let contains = !name.is_empty() && other.contains(&name);
        if let Some(edits) = edits.or(contains.then_some(4)) {
            similar.push((edits, head.path));
        }
    }
    similar.sort();
    similar.truncate(3);
    Ok(similar.into_iter().map(|(_, path)| path).collect())
}

/// How many queries are offered.
const OFFERED: usize = 3;

/// Queries like this one that could be asked instead, likeliest first: words that no article has
/// corrected, parted or joined; a phrase loosened. Whether they find anything is for the caller to
/// try.
pub(crate) fn queries(
    snapshot: &Snapshot,
    query: &Query,
    absent: &[String],
    deadline: &Deadline,
) -> Result<Vec<Node>> {
    let mut offered = Vec::new();
    if absent.is_empty() {
        offered.extend(replace(&query.root, &mut |node| match node {
            Node::Phrase { parts, slop: 0 } => Some(Node::Phrase { parts: parts.clone(), slop: 3 }),
            _ => None,
        }));
        offered.extend(replace(&query.root, &mut |node| match node {
            Node::Phrase { parts, .. } => {
                Some(Node::Words(parts.iter().filter_map(as_word).collect()))
            }
            _ => None,
        }));
    }
    let mut corrected = Vec::new();
    for word in absent {
        let word = fold_whole(word);
        let corrections = corrections(snapshot, &word, deadline)?;
        corrected.push((word, corrections));
    }
    for choice in 0..OFFERED {
        let mut any = false;
        let node = replace(&query.root, &mut |node| {
            let (word, corrections) = corrected.iter().find(|(word, _)| is_word(node, word))?;
            // Another choice for one word leaves the best for the others.
            let correction = corrections.get(choice).or(corrections.first())?;
            any |= corrections.len() > choice;
            respelt(node, word, correction)
        });
        if any {
            offered.extend(node);
        }
    }
    offered.extend(joined(snapshot, &query.root)?);
    offered.extend(without(&query.root, absent));
    offered.dedup();
    offered.truncate(2 * OFFERED);
    Ok(offered)
}

/// The query without the words that no article has, where others are left.
fn without(root: &Node, absent: &[String]) -> Option<Node> {
    let Node::Words(nodes) = root else { return None };
    let mut left: Vec<Node> = nodes
        .iter()
        .filter(|node| !absent.iter().any(|word| is_word(node, &fold_whole(word))))
        .cloned()
        .collect();
    match left.len() {
        0 => None,
        1 => left.pop().filter(|node| !matches!(node, Node::Not(_))),
        kept => (kept < nodes.len()).then_some(Node::Words(left)),
    }
}

/// The words of the index that `word` may have been meant as, likeliest first: few edits, then
/// many articles; two words where it parts into two that the index has.
fn corrections(snapshot: &Snapshot, word: &str, deadline: &Deadline) -> Result<Vec<String>> {
    let field = snapshot.fields.exact;
    let bound = match word.chars().count() {
        // The splits of a very long word alone would cost the square of its length.
        length if !FUZZY_LENGTHS.contains(&length) => return Ok(Vec::new()),
        3..=5 => 1,
        _ => 2,
    };
    // The first letter is seldom wrong, and the words that share it are few.
    let mut words = expand::near(snapshot, field, word, bound, true, deadline)?;
    if words.is_empty() {
        words = expand::near(snapshot, field, word, bound, false, deadline)?;
    }
    let mut forms: BTreeMap<&str, u8> = BTreeMap::new();
    for (term, edits) in &words {
        forms.insert(expand::form(snapshot, field, term), *edits);
    }
    let mut ranked = Vec::new();
    for (other, edits) in forms {
        ranked.push((edits, u64::MAX - documents(snapshot, other)?, other.to_owned()));
    }
    for (at, _) in word.char_indices().skip(3) {
        let (left, right) = word.split_at(at);
        let least = documents(snapshot, left)?.min(if right.chars().count() < 3 {
            0
        } else {
            documents(snapshot, right)?
        });
        if least > 0 {
            ranked.push((1, u64::MAX - least, format!("{left} {right}")));
        }
    }
    ranked.sort();
    ranked.truncate(OFFERED);
    Ok(ranked.into_iter().map(|(_, _, word)| word).collect())
}

/// In how many documents an exact form stands, deleted ones included.
pub(super) fn documents(snapshot: &Snapshot, exact: &str) -> Result<u64> {
    Ok(snapshot.form(snapshot.fields.exact, exact)?.documents())
}

/// The query with two neighbouring words written as one, where the index has that one.
fn joined(snapshot: &Snapshot, root: &Node) -> Result<Option<Node>> {
    let Node::Words(nodes) = root else { return Ok(None) };
    for (number, pair) in nodes.windows(2).enumerate() {
        if let [Node::Word(left), Node::Word(right)] = pair {
            let one = format!("{left}{right}");
            if documents(snapshot, &fold_whole(&one))? > 0 {
                let mut nodes = nodes.clone();
                nodes.splice(number..number + 2, [Node::Word(one)]);
                return Ok(Some(if nodes.len() == 1 {
                    nodes.remove(0)
                } else {
                    Node::Words(nodes)
                }));
            }
        }
    }
    Ok(None)
}

fn as_word(part: &PhrasePart) -> Option<Node> {
    match part {
        PhrasePart::Word(word) => Some(Node::Word(word.clone())),
        PhrasePart::Pattern(pattern) => Some(Node::Pattern(pattern.clone())),
        PhrasePart::Any => None,
    }
}

/// Whether `node` is a word, or a phrase with a word, whose folded form is `word`.
fn is_word(node: &Node, word: &str) -> bool {
    let has = |text: &String| {
        let mut found = false;
        for_each_token(text, |token| {
            found |= token.exact == word || fold_whole(token.text) == word
        });
        found
    };
    match node {
        Node::Word(text) | Node::Exact(text) => has(text),
        Node::Phrase { parts, .. } => {
            parts.iter().any(|part| matches!(part, PhrasePart::Word(text) if has(text)))
        }
        _ => false,
    }
}

/// A word or phrase with `word` written as `correction`.
fn respelt(node: &Node, word: &str, correction: &str) -> Option<Node> {
    let respell = |text: &str| {
        let mut place = None;
        for_each_token(text, |token| {
            if token.exact == word {
                place = place.take().or(Some(token.start..token.end));
            }
        });
        place.map(|place| format!("{}{correction}{}", &text[..place.start], &text[place.end..]))
    };
    let words = |text: String| -> Node {
        let mut words: Vec<Node> =
            text.split(' ').map(|word| Node::Word(word.to_owned())).collect();
        if words.len() == 1 { words.remove(0) } else { Node::Words(words) }
    };
    match node {
        Node::Word(text) => respell(text).map(words),
        Node::Exact(text) => respell(text).map(Node::Exact),
        Node::Phrase { parts, slop } => {
            let parts = parts
                .iter()
                .flat_map(|part| match part {
                    PhrasePart::Word(text) => respell(text)
                        .unwrap_or_else(|| text.clone())
                        .split(' ')
                        .map(|word| PhrasePart::Word(word.to_owned()))
                        .collect(),
                    other => vec![other.clone()],
                })
                .collect();
            Some(Node::Phrase { parts, slop: *slop })
        }
        _ => None,
    }
}

/// The tree with each node for which `change` gives another replaced by it; none where nothing is.
fn replace(node: &Node, change: &mut impl FnMut(&Node) -> Option<Node>) -> Option<Node> {
    if let Some(other) = change(node) {
        return Some(other);
    }
    let mut changed = false;
    let mut each = |nodes: &[Node], flat: bool| -> Vec<Node> {
        let mut out = Vec::new();
        for node in nodes {
            match replace(node, change) {
                None => out.push(node.clone()),
                Some(other) => {
                    changed = true;
                    match other {
                        Node::Words(words) if flat => out.extend(words),
                        other => out.push(other),
                    }
                }
            }
        }
        out
    };
    let node = match node {
        Node::Words(nodes) => Node::Words(each(nodes, true)),
        Node::And(nodes) => Node::And(each(nodes, false)),
        Node::Or(nodes) => Node::Or(each(nodes, false)),
        Node::Field { field: field @ (Field::Title | Field::Heading), node } => Node::Field {
            field: *field,
            node: Box::new(each(std::slice::from_ref(node), false).pop()?),
        },
        Node::Boost { node, factor } => Node::Boost {
            node: Box::new(each(std::slice::from_ref(node), false).pop()?),
            factor: *factor,
        },
        _ => return None,
    };
    changed.then_some(node)
}
