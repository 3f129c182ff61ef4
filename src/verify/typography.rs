//! Typography: the ways in which the same words and marks may be set, and whether two texts differ
//! in nothing else.

use std::collections::BTreeSet;

/// A way in which two texts of the same words may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Typography {
    /// Capitals and small letters.
    Case,
    /// The form of quotation marks and apostrophes.
    Quotes,
    /// The form of dashes and hyphens.
    Dashes,
    /// White space beside punctuation, and the end of a paragraph where the other has a space.
    Spaces,
    /// A hyphen in a word, or in place of a space between two.
    Hyphenation,
    /// Letters written together: `ﬁ`.
    Ligatures,
    /// Three dots or the one character for them.
    Ellipses,
}

impl Typography {
    /// The name as in JSON: `case`, `quotes`, `dashes`, `spaces`, `hyphenation`, `ligatures`,
    /// `ellipses`.
    pub fn name(self) -> &'static str {
        match self {
            Typography::Case => "case",
            Typography::Quotes => "quotes",
            Typography::Dashes => "dashes",
            Typography::Spaces => "spaces",
            Typography::Hyphenation => "hyphenation",
            Typography::Ligatures => "ligatures",
            Typography::Ellipses => "ellipses",
        }
    }
}

/// In what ways `a` and `b` are set differently; none if they differ in more than typography.
pub(super) fn difference(a: &str, b: &str) -> Option<BTreeSet<Typography>> {
    let mut found = BTreeSet::new();
    if a == b {
        return Some(found);
    }
    let (a, b) = (units(a, &mut found), units(b, &mut found));
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (next_i, next_j, way) = step(&a, i, &b, j).or_else(|| {
            let (next_j, next_i, way) = step(&b, j, &a, i)?;
            Some((next_i, next_j, way))
        })?;
        (i, j) = (next_i, next_j);
        found.extend(way);
    }
    Some(found)
}

/// The characters of a text, ligatures and ellipses written out.
fn units(text: &str, found: &mut BTreeSet<Typography>) -> Vec<char> {
    let mut units = Vec::with_capacity(text.len());
    for c in text.chars() {
        match ligature(c) {
            Some((letters, way)) => {
                units.extend(letters.chars());
                found.insert(way);
            }
            None if c == '\u{AD}' => {
                found.insert(Typography::Hyphenation);
            }
            None => units.push(c),
        }
    }
    units
}

fn ligature(c: char) -> Option<(&'static str, Typography)> {
    let letters = match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '…' => return Some(("...", Typography::Ellipses)),
        _ => return None,
    };
    Some((letters, Typography::Ligatures))
}

/// How far both texts go on by one unit that is the same but for typography: what stands at `i` in
/// `a` against what stands at `j` in `b`.
fn step(a: &[char], i: usize, b: &[char], j: usize) -> Option<(usize, usize, Option<Typography>)> {
    let (x, y) = (*a.get(i)?, b.get(j).copied());
    if let Some(y) = y {
        if x == y && !x.is_whitespace() {
            return Some((i + 1, j + 1, None));
        }
        if x.is_whitespace() && y.is_whitespace() {
            let (next_i, next_j) = (behind_space(a, i), behind_space(b, j));
            let same = a.get(i..next_i) == b.get(j..next_j);
            return Some((next_i, next_j, (!same).then_some(Typography::Spaces)));
        }
        if is_quote(x) && is_quote(y) {
            // Two single marks may stand for a double one.
            let doubled = |text: &[char], at: usize| {
                matches!(text.get(at), Some('\'' | '’' | '‘' | '`'))
                    && text.get(at) == text.get(at + 1)
            };
            let (wide_a, wide_b) = (doubled(a, i), doubled(b, j));
            let (wide_a, wide_b) = (wide_a && !wide_b, wide_b && !wide_a);
            let next = |at: usize, wide| at + 1 + usize::from(wide);
            return Some((next(i, wide_a), next(j, wide_b), Some(Typography::Quotes)));
        }
        if is_dash(x) && is_dash(y) {
            return Some((behind_dashes(a, i), behind_dashes(b, j), Some(Typography::Dashes)));
        }
        if x.to_lowercase().eq(y.to_lowercase()) {
            return Some((i + 1, j + 1, Some(Typography::Case)));
        }
    }
    if is_hyphen(x) && i > 0 && is_letter(a.get(i - 1)) {
        // Hyphenated in `a`: in `b` a space, or nothing.
        let next_i = behind_space(a, i + 1);
        if is_letter(a.get(next_i)) {
            if y.is_some_and(char::is_whitespace) {
                return Some((next_i, behind_space(b, j), Some(Typography::Hyphenation)));
            }
            if j > 0 && is_letter(b.get(j - 1)) && is_letter(y.as_ref()) {
                return Some((next_i, j, Some(Typography::Hyphenation)));
            }
        }
    }
    if x.is_whitespace() {
        let next_i = behind_space(a, i);
        let beside = |text: &[char], before: usize, behind: usize| {
            let inner = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
            !(inner(before.checked_sub(1).and_then(|at| text.get(at))) && inner(text.get(behind)))
        };
        if beside(a, i, next_i) {
            return Some((next_i, j, Some(Typography::Spaces)));
        }
    }
    None
}

fn behind_space(text: &[char], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|c| c.is_whitespace()).count()
}

fn behind_dashes(text: &[char], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|c| is_dash(**c)).count()
}

fn is_letter(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric())
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn is_dash(c: char) -> bool {
    is_hyphen(c)
        || matches!(c, '\u{2012}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Whether a character is a quotation mark or an apostrophe of any language.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2018}'..='\u{201F}' | '′' | '″' | '‹' | '›'
        | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '〝'..='〟' | '＂' | '＇' | 'ʼ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(a: &str, b: &str) -> Option<Vec<&'static str>> {
        let found = difference(a, b);
        assert_eq!(found, difference(b, a), "{a} and {b}");
        found.map(|found| found.into_iter().map(Typography::name).collect())
    }

    #[test]
    fn what_is_set_differently_is_told_by_its_name() {
        for (a, b, expected) in [
            ("the “AI Act”", "the “AI Act”", &[][..]),
            ("The AI act", "the AI Act", &["case"]),
            ("the “AI Act”", "the \"AI Act\"", &["quotes"]),
            ("l’IA", "l'IA", &["quotes"]),
            ("the ''AI Act''", "the “AI Act”", &["quotes"]),
            ("the « AI Act »", "the “AI Act”", &["quotes", "spaces"]),
            ("rules – and chips", "rules — and chips", &["dashes"]),
            ("rules -- and chips", "rules—and chips", &["dashes", "spaces"]),
            ("the end.\n\nThe start", "the end. The start", &["spaces"]),
            ("co-operation", "cooperation", &["hyphenation"]),
            ("sover- eignty", "sovereignty", &["hyphenation"]),
            ("AI-driven", "AI driven", &["hyphenation"]),
            ("sover\u{AD}eignty", "sovereignty", &["hyphenation"]),
            ("ﬁrst", "First", &["case", "ligatures"]),
            ("and so on…", "and so on...", &["ellipses"]),
            ("quoi ?", "quoi?", &["spaces"]),
        ] {
            assert_eq!(ways(a, b).as_deref(), Some(expected), "{a} and {b}");
        }
    }

    #[test]
    fn other_letters_marks_and_words_are_more_than_typography() {
        for (a, b) in [
            ("resume", "résumé"),
            ("a part", "apart"),
            ("is it?", "is it."),
            ("let’s eat, all", "let’s eat all"),
            ("5 %", "5 €"),
            ("re-sign", "re–elect"),
            ("the act", "the acts"),
            ("-5", "5"),
            ("Straße", "Strasse"),
            ("it’s", "its"),
            ("", "a"),
        ] {
            assert_eq!(ways(a, b), None, "{a} and {b}");
        }
    }
}
