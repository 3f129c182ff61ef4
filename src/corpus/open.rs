//! Opening a file of the corpus: never through a symbolic link, never something that would block.

use std::fs::File;
use std::io;
use std::path::Path;

/// Opens the regular file `full`, which lies beneath `root`.
///
/// Each part of the path is opened from the one before it and none may be a symbolic link, so that
/// a folder exchanged for a link while the corpus is read leads nowhere.
#[cfg(unix)]
pub(super) fn open_beneath(root: &Path, full: &Path) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    use std::path::Component;

    let outside = || io::Error::new(io::ErrorKind::InvalidInput, "lies outside the folder");
    let relative = full.strip_prefix(root).map_err(|_| outside())?;
    // A FIFO opens at once with NONBLOCK, and is then found not to be a regular file.
    let last = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let folder = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;

    let mut parent = openat(CWD, root, folder, Mode::empty())?;
    let mut parts = relative.components().peekable();
    while let Some(part) = parts.next() {
        let Component::Normal(name) = part else { return Err(outside()) };
        if parts.peek().is_none() {
            let file = File::from(openat(&parent, name, last, Mode::empty())?);
            return regular(file);
        }
        parent = openat(&parent, name, folder | OFlags::NOFOLLOW, Mode::empty())?;
    }
    Err(outside())
}

/// Opens the regular file `full`, which lies beneath `root`.
#[cfg(not(unix))]
pub(super) fn open_beneath(_root: &Path, full: &Path) -> io::Result<File> {
    if !full.symlink_metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a regular file"));
    }
    regular(File::open(full)?)
}

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a regular file"))
    }
}
