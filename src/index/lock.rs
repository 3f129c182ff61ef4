//! One writer at a time: a lock that the second waits for a moment, then names the holder of.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// The file that is locked. It stays behind; only the lock on it means anything.
pub(super) const FILE_NAME: &str = "writer.lock";

/// How long a second writer waits for the first: short updates follow each other, and who has to be
/// turned away hears of it within a second, the start of a process included.
const PATIENCE: Duration = Duration::from_millis(900);

/// How long it waits where the first has not said yet who it is: the first holder that there ever was,
/// on a busy machine.
const PATIENCE_UNNAMED: Duration = Duration::from_secs(4);

/// Held as long as it lives; the system lets go of it when the process ends, however it ends.
pub(super) struct Lock<'a> {
    _file: Option<File>,
    _guard: Option<MutexGuard<'a, ()>>,
}

/// The lock of an index in memory.
#[derive(Default)]
pub(super) struct InProcess(Mutex<()>);

impl InProcess {
    pub(super) fn acquire(&self) -> Lock<'_> {
        Lock { _file: None, _guard: Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)) }
    }
}

/// Who holds the lock, as far as that is said. Who it is helps, but it is held whoever it is.
fn holder(file: &mut File) -> Option<String> {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut holder));
    read.ok().filter(|_| !holder.trim().is_empty()).map(|_| format!("process {}", holder.trim()))
}

/// Opens the file that is locked.
fn open(dir: &Path) -> Result<File> {
    let path = dir.join(FILE_NAME);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    // Who holds the lock is written into the file, which a link could have put elsewhere.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32,
    );
    let file = options.open(&path).map_err(|error| Error::io(&path, error))?;
    if !is_plain(&file).map_err(|error| Error::io(&path, error))? {
        let reason = format!("{FILE_NAME} in it is a link or no regular file");
        return Err(Error::Untrusted { path: dir.to_path_buf(), reason });
    }
    Ok(file)
}

/// Locks the index in `dir` for writing.
pub(super) fn acquire(dir: &Path) -> Result<Lock<'static>> {
    let path = dir.join(FILE_NAME);
    let mut file = open(dir)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) if stands_at(&file, &path) => break,
            // Who held it has put another index in this place.
            Ok(()) => file = open(dir)?,
            Err(TryLockError::Error(error)) => return Err(Error::io(&path, error)),
            Err(TryLockError::WouldBlock) => {
                let holder = holder(&mut file);
                let patience = if holder.is_none() { PATIENCE_UNNAMED } else { PATIENCE };
                if start.elapsed() > patience {
                    let holder = holder.unwrap_or_else(|| "another process".to_owned());
                    return Err(Error::Locked { path: dir.to_path_buf(), holder });
                }
                sleep(Duration::from_millis(50));
            }
        }
    }
    // In one piece over what stood there, so that whoever reads it reads a number.
    let name = format!("{:<10}", std::process::id());
    let named = file.rewind().and_then(|()| file.write_all(name.as_bytes()));
    named
        .and_then(|()| file.set_len(name.len() as u64))
        .map_err(|error| Error::io(&path, error))?;
    Ok(Lock { _file: Some(file), _guard: None })
}

/// Whether this is the file that the path leads to.
#[cfg(unix)]
fn stands_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let there = std::fs::symlink_metadata(path).ok().map(place);
    there.is_some() && there == file.metadata().ok().map(place)
}

#[cfg(not(unix))]
fn stands_at(_file: &File, _path: &Path) -> bool {
    true
}

/// Whether the file is a regular one that has no other name.
fn is_plain(file: &File) -> std::io::Result<bool> {
    let metadata = file.metadata()?;
    #[cfg(unix)]
    let names = std::os::unix::fs::MetadataExt::nlink(&metadata);
    #[cfg(not(unix))]
    let names = 1;
    Ok(metadata.is_file() && names == 1)
}

#[cfg(test)]
#[cfg_attr(not(unix), allow(unused_imports))]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn who_waited_has_the_lock_of_the_index_that_is_there() {
        let desk = tempfile::tempdir().unwrap();
        let dir = desk.path().join("index");
        std::fs::create_dir(&dir).unwrap();
        let (say, said) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _held = acquire(&dir).unwrap();
                say.send(()).unwrap();
                sleep(Duration::from_millis(100));
                std::fs::rename(&dir, desk.path().join("aside")).unwrap();
                std::fs::create_dir(&dir).unwrap();
            });
            said.recv().unwrap();
            let _second = acquire(&dir).unwrap();
            assert!(matches!(acquire(&dir), Err(Error::Locked { .. })));
        });
    }
}
