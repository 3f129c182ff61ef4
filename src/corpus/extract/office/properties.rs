//! Document properties: what an Office file says of itself, as far as it says something.

use crate::corpus::extract::{Draft, fold};
use crate::corpus::metadata;
use crate::{BlockKind, Date, Origin};

/// Properties as files name them.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) title: String,
    pub(super) authors: Vec<String>,
    pub(super) keywords: Vec<String>,
    pub(super) language: String,
    pub(super) publisher: String,
    pub(super) url: String,
    /// When it was published, where the format has a field for that.
    pub(super) published: String,
    pub(super) created: String,
    pub(super) modified: String,
    /// Further ones by name: `description`, `subject`, ….
    pub(super) further: Vec<(&'static str, String)>,
}

/// The days that may lie between the creation and the last change of a file for the change to be
/// taken for its publication.
const FINISHED_WITHIN: i32 = 60;

/// Titles that programs put in by themselves, in lower case.
const TITLES: &[&str] = &[
    "untitled",
    "untitled document",
    "document",
    "title",
    "template",
    "normal",
    "word document",
    "microsoft word document",
    "powerpoint presentation",
    "powerpoint-präsentation",
    "présentation powerpoint",
    "presentación de powerpoint",
    "presentazione standard di powerpoint",
    "slide 1",
    "folie 1",
    "diapositive 1",
    "presentation",
    "präsentation",
    "présentation",
    "unbenannt",
    "sans titre",
    "sin título",
    "unknown",
    "none",
    "null",
    "n/a",
    "tbd",
    "no slide title",
    "kein folientitel",
    "spreadsheet",
    "book1",
    "mappe1",
    "classeur1",
];

/// Authors that programs put in by themselves, in lower case.
const AUTHORS: &[&str] = &[
    "user",
    "users",
    "author",
    "admin",
    "administrator",
    "unknown",
    "unbekannt",
    "owner",
    "microsoft",
    "microsoft office user",
    "microsoft office-benutzer",
    "windows user",
    "windows-benutzer",
    "utilisateur windows",
    "usuario de windows",
    "utente windows",
    "benutzer",
    "utilisateur",
    "usuario",
    "default",
    "none",
    "null",
    "n/a",
    "python-docx",
    "apache poi",
    "openpyxl",
    "xlsxwriter",
    "steve canny",
    "pandoc",
    "libreoffice",
    "openoffice.org",
    "pc",
    "hp",
    "dell",
    "lenovo",
    "acer",
    "root",
    "un-named",
    "unnamed",
];

impl Properties {
    /// Puts them into the metadata of a draft whose blocks are there. A title that the document
    /// shows as such goes before the one in the properties, which often is an earlier document's.
    pub(super) fn apply(self, draft: &mut Draft) {
        let shown = draft.blocks.iter().any(|block| block.kind == BlockKind::Title);
        let title = fold(&self.title);
        let mut facts: Vec<(String, serde_json::Value)> = Vec::new();
        let mut fact = |key: &str, value: serde_json::Value| facts.push((key.to_owned(), value));
        if is_title(&title) && !shown {
            fact("title", title.into());
        }
        let authors: Vec<String> =
            self.authors.iter().map(|author| fold(author)).filter(|a| is_author(a)).collect();
        match &authors[..] {
            [] => {}
            // One property may name several persons.
            [one] => fact("authors", one.clone().into()),
            _ => fact("authors", authors.into()),
        }
        let keywords: Vec<String> = self
            .keywords
            .iter()
            .flat_map(|words| words.split([';', ',']))
            .map(fold)
            .filter(|word| !word.is_empty())
            .collect();
        if !keywords.is_empty() {
            fact("tags", keywords.into());
        }
        if !self.language.trim().is_empty() {
            fact("language", self.language.as_str().into());
        }
        fact("publisher", self.publisher.into());
        fact("url", self.url.into());
        let published = match self.published.trim() {
            "" => finished(&self.created, &self.modified).unwrap_or_default(),
            published => published,
        };
        if !published.is_empty() {
            fact("date", published.into());
        }
        facts.retain(|(_, value)| !value.is_null() && *value != "");
        metadata::apply(draft, facts, Origin::Embedded);
        let extra = &mut draft.metadata.extra;
        let days = [("created", &self.created), ("modified", &self.modified)];
        for (key, value) in
            days.into_iter().chain(self.further.iter().map(|(key, value)| (*key, value)))
        {
            let value: String = fold(value).chars().take(4096).collect();
            if !value.is_empty() {
                extra.entry(key.to_owned()).or_insert(value);
            }
        }
    }
}

/// The last change, where it is likely to be the day of publication: later than the creation, as
/// where a person wrote, and not much later, as where an old document was written over. A program
/// that makes a file gives both the same time, which says when the file was made and no more.
fn finished<'a>(created: &str, modified: &'a str) -> Option<&'a str> {
    let (created, modified) = (created.trim(), modified.trim());
    let day = |time: &str| time.parse::<Date>().ok().map(|date| date.first_day());
    let (first, last) = (day(created)?, day(modified)?);
    let minutes = |time: &str| time.get(..16).map(str::to_owned);
    (minutes(created) != minutes(modified) && (0..=FINISHED_WITHIN).contains(&(last - first)))
        .then_some(modified)
}

fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let file = [
        ".doc", ".docx", ".dot", ".dotx", ".odt", ".rtf", ".pdf", ".ppt", ".pptx", ".xls", ".xlsx",
        ".txt", ".htm", ".html", ".indd", ".tmp", ".wpd",
    ];
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let numbered = |name: &str| {
        lower.strip_prefix(name).is_some_and(|rest| {
            rest.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '(' | ')'))
        })
    };
    letters >= 3
        && !TITLES.contains(&&*lower)
        && !file.iter().any(|ending| lower.ends_with(ending))
        && !["microsoft word", "microsoft powerpoint", "file:", "http://", "https://"]
            .iter()
            .any(|start| lower.starts_with(start))
        && !["document", "dokument", "presentation", "präsentation", "doc"]
            .into_iter()
            .any(numbered)
}

fn is_author(author: &str) -> bool {
    let lower = author.to_lowercase();
    author.chars().any(char::is_alphabetic) && !AUTHORS.contains(&&*lower)
}
