//! Text to terms: the one door for articles, queries and passages.

mod compound;
mod fold;
pub(crate) mod frequent;
mod lang;
mod segment;
pub(crate) mod sentence;
pub(crate) mod sketch;
mod stem;
pub(crate) mod stream;

pub(crate) use segment::is_unspaced;
pub(crate) use stem::{Stems, stem_of_form};

use segment::{Segment, Spelling};

/// The version of these rules; an index remembers the one it was made by.
pub(crate) const ANALYZER_VERSION: u32 = 5;

/// The longest form of a token, in bytes. What is longer is cut, and ends with a hash of all of it.
pub(crate) const MAX_TOKEN_BYTES: usize = 255;

/// The bytes of a hash at the end of a form, as hexadecimal digits.
const HASH_BYTES: usize = 32;

/// A word of a text, as it is indexed and searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where the word starts in the text, in bytes.
    pub start: usize,
    /// Where it ends (exclusive).
    pub end: usize,
    /// Its exact form: case, accents and typography folded.
    pub exact: String,
    /// Its stem in the language asked for; the exact form where that language has no stemmer.
    pub stem: String,
    /// If it is a compound, the stems of the words that it is written together from and of rows of
    /// them (`Datenschutzverordnung`: `dat`, `schutz`, `verordn`, `datenschutz` …), which a word
    /// asked for without quotes finds it by; only of languages whose compounds are parted.
    pub parts: Vec<String>,
    /// The stems of the two words that it falls into at each of its seams, which a word asked for
    /// without quotes finds where they stand close to each other.
    pub halves: Vec<[String; 2]>,
    /// Whether it is an elided article or a possessive ending (`l'`, `'s`), which a word asked for
    /// without quotes does not insist on.
    pub clitic: bool,
    /// Whether it is one character of a script that is written without spaces between words (Han,
    /// hiragana, Thai …); what stands beside it may belong to the same word.
    pub unspaced: bool,
}

/// Splits `text` into tokens, with stems of `language`. Token number _n_ of a block has position
/// _n_ in that block, whatever the language.
///
/// ```
/// use polidex::{Language, tokens};
///
/// let forms: Vec<String> =
///     tokens("L’IA : AI-driven models", Language::ENGLISH).into_iter().map(|t| t.stem).collect();
/// assert_eq!(forms, ["l", "ia", "ai", "driven", "model"]);
/// ```
pub fn tokens(text: &str, language: crate::Language) -> Vec<Token> {
    let mut stems = Stems::new();
    let mut found = Vec::new();
    for_each_token(text, |token| {
        let word = stems.word(language, token.text);
        let halves = word.halves.iter().map(|halves| halves.clone().map(String::from)).collect();
        found.push(Token {
            start: token.start,
            end: token.end,
            exact: token.exact.to_owned(),
            stem: word.stem.to_string(),
            parts: word.parts.iter().map(|part| part.to_string()).collect(),
            halves,
            clitic: token.clitic,
            unspaced: token.unspaced,
        });
    });
    found
}

/// `text` folded as one value, spaces and all: how values of facets are compared.
pub(crate) fn fold_whole(text: &str) -> String {
    let mut folded = String::new();
    fold::fold(text.trim(), &mut folded);
    folded
}

/// Cuts a form that is longer than [`MAX_TOKEN_BYTES`]. Forms that are different stay so.
fn bound(form: &mut String) {
    if form.len() > MAX_TOKEN_BYTES {
        let hash = blake3::hash(form.as_bytes()).to_hex();
        form.truncate(form.floor_char_boundary(MAX_TOKEN_BYTES - HASH_BYTES));
        form.extend(hash.chars().take(HASH_BYTES));
    }
}

/// A token on its way past.
pub(crate) struct TokenRef<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The word as it stands, respelt where it is a number or an acronym.
    pub(crate) text: &'a str,
    pub(crate) exact: &'a str,
    pub(crate) clitic: bool,
    pub(crate) unspaced: bool,
}

/// A word of a text on its way past; not all words are tokens.
pub(crate) struct WordRef<'a> {
    pub(crate) range: std::ops::Range<usize>,
    /// The word as it stands, respelt where it is a number or an acronym.
    pub(crate) text: &'a str,
    clitic: bool,
}

/// Calls `visit` for each word of `text`, in order. A word of which folding leaves nothing is no
/// token.
pub(crate) fn for_each_word(text: &str, mut visit: impl FnMut(WordRef<'_>)) {
    let mut respelt = String::new();
    segment::segment(text, &mut |Segment { range, spelling, clitic }| {
        let mut word = &text[range.clone()];
        if spelling != Spelling::Plain {
            respelt.clear();
            segment::respell(word, spelling, &mut respelt);
            word = &respelt;
        }
        visit(WordRef { range, text: word, clitic });
    });
}

/// Which bytes are among these, to be looked up.
const fn among(bytes: &[u8]) -> [bool; 256] {
    let mut are = [false; 256];
    let mut number = 0;
    while number < bytes.len() {
        are[bytes[number] as usize] = true;
        number += 1;
    }
    are
}

/// Where the tokens of `text` stand, in order.
pub(crate) fn token_ranges(text: &str) -> Vec<std::ops::Range<usize>> {
    // Few texts have words that are shorter on average.
    let mut ranges = Vec::with_capacity(text.len() / 5);
    let mut exact = String::new();
    segment::segment(text, &mut |Segment { range, .. }| {
        let word = text.get(range.clone()).unwrap_or_default();
        // Folding leaves something of every word of ASCII.
        if !word.is_ascii() {
            exact.clear();
            fold::fold(word, &mut exact);
            if exact.is_empty() {
                return;
            }
        }
        ranges.push(range);
    });
    ranges
}

/// Calls `visit` for each token of `text`, in order.
pub(crate) fn for_each_token(text: &str, mut visit: impl FnMut(TokenRef<'_>)) {
    let mut bounded = String::new();
    for_each_whole_token(text, |token| {
        if token.exact.len() <= MAX_TOKEN_BYTES {
            return visit(token);
        }
        bounded.clear();
        bounded.push_str(token.exact);
        bound(&mut bounded);
        visit(TokenRef { exact: &bounded, ..token });
    });
}

/// Calls `visit` for each token of `text`, in order, whatever its length.
fn for_each_whole_token(text: &str, mut visit: impl FnMut(TokenRef<'_>)) {
    let mut exact = String::new();
    for_each_word(text, |WordRef { range, text, clitic }| {
        exact.clear();
        fold::fold(text, &mut exact);
        if !exact.is_empty() {
            visit(TokenRef {
                start: range.start,
                end: range.end,
                text,
                exact: &exact,
                clitic,
                unspaced: text.chars().next().is_some_and(segment::is_unspaced),
            });
        }
    });
}

/// The tokens of a pattern in exact form, with its `*` and `?`: it falls apart where a word would.
pub(crate) fn pattern_tokens(pattern: &str) -> Vec<String> {
    // Letters of Linear B, which nobody asks for, stand for the wildcards on the way.
    const STAND_INS: [(char, char); 2] = [('*', '\u{10000}'), ('?', '\u{10001}')];
    let exchanged = |text: &str, from: fn((char, char)) -> char, to: fn((char, char)) -> char| {
        let one = |c| STAND_INS.into_iter().find(|it| from(*it) == c).map_or(c, to);
        text.chars().map(one).collect::<String>()
    };
    let mut tokens = Vec::new();
    // A pattern that is cut would be another one.
    for_each_whole_token(&exchanged(pattern, |it| it.0, |it| it.1), |token| {
        tokens.push(exchanged(token.exact, |it| it.1, |it| it.0));
    });
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn exact(text: &str) -> Vec<String> {
        tokens(text, Language::UNKNOWN).into_iter().map(|token| token.exact).collect()
    }

    #[test]
    fn patterns_are_parted_as_words_are() {
        for (pattern, expected) in [
            ("sover*", &["sover*"][..]),
            ("Souver?in*", &["souver?in*"]),
            ("decision-mak*", &["decision", "mak*"]),
            ("l'Intelligen*", &["l", "intelligen*"]),
            ("2024/16*", &["2024", "16*"]),
            ("GPT-4*", &["gpt", "4*"]),
            ("self-regul*ion", &["self", "regul*ion"]),
            ("*-based", &["*", "based"]),
            ("数字*", &["数", "字", "*"]),
        ] {
            assert_eq!(pattern_tokens(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn words_are_parted_where_readers_part_them() {
        for (text, expected) in [
            ("l'intelligence d’un", &["l", "intelligence", "d", "un"][..]),
            ("Microsoft's AI-driven plan", &["microsoft", "s", "ai", "driven", "plan"]),
            ("C++ and C# but not C+", &["c++", "and", "c#", "but", "not", "c"]),
            ("§ 5(1)(a)", &["§", "5", "1", "a"]),
            ("§5", &["§", "5"]),
            ("Regulation (EU) 2024/1689", &["regulation", "eu", "2024", "1689"]),
            ("jane.doe@example.org", &["jane", "doe", "example", "org"]),
            ("https://example.org/a_b?c=1", &["https", "example", "org", "a", "b", "c", "1"]),
            ("人工智能", &["人", "工", "智", "能"]),
            ("“Digital—sovereignty”", &["digital", "sovereignty"]),
            ("AT&T", &["at", "t"]),
            ("10²⁵ FLOP", &["10", "25", "flop"]),
            ("10⁻⁶ m³", &["10", "6", "m", "3"]),
        ] {
            assert_eq!(exact(text), expected, "{text}");
        }
    }

    #[test]
    fn one_number_has_one_form() {
        for (a, b) in [
            ("1,000", "1.000"),
            ("1'000'000", "1,000,000"),
            ("3.5", "3,5"),
            ("U.S.", "US"),
            ("1,234.5", "1.234,5"),
        ] {
            assert_eq!(exact(a), exact(b), "{a} and {b}");
            assert_eq!(exact(a).len(), 1);
        }
        assert_ne!(exact("3.5"), exact("35"));
        assert_eq!(exact("01.08.2024"), ["01", "08", "2024"]);
    }

    #[test]
    fn an_abbreviation_is_one_word_with_spaces_and_without() {
        for (spaced, expected) in [
            ("das ist z. B. in Berlin", &["das", "ist", "zb", "in", "berlin"][..]),
            ("(i. d. R. nicht)", &["idr", "nicht"]),
            ("„Z. B. so“", &["zb", "so"]),
            ("the U. S. Senate", &["the", "us", "senate"]),
            ("o. ä.", &["oa"]),
        ] {
            assert_eq!(exact(spaced), expected);
        }
        let text = "wie z. B. „d. h.“";
        let found = tokens(text, Language::GERMAN);
        let words: Vec<&str> = found.iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(words, ["wie", "z. B.", "d. h."]);
        // Initials of names stay apart.
        assert_eq!(exact("J. D. Vance"), ["j", "d", "vance"]);
        assert_eq!(exact("Plan B. A new one"), ["plan", "b", "a", "new", "one"]);
    }

    #[test]
    fn long_words_that_begin_alike_are_different_terms() {
        let long = |end: &str| format!("{}{end}", "é".repeat(300));
        let forms = |text: &str| {
            let token = tokens(text, Language::ENGLISH).remove(0);
            assert!(token.exact.len() <= MAX_TOKEN_BYTES && token.stem.len() <= MAX_TOKEN_BYTES);
            (token.exact, token.stem)
        };
        let (one, other) = (forms(&long("one")), forms(&long("other")));
        assert!(one.0 != other.0 && one.1 != other.1);
        assert_eq!(one, forms(&long("one")));
        // What is cut only begins like the word that it was cut from.
        let kept = MAX_TOKEN_BYTES - HASH_BYTES;
        assert_eq!(one.0[..kept], "e".repeat(kept));
        assert_eq!(forms(&"a".repeat(255)).0, "a".repeat(255));
        assert_ne!(forms(&"a".repeat(256)).0, forms(&"a".repeat(257)).0);
        let pattern = format!("{}*", "a".repeat(300));
        assert_eq!(pattern_tokens(&pattern), [pattern]);
    }

    #[test]
    fn byte_ranges_are_of_the_text_itself() {
        let text = "Der U.S.-Plan: „KI“";
        let words: Vec<&str> =
            tokens(text, Language::GERMAN).iter().map(|t| &text[t.start..t.end]).collect();
        assert_eq!(words, ["Der", "U.S.", "Plan", "KI"]);
    }

    #[test]
    fn stems_join_inflected_forms_and_keep_others_apart() {
        let stem = |word: &str, language| tokens(word, language).remove(0).stem;
        assert_eq!(stem("models", Language::ENGLISH), stem("Model", Language::ENGLISH));
        assert_eq!(stem("souverainetés", Language::FRENCH), stem("Souverainete", Language::FRENCH));
        assert_eq!(stem("Häuser", Language::GERMAN), stem("Haus", Language::GERMAN));
        assert_ne!(stem("policy", Language::ENGLISH), stem("police", Language::ENGLISH));
        assert_eq!(stem("models", Language::UNKNOWN), "models");
    }
}
