//! Damaged files: seeds of every format, and what makes mutants of them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::util::project;

/// Seeds larger than this make mutants that say no more, slowly.
const LARGEST_SEED: u64 = 150 << 10;

/// The folder of data for tests, which may not be there.
pub(crate) fn data() -> PathBuf {
    let data = std::env::var_os("POLIDEX_DATA").map(PathBuf::from);
    data.unwrap_or_else(|| project().join("../shared/data"))
}

/// The seeds in the folder of data, or else in the sample corpus, by extension: formats in turn, so
/// that the many files of one leave room for the others.
pub(crate) fn seeds(data: &Path) -> Vec<Vec<PathBuf>> {
    let mut folders = vec![data.join("malformed"), data.join("policy")];
    if !folders.iter().any(|folder| folder.is_dir()) {
        folders = vec![project().join("corpus")];
    }
    let seeds = folders
        .iter()
        .flat_map(|folder| walkdir::WalkDir::new(folder).sort_by_file_name())
        .filter_map(Result::ok)
        .filter(|entry| entry.metadata().is_ok_and(|of| of.is_file() && of.len() < LARGEST_SEED))
        .map(walkdir::DirEntry::into_path);
    let kind = |path: &PathBuf| path.extension().map(OsStr::to_ascii_lowercase);
    let mut kinds: BTreeMap<_, Vec<PathBuf>> = BTreeMap::new();
    seeds.for_each(|path| kinds.entry(kind(&path)).or_default().push(path));
    kinds.into_values().collect()
}

/// Damages a file in one to twenty places: bits, stretches overwritten, left out, repeated, zeroed,
/// or all that follows cut off.
pub(crate) fn mutate(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    for _ in 0..*random.choice([1, 1, 2, 5, 20].iter()).unwrap() {
        if bytes.is_empty() {
            return;
        }
        let at = random.usize(..bytes.len());
        let end = bytes.len().min(at + random.choice([1, 2, 4, 16, 64, 512]).unwrap());
        match random.u8(..6) {
            0 => bytes[at] ^= 1 << random.u8(..8),
            1 => bytes[at..end].iter_mut().for_each(|byte| *byte = random.u8(..)),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].repeat(*random.choice([1, 2, 50].iter()).unwrap());
                drop(bytes.splice(at..at, again));
            }
            4 => bytes.truncate(at + 1),
            _ => bytes[at..end].fill(0),
        }
    }
}
