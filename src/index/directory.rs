//! The folder of an index, guarded: nothing outside it is ever touched, what a commit has written
//! stays written when the power goes, and each commit has its manifest.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

use super::ROOT_FILE;
use super::integrity::{self, Manifest, Seal};

/// What is written at once: hashing gains from long stretches.
const BUFFER: usize = 64 << 10;

/// A directory of the engine that accepts only plain file names, syncs the folder after every
/// atomic write, and writes the manifest of a root file before the root file itself.
///
/// The engine's list of its own files stands in the index folder and decides what it deletes; an
/// index made by somebody else could name any file there. And the engine renames its root file
/// into place without syncing the folder, so that a power cut could lose an acknowledged commit.
#[derive(Debug, Clone)]
pub(super) struct GuardedDirectory {
    inner: Box<dyn Directory>,
    trouble: Trouble,
    written: Written,
}

/// The seals of the files that were written since the directory was opened.
type Written = Arc<Mutex<BTreeMap<String, Seal>>>;

impl GuardedDirectory {
    pub(super) fn new(inner: Box<dyn Directory>, trouble: Trouble) -> GuardedDirectory {
        GuardedDirectory { inner, trouble, written: Written::default() }
    }

    fn atomic_write_synced(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.trouble.note(self.inner.atomic_write(path, data))?;
        self.trouble.note(self.inner.sync_directory())
    }

    /// Writes the root file, its manifest first. The manifest of the root file before it goes last,
    /// so that there is never a root file without its own.
    fn commit(&self, root: &[u8]) -> io::Result<()> {
        let before = self.inner.atomic_read(Path::new(ROOT_FILE)).ok();
        let mut known = match &before {
            // Files of a damaged commit are not vouched for a second time.
            Some(before) => Manifest::read(&*self.inner, before).map_err(io::Error::other)?.files,
            None => BTreeMap::new(),
        };
        known.extend(lock(&self.written).clone());
        let name = integrity::name_of(root);
        let manifest = Manifest::new(root, &known)?;
        self.atomic_write_synced(&name, &manifest.to_bytes()?)?;
        self.atomic_write_synced(Path::new(ROOT_FILE), root)?;
        let old = before.map(|before| integrity::name_of(&before)).filter(|old| *old != name);
        // One that stays behind is swept away by the next who writes.
        drop(old.map(|old| self.inner.delete(&old)));
        Ok(())
    }
}

fn lock(written: &Written) -> MutexGuard<'_, BTreeMap<String, Seal>> {
    // Seals stay true when a thread that added one has panicked.
    written.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A file being written, whose errors are noted and whose bytes are hashed.
struct Sealed {
    inner: WritePtr,
    trouble: Trouble,
    name: String,
    size: u64,
    hasher: blake3::Hasher,
    written: Written,
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.trouble.note(self.inner.write(bytes))?;
        self.size += count as u64;
        self.hasher.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.trouble.note(self.inner.flush())
    }
}

impl TerminatingWrite for Sealed {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.trouble.note(self.inner.terminate_ref(token))?;
        let seal = Seal { size: self.size, hash: self.hasher.finalize().to_hex().to_string() };
        lock(&self.written).insert(self.name.clone(), seal);
        Ok(())
    }
}

pub(super) fn plain(path: &Path) -> io::Result<()> {
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
        lock(&self.written).remove(&*path.to_string_lossy());
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        plain(path).map_err(|e| OpenWriteError::wrap_io_error(e, path.to_path_buf()))?;
        let inner = self.inner.open_write(path)?;
        let sealed = Sealed {
            inner,
            trouble: self.trouble.clone(),
            name: path.to_string_lossy().into_owned(),
            size: 0,
            hasher: blake3::Hasher::new(),
            written: self.written.clone(),
        };
        Ok(BufWriter::with_capacity(BUFFER, Box::new(sealed)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        plain(path)?;
        match path == Path::new(ROOT_FILE) {
            true => self.trouble.note(self.commit(data)),
            false => self.atomic_write_synced(path, data),
        }
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
