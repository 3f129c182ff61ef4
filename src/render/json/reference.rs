//! References, as JSON in our own words.

use serde::Serialize;

use super::{FORMAT_VERSION, JsonLine};
use crate::reference::{AuthorName, CitedQuotation, Reference};

/// An article as a bibliography names it: [`Reference`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Reference`
pub struct ReferenceObject<'a> {
    pub format_version: u32,
    pub key: &'a str,
    /// The type in CSL.
    pub csl_type: &'static str,
    pub kind: Option<&'a str>,
    pub path: &'a str,
    pub title: &'a str,
    pub authors: Vec<AuthorObject<'a>>,
    pub date: Option<String>,
    pub language: Option<&'a str>,
    pub source: Option<&'a str>,
    pub url: Option<&'a str>,
    pub jurisdiction: Option<&'a str>,
    pub tags: &'a [String],
    pub hash: &'a str,
    pub accessed: String,
    pub quotations: Vec<CitedQuotationObject<'a>>,
}

/// Who wrote an article: [`AuthorName`].
#[derive(Debug, Serialize)]
pub struct AuthorObject<'a> {
    /// The family name, or the whole of a name that is not parted.
    pub family: &'a str,
    /// The given names.
    pub given: Option<&'a str>,
}

/// What is quoted, and where it stands: [`CitedQuotation`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `CitedQuotation` and `Pinpoint`
pub struct CitedQuotationObject<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    pub page: Option<&'a str>,
    pub provision: Option<&'a str>,
    pub paragraph: Option<u32>,
    pub line: Option<u32>,
    pub section: &'a [String],
}

impl<'a> JsonLine<'a> {
    /// A reference.
    pub fn reference(reference: &'a Reference) -> JsonLine<'a> {
        JsonLine::Reference(ReferenceObject {
            format_version: FORMAT_VERSION,
            key: &reference.key,
            csl_type: reference.kind.csl(),
            kind: reference.genre.as_deref(),
            path: &reference.path,
            title: &reference.title,
            authors: reference.authors.iter().map(author).collect(),
            date: reference.date.map(|date| date.to_string()),
            language: reference.language.as_ref().map(|language| language.code()),
            source: reference.source.as_deref(),
            url: reference.url.as_deref(),
            jurisdiction: reference.jurisdiction.as_deref(),
            tags: &reference.tags,
            hash: &reference.hash,
            accessed: reference.accessed.to_string(),
            quotations: reference.quotations.iter().map(CitedQuotationObject::of).collect(),
        })
    }
}

fn author(name: &AuthorName) -> AuthorObject<'_> {
    AuthorObject { family: name.family(), given: name.given() }
}

impl<'a> CitedQuotationObject<'a> {
    pub(in crate::render) fn of(quotation: &'a CitedQuotation) -> CitedQuotationObject<'a> {
        let pinpoint = &quotation.pinpoint;
        CitedQuotationObject {
            text: &quotation.text,
            start: quotation.start,
            end: quotation.end,
            page: pinpoint.page.as_deref(),
            provision: pinpoint.provision.as_deref(),
            paragraph: pinpoint.paragraph,
            line: pinpoint.line,
            section: &pinpoint.section,
        }
    }
}
