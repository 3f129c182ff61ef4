//! Packed files: `.gz` and `.zst` round any format, unpacked as a stream and within bounds.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

/// How many times its packed size a file may have when unpacked.
pub(crate) const MAX_RATIO: u64 = 200;

/// What may be unpacked before the ratio counts; short files of one word repeated are harmless.
const FREE: u64 = 1 << 20;

/// Endings of the names of packed files.
pub(super) const ENDINGS: &[&str] = &["gz", "zst", "zstd"];

/// A way of packing one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstandard,
}

impl Packing {
    /// How a file that starts with these bytes is packed.
    pub(super) fn of(head: &[u8]) -> Option<Packing> {
        if head.starts_with(&[0x1F, 0x8B, 0x08]) {
            Some(Packing::Gzip)
        } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Some(Packing::Zstandard)
        } else {
            None
        }
    }

    /// The unpacked bytes; an error when they become more than `max`, or far more than the packed
    /// ones.
    pub(super) fn unpack<'a>(
        self,
        packed: Box<dyn Read + 'a>,
        max: u64,
    ) -> io::Result<Box<dyn Read + 'a>> {
        let taken = Rc::new(Cell::new(0));
        let counted = BufReader::new(Counted { inner: packed, taken: Rc::clone(&taken) });
        let inner: Box<dyn Read + 'a> = match self {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(counted)),
            Packing::Zstandard => Box::new(zstd::stream::read::Decoder::with_buffer(counted)?),
        };
        Ok(Box::new(Bounded { inner, taken, given: 0, max }))
    }
}

/// The name of what is packed: without the ending that says how.
pub(super) fn inner_name(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((inner, ending)) if ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
            inner
        }
        _ => name,
    }
}

struct Counted<'a> {
    inner: Box<dyn Read + 'a>,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

struct Bounded<'a> {
    inner: Box<dyn Read + 'a>,
    taken: Rc<Cell<u64>>,
    given: u64,
    max: u64,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.given += n as u64;
        if self.given > self.max {
            let max = super::size_words(self.max);
            return Err(io::Error::other(format!("unpacks to more than {max}")));
        }
        if self.given > FREE + MAX_RATIO.saturating_mul(self.taken.get()) {
            let message = format!("unpacks to more than {MAX_RATIO} times its size");
            return Err(io::Error::other(message));
        }
        Ok(n)
    }
}
