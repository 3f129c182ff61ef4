//! Stems: the common form of a word's inflections, by language, and those of a compound's parts.

use rustc_hash::FxHashMap;

use super::fold;
use super::lang::{self, Rules};
use crate::Language;

/// Stems of words, remembered: the words of a corpus are few and come again and again.
#[derive(Default)]
pub(crate) struct Stems {
    languages: FxHashMap<Language, Known>,
    lower: String,
    folded: String,
}

/// What is remembered of a language.
struct Known {
    rules: Option<&'static Rules>,
    words: FxHashMap<Box<str>, Stemmed>,
}

/// A word as it is found by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stemmed {
    /// Its folded stem.
    pub(crate) stem: Box<str>,
    /// Those of the parts that it is found by as well, if it is a compound; none is that of the
    /// whole, and each is there once.
    pub(crate) parts: Box<[Box<str>]>,
    /// Those of the two words that it falls into at each of its seams.
    pub(crate) halves: Box<[[Box<str>; 2]]>,
}

/// How many words are remembered for a language before starting afresh.
const REMEMBERED: usize = 200_000;

impl Stems {
    pub(crate) fn new() -> Stems {
        Stems::default()
    }

    /// The folded stem of `word`, whose exact form is `exact`, and of its parts; the exact form
    /// where the language has no stemmer. Stemmers see the accents, which they need; the index does
    /// not, so that a word typed without them is found.
    pub(crate) fn stem<'a>(
        &'a mut self,
        language: Language,
        word: &str,
        exact: &'a str,
    ) -> (&'a str, &'a [Box<str>]) {
        let Known { rules, words } = self
            .languages
            .entry(language)
            .or_insert_with(|| Known { rules: lang::rules(language), words: FxHashMap::default() });
        let Some(rules) = rules else { return (exact, &[]) };
        self.lower.clear();
        fold::lower(word, &mut self.lower);
        if words.len() >= REMEMBERED {
            words.clear();
        }
        // Two look-ups on a first sight only: the borrow checker cannot see that the early return
        // of a single one ends the borrow.
        if !words.contains_key(self.lower.as_str()) {
            let stemmed = stemmed(rules, &self.lower, &mut self.folded);
            words.insert(self.lower.as_str().into(), stemmed);
        }
        words
            .get(self.lower.as_str())
            .map_or((exact, &[]), |stemmed| (&*stemmed.stem, &*stemmed.parts))
    }

    /// The folded stems of the two words that `word` falls into at each of its seams, if it is a
    /// compound.
    pub(crate) fn halves(&mut self, language: Language, word: &str) -> &[[Box<str>; 2]] {
        self.stem(language, word, "");
        // Without rules nothing is known, whatever `lower` holds.
        let known = self.languages.get(&language);
        let stemmed = known.and_then(|known| known.words.get(self.lower.as_str()));
        stemmed.map_or(&[], |stemmed| &stemmed.halves)
    }
}

fn stemmed(rules: &Rules, lower: &str, folded: &mut String) -> Stemmed {
    let mut stem = |word: &str| -> Box<str> {
        folded.clear();
        fold::fold(&rules.stemming.stem(word), folded);
        folded[..folded.floor_char_boundary(super::MAX_TOKEN_BYTES)].into()
    };
    let whole = stem(lower);
    let (mut parts, mut halves): (Vec<Box<str>>, Vec<[Box<str>; 2]>) = Default::default();
    if let Some(compounds) = rules.compounds {
        let written = lower.replace('ß', "ss");
        for range in compounds.parts(&written) {
            let part = stem(&written[range]);
            if part != whole && !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        for (first, second) in compounds.halves(&written) {
            halves.push([stem(&written[first]), stem(&written[second])]);
        }
    }
    Stemmed { stem: whole, parts: parts.into(), halves: halves.into() }
}
