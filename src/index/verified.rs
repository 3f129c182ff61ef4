//! Files found unchanged by their content although their stat had changed, remembered beside the
//! index so that they are not read again for nothing. It is only ever a short cut: an entry counts
//! where the index holds the same content hash.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use super::record::Stat;
use crate::{Error, Result};

pub(super) const FILE_NAME: &str = "verified";

/// The file while it is written.
pub(super) const NEW_NAME: &str = "verified.new";

type Entries = BTreeMap<String, ([u8; 32], Stat)>;

#[derive(Default)]
pub(super) struct Verified {
    entries: Entries,
    changed: bool,
}

impl Verified {
    /// What was remembered; nothing where there is no file or it cannot be read.
    pub(super) fn load(dir: Option<&Path>) -> Verified {
        let bytes = dir.and_then(|dir| fs::read(dir.join(FILE_NAME)).ok());
        let entries = bytes.and_then(|bytes| read(&bytes)).unwrap_or_default();
        Verified { entries, changed: false }
    }

    /// Whether what was remembered, if anything, is as it was written.
    pub(super) fn is_sound(dir: Option<&Path>) -> bool {
        let path = dir.map(|dir| dir.join(FILE_NAME)).filter(|path| path.exists());
        path.is_none_or(|path| fs::read(path).is_ok_and(|bytes| read(&bytes).is_some()))
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
        let temporary = dir.join(NEW_NAME);
        let mut bytes = postcard::to_stdvec(&self.entries)
            .map_err(|error| Error::io(&path, std::io::Error::other(error)))?;
        bytes.extend(blake3::hash(&bytes).as_bytes());
        // What a killed run left may be a link by now: it is replaced, not written through.
        let _ = fs::remove_file(&temporary);
        let written = fs::File::create_new(&temporary)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&temporary, &path));
        written.map_err(|error| Error::io(&path, error))
    }
}

/// What a file holds, behind which stands its hash.
fn read(bytes: &[u8]) -> Option<Entries> {
    let (entries, hash) = bytes.split_last_chunk::<32>()?;
    (blake3::hash(entries).as_bytes() == hash).then(|| postcard::from_bytes(entries).ok())?
}
