//! Reading one file into articles: a file a format.

#[cfg(feature = "archives")]
mod archive;
#[cfg(feature = "tables")]
mod csv;
mod encoding;
#[cfg(feature = "xml")]
mod feed;
mod file;
mod formats;
mod front_matter;
#[cfg(feature = "html")]
mod html;
mod json;
mod jsonl;
mod line;
#[cfg(feature = "mail")]
mod mail;
mod markdown;
mod markup;
#[cfg(feature = "mail")]
mod mbox;
#[cfg_attr(not(any(feature = "archives", feature = "mail")), allow(dead_code))]
mod members;
#[cfg(all(feature = "mail", feature = "html"))]
mod mhtml;
#[cfg(feature = "mail")]
mod mime;
mod normalise;
#[cfg(feature = "office")]
mod office;
mod packed;
#[cfg(feature = "pdf")]
mod pdf;
mod raised;
#[cfg_attr(not(feature = "tables"), allow(dead_code))]
mod record;
mod subtitles;
mod text;
#[cfg(feature = "xml")]
mod token;
#[cfg(feature = "xml")]
mod xml;
#[cfg(any(feature = "archives", feature = "office"))]
#[cfg_attr(not(feature = "office"), allow(dead_code))]
mod zipped;

use std::io::BufRead;

use super::complete;
use crate::Article;
use crate::article::Block;

pub(super) use file::{NO_MEMORY, read_bytes, read_file, read_given};
pub use formats::{FileFormat, formats, packings};
pub(crate) use normalise::fold;

use file::{HEAD, read_within};
#[cfg(feature = "html")]
pub(crate) use html::MAX_OPEN_ELEMENTS;
pub(crate) use jsonl::MAX_LINE;
pub(crate) use members::{MAX_DEPTH, MAX_MEMBERS, MAX_TOTAL};
#[cfg(feature = "office")]
pub(crate) use office::{MAX_ALL_PARTS, MAX_PART, MAX_PARTS};
pub(crate) use packed::MAX_RATIO;
#[cfg(feature = "pdf")]
pub(crate) use pdf::MAX_PAGES;

use members::Members;

#[cfg(not(feature = "office"))]
use Reader::{None as COMPOUND, None as FLAT, None as PACKAGE, None as RTF};
#[cfg(feature = "office")]
use office::{COMPOUND, FLAT, PACKAGE, RTF};

/// The blocks that an article may have. A reader may stop when it has more: what lies beyond is left
/// out of the article, and that is told.
pub(crate) const MAX_BLOCKS: usize = 1 << 20;

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

/// Why a file gives no article, in words for a person, such as `is encrypted with a password`.
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
    #[cfg_attr(not(any(feature = "office", feature = "pdf")), allow(dead_code))]
    Bytes(fn(&[u8]) -> Result<Draft, Unreadable>),
    /// Reads the bytes of a file that holds several articles, or other files.
    Members(fn(&[u8], &mut Members<'_>) -> Result<(), Unreadable>),
    /// Reads the same from a stream, of which it never holds much.
    Stream(fn(&mut dyn BufRead, &mut Members<'_>) -> Result<(), Unreadable>),
    /// Is not read by this version.
    None,
}

impl Format {
    /// Whether its reader is complex, so that it is better at work in a process of its own.
    fn is_risky(&self) -> bool {
        match self.reader {
            Reader::Bytes(_) | Reader::Members(_) => true,
            // The lines of JSON Lines are plain; in a mailbox or an archive may be any file.
            Reader::Stream(_) => self.name != "JSON Lines",
            Reader::Text(_) | Reader::None => false,
        }
    }
}

fn never(_: &[u8]) -> bool {
    false
}

/// The formats, in the order in which they are asked whether a file is theirs. What none claims by
/// its content or its extension and is text is read as plain text.
static FORMATS: &[Format] = &[
    #[cfg(feature = "pdf")]
    Format { name: "PDF", extensions: &["pdf"], sniff: is_pdf, reader: Reader::Bytes(pdf::read) },
    #[cfg(not(feature = "pdf"))]
    unread("PDF", &["pdf"], is_pdf),
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
    #[cfg(feature = "archives")]
    Format {
        name: "ZIP",
        extensions: &["zip"],
        sniff: is_zip,
        reader: Reader::Members(archive::zip),
    },
    #[cfg(not(feature = "archives"))]
    unread("ZIP", &["zip"], is_zip),
    #[cfg(feature = "archives")]
    Format {
        name: "tar",
        extensions: &["tar", "tgz", "tzst"],
        sniff: is_tar,
        reader: Reader::Stream(archive::tar),
    },
    #[cfg(not(feature = "archives"))]
    unread("tar", &["tar", "tgz", "tzst"], is_tar),
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
    unread(
        "a file packed by bzip2, xz, lz4, 7-Zip or RAR",
        &["bz2", "tbz", "tbz2", "xz", "txz", "lz4", "7z", "rar"],
        |head| {
            [
                &b"BZh"[..],
                b"\xFD7zXZ\0",
                b"\x04\x22\x4D\x18",
                b"7z\xBC\xAF\x27\x1C",
                b"Rar!\x1A\x07",
            ]
            .iter()
            .any(|magic| head.starts_with(magic))
        },
    ),
    unread(
        "a program or database",
        &["exe", "dll", "so", "o", "class", "jar", "pyc", "wasm", "db", "sqlite"],
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
    #[cfg(all(feature = "mail", feature = "html"))]
    Format {
        name: "MHTML",
        extensions: &["mhtml", "mht"],
        sniff: mhtml::sniff,
        reader: Reader::Bytes(mhtml::read),
    },
    #[cfg(not(all(feature = "mail", feature = "html")))]
    unread("MHTML", &["mhtml", "mht"], never),
    #[cfg(feature = "mail")]
    Format {
        name: "mailbox",
        extensions: &["mbox", "mbx"],
        sniff: mbox::sniff,
        reader: Reader::Stream(mbox::read),
    },
    #[cfg(feature = "mail")]
    Format {
        name: "mail",
        extensions: &["eml"],
        sniff: mail::sniff,
        reader: Reader::Members(mail::read),
    },
    #[cfg(not(feature = "mail"))]
    unread("mail", &["eml", "mbox", "mbx"], never),
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
        reader: Reader::Stream(jsonl::read),
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
    #[cfg(feature = "xml")]
    Format {
        name: "a feed",
        extensions: &["rss", "atom", "rdf"],
        sniff: feed::sniff,
        reader: Reader::Members(feed::read),
    },
    #[cfg(feature = "xml")]
    Format {
        name: "XML",
        extensions: &["xml", "tei", "fmx"],
        sniff: is_xml,
        reader: Reader::Bytes(xml::read),
    },
    #[cfg(not(feature = "xml"))]
    unread("XML", &["xml", "rss", "atom", "rdf", "tei", "fmx"], is_xml),
    Format {
        name: "JSON",
        extensions: &["json"],
        sniff: never,
        reader: Reader::Members(json::read),
    },
    unread("GeoJSON", &["geojson"], never),
    unread("a notebook", &["ipynb"], never),
    #[cfg(feature = "tables")]
    Format {
        name: "CSV",
        extensions: &["csv", "tsv", "tab"],
        sniff: never,
        reader: Reader::Members(csv::read),
    },
    #[cfg(not(feature = "tables"))]
    unread("CSV", &["csv", "tsv", "tab"], never),
    Format {
        name: "subtitles",
        extensions: &["srt", "vtt"],
        sniff: subtitles::sniff,
        reader: Reader::Text(|text, _| subtitles::read(text)),
    },
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
    "lua", "swift", "vue", "svelte", "njk", "map", "xsl", "xslt", "xsd", "dtd",
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

/// Whether a file of this name is read part by part, whatever its length.
pub(super) fn is_streamed(path: &str) -> bool {
    let extension = extension(packed::inner_name(path));
    FORMATS.iter().any(|format| {
        matches!(format.reader, Reader::Stream(_)) && format.extensions.contains(&&*extension)
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
    complete::complete(&mut draft, &article.path);
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

/// An article, and what of it is left out.
struct Finished {
    article: Article,
    cut: Option<String>,
}

/// Makes the article of a draft: bounds and normalises its text, and fills in what its metadata
/// leaves open. None if it has neither text nor title.
fn finish(path: &str, name: &str, mut draft: Draft, lines: Lines) -> Option<Finished> {
    let cut = (draft.blocks.len() > MAX_BLOCKS).then(|| {
        draft.blocks.truncate(MAX_BLOCKS);
        format!("the rest is left out: there are more than {MAX_BLOCKS} paragraphs and cells")
    });
    draft.notes.extend(cut.clone());
    normalise::blocks(&mut draft.blocks, lines);
    complete::complete(&mut draft, name);
    if draft.blocks.is_empty() {
        return None;
    }
    let Draft { metadata, blocks, notes } = draft;
    let article = Article { path: path.to_owned(), metadata, blocks, notes };
    Some(Finished { article, cut })
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

/// The name of the format of a file within another, if it is one that is not read.
#[cfg_attr(not(any(feature = "archives", feature = "mail")), allow(dead_code))]
fn unread_format(path: &str, bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let format = format_of(head, &extension(path))?;
    (!head.is_empty() && matches!(format.reader, Reader::None)).then_some(format.name)
}

/// Hypertext within another format, as blocks: all of it, for it has no site around it.
fn hypertext(page: &str) -> Vec<Block> {
    #[cfg(feature = "html")]
    return html::whole(page);
    #[cfg(not(feature = "html"))]
    {
        let mut blocks = Vec::new();
        markup::blocks(page, 1, &mut blocks);
        blocks.iter_mut().for_each(|block| block.line = None);
        blocks
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

/// Whether a ZIP file has this in the names, or in the contents that are not packed, at its start.
fn has_part(head: &[u8], part: &[u8]) -> bool {
    is_zip(head) && find(head, part)
}

fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
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

fn is_pdf(head: &[u8]) -> bool {
    head.get(..1024.min(head.len())).is_some_and(|head| find(head, b"%PDF-"))
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

/// The size that a file, or one within another, may have, in words, with the option that sets another.
pub(super) fn file_limit(bytes: u64) -> String {
    format!("{} (--max-file-size)", size_words(bytes))
}

#[cfg(test)]
mod test_data;
#[cfg(test)]
mod tests;
