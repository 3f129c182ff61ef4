//! Alerts and reports, as JSON.

use serde::Serialize;

use super::counts::FacetObject;
use super::{FORMAT_VERSION, JsonLine, NoteObject, counts, milliseconds, note};
use crate::alerts::{Alert, AlertHit, Alerts};
use crate::render::atom::Time;
use crate::report::{Report, ReportQuery, ReportRow};
use crate::search::FacetCounts;

/// An article that an alert shows: [`AlertHit`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `AlertHit`
pub struct AlertHitObject<'a> {
    /// The name of the saved query.
    pub name: &'a str,
    pub changed: bool,
    /// As RFC 3339 has it, in UTC; null where the article was only marked.
    pub noticed: Option<String>,
    /// An object of the type `hit`.
    pub hit: Box<JsonLine<'a>>,
}

/// What is new for one saved query: [`Alert`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Alert`
pub struct AlertObject<'a> {
    pub name: &'a str,
    pub query: &'a str,
    pub note: Option<&'a str>,
    pub notes: Vec<NoteObject<'a>>,
    pub articles: u64,
    pub new: u64,
    pub changed: u64,
    pub left: u64,
    /// How many articles stand before this line.
    pub shown: usize,
}

/// The end of a look: [`Alerts`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are sums of those of `Alert`
pub struct AlertsObject {
    pub format_version: u32,
    pub queries: usize,
    pub new: u64,
    pub changed: u64,
    pub left: u64,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// One query in one period: [`ReportRow`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `ReportRow`
pub struct ReportRowObject<'a> {
    /// The name of the saved query.
    pub name: &'a str,
    pub period: &'a str,
    pub start: String,
    pub articles: u64,
    pub matches: u64,
    pub facet: Option<FacetObject<'a>>,
    /// An object of the type `hit`; null where nothing matches.
    pub best: Option<Box<JsonLine<'a>>>,
}

/// One query of a report: [`ReportQuery`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `ReportQuery`
pub struct ReportQueryObject<'a> {
    pub name: &'a str,
    pub query: &'a str,
    #[serde(rename = "match")]
    pub matching: &'a str,
    pub note: Option<&'a str>,
    pub notes: Vec<NoteObject<'a>>,
    pub articles: u64,
    pub matches: u64,
    /// Articles without a date.
    pub undated: u64,
    /// Articles whose date does not say the period.
    pub vague: u64,
    pub folded: u64,
    pub facet: Option<FacetObject<'a>>,
}

/// The end of a report: [`Report`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Report`
pub struct ReportObject<'a> {
    pub format_version: u32,
    pub file: &'a str,
    pub by: &'a str,
    /// The fact that articles are counted by; null where none was asked for.
    pub facet: Option<&'a str>,
    pub grouped: bool,
    pub date: String,
    pub queries: usize,
    pub articles: u64,
    pub fingerprint: &'a str,
    pub generation: u64,
    pub vocabulary: &'a str,
    pub version: &'a str,
    /// How the report was made, sentence by sentence.
    pub methods: Vec<String>,
}

impl<'a> JsonLine<'a> {
    /// An article that an alert shows.
    pub fn alert_hit(name: &'a str, it: &'a AlertHit) -> JsonLine<'a> {
        JsonLine::AlertHit(AlertHitObject {
            name,
            changed: it.changed,
            noticed: (it.noticed > 0).then(|| Time(it.noticed).to_string()),
            hit: Box::new(JsonLine::hit(&it.hit)),
        })
    }

    /// What is new for one saved query; its hits are lines of their own.
    pub fn alert(alert: &'a Alert) -> JsonLine<'a> {
        JsonLine::Alert(AlertObject {
            name: &alert.name,
            query: &alert.query,
            note: alert.note.as_deref(),
            notes: alert.notes.iter().map(note).collect(),
            articles: alert.articles,
            new: alert.new,
            changed: alert.changed,
            left: alert.left,
            shown: alert.hits.len(),
        })
    }

    /// The end of a look.
    pub fn alerts(alerts: &Alerts) -> JsonLine<'a> {
        let sum = |of: fn(&Alert) -> u64| alerts.queries.iter().map(of).sum();
        JsonLine::Alerts(AlertsObject {
            format_version: FORMAT_VERSION,
            queries: alerts.queries.len(),
            new: sum(|it| it.new),
            changed: sum(|it| it.changed),
            left: sum(|it| it.left),
            elapsed_ms: milliseconds(alerts.elapsed),
            generation: alerts.generation,
        })
    }

    /// One query of a report in one period.
    pub fn report_row(name: &'a str, row: &'a ReportRow) -> JsonLine<'a> {
        JsonLine::ReportRow(ReportRowObject {
            name,
            period: &row.period,
            start: row.start.to_string(),
            articles: row.count.articles,
            matches: row.count.matches,
            facet: facet(row.facet.as_ref()),
            best: row.best.as_ref().map(|hit| Box::new(JsonLine::hit(hit))),
        })
    }

    /// One query of a report; its periods are lines of their own.
    pub fn report_query(query: &'a ReportQuery) -> JsonLine<'a> {
        JsonLine::ReportQuery(ReportQueryObject {
            name: &query.name,
            query: &query.query,
            matching: query.matching.name(),
            note: query.note.as_deref(),
            notes: query.notes.iter().map(note).collect(),
            articles: query.all.articles,
            matches: query.all.matches,
            undated: query.undated.articles,
            vague: query.vague.articles,
            folded: query.folded,
            facet: facet(query.facet.as_ref()),
        })
    }

    /// The end of a report.
    pub fn report(report: &'a Report) -> JsonLine<'a> {
        JsonLine::Report(ReportObject {
            format_version: FORMAT_VERSION,
            file: &report.file,
            by: report.options.by.name(),
            facet: report.options.facet.map(|facet| facet.name()),
            grouped: report.options.group,
            date: report.options.today.to_string(),
            queries: report.queries.len(),
            articles: report.articles,
            fingerprint: &report.fingerprint,
            generation: report.generation,
            vocabulary: &report.vocabulary,
            version: report.version,
            methods: report.methods(),
        })
    }
}

fn facet(counts: Option<&FacetCounts>) -> Option<FacetObject<'_>> {
    counts.map(counts::facet)
}
