//! A folder of articles.

pub mod extract;

use crate::article::Article;
use std::path::{Path, PathBuf};

/// A folder of articles.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The folder.
    pub root: PathBuf,
}
pub(crate) enum Entry {
    File(FileEntry),
    Skipped { path: String, reason: String },
}
pub(crate) struct FileEntry {
    pub(crate) path: String,
    pub(crate) full: PathBuf,
    pub(crate) size: u64,
    pub(crate) modified: i64,
    pub(crate) inode: u64,
}
pub(crate) struct FileRead {
    pub(crate) format: &'static str,
    pub(crate) hash: [u8; 32],
    pub(crate) failure: Option<String>,
    pub(crate) broken: Vec<String>,
}
/// How a folder is walked.
#[derive(Debug, Clone, Default)]
pub struct CorpusOptions {
    /// a
    pub ignore_files: bool,
    /// b
    pub hidden: bool,
    /// c
    pub max_file_size: u64,
}
impl Corpus {
    /// open
    pub fn open(path: impl AsRef<Path>) -> crate::Result<Corpus> { Ok(Corpus { root: path.as_ref().to_path_buf() }) }
    /// with
    pub fn with_options(self, _: CorpusOptions) -> Corpus { self }
    /// root
    pub fn root(&self) -> &Path {
        &self.root
    }
    pub(crate) fn walk(&self) -> Vec<Entry> {
        Vec::new()
    }
    pub(crate) fn hash(&self, entry: &FileEntry) -> Option<[u8; 32]> {
        None
    }
    pub(crate) fn read(&self, entry: &FileEntry, emit: &mut dyn FnMut(Article)) -> FileRead {
        FileRead { format: "", hash: [0; 32], failure: None, broken: vec![] }
    }
}
pub(crate) fn normalise(article: &mut Article) {}
