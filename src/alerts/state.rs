//! The state of alerts: which articles have been shown for each saved query, kept between looks.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What such a file starts with.
const MAGIC: &[u8] = b"polidex-alerts 1\n";

/// The bytes of the hash that it ends with.
const SEAL: usize = 32;

/// What has been shown for each saved query, by the queries' names.
///
/// It is a file of its own, outside the corpus and the index. For each article it keeps 16 bytes,
/// half of a hash of its path and half of its content's, and when it was noticed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertState {
    pub(super) queries: BTreeMap<String, Looked>,
}

/// What has been shown for one query.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Looked {
    /// The query as it was read then.
    pub(super) query: String,
    /// The generation of the index that answered last.
    pub(super) generation: u64,
    /// The articles, in the order of `path`.
    pub(super) seen: Vec<Seen>,
}

/// An article that has been shown, or marked as if it had been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The start of a hash of its path.
    pub(super) path: [u8; 8],
    /// The start of the hash of its content.
    pub(super) content: [u8; 8],
    /// When it was shown, in seconds after 1 January 1970 (UTC); 0 if it was only marked.
    pub(super) noticed: u64,
    /// Whether it was shown with another content before.
    pub(super) changed: bool,
}

impl Looked {
    /// What is known of the article whose path has this hash.
    pub(super) fn seen(&self, path: [u8; 8]) -> Option<&Seen> {
        let at = self.seen.binary_search_by_key(&path, |seen| seen.path).ok()?;
        self.seen.get(at)
    }
}

impl AlertState {
    /// Reads the state that a file holds; nothing has been shown where there is no file.
    ///
    /// Errors: [`Error::AlertState`] where the file is of something else or damaged; [`Error::Io`].
    pub fn load(path: &Path) -> Result<AlertState> {
        let bytes = match fs::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(AlertState::default()),
            read => read.map_err(|error| Error::io(path, error))?,
        };
        AlertState::read(&bytes).map_err(|reason| Error::AlertState {
            path: path.to_path_buf(),
            reason: reason.to_owned(),
        })
    }

    /// Writes the state to a file, whole or not at all.
    ///
    /// Errors: [`Error::Io`].
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut bytes = MAGIC.to_vec();
        let state = postcard::to_stdvec(&self.queries).map_err(|error| Error::AlertState {
            path: path.to_path_buf(),
            reason: error.to_string(),
        })?;
        bytes.extend(state);
        let seal = blake3::hash(&bytes);
        bytes.extend(seal.as_bytes());
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = Path::new(&beside);
        let written = File::create(beside).and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(beside, path)
        });
        written.map_err(|error| Error::io(path, error))
    }

    fn read(bytes: &[u8]) -> Result<AlertState, &'static str> {
        if !bytes.starts_with(MAGIC) {
            return Err("it is no state of alerts that this polidex reads");
        }
        let damaged = "it is damaged";
        let end = bytes.len().checked_sub(SEAL).ok_or(damaged)?;
        let (written, seal) = bytes.split_at_checked(end).ok_or(damaged)?;
        if blake3::hash(written).as_bytes().as_slice() != seal {
            return Err(damaged);
        }
        let state = written.get(MAGIC.len()..).ok_or(damaged)?;
        let queries: BTreeMap<String, Looked> = postcard::from_bytes(state).map_err(|_| damaged)?;
        Ok(AlertState { queries })
    }
}
