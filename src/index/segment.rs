//! A segment's own files: the records of its documents, and their texts.
//!
//! `art` holds, for each document, its [`Head`] and [`Facts`] and its block table, and apart from them
//! its [`Print`], so that those of all documents are read in a row; `txt` holds the canonical texts, one behind the other, in compressed chunks that short articles share. Both
//! are written and merged by the engine with the rest of the segment, so that a commit covers them
//! and a checksum protects them, and both are read in place: what a passage costs does not depend
//! on the length of the article.
//!
//! ```text
//! art:  { head facts table }*  { print }*  { u64 place in art  u64 place in text }*  u64 end of text  u32 documents
//! txt:  { zstd chunk }*  { u64 first byte of text  u64 place in txt }*  u64 end of text  u64 end of chunks  u32 chunks
//! ```

use std::any::Any;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use tantivy::directory::{OwnedBytes, TerminatingWrite, WritePtr};
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::{ErasedDocument, Value};
use tantivy::schema::{Field, Schema};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

use super::bytes::{word32, word64};
use super::copies;
use super::flight::Flight;
use super::glance::Glance;
use super::payload::{Record, parted};
use super::print::{self, PRINT_BYTES, Print};
use super::record::{Facts, Head, Table};

const RECORDS: &str = "art";
const TEXTS: &str = "txt";

/// The bytes of text that are compressed together: more compress better, fewer are read faster.
const CHUNK_BYTES: usize = 8 * 1024;

/// What finding near-copies takes in memory for each document, when a segment is closed.
const APART_BYTES: usize = 56;

const COMPRESSION_LEVEL: i32 = 3;

fn component(extension: &str) -> SegmentComponent {
    SegmentComponent::Custom(extension.to_owned())
}

/// Writes and merges the segment files.
pub(super) struct ArticlesPlugin {
    pub(super) record: Field,
    /// Told of each document's payload when it has arrived.
    pub(super) flight: Option<Arc<Flight>>,
}

impl SegmentPlugin for ArticlesPlugin {
    fn extensions(&self) -> &[&str] {
        &[RECORDS, TEXTS]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(ArticlesWriter {
            record: self.record,
            flight: self.flight.clone(),
            files: Files::create(context.segment)?,
        }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        let mut files = Files::create(context.target_segment)?;
        for reader in context.readers {
            files.append(reader)?;
        }
        files.close()
    }
}

struct ArticlesWriter {
    record: Field,
    flight: Option<Arc<Flight>>,
    files: Files,
}

impl PluginWriter for ArticlesWriter {
    fn add_document(
        &mut self,
        _doc: DocId,
        document: &dyn ErasedDocument,
        _schema: &Schema,
    ) -> tantivy::Result<()> {
        let value = document
            .as_any()
            .downcast_ref::<TantivyDocument>()
            .and_then(|document| document.get_first(self.record))
            .and_then(|value| value.as_custom())
            .ok_or_else(|| TantivyError::InternalError("a document without a record".into()))?;
        let written = parted(value).map(|(print, record, text)| {
            self.files.add(print, record)?;
            self.files.add_text(text)
        });
        if let Some(flight) = &self.flight {
            flight.land(value.len());
        }
        written.unwrap_or_else(|| Err(TantivyError::InternalError("a record cut short".into())))
    }

    fn serialize(
        self: Box<Self>,
        _segment: &Segment,
        _mapping: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        self.files.close()
    }

    fn mem_usage(&self) -> usize {
        self.files.places.len() * (16 + PRINT_BYTES + APART_BYTES) + self.files.chunks.len() * 16
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// The two files of a segment while they are written.
struct Files {
    records: WritePtr,
    texts: WritePtr,
    /// For each document, its places in `art` and in the text.
    places: Vec<(u64, u64)>,
    /// For each document, its print.
    prints: Vec<u8>,
    records_end: u64,
    text_end: u64,
    /// For each chunk, the first byte of its text and its place in `txt`.
    chunks: Vec<(u64, u64)>,
    chunks_end: u64,
    open_chunk: Vec<u8>,
    compressor: zstd::bulk::Compressor<'static>,
}

impl Files {
    fn create(segment: &Segment) -> tantivy::Result<Files> {
        Ok(Files {
            records: segment.open_write(component(RECORDS))?,
            texts: segment.open_write(component(TEXTS))?,
            places: Vec::new(),
            prints: Vec::new(),
            records_end: 0,
            text_end: 0,
            chunks: Vec::new(),
            chunks_end: 0,
            open_chunk: Vec::with_capacity(CHUNK_BYTES),
            compressor: zstd::bulk::Compressor::new(COMPRESSION_LEVEL)?,
        })
    }

    /// Adds the next document; its text follows by [`Files::add_text`].
    fn add(&mut self, print: &[u8; PRINT_BYTES], record: &[u8]) -> tantivy::Result<()> {
        self.places.push((self.records_end, self.text_end));
        self.prints.extend(print);
        self.records.write_all(record)?;
        self.records_end += record.len() as u64;
        Ok(())
    }

    fn add_text(&mut self, mut text: &[u8]) -> tantivy::Result<()> {
        while !text.is_empty() {
            let (now, later) = text.split_at(text.len().min(CHUNK_BYTES - self.open_chunk.len()));
            self.open_chunk.extend(now);
            self.text_end += now.len() as u64;
            if self.open_chunk.len() == CHUNK_BYTES {
                self.close_chunk()?;
            }
            text = later;
        }
        Ok(())
    }

    fn close_chunk(&mut self) -> tantivy::Result<()> {
        if !self.open_chunk.is_empty() {
            let chunk = self.compressor.compress(&self.open_chunk)?;
            self.chunks.push((self.text_end - self.open_chunk.len() as u64, self.chunks_end));
            self.texts.write_all(&chunk)?;
            self.chunks_end += chunk.len() as u64;
            self.open_chunk.clear();
        }
        Ok(())
    }

    /// Adds the live documents of another segment.
    fn append(&mut self, segment: &SegmentReader) -> tantivy::Result<()> {
        let articles = Articles::open(segment)?;
        let damaged =
            || TantivyError::InternalError("a record of a merged segment is damaged".into());
        let whole = !segment.has_deletes() && articles.text_length() >= 4 * CHUNK_BYTES as u64;
        let text_start =
            if whole { self.append_chunks(&articles).ok_or_else(damaged)?? } else { 0 };
        for doc in segment.doc_ids_alive() {
            let (_, text) = articles.place(doc).ok_or_else(damaged)?;
            let print = articles.print_bytes(doc).ok_or_else(damaged)?;
            let record = articles.record(doc).ok_or_else(damaged)?;
            self.add(print, record)?;
            if whole {
                if let Some(place) = self.places.last_mut() {
                    place.1 = text_start + text.start;
                }
            } else {
                let text = articles.text_bytes(text).ok_or_else(damaged)?;
                self.add_text(&text)?;
            }
        }
        Ok(())
    }

    /// Takes over all chunks of another segment as they are; gives where their text starts.
    fn append_chunks(&mut self, articles: &Articles) -> Option<tantivy::Result<u64>> {
        if let Err(error) = self.close_chunk() {
            return Some(Err(error));
        }
        let (text_start, chunks_start) = (self.text_end, self.chunks_end);
        for chunk in 0..articles.chunks {
            let (text, place) = articles.chunk(chunk)?;
            self.chunks.push((text_start + text, chunks_start + place));
        }
        let end = articles.chunk(articles.chunks)?.1;
        if let Err(error) = self.texts.write_all(articles.texts.get(..end as usize)?) {
            return Some(Err(error.into()));
        }
        self.text_end += articles.text_length();
        self.chunks_end += end;
        Some(Ok(text_start))
    }

    fn close(mut self) -> tantivy::Result<()> {
        self.close_chunk()?;
        let pairs = |pairs: &[(u64, u64)]| -> Vec<u8> {
            pairs.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()]).flatten().collect()
        };
        let apart = copies::apart(&self.prints);
        for (print, apart) in self.prints.as_chunks_mut().0.iter_mut().zip(apart) {
            print::set_apart(print, apart);
        }
        self.records.write_all(&self.prints)?;
        self.records.write_all(&pairs(&self.places))?;
        self.records.write_all(&self.text_end.to_le_bytes())?;
        self.records.write_all(&(self.places.len() as u32).to_le_bytes())?;
        self.records.terminate()?;
        self.texts.write_all(&pairs(&self.chunks))?;
        self.texts.write_all(&pairs(&[(self.text_end, self.chunks_end)]))?;
        self.texts.write_all(&(self.chunks.len() as u32).to_le_bytes())?;
        self.texts.terminate()?;
        Ok(())
    }
}

/// The segment files, read in place. Every look-up is `None` where they are damaged.
pub(crate) struct Articles {
    records: OwnedBytes,
    prints: OwnedBytes,
    places: OwnedBytes,
    documents: usize,
    texts: OwnedBytes,
    chunk_places: OwnedBytes,
    chunks: usize,
}

impl Articles {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Articles> {
        let records = segment.open_read(component(RECORDS))?.read_bytes()?;
        let texts = segment.open_read(component(TEXTS))?.read_bytes()?;
        let damaged = |file: &str| {
            TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(format!(
                "the {file} file is cut short"
            )))
        };
        let (records, places, documents) = split(records, 8).ok_or_else(|| damaged(RECORDS))?;
        let (texts, chunk_places, chunks) = split(texts, 16).ok_or_else(|| damaged(TEXTS))?;
        if documents != segment.max_doc() as usize {
            return Err(damaged(RECORDS));
        }
        let prints = documents.checked_mul(PRINT_BYTES);
        let end = prints.and_then(|prints| records.len().checked_sub(prints));
        let (records, prints) = records.split(end.ok_or_else(|| damaged(RECORDS))?);
        Ok(Articles { records, prints, places, documents, texts, chunk_places, chunks })
    }

    fn text_length(&self) -> u64 {
        word64(&self.chunk_places, self.chunks * 2).unwrap_or(0)
    }

    /// Where a document stands: its first byte in `art`, and its bytes of the text.
    fn place(&self, doc: DocId) -> Option<(u64, Range<u64>)> {
        let doc = doc as usize;
        if doc >= self.documents {
            return None;
        }
        let next = if doc + 1 == self.documents { doc * 2 + 2 } else { doc * 2 + 3 };
        let [record, start, end] =
            [doc * 2, doc * 2 + 1, next].map(|word| word64(&self.places, word));
        Some((record?, start?..end?))
    }

    fn chunk(&self, chunk: usize) -> Option<(u64, u64)> {
        Some((word64(&self.chunk_places, chunk * 2)?, word64(&self.chunk_places, chunk * 2 + 1)?))
    }

    /// A document's part of `art`.
    fn record(&self, doc: DocId) -> Option<&[u8]> {
        let bytes = self.from(doc)?;
        bytes.get(..bytes.len() - Record::read(bytes)?.rest.len())
    }

    /// The bytes of `art` from a document's record on.
    fn from(&self, doc: DocId) -> Option<&[u8]> {
        self.records.get(usize::try_from(self.place(doc)?.0).ok()?..)
    }

    /// What a document stands for.
    pub(crate) fn head(&self, doc: DocId) -> Option<Head> {
        postcard::from_bytes(Record::read(self.from(doc)?)?.head).ok()
    }

    /// A document's path, read in place.
    pub(crate) fn path(&self, doc: DocId) -> Option<&str> {
        let head = Record::read(self.from(doc)?)?.head;
        postcard::take_from_bytes(head).ok().map(|(path, _)| path)
    }

    /// What is known of a document.
    pub(crate) fn facts(&self, doc: DocId) -> Option<Facts> {
        postcard::from_bytes(Record::read(self.from(doc)?)?.facts).ok()
    }

    /// The facts of a document that are counted by, read in place.
    pub(crate) fn glance(&self, doc: DocId) -> Option<Glance<'_>> {
        Glance::read(Record::read(self.from(doc)?)?.facts)
    }

    /// What a document is known by among others, read in place.
    pub(crate) fn print(&self, doc: DocId) -> Option<Print<'_>> {
        self.print_bytes(doc).and_then(Print::read)
    }

    /// Whether no other document of the segment is a near-copy of this one.
    pub(crate) fn is_apart(&self, doc: DocId) -> Option<bool> {
        self.print_bytes(doc).map(print::is_apart)
    }

    fn print_bytes(&self, doc: DocId) -> Option<&[u8; PRINT_BYTES]> {
        self.prints.get((doc as usize).checked_mul(PRINT_BYTES)?..)?.first_chunk()
    }

    /// A document's block table.
    pub(crate) fn table(&self, doc: DocId) -> Option<Table<'_>> {
        Table::open(Record::read(self.from(doc)?)?.table)
    }

    /// The bytes `range` of a document's canonical text. `chunk` remembers the last chunk read.
    pub(crate) fn text(
        &self,
        doc: DocId,
        range: Range<usize>,
        chunk: &mut Chunk,
    ) -> Option<String> {
        let place = self.place(doc)?.1;
        let start = place.start.checked_add(range.start as u64)?;
        let end = place.start.checked_add(range.end as u64)?;
        if end > place.end || start > end {
            return None;
        }
        String::from_utf8(self.read(start..end, chunk)?).ok()
    }

    /// A document's whole canonical text.
    pub(crate) fn whole_text(&self, doc: DocId) -> Option<String> {
        String::from_utf8(self.text_bytes(self.place(doc)?.1)?).ok()
    }

    /// The beginning of a document's canonical text, of at most `bytes`.
    pub(crate) fn beginning(&self, doc: DocId, bytes: usize) -> Option<String> {
        let place = self.place(doc)?.1;
        let end = place.end.min(place.start.checked_add(bytes as u64)?);
        let mut text = self.text_bytes(place.start..end)?;
        if let Err(error) = std::str::from_utf8(&text) {
            // The cut may part a character.
            text.truncate(error.valid_up_to());
        }
        String::from_utf8(text).ok()
    }

    fn text_bytes(&self, range: Range<u64>) -> Option<Vec<u8>> {
        self.read(range, &mut Chunk::default())
    }

    fn read(&self, range: Range<u64>, open: &mut Chunk) -> Option<Vec<u8>> {
        let length = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
        // A damaged place must not reserve what it claims; the file bounds what there can be.
        let mut bytes = Vec::with_capacity(length.min(self.texts.len().saturating_mul(64)));
        let mut at = range.start;
        while at < range.end {
            let number = self.chunk_of(at)?;
            let start = self.chunk(number)?.0;
            if open.at != Some((self.texts.as_ptr() as usize, number)) {
                open.at = None;
                self.unpack(number, open)?;
                open.at = Some((self.texts.as_ptr() as usize, number));
            }
            let from = usize::try_from(at - start).ok()?;
            let to = usize::try_from(range.end - start).ok()?.min(open.bytes.len());
            bytes.extend(open.bytes.get(from..to).filter(|part| !part.is_empty())?);
            at = start + to as u64;
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
        let packed = self.texts.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
        let unpacker = match &mut open.unpacker {
            Some(unpacker) => unpacker,
            none => none.insert(zstd::bulk::Decompressor::new().ok()?),
        };
        open.bytes.clear();
        open.bytes.reserve(length);
        let unpacked = unpacker.decompress_to_buffer(packed, &mut open.bytes).ok()?;
        (unpacked == length).then_some(())
    }
}

/// A chunk of text that was read last, kept because the next passage often stands in it too.
#[derive(Default)]
pub(crate) struct Chunk {
    at: Option<(usize, usize)>,
    bytes: Vec<u8>,
    /// Made once: that costs about as much as unpacking a chunk.
    unpacker: Option<zstd::bulk::Decompressor<'static>>,
}

/// Parts a file into its data and its table of pairs; `closing` bytes follow the pairs, then the
/// count.
fn split(file: OwnedBytes, closing: usize) -> Option<(OwnedBytes, OwnedBytes, usize)> {
    let end = file.len().checked_sub(4)?;
    let count = word32(file.get(end..)?, 0)? as usize;
    let table = count.checked_mul(16)?.checked_add(closing)?;
    let start = end.checked_sub(table)?;
    Some((file.slice(0..start), file.slice(start..end), count))
}
