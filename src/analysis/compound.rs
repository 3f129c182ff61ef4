//! Compounds: the words that a long word is written together from.
//!
//! A word is parted where all of it can be read as words of a list, each but the last with a
//! linking element behind it; of several readings the one of fewest, longest and most frequent
//! words is taken (after Koehn and Knight: "Empirical methods for compound splitting", EACL 2003,
//! with the frequencies of a fixed list, so that one word has the same parts in every index).

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicU32};

use rustc_hash::FxHashMap;

/// The fewest bytes of a word that is parted.
const SHORTEST: usize = 7;
/// The most bytes of a word that is parted.
const LONGEST: usize = 80;
/// The fewest bytes of a part.
const SHORTEST_PART: usize = 3;
/// The most bytes of a part with its linking element.
const LONGEST_PART: usize = 30;
/// The most parts of a word of which each row of them is a part, too.
const ROWS: usize = 5;

/// How a language writes words together.
pub(super) struct Compounds {
    list: &'static str,
    known: OnceLock<FxHashMap<&'static str, Known>>,
    /// How often a word was looked up in the list itself.
    looked_up: AtomicU32,
    /// What may stand between a word and the next.
    links: &'static [&'static str],
    /// The inflections of the last word.
    endings: &'static [&'static str],
    /// Whether a word may lose its last `e` before the next.
    drops_e: bool,
}

/// What the list knows of a word.
#[derive(Clone, Copy)]
struct Known {
    /// Whether it comes before another.
    first: bool,
    /// Whether it comes last.
    last: bool,
    /// Whether nobody reads the words in it any more.
    whole: bool,
    /// What a reading pays for it: the rarer and shorter, the more.
    cost: u32,
}

/// So many words are looked up in the list itself, which is sorted, before it is made into a table: a
/// query asks for a few hundred, and the table takes longer than most searches.
const FEW: u32 = 1024;

/// What each further letter of a linking element or an ending costs.
const LETTER: u32 = 10;
/// What the loss of an `e` costs.
const LOSS: u32 = 20;

impl Compounds {
    /// `list` is sorted by bytes. A line of it is a word, a space, where it may stand (`m` before
    /// another, `h` last, `b` both, `w` both, but not to be parted itself, `x` nowhere, even if it looks
    /// like another word with a linking element) and how rare it is: 0 is as frequent as an article, 9
    /// the rarest, in steps of the logarithm of the rank.
    pub(super) const fn new(
        list: &'static str,
        links: &'static [&'static str],
        endings: &'static [&'static str],
        drops_e: bool,
    ) -> Compounds {
        let looked_up = AtomicU32::new(0);
        Compounds { list, known: OnceLock::new(), looked_up, links, endings, drops_e }
    }

    fn known(&self, word: &str) -> Option<Known> {
        match self.known.get() {
            Some(known) => known.get(word).copied(),
            None if self.looked_up.fetch_add(1, atomic::Ordering::Relaxed) < FEW => {
                line(line_of(self.list, word)?).map(|(_, known)| known)
            }
            None => {
                let table = || self.list.lines().filter_map(line).collect();
                self.known.get_or_init(table).get(word).copied()
            }
        }
    }

    /// The words that `word` (in lower case, `ß` as `ss`) is made of, without linking elements, as
    /// ranges of it; none if it is no compound.
    pub(super) fn words(&self, word: &str) -> Vec<Range<usize>> {
        if !(SHORTEST..=LONGEST).contains(&word.len()) || !word.chars().all(char::is_alphabetic) {
            return Vec::new();
        }
        let ended = |ending: &&str| word.strip_suffix(*ending).and_then(|word| self.known(word));
        if self.endings.iter().filter_map(ended).any(|known| known.whole) {
            return Vec::new();
        }
        // Where a last word may start; most words that are no compounds have no such place.
        let of_last = |start| Some((start, self.last(word.get(start..)?)?));
        let lasts: BTreeMap<usize, u32> = (SHORTEST_PART..word.len()).filter_map(of_last).collect();
        if lasts.is_empty() {
            return Vec::new();
        }
        // Where a word may start: what the words before cost, the start of the last of them, and
        // where that ends without its linking element.
        let mut readings: BTreeMap<usize, (u32, usize, usize)> = BTreeMap::from([(0, (0, 0, 0))]);
        let mut best: Option<(u32, usize)> = None;
        let mut at = 0;
        while let Some((&start, &(cost, ..))) = readings.range(at..).next() {
            at = start + 1;
            if let Some(last) = lasts.get(&start)
                && best.is_none_or(|(least, _)| cost + last < least)
            {
                best = Some((cost + last, start));
            }
            let furthest = word.len().saturating_sub(SHORTEST_PART).min(start + LONGEST_PART);
            for end in start + SHORTEST_PART..=furthest {
                let Some((first, length)) = word.get(start..end).and_then(|part| self.first(part))
                else {
                    continue;
                };
                let reading = (cost + first, start, start + length);
                if readings.get(&end).is_none_or(|(least, ..)| reading.0 < *least) {
                    readings.insert(end, reading);
                }
            }
        }
        let Some((_, last)) = best else { return Vec::new() };
        let mut words = Vec::new();
        words.push(last..word.len());
        let mut at = last;
        while at > 0
            && let Some((_, start, end)) = readings.get(&at)
        {
            words.push(*start..*end);
            at = *start;
        }
        words.reverse();
        words
    }

    /// What it costs to read `part` as a word before another, and how long that word is in it.
    fn first(&self, part: &str) -> Option<(u32, usize)> {
        if self.known(part).is_some_and(|known| !known.first && !known.last) {
            return None;
        }
        let linked = self.links.iter().filter_map(|link| {
            let word = part.strip_suffix(link)?;
            let known = self.known(word).filter(|known| known.first)?;
            Some((known.cost + LETTER * link.len() as u32, word.len()))
        });
        let cut = || {
            let known = self.known(&format!("{part}e")).filter(|known| known.first)?;
            Some((known.cost + LOSS, part.len()))
        };
        let cut = if self.drops_e && part.len() > SHORTEST_PART { cut() } else { None };
        linked.chain(cut).min()
    }

    /// What it costs to read `part` as the last word.
    fn last(&self, part: &str) -> Option<u32> {
        let ended = self.endings.iter().filter_map(|ending| {
            let known = self.known(part.strip_suffix(ending)?).filter(|known| known.last)?;
            Some(known.cost + LETTER * ending.len() as u32)
        });
        ended.min()
    }
}

/// The parts that a compound of these words can be found by: the words, and each row of them that is
/// not all of it (`datenschutz` and `grundverordnung` of `datenschutzgrundverordnung`).
pub(super) fn parts(words: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for (first, from) in words.iter().enumerate() {
        for (last, to) in words.iter().enumerate().skip(first) {
            let (row, tail) = (last > first, last + 1 == words.len());
            if row && (tail && first == 0 || words.len() > ROWS && !tail) {
                continue;
            }
            parts.push(from.start..to.end);
        }
    }
    parts
}

/// The two words that a compound of these words falls into at each of its seams.
pub(super) fn halves(words: &[Range<usize>]) -> Vec<(Range<usize>, Range<usize>)> {
    let end = words.last().map_or(0, |last| last.end);
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs.map(|(before, behind)| (0..before.end, behind.start..end)).collect()
}

/// The line of a sorted list that starts with this word and a space.
fn line_of(list: &'static str, word: &str) -> Option<&'static str> {
    let (mut from, mut to) = (0, list.len());
    while from < to {
        let bytes = list.as_bytes().get(from..to)?;
        let middle = bytes.len() / 2;
        let start = bytes.get(..middle)?.iter().rposition(|byte| *byte == b'\n');
        let start = from + start.map_or(0, |before| before + 1);
        let length = list.as_bytes().get(start..to)?.iter().position(|byte| *byte == b'\n');
        let end = length.map_or(to, |length| start + length);
        let line = list.get(start..end)?;
        let (known, _) = line.split_once(' ')?;
        match known.cmp(word) {
            Ordering::Equal => return Some(line),
            Ordering::Less => from = end + 1,
            Ordering::Greater => to = start,
        }
    }
    None
}

fn line(line: &'static str) -> Option<(&'static str, Known)> {
    let (word, about) = line.split_once(' ')?;
    let mut about = about.chars();
    let place = about.next()?;
    let rarity = about.next()?.to_digit(10)?;
    let short = [60, 40, 20].get(word.chars().count().saturating_sub(3)).copied().unwrap_or(0);
    let known = Known {
        first: matches!(place, 'm' | 'b' | 'w'),
        last: matches!(place, 'h' | 'b' | 'w'),
        whole: place == 'w',
        cost: 100 + 100 * rarity / 9 + short,
    };
    Some((word, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_the_list_as_in_a_table_of_it() {
        for list in [include_str!("lang/de.words"), include_str!("lang/nl.words")] {
            let table: FxHashMap<&str, &str> =
                list.lines().map(|line| (line.split_once(' ').unwrap().0, line)).collect();
            assert!(table.len() > 10_000);
            for word in table.keys() {
                let (longer, shorter) = (format!("{word}x"), &word[..word.floor_char_boundary(3)]);
                for word in [*word, &longer, shorter] {
                    assert_eq!(line_of(list, word), table.get(word).copied(), "{word}");
                }
            }
            assert_eq!((line_of(list, ""), line_of("", "a")), (None, None));
        }
    }
}
