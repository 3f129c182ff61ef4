//! Trust: whether the folder of an index is one that may be written to.
//!
//! An index may come from anybody, with an archive or on a shared disk. What another user owns, or
//! may change at any time, is read and never written: that user would decide what is written where.

use std::fs;
use std::path::Path;

use super::directory;
use crate::{Error, Result};

/// Says of a folder why it may not be written to, if there is a reason.
type Check = fn(&Path) -> Result<Option<String>>;

/// Fails where the folder `dir`, or a file in it, is not the user's own or may be changed by others, or
/// where it holds a link.
///
/// Errors: [`Error::Untrusted`], [`Error::Io`].
pub(super) fn may_write(dir: &Path) -> Result<()> {
    for check in [foreign as Check, directory::strange, foreign_file] {
        if let Some(reason) = check(dir)? {
            return Err(Error::Untrusted { path: dir.to_path_buf(), reason });
        }
    }
    Ok(())
}

/// Why a folder or a file is not the user's alone, if it is not.
#[cfg(unix)]
fn foreign(path: &Path) -> Result<Option<String>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(path).map_err(|error| Error::io(path, error))?;
    let user = rustix::process::geteuid().as_raw();
    Ok(reason(metadata.uid(), metadata.gid(), metadata.mode(), user))
}

/// Which file in the folder is not the user's alone, and why, if one is not.
fn foreign_file(dir: &Path) -> Result<Option<String>> {
    for entry in fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
        let path = entry.map_err(|error| Error::io(dir, error))?.path();
        match foreign(&path) {
            Ok(None) => {}
            Ok(Some(reason)) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                return Ok(Some(format!("{name} in it is not yours alone: {reason}")));
            }
            // A file of a writer at work that is gone again.
            Err(_) if !path.exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Why a folder of this owner, group and mode is not the user's alone, if it is not.
#[cfg(unix)]
fn reason(owner: u32, group: u32, mode: u32, user: u32) -> Option<String> {
    if owner != user {
        return Some(format!("it belongs to another user (number {owner}; you are {user})"));
    }
    if mode & 0o002 != 0 {
        return Some("everybody may write to it".to_owned());
    }
    // Many systems give each user a group of the same number, and let it write by default.
    if mode & 0o020 != 0 && group != user {
        return Some(format!("its group (number {group}) may write to it"));
    }
    None
}

#[cfg(not(unix))]
fn foreign(_path: &Path) -> Result<Option<String>> {
    Ok(None)
}

#[cfg(test)]
#[cfg_attr(not(unix), allow(unused_imports))]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn only_a_folder_of_the_users_own_may_be_written_to() {
        for (owner, group, mode) in [(7, 7, 0o700), (7, 7, 0o755), (7, 7, 0o775), (7, 9, 0o755)] {
            assert_eq!(reason(owner, group, mode, 7), None, "{owner} {group} {mode:o}");
        }
        for (owner, group, mode, user) in [
            (0, 7, 0o755, 7),
            (7, 7, 0o755, 0),
            (7, 9, 0o775, 7),
            (7, 7, 0o777, 7),
            (7, 7, 0o1777, 7),
        ] {
            assert!(reason(owner, group, mode, user).is_some(), "{owner} {group} {mode:o} {user}");
        }
    }
}
