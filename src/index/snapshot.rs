//! One commit of an index, open for reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::schema::Field;
use tantivy::{DocId, ReloadPolicy, SegmentReader};

use super::Payload;
use super::dictionary::{Dictionaries, Dictionary};
use super::directory::GuardedDirectory;
use super::forms::Forms;
use super::integrity::Documents;
use super::record::Head;
use super::schema::Fields;
use super::segment::Articles;
use super::words::Words;
use crate::analysis::Stems;
use crate::{Error, Language};

/// So many words are remembered from one search to the next.
const MOST_STEMS: usize = 10_000;

/// One commit of an index; what it reads does not change under it.
pub(crate) struct Snapshot {
    pub(crate) fields: Fields,
    pub(crate) payload: Payload,
    pub(crate) segments: Vec<Segment>,
    location: PathBuf,
    /// What is known of the words that were asked for last, while no search has it.
    stems: Mutex<Stems>,
    pub(super) words: Words,
}

/// A segment, its dictionaries, its articles and the forms of its words.
pub(crate) struct Segment {
    /// Its place among the segments of the snapshot.
    pub(crate) number: usize,
    pub(crate) reader: SegmentReader,
    pub(crate) dictionaries: Dictionaries,
    pub(crate) forms: Forms,
    pub(crate) articles: Articles,
}

impl Snapshot {
    pub(super) fn open(
        engine: &tantivy::Index,
        directory: &GuardedDirectory,
        fields: Fields,
        payload: Payload,
        location: Option<&Path>,
    ) -> tantivy::Result<Snapshot> {
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let segments = reader
            .searcher()
            .segment_readers()
            .iter()
            .enumerate()
            .map(|(number, reader)| {
                Ok(Segment {
                    number,
                    reader: reader.clone(),
                    dictionaries: Dictionaries::open(reader, directory)?,
                    forms: Forms::open(reader, directory)?,
                    articles: Articles::open(reader, directory)?,
                })
            })
            .collect::<tantivy::Result<_>>()?;
        let location = location.unwrap_or(Path::new("index in memory")).to_path_buf();
        Ok(Snapshot {
            fields,
            payload,
            segments,
            location,
            stems: Mutex::default(),
            words: Words::default(),
        })
    }

    /// What is known of the words of searches before; of none if another search is at work with it.
    pub(crate) fn take_stems(&self) -> Stems {
        std::mem::take(&mut *self.stems.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what is known of words for the next search, unless it has become too much.
    pub(crate) fn keep_stems(&self, stems: Stems) {
        if stems.count() <= MOST_STEMS {
            *self.stems.lock().unwrap_or_else(PoisonError::into_inner) = stems;
        }
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

    /// The dictionary of a field of a segment.
    pub(crate) fn dictionary<'s>(
        &self,
        segment: &'s Segment,
        field: Field,
    ) -> Result<&'s Dictionary, Error> {
        segment.dictionaries.of(field).map_err(|error| self.error(error))
    }

    pub(crate) fn damaged(&self, detail: &str) -> Error {
        Error::Damaged { path: self.location.clone(), detail: detail.to_owned() }
    }

    pub(crate) fn error(&self, error: tantivy::TantivyError) -> Error {
        super::error_of(self.location.clone(), error)
    }
}
