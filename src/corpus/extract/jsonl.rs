//! JSON Lines: a record a line, each an article.

use std::io::{BufRead, BufReader, Cursor};

use encoding_rs::{UTF_16BE, UTF_16LE};
use serde_json::{Map, Value};

use super::members::{Broken, Seen, name};
use super::{Draft, Extracted, Lines, Source, Unreadable, encoding, finish, size_words, text};
use crate::corpus::metadata;
use crate::{Article, Origin};

/// The bytes that one line may have.
const MAX_LINE: u64 = 64 << 20;

/// The keys that hold an article's text, in the order in which they are asked.
const TEXT_KEYS: [&str; 4] = ["text", "body", "content", "contents"];

/// Whether the first line is a whole record with a text.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if head.first() != Some(&b'{') {
        return false;
    }
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    match serde_json::from_slice::<Map<String, Value>>(line) {
        Ok(record) => TEXT_KEYS.iter().any(|key| record.get(*key).is_some_and(Value::is_string)),
        Err(_) => false,
    }
}

/// Reads a file of records, one article after the other.
pub(super) fn read(
    path: &str,
    format: &'static str,
    source: Source<'_>,
    head: &[u8],
    max: u64,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let wide = matches!(encoding_rs::Encoding::for_bom(head), Some((e, _)) if e == UTF_16LE || e == UTF_16BE);
    let mut input: Box<dyn BufRead + '_> = if wide {
        let text = encoding::decode(&source.whole(max)?, false)?.text;
        Box::new(Cursor::new(text.into_bytes()))
    } else {
        Box::new(BufReader::with_capacity(64 << 10, source.inner))
    };
    let mut records = Records { path, seen: Seen::default(), articles: 0, emit };
    let mut broken = Broken::default();
    let mut line = Vec::new();
    let mut number: u32 = 0;
    loop {
        line.clear();
        number = number.saturating_add(1);
        match read_line(&mut input, &mut line) {
            Ok(Line::End) => break,
            Ok(Line::TooLong) => {
                let limit = size_words(MAX_LINE);
                broken.push(format!("line {number}: is longer than {limit}, which is the limit"));
            }
            Ok(Line::Read) => {
                let bytes = match line.strip_prefix(b"\xEF\xBB\xBF") {
                    Some(rest) if number == 1 => rest,
                    _ => &line,
                };
                if bytes.trim_ascii().is_empty() {
                    continue;
                }
                if let Err(reason) = records.read(bytes, number) {
                    broken.push(format!("line {number}: {reason}"));
                }
            }
            Err(error) => {
                broken.push(format!("line {number}: the rest cannot be read: {error}"));
                break;
            }
        }
    }
    let articles = records.articles;
    broken.finish(format, articles)
}

enum Line {
    Read,
    TooLong,
    End,
}

/// Reads up to a line end; of a line that is too long, nothing is kept.
fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<Line> {
    let mut length: u64 = 0;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(match length {
                0 => Line::End,
                1..=MAX_LINE => Line::Read,
                _ => Line::TooLong,
            });
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(available.len(), |at| at + 1);
        length += used as u64;
        if length <= MAX_LINE {
            line.extend_from_slice(available.get(..used).unwrap_or_default());
        } else {
            *line = Vec::new();
        }
        input.consume(used);
        if end.is_some() {
            return Ok(if length <= MAX_LINE { Line::Read } else { Line::TooLong });
        }
    }
}

struct Records<'a> {
    path: &'a str,
    seen: Seen,
    articles: u64,
    emit: &'a mut dyn FnMut(Article),
}

impl Records<'_> {
    fn read(&mut self, bytes: &[u8], line: u32) -> Result<(), String> {
        let mut draft = Draft::default();
        let decoded;
        let json = match std::str::from_utf8(bytes) {
            Ok(json) => json,
            Err(_) => {
                decoded = encoding::decode(bytes, false).map_err(|error| error.reason)?;
                draft.notes.extend(decoded.notes);
                &decoded.text
            }
        };
        let value: Value = serde_json::from_str(json).map_err(|e| format!("not JSON: {e}"))?;
        let Value::Object(mut record) = value else {
            return Err("not a JSON object".to_owned());
        };
        let text = take_text(&mut record);
        let id = match record.remove("id").or_else(|| record.remove("_id")) {
            Some(Value::String(id)) => name(&id),
            Some(Value::Number(id)) => id.to_string(),
            _ => String::new(),
        };
        metadata::apply(&mut draft, record, Origin::FrontMatter);
        draft.blocks = text::paragraphs(&text, line);
        let known = self.seen.name(if id.is_empty() { line.to_string() } else { id.clone() });
        if !id.is_empty() && known != id {
            draft.notes.push(format!("an earlier record has the id {id} too"));
        }
        let path = format!("{}#{known}", self.path);
        let article = finish(&path, &known, draft, Lines::Inner).ok_or("holds no text")?;
        self.articles += 1;
        (self.emit)(article);
        Ok(())
    }
}

fn take_text(record: &mut Map<String, Value>) -> String {
    for key in TEXT_KEYS {
        match record.get_mut(key) {
            Some(Value::String(text)) => {
                let text = std::mem::take(text);
                record.remove(key);
                return text;
            }
            // Some write a list of paragraphs.
            Some(Value::Array(parts)) if parts.iter().all(Value::is_string) => {
                let parts: Vec<_> = parts.iter().filter_map(Value::as_str).collect();
                let text = parts.join("\n\n");
                record.remove(key);
                return text;
            }
            _ => {}
        }
    }
    String::new()
}
