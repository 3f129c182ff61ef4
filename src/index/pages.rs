//! Files in pages, each with a sum, which a page is held against before anything of it is read.
//!
//! A list of postings in which a byte has changed is still a list, and answers wrongly. So every file of a
//! segment ends with a sum for each of its pages; what was read of it is as it was written, or an error.
//!
//! ```text
//! file:  { page of 4,096 bytes }*  { u32 sum of a page }*  u64 end of the pages
//! ```
//!
//! A sum is the CRC-32 of a page, begun with the name of the file and the number of the page, so that
//! pages that have changed places or files are found, too.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, FileSlice, OwnedBytes};

use super::bytes::{word32, word64};

/// The bytes of a page; the last of a file may have fewer.
pub(super) const PAGE_BYTES: usize = 4 << 10;

/// The bytes of a sum.
const SUM_BYTES: usize = 4;

/// What a sum begins with: it tells a page from the same bytes elsewhere.
fn begin(seed: u32, page: usize) -> crc32fast::Hasher {
    crc32fast::Hasher::new_with_initial(seed ^ page as u32)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn seed_of(name: &str) -> u32 {
    crc32fast::hash(name.as_bytes())
}

/// The sums of a file while it is written.
pub(super) struct SumsWriter {
    seed: u32,
    page: crc32fast::Hasher,
    /// How many bytes of the page are there.
    filled: usize,
    pages: usize,
    length: u64,
    sums: Vec<u8>,
}

impl SumsWriter {
    pub(super) fn new(path: &Path) -> SumsWriter {
        let seed = seed_of(&name_of(path));
        SumsWriter { seed, page: begin(seed, 0), filled: 0, pages: 0, length: 0, sums: Vec::new() }
    }

    pub(super) fn add(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PAGE_BYTES - self.filled));
            self.page.update(now);
            self.filled += now.len();
            if self.filled == PAGE_BYTES {
                self.close_page();
            }
            bytes = later;
        }
    }

    fn close_page(&mut self) {
        self.pages += 1;
        let page = std::mem::replace(&mut self.page, begin(self.seed, self.pages));
        self.sums.extend(page.finalize().to_le_bytes());
        self.filled = 0;
    }

    /// What stands behind the pages.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        if self.filled > 0 {
            self.close_page();
        }
        let mut end = std::mem::take(&mut self.sums);
        end.extend(self.length.to_le_bytes());
        end
    }
}

/// The sums of a file that is read.
pub(super) struct Sums {
    name: String,
    seed: u32,
    /// The end of the pages, in bytes.
    length: usize,
    sums: OwnedBytes,
}

impl Sums {
    /// Reads what stands behind the pages of the file `path`, of `size` bytes, with `read`.
    pub(super) fn read(
        path: &Path,
        size: usize,
        read: impl Fn(Range<usize>) -> io::Result<OwnedBytes>,
    ) -> io::Result<Sums> {
        let name = name_of(path);
        let end = size.checked_sub(8).ok_or_else(|| unsound(&name))?;
        let length = word64(&read(end..size)?, 0).and_then(|length| usize::try_from(length).ok());
        let sums_end = length.and_then(|length| {
            length.checked_add(length.div_ceil(PAGE_BYTES).checked_mul(SUM_BYTES)?)
        });
        match length.filter(|_| sums_end == Some(end)) {
            Some(length) => {
                Ok(Sums { seed: seed_of(&name), name, length, sums: read(length..end)? })
            }
            None => Err(unsound(&name)),
        }
    }

    /// The end of the pages, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Whether these are the bytes of the page with this number.
    fn agree(&self, page: usize, bytes: &[u8]) -> bool {
        let mut sum = begin(self.seed, page);
        sum.update(bytes);
        Some(sum.finalize()) == word32(&self.sums, page)
    }

    /// Fails if one of the pages from `page` on, which have these bytes, is not as it was written.
    pub(super) fn check(&self, page: usize, bytes: &[u8]) -> io::Result<()> {
        let mut pages = (page..).zip(bytes.chunks(PAGE_BYTES));
        match pages.all(|(page, bytes)| self.agree(page, bytes)) {
            true => Ok(()),
            false => Err(self.unsound()),
        }
    }

    fn unsound(&self) -> io::Error {
        unsound(&self.name)
    }
}

fn unsound(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{name}: it is not as it was written"))
}

/// A file in memory, or mapped into it, whose pages are checked once, when they are first read.
pub(super) struct Pages {
    bytes: OwnedBytes,
    sums: Sums,
    /// A bit for each page that was found sound.
    sound: Box<[AtomicU64]>,
}

impl Pages {
    pub(super) fn open(path: &Path, file: &dyn FileHandle) -> io::Result<Pages> {
        let sums = Sums::read(path, file.len(), |range| file.read_bytes(range))?;
        let words = sums.length().div_ceil(PAGE_BYTES).div_ceil(64);
        let sound = (0..words).map(|_| AtomicU64::new(0)).collect();
        Ok(Pages { bytes: file.read_bytes(0..sums.length())?, sums, sound })
    }

    /// Fails if a page that has a part in `range` is not as it was written.
    fn check(&self, range: &Range<usize>) -> io::Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let (first, last) = (range.start / PAGE_BYTES, (range.end - 1) / PAGE_BYTES);
        // Most of what is read is short, and not the first of its page.
        let sound = self.sound.get(first / 64).map_or(0, |word| word.load(Ordering::Relaxed));
        if first == last && sound >> (first % 64) & 1 == 1 {
            return Ok(());
        }
        self.check_all(first, last)
    }

    /// Checks the pages from `first` to `last` that were not checked yet.
    #[cold]
    fn check_all(&self, first: usize, last: usize) -> io::Result<()> {
        for word in first / 64..=last / 64 {
            let Some(sound) = self.sound.get(word) else { return Err(self.sums.unsound()) };
            let from = if word == first / 64 { first % 64 } else { 0 };
            let to = if word == last / 64 { last % 64 } else { 63 };
            let wanted = (u64::MAX << from) & (u64::MAX >> (63 - to));
            // Two threads may check the same page, and then say the same of it.
            let mut unseen = wanted & !sound.load(Ordering::Relaxed);
            while unseen != 0 {
                let page = word * 64 + unseen.trailing_zeros() as usize;
                let start = page * PAGE_BYTES;
                let end = self.bytes.len().min(start + PAGE_BYTES);
                self.sums.check(page, self.bytes.get(start..end).unwrap_or_default())?;
                unseen &= unseen - 1;
            }
            sound.fetch_or(wanted, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A stretch of the file, to be checked when it is read.
    fn unchecked(self: &Arc<Pages>, range: Range<usize>) -> io::Result<InPlace> {
        self.bytes.get(range.clone()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let unchecked = Some((self.clone(), range.start));
        Ok(InPlace { bytes: self.bytes.slice(range), unchecked })
    }
}

impl FileHandle for Pages {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.bytes.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.check(&range)?;
        Ok(self.bytes.slice(range))
    }
}

impl HasLen for Pages {
    fn len(&self) -> usize {
        self.bytes.len()
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("file", &self.sums.name).finish_non_exhaustive()
    }
}

/// The same file for one who takes much of it at once to look at little: only short stretches are checked.
#[derive(Debug)]
pub(super) struct Unhurried(pub(super) Arc<Pages>);

impl FileHandle for Unhurried {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        match range.len() <= PAGE_BYTES {
            true => self.0.read_bytes(range),
            false => self.0.unchecked(range).map(|bytes| bytes.bytes),
        }
    }
}

impl HasLen for Unhurried {
    fn len(&self) -> usize {
        self.0.len()
    }
}

/// A file of a segment.
pub(super) struct Stored {
    pub(super) file: FileSlice,
    /// Its pages, where it is read in place.
    pub(super) pages: Option<Arc<Pages>>,
}

impl Stored {
    /// A stretch of the file: in place, or read and checked now.
    pub(super) fn stretch(&self, range: Range<usize>) -> io::Result<InPlace> {
        match &self.pages {
            Some(pages) => pages.unchecked(range),
            None => self.file.slice(range).read_bytes().map(InPlace::from),
        }
    }
}

/// A stretch of a file, read in place: its pages are checked as they are read.
#[derive(Clone)]
pub(super) struct InPlace {
    bytes: OwnedBytes,
    /// Its pages and where it begins; none if all of it was checked.
    unchecked: Option<(Arc<Pages>, usize)>,
}

impl InPlace {
    /// The stretch of a file that these bytes are, which were taken from it.
    pub(super) fn holding(pages: &Arc<Pages>, bytes: &OwnedBytes) -> io::Result<InPlace> {
        let start = bytes.as_ptr().addr().checked_sub(pages.bytes.as_ptr().addr());
        let end = start.and_then(|start| start.checked_add(bytes.len()));
        let range = start.zip(end).ok_or(io::ErrorKind::UnexpectedEof)?;
        pages.unchecked(range.0..range.1)
    }

    /// A stretch of this one; `None` where it does not lie in it.
    pub(super) fn stretch(&self, range: Range<usize>) -> Option<InPlace> {
        self.bytes.get(range.clone())?;
        let unchecked = self.unchecked.as_ref();
        let unchecked = unchecked.map(|(pages, start)| (pages.clone(), start + range.start));
        Some(InPlace { bytes: self.bytes.slice(range), unchecked })
    }

    /// What stands at `range`; `None` where that is not in the stretch or not as it was written.
    pub(super) fn get(&self, range: Range<usize>) -> Option<&[u8]> {
        let bytes = self.bytes.get(range.clone())?;
        if let Some((pages, start)) = &self.unchecked {
            pages.check(&(start + range.start..start + range.end)).ok()?;
        }
        Some(bytes)
    }

    /// The 64-bit word with this number.
    pub(super) fn word64(&self, number: usize) -> Option<u64> {
        let start = number.checked_mul(8)?;
        word64(self.get(start..start.checked_add(8)?)?, 0)
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The error of one who has found that what stands here is not as it was written.
    pub(super) fn unsound(&self) -> io::Error {
        unsound(self.unchecked.as_ref().map_or("a file", |(pages, _)| &pages.sums.name))
    }

    /// The bytes for one who checks by [`InPlace::get`] what is about to be read of them.
    pub(super) fn unchecked(&self) -> OwnedBytes {
        self.bytes.clone()
    }
}

impl From<OwnedBytes> for InPlace {
    /// Bytes that were checked when they were read.
    fn from(bytes: OwnedBytes) -> InPlace {
        InPlace { bytes, unchecked: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of random bytes as it is written.
    fn written(name: &str, length: usize) -> Vec<u8> {
        let mut random = fastrand::Rng::with_seed(length as u64);
        let mut bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        let mut sums = SumsWriter::new(Path::new(name));
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(random.usize(1..=rest.len().min(9_000)));
            sums.add(now);
            rest = later;
        }
        bytes.extend(sums.finish());
        bytes
    }

    fn open(name: &str, bytes: &[u8]) -> io::Result<Arc<Pages>> {
        let file = FileSlice::from(bytes.to_vec());
        Pages::open(Path::new(name), &file).map(Arc::new)
    }

    #[test]
    fn what_is_read_is_as_it_was_written() {
        for length in [0, 1, 4_095, 4_096, 4_097, 300_000, 64 * 4_096, 65 * 4_096 + 1] {
            let bytes = written("it.idx", length);
            let pages = open("it.idx", &bytes).unwrap();
            assert_eq!(pages.len(), length);
            let mut random = fastrand::Rng::with_seed(3);
            for _ in 0..200 {
                let start = random.usize(0..=length);
                let end = random.usize(start..=length);
                assert_eq!(*pages.read_bytes(start..end).unwrap(), bytes[start..end]);
            }
            assert!(pages.read_bytes(length..length + 1).is_err());
        }
    }

    #[test]
    fn a_page_that_has_changed_is_not_read_and_the_others_are() {
        let (length, page) = (70 * 4_096 + 100, 66);
        let sound = written("it.idx", length);
        let mut random = fastrand::Rng::with_seed(4);
        for _ in 0..300 {
            let mut bytes = sound.clone();
            let at = page * 4_096 + random.usize(0..4_096);
            bytes[at] ^= 1 << random.u32(0..8);
            let pages = open("it.idx", &bytes).unwrap();
            let all = Stored { file: FileSlice::new(pages.clone()), pages: Some(pages.clone()) };
            let all = all.stretch(0..length).unwrap();
            for read in 0..71 {
                let range = read * 4_096..(read * 4_096 + 4_096).min(length);
                assert_eq!(pages.read_bytes(range.clone()).is_ok(), read != page, "{at}, {read}");
                assert_eq!(all.get(range.clone()), (read != page).then_some(&bytes[range]));
            }
            // Again, and with what is sound around it.
            assert!(pages.read_bytes(0..length).is_err());
            assert!(pages.read_bytes(at - 5_000..at + 1).is_err());
            assert!(pages.read_bytes(0..page * 4_096).is_ok());
        }
    }

    #[test]
    fn pages_of_other_files_and_other_places_are_found() {
        let length = 3 * 4_096;
        let bytes = written("one.idx", length);
        assert!(open("one.idx", &bytes).unwrap().read_bytes(0..length).is_ok());
        assert!(open("two.idx", &bytes).unwrap().read_bytes(0..1).is_err());
        let mut exchanged = bytes.clone();
        exchanged[..2 * 4_096].rotate_left(4_096);
        // The sums with them, as a file system that exchanges blocks would not.
        exchanged[length..length + 8].rotate_left(4);
        let pages = open("one.idx", &exchanged).unwrap();
        assert!(pages.read_bytes(0..1).is_err() && pages.read_bytes(5_000..5_001).is_err());
        assert!(pages.read_bytes(2 * 4_096..length).is_ok());
        for end in (0..bytes.len()).step_by(7) {
            assert!(open("one.idx", &bytes[..end]).is_err(), "{end}");
        }
    }
}
