//! Reports: saved queries counted by period and by a fact of the articles, with the best quotation of
//! each period and all that is needed to make the report again.

use std::time::Duration;

use crate::query::Note;
use crate::saved::SavedQueries;
use crate::search::{
    Facet, FacetCounts, Hit, Matching, Period, SearchOptions, Searcher, TrendCount, TrendOptions,
};
use crate::{Date, Result, Vocabulary};

/// How a report is made.
///
/// ```
/// use polidex::{Facet, Period, ReportOptions};
///
/// let options = ReportOptions {
///     by: Period::Year,
///     facet: Some(Facet::Language),
///     ..ReportOptions::on("2025-11-25".parse().unwrap())
/// };
/// assert!(options.group);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOptions {
    /// The length of a period.
    pub by: Period,
    /// The fact that the articles of each period are counted by, too.
    pub facet: Option<Facet>,
    /// How many values of it are told of each period, the most frequent first.
    pub facet_values: usize,
    /// Whether near-copies count once, as the earliest of them.
    pub group: bool,
    /// How many words a wildcard or a fuzzy word may stand for.
    pub max_expansions: usize,
    /// How long counting one query may take: no limit by default. A report is whole or none.
    pub timeout: Option<Duration>,
    /// The day of the report; relative dates in queries count from it.
    pub today: Date,
}

impl ReportOptions {
    /// The defaults, on this day.
    pub fn on(today: Date) -> ReportOptions {
        let SearchOptions { facet_values, max_expansions, .. } = SearchOptions::default();
        ReportOptions {
            by: Period::Quarter,
            facet: None,
            facet_values,
            group: true,
            max_expansions,
            timeout: None,
            today,
        }
    }
}

/// Saved queries counted over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The queries, in the order of the file.
    pub queries: Vec<ReportQuery>,
    /// How it was made.
    pub options: ReportOptions,
    /// The file of the queries.
    pub file: String,
    /// How many articles the index has.
    pub articles: u64,
    /// What tells these articles from any others: see [`Searcher::fingerprint`].
    pub fingerprint: String,
    /// The generation of the index.
    pub generation: u64,
    /// The fingerprint of the vocabulary that gave the concepts: see [`Vocabulary::fingerprint`].
    pub vocabulary: String,
    /// The version of polidex.
    pub version: &'static str,
}

/// One query of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportQuery {
    /// Its name.
    pub name: String,
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// How many of the words side by side an article must have.
    pub matching: Matching,
    /// What its owner says of it.
    pub note: Option<String>,
    /// What the reader should know about how it was read and answered.
    pub notes: Vec<Note>,
    /// All that is counted, those without a period included.
    pub all: TrendCount,
    /// Of these, articles without a date.
    pub undated: TrendCount,
    /// Of these, articles whose date does not say the period.
    pub vague: TrendCount,
    /// How many near-copies were left out.
    pub folded: u64,
    /// All that is counted, by the fact.
    pub facet: Option<FacetCounts>,
    /// The periods from the first to the last in which an article matches, empty ones included.
    pub rows: Vec<ReportRow>,
}

/// One query in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRow {
    /// The period: `2024-08`, `2024-Q3` or `2024`.
    pub period: String,
    /// Its first day.
    pub start: Date,
    /// What is counted.
    pub count: TrendCount,
    /// The articles by the fact.
    pub facet: Option<FacetCounts>,
    /// The article with the best passage, which is its first; none where nothing matches.
    pub best: Option<Hit>,
}

impl Searcher {
    /// Makes a report of saved queries, which were read with the concepts of `vocabulary`.
    ///
    /// Errors: those of [`Searcher::trend`].
    ///
    /// ```
    /// use polidex::{
    ///     Article, Block, BlockKind, Index, Period, ReportOptions, SavedQueries, Vocabulary,
    /// };
    ///
    /// let index = Index::in_memory()?;
    /// for (path, date) in [("a", "2021-05-01"), ("b", "2023-02-03")] {
    ///     let block = Block::new(BlockKind::Paragraph, format!("Cloud number {path}."));
    ///     let mut article = Article::new(path, vec![block]);
    ///     article.metadata.date = date.parse().ok();
    ///     index.add([article])?;
    /// }
    /// let vocabulary = Vocabulary::shipped();
    /// let saved = SavedQueries::read("own.toml", "[clouds]\nquery = 'cloud'\n", vocabulary)?;
    /// let mut options = ReportOptions::on("2025-11-25".parse().unwrap());
    /// options.by = Period::Year;
    /// let report = index.searcher()?.report(&saved, vocabulary, &options)?;
    /// let counts = report.queries[0].rows.iter().map(|row| (&*row.period, row.count.articles));
    /// assert_eq!(counts.collect::<Vec<_>>(), [("2021", 1), ("2022", 0), ("2023", 1)]);
    /// assert_eq!(report.queries[0].rows[2].best.as_ref().unwrap().path, "b");
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn report(
        &self,
        saved: &SavedQueries,
        vocabulary: &Vocabulary,
        options: &ReportOptions,
    ) -> Result<Report> {
        let trend =
            TrendOptions { by: options.by, group: options.group, ..TrendOptions::default() };
        let mut queries = Vec::with_capacity(saved.queries.len());
        for query in &saved.queries {
            let search = SearchOptions {
                matching: query.matching,
                facet_values: options.facet_values,
                max_expansions: options.max_expansions,
                timeout: options.timeout,
                today: options.today,
                passages: 1,
                ..SearchOptions::default()
            };
            let found = self.breakdown(&query.query, &search, &trend, options.facet)?;
            let Some(series) = found.trend.series.into_iter().next() else { continue };
            let points = found.trend.periods.into_iter().zip(series.points).zip(found.periods);
            let rows = points.map(|((period, point), more)| ReportRow {
                period: period.label,
                start: period.start,
                count: point.count,
                facet: more.facet,
                best: more.best,
            });
            queries.push(ReportQuery {
                name: query.name.clone(),
                query: query.query.to_string(),
                matching: query.matching,
                note: query.note.clone(),
                notes: series.notes,
                all: series.all,
                undated: series.undated,
                vague: series.vague,
                folded: series.folded,
                facet: found.all,
                rows: rows.collect(),
            });
        }
        Ok(Report {
            queries,
            options: options.clone(),
            file: saved.file.clone(),
            articles: self.article_count(),
            fingerprint: self.fingerprint()?,
            generation: self.generation(),
            vocabulary: vocabulary.fingerprint(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}

impl Report {
    /// How the report was made, so that it can be made again: a sentence each, with the queries as
    /// they were read.
    pub fn methods(&self) -> Vec<String> {
        let ReportOptions { by, facet, facet_values, group, max_expansions, today, .. } =
            &self.options;
        let mut said = vec![format!(
            "Made with polidex {} on {today} from {} articles (corpus fingerprint {}: BLAKE3 over the \
             hash and path of each, in the order of paths), index generation {}.",
            self.version, self.articles, self.fingerprint, self.generation
        )];
        said.push(format!(
            "Articles are counted by {} in which all days lie that they may have been published on; \
             those without a date, or with one that does not say the {}, are told apart.",
            by.name(),
            by.name()
        ));
        said.push(match group {
            true => "Near-copies count once, as the earliest of them.".to_owned(),
            false => "Near-copies count each.".to_owned(),
        });
        if let Some(facet) = facet {
            said.push(format!(
                "Of each period the {facet_values} most frequent values of {} are told.",
                facet.name()
            ));
        }
        said.push(format!(
            "The quotation of a period is the best passage of the article that ranks first in it. A \
             wildcard may stand for {max_expansions} words."
        ));
        said.push(format!("Concepts are those of the vocabulary {}.", self.vocabulary));
        let read = |query: &ReportQuery| {
            format!("{} (match {}): {}", query.name, query.matching.name(), query.query)
        };
        let queries: Vec<String> = self.queries.iter().map(read).collect();
        said.push(format!("Queries of {}, as read: {}.", self.file, queries.join("; ")));
        said
    }
}
