//! Terms of an index, looked up once, and their lists in its segments.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use tantivy::DocId;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use super::forms;
use super::snapshot::{Segment, Snapshot};
use crate::analysis::stem_of_form;
use crate::analysis::stream::form_term;
use crate::{Error, Language};

/// Terms of a field, and where each segment has the list of each.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) field: Field,
    pub(crate) names: Vec<String>,
    /// For each name its list in each segment, in the order of the segments.
    lists: Vec<Option<TermInfo>>,
}

impl Terms {
    pub(crate) fn none(field: Field) -> Terms {
        Terms { field, names: Vec::new(), lists: Vec::new() }
    }

    /// The terms, each with its lists.
    fn each(&self) -> impl Iterator<Item = (&String, &[Option<TermInfo>])> {
        let segments = self.lists.len() / self.names.len().max(1);
        self.names.iter().zip(self.lists.chunks(segments.max(1)))
    }

    /// Those of the terms that are `wanted`.
    pub(crate) fn chosen(&self, wanted: impl Fn(&str) -> bool) -> Terms {
        let mut chosen = Terms::none(self.field);
        for (name, lists) in self.each().filter(|(name, _)| wanted(name)) {
            chosen.names.push(name.clone());
            chosen.lists.extend_from_slice(lists);
        }
        chosen
    }

    /// Those and these, which are of the same field.
    pub(crate) fn extend(&mut self, others: Terms) {
        self.names.extend(others.names);
        self.lists.extend(others.lists);
    }

    /// In how many documents they stand, each counted by itself; those that were deleted count until they
    /// are merged away.
    pub(crate) fn documents(&self) -> u64 {
        self.lists.iter().flatten().map(|list| u64::from(list.doc_freq)).sum()
    }

    /// The lists of a segment.
    fn of(&self, segment: &Segment) -> impl Iterator<Item = &TermInfo> {
        let number = segment.number;
        self.each().filter_map(move |(_, lists)| lists.get(number)?.as_ref())
    }
}

impl Snapshot {
    /// Looks terms up; those that stand nowhere have no lists.
    pub(crate) fn terms(
        &self,
        field: Field,
        names: impl IntoIterator<Item = String>,
    ) -> Result<Terms, Error> {
        self.looked_up(field, names, true)
    }

    /// The same without those that stand nowhere.
    pub(crate) fn known_terms(
        &self,
        field: Field,
        names: impl IntoIterator<Item = String>,
    ) -> Result<Terms, Error> {
        self.looked_up(field, names, false)
    }

    fn looked_up(
        &self,
        field: Field,
        names: impl IntoIterator<Item = String>,
        unknown: bool,
    ) -> Result<Terms, Error> {
        let indexes = self.segments.iter().map(|segment| self.inverted_index(segment, field));
        let indexes = indexes.collect::<Result<Vec<_>, _>>()?;
        let mut terms = Terms::none(field);
        for name in names {
            let end = terms.lists.len();
            for index in &indexes {
                let list = index.terms().get(name.as_bytes());
                terms.lists.push(list.map_err(|error| self.error(error.into()))?);
            }
            if unknown || terms.lists.iter().skip(end).any(Option::is_some) {
                terms.names.push(name);
            } else {
                terms.lists.truncate(end);
            }
        }
        Ok(terms)
    }

    /// The terms of all forms that have this stem, and in how many documents any of them stands; those
    /// that were deleted count until they are merged away.
    pub(crate) fn inflections(
        &self,
        language: Language,
        stem: &str,
    ) -> Result<(Terms, u64), Error> {
        let mut forms = BTreeSet::new();
        let of = |segment: &Segment| segment.forms.of_stem(language, stem, &mut forms);
        let documents: Vec<Option<u64>> = self.segments.iter().map(of).collect();
        let mut terms = self.known_terms(self.fields.exact, forms)?;
        let mut itself = String::new();
        form_term(stem, language, None, &mut itself);
        let itself = self.known_terms(self.fields.exact, [itself])?;
        if !itself.names.is_empty() && stem_of_form(language, stem) == stem {
            terms.extend(itself);
        }
        // Where no number is known there is one list at most.
        let in_lists = |segment| terms.of(segment).map(|list| u64::from(list.doc_freq)).sum();
        let each = self.segments.iter().zip(documents);
        let documents =
            each.map(|(segment, known)| known.unwrap_or_else(|| in_lists(segment))).sum();
        Ok((terms, documents))
    }

    /// In how many documents any of these terms stands; those that were deleted count until they are
    /// merged away.
    pub(crate) fn documents_with_any(&self, terms: &[&Terms]) -> Result<u64, Error> {
        let mut documents = 0;
        for segment in &self.segments {
            let lists = terms.iter().flat_map(|terms| terms.of(segment));
            let (count, all) = lists
                .fold((0, 0), |(count, all), list| (count + 1, all + u64::from(list.doc_freq)));
            if count < 2 {
                documents += all;
                continue;
            }
            let words = segment.reader.max_doc() as usize / 64 + 1;
            // A bit for each document of the segment is more than these few are.
            if all < words as u64 {
                let mut found = Vec::with_capacity(all as usize);
                for terms in terms {
                    self.each_document(segment, terms, |doc| found.push(doc))?;
                }
                found.sort_unstable();
                found.dedup();
                documents += found.len() as u64;
                continue;
            }
            let mut marked = vec![0u64; words];
            for terms in terms {
                self.each_document(segment, terms, |doc| {
                    if let Some(bits) = marked.get_mut(doc as usize / 64) {
                        *bits |= 1 << (doc % 64);
                    }
                })?;
            }
            documents += marked.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>();
        }
        Ok(documents)
    }

    /// Calls `visit` for each document of a segment in which one of these terms stands, in the order of
    /// the index, term by term.
    pub(crate) fn each_document(
        &self,
        segment: &Segment,
        terms: &Terms,
        visit: impl FnMut(DocId),
    ) -> Result<(), Error> {
        let index = self.inverted_index(segment, terms.field)?;
        forms::each_document(&index, terms.of(segment), visit)
            .map_err(|error| self.error(error.into()))
    }

    /// The lists of these terms in a segment, of those that it has.
    pub(crate) fn lists(
        &self,
        segment: &Segment,
        terms: &Terms,
        option: IndexRecordOption,
    ) -> Result<Vec<SegmentPostings>, Error> {
        self.opened(segment, terms, |index, term| index.read_postings_from_terminfo(term, option))
    }

    /// The same with counts alone, a block at a time.
    pub(crate) fn blocks(
        &self,
        segment: &Segment,
        terms: &Terms,
    ) -> Result<Vec<BlockSegmentPostings>, Error> {
        let option = IndexRecordOption::WithFreqs;
        self.opened(segment, terms, |index, term| {
            index.read_block_postings_from_terminfo(term, option)
        })
    }

    fn opened<T>(
        &self,
        segment: &Segment,
        terms: &Terms,
        open: impl Fn(&InvertedIndexReader, &TermInfo) -> io::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let count = terms.of(segment).count();
        // Lists are large: a vector that grew would move them.
        let mut lists = Vec::with_capacity(count);
        if count > 0 {
            let index = self.inverted_index(segment, terms.field)?;
            for term in terms.of(segment) {
                lists.push(open(&index, term).map_err(|error| self.error(error.into()))?);
            }
        }
        Ok(lists)
    }

    fn inverted_index(
        &self,
        segment: &Segment,
        field: Field,
    ) -> Result<Arc<InvertedIndexReader>, Error> {
        segment.reader.inverted_index(field).map_err(|error| self.error(error))
    }
}
