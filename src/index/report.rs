//! What an index says of itself and of its updates, as plain data.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::Isolation;

/// How an update is done.
#[derive(Clone)]
pub struct UpdateOptions {
    /// The memory that the update may use, in bytes; at least 64 MiB are used. Default 256 MiB.
    pub memory: usize,
    /// The threads that read and analyse; 0 (the default) means one for each core.
    pub threads: usize,
    /// Told how far the update is, now and then, from any thread.
    pub progress: Option<Observer>,
    /// Ends the update before its commit.
    pub cancel: Option<CancelToken>,
    /// Whether more than half of the files (and more than 20) may be gone from the folder; without
    /// it that is [`Error::Vanished`](crate::Error::Vanished). Default: false.
    pub delete_vanished: bool,
    /// Where files of complex formats are read. Default: in this process.
    pub isolation: Isolation,
    /// Whether an index on a network file system is one without a word in the report. Default:
    /// false.
    pub allow_network_fs: bool,
}

impl Default for UpdateOptions {
    fn default() -> UpdateOptions {
        UpdateOptions {
            memory: 256 << 20,
            threads: 0,
            progress: None,
            cancel: None,
            delete_vanished: false,
            isolation: Isolation::InProcess,
            allow_network_fs: false,
        }
    }
}

impl UpdateOptions {
    /// The number of threads, where 0 has become one for each core.
    pub(super) fn threads_meant(&self) -> usize {
        match self.threads {
            0 => thread::available_parallelism().map_or(1, |cores| cores.get()),
            threads => threads,
        }
    }
}

/// Told how far an update is, from any thread.
pub type Observer = Arc<dyn Fn(&Progress) + Send + Sync>;

/// How far an update is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// Files read so far, of those that are to be read.
    pub files_done: u64,
    /// Files that are to be read.
    pub files_total: u64,
    /// Bytes of these files read so far.
    pub bytes_done: u64,
    /// Bytes of all files that are to be read.
    pub bytes_total: u64,
}

/// What an update is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looking for files that have changed.
    Walking,
    /// Reading and analysing them.
    Reading,
    /// Writing the index.
    Writing,
}

/// Asks work that is under way to end; clones ask the same work.
///
/// ```
/// let token = polidex::CancelToken::new();
/// let seen_by_the_update = token.clone();
/// token.cancel();
/// assert!(seen_by_the_update.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Asks the work to end.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work has been asked to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UpdateReport {
    /// Articles that were not there before.
    pub added: u64,
    /// Articles whose file has changed.
    pub changed: u64,
    /// Articles whose file has not changed.
    pub unchanged: u64,
    /// Articles that are gone.
    pub removed: u64,
    /// Files that were passed over.
    pub skipped: u64,
    /// Files that could not be read.
    pub failed: u64,
    /// Articles in the index now.
    pub articles: u64,
    /// Bytes of files read by this update.
    pub bytes_read: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// The generation of the index now.
    pub generation: u64,
    /// Whether anything was written.
    pub committed: bool,
    /// Every file of the corpus that is not wholly in the index, by path.
    pub problems: Vec<Problem>,
    /// What endangers the index where it lies, a sentence each.
    pub warnings: Vec<String>,
    /// What the steps of the update took.
    pub profile: UpdateProfile,
}

/// How long the steps of an update took. Those of reading to writing are sums over the threads, and
/// so may be more than the whole update took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UpdateProfile {
    /// Looking for files that have changed, and comparing them with what the index knows.
    pub walk: Duration,
    /// Reading files from the disk, and their hashes.
    pub read: Duration,
    /// Making articles of files: text, blocks, language, date and the other facts. Time that
    /// worker processes take is in it.
    pub extract: Duration,
    /// Making tokens, sketches and records of articles.
    pub analyse: Duration,
    /// Handing these to the writers of segments, which work at the same time: waiting for them.
    pub write: Duration,
    /// Finishing segments, merging and making all of it durable.
    pub commit: Duration,
}

impl UpdateProfile {
    /// The steps by name, in order.
    pub fn steps(&self) -> [(&'static str, Duration); 6] {
        [
            ("walk", self.walk),
            ("read", self.read),
            ("extract", self.extract),
            ("analyse", self.analyse),
            ("write", self.write),
            ("commit", self.commit),
        ]
    }

    /// Adds what another thread took.
    pub(super) fn add(&mut self, other: &UpdateProfile) {
        self.walk += other.walk;
        self.read += other.read;
        self.extract += other.extract;
        self.analyse += other.analyse;
        self.write += other.write;
        self.commit += other.commit;
    }
}

/// A file that is not wholly in the index, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file's path in the corpus.
    pub path: String,
    /// How much of it is missing.
    pub kind: ProblemKind,
    /// Why.
    pub reason: String,
}

/// How much of a file is missing from the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It was passed over.
    Skipped,
    /// It could not be read.
    Failed,
    /// Some of it could not be read; the rest is there.
    Partial,
}

impl ProblemKind {
    /// The name as in JSON: `skipped`, `failed`, `partial`.
    pub fn name(&self) -> &'static str {
        match self {
            ProblemKind::Skipped => "skipped",
            ProblemKind::Failed => "failed",
            ProblemKind::Partial => "partial",
        }
    }
}

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// The folder that it was made from, if it was made from one.
    pub corpus: Option<PathBuf>,
    /// Where it stands, if it is not in memory.
    pub location: Option<PathBuf>,
    /// The number of articles.
    pub articles: u64,
    /// The number of files known, those without an article included.
    pub files: u64,
    /// The articles' canonical texts, in bytes.
    pub text_bytes: u64,
    /// The index on disk, in bytes.
    pub index_bytes: u64,
    /// The number of segments.
    pub segments: u64,
    /// The generation; it grows by one with each commit.
    pub generation: u64,
    /// Articles by language, most first; `und` is unknown.
    pub languages: Vec<(String, u64)>,
    /// Articles by kind, most first; the empty kind is unknown.
    pub kinds: Vec<(String, u64)>,
    /// Files by format, most first.
    pub formats: Vec<(String, u64)>,
    /// Articles by year of publication, in order; the empty year is unknown.
    pub years: Vec<(String, u64)>,
    /// Every file that is not wholly in the index, by path.
    pub problems: Vec<Problem>,
    /// What endangers the index where it lies, a sentence each.
    pub warnings: Vec<String>,
}

/// What a check of an index found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// The files of the index that were read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The articles that were read back.
    pub articles: u64,
    /// What does not hold, a sentence each; empty for a sound index.
    pub damage: Vec<String>,
    /// Files in the folder of the index that are not of it, by name: put there by somebody else, or
    /// left by an update that was killed, in which case the next one removes them. No damage.
    pub extra: Vec<String>,
}

/// What became of an index that was to be repaired.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepairReport {
    /// What the check found that came first. Where it found no damage, nothing else was done.
    pub check: CheckReport,
    /// Where the damaged index is now; none if there was no damage.
    pub aside: Option<PathBuf>,
    /// What went into the new index.
    pub update: UpdateReport,
    /// How many articles were in the damaged index that a program had given; they are in no folder
    /// and so not in the new one.
    pub lost: u64,
}
