//! A segment's own files: the records of its documents, and their texts.
//!
//! `art` holds, for each document, its [`Head`] and [`Facts`] and its block table, and apart from them
//! its [`Print`], so that those of all documents are read in a row; `txt` holds the canonical texts; see
//! [`super::texts`]. Both are written and merged by the engine with the rest of the segment, so that a commit covers them
//! and a checksum protects them, and both are read in place: what a passage costs does not depend
//! on the length of the article.
//!
//! ```text
//! art:  { head facts table }*  { print }*  { u64 place in art  u64 place in text }*  u64 end of text  u32 documents
//! ```

use std::any::Any;
use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tantivy::directory::{TerminatingWrite, WritePtr};
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::{ErasedDocument, Value};
use tantivy::schema::{Field, Schema};
use tantivy::{DocId, HasLen, Segment, TantivyDocument, TantivyError};

use super::bytes::{self, word32};
use super::copies;
use super::directory::GuardedDirectory;
use super::flight::Flight;
use super::glance::Glance;
use super::pages::{InPlace, Stored};
use super::payload::{Record, parted};
use super::print::{self, PRINT_BYTES, Print};
use super::record::{Facts, Head, Table};
use super::texts::{Chunk, Texts, TextsWriter};

const RECORDS: &str = "art";
const TEXTS: &str = "txt";

/// What finding near-copies takes in memory for each document, when a segment is closed.
const APART_BYTES: usize = 56;

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
            self.files.texts.add(text)
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
        self.files.places.len() * (16 + PRINT_BYTES + APART_BYTES) + self.files.texts.memory()
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
    texts: TextsWriter,
    /// For each document, its places in `art` and in the text.
    places: Vec<(u64, u64)>,
    /// For each document, its print.
    prints: Vec<u8>,
    records_end: u64,
}

impl Files {
    fn create(segment: &Segment) -> tantivy::Result<Files> {
        Ok(Files {
            records: segment.open_write(component(RECORDS))?,
            texts: TextsWriter::new(segment.open_write(component(TEXTS))?),
            places: Vec::new(),
            prints: Vec::new(),
            records_end: 0,
        })
    }

    /// Adds the next document; its text follows in `texts`.
    fn add(&mut self, print: &[u8; PRINT_BYTES], record: &[u8]) -> tantivy::Result<()> {
        self.places.push((self.records_end, self.texts.length()));
        self.prints.extend(print);
        self.records.write_all(record)?;
        self.records_end += record.len() as u64;
        Ok(())
    }

    /// Adds the live documents of another segment.
    fn append(&mut self, segment: &SegmentReader) -> tantivy::Result<()> {
        let records = stored(segment, RECORDS, None)?;
        let tables = Tables::open(&records, segment)?;
        let texts = open_texts(&stored(segment, TEXTS, None)?)?;
        let damaged =
            || TantivyError::InternalError("a record of a merged segment is damaged".into());
        let whole = !segment.has_deletes() && texts.is_settled();
        let mut chunk = Chunk::default();
        let text_start = if whole { self.texts.append(&texts).ok_or_else(damaged)?? } else { 0 };
        for doc in segment.doc_ids_alive() {
            let [record, text] = tables.place(doc).ok_or_else(damaged)?;
            let print = tables.print(doc).ok_or_else(damaged)?;
            let record = bytes::slice(&records.file, record).ok_or_else(damaged)?;
            if !Record::read(&record).is_some_and(|record| record.rest.is_empty()) {
                return Err(damaged());
            }
            self.add(print, &record)?;
            if whole {
                if let Some(place) = self.places.last_mut() {
                    place.1 = text_start + text.start;
                }
            } else {
                let text = texts.read(text, &mut chunk).ok_or_else(damaged)?;
                self.texts.add(&text)?;
            }
        }
        Ok(())
    }

    fn close(mut self) -> tantivy::Result<()> {
        let apart = copies::apart(&self.prints);
        for (print, apart) in self.prints.as_chunks_mut().0.iter_mut().zip(apart) {
            print::set_apart(print, apart);
        }
        self.records.write_all(&self.prints)?;
        let places = self.places.iter().flat_map(|(record, text)| [*record, *text]);
        self.records.write_all(&places.flat_map(u64::to_le_bytes).collect::<Vec<_>>())?;
        self.records.write_all(&self.texts.length().to_le_bytes())?;
        self.records.write_all(&(self.places.len() as u32).to_le_bytes())?;
        self.records.terminate()?;
        self.texts.close()
    }
}

/// Opens a file of a segment; to be read in place where the segment's directory is given.
pub(super) fn stored(
    segment: &SegmentReader,
    extension: &str,
    directory: Option<&GuardedDirectory>,
) -> tantivy::Result<Stored> {
    let file = segment.open_read(component(extension))?;
    let pages = directory.map(|directory| directory.pages(&path_of(segment, extension)));
    Ok(Stored { file, pages: pages.transpose()? })
}

/// Where a file of a segment stands in the folder of the index.
pub(super) fn path_of(segment: &SegmentReader, extension: &str) -> PathBuf {
    PathBuf::from(format!("{}.{extension}", segment.segment_id().uuid_string()))
}

/// The tables at the end of `art`.
struct Tables {
    prints: InPlace,
    places: InPlace,
    documents: usize,
    /// The end of the records.
    end: usize,
}

impl Tables {
    /// The tables behind the records of a segment.
    fn open(records: &Stored, segment: &SegmentReader) -> tantivy::Result<Tables> {
        Tables::split(records)?
            .filter(|tables| tables.documents == segment.max_doc() as usize)
            .ok_or_else(|| cut_short(RECORDS))
    }

    /// `None` where the file is cut short.
    fn split(records: &Stored) -> io::Result<Option<Tables>> {
        let Some(end) = records.file.len().checked_sub(4) else { return Ok(None) };
        let count = word32(&records.file.slice_from(end).read_bytes()?, 0);
        let count = count.unwrap_or_default() as usize;
        let starts = || {
            let places = end.checked_sub(count.checked_mul(16)?.checked_add(8)?)?;
            Some((places.checked_sub(count.checked_mul(PRINT_BYTES)?)?, places))
        };
        let Some((prints, places)) = starts() else { return Ok(None) };
        Ok(Some(Tables {
            prints: records.stretch(prints..places)?,
            places: records.stretch(places..end)?,
            documents: count,
            end: prints,
        }))
    }

    /// Where a document stands: its bytes of `art` and of the text.
    fn place(&self, doc: DocId) -> Option<[Range<u64>; 2]> {
        let doc = doc as usize;
        if doc >= self.documents {
            return None;
        }
        let word = |number| self.places.word64(number);
        let (record, text) = (word(doc * 2)?, word(doc * 2 + 1)?);
        // Behind the pairs stands the end of the text.
        let (record_end, text_end) = match doc + 1 == self.documents {
            true => (self.end as u64, word(doc * 2 + 2)?),
            false => (word(doc * 2 + 2)?, word(doc * 2 + 3)?),
        };
        Some([record..record_end, text..text_end])
    }

    fn print(&self, doc: DocId) -> Option<&[u8; PRINT_BYTES]> {
        let start = (doc as usize).checked_mul(PRINT_BYTES)?;
        self.prints.get(start..start.checked_add(PRINT_BYTES)?)?.first_chunk()
    }
}

fn cut_short(file: &str) -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(format!(
        "the {file} file is cut short"
    )))
}

fn open_texts(texts: &Stored) -> tantivy::Result<Texts> {
    Texts::open(texts).ok_or_else(|| cut_short(TEXTS))
}

/// The segment files, read in place. Every look-up is `None` where they are damaged.
pub(crate) struct Articles {
    records: InPlace,
    tables: Tables,
    texts: Texts,
    apart: OnceLock<Option<Vec<u64>>>,
}

impl Articles {
    pub(super) fn open(
        segment: &SegmentReader,
        directory: &GuardedDirectory,
    ) -> tantivy::Result<Articles> {
        let records = stored(segment, RECORDS, Some(directory))?;
        let tables = Tables::open(&records, segment)?;
        let records = records.stretch(0..tables.end)?;
        let texts = open_texts(&stored(segment, TEXTS, Some(directory))?)?;
        Ok(Articles { records, tables, texts, apart: OnceLock::new() })
    }

    /// The bytes of a document's part of `art`.
    fn record(&self, doc: DocId) -> Option<&[u8]> {
        let [record, _] = self.tables.place(doc)?;
        self.records.get(usize::try_from(record.start).ok()?..usize::try_from(record.end).ok()?)
    }

    /// A document's bytes of the text.
    fn place(&self, doc: DocId) -> Option<Range<u64>> {
        self.tables.place(doc).map(|[_, text]| text)
    }

    /// What a document stands for.
    pub(crate) fn head(&self, doc: DocId) -> Option<Head> {
        postcard::from_bytes(Record::read(self.record(doc)?)?.head).ok()
    }

    /// A document's path, read in place.
    pub(crate) fn path(&self, doc: DocId) -> Option<&str> {
        let head = Record::read(self.record(doc)?)?.head;
        postcard::take_from_bytes(head).ok().map(|(path, _)| path)
    }

    /// What is known of a document.
    pub(crate) fn facts(&self, doc: DocId) -> Option<Facts> {
        postcard::from_bytes(Record::read(self.record(doc)?)?.facts).ok()
    }

    /// The facts of a document that are counted by, read in place.
    pub(crate) fn glance(&self, doc: DocId) -> Option<Glance<'_>> {
        Glance::read(Record::read(self.record(doc)?)?.facts)
    }

    /// What a document is known by among others, read in place.
    pub(crate) fn print(&self, doc: DocId) -> Option<Print<'_>> {
        self.tables.print(doc).and_then(Print::read)
    }

    /// Whether no other document of the segment is a near-copy of this one.
    pub(crate) fn is_apart(&self, doc: DocId) -> Option<bool> {
        self.tables.print(doc).map(print::is_apart)
    }

    /// The same of all documents, a bit for each; made when it is first asked for.
    pub(crate) fn apart(&self) -> Option<&[u64]> {
        let apart = self.apart.get_or_init(|| {
            let prints = &self.tables.prints;
            let mut apart = vec![0; self.tables.documents.div_ceil(64)];
            for (doc, print) in prints.get(0..prints.len())?.as_chunks().0.iter().enumerate() {
                if let Some(word) = apart.get_mut(doc / 64) {
                    *word |= u64::from(print::is_apart(print)) << (doc % 64);
                }
            }
            Some(apart)
        });
        apart.as_deref()
    }

    /// A document's block table.
    pub(crate) fn table(&self, doc: DocId) -> Option<Table<'_>> {
        Table::open(Record::read(self.record(doc)?)?.table)
    }

    /// The bytes `range` of a document's canonical text. `chunk` remembers the last chunk read.
    pub(crate) fn text(
        &self,
        doc: DocId,
        range: Range<usize>,
        chunk: &mut Chunk,
    ) -> Option<String> {
        let place = self.place(doc)?;
        let start = place.start.checked_add(range.start as u64)?;
        let end = place.start.checked_add(range.end as u64)?;
        if end > place.end || start > end {
            return None;
        }
        String::from_utf8(self.texts.read(start..end, chunk)?).ok()
    }

    /// A document's whole canonical text.
    pub(crate) fn whole_text(&self, doc: DocId) -> Option<String> {
        String::from_utf8(self.text_bytes(self.place(doc)?)?).ok()
    }

    /// The beginning of a document's canonical text, of at most `bytes`.
    pub(crate) fn beginning(&self, doc: DocId, bytes: usize) -> Option<String> {
        let place = self.place(doc)?;
        let end = place.end.min(place.start.checked_add(bytes as u64)?);
        let mut text = self.text_bytes(place.start..end)?;
        if let Err(error) = std::str::from_utf8(&text) {
            // The cut may part a character.
            text.truncate(error.valid_up_to());
        }
        String::from_utf8(text).ok()
    }

    fn text_bytes(&self, range: Range<u64>) -> Option<Vec<u8>> {
        self.texts.read(range, &mut Chunk::default())
    }
}
