//! A quotation as it is written: the stretches that claim to stand in the text word for word, and
//! what the quoting hand says that it has left out or put in.

use std::ops::Range;

use super::marks;
use super::words::{Word, words};
use crate::article::Article;
use crate::corpus::extract::fold;

/// A quotation, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotation {
    /// The whole of it, in the canonical form that articles have.
    pub(super) text: String,
    /// The words of the whole, brackets and all.
    pub(super) words: Vec<Word>,
    /// The stretches between its joints; there is one more of them than joints.
    pub(super) parts: Vec<Part>,
    pub(super) joints: Vec<Joint>,
    /// What was put in, in brackets, in order.
    pub(super) insertions: Vec<String>,
    /// Whether letters in brackets, as in `[T]he`, were taken for letters of the word.
    pub(super) altered: bool,
}

/// A stretch that claims to stand in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) words: Vec<Word>,
}

/// What lies between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// An ellipsis: any number of words of the article.
    Omission,
    /// So many words in brackets, which may stand for some of the article.
    Insertion(usize),
}

/// The longest insertion, in bytes; brackets further apart are the text's own.
const MAX_INSERTION: usize = 200;

/// What stands in brackets and is neither a part of the text nor put in its place.
const REMARKS: &[&str] = &["sic", "sic!", "!", "?"];

impl Quotation {
    /// Reads a quotation; quotation marks around all of it are not part of it.
    pub(super) fn read(written: &str) -> Quotation {
        let text = marks::bare(&canonical(written)).to_owned();
        let mut quotation = Quotation {
            words: words(&text),
            text,
            parts: Vec::new(),
            joints: Vec::new(),
            insertions: Vec::new(),
            altered: false,
        };
        quotation.take_apart();
        quotation
    }

    /// The number of words that claim to stand in the text.
    pub(super) fn length(&self) -> usize {
        self.parts.iter().map(|part| part.words.len()).sum()
    }

    pub(super) fn omissions(&self) -> usize {
        self.joints.iter().filter(|joint| **joint == Joint::Omission).count()
    }

    /// The whole as one part.
    pub(super) fn whole(&self) -> Part {
        Part { text: self.text.clone(), words: self.words.clone() }
    }

    fn take_apart(&mut self) {
        let text = self.text.clone();
        let mut part = String::new();
        let mut joint: Option<Joint> = None;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = omission(rest) {
                self.close(&mut part, &mut joint);
                joint = Some(Joint::Omission);
                at += length;
                continue;
            }
            if let Some(inner) = bracketed(rest) {
                let content = rest.get(inner.clone()).unwrap_or_default();
                let behind = at + inner.end + 1;
                let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let attached = letter(text.get(..at).and_then(|text| text.chars().next_back()))
                    || letter(text.get(behind..).and_then(|text| text.chars().next()));
                let is_number = content.bytes().all(|byte| byte.is_ascii_digit());
                if REMARKS.contains(&content.to_lowercase().as_str()) || is_number {
                    // Nothing of the text, and nothing in its place; nor the space before it.
                    part.truncate(part.trim_end().len());
                } else if attached && content.chars().all(char::is_alphabetic) {
                    part.push_str(content);
                    self.altered = true;
                } else {
                    self.close(&mut part, &mut joint);
                    let length = words(content).len();
                    self.insertions.push(content.to_owned());
                    joint = match joint {
                        Some(Joint::Omission) => joint,
                        Some(Joint::Insertion(before)) => Some(Joint::Insertion(before + length)),
                        None => Some(Joint::Insertion(length)),
                    };
                }
                at = behind;
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            part.push(c);
            at += c.len_utf8();
        }
        self.close(&mut part, &mut joint);
    }

    /// Ends a part, if there is a word in it; `joint` is what lies before it.
    fn close(&mut self, part: &mut String, joint: &mut Option<Joint>) {
        let text = part.trim().to_owned();
        let words = words(&text);
        if words.is_empty() {
            return;
        }
        part.clear();
        if !self.parts.is_empty() {
            self.joints.push(joint.take().unwrap_or(Joint::Omission));
        }
        *joint = None;
        self.parts.push(Part { text, words });
    }
}

/// A text in the form that the text of articles has: its paragraphs folded and joined.
fn canonical(written: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = String::new();
    for line in written.lines().chain([""]) {
        if line.trim().is_empty() {
            let folded = fold(&open);
            if !folded.is_empty() {
                paragraphs.push(folded);
            }
            open.clear();
        } else {
            open.push_str(line);
            open.push('\n');
        }
    }
    paragraphs.join(Article::BLOCK_SEPARATOR)
}

/// The length of the ellipsis that `text` begins with: `…`, `...`, `. . .`, or one of them in
/// brackets.
fn omission(text: &str) -> Option<usize> {
    let closing = match text.chars().next()? {
        '[' => ']',
        '(' => ')',
        '<' => '>',
        _ => return dots(text),
    };
    let inner = text.get(1..)?;
    let start = inner.len() - inner.trim_start().len();
    let length = dots(inner.get(start..)?)?;
    let rest = inner.get(start + length..)?;
    let space = rest.len() - rest.trim_start().len();
    rest.trim_start().starts_with(closing).then_some(1 + start + length + space + 1)
}

/// The length of the bare ellipsis that `text` begins with.
fn dots(text: &str) -> Option<usize> {
    let (mut count, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '.' => count += 1,
            '…' => count += 3,
            ' ' if count > 0 => continue,
            _ => break,
        }
        end = at + c.len_utf8();
    }
    (count >= 3).then_some(end)
}

/// What stands in the square brackets that `text` begins with.
fn bracketed(text: &str) -> Option<Range<usize>> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find(['[', ']']).filter(|end| (1..=MAX_INSERTION).contains(end))?;
    inner.get(end..)?.starts_with(']').then_some(1..1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, with the joints between them: `…` an omission, a number the words put in.
    fn taken_apart(written: &str) -> String {
        let quotation = Quotation::read(written);
        let mut shown = String::new();
        for (number, part) in quotation.parts.iter().enumerate() {
            match number.checked_sub(1).and_then(|before| quotation.joints.get(before)) {
                Some(Joint::Omission) => shown.push_str("|…|"),
                Some(Joint::Insertion(words)) => shown.push_str(&format!("|{words}|")),
                None => {}
            }
            shown.push_str(&part.text);
        }
        shown
    }

    #[test]
    fn ellipses_and_brackets_part_what_claims_to_stand_in_the_text() {
        for (written, expected) in [
            ("“rules come first”", "rules come first"),
            ("rules […] first", "rules|…|first"),
            ("rules [...] first", "rules|…|first"),
            ("rules ( … ) first", "rules|…|first"),
            ("rules… first", "rules|…|first"),
            ("rules . . . first", "rules|…|first"),
            ("the end. ... The start", "the end|…|The start"),
            ("…rules come first…", "rules come first"),
            ("[the] rules come [very] first", "rules come|1|first"),
            ("they [the rules] […] first", "they|…|first"),
            ("[T]he rule[s] come first", "The rules come first"),
            ("rules [sic] come [3] first", "rules come first"),
            // Near misses: dots that are no ellipsis, brackets that do not close.
            ("rules.. first", "rules.. first"),
            ("U.S. rules. First", "U.S. rules. First"),
            ("rules [come first", "rules [come first"),
            ("rules (come) first", "rules (come) first"),
        ] {
            assert_eq!(taken_apart(written), expected, "{written}");
        }
    }

    #[test]
    fn a_quotation_is_brought_to_the_form_that_texts_have() {
        let quotation =
            Quotation::read("  digital\u{A0}sov\u{AD}ereignty\n is e\u{301}t  \n\n two ");
        assert_eq!(quotation.text, "digital sovereignty is ét\n\ntwo");
        assert_eq!(quotation.length(), 5);
        assert_eq!(Quotation::read("„…“").length(), 0);
    }
}
