//! The folder of test data, which stands beside the project and not in it.

use std::path::PathBuf;

/// A part of the test data; none, and a word of it, where it is missing.
pub(super) fn data(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("POLIDEX_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    let path = root.join(part);
    if !path.exists() {
        println!("skipped: no test data at {} (set POLIDEX_DATA)", path.display());
        return None;
    }
    Some(path)
}
