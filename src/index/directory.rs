//! The folder of an index, guarded: nothing outside it is ever touched, what a commit has written
//! stays written when the power goes, and each commit has its manifest.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, META_LOCK, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::ROOT_FILE;
use super::integrity::{self, Manifest, Seal};
use super::pages::{Pages, SumsWriter, Unhurried};
use super::sweep::TEMPORARY;
#[cfg(unix)]
use super::window::Windowed;
use crate::Error;

/// What is written at once: hashing gains from long stretches.
const BUFFER: usize = 64 << 10;

/// The extensions of the files of a segment that grow with its text: postings, positions, records, texts.
const LARGE: [&str; 4] = ["idx", "pos", "art", "txt"];

/// A directory of the engine that accepts only plain file names, syncs the folder after every
/// atomic write, writes the manifest of a root file before the root file itself, and holds what is read of
/// the files of segments against the sums that they end with.
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
    written: Written,
    /// Whether the large files of segments are read through windows: one who writes reads them once, in
    /// their order.
    pub(super) windowed: bool,
}

/// The seals of the files that were written since the directory was opened.
type Written = Arc<Mutex<BTreeMap<String, Seal>>>;

impl GuardedDirectory {
    pub(super) fn new(
        inner: Box<dyn Directory>,
        folder: Option<&Path>,
        trouble: Trouble,
    ) -> GuardedDirectory {
        let folder = folder.map(Path::to_path_buf);
        GuardedDirectory { inner, folder, trouble, written: Written::default(), windowed: false }
    }

    /// A file whose pages are checked when they are first read.
    pub(super) fn pages(&self, path: &Path) -> Result<Arc<Pages>, OpenReadError> {
        let pages = self.inner.get_file_handle(path).and_then(|file| {
            let pages = Pages::open(path, &*file);
            pages.map_err(|error| OpenReadError::wrap_io_error(error, path.to_path_buf()))
        });
        self.trouble.note_read(pages.map(Arc::new))
    }

    fn atomic_write_synced(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.trouble.note(match &self.folder {
            Some(folder) => replace(folder, path, data),
            None => self.inner.atomic_write(path, data),
        })?;
        self.trouble.note(self.inner.sync_directory())
    }

    /// Writes the root file, its manifest first. The manifest of the root file before it goes last,
    /// so that there is never a root file without its own.
    fn commit(&self, root: &[u8]) -> io::Result<()> {
        let before = match self.inner.atomic_read(Path::new(ROOT_FILE)) {
            Ok(before) => Some(before),
            Err(OpenReadError::FileDoesNotExist(_)) => None,
            Err(OpenReadError::IoError { io_error, .. }) => return Err(same_error(&io_error)),
            Err(error) => return Err(io::Error::other(error)),
        };
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

/// The first error that an operation met, for the engine often says only that a thread of its own has
/// ended; and whether the session has ended that the directory belongs to.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble(Arc<State>);

#[derive(Debug, Default)]
struct State {
    first: Mutex<Option<io::Error>>,
    ended: RwLock<bool>,
}

impl Trouble {
    /// What the system said, if an operation met an error.
    pub(super) fn error(&self) -> Option<io::Error> {
        self.first().as_ref().map(same_error)
    }

    fn first(&self) -> MutexGuard<'_, Option<io::Error>> {
        self.0.first.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the session, once what is being written is written. When one thread of the engine fails,
    /// the engine leaves the others to themselves; one of them would write its list of files over that
    /// of the next session.
    pub(super) fn end(&self) {
        *self.0.ended.write().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// What must be held while the folder is changed; an error once the session has ended.
    fn not_ended(&self) -> io::Result<RwLockReadGuard<'_, bool>> {
        let ended = self.0.ended.read().unwrap_or_else(PoisonError::into_inner);
        match *ended {
            true => Err(io::Error::other("the session of writing has ended")),
            false => Ok(ended),
        }
    }

    /// Passes a result on, and notes its error if it is one.
    pub(super) fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| self.note_error(error))
    }

    fn note_error(&self, error: &io::Error) {
        self.first().get_or_insert_with(|| same_error(error));
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

/// A file being written, whose errors are noted, whose bytes are hashed, and whose pages get their sums.
struct Sealed {
    inner: WritePtr,
    trouble: Trouble,
    name: String,
    sums: SumsWriter,
    size: u64,
    hasher: blake3::Hasher,
    written: Written,
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.trouble.note(self.inner.write(bytes))?;
        let written = bytes.get(..count).unwrap_or_default();
        self.size += count as u64;
        self.hasher.update(written);
        self.sums.add(written);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.trouble.note(self.inner.flush())
    }
}

impl TerminatingWrite for Sealed {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        let sums = self.sums.finish();
        self.trouble.note(self.inner.write_all(&sums))?;
        self.size += sums.len() as u64;
        self.hasher.update(&sums);
        self.trouble.note(self.inner.terminate_ref(token))?;
        let seal = Seal { size: self.size, hash: self.hasher.finalize().to_hex().to_string() };
        lock(&self.written).insert(self.name.clone(), seal);
        Ok(())
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

/// What a folder holds that no index has, if it does, in words: a link, which would lead reading and
/// writing out of it, or a pipe, which would hold it up for ever.
pub(super) fn strange(dir: &Path) -> crate::Result<Option<String>> {
    for entry in std::fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
        let entry = entry.map_err(|error| Error::io(dir, error))?;
        match entry.file_type() {
            Ok(kind) if kind.is_file() || kind.is_dir() => {}
            // A file of a writer at work that is gone again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(entry.path(), error)),
            Ok(_) => {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let words = "is a link or no regular file, and no polidex has put it there";
                return Ok(Some(format!("{name} {words}")));
            }
        }
    }
    Ok(None)
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
        #[cfg(unix)]
        if let Some(folder) = &self.folder
            && self.windowed
            && path.extension().is_some_and(|extension| LARGE.iter().any(|it| *it == extension))
        {
            return self.trouble.note_read(
                match Windowed::open(&folder.join(path), self.trouble.clone()) {
                    Ok(windowed) => Ok(Arc::new(windowed)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        Err(OpenReadError::FileDoesNotExist(path.to_path_buf()))
                    }
                    Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_path_buf())),
                },
            );
        }
        let pages = self.pages(path)?;
        match path.extension().is_some_and(|extension| extension == "term") && !self.windowed {
            // What is looked up in dictionaries is checked where that is done.
            true => Ok(Arc::new(Unhurried(pages))),
            false => Ok(pages),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let failed = |error: io::Error| DeleteError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_path_buf(),
        };
        plain(path).map_err(failed)?;
        let _held = self.trouble.not_ended().map_err(failed)?;
        lock(&self.written).remove(&*path.to_string_lossy());
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
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_path_buf());
        plain(path).map_err(failed)?;
        let _held = self.trouble.not_ended().map_err(failed)?;
        let inner = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                self.trouble.note_error(io_error);
            }
        })?;
        let sealed = Sealed {
            inner,
            trouble: self.trouble.clone(),
            name: path.to_string_lossy().into_owned(),
            sums: SumsWriter::new(path),
            size: 0,
            hasher: blake3::Hasher::new(),
            written: self.written.clone(),
        };
        Ok(BufWriter::with_capacity(BUFFER, Box::new(sealed)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        plain(path).map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        self.trouble.note_read(self.inner.atomic_read(path))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        plain(path)?;
        let _held = self.trouble.not_ended()?;
        match path == Path::new(ROOT_FILE) {
            true => self.trouble.note(self.commit(data)),
            false => self.atomic_write_synced(path, data),
        }
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

#[cfg(test)]
mod tests {
    use tantivy::directory::{INDEX_WRITER_LOCK, MmapDirectory, RamDirectory};

    use super::*;
    use crate::index::simulated::{PowerLoss, SimulatedDisk};

    fn guarded(inner: impl Directory) -> GuardedDirectory {
        GuardedDirectory::new(Box::new(inner), None, Trouble::default())
    }

    fn on_disk(folder: &Path) -> GuardedDirectory {
        let inner = Box::new(MmapDirectory::open(folder).unwrap());
        GuardedDirectory::new(inner, Some(folder), Trouble::default())
    }

    fn write(directory: &GuardedDirectory, name: &str, bytes: &[u8]) {
        let mut file = directory.open_write(Path::new(name)).unwrap();
        file.write_all(bytes).unwrap();
        file.terminate().unwrap();
    }

    #[test]
    fn nothing_but_a_plain_name_is_read_written_or_deleted() {
        let desk = tempfile::tempdir().unwrap();
        let (folder, outside) = (desk.path().join("index"), desk.path().join("victim"));
        std::fs::create_dir_all(folder.join("inner")).unwrap();
        for victim in [&outside, &folder.join("inner/victim")] {
            std::fs::write(victim, "dear").unwrap();
        }
        let directory = on_disk(&folder);
        for path in [Path::new("../victim"), &outside, Path::new("inner/victim"), Path::new("")] {
            let refused = |result: io::Result<()>| {
                let words = result.unwrap_err().to_string();
                assert!(words.contains("outside its folder"), "{}: {words}", path.display());
            };
            refused(directory.get_file_handle(path).map(drop).map_err(io::Error::other));
            refused(directory.open_read(path).map(drop).map_err(io::Error::other));
            refused(directory.exists(path).map(drop).map_err(io::Error::other));
            refused(directory.atomic_read(path).map(drop).map_err(io::Error::other));
            refused(directory.atomic_write(path, b"no"));
            refused(directory.open_write(path).map(drop).map_err(io::Error::other));
            refused(directory.delete(path).map_err(io::Error::other));
        }
        assert_eq!(std::fs::read(&outside).unwrap(), b"dear");
        let own = Path::new("victim");
        directory.atomic_write(own, b"own").unwrap();
        assert_eq!(directory.atomic_read(own).unwrap(), b"own");
        assert!(directory.exists(own).unwrap());
        directory.delete(own).unwrap();
        assert!(!directory.exists(own).unwrap());
    }

    #[test]
    fn a_root_file_has_its_manifest_and_that_of_the_one_before_goes() {
        let name = "aaaaaaaa000000000000000000000001";
        let root = |opstamp: u32| {
            let id = "aaaaaaaa-0000-0000-0000-000000000001";
            let segment = format!(r#"{{"segment_id":"{id}","max_doc":1,"deletes":null}}"#);
            format!(r#"{{"segments":[{segment}],"opstamp":{opstamp},"payload":"{{}}"}}"#)
        };
        let directory = guarded(RamDirectory::create());
        write(&directory, &format!("{name}.idx"), b"postings");
        let path = Path::new(ROOT_FILE);
        let first = root(1);
        // The second time it is the same file, and keeps its manifest.
        for _ in 0..2 {
            directory.atomic_write(path, first.as_bytes()).unwrap();
            let manifest = Manifest::read(&directory, first.as_bytes()).unwrap();
            let seal = &manifest.files[&format!("{name}.idx")];
            let file = directory.inner.open_read(Path::new(&format!("{name}.idx"))).unwrap();
            let file = file.read_bytes().unwrap();
            assert!(file.starts_with(b"postings"));
            let hash = blake3::hash(&file).to_hex().to_string();
            assert_eq!(*seal, Seal { size: file.len() as u64, hash });
        }
        let second = root(2);
        directory.atomic_write(path, second.as_bytes()).unwrap();
        assert!(Manifest::read(&directory, second.as_bytes()).is_ok());
        assert!(!directory.exists(&integrity::name_of(first.as_bytes())).unwrap());
        // Files of a commit without a manifest are not vouched for by the next.
        directory.delete(&integrity::name_of(second.as_bytes())).unwrap();
        assert!(directory.atomic_write(path, root(3).as_bytes()).is_err());
        assert_eq!(directory.atomic_read(path).unwrap(), second.as_bytes());
    }

    #[test]
    fn what_is_flushed_can_be_read_and_what_is_synced_outlives_a_power_cut() {
        let desk = tempfile::tempdir().unwrap();
        let mut file = on_disk(desk.path()).open_write(Path::new("file")).unwrap();
        file.write_all(b"text").unwrap();
        file.flush().unwrap();
        assert_eq!(std::fs::read(desk.path().join("file")).unwrap(), b"text");
        let disk = SimulatedDisk::new();
        let directory = guarded(disk.clone());
        write(&directory, "file", b"text");
        let after = || disk.after_power_loss(usize::MAX, PowerLoss::Strict);
        assert!(!after().exists(Path::new("file")).unwrap());
        directory.sync_directory().unwrap();
        assert!(after().atomic_read(Path::new("file")).unwrap().starts_with(b"text"));
    }

    #[test]
    fn a_temporary_file_of_another_is_left_alone_and_a_folder_that_has_gone_is_an_error() {
        let desk = tempfile::tempdir().unwrap();
        let directory = on_disk(desk.path());
        // A process that was killed had the same number, and was at work twice.
        let left = [0, 1]
            .map(|number| desk.path().join(format!("{TEMPORARY}{}-{number}", std::process::id())));
        left.iter().for_each(|path| std::fs::write(path, "left").unwrap());
        directory.atomic_write(Path::new("file"), b"text").unwrap();
        assert_eq!(directory.atomic_read(Path::new("file")).unwrap(), b"text");
        assert!(left.iter().all(|path| std::fs::read(path).unwrap() == b"left"));
        assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 3);
        desk.close().unwrap();
        assert!(directory.atomic_write(Path::new("file"), b"text").is_err());
        assert!(directory.trouble.error().is_some());
    }

    #[test]
    fn only_a_reader_does_without_a_lock_and_only_where_it_may_not_write() {
        let (not_permitted, read_only, broken) = (13, 30, 5);
        for (lock, error, taken) in [
            (&*META_LOCK, not_permitted, true),
            (&*META_LOCK, read_only, true),
            (&*META_LOCK, broken, false),
            (&*INDEX_WRITER_LOCK, not_permitted, false),
            (&*INDEX_WRITER_LOCK, read_only, false),
        ] {
            let disk = SimulatedDisk::new();
            disk.fail(0, 1, error);
            let directory = guarded(disk);
            assert_eq!(directory.acquire_lock(lock).is_ok(), taken, "{lock:?}, error {error}");
            // Where there is nothing in the way, it is a lock that keeps others out.
            let _held = directory.acquire_lock(&INDEX_WRITER_LOCK).unwrap();
            assert!(directory.acquire_lock(&INDEX_WRITER_LOCK).is_err());
        }
    }

    #[test]
    fn nothing_is_changed_once_the_session_has_ended() {
        let trouble = Trouble::default();
        let inner = Box::new(RamDirectory::create());
        let directory = GuardedDirectory::new(inner, None, trouble.clone());
        let file = Path::new("file");
        directory.atomic_write(file, b"before").unwrap();
        trouble.end();
        assert!(directory.atomic_write(file, b"after").is_err());
        assert!(directory.delete(file).is_err());
        assert!(directory.open_write(Path::new("other")).is_err());
        assert_eq!(directory.atomic_read(file).unwrap(), b"before");
        assert!(!directory.exists(Path::new("other")).unwrap());
        // That a thread came too late is no trouble of the disk.
        assert!(trouble.error().is_none());
    }
}
