//! The index of a corpus: on disk or in memory, at its last commit whatever happens.

mod bytes;
mod check;
mod directory;
mod document;
mod flight;
pub(crate) mod glance;
mod lock;
pub(crate) mod print;
pub(crate) mod record;
mod report;
pub(crate) mod schema;
pub(crate) mod segment;
mod session;
pub(crate) mod snapshot;
mod status;
mod sweep;
mod update;
mod verified;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;
use tantivy::directory::{Directory, MmapDirectory, RamDirectory};

pub(crate) use document::{ARTICLE_TERM, facet_term, shown_hash};
pub use report::{
    CancelToken, CheckReport, Observer, Phase, Problem, ProblemKind, Progress, Status,
    UpdateOptions, UpdateReport,
};

use crate::analysis::ANALYZER_VERSION;
use crate::corpus::CorpusOptions;
use crate::corpus::fields::FieldNames;
use crate::search::Searcher;
use crate::{Error, Result};
use directory::{GuardedDirectory, Trouble};
use flight::Flight;
use schema::{FORMAT_VERSION, Fields};
use segment::ArticlesPlugin;
use snapshot::Snapshot;

/// The engine's root file; a folder that has one is an index.
const ROOT_FILE: &str = "meta.json";

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
    Memory(RamDirectory, lock::InProcess),
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
                (!name.to_string_lossy().starts_with('.') && name != lock::FILE_NAME)
                    .then_some(name)
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
        index.engine_or_new(None, Trouble::default())?;
        index.payload()?;
        Ok(index)
    }

    /// An empty index in memory, for tests and short-lived tools.
    pub fn in_memory() -> Result<Index> {
        Ok(Index { place: Place::Memory(RamDirectory::create(), lock::InProcess::default()) })
    }

    /// Whether there is an index in the folder `dir`.
    pub fn exists(dir: impl AsRef<Path>) -> bool {
        dir.as_ref().join(ROOT_FILE).is_file()
    }

    /// Deletes the index in the folder `dir`, and the folder. Nothing is deleted where there is no
    /// index.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::Locked`], [`Error::Io`].
    pub fn remove(dir: impl AsRef<Path>) -> Result<()> {
        let dir = dir.as_ref();
        if !Index::exists(dir) {
            return Err(Error::NoIndex { path: dir.to_path_buf() });
        }
        let _lock = lock::acquire(dir)?;
        for entry in std::fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
            let path = entry.map_err(|error| Error::io(dir, error))?.path();
            if path.is_file() {
                std::fs::remove_file(&path).map_err(|error| Error::io(&path, error))?;
            }
        }
        std::fs::remove_dir(dir).map_err(|error| Error::io(dir, error))
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

    /// The options of the corpus that the index was last updated with; the defaults if there was
    /// none.
    ///
    /// Errors: those of [`Index::open`].
    pub fn corpus_options(&self) -> Result<CorpusOptions> {
        Ok(self.payload()?.options)
    }

    fn snapshot(&self) -> Result<Snapshot> {
        let payload = self.payload()?;
        // A damaged file can make the engine panic where it opens one.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let (engine, fields) = self.engine_or_new(None, Trouble::default())?;
            Snapshot::open(&engine, fields, payload, self.location())
                .map_err(|error| self.error(error))
        }));
        opened.unwrap_or_else(|_| {
            let detail = "a file's structure does not hold".to_owned();
            Err(Error::Damaged { path: self.shown_place(), detail })
        })
    }

    fn directory(&self, trouble: Trouble) -> Result<GuardedDirectory> {
        let inner: Box<dyn Directory> = match &self.place {
            Place::Memory(directory, _) => Box::new(directory.clone()),
            Place::Disk(dir) => Box::new(MmapDirectory::open(dir).map_err(|error| {
                match std::fs::metadata(dir) {
                    Err(cause) => Error::io(dir, cause),
                    Ok(_) => self.error(error.into()),
                }
            })?),
        };
        Ok(GuardedDirectory::new(inner, trouble))
    }

    /// The engine over this index's files, made new where there are none. A session that writes
    /// takes one of its own: two that write in turn lose track of each other's files.
    fn engine_or_new(
        &self,
        flight: Option<Arc<Flight>>,
        trouble: Trouble,
    ) -> Result<(tantivy::Index, Fields)> {
        let (schema, fields) = schema::schema();
        let directory = self.directory(trouble)?;
        let plugin = Arc::new(ArticlesPlugin { record: fields.record, flight });
        let exists =
            directory.exists(Path::new(ROOT_FILE)).map_err(|error| self.error(error.into()))?;
        let engine = if exists {
            tantivy::Index::open(directory).map(|mut engine| {
                engine.register_plugin(plugin);
                engine.set_tokenizers(schema::tokenizers());
                engine
            })
        } else {
            tantivy::Index::builder()
                .schema(schema)
                .tokenizers(schema::tokenizers())
                .register_plugin(plugin)
                .open_or_create(directory)
        };
        Ok((engine.map_err(|error| self.error(error))?, fields))
    }

    /// What the last commit says of the index. It is read before the engine opens anything, so
    /// that an index of another version is refused rather than misread.
    fn payload(&self) -> Result<Payload> {
        let root = match self.directory(Trouble::default())?.atomic_read(Path::new(ROOT_FILE)) {
            Ok(root) => root,
            Err(OpenReadError::FileDoesNotExist(_)) => {
                return match &self.place {
                    Place::Disk(dir) => Err(Error::NoIndex { path: dir.clone() }),
                    Place::Memory(..) => Ok(Payload::new()),
                };
            }
            Err(error) => return Err(self.error(error.into())),
        };
        let damaged = |detail: String| Error::Damaged { path: self.shown_place(), detail };
        let value: serde_json::Value = serde_json::from_slice(&root)
            .map_err(|error| damaged(format!("{ROOT_FILE} cannot be read: {error}")))?;
        let other = |found: String| Error::IndexVersion {
            path: self.shown_place(),
            found,
            expected: Payload::new().version(),
        };
        let Some(payload) = value.get("payload").and_then(|payload| payload.as_str()) else {
            // Nothing was ever committed, or not by polidex.
            let empty = value
                .get("segments")
                .and_then(|segments| segments.as_array())
                .is_some_and(Vec::is_empty);
            return if empty {
                Ok(Payload::new())
            } else {
                Err(other("of another program".into()))
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
        serde_json::from_str(payload)
            .map_err(|error| damaged(format!("its payload cannot be read: {error}")))
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
        return Error::DiskFull { path };
    }
    match error {
        TantivyError::LockFailure(..) => Error::Locked { path, holder: "another process".into() },
        TantivyError::IncompatibleIndex(_) => Error::IndexVersion {
            path,
            found: "of another engine".into(),
            expected: Payload::new().version(),
        },
        TantivyError::IoError(error) => {
            Error::Io { path, source: std::io::Error::new(error.kind(), error.to_string()) }
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => Error::Io {
            path: path.join(filepath),
            source: std::io::Error::new(io_error.kind(), io_error.to_string()),
        },
        _ => Error::Damaged { path, detail: text },
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
