//! What is known about an article: keys of front matter, headers and records become metadata.

use std::collections::btree_map::Entry;

use serde_json::Value;

use super::extract::{Draft, fold};
use crate::{Date, Language, Metadata, Origin};

/// The keys that mean a field, the field's own name first; compared in lower case without spaces,
/// hyphens and underscores. Where a source has several of one field, the earlier name counts.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::Title, &["title", "headline"]),
    (Field::Authors, &["authors", "author", "byline", "by", "creator"]),
    (
        Field::Date,
        &[
            "date",
            "published",
            "publishedat",
            "publishedon",
            "datepublished",
            "publishdate",
            "publicationdate",
            "pubdate",
            "publicationtime",
            "publishedtime",
            "created",
            "createdat",
        ],
    ),
    (Field::Language, &["language", "lang", "locale", "inlanguage"]),
    (
        Field::Source,
        &["source", "publisher", "outlet", "site", "sitename", "publication", "journal"],
    ),
    (Field::Url, &["url", "link", "canonicalurl", "canonical", "sourceurl", "permalink", "uri"]),
    (Field::Jurisdiction, &["jurisdiction", "region", "country"]),
    (Field::Kind, &["kind", "category", "type", "documenttype", "doctype"]),
    (
        Field::Tags,
        &["tags", "tag", "keywords", "keyword", "categories", "topics", "topic", "subjects"],
    ),
    (Field::Documents, &["documents"]),
];

/// The characters of one further value that are kept.
const MAX_EXTRA: usize = 4096;

/// The further keys of one article that are kept.
const MAX_KEYS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Authors,
    Date,
    Language,
    Source,
    Url,
    Jurisdiction,
    Kind,
    Tags,
    Documents,
}

/// Whether this key of a header is one that polidex knows.
pub(super) fn is_known(key: &str) -> bool {
    field(key).is_some()
}

fn field(key: &str) -> Option<(Field, usize)> {
    let key: String = key.chars().filter(|c| c.is_alphanumeric()).collect();
    // Header keys such as `Author(s)`.
    let key = key.to_lowercase();
    FIELDS.iter().find_map(|(field, names)| {
        names.iter().position(|name| *name == key).map(|rank| (*field, rank))
    })
}

/// Puts keys and values into the metadata of a draft; keys that mean nothing here become extra.
pub(super) fn apply(
    draft: &mut Draft,
    values: impl IntoIterator<Item = (String, Value)>,
    origin: Origin,
) {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for (key, value) in values {
        match field(&key) {
            Some((field, rank)) => known.push((rank, field, key, value)),
            None => unknown.push((key, value)),
        }
    }
    known.sort_by_key(|(rank, ..)| *rank);
    for (_, field, key, value) in known {
        if !set(&mut draft.metadata, field, &value, origin) {
            if field == Field::Date && !text(&value).is_empty() {
                draft.notes.push(format!("the date {:?} was not understood", text(&value)));
            }
            unknown.push((key, value));
        }
    }
    for (key, value) in unknown {
        keep(draft, &key, &value);
    }
}

/// Sets a field that is not set yet; false if the value is none for it.
fn set(metadata: &mut Metadata, field: Field, value: &Value, origin: Origin) -> bool {
    let name = match field {
        Field::Title => "title",
        Field::Authors => "authors",
        Field::Date => "date",
        Field::Language => "language",
        Field::Source => "source",
        Field::Url => "url",
        Field::Jurisdiction => "jurisdiction",
        Field::Kind => "kind",
        Field::Tags => "tags",
        Field::Documents => return false,
    };
    let set = match field {
        Field::Title => fill(&mut metadata.title, value),
        Field::Kind => fill(&mut metadata.kind, value),
        Field::Jurisdiction => fill(&mut metadata.jurisdiction, value),
        Field::Source if is_url(value) => return set(metadata, Field::Url, value, origin),
        Field::Source => fill(&mut metadata.source, value),
        Field::Url if is_url(value) => fill(&mut metadata.url, value),
        Field::Url => false,
        Field::Date => match date(value) {
            Some(date) if metadata.date.is_none() => {
                metadata.date = Some(date);
                true
            }
            _ => false,
        },
        Field::Language => match declared_language(&text(value)) {
            Some(language) if metadata.language.is_none() => {
                metadata.language = Some(language);
                true
            }
            _ => false,
        },
        Field::Authors if metadata.authors.is_empty() => {
            metadata.authors = authors(value);
            !metadata.authors.is_empty()
        }
        Field::Authors => false,
        Field::Tags => {
            let before = metadata.tags.len();
            for tag in parts(value, &[',', ';']) {
                if !metadata.tags.contains(&tag) && metadata.tags.len() < MAX_KEYS {
                    metadata.tags.push(tag);
                }
            }
            metadata.tags.len() > before || before > 0
        }
        Field::Documents => false,
    };
    if set {
        metadata.origins.entry(name.to_owned()).or_insert(origin);
    }
    set
}

fn fill(field: &mut Option<String>, value: &Value) -> bool {
    let text = text(value);
    if field.is_some() || text.is_empty() {
        return false;
    }
    *field = Some(text);
    true
}

fn keep(draft: &mut Draft, key: &str, value: &Value) {
    let mut text = text(value);
    let key = fold(key);
    if text.is_empty() || key.is_empty() {
        return;
    }
    if draft.metadata.extra.len() >= MAX_KEYS {
        let note = format!("more than {MAX_KEYS} further keys; the others are left out");
        if !draft.notes.contains(&note) {
            draft.notes.push(note);
        }
        return;
    }
    if let Some((cut, _)) = text.char_indices().nth(MAX_EXTRA) {
        text.truncate(cut);
        draft.notes.push(format!("the value of {key} is cut after {MAX_EXTRA} characters"));
    }
    if let Entry::Vacant(free) = draft.metadata.extra.entry(key) {
        free.insert(text);
    }
}

/// A value as text: lists joined by commas, a record by its name or as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => fold(text),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().map(text).filter(|text| !text.is_empty()).collect();
            texts.join(", ")
        }
        Value::Object(record) => match record.get("name").or_else(|| record.get("title")) {
            Some(Value::String(name)) => fold(name),
            _ if record.is_empty() => String::new(),
            _ => fold(&value.to_string()),
        },
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The parts of a list, or of a text between separators.
fn parts(value: &Value, separators: &[char]) -> Vec<String> {
    let texts: Vec<String> = match value {
        Value::Array(values) => values.iter().map(text).collect(),
        Value::String(text) => text.split(separators).map(fold).collect(),
        other => vec![text(other)],
    };
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn is_url(value: &Value) -> bool {
    let text = text(value);
    text.starts_with("https://") || text.starts_with("http://")
}

/// The authors named by a list, or by a text such as `By Jane Doe, John Roe & Max Muster`.
fn authors(value: &Value) -> Vec<String> {
    let Value::String(line) = value else { return parts(value, &[';']) };
    let line = fold(line);
    let line = line.strip_prefix("By ").or(line.strip_prefix("by ")).unwrap_or(&line);
    if line.contains(';') {
        return parts(&Value::String(line.to_owned()), &[';']);
    }
    // `Schwartz, Janet` is one person and `Ministry of Science and Technology` one desk: a text is
    // split only if all of its parts are names of two words or more, in capitals.
    let spaced = [" & ", " and ", " und ", " et ", " y ", " e "]
        .iter()
        .fold(line.to_owned(), |line, word| line.replace(word, ", "));
    let names: Vec<String> = spaced.split(',').map(fold).filter(|name| !name.is_empty()).collect();
    let is_name = |name: &String| {
        let words: Vec<&str> = name.split(' ').collect();
        let capital = |word: &&&str| word.starts_with(char::is_uppercase);
        (2..=5).contains(&words.len())
            && words.first().is_some_and(|word| capital(&word))
            && words.last().is_some_and(|word| capital(&word))
            && !words.iter().any(|word| matches!(*word, "of" | "for" | "für" | "pour" | "para"))
    };
    if names.len() > 1 && names.iter().all(is_name) {
        return names;
    }
    if line.is_empty() { Vec::new() } else { vec![line.to_owned()] }
}

fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Number(number) => {
            let number = number.as_i64()?;
            match number {
                1000..=2999 => Date::new(number as i16, None, None),
                10_000_000..=99_999_999 => Date::new(
                    (number / 10_000) as i16,
                    Some((number / 100 % 100) as i8),
                    Some((number % 100) as i8),
                ),
                // Seconds or milliseconds after 1 January 1970.
                100_000_001..=99_999_999_999 => Date::from_days((number / 86_400) as i32),
                100_000_000_000..=99_999_999_999_999 => {
                    Date::from_days((number / 86_400_000) as i32)
                }
                _ => None,
            }
        }
        Value::Array(values) => values.first().and_then(date),
        Value::String(text) => {
            let text = fold(text);
            let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            match text.parse() {
                Ok(date) => Some(date),
                Err(_) if digits => date(&Value::Number(text.parse::<i64>().ok()?.into())),
                Err(_) => Date::find_written(&text),
            }
        }
        _ => None,
    }
}

/// Names of languages as people write them where a code should stand.
const LANGUAGE_NAMES: &[(&str, &[&str])] = &[
    ("en", &["english", "englisch", "anglais"]),
    ("fr", &["french", "français", "französisch"]),
    ("de", &["german", "deutsch", "allemand"]),
    ("es", &["spanish", "español", "castellano"]),
    ("it", &["italian", "italiano"]),
    ("pt", &["portuguese", "português"]),
    ("nl", &["dutch", "nederlands"]),
    ("pl", &["polish", "polski"]),
    ("ca", &["catalan", "català"]),
    ("ja", &["japanese", "日本語"]),
    ("zh", &["chinese", "中文"]),
];

fn declared_language(text: &str) -> Option<Language> {
    let name = text.trim().to_lowercase();
    if let Some((code, _)) = LANGUAGE_NAMES.iter().find(|(_, names)| names.contains(&&*name)) {
        return code.parse().ok();
    }
    let language: Language = name.parse().ok()?;
    // `mul` is several, `zxx` none, `und` unknown.
    (!language.is_unknown() && !matches!(language.code(), "mul" | "zxx" | "mis"))
        .then_some(language)
}
