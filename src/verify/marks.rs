//! Quotation marks of running text, in all the ways that languages set them.

use std::ops::Range;

/// Marks that open a quotation, with those that close it.
///
/// Single marks are apostrophes too; [`quoted`] asks more of what stands beside them.
const PAIRS: &[(char, &[char])] = &[
    ('“', &['”', '"', '“']),
    ('„', &['“', '”', '"', '‟']),
    ('‟', &['”']),
    ('”', &['”']),
    ('«', &['»']),
    ('»', &['«', '»']),
    ('‹', &['›']),
    ('›', &['‹', '›']),
    ('"', &['"', '”', '“']),
    ('＂', &['＂']),
    ('‘', &['’', '‘']),
    ('‚', &['‘', '’']),
    ('\'', &['\'']),
    ('「', &['」']),
    ('『', &['』']),
    ('《', &['》']),
    ('〈', &['〉']),
    ('〝', &['〞', '〟']),
];

/// The marks that close what `mark` opens.
fn closers(mark: char) -> Option<&'static [char]> {
    PAIRS.iter().find(|(open, _)| *open == mark).map(|(_, close)| *close)
}

/// `text` without the quotation marks around the whole of it.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim();
    match quoted(text).first() {
        Some(found) if found.outer == (0..text.len()) => {
            text.get(found.inner.clone()).unwrap_or(text).trim()
        }
        _ => text,
    }
}

/// A stretch between quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    /// With its marks.
    pub(super) outer: Range<usize>,
    /// Without them.
    pub(super) inner: Range<usize>,
}

/// The stretches of `text` between quotation marks, in order; what is quoted in a quotation is part
/// of it.
pub(super) fn quoted(text: &str) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let open = rest.char_indices().find(|(from, c)| opens(text, at + from, *c));
        let Some((from, mark)) = open.map(|(from, mark)| (at + from, mark)) else { break };
        let start = from + mark.len_utf8();
        match end_of(text, start, mark) {
            Some((end, closer)) => {
                found.push(Quoted { outer: from..end + closer, inner: start..end });
                at = end + closer;
            }
            None => at = start,
        }
    }
    found
}

/// The mark that opens a quotation which `text` does not close, if there is one: the quotation goes
/// on in the next paragraph.
pub(super) fn open_at(text: &str) -> Option<usize> {
    let from = quoted(text).last().map_or(0, |last| last.outer.end);
    let rest = text.get(from..)?;
    // A single mark that is not closed is an apostrophe.
    let is_open = |(at, c): &(usize, char)| !is_single(*c) && opens(text, from + at, *c);
    let (at, mark) = rest.char_indices().find(is_open)?;
    Some(from + at + mark.len_utf8())
}

/// Whether a text begins with a mark that opens a quotation.
pub(super) fn begins_quoted(text: &str) -> bool {
    text.chars().next().is_some_and(|mark| opens(text, 0, mark) && !is_single(mark))
}

fn is_single(mark: char) -> bool {
    matches!(mark, '\'' | '‘' | '‚')
}

/// Marks that are the same on both sides of a quotation, in some language.
fn is_two_sided(mark: char) -> bool {
    matches!(mark, '"' | '\'' | '”' | '»' | '›' | '＂')
}

/// Whether the mark at `at` opens a quotation, by what stands beside it.
fn opens(text: &str, at: usize, mark: char) -> bool {
    if closers(mark).is_none() {
        return false;
    }
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let behind = text.get(at + mark.len_utf8()..).and_then(|text| text.chars().next());
    let Some(behind) = behind else { return false };
    if is_single(mark) || is_two_sided(mark) {
        // French puts a space inside its marks, but has one for each side.
        return before.is_none_or(|c| !c.is_alphanumeric() && !is_closing_punctuation(c))
            && !behind.is_whitespace();
    }
    true
}

fn is_closing_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | '!' | '?' | ')' | ']' | '%' | '…')
}

/// Where the quotation whose text starts at `start` ends, and how long the mark is that closes it.
fn end_of(text: &str, start: usize, mark: char) -> Option<(usize, usize)> {
    let closers = closers(mark)?;
    let mut depth = 0;
    let mut before = mark;
    let rest = text.get(start..)?;
    for (at, c) in rest.char_indices() {
        let behind = rest.get(at + c.len_utf8()..).and_then(|text| text.chars().next());
        let after_word = !before.is_whitespace() && before != mark;
        let free = behind.is_none_or(|c| !c.is_alphanumeric());
        let closes = closers.contains(&c)
            && match c {
                // Apostrophes stand between letters; a mark that also opens, before a word.
                '\'' | '’' | '‘' | '"' | '”' | '“' => after_word && free,
                '»' | '«' | '›' | '‹' => free,
                _ => true,
            };
        if closes && depth == 0 {
            return Some((start + at, c.len_utf8()));
        }
        if closes {
            depth -= 1;
        } else if c == mark && !is_two_sided(c) && !is_single(c) {
            depth += 1;
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        quoted(text).into_iter().map(|quoted| text[quoted.inner].trim()).collect()
    }

    #[test]
    fn quotations_are_found_in_the_marks_of_all_languages() {
        for text in [
            "He said “rules come first” twice.",
            "He said \"rules come first\" twice.",
            "Er sagte „rules come first“ zweimal.",
            "Er sagte »rules come first« zweimal.",
            "Hän sanoi ”rules come first” kahdesti.",
            "Hän sanoi »rules come first» kahdesti.",
            "Il a dit « rules come first » deux fois.",
            "Powiedział „rules come first” dwa razy.",
            "He said ‘rules come first’ twice.",
            "He said 'rules come first' twice.",
            "Er sagte ‚rules come first‘ zweimal.",
            "彼は「rules come first」と言った。",
            "(“rules come first”)",
            "“rules come first”",
        ] {
            assert_eq!(found(text), ["rules come first"], "{text}");
        }
    }

    #[test]
    fn apostrophes_inches_and_marks_that_do_not_close_are_no_quotations() {
        for text in [
            "The states’ rights and the Union’s rules",
            "don't and won't",
            "a 5\" screen and a 7\" one",
            "l’IA d’aujourd’hui",
            "He said “rules come first.",
            "rock 'n roll",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_outermost_quotation_counts_and_apostrophes_do_not_end_it() {
        assert_eq!(found("“he calls it ‘the rule’ of it”"), ["he calls it ‘the rule’ of it"]);
        assert_eq!(found("« il dit « oui » et non »"), ["il dit « oui » et non"]);
        assert_eq!(found("‘the Union’s own rules’ and"), ["the Union’s own rules"]);
        assert_eq!(found("\"one\" and \"two\""), ["one", "two"]);
        assert_eq!(found("“one,” he said, “two”"), ["one,", "two"]);
        assert_eq!(bare("“one” and “two”"), "“one” and “two”");
        assert_eq!(bare(" « one » "), "one");
    }

    #[test]
    fn a_quotation_that_goes_on_in_the_next_paragraph_is_open() {
        assert_eq!(open_at("He said: “rules come"), Some("He said: “".len()));
        assert_eq!(open_at("He said “no” and “rules come first”"), None);
        assert_eq!(open_at("the states’ ‘rules"), None);
        assert!(begins_quoted("“and chips last”") && !begins_quoted("and “chips”"));
    }
}
