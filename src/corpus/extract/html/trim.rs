//! Tags with more attributes than any page has use for, cut before they are tokenized.

use std::borrow::Cow;

/// The page with each start tag cut after `most` attributes; the page itself where none has more.
pub(super) fn long_tags(page: &str, most: usize) -> Cow<'_, str> {
    let bytes = page.as_bytes();
    let mut kept = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = find(bytes, at, b'<') {
        at = open + 1;
        if page[at..].starts_with("!--") {
            at = page[at + 3..].find("-->").map_or(bytes.len(), |end| at + 3 + end + 3);
            continue;
        }
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let tag = Tag::read(bytes, at, most);
        if let Some(cut) = tag.cut {
            kept.push_str(&page[copied..cut]);
            copied = tag.end;
        }
        at = tag.end;
        if let Some(raw) = raw_text(&bytes[open + 1..]) {
            at = end_tag(bytes, at, raw);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(page);
    }
    kept.push_str(&page[copied..]);
    Cow::Owned(kept)
}

/// Where a start tag ends, as far as the tokenizer is concerned.
struct Tag {
    /// Its `>`, or the end of the page.
    end: usize,
    /// Where the attribute after the last one kept starts.
    cut: Option<usize>,
}

impl Tag {
    fn read(bytes: &[u8], start: usize, most: usize) -> Tag {
        let mut count = 0;
        let mut cut = None;
        let mut at = start;
        let mut in_gap = false;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' => break,
                b'/' => in_gap = true,
                _ if byte.is_ascii_whitespace() => in_gap = true,
                // Only after `=` does a quote open a value.
                b'=' if !in_gap || count > 0 => {
                    in_gap = false;
                    let value = at + 1 + space(&bytes[at + 1..]);
                    match bytes.get(value) {
                        Some(&quote @ (b'"' | b'\'')) => {
                            at = find(bytes, value + 1, quote).unwrap_or(bytes.len());
                            in_gap = true;
                        }
                        Some(b'>') => at = value - 1,
                        Some(_) => {
                            at = value;
                            while bytes
                                .get(at + 1)
                                .is_some_and(|b| !b.is_ascii_whitespace() && *b != b'>')
                            {
                                at += 1;
                            }
                        }
                        None => at = bytes.len(),
                    }
                }
                _ if in_gap => {
                    in_gap = false;
                    count += 1;
                    if count > most && cut.is_none() {
                        cut = Some(at);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Tag { end: at.min(bytes.len()), cut }
    }
}

fn find(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|&b| b == byte).map(|at| from + at)
}

fn space(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// The element whose content is not markup, if this is the start of its tag.
fn raw_text(tag: &[u8]) -> Option<&'static [u8]> {
    const RAW: [&[u8]; 4] = [b"script", b"style", b"textarea", b"title"];
    RAW.into_iter().find(|name| {
        tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !tag.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    })
}

/// Where the end tag of this element starts, or the end of the page.
fn end_tag(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(open) = find(bytes, at, b'<') {
        at = open + 1;
        let rest = &bytes[at..];
        if rest.first() == Some(&b'/')
            && rest.get(1..=name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name))
        {
            return open;
        }
    }
    bytes.len()
}
