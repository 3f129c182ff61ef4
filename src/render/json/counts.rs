//! What is counted and listed over a whole result, as JSON: concordances, collocates, trends, terms,
//! facets.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{FORMAT_VERSION, JsonLine, NoteObject, milliseconds, note, rounded};
use crate::{
    Collocate, Collocates, Concordance, FacetCounts, KeyTerm, KeyTerms, KwicLine, Trend,
    TrendCount, TrendPeriod, TrendSeries,
};

/// A match in its context: [`KwicLine`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `KwicLine`
pub struct KwicLineObject<'a> {
    pub path: &'a str,
    pub title: Option<&'a str>,
    pub date: Option<String>,
    pub language: &'a str,
    pub source: Option<&'a str>,
    pub hash: &'a str,
    pub left: &'a str,
    pub text: &'a str,
    pub right: &'a str,
    pub start: usize,
    pub end: usize,
    pub line: Option<u32>,
    pub page: Option<u32>,
    pub page_label: Option<&'a str>,
    pub section: &'a [String],
}

/// The end of a concordance: [`Concordance`] without its lines.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Concordance`
pub struct ConcordanceObject<'a> {
    pub format_version: u32,
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub articles: u64,
    pub matches: u64,
    /// How many lines stand before this one.
    pub shown: usize,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// The words near matches: [`Collocates`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Collocates`
pub struct CollocatesObject<'a> {
    pub format_version: u32,
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub collocates: Vec<CollocateObject<'a>>,
    pub distinct: u64,
    pub articles: u64,
    pub matches: u64,
    pub near: u64,
    pub words: u64,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// A word near matches: [`Collocate`]; measures are rounded to four decimals.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Collocate`
pub struct CollocateObject<'a> {
    pub word: &'a str,
    pub count: u64,
    pub left: u64,
    pub right: u64,
    pub articles: u64,
    pub total: u64,
    pub log_likelihood: f64,
    pub log_dice: f64,
    pub pmi: f64,
}

/// Queries over time: [`Trend`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Trend`
pub struct TrendObject<'a> {
    pub format_version: u32,
    pub by: &'static str,
    pub per: Option<&'static str>,
    pub grouped: bool,
    pub periods: Vec<PeriodObject<'a>>,
    pub series: Vec<SeriesObject<'a>>,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// A period: [`TrendPeriod`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `TrendPeriod`
pub struct PeriodObject<'a> {
    pub label: &'a str,
    pub start: String,
    pub articles: Option<u64>,
    pub words: Option<u64>,
}

/// One query over time: [`TrendSeries`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `TrendSeries`
pub struct SeriesObject<'a> {
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub all: CountObject,
    pub undated: CountObject,
    pub vague: CountObject,
    pub folded: u64,
    pub points: Vec<PointObject>,
}

/// Articles and matches: [`TrendCount`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `TrendCount`
pub struct CountObject {
    pub articles: u64,
    pub matches: u64,
}

/// A query in one period: [`TrendPoint`](crate::TrendPoint).
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `TrendPoint`
pub struct PointObject {
    pub articles: u64,
    pub matches: u64,
    /// Rounded to four decimals.
    pub value: Option<f64>,
}

/// The words that set articles apart: [`KeyTerms`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `KeyTerms`
pub struct KeyTermsObject<'a> {
    pub format_version: u32,
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub terms: Vec<KeyTermObject<'a>>,
    pub articles: u64,
    pub read: u64,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// A word that sets articles apart: [`KeyTerm`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `KeyTerm`
pub struct KeyTermObject<'a> {
    pub word: &'a str,
    pub language: &'a str,
    pub articles: u64,
    pub total: u64,
    /// Rounded to four decimals.
    pub log_likelihood: f64,
}

/// The counts of one facet: [`FacetCounts`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `FacetCounts`
pub struct FacetObject<'a> {
    pub values: Vec<FacetValueObject<'a>>,
    pub distinct: u64,
    pub without: u64,
}

/// A value of a facet, and how many articles have it.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys say it
pub struct FacetValueObject<'a> {
    pub value: &'a str,
    pub articles: u64,
}

impl<'a> JsonLine<'a> {
    /// A line of a concordance.
    pub fn kwic_line(line: &'a KwicLine) -> JsonLine<'a> {
        JsonLine::KwicLine(KwicLineObject {
            path: &line.path,
            title: line.title.as_deref(),
            date: line.date.map(|date| date.to_string()),
            language: line.language.code(),
            source: line.source.as_deref(),
            hash: &line.hash,
            left: &line.left,
            text: &line.text,
            right: &line.right,
            start: line.start,
            end: line.end,
            line: line.line,
            page: line.page,
            page_label: line.page_label.as_deref(),
            section: &line.section,
        })
    }

    /// The figures of a concordance; its lines are lines of their own.
    pub fn concordance(found: &'a Concordance) -> JsonLine<'a> {
        JsonLine::Concordance(ConcordanceObject {
            format_version: FORMAT_VERSION,
            query: &found.query,
            notes: found.notes.iter().map(note).collect(),
            articles: found.articles,
            matches: found.matches,
            shown: found.lines.len(),
            elapsed_ms: milliseconds(found.elapsed),
            generation: found.generation,
        })
    }

    /// The words near matches.
    pub fn collocates(found: &'a Collocates) -> JsonLine<'a> {
        JsonLine::Collocates(CollocatesObject {
            format_version: FORMAT_VERSION,
            query: &found.query,
            notes: found.notes.iter().map(note).collect(),
            collocates: found.collocates.iter().map(collocate).collect(),
            distinct: found.distinct,
            articles: found.articles,
            matches: found.matches,
            near: found.near,
            words: found.words,
            elapsed_ms: milliseconds(found.elapsed),
            generation: found.generation,
        })
    }

    /// Queries over time.
    pub fn trend(trend: &'a Trend) -> JsonLine<'a> {
        JsonLine::Trend(TrendObject {
            format_version: FORMAT_VERSION,
            by: trend.by.name(),
            per: trend.per.map(|per| per.name()),
            grouped: trend.grouped,
            periods: trend.periods.iter().map(period).collect(),
            series: trend.series.iter().map(series).collect(),
            elapsed_ms: milliseconds(trend.elapsed),
            generation: trend.generation,
        })
    }

    /// The words that set articles apart.
    pub fn key_terms(found: &'a KeyTerms) -> JsonLine<'a> {
        JsonLine::KeyTerms(KeyTermsObject {
            format_version: FORMAT_VERSION,
            query: &found.query,
            notes: found.notes.iter().map(note).collect(),
            terms: found.terms.iter().map(key_term).collect(),
            articles: found.articles,
            read: found.read,
            elapsed_ms: milliseconds(found.elapsed),
            generation: found.generation,
        })
    }
}

fn collocate(it: &Collocate) -> CollocateObject<'_> {
    CollocateObject {
        word: &it.word,
        count: it.count,
        left: it.left,
        right: it.right,
        articles: it.articles,
        total: it.total,
        log_likelihood: rounded(it.log_likelihood, 1e4),
        log_dice: rounded(it.log_dice, 1e4),
        pmi: rounded(it.pmi, 1e4),
    }
}

fn period(period: &TrendPeriod) -> PeriodObject<'_> {
    PeriodObject {
        label: &period.label,
        start: period.start.to_string(),
        articles: period.articles,
        words: period.words,
    }
}

fn series(series: &TrendSeries) -> SeriesObject<'_> {
    let count =
        |count: TrendCount| CountObject { articles: count.articles, matches: count.matches };
    let points = series.points.iter().map(|point| PointObject {
        articles: point.count.articles,
        matches: point.count.matches,
        value: point.value.map(|value| rounded(value, 1e4)),
    });
    SeriesObject {
        query: &series.query,
        notes: series.notes.iter().map(note).collect(),
        all: count(series.all),
        undated: count(series.undated),
        vague: count(series.vague),
        folded: series.folded,
        points: points.collect(),
    }
}

fn key_term(term: &KeyTerm) -> KeyTermObject<'_> {
    KeyTermObject {
        word: &term.word,
        language: term.language.code(),
        articles: term.articles,
        total: term.total,
        log_likelihood: rounded(term.log_likelihood, 1e4),
    }
}

/// The counts of facets, by their names.
pub(super) fn facets(facets: &[FacetCounts]) -> BTreeMap<&'static str, FacetObject<'_>> {
    facets.iter().map(|counts| (counts.facet.name(), facet(counts))).collect()
}

pub(super) fn facet(counts: &FacetCounts) -> FacetObject<'_> {
    let values = counts.values.iter();
    FacetObject {
        values: values
            .map(|(value, articles)| FacetValueObject { value, articles: *articles })
            .collect(),
        distinct: counts.distinct,
        without: counts.without,
    }
}
