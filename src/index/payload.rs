//! The payload of a document: what goes to the segment files beside its terms, as one value.

use super::bytes::{Cursor, put_varint};
use super::print::PRINT_BYTES;
use super::record::{Facts, Head};

/// A document's part of the segment files, as one value of the record field.
pub(super) fn payload(
    print: &[u8; PRINT_BYTES],
    head: &Head,
    facts: &Facts,
    table: &[u8],
    text: &str,
) -> Result<Vec<u8>, postcard::Error> {
    let head = postcard::to_stdvec(head)?;
    let facts = postcard::to_stdvec(facts)?;
    let record = 15 + head.len() + facts.len() + table.len();
    let mut bytes = Vec::with_capacity(PRINT_BYTES + record + text.len());
    bytes.extend(print);
    for part in [&*head, &*facts, table] {
        put_varint(&mut bytes, part.len() as u64);
    }
    for part in [&*head, &*facts, table, text.as_bytes()] {
        bytes.extend(part);
    }
    Ok(bytes)
}

/// The print, the record and the text of a payload.
pub(super) fn parted(payload: &[u8]) -> Option<(&[u8; PRINT_BYTES], &[u8], &[u8])> {
    let (print, rest) = payload.split_first_chunk()?;
    let text = Record::read(rest)?.rest.len();
    let (record, text) = rest.split_at_checked(rest.len() - text)?;
    Some((print, record, text))
}

/// A record in its parts.
pub(super) struct Record<'a> {
    pub(super) head: &'a [u8],
    pub(super) facts: &'a [u8],
    pub(super) table: &'a [u8],
    /// What is behind it.
    pub(super) rest: &'a [u8],
}

impl<'a> Record<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Record<'a>> {
        let mut cursor = Cursor::new(bytes);
        let mut length = || Some(cursor.varint32()? as usize);
        let [head, facts, table] = [length()?, length()?, length()?];
        let [head, facts, table] =
            [cursor.bytes(head)?, cursor.bytes(facts)?, cursor.bytes(table)?];
        Some(Record { head, facts, table, rest: cursor.rest() })
    }
}
