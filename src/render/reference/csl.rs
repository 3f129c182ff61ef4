//! CSL-JSON, as the schema of the Citation Style Language describes its items.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::PrettyFormatter;

use crate::Date;
use crate::reference::{AuthorName, CitedQuotation, Reference, ReferenceKind};
use crate::render::json::CitedQuotationObject;
use crate::safe::is_unsafe;

/// An item. The keys are those of the schema; `custom` is where it wants all others.
#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Name<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Parts>,
    accessed: Parts,
    #[serde(rename = "container-title", skip_serializing_if = "Option::is_none")]
    container_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    genre: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jurisdiction: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<String>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    /// The place of the first quotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    locator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annote: Option<String>,
    custom: Custom<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Name<'a> {
    Person { family: &'a str, given: &'a str },
    Literal { literal: &'a str },
}

#[derive(Serialize)]
struct Parts {
    #[serde(rename = "date-parts")]
    date_parts: [Vec<i32>; 1],
}

#[derive(Serialize)]
struct Custom<'a> {
    path: &'a str,
    hash: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quotations: Vec<Quotation<'a>>,
}

#[derive(Serialize)]
struct Quotation<'a> {
    #[serde(flatten)]
    quotation: CitedQuotationObject<'a>,
    /// The locator with the label that a cite takes.
    locator: Option<String>,
    label: Option<&'static str>,
}

pub(super) fn write(out: &mut impl Write, references: &[Reference]) -> io::Result<()> {
    let items: Vec<Item> = references.iter().map(item).collect();
    let mut json = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"  ");
    items.serialize(&mut serde_json::Serializer::with_formatter(&mut json, formatter))?;
    // Outside of strings JSON is ASCII: what is not safe stands in one.
    for c in String::from_utf8_lossy(&json).chars() {
        if is_unsafe(c) && c != '\n' {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        } else {
            write!(out, "{c}")?;
        }
    }
    writeln!(out)
}

fn item(reference: &Reference) -> Item<'_> {
    let container = reference.kind.has_container();
    let source = reference.source.as_deref();
    let of_law = reference.kind == ReferenceKind::Legislation;
    let quotations: Vec<Quotation> =
        reference.quotations.iter().map(|it| quotation(it, of_law)).collect();
    let annote: Vec<String> = reference.quotations.iter().map(super::quoted).collect();
    Item {
        id: &reference.key,
        kind: reference.kind.csl(),
        title: &reference.title,
        author: reference.authors.iter().map(name).collect(),
        issued: reference.date.map(parts),
        accessed: parts(reference.accessed),
        container_title: source.filter(|_| container),
        publisher: source.filter(|_| !container),
        genre: reference.genre.as_deref(),
        language: reference.language.as_ref().map(|language| language.code()),
        jurisdiction: reference.jurisdiction.as_deref(),
        keyword: (!reference.tags.is_empty()).then(|| reference.tags.join(", ")),
        url: reference.url.as_deref(),
        locator: quotations.first().and_then(|first| first.locator.clone()),
        annote: (!annote.is_empty()).then(|| annote.join("; ")),
        custom: Custom { path: &reference.path, hash: &reference.hash, quotations },
    }
}

fn quotation(quotation: &CitedQuotation, of_law: bool) -> Quotation<'_> {
    let locator = quotation.pinpoint.locator(of_law);
    Quotation {
        quotation: CitedQuotationObject::of(quotation),
        label: locator.as_ref().map(|locator| locator.label),
        locator: locator.map(|locator| locator.value),
    }
}

fn name(name: &AuthorName) -> Name<'_> {
    match name {
        AuthorName::Person { family, given } => Name::Person { family, given },
        AuthorName::Literal(name) => Name::Literal { literal: name },
    }
}

fn parts(date: Date) -> Parts {
    let mut parts = vec![i32::from(date.year())];
    parts.extend(date.month().map(i32::from));
    parts.extend(date.day().map(i32::from));
    Parts { date_parts: [parts] }
}
