//! A MIME message as a tree of parts: heads read, boundaries found, bodies still encoded.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, Header, HeaderName, HeaderValue, MessageParser};

use super::encoding::{self, Decoded};
use super::{Unreadable, file_limit, size_words};

/// The bytes that the head of one part may have.
const MAX_HEAD: usize = 1 << 20;

/// The parts that one part may be made of.
const MAX_PARTS: usize = 1000;

/// A message, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    headers: Vec<Header<'static>>,
    /// What stands below the head, as it was sent.
    pub(super) body: &'a [u8],
    /// The type of a part that does not say its own.
    default: (&'static str, &'static str),
}

impl<'a> Part<'a> {
    /// Reads the head of a message.
    pub(super) fn parse(bytes: &'a [u8]) -> Part<'a> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(bytes.len());
        let mut bytes = match bytes.get(start..) {
            Some(rest) if is_field(rest) || rest.starts_with(b"From ") => rest,
            // The empty line is the end of an empty head.
            _ => bytes,
        };
        // What delivers into mailboxes leaves its mark before the head.
        while bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
            let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| n + 1);
            bytes = bytes.get(end..).unwrap_or_default();
        }
        Part::of(bytes, ("text", "plain"))
    }

    fn of(bytes: &'a [u8], default: (&'static str, &'static str)) -> Part<'a> {
        let (head, body) = bytes.split_at(head_length(bytes));
        // Some write their head in the encoding of the text, against the rules.
        let head = match std::str::from_utf8(head) {
            Ok(head) => Cow::Borrowed(head),
            Err(_) => match encoding::decode(head, false) {
                Ok(decoded) => Cow::Owned(decoded.text),
                Err(_) => String::from_utf8_lossy(head),
            },
        };
        let parsed = MessageParser::default().parse_headers(head.as_bytes());
        let headers = parsed.and_then(|message| message.parts.into_iter().next());
        let headers = headers.map(|part| part.headers).unwrap_or_default();
        let headers = headers.into_iter().map(Header::into_owned).collect();
        Part { headers, body, default }
    }

    /// Whether there is a head.
    pub(super) fn has_head(&self) -> bool {
        self.headers.iter().any(|header| !header.name.is_other())
    }

    /// The value of a header; of several, the last.
    pub(super) fn header(&self, name: HeaderName<'_>) -> Option<&HeaderValue<'static>> {
        self.headers.iter().rev().find(|header| header.name == name).map(|header| &header.value)
    }

    /// The text of a header.
    pub(super) fn text_of(&self, name: HeaderName<'_>) -> Option<&str> {
        self.header(name)?.as_text().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text of a header that mail programs have of their own.
    pub(super) fn other(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|h| h.name.as_str().eq_ignore_ascii_case(name))?;
        header.value.as_text().map(str::trim).filter(|text| !text.is_empty())
    }

    fn content_type(&self) -> Option<&ContentType<'static>> {
        self.header(HeaderName::ContentType)?.as_content_type()
    }

    /// Type and subtype, in lower case.
    pub(super) fn kind(&self) -> (String, String) {
        let (ctype, subtype) = match self.content_type() {
            Some(kind) => (kind.ctype(), kind.subtype().unwrap_or_default()),
            None => self.default,
        };
        (ctype.trim().to_ascii_lowercase(), subtype.trim().to_ascii_lowercase())
    }

    /// A parameter of the type, such as `charset`.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.content_type()?.attribute(name)
    }

    /// The name of the file that the part is, if it is given one.
    pub(super) fn file_name(&self) -> Option<&str> {
        let disposition =
            self.header(HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type);
        let name = disposition
            .and_then(|kind| kind.attribute("filename"))
            .or_else(|| self.parameter("name"))?;
        let name = name.trim();
        (!name.is_empty()).then_some(name)
    }

    /// Whether the part says that it is attached.
    pub(super) fn is_attachment(&self) -> bool {
        let disposition =
            self.header(HeaderName::ContentDisposition).and_then(HeaderValue::as_content_type);
        disposition.is_some_and(ContentType::is_attachment)
    }

    /// The parts of a part that is made of several, at most a thousand.
    pub(super) fn parts(&self) -> Vec<Part<'a>> {
        let (_, subtype) = self.kind();
        let default = match subtype == "digest" {
            true => ("message", "rfc822"),
            false => ("text", "plain"),
        };
        let boundary = match self.parameter("boundary") {
            Some(boundary) => boundary.as_bytes(),
            None => guessed_boundary(self.body),
        };
        split(self.body, boundary).into_iter().map(|bytes| Part::of(bytes, default)).collect()
    }

    /// The bytes of the body, as they were before they were encoded for sending.
    pub(super) fn bytes(&self) -> Cow<'a, [u8]> {
        let encoding = self.header(HeaderName::ContentTransferEncoding);
        let encoding = encoding.and_then(HeaderValue::as_text).unwrap_or_default().trim();
        let decoded = if encoding.eq_ignore_ascii_case("base64") {
            base64_decode(self.body)
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            quoted_printable_decode(self.body)
        } else {
            None
        };
        decoded.map_or(Cow::Borrowed(self.body), Cow::Owned)
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub(super) fn text(&self) -> Result<Decoded, Unreadable> {
        let bytes = self.bytes();
        let label = self.parameter("charset");
        let is_utf_7 = label.is_some_and(|label| label.eq_ignore_ascii_case("utf-7"));
        if is_utf_7 && let Some(decoder) = charset_decoder(b"utf-7") {
            return Ok(Decoded { text: decoder(&bytes), notes: Vec::new() });
        }
        encoding::decode_labelled(&bytes, label, self.kind().1 == "html")
    }
}

/// Whether a line of a head starts here: a name and a colon.
fn is_field(bytes: &[u8]) -> bool {
    let name = bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    name > 0 && bytes.get(name) == Some(&b':')
}

/// The bytes up to the first empty line, which ends the head; a head without one has no end.
fn head_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") || at > MAX_HEAD {
            break;
        }
    }
    at
}

/// The boundary of a body whose head does not give one.
fn guessed_boundary(body: &[u8]) -> &[u8] {
    let lines = body.split(|byte| *byte == b'\n').take(100);
    let mut marks = lines.filter_map(|line| line.trim_ascii_end().strip_prefix(b"--"));
    marks.next().unwrap_or_default()
}

/// The stretches between boundaries; what stands before the first and after the last is for
/// programs that do not know of parts.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    if boundary.is_empty() {
        return parts;
    }
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let here = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary))
        else {
            continue;
        };
        let rest = rest.trim_ascii();
        if !matches!(rest, b"" | b"--") {
            continue;
        }
        if let Some(start) = start.take() {
            let part = body.get(start..here).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if rest == b"--" || parts.len() >= MAX_PARTS {
            return parts;
        }
        start = Some(at);
    }
    // A message that was cut off ends in the middle of a part.
    parts.extend(start.and_then(|start| body.get(start..)).filter(|part| !part.is_empty()));
    parts
}

/// Why a part is not read, if it is larger than a file within another may be.
pub(super) fn too_large(part: &Part<'_>, max: u64) -> Option<String> {
    (part.body.len() as u64 > max).then(|| {
        let (size, max) = (size_words(part.body.len() as u64), file_limit(max));
        format!("is too large: {size}, and the limit is {max}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_that_begins_like_another_is_none() {
        let body =
            b"for others\n--ab\n\none\n--ab-1\nstill\n--ab \r\n\ntwo\r\n--ab--\nafter\n--ab\nno";
        let parts = split(body, b"ab");
        assert_eq!(parts, [&b"\none\n--ab-1\nstill"[..], b"\ntwo"]);
        assert_eq!(split(b"--ab\nx\n--ab\ncut", b"ab"), [&b"x"[..], b"cut"]);
        assert!(split(b"--\nx\n--\n", b"").is_empty());
        // Mail of one line of text, without a head, and with one after empty lines.
        assert_eq!(Part::parse(b"\nTest: no\nhead\n").body, b"");
        assert_eq!(Part::parse(b"\nThis is no head\n").body, b"This is no head\n");
    }
}
