//! What in a word could have been meant for something else, as notes.

use std::ops::Range;

use super::Node;
use super::source::{Notes, quoted};
use super::word::Chunk;
use crate::Date;
use crate::analysis::for_each_token;
use crate::date::DateRange;

/// Signs that mean something beside a number and are no part of a word of the index.
const SIGNS: &[char] = &['€', '$', '£', '¥', '%', '‰', '°', '±', '<', '>', '≤', '≥', '≈'];

/// Dashes that are taken for the `-` that is NOT, by readers and by programs that typeset.
const DASHES: &[char] = &['–', '—', '−', '‐', '‑', '－'];

/// The full-width forms of signs that are syntax.
const FULL_WIDTH: &[char] =
    &['（', '）', '：', '＊', '？', '～', '＾', '－', '＝', '｜', '＆', '！'];

/// Notes dates of which all are asked for and that have no day in common: `since:2026 until:2024`.
pub(super) fn note_dates(root: &Node, span: Range<usize>, notes: &mut Notes) {
    let (Node::And(nodes) | Node::Words(nodes)) = root else { return };
    let Some(any) = Date::new(1970, None, None) else { return };
    // How far back a length of time reaches depends on the day of the search.
    let ranges = || {
        nodes.iter().filter_map(|node| match node {
            Node::Date(range) if !matches!(range, DateRange::Since(_)) => Some(range),
            _ => None,
        })
    };
    let latest = ranges().max_by_key(|range| range.days(any).0);
    let earliest = ranges().min_by_key(|range| range.days(any).1);
    if let (Some(latest), Some(earliest)) = (latest, earliest)
        && latest.days(any).0 > earliest.days(any).1
    {
        let message =
            format!("no day is in both {earliest} and {latest}; OR between them asks for either");
        notes.add("no_day", span, message);
    }
}

impl Chunk<'_> {
    /// Notes signs beside a number, which are not looked for: `"€5"` finds any 5.
    pub(super) fn note_signs(&self, address: bool, notes: &mut Notes) {
        if self.path || address || !self.slice().iter().any(|it| it.c.is_ascii_digit()) {
            return;
        }
        for (at, _) in (self.from..).zip(self.slice()).filter(|(_, it)| SIGNS.contains(&it.c)) {
            notes.ignored(self.source.span(at, at + 1), self.source.raw(at, at + 1));
        }
    }

    /// Notes numbers of which a reader could take the point or comma for the decimal one.
    pub(super) fn note_numbers(&self, notes: &mut Notes) {
        if self.whole {
            return;
        }
        let text = self.text();
        for_each_token(&text, |token| {
            let written = text.get(token.start..token.end).unwrap_or_default();
            let is_number = token.text.bytes().all(|b| b.is_ascii_digit());
            let mut parts = written.split(['.', ',']);
            // Two marks part thousands for every reader, and no thousand starts with 0.
            let is_ambiguous = parts.nth(1).is_some_and(|part| part.len() == 3)
                && parts.next().is_none()
                && !written.starts_with('0');
            if is_number && is_ambiguous {
                let message = format!(
                    "{} is read as {}, in articles too: before three digits a point or comma \
                     parts thousands",
                    quoted(written),
                    token.text
                );
                notes.read_as(self.span(), message);
            }
        });
    }

    /// Notes marks within the word that could have been meant as syntax.
    pub(super) fn note_marks(&self, address: bool, pattern: bool, notes: &mut Notes) {
        if self.path {
            return;
        }
        let letters = self.slice();
        let second = letters.get(1).is_some_and(|it| it.is_word());
        match letters.first() {
            Some(it) if DASHES.contains(&it.c) && second && !it.plain => {
                let message = format!(
                    "the dash of {} is punctuation; - before a word is NOT",
                    quoted(self.raw())
                );
                notes.read_as_words(self.span(), message);
            }
            Some(it) if (it.is('[') || it.is('{')) && !letters.iter().any(|it| it.is(']')) => {
                let message = "brackets are punctuation; parentheses group".to_owned();
                notes.read_as_words(self.span(), message);
            }
            _ => {}
        }
        if !address && letters.iter().any(|it| !it.plain && FULL_WIDTH.contains(&it.c)) {
            let message = "full-width signs are punctuation; those of queries are the ASCII ones";
            notes.read_as_words(self.span(), message.into());
        }
        let has = |wanted: &[char]| letters.iter().any(|it| !it.plain && wanted.contains(&it.c));
        let what = if address && has(&[':', '?', '*', '~', '^', '(', '=']) {
            "is read as an address"
        } else if has(&['(']) {
            "is read as one word, parentheses and all"
        } else if has(&['^', '|'])
            || !pattern && has(&['*'])
            || has(&['~']) && !letters.iter().any(|it| it.c.is_alphabetic())
        {
            "is read as a word: the mark in it is no syntax there"
        } else {
            return;
        };
        notes.read_as_words(self.span(), format!("{} {what}", quoted(self.raw())));
    }
}
