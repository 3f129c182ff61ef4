//! JSON-LD: what a page says of its article in schema.org's terms, for search engines.
//!
//! It is written by machines and by hand, often badly: anything unreadable is passed over. Depth
//! is bounded by the JSON reader.

use html5ever::local_name;
use serde_json::{Map, Value};

use super::tree::Tree;

/// What was said of the article.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    pub(super) types: Vec<String>,
    pub(super) headline: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) keywords: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) licence: Option<String>,
}

impl JsonLd {
    /// Reads all the JSON-LD of a page; the first article in it counts, else the page itself.
    pub(super) fn read(tree: &Tree) -> JsonLd {
        let mut documents = Vec::new();
        for (at, node) in tree.nodes.iter().enumerate() {
            let kind = node.attribute(&local_name!("type")).trim();
            if node.name != local_name!("script")
                || !kind.eq_ignore_ascii_case("application/ld+json")
            {
                continue;
            }
            let text: String =
                tree.nodes[tree.inside(at)].iter().map(|inner| &*inner.text).collect();
            let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->");
            // Raw line ends within strings are the commonest mistake; elsewhere they mean nothing.
            let text = text.replace(['\n', '\r', '\t'], " ");
            if let Ok(document) = serde_json::from_str::<Value>(text.trim().trim_end_matches(';')) {
                documents.push(document);
            }
        }
        let mut things = Vec::new();
        documents.iter().for_each(|document| collect(document, &mut things));
        let rank = |thing: &&Map<String, Value>| {
            let types = texts(thing.get("@type"));
            if types.iter().any(|t| is_article(t)) {
                2
            } else {
                usize::from(types.iter().any(|t| t.ends_with("WebPage")))
            }
        };
        let best = things.iter().map(rank).max().unwrap_or(0);
        match things.iter().find(|thing| best > 0 && rank(thing) == best) {
            Some(thing) => JsonLd::of(thing, &things),
            None => JsonLd::default(),
        }
    }

    fn of(thing: &Map<String, Value>, all: &[&Map<String, Value>]) -> JsonLd {
        let one = |key: &str| texts(thing.get(key)).into_iter().next();
        let types = texts(thing.get("@type"));
        let article = types.iter().any(|t| is_article(t));
        let keywords = texts(thing.get("keywords"));
        JsonLd {
            headline: one("headline").or_else(|| one("name")).filter(|_| article),
            authors: {
                let authors = names(thing.get("author"), all);
                if authors.is_empty() { names(thing.get("creator"), all) } else { authors }
            },
            published: one("datePublished").or_else(|| one("dateCreated").filter(|_| article)),
            publisher: names(thing.get("publisher"), all).into_iter().next(),
            language: names(thing.get("inLanguage"), all).into_iter().next(),
            url: one("url").or_else(|| one("mainEntityOfPage")).or_else(|| {
                let page = thing.get("mainEntityOfPage")?.as_object()?;
                texts(page.get("@id")).into_iter().next()
            }),
            keywords,
            description: one("description"),
            licence: one("license"),
            types,
        }
    }
}

fn is_article(name: &str) -> bool {
    let name = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
    name.ends_with("Article")
        || matches!(name, "BlogPosting" | "Report" | "Legislation" | "LiveBlogPosting" | "Posting")
}

/// All the objects of a document that may be an article or be referred to by one.
fn collect<'v>(document: &'v Value, things: &mut Vec<&'v Map<String, Value>>) {
    const MOST: usize = 1000;
    let mut waiting = vec![document];
    while let Some(value) = waiting.pop() {
        if things.len() >= MOST {
            return;
        }
        match value {
            Value::Array(values) => waiting.extend(values.iter().rev()),
            Value::Object(thing) => {
                things.push(thing);
                let inner = ["mainEntity", "mainEntityOfPage", "@graph"];
                waiting.extend(inner.iter().filter_map(|key| thing.get(*key)));
            }
            _ => {}
        }
    }
}

/// The texts of a value: itself, or those in its list.
fn texts(value: Option<&Value>) -> Vec<String> {
    let values = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    values
        .iter()
        .filter_map(|value| match value {
            Value::String(text) => Some(plain(text)),
            Value::Object(thing) => thing.get("@value").and_then(Value::as_str).map(plain),
            _ => None,
        })
        .filter(|text| !text.is_empty())
        .collect()
}

/// The names of persons or organisations: texts, objects with a name, or references to such.
fn names(value: Option<&Value>, all: &[&Map<String, Value>]) -> Vec<String> {
    let values = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let mut names = Vec::new();
    for value in values.iter().take(100) {
        match value {
            Value::String(name) => names.push(plain(name)),
            Value::Object(thing) => {
                let id = thing.get("@id");
                let named = thing.get("name").or_else(|| {
                    let meant = all.iter().find(|other| {
                        id.is_some() && other.get("@id") == id && other.contains_key("name")
                    });
                    meant.and_then(|other| other.get("name"))
                });
                names.extend(texts(named));
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// A text with the entities that were escaped once too often, and single spaces.
fn plain(text: &str) -> String {
    let text = text
        .replace("&quot;", "\"")
        .replace("&#039;", "'")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
