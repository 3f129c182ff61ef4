//! A sweep of what runs that were killed left in the folder of an index.

use std::fs;
use std::path::Path;

use super::{ROOT_FILE, integrity};

/// How the names of temporary files begin; a rename makes them files of the index.
pub(super) const TEMPORARY: &str = ".tmp";

/// Removes temporary files, and manifests of commits that did not come to be or have gone. Only for whoever holds the lock: to anybody else they may be files that
/// are being written.
pub(super) fn sweep(dir: &Path) {
    // What cannot be listed or removed does no harm but to stay.
    let Ok(entries) = fs::read_dir(dir) else { return };
    // Without a root file the manifests are all that tells what the index was.
    let root = dir.join(ROOT_FILE);
    let root = root.is_file().then(|| fs::read(root).ok()).flatten();
    let current = root.map(|root| integrity::name_of(&root));
    let current = current.filter(|name| dir.join(name).is_file());
    for entry in entries.filter_map(Result::ok) {
        let gone = entry.file_name().to_str().is_some_and(|name| {
            let stale = |current: &Path| integrity::is_manifest(name) && current != Path::new(name);
            name.starts_with(TEMPORARY) || current.as_deref().is_some_and(stale)
        });
        if gone && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
