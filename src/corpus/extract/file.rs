//! One file: opened, unpacked, told its format, and given to the reader of that format.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Cursor, Read};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use super::members::{self, Members, Within};
use super::{
    Draft, Extracted, Finished, Format, Lines, Reader, Unreadable, encoding, extension, file_limit,
    finish, format_of, packed, sentence,
};
use crate::Article;
use crate::corpus::fields::FieldNames;
use crate::corpus::isolation::{Answered, Given, Worker};
use crate::corpus::walk::MAX_STREAM;

/// The first bytes of a file that its format is told from.
pub(super) const HEAD: usize = 16 << 10;

/// The bytes that a file may have which a worker need not read, where its format is plain: what a
/// reader makes of them is a hundred times as much at worst.
const SMALL: u64 = 1 << 20;

/// Reads the articles of a file from its bytes; those of risky formats, and large ones, are left to
/// the worker, if there is one.
pub(in crate::corpus) fn read_bytes(
    path: &str,
    bytes: &[u8],
    worker: Option<&mut Worker>,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let open = &mut || Ok(Source::new(Cursor::new(bytes)));
    read(path, open, MAX_STREAM, &mut Within::new(Arc::default()), worker, emit)
}

/// Reads a file that was given to this process as a worker, unpacked.
pub(in crate::corpus) fn read_given(
    path: &str,
    name: &str,
    input: &mut dyn Read,
    max: u64,
    fields: &Arc<FieldNames>,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let mut source = Source::new(input);
    let head = source.head().map_err(cannot)?;
    let extension = extension(name);
    let format = format_of(&head, &extension).ok_or_else(unknown_format)?;
    let file = Unpacked { path, name, extension: &extension, is_packed: false, max };
    read_unpacked(format, &file, source, &mut Within::new(Arc::clone(fields)), emit)
}

/// Reads the articles of a file that lies within another.
#[cfg_attr(not(any(feature = "archives", feature = "mail")), allow(dead_code))]
pub(super) fn read_within(
    path: &str,
    bytes: &[u8],
    max: u64,
    within: &mut Within,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    read(path, &mut || Ok(Source::new(Cursor::new(bytes))), max, within, None, emit)
}

/// Reads the file that `open` opens; `max` bytes, packed and unpacked, if it is read as a whole.
/// Those of risky formats, and large ones, are left to the worker, if there is one.
pub(in crate::corpus) fn read_file(
    path: &str,
    open: &mut dyn FnMut() -> io::Result<File>,
    max: u64,
    fields: &Arc<FieldNames>,
    mut worker: Option<&mut Worker>,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let changed = "changed while it was read";
    for attempt in 0..2 {
        let file = open().map_err(cannot)?;
        // The second handle shares the open file, so it tells of the file that is read.
        let handle = file.try_clone().and_then(|handle| Ok((handle.metadata()?, handle)));
        let (before, handle) = handle.map_err(cannot)?;
        let mut file = Some(file);
        let mut emitted = false;
        let mut waiting = None;
        // A whole article waits until it is known that the file held still; records cannot.
        let result = read(
            path,
            &mut || match file.take() {
                Some(file) => Ok(Source::new(BufReader::with_capacity(64 << 10, file))),
                None => Err(io::Error::other("opened twice")),
            },
            max,
            &mut Within::new(Arc::clone(fields)),
            worker.as_deref_mut(),
            &mut |article| {
                if let Some(article) = waiting.replace(article) {
                    emitted = true;
                    emit(article);
                }
            },
        );
        let held = handle.metadata().is_ok_and(|after| same_state(&before, &after));
        if !held && !emitted {
            if attempt == 0 {
                continue;
            }
            return Err(Unreadable::new(changed));
        }
        if let Some(article) = waiting {
            emit(article);
        }
        return result.map(|mut extracted| {
            if !held {
                extracted.broken.push(changed.to_owned());
            }
            extracted
        });
    }
    Err(Unreadable::new(changed))
}

fn same_state(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}

/// The bytes of a file, of which the first have been looked at.
pub(super) struct Source<'a> {
    pub(super) inner: Box<dyn Read + 'a>,
}

impl<'a> Source<'a> {
    fn new(inner: impl Read + 'a) -> Source<'a> {
        Source { inner: Box::new(inner) }
    }

    /// The first bytes; reading starts with them all the same.
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.inner.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let rest = std::mem::replace(&mut self.inner, Box::new(io::empty()));
        self.inner = Box::new(Cursor::new(head.clone()).chain(rest));
        Ok(head)
    }

    /// Whether this is much for a reader that needs all of it at once; reading starts with the first
    /// bytes all the same.
    fn is_large(&mut self, format: &Format) -> io::Result<bool> {
        if !matches!(format.reader, Reader::Text(_)) {
            return Ok(false);
        }
        let mut first = Vec::new();
        self.inner.by_ref().take(SMALL + 1).read_to_end(&mut first)?;
        let is_large = first.len() as u64 > SMALL;
        let rest = std::mem::replace(&mut self.inner, Box::new(io::empty()));
        self.inner = Box::new(Cursor::new(first).chain(rest));
        Ok(is_large)
    }

    /// All bytes, if there are at most `max`.
    pub(super) fn whole(self, max: u64) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        match self.inner.take(max.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(n) if n as u64 > max => Err(Unreadable::new(format!(
                "is too large: more than {}, which is the limit",
                file_limit(max)
            ))),
            Ok(_) => Ok(bytes),
            Err(error) => Err(cannot(error)),
        }
    }
}

fn read<'a>(
    path: &str,
    open: &mut dyn FnMut() -> io::Result<Source<'a>>,
    max: u64,
    within: &mut Within,
    worker: Option<&mut Worker>,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let mut source = open().map_err(cannot)?;
    let mut head = source.head().map_err(cannot)?;
    let mut name = path;
    let mut is_packed = false;
    if let Some(packing) = packed::Packing::of(&head) {
        source = Source { inner: packing.unpack(source.inner, MAX_STREAM).map_err(cannot)? };
        head = source.head().map_err(cannot)?;
        name = packed::inner_name(path);
        is_packed = true;
        if packed::Packing::of(&head).is_some() {
            return Err(Unreadable::new("is packed twice, which is not read by this version"));
        }
    }
    if head.is_empty() {
        return Err(Unreadable::new("is empty"));
    }
    let extension = extension(name);
    let format = format_of(&head, &extension).ok_or_else(unknown_format)?;
    if matches!(format.reader, Reader::None) {
        let name = sentence(format.name);
        return Err(Unreadable::new(format!("{name} is not read by this version")));
    }
    if let Some(worker) = worker
        && worker.takes(format.is_risky() || source.is_large(format).map_err(cannot)?)
    {
        let Answered { articles, broken } = worker.read(
            &Given { path, name, max, fields: within.fields() },
            &mut source.inner,
            emit,
        )?;
        return Ok(Extracted { format: format.name, articles, broken });
    }
    let file = Unpacked { path, name, extension: &extension, is_packed, max };
    read_unpacked(format, &file, source, within, emit)
}

/// Why a file that is too large for the memory that there is was not read.
pub(in crate::corpus) const NO_MEMORY: &str = "there is not enough memory to read it";

fn cannot(error: io::Error) -> Unreadable {
    match error.kind() {
        io::ErrorKind::OutOfMemory => Unreadable::new(NO_MEMORY),
        _ => Unreadable::new(format!("cannot be read: {error}")),
    }
}

pub(super) fn unknown_format() -> Unreadable {
    Unreadable::new("is of no format that this version reads")
}

/// A file without its packing.
struct Unpacked<'a> {
    /// The path of its article.
    path: &'a str,
    /// The path without an ending that says how it is packed.
    name: &'a str,
    extension: &'a str,
    is_packed: bool,
    /// The bytes that it may have if it is read as a whole.
    max: u64,
}

/// Has a file read by the reader of its format, in this process.
fn read_unpacked(
    format: &Format,
    file: &Unpacked<'_>,
    source: Source<'_>,
    within: &mut Within,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    guarded(format.name, emit, |emit| match format.reader {
        Reader::None => Err(unknown_format()),
        Reader::Stream(reader) => {
            let mut input = BufReader::with_capacity(64 << 10, source.inner);
            let mut members = Members::new(file.path, file.name, file.max, within, emit);
            let result = reader(&mut input, &mut members);
            members.end(result, format.name)
        }
        Reader::Text(reader) => {
            let bytes = source.whole(file.max)?;
            if file.is_packed {
                within.claim_unpacked(bytes.len() as u64)?;
            }
            let decoded = encoding::decode(&bytes, format.name == "HTML")?;
            drop(bytes);
            let mut draft = reader(&decoded.text, file.extension);
            draft.notes.splice(0..0, decoded.notes);
            emit_whole(file, draft, Lines::Source, format.name, emit)
        }
        Reader::Bytes(reader) => {
            let draft = reader(&source.whole(file.max)?)?;
            emit_whole(file, draft, Lines::Inner, format.name, emit)
        }
        Reader::Members(reader) => {
            let bytes = source.whole(file.max)?;
            if file.is_packed {
                within.claim_unpacked(bytes.len() as u64)?;
            }
            let mut members = Members::new(file.path, file.name, file.max, within, emit);
            let result = reader(&bytes, &mut members);
            members.end(result, format.name)
        }
    })
}

/// Runs a reader. One that panics has failed at this file and no other; what it handed over before
/// counts.
pub(super) fn guarded(
    format: &'static str,
    emit: &mut dyn FnMut(Article),
    read: impl FnOnce(&mut dyn FnMut(Article)) -> Result<Extracted, Unreadable>,
) -> Result<Extracted, Unreadable> {
    let mut articles = 0;
    let mut handing_over = false;
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        read(&mut |article| {
            articles += 1;
            handing_over = true;
            emit(article);
            handing_over = false;
        })
    }));
    let cause = match result {
        Ok(result) => return result,
        // It was not the reader.
        Err(cause) if handing_over => panic::resume_unwind(cause),
        Err(cause) => cause,
    };
    let words = cause.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let reason = format!("the reader failed: {}", members::name(words));
    match articles {
        0 => Err(Unreadable { reason }),
        _ => Ok(Extracted { format, articles, broken: vec![format!("the rest: {reason}")] }),
    }
}

/// Hands over the one article of a file.
fn emit_whole(
    file: &Unpacked<'_>,
    draft: Draft,
    lines: Lines,
    format: &'static str,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let Finished { article, cut } = finish(file.path, file.name, draft, lines)
        .ok_or_else(|| Unreadable::new("holds no text"))?;
    emit(article);
    Ok(Extracted { format, articles: 1, broken: cut.into_iter().collect() })
}
