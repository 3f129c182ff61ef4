//! Segmenting: where the words of a text are.
//!
//! Unicode word segmentation (UAX #29), with these rules on top, the same for articles, queries
//! and passages, so that whatever stands in an article can be asked for as it stands there:
//!
//! - apostrophes, dots, colons and underscores inside a word part it (`l'intelligence`,
//!   `example.org`, `user_name`), hyphens and slashes do so anyway (`AI-driven`, `2024/1689`);
//! - letters with dots between them are one word without the dots (`U.S.`, `e.g.`), also with
//!   spaces between them if the abbreviation is a known one (`z. B.`);
//! - a number keeps its decimal point, loses its thousands separators (`1,000`, `1.000`), and is
//!   parted where it is neither (`01.08.2024`);
//! - `C++`, `C#` and `§` are words, and so are raised digits in a row (`10²⁵` is `10` and `25`);
//! - scripts without spaces between words (Han, kana, Thai) give a word a character.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::lang;
use crate::language::spaced_abbreviation;

/// A word of a text: its bytes, and what about its spelling the plain folding cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) range: Range<usize>,
    pub(crate) spelling: Spelling,
    /// Whether the word is an elided article or a possessive ending beside an apostrophe.
    pub(crate) clitic: bool,
}

/// How the form of a word follows from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// The letters as they stand.
    Plain,
    /// Without the dots and commas in it.
    Joined,
    /// A number with a decimal point or comma; both are written as a point.
    Decimal,
}

/// Calls `emit` for each word of `text`, in order.
pub(crate) fn segment(text: &str, emit: &mut impl FnMut(Segment)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let start = at;
        let simple = simple_word(bytes, start);
        if simple.is_none_or(|end| end == start + 1)
            && let Some(range) = abbreviation(text, start)
        {
            at = range.end;
            emit(Segment { range, spelling: Spelling::Joined, clitic: false });
            continue;
        }
        if let Some(end) = simple {
            emit(Segment { range: start..end, spelling: Spelling::Plain, clitic: false });
            at = end;
            if bytes.get(at).is_some_and(u8::is_ascii_punctuation) {
                at += 1;
            }
            continue;
        }
        let mut ascii = true;
        while at < bytes.len() && !bytes[at].is_ascii_whitespace() {
            ascii &= bytes[at].is_ascii();
            at += 1;
        }
        let chunk = &text[start..at];
        if ascii {
            ascii_chunk(chunk, start, emit);
        } else {
            unicode_chunk(chunk, start, emit);
        }
    }
}

/// The abbreviation with spaces in it that starts at `start`, or behind marks that open there.
fn abbreviation(text: &str, start: usize) -> Option<Range<usize>> {
    const OPENING: &[char] = &['(', '[', '"', '\'', '“', '„', '‘', '‚', '«', '»'];
    let bytes = text.as_bytes();
    let mut at = start;
    if !bytes.get(at)?.is_ascii_alphanumeric() {
        let chunk = text.get(start..)?;
        at += chunk.len() - chunk.trim_start_matches(OPENING).len();
    }
    // Hardly a word is one letter with a dot behind it.
    if bytes.get(at + 1) != Some(&b'.') || !bytes.get(at)?.is_ascii_alphabetic() {
        return None;
    }
    spaced_abbreviation(text.get(at..)?).map(|length| at..at + length)
}

/// Which bytes are letters and digits of ASCII: one look where three comparisons would be.
static IS_ALPHANUMERIC: [bool; 256] =
    super::among(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

/// Where a word ends that is nothing but ASCII letters and digits, with at most one mark of
/// punctuation between it and the next space: most words are, and need no closer look.
fn simple_word(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = bytes.get(start..)?;
    let is_inside = |byte: &u8| IS_ALPHANUMERIC[usize::from(*byte)];
    let length = rest.iter().position(|byte| !is_inside(byte)).unwrap_or(rest.len());
    let behind = match rest.get(length) {
        Some(b'.' | b',' | b';' | b':' | b'!' | b'?' | b')') => rest.get(length + 1),
        behind => behind,
    };
    (length > 0 && behind.is_none_or(u8::is_ascii_whitespace)).then_some(start + length)
}

/// A run of ASCII without spaces.
fn ascii_chunk(chunk: &str, offset: usize, emit: &mut impl FnMut(Segment)) {
    let bytes = chunk.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_inner(bytes, at) {
            at += 1;
        }
        word(&chunk[start..at], offset + start, &chunk[at..], emit);
    }
}

/// Whether byte `at` belongs to the word before it: a letter or digit, or a dot, comma or
/// apostrophe with a letter or digit on both sides.
fn is_inner(bytes: &[u8], at: usize) -> bool {
    bytes[at].is_ascii_alphanumeric()
        || matches!(bytes[at], b'.' | b',' | b'\'')
            && at > 0
            && bytes[at - 1].is_ascii_alphanumeric()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
}

/// A run without ASCII spaces that holds other than ASCII.
fn unicode_chunk(chunk: &str, offset: usize, emit: &mut impl FnMut(Segment)) {
    let mut pieces = chunk.split_word_bound_indices().peekable();
    while let Some((start, piece)) = pieces.next() {
        let raised = is_raised(piece);
        if piece == "§" || raised {
            let mut range = offset + start..offset + start + piece.len();
            while let Some((_, next)) = pieces.next_if(|(_, next)| raised && is_raised(next)) {
                range.end += next.len();
            }
            emit(Segment { range, spelling: Spelling::Plain, clitic: false });
        } else if piece.contains(char::is_alphanumeric) {
            word(piece, offset + start, &chunk[start + piece.len()..], emit);
        }
    }
}

/// One word of UAX #29 at `offset`, with what follows it up to the next space.
fn word(word: &str, offset: usize, rest: &str, emit: &mut impl FnMut(Segment)) {
    let whole =
        |len: usize, spelling| Segment { range: offset..offset + len, spelling, clitic: false };
    if !word.contains(is_joint) {
        // C++, C#, F#: a single letter, then the signs, then the end of the word.
        let signs = if word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic() {
            ["++", "#"].into_iter().find(|signs| {
                rest.strip_prefix(signs)
                    .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
            })
        } else {
            None
        };
        return emit(whole(word.len() + signs.map_or(0, str::len), Spelling::Plain));
    }
    if let Some(spelling) = joined(word) {
        // The last dot of U.S. stands behind the word.
        let dot = spelling == Spelling::Joined
            && word.contains('.')
            && !word.contains(|c: char| c.is_ascii_digit())
            && rest.starts_with('.');
        return emit(whole(word.len() + usize::from(dot), spelling));
    }
    let mut start = 0;
    for (at, joint) in word.char_indices().filter(|(_, c)| is_joint(*c)).chain([(word.len(), ' ')])
    {
        if at > start {
            let before = &word[start..at];
            let clitic = (is_apostrophe(joint) && lang::is_elided(before))
                || (word[..start].ends_with(is_apostrophe) && before.eq_ignore_ascii_case("s"));
            // Between two joints a run may still be a number or an acronym: 3.5's, U.S.'s.
            emit(Segment { range: offset + start..offset + at, spelling: Spelling::Plain, clitic });
        }
        start = at + joint.len_utf8();
    }
}

/// Whether a word of UAX #29, of which each raised digit is one, is one.
fn is_raised(piece: &str) -> bool {
    matches!(piece, "⁰" | "¹" | "²" | "³" | "⁴" | "⁵" | "⁶" | "⁷" | "⁸" | "⁹")
}

fn is_joint(c: char) -> bool {
    is_apostrophe(c)
        || matches!(
            c,
            '.' | ','
                | '_'
                | ':'
                | ';'
                | '\u{00B7}'
                | '\u{2024}'
                | '\u{2027}'
                | '\u{203F}'
                | '\u{2040}'
        )
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '\u{FF07}')
}

/// Whether a word with joints in it is an acronym or a number, and so is not parted.
fn joined(word: &str) -> Option<Spelling> {
    if word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '\u{2019}')) {
        let mut groups = word.split(|c: char| !c.is_ascii_digit());
        let separators = word.chars().filter(|c| !c.is_ascii_digit()).count();
        let first = groups.next().unwrap_or_default();
        let mut thousands = word.to_owned();
        // A decimal part may follow groups of thousands that use the other separator: 1,234.5.
        if separators > 1
            && let Some(last) = word.rfind(['.', ','])
            && !word[..last].contains(word[last..].chars().next().unwrap_or(' '))
            && word[last + 1..].len() != 3
        {
            thousands.truncate(last);
        }
        let regular = (1..=3).contains(&first.len())
            && thousands.split(|c: char| !c.is_ascii_digit()).skip(1).all(|group| group.len() == 3);
        return match (regular, thousands.len() == word.len()) {
            (true, true) => Some(Spelling::Joined),
            (true, false) => Some(Spelling::Decimal),
            (false, _) if separators == 1 && word.contains(['.', ',']) => Some(Spelling::Decimal),
            _ => None,
        };
    }
    let mut letters = word.split('.');
    letters
        .all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
        })
        .then_some(Spelling::Joined)
}

/// Whether a letter is of a script without spaces between words, of which a word here is one
/// character: Han, hiragana, Thai, Lao, Burmese, Khmer. Katakana and hangul make words.
pub(crate) fn is_unspaced(c: char) -> bool {
    let in_script = matches!(c, '\u{0E00}'..='\u{0EFF}'
        | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{309F}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}');
    in_script && c.is_alphabetic()
}

/// Appends the text of a [`Spelling::Joined`] or [`Spelling::Decimal`] segment as it is to be
/// folded.
pub(crate) fn respell(text: &str, spelling: Spelling, out: &mut String) {
    match spelling {
        Spelling::Plain => out.push_str(text),
        Spelling::Joined => out.extend(text.chars().filter(|c| c.is_alphanumeric())),
        Spelling::Decimal => {
            let point = text.rfind(['.', ',']).unwrap_or(text.len());
            out.extend(text[..point].chars().filter(|c| c.is_alphanumeric()));
            out.push('.');
            out.extend(text[point..].chars().filter(|c| c.is_alphanumeric()));
        }
    }
}
