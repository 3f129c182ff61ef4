//! A file that is given to a second worker where the first did not get through it.

use std::io::{self, Read};

/// A file that can be read once more from its beginning, as long as not much of it was read.
pub(super) struct Replayed<'a> {
    source: &'a mut dyn Read,
    /// Whether what is read is kept.
    pub(super) keeps: bool,
    kept: Vec<u8>,
    at: usize,
}

impl<'a> Replayed<'a> {
    /// The bytes that are kept.
    const MOST: usize = 64 << 20;

    /// A file of which nothing is kept so far.
    pub(super) fn of(source: &'a mut dyn Read) -> Replayed<'a> {
        Replayed { source, keeps: false, kept: Vec::new(), at: 0 }
    }

    /// Goes back to the beginning; false if that is lost.
    pub(super) fn rewind(&mut self) -> bool {
        self.at = 0;
        self.kept.len() < Self::MOST
    }
}

impl Read for Replayed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut kept = self.kept.get(self.at..).unwrap_or_default();
        if !kept.is_empty() {
            let read = kept.read(buffer)?;
            self.at += read;
            return Ok(read);
        }
        let read = self.source.read(buffer)?;
        let most = if self.keeps { Self::MOST } else { 0 };
        let room = most.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(buffer.get(..read.min(room)).unwrap_or_default());
        self.at = self.kept.len();
        Ok(read)
    }
}
