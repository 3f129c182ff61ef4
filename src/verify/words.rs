//! Words: a text as a row of words that can be compared and found again in it.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::analysis::for_each_token;

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it starts in the text, in bytes.
    pub(super) start: usize,
    /// Where it ends (exclusive).
    pub(super) end: usize,
    /// Stands for the exact form: words of one form have the same.
    pub(super) form: u64,
}

/// The words of `text`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    add_words(text, 0, &mut words);
    words
}

/// Appends the words of a text that starts `offset` bytes on.
pub(super) fn add_words(text: &str, offset: usize, words: &mut Vec<Word>) {
    for_each_token(text, |token| {
        let mut hasher = DefaultHasher::new();
        token.exact.hash(&mut hasher);
        let (start, end) = (offset + token.start, offset + token.end);
        words.push(Word { start, end, form: hasher.finish() });
    });
}

/// The exact form of a word as it stands in a text.
pub(super) fn exact_form(word: &str) -> String {
    let mut form = String::new();
    for_each_token(word, |token| {
        if form.is_empty() {
            form.push_str(token.exact);
        }
    });
    form
}
