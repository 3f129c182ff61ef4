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

#[cfg(test)]
#[cfg_attr(not(unix), allow(unused_imports))]
mod tests {
    use std::io::Read;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_exchanged_for_a_link_meanwhile_leads_nowhere() {
        use std::os::unix::fs::symlink;
        let desk = tempfile::tempdir().unwrap();
        let (root, outside) = (desk.path().join("root"), desk.path().join("outside"));
        let inner = root.join("a");
        for folder in [&inner, &outside] {
            std::fs::create_dir_all(folder.join("b")).unwrap();
        }
        std::fs::write(inner.join("b/x.txt"), "ours").unwrap();
        std::fs::write(outside.join("b/x.txt"), "secret").unwrap();
        let (aside, done) = (root.join("aside"), AtomicBool::new(false));
        let (mut read, mut refused, mut leaked) = (0, 0, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::fs::rename(&inner, &aside).unwrap();
                    symlink(&outside, &inner).unwrap();
                    std::fs::remove_file(&inner).unwrap();
                    std::fs::rename(&aside, &inner).unwrap();
                }
            });
            for _ in 0..5_000 {
                let Ok(mut file) = open_beneath(&root, &inner.join("b/x.txt")) else {
                    refused += 1;
                    continue;
                };
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                match &*text {
                    "ours" => read += 1,
                    _ => leaked += 1,
                }
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!((leaked, read + refused), (0, 5_000));
        assert!(open_beneath(&root, &inner.join("b/x.txt")).is_ok());
        assert!(open_beneath(&root, &inner.join("../../outside/b/x.txt")).is_err());
        assert!(open_beneath(&root, &outside.join("b/x.txt")).is_err());
        symlink(&outside, root.join("link")).unwrap();
        assert!(open_beneath(&root, &root.join("link/b/x.txt")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_but_a_regular_file_is_opened_and_a_pipe_is_not_waited_for() {
        use std::os::unix::fs::symlink;
        let desk = tempfile::tempdir().unwrap();
        let root = desk.path();
        std::fs::write(root.join("file"), "").unwrap();
        std::fs::create_dir(root.join("folder")).unwrap();
        symlink("file", root.join("link")).unwrap();
        let pipe = std::process::Command::new("mkfifo").arg(root.join("pipe")).status();
        assert!(pipe.is_ok_and(|status| status.success()));
        assert!(open_beneath(root, &root.join("file")).is_ok());
        // To open a pipe that nobody writes to would take for ever, as its parent too.
        for path in ["folder", "link", "pipe", "pipe/file", "file/file", ""] {
            assert!(open_beneath(root, &root.join(path)).is_err(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_program_that_is_started_meanwhile_gets_the_file() {
        use rustix::io::{FdFlags, fcntl_getfd};
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        std::fs::write(&path, "").unwrap();
        let file = open_beneath(desk.path(), &path).unwrap();
        assert!(fcntl_getfd(&file).unwrap().contains(FdFlags::CLOEXEC));
    }
}
