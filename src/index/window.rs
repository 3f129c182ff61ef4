//! A file read through a window: what was read of it goes again, where pages of a mapped file would
//! stay in memory until all of it is there.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::directory::Trouble;

/// What is read at first and after a jump, in bytes.
const LEAST_AHEAD: usize = 4 << 10;

/// What is read at once at most where reading goes on from where it was, in bytes; longer stretches
/// are read as asked for.
const MOST_AHEAD: usize = 256 << 10;

/// A file that is read for the most part from its start to its end, as a merge does.
pub(super) struct Windowed {
    file: File,
    length: usize,
    /// Told of an error of reading, for the engine may take it for damage.
    trouble: Trouble,
    window: Mutex<Window>,
}

/// The bytes that were read last.
struct Window {
    start: usize,
    bytes: OwnedBytes,
    /// How many bytes are read at once; twice as many each time that reading goes on.
    ahead: usize,
}

impl Windowed {
    pub(super) fn open(path: &Path, trouble: Trouble) -> io::Result<Windowed> {
        let file = File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let window = Window { start: 0, bytes: OwnedBytes::empty(), ahead: 0 };
        Ok(Windowed { file, length, trouble, window: Mutex::new(window) })
    }
}

impl FileHandle for Windowed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        // Only what was read whole is ever put into a window.
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let end = window.start + window.bytes.len();
        if range.start < window.start || range.end > end {
            let goes_on = (window.start..=end).contains(&range.start);
            let ahead = if goes_on { window.ahead * 2 } else { 0 }.clamp(LEAST_AHEAD, MOST_AHEAD);
            let stop = range.end.max(self.length.min(range.start.saturating_add(ahead)));
            if stop > self.length || range.start > stop {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let mut bytes = vec![0; stop - range.start];
            self.trouble.note(self.file.read_exact_at(&mut bytes, range.start as u64))?;
            *window = Window { start: range.start, bytes: OwnedBytes::new(bytes), ahead };
        }
        Ok(window.bytes.slice(range.start - window.start..range.end - window.start))
    }
}

impl HasLen for Windowed {
    fn len(&self) -> usize {
        self.length
    }
}

impl fmt::Debug for Windowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windowed").field("file", &self.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_stretch_is_read_as_it_stands_in_the_file() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        let mut random = fastrand::Rng::with_seed(11);
        let bytes: Vec<u8> = (0..700_000).map(|_| random.u8(..)).collect();
        std::fs::write(&path, &bytes).unwrap();
        let windowed = Windowed::open(&path, Trouble::default()).unwrap();
        assert_eq!(windowed.len(), bytes.len());
        // In a row, which makes the window grow over the end; then here and there.
        let row = (0..bytes.len()).step_by(1_000).map(|start| (start, 1_000));
        let jumps = (0..2_000).map(|_| {
            let start = random.usize(..bytes.len());
            let most = if random.u8(..50) == 0 { 600_000 } else { 3_000 };
            let length = random.usize(..most);
            (start, length.min(bytes.len() - start))
        });
        for (start, length) in row.chain(jumps) {
            let read = windowed.read_bytes(start..start + length).unwrap();
            assert!(*read == bytes[start..start + length], "{start}..{}", start + length);
        }
        assert!(windowed.read_bytes(bytes.len()..bytes.len()).unwrap().is_empty());
        assert!(windowed.read_bytes(bytes.len() - 1..bytes.len() + 1).is_err());
    }
}
