//! Packages: the parts of an Office Open XML or OpenDocument file, or of a book, by their names.

use super::properties::Properties;
use super::xml::{Node, Xml};
use crate::corpus::extract::zipped::{Limits, Zipped};
use crate::corpus::extract::{Unreadable, encoding, size_words};

/// The parts that a package may have.
pub(crate) const MAX_PARTS: usize = 10_000;

/// The greatest part that is read, unpacked, in bytes.
pub(crate) const MAX_PART: u64 = 64 << 20;

/// All parts together that are read, unpacked, in bytes.
pub(crate) const MAX_ALL_PARTS: u64 = 256 << 20;

const LIMITS: Limits =
    Limits { entries: MAX_PARTS, entry: MAX_PART, words: size_words, total: MAX_ALL_PARTS };

/// The relationships of one part that are read.
const MAX_RELATIONS: usize = 20_000;

/// A package that is open, and what is to be said of how it was read.
pub(super) struct Package<'a> {
    zip: Zipped<'a>,
    pub(super) notes: Vec<String>,
}

/// A relationship of Office Open XML.
pub(super) struct Relation {
    pub(super) id: String,
    /// The last part of its type, such as `slide`.
    pub(super) kind: String,
    /// The name of the part that it leads to.
    pub(super) target: String,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>, Unreadable> {
        let zip = Zipped::open(bytes, LIMITS)?;
        let mut notes = Vec::new();
        if zip.is_recovered() {
            notes.push("the directory of the ZIP file is lost; parts may be missing".to_owned());
        }
        Ok(Package { zip, notes })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.has(name)
    }

    /// The names of all parts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.zip.names()
    }

    /// The name of the first part that fits.
    pub(super) fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        self.zip.names().find(|name| wanted(name)).map(str::to_owned)
    }

    /// A part as text; None if there is none.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] with the name of the part if nothing of it can be read.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(read) = self.zip.read(name) else { return Ok(None) };
        let named = |error: Unreadable| match error.reason.contains("encrypted") {
            true => error,
            false => Unreadable::new(format!("{name} {}", error.reason)),
        };
        let content = read.map_err(named)?;
        if let Some(damage) = content.damage {
            self.note(format!("{name}: {damage}"));
        }
        if content.bytes.is_empty() {
            return Ok(None);
        }
        let decoded = encoding::decode(&content.bytes, true).map_err(named)?;
        self.notes.extend(decoded.notes);
        Ok(Some(decoded.text))
    }

    /// A part that a document can be read without; what is wrong with it becomes a note.
    pub(super) fn side_text(&mut self, name: &str) -> Option<String> {
        match self.text(name) {
            Ok(text) => text,
            Err(error) => {
                self.note(error.reason);
                None
            }
        }
    }

    /// Notes that a part was not read to its end.
    pub(super) fn note_damage(&mut self, name: &str, xml: &Xml<'_>) {
        if let Some(damage) = xml.damage() {
            self.note(format!("{name} is not read to its end: {damage}"));
        }
    }

    pub(super) fn note(&mut self, note: String) {
        if self.notes.len() < 100 {
            self.notes.push(note);
        }
    }

    /// The relationships of a part; those of the package itself for an empty name.
    pub(super) fn relations(&mut self, part: &str) -> Vec<Relation> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = match folder {
            "" => format!("_rels/{file}.rels"),
            _ => format!("{folder}/_rels/{file}.rels"),
        };
        let mut relations = Vec::new();
        let Some(text) = self.side_text(&name) else { return relations };
        let mut xml = Xml::new(&text);
        while let Some(node) = xml.next() {
            let Node::Open(tag) = node else { continue };
            if tag.name() != "Relationship"
                || tag.is("TargetMode", "External")
                || relations.len() >= MAX_RELATIONS
            {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) =
                (tag.get("Id"), tag.get("Type"), tag.get("Target"))
            else {
                continue;
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.push(Relation { id, kind, target: resolve(folder, &target) });
        }
        relations
    }

    /// The core properties of an Office Open XML file.
    pub(super) fn core_properties(&mut self, relations: &[Relation]) -> Properties {
        let named = relations.iter().find(|relation| relation.kind == "core-properties");
        let name = named.map_or("docProps/core.xml", |relation| &relation.target).to_owned();
        let mut found = Properties::default();
        let Some(text) = self.side_text(&name) else { return found };
        let mut xml = Xml::new(&text);
        while let Some(node) = xml.next() {
            let Node::Open(tag) = node else { continue };
            match tag.name() {
                "title" => found.title = xml.text(),
                "creator" => found.authors = vec![xml.text()],
                "keywords" => found.keywords = vec![xml.text()],
                "language" => found.language = xml.text(),
                "created" => found.created = xml.text(),
                "modified" => found.modified = xml.text(),
                "subject" => found.further.push(("subject", xml.text())),
                "description" => found.further.push(("description", xml.text())),
                "category" => found.further.push(("category", xml.text())),
                _ => {}
            }
        }
        found
    }
}

/// The name of the part that a reference in a folder leads to: without `.` and `..`, a fragment
/// and escapes.
pub(super) fn resolve(folder: &str, reference: &str) -> String {
    let reference = reference.split(['#', '?']).next().unwrap_or_default();
    let mut parts: Vec<&str> = match reference.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in reference.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    unescaped(&parts.join("/"))
}

/// A reference without percent escapes.
fn unescaped(reference: &str) -> String {
    let mut bytes = Vec::with_capacity(reference.len());
    let mut rest = reference.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.filter(|_| *first == b'%').and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| reference.to_owned())
}
