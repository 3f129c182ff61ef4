//! A set of documents, a bit for each: all that matches.

use tantivy::DocId;

use super::visit::Place;
use crate::index::snapshot::Snapshot;

#[derive(Debug, Default)]
pub(super) struct Documents {
    /// For each segment, the bits of its documents.
    segments: Vec<Vec<u64>>,
}

impl Documents {
    /// None yet, of those that a snapshot has.
    pub(super) fn none_of(snapshot: &Snapshot) -> Documents {
        let words = |documents: u32| vec![0; documents.div_ceil(64) as usize];
        let segments = snapshot.segments.iter().map(|segment| words(segment.reader.max_doc()));
        Documents { segments: segments.collect() }
    }

    pub(super) fn insert(&mut self, (segment, doc): Place) {
        let bits = self.segments.get_mut(segment);
        if let Some(bits) = bits.and_then(|bits| bits.get_mut(doc as usize / 64)) {
            *bits |= 1 << (doc % 64);
        }
    }

    /// Adds the documents of a segment whose bits these are, the first that of document `start`, which
    /// is a multiple of 64.
    pub(super) fn insert_all(&mut self, segment: usize, start: DocId, bits: &[u64]) {
        let all = self.segments.get_mut(segment).into_iter().flatten();
        all.skip(start as usize / 64).zip(bits).for_each(|(all, bits)| *all |= bits);
    }

    /// The bits of each segment, with its number.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, &[u64])> {
        self.segments.iter().map(Vec::as_slice).enumerate()
    }

    /// All of them, in the order of the index.
    pub(super) fn iter(&self) -> impl Iterator<Item = Place> {
        self.segments().flat_map(|(segment, bits)| each_bit(bits).map(move |doc| (segment, doc)))
    }
}

/// The numbers of the bits that are set.
pub(super) fn each_bit(bits: &[u64]) -> impl Iterator<Item = DocId> {
    bits.iter()
        .enumerate()
        .flat_map(|(number, bits)| ones(*bits).map(move |bit| number as DocId * 64 + bit))
}

/// The numbers of the bits of a word that are set.
pub(super) fn ones(bits: u64) -> impl Iterator<Item = u32> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let bit = (left != 0).then(|| left.trailing_zeros())?;
        left &= left - 1;
        Some(bit)
    })
}
