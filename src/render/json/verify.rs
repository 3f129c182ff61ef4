//! What was found of quotations, as JSON.

use std::time::Duration;

use serde::Serialize;

use super::{FORMAT_VERSION, JsonLine, milliseconds, pair, rounded};
use crate::{Agreement, Difference, DraftQuotation, PlacedPart, Verification, VerifiedPlace};

/// Whether a quotation stands in the corpus, and where: [`Verification`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Verification`
pub struct VerificationObject<'a> {
    pub format_version: u32,
    pub quotation: &'a str,
    pub words: usize,
    pub agreement: &'static str,
    pub omissions: usize,
    pub insertions: &'a [String],
    pub occurrences: u64,
    pub articles: u64,
    pub complete: bool,
    pub places: Vec<VerifiedPlaceObject<'a>>,
    /// Where it stands in the draft; null where it is of none.
    pub draft: Option<DraftPlaceObject>,
}

/// Where a quotation stands in a draft: [`DraftQuotation`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `DraftQuotation`
pub struct DraftPlaceObject {
    /// `marks` or `block`.
    pub form: &'static str,
    pub start: usize,
    pub end: usize,
    pub line: Option<u32>,
    pub page: Option<u32>,
}

/// A place where a quotation stands, or nearly: [`VerifiedPlace`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `VerifiedPlace`
pub struct VerifiedPlaceObject<'a> {
    pub agreement: &'static str,
    /// Rounded to four decimals.
    pub similarity: f64,
    pub path: &'a str,
    pub title: &'a str,
    pub date: Option<String>,
    /// `und` where it is unknown.
    pub language: &'a str,
    pub source: Option<&'a str>,
    pub url: Option<&'a str>,
    pub hash: &'a str,
    pub parts: Vec<PlacedPartObject<'a>>,
    pub typography: Vec<&'static str>,
    pub differences: Vec<DifferenceObject<'a>>,
    pub blocks: usize,
}

/// A stretch of an article that a part of a quotation stands for: [`PlacedPart`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `PlacedPart`
pub struct PlacedPartObject<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    pub line: Option<u32>,
    pub page: Option<u32>,
    pub page_label: Option<&'a str>,
    pub section: &'a [String],
}

/// Where a quotation and an article differ: [`Difference`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Difference`
pub struct DifferenceObject<'a> {
    pub kind: &'static str,
    pub quoted: &'a str,
    pub article: &'a str,
    pub quoted_range: [usize; 2],
    pub article_range: [usize; 2],
}

/// The end of a verification of one quotation or of a draft.
#[derive(Debug, Serialize)]
pub struct VerificationSummaryObject<'a> {
    /// The version of the JSON output.
    pub format_version: u32,
    /// The draft; null where a single quotation was verified.
    pub draft: Option<&'a str>,
    /// How many quotations were verified.
    pub quotations: usize,
    /// How many of them are `exact`, and so on.
    pub exact: usize,
    /// Equal but for typography.
    pub typography: usize,
    /// Near.
    pub near: usize,
    /// Absent.
    pub absent: usize,
    /// How long it took.
    pub elapsed_ms: f64,
    /// The generation of the index.
    pub generation: u64,
}

impl<'a> JsonLine<'a> {
    /// Whether a quotation, of a draft if it is of one, stands in the corpus.
    pub fn verification(
        verification: &'a Verification,
        of_draft: Option<&DraftQuotation>,
    ) -> JsonLine<'a> {
        JsonLine::Verification(VerificationObject {
            format_version: FORMAT_VERSION,
            quotation: &verification.quotation,
            words: verification.words,
            agreement: verification.agreement.name(),
            omissions: verification.omissions,
            insertions: &verification.insertions,
            occurrences: verification.occurrences,
            articles: verification.articles,
            complete: verification.complete,
            places: verification.places.iter().map(place).collect(),
            draft: of_draft.map(|quotation| DraftPlaceObject {
                form: quotation.form.name(),
                start: quotation.start,
                end: quotation.end,
                line: quotation.line,
                page: quotation.page,
            }),
        })
    }

    /// The figures of a verification; its quotations are lines of their own.
    pub fn verification_summary(
        draft: Option<&'a str>,
        verifications: &[Verification],
        elapsed: Duration,
        generation: u64,
    ) -> JsonLine<'a> {
        let count = |agreement: Agreement| {
            verifications.iter().filter(|it| it.agreement == agreement).count()
        };
        JsonLine::VerificationSummary(VerificationSummaryObject {
            format_version: FORMAT_VERSION,
            draft,
            quotations: verifications.len(),
            exact: count(Agreement::Exact),
            typography: count(Agreement::Typography),
            near: count(Agreement::Near),
            absent: count(Agreement::Absent),
            elapsed_ms: milliseconds(elapsed),
            generation,
        })
    }
}

fn place(place: &VerifiedPlace) -> VerifiedPlaceObject<'_> {
    VerifiedPlaceObject {
        agreement: place.agreement.name(),
        similarity: rounded(place.similarity, 1e4),
        path: &place.path,
        title: &place.title,
        date: place.date.map(|date| date.to_string()),
        language: place.language.code(),
        source: place.source.as_deref(),
        url: place.url.as_deref(),
        hash: &place.hash,
        parts: place.parts.iter().map(part).collect(),
        typography: place.typography.iter().map(|way| way.name()).collect(),
        differences: place.differences.iter().map(difference).collect(),
        blocks: place.blocks,
    }
}

fn part(part: &PlacedPart) -> PlacedPartObject<'_> {
    PlacedPartObject {
        text: &part.text,
        start: part.start,
        end: part.end,
        line: part.line,
        page: part.page,
        page_label: part.page_label.as_deref(),
        section: &part.section,
    }
}

fn difference(difference: &Difference) -> DifferenceObject<'_> {
    DifferenceObject {
        kind: difference.kind.name(),
        quoted: &difference.quoted,
        article: &difference.article,
        quoted_range: pair(&difference.quoted_range),
        article_range: pair(&difference.article_range),
    }
}
