//! An extractor: reads files into articles, in this process or with a worker of its own.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::isolation::{Isolation, Worker};
use super::{Corpus, Extracted, FileEntry, Unreadable, extract, open};
use crate::{Article, Error, Result};

/// Reads files into articles; each thread that reads needs one of its own.
///
/// ```
/// use polidex::{Extractor, Isolation};
///
/// let mut extractor = Extractor::new(&Isolation::InProcess);
/// let mut articles = Vec::new();
/// let page = b"# Gaia-X\n\nDigital sovereignty is the aim.\n";
/// let read = extractor.read_bytes("a.md", page, &mut |article| articles.push(article))?;
/// assert_eq!(read.unwrap().format, "Markdown");
/// assert_eq!(articles[0].metadata.title.as_deref(), Some("Gaia-X"));
/// # Ok::<(), polidex::Error>(())
/// ```
#[derive(Debug)]
pub struct Extractor {
    worker: Option<Worker>,
}

impl Extractor {
    /// An extractor that works so isolated.
    pub fn new(isolation: &Isolation) -> Extractor {
        Extractor { worker: isolation.worker() }
    }

    /// Reads one file of a corpus and hands over each article as soon as it is read. The inner
    /// result is what is to be said of the file: [`Unreadable`] if it gives no article at all.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if no worker can be started, or what was started is none.
    pub fn read(
        &mut self,
        corpus: &Corpus,
        file: &FileEntry,
        emit: &mut dyn FnMut(Article),
    ) -> Result<Result<Extracted, Unreadable>> {
        let open = &mut || open::open_beneath(corpus.root(), &file.full);
        let max = corpus.options().max_file_size;
        let worker = self.worker.as_mut();
        let read = extract::read_file(&file.path, open, max, corpus.fields(), worker, emit);
        self.answered(read)
    }

    /// Reads the file at `file`, wherever it is, as [`Extractor::read`] does; `path` becomes the
    /// path of its article.
    ///
    /// # Errors
    ///
    /// Those of [`Extractor::read`].
    pub fn read_path(
        &mut self,
        file: &Path,
        path: &str,
        max_file_size: u64,
        emit: &mut dyn FnMut(Article),
    ) -> Result<Result<Extracted, Unreadable>> {
        let open = &mut || match file.metadata()?.is_file() {
            true => File::open(file),
            false => Err(io::Error::other("this is not a regular file")),
        };
        let (fields, worker) = (Arc::default(), self.worker.as_mut());
        let read = extract::read_file(path, open, max_file_size, &fields, worker, emit);
        self.answered(read)
    }

    /// Reads a file from its bytes, as [`Extractor::read`] does; `path` names it, and its extension
    /// counts where the content does not tell the format.
    ///
    /// # Errors
    ///
    /// Those of [`Extractor::read`].
    pub fn read_bytes(
        &mut self,
        path: &str,
        bytes: &[u8],
        emit: &mut dyn FnMut(Article),
    ) -> Result<Result<Extracted, Unreadable>> {
        let read = extract::read_bytes(path, bytes, self.worker.as_mut(), emit);
        self.answered(read)
    }

    fn answered(
        &mut self,
        read: Result<Extracted, Unreadable>,
    ) -> Result<Result<Extracted, Unreadable>> {
        match self.worker.as_mut().and_then(Worker::trouble) {
            Some((command, error)) => Err(Error::io(command, error)),
            None => Ok(read),
        }
    }
}
