//! A sweep of what runs that were killed left in the folder of an index.

use std::fs;
use std::path::Path;

/// How the names of temporary files begin; a rename makes them files of the index.
pub(super) const TEMPORARY: &str = ".tmp";

/// Removes temporary files. Only for whoever holds the lock: to anybody else they may be files that
/// are being written.
pub(super) fn sweep(dir: &Path) {
    // What cannot be listed or removed does no harm but to stay.
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.filter_map(Result::ok) {
        let temporary = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        if temporary && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
