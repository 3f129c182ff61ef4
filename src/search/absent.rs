//! What is asked for and no article has: the words, and the values of metadata.

use super::deadline::Deadline;
use super::expand;
use super::notation::{field, is_every_article, value};
use super::plan::{Part, Words, words_without_articles};
use crate::Result;
use crate::index::facet_term;
use crate::index::snapshot::Snapshot;
use crate::query::{Field, Note};

/// How many values of the index are told instead of one that it does not have.
const TOLD: usize = 8;

/// What is to be said of the words of a plan that no article has.
pub(super) fn words(part: &Part) -> Option<Note> {
    let words: Vec<String> =
        words_without_articles(part).iter().map(|word| format!("“{word}”")).collect();
    let message = format!("no article has {}", words.join(" or "));
    (!words.is_empty()).then_some(Note { code: "absent_words", message, span: None })
}

/// What is to be said of the values of metadata that a plan asks for and no article has.
pub(super) fn values(snapshot: &Snapshot, part: &Part, deadline: &Deadline) -> Result<Vec<Note>> {
    let mut absent: Vec<(Field, &str)> = Vec::new();
    each_condition(snapshot, part, false, &mut |words| {
        let asked =
            field(snapshot, words).map(|field| (field, value(snapshot, words, &words.written)));
        absent.extend(asked.filter(|asked| words.documents == 0 && !absent.contains(asked)));
    });
    // An empty index has no value at all. Its articles are counted one by one.
    if absent.is_empty() || snapshot.article_count() == 0 {
        return Ok(Vec::new());
    }
    let note = |(field, value): &(Field, &str)| {
        let name = field.name();
        let quote = if value.contains(char::is_whitespace) { "\"" } else { "" };
        let mut message = format!("no article has {name}:{quote}{value}{quote}");
        let known = match field {
            Field::Language | Field::Kind | Field::Jurisdiction => {
                known(snapshot, name, value, deadline)?
            }
            _ => Vec::new(),
        };
        if !known.is_empty() {
            let more = known.len().saturating_sub(TOLD);
            let told: Vec<&str> = known.iter().take(TOLD).map(String::as_str).collect();
            message.push_str(&format!("; the index has {}", told.join(", ")));
            if more > 0 {
                message.push_str(&format!(" and {more} more"));
            }
        }
        Ok(Note { code: "absent_values", message, span: None })
    };
    absent.iter().map(note).collect()
}

/// Calls `visit` for each value that a plan asks for as a condition, also to exclude it.
fn each_condition<'p>(
    snapshot: &Snapshot,
    part: &'p Part,
    condition: bool,
    visit: &mut impl FnMut(&'p Words),
) {
    let mut each = |parts: &'p [Part], condition| {
        parts.iter().for_each(|part| each_condition(snapshot, part, condition, visit));
    };
    match part {
        Part::Filter(_) if is_every_article(snapshot, part) => {}
        Part::Filter(part) => each(std::slice::from_ref(part), true),
        Part::Term(words) if condition => visit(words),
        Part::Interval { operands, .. } if condition => each(operands, true),
        Part::All { must, not, .. } => {
            each(must, condition);
            each(not, condition);
        }
        Part::Some { of, .. } => each(of, condition),
        Part::Within { part, .. } | Part::Often { part, .. } => {
            each(std::slice::from_ref(part), condition);
        }
        Part::Nothing
        | Part::Term(_)
        | Part::Interval { .. }
        | Part::Dated { .. }
        | Part::Concept(_) => {}
    }
}

/// The values that the index has of a fact: first those that look like `value`, then those of most
/// articles.
fn known(snapshot: &Snapshot, name: &str, value: &str, deadline: &Deadline) -> Result<Vec<String>> {
    const NEAR: usize = 2;
    let facet = snapshot.fields.facet;
    let prefix = facet_term(name, "");
    let wanted: Vec<char> = value.to_lowercase().chars().collect();
    let mut known = Vec::new();
    for term in expand::terms(snapshot, facet, &prefix, usize::MAX, |_| true, deadline)? {
        let documents = snapshot.terms(facet, [term.clone()])?.documents();
        let other = term.strip_prefix(&prefix).unwrap_or(&term).to_owned();
        // Codes are all near each other.
        let edits = expand::within(&wanted, &other, NEAR).filter(|_| wanted.len() > NEAR);
        known.push((edits.unwrap_or(NEAR + 1), u64::MAX - documents, other));
    }
    known.sort();
    Ok(known.into_iter().map(|(_, _, value)| value).collect())
}
