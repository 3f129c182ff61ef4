//! What is peculiar to a language: its stemmer, its elided words, how its compounds are parted.
//!
//! A language with rules of its own has a file here and a line in [`RULES`]; one that only has a
//! stemmer has the line alone. Where words begin and end is the same for all languages, since a
//! query does not say which one it is in.

mod ca;
mod de;
mod fr;
mod it;
mod ko;
mod nl;

use frostem::{Algorithm, Stemmer};

use super::compound::Compounds;
use crate::Language;

/// The rules of a language.
pub(super) struct Rules {
    /// Its ISO 639 code.
    code: &'static str,
    /// What finds the stem of a word.
    pub(super) stemming: Stemming,
    /// Articles, pronouns and the like that lose their vowel before another, without the
    /// apostrophe and in lower case.
    elided: &'static [&'static str],
    /// How words are written together.
    pub(super) compounds: Option<&'static Compounds>,
}

/// What finds the stem of a word.
#[derive(Clone, Copy)]
pub(super) enum Stemming {
    /// A stemmer of Snowball.
    Snowball(Algorithm),
    /// A rule of ours, from a word in lower case to its stem.
    Own(fn(&str) -> &str),
}

impl Stemming {
    /// The stem of a word in lower case.
    pub(super) fn stem(self, word: &str) -> std::borrow::Cow<'_, str> {
        match self {
            Stemming::Snowball(algorithm) => Stemmer::new(algorithm).stem(word),
            Stemming::Own(rule) => rule(word).into(),
        }
    }
}

impl Rules {
    /// A language of which only the stemmer is known.
    const fn stemmed(code: &'static str, algorithm: Algorithm) -> Rules {
        Rules { code, stemming: Stemming::Snowball(algorithm), elided: &[], compounds: None }
    }
}

/// The languages, those with rules of their own first.
static RULES: &[Rules] = &[
    ca::RULES,
    de::RULES,
    fr::RULES,
    it::RULES,
    ko::RULES,
    nl::RULES,
    Rules::stemmed("ar", Algorithm::Arabic),
    Rules::stemmed("cs", Algorithm::Czech),
    Rules::stemmed("da", Algorithm::Danish),
    Rules::stemmed("el", Algorithm::Greek),
    Rules::stemmed("en", Algorithm::English),
    Rules::stemmed("eo", Algorithm::Esperanto),
    Rules::stemmed("es", Algorithm::Spanish),
    Rules::stemmed("et", Algorithm::Estonian),
    Rules::stemmed("eu", Algorithm::Basque),
    Rules::stemmed("fa", Algorithm::Persian),
    Rules::stemmed("fi", Algorithm::Finnish),
    Rules::stemmed("ga", Algorithm::Irish),
    Rules::stemmed("hi", Algorithm::Hindi),
    Rules::stemmed("hu", Algorithm::Hungarian),
    Rules::stemmed("hy", Algorithm::Armenian),
    Rules::stemmed("id", Algorithm::Indonesian),
    Rules::stemmed("lt", Algorithm::Lithuanian),
    Rules::stemmed("ne", Algorithm::Nepali),
    Rules::stemmed("no", Algorithm::Norwegian),
    Rules::stemmed("pl", Algorithm::Polish),
    Rules::stemmed("pt", Algorithm::Portuguese),
    Rules::stemmed("ro", Algorithm::Romanian),
    Rules::stemmed("ru", Algorithm::Russian),
    Rules::stemmed("sr", Algorithm::Serbian),
    Rules::stemmed("sv", Algorithm::Swedish),
    Rules::stemmed("ta", Algorithm::Tamil),
    Rules::stemmed("tr", Algorithm::Turkish),
    Rules::stemmed("uk", Algorithm::Ukrainian),
    Rules::stemmed("yi", Algorithm::Yiddish),
];

/// The rules of a language, if it has any.
pub(super) fn rules(language: Language) -> Option<&'static Rules> {
    RULES.iter().find(|rules| rules.code == language.code())
}

/// Whether `word`, which stands before an apostrophe, has lost its vowel in any language.
pub(super) fn is_elided(word: &str) -> bool {
    RULES.iter().flat_map(|rules| rules.elided).any(|elided| word.eq_ignore_ascii_case(elided))
}
