//! Concepts in a query: `#digital-sovereignty`, `concept:"digital sovereignty"`, without some of
//! their labels if that is asked for.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::names;
use super::scan::{Kind, Scanner, Token};
use super::source::{Fault, Source, quoted};
use super::{Field, Node, limits};
use crate::vocabulary::{Concept, Vocabulary};

/// Punctuation that may stand behind a concept and is no part of it.
const ENDS: &[char] = &['.', ',', ';', ':', '!', '?', '…'];

/// Writes a concept as it is read.
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    concept: &Concept,
    without: &[String],
) -> fmt::Result {
    write!(f, "#{}", concept.id)?;
    for (number, label) in without.iter().enumerate() {
        let opens = if number == 0 { "{-" } else { " -" };
        write!(f, "{opens}\"{}\"", label.replace('\\', "\\\\").replace('"', "\\\""))?;
    }
    if without.is_empty() { Ok(()) } else { f.write_str("}") }
}

/// Fails if there are more concepts than a query may have.
pub(super) fn check_number(text: &str, tokens: &[Token], limited: bool) -> Result<(), Fault> {
    let mut concepts = tokens.iter().filter(|token| match &token.kind {
        Kind::Leaf(Node::Boost { node, .. }) => matches!(**node, Node::Concept { .. }),
        Kind::Leaf(node) => matches!(node, Node::Concept { .. }),
        _ => false,
    });
    match concepts.nth(limits::MAX_CONCEPTS) {
        Some(token) if limited => {
            let message = format!("the query has more than {} concepts", limits::MAX_CONCEPTS);
            Err(Fault::new("too_many_concepts", token.span.start..text.len(), message))
        }
        _ => Ok(()),
    }
}

/// Fails if a concept is asked for in a field that holds no text.
pub(super) fn check_field(
    source: &Source<'_>,
    field: Field,
    node: &Node,
    span: &Range<usize>,
) -> Result<(), Fault> {
    if matches!(field, Field::Title | Field::Heading) || !has_concept(node) {
        return Ok(());
    }
    let said = source.text.get(span.clone()).unwrap_or_default();
    let name = field.name();
    let message = format!(
        "a concept is looked for in texts, titles and headings, not in {name}: (\\# makes {} words)",
        quoted(said)
    );
    let escaped = source.splice(span, &said.replace('#', "\\#"));
    Err(Fault::new("concept_in_field", span.clone(), message).hint(escaped))
}

fn has_concept(node: &Node) -> bool {
    match node {
        Node::Concept { .. } => true,
        Node::Words(nodes) | Node::And(nodes) | Node::Or(nodes) | Node::Of { nodes, .. } => {
            nodes.iter().any(has_concept)
        }
        Node::Near { operands, .. } | Node::Same { operands, .. } => {
            operands.iter().any(has_concept)
        }
        Node::Not(node)
        | Node::Boost { node, .. }
        | Node::AtLeast { node, .. }
        | Node::Field { node, .. } => has_concept(node),
        _ => false,
    }
}

/// What is looked for, in words.
pub(super) fn note(concept: &Concept, without: &[String]) -> String {
    format!("#{} finds any of: {}", concept.id, concept.listed(without))
}

impl Scanner<'_> {
    fn known(&self) -> &Vocabulary {
        self.vocabulary.unwrap_or_else(|| Vocabulary::shipped())
    }

    /// Where the name ends that starts at `i`.
    fn name_end(&self, mut i: usize) -> usize {
        let is_part = |i| {
            self.source.get(i).is_some_and(|it| {
                !it.plain && (it.c.is_alphanumeric() || matches!(it.c, '-' | '_'))
            })
        };
        while is_part(i) {
            i += 1;
        }
        i
    }

    /// Whether a part of a query may end before `i`, but for punctuation.
    fn is_end(&self, mut i: usize) -> bool {
        while self.source.get(i).is_some_and(|it| !it.plain && ENDS.contains(&it.c)) {
            i += 1;
        }
        self.source.get(i).is_none_or(|it| it.is_space() || it.is(')'))
    }

    /// Whether `#` and a name stand at `i`, and nothing behind it that would make it a part of an
    /// address or the like.
    pub(super) fn is_concept(&self, i: usize) -> bool {
        let starts = self.source.get(i + 1).is_some_and(|it| it.c.is_alphabetic() && !it.plain);
        if !self.source.is(i, '#') || !starts {
            return false;
        }
        let end = self.name_end(i + 1);
        self.source.is(end, '{') || self.source.is(end, '^') || self.is_end(end)
    }

    /// Reads `#digital-sovereignty` at `i`; false if none stands there.
    pub(super) fn concept(&mut self, i: usize) -> Result<bool, Fault> {
        if !self.is_concept(i) {
            return Ok(false);
        }
        let end = self.name_end(i + 1);
        let name = self.source.raw(i + 1, end).to_owned();
        self.i = end;
        self.push_concept(i, &name)?;
        Ok(true)
    }

    /// Reads what stands behind `concept:`, which starts at `i`.
    pub(super) fn named_concept(&mut self, i: usize, value: usize) -> Result<(), Fault> {
        let (from, to) = match self.closers(value) {
            None => {
                let end = self.name_end(value);
                self.i = end;
                (value, end)
            }
            Some(closers) => {
                let mut end = value + 1;
                while self.source.get(end).is_some_and(|it| it.plain || !closers.contains(&it.c)) {
                    end += 1;
                }
                if self.source.get(end).is_none() {
                    let span = self.source.span(value, value + 1);
                    let message = "this quotation mark is not closed";
                    let closed = format!("{}\"", self.source.text.trim_end());
                    return Err(Fault::new("unclosed_quote", span, message).hint(closed));
                }
                self.i = end + 1;
                (value + 1, end)
            }
        };
        let name: String = self.source.slice(from, to).iter().map(|it| it.c).collect();
        self.push_concept(i, &name)
    }

    /// Adds the concept with this name, which starts at `i`; what is cut from it and its factor are
    /// next.
    fn push_concept(&mut self, i: usize, name: &str) -> Result<(), Fault> {
        let Some(concept) = self.known().concept(name).cloned() else {
            return Err(self.unknown_concept(i, name));
        };
        let without = self.without(&concept)?;
        if concept.labels_without(&without).next().is_none() {
            let span = self.source.span(i, self.i);
            let message = format!("nothing is left of #{} to be found", concept.id);
            let whole = self.source.splice(&span, &format!("#{}", concept.id));
            return Err(Fault::new("nothing_left", span, message).hint(whole));
        }
        let span = self.source.span(i, self.i);
        self.notes.add("concept", span, note(&concept, &without));
        let node = Node::Concept { concept, without };
        let node = match self.factor()? {
            Some(factor) => Node::Boost { node: Box::new(node), factor },
            None => node,
        };
        self.push(Kind::Leaf(node), i);
        let list = self.group().list;
        let is_punctuation =
            |it: super::source::Char| !it.plain && ENDS.contains(&it.c) && !(list && it.c == ',');
        if self.is_end(self.i) {
            while self.source.get(self.i).is_some_and(is_punctuation) {
                self.i += 1;
            }
        }
        Ok(())
    }

    /// Takes `{-"data privacy" -label}`: the labels as the vocabulary has them.
    fn without(&mut self, concept: &Arc<Concept>) -> Result<Vec<String>, Fault> {
        let mut without: Vec<String> = Vec::new();
        let open = self.i;
        if !self.source.is(open, '{') {
            return Ok(without);
        }
        let unclosed = |scanner: &Self| {
            let span = scanner.source.span(open, open + 1);
            let closed = format!("{}}}", scanner.source.text.trim_end());
            let bare = scanner.source.splice(&scanner.source.span(open, scanner.source.len()), "");
            let message = "this brace is not closed";
            Fault::new("unclosed_brace", span, message).hint(closed).hint(bare)
        };
        let mut i = open + 1;
        loop {
            while self.source.is_space(i) || self.source.is(i, ',') || self.source.is(i, '-') {
                i += 1;
            }
            let Some(it) = self.source.get(i) else { return Err(unclosed(self)) };
            if it.is('}') {
                break;
            }
            let closers = self.closers(i);
            let from = if closers.is_some() { i + 1 } else { i };
            let mut to = from;
            let ends = |at: usize| match (closers, self.source.get(at)) {
                (Some(closers), Some(it)) => !it.plain && closers.contains(&it.c),
                (None, Some(it)) => it.is_space() || it.is('}') || it.is(','),
                (_, None) => true,
            };
            while !ends(to) {
                to += 1;
            }
            if to >= self.source.len() {
                return Err(unclosed(self));
            }
            let written: String = self.source.slice(from, to).iter().map(|it| it.c).collect();
            let Some(label) = concept.label(&written) else {
                let span = self.source.span(i, to + usize::from(closers.is_some()));
                return Err(unknown_label(self.source, concept, &written, span));
            };
            if !without.contains(&label.text) {
                without.push(label.text.clone());
            }
            i = if closers.is_some() { to + 1 } else { to };
        }
        self.i = i + 1;
        Ok(without)
    }

    /// The error for a name that no concept has, with those that may have been meant.
    fn unknown_concept(&self, i: usize, name: &str) -> Fault {
        let span = self.source.span(i, self.i);
        let similar = similar(self.known(), name);
        let meant: Vec<String> = similar.iter().map(|id| format!("#{id}")).collect();
        let meant = match &*meant {
            [] => String::new(),
            some => format!("; did you mean {}?", some.join(" or ")),
        };
        let message = format!(
            "there is no concept {}{meant} (polidex concepts lists them all)",
            quoted(name)
        );
        let mut fault = Fault::new("unknown_concept", span.clone(), message);
        for id in similar {
            fault = fault.hint(self.source.splice(&span, &format!("#{id}")));
        }
        let words = Node::Phrase {
            parts: name
                .split([' ', '-', '_'])
                .filter(|word| !word.is_empty())
                .map(|word| super::PhrasePart::Word(word.to_owned()))
                .collect(),
            slop: 0,
        };
        fault.hint(self.source.splice(&span, &words.to_string()))
    }
}

/// The error for a label that the concept does not have.
fn unknown_label(
    source: &Source<'_>,
    concept: &Concept,
    written: &str,
    span: Range<usize>,
) -> Fault {
    let message = format!(
        "{} is no label of #{}; its labels are: {}",
        quoted(written),
        concept.id,
        concept.listed(&[])
    );
    let mut fault = Fault::new("unknown_label", span.clone(), message);
    let wanted: Vec<char> = written.to_lowercase().chars().take(100).collect();
    let near = concept.labels.iter().map(|label| {
        let letters: Vec<char> = label.text.to_lowercase().chars().collect();
        (names::edits(&wanted, &letters), &label.text)
    });
    if let Some((_, label)) = near.min() {
        fault = fault.hint(source.splice(&span, &format!("\"{label}\"")));
    }
    fault
}

/// The ids of at most three concepts whose names look like this one, most alike first.
fn similar(vocabulary: &Vocabulary, name: &str) -> Vec<String> {
    const OFFERED: usize = 3;
    let letters = |text: &str| -> Vec<char> {
        let lower = text.chars().take(100).flat_map(char::to_lowercase);
        lower.map(|c| if c == '_' || c == '-' { ' ' } else { c }).collect()
    };
    let wanted = letters(name);
    let allowed = (wanted.len() / 3).clamp(1, 5);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (name, concept) in vocabulary.names() {
        let name = letters(name);
        let edits = names::edits(&wanted, &name);
        // The words that were typed, among others.
        let within = wanted.len() > 3 && name.windows(wanted.len()).any(|part| part == wanted);
        if edits <= allowed {
            found.push((edits, &concept.id));
        } else if within {
            found.push((allowed + name.len() - wanted.len(), &concept.id));
        }
    }
    found.sort();
    let mut ids: Vec<String> = Vec::new();
    for (_, id) in found {
        if ids.len() < OFFERED && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}
