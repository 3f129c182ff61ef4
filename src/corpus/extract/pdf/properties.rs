//! Document properties: the information dictionary, XMP and the catalog, as far as they can be
//! believed.

use hayro_syntax::Pdf;
use hayro_syntax::object::{DateTime, Dict, Object, Stream};

use super::string;
use crate::{Date, Language, Metadata, Origin};

/// What a document says of itself.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// A title, if it looks like one.
    pub(super) title: Option<String>,
    authors: Vec<String>,
    keywords: Vec<String>,
    language: Option<Language>,
    pub(super) created: Option<Date>,
}

impl Properties {
    pub(super) fn of(pdf: &Pdf, catalog: &Dict<'_>) -> Properties {
        let info = pdf.metadata();
        let xmp = catalog.get::<Stream<'_>>("Metadata");
        let xmp = xmp.and_then(|stream| super::bounded::decode(&stream).map(|b| b.into_owned()));
        let xmp = String::from_utf8_lossy(&xmp.unwrap_or_default()).into_owned();
        let text = |bytes: &Option<Box<[u8]>>| bytes.as_ref().map(|bytes| string::text(bytes));
        let titles = [text(&info.title), xmp_items(&xmp, "dc:title").into_iter().next()];
        let mut authors = xmp_items(&xmp, "dc:creator");
        if let Some(author) = text(&info.author)
            && authors.len() < 2
        {
            authors = author.split(';').map(str::to_owned).collect();
        }
        let authors = authors.into_iter().map(|name| squeezed(&name));
        let keywords = text(&info.keywords).unwrap_or_default();
        let language = match catalog.get::<Object<'_>>("Lang") {
            Some(Object::String(text)) => string::text(text.as_bytes()).parse().ok(),
            _ => None,
        };
        Properties {
            title: titles.into_iter().flatten().map(|t| squeezed(&t)).find(|t| is_title(t)),
            authors: authors.filter(|name| is_author(name)).take(50).collect(),
            keywords: keywords
                .split([';', ','])
                .map(squeezed)
                .filter(|word| !word.is_empty() && word.chars().count() <= 60)
                .take(50)
                .collect(),
            language: language.filter(|language: &Language| !language.is_unknown()),
            created: info.creation_date.and_then(date),
        }
    }

    /// Fills the metadata; the title and the date are left to the caller, who knows the text.
    pub(super) fn fill(self, metadata: &mut Metadata) {
        let mut from = |field: &str| metadata.origins.insert(field.to_owned(), Origin::Embedded);
        if !self.authors.is_empty() {
            from("authors");
            metadata.authors = self.authors;
        }
        if !self.keywords.is_empty() {
            from("tags");
            metadata.tags = self.keywords;
        }
        if self.language.is_some() {
            from("language");
            metadata.language = self.language;
        }
    }
}

fn date(time: DateTime) -> Option<Date> {
    let date = Date::new(time.year as i16, Some(time.month as i8), Some(time.day as i8))?;
    // Clocks that were never set say 1970 or 1980.
    (1985 < time.year && date.first_day() <= Date::today().first_day() + 1).then_some(date)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a title property is a title: no file name, no default of a program.
fn is_title(title: &str) -> bool {
    const DEFAULTS: &[&str] = &[
        "untitled",
        "unbenannt",
        "sans titre",
        "sin título",
        "document",
        "dokument",
        "title",
        "titel",
        "titre",
        "presentation",
        "powerpoint presentation",
        "powerpoint-präsentation",
        "présentation powerpoint",
        "presentación de powerpoint",
        "slide 1",
        "folie 1",
        "cover",
        "layout 1",
        "none",
        "print",
        "word document",
        "microsoft word",
        "scan",
        "blank page",
    ];
    const PROGRAMS: &[&str] = &[
        "microsoft word",
        "microsoft powerpoint",
        "microsoft excel",
        "adobe ",
        "openoffice",
        "libreoffice",
    ];
    const ENDINGS: &[&str] = &[
        ".doc", ".docx", ".dot", ".dotx", ".rtf", ".odt", ".pdf", ".indd", ".qxd", ".qxp", ".ppt",
        ".pptx", ".xls", ".xlsx", ".tex", ".dvi", ".ps", ".html", ".htm", ".txt", ".pages", ".pub",
        ".fm", ".p65", ".tif", ".tiff", ".jpg", ".ai", ".cdr",
    ];
    let lower = title.to_lowercase();
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let digits = title.chars().filter(|c| c.is_ascii_digit()).count();
    let words = title.split_whitespace().count();
    let name = words == 1
        && (title.contains(['_', '/', '\\', '~']) || digits > 0 || title.matches('-').count() > 1);
    letters >= 3
        && letters > digits
        && title.chars().count() <= 300
        && !name
        && !DEFAULTS.contains(&&*lower)
        && !DEFAULTS.iter().any(|default| {
            let rest = lower.strip_prefix(default).unwrap_or("x");
            rest.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || c == '-')
        })
        && !PROGRAMS.iter().any(|program| lower.starts_with(program))
        && !ENDINGS
            .iter()
            .any(|ending| lower.ends_with(ending) || lower.contains(&format!("{ending} ")))
        && !lower.contains("\\")
        && !lower.starts_with("file:")
        && !(words <= 2 && title.contains('_'))
        && title.matches('_').count() < 3
}

/// Whether an author property is a name rather than an account or a program.
fn is_author(name: &str) -> bool {
    const NONE: &[&str] = &[
        "user",
        "admin",
        "administrator",
        "owner",
        "author",
        "unknown",
        "anonymous",
        "default",
        "windows user",
        "microsoft office user",
        "benutzer",
        "utilisateur",
        "root",
        "pc",
        "test",
        "windows-benutzer",
        "microsoft office-anwender",
        "none",
        "office",
        "acer",
        "dell",
        "hp",
    ];
    let lower = name.to_lowercase();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let account = !name.contains(' ')
        && (name.chars().any(|c| c.is_ascii_digit() || "_@\\".contains(c))
            || name.chars().all(|c| !c.is_uppercase()));
    letters >= 2 && name.chars().count() <= 200 && !NONE.contains(&&*lower) && !account
}

/// The texts of an XMP property: those of its list, or its own.
fn xmp_items(xmp: &str, property: &str) -> Vec<String> {
    let (open, close) = (format!("<{property}>"), format!("</{property}>"));
    let Some(from) = xmp.find(&open).map(|at| at + open.len()) else { return Vec::new() };
    let rest = xmp.get(from..).unwrap_or_default();
    let inner = rest.get(..rest.find(&close).unwrap_or(0)).unwrap_or_default();
    let mut items = Vec::new();
    for item in inner.split("<rdf:li").skip(1).take(100) {
        let Some((_, text)) = item.split_once('>') else { continue };
        let text = text.split("</rdf:li>").next().unwrap_or_default();
        items.push(unescaped(text));
    }
    if items.is_empty() && !inner.contains('<') {
        items.push(unescaped(inner));
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let Some(end) = rest.find(';').filter(|end| *end < 12) else {
            out.push('&');
            rest = rest.get(1..).unwrap_or_default();
            continue;
        };
        let name = rest.get(1..end).unwrap_or_default();
        let number = |digits: &str, base| u32::from_str_radix(digits, base).ok();
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match name.strip_prefix("#x") {
                Some(hex) => number(hex, 16).and_then(char::from_u32),
                None => name.strip_prefix('#').and_then(|n| number(n, 10)).and_then(char::from_u32),
            },
        };
        out.extend(c);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_property_is_believed_only_if_it_is_a_title() {
        for title in
            ["Ethics guidelines for trustworthy AI", "Weißbuch KI", "AI Act", "Report 2024"]
        {
            assert!(is_title(title), "{title}");
        }
        for title in [
            "Microsoft Word - final_v3.docx",
            "untitled",
            "Untitled-1",
            "report.pdf",
            "C:\\tmp\\a",
            "NIST.AI.100-1",
            "Folie 1",
            "PowerPoint Presentation",
            "20240712_Entwurf_final",
            "1",
        ] {
            assert!(!is_title(title), "{title}");
        }
    }

    #[test]
    fn xmp_is_read_without_its_markup() {
        let xmp = "<x><dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">R&amp;D \
                   policy</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>A \
                   B</rdf:li><rdf:li>C&#233; D</rdf:li></rdf:Seq></dc:creator></x>";
        assert_eq!(xmp_items(xmp, "dc:title"), ["R&D policy"]);
        assert_eq!(xmp_items(xmp, "dc:creator"), ["A B", "Cé D"]);
        assert!(xmp_items("<dc:title>", "dc:title").is_empty());
    }
}
