//! A folder of articles.

pub mod extract;

use std::path::PathBuf;

/// A folder of articles.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The folder.
    pub root: PathBuf,
}
