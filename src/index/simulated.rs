//! A simulated disk: an index on it can lose its power before any operation, and any operation can
//! fail. For the test programme only (feature `torture`).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::Index;

/// A disk in memory that knows which of its data and names have been synced.
///
/// Clones are the same disk; [`SimulatedDisk::copy`] makes another.
#[derive(Debug, Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

/// What a power cut leaves of that which was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerLoss {
    /// Nothing: neither data nor names, the least that POSIX promises.
    Strict,
    /// All names, and no data.
    NamesKept,
    /// Each name by the toss of a coin, and of the data a part, torn or zeroed. The number is the
    /// seed.
    Arbitrary(u64),
}

#[derive(Debug, Clone, Default)]
struct State {
    content: Content,
    operations: u64,
    /// The content before each operation that changed it, if that is recorded.
    recorded: Option<Vec<Content>>,
    fault: Option<Fault>,
    injected: u64,
    locks: BTreeSet<PathBuf>,
}

#[derive(Debug, Clone, Copy)]
struct Fault {
    first: u64,
    count: u64,
    error: i32,
}

#[derive(Debug, Clone, Default)]
struct Content {
    files: BTreeMap<u64, File>,
    next: u64,
    names: BTreeMap<PathBuf, u64>,
    synced: BTreeMap<PathBuf, u64>,
    /// What has happened to the names since they were synced.
    pending: Vec<Change>,
}

#[derive(Debug, Clone, Default)]
struct File {
    data: Arc<Vec<u8>>,
    synced: Arc<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum Change {
    Link(PathBuf, u64),
    Rename(PathBuf, PathBuf, u64),
    Unlink(PathBuf),
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<PathBuf, u64>) {
        match self {
            Change::Link(name, number) => drop(names.insert(name.clone(), *number)),
            Change::Rename(old, new, number) => {
                names.remove(old);
                names.insert(new.clone(), *number);
            }
            Change::Unlink(name) => drop(names.remove(name)),
        }
    }
}

impl Content {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.names);
        self.pending.push(change);
    }

    fn create(&mut self, name: PathBuf) -> u64 {
        let number = self.next;
        self.next += 1;
        self.files.insert(number, File::default());
        self.change(Change::Link(name, number));
        number
    }

    fn data(&self, name: &Path) -> Option<Arc<Vec<u8>>> {
        self.files.get(self.names.get(name)?).map(|file| file.data.clone())
    }
}

impl SimulatedDisk {
    /// An empty disk.
    pub fn new() -> SimulatedDisk {
        SimulatedDisk::default()
    }

    /// The index on this disk.
    pub fn index(&self) -> Index {
        Index::on(Box::new(self.clone()))
    }

    /// Another disk with the same content, which records nothing and fails nowhere.
    pub fn copy(&self) -> SimulatedDisk {
        let content = self.state().content.clone();
        SimulatedDisk(Arc::new(Mutex::new(State { content, ..State::default() })))
    }

    /// How many operations there have been, reading ones included.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// From now on, keeps the state before each operation that changes something.
    pub fn record(&self) {
        self.state().recorded = Some(Vec::new());
    }

    /// How many states have been kept.
    pub fn states(&self) -> usize {
        self.state().recorded.as_ref().map_or(0, Vec::len)
    }

    /// The disk that is found after the power was lost in the state of this number, in the order
    /// in which they were kept; the present state beyond them.
    pub fn after_power_loss(&self, state: usize, loss: PowerLoss) -> SimulatedDisk {
        let content = {
            let now = self.state();
            let kept = now.recorded.as_ref().and_then(|kept| kept.get(state));
            kept.unwrap_or(&now.content).clone()
        };
        let mut coin = Coin(match loss {
            PowerLoss::Arbitrary(seed) => seed,
            _ => 0,
        });
        let mut names = content.synced;
        for change in &content.pending {
            let kept = match loss {
                PowerLoss::Strict => false,
                PowerLoss::NamesKept => true,
                PowerLoss::Arbitrary(_) => coin.below(2) == 0,
            };
            if kept {
                change.apply(&mut names);
            }
        }
        let mut files = BTreeMap::new();
        for number in names.values() {
            let Some(file) = content.files.get(number) else { continue };
            let data = match loss {
                PowerLoss::Arbitrary(_) if file.data != file.synced => Arc::new(coin.torn(file)),
                _ => file.synced.clone(),
            };
            files.insert(*number, File { synced: data.clone(), data });
        }
        let content = Content {
            files,
            next: content.next,
            synced: names.clone(),
            names,
            pending: Vec::new(),
        };
        SimulatedDisk(Arc::new(Mutex::new(State { content, ..State::default() })))
    }

    /// Lets `count` operations fail with this error of the operating system, after `after` further
    /// ones.
    pub fn fail(&self, after: u64, count: u64, error: i32) {
        let mut state = self.state();
        state.fault = Some(Fault { first: state.operations + after, count, error });
        state.injected = 0;
    }

    /// Lets nothing fail any more; how many operations have failed.
    pub fn mend(&self) -> u64 {
        let mut state = self.state();
        state.fault = None;
        state.injected
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One operation that only reads: the state, or the error that it meets.
    fn look(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        let number = state.operations;
        state.operations += 1;
        if let Some(fault) = state.fault
            && number >= fault.first
            && number - fault.first < fault.count
        {
            state.injected += 1;
            return Err(io::Error::from_raw_os_error(fault.error));
        }
        Ok(state)
    }

    /// One operation that changes something.
    fn step(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut guard = self.look()?;
        let state = &mut *guard;
        if let Some(recorded) = &mut state.recorded {
            recorded.push(state.content.clone());
        }
        Ok(guard)
    }

    fn append(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.step()?;
        if let Some(file) = state.content.files.get_mut(&number) {
            Arc::make_mut(&mut file.data).extend_from_slice(bytes);
        }
        Ok(())
    }

    fn sync(&self, number: u64) -> io::Result<()> {
        let mut state = self.step()?;
        if let Some(file) = state.content.files.get_mut(&number) {
            file.synced = file.data.clone();
        }
        Ok(())
    }

    /// The file beside `path` that becomes it, written and synced.
    fn replace(&self, path: &Path, temporary: &Path, data: &[u8]) -> io::Result<()> {
        let number = self.step()?.content.create(temporary.to_path_buf());
        self.append(number, data)?;
        self.sync(number)?;
        let (old, new) = (temporary.to_path_buf(), path.to_path_buf());
        self.step()?.content.change(Change::Rename(old, new, number));
        Ok(())
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Coin(u64);

impl Coin {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    /// What is left of a file that was not synced: cut off somewhere, or zeroed from somewhere on.
    fn torn(&mut self, file: &File) -> Vec<u8> {
        let mut data = (*file.data).clone();
        let at = file.synced.len() + self.below(data.len() + 1 - file.synced.len());
        match self.below(3) {
            0 => data.truncate(at),
            1 => data.iter_mut().skip(at).for_each(|byte| *byte = 0),
            _ => {}
        }
        data
    }
}

/// A file being written.
struct Handle {
    disk: SimulatedDisk,
    number: u64,
}

impl Write for Handle {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.append(self.number, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Handle {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.disk.sync(self.number)
    }
}

/// A lock that is held.
struct Held {
    disk: SimulatedDisk,
    path: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

impl Directory for SimulatedDisk {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(OwnedBytes::new(self.atomic_read(path)?)))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let mut state = self.step().map_err(|error| DeleteError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_path_buf(),
        })?;
        if !state.content.names.contains_key(path) {
            return Err(DeleteError::FileDoesNotExist(path.to_path_buf()));
        }
        state.content.change(Change::Unlink(path.to_path_buf()));
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let state = self.look().map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        Ok(state.content.names.contains_key(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let mut state =
            self.step().map_err(|e| OpenWriteError::wrap_io_error(e, path.to_path_buf()))?;
        if state.content.names.contains_key(path) {
            return Err(OpenWriteError::FileAlreadyExists(path.to_path_buf()));
        }
        let number = state.content.create(path.to_path_buf());
        Ok(BufWriter::new(Box::new(Handle { disk: self.clone(), number })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let state = self.look().map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()))?;
        let data = state.content.data(path);
        data.map(|data| (*data).clone())
            .ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_path_buf()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let temporary = PathBuf::from(format!(".tmp{}", self.state().content.next));
        self.replace(path, &temporary, data).inspect_err(|_| {
            // Whoever fails cleans up, and that is not what is to fail here.
            self.state().content.change(Change::Unlink(temporary));
        })
    }

    fn sync_directory(&self) -> io::Result<()> {
        let mut state = self.step()?;
        state.content.synced = state.content.names.clone();
        state.content.pending.clear();
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        drop(self.look().map_err(LockError::wrap_io_error)?);
        while !self.state().locks.insert(lock.filepath.clone()) {
            if !lock.is_blocking {
                return Err(LockError::LockBusy);
            }
            sleep(Duration::from_millis(1));
        }
        Ok(DirectoryLock::from(Box::new(Held { disk: self.clone(), path: lock.filepath.clone() })))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, Block, BlockKind, Query, SearchOptions};

    fn commit(index: &Index, number: usize) -> crate::Result<()> {
        let article = |path: usize| {
            let text = format!("Text {path} of commit {number}.");
            Article::new(path.to_string(), vec![Block::new(BlockKind::Paragraph, text)])
        };
        // Each replaces half of the commit before, so that there are deletes and merges.
        index.add((number * 2..number * 2 + 4).map(article)).map(drop)
    }

    /// The generation of a sound index that has what it must have by then.
    fn generation(disk: &SimulatedDisk) -> usize {
        let index = disk.index();
        assert_eq!(index.check().unwrap().damage, Vec::<String>::new());
        let searcher = index.searcher().unwrap();
        let generation = searcher.generation() as usize;
        let articles = if generation == 0 { 0 } else { 2 * generation + 2 };
        assert_eq!(searcher.article_count() as usize, articles);
        let found = searcher.search(&Query::parse("text").unwrap(), &SearchOptions::default());
        assert_eq!(found.unwrap().articles as usize, articles);
        generation
    }

    #[test]
    fn an_acknowledged_commit_outlives_a_power_cut_before_any_operation() {
        let disk = SimulatedDisk::new();
        disk.record();
        let mut acknowledged = vec![0];
        for number in 0..3 {
            commit(&disk.index(), number).unwrap();
            acknowledged.push(disk.states());
        }
        let all = disk.states();
        assert!(all > 100, "{all} operations");
        for state in 0..=all {
            let least = acknowledged.iter().filter(|at| **at <= state).count() - 1;
            for loss in
                [PowerLoss::Strict, PowerLoss::NamesKept, PowerLoss::Arbitrary(state as u64)]
            {
                let found = generation(&disk.after_power_loss(state, loss));
                assert!(found >= least, "operation {state}, {loss:?}: {found} of {least}");
            }
        }
    }

    #[test]
    fn an_error_of_the_disk_is_named_and_the_last_commit_stays() {
        let disk = SimulatedDisk::new();
        commit(&disk.index(), 0).unwrap();
        let whole = disk.copy();
        commit(&whole.index(), 1).unwrap();
        for at in 0..whole.operations() {
            for (error, words) in [(5, "Input/output error"), (24, "Too many open files")] {
                let disk = disk.copy();
                disk.fail(at, u64::MAX, error);
                let ended = commit(&disk.index(), 1);
                let met = disk.mend() > 0;
                let found = generation(&disk);
                match ended {
                    Ok(()) => assert_eq!(found, 2, "operation {at}"),
                    Err(said) => {
                        assert!(met && said.to_string().contains(words), "{at}: {said}");
                    }
                }
                // A commit whose last steps failed is there all the same.
                commit(&disk.index(), found).unwrap();
                assert_eq!(generation(&disk), found + 1, "operation {at}");
            }
        }
    }
}
