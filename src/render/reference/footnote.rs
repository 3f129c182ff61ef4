//! Markdown footnotes.

use std::io::{self, Write};

use super::{clean, url};
use crate::reference::{AuthorName, CitedQuotation, Reference};

pub(super) fn write(out: &mut impl Write, reference: &Reference) -> io::Result<()> {
    let key = &reference.key;
    if reference.quotations.is_empty() {
        return writeln!(out, "[^{key}]: {}", note(reference, None));
    }
    for (number, quotation) in reference.quotations.iter().enumerate() {
        let number = if number == 0 { String::new() } else { format!("-{}", number + 1) };
        writeln!(out, "[^{key}{number}]: {}", note(reference, Some(quotation)))?;
    }
    Ok(())
}

/// The text of a footnote.
fn note(reference: &Reference, quotation: Option<&CitedQuotation>) -> String {
    let authors: Vec<String> = reference.authors.iter().map(name).collect();
    let mut note = String::new();
    if !authors.is_empty() {
        note = format!("{}, ", authors.join(", "));
    }
    note.push_str(&format!("“{}”", escaped(&reference.title)));
    if let Some(source) = &reference.source {
        note.push_str(&format!(", *{}*", escaped(source)));
    }
    if let Some(date) = reference.date {
        note.push_str(&format!(", {date}"));
    }
    if let Some(quotation) = quotation {
        let place = quotation.pinpoint.words();
        if !place.is_empty() {
            note.push_str(&format!(", {}", escaped(&place)));
        }
        note.push_str(&format!(": “{}”", escaped(&quotation.text)));
    }
    note.push('.');
    match &reference.url {
        // What is no address of the web is no link.
        Some(address) if address.starts_with("http://") || address.starts_with("https://") => {
            note.push_str(&format!(" <{}>", url(address)));
        }
        Some(address) => note.push_str(&format!(" {}", escaped(address))),
        None => {}
    }
    note.push_str(&format!(
        " (accessed {}; {}, {})",
        reference.accessed,
        escaped(&reference.path),
        reference.hash
    ));
    note
}

fn name(name: &AuthorName) -> String {
    match name {
        AuthorName::Person { family, given } => escaped(&format!("{given} {family}")),
        AuthorName::Literal(name) => escaped(name),
    }
}

/// A text in which nothing is Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        // An underscore or a colon may make a link in extensions; all ASCII marks take a backslash.
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '^'
                | '$'
                | '&'
                | '!'
                | '@'
                | '='
                | '+'
                | '"'
                | '\''
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
