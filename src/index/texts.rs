//! The texts of a segment, one behind the other, in compressed chunks that short articles share.
//!
//! Chunks are small, so that little is unpacked for a passage, and are compressed with a dictionary that
//! is made of the first texts of the segment, so that they are small for all that. A merge takes
//! chunks over as they are, with the dictionaries that they need.
//!
//! ```text
//! txt:  { zstd chunk }*  { dictionary }*  { u64 first byte of text  u64 place in txt }*  u64 end of text  u64 end of chunks
//!       { u64 first chunk  u64 place of its dictionary  u64 length of that, or 0 }*  u32 runs  u32 chunks
//! ```

use std::collections::VecDeque;
use std::io::Write;
use std::ops::Range;
use std::sync::OnceLock;

use tantivy::HasLen;
use tantivy::directory::{FileSlice, OwnedBytes, TerminatingWrite, WritePtr};
use zstd::bulk::Compressor;
use zstd::zstd_safe::{DCtx, DDict};

use super::bytes::{self, word32, word64};
use super::pages::{InPlace, Stored};

/// The bytes of text that are compressed together, at most.
const CHUNK_BYTES: usize = 2 * 1024;

/// A chunk with so much text in it ends with the article, so that few articles need two.
const FULL_BYTES: usize = CHUNK_BYTES / 2;

/// So much text a dictionary is made of; with less, of what there is.
const SAMPLE_BYTES: usize = 512 * 1024;

/// Of so little text no dictionary is made.
const LEAST_SAMPLE_BYTES: usize = 64 * 1024;

/// A dictionary takes this part of its sample.
const DICTIONARY_SHARE: usize = 16;

/// So many bytes are copied at once in a merge.
const COPY_BYTES: u64 = 256 << 10;

const COMPRESSION_LEVEL: i32 = 3;

/// Chunks from `first` on, until the next run, that were compressed with one dictionary; without one
/// its length is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first: usize,
    place: u64,
    length: u64,
}

/// The texts of a segment while they are written.
pub(super) struct TextsWriter {
    file: WritePtr,
    /// For each chunk, the first byte of its text and its place in the file.
    chunks: Vec<(u64, u64)>,
    chunks_end: u64,
    /// For each run, its first chunk and the number of its dictionary.
    runs: Vec<(usize, Option<usize>)>,
    dictionaries: Vec<Vec<u8>>,
    /// Text that is not written yet: the last chunk of it, and all while there is no compressor.
    open: Vec<u8>,
    text_end: u64,
    /// The ends of the chunks in `open`, but of the last.
    cuts: VecDeque<u64>,
    /// Where the last chunk starts.
    last_cut: u64,
    compressor: Option<Compressor<'static>>,
}

impl TextsWriter {
    pub(super) fn new(file: WritePtr) -> TextsWriter {
        TextsWriter {
            file,
            chunks: Vec::new(),
            chunks_end: 0,
            runs: Vec::new(),
            dictionaries: Vec::new(),
            open: Vec::new(),
            text_end: 0,
            cuts: VecDeque::new(),
            last_cut: 0,
            compressor: None,
        }
    }

    /// How many bytes of text were added.
    pub(super) fn length(&self) -> u64 {
        self.text_end
    }

    /// The bytes that it takes in memory, about.
    pub(super) fn memory(&self) -> usize {
        self.chunks.len() * 16 + self.open.capacity()
    }

    /// Adds the text of an article.
    pub(super) fn add(&mut self, text: &[u8]) -> tantivy::Result<()> {
        let room = |this: &Self| CHUNK_BYTES as u64 - (this.text_end - this.last_cut);
        let length = text.len() as u64;
        if length > room(self) && text.len() <= CHUNK_BYTES {
            self.cut(self.text_end);
        }
        self.open.extend(text);
        let end = self.text_end + length;
        while end - self.text_end > room(self) {
            self.text_end += room(self);
            self.cut(self.text_end);
        }
        self.text_end = end;
        if end - self.last_cut >= FULL_BYTES as u64 {
            self.cut(end);
        }
        match self.compressor.is_none() && self.open.len() < SAMPLE_BYTES {
            true => Ok(()),
            false => self.write_chunks(),
        }
    }

    /// Ends a chunk, if there is anything in it.
    fn cut(&mut self, end: u64) {
        if end > self.last_cut {
            self.cuts.push_back(end);
            self.last_cut = end;
        }
    }

    /// Writes the chunks that have ended.
    fn write_chunks(&mut self) -> tantivy::Result<()> {
        if self.compressor.is_none() && !self.cuts.is_empty() {
            self.begin_run()?;
        }
        let Some(compressor) = &mut self.compressor else { return Ok(()) };
        let mut start = self.text_end - self.open.len() as u64;
        let mut rest = &self.open[..];
        for end in self.cuts.drain(..) {
            let (chunk, behind) = rest.split_at((end - start) as usize);
            let packed = compressor.compress(chunk)?;
            self.file.write_all(&packed)?;
            self.chunks.push((start, self.chunks_end));
            self.chunks_end += packed.len() as u64;
            (start, rest) = (end, behind);
        }
        self.open.drain(..self.open.len() - rest.len());
        Ok(())
    }

    /// Writes all that was added.
    fn write_all(&mut self) -> tantivy::Result<()> {
        self.cut(self.text_end);
        self.write_chunks()
    }

    /// Makes a compressor for what follows: with the dictionary that was there last, or one that is
    /// made of what is open.
    fn begin_run(&mut self) -> tantivy::Result<()> {
        if self.dictionaries.is_empty() {
            self.dictionaries.extend(learn(&self.open));
        }
        let dictionary = self.dictionaries.last();
        let number = dictionary.map(|_| self.dictionaries.len() - 1);
        let dictionary = dictionary.map_or(&[][..], Vec::as_slice);
        let mut compressor = Compressor::with_dictionary(COMPRESSION_LEVEL, dictionary)?;
        // The run says which it is.
        compressor.include_dictid(false)?;
        self.runs.push((self.chunks.len(), number));
        self.compressor = Some(compressor);
        Ok(())
    }

    /// Takes over all chunks of another segment as they are; gives where their text starts. `None` where
    /// that segment is damaged.
    pub(super) fn append(&mut self, texts: &Texts) -> Option<tantivy::Result<u64>> {
        if let Err(error) = self.write_all() {
            return Some(Err(error));
        }
        let (text_start, chunks_start, first) = (self.text_end, self.chunks_end, self.chunks.len());
        for chunk in 0..texts.chunks {
            let (text, place) = texts.chunk(chunk)?;
            self.chunks.push((text_start + text, chunks_start + place));
        }
        for (run, _) in &texts.runs {
            let dictionary = texts.dictionary(run)?;
            let known = self.dictionaries.iter().position(|known| *known == *dictionary);
            let number = match known {
                _ if dictionary.is_empty() => None,
                None => {
                    self.dictionaries.push(dictionary.to_vec());
                    Some(self.dictionaries.len() - 1)
                }
                known => known,
            };
            self.runs.push((first + run.first, number));
        }
        let end = texts.chunk(texts.chunks)?.1;
        let mut copied = 0;
        while copied < end {
            let next = end.min(copied + COPY_BYTES);
            if let Err(error) = self.file.write_all(&bytes::slice(&texts.file, copied..next)?) {
                return Some(Err(error.into()));
            }
            copied = next;
        }
        self.text_end += texts.length();
        self.last_cut = self.text_end;
        self.chunks_end += end;
        // Text that follows begins a run of its own.
        self.compressor = None;
        Some(Ok(text_start))
    }

    pub(super) fn close(mut self) -> tantivy::Result<()> {
        self.write_all()?;
        let mut places = Vec::with_capacity(self.dictionaries.len());
        let mut end = self.chunks_end;
        for dictionary in &self.dictionaries {
            self.file.write_all(dictionary)?;
            places.push([end, dictionary.len() as u64]);
            end += dictionary.len() as u64;
        }
        let last = [(self.text_end, self.chunks_end)];
        let chunks = self.chunks.iter().chain(&last).flat_map(|(text, place)| [*text, *place]);
        let runs = self.runs.iter().flat_map(|(first, number)| {
            let [place, length] =
                number.and_then(|number| places.get(number)).copied().unwrap_or_default();
            [*first as u64, place, length]
        });
        let words: Vec<u8> = chunks.chain(runs).flat_map(u64::to_le_bytes).collect();
        self.file.write_all(&words)?;
        self.file.write_all(&(self.runs.len() as u32).to_le_bytes())?;
        self.file.write_all(&(self.chunks.len() as u32).to_le_bytes())?;
        self.file.terminate()?;
        Ok(())
    }
}

/// A dictionary for text like this, where there is enough of it to tell.
fn learn(text: &[u8]) -> Option<Vec<u8>> {
    let sample = text.get(..text.len().min(SAMPLE_BYTES))?;
    if sample.len() < LEAST_SAMPLE_BYTES {
        return None;
    }
    let sizes: Vec<usize> = sample.chunks(CHUNK_BYTES).map(<[u8]>::len).collect();
    // Of what repeats itself without end none can be made, and none is needed.
    zstd::dict::from_continuous(sample, &sizes, sample.len() / DICTIONARY_SHARE).ok()
}

/// The texts of a segment, read in place. Every look-up is `None` where the file is damaged.
pub(super) struct Texts {
    /// The chunks and the dictionaries.
    file: FileSlice,
    chunk_places: InPlace,
    chunks: usize,
    /// Each with its dictionary, once it was needed.
    runs: Vec<(Run, OnceLock<Option<DDict<'static>>>)>,
}

impl Texts {
    /// `None` where the file is cut short.
    pub(super) fn open(texts: &Stored) -> Option<Texts> {
        let file = &texts.file;
        let end = file.len().checked_sub(8)?;
        let counts = file.slice_from(end).read_bytes().ok()?;
        let (runs, chunks) = (word32(&counts, 0)? as usize, word32(&counts, 1)? as usize);
        let runs_start = end.checked_sub(runs.checked_mul(24)?)?;
        let start = runs_start.checked_sub(chunks.checked_mul(16)?.checked_add(16)?)?;
        let rows = file.slice(runs_start..end).read_bytes().ok()?;
        let run = |number: usize| {
            let [first, place, length] = [0, 1, 2].map(|word| word64(&rows, number * 3 + word));
            let run = Run { first: usize::try_from(first?).ok()?, place: place?, length: length? };
            Some((run, OnceLock::new()))
        };
        let runs = (0..runs).map(run).collect::<Option<_>>()?;
        let chunk_places = texts.stretch(start..runs_start).ok()?;
        Some(Texts { file: file.slice_to(start), chunk_places, chunks, runs })
    }

    /// The bytes of text.
    pub(super) fn length(&self) -> u64 {
        self.chunk_places.word64(self.chunks * 2).unwrap_or(0)
    }

    /// Whether a merge does well to take the chunks over as they are: all have a dictionary, or none
    /// could be made for them.
    pub(super) fn is_settled(&self) -> bool {
        self.runs.iter().all(|(run, _)| run.length > 0) || self.length() >= SAMPLE_BYTES as u64
    }

    fn chunk(&self, chunk: usize) -> Option<(u64, u64)> {
        Some((self.chunk_places.word64(chunk * 2)?, self.chunk_places.word64(chunk * 2 + 1)?))
    }

    fn dictionary(&self, run: &Run) -> Option<OwnedBytes> {
        bytes::slice(&self.file, run.place..run.place.checked_add(run.length)?)
    }

    /// The bytes `range` of the text. `open` remembers the last chunk read.
    pub(super) fn read(&self, range: Range<u64>, open: &mut Chunk) -> Option<Vec<u8>> {
        let length = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
        // A damaged place must not reserve what it claims; the file bounds what there can be.
        let mut bytes = Vec::with_capacity(length.min(self.file.len().saturating_mul(64)));
        let mut at = range.start;
        let mut number = if at < range.end { self.chunk_of(at)? } else { 0 };
        while at < range.end {
            let start = self.chunk(number)?.0;
            let place = Some((std::ptr::from_ref(self).addr(), number));
            if open.at != place {
                open.at = None;
                self.unpack(number, open)?;
                open.at = place;
            }
            let from = usize::try_from(at.checked_sub(start)?).ok()?;
            let to = usize::try_from(range.end - start).ok()?.min(open.bytes.len());
            bytes.extend(open.bytes.get(from..to).filter(|part| !part.is_empty())?);
            at = start + to as u64;
            number += 1;
        }
        Some(bytes)
    }

    /// The number of the chunk that holds byte `at` of the text.
    fn chunk_of(&self, at: u64) -> Option<usize> {
        let (mut low, mut high) = (0, self.chunks);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.chunk(middle)?.0 <= at { low = middle + 1 } else { high = middle }
        }
        low.checked_sub(1)
    }

    fn unpack(&self, chunk: usize, open: &mut Chunk) -> Option<()> {
        let [(start, from), (end, to)] = [self.chunk(chunk)?, self.chunk(chunk + 1)?];
        let length = usize::try_from(end.checked_sub(start)?)
            .ok()
            .filter(|length| *length <= CHUNK_BYTES)?;
        let packed = bytes::slice(&self.file, from..to)?;
        let unpacker = match &mut open.unpacker {
            Some(unpacker) => unpacker,
            none => none.insert(DCtx::try_create()?),
        };
        open.bytes.clear();
        open.bytes.reserve(length);
        let behind = self.runs.partition_point(|(run, _)| run.first <= chunk);
        let (run, prepared) = self.runs.get(behind.checked_sub(1)?)?;
        let unpacked = match run.length {
            0 => unpacker.decompress(&mut open.bytes, &packed),
            _ => {
                let prepare = || DDict::try_create(&self.dictionary(run)?);
                let prepared = prepared.get_or_init(prepare).as_ref()?;
                unpacker.decompress_using_ddict(&mut open.bytes, &packed, prepared)
            }
        };
        (unpacked.ok()? == length).then_some(())
    }
}

/// A chunk of text that was read last, kept because the next passage often stands in it too.
#[derive(Default)]
pub(crate) struct Chunk {
    at: Option<(usize, usize)>,
    bytes: Vec<u8>,
    /// Made once: that costs more than unpacking a chunk.
    unpacker: Option<DCtx<'static>>,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tantivy::Directory;
    use tantivy::directory::RamDirectory;

    use super::*;

    /// Articles of random words, of so many bytes all together at least.
    fn articles(bytes: usize, random: &mut fastrand::Rng) -> Vec<String> {
        let words = ["sovereignty", "of", "the", "cloud", "für", "data", "\u{1F30D}", "law,"];
        let mut articles = Vec::new();
        let mut length = 0;
        while length < bytes {
            let article: String = (0..random.usize(0..400))
                .map(|_| format!("{}{} ", random.choice(words).unwrap(), random.u8(0..20)))
                .collect();
            length += article.len();
            articles.push(article);
        }
        articles
    }

    /// The file that `write` writes.
    fn written(write: impl FnOnce(&mut TextsWriter)) -> FileSlice {
        let directory = RamDirectory::create();
        let path = Path::new("texts");
        let mut writer = TextsWriter::new(directory.open_write(path).unwrap());
        write(&mut writer);
        writer.close().unwrap();
        directory.open_read(path).unwrap()
    }

    fn open(file: &FileSlice) -> Option<Texts> {
        Texts::open(&Stored { file: file.clone(), pages: None })
    }

    fn add(writer: &mut TextsWriter, articles: &[String]) {
        articles.iter().for_each(|article| writer.add(article.as_bytes()).unwrap());
    }

    #[test]
    fn texts_come_back_from_files_that_were_merged() {
        let mut random = fastrand::Rng::with_seed(5);
        let [large, small, middle, last] =
            [SAMPLE_BYTES * 3 / 2, 9_000, LEAST_SAMPLE_BYTES * 2, 90_000]
                .map(|bytes| articles(bytes, &mut random));
        let [first, second] =
            [&large, &middle].map(|part| open(&written(|it| add(it, part))).unwrap());
        assert!(first.is_settled() && second.is_settled());
        assert!(!open(&written(|it| add(it, &small))).unwrap().is_settled());
        let merged = written(|writer| {
            assert_eq!(writer.append(&first).unwrap().unwrap(), 0);
            add(writer, &small);
            let start = writer.length();
            assert_eq!(writer.append(&second).unwrap().unwrap(), start);
            // Its dictionary is there once.
            let start = writer.length();
            assert_eq!(writer.append(&first).unwrap().unwrap(), start);
            add(writer, &last);
        });
        let all = [&large, &small, &middle, &large, &last].map(|part| part.concat()).concat();
        assert!(merged.len() < all.len() / 2);
        let texts = open(&merged).unwrap();
        let chunk = &mut Chunk::default();
        assert_eq!(texts.length(), all.len() as u64);
        assert_eq!(texts.read(0..all.len() as u64, chunk).unwrap(), all.as_bytes());
        for _ in 0..2_000 {
            let start = random.usize(..all.len());
            let end = all.len().min(start + random.usize(..5_000));
            let read = texts.read(start as u64..end as u64, chunk);
            assert_eq!(read.unwrap(), &all.as_bytes()[start..end], "{start}..{end}");
        }
        assert_eq!(texts.read(0..all.len() as u64 + 1, chunk), None);
    }

    #[test]
    fn a_damaged_file_gives_nothing_or_other_text_and_no_panic() {
        let mut random = fastrand::Rng::with_seed(6);
        let file = written(|it| add(it, &articles(LEAST_SAMPLE_BYTES * 2, &mut random)));
        for at in (0..file.len()).step_by(61) {
            let mut bytes = file.read_bytes().unwrap().to_vec();
            bytes[at] ^= 1 << random.u32(0..8);
            let Some(texts) = open(&FileSlice::from(bytes)) else { continue };
            let length = texts.length().min(1 << 20);
            drop(texts.read(0..length, &mut Chunk::default()));
        }
        for end in (0..file.len()).step_by(997) {
            assert!(
                open(&file.slice_to(end))
                    .is_none_or(|it| it.read(0..100, &mut Chunk::default()).is_none())
            );
        }
    }
}
