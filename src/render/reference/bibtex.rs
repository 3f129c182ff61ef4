//! BibTeX.

use std::io::{self, Write};

use super::{clean, quoted, url};
use crate::reference::{AuthorName, Reference, ReferenceKind};

pub(super) fn write(out: &mut impl Write, reference: &Reference) -> io::Result<()> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    // Braces in braces keep styles from taking the capitals of a title away.
    fields.push(("title", format!("{{{}}}", escaped(&reference.title))));
    let authors: Vec<String> = reference.authors.iter().map(name).collect();
    if !authors.is_empty() {
        fields.push(("author", authors.join(" and ")));
    }
    if let Some(date) = reference.date {
        fields.push(("year", date.year().to_string()));
        fields.push(("date", date.to_string()));
    }
    if let Some(source) = &reference.source {
        let name = match reference.kind {
            kind if kind.bibtex() == "article" => "journal",
            ReferenceKind::Report => "institution",
            ReferenceKind::Thesis => "school",
            ReferenceKind::Book => "publisher",
            _ => "howpublished",
        };
        fields.push((name, escaped(source)));
    }
    fields.extend(reference.genre.iter().map(|genre| ("type", escaped(genre))));
    // What BibLaTeX reads as it stands is not escaped.
    fields.extend(reference.url.iter().map(|address| ("url", url(address))));
    fields.push(("urldate", reference.accessed.to_string()));
    fields.extend(reference.language.iter().map(|it| ("langid", it.code().to_owned())));
    if !reference.tags.is_empty() {
        fields.push(("keywords", escaped(&reference.tags.join(", "))));
    }
    let quotations: Vec<String> =
        reference.quotations.iter().map(|it| escaped(&quoted(it))).collect();
    if !quotations.is_empty() {
        fields.push(("annote", quotations.join("; ")));
    }
    fields.push(("path", escaped(&reference.path)));
    fields.push(("hash", reference.hash.clone()));
    writeln!(out, "@{}{{{},", reference.kind.bibtex(), reference.key)?;
    for (name, value) in fields {
        writeln!(out, "  {name} = {{{value}}},")?;
    }
    writeln!(out, "}}\n")
}

fn name(name: &AuthorName) -> String {
    match name {
        AuthorName::Person { family, given } => format!("{}, {}", escaped(family), escaped(given)),
        AuthorName::Literal(name) => format!("{{{}}}", escaped(name)),
    }
}

/// A text in which nothing is a command of TeX. BibTeX counts braces whatever stands before them,
/// so that they are written by name.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        // Two of these in a row are another character in TeX: a longer dash, a double quote.
        if matches!(c, '-' | '\'' | ',' | '<' | '>') && escaped.ends_with(c) {
            escaped.push_str("{}");
        }
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '`' => escaped.push_str("\\textasciigrave{}"),
            '"' => escaped.push_str("\\textquotedbl{}"),
            '#' | '$' | '%' | '&' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
