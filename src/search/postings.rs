//! Postings of several terms read as one: the variants of a word.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// The documents, counts and positions of a set of terms in one segment.
#[derive(Default)]
pub(crate) struct Union {
    /// Those of words as they stand, then those of words that are part of a compound.
    lists: Vec<SegmentPostings>,
    /// The number of the former.
    whole: usize,
    doc: DocId,
    documents: u32,
}

impl Union {
    /// Of words as they stand, and of words that are part of a compound; no two terms stand at
    /// one position.
    pub(crate) fn new(mut lists: Vec<SegmentPostings>, parts: Vec<SegmentPostings>) -> Union {
        let whole = lists.len();
        lists.extend(parts);
        let documents = lists.iter().map(SegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let doc = lists.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        Union { lists, whole, doc, documents }
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
            self.doc = match &mut self.lists[..] {
                [list] => list.seek(target),
                lists => lists
                    .iter_mut()
                    .map(|list| if list.doc() < target { list.seek(target) } else { list.doc() })
                    .min()
                    .unwrap_or(TERMINATED),
            };
        }
        self.doc
    }

    /// How many documents have any of the terms; those that were deleted count until they are
    /// merged away.
    pub(crate) fn documents(mut self) -> u64 {
        if self.lists.len() < 2 {
            return self.documents.into();
        }
        let mut count = 0;
        while self.doc != TERMINATED {
            count += 1;
            self.next(self.doc + 1);
        }
        count
    }

    /// How often the terms stand in the current document.
    pub(crate) fn count(&self) -> u32 {
        self.here().map(Postings::term_freq).sum()
    }

    /// How many of these are part of a compound.
    pub(crate) fn count_in_compounds(&self) -> u32 {
        let parts = self.lists.get(self.whole..).unwrap_or_default().iter();
        parts.filter(|list| list.doc() == self.doc).map(Postings::term_freq).sum()
    }

    fn here(&self) -> impl Iterator<Item = &SegmentPostings> {
        self.lists.iter().filter(|list| list.doc() == self.doc)
    }

    /// Where the terms stand in the current document, ascending.
    pub(crate) fn positions(&mut self, out: &mut Vec<u32>) {
        out.clear();
        let mut lists = 0;
        for list in self.lists.iter_mut().filter(|list| list.doc() == self.doc) {
            list.append_positions_with_offset(0, out);
            lists += 1;
        }
        if lists > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }
}
