//! EPUB: the chapters of a book, in the order of its spine.
//!
//! Written from EPUB 3.3 and OPF 2.0.1. The chapters are read as HTML, whole. The navigation is left
//! out; it names chapters that have no heading of their own.

use std::collections::HashMap;

use super::package::{Package, resolve};
use super::properties::Properties;
use super::xml::{Node, Tag, Xml};
use crate::corpus::extract::{Draft, MAX_BLOCKS, Unreadable, html};
use crate::{Block, BlockKind};

/// The ways of encryption that only keep fonts from being copied.
const FONT_ENCRYPTION: &[&str] =
    &["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// The bytes of text that one book may have.
const MAX_TEXT: usize = 64 << 20;

/// A file of the book, as its manifest lists it.
struct Item {
    name: String,
    media_type: String,
    navigation: bool,
}

/// What the package document of a book says.
#[derive(Default)]
struct Book {
    properties: Properties,
    items: HashMap<String, Item>,
    /// Identifiers of the items that are read, in order.
    spine: Vec<String>,
    changed: String,
}

/// Reads a book.
pub(super) fn read(package: &mut Package<'_>) -> Result<Draft, Unreadable> {
    if let Some(text) = package.side_text("META-INF/encryption.xml")
        && is_protected(&text)
    {
        return Err(Unreadable::new("is protected by digital rights management"));
    }
    let name = package
        .side_text("META-INF/container.xml")
        .and_then(|text| package_document(&text))
        .filter(|name| package.has(name))
        .or_else(|| package.find(|name| name.ends_with(".opf")))
        .ok_or_else(|| Unreadable::new("holds no book: it has no package document"))?;
    let text = package.text(&name)?.ok_or_else(|| Unreadable::new("holds no book"))?;
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut xml = Xml::new(&text);
    let mut book = Book::read(&mut xml, folder);
    package.note_damage(&name, &xml);
    let labels = labels(package, &book);
    let mut draft = Draft::default();
    let (mut bytes, mut missing) = (0, 0);
    for id in &book.spine {
        let Some(item) = book.items.get(id) else {
            missing += 1;
            continue;
        };
        if item.navigation || !is_page(item) {
            continue;
        }
        let Some(page) = package.side_text(&item.name) else {
            missing += 1;
            continue;
        };
        let mut chapter = html::whole(&page);
        bytes += chapter.iter().map(|block| block.text.len()).sum::<usize>();
        if bytes > MAX_TEXT {
            package.note("is cut after 64 MiB of text".to_owned());
            break;
        }
        if draft.blocks.len() > MAX_BLOCKS {
            break;
        }
        let headed = chapter.iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
        if let Some(label) = labels.get(&item.name)
            && !headed
            && !chapter.is_empty()
        {
            chapter.insert(0, Block::new(BlockKind::Heading(1), label.clone()));
        }
        draft.blocks.append(&mut chapter);
    }
    if missing > 0 {
        package.note(format!("chapters that are missing from the file: {missing}"));
    }
    // A date that is the time of the last change says when the file was made.
    if book.properties.published.trim() == book.changed.trim() {
        book.properties.published.clear();
    }
    book.properties.modified = book.changed;
    book.properties.apply(&mut draft);
    Ok(draft)
}

fn is_page(item: &Item) -> bool {
    let html = ["application/xhtml+xml", "text/html", "application/x-dtbook+xml"];
    html.contains(&&*item.media_type)
        || [".xhtml", ".html", ".htm"].iter().any(|ending| item.name.ends_with(ending))
}

/// Whether anything but fonts is encrypted.
fn is_protected(text: &str) -> bool {
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next() {
        if let Node::Open(tag) = node
            && tag.name() == "EncryptionMethod"
            && let Some(method) = tag.get("Algorithm")
            && !FONT_ENCRYPTION.contains(&&*method)
        {
            return true;
        }
    }
    false
}

/// The name of the package document.
fn package_document(text: &str) -> Option<String> {
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next() {
        if let Node::Open(tag) = node
            && tag.name() == "rootfile"
        {
            return tag.get("full-path").map(|path| resolve("", &path));
        }
    }
    None
}

impl Book {
    fn read(xml: &mut Xml<'_>, folder: &str) -> Book {
        let mut book = Book::default();
        let mut in_metadata = false;
        while let Some(node) = xml.next() {
            let tag = match node {
                Node::Open(tag) => tag,
                Node::Close(end) => {
                    in_metadata &= end.name() != "metadata";
                    continue;
                }
                Node::Text(_) => continue,
            };
            match tag.name() {
                "metadata" => in_metadata = true,
                "item" => book.item(&tag, folder),
                "itemref" => book.spine.extend(tag.get("idref")),
                // The table of contents, where it is a page of the book.
                "reference" if tag.is("type", "toc") => {
                    let name = resolve(folder, &tag.get("href").unwrap_or_default());
                    for item in book.items.values_mut() {
                        item.navigation |= item.name == name;
                    }
                }
                _ if in_metadata => book.fact(xml, &tag),
                _ => {}
            }
        }
        book
    }

    fn item(&mut self, tag: &Tag<'_>, folder: &str) {
        let (Some(id), Some(href)) = (tag.get("id"), tag.get("href")) else { return };
        let has = |property: &str| {
            let properties = tag.get("properties").unwrap_or_default();
            properties.split_ascii_whitespace().any(|other| other == property)
        };
        let item = Item {
            name: resolve(folder, &href),
            media_type: tag.get("media-type").unwrap_or_default(),
            navigation: has("nav"),
        };
        self.items.insert(id, item);
    }

    fn fact(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) {
        let found = &mut self.properties;
        match tag.name() {
            "title" if found.title.trim().is_empty() => found.title = xml.text(),
            "creator" => {
                let role = tag.get_exactly("opf:role");
                let name = xml.text();
                if role.is_none_or(|role| role == "aut") {
                    found.authors.push(name);
                }
            }
            "subject" => found.keywords.push(xml.text()),
            "language" => found.language = xml.text(),
            "publisher" => found.publisher = xml.text(),
            "description" => found.further.push(("description", xml.text())),
            "rights" => found.further.push(("rights", xml.text())),
            "date" => {
                let event = tag.get_exactly("opf:event").unwrap_or_default();
                let date = xml.text();
                match &*event {
                    "modification" => self.changed = date,
                    "creation" => found.created = date,
                    "publication" => found.published = date,
                    _ if found.published.is_empty() => found.published = date,
                    _ => {}
                }
            }
            "meta" if tag.is("property", "dcterms:modified") => self.changed = xml.text(),
            _ => {}
        }
    }
}

/// What the navigation calls the files of the book: the first name of each.
fn labels(package: &mut Package<'_>, book: &Book) -> HashMap<String, String> {
    let mut labels = HashMap::new();
    let navigation = book
        .items
        .values()
        .filter(|item| item.navigation || item.media_type == "application/x-dtbncx+xml")
        .map(|item| item.name.clone());
    for name in navigation.collect::<Vec<_>>() {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(text) = package.side_text(&name) else { continue };
        let mut xml = Xml::new(&text);
        let mut label = String::new();
        while let Some(node) = xml.next() {
            let Node::Open(tag) = node else { continue };
            let (place, shown) = match tag.name() {
                "navLabel" => {
                    label = xml.text();
                    continue;
                }
                "content" => (tag.get("src"), std::mem::take(&mut label)),
                "a" => (tag.get("href"), xml.text()),
                _ => continue,
            };
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(place) = place.filter(|_| !shown.is_empty()) {
                labels.entry(resolve(folder, &place)).or_insert(shown);
            }
        }
    }
    labels
}
