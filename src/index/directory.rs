//! The folder of an index, guarded: nothing outside it is ever touched, and what a commit has
//! written stays written when the power goes.

use std::io::{self, BufWriter, Write};
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

/// A directory of the engine that accepts only plain file names and syncs the folder after every
/// atomic write.
///
/// The engine's list of its own files stands in the index folder and decides what it deletes; an
/// index made by somebody else could name any file there. And the engine renames its root file
/// into place without syncing the folder, so that a power cut could lose an acknowledged commit.
#[derive(Debug, Clone)]
pub(super) struct GuardedDirectory {
    inner: Box<dyn Directory>,
    trouble: Trouble,
}

impl GuardedDirectory {
    pub(super) fn new(inner: Box<dyn Directory>, trouble: Trouble) -> GuardedDirectory {
        GuardedDirectory { inner, trouble }
    }
}

/// The first error that writing met. The engine says only that a thread of its own has ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<io::ErrorKind>>>);

impl Trouble {
    /// What the system said, if writing met an error.
    pub(super) fn kind(&self) -> Option<io::ErrorKind> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(error.kind());
        }
        result
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
        self.inner.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.open_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        plain(path).map_err(|e| DeleteError::IoError {
            io_error: Arc::new(e),
            filepath: path.to_path_buf(),
        })?;
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        plain(path).map_err(|e| OpenWriteError::wrap_io_error(e, path.to_path_buf()))?;
        let inner = self.inner.open_write(path)?;
        let noted = Noted { inner, trouble: self.trouble.clone() };
        Ok(BufWriter::with_capacity(0, Box::new(noted)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        plain(path)?;
        self.trouble.note(self.inner.atomic_write(path, data))?;
        self.trouble.note(self.inner.sync_directory())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
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
