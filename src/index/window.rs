//! A file read through a window: what was read of it goes again, where pages of a mapped file would
//! stay in memory until all of it is there. Its pages are checked each time that they are read.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{fmt, io};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

use super::directory::Trouble;
use super::pages::{PAGE_BYTES, Sums};

/// What is read at first and after a jump, in bytes.
const LEAST_AHEAD: usize = 4 << 10;

/// What is read at once at most where reading goes on from where it was, in bytes; longer stretches
/// are read as asked for.
const MOST_AHEAD: usize = 256 << 10;

/// A file that is read for the most part from its start to its end, as a merge does.
pub(super) struct Windowed {
    file: File,
    sums: Sums,
    /// Told of an error of reading, for the engine may take it for damage.
    trouble: Trouble,
    window: Mutex<Window>,
}

/// The pages that were read last.
struct Window {
    start: usize,
    bytes: OwnedBytes,
    /// How many bytes are read at once; twice as many each time that reading goes on.
    ahead: usize,
}

impl Windowed {
    pub(super) fn open(path: &Path, trouble: Trouble) -> io::Result<Windowed> {
        let file = File::open(path)?;
        let size = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let sums = Sums::read(path, size, |range| read(&file, range))?;
        let window = Window { start: 0, bytes: OwnedBytes::empty(), ahead: 0 };
        Ok(Windowed { file, sums, trouble, window: Mutex::new(window) })
    }
}

fn read(file: &File, range: Range<usize>) -> io::Result<OwnedBytes> {
    let mut bytes = vec![0; range.len()];
    file.read_exact_at(&mut bytes, range.start as u64)?;
    Ok(OwnedBytes::new(bytes))
}

impl FileHandle for Windowed {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        // Only what was read whole is ever put into a window.
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let end = window.start + window.bytes.len();
        if range.start < window.start || range.end > end {
            let goes_on = (window.start..=end).contains(&range.start);
            let ahead = if goes_on { window.ahead * 2 } else { 0 }.clamp(LEAST_AHEAD, MOST_AHEAD);
            if range.end > self.len() || range.start > range.end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let page = range.start / PAGE_BYTES;
            let start = page * PAGE_BYTES;
            let stop = range.end.max(range.start.saturating_add(ahead));
            let stop = stop.checked_next_multiple_of(PAGE_BYTES).unwrap_or(usize::MAX);
            let read = read(&self.file, start..stop.min(self.len()));
            let checked = read.and_then(|bytes| self.sums.check(page, &bytes).map(|()| bytes));
            *window = Window { start, bytes: self.trouble.note(checked)?, ahead };
        }
        Ok(window.bytes.slice(range.start - window.start..range.end - window.start))
    }
}

impl HasLen for Windowed {
    fn len(&self) -> usize {
        self.sums.length()
    }
}

impl fmt::Debug for Windowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windowed").field("file", &self.file).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::pages::SumsWriter;
    use super::*;

    #[test]
    fn any_stretch_is_read_as_it_stands_in_the_file() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        let mut random = fastrand::Rng::with_seed(11);
        let bytes: Vec<u8> = (0..700_000).map(|_| random.u8(..)).collect();
        let mut sums = SumsWriter::new(&path);
        sums.add(&bytes);
        let mut written = [bytes.clone(), sums.finish()].concat();
        std::fs::write(&path, &written).unwrap();
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
        // A page that has changed is an error, whatever of it is asked for.
        written[500_000] ^= 1;
        std::fs::write(&path, &written).unwrap();
        let windowed = Windowed::open(&path, Trouble::default()).unwrap();
        assert!(windowed.read_bytes(0..400_000).is_ok());
        assert!(windowed.read_bytes(400_000..600_000).is_err());
        assert!(windowed.read_bytes(500_010..500_020).is_err());
        assert!(windowed.read_bytes(600_000..700_000).is_ok());
    }
}
