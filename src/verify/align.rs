//! Alignment: how the words of a quotation come to lie against those of a text.
//!
//! The edit distance of two rows of words (Levenshtein 1966), where the text may have more words
//! before and behind (Sellers 1980, "The theory and computation of evolutionary distances"), in a
//! band around the diagonal on which the quotation is expected (Ukkonen 1985).

use std::ops::Range;

use super::words::Word;

/// What became of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// It stands in both.
    Same,
    /// Another stands in its place.
    Replaced,
    /// It stands in the quotation only.
    Inserted,
    /// It stands in the text only.
    Deleted,
}

/// A quotation laid against a stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    /// The words of the text.
    pub(super) range: Range<usize>,
    /// One for each word of either.
    pub(super) edits: Vec<Edit>,
}

impl Alignment {
    /// An alignment without a difference of `words` words, from word `start` of the text on.
    pub(super) fn same(start: usize, words: usize) -> Alignment {
        Alignment { range: start..start + words, edits: vec![Edit::Same; words] }
    }

    /// The number of words inserted, deleted or replaced.
    pub(super) fn distance(&self) -> usize {
        self.edits.iter().filter(|edit| **edit != Edit::Same).count()
    }
}

/// The greatest number of words by which a quotation may drift from its diagonal.
const MAX_DRIFT: usize = 100;

/// What an edit costs.
const EDIT: i64 = 1 << 32;

/// What a word that is the same is worth: of alignments with as many edits, the one counts that has
/// more words in common.
const SAME: i64 = 4;

/// What is added where a word has no other to stand against: a word in place of another says more.
const ALONE: i64 = 1;

/// The cost of what cannot be.
const FAR: i64 = i64::MAX / 4;

/// How far the words of a quotation may drift from where they are expected.
fn drift(words: usize) -> usize {
    (words / 2 + 4).min(MAX_DRIFT)
}

/// Lays `quoted` against the stretch of `text` that it is most like, where its first word is
/// expected at `expected` (which may be before the text); of equal ones the first. Only words in
/// `within` count.
pub(super) fn align(
    quoted: &[Word],
    text: &[Word],
    expected: isize,
    within: Range<usize>,
) -> Option<Alignment> {
    let drift = drift(quoted.len());
    let width = 2 * drift + 1;
    let end = within.end.min(text.len());
    // Column `c` of row `i` stands behind word `expected - drift + i + c` of the text.
    let origin = expected.checked_sub(drift as isize)?;
    let place = |row: usize, column: usize| -> Option<usize> {
        let at = origin.checked_add_unsigned(row + column)?;
        usize::try_from(at).ok().filter(|at| (within.start..=end).contains(at))
    };
    let mut costs = vec![FAR; width];
    for (column, cost) in costs.iter_mut().enumerate() {
        if place(0, column).is_some() {
            *cost = 0;
        }
    }
    let mut taken: Vec<Option<Edit>> = Vec::with_capacity(quoted.len() * width);
    for (row, word) in quoted.iter().enumerate().map(|(row, word)| (row + 1, word)) {
        let mut next = vec![FAR; width];
        for column in 0..width {
            let Some(at) = place(row, column) else {
                taken.push(None);
                continue;
            };
            let mut best = (FAR, None);
            let mut offer = |cost: i64, edit| {
                if cost < best.0 {
                    best = (cost, Some(edit));
                }
            };
            // The word before this place is taken along with the quotation's.
            let before = at.checked_sub(1).filter(|before| *before >= within.start);
            let same = before.and_then(|at| text.get(at)).map(|other| other.form == word.form);
            let diagonal = costs.get(column).copied().unwrap_or(FAR);
            match same {
                Some(true) => offer(diagonal - SAME, Edit::Same),
                Some(false) => offer(diagonal + EDIT, Edit::Replaced),
                None => {}
            }
            let above = costs.get(column + 1).copied().unwrap_or(FAR);
            offer(above + EDIT + ALONE, Edit::Inserted);
            if before.is_some()
                && let Some(left) = column.checked_sub(1).and_then(|column| next.get(column))
            {
                offer(left + EDIT + ALONE, Edit::Deleted);
            }
            if let Some(cost) = next.get_mut(column) {
                *cost = best.0;
            }
            taken.push(best.1);
        }
        costs = next;
    }
    let (mut column, cost) =
        costs.iter().copied().enumerate().min_by_key(|(column, cost)| (*cost, *column))?;
    if cost >= FAR / 2 {
        return None;
    }
    let mut row = quoted.len();
    let until = place(row, column)?;
    let mut edits = Vec::new();
    while row > 0 {
        let edit = (*taken.get((row - 1) * width + column)?)?;
        edits.push(edit);
        match edit {
            Edit::Same | Edit::Replaced => row -= 1,
            Edit::Inserted => {
                row -= 1;
                column += 1;
            }
            Edit::Deleted => column = column.checked_sub(1)?,
        }
    }
    let from = place(0, column)?;
    edits.reverse();
    Some(Alignment { range: from..until, edits })
}

/// Where the words of `quoted` stand in `text` as they are: the first word of each place in
/// `within`.
pub(super) fn runs(quoted: &[Word], text: &[Word], within: Range<usize>) -> Vec<usize> {
    let Some(first) = quoted.first() else { return Vec::new() };
    let end = within.end.min(text.len());
    let last = (end + 1).saturating_sub(quoted.len());
    let is_run = |at: &usize| {
        text.get(*at).is_some_and(|word| word.form == first.form)
            && text.get(*at..at + quoted.len()).is_some_and(|run| {
                run.iter().zip(quoted).all(|(word, other)| word.form == other.form)
            })
    };
    (within.start..last).filter(is_run).collect()
}

/// Where in `text` a quotation may stand that shares words with it: the expected places of its
/// first word, those that share most pairs of neighbours (or words, where it shares no pair) first,
/// at most `most`.
pub(super) fn likely(
    quoted: &[Word],
    text: &[Word],
    within: Range<usize>,
    most: usize,
) -> Vec<isize> {
    for pairs in [true, false] {
        let places = shared(quoted, text, within.clone(), pairs);
        if !places.is_empty() {
            return gathered(places, quoted.len(), most);
        }
    }
    Vec::new()
}

/// The expected places of the first word, one for each pair (or word) that both have; ascending.
fn shared(quoted: &[Word], text: &[Word], within: Range<usize>, pairs: bool) -> Vec<isize> {
    let ahead = usize::from(pairs);
    let key = |row: &[Word], at: usize| {
        Some((row.get(at)?.form, row.get(at + ahead).filter(|_| pairs).map(|word| word.form)))
    };
    let mut known: std::collections::HashMap<_, Vec<usize>> = std::collections::HashMap::new();
    for at in 0..quoted.len().saturating_sub(ahead) {
        if let Some(key) = key(quoted, at) {
            known.entry(key).or_default().push(at);
        }
    }
    let end = within.end.min(text.len()).saturating_sub(ahead);
    let mut places = Vec::new();
    for at in within.start..end {
        let of = key(text, at).and_then(|key| known.get(&key));
        places.extend(of.into_iter().flatten().map(|word| at as isize - *word as isize));
    }
    places.sort_unstable();
    places
}

/// The middles of the densest stretches of `places`.
fn gathered(places: Vec<isize>, words: usize, most: usize) -> Vec<isize> {
    let reach = drift(words) as isize;
    let mut groups: Vec<(usize, isize)> = Vec::new();
    let mut from = 0;
    while let Some(first) = places.get(from) {
        let until = from + places.iter().skip(from).take_while(|at| **at <= first + reach).count();
        if let Some(middle) = places.get((from + until) / 2) {
            groups.push((until - from, *middle));
        }
        from = until;
    }
    groups.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    groups.truncate(most);
    groups.into_iter().map(|(_, middle)| middle).collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    /// The text against which a quotation comes to lie, and the edits by their initials.
    fn laid(quoted: &str, text: &str) -> (String, String) {
        let (quoted, row) = (words(quoted), words(text));
        let places = likely(&quoted, &row, 0..row.len(), 4).into_iter();
        let laid = places.filter_map(|at| align(&quoted, &row, at, 0..row.len()));
        let found = laid.min_by_key(Alignment::distance).unwrap();
        let stretch = &row[found.range.clone()];
        let bytes =
            stretch.first().map_or(0, |word| word.start)..stretch.last().map_or(0, |word| word.end);
        let initial = |edit: &Edit| match edit {
            Edit::Same => '=',
            Edit::Replaced => 'r',
            Edit::Inserted => 'i',
            Edit::Deleted => 'd',
        };
        (text[bytes].to_owned(), found.edits.iter().map(initial).collect())
    }

    #[test]
    fn a_quotation_is_laid_where_it_differs_least() {
        let text = "It is said that rules come first in the list, and chips come last in it.";
        for (quoted, stretch, edits) in [
            ("rules come first", "rules come first", "==="),
            ("rules come always first", "rules come first", "==i="),
            ("rules first in the list", "rules come first in the list", "=d===="),
            ("chips come first in it", "chips come last in it", "==r=="),
            ("rules come first in", "rules come first in", "===="),
            ("it is never said that", "It is said that", "==i=="),
        ] {
            assert_eq!(laid(quoted, text), (stretch.to_owned(), edits.to_owned()), "{quoted}");
        }
    }

    /// The least edit distance of `quoted` to any stretch of `text`, by the whole table.
    fn least(quoted: &[Word], text: &[Word]) -> usize {
        let mut row = vec![0; text.len() + 1];
        for (number, word) in quoted.iter().enumerate() {
            let mut next = vec![number + 1];
            for (at, other) in text.iter().enumerate() {
                let same = usize::from(word.form != other.form);
                next.push((row[at] + same).min(row[at + 1] + 1).min(next[at] + 1));
            }
            row = next;
        }
        row.into_iter().min().unwrap()
    }

    #[test]
    fn the_band_loses_nothing_where_the_quotation_is_where_it_is_expected() {
        let mut random = fastrand::Rng::with_seed(7);
        let vocabulary = ["a", "b", "c", "d", "e", "f", "g", "h"];
        for _ in 0..500 {
            let mut row = |most: usize| {
                let words = (0..random.usize(1..most)).map(|_| vocabulary[random.usize(..8)]);
                words.collect::<Vec<_>>().join(" ")
            };
            let (quoted, text) = (words(&row(9)), words(&row(7)));
            // Laid on the middle of so short a text, the band covers all of it.
            let expected = (text.len() as isize - quoted.len() as isize) / 2;
            let found = align(&quoted, &text, expected, 0..text.len()).unwrap();
            assert_eq!(found.distance(), least(&quoted, &text), "{quoted:?} {text:?}");
            let taken = |edit| found.edits.iter().filter(|e| **e == edit).count();
            assert_eq!(quoted.len() + taken(Edit::Deleted), found.edits.len());
            assert_eq!(found.range.len() + taken(Edit::Inserted), found.edits.len());
        }
    }

    #[test]
    fn runs_are_all_places_and_only_those_within() {
        let text = words("a b a b a c");
        let quoted = words("a b a");
        assert_eq!(runs(&quoted, &text, 0..6), [0, 2]);
        assert_eq!(runs(&quoted, &text, 1..6), [2]);
        assert_eq!(runs(&quoted, &text, 0..4), [0]);
        assert_eq!(runs(&words("a c a"), &text, 0..6), [0usize; 0]);
    }
}
