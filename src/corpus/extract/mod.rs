//! Reading one file into articles: a file a format.

mod encoding;
mod file;
mod formats;
mod front_matter;
#[cfg(feature = "html")]
mod html;
mod jsonl;
mod markdown;
mod markup;
mod members;
mod normalise;
mod packed;
mod text;

use super::metadata;
use crate::Article;
use crate::article::Block;

pub(super) use file::{NO_MEMORY, read_bytes, read_file, read_given};
pub use formats::{FileFormat, formats, packings};
pub(crate) use normalise::fold;

use file::{Source, read_within};
pub(crate) use members::{MAX_DEPTH, MAX_MEMBERS, MAX_TOTAL};
pub(crate) use packed::MAX_RATIO;

use members::Members;

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
    #[expect(dead_code)]
    Bytes(fn(&[u8]) -> Result<Draft, Unreadable>),
    /// Reads the bytes of a file that holds several articles, or other files.
    #[expect(dead_code)]
    Members(fn(&[u8], &mut Members<'_>) -> Result<(), Unreadable>),
    /// Reads records one after another.
    Records,
    /// Is not read by this version.
    None,
}

impl Format {
    /// Whether its reader is complex, so that it is better at work in a process of its own.
    fn is_risky(&self) -> bool {
        matches!(self.reader, Reader::Bytes(_) | Reader::Members(_))
    }
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
    unread("DOCX", &["docx"], |head| is_zip(head) && find(head, b"word/")),
    unread("XLSX", &["xlsx"], |head| is_zip(head) && find(head, b"xl/")),
    unread("PPTX", &["pptx"], |head| is_zip(head) && find(head, b"ppt/")),
    unread("EPUB", &["epub"], |head| is_zip(head) && find(head, b"application/epub+zip")),
    unread("ODT", &["odt", "ott"], |head| {
        is_zip(head) && find(head, b"application/vnd.oasis.opendocument.text")
    }),
    unread("OpenDocument", &["ods", "odp", "odg", "odf"], |head| {
        is_zip(head) && find(head, b"application/vnd.oasis.opendocument")
    }),
    unread("ZIP", &["zip", "jar", "7z", "rar"], |head| {
        is_zip(head) || head.starts_with(b"7z\xBC\xAF\x27\x1C") || head.starts_with(b"Rar!\x1A\x07")
    }),
    unread("RTF", &["rtf"], |head| head.starts_with(b"{\\rtf")),
    unread("the old Office format", &["doc", "xls", "ppt", "msg"], |head| {
        head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
    }),
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

/// Plain text, for files that no format claims.
fn plain() -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.extensions.contains(&"txt"))
}

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
    read_bytes(path, bytes, None, emit)
}

/// Whether a file of this name is read record by record, whatever its length.
pub(super) fn is_streamed(path: &str) -> bool {
    let extension = extension(packed::inner_name(path));
    FORMATS.iter().any(|format| {
        matches!(format.reader, Reader::Records) && format.extensions.contains(&&*extension)
    })
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
        (Some(content), _) => Some(content),
        (None, named) => named.or_else(plain),
    }
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
pub(crate) fn size_words(bytes: u64) -> String {
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
