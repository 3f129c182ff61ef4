//! Groups: near-copies in the whole of a result, folded under the one that comes first.
//!
//! A group is what is a copy of the article that comes first, so that groups do not grow into each
//! other by way of chains. Where a segment says that a document has no copy in it, none is looked for.
//! While leaders are few, each article is compared with all of them. Of many, candidates are found by
//! locality-sensitive hashing of the sketches (Leskovec, Rajaraman, Ullman: "Mining of Massive
//! Datasets", §3.4): two articles are compared only where they agree in a band, which is two
//! neighbouring bins, so that half of an article within a longer one may be missed.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;

use super::candidate::{Candidate, settle};
use super::documents::{Documents, each_bit};
use super::visit::Place;
use crate::Result;
use crate::analysis::sketch::BAND_BITS;
use crate::index::copies::LEAST_WORDS;
use crate::index::print::Print;
use crate::index::segment::Articles;
use crate::index::snapshot::Snapshot;

/// Of a text of fewer words so many bins are empty that every band counts.
const FEW_WORDS: u32 = 100;

/// So many leaders are compared with each article of a result.
const FEW_LEADERS: usize = 64;

/// So many leaders are compared with each candidate for the hits, so that pages agree as far as this.
const FEW_WANTED: usize = 1024;

/// A near-copy of a hit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copy {
    pub(super) segment: usize,
    pub(super) doc: DocId,
    pub(super) similarity: f32,
}

/// A document with its print.
#[derive(Clone, Copy)]
struct Known<'s> {
    segment: usize,
    print: Print<'s>,
}

impl Known<'_> {
    /// How similar two articles are if one is a copy of the other.
    fn copy_of(&self, other: &Known<'_>) -> Option<f32> {
        if self.segment == other.segment && (self.print.apart || other.print.apart) {
            return None;
        }
        self.print.copy_of(&other.print)
    }
}

/// The articles that lead groups, in their order, to be asked whether one is a copy of them.
struct Leaders<'s> {
    known: Vec<Known<'s>>,
    /// What finds candidates among them; without it, all are.
    bands: Option<Bands>,
}

impl<'s> Leaders<'s> {
    fn few() -> Leaders<'s> {
        Leaders { known: Vec::new(), bands: None }
    }

    fn many() -> Leaders<'s> {
        Leaders { known: Vec::new(), bands: Some(Bands::new()) }
    }

    fn add(&mut self, known: Known<'s>) {
        if let Some(bands) = &mut self.bands {
            bands.add(self.known.len() as u32, &known.print);
        }
        self.known.push(known);
    }

    /// The first leader that this is a copy of, and how similar they are.
    fn find(&mut self, it: &Known<'_>) -> Option<(usize, f32)> {
        let similarity = |leader: usize| it.copy_of(self.known.get(leader)?);
        match &mut self.bands {
            None => (0..self.known.len()).find_map(|at| Some((at, similarity(at)?))),
            Some(bands) => bands
                .candidates(&it.print)
                .iter()
                .find_map(|&leader| Some((leader as usize, similarity(leader as usize)?))),
        }
    }
}

/// Leaders by the bands of their sketches, and by their hashes.
struct Bands {
    /// A bit for each beginning of a band that there can be, and one for each band: most bands of most
    /// articles are no leader's, and the first table lies in the nearest memory.
    begun: [u64; 1 << (BAND_BITS - 8 - 6)],
    present: Vec<u64>,
    /// For each band of a leader, the last of its entries in `entries`.
    bands: FxHashMap<u32, u32>,
    /// A leader, and the entry before it of the same band.
    entries: Vec<(u32, Option<u32>)>,
    /// The first leader with this hash.
    same: FxHashMap<u64, u32>,
    /// Kept for its memory.
    candidates: Vec<u32>,
}

impl Bands {
    fn new() -> Bands {
        Bands {
            begun: [0; 1 << (BAND_BITS - 8 - 6)],
            present: vec![0; 1 << (BAND_BITS - 6)],
            bands: FxHashMap::default(),
            entries: Vec::new(),
            same: FxHashMap::default(),
            candidates: Vec::new(),
        }
    }

    fn add(&mut self, leader: u32, print: &Print<'_>) {
        let Bands { begun, present, bands, entries, .. } = self;
        if print.sketch.words >= LEAST_WORDS {
            for band in print.sketch.bands(true) {
                set(begun, band >> 8);
                set(present, band);
                let before = bands.insert(band, entries.len() as u32);
                entries.push((leader, before));
            }
        }
        self.same.entry(print.hash).or_insert(leader);
    }

    /// The leaders that this may be a copy of, in their order.
    fn candidates(&mut self, print: &Print<'_>) -> &[u32] {
        let Bands { begun, present, bands, entries, same, candidates } = self;
        candidates.clear();
        candidates.extend(same.get(&print.hash));
        for band in print.sketch.bands(print.sketch.words < FEW_WORDS) {
            if !is_set(begun, band >> 8) || !is_set(present, band) {
                continue;
            }
            let mut entry = bands.get(&band).copied();
            while let Some((leader, before)) = entry.and_then(|at| entries.get(at as usize)) {
                candidates.push(*leader);
                entry = *before;
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }
}

fn set(bits: &mut [u64], bit: u32) {
    if let Some(word) = bits.get_mut(bit as usize / 64) {
        *word |= 1 << (bit % 64);
    }
}

fn is_set(bits: &[u64], bit: u32) -> bool {
    bits.get(bit as usize / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

fn known(snapshot: &Snapshot, place: Place) -> Result<Known<'_>> {
    let print = snapshot.read(place, Articles::print)?;
    Ok(Known { segment: place.0, print })
}

/// Folds candidates, sorted by their keys, under the first before them that they are copies of; at
/// most `wanted` are left, in order.
pub(super) fn fold(
    snapshot: &Snapshot,
    mut candidates: Vec<Candidate>,
    wanted: usize,
) -> Result<Vec<Candidate>> {
    let mut leaders = if wanted <= FEW_WANTED { Leaders::few() } else { Leaders::many() };
    let mut found: Vec<Candidate> = Vec::new();
    let mut settled = 0;
    for number in 0..candidates.len() {
        // Behind the last that is wanted, the order decides nothing.
        if number == settled && found.len() < wanted {
            settled = settle(snapshot, &mut candidates, number)?;
        }
        let Some(candidate) = candidates.get_mut(number).map(std::mem::take) else { break };
        let known = known(snapshot, candidate.place())?;
        if let Some((leader, similarity)) = leaders.find(&known) {
            let (segment, doc) = candidate.place();
            if let Some(leader) = found.get_mut(leader) {
                leader.copies.push(Copy { segment, doc, similarity });
            }
        } else if found.len() < wanted {
            leaders.add(known);
            found.push(candidate);
        }
    }
    Ok(found)
}

/// Folds what is in `all` and was not among the candidates that `leading` were folded from (`folded`)
/// under the first of these that it is a copy of.
pub(super) fn gather(
    snapshot: &Snapshot,
    leading: &mut [Candidate],
    all: &Documents,
    folded: &FxHashSet<Place>,
) -> Result<()> {
    let few = leading.len() <= FEW_LEADERS;
    let mut leaders = if few { Leaders::few() } else { Leaders::many() };
    for candidate in leading.iter() {
        leaders.add(known(snapshot, candidate.place())?);
    }
    for (segment, docs) in all.segments() {
        // Of leaders and articles of one segment, none that is apart is a copy.
        let all_here = leaders.known.iter().all(|leader| leader.segment == segment);
        if all_here && leaders.known.iter().all(|leader| leader.print.apart) {
            continue;
        }
        let many =
            docs.iter().map(|bits| bits.count_ones() as usize).sum::<usize>() > 8 * docs.len();
        let left = match snapshot.segments.get(segment).filter(|_| all_here && many) {
            Some(segment) => {
                let apart = segment.articles.apart();
                let apart = apart.ok_or_else(|| snapshot.damaged("a record cannot be read"))?;
                Cow::Owned(docs.iter().zip(apart).map(|(docs, apart)| docs & !apart).collect())
            }
            None => Cow::Borrowed(docs),
        };
        for place in each_bit(&left).map(|doc| (segment, doc)) {
            if all_here && !many && snapshot.read(place, Articles::is_apart)? {
                continue;
            }
            if let Some((leader, similarity)) = leaders.find(&known(snapshot, place)?)
                && !folded.contains(&place)
                && let Some(leader) = leading.get_mut(leader)
            {
                let (segment, doc) = place;
                leader.copies.push(Copy { segment, doc, similarity });
            }
        }
    }
    Ok(())
}

/// For each of these articles, in their order, whether it is no copy of one before it that is none.
pub(super) fn leads(snapshot: &Snapshot, places: impl Iterator<Item = Place>) -> Result<Vec<bool>> {
    let mut leaders = Leaders::many();
    let whole = snapshot.segments.len() == 1;
    places
        .map(|place| {
            let known = known(snapshot, place)?;
            if whole && known.print.apart {
                return Ok(true);
            }
            let leads = leaders.find(&known).is_none();
            if leads {
                leaders.add(known);
            }
            Ok(leads)
        })
        .collect()
}

/// Puts the earliest of each group in its leader's place in the order; what has no date, or whose
/// date is not known to be earlier, does not take it. Gives the numbers of those that changed.
pub(super) fn lead_by_date(snapshot: &Snapshot, leading: &mut [Candidate]) -> Result<Vec<usize>> {
    let mut changed = Vec::new();
    let last_day = |place: Place| -> Result<i32> {
        let glance = snapshot.read(place, Articles::glance)?;
        Ok(glance.date().map_or(i32::MAX, |date| date.last_day()))
    };
    for (number, leader) in leading.iter_mut().enumerate() {
        let mut earliest = (last_day(leader.place())?, None);
        for (at, copy) in leader.copies.iter().enumerate() {
            let day = last_day((copy.segment, copy.doc))?;
            if day < earliest.0 {
                earliest = (day, Some(at));
            }
        }
        let Some(at) = earliest.1 else { continue };
        let Some(copy) = leader.copies.get(at).copied() else { continue };
        let (segment, doc) = leader.swap_place((copy.segment, copy.doc));
        if let Some(copy) = leader.copies.get_mut(at) {
            (copy.segment, copy.doc) = (segment, doc);
        }
        let head = known(snapshot, leader.place())?.print;
        for copy in &mut leader.copies {
            let other = known(snapshot, (copy.segment, copy.doc))?.print;
            copy.similarity =
                if head.hash == other.hash { 1.0 } else { head.sketch.similarity(&other.sketch) };
        }
        changed.push(number);
    }
    Ok(changed)
}
