//! The manifest of a commit: the size and the hash of every file that it consists of.
//!
//! Its name is made of the hash of the root file that it was written for, and it is on disk before
//! that root file is. So whichever root file is there, a crash or a power cut at any point has left
//! its manifest beside it, and a root file without one is damaged.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::Directory;
use tantivy::directory::error::OpenReadError;

/// How the names of manifests begin.
pub(super) const PREFIX: &str = "manifest-";

/// The manifest of one commit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What the commit says of the whole index, as its root file has it; empty before the first
    /// commit. From here it is known when the root file is damaged.
    pub(super) payload: String,
    /// The segments by name.
    pub(super) segments: BTreeMap<String, Documents>,
    /// The files of the segments by name.
    pub(super) files: BTreeMap<String, Seal>,
}

/// How many documents a segment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Documents {
    pub(super) all: u32,
    pub(super) deleted: u32,
}

/// What a file is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    /// Its size in bytes.
    pub(super) size: u64,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub(super) hash: String,
}

/// What of the engine's root file a manifest is made from.
#[derive(Deserialize)]
struct Root {
    segments: Vec<RootSegment>,
    payload: Option<String>,
}

#[derive(Deserialize)]
struct RootSegment {
    segment_id: String,
    max_doc: u32,
    deletes: Option<Deletes>,
}

#[derive(Deserialize)]
struct Deletes {
    num_deleted_docs: u32,
    opstamp: u64,
}

/// The name of the manifest of the root file that has these bytes.
pub(super) fn name_of(root: &[u8]) -> PathBuf {
    PathBuf::from(format!("{PREFIX}{}", blake3::hash(root).to_hex()))
}

impl Manifest {
    /// The manifest of the root file that has these bytes, where `known` are seals of files, those
    /// of its segments among them.
    pub(super) fn new(root: &[u8], known: &BTreeMap<String, Seal>) -> io::Result<Manifest> {
        let root: Root = serde_json::from_slice(root)?;
        let mut manifest =
            Manifest { payload: root.payload.unwrap_or_default(), ..Manifest::default() };
        for segment in root.segments {
            let name = segment.segment_id.replace('-', "");
            let deletes = segment.deletes.as_ref().map(|it| format!("{name}.{}.del", it.opstamp));
            let from = format!("{name}.");
            let files = known.range(from.clone()..).take_while(|(file, _)| file.starts_with(&from));
            // Deletes of earlier commits and what the engine wrote for itself only are going away.
            let live = files.filter(|(file, _)| match file.ends_with(".del") {
                true => Some(*file) == deletes.as_ref(),
                false => !file.ends_with(".temp"),
            });
            let before = manifest.files.len();
            manifest.files.extend(live.map(|(file, seal)| (file.clone(), seal.clone())));
            if manifest.files.len() == before {
                return Err(io::Error::other(format!("the files of segment {name} are unknown")));
            }
            let deleted = segment.deletes.map_or(0, |deletes| deletes.num_deleted_docs);
            manifest.segments.insert(name, Documents { all: segment.max_doc, deleted });
        }
        Ok(manifest)
    }

    /// The manifest as a file: a line of JSON, and the hash of that line.
    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        let hash = blake3::hash(&bytes).to_hex();
        bytes.extend(format!("\n{hash}\n").bytes());
        Ok(bytes)
    }

    /// The manifest that a file holds, if every byte of it is as it was written.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Manifest> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (line, seal) = bytes.split_at_checked(end)?;
        let whole = format!("\n{}\n", blake3::hash(line).to_hex());
        (whole.as_bytes() == seal).then(|| serde_json::from_slice(line).ok())?
    }

    /// The manifest of the root file that has these bytes; in words what is wrong with it.
    pub(super) fn read(directory: &dyn Directory, root: &[u8]) -> Result<Manifest, String> {
        match directory.atomic_read(&name_of(root)) {
            Ok(bytes) => Manifest::from_bytes(&bytes)
                .ok_or_else(|| "the manifest is not as it was written".to_owned()),
            Err(OpenReadError::FileDoesNotExist(_)) => {
                Err("meta.json is not as it was written, or its manifest is missing".to_owned())
            }
            Err(error) => Err(format!("the manifest cannot be read: {error}")),
        }
    }
}

/// Whether a file of this name may be a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// The sound manifests in the folder `dir`, whatever root file they are of; with their names.
pub(super) fn all_in(dir: &Path) -> Vec<(String, Manifest)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let names = entries.filter_map(|entry| {
        let entry =
            entry.ok().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))?;
        entry.file_name().into_string().ok().filter(|name| is_manifest(name))
    });
    names
        .filter_map(|name| {
            let manifest = Manifest::from_bytes(&std::fs::read(dir.join(&name)).ok()?)?;
            Some((name, manifest))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(size: u64) -> Seal {
        Seal { size, hash: "0a".repeat(32) }
    }

    /// A root file as tantivy 0.27 writes it.
    const ROOT: &str = r#"{"index_settings":{},"segments":[
        {"segment_id":"aaaaaaaa-0000-0000-0000-000000000001","max_doc":7,"deletes":null},
        {"segment_id":"bbbbbbbb-0000-0000-0000-000000000002","max_doc":5,"deletes":{"num_deleted_docs":2,"opstamp":19}}
        ],"schema":[],"opstamp":20,"payload":"{}"}"#;

    #[test]
    fn a_manifest_has_the_live_files_of_the_segments_and_no_others() {
        let a = "aaaaaaaa000000000000000000000001";
        let b = "bbbbbbbb000000000000000000000002";
        let live =
            [format!("{a}.idx"), format!("{a}.txt"), format!("{b}.19.del"), format!("{b}.idx")];
        let gone = [
            format!("{b}.17.del"),
            format!("{a}.store.temp"),
            "cccc.idx".into(),
            format!("{a}x.idx"),
        ];
        let known = live.iter().chain(&gone).map(|name| (name.clone(), seal(3))).collect();
        let manifest = Manifest::new(ROOT.as_bytes(), &known).unwrap();
        assert_eq!(manifest.files.keys().cloned().collect::<Vec<_>>(), live);
        assert_eq!(manifest.segments[b], Documents { all: 5, deleted: 2 });
        let known = BTreeMap::from([(live[0].clone(), seal(3))]);
        assert!(Manifest::new(ROOT.as_bytes(), &known).is_err());
    }

    #[test]
    fn a_manifest_is_read_back_and_no_byte_of_it_can_change() {
        let manifest = Manifest {
            payload: r#"{"format":6}"#.into(),
            segments: BTreeMap::from([("s".into(), Documents { all: 2, deleted: 1 })]),
            files: BTreeMap::from([("s.idx".into(), seal(9))]),
        };
        let bytes = manifest.to_bytes().unwrap();
        assert_eq!(Manifest::from_bytes(&bytes), Some(manifest));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert_eq!(Manifest::from_bytes(&flipped), None, "byte {at} bit {bit}");
            }
            assert_eq!(Manifest::from_bytes(&bytes[..at]), None, "{at} bytes");
        }
    }
}
