//! Terms of an index, looked up once, and their lists in its segments.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, LazyLock};

use tantivy::DocId;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use super::forms::{self, Distinct};
use super::snapshot::{Segment, Snapshot};
use crate::analysis::stem_of_form;
use crate::{Error, Language};

/// Terms of a field, and where each segment has the list of each. Copies share them.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) field: Field,
    found: Arc<Found>,
}

/// A word where it is looked for: as it stands, and as a part of compounds.
#[derive(Debug, Clone)]
pub(crate) struct Lists {
    pub(crate) whole: Terms,
    pub(crate) parts: Terms,
}

impl Lists {
    /// Without parts of compounds, which are of the field `compound`.
    pub(crate) fn of(whole: Terms, compound: Field) -> Lists {
        Lists { whole, parts: Terms::none(compound) }
    }
}

#[derive(Debug, Clone, Default)]
struct Found {
    names: Vec<String>,
    /// For each name its list in each segment, in the order of the segments.
    lists: Vec<Option<TermInfo>>,
}

impl Terms {
    pub(crate) fn none(field: Field) -> Terms {
        static NONE: LazyLock<Arc<Found>> = LazyLock::new(Arc::default);
        Terms { field, found: NONE.clone() }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.found.names
    }

    /// The terms, each with its lists.
    fn each(&self) -> impl Iterator<Item = (&String, &[Option<TermInfo>])> {
        let Found { names, lists } = &*self.found;
        let segments = lists.len() / names.len().max(1);
        names.iter().zip(lists.chunks(segments.max(1)))
    }

    fn add(&mut self, name: &str, lists: &[Option<TermInfo>]) {
        let found = Arc::make_mut(&mut self.found);
        found.names.push(name.to_owned());
        found.lists.extend_from_slice(lists);
    }

    /// Those of the terms that are `wanted`.
    pub(crate) fn chosen(&self, wanted: impl Fn(&str) -> bool) -> Terms {
        self.kept(|name, _| wanted(name))
    }

    /// Them parted by what `key` makes of their names.
    pub(crate) fn parted<'a, K: Ord>(&'a self, key: impl Fn(&'a str) -> K) -> BTreeMap<K, Terms> {
        let mut parted = BTreeMap::new();
        for (name, lists) in self.each() {
            let part = parted.entry(key(name)).or_insert_with(|| Terms::none(self.field));
            part.add(name, lists);
        }
        parted
    }

    /// Those that stand somewhere.
    pub(crate) fn known(&self) -> Terms {
        self.kept(|_, lists| lists.iter().any(Option::is_some))
    }

    fn kept(&self, wanted: impl Fn(&str, &[Option<TermInfo>]) -> bool) -> Terms {
        let mut kept = Terms::none(self.field);
        for (name, lists) in self.each().filter(|(name, lists)| wanted(name, lists)) {
            kept.add(name, lists);
        }
        kept
    }

    /// Those and these, which are of the same field.
    pub(crate) fn extend(&mut self, others: Terms) {
        if self.names().is_empty() {
            self.found = others.found;
        } else {
            others.each().for_each(|(name, lists)| self.add(name, lists));
        }
    }

    /// In how many documents they stand, each counted by itself; those that were deleted count until they
    /// are merged away.
    pub(crate) fn documents(&self) -> u64 {
        self.found.lists.iter().flatten().map(|list| u64::from(list.doc_freq)).sum()
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
        let dictionaries = self.segments.iter().map(|segment| self.dictionary(segment, field));
        let dictionaries = dictionaries.collect::<Result<Vec<_>, _>>()?;
        let mut found = Found::default();
        for name in names {
            for dictionary in &dictionaries {
                let list = dictionary.get(name.as_bytes());
                found.lists.push(list.map_err(|error| self.error(error.into()))?);
            }
            found.names.push(name);
        }
        Ok(Terms { field, found: Arc::new(found) })
    }

    /// Looks a term up for the use in one segment alone.
    pub(crate) fn term_in(
        &self,
        segment: &Segment,
        field: Field,
        name: String,
    ) -> Result<Terms, Error> {
        let list = self.dictionary(segment, field)?.get(name.as_bytes());
        let mut lists = vec![None; self.segments.len()];
        if let Some(place) = lists.get_mut(segment.number) {
            *place = list.map_err(|error| self.error(error.into()))?;
        }
        Ok(Terms { field, found: Arc::new(Found { names: vec![name], lists }) })
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
        let documents: io::Result<Vec<Option<u64>>> = self.segments.iter().map(of).collect();
        let documents = documents.map_err(|error| self.error(error.into()))?;
        let mut terms = self.terms(self.fields.exact, forms)?.known();
        let itself = forms::term_of(language, stem, (stem, false));
        let itself = self.terms(self.fields.exact, [itself])?.known();
        if !itself.names().is_empty() && stem_of_form(language, stem) == stem {
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
            let mut lists = terms.iter().flat_map(|terms| terms.of(segment));
            if let (Some(list), None) = (lists.next(), lists.next()) {
                documents += u64::from(list.doc_freq);
                continue;
            }
            let mut distinct = Distinct::below(segment.reader.max_doc());
            for terms in terms {
                self.each_document(segment, terms, |doc| distinct.add(doc))?;
            }
            documents += distinct.take();
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
        let index = self.dictionary(segment, terms.field)?.index();
        forms::each_document(index, terms.of(segment), visit)
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
            let index = self.dictionary(segment, terms.field)?.index();
            for term in terms.of(segment) {
                lists.push(open(index, term).map_err(|error| self.error(error.into()))?);
            }
        }
        Ok(lists)
    }
}
