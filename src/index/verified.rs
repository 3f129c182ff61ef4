//! Files found unchanged by their content although their stat had changed, remembered beside the
//! index so that they are not read again for nothing. It is only ever a short cut: an entry counts
//! where the index holds the same content hash.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::record::Stat;
use crate::{Error, Result};

const FILE_NAME: &str = "verified";

#[derive(Default)]
pub(super) struct Verified {
    entries: BTreeMap<String, ([u8; 32], Stat)>,
    changed: bool,
}

impl Verified {
    /// What was remembered; nothing where there is no file or it cannot be read.
    pub(super) fn load(dir: Option<&Path>) -> Verified {
        let bytes = dir.and_then(|dir| std::fs::read(dir.join(FILE_NAME)).ok());
        let entries = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_default();
        Verified { entries, changed: false }
    }

    pub(super) fn holds(&self, path: &str, hash: &[u8; 32], stat: Stat) -> bool {
        self.entries.get(path) == Some(&(*hash, stat))
    }

    pub(super) fn insert(&mut self, path: String, hash: [u8; 32], stat: Stat) {
        let entry = (hash, stat);
        self.changed |= self.entries.get(&path) != Some(&entry);
        self.entries.insert(path, entry);
    }

    pub(super) fn forget(&mut self, path: &str) {
        self.changed |= self.entries.remove(path).is_some();
    }

    /// Writes it beside the index, if it has changed.
    pub(super) fn save(&self, dir: Option<&Path>) -> Result<()> {
        let Some(dir) = dir.filter(|_| self.changed) else { return Ok(()) };
        let path = dir.join(FILE_NAME);
        let temporary = dir.join(format!("{FILE_NAME}.new"));
        let bytes = postcard::to_stdvec(&self.entries)
            .map_err(|error| Error::io(&path, std::io::Error::other(error)))?;
        let written = std::fs::File::create(&temporary)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&temporary, &path));
        written.map_err(|error| Error::io(&path, error))
    }
}
