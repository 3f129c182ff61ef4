//! Stems: the common form of a word's inflections, by language, and those of a compound's parts.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::frequent::is_frequent;
use super::lang::{self, Rules};
use super::{compound, fold, sketch, stream};
use crate::Language;

/// What is known of words, remembered: the words of a corpus are few and come again and again.
#[derive(Default)]
pub(crate) struct Stems {
    languages: FxHashMap<Language, Known>,
}

/// What is remembered of a language.
pub(crate) struct Known {
    language: Language,
    rules: Option<&'static Rules>,
    /// The places of words in `words`, by the words as they stand.
    places: FxHashMap<Box<str>, u32>,
    words: Vec<Word>,
    /// The places of the words that came last, by a part of their hashes: frequent words are found
    /// here, in memory that stays near.
    last: Vec<u32>,
}

/// A word as it is found by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    written: Box<str>,
    /// Its exact form; empty where nothing of the word is left.
    pub(crate) exact: Box<str>,
    /// The term that it is indexed by; see [`stream::form_term`].
    pub(crate) term: Box<str>,
    /// Whether it is so frequent that pairs of such words are terms of their own.
    pub(crate) frequent: bool,
    /// The hash of the exact form that sketches are made of.
    pub(crate) hash: u64,
    /// Its folded stem; the exact form where the language has no stemmer.
    pub(crate) stem: Box<str>,
    /// The stems of the parts that it is found by as well, if it is a compound; none is that of the
    /// whole, and each is there once.
    pub(crate) parts: Box<[Box<str>]>,
    /// Those of the two words that it falls into at each of its seams.
    pub(crate) halves: Box<[[Box<str>; 2]]>,
}

/// How many words are remembered for a language before starting afresh.
const REMEMBERED: usize = 100_000;

/// How many of them are found at once; a power of two.
const LAST: usize = 1 << 13;

/// From so many words on.
const MANY: usize = 256;

impl Stems {
    pub(crate) fn new() -> Stems {
        Stems::default()
    }

    /// How many words are remembered, of all languages.
    pub(crate) fn count(&self) -> usize {
        self.languages.values().map(|known| known.words.len()).sum()
    }

    /// What is known of the words of a language.
    pub(crate) fn language(&mut self, language: Language) -> &mut Known {
        self.languages.entry(language).or_insert_with(|| Known {
            language,
            rules: lang::rules(language),
            places: FxHashMap::default(),
            words: Vec::new(),
            last: Vec::new(),
        })
    }

    /// What is known of a word of a language; see [`Known::word`].
    pub(crate) fn word(&mut self, language: Language, word: &str) -> &Word {
        self.language(language).word(word)
    }
}

impl Known {
    /// What a word, as it stands in a text, is found by. Stemmers see the accents, which they need;
    /// the index does not, so that a word typed without them is found.
    pub(crate) fn word(&mut self, word: &str) -> &Word {
        let slot = FxBuildHasher.hash_one(word) as usize & (LAST - 1);
        let place = self.last.get(slot).map_or(usize::MAX, |&place| place as usize);
        if self.words.get(place).is_some_and(|known| *known.written == *word) {
            return &self.words[place];
        }
        let place = match self.places.get(word) {
            Some(&place) => place as usize,
            None => {
                if self.words.len() >= REMEMBERED {
                    self.places.clear();
                    self.words.clear();
                }
                let place = self.words.len();
                self.places.insert(word.into(), place as u32);
                self.words.push(analysed(self.language, self.rules, word));
                place
            }
        };
        // A query has so few words that the memory would cost more than it saves.
        if self.last.is_empty() && self.words.len() > MANY {
            self.last.resize(LAST, 0);
        }
        if let Some(last) = self.last.get_mut(slot) {
            *last = place as u32;
        }
        &self.words[place]
    }
}

/// The stem of an exact form by itself, in its language: what words without accents have anyway.
pub(crate) fn stem_of_form(language: Language, exact: &str) -> String {
    let mut folded = String::new();
    match lang::rules(language) {
        Some(rules) => fold_stem(rules, exact, &mut folded),
        None => folded.push_str(exact),
    }
    folded
}

fn fold_stem(rules: &Rules, lower: &str, out: &mut String) {
    fold::fold(&rules.stemming.stem(lower), out);
    super::bound(out);
}

fn analysed(language: Language, rules: Option<&Rules>, word: &str) -> Word {
    let mut exact = String::new();
    fold::fold(word, &mut exact);
    super::bound(&mut exact);
    let hash = sketch::hash(&exact);
    let frequent = is_frequent(&exact);
    let mut term = String::new();
    let Some(rules) = rules else {
        stream::form_term(&exact, language, None, &mut term);
        let exact: Box<str> = exact.into();
        let (written, term) = (word.into(), term.into());
        let stem = exact.clone();
        return Word { written, term, frequent, hash, stem, exact, ..Word::default() };
    };
    let mut lower = String::new();
    fold::lower(word, &mut lower);
    let Stemmed { stem, parts, halves } = stemmed(rules, &lower);
    // A word without accents and capitals is its own form.
    let is_own = lower != exact && *stem_of_form(language, &exact) != *stem;
    let own = is_own.then_some(&*stem);
    stream::form_term(&exact, language, own, &mut term);
    let (written, exact, term) = (word.into(), exact.into(), term.into());
    Word { written, exact, term, frequent, hash, stem, parts, halves }
}

/// The stems of a word in lower case.
struct Stemmed {
    stem: Box<str>,
    parts: Box<[Box<str>]>,
    halves: Box<[[Box<str>; 2]]>,
}

fn stemmed(rules: &Rules, lower: &str) -> Stemmed {
    let stem = |word: &str| -> Box<str> {
        let mut folded = String::new();
        fold_stem(rules, word, &mut folded);
        folded.into()
    };
    let whole = stem(lower);
    let (mut parts, mut halves): (Vec<Box<str>>, Vec<[Box<str>; 2]>) = Default::default();
    if let Some(compounds) = rules.compounds {
        let written = lower.replace('ß', "ss");
        let words = compounds.words(&written);
        for range in compound::parts(&words) {
            let part = stem(&written[range]);
            if part != whole && !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        for (first, second) in compound::halves(&words) {
            halves.push([stem(&written[first]), stem(&written[second])]);
        }
    }
    Stemmed { stem: whole, parts: parts.into(), halves: halves.into() }
}
