//! ZIP containers: the members of archives, Office files and books, read from memory within bounds.
//!
//! Written from APPNOTE.TXT 6.3.10 (PKWARE). Names and sizes are those of the central directory;
//! where that is lost, the members that still have a header of their own are found by it.

use std::cell::Cell;
use std::io::Read;

use super::{Unreadable, size_words};

/// How many times its packed size a member may have.
const MAX_RATIO: u64 = 200;

/// What one member may unpack to before the ratio counts.
const FREE: u64 = 1 << 20;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";

/// What is read of one container at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Members.
    pub(super) entries: usize,
    /// Bytes of one member, unpacked.
    pub(super) entry: u64,
    /// How these are told: with the option that sets others, if one does.
    pub(super) words: fn(u64) -> String,
    /// Bytes of all that is read, unpacked.
    pub(super) total: u64,
}

/// A container whose directory has been read.
#[derive(Debug)]
pub(super) struct Zipped<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
    limits: Limits,
    /// The bytes that may still be unpacked.
    left: Cell<u64>,
    recovered: bool,
}

#[derive(Debug)]
struct Entry {
    name: String,
    /// Where its local header is.
    header: usize,
    packed: u64,
    /// Its size as the directory gives it; None where it is not known.
    size: Option<u64>,
    checksum: Option<u32>,
    method: u16,
    encrypted: bool,
}

/// What was read of a member.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// What is wrong with it, if it is not what was packed or not all of it.
    pub(super) damage: Option<String>,
}

impl<'a> Zipped<'a> {
    /// Reads the directory of a container.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if there is none and no member is found without it, if there are more
    /// members than the limit, or if they overlap.
    pub(super) fn open(bytes: &'a [u8], limits: Limits) -> Result<Zipped<'a>, Unreadable> {
        let (entries, recovered) = match directory(bytes, limits.entries)? {
            Some(entries) => (entries, false),
            None => (scan(bytes, limits.entries)?, true),
        };
        if entries.is_empty() && recovered {
            return Err(Unreadable::new("is a damaged ZIP file: its directory is lost"));
        }
        let packed = entries.iter().map(|entry| entry.packed).fold(0, u64::saturating_add);
        if !recovered && packed > bytes.len() as u64 {
            return Err(Unreadable::new("is a damaged ZIP file: its members overlap"));
        }
        Ok(Zipped { bytes, entries, limits, left: Cell::new(limits.total), recovered })
    }

    /// Whether the directory was lost and the members were found without it.
    pub(super) fn is_recovered(&self) -> bool {
        self.recovered
    }

    /// The bytes that may still be unpacked.
    #[cfg(feature = "archives")]
    pub(super) fn left(&self) -> u64 {
        self.left.get()
    }

    /// The names of the members, in the order of the directory; those of folders end in `/`.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.name)
    }

    /// The place of a member among [`names`](Self::names); where none has just this name, of one
    /// that differs in case or in the kind of slash.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let name = name.trim_start_matches('/');
        let same = |entry: &Entry| {
            let bytes = entry.name.trim_start_matches(['/', '\\']).bytes();
            bytes
                .map(|b| if b == b'\\' { b'/' } else { b.to_ascii_lowercase() })
                .eq(name.bytes().map(|b| b.to_ascii_lowercase()))
        };
        self.names().position(|other| other == name).or_else(|| self.entries.iter().position(same))
    }

    /// Whether there is a member of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Unpacks a member by its name; None if there is none.
    pub(super) fn read(&self, name: &str) -> Option<Result<Content, Unreadable>> {
        Some(self.read_at(self.position(name)?))
    }

    /// Unpacks the member at this place among [`names`](Self::names).
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if nothing of it can be read, or more than the limits would have to be.
    pub(super) fn read_at(&self, at: usize) -> Result<Content, Unreadable> {
        let missing = || Unreadable::new("is not in the file");
        let entry = self.entries.get(at).ok_or_else(missing)?;
        if entry.encrypted {
            return Err(Unreadable::new("is encrypted with a password"));
        }
        let max = self.limits.entry;
        let too_large = || {
            let limit = (self.limits.words)(max);
            Unreadable::new(format!("is too large: more than {limit}, which is the limit"))
        };
        if entry.size.is_some_and(|size| size > max) {
            return Err(too_large());
        }
        let packed = self.packed(entry)?;
        let allowed = FREE.saturating_add(MAX_RATIO.saturating_mul(packed.len() as u64));
        let most = max.min(allowed).min(self.left.get());
        let mut bytes = Vec::new();
        let mut damage = None;
        let unpacked = match entry.method {
            0 => packed.take(most.saturating_add(1)).read_to_end(&mut bytes),
            8 => flate2::bufread::DeflateDecoder::new(packed)
                .take(most.saturating_add(1))
                .read_to_end(&mut bytes),
            93 => match zstd::stream::read::Decoder::with_buffer(packed) {
                Ok(decoder) => decoder.take(most.saturating_add(1)).read_to_end(&mut bytes),
                Err(error) => Err(error),
            },
            method => {
                let reason = format!("is packed by method {method}, which is not read");
                return Err(Unreadable::new(reason));
            }
        };
        let length = bytes.len() as u64;
        // What is thrown away was unpacked all the same: many bombs cost no more than one.
        self.left.set(self.left.get().saturating_sub(length));
        if length > max {
            return Err(too_large());
        }
        if length > allowed {
            let reason = format!("unpacks to more than {MAX_RATIO} times its size");
            return Err(Unreadable::new(reason));
        }
        if length > most {
            let limit = size_words(self.limits.total);
            let reason = format!("all members together unpack to more than {limit}");
            return Err(Unreadable::new(reason));
        }
        match unpacked {
            Err(error) if bytes.is_empty() => {
                return Err(Unreadable::new(format!("cannot be unpacked: {error}")));
            }
            Err(_) => damage = Some("its end cannot be unpacked".to_owned()),
            Ok(_) if entry.size.is_some_and(|size| size > length) => {
                damage = Some("its end is missing".to_owned());
            }
            Ok(_) => {
                let mut checksum = flate2::Crc::new();
                checksum.update(&bytes);
                if entry.checksum.is_some_and(|wanted| wanted != checksum.sum()) {
                    damage = Some("its checksum is wrong".to_owned());
                }
            }
        }
        Ok(Content { bytes, damage })
    }

    /// The packed bytes of a member.
    fn packed(&self, entry: &Entry) -> Result<&'a [u8], Unreadable> {
        let damaged = || Unreadable::new("is damaged: it is not where the directory says");
        let header = self.bytes.get(entry.header..).ok_or_else(damaged)?;
        if !header.starts_with(LOCAL) {
            return Err(damaged());
        }
        let skipped = 30
            + usize::from(u16_at(header, 26).unwrap_or(0))
            + usize::from(u16_at(header, 28).unwrap_or(0));
        let data = header.get(skipped..).ok_or_else(damaged)?;
        let end = usize::try_from(entry.packed).unwrap_or(usize::MAX).min(data.len());
        Ok(data.get(..end).unwrap_or_default())
    }
}

/// The entries of the central directory; None if it cannot be read.
fn directory(bytes: &[u8], max: usize) -> Result<Option<Vec<Entry>>, Unreadable> {
    let Some(end) = rfind(bytes, END) else { return Ok(None) };
    let Some(record) = bytes.get(end..) else { return Ok(None) };
    let (Some(count), Some(size), Some(start)) =
        (u16_at(record, 10), u32_at(record, 12), u32_at(record, 16))
    else {
        return Ok(None);
    };
    let (mut count, mut size, mut start) = (u64::from(count), u64::from(size), u64::from(start));
    let mut directory_end = end;
    if let Some((at, record)) = zip64_end(bytes, end) {
        directory_end = at;
        count = u64_at(record, 32).unwrap_or(count);
        size = u64_at(record, 40).unwrap_or(size);
        start = u64_at(record, 48).unwrap_or(start);
    }
    if count > max as u64 {
        return Err(too_many(max));
    }
    // What stands before the first member moves all of them.
    let found = usize::try_from(size).ok().and_then(|size| directory_end.checked_sub(size));
    let (Ok(start), Some(found)) = (usize::try_from(start), found) else { return Ok(None) };
    let is_there = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(CENTRAL));
    let (mut at, shift) = match (count, is_there(start), is_there(found)) {
        (0, ..) => return Ok(if bytes.starts_with(END) { Some(Vec::new()) } else { None }),
        (_, _, true) if found >= start => (found, found - start),
        (_, true, _) => (start, 0),
        _ => return Ok(None),
    };
    let mut entries = Vec::new();
    // The count may be wrong, or short of what 16 bits hold: the signature decides.
    while let Some(header) = bytes.get(at..).filter(|rest| rest.starts_with(CENTRAL)) {
        if entries.len() >= max {
            return Err(too_many(max));
        }
        let Some((entry, length)) = central_entry(header, shift) else { break };
        entries.push(entry);
        at += length;
    }
    if (entries.len() as u64) < count {
        return Ok(None);
    }
    Ok(Some(entries))
}

fn zip64_end(bytes: &[u8], end: usize) -> Option<(usize, &[u8])> {
    let locator = bytes.get(end.checked_sub(20)?..end)?;
    if !locator.starts_with(LOCATOR_64) {
        return None;
    }
    let named = usize::try_from(u64_at(locator, 8)?).ok()?;
    // Directly before its locator, if it has no further fields and the offset is shifted.
    [named, end.saturating_sub(76)].into_iter().find_map(|at| {
        let record = bytes.get(at..)?;
        record.starts_with(END_64).then_some((at, record))
    })
}

/// An entry of the central directory, and its length there.
fn central_entry(header: &[u8], shift: usize) -> Option<(Entry, usize)> {
    let flags = u16_at(header, 8)?;
    let (name, extra) = (usize::from(u16_at(header, 28)?), usize::from(u16_at(header, 30)?));
    let comment = usize::from(u16_at(header, 32)?);
    let extra = header.get(46 + name..46 + name + extra)?;
    let mut packed = u64::from(u32_at(header, 20)?);
    let mut size = u64::from(u32_at(header, 24)?);
    let mut place = u64::from(u32_at(header, 42)?);
    if let Some(mut wide) = extra_field(extra, 1) {
        for value in [&mut size, &mut packed, &mut place] {
            if *value == u64::from(u32::MAX)
                && let Some(long) = u64_at(wide, 0)
            {
                *value = long;
                wide = wide.get(8..).unwrap_or_default();
            }
        }
    }
    let entry = Entry {
        name: member_name(header.get(46..46 + name)?, flags, extra),
        header: usize::try_from(place).ok()?.checked_add(shift)?,
        packed,
        size: Some(size),
        checksum: u32_at(header, 16),
        method: u16_at(header, 10)?,
        encrypted: flags & 1 != 0,
    };
    Some((entry, 46 + name + extra.len() + comment))
}

/// The members of a container whose directory is lost, by their own headers.
fn scan(bytes: &[u8], max: usize) -> Result<Vec<Entry>, Unreadable> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(next_header) {
        let header = at + found;
        at = header + LOCAL.len();
        let Some((mut entry, data)) = local_entry(bytes, header) else { continue };
        if entries.len() >= max {
            return Err(too_many(max));
        }
        if entry.size.is_none() {
            // It goes on until the next header: its own size stands behind it.
            let rest = bytes.get(data..).unwrap_or_default();
            entry.packed = next_header(rest).unwrap_or(rest.len()) as u64;
        }
        at = data.saturating_add(usize::try_from(entry.packed).unwrap_or(usize::MAX));
        entries.push(entry);
    }
    Ok(entries)
}

/// The member whose header is here, and where its data starts.
fn local_entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let header = bytes.get(at..)?;
    if !header.starts_with(LOCAL) {
        return None;
    }
    let flags = u16_at(header, 6)?;
    let (name, extra) = (usize::from(u16_at(header, 26)?), usize::from(u16_at(header, 28)?));
    let extra_field = header.get(30 + name..30 + name + extra)?;
    let name_bytes = header.get(30..30 + name).filter(|name| !name.is_empty())?;
    let (packed, size) = (u32_at(header, 18)?, u32_at(header, 22)?);
    let known = flags & 8 == 0 && packed != u32::MAX && size != u32::MAX;
    let entry = Entry {
        name: member_name(name_bytes, flags, extra_field),
        header: at,
        packed: u64::from(packed),
        size: known.then_some(u64::from(size)),
        checksum: known.then_some(u32_at(header, 14)?),
        method: u16_at(header, 8)?,
        encrypted: flags & 1 != 0,
    };
    Some((entry, at + 30 + name + extra))
}

/// A name as text: UTF-8 where it is marked or valid as such, else code page 437.
fn member_name(name: &[u8], flags: u16, extra: &[u8]) -> String {
    if let Some(unicode) = extra_field(extra, 0x7075).and_then(|field| field.get(5..))
        && let Ok(name) = std::str::from_utf8(unicode)
        && !name.is_empty()
    {
        return name.to_owned();
    }
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & 0x800 != 0 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => name
            .iter()
            .map(|byte| match byte.checked_sub(0x80) {
                None => char::from(*byte),
                Some(high) => CODE_PAGE_437.chars().nth(usize::from(high)).unwrap_or('?'),
            })
            .collect(),
    }
}

/// The upper half of code page 437.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// The data of the extra field with this id.
fn extra_field(mut extra: &[u8], id: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16_at(extra, 2)?);
        let data = extra.get(4..4 + length)?;
        if u16_at(extra, 0)? == id {
            return Some(data);
        }
        extra = extra.get(4 + length..)?;
    }
}

fn too_many(max: usize) -> Unreadable {
    Unreadable::new(format!("has more than {max} members, which is the limit"))
}

/// Where the next header of a member is, its own or the one in the directory.
fn next_header(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        from += bytes.get(from..)?.iter().position(|byte| *byte == b'P')?;
        let rest = bytes.get(from..)?;
        if rest.starts_with(LOCAL) || rest.starts_with(CENTRAL) {
            return Some(from);
        }
        from += 1;
    }
}

/// The last place of the end record: it is at most a comment away from the end of the file.
fn rfind(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let tail = bytes.get(from..)?;
    let at = tail.windows(needle.len()).rposition(|window| window == needle)?;
    Some(from + at)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;

    const LIMITS: Limits =
        Limits { entries: 100, entry: 16 << 20, words: size_words, total: 32 << 20 };

    /// A container with these members.
    pub(in crate::corpus::extract) fn pack(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut directory = Vec::new();
        for (name, content) in members {
            let mut packer =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(content).unwrap();
            let (method, data) = match packer.finish().unwrap() {
                packed if packed.len() < content.len() => (8u16, packed),
                _ => (0, content.to_vec()),
            };
            let mut checksum = flate2::Crc::new();
            checksum.update(content);
            let mut fields = vec![20, 0, 0, 8];
            fields.extend(method.to_le_bytes());
            fields.extend([0; 4]);
            fields.extend(checksum.sum().to_le_bytes());
            fields.extend((data.len() as u32).to_le_bytes());
            fields.extend((content.len() as u32).to_le_bytes());
            fields.extend((name.len() as u16).to_le_bytes());
            fields.extend([0, 0]);
            let place = file.len() as u32;
            file.extend([LOCAL, &fields, name.as_bytes(), &data].concat());
            directory.extend([CENTRAL, &[20, 0], &fields, &[0; 10]].concat());
            directory.extend(place.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (start, count) = (file.len() as u32, (members.len() as u16).to_le_bytes());
        file.extend(&directory);
        file.extend([END, &[0; 4], &count, &count].concat());
        file.extend((directory.len() as u32).to_le_bytes());
        file.extend(start.to_le_bytes());
        file.extend([0, 0]);
        file
    }

    fn text(zip: &Zipped<'_>, name: &str) -> String {
        String::from_utf8(zip.read(name).unwrap().unwrap().bytes).unwrap()
    }

    fn sample() -> Vec<u8> {
        let long = "sovereignty ".repeat(500);
        pack(&[("a/One.txt", b"one"), ("b.txt", long.as_bytes()), ("c.txt", b"three")])
    }

    #[test]
    fn members_are_read_by_name() {
        let bytes = sample();
        let zip = Zipped::open(&bytes, LIMITS).unwrap();
        assert_eq!(zip.names().collect::<Vec<_>>(), ["a/One.txt", "b.txt", "c.txt"]);
        assert_eq!(text(&zip, "a/One.txt"), "one");
        assert_eq!(text(&zip, "/A/one.TXT"), "one");
        assert_eq!(text(&zip, "b.txt").len(), 6000);
        assert!(zip.read("One.txt").is_none());
        assert!(!zip.is_recovered());
        // Something before the first member, and something behind the last record.
        let moved = [b"#!/bin/sh\n", &bytes[..], b"\n\n"].concat();
        let zip = Zipped::open(&moved, LIMITS).unwrap();
        assert_eq!(text(&zip, "c.txt"), "three");
        assert!(!zip.is_recovered());
        assert_eq!(Zipped::open(&pack(&[]), LIMITS).unwrap().names().count(), 0);
    }

    #[test]
    fn members_of_a_cut_file_are_found_by_their_own_headers() {
        let bytes = sample();
        let cut = &bytes[..bytes.len() - 60];
        let zip = Zipped::open(cut, LIMITS).unwrap();
        assert!(zip.is_recovered());
        assert_eq!(text(&zip, "b.txt").len(), 6000);
        let end = bytes.windows(5).position(|w| w == b"c.txt").unwrap();
        let half = Zipped::open(&bytes[..end - 40], LIMITS).unwrap();
        let content = half.read("b.txt").unwrap().unwrap();
        assert!(!content.bytes.is_empty() && content.damage.is_some(), "{content:?}");
        assert!(Zipped::open(b"PK\x05\x06 nothing", LIMITS).is_err());
        assert!(Zipped::open(b"", LIMITS).is_err());
    }

    #[test]
    fn damage_is_told_and_bombs_are_not_unpacked() {
        let reason = |bytes: &[u8], limits, name: &str| match Zipped::open(bytes, limits) {
            Ok(zip) => zip.read(name).unwrap().map(|c| c.damage).map_err(|e| e.reason),
            Err(error) => Err(error.reason),
        };
        let mut wrong = sample();
        let at = wrong.windows(3).position(|w| w == b"one").unwrap();
        wrong[at] = b'O';
        assert_eq!(reason(&wrong, LIMITS, "a/One.txt"), Ok(Some("its checksum is wrong".into())));
        let bomb = pack(&[("bomb", &vec![0; 8 << 20]), ("small", &vec![0; 1 << 20])]);
        assert!(reason(&bomb, LIMITS, "bomb").unwrap_err().contains("200 times"));
        assert_eq!(reason(&bomb, LIMITS, "small"), Ok(None));
        let one = |limits| reason(&bomb, limits, "small").unwrap_err();
        assert!(one(Limits { entries: 1, ..LIMITS }).contains("more than 1 members"));
        assert!(one(Limits { entry: 1000, ..LIMITS }).contains("1000 bytes"));
        assert!(one(Limits { total: 1000, ..LIMITS }).contains("together"));
        // Bombs are given up, and what was unpacked of them counts.
        let zeros = vec![0; 8 << 20];
        let bombs = pack(&[("a", &zeros[..]), ("b", &zeros), ("c", b"text")]);
        let zip = Zipped::open(&bombs, Limits { total: 2 << 20, ..LIMITS }).unwrap();
        let reasons = ["a", "b", "c"].map(|name| zip.read(name).unwrap().unwrap_err().reason);
        assert!(reasons.iter().all(|reason| reason.contains("together")), "{reasons:?}");
        // Two entries of the directory that share the bytes of one member.
        let long: Vec<u8> =
            (0..4000u32).flat_map(|n| n.wrapping_mul(2654435761).to_le_bytes()).collect();
        let mut shared = pack(&[("x", &long), ("y", b"")]);
        let entries: Vec<usize> =
            (0..shared.len() - 4).filter(|at| shared[*at..].starts_with(CENTRAL)).collect();
        let [first, second] = entries[..] else { panic!("{entries:?}") };
        let fields = shared[first + 10..first + 46].to_vec();
        shared[second + 10..second + 46].copy_from_slice(&fields);
        assert!(reason(&shared, LIMITS, "y").unwrap_err().contains("overlap"));
        // A bit that says that a password is needed.
        let mut locked = sample();
        let at = locked.windows(4).position(|w| w == CENTRAL).unwrap();
        locked[at + 8] |= 1;
        assert_eq!(
            reason(&locked, LIMITS, "a/One.txt").unwrap_err(),
            "is encrypted with a password"
        );
    }

    #[test]
    fn no_change_of_one_byte_does_harm() {
        let bytes = sample();
        for at in 0..bytes.len() {
            for value in [0, 0xFF, bytes[at] ^ 1] {
                let mut changed = bytes.clone();
                changed[at] = value;
                if let Ok(zip) = Zipped::open(&changed, LIMITS) {
                    for member in 0..zip.names().count() {
                        let _ = zip.read_at(member);
                    }
                }
            }
        }
        for end in 0..bytes.len() {
            let _ = Zipped::open(&bytes[..end], LIMITS);
        }
    }
}
