//! One commit of an index, open for reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tantivy::postings::{BlockSegmentPostings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, ReloadPolicy, SegmentReader, Term};

use super::Payload;
use super::forms::Forms;
use super::integrity::Documents;
use super::record::Head;
use super::schema::Fields;
use super::segment::Articles;
use crate::{Error, Language};

/// One commit of an index; what it reads does not change under it.
pub(crate) struct Snapshot {
    pub(crate) fields: Fields,
    pub(crate) payload: Payload,
    pub(crate) segments: Vec<Segment>,
    location: PathBuf,
}

/// A segment, its articles and the forms of its words.
pub(crate) struct Segment {
    pub(crate) reader: SegmentReader,
    pub(crate) forms: Forms,
    pub(crate) articles: Articles,
}

impl Snapshot {
    pub(super) fn open(
        engine: &tantivy::Index,
        fields: Fields,
        payload: Payload,
        location: Option<&Path>,
    ) -> tantivy::Result<Snapshot> {
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let segments = reader
            .searcher()
            .segment_readers()
            .iter()
            .map(|reader| {
                Ok(Segment {
                    reader: reader.clone(),
                    forms: Forms::open(reader)?,
                    articles: Articles::open(reader)?,
                })
            })
            .collect::<tantivy::Result<_>>()?;
        let location = location.unwrap_or(Path::new("index in memory")).to_path_buf();
        Ok(Snapshot { fields, payload, segments, location })
    }

    /// How many documents each segment holds, by its name.
    pub(super) fn documents(&self) -> BTreeMap<String, Documents> {
        let of = |segment: &Segment| {
            let reader = &segment.reader;
            let documents = Documents { all: reader.max_doc(), deleted: reader.num_deleted_docs() };
            (reader.segment_id().uuid_string(), documents)
        };
        self.segments.iter().map(of).collect()
    }

    /// The languages that articles of the index are written in; some may have left it.
    pub(crate) fn languages(&self) -> Vec<Language> {
        self.payload.languages.iter().filter_map(|code| code.parse().ok()).collect()
    }

    /// How many documents have a term; those that were deleted count until they are merged away.
    pub(crate) fn documents_with(&self, field: Field, term: &str) -> Result<u64, Error> {
        let term = Term::from_field_text(field, term);
        let mut documents = 0;
        for segment in &self.segments {
            let index = segment.reader.inverted_index(field).map_err(|error| self.error(error))?;
            let count = index.doc_freq(&term).map_err(|error| self.error(error.into()))?;
            documents += u64::from(count);
        }
        Ok(documents)
    }

    /// In how many documents any of these terms stands; those that were deleted count until they are
    /// merged away.
    pub(crate) fn documents_with_any(&self, terms: &[(Field, &[String])]) -> Result<u64, Error> {
        let mut all = terms.iter().flat_map(|(field, terms)| terms.iter().map(|it| (*field, it)));
        if let (Some((field, term)), None) = (all.next(), all.next()) {
            return self.documents_with(field, term);
        }
        let mut documents = 0;
        for segment in &self.segments {
            let mut marked = vec![0u64; segment.reader.max_doc() as usize / 64 + 1];
            for (field, terms) in terms {
                self.each_document(segment, *field, terms, |doc| {
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
        field: Field,
        terms: &[String],
        mut visit: impl FnMut(DocId),
    ) -> Result<(), Error> {
        let index = segment.reader.inverted_index(field).map_err(|error| self.error(error))?;
        for term in terms {
            let term = Term::from_field_text(field, term);
            let list = index.read_block_postings(&term, IndexRecordOption::Basic);
            let Some(mut list) = list.map_err(|error| self.error(error.into()))? else { continue };
            while !list.docs().is_empty() {
                list.docs().iter().for_each(|doc| visit(*doc));
                list.advance();
            }
        }
        Ok(())
    }

    /// The lists of these terms in a segment, of those that it has.
    pub(crate) fn lists(
        &self,
        segment: &Segment,
        field: Field,
        terms: &[String],
        option: IndexRecordOption,
    ) -> Result<Vec<SegmentPostings>, Error> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        // Lists are large: a vector that grew would move them.
        let mut lists = Vec::with_capacity(terms.len());
        let index = segment.reader.inverted_index(field).map_err(|error| self.error(error))?;
        for term in terms {
            let list = index.read_postings(&Term::from_field_text(field, term), option);
            lists.extend(list.map_err(|error| self.error(error.into()))?);
        }
        Ok(lists)
    }

    /// The same with counts alone, a block at a time.
    pub(crate) fn blocks(
        &self,
        segment: &Segment,
        field: Field,
        terms: &[String],
    ) -> Result<Vec<BlockSegmentPostings>, Error> {
        let mut lists = Vec::with_capacity(terms.len());
        if terms.is_empty() {
            return Ok(lists);
        }
        let index = segment.reader.inverted_index(field).map_err(|error| self.error(error))?;
        for term in terms {
            let term = Term::from_field_text(field, term);
            let list = index.read_block_postings(&term, IndexRecordOption::WithFreqs);
            lists.extend(list.map_err(|error| self.error(error.into()))?);
        }
        Ok(lists)
    }

    /// What `read` gives of the document with this number in the segment with this number.
    pub(crate) fn read<'s, T>(
        &'s self,
        (segment, doc): (usize, DocId),
        read: impl FnOnce(&'s Articles, DocId) -> Option<T>,
    ) -> Result<T, Error> {
        let segment = self.segments.get(segment);
        segment
            .and_then(|segment| read(&segment.articles, doc))
            .ok_or_else(|| self.damaged("a record cannot be read"))
    }

    /// The number of articles.
    pub(crate) fn article_count(&self) -> u64 {
        self.heads()
            .filter(|head| head.as_ref().is_ok_and(|(_, _, head)| head.role.is_article()))
            .count() as u64
    }

    /// Every live document, with what it stands for.
    pub(crate) fn heads(&self) -> impl Iterator<Item = Result<(&Segment, DocId, Head), Error>> {
        self.segments.iter().flat_map(move |segment| {
            segment.reader.doc_ids_alive().map(move |doc| {
                let head = segment
                    .articles
                    .head(doc)
                    .ok_or_else(|| self.damaged("a record cannot be read"))?;
                Ok((segment, doc, head))
            })
        })
    }

    pub(crate) fn damaged(&self, detail: &str) -> Error {
        Error::Damaged { path: self.location.clone(), detail: detail.to_owned() }
    }

    pub(crate) fn error(&self, error: tantivy::TantivyError) -> Error {
        super::error_of(self.location.clone(), error)
    }
}
