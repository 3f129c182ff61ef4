//! A session of writing to an index: documents in, documents out, one commit.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{io, iter};

use tantivy::directory::error::LockError;
use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexWriter, SegmentMeta, TantivyDocument, TantivyError, Term};

use super::directory::Trouble;
use super::document::Document;
use super::flight::Flight;
use super::report::UpdateOptions;
use super::schema::Fields;
use super::{Index, Payload, check};
use crate::{Error, Result};

/// The least memory that an update works with, in bytes.
const LEAST_MEMORY: usize = 64 << 20;

/// The least memory that the engine takes for one writing thread, in bytes.
const LEAST_BUDGET: usize = 15_000_000;

/// Of so many threads that read and analyse, one more writes what they give it. More take the
/// processors from these, and leave more segments to be merged.
const THREADS_A_WRITER: usize = 2;

/// More threads than this writing segments gain nothing and cost segments.
const MOST_WRITERS: usize = 4;

/// How long a process that was killed may take to let go of the second of its two locks.
const DYING: Duration = Duration::from_secs(2);

/// One session of writing, from its first document to its commit.
pub(super) struct Session<'a> {
    pub(super) fields: Fields,
    writer: IndexWriter<TantivyDocument>,
    flight: Arc<Flight>,
    trouble: Trouble,
    operations: AtomicU64,
    index: &'a Index,
    /// The segments that there were before.
    before: HashSet<SegmentId>,
    /// What the update may take, in bytes.
    memory: u64,
    /// About how many bytes on the disk the session needs, where that is known.
    needed: Option<u64>,
}

impl<'a> Session<'a> {
    pub(super) fn open(
        index: &'a Index,
        options: &UpdateOptions,
        needed: Option<u64>,
    ) -> Result<Session<'a>> {
        let memory = options.memory.max(LEAST_MEMORY);
        let flight = Arc::new(Flight::new(memory / 16));
        let trouble = Trouble::default();
        let (engine, fields) =
            index.engine_or_new(index.directory(trouble.clone())?, Some(flight.clone()))?;
        // The engine needs about as much again while it writes a segment out.
        let budget = memory * 3 / 8;
        let writers = options.threads_meant().div_ceil(THREADS_A_WRITER).min(MOST_WRITERS);
        let threads = writers.min(budget / LEAST_BUDGET).max(1);
        let start = Instant::now();
        let writer = loop {
            match engine.writer_with_num_threads(threads, budget) {
                // Whoever holds the lock of the index may write; a process that was killed lets go
                // of that and of the engine's one after the other.
                Err(TantivyError::LockFailure(LockError::LockBusy, _))
                    if start.elapsed() < DYING =>
                {
                    sleep(Duration::from_millis(20));
                }
                opened => break opened.map_err(|error| index.error(error))?,
            }
        };
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let before = engine.searchable_segment_ids().map_err(|error| index.error(error))?;
        let before = before.into_iter().collect();
        let session = Session {
            fields,
            writer,
            flight,
            trouble,
            operations: AtomicU64::new(0),
            index,
            before,
            memory: memory as u64,
            needed,
        };
        // A run that was killed may have left files under names that this one is about to use.
        let swept = session.writer.garbage_collect_files().wait();
        swept.map_err(|error| session.error(error))?;
        Ok(session)
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
        let path = self.index.shown_place();
        let trouble = self.trouble.error();
        let full = trouble.as_ref().is_some_and(|error| {
            matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        });
        if full || self.index.has_no_room() {
            return Error::DiskFull { path, needed: self.needed, free: None };
        }
        match trouble {
            Some(error) => super::io_error_of(path, &error),
            None => super::error_of(path, error),
        }
    }

    pub(super) fn commit(&mut self, payload: &Payload) -> Result<()> {
        let text = serde_json::to_string(payload)
            .map_err(|error| Error::io(self.index.shown_place(), error.into()))?;
        let committed = self.writer.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&text);
            prepared.commit()
        });
        committed.map_err(|error| self.error(error))?;
        self.merge()
    }

    /// Merges small segments: opening an index costs by their number. A merge has the dictionaries of what
    /// it merges in memory, and so has a bound.
    fn merge(&mut self) -> Result<()> {
        let engine = self.writer.index();
        let mut segments = engine.searchable_segment_metas().map_err(|error| self.error(error))?;
        segments.sort_by_key(|segment| (segment.num_docs(), segment.id()));
        // What is not there takes no room.
        let of_file = |file: PathBuf| self.index.size_of(&file).unwrap_or_default();
        let is_dictionary = |file: &PathBuf| file.extension().is_some_and(|it| it == "term");
        let size = |segment| {
            let files = check::files_of(engine, segment).into_iter();
            files.filter(is_dictionary).map(of_file).sum::<u64>()
        };
        let sizes: Vec<u64> = segments.iter().map(size).collect();
        // Those of what comes out are as large again.
        let bound = self.memory / 2;
        let groups: Vec<Vec<SegmentId>> =
            groups(&sizes, bound).map(|group| self.to_merge(&segments[group])).collect();
        // The engine keeps the files of every segment that somebody still holds.
        drop(segments);
        for group in groups.into_iter().filter(|group| !group.is_empty()) {
            let merged = self.writer.merge(&group).wait();
            merged.map_err(|error| self.error(error))?;
        }
        self.writer.garbage_collect_files().wait().map(drop).map_err(|error| self.error(error))
    }

    /// Which of these segments, the smallest first, to merge into one: those that are new or small
    /// beside what comes before them, those before them, and those that many documents have left.
    fn to_merge(&self, segments: &[SegmentMeta]) -> Vec<SegmentId> {
        let (mut merged, mut documents) = (0, 0);
        for (number, segment) in segments.iter().enumerate() {
            let holes = f64::from(segment.num_deleted_docs()) > 0.2 * f64::from(segment.max_doc());
            let new = number > 0 && !self.before.contains(&segment.id());
            if segment.num_docs() <= 2 * documents || holes || new {
                merged = number + 1;
            }
            documents += segment.num_docs();
        }
        segments[..merged].iter().map(SegmentMeta::id).collect()
    }
}

/// Parts things of these sizes, in their order, into groups of which none but those of one is greater
/// than `bound`.
fn groups(sizes: &[u64], bound: u64) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    iter::from_fn(move || {
        let first = start;
        let mut sum = *sizes.get(first)?;
        start += 1;
        while let Some(size) = sizes.get(start)
            && sum + size <= bound
        {
            sum += size;
            start += 1;
        }
        Some(first..start)
    })
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.trouble.end();
    }
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn a_group_is_as_large_as_its_bound_lets_it_be() {
        let sizes = [1, 2, 3, 10, 4, 4, 1];
        let found: Vec<_> = groups(&sizes, 8).collect();
        assert_eq!(found, [0..3, 3..4, 4..6, 6..7]);
        assert_eq!(groups(&sizes, 25).map(|group| group.len()).collect::<Vec<_>>(), [7]);
        assert_eq!(groups(&[], 8).next(), None);
    }
}
