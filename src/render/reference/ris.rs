//! RIS: a line a field, with a tag of two characters.

use std::io::{self, Write};

use super::{clean, quoted};
use crate::Date;
use crate::reference::{AuthorName, Reference};

pub(super) fn write(out: &mut impl Write, reference: &Reference) -> io::Result<()> {
    let mut line = |tag: &str, value: &str| write!(out, "{tag}  - {}\r\n", clean(value));
    line("TY", reference.kind.ris())?;
    line("ID", &reference.key)?;
    line("TI", &reference.title)?;
    for author in &reference.authors {
        match author {
            AuthorName::Person { family, given } => line("AU", &format!("{family}, {given}"))?,
            AuthorName::Literal(name) => line("AU", name)?,
        }
    }
    if let Some(date) = reference.date {
        line("PY", &date.year().to_string())?;
        line("DA", &day(date))?;
    }
    if let Some(source) = &reference.source {
        line(if reference.kind.has_container() { "T2" } else { "PB" }, source)?;
    }
    if let Some(genre) = &reference.genre {
        line("M3", genre)?;
    }
    if let Some(language) = &reference.language {
        line("LA", language.code())?;
    }
    if let Some(url) = &reference.url {
        line("UR", url)?;
    }
    line("Y2", &day(reference.accessed))?;
    for tag in &reference.tags {
        line("KW", tag)?;
    }
    for quotation in &reference.quotations {
        line("N1", &quoted(quotation))?;
    }
    line("C1", &reference.path)?;
    line("C2", &reference.hash)?;
    line("ER", "")?;
    write!(out, "\r\n")
}

/// `2024/08/01/`; what is not known of a date is left out, the slashes are not.
fn day(date: Date) -> String {
    let part = |part: Option<i8>| part.map_or(String::new(), |part| format!("{part:02}"));
    format!("{}/{}/{}/", date.year(), part(date.month()), part(date.day()))
}
