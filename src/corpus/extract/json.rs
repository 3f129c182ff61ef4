//! JSON: an object that is an article, or a list of records, alone or within an object.

use serde_json::{Map, Value};

use super::members::Members;
use super::record::Unnamed;
use super::{Unreadable, encoding, record};
use crate::corpus::fields::FieldName;

/// The names of lists of records, in the order in which they are asked.
const LISTS: &[&str] = &[
    "articles",
    "items",
    "entries",
    "posts",
    "documents",
    "docs",
    "records",
    "results",
    "data",
    "hits",
    "rows",
    "news",
    "response",
];

/// How deep a list of records may lie.
const MAX_DEPTH: usize = 4;

/// Reads the articles of a file.
pub(super) fn read(bytes: &[u8], members: &mut Members<'_>) -> Result<(), Unreadable> {
    let decoded = encoding::decode(bytes, false)?;
    let mut deserializer = serde_json::Deserializer::from_str(&decoded.text);
    let left = record::budget();
    let mut values = 0u64;
    // Several values one after the other are records as well.
    let mut number = 0;
    loop {
        let value = record::next(&mut deserializer, &left);
        let value = match value {
            Ok(value) => value,
            Err(reason) if values == 0 => return Err(Unreadable::new(reason)),
            Err(reason) => {
                members.broken(format!("the rest after value {values}: {reason}"));
                return Ok(());
            }
        };
        values += 1;
        let last = deserializer.end().is_ok();
        match value {
            Value::Object(object) if values == 1 && last => {
                return alone(object, decoded.notes, members);
            }
            value => several(value, &mut number, members),
        }
        if last {
            return Ok(());
        }
    }
}

/// Reads the one object of a file: an article, or what holds a list of them.
fn alone(
    mut object: Map<String, Value>,
    notes: Vec<String>,
    members: &mut Members<'_>,
) -> Result<(), Unreadable> {
    let fields = members.fields();
    let own = |key: &String| fields.field(key) == Some(FieldName::Text);
    if !record::has_text(&object)
        && !object.keys().any(own)
        && let Some(list) = take_list(&mut object, 0)
    {
        several(list, &mut 0, members);
        return Ok(());
    }
    if object.contains_key("cells") && object.contains_key("nbformat") {
        return Err(Unreadable::new("a notebook is not read by this version"));
    }
    if object.get("type").is_some_and(|kind| kind == "FeatureCollection") {
        return Err(Unreadable::new("GeoJSON is not read by this version"));
    }
    let mut record = record::read(object, None, Unnamed::Longest, &fields);
    if record.draft.blocks.is_empty() {
        return Err(Unreadable::new(
            "no key of it holds a text: name the one that does in .polidex.toml",
        ));
    }
    record.draft.notes.splice(0..0, notes);
    members.whole(record.draft).map_err(Unreadable::new)
}

/// Takes the list of records out of an object that holds one.
fn take_list(object: &mut Map<String, Value>, depth: usize) -> Option<Value> {
    let is_list = |value: &Value| match value {
        Value::Array(values) => values.iter().take(20).any(Value::is_object),
        _ => false,
    };
    let named = LISTS.iter().find(|name| object.get(**name).is_some_and(is_list));
    if let Some(name) = named {
        return object.remove(*name);
    }
    for name in LISTS.iter().filter(|_| depth < MAX_DEPTH) {
        if let Some(Value::Object(inner)) = object.get_mut(*name)
            && let Some(list) = take_list(inner, depth + 1)
        {
            return Some(list);
        }
    }
    let mut lists = object.iter().filter(|(_, value)| is_list(value));
    match (lists.next().map(|(key, _)| key.clone()), lists.next()) {
        (Some(only), None) => object.remove(&only),
        _ => None,
    }
}

/// Reads records; `number` counts them, and names those that do not name themselves.
fn several(value: Value, number: &mut u64, members: &mut Members<'_>) {
    let records = match value {
        Value::Array(values) => values,
        other => vec![other],
    };
    let fields = members.fields();
    for value in records {
        *number += 1;
        let Value::Object(mut object) = value else {
            members.broken(format!("record {number}: not a JSON object"));
            continue;
        };
        // What a search engine gives has the record one level down, and its id beside it.
        if let Some(Value::Object(inner)) = object.remove("_source") {
            let id = object.remove("_id");
            object = inner;
            object.extend(id.map(|id| ("_id".to_owned(), id)));
        }
        let record = record::read(object, None, Unnamed::Longest, &fields);
        let id = record.id.unwrap_or_else(|| number.to_string());
        if let Err(reason) = members.article(&id, record.draft) {
            members.broken(format!("record {number}: {reason}"));
        }
    }
}
