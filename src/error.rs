//! What can go wrong, as one type: each error names its kind, its place and its cause.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, where, and why.
///
/// The message of an error ([`Display`](std::fmt::Display)) says what happened and names the file
/// or the place in the query; [`Error::hint`] says what to do next; [`Error::code`] is a stable
/// word for programs.
///
/// ```
/// let error = polidex::Query::parse("tittle:sovereignty").unwrap_err();
/// assert_eq!(error.code(), "unknown_field");
/// assert_eq!(error.span(), Some(0..6));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The corpus is not there, or is not a folder.
    #[error("{}: {reason}", path.display())]
    Corpus {
        /// The path that was given as the corpus.
        path: PathBuf,
        /// Why it cannot be one.
        reason: String,
    },
    /// The text of a query cannot be read as a query.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// There is no index where one was looked for.
    #[error("{}: there is no index here", path.display())]
    NoIndex {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The index was written by another version of polidex, or by another program.
    #[error("{}: the index has format {found}, this polidex reads format {expected}", path.display())]
    IndexVersion {
        /// The folder of the index.
        path: PathBuf,
        /// The format that the index has.
        found: String,
        /// The format that this version reads.
        expected: String,
    },
    /// The index is damaged: a checksum, a count or a structure does not hold.
    #[error("{}: the index is damaged: {detail}", path.display())]
    Damaged {
        /// The folder of the index.
        path: PathBuf,
        /// What does not hold.
        detail: String,
    },
    /// Most files of the corpus are gone or cannot be read, as when it is not mounted.
    #[error("{}: {gone} of the {files} files that are in the index are gone from the folder or cannot be read", path.display())]
    Vanished {
        /// The folder of the corpus.
        path: PathBuf,
        /// The files that are gone or cannot be read.
        gone: u64,
        /// The files that were there.
        files: u64,
    },
    /// Another process is writing to the index.
    #[error("{}: the index is being written by {holder}", path.display())]
    Locked {
        /// The folder of the index.
        path: PathBuf,
        /// Who holds the lock, as far as is known.
        holder: String,
    },
    /// The disk that holds the index is full, or would be.
    #[error("{}: the disk is full{}; the index stays at its last commit", path.display(), room(*needed, *free))]
    DiskFull {
        /// The folder of the index.
        path: PathBuf,
        /// About how many bytes the work needs, where that is known.
        needed: Option<u64>,
        /// How many bytes are free, where that was asked.
        free: Option<u64>,
    },
    /// The folder of the index is not one that may be written to: another user owns it or may
    /// change it.
    #[error("{}: the index is not written to: {reason}", path.display())]
    Untrusted {
        /// The folder of the index.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// No article of the index has this path.
    #[error("no article has the path {path:?}")]
    UnknownArticle {
        /// The path as it was asked for.
        path: String,
        /// Paths that look like it, best first.
        similar: Vec<String>,
    },
    /// An option has a value that cannot be honoured.
    #[error("{option}: {reason}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
    /// The time that was given for it is over, and half of it would be of no use.
    #[error("the query takes longer than it may")]
    TimedOut,
    /// A file of concepts has mistakes.
    #[error("{file}: {}", told(mistakes))]
    Vocabulary {
        /// The file's name.
        file: String,
        /// What is wrong, in the order of the lines; one at least.
        mistakes: Vec<Mistake>,
    },
    /// A file of saved queries has mistakes, or a query in it matches too much.
    #[error("{file}: {}", told(mistakes))]
    SavedQueries {
        /// The file's name.
        file: String,
        /// What is wrong, in the order of the lines; one at least.
        mistakes: Vec<Mistake>,
    },
    /// The file that says which articles alerts have shown cannot be used.
    #[error("{}: {reason}", path.display())]
    AlertState {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The work was cancelled by its caller; what was committed before stays.
    #[error("cancelled; the index stays at its last commit")]
    Cancelled,
}

/// How much space is needed and how much there is, as far as known.
fn room(needed: Option<u64>, free: Option<u64>) -> String {
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    match (needed, free) {
        (Some(needed), Some(free)) => {
            format!(": about {} MB are needed, and {} MB are free", mb(needed), free / 1_000_000)
        }
        (Some(needed), None) => format!(": about {} MB are needed", mb(needed)),
        _ => String::new(),
    }
}

/// A query that cannot be read, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// A stable word for programs, such as `unclosed_quote`.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The bytes of the query's text that are meant; half-open, empty if no place is meant.
    pub span: Range<usize>,
    /// What to write instead; where it is a query, it parses.
    pub hint: Option<String>,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// The mistakes of a file, the first of them.
fn told(mistakes: &[Mistake]) -> String {
    const TOLD: usize = 5;
    let first = mistakes.iter().take(TOLD);
    let mut told: Vec<String> =
        first.map(|mistake| format!("line {}: {}", mistake.line, mistake.message)).collect();
    if mistakes.len() > TOLD {
        told.push(format!("and {} more", mistakes.len() - TOLD));
    }
    told.join("; ")
}

impl Error {
    /// A stable word for programs: the `code` of JSON errors.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Io { .. } => "io",
            Error::Corpus { .. } => "corpus",
            Error::Query(query) => query.code,
            Error::NoIndex { .. } => "no_index",
            Error::IndexVersion { .. } => "index_version",
            Error::Damaged { .. } => "damaged",
            Error::Vanished { .. } => "vanished",
            Error::Locked { .. } => "locked",
            Error::DiskFull { .. } => "disk_full",
            Error::Untrusted { .. } => "untrusted",
            Error::UnknownArticle { .. } => "unknown_article",
            Error::Option { .. } => "option",
            Error::TimedOut => "timed_out",
            Error::Vocabulary { .. } => "vocabulary",
            Error::SavedQueries { .. } => "saved_queries",
            Error::AlertState { .. } => "alert_state",
            Error::Cancelled => "cancelled",
        }
    }

    /// The place in the query's text, in bytes, if the error has one.
    pub fn span(&self) -> Option<Range<usize>> {
        match self {
            // What only an index can refuse has no place in the text.
            Error::Query(query) if !query.span.is_empty() => Some(query.span.clone()),
            _ => None,
        }
    }

    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Query(query) => query.hint.clone(),
            Error::NoIndex { .. } => {
                Some("make one with: polidex index FOLDER, or search with --in FOLDER".into())
            }
            Error::IndexVersion { .. } => Some(
                "build it anew with: polidex index --rebuild FOLDER (the corpus is not touched)"
                    .into(),
            ),
            Error::Damaged { .. } => Some(
                "see what is damaged with: polidex check; build the index anew, with the damaged one \
                 put aside, with: polidex check --repair"
                    .into(),
            ),
            Error::Vanished { .. } => Some(
                "if the folder, or one in it, is not mounted, mount it; to take the files out of the \
                 index: polidex index --yes-delete FOLDER"
                    .into(),
            ),
            Error::Locked { .. } => Some("wait until it is done, then try again".into()),
            Error::DiskFull { .. } => Some("free some space, then run the same command again".into()),
            Error::Untrusted { .. } => Some(
                "searching it is possible all the same; to write to it, let its owner do it, with \
                 chmod go-w on its folder, or make an index of your own elsewhere with --index DIR"
                    .into(),
            ),
            Error::UnknownArticle { similar, .. } if !similar.is_empty() => {
                Some(format!("did you mean {}?", similar.join(" or ")))
            }
            Error::UnknownArticle { .. } => {
                Some("paths are those that polidex search shows".into())
            }
            Error::TimedOut => Some("ask for less, or give it more time with --timeout".into()),
            Error::Vocabulary { .. } => Some(
                "docs/vocabulary.md describes the format; polidex concepts --explain ai-act --toml \
                 prints a concept in it"
                    .into(),
            ),
            Error::SavedQueries { .. } => Some("docs/alerts.md describes the format".into()),
            Error::AlertState { .. } => Some(
                "name another file with --state, or delete this one: the next look is then a first one"
                    .into(),
            ),
            Error::Io { .. } | Error::Corpus { .. } | Error::Option { .. } | Error::Cancelled => None,
        }
    }

    /// An error of the operating system at `path`.
    pub(crate) fn io(path: impl AsRef<Path>, source: io::Error) -> Error {
        Error::Io { path: path.as_ref().to_path_buf(), source }
    }
}
