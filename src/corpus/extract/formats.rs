//! The formats as plain data: their names, their files, and what is read of them.

use super::{FORMATS, Reader, packed};

/// A format that files are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFormat {
    /// Its name, such as `Markdown`.
    pub name: &'static str,
    /// Endings of file names, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// What is read of it, in words for a person; none where it is not read by this build.
    pub reads: Option<&'static str>,
}

/// What is read of each format, by its name in [`FORMATS`].
const READS: &[(&str, &str)] = &[
    (
        "PDF",
        "text in reading order with its pages and their printed numbers, headings by outline, tags \
         or size, tables as cells, notes after their page; running heads and page numbers are left \
         out; of a scan, a text layer if there is one",
    ),
    ("DOCX", "text with headings, lists, tables and notes, all changes accepted; properties"),
    ("XLSX", "cells as they are shown, sheet by sheet and row by row; properties"),
    ("PPTX", "slides in order, a page each, with their notes; properties"),
    ("EPUB", "chapters in the order of the book; properties"),
    ("ODT", "text with headings, lists, tables and notes, all changes accepted; properties"),
    ("ODP", "slides in order, a page each, with their notes; properties"),
    ("ODS", "cells as they are shown, sheet by sheet and row by row; properties"),
    ("flat OpenDocument", "the same as of its packed kin"),
    ("ZIP", "each file in it, by its own format, as `archive.zip/inside.md`"),
    ("tar", "each file in it, by its own format, as `archive.tar/inside.md`"),
    (
        "the old Office format",
        "Word of 1997 to 2003: text with headings, lists, tables and notes; the others are reported",
    ),
    ("MHTML", "the page that was saved, read as HTML"),
    ("mailbox", "an article a message, attachments as `box.mbox#id/report.pdf`"),
    ("mail", "the message; attachments as `mail.eml/report.pdf`"),
    ("a feed", "RSS and Atom: an article an entry"),
    ("XML", "laws (Akoma Ntoso, Formex), TEI, JATS and others, by the names of their elements"),
    (
        "JSON",
        "an article, or records in a list, alone or under `articles`, `items`, `results` and the \
         like",
    ),
    ("CSV", "an article a record; where no column is called `text`, the longest is it"),
    ("subtitles", "what is said, without the times"),
    ("RTF", "text with its notes, all changes accepted; properties"),
    (
        "HTML",
        "the article without menus, banners, related links and comments; metadata from meta \
         elements, JSON-LD, microdata",
    ),
    (
        "JSON Lines",
        "an article a line (`id`, `title`, `text`, `date`, `lang`, `source`, `url`, `author`, \
         `tags`)",
    ),
    (
        "Markdown",
        "front matter in YAML or TOML, headings, lists, tables, footnotes; MDX without its code",
    ),
    ("plain text", "any text that is nothing else; a header of `Key: value` lines is metadata"),
];

/// The formats that polidex knows, those that it reads and those that it knows not to read, in the
/// order in which a file is tried. A file of any format may be packed, see [`packings`].
///
/// ```
/// let formats = polidex::formats();
/// let markdown = formats.iter().find(|format| format.extensions.contains(&"md")).unwrap();
/// assert_eq!(markdown.name, "Markdown");
/// assert!(markdown.reads.is_some());
/// ```
pub fn formats() -> Vec<FileFormat> {
    let described = |name: &str| {
        let found = READS.iter().find(|(format, _)| *format == name);
        found.map_or("its text", |(_, reads)| reads)
    };
    let formats = FORMATS.iter().map(|format| FileFormat {
        name: format.name,
        extensions: format.extensions,
        reads: match format.reader {
            Reader::None => None,
            _ => Some(described(format.name)),
        },
    });
    formats.collect()
}

/// The endings of packed files, in lower case, without the dot; what is packed is read by its own
/// format.
pub fn packings() -> &'static [&'static str] {
    packed::ENDINGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_of_a_format_is_told() {
        let formats = formats();
        let told = |name: &str| READS.iter().any(|(format, _)| *format == name);
        let untold: Vec<_> =
            formats.iter().filter(|f| f.reads.is_some() && !told(f.name)).collect();
        assert!(untold.is_empty(), "{untold:?}");
    }
}
