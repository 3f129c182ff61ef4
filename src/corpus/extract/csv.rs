//! Tables as text: a record a line, its values parted by commas, semicolons, tabs or bars.

use serde_json::{Map, Value};

use super::members::Members;
use super::record::Unnamed;
use super::{Unreadable, encoding, record};
use crate::corpus::fields::{FieldName, FieldNames};
use crate::corpus::metadata;
use crate::{Block, BlockKind};

/// The records that the column of the text is told from, where no name tells it.
const SAMPLE: usize = 200;

/// The words that a column has on average if it is a text.
const TEXT_WORDS: usize = 8;

/// The letters that the name of a column may have.
const LONG_NAME: usize = 60;

/// Reads the records of a table.
pub(super) fn read(bytes: &[u8], members: &mut Members<'_>) -> Result<(), Unreadable> {
    let decoded = encoding::decode(bytes, false)?;
    let text = decoded.text.as_str();
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        // In a table of tabs a quotation mark is mostly only that; an odd one would swallow the rest.
        .quoting(delimiter != b'\t' || text.bytes().filter(|b| *b == b'"').count() % 2 == 0)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let fields = members.fields();
    let mut sample = Vec::new();
    let mut failed = None;
    for record in records.by_ref().take(SAMPLE + 1) {
        match record {
            Ok(record) => sample.push(record),
            Err(error) => {
                failed = Some(error.to_string());
                break;
            }
        }
    }
    let Some(first) = sample.first() else { return Err(Unreadable::new("holds no text")) };
    let named = is_header(first, &fields);
    let columns: Vec<String> = first
        .iter()
        .enumerate()
        .map(|(n, name)| match name.trim() {
            name if named && !name.is_empty() => name.to_owned(),
            _ => format!("column {}", n + 1),
        })
        .collect();
    let body = sample.get(usize::from(named)..).unwrap_or_default();
    let table = Table { text: text_column(&columns, body, &fields), columns, fields: &fields };
    for record in body {
        table.read(record, members);
    }
    if failed.is_none() {
        for record in records {
            match record {
                Ok(record) => table.read(&record, members),
                Err(error) => {
                    failed = Some(error.to_string());
                    break;
                }
            }
        }
    }
    if let Some(reason) = failed {
        members.broken(format!("the rest cannot be read: {reason}"));
    }
    Ok(())
}

/// The character that parts the values: the one that the first lines have most evenly.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).take(10).collect();
    let score = |delimiter: u8| {
        let count = |line: &&str| outside_quotes(line).filter(|byte| *byte == delimiter).count();
        let first = lines.first().map_or(0, count);
        let alike = lines.iter().filter(|line| count(line) == first).count();
        if first == 0 { (0, 0) } else { (alike, first) }
    };
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|byte| score(*byte)).unwrap_or(b',')
}

fn outside_quotes(line: &str) -> impl Iterator<Item = u8> {
    let mut quoted = false;
    line.bytes().filter(move |byte| {
        quoted ^= *byte == b'"';
        !quoted
    })
}

/// Whether the first record names the columns: by one name that polidex knows, or by short and
/// different words that are no numbers.
fn is_header(record: &csv::StringRecord, fields: &FieldNames) -> bool {
    let known = |name: &str| {
        fields.field(name).is_some() || metadata::is_known(name) || record::is_text_key(name)
    };
    if record.iter().any(known) {
        return true;
    }
    let mut seen = std::collections::HashSet::new();
    record.len() > 1
        && record.iter().all(|name| {
            let name = name.trim();
            name.chars().count() <= LONG_NAME
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && (name.is_empty() || seen.insert(name))
        })
}

/// The column of the text, if its values and not its name show it.
fn text_column(
    columns: &[String],
    sample: &[csv::StringRecord],
    fields: &FieldNames,
) -> Option<String> {
    let named =
        |name: &String| fields.field(name) == Some(FieldName::Text) || record::is_text_key(name);
    if columns.iter().any(named) {
        return None;
    }
    let free = |name: &String| fields.field(name).is_none() && !metadata::is_known(name);
    let words = |column: usize| -> usize {
        sample.iter().map(|record| record.get(column).map_or(0, record::words)).sum()
    };
    let candidates = columns.iter().enumerate().filter(|(_, name)| free(name));
    let (most, name) = candidates.map(|(at, name)| (words(at), name)).max_by_key(|(n, _)| *n)?;
    (most >= TEXT_WORDS * sample.len().max(1)).then(|| name.clone())
}

/// A table whose columns have names.
struct Table<'a> {
    columns: Vec<String>,
    /// The column that is read as the text, unless a name says which is.
    text: Option<String>,
    fields: &'a FieldNames,
}

impl Table<'_> {
    fn read(&self, cells: &csv::StringRecord, members: &mut Members<'_>) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let line = cells.position().map_or(0, csv::Position::line);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let mut object = Map::new();
        for (n, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            let name = self.columns.get(n).cloned().unwrap_or_else(|| format!("column {}", n + 1));
            // Two columns of one name are two values.
            let name = match object.contains_key(&name) {
                true => format!("{name} {}", n + 1),
                false => name,
            };
            object.insert(name, Value::String(cell.to_owned()));
        }
        let unnamed = self.text.as_deref().map_or(Unnamed::None, Unnamed::Key);
        let mut record = record::read(object, Some(line), unnamed, self.fields);
        if record.draft.blocks.is_empty() {
            // A table of short values: each is a cell, which no phrase leaves.
            let cells = cells.iter().filter(|cell| !cell.trim().is_empty());
            let title = record.draft.metadata.title.clone();
            record.draft.blocks = cells
                .filter(|cell| title.as_deref() != Some(cell.trim()))
                .map(|cell| Block::new(BlockKind::Cell, cell).at_line(line))
                .collect();
        }
        let id = record.id.unwrap_or_else(|| line.to_string());
        if let Err(reason) = members.article(&id, record.draft) {
            members.broken(format!("line {line}: {reason}"));
        }
    }
}
