//! Stems: the common form of a word's inflections, by language (Snowball).

use frostem::Stemmer;
use rustc_hash::FxHashMap;

use super::fold;
use crate::Language;

/// Stems of words, remembered: the words of a corpus are few and come again and again.
#[derive(Default)]
pub(crate) struct Stems {
    languages: FxHashMap<Language, Option<Stemmer>>,
    known: FxHashMap<Language, FxHashMap<Box<str>, Box<str>>>,
    lower: String,
    folded: String,
}

/// How many stems are remembered for a language before starting afresh.
const REMEMBERED: usize = 200_000;

impl Stems {
    pub(crate) fn new() -> Stems {
        Stems::default()
    }

    /// The folded stem of `word`, whose exact form is `exact`. Snowball sees the accents, which it
    /// needs; the index does not, so that a word typed without them is found.
    pub(crate) fn stem<'a>(
        &'a mut self,
        language: Language,
        word: &str,
        exact: &'a str,
    ) -> &'a str {
        let stemmer = *self
            .languages
            .entry(language)
            .or_insert_with(|| Stemmer::try_from_name(language.code()).ok());
        let Some(stemmer) = stemmer else { return exact };
        let known = self.known.entry(language).or_default();
        self.lower.clear();
        fold::lower(word, &mut self.lower);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        // Two look-ups on a first sight only: the borrow checker cannot see that the early return
        // of a single one ends the borrow.
        if !known.contains_key(self.lower.as_str()) {
            self.folded.clear();
            fold::fold(&stemmer.stem(&self.lower), &mut self.folded);
            let length = self.folded.floor_char_boundary(super::MAX_TOKEN_BYTES);
            known.insert(self.lower.as_str().into(), self.folded[..length].into());
        }
        known.get(self.lower.as_str()).map_or(exact, |stem| stem)
    }
}
