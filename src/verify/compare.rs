//! Comparing a part of a quotation, character by character, with the stretch of an article that it
//! was laid against.

use std::collections::BTreeSet;
use std::ops::Range;

use super::align::Edit;
use super::quotation::Part;
use super::results::{Difference, DifferenceKind};
use super::typography::{Typography, difference, is_quote};
use super::words::Word;

/// A part of a quotation against what stands in an article.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compared {
    /// The bytes of the article's text, from the first word to the last, and what stands beside
    /// them in both.
    pub(super) range: Range<usize>,
    /// Whether they are the very characters.
    pub(super) exact: bool,
    pub(super) typography: BTreeSet<Typography>,
    pub(super) differences: Vec<Difference>,
    /// The number of words inserted, deleted or replaced.
    pub(super) distance: usize,
    /// The number of words of the article.
    pub(super) words: usize,
}

/// A text of an article, or a stretch of one, and the words in it that a part was laid against.
#[derive(Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
}

/// Compares a part with the stretch that the edits lay it against; none where they do not fit, or
/// the article has no word of it.
pub(super) fn compare(part: &Part, stretch: Stretch<'_>, edits: &[Edit]) -> Option<Compared> {
    let (first, last) = (stretch.words.first()?, stretch.words.last()?);
    let mut comparison = Comparison {
        part,
        stretch,
        typography: BTreeSet::new(),
        differences: Vec::new(),
        distance: 0,
    };
    comparison.run(edits)?;
    let core = first.start..last.end;
    let quoted = part.words.first()?.start..part.words.last()?.end;
    let same = part.text.get(quoted.clone())? == stretch.text.get(core.clone())?;
    let edges = comparison.edges(&quoted, &core)?;
    let Comparison { typography, differences, distance, .. } = comparison;
    Some(Compared {
        range: edges.range,
        exact: same && edges.literal && differences.is_empty(),
        typography,
        differences,
        distance,
        words: stretch.words.len(),
    })
}

struct Comparison<'a> {
    part: &'a Part,
    stretch: Stretch<'a>,
    typography: BTreeSet<Typography>,
    differences: Vec<Difference>,
    distance: usize,
}

/// What stands at both ends of a part and of its stretch.
struct Edges {
    range: Range<usize>,
    /// Whether the marks of the part stand there as they are.
    literal: bool,
}

impl Comparison<'_> {
    fn run(&mut self, edits: &[Edit]) -> Option<()> {
        // The next word of each, and where the words that differ began.
        let (mut quoted, mut article) = (0, 0);
        let mut open: Option<(usize, usize, usize)> = None;
        let mut before_same = false;
        for edit in edits {
            if *edit == Edit::Same {
                let differed = open.take();
                if let Some((from_quoted, from_article, count)) = differed {
                    self.words(from_quoted..quoted, from_article..article, count)?;
                }
                self.word(quoted, article)?;
                if before_same && differed.is_none() {
                    self.between(quoted, article)?;
                }
                before_same = true;
            } else {
                let (_, _, count) = open.get_or_insert((quoted, article, 0));
                *count += 1;
            }
            quoted += usize::from(*edit != Edit::Deleted);
            article += usize::from(*edit != Edit::Inserted);
        }
        if let Some((from_quoted, from_article, count)) = open {
            self.words(from_quoted..quoted, from_article..article, count)?;
        }
        (quoted == self.part.words.len() && article == self.stretch.words.len()).then_some(())
    }

    fn bytes(words: &[Word], range: Range<usize>) -> Option<Range<usize>> {
        let words = words.get(range)?;
        Some(words.first()?.start..words.last()?.end)
    }

    /// A word that is the same in its exact form.
    fn word(&mut self, quoted: usize, article: usize) -> Option<()> {
        let quoted = Self::bytes(&self.part.words, quoted..quoted + 1)?;
        let article = Self::bytes(self.stretch.words, article..article + 1)?;
        self.settle(DifferenceKind::Spelling, quoted, article)
    }

    /// What stands between a word and the one before it, where both are the same.
    fn between(&mut self, quoted: usize, article: usize) -> Option<()> {
        let gap = |text: &str, words: &[Word], at: usize| {
            let (before, word) = (words.get(at.checked_sub(1)?)?, words.get(at)?);
            // The letters beside it tell a hyphen from a dash.
            Some(format!("x{}x", text.get(before.end..word.start)?))
        };
        let ours = gap(&self.part.text, &self.part.words, quoted)?;
        let theirs = gap(self.stretch.text, self.stretch.words, article)?;
        if let Some(ways) = difference(&ours, &theirs) {
            self.typography.extend(ways);
            return Some(());
        }
        let quoted = Self::bytes(&self.part.words, quoted - 1..quoted + 1)?;
        let article = Self::bytes(self.stretch.words, article - 1..article + 1)?;
        self.differ(DifferenceKind::Punctuation, quoted, article)
    }

    /// Words that are not the same, in `count` edits.
    fn words(&mut self, quoted: Range<usize>, article: Range<usize>, count: usize) -> Option<()> {
        let place = |words: &[Word], range: &Range<usize>| match range.is_empty() {
            false => Self::bytes(words, range.clone()),
            true => {
                let before = range.start.checked_sub(1).and_then(|at| words.get(at));
                let at = before.map_or(0, |word| word.end);
                Some(at..at)
            }
        };
        let kind = match (quoted.is_empty(), article.is_empty()) {
            (true, _) => DifferenceKind::Deleted,
            (_, true) => DifferenceKind::Inserted,
            _ => DifferenceKind::Replaced,
        };
        let quoted = place(&self.part.words, &quoted)?;
        let article = place(self.stretch.words, &article)?;
        let differences = self.differences.len();
        self.settle(kind, quoted, article)?;
        if self.differences.len() > differences {
            self.distance += count;
        }
        Some(())
    }

    /// Sorts two stretches under typography, if they differ in nothing else, or under `kind`.
    fn settle(
        &mut self,
        kind: DifferenceKind,
        quoted: Range<usize>,
        article: Range<usize>,
    ) -> Option<()> {
        let ours = self.part.text.get(quoted.clone())?;
        let theirs = self.stretch.text.get(article.clone())?;
        if let Some(ways) = difference(ours, theirs) {
            self.typography.extend(ways);
            return Some(());
        }
        self.differ(kind, quoted, article)
    }

    fn differ(
        &mut self,
        kind: DifferenceKind,
        quoted: Range<usize>,
        article: Range<usize>,
    ) -> Option<()> {
        self.differences.push(Difference {
            kind,
            quoted: self.part.text.get(quoted.clone())?.to_owned(),
            article: self.stretch.text.get(article.clone())?.to_owned(),
            quoted_range: quoted,
            article_range: article,
        });
        Some(())
    }

    /// Compares what stands before the first word of the part and behind its last.
    fn edges(&mut self, quoted: &Range<usize>, core: &Range<usize>) -> Option<Edges> {
        let ours = (self.part.text.get(..quoted.start)?, self.part.text.get(quoted.end..)?);
        let theirs = (self.stretch.text.get(..core.start)?, self.stretch.text.get(core.end..)?);
        let mut range = core.clone();
        let mut literal = true;
        if theirs.0.ends_with(ours.0) {
            range.start -= ours.0.len();
        } else {
            let wanted: Vec<char> = ours.0.chars().rev().filter(|c| !is_free(*c)).collect();
            let reversed: Vec<(usize, char)> = theirs.0.char_indices().rev().collect();
            let reached = reach(&wanted, reversed.iter().map(|(at, c)| (*at, *c)));
            literal &= wanted.is_empty();
            match reached {
                Some(Some(at)) => {
                    range.start = at;
                    self.typography.insert(Typography::Spaces);
                }
                Some(None) => {}
                None => self.punctuation(0..quoted.start, core.start..core.start)?,
            }
        }
        if theirs.1.starts_with(ours.1) {
            range.end += ours.1.len();
        } else {
            let wanted: Vec<char> = ours.1.chars().filter(|c| !is_free(*c)).collect();
            let behind = theirs.1.char_indices().map(|(at, c)| (core.end + at + c.len_utf8(), c));
            literal &= wanted.is_empty();
            match reach(&wanted, behind) {
                Some(Some(at)) => {
                    range.end = at;
                    self.typography.insert(Typography::Spaces);
                }
                Some(None) => {}
                None => self.punctuation(quoted.end..self.part.text.len(), core.end..core.end)?,
            }
        }
        Some(Edges { range, literal })
    }

    fn punctuation(&mut self, quoted: Range<usize>, article: Range<usize>) -> Option<()> {
        self.differ(DifferenceKind::Punctuation, quoted, article)
    }
}

/// How far a text has to be read to find the characters `wanted` in it, before its next word; none
/// where they are not there, `Some(None)` where none are wanted.
fn reach(wanted: &[char], text: impl Iterator<Item = (usize, char)>) -> Option<Option<usize>> {
    let mut wanted = wanted.iter().copied().peekable();
    let mut reached = None;
    for (at, c) in text.take_while(|(_, c)| !c.is_alphanumeric()) {
        if wanted.peek().is_none() {
            break;
        }
        if wanted.next_if_eq(&c).is_some() {
            reached = Some(at);
        } else if !is_free(c) {
            return None;
        }
    }
    wanted.peek().is_none().then_some(reached)
}

/// What may stand at the ends of a quotation without being quoted: the marks around it, and the
/// comma or full stop that closes the sentence it was put in.
fn is_free(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '.' | ',' | ';' | ':' | '…' | '–' | '—')
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn part(text: &str) -> Part {
        Part { text: text.to_owned(), words: words(text) }
    }

    /// Compares the whole of a quotation with all the words of `text` between `|` and `|`.
    fn compared(quoted: &str, text: &str, edits: &[Edit]) -> Compared {
        let all = text.replace('|', "");
        let from = text.find('|').unwrap();
        let until = text.rfind('|').unwrap() - 1;
        let inside: Vec<Word> = words(&all)
            .into_iter()
            .filter(|word| word.start >= from && word.end <= until)
            .collect();
        compare(&part(quoted), Stretch { text: &all, words: &inside }, edits).unwrap()
    }

    fn told(compared: &Compared) -> Vec<(&'static str, &str, &str)> {
        let differences = compared.differences.iter();
        differences.map(|it| (it.kind.name(), &*it.quoted, &*it.article)).collect()
    }

    const SAME: [Edit; 3] = [Edit::Same; 3];

    #[test]
    fn the_very_characters_are_exact_with_or_without_a_last_comma() {
        for quoted in ["Rules come first", "Rules come first,", "Rules come first."] {
            let found = compared(quoted, "Yes. |Rules come first|, chips last.", &SAME);
            assert!(found.exact && found.typography.is_empty(), "{quoted}: {found:?}");
            assert!(found.differences.is_empty(), "{quoted}: {found:?}");
        }
        // A mark that is there belongs to what is quoted.
        let found = compared("Rules come first!", "|Rules come first|! Chips last.", &SAME);
        assert!(found.exact && found.range == (0..17), "{found:?}");
        assert!(compared("“Rules come first", "“|Rules come first|”", &SAME).exact);
    }

    #[test]
    fn marks_that_change_the_sense_are_differences() {
        let found = compared("Rules come first?", "|Rules come first|. Chips last.", &SAME);
        assert_eq!(told(&found), [("punctuation", "?", "")]);
        assert!(!found.exact && found.distance == 0);
        let found = compared("Rules come, first", "|Rules come first|.", &SAME);
        assert_eq!(told(&found), [("punctuation", "come, first", "come first")]);
        let found = compared("$5 come first", "€|5 come first|.", &SAME);
        assert_eq!(told(&found), [("punctuation", "$", "")]);
        let found = compared("Rules côme first", "|Rules come first|.", &SAME);
        assert_eq!(told(&found), [("spelling", "côme", "come")]);
    }

    #[test]
    fn words_that_differ_are_told_together_and_counted_apart() {
        use Edit::{Deleted, Inserted, Replaced, Same};
        let found = compared(
            "rules always come last",
            "|Rules come first|.",
            &[Same, Inserted, Same, Replaced],
        );
        assert_eq!(told(&found), [("inserted", "always", ""), ("replaced", "last", "first")]);
        assert_eq!((found.distance, found.words), (2, 3));
        let found = compared("rules first", "|Rules come first|.", &[Same, Deleted, Same]);
        assert_eq!(told(&found), [("deleted", "", "come")]);
        // A word that is written apart is no other word.
        let found = compared(
            "the cooperation of all",
            "|The co-operation of all|.",
            &[Same, Replaced, Deleted, Same, Same],
        );
        assert_eq!((told(&found), found.distance), (vec![], 0));
        assert!(found.typography.contains(&Typography::Hyphenation));
    }
}
