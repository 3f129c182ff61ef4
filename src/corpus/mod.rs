//! A folder of articles: walking it, and reading its files into articles.
//!
//! ```no_run
//! use polidex::corpus::{Corpus, Entry};
//!
//! let corpus = Corpus::open("articles")?;
//! for entry in corpus.walk() {
//!     match entry {
//!         Entry::File(file) => match corpus.read(&file, &mut |article| println!("{}", article.path)) {
//!             Ok(extracted) => extracted.broken.iter().for_each(|part| eprintln!("{part}")),
//!             Err(unreadable) => eprintln!("{}: {unreadable}", file.path),
//!         },
//!         Entry::Skipped { path, reason, .. } => eprintln!("{path}: {reason}"),
//!     }
//! }
//! # Ok::<(), polidex::Error>(())
//! ```

mod ahead;
mod byline;
mod complete;
pub mod extract;
mod extractor;
pub(crate) mod fields;
mod isolation;
mod metadata;
mod open;
mod walk;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use ahead::ahead;
#[cfg(feature = "html")]
pub(crate) use extract::MAX_OPEN_ELEMENTS;
#[cfg(feature = "pdf")]
pub(crate) use extract::MAX_PAGES;
pub use extract::{Extracted, FileFormat, Unreadable, formats, packings};
#[cfg(feature = "office")]
pub(crate) use extract::{MAX_ALL_PARTS, MAX_PART, MAX_PARTS};
pub(crate) use extract::{
    MAX_BLOCKS, MAX_DEPTH, MAX_LINE, MAX_MEMBERS, MAX_RATIO, MAX_TOTAL, size_words,
};
pub use extractor::Extractor;
pub use isolation::{Confinement, Isolation, Workers, serve_worker};
pub(crate) use walk::MAX_STREAM;
pub use walk::{Entry, FileEntry, Walk};

use crate::{Article, Error, Result};
use fields::FieldNames;

/// A folder of articles. Nothing in it is ever changed.
#[derive(Debug, Clone)]
pub struct Corpus {
    root: PathBuf,
    options: CorpusOptions,
    fields: Arc<FieldNames>,
}

/// What of a folder belongs to the corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusOptions {
    /// Whether what `.gitignore` and `.polidexignore` files name is left out. Default: true.
    pub ignore_files: bool,
    /// Whether files and folders whose names begin with a dot belong to it. Default: false. `.git`
    /// never does.
    pub hidden: bool,
    /// The size in bytes from which on a file is skipped, and from which on a compressed file is
    /// not unpacked further. Default: 64 MiB. Files that are never held in memory as a whole (JSON
    /// Lines, mailboxes, tar archives) may have 1 GiB in any case; the limit is then one of each
    /// article or file in them.
    pub max_file_size: u64,
}

impl Default for CorpusOptions {
    fn default() -> CorpusOptions {
        CorpusOptions { ignore_files: true, hidden: false, max_file_size: 64 << 20 }
    }
}

impl Corpus {
    /// The corpus in this folder.
    ///
    /// # Errors
    ///
    /// [`Error::Corpus`] if there is nothing at `path`, or something that is not a folder, or if its
    /// `.polidex.toml` cannot be read; [`Error::Io`] if the folder cannot be reached.
    pub fn open(path: impl AsRef<Path>) -> Result<Corpus> {
        let path = path.as_ref();
        let not_a_corpus =
            |reason: &str| Error::Corpus { path: path.into(), reason: reason.into() };
        let root = match path.canonicalize() {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(not_a_corpus("there is no such folder; check the path"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(not_a_corpus("a part of this path is a file, not a folder"));
            }
            Err(error) => return Err(Error::io(path, error)),
        };
        if !root.is_dir() {
            return Err(not_a_corpus("this is not a folder; give the folder that holds the file"));
        }
        let fields = Arc::new(FieldNames::of(&root)?);
        Ok(Corpus { root, options: CorpusOptions::default(), fields })
    }

    /// The same corpus with other options.
    pub fn with_options(mut self, options: CorpusOptions) -> Corpus {
        self.options = options;
        self
    }

    /// What of the folder belongs to the corpus.
    pub fn options(&self) -> &CorpusOptions {
        &self.options
    }

    /// What it calls the fields of its records.
    pub(crate) fn fields(&self) -> &Arc<FieldNames> {
        &self.fields
    }

    /// The folder, as an absolute path without symbolic links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Fails where the folder of an index, which need not be there yet, lies in the corpus: it would
    /// become part of it.
    ///
    /// # Errors
    ///
    /// [`Error::Option`].
    pub fn keeps_out(&self, index: &Path) -> Result<()> {
        let absolute = std::path::absolute(index).unwrap_or_else(|_| index.to_path_buf());
        match absolute.ancestors().find_map(|place| place.canonicalize().ok()) {
            Some(place) if place.starts_with(&self.root) => Err(Error::Option {
                option: "index",
                reason: format!(
                    "{} lies in the folder that it would be of; give one outside it",
                    index.display()
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Goes through the files of the corpus, in ascending order of the bytes of their paths.
    pub fn walk(&self) -> Walk {
        Walk::new(&self.root, &self.options)
    }

    /// Reads one file into its articles, in this process, and hands over each as soon as it is
    /// read. An [`Extractor`] can do it in another.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if the file gives no article at all; nothing was handed over then.
    pub fn read(
        &self,
        file: &FileEntry,
        emit: &mut dyn FnMut(Article),
    ) -> Result<Extracted, Unreadable> {
        extract::read_file(
            &file.path,
            &mut || open::open_beneath(&self.root, &file.full),
            self.options.max_file_size,
            &self.fields,
            None,
            emit,
        )
    }

    /// The BLAKE3 hash of a file's bytes.
    ///
    /// # Errors
    ///
    /// What the operating system says when the file cannot be opened or read, or is not a regular
    /// file any more.
    pub fn hash(&self, file: &FileEntry) -> io::Result<[u8; 32]> {
        let mut source = open::open_beneath(&self.root, &file.full)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok(hasher.finalize().into()),
                Ok(n) => hasher.update(buffer.get(..n).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
        }
    }
}
