//! Bytes to text: which encoding a file is in, and its characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, X_MAC_CYRILLIC};

use super::Unreadable;

/// A text and what is to be said of how it was decoded. Its line ends are `\n`.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

/// The bytes that a guess is made from.
const SAMPLE: usize = 256 << 10;

/// Decodes a file: by its byte order mark; else as UTF-8 if it is valid UTF-8; else as UTF-16 if
/// its zero bytes show it; else, where `declares` says that its format has such a thing, by its
/// own declaration; else by a guess from its bytes.
///
/// Valid UTF-8 goes before a declaration because pages are often converted without changing what
/// they say of themselves, and other encodings are hardly ever valid UTF-8 by chance.
///
/// # Errors
///
/// [`Unreadable`] for bytes that are no text.
pub(super) fn decode(bytes: &[u8], declares: bool) -> Result<Decoded, Unreadable> {
    let (text, notes) = characters(bytes, declares)?;
    Ok(Decoded { text: unix_lines(text), notes })
}

fn characters(bytes: &[u8], declares: bool) -> Result<(String, Vec<String>), Unreadable> {
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE, 0, 0]) {
        return Ok(utf32(rest, u32::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(&[0, 0, 0xFE, 0xFF]) {
        return Ok(utf32(rest, u32::from_be_bytes));
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok(with(encoding, bytes.get(length..).unwrap_or_default(), false));
    }
    if let Some(number) = utf32_without_mark(bytes) {
        let (text, mut notes) = utf32(bytes, number);
        notes.insert(0, "read as UTF-32, which is guessed from its bytes".to_owned());
        return Ok((text, notes));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Ok(with(encoding, bytes, true));
    }
    if is_binary(bytes) {
        return Err(Unreadable::new("is binary data, not text"));
    }
    let declared = declares.then(|| declared(bytes)).flatten();
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Escape sequences are ASCII too: ISO-2022-JP is told by its declaration or its escapes.
        if !(bytes.is_ascii() && bytes.contains(&0x1B)) {
            return Ok((text.to_owned(), Vec::new()));
        }
    }
    match declared {
        Some(encoding) if encoding != UTF_8 => Ok(with(encoding, bytes, false)),
        _ if is_damaged_utf8(bytes) => Ok(with(UTF_8, bytes, false)),
        _ => Ok(with(guess(bytes), bytes, true)),
    }
}

fn with(encoding: &'static Encoding, bytes: &[u8], guessed: bool) -> (String, Vec<String>) {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut notes = Vec::new();
    if guessed && encoding != UTF_8 {
        notes.push(format!("read as {}, which is guessed from its bytes", encoding.name()));
    }
    if damaged {
        notes.extend(replaced(&text, encoding.name()));
    }
    (text.into_owned(), notes)
}

fn replaced(text: &str, encoding: &str) -> Option<String> {
    match text.matches(char::REPLACEMENT_CHARACTER).count() {
        0 => None,
        1 => Some(format!("1 character is not valid {encoding} and was replaced by \u{FFFD}")),
        n => Some(format!("{n} characters are not valid {encoding} and were replaced by \u{FFFD}")),
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> (String, Vec<String>) {
    let chunks = bytes.chunks(4).map(|chunk| match <[u8; 4]>::try_from(chunk) {
        Ok(four) => char::from_u32(number(four)).unwrap_or(char::REPLACEMENT_CHARACTER),
        Err(_) => char::REPLACEMENT_CHARACTER,
    });
    let text: String = chunks.collect();
    let notes = replaced(&text, "UTF-32").into_iter().collect();
    (text, notes)
}

/// UTF-32 shows by two zero bytes in each character of nearly all texts; how its numbers are read.
fn utf32_without_mark(bytes: &[u8]) -> Option<fn([u8; 4]) -> u32> {
    let sample = bytes.get(..bytes.len().min(4096))?;
    if sample.len() < 16 || !bytes.len().is_multiple_of(4) {
        return None;
    }
    let is = |number: fn([u8; 4]) -> u32| {
        sample.chunks_exact(4).all(|chunk| {
            let four = <[u8; 4]>::try_from(chunk).unwrap_or([0xFF; 4]);
            let value = number(four);
            value != 0 && value < 0x2_0000 && char::from_u32(value).is_some()
        })
    };
    [u32::from_le_bytes as fn([u8; 4]) -> u32, u32::from_be_bytes].into_iter().find(|it| is(*it))
}

/// UTF-16 shows by zero bytes at every other place: the high halves of Latin letters, digits,
/// spaces and line ends.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096))?;
    let pairs = sample.len() / 2;
    if pairs < 2 || bytes.len() % 2 == 1 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        match pair {
            [0, 0] => return None,
            [0, _] => even += 1,
            [_, 0] => odd += 1,
            _ => {}
        }
    }
    let encoding = match (even, odd) {
        (0, n) if n * 4 > pairs => UTF_16LE,
        (n, 0) if n * 4 > pairs => UTF_16BE,
        _ => return None,
    };
    (!encoding.decode_without_bom_handling(sample).1).then_some(encoding)
}

/// Whether there are zero bytes or control characters as no text has them.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or(bytes);
    let (mut zeros, mut controls) = (0, 0);
    for byte in sample {
        match byte {
            0 => zeros += 1,
            1..=8 | 0x0E..=0x1A | 0x1C..=0x1F => controls += 1,
            _ => {}
        }
    }
    zeros * 1000 > sample.len() || controls * 50 > sample.len()
}

/// Whether these bytes are UTF-8 but for a few: at least nine in ten of the sequences beyond ASCII
/// are valid.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= 9 * invalid
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let first = bytes.iter().position(|b| *b >= 0x80 || *b == 0x1B).unwrap_or(0);
    let rest = bytes.get(first.saturating_sub(1024)..).unwrap_or(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(rest.get(..rest.len().min(SAMPLE)).unwrap_or(rest), true);
    if is_mac_cyrillic(rest.get(..rest.len().min(SAMPLE)).unwrap_or(rest)) {
        return X_MAC_CYRILLIC;
    }
    detector.guess(None, Utf8Detection::Allow)
}

/// Whether this is Cyrillic as old Macintosh computers wrote it, which the detector does not know:
/// small letters as in windows-1251, but for the last one (`я`), and capitals where that has signs.
fn is_mac_cyrillic(bytes: &[u8]) -> bool {
    let mut counts = [0usize; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let sum = |range: std::ops::RangeInclusive<usize>| counts[range].iter().sum::<usize>();
    let high = sum(0x80..=0xFF);
    let latin = sum(0x41..=0x5A) + sum(0x61..=0x7A);
    high > 40
        && high * 10 > latin * 3
        && sum(0xE0..=0xFE) * 10 > high * 7
        && sum(0xC0..=0xDE) * 20 < high
        && counts[0xDF] > 4 * counts[0xFF]
        && sum(0x80..=0x9F) > sum(0xA0..=0xDE)
}

/// The encoding that a page or an XML declaration names in its first 1,024 bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?.to_ascii_lowercase();
    for key in [&b"charset"[..], b"encoding"] {
        let mut from = 0;
        while let Some(at) = head.get(from..)?.windows(key.len()).position(|w| w == key) {
            from += at + key.len();
            let rest = head.get(from..)?.trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { continue };
            let rest = rest.trim_ascii_start();
            let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
            let is_label = |b: &u8| b.is_ascii_alphanumeric() || b"-_:.".contains(b);
            let end = rest.iter().position(|b| !is_label(b)).unwrap_or(rest.len());
            if let Some(encoding) = Encoding::for_label_no_replacement(rest.get(..end)?) {
                // A declaration that can be read as ASCII is not written in UTF-16.
                return (encoding != UTF_16LE && encoding != UTF_16BE).then_some(encoding);
            }
        }
    }
    None
}

fn unix_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}
