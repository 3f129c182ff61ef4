//! Archives (ZIP, tar): each file in them is read by its own format, as `archive.zip/inside.pdf`.

use std::io::{self, BufRead, Read};

use super::members::Members;
use super::zipped::{Limits, Zipped};
use super::{Unreadable, file_limit, size_words};

/// The members that one archive may have.
const MAX_MEMBERS: usize = 100_000;

/// Reads the files of a ZIP archive.
pub(super) fn zip(bytes: &[u8], members: &mut Members<'_>) -> Result<(), Unreadable> {
    let limits = Limits {
        entries: MAX_MEMBERS,
        entry: members.max(),
        words: file_limit,
        total: members.left(),
    };
    let zip = Zipped::open(bytes, limits)?;
    for (at, name) in zip.names().enumerate() {
        if name.ends_with(['/', '\\']) || is_hidden(name) {
            continue;
        }
        if let Some(reason) = members.exhausted() {
            return Err(Unreadable::new(reason));
        }
        let before = zip.left();
        match zip.read_at(at) {
            Ok(content) => {
                if let Some(damage) = content.damage {
                    members.broken(format!("{name}: {damage}"));
                }
                members.file(name, &content.bytes);
            }
            Err(unreadable) => {
                members.spend(before - zip.left());
                members.broken(format!("{name}: {unreadable}"));
            }
        }
    }
    if zip.is_recovered() {
        members.broken("its directory is lost; its files were found without it".to_owned());
    }
    Ok(())
}

/// Whether a path in an archive has a part that a walk through a folder leaves out too.
fn is_hidden(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| {
        matches!(part, "__MACOSX" | "node_modules")
            || (part.starts_with('.') && !matches!(part, "." | ".."))
    })
}

/// The bytes of a block: a tar archive is made of them.
const BLOCK: usize = 512;

/// The bytes that a name, or what is said of the next file, may have.
const MAX_NOTE: u64 = 1 << 20;

/// Reads the files of a tar archive (POSIX ustar and pax, GNU, and the format before them).
pub(super) fn tar(input: &mut dyn BufRead, members: &mut Members<'_>) -> Result<(), Unreadable> {
    let mut tar = Tar { input, said: Said::default() };
    let mut first = true;
    loop {
        match tar.next() {
            Ok(Next::End) => return Ok(()),
            Ok(Next::Damaged) if first => return Err(Unreadable::new("is no tar archive")),
            Ok(Next::Damaged) => {
                members.broken("the rest cannot be read: it is no tar archive".to_owned());
                return Ok(());
            }
            Ok(Next::File { name, size }) => {
                if let Some(reason) = members.exhausted() {
                    return Err(Unreadable::new(reason));
                }
                if let Err(error) = tar.file(&name, size, members) {
                    members.broken(format!("{name}: the rest cannot be read: {error}"));
                    return Ok(());
                }
            }
            Err(error) => {
                members.broken(format!("the rest cannot be read: {error}"));
                return Ok(());
            }
        }
        first = false;
    }
}

/// A tar archive that is being read.
struct Tar<'a> {
    input: &'a mut dyn BufRead,
    said: Said,
}

/// What the archive says of the file that comes next, where its header has no room for it.
#[derive(Default)]
struct Said {
    name: Option<String>,
    size: Option<u64>,
}

enum Next {
    File { name: String, size: u64 },
    Damaged,
    End,
}

impl Tar<'_> {
    /// Goes on to the next file.
    fn next(&mut self) -> io::Result<Next> {
        loop {
            let mut block = Vec::with_capacity(BLOCK);
            Read::take(&mut *self.input, BLOCK as u64).read_to_end(&mut block)?;
            if block.is_empty() {
                return Ok(Next::End);
            }
            let Some(header) = Header::of(&block) else {
                // Empty blocks are the end.
                let is_end = block.len() == BLOCK && block.iter().all(|byte| *byte == 0);
                return Ok(if is_end { Next::End } else { Next::Damaged });
            };
            match header.kind {
                b'L' => {
                    let name = self.note(header.size)?;
                    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                    self.said.name = Some(String::from_utf8_lossy(name).into_owned());
                }
                b'x' => {
                    let records = self.note(header.size)?;
                    self.said = pax(&records);
                }
                b'0' | b'7' | 0 => {
                    let said = std::mem::take(&mut self.said);
                    let name = said.name.unwrap_or(header.name);
                    let size = said.size.unwrap_or(header.size);
                    // Before there was a mark for folders, their names ended in a slash.
                    if name.ends_with('/') || is_hidden(&name) {
                        self.skip(padded(size))?;
                        continue;
                    }
                    return Ok(Next::File { name, size });
                }
                // Links and devices have no content.
                b'1'..=b'6' => self.said = Said::default(),
                _ => self.skip(padded(header.size))?,
            }
        }
    }

    /// Hands over the file that begins here.
    fn file(&mut self, name: &str, size: u64, members: &mut Members<'_>) -> io::Result<()> {
        let max = members.max();
        if size > max {
            let (size_shown, max) = (size_words(size), file_limit(max));
            members.broken(format!("{name}: is too large: {size_shown}, and the limit is {max}"));
            return self.skip(padded(size));
        }
        let mut bytes = Vec::new();
        let read = Read::take(&mut *self.input, size).read_to_end(&mut bytes)?;
        if (read as u64) < size {
            members.broken(format!("{name}: its end is missing"));
        }
        members.file(name, &bytes);
        self.skip(padded(size) - size)
    }

    fn note(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Read::take(&mut *self.input, size.min(MAX_NOTE)).read_to_end(&mut bytes)?;
        self.skip(padded(size) - size.min(MAX_NOTE))?;
        Ok(bytes)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        io::copy(&mut Read::take(&mut *self.input, bytes), &mut io::sink()).map(drop)
    }
}

/// The bytes that a file takes in the archive.
fn padded(size: u64) -> u64 {
    size.checked_next_multiple_of(BLOCK as u64).unwrap_or(size)
}

/// The header of a file.
struct Header {
    name: String,
    size: u64,
    kind: u8,
}

impl Header {
    fn of(block: &[u8]) -> Option<Header> {
        let sum = number(block.get(148..156)?)?;
        let bytes = block.iter().enumerate();
        let own: u64 =
            bytes.map(|(at, b)| if (148..156).contains(&at) { 32 } else { u64::from(*b) }).sum();
        if own != sum || block.len() < BLOCK {
            return None;
        }
        let text = |from: usize, to: usize| {
            let field = block.get(from..to).unwrap_or_default();
            let text = field.split(|byte| *byte == 0).next().unwrap_or_default();
            String::from_utf8_lossy(text).into_owned()
        };
        let mut name = text(0, 100);
        let prefix = text(345, 500);
        if block.get(257..263) == Some(b"ustar\0") && !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
        let (size, kind) = (number(block.get(124..136)?)?, *block.get(156)?);
        Some(Header { name, size, kind })
    }
}

/// A number in octal digits, or in bytes where the first has its highest bit set.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        let start = u64::from(first & 0x3F);
        return rest
            .iter()
            .try_fold(start, |n, byte| n.checked_mul(256).map(|n| n | u64::from(*byte)));
    }
    let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// The records of a pax header: `length key=value` and a line end, each.
fn pax(mut records: &[u8]) -> Said {
    let mut said = Said::default();
    while let Some(space) = records.iter().position(|byte| *byte == b' ') {
        let length = records.get(..space).and_then(|n| std::str::from_utf8(n).ok());
        let Some(length) = length.and_then(|n| n.parse::<usize>().ok()) else { break };
        let Some(record) = records.get(space + 1..length) else { break };
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(name) = record.strip_prefix(b"path=") {
            said.name = Some(String::from_utf8_lossy(name).into_owned());
        } else if let Some(size) = record.strip_prefix(b"size=") {
            said.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
        }
        records = records.get(length..).unwrap_or_default();
    }
    said
}
