//! Reading one file into articles: a file a format.

mod encoding;
mod front_matter;
#[cfg(feature = "html")]
mod html;
mod jsonl;
mod markdown;
mod markup;
mod members;
mod normalise;
#[cfg(feature = "office")]
mod office;
mod packed;
mod text;
#[cfg_attr(not(feature = "office"), allow(dead_code))]
mod zipped;

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Cursor, Read};

use super::metadata;
use super::walk::MAX_STREAM;
use crate::Article;
use crate::article::Block;

pub(crate) use normalise::fold;

use members::{Members, Within};

#[cfg(not(feature = "office"))]
use Reader::{None as COMPOUND, None as FLAT, None as PACKAGE, None as RTF};
#[cfg(feature = "office")]
use office::{COMPOUND, FLAT, PACKAGE, RTF};

/// What a format reader finds in one document, before it is normalised: block texts may still hold
/// line ends, soft hyphens and runs of spaces.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) metadata: crate::Metadata,
    pub(crate) blocks: Vec<Block>,
    pub(crate) notes: Vec<String>,
}

/// What was read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// The name of the format, such as `Markdown`.
    pub format: &'static str,
    /// How many articles it gave.
    pub articles: u64,
    /// The parts that could not be read, each with its place: `line 17: not a JSON object: …`. At
    /// most a hundred are named, and one line more says how many there are beyond.
    pub broken: Vec<String>,
}

/// Why a file gives no article, in words for a person, such as `PDF is not read by this version`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unreadable {
    /// The reason.
    pub reason: String,
}

impl Unreadable {
    fn new(reason: impl Into<String>) -> Unreadable {
        Unreadable { reason: reason.into() }
    }
}

/// A format that files are written in. To add one: a file with its reader, and its line in
/// [`FORMATS`].
struct Format {
    name: &'static str,
    /// Endings of file names, in lower case, without the dot.
    extensions: &'static [&'static str],
    /// Whether the first bytes of a file are of this format, whatever its name says.
    sniff: fn(&[u8]) -> bool,
    reader: Reader,
}

enum Reader {
    /// Reads a decoded text as one article; it is given the extension too.
    Text(fn(&str, &str) -> Draft),
    /// Reads the bytes of a file as one article.
    #[cfg_attr(not(feature = "office"), expect(dead_code))]
    Bytes(fn(&[u8]) -> Result<Draft, Unreadable>),
    /// Reads the bytes of a file that holds several articles, or other files.
    #[expect(dead_code)]
    Members(fn(&[u8], &mut Members<'_>) -> Result<(), Unreadable>),
    /// Reads records one after another.
    Records,
    /// Is not read by this version.
    None,
}

fn never(_: &[u8]) -> bool {
    false
}

/// The formats, in the order in which they are asked whether a file is theirs. What none claims by
/// its content or its extension and is text is read as plain text.
static FORMATS: &[Format] = &[
    unread("PDF", &["pdf"], |head| {
        head.get(..1024.min(head.len())).is_some_and(|h| find(h, b"%PDF-"))
    }),
    document("DOCX", &["docx", "docm", "dotx", "dotm"], |head| has_part(head, b"word/"), PACKAGE),
    document("XLSX", &["xlsx", "xlsm", "xltx"], |head| has_part(head, b"xl/"), PACKAGE),
    document("PPTX", &["pptx", "pptm", "ppsx", "potx"], |head| has_part(head, b"ppt/"), PACKAGE),
    document("EPUB", &["epub"], |head| has_part(head, b"application/epub+zip"), PACKAGE),
    document("ODT", &["odt", "ott", "odm"], |head| has_part(head, b"opendocument.text"), PACKAGE),
    document("ODP", &["odp", "otp"], |head| has_part(head, b"opendocument.pres"), PACKAGE),
    document("ODS", &["ods", "ots"], |head| has_part(head, b"opendocument.spread"), PACKAGE),
    document(
        "flat OpenDocument",
        &["fodt", "fodp", "fods"],
        |head| is_xml(head) && find(head, b"<office:document "),
        FLAT,
    ),
    unread("OpenDocument", &["odg", "odf", "odb", "odc"], |head| has_part(head, b"opendocument.")),
    unread("ZIP", &["zip", "jar", "7z", "rar"], |head| {
        is_zip(head) || head.starts_with(b"7z\xBC\xAF\x27\x1C") || head.starts_with(b"Rar!\x1A\x07")
    }),
    document("RTF", &["rtf"], |head| trimmed(head).starts_with(b"{\\rtf"), RTF),
    document(
        "the old Office format",
        &["doc", "dot", "xls", "ppt", "msg"],
        |head| head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        COMPOUND,
    ),
    unread(
        "an image",
        &["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "ico", "heic", "avif", "svg"],
        is_image,
    ),
    unread(
        "sound or video",
        &["mp3", "mp4", "m4a", "wav", "ogg", "webm", "mkv", "mov", "avi", "flac"],
        |head| {
            [&b"ID3"[..], b"OggS", b"\x1A\x45\xDF\xA3", b"fLaC"]
                .iter()
                .any(|magic| head.starts_with(magic))
                || head.get(4..8) == Some(b"ftyp")
        },
    ),
    unread("an archive", &["tar", "tgz", "bz2", "xz", "lz4"], |head| {
        head.get(257..262) == Some(b"ustar")
            || head.starts_with(b"BZh")
            || head.starts_with(b"\xFD7zXZ\0")
    }),
    unread(
        "a program or database",
        &["exe", "dll", "so", "o", "class", "pyc", "wasm", "db", "sqlite"],
        |head| {
            [&b"\x7FELF"[..], b"SQLite format 3\0", b"\0asm", b"\xCA\xFE\xBA\xBE"]
                .iter()
                .any(|m| head.starts_with(m))
        },
    ),
    unread("a font", &["ttf", "otf", "woff", "woff2"], |head| {
        [&b"wOFF"[..], b"wOF2", b"OTTO", b"\0\x01\0\0\0"]
            .iter()
            .any(|magic| head.starts_with(magic))
    }),
    #[cfg(feature = "html")]
    Format {
        name: "HTML",
        extensions: &["html", "htm", "xhtml"],
        sniff: is_html,
        reader: Reader::Text(|page, _| html::read(page)),
    },
    #[cfg(not(feature = "html"))]
    unread("HTML", &["html", "htm", "xhtml"], is_html),
    Format {
        name: "JSON Lines",
        extensions: &["jsonl", "ndjson", "jsonlines"],
        sniff: jsonl::sniff,
        reader: Reader::Records,
    },
    Format {
        name: "Markdown",
        extensions: &["md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"],
        sniff: never,
        reader: Reader::Text(markdown::read),
    },
    Format {
        name: "plain text",
        extensions: &["txt", "text", "asc"],
        sniff: never,
        reader: Reader::Text(|text, _| text::read(text)),
    },
    unread("XML", &["xml", "rss", "atom", "xsl", "xsd", "tei"], is_xml),
    unread("JSON", &["json", "geojson", "ipynb"], never),
    unread("a table", &["csv", "tsv"], never),
    unread("mail", &["eml", "mbox"], never),
    unread("a file of subtitles", &["srt", "vtt"], never),
    unread("TeX", &["tex", "bib", "ltx"], never),
    unread("a markup other than Markdown", &["rst", "adoc", "org", "mediawiki", "textile"], never),
    unread("program text", PROGRAM_TEXT, never),
    unread(
        "settings",
        &["yaml", "yml", "toml", "ini", "cfg", "conf", "lock", "env", "properties"],
        never,
    ),
];

const PROGRAM_TEXT: &[&str] = &[
    "js", "mjs", "cjs", "jsx", "ts", "tsx", "css", "scss", "less", "py", "rs", "c", "h", "cpp",
    "hpp", "cs", "java", "kt", "go", "rb", "php", "pl", "sh", "bash", "bat", "ps1", "sql", "r",
    "lua", "swift", "vue", "svelte", "njk", "map",
];

const fn unread(
    name: &'static str,
    extensions: &'static [&'static str],
    sniff: fn(&[u8]) -> bool,
) -> Format {
    Format { name, extensions, sniff, reader: Reader::None }
}

const fn document(
    name: &'static str,
    extensions: &'static [&'static str],
    sniff: fn(&[u8]) -> bool,
    reader: Reader,
) -> Format {
    Format { name, extensions, sniff, reader }
}

/// Plain text, for files that no format claims.
fn plain() -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.extensions.contains(&"txt"))
}

/// The first bytes of a file that its format is told from.
const HEAD: usize = 16 << 10;

/// Reads the articles of a file from its bytes, in order. `path` names the file and becomes the
/// path of its article; its extension counts where the content does not tell the format.
///
/// ```
/// let mut articles = Vec::new();
/// let page = b"# Gaia-X\n\nDigital sover-\neignty is the aim.\n";
/// let read = polidex::corpus::extract::extract("a.md", page, &mut |article| articles.push(article));
/// assert_eq!(read.unwrap().format, "Markdown");
/// assert_eq!(articles[0].text(), "Gaia-X\n\nDigital sovereignty is the aim.");
/// ```
///
/// # Errors
///
/// [`Unreadable`] if there is no article in it; nothing was handed over then.
pub fn extract(
    path: &str,
    bytes: &[u8],
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    read_within(path, bytes, MAX_STREAM, &mut Within::new(), emit)
}

/// Reads the articles of a file that lies within another.
fn read_within(
    path: &str,
    bytes: &[u8],
    max: u64,
    within: &mut Within,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    read(path, &mut || Ok(Source::new(Cursor::new(bytes))), max, within, emit)
}

/// Whether a file of this name is read record by record, whatever its length.
pub(super) fn is_streamed(path: &str) -> bool {
    let extension = extension(packed::inner_name(path));
    FORMATS.iter().any(|format| {
        matches!(format.reader, Reader::Records) && format.extensions.contains(&&*extension)
    })
}

/// Reads the file that `open` opens; `max` bytes, packed and unpacked, if it is read as a whole.
pub(super) fn read_file(
    path: &str,
    open: &mut dyn FnMut() -> io::Result<File>,
    max: u64,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let changed = "changed while it was read";
    for attempt in 0..2 {
        let file = open().map_err(|error| Unreadable::new(format!("cannot be read: {error}")))?;
        // The second handle shares the open file, so it tells of the file that is read.
        let handle = file.try_clone().and_then(|handle| Ok((handle.metadata()?, handle)));
        let (before, handle) =
            handle.map_err(|error| Unreadable::new(format!("cannot be read: {error}")))?;
        let mut file = Some(file);
        let mut emitted = false;
        let mut waiting = None;
        // A whole article waits until it is known that the file held still; records cannot.
        let result = read(
            path,
            &mut || match file.take() {
                Some(file) => Ok(Source::new(BufReader::with_capacity(64 << 10, file))),
                None => Err(io::Error::other("opened twice")),
            },
            max,
            &mut Within::new(),
            &mut |article| {
                if let Some(article) = waiting.replace(article) {
                    emitted = true;
                    emit(article);
                }
            },
        );
        let held = handle.metadata().is_ok_and(|after| same_state(&before, &after));
        if !held && !emitted {
            if attempt == 0 {
                continue;
            }
            return Err(Unreadable::new(changed));
        }
        if let Some(article) = waiting {
            emit(article);
        }
        return result.map(|mut extracted| {
            if !held {
                extracted.broken.push(changed.to_owned());
            }
            extracted
        });
    }
    Err(Unreadable::new(changed))
}

fn same_state(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}

/// The bytes of a file, of which the first have been looked at.
struct Source<'a> {
    inner: Box<dyn Read + 'a>,
}

impl<'a> Source<'a> {
    fn new(inner: impl Read + 'a) -> Source<'a> {
        Source { inner: Box::new(inner) }
    }

    /// The first bytes; reading starts with them all the same.
    fn head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.inner.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let rest = std::mem::replace(&mut self.inner, Box::new(io::empty()));
        self.inner = Box::new(Cursor::new(head.clone()).chain(rest));
        Ok(head)
    }

    /// All bytes, if there are at most `max`.
    fn whole(self, max: u64) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        match self.inner.take(max.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(n) if n as u64 > max => Err(Unreadable::new(format!(
                "is too large: more than {}, which is the limit",
                size_words(max)
            ))),
            Ok(_) => Ok(bytes),
            Err(error) => Err(Unreadable::new(format!("cannot be read: {error}"))),
        }
    }
}

fn read<'a>(
    path: &str,
    open: &mut dyn FnMut() -> io::Result<Source<'a>>,
    max: u64,
    within: &mut Within,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let cannot = |error: io::Error| Unreadable::new(format!("cannot be read: {error}"));
    let mut source = open().map_err(cannot)?;
    let mut head = source.head().map_err(cannot)?;
    let mut name = path;
    if let Some(packing) = packed::Packing::of(&head) {
        source = Source { inner: packing.unpack(source.inner, MAX_STREAM).map_err(cannot)? };
        head = source.head().map_err(cannot)?;
        name = packed::inner_name(path);
        if packed::Packing::of(&head).is_some() {
            return Err(Unreadable::new("is packed twice, which is not read by this version"));
        }
    }
    if head.is_empty() {
        return Err(Unreadable::new("is empty"));
    }
    let extension = extension(name);
    let format = format_of(&head, &extension)
        .ok_or_else(|| Unreadable::new("is of no format that this version reads"))?;
    match format.reader {
        Reader::None => {
            Err(Unreadable::new(format!("{} is not read by this version", sentence(format.name))))
        }
        Reader::Records => jsonl::read(path, format.name, source, &head, max, emit),
        Reader::Text(reader) => {
            let bytes = source.whole(max)?;
            let decoded = encoding::decode(&bytes, format.name == "HTML")?;
            drop(bytes);
            let mut draft = reader(&decoded.text, &extension);
            draft.notes.splice(0..0, decoded.notes);
            emit_whole(path, name, draft, Lines::Source, format.name, emit)
        }
        Reader::Bytes(reader) => {
            let draft = reader(&source.whole(max)?)?;
            emit_whole(path, name, draft, Lines::Inner, format.name, emit)
        }
        Reader::Members(reader) => {
            let bytes = source.whole(max)?;
            let mut members = Members::new(path, max, within, emit);
            match reader(&bytes, &mut members) {
                Err(unreadable) if members.is_empty() => return Err(unreadable),
                Err(unreadable) => members.broken(unreadable.reason),
                Ok(()) => {}
            }
            members.finish(format.name)
        }
    }
}

/// Hands over the one article of a file.
fn emit_whole(
    path: &str,
    name: &str,
    draft: Draft,
    lines: Lines,
    format: &'static str,
    emit: &mut dyn FnMut(Article),
) -> Result<Extracted, Unreadable> {
    let article =
        finish(path, name, draft, lines).ok_or_else(|| Unreadable::new("holds no text"))?;
    emit(article);
    Ok(Extracted { format, articles: 1, broken: Vec::new() })
}

/// Normalises an article that a program made, and fills in what its metadata leaves open, as for
/// one that was read from a file.
pub(crate) fn complete(article: &mut Article) {
    let mut draft = Draft {
        metadata: std::mem::take(&mut article.metadata),
        blocks: std::mem::take(&mut article.blocks),
        notes: std::mem::take(&mut article.notes),
    };
    normalise::blocks(&mut draft.blocks, Lines::Inner);
    metadata::complete(&mut draft, &article.path);
    Draft { metadata: article.metadata, blocks: article.blocks, notes: article.notes } = draft;
}

/// How line ends in the blocks of a draft are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// As those of the file, where a block has a line.
    Source,
    /// As part of a text that stands on one line of the file.
    Inner,
}

/// Makes the article of a draft: normalises its text, and fills in what its metadata leaves open.
/// None if it has neither text nor title.
fn finish(path: &str, name: &str, mut draft: Draft, lines: Lines) -> Option<Article> {
    normalise::blocks(&mut draft.blocks, lines);
    metadata::complete(&mut draft, name);
    if draft.blocks.is_empty() {
        return None;
    }
    let Draft { metadata, blocks, notes } = draft;
    Some(Article { path: path.to_owned(), metadata, blocks, notes })
}

fn format_of(head: &[u8], extension: &str) -> Option<&'static Format> {
    let by_content = || FORMATS.iter().find(|format| (format.sniff)(head));
    let by_name = || FORMATS.iter().find(|format| format.extensions.contains(&extension));
    // The content decides; but a text that only begins with `<?xml` may be a page after all.
    match (by_content(), by_name()) {
        (Some(content), Some(named)) if content.name == "XML" => Some(named),
        // A package may have a large picture before the parts that tell what it is.
        (Some(content), Some(named)) if content.name == "ZIP" && is_package(named) => Some(named),
        (Some(content), _) => Some(content),
        // Many a text is named like a Word file.
        (None, Some(named)) if named.extensions.contains(&"doc") => plain(),
        (None, named) => named.or_else(plain),
    }
}

/// Whether a format is one of a document in a ZIP file.
fn is_package(format: &Format) -> bool {
    ["DOCX", "XLSX", "PPTX", "EPUB", "ODT", "ODP", "ODS"].contains(&format.name)
}

/// The extension of a file name in lower case; empty where there is none.
fn extension(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_ascii_lowercase(),
        _ => String::new(),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a ZIP file has this in the names, or in the contents that are not packed, at its start.
fn has_part(head: &[u8], part: &[u8]) -> bool {
    is_zip(head) && find(head, part)
}

fn is_image(head: &[u8]) -> bool {
    [&b"\x89PNG\r\n"[..], b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\x01\0"]
        .iter()
        .any(|magic| head.starts_with(magic))
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
        || trimmed(head).starts_with(b"<svg")
}

/// The bytes after a byte order mark and white space; UTF-16 without its zero bytes is not undone
/// here, such a file goes by its name.
fn trimmed(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

fn is_html(head: &[u8]) -> bool {
    let mut rest = trimmed(head);
    // Comments and an XML declaration may stand before.
    for _ in 0..8 {
        let end: &[u8] = match rest {
            _ if rest.starts_with(b"<!--") => b"-->",
            _ if rest.starts_with(b"<?xml") => b"?>",
            _ => break,
        };
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else { break };
        rest = rest.get(at + end.len()..).unwrap_or_default().trim_ascii_start();
    }
    let begins = |tag: &[u8]| rest.get(..tag.len()).is_some_and(|r| r.eq_ignore_ascii_case(tag));
    begins(b"<!doctype html") || begins(b"<html") || begins(b"<head>")
}

fn is_xml(head: &[u8]) -> bool {
    trimmed(head).starts_with(b"<?xml")
}

fn sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A size in words: `10 bytes`, `64 MiB`, `70.3 MiB`.
pub(super) fn size_words(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes} bytes"),
        1024..0x10_0000 => (1u64 << 10, "KiB"),
        0x10_0000..0x4000_0000 => (1 << 20, "MiB"),
        _ => (1 << 30, "GiB"),
    };
    if bytes.is_multiple_of(unit) {
        return format!("{} {name}", bytes / unit);
    }
    format!("{:.1} {name}", bytes as f64 / unit as f64)
}

#[cfg(test)]
mod tests;
