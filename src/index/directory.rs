//! The folder of an index, guarded: nothing outside it is ever touched, and what a commit has
//! written stays written when the power goes.

use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, WatchCallback, WatchHandle, WritePtr,
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
}

impl GuardedDirectory {
    pub(super) fn new(inner: Box<dyn Directory>) -> GuardedDirectory {
        GuardedDirectory { inner }
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
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        plain(path)?;
        self.inner.atomic_write(path, data)?;
        self.inner.sync_directory()
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
