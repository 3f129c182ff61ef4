//! Feeds (RSS, Atom): each entry an article.

use serde_json::{Map, Value};

use super::members::Members;
use super::record::{self, Unnamed};
use super::token::{Element, Token, Tokens};
use super::{Unreadable, encoding, hypertext, trimmed};

/// The prefixes of elements that say what an entry is; others are of pictures, podcasts and places.
const PREFIXES: &[&str] = &["", "dc", "dcterms", "content", "atom", "rss", "a10"];

/// Whether a file begins as a feed does.
pub(super) fn sniff(head: &[u8]) -> bool {
    let mut rest = trimmed(head);
    // What stands before the first element.
    while let Some(next) = rest.strip_prefix(b"<?").or(rest.strip_prefix(b"<!")) {
        let end: &[u8] = if next.starts_with(b"--") { b"-->" } else { b">" };
        let Some(at) = next.windows(end.len()).position(|window| window == end) else {
            return false;
        };
        rest = next.get(at + end.len()..).unwrap_or_default().trim_ascii_start();
    }
    let Some(tag) = rest.strip_prefix(b"<") else { return false };
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(0);
    let name = tag.get(..end).unwrap_or_default();
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    match local {
        b"rss" | b"feed" => true,
        // The first feeds were RDF, which is much else as well.
        b"RDF" => head.windows(8).any(|window| window == b"/rss/1.0"),
        _ => false,
    }
}

/// Reads the entries of a feed.
pub(super) fn read(bytes: &[u8], members: &mut Members<'_>) -> Result<(), Unreadable> {
    let decoded = encoding::decode(bytes, true)?;
    let mut feed = Feed { tokens: Tokens::new(&decoded.text), about: About::default() };
    let mut number = 0u64;
    loop {
        match feed.next_entry() {
            Ok(Some(entry)) => {
                number += 1;
                // A number would change with every new entry.
                let id = entry.id.clone().or_else(|| entry.link.clone());
                let id = id.unwrap_or_else(|| number.to_string());
                let record = record::read(entry.record(), None, Unnamed::None, &members.fields());
                if let Err(reason) = members.article(&id, record.draft) {
                    members.broken(format!("entry {number}: {reason}"));
                }
            }
            Ok(None) => break,
            Err(reason) => {
                members.broken(format!("the rest after entry {number} is not XML: {reason}"));
                break;
            }
        }
    }
    if number == 0 {
        return Err(Unreadable::new("holds no entry"));
    }
    Ok(())
}

/// What a feed says of itself.
#[derive(Debug, Default, Clone)]
struct About {
    title: Option<String>,
    language: Option<String>,
}

/// An entry, as it is written.
#[derive(Debug, Default)]
struct Entry {
    id: Option<String>,
    title: Option<String>,
    link: Option<String>,
    content: Option<String>,
    summary: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    authors: Vec<Value>,
    tags: Vec<Value>,
    about: About,
}

struct Feed<'a> {
    tokens: Tokens<'a>,
    about: About,
}

impl<'a> Feed<'a> {
    fn next_entry(&mut self) -> Result<Option<Entry>, String> {
        while let Some(token) = self.tokens.next()? {
            let Token::Start(element) = token else { continue };
            let own = PREFIXES.contains(&&*element.prefix());
            match &*element.name {
                "item" | "entry" if !element.empty => return self.entry(&element).map(Some),
                "feed" | "channel" | "rss" | "rdf" => {
                    self.about.language = self.about.language.take().or(element.attribute("lang"));
                }
                _ if element.empty => {}
                "title" if own => {
                    let title = line(&text(&self.tokens.inner(&element)?));
                    self.about.title.get_or_insert(title);
                }
                "language" if own => {
                    self.about.language = Some(text(&self.tokens.inner(&element)?));
                }
                // A picture has a title and a link too.
                _ => drop(self.tokens.inner(&element)?),
            }
        }
        Ok(None)
    }

    fn entry(&mut self, start: &Element<'a>) -> Result<Entry, String> {
        let mut entry = Entry { about: self.about.clone(), ..Entry::default() };
        entry.about.language = start.attribute("lang").or(entry.about.language);
        while let Some(token) = self.tokens.next()? {
            match token {
                Token::End(name) if name == start.name => return Ok(entry),
                Token::Start(element) if element.empty => entry.take_empty(&element),
                Token::Start(element) => {
                    let inner = self.tokens.inner(&element)?;
                    if PREFIXES.contains(&&*element.prefix()) {
                        entry.take(&element, &inner);
                    }
                }
                Token::End(_) | Token::Text(_) => {}
            }
        }
        Ok(entry)
    }
}

impl Entry {
    fn take_empty(&mut self, element: &Element<'_>) {
        match &*element.name {
            "link" => self.take_link(element.attribute("href"), element),
            "category" => self.tags.extend(category(element).map(Value::from)),
            _ => {}
        }
    }

    fn take_link(&mut self, link: Option<String>, element: &Element<'_>) {
        if element.attribute("rel").is_none_or(|rel| rel == "alternate") {
            self.link = self.link.take().or(link);
        }
    }

    fn take(&mut self, element: &Element<'_>, inner: &str) {
        let fill = |field: &mut Option<String>, value: String| {
            if field.is_none() && !value.trim().is_empty() {
                *field = Some(value.trim().to_owned());
            }
        };
        match &*element.name {
            "title" => fill(&mut self.title, line(&text(inner))),
            "id" | "guid" | "identifier" => fill(&mut self.id, text(inner)),
            "link" => match element.attribute("href") {
                Some(link) => self.take_link(Some(link), element),
                None => fill(&mut self.link, text(inner)),
            },
            "content" | "encoded" => fill(&mut self.content, page(element, inner)),
            "summary" | "description" => fill(&mut self.summary, page(element, inner)),
            "pubdate" | "published" | "date" | "issued" | "created" => {
                fill(&mut self.published, text(inner));
            }
            "updated" | "modified" => fill(&mut self.updated, text(inner)),
            "author" | "creator" => self.authors.extend(author(inner).map(Value::from)),
            "category" | "subject" => {
                let tag = category(element).or_else(|| Some(text(inner)));
                self.tags.extend(tag.map(Value::from));
            }
            "language" => self.about.language = Some(text(inner)),
            // The feed that the entry was taken over from.
            "source" => {
                let title = child(inner, "title").unwrap_or_else(|| text(inner));
                if !title.trim().is_empty() {
                    self.about.title = Some(title);
                }
            }
            _ => {}
        }
    }

    /// The entry as a record.
    fn record(self) -> Map<String, Value> {
        let mut record = Map::new();
        let mut put = |key: &str, value: Option<String>| {
            record.extend(value.map(|value| (key.to_owned(), value.into())));
        };
        put("title", self.title);
        put("url", self.link);
        put("content", self.content);
        put("summary", self.summary);
        put("date", self.published.or(self.updated));
        put("source", self.about.title);
        put("language", self.about.language);
        record.insert("authors".to_owned(), self.authors.into());
        record.insert("tags".to_owned(), self.tags.into());
        record
    }
}

fn category(element: &Element<'_>) -> Option<String> {
    element.attribute("label").or_else(|| element.attribute("term"))
}

/// The name of an author: RSS writes `jane@example.org (Jane Doe)`, Atom an element in an element.
fn author(inner: &str) -> Option<String> {
    let text = child(inner, "name").unwrap_or_else(|| text(inner));
    let name = match text.split_once('(') {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')'),
        _ => &text,
    };
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The text of the first element of this name.
fn child(markup: &str, name: &str) -> Option<String> {
    let mut tokens = Tokens::new(markup);
    while let Ok(Some(token)) = tokens.next() {
        if let Token::Start(element) = token
            && element.name == name
            && !element.empty
        {
            return tokens.inner(&element).ok().map(|inner| text(&inner));
        }
    }
    None
}

/// The characters of a piece of XML.
fn text(markup: &str) -> String {
    let mut tokens = Tokens::new(markup);
    let mut text = String::new();
    while let Ok(Some(token)) = tokens.next() {
        if let Token::Text(part) = token {
            text.push_str(&part);
        }
    }
    text.trim().to_owned()
}

/// Hypertext in one line, for titles.
fn line(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let blocks = hypertext(html);
    blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The content of an entry as hypertext: written out as elements, or as characters that are it.
fn page(element: &Element<'_>, inner: &str) -> String {
    if element.attribute("type").is_some_and(|kind| kind == "xhtml") {
        return format!("<div>{inner}</div>");
    }
    let text = text(inner);
    match text.contains(['<', '&']) && !record::is_markup(&text) {
        true => format!("<p>{text}</p>"),
        false => text,
    }
}
