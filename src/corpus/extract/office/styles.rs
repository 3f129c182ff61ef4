//! Styles of paragraphs: what a style's name, in the languages of office programs, says of a text.

use crate::BlockKind;

/// What a style makes of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    /// A heading with its level, from 1.
    Heading(u8),
    ListItem,
    Quote,
    Caption,
    Code,
    /// A line of a table of contents.
    Contents,
    /// Running text.
    Body,
}

impl Role {
    /// The kind of block; None for a line of a table of contents.
    pub(super) fn kind(self) -> Option<BlockKind> {
        Some(match self {
            Role::Title => BlockKind::Title,
            Role::Heading(level) => BlockKind::Heading(level.clamp(1, 6)),
            Role::ListItem => BlockKind::ListItem,
            Role::Quote => BlockKind::Quote,
            Role::Caption => BlockKind::Caption,
            Role::Code => BlockKind::Code,
            Role::Contents => return None,
            Role::Body => BlockKind::Paragraph,
        })
    }
}

/// Names of heading styles without their number, lower case, letters only. Identifiers of styles
/// leave out letters that are not ASCII.
const HEADINGS: &[&str] = &[
    "heading",
    "überschrift",
    "berschrift",
    "titre",
    "título",
    "ttulo",
    "titolo",
    "kop",
    "koptekst",
    "nagłówek",
    "nagwek",
    "rubrik",
    "overskrift",
    "otsikko",
    "nadpis",
    "címsor",
    "cmsor",
    "titlu",
    "naslov",
    "başlık",
    "balk",
    "заголовок",
    "заглавие",
    "επικεφαλίδα",
    "見出し",
    "标题",
    "標題",
    "제목",
    "tiêuđề",
    "titulek",
    "encabezado",
    "antraštė",
    "virsraksts",
    "pealkiri",
    "títol",
    "ttol",
];

const TITLES: &[&str] = &[
    "title",
    "titel",
    "titre",
    "título",
    "ttulo",
    "titolo",
    "tytuł",
    "tytu",
    "rubrik",
    "tittel",
    "otsikko",
    "název",
    "nzev",
    "cím",
    "cm",
    "titlu",
    "naslov",
    "заголовок",
    "название",
    "表題",
    "标题",
    "標題",
    "제목",
    "doctitle",
    "documenttitle",
    "títol",
    "ttol",
    "dokumenttitel",
];

const QUOTES: &[&str] = &[
    "quote",
    "quotations",
    "quotation",
    "intensequote",
    "blocktext",
    "blockquote",
    "blockquotation",
    "zitat",
    "intensiveszitat",
    "citation",
    "citationintense",
    "cita",
    "citadestacada",
    "citazione",
    "citaat",
    "cytat",
    "citat",
    "starktcitat",
    "citação",
    "citao",
    "sitat",
];

const CAPTIONS: &[&str] = &[
    "caption",
    "imagecaption",
    "tablecaption",
    "figurecaption",
    "beschriftung",
    "légende",
    "lgende",
    "epígrafe",
    "descripción",
    "didascalia",
    "bijschrift",
    "legenda",
    "podpis",
    "beskrivning",
    "billedtekst",
    "illustration",
    "figure",
    "drawing",
    "table",
    "abbildung",
    "figurewithcaption",
    "tabelle",
    "captionedfigure",
];

const CODE: &[&str] = &[
    "sourcecode",
    "preformatted",
    "preformattedtext",
    "htmlpreformatted",
    "macrotext",
    "htmlvorformatiert",
    "code",
    "codeblock",
    "quelltext",
    "vorformatiertertext",
];

/// What a style says by its name; None where it says nothing.
pub(super) fn role(name: &str) -> Option<Role> {
    let lower = name.to_lowercase();
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
    let is = |names: &[&str]| names.contains(&&*letters);
    let level = match digits.len() {
        1 => digits.parse::<u8>().ok().filter(|level| *level > 0),
        _ => None,
    };
    Some(match level {
        Some(level) if is(HEADINGS) => Role::Heading(level),
        Some(_)
            if is(&["toc", "contents", "verzeichnis", "tm", "sommario", "índice", "inhopg"]) =>
        {
            Role::Contents
        }
        // `Quote2`, but not `Table 1`, a style of tables.
        Some(_) if is(QUOTES) && letters != "citation" => Role::Quote,
        _ if !digits.is_empty() => return None,
        _ if is(TITLES) => Role::Title,
        _ if is(QUOTES) => Role::Quote,
        _ if is(CAPTIONS) => Role::Caption,
        _ if is(CODE) => Role::Code,
        _ if is(&["tocheading", "contentsheading", "inhaltsverzeichnisüberschrift"]) => {
            Role::Contents
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_styles_are_known_in_several_languages() {
        for name in [
            "heading 2",
            "Heading2",
            "Heading_20_2",
            "Überschrift 2",
            "berschrift2",
            "Titre 2",
            "Kop 2",
        ] {
            assert_eq!(role(&name.replace("_20_", " ")), Some(Role::Heading(2)), "{name}");
        }
        assert_eq!(role("Titre"), Some(Role::Title));
        assert_eq!(role("Intense Quote"), Some(Role::Quote));
        assert_eq!(role("toc 3"), Some(Role::Contents));
        for name in
            ["Heading", "heading 12", "Body Text 2", "Table Grid", "Table 1", "Normal", "", "2"]
        {
            assert_eq!(role(name), None, "{name}");
        }
    }
}
