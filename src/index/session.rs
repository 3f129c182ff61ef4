//! A session of writing to an index: documents in, documents out, one commit.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::directory::Trouble;
use super::document::Document;
use super::flight::Flight;
use super::report::UpdateOptions;
use super::schema::Fields;
use super::{Index, Payload};
use crate::{Error, Result};

/// The least memory that an update works with, in bytes.
const LEAST_MEMORY: usize = 64 << 20;

/// The least memory that the engine takes for one writing thread, in bytes.
const LEAST_BUDGET: usize = 15_000_000;

/// More threads than this writing segments gain nothing and cost segments.
const MOST_WRITERS: usize = 4;

/// One session of writing, from its first document to its commit.
pub(super) struct Session {
    pub(super) fields: Fields,
    writer: IndexWriter<TantivyDocument>,
    flight: Arc<Flight>,
    trouble: Trouble,
    operations: AtomicU64,
    place: std::path::PathBuf,
}

impl Session {
    pub(super) fn open(index: &Index, options: &UpdateOptions) -> Result<Session> {
        let memory = options.memory.max(LEAST_MEMORY);
        let flight = Arc::new(Flight::new(memory / 16));
        let trouble = Trouble::default();
        let (engine, fields) = index.engine_or_new(Some(flight.clone()), trouble.clone())?;
        // The engine needs about as much again while it writes a segment out.
        let budget = memory * 3 / 8;
        let threads = options.threads_meant().min(MOST_WRITERS).min(budget / LEAST_BUDGET).max(1);
        let writer =
            engine.writer_with_num_threads(threads, budget).map_err(|error| index.error(error))?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Session {
            fields,
            writer,
            flight,
            trouble,
            operations: AtomicU64::new(0),
            place: index.shown_place(),
        })
    }

    /// Takes away everything that came from a file.
    pub(super) fn forget(&self, file: &str) {
        self.operations.fetch_add(1, Ordering::Relaxed);
        self.writer.delete_term(Term::from_field_text(self.fields.file, file));
    }

    pub(super) fn forget_article(&self, path: &str) {
        self.operations.fetch_add(1, Ordering::Relaxed);
        self.writer.delete_term(Term::from_field_text(self.fields.path, path));
    }

    pub(super) fn add(&self, document: Document) -> Result<()> {
        self.operations.fetch_add(1, Ordering::Relaxed);
        self.flight.take_off(document.bytes);
        self.writer.add_document(document.document).map(drop).map_err(|error| self.error(error))
    }

    pub(super) fn wrote(&self) -> bool {
        self.operations.load(Ordering::Relaxed) > 0
    }

    /// The error in the words of its cause, which the engine does not always tell.
    fn error(&self, error: tantivy::TantivyError) -> Error {
        match self.trouble.kind() {
            Some(io::ErrorKind::StorageFull) => Error::DiskFull { path: self.place.clone() },
            Some(kind) => Error::io(&self.place, io::Error::from(kind)),
            None => super::error_of(self.place.clone(), error),
        }
    }

    pub(super) fn commit(&mut self, payload: &Payload) -> Result<()> {
        let text =
            serde_json::to_string(payload).map_err(|error| Error::io(&self.place, error.into()))?;
        let committed = self.writer.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&text);
            prepared.commit()
        });
        committed.map_err(|error| self.error(error))?;
        self.merge()
    }

    /// Merges small segments: opening an index costs by their number.
    fn merge(&mut self) -> Result<()> {
        let mut segments =
            self.writer.index().searchable_segment_metas().map_err(|error| self.error(error))?;
        segments.sort_by_key(|segment| (segment.num_docs(), segment.id()));
        let (mut merged, mut documents) = (0, 0);
        for (number, segment) in segments.iter().enumerate() {
            let holes = f64::from(segment.num_deleted_docs()) > 0.2 * f64::from(segment.max_doc());
            if segment.num_docs() <= 2 * documents || holes {
                merged = number + 1;
            }
            documents += segment.num_docs();
        }
        let ids: Vec<_> = segments[..merged].iter().map(|segment| segment.id()).collect();
        // The engine keeps the files of every segment that somebody still holds.
        drop(segments);
        if !ids.is_empty() {
            let merged = self.writer.merge(&ids).wait();
            merged.map_err(|error| self.error(error))?;
        }
        self.writer.garbage_collect_files().wait().map(drop).map_err(|error| self.error(error))
    }
}
