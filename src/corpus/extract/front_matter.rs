//! Front matter: the metadata block that a text file may begin with.

use serde_json::{Map, Value};

use super::Draft;
use crate::Origin;
use crate::corpus::metadata;

/// The bytes of front matter that are read; what is longer is text.
const MAX: usize = 256 << 10;

/// How deep the values of TOML may be nested; deeper ones are left out.
const MAX_DEPTH: usize = 32;

/// Takes the front matter off `text` and its facts into `draft`. Gives the rest of the text and
/// the number of lines before it.
pub(super) fn take<'a>(text: &'a str, draft: &mut Draft) -> (&'a str, u32) {
    let Some(found) = Found::locate(text) else { return (text, 0) };
    match found.values() {
        Ok(values) => metadata::apply(draft, values, Origin::FrontMatter),
        Err(reason) => {
            let pairs: Vec<_> = found.inner.lines().filter_map(pair).collect();
            if pairs.is_empty() {
                // Two rules with something between them, not metadata.
                return (text, 0);
            }
            let reason = reason.lines().next().unwrap_or_default().trim();
            draft.notes.push(format!("broken front matter, read line by line: {reason}"));
            metadata::apply(draft, pairs, Origin::FrontMatter);
        }
    }
    let (whole, rest) = text.split_at(found.length);
    (rest, whole.bytes().filter(|byte| *byte == b'\n').count() as u32)
}

/// A line `Key: value` as a pair; None for any other line.
pub(super) fn pair(line: &str) -> Option<(String, Value)> {
    let (key, value) = line.split_once(':')?;
    let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '(' | ')');
    let plain = key.starts_with(char::is_alphabetic) && key.len() <= 40 && key.chars().all(is_key);
    if !plain || !(value.is_empty() || value.starts_with([' ', '\t'])) {
        return None;
    }
    let value = value.trim();
    let quoted = |mark| value.strip_prefix(mark).and_then(|v: &str| v.strip_suffix(mark));
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    Some((key.trim().to_owned(), Value::String(value.to_owned())))
}

struct Found<'a> {
    inner: &'a str,
    /// The bytes from the start of the text to the end of the front matter.
    length: usize,
    toml: bool,
}

impl<'a> Found<'a> {
    fn locate(text: &'a str) -> Option<Found<'a>> {
        // Some sites hide it from their forge in a comment.
        let commented = text.starts_with("<!--\n---");
        let start = if commented { "<!--\n".len() } else { 0 };
        let mut offset = start;
        let mut lines = text.get(start..)?.split_inclusive('\n');
        let first = lines.next()?;
        offset += first.len();
        let (toml, ends): (bool, &[&str]) = match first.trim_end() {
            "---" => (false, &["---", "..."]),
            "+++" => (true, &["+++"]),
            _ => return None,
        };
        let inner_start = offset;
        while offset - inner_start <= MAX {
            let line = lines.next()?;
            let end = offset;
            offset += line.len();
            if ends.contains(&line.trim_end()) {
                let inner = text.get(inner_start..end)?;
                if commented {
                    let close = lines.next()?;
                    offset += close.len();
                    if close.trim_end() != "-->" {
                        return None;
                    }
                }
                return Some(Found { inner, length: offset, toml });
            }
        }
        None
    }

    fn values(&self) -> Result<Map<String, Value>, String> {
        if self.toml {
            let table: toml::Table =
                self.inner.parse().map_err(|e: toml::de::Error| e.to_string())?;
            return Ok(table.into_iter().map(|(key, value)| (key, json(value, 0))).collect());
        }
        if self.inner.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) {
            return Ok(Map::new());
        }
        let options = serde_saphyr::options! {
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::FirstWins,
        };
        match serde_saphyr::from_str_with_options(self.inner, options) {
            Ok(Value::Object(values)) => Ok(values),
            Ok(_) => Err("it is not a list of keys and values".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn json(value: toml::Value, depth: usize) -> Value {
    match value {
        _ if depth > MAX_DEPTH => Value::Null,
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => values.into_iter().map(|v| json(v, depth + 1)).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, json(value, depth + 1))).collect()
        }
    }
}
