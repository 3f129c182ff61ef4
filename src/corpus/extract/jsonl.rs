//! JSON Lines: a record a line, each an article.

use std::io::{BufRead, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use serde_json::{Map, Value};

use super::line::{Line, read_line};
use super::members::Members;
use super::record::Unnamed;
use super::{Unreadable, encoding, file_limit, record, size_words};

/// The bytes that one line may have.
pub(crate) const MAX_LINE: u64 = 64 << 20;

/// Whether the first line is a whole record with a text.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if head.first() != Some(&b'{') {
        return false;
    }
    let mut lines = head.splitn(2, |byte| *byte == b'\n');
    let line = lines.next().unwrap_or(head);
    match serde_json::from_slice::<Map<String, Value>>(line) {
        // One object alone is JSON as well.
        Ok(object) => {
            lines.next().is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
                && record::has_text(&object)
        }
        Err(_) => false,
    }
}

/// Reads a file of records, one article after the other.
pub(super) fn read(input: &mut dyn BufRead, members: &mut Members<'_>) -> Result<(), Unreadable> {
    let head = input.fill_buf().map_err(|e| Unreadable::new(format!("cannot be read: {e}")))?;
    let wide = matches!(Encoding::for_bom(head), Some((e, _)) if e == UTF_16LE || e == UTF_16BE);
    let mut decoded;
    let input = if wide {
        let mut bytes = Vec::new();
        let max = members.max();
        match input.take(max.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(n) if n as u64 > max => {
                let reason = format!("is too large: more than {} of UTF-16", file_limit(max));
                return Err(Unreadable::new(reason));
            }
            Ok(_) => {}
            Err(error) => return Err(Unreadable::new(format!("cannot be read: {error}"))),
        }
        decoded = Cursor::new(encoding::decode(&bytes, false)?.text.into_bytes());
        &mut decoded as &mut dyn BufRead
    } else {
        input
    };
    let mut line = Vec::new();
    let mut number: u32 = 0;
    loop {
        number = number.saturating_add(1);
        match read_line(input, &mut line, MAX_LINE) {
            Ok(Line::End) => return Ok(()),
            Ok(Line::TooLong) => {
                let limit = size_words(MAX_LINE);
                members.broken(format!("line {number}: is longer than {limit}, the limit"));
            }
            Ok(Line::Read) => {
                let bytes = match line.strip_prefix(b"\xEF\xBB\xBF") {
                    Some(rest) if number == 1 => rest,
                    _ => &line,
                };
                if bytes.trim_ascii().is_empty() {
                    continue;
                }
                if let Err(reason) = read_record(bytes, number, members) {
                    members.broken(format!("line {number}: {reason}"));
                }
            }
            Err(error) => {
                members.broken(format!("line {number}: the rest cannot be read: {error}"));
                return Ok(());
            }
        }
    }
}

fn read_record(bytes: &[u8], line: u32, members: &mut Members<'_>) -> Result<(), String> {
    let mut notes = Vec::new();
    let decoded;
    let json = match std::str::from_utf8(bytes) {
        Ok(json) => json,
        Err(_) => {
            decoded = encoding::decode(bytes, false).map_err(|error| error.reason)?;
            notes = decoded.notes;
            &decoded.text
        }
    };
    let Value::Object(object) = record::parse(json)? else {
        return Err("not a JSON object".to_owned());
    };
    let mut record = record::read(object, Some(line), Unnamed::Longest, &members.fields());
    record.draft.notes.splice(0..0, notes);
    let id = record.id.unwrap_or_else(|| line.to_string());
    members.article(&id, record.draft).map(drop).map_err(str::to_owned)
}
