//! Records: objects of named values, as JSON, JSON Lines and tables have them, each an article.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::members::name;
use super::{Draft, hypertext, text};
use crate::corpus::fields::{FieldName, FieldNames};
use crate::corpus::metadata::{self, bare};
use crate::{Block, BlockKind, Origin};

/// The keys that hold an article's text, bare, in the order in which they are asked.
const TEXT_KEYS: &[&str] = &[
    "text",
    "body",
    "content",
    "contents",
    "fulltext",
    "articlebody",
    "bodytext",
    "maintext",
    "contenthtml",
    "contenttext",
    "html",
    "markdown",
];

/// The keys of what stands above a text, or in its place.
const LEAD_KEYS: &[&str] =
    &["abstract", "summary", "description", "teaser", "lead", "lede", "standfirst", "excerpt"];

/// The keys that hold the text of a value that is an object itself.
const INNER_KEYS: &[&str] = &["rendered", "text", "html", "value", "content", "body", "#text"];

/// How deep the text of a value is looked for.
const MAX_DEPTH: usize = 4;

/// The words that a value must have to be taken for the text where no key says which it is.
const TEXT_WORDS: usize = 8;

/// The words from which on a value that is not the text is read as a section of its own.
const SECTION_WORDS: usize = 40;

/// The values that one text of JSON may have. Each takes some 30 to 100 bytes.
const MAX_VALUES: usize = 2_000_000;

/// A record as an article.
pub(super) struct Record {
    /// What the record calls itself.
    pub(super) id: Option<String>,
    pub(super) draft: Draft,
}

/// Whether a record has a text by one of the names that polidex knows.
pub(super) fn has_text(object: &Map<String, Value>) -> bool {
    object.iter().any(|(key, value)| value.is_string() && is_text_key(key))
}

/// Whether a text is called so.
pub(super) fn is_text_key(key: &str) -> bool {
    TEXT_KEYS.contains(&&*bare(key))
}

/// What is the text of a record in which no name says which value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed<'a> {
    /// The longest value.
    Longest,
    /// The value of this name.
    Key(&'a str),
    /// None.
    None,
}

/// Makes an article of a record: the text is what the corpus calls so, else what is called so
/// everywhere, else what `unnamed` says. Other long values become sections.
pub(super) fn read(
    object: Map<String, Value>,
    line: Option<u32>,
    unnamed: Unnamed<'_>,
    fields: &FieldNames,
) -> Record {
    let mut sorted = Sorted::default();
    for (key, value) in object {
        sorted.take(key, value, unnamed, fields);
    }
    let Sorted { mut texts, mut leads, id, mut named, mut others } = sorted;
    let own: Vec<Value> = extract(&mut texts, |(rank, _, value)| {
        *rank < Rank::Known(0) && !plain(value, 0).is_empty()
    });
    let mut draft = Draft::default();
    if own.is_empty() {
        texts.sort_by_key(|(rank, ..)| *rank);
        let known = texts.iter().position(|(_, _, value)| !plain(value, 0).trim().is_empty());
        let found = match known {
            Some(at) => Some(texts.remove(at).2),
            None if !leads.is_empty() => Some(leads.remove(0).1),
            None if unnamed == Unnamed::Longest => longest(&mut others),
            None => None,
        };
        for (key, lead) in std::mem::take(&mut leads) {
            if found.as_ref().is_some_and(|text| goes_on_with(text, &lead)) {
                others.push((key, lead));
            } else {
                blocks(&lead, line, &mut draft.blocks);
            }
        }
        if let Some(text) = found {
            blocks(&text, line, &mut draft.blocks);
        }
    } else {
        own.iter().for_each(|text| blocks(text, line, &mut draft.blocks));
    }
    others.extend(leads);
    others.extend(texts.into_iter().map(|(_, key, value)| (key, value)));
    let is_long = |(_, value): &(String, Value)| {
        value.as_str().is_some_and(|text| words(text) >= SECTION_WORDS)
    };
    let (long, short): (Vec<_>, Vec<_>) = others.into_iter().partition(is_long);
    named.extend(short);
    metadata::apply(&mut draft, named, Origin::FrontMatter);
    // The only heading of an article without a title would be taken for it.
    let kind = match draft.metadata.title {
        Some(_) => BlockKind::Heading(2),
        None => BlockKind::Paragraph,
    };
    for (key, value) in long {
        let mut heading = Block::new(kind, key.replace('_', " "));
        heading.line = line;
        draft.blocks.push(heading);
        blocks(&value, line, &mut draft.blocks);
    }
    Record { id, draft }
}

/// How much the name of a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A name that the corpus gives, by its place.
    Given(usize),
    /// The one that is the text where no name says so.
    Chosen,
    /// A name that polidex knows, by its place.
    Known(usize),
}

/// The values of a record by what they are.
#[derive(Default)]
struct Sorted {
    texts: Vec<(Rank, String, Value)>,
    leads: Vec<(String, Value)>,
    id: Option<String>,
    named: Vec<(String, Value)>,
    others: Vec<(String, Value)>,
}

impl Sorted {
    fn take(&mut self, key: String, mut value: Value, unnamed: Unnamed<'_>, fields: &FieldNames) {
        let known = bare(&key);
        // WordPress gives titles as hypertext.
        if let Some(Value::String(rendered)) = value.get("rendered")
            && metadata::is_known(&key)
        {
            let blocks = hypertext(rendered);
            let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
            value = texts.join(" ").into();
        }
        match fields.rank(&key) {
            Some((FieldName::Text, rank)) => {
                return self.texts.push((Rank::Given(rank), key, value));
            }
            Some((FieldName::Id, _)) => return self.id = identity(&value),
            // What the corpus says goes before what the name says.
            Some((field, _)) => return self.named.insert(0, (field.name().to_owned(), value)),
            None => {}
        }
        if unnamed == Unnamed::Key(&key) {
            self.texts.push((Rank::Chosen, key, value));
        } else if let Some(rank) = TEXT_KEYS.iter().position(|name| *name == known) {
            self.texts.push((Rank::Known(rank), key, value));
        } else if known == "id" && !(value.is_object() || value.is_array()) {
            if self.id.is_none() {
                self.id = identity(&value);
            }
        } else if LEAD_KEYS.contains(&&*known) && (value.is_string() || value.is_object()) {
            self.leads.push((key, value));
        } else if metadata::is_known(&key) {
            self.named.push((key, value));
        } else {
            self.others.push((key, value));
        }
    }
}

fn identity(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(id) => name(id),
        Value::Number(id) => id.to_string(),
        _ => String::new(),
    };
    (!id.is_empty()).then_some(id)
}

/// Takes the wanted texts out, in the order of their ranks.
fn extract(
    texts: &mut Vec<(Rank, String, Value)>,
    wanted: impl Fn(&(Rank, String, Value)) -> bool,
) -> Vec<Value> {
    let (mut taken, left): (Vec<_>, Vec<_>) = std::mem::take(texts).into_iter().partition(wanted);
    *texts = left;
    taken.sort_by_key(|(rank, ..)| *rank);
    taken.into_iter().map(|(.., value)| value).collect()
}

/// Takes out the longest value, if it looks like a text.
fn longest(others: &mut Vec<(String, Value)>) -> Option<Value> {
    let length = |value: &Value| match value {
        Value::String(text) if words(text) >= TEXT_WORDS => text.len(),
        _ => 0,
    };
    let (at, longest) =
        others.iter().map(|(_, value)| length(value)).enumerate().max_by_key(|(_, n)| *n)?;
    (longest > 0).then(|| others.remove(at).1)
}

pub(super) fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
}

/// Whether the text begins with what stands above it.
fn goes_on_with(text: &Value, lead: &Value) -> bool {
    let letters = |value: &Value| -> String {
        let mut in_tag = false;
        let text = plain(value, 0);
        let outside = text.chars().filter(|c| {
            in_tag = (in_tag || *c == '<') && *c != '>';
            !in_tag && c.is_alphanumeric()
        });
        outside.take(60).collect()
    };
    let lead = letters(lead);
    lead.is_empty() || letters(text).starts_with(&lead)
}

/// The text of a value; paragraphs are parted by blank lines.
fn plain(value: &Value, depth: usize) -> String {
    match value {
        _ if depth > MAX_DEPTH => String::new(),
        Value::String(text) => text.clone(),
        // Some write a list of paragraphs.
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| plain(part, depth + 1)).collect();
            parts.join("\n\n")
        }
        Value::Object(parts) => {
            let inner = INNER_KEYS.iter().filter_map(|key| parts.get(*key));
            inner
                .map(|part| plain(part, depth + 1))
                .find(|text| !text.is_empty())
                .unwrap_or_default()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

fn blocks(value: &Value, line: Option<u32>, blocks: &mut Vec<Block>) {
    let text = plain(value, 0);
    let mut found = match is_markup(&text) {
        true => hypertext(&text),
        false => text::paragraphs(&text, 1),
    };
    found.iter_mut().for_each(|block| block.line = line);
    blocks.append(&mut found);
}

/// Whether a text is HTML, or part of a page.
pub(super) fn is_markup(text: &str) -> bool {
    let tags =
        ["</p>", "<p>", "<br>", "<br/>", "<br />", "</div>", "</li>", "</a>", "</h2>", "</td>"];
    text.match_indices('<').take(200).any(|(at, _)| {
        let here = text.as_bytes().get(at..).unwrap_or_default();
        tags.iter().any(|tag| {
            here.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()))
        })
    })
}

/// Reads one JSON value that is the whole of a text.
///
/// # Errors
///
/// What is wrong with it, and where; that it has more values than the limit.
pub(super) fn parse(json: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let left = Cell::new(MAX_VALUES);
    let value = next(&mut deserializer, &left)?;
    deserializer.end().map_err(|error| format!("not JSON: {error}"))?;
    Ok(value)
}

/// Reads the next of several values.
pub(super) fn next<'j>(
    deserializer: &mut serde_json::Deserializer<impl serde_json::de::Read<'j>>,
    left: &Cell<usize>,
) -> Result<Value, String> {
    Bounded { left }.deserialize(deserializer).map_err(|error| format!("not JSON: {error}"))
}

/// How many values a text of JSON may have.
pub(super) fn budget() -> Cell<usize> {
    Cell::new(MAX_VALUES)
}

/// A value with all that is in it, if that is not too much.
#[derive(Clone, Copy)]
struct Bounded<'b> {
    left: &'b Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => return Err(D::Error::custom(format!("more than {MAX_VALUES} values"))),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = values.next_key::<String>()? {
            object.insert(key, values.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}
