//! Postings of several terms read as one: the variants of a word.
//!
//! Several lists are gone through a window of documents at a time: each list marks its documents in
//! it and adds its counts, so that a step costs the same however many variants there are. Where steps
//! leap over windows, the lists are asked one by one instead.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// The greatest number of documents in a window; the windows of sparse steps are smaller.
const WINDOW: usize = 4096;

/// The least.
const LEAST_WINDOW: usize = 64;

/// Where a window takes more postings than this for each step, seeking in the lists is less work.
const MOST_TAKEN: u32 = 16;

/// The documents, counts and positions of a set of terms in one segment.
#[derive(Default)]
pub(crate) struct Union {
    /// Those of words as they stand, then those of words that are part of a compound.
    lists: Vec<SegmentPostings>,
    /// The number of the former.
    whole: usize,
    doc: DocId,
    documents: u32,
    /// Where there are several lists, what stands in the next documents.
    window: Option<Box<Window>>,
    /// Instead of lists, the documents that are left, the last first.
    left: Vec<DocId>,
}

/// What several lists have in the documents from `start` on; the lists stand behind these. Of no size
/// where the lists stand at their next documents.
struct Window {
    /// The lists once more, for the positions of documents that the others have passed; none before the
    /// first window.
    behind: Vec<SegmentPostings>,
    start: DocId,
    size: usize,
    /// How many postings it has taken, and how many steps it has served.
    taken: u32,
    steps: u32,
    /// A bit for each document.
    marked: [u64; WINDOW / 64],
    counts: Vec<u32>,
    in_compounds: Vec<u32>,
}

impl Union {
    /// Of words as they stand, and of words that are part of a compound; no two terms stand at
    /// one position.
    pub(crate) fn new(mut lists: Vec<SegmentPostings>, parts: Vec<SegmentPostings>) -> Union {
        let whole = lists.len();
        lists.extend(parts);
        let documents = lists.iter().map(SegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let doc = lists.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        let window = (lists.len() > 1).then(|| {
            Box::new(Window {
                behind: Vec::new(),
                start: doc,
                size: 0,
                taken: 0,
                steps: 0,
                marked: [0; WINDOW / 64],
                counts: Vec::new(),
                in_compounds: Vec::new(),
            })
        });
        Union { lists, whole, doc, documents, window, left: Vec::new() }
    }

    /// Of terms that have no positions: their documents. A list of its own for each of a hundred thousand
    /// paths would take hundreds of megabytes.
    pub(crate) fn listed(mut documents: Vec<DocId>) -> Union {
        documents.sort_unstable_by(|a, b| b.cmp(a));
        documents.dedup();
        Union {
            doc: documents.last().copied().unwrap_or(TERMINATED),
            documents: documents.len() as u32,
            left: documents,
            ..Union::default()
        }
    }

    pub(crate) fn doc(&self) -> DocId {
        self.doc
    }

    /// At most so many documents are left.
    pub(crate) fn cost(&self) -> u32 {
        self.documents
    }

    /// Goes to the first document at or behind `target`; never back.
    pub(crate) fn next(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = match (&mut self.window, &mut self.lists[..]) {
                (None, [list]) => list.seek(target),
                (None, _) => {
                    let passed = self.left.iter().rev().take_while(|doc| **doc < target).count();
                    self.left.truncate(self.left.len() - passed);
                    self.left.last().copied().unwrap_or(TERMINATED)
                }
                (Some(window), _) => {
                    window.steps += 1;
                    match window.next(target) {
                        Some(doc) => doc,
                        None => self.open(target),
                    }
                }
            };
        }
        self.doc
    }

    /// Goes to the first document at or behind `target`, and opens a window there unless the step leaps.
    fn open(&mut self, target: DocId) -> DocId {
        let Some(window) = &mut self.window else { return TERMINATED };
        let to = |list: &mut SegmentPostings| {
            if list.doc() < target { list.seek(target) } else { list.doc() }
        };
        let start = self.lists.iter_mut().map(to).min().unwrap_or(TERMINATED);
        window.clear();
        let leapt = target as usize > window.start as usize + 2 * window.size.max(LEAST_WINDOW)
            || window.taken > MOST_TAKEN * window.steps;
        (window.taken, window.steps) = (0, 0);
        window.size = if leapt { 0 } else { (2 * window.size).clamp(LEAST_WINDOW, WINDOW) };
        window.start = start;
        if leapt || start == TERMINATED {
            return start;
        }
        if window.behind.is_empty() {
            window.behind.clone_from(&self.lists);
        }
        if window.counts.len() < window.size {
            window.counts.resize(window.size, 0);
            let parts = if self.whole < self.lists.len() { window.size } else { 0 };
            window.in_compounds.resize(parts, 0);
        }
        let end = start.saturating_add(window.size as u32).min(TERMINATED);
        for (number, list) in self.lists.iter_mut().enumerate() {
            let mut doc = list.doc();
            while doc < end {
                let place = (doc - start) as usize % WINDOW;
                let count = list.term_freq();
                window.marked[place / 64] |= 1 << (place % 64);
                window.counts[place] += count;
                window.taken += 1;
                if number >= self.whole {
                    window.in_compounds[place] += count;
                }
                doc = list.advance();
            }
        }
        start
    }

    /// How often the terms stand in the current document.
    pub(crate) fn count(&self) -> u32 {
        match &self.window {
            Some(window) if window.size > 0 => window.at(&window.counts, self.doc),
            _ => self.here(0).map(Postings::term_freq).sum(),
        }
    }

    /// How many of these are part of a compound.
    pub(crate) fn count_in_compounds(&self) -> u32 {
        match &self.window {
            Some(window) if window.size > 0 => window.at(&window.in_compounds, self.doc),
            _ => self.here(self.whole).map(Postings::term_freq).sum(),
        }
    }

    /// The lists from number `first` on that stand at the current document.
    fn here(&self, first: usize) -> impl Iterator<Item = &SegmentPostings> {
        let lists = self.lists.get(first..).unwrap_or_default();
        lists.iter().filter(|list| list.doc() == self.doc)
    }

    /// Where the terms stand in the current document, ascending.
    pub(crate) fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let doc = self.doc;
        let lists = match &mut self.window {
            Some(window) if window.size > 0 => &mut window.behind,
            _ => &mut self.lists,
        };
        let mut found = 0;
        for list in lists {
            if list.doc() < doc {
                list.seek(doc);
            }
            if list.doc() == doc {
                list.append_positions_with_offset(0, out);
                found += 1;
            }
        }
        if found > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }
}

/// How often the terms of a set stand in documents that are known from elsewhere.
#[derive(Default)]
pub(crate) struct Counts {
    /// Those of words as they stand, then those of words that are part of a compound.
    lists: Vec<SegmentPostings>,
    /// The number of the former.
    whole: usize,
}

impl Counts {
    pub(crate) fn new(mut lists: Vec<SegmentPostings>, parts: Vec<SegmentPostings>) -> Counts {
        let whole = lists.len();
        lists.extend(parts);
        Counts { lists, whole }
    }

    /// How often the terms stand in a document, and how often of these as part of a compound. Documents
    /// are asked for in order.
    pub(crate) fn at(&mut self, doc: DocId) -> (u32, u32) {
        let (mut all, mut in_compounds) = (0, 0);
        for (number, list) in self.lists.iter_mut().enumerate() {
            if list.doc() < doc {
                list.seek(doc);
            }
            if list.doc() == doc {
                all += list.term_freq();
                in_compounds += if number < self.whole { 0 } else { list.term_freq() };
            }
        }
        (all, in_compounds)
    }
}

impl Window {
    /// The first document in the window at or behind `target`.
    fn next(&self, target: DocId) -> Option<DocId> {
        let from = target.checked_sub(self.start)? as usize;
        let marked = self.marked.get(..self.size.div_ceil(64))?;
        let first = marked.get(from / 64)? & (!0 << (from % 64));
        let place = match first {
            0 => {
                let rest = marked.get(from / 64 + 1..)?;
                let word = rest.iter().position(|bits| *bits != 0)?;
                (from / 64 + 1 + word) * 64 + rest.get(word)?.trailing_zeros() as usize
            }
            bits => from / 64 * 64 + bits.trailing_zeros() as usize,
        };
        Some(self.start + place as u32)
    }

    fn at(&self, counts: &[u32], doc: DocId) -> u32 {
        let place = doc.checked_sub(self.start).map(|place| place as usize);
        place.and_then(|place| counts.get(place)).copied().unwrap_or(0)
    }

    fn clear(&mut self) {
        let words = self.size.div_ceil(64);
        for (word, bits) in self.marked.iter_mut().enumerate().take(words) {
            if std::mem::take(bits) != 0 {
                let places = word * 64..(word + 1) * 64;
                if let Some(counts) = self.counts.get_mut(places.clone()) {
                    counts.fill(0);
                }
                if let Some(counts) = self.in_compounds.get_mut(places) {
                    counts.fill(0);
                }
            }
        }
    }
}
