//! MHTML: a page saved with all that it shows, as parts of a message.

use mail_parser::HeaderName;

use super::mime::Part;
use super::{Draft, Unreadable, html};
use crate::Origin;

/// How deep parts may be made of parts.
const MAX_DEPTH: usize = 8;

/// Whether a file is a page that a browser saved.
pub(super) fn sniff(head: &[u8]) -> bool {
    let end = head.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(head.len());
    let head = head.get(..end.min(4096)).unwrap_or_default().to_ascii_lowercase();
    let has = |text: &[u8]| head.windows(text.len()).any(|window| window == text);
    has(b"multipart/related") && (has(b"snapshot-content-location:") || has(b"from: <saved by"))
}

/// Reads the page: its first part that is HTML.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let root = Part::parse(bytes);
    let mut draft = Draft::default();
    let Some(page) = page(&root, 0) else {
        return Err(Unreadable::new("holds no page"));
    };
    let decoded = page.text()?;
    let read = html::read(&decoded.text);
    draft.metadata = read.metadata;
    draft.blocks = read.blocks;
    draft.notes = decoded.notes;
    // The date of the head is that of the saving.
    let place = root
        .other("Snapshot-Content-Location")
        .or_else(|| page.text_of(HeaderName::ContentLocation))
        .filter(|place| place.starts_with("https://") || place.starts_with("http://"));
    if let (None, Some(place)) = (&draft.metadata.url, place) {
        draft.metadata.url = Some(place.to_owned());
        draft.metadata.origins.insert("url".to_owned(), Origin::Embedded);
    }
    Ok(draft)
}

fn page<'a>(part: &Part<'a>, depth: usize) -> Option<Part<'a>> {
    match part.kind() {
        (kind, subtype) if kind == "text" && (subtype == "html" || subtype == "xhtml") => {
            Some(part.clone())
        }
        (kind, subtype) if kind == "application" && subtype == "xhtml+xml" => Some(part.clone()),
        (kind, _) if kind == "multipart" && depth < MAX_DEPTH => {
            part.parts().iter().find_map(|part| page(part, depth + 1))
        }
        _ => None,
    }
}
