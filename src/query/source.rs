//! The text of a query as characters, with escapes resolved and places kept.

use std::ops::Range;

use super::{Note, limits};
use crate::error::QueryError;
use crate::language::spaced_abbreviation;

/// A character of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Char {
    /// The character itself.
    pub(super) c: char,
    /// The byte at which it, or the backslash before it, starts.
    at: usize,
    /// Whether a backslash stood before it, so that it is no syntax.
    pub(super) plain: bool,
}

impl Char {
    /// Whether this is `c` as syntax.
    pub(super) fn is(self, c: char) -> bool {
        self.c == c && !self.plain
    }

    /// Whether this parts words. Control characters do: they come from pasted text only.
    pub(super) fn is_space(self) -> bool {
        !self.plain
            && (self.c.is_whitespace()
                || self.c.is_control()
                || matches!(self.c, '\u{200b}' | '\u{2060}' | '\u{feff}'))
    }

    /// Whether this can be part of a term of the index.
    pub(super) fn is_word(self) -> bool {
        self.c.is_alphanumeric() || self.c == '§'
    }
}

/// The text of a query as characters.
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) chars: Vec<Char>,
}

impl<'t> Source<'t> {
    /// Reads the characters of a text, but for the spaces in `z. B.`, which is one word of the
    /// index.
    pub(super) fn new(text: &'t str) -> Source<'t> {
        let mut chars = Vec::with_capacity(text.len());
        let mut rest = text.char_indices().peekable();
        let mut before = ' ';
        // Where the last abbreviation ends that has spaces in it.
        let mut abbreviation = 0;
        while let Some((at, c)) = rest.next() {
            if !before.is_alphanumeric()
                && at >= abbreviation
                && rest.peek().is_some_and(|(_, next)| *next == '.')
                && let Some(length) = text.get(at..).and_then(spaced_abbreviation)
            {
                abbreviation = at + length;
            }
            if at < abbreviation && c.is_whitespace() {
                continue;
            }
            // Between letters a backslash is one: C:\path\file.
            let escaped = rest.next_if(|(_, next)| {
                c == '\\' && !(before.is_alphanumeric() && next.is_alphanumeric())
            });
            chars.push(match escaped {
                Some((_, c)) => Char { c, at, plain: true },
                None => Char { c, at, plain: false },
            });
            before = escaped.map_or(c, |(_, c)| c);
        }
        Source { text, chars }
    }

    /// The number of characters, escapes counted as one.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn get(&self, i: usize) -> Option<Char> {
        self.chars.get(i).copied()
    }

    /// Whether `c` stands at `i` as syntax.
    pub(super) fn is(&self, i: usize, c: char) -> bool {
        self.get(i).is_some_and(|it| it.is(c))
    }

    pub(super) fn is_space(&self, i: usize) -> bool {
        self.get(i).is_some_and(Char::is_space)
    }

    /// Whether a letter, a digit or `§` stands at `i`, escaped or not.
    pub(super) fn is_word(&self, i: usize) -> bool {
        self.get(i).is_some_and(Char::is_word)
    }

    /// Whether an ASCII digit stands at `i`, not escaped.
    pub(super) fn is_digit(&self, i: usize) -> bool {
        self.get(i).is_some_and(|it| it.c.is_ascii_digit() && !it.plain)
    }

    /// The first place from `i` on that is no space.
    pub(super) fn skip_spaces(&self, mut i: usize) -> usize {
        while self.is_space(i) {
            i += 1;
        }
        i
    }

    /// The characters from `from` to `to` (exclusive).
    pub(super) fn slice(&self, from: usize, to: usize) -> &[Char] {
        self.chars.get(from..to).unwrap_or_default()
    }

    /// The bytes of the characters from `from` to `to` (exclusive).
    pub(super) fn span(&self, from: usize, to: usize) -> Range<usize> {
        let byte = |i| self.get(i).map_or(self.text.len(), |it: Char| it.at);
        byte(from)..byte(to)
    }

    /// The text as it stands from `from` to `to` (exclusive).
    pub(super) fn raw(&self, from: usize, to: usize) -> &'t str {
        self.text.get(self.span(from, to)).unwrap_or_default()
    }

    /// The whole text with the bytes of `span` replaced.
    pub(super) fn splice(&self, span: &Range<usize>, replacement: &str) -> String {
        let head = self.text.get(..span.start).unwrap_or_default();
        let tail = self.text.get(span.end..).unwrap_or_default();
        format!("{head}{replacement}{tail}")
    }

    /// The whole text without the bytes of `span` and the gap that it leaves.
    pub(super) fn without(&self, span: &Range<usize>) -> String {
        let head = self.text.get(..span.start).unwrap_or_default();
        let tail = self.text.get(span.end..).unwrap_or_default();
        if head.is_empty() || head.ends_with(char::is_whitespace) {
            format!("{head}{}", tail.trim_start()).trim_end().to_owned()
        } else {
            format!("{head}{tail}")
        }
    }
}

/// What is wrong with a query, before it is known which of its hints are good.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) span: Range<usize>,
    /// Queries to write instead, best first; the first that parses becomes the hint.
    pub(super) hints: Vec<String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), span, hints: Vec::new() }
    }

    /// With a further query to write instead.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hints.push(hint.into());
        self
    }

    /// The error, with the first hint that `parses`.
    pub(super) fn into_error(self, parses: impl Fn(&str) -> bool) -> QueryError {
        let hint = self.hints.into_iter().find(|hint| parses(hint));
        QueryError { code: self.code, message: self.message, span: self.span, hint }
    }
}

/// The notes taken while reading; of notes that say the same only the first is kept.
#[derive(Default)]
pub(super) struct Notes {
    list: Vec<Note>,
    said: rustc_hash::FxHashSet<(&'static str, String)>,
}

impl Notes {
    pub(super) fn add(&mut self, code: &'static str, span: Range<usize>, message: String) {
        if self.said.insert((code, message.clone())) {
            self.list.push(Note { code, message, span: Some(span) });
        }
    }

    /// Something was read as something that is written otherwise.
    pub(super) fn read_as(&mut self, span: Range<usize>, message: String) {
        self.add("read_as", span, message);
    }

    /// Something looks like syntax and was read as words.
    pub(super) fn read_as_words(&mut self, span: Range<usize>, message: String) {
        self.add("read_as_words", span, message);
    }

    /// Something holds nothing that could be found, and was left out.
    pub(super) fn ignored(&mut self, span: Range<usize>, raw: &str) {
        let message = format!("{} holds no letter and no digit and is left out", quoted(raw));
        self.add("ignored", span, message);
    }

    /// The notes in the order of the text.
    pub(super) fn into_vec(mut self) -> Vec<Note> {
        self.list.sort_by_key(|note| note.span.as_ref().map(|span| span.start));
        self.list
    }
}

/// `text` in quotation marks, shortened, for messages.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", text.get(..end).unwrap_or_default()),
        None => format!("“{text}”"),
    }
}

/// The error for a text over [`limits::MAX_BYTES`].
pub(super) fn too_long(text: &str) -> Fault {
    let mut start = limits::MAX_BYTES.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let message = format!(
        "the query has {} bytes, more than the {} that it may have",
        text.len(),
        limits::MAX_BYTES
    );
    Fault::new("too_long", start..text.len(), message)
}
