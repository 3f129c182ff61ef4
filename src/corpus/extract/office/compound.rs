//! Compound files: the streams of Office files of before 2007, and of encrypted packages.
//!
//! Written from [MS-CFB]. Only the streams of the root are looked at: what lies deeper belongs to
//! documents within the document.

use std::collections::HashSet;

use super::bytes::{slice, u8_at, u16_at, u32_at, u64_at};

/// How a compound file begins.
const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Numbers of sectors from this one on stand for the end of a chain and the like.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// Entries of the root that are looked at.
const MAX_ENTRIES: usize = 10_000;

/// A compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    /// The size of a sector in bytes.
    sector: usize,
    /// For each sector, the one that follows it.
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// The stream that short streams lie in, in sectors of 64 bytes.
    small: Vec<u8>,
    /// The length below which a stream is short.
    cutoff: u64,
    streams: Vec<Stream>,
}

struct Stream {
    name: String,
    start: u32,
    size: u64,
}

impl Stream {
    /// Whether it has this name; case does not count.
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> Compound<'a> {
    /// Reads the directory; None if this is no such file, or one that is damaged.
    pub(super) fn open(bytes: &'a [u8]) -> Option<Compound<'a>> {
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Compound {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            cutoff: u64::from(u32_at(bytes, 56)?),
            streams: Vec::new(),
        };
        file.read_table()?;
        let small_table = file.chain(u32_at(bytes, 60)?);
        file.small_table =
            (0..small_table.len() / 4).filter_map(|n| u32_at(&small_table, 4 * n)).collect();
        let directory = file.chain(u32_at(bytes, 48)?);
        file.small = file.chain(u32_at(&directory, 116)?);
        file.read_root(&directory);
        Some(file)
    }

    /// Reads a stream of the root.
    pub(super) fn read(&self, name: &str) -> Option<Vec<u8>> {
        let stream = self.streams.iter().find(|stream| stream.is(name))?;
        let size = usize::try_from(stream.size).unwrap_or(usize::MAX);
        let mut bytes = match stream.size < self.cutoff {
            true => self.small_chain(stream.start),
            false => self.chain(stream.start),
        };
        bytes.truncate(size);
        Some(bytes)
    }

    /// Whether the root has a stream, or a folder of streams, of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.streams.iter().any(|stream| stream.is(name))
    }

    /// Reads which sector follows which: a list of sectors in the header and behind it, each of
    /// which lists sectors of the table.
    fn read_table(&mut self) -> Option<()> {
        let mut parts: Vec<u32> = (0..109).filter_map(|n| u32_at(self.bytes, 76 + 4 * n)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        let in_sector = self.sector / 4;
        let sectors = self.bytes.len() / self.sector;
        for _ in 0..sectors {
            let Some(list) = self.at(next) else { break };
            parts.extend((0..in_sector - 1).filter_map(|n| u32_at(list, 4 * n)));
            match u32_at(list, self.sector - 4) {
                Some(after) => next = after,
                None => break,
            }
        }
        // No file has more than one entry a sector; what a damaged list repeats is not followed.
        for part in parts.into_iter().filter(|part| *part < LAST_SECTOR) {
            if self.table.len() > sectors + in_sector {
                break;
            }
            if let Some(part) = self.at(part) {
                self.table.extend((0..in_sector).filter_map(|n| u32_at(part, 4 * n)));
            }
        }
        Some(())
    }

    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(sector).ok()?.checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The sectors from this one on.
    fn chain(&self, start: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = start;
        // A chain that is longer than the file goes in circles.
        while bytes.len() < self.bytes.len() {
            let Some(sector) = self.at(next).filter(|_| next < LAST_SECTOR) else { break };
            bytes.extend_from_slice(sector);
            match self.table.get(next as usize) {
                Some(after) => next = *after,
                None => break,
            }
        }
        bytes
    }

    fn small_chain(&self, start: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = start;
        while bytes.len() < self.small.len() {
            let Some(sector) = (next as usize).checked_mul(64).and_then(|at| self.small.get(at..))
            else {
                break;
            };
            bytes.extend_from_slice(sector.get(..64).unwrap_or(sector));
            match self.small_table.get(next as usize) {
                Some(after) => next = *after,
                None => break,
            }
        }
        bytes
    }

    /// Lists what lies in the root: the entries form a tree.
    fn read_root(&mut self, directory: &[u8]) {
        let mut waiting: Vec<u32> = u32_at(directory, 76).into_iter().collect();
        let mut seen = HashSet::new();
        while let Some(number) = waiting.pop() {
            if seen.len() >= MAX_ENTRIES || !seen.insert(number) {
                continue;
            }
            let at = (number as usize).saturating_mul(128);
            let Some(entry) = slice(directory, at, 128) else { continue };
            waiting.extend(u32_at(entry, 68));
            waiting.extend(u32_at(entry, 72));
            let (Some(length), Some(start), Some(size), Some(1..)) =
                (u16_at(entry, 64), u32_at(entry, 116), u64_at(entry, 120), u8_at(entry, 66))
            else {
                continue;
            };
            let units = (0..usize::from(length).min(64) / 2).filter_map(|n| u16_at(entry, 2 * n));
            let name: String = char::decode_utf16(units).flatten().filter(|c| *c != '\0').collect();
            // Files of the older version have 32 bits for it and anything behind them.
            let size = if self.sector == 512 { size & 0xFFFF_FFFF } else { size };
            self.streams.push(Stream { name, start, size });
        }
    }
}
