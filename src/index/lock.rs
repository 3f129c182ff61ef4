//! One writer at a time: a lock that the second waits for a moment, then names the holder of.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::directory::not_a_file;
use crate::{Error, Result};

/// The file that is locked. It stays behind; only the lock on it means anything.
pub(super) const FILE_NAME: &str = "writer.lock";

/// How long a second writer waits for the first.
const PATIENCE: Duration = Duration::from_secs(2);

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

/// Locks the index in `dir` for writing.
pub(super) fn acquire(dir: &Path) -> Result<Lock<'static>> {
    let path = dir.join(FILE_NAME);
    // Through a link, the number of this process would go into somebody else's file.
    if path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(not_a_file(&path));
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| Error::io(&path, error))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(Error::io(&path, error)),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is helps, but the lock is held whoever it is.
                let _ = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another process".to_owned(),
                    pid => format!("process {pid}"),
                };
                return Err(Error::Locked { path: dir.to_path_buf(), holder });
            }
        }
    }
    let named = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()));
    named.map_err(|error| Error::io(&path, error))?;
    Ok(Lock { _file: Some(file), _guard: None })
}
