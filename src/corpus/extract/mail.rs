//! Mail: a message is an article; what is attached to it is read as files of its own.

use std::collections::BTreeMap;

use mail_parser::{Addr, Address, DateTime, HeaderName};
use serde_json::Value;

use super::members::Members;
use super::mime::{Part, too_large};
use super::{Draft, Unreadable, hypertext, text, unread_format};
use crate::corpus::metadata;
use crate::{Block, BlockKind, Date, Origin};

/// How deep parts may be made of parts.
const MAX_DEPTH: usize = 20;

/// The parts that one message may have in all.
const MAX_PARTS: usize = 5000;

/// The letters that the identity of a message may have to name its article.
const MAX_ID: usize = 100;

/// The headers that only messages have.
const SENT: &[&str] =
    &["received", "message-id", "mime-version", "return-path", "delivered-to", "x-mailer"];

/// Whether a file begins with the head of a message: with a sender, and what only messages have.
pub(super) fn sniff(head: &[u8]) -> bool {
    let (mut from, mut sent) = (false, false);
    for (number, line) in head.split(|byte| *byte == b'\n').take(200).enumerate() {
        if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) && number > 0 {
            continue;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        let name = line.get(..colon).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-') {
            break;
        }
        from |= matches!(&*name, b"from" | b"sender");
        sent |= SENT.iter().any(|sent| sent.as_bytes() == name);
    }
    from && sent
}

/// Reads a file that is one message.
pub(super) fn read(bytes: &[u8], members: &mut Members<'_>) -> Result<(), Unreadable> {
    let part = Part::parse(bytes);
    if !part.has_head() {
        return Err(Unreadable::new("is no mail: it does not begin with a head"));
    }
    let Message { draft, files, broken, .. } = Message::of(&part, members.max());
    // A message may have nothing but files.
    let result = members.whole(draft);
    for (name, part) in &files {
        members.file(name, &part.bytes());
    }
    broken.into_iter().for_each(|broken| members.broken(broken));
    match result {
        Err(reason) if files.is_empty() => Err(Unreadable::new(reason)),
        _ => Ok(()),
    }
}

/// Reads a message of a mailbox, of which it is the `number`th.
pub(super) fn read_one(bytes: &[u8], number: u64, members: &mut Members<'_>) {
    let part = Part::parse(bytes);
    let Message { id, draft, files, broken } = Message::of(&part, members.max());
    let id = id.unwrap_or_else(|| number.to_string());
    let known = match members.article(&id, draft) {
        Ok(known) => known,
        Err(reason) => {
            if files.is_empty() {
                members.broken(format!("message {number}: {reason}"));
            }
            id
        }
    };
    for (name, part) in &files {
        members.attached(&known, name, &part.bytes());
    }
    broken.into_iter().for_each(|broken| members.broken(format!("message {number}: {broken}")));
}

/// What was found in a message.
struct Message<'a> {
    /// Its identity, if it is short.
    id: Option<String>,
    draft: Draft,
    files: Vec<(String, Part<'a>)>,
    broken: Vec<String>,
}

impl<'a> Message<'a> {
    fn of(root: &Part<'a>, max: u64) -> Message<'a> {
        let mut walk = Walk { left: MAX_PARTS, max, ..Walk::default() };
        let mut draft = head(root);
        let mut blocks = walk.part(root, 0);
        for (kind, count) in walk.without_text {
            let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
            walk.notes.push(format!("{kind} is not read{times}"));
        }
        draft.blocks.append(&mut blocks);
        draft.notes.append(&mut walk.notes);
        let id = root.text_of(HeaderName::MessageId).filter(|id| {
            id.chars().count() <= MAX_ID && !id.contains(|c: char| c.is_whitespace() || c == '/')
        });
        Message { id: id.map(str::to_owned), draft, files: walk.files, broken: walk.broken }
    }
}

/// The metadata of a message.
fn head(root: &Part<'_>) -> Draft {
    let mut draft = Draft::default();
    let mut values: Vec<(&str, Value)> = Vec::new();
    if let Some(subject) = root.text_of(HeaderName::Subject) {
        values.push(("title", subject.into()));
    }
    let sender = people(root, HeaderName::From);
    let sender = if sender.is_empty() { people(root, HeaderName::Sender) } else { sender };
    let list = root.header(HeaderName::ListId).and_then(|value| {
        let address = value.as_address().and_then(Address::first);
        address.and_then(shown).or_else(|| value.as_text().map(str::to_owned))
    });
    let newsletter = root.header(HeaderName::ListUnsubscribe).and_then(|_| sender.first().cloned());
    if let Some(source) = list.or(newsletter) {
        values.push(("source", source.into()));
    }
    values.push(("authors", sender.into()));
    match root.header(HeaderName::Date).and_then(|value| value.as_datetime()) {
        Some(date) => {
            draft.metadata.date = day(date);
            if draft.metadata.date.is_some() {
                draft.metadata.origins.insert("date".to_owned(), Origin::FrontMatter);
            }
        }
        None => {
            let written = root.header(HeaderName::Date).and_then(|value| value.as_text());
            values.extend(written.map(|date| ("date", date.into())));
        }
    }
    let languages = root.header(HeaderName::ContentLanguage);
    let language = languages.and_then(|value| {
        value.as_text_list().and_then(|list| list.first().map(|code| code.to_string()))
    });
    let language = language.or_else(|| languages?.as_text().map(str::to_owned));
    values.extend(language.map(|code| ("language", code.into())));
    if let Some(keywords) = root.header(HeaderName::Keywords).and_then(|value| value.as_text_list())
    {
        values.push((
            "tags",
            keywords.iter().map(|word| word.to_string()).collect::<Vec<_>>().into(),
        ));
    }
    let archived = root.other("Archived-At").map(|url| url.trim_matches(['<', '>']));
    values.extend(archived.map(|url| ("url", url.into())));
    values.push(("to", people(root, HeaderName::To).join("; ").into()));
    if let Some(id) = root.text_of(HeaderName::MessageId) {
        values.push(("message-id", id.into()));
    }
    values.push(("kind", "mail".into()));
    let values = values.into_iter().map(|(key, value)| (key.to_owned(), value));
    metadata::apply(&mut draft, values, Origin::FrontMatter);
    draft
}

/// The day on which a message was sent, where it was sent.
fn day(date: &DateTime) -> Option<Date> {
    let number = |n: u8| i8::try_from(n).ok();
    let year = i16::try_from(date.year).ok().filter(|year| *year >= 1970)?;
    Date::new(year, number(date.month), number(date.day))
}

/// The names of people in a header, or their addresses.
fn people(part: &Part<'_>, name: HeaderName<'_>) -> Vec<String> {
    let addresses = part.header(name).and_then(|value| value.as_address());
    addresses.into_iter().flat_map(Address::iter).filter_map(shown).take(100).collect()
}

fn shown(address: &Addr<'_>) -> Option<String> {
    let name = address.name.as_deref().map(|name| name.trim().trim_matches(['"', '\'']).trim());
    let shown = name.filter(|name| !name.is_empty()).or(address.address.as_deref())?;
    Some(shown.to_owned())
}

/// A walk through the parts of a message.
#[derive(Default)]
struct Walk<'a> {
    files: Vec<(String, Part<'a>)>,
    notes: Vec<String>,
    broken: Vec<String>,
    /// Images and the like, by what they are.
    without_text: BTreeMap<&'static str, u64>,
    /// The parts that may still come.
    left: usize,
    /// The bytes that a file may have.
    max: u64,
}

impl<'a> Walk<'a> {
    /// The text of a part and of what it is made of.
    fn part(&mut self, part: &Part<'a>, depth: usize) -> Vec<Block> {
        let (kind, subtype) = part.kind();
        if kind != "multipart" {
            return self.leaf(part, &kind, &subtype);
        }
        if subtype == "encrypted" {
            self.broken.push("the text is encrypted".to_owned());
            return Vec::new();
        }
        if depth >= MAX_DEPTH {
            self.broken.push(format!("parts lie deeper than {MAX_DEPTH} within each other"));
            return Vec::new();
        }
        let mut texts = Vec::new();
        for inner in part.parts() {
            let Some(left) = self.left.checked_sub(1) else {
                self.broken.push(format!("there are more than {MAX_PARTS} parts"));
                break;
            };
            self.left = left;
            texts.push(self.part(&inner, depth + 1));
        }
        if subtype == "alternative" {
            return alternative(texts);
        }
        texts.concat()
    }

    fn leaf(&mut self, part: &Part<'a>, kind: &str, subtype: &str) -> Vec<Block> {
        let name = part.file_name();
        let is_file = part.is_attachment() || name.is_some();
        match (kind, subtype) {
            // What proves who wrote it has no words.
            (
                "application",
                "pgp-signature" | "pgp-keys" | "pkcs7-signature" | "x-pkcs7-signature",
            ) => {
                return Vec::new();
            }
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
                self.broken.push("the text is encrypted, or signed in a form not read".to_owned());
                return Vec::new();
            }
            ("text", "html") if !is_file => return self.text(part, hypertext),
            ("text", "plain" | "enriched" | "richtext" | "") if !is_file => {
                return self.text(part, plain);
            }
            ("message", "delivery-status" | "disposition-notification") if !is_file => {
                return self.text(part, plain);
            }
            _ => {}
        }
        let name = named(name, kind, subtype, self.files.len() + 1);
        if let Some(reason) = too_large(part, self.max) {
            self.broken.push(format!("{name}: {reason}"));
            return Vec::new();
        }
        let bytes = part.bytes();
        let begin = bytes.get(..bytes.len().min(512)).unwrap_or_default();
        match unread_format(&name, begin) {
            // Logos and sounds are no lack of text.
            Some(format @ ("an image" | "sound or video" | "a font")) => {
                *self.without_text.entry(format).or_default() += 1;
            }
            _ if bytes.trim_ascii().is_empty() => {}
            _ => self.files.push((name, part.clone())),
        }
        Vec::new()
    }

    fn text(&mut self, part: &Part<'_>, read: impl Fn(&str) -> Vec<Block>) -> Vec<Block> {
        match part.text() {
            Ok(decoded) => {
                self.notes.extend(decoded.notes);
                read(&decoded.text)
            }
            Err(unreadable) => {
                self.broken.push(format!("a part of the text {unreadable}"));
                Vec::new()
            }
        }
    }
}

/// The fullest of several texts that say the same; of equals, the last, which is the richest.
/// A text with much less than another is a note that the other exists.
fn alternative(texts: Vec<Vec<Block>>) -> Vec<Block> {
    let letters = |blocks: &Vec<Block>| -> usize {
        blocks.iter().flat_map(|block| block.text.chars()).filter(|c| c.is_alphanumeric()).count()
    };
    let most = texts.iter().map(letters).max().unwrap_or_default();
    texts.into_iter().rev().find(|blocks| letters(blocks) * 2 >= most).unwrap_or_default()
}

/// The name of a part that is a file; its type says the ending where it has none.
fn named(name: Option<&str>, kind: &str, subtype: &str, number: usize) -> String {
    let name = name.map_or_else(|| format!("part-{number}"), str::to_owned);
    let has_ending = name.rsplit_once('.').is_some_and(|(_, end)| (1..=5).contains(&end.len()));
    let ending = match (kind, subtype) {
        ("message", "rfc822" | "global") if !name.ends_with(".eml") => "eml",
        _ if has_ending => return name,
        ("text", "html") => "html",
        ("text", "calendar") => "ics",
        ("text", "csv") => "csv",
        ("text", "markdown") => "md",
        ("text", "xml") | ("application", "xml") => "xml",
        ("text", _) => "txt",
        ("application", "pdf") => "pdf",
        ("application", "json") => "json",
        ("application", "rtf") => "rtf",
        ("application", "msword") => "doc",
        ("image", _) => "png",
        ("audio" | "video", _) => "mp4",
        _ => return name,
    };
    format!("{name}.{ending}")
}

/// The blocks of a text without markup: quoted lines are quotes.
fn plain(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.split('\n').peekable();
    while let Some(first) = lines.peek() {
        let quoted = is_quoted(first);
        let mut run = Vec::new();
        while let Some(line) = lines.next_if(|line| is_quoted(line) == quoted) {
            run.push(if quoted { line.trim_start_matches(['>', ' ']) } else { line });
        }
        if quoted {
            let paragraphs = run.split(|line| line.trim().is_empty());
            let paragraphs = paragraphs.filter(|lines| !lines.is_empty());
            blocks.extend(paragraphs.map(|lines| Block::new(BlockKind::Quote, lines.join("\n"))));
        } else {
            blocks.append(&mut text::blocks(&run.join("\n"), 1));
        }
    }
    blocks.iter_mut().for_each(|block| block.line = None);
    blocks
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}
