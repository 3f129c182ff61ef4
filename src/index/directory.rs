//! The folder of an index, guarded: nothing outside it is ever touched, and what a commit has
//! written stays written when the power goes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

use super::sweep::TEMPORARY;
use crate::Error;

/// A directory of the engine that accepts only plain file names and syncs the folder after every
/// atomic write.
///
/// The engine's list of its own files stands in the index folder and decides what it deletes; an
/// index made by somebody else could name any file there. And the engine renames its root file
/// into place without syncing the folder, so that a power cut could lose an acknowledged commit.
#[derive(Debug, Clone)]
pub(super) struct GuardedDirectory {
    inner: Box<dyn Directory>,
    /// The folder, where there is one on disk.
    folder: Option<PathBuf>,
    trouble: Trouble,
}

impl GuardedDirectory {
    pub(super) fn new(
        inner: Box<dyn Directory>,
        folder: Option<&Path>,
        trouble: Trouble,
    ) -> GuardedDirectory {
        GuardedDirectory { inner, folder: folder.map(Path::to_path_buf), trouble }
    }
}

/// The first error that an operation met. The engine often says only that a thread of its own has
/// ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<io::Error>>>);

impl Trouble {
    /// What the system said, if an operation met an error.
    pub(super) fn error(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(same_error)
    }

    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| self.note_error(error))
    }

    fn note_error(&self, error: &io::Error) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| same_error(error));
    }

    fn note_read<T>(&self, result: Result<T, OpenReadError>) -> Result<T, OpenReadError> {
        if let Err(OpenReadError::IoError { io_error, .. }) = &result {
            self.note_error(io_error);
        }
        result
    }
}

/// An error that says the same as this one, which cannot be cloned.
pub(super) fn same_error(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// A file being written whose errors are noted.
struct Noted {
    inner: WritePtr,
    trouble: Trouble,
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.trouble.note(self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.trouble.note(self.inner.flush())
    }
}

impl TerminatingWrite for Noted {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.trouble.note(self.inner.terminate_ref(token))
    }
}

/// Writes a file beside `name` and renames it into place. Unlike the engine's, it may be read by whoever
/// may read the other files.
fn replace(folder: &Path, name: &Path, data: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = beside(folder)?;
    let written = file
        .write_all(data)
        .and_then(|()| file.sync_data())
        .and_then(|()| std::fs::rename(&temporary, folder.join(name)));
    written.inspect_err(|_| {
        // It may stay if it must: the next writer sweeps.
        let _ = std::fs::remove_file(&temporary);
    })
}

/// A new file with a name of its own.
fn beside(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0;
    loop {
        let path = folder.join(format!("{TEMPORARY}{}-{number}", std::process::id()));
        match File::options().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            opened => return opened.map(|file| (path, file)),
        }
    }
}

/// Refuses a folder that holds what no index has: links, which would lead reading and writing out
/// of it, and pipes, which would hold it up for ever.
pub(super) fn without_links(dir: &Path) -> crate::Result<()> {
    for entry in std::fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
        let entry = entry.map_err(|error| Error::io(dir, error))?;
        match entry.file_type() {
            Ok(kind) if kind.is_file() || kind.is_dir() => {}
            // A file of a writer at work that is gone again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(entry.path(), error)),
            Ok(_) => return Err(not_a_file(&entry.path())),
        }
    }
    Ok(())
}

/// The error of an index that has something else where only a file may be.
pub(super) fn not_a_file(path: &Path) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Error::Damaged {
        path: path.parent().unwrap_or(path).to_path_buf(),
        detail: format!("{name} is not a regular file, and no polidex has put it there"),
    }
}

fn plain(path: &Path) -> io::Result<()> {
    let mut components = path.components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(_)), None) => Ok(()),
        _ => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("the index names a file outside its folder: {}", path.display()),
        )),
    }
}

impl Directory for GuardedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.trouble.note_read(self.inner.get_file_handle(path))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.trouble.note_read(self.inner.open_read(path))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        plain(path).map_err(|e| DeleteError::IoError {
            io_error: Arc::new(e),
            filepath: path.to_path_buf(),
        })?;
        self.inner.delete(path).inspect_err(|error| {
            if let DeleteError::IoError { io_error, .. } = error {
                self.trouble.note_error(io_error);
            }
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.trouble.note_read(self.inner.exists(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        plain(path).map_err(|e| OpenWriteError::wrap_io_error(e, path.to_path_buf()))?;
        let inner = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                self.trouble.note_error(io_error);
            }
        })?;
        let noted = Noted { inner, trouble: self.trouble.clone() };
        Ok(BufWriter::with_capacity(0, Box::new(noted)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.trouble.note_read(self.inner.atomic_read(path))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        plain(path)?;
        self.trouble.note(match &self.folder {
            Some(folder) => replace(folder, path, data),
            None => self.inner.atomic_write(path, data),
        })?;
        self.trouble.note(self.inner.sync_directory())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.trouble.note(self.inner.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            // A reader of a folder that it may not write to needs no protection from a collection
            // of garbage that nobody can start there.
            Err(LockError::IoError(error))
                if lock.filepath == META_LOCK.filepath
                    && matches!(
                        error.kind(),
                        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
                    ) =>
            {
                Ok(DirectoryLock::from(Box::new(())))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}
