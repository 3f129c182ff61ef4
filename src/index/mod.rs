//! The index of a corpus: on disk or in memory, at its last commit whatever happens.

mod bytes;
mod check;
pub(crate) mod copies;
mod dictionary;
mod directory;
mod document;
mod filesystem;
mod flight;
pub(crate) mod forms;
pub(crate) mod glance;
mod integrity;
mod key;
mod lock;
mod map;
mod pages;
mod payload;
pub(crate) mod print;
pub(crate) mod record;
mod repair;
mod replace;
mod report;
pub(crate) mod schema;
pub(crate) mod segment;
mod session;
#[cfg(any(test, feature = "torture"))]
pub mod simulated;
pub(crate) mod snapshot;
mod space;
mod status;
mod sweep;
pub(crate) mod terms;
pub(crate) mod texts;
mod trust;
mod update;
mod verified;
#[cfg(unix)]
mod window;
pub(crate) mod words;
mod work;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{Directory, MmapDirectory, RamDirectory};

pub(crate) use document::{ARTICLE_TERM, facet_term, shown_hash};
pub use report::{
    CancelToken, CheckReport, Observer, Phase, Problem, ProblemKind, Progress, RepairReport,
    Status, UpdateOptions, UpdateProfile, UpdateReport,
};

use crate::analysis::ANALYZER_VERSION;
use crate::corpus::CorpusOptions;
use crate::corpus::fields::FieldNames;
use crate::search::Searcher;
use crate::{Error, Result};
use directory::{GuardedDirectory, Trouble, same_error};
use flight::Flight;
use forms::FormsPlugin;
use schema::{FORMAT_VERSION, Fields};
use segment::ArticlesPlugin;
use snapshot::Snapshot;

/// The engine's root file; a folder that has one is an index.
const ROOT_FILE: &str = "meta.json";

/// How often reading starts again because a commit was made meanwhile.
const MOST_ATTEMPTS: usize = 100;

/// An index of articles.
///
/// One process writes to it at a time; any number read it, each the commit that was the last when
/// it asked for its [`Searcher`].
///
/// ```
/// use polidex::{Article, Block, BlockKind, Index, Query, SearchOptions};
///
/// let index = Index::in_memory()?;
/// let text = Block::new(BlockKind::Paragraph, "They spoke of digital sovereignty.");
/// index.add([Article::new("notes/1", vec![text])])?;
/// let found = index
///     .searcher()?
///     .search(&Query::parse("\"digital sovereignty\"")?, &SearchOptions::default())?;
/// assert_eq!(found.articles, 1);
/// # Ok::<(), polidex::Error>(())
/// ```
pub struct Index {
    place: Place,
}

enum Place {
    Disk(PathBuf),
    Memory(Box<dyn Directory>, lock::InProcess),
}

/// What a commit says of the whole index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Payload {
    format: u32,
    analyzer: u32,
    pub(crate) generation: u64,
    pub(crate) corpus: Option<PathBuf>,
    /// What of that folder belongs to the corpus.
    pub(crate) options: CorpusOptions,
    /// What it calls the fields of its records.
    #[serde(default)]
    pub(crate) fields: FieldNames,
    /// The languages of all articles that were ever in the index.
    pub(crate) languages: Vec<String>,
    /// The number of articles that were given by a program.
    pub(crate) given: u64,
}

impl Payload {
    fn new() -> Payload {
        Payload {
            format: FORMAT_VERSION,
            analyzer: ANALYZER_VERSION,
            generation: 0,
            corpus: None,
            options: CorpusOptions::default(),
            fields: FieldNames::default(),
            languages: Vec::new(),
            given: 0,
        }
    }

    fn version(&self) -> String {
        format!("{}.{}", self.format, self.analyzer)
    }
}

impl Index {
    /// Opens the index in the folder `dir`.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::IndexVersion`], [`Error::Damaged`], [`Error::Io`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Index> {
        if !dir.as_ref().exists() {
            return Err(Error::NoIndex { path: dir.as_ref().to_path_buf() });
        }
        let index = Index { place: Place::Disk(dir.as_ref().to_path_buf()) };
        index.payload()?;
        Ok(index)
    }

    /// Opens the index in the folder `dir`, or makes an empty one there.
    ///
    /// Errors: those of [`Index::open`] but [`Error::NoIndex`]; [`Error::Option`] where the folder
    /// holds other files.
    pub fn create(dir: impl AsRef<Path>) -> Result<Index> {
        let dir = dir.as_ref();
        if !Index::exists(dir) {
            std::fs::create_dir_all(dir).map_err(|error| Error::io(dir, error))?;
            let mut entries = std::fs::read_dir(dir).map_err(|error| Error::io(dir, error))?;
            let foreign = entries.find_map(|entry| {
                let name = entry.ok()?.file_name();
                // A run that was killed before its first commit leaves the engine's hidden files.
                let shown = name.to_string_lossy();
                let ours = shown.starts_with('.')
                    || integrity::is_manifest(&shown)
                    || name == lock::FILE_NAME;
                (!ours).then_some(name)
            });
            if let Some(name) = foreign {
                return Err(Error::Option {
                    option: "index",
                    reason: format!(
                        "{} holds other files ({}); give an empty or a new folder",
                        dir.display(),
                        name.to_string_lossy()
                    ),
                });
            }
        }
        let index = Index { place: Place::Disk(dir.to_path_buf()) };
        index.regular(Path::new(ROOT_FILE))?;
        index.engine_or_new(index.directory(Trouble::default())?, None)?;
        index.payload()?;
        Ok(index)
    }

    /// An empty index in memory, for tests and short-lived tools.
    pub fn in_memory() -> Result<Index> {
        Ok(Index::on(Box::new(RamDirectory::create())))
    }

    fn on(directory: Box<dyn Directory>) -> Index {
        Index { place: Place::Memory(directory, lock::InProcess::default()) }
    }

    /// Whether there is an index in the folder `dir`, sound or damaged.
    pub fn exists(dir: impl AsRef<Path>) -> bool {
        let dir = dir.as_ref();
        dir.join(ROOT_FILE).is_file()
            || integrity::all_in(dir).iter().any(|(_, manifest)| !manifest.segments.is_empty())
    }

    /// A searcher over the last commit.
    ///
    /// Errors: those of [`Index::open`].
    pub fn searcher(&self) -> Result<Searcher> {
        Ok(Searcher::new(Arc::new(self.snapshot()?)))
    }

    /// Where the index stands, if it is not in memory.
    pub fn location(&self) -> Option<&Path> {
        match &self.place {
            Place::Disk(dir) => Some(dir),
            Place::Memory(..) => None,
        }
    }

    /// The folder that the index was made from, if it was made from one.
    ///
    /// Errors: those of [`Index::open`].
    pub fn corpus(&self) -> Result<Option<PathBuf>> {
        Ok(self.payload()?.corpus)
    }

    /// The name of the file system that the index lies on, such as `NFS`, if it is one that a network
    /// or a program stands behind: files there may change under a reader, and locks not hold. None
    /// where that cannot be told.
    pub fn network_file_system(&self) -> Option<&'static str> {
        self.location().and_then(filesystem::network)
    }

    /// The options of the corpus that the index was last updated with; the defaults if there was
    /// none.
    ///
    /// Errors: those of [`Index::open`].
    pub fn corpus_options(&self) -> Result<CorpusOptions> {
        Ok(self.payload()?.options)
    }

    /// The last commit, opened. A commit or a merge that comes in between takes files away that were
    /// to be opened, or puts others under the name of the commit before; then it is tried again.
    fn snapshot(&self) -> Result<Snapshot> {
        let mut attempts = 0;
        loop {
            let root = self.root()?;
            // A damaged file can make the engine panic where it opens one.
            let opened = catch_unwind(AssertUnwindSafe(|| self.snapshot_of(root.as_deref())));
            attempts += 1;
            match opened.unwrap_or_else(|_| Err(self.damaged("a file's structure does not hold"))) {
                // A commit meanwhile takes away files of the one before.
                Err(Error::Damaged { .. } | Error::Io { .. })
                    if attempts < MOST_ATTEMPTS
                        && !self.holds(root.as_deref().unwrap_or_default()) => {}
                opened => return opened,
            }
        }
    }

    /// The commit that has this root file, once it has passed the quick check.
    fn snapshot_of(&self, root: Option<&[u8]>) -> Result<Snapshot> {
        let directory = self.directory(Trouble::default())?;
        let open = |payload| {
            let (engine, fields) = self.engine_or_new(directory.clone(), None)?;
            Snapshot::open(&engine, &directory, fields, payload, self.location())
                .map_err(|error| self.error(error))
        };
        let Some(root) = root else { return open(Payload::new()) };
        let payload = self.payload_of(root)?;
        let manifest = self.quick_check(&directory, root)?;
        let snapshot = open(payload)?;
        match snapshot.documents() == manifest.segments {
            true => Ok(snapshot),
            false => Err(self.damaged("a segment has another number of documents")),
        }
    }

    fn directory(&self, trouble: Trouble) -> Result<GuardedDirectory> {
        let inner: Box<dyn Directory> = match &self.place {
            Place::Memory(directory, _) => directory.clone(),
            Place::Disk(dir) => {
                if let Some(detail) = directory::strange(dir)? {
                    return Err(self.damaged(detail));
                }
                let opened = MmapDirectory::open(dir);
                Box::new(opened.map_err(|error| match std::fs::metadata(dir) {
                    Err(cause) => Error::io(dir, cause),
                    Ok(_) => self.error(error.into()),
                })?)
            }
        };
        Ok(GuardedDirectory::new(inner, self.location(), trouble))
    }

    /// The engine over this index's files, made new where there are none. A session that writes
    /// takes one of its own: two that write in turn lose track of each other's files.
    fn engine_or_new(
        &self,
        mut directory: GuardedDirectory,
        flight: Option<Arc<Flight>>,
    ) -> Result<(tantivy::Index, Fields)> {
        let (schema, fields) = schema::schema();
        directory.windowed = flight.is_some();
        let articles = Arc::new(ArticlesPlugin { record: fields.record, flight });
        let forms = Arc::new(FormsPlugin { exact: fields.exact });
        let exists =
            directory.exists(Path::new(ROOT_FILE)).map_err(|error| self.error(error.into()))?;
        let engine = if exists {
            tantivy::Index::open(directory).map(|mut engine| {
                engine.register_plugin(articles);
                engine.register_plugin(forms);
                engine.set_tokenizers(schema::tokenizers());
                engine
            })
        } else {
            tantivy::Index::builder()
                .schema(schema)
                .settings(schema::settings())
                .tokenizers(schema::tokenizers())
                .register_plugin(articles)
                .register_plugin(forms)
                .open_or_create(directory)
        };
        Ok((engine.map_err(|error| self.error(error))?, fields))
    }

    /// The root file of the last commit; none before the first of an index in memory.
    fn root(&self) -> Result<Option<Vec<u8>>> {
        self.regular(Path::new(ROOT_FILE))?;
        match self.directory(Trouble::default())?.atomic_read(Path::new(ROOT_FILE)) {
            Ok(root) => Ok(Some(root)),
            Err(OpenReadError::FileDoesNotExist(_)) => match &self.place {
                Place::Disk(dir) if Index::exists(dir) => {
                    Err(self.damaged(format!("{ROOT_FILE} is missing")))
                }
                Place::Disk(dir) => Err(Error::NoIndex { path: dir.clone() }),
                Place::Memory(..) => Ok(None),
            },
            Err(error) => Err(self.error(error.into())),
        }
    }

    /// What the last commit says of the index.
    fn payload(&self) -> Result<Payload> {
        self.root()?.map_or_else(|| Ok(Payload::new()), |root| self.payload_of(&root))
    }

    /// What the commit that has this root file says of the index. It is read before the engine
    /// opens anything, so that an index of another version is refused rather than misread.
    fn payload_of(&self, root: &[u8]) -> Result<Payload> {
        let other = |found: String| {
            // A version that was not written is damage: versions without manifests have none.
            let written = self.location().is_none_or(|dir| {
                let manifests = integrity::all_in(dir);
                let own = integrity::name_of(root);
                manifests.is_empty() || manifests.iter().any(|(name, _)| Path::new(name) == own)
            });
            match written {
                true => Error::IndexVersion {
                    path: self.shown_place(),
                    found,
                    expected: Payload::new().version(),
                },
                false => self.damaged(format!("{ROOT_FILE} is not as it was written")),
            }
        };
        #[derive(Deserialize)]
        struct Root<'a> {
            segments: Vec<serde::de::IgnoredAny>,
            payload: Option<Cow<'a, str>>,
            #[serde(borrow)]
            schema: &'a RawValue,
        }
        let root: Root<'_> =
            serde_json::from_slice(root).map_err(|error| match error.classify() {
                Category::Data => other("of another program".into()),
                _ => self.damaged(format!("{ROOT_FILE} cannot be read: {error}")),
            })?;
        let Some(payload) = &root.payload else {
            // Nothing was ever committed, or not by polidex.
            return match root.segments.is_empty() {
                true => Ok(Payload::new()),
                false => Err(other("of another program".into())),
            };
        };
        #[derive(Deserialize)]
        struct Version {
            format: u32,
            analyzer: u32,
        }
        let version: Version =
            serde_json::from_str(payload).map_err(|_| other("of another program".into()))?;
        if (version.format, version.analyzer) != (FORMAT_VERSION, ANALYZER_VERSION) {
            return Err(other(format!("{}.{}", version.format, version.analyzer)));
        }
        // The engine takes the schema from the file, and does not find what another one says.
        let written = root.schema.get().split_ascii_whitespace().collect::<String>();
        if serde_json::to_string(&schema::schema().0).ok() != Some(written) {
            return Err(self.damaged(format!("{ROOT_FILE} does not describe an index of polidex")));
        }
        serde_json::from_str(payload)
            .map_err(|error| self.damaged(format!("its payload cannot be read: {error}")))
    }

    fn damaged(&self, detail: impl Into<String>) -> Error {
        Error::Damaged { path: self.shown_place(), detail: detail.into() }
    }

    fn shown_place(&self) -> PathBuf {
        self.location().map_or_else(|| PathBuf::from("index in memory"), Path::to_path_buf)
    }

    fn error(&self, error: TantivyError) -> Error {
        error_of(self.shown_place(), error)
    }
}

/// An error of the engine, in the words of its user.
pub(crate) fn error_of(path: PathBuf, error: TantivyError) -> Error {
    let text = error.to_string();
    let full = matches!(&error, TantivyError::IoError(error) if error.kind() == std::io::ErrorKind::StorageFull);
    if full || text.contains("No space left on device") {
        return Error::DiskFull { path, needed: None, free: None };
    }
    match error {
        TantivyError::LockFailure(LockError::IoError(error), _) => io_error_of(path, &error),
        TantivyError::LockFailure(..) => Error::Locked { path, holder: "another process".into() },
        TantivyError::IncompatibleIndex(_) => Error::IndexVersion {
            path,
            found: "of another engine".into(),
            expected: Payload::new().version(),
        },
        TantivyError::IoError(error) => io_error_of(path, &error),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
            if io_error.kind() == std::io::ErrorKind::InvalidData =>
        {
            io_error_of(path, &io_error)
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            io_error_of(path.join(filepath), &io_error)
        }
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, filepath }) => {
            io_error_of(path.join(filepath), &io_error)
        }
        _ => Error::Damaged { path, detail: text },
    }
}

/// An error of the system that the engine met.
fn io_error_of(path: PathBuf, error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::InvalidData => Error::Damaged { path, detail: error.to_string() },
        std::io::ErrorKind::StorageFull => Error::DiskFull { path, needed: None, free: None },
        _ => Error::Io { path, source: same_error(error) },
    }
}

/// A name for the index of the corpus in the folder `root` (canonical): the folder's name, and 16
/// hexadecimal digits of the BLAKE3 hash of its path, by which folders of one name differ.
///
/// ```
/// let name = polidex::index_name(std::path::Path::new("/home/ada/AI policy"));
/// assert!(name.starts_with("AI-policy-"));
/// ```
pub fn index_name(root: &Path) -> String {
    let name = root.file_name().map_or("root".into(), |name| name.to_string_lossy());
    let plain: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' })
        .take(64)
        .collect();
    let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
    format!("{}-{}", plain.trim_start_matches('.'), &hash[..16])
}
