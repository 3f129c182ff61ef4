//! Words of which some are enough, gone through a window of documents at a time: each list of each
//! word adds its counts to those of its documents, so that a step costs the same however many words
//! and variants there are. Gives what [`super::live`] gives.

use std::slice;

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::documents::ones;
use super::matcher::Matcher;
use super::plan::{Part, Words, whole_pair};
use super::rank::{self, Norms, Pass, Place};
use crate::Result;
use crate::analysis::stream;
use crate::index::snapshot::{Segment, Snapshot};
use crate::index::terms::Terms;

/// The documents in a window.
const WINDOW: usize = 2048;

/// What the words have in a document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) matches: u64,
    /// By the pass that was asked for; 0 where none was.
    pub(super) score: f32,
    words: u32,
}

/// The documents of a window that match.
pub(super) struct Window<'a> {
    /// The first document of the window, a multiple of 64.
    pub(super) start: DocId,
    /// A bit for each.
    pub(super) matching: &'a [u64; WINDOW / 64],
    sums: &'a [Sum; WINDOW],
}

impl Window<'_> {
    /// Calls `visit` for those that match, in order.
    pub(super) fn each(&self, mut visit: impl FnMut(DocId, Sum) -> Result<()>) -> Result<()> {
        for (number, bits) in self.matching.iter().enumerate() {
            for bit in ones(*bits) {
                let place = number * 64 + bit as usize;
                visit(self.start + place as DocId, self.sums[place % WINDOW])?;
            }
        }
        Ok(())
    }
}

/// Calls `visit` for the places whose bits are set.
fn each_place(bits: &[u64; WINDOW / 64], mut visit: impl FnMut(usize)) {
    for (number, bits) in bits.iter().enumerate() {
        for bit in ones(*bits) {
            visit((number * 64 + bit as usize) % WINDOW);
        }
    }
}

/// Words of which at least so many must stand in a document, and conditions that it must meet.
pub(super) struct SomeWords<'a> {
    least: usize,
    words: Vec<Asked<'a>>,
    conditions: Vec<&'a Part>,
    excluded: &'a [Part],
}

/// What is asked for.
enum Asked<'a> {
    /// A word; where they stand close to each other, the words of a compound count as it.
    Word(&'a Words),
    /// A phrase that the index has as a term, with its weight.
    Pair(String, f32),
    /// Something else with spans of its own.
    Other(&'a Part),
}

/// What a word has in the documents of a window.
struct Counts {
    occurrences: [u32; WINDOW],
    /// What they are worth beyond one each.
    beyond: [f32; WINDOW],
    /// How many of them count less for being another inflection than the one asked for.
    inflected: [u32; WINDOW],
}

/// A word in one segment.
struct Word {
    /// Its lists, in the whole of documents.
    lists: Vec<List>,
    /// Those in titles and headings, which add to that.
    placed: Vec<List>,
    weight: f32,
    others: Vec<Matcher>,
}

/// A list on its way through the windows.
struct List {
    blocks: BlockSegmentPostings,
    /// The place in the block, and the document there.
    at: usize,
    doc: DocId,
    /// What an occurrence is worth.
    worth: f32,
    /// Whether it is of another inflection than the one asked for.
    inflected: bool,
}

impl<'a> Asked<'a> {
    fn of(part: &'a Part, snapshot: &Snapshot) -> Option<Asked<'a>> {
        let fields = &snapshot.fields;
        let has_spans = |part: &Part| matches!(part, Part::Interval { .. });
        match part {
            // Lists of a field without counts are read as one.
            Part::Term(word)
                if word.apart.iter().all(has_spans)
                    && ![fields.path, fields.file, fields.facet].contains(&word.field()) =>
            {
                Some(Asked::Word(word))
            }
            Part::Interval { .. } => Some(match whole_pair(part) {
                Some(pair) => Asked::Pair(pair, part.weight()),
                None => Asked::Other(part),
            }),
            _ => None,
        }
    }
}

impl SomeWords<'_> {
    /// What the part asks for, if that is some of several words, or one, under whatever conditions.
    pub(super) fn of<'a>(part: &'a Part, snapshot: &Snapshot) -> Option<SomeWords<'a>> {
        let asked = |part: &'a Part| Asked::of(part, snapshot);
        let some = |least, words| SomeWords { least, words, conditions: Vec::new(), excluded: &[] };
        match part {
            Part::Term(_) => Some(some(1, vec![asked(part)?])),
            Part::Interval { .. } => match asked(part)? {
                pair @ Asked::Pair(..) => Some(some(1, vec![pair])),
                _ => None,
            },
            Part::Some { least, of, .. } => {
                Some(some(*least, of.iter().map(asked).collect::<Option<_>>()?))
            }
            Part::All { must, not, .. } => {
                let is_condition =
                    |part: &&Part| matches!(part, Part::Filter(_) | Part::Dated { .. });
                let (conditions, others): (Vec<_>, Vec<_>) = must.iter().partition(is_condition);
                let [part] = others[..] else { return None };
                let words = SomeWords::of(part, snapshot)?;
                if !words.conditions.is_empty() || !words.excluded.is_empty() {
                    return None;
                }
                Some(SomeWords { conditions, excluded: not, ..words })
            }
            _ => None,
        }
    }

    /// Calls `visit` for the windows of a segment, in order, until the time is over. A document matches
    /// that is not deleted, has enough of the words and meets the conditions. It is `scored` by the lengths
    /// of documents, if that is asked for.
    pub(super) fn each(
        &self,
        snapshot: &Snapshot,
        segment: &Segment,
        scored: Option<(&Norms, Pass)>,
        deadline: &Deadline,
        mut visit: impl FnMut(Window<'_>) -> Result<()>,
    ) -> Result<()> {
        let (norms, pass) = (scored.map(|(norms, _)| norms), scored.map(|(_, pass)| pass));
        let open = |asked| Word::open(snapshot, segment, asked, pass, deadline);
        let mut words = self.words.iter().map(open).collect::<Result<Vec<_>>>()?;
        let matchers = |parts: &mut dyn Iterator<Item = &Part>| {
            parts.map(|part| part.matcher(segment, snapshot, deadline)).collect::<Result<Vec<_>>>()
        };
        let mut conditions = matchers(&mut self.conditions.iter().copied())?;
        let mut excluded = matchers(&mut self.excluded.iter())?;
        let alive = segment.reader.alive_bitset();
        let conditional = !conditions.is_empty() || !excluded.is_empty();
        let all_match = self.least <= 1 && alive.is_none() && !conditional;
        let mut sums = Box::new([Sum::default(); WINDOW]);
        let mut counts = Box::new(Counts {
            occurrences: [0; WINDOW],
            beyond: [0.0; WINDOW],
            inflected: [0; WINDOW],
        });
        loop {
            let first = words.iter().map(Word::doc).min().unwrap_or(TERMINATED);
            if first == TERMINATED || deadline.is_over() {
                return Ok(());
            }
            let start = first / 64 * 64;
            let mut marked = [0; WINDOW / 64];
            for word in &mut words {
                word.add(start, norms, &mut sums, &mut counts, &mut marked);
            }
            let mut matching = marked;
            if !all_match {
                each_place(&marked, |place| {
                    let doc = start + place as DocId;
                    let stands = |part: &mut Matcher| part.next(doc) == doc && part.confirm();
                    let matches = sums[place].words as usize >= self.least
                        && alive.is_none_or(|alive| alive.is_alive(doc))
                        && conditions.iter_mut().all(stands)
                        && !excluded.iter_mut().any(stands);
                    if !matches {
                        matching[place / 64] &= !(1 << (place % 64));
                    }
                });
            }
            // What excludes documents may have ended with the time, like all else.
            if deadline.was_met() {
                return Ok(());
            }
            visit(Window { start, matching: &matching, sums: &sums })?;
            each_place(&marked, |place| sums[place] = Sum::default());
        }
    }
}

impl Word {
    fn open(
        snapshot: &Snapshot,
        segment: &Segment,
        asked: &Asked<'_>,
        pass: Option<Pass>,
        deadline: &Deadline,
    ) -> Result<Word> {
        let others = |parts: &[Part]| {
            let each = parts.iter().map(|part| part.matcher(segment, snapshot, deadline));
            each.collect::<Result<Vec<_>>>()
        };
        let read = |terms: &Terms, worth, out: &mut Vec<_>| -> Result<()> {
            let lists = snapshot.blocks(segment, terms)?;
            out.extend(lists.into_iter().map(|blocks| List::new(blocks, worth)));
            Ok(())
        };
        let (mut all, mut placed) = (Vec::new(), Vec::new());
        let words = match asked {
            Asked::Word(words) => words,
            Asked::Pair(pair, weight) => {
                let of = |term| snapshot.term_in(segment, snapshot.fields.compound, term);
                let in_title = format!("{pair}{}", stream::IN_TITLE);
                read(&of(pair.clone())?, rank::worth(Place::Text, false), &mut all)?;
                read(&of(in_title)?, rank::worth(Place::Title, false), &mut placed)?;
                return Ok(Word { lists: all, placed, weight: *weight, others: Vec::new() });
            }
            Asked::Other(part) => {
                let others = others(slice::from_ref(part))?;
                return Ok(Word { lists: all, placed, weight: 0.0, others });
            }
        };
        let whole = rank::worth(Place::Text, false);
        match (pass, &words.form) {
            (Some(Pass::Best), Some(form)) => {
                read(&words.other_forms, whole, &mut all)?;
                all.iter_mut().for_each(|list| list.inflected = true);
                read(form, whole, &mut all)?;
            }
            _ => read(&words.text.whole, whole, &mut all)?,
        }
        read(&words.text.parts, rank::worth(Place::Text, true), &mut all)?;
        if !all.is_empty() {
            for (place, lists) in [(Place::Title, &words.title), (Place::Heading, &words.heading)] {
                read(&lists.whole, rank::worth(place, false), &mut placed)?;
                read(&lists.parts, rank::worth(place, true), &mut placed)?;
            }
        }
        let others = others(&words.apart)?;
        Ok(Word { lists: all, placed, weight: words.weight, others })
    }

    /// The first document that was not added.
    fn doc(&self) -> DocId {
        let lists = self.lists.iter().map(|list| list.doc);
        lists.chain(self.others.iter().map(Matcher::doc)).min().unwrap_or(TERMINATED)
    }

    /// Adds what stands in the documents of the window from `start` on, and marks them.
    fn add(
        &mut self,
        start: DocId,
        norms: Option<&Norms>,
        sums: &mut [Sum; WINDOW],
        Counts { occurrences, beyond, inflected }: &mut Counts,
        marked: &mut [u64; WINDOW / 64],
    ) {
        let end = start.saturating_add(WINDOW as DocId).min(TERMINATED);
        let mut here = [0; WINDOW / 64];
        for list in &mut self.lists {
            let (more, is_inflected) = (list.worth - 1.0, list.inflected);
            list.each_before(start, end, |place, count| {
                here[place / 64] |= 1 << (place % 64);
                occurrences[place] += count;
                if more != 0.0 {
                    beyond[place] += more * count as f32;
                }
                if is_inflected {
                    inflected[place] += count;
                }
            });
        }
        for list in &mut self.placed {
            let worth = list.worth;
            list.each_before(start, end, |place, count| {
                if here[place / 64] >> (place % 64) & 1 == 1 {
                    beyond[place] += worth * count as f32;
                }
            });
        }
        let weight = self.weight;
        each_place(&here, |place| {
            let occurrences = std::mem::take(&mut occurrences[place]);
            let beyond = std::mem::take(&mut beyond[place]);
            let frequency =
                rank::frequency(occurrences, beyond, std::mem::take(&mut inflected[place]));
            let sum = &mut sums[place];
            sum.words += 1;
            sum.matches += u64::from(occurrences);
            if let Some(norms) = norms {
                sum.score += rank::value(weight, frequency, norms.of(start + place as DocId));
            }
        });
        for other in &mut self.others {
            let mut doc = other.next(start);
            while doc < end {
                let place = (doc - start) as usize;
                if other.confirm() {
                    let sum = &mut sums[place];
                    let bit = 1 << (place % 64);
                    sum.words += u32::from(here[place / 64] & bit == 0);
                    here[place / 64] |= bit;
                    sum.matches += other.matches();
                    if let Some(norms) = norms {
                        sum.score += rank::score(other, norms, Pass::All);
                    }
                }
                doc = other.next(doc + 1);
            }
        }
        marked.iter_mut().zip(&here).for_each(|(all, here)| *all |= here);
    }
}

impl List {
    fn new(blocks: BlockSegmentPostings, worth: f32) -> List {
        let mut list = List { blocks, at: 0, doc: TERMINATED, worth, inflected: false };
        list.stand_at(0);
        list
    }

    fn stand_at(&mut self, place: usize) {
        self.at = place;
        self.doc = self.blocks.docs().get(place).copied().unwrap_or(TERMINATED);
    }

    /// Calls `visit` with the place in the window from `start` to `end` and the count of each document in
    /// it.
    fn each_before(&mut self, start: DocId, end: DocId, mut visit: impl FnMut(usize, u32)) {
        if self.doc < start {
            let place = self.blocks.seek(start);
            self.stand_at(place);
        }
        while self.doc < end {
            let docs = self.blocks.docs();
            let rest = docs.get(self.at..).unwrap_or_default();
            let inside = match docs.last() {
                Some(last) if *last < end => rest.len(),
                _ => rest.partition_point(|doc| *doc < end),
            };
            let counts = self.blocks.freqs().get(self.at..).unwrap_or_default();
            for (doc, count) in rest.iter().zip(counts).take(inside) {
                visit((*doc - start) as usize % WINDOW, *count);
            }
            if inside == rest.len() {
                self.blocks.advance();
                self.stand_at(0);
            } else {
                self.stand_at(self.at + inside);
            }
        }
    }
}
