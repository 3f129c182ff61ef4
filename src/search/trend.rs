//! Trends: how many articles match, and how often, in each period of time.

use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::deadline::Deadline;
use super::group;
use super::period::Period;
use super::visit::{self, Place};
use super::{SearchOptions, Searcher};
use crate::query::{Note, Query};
use crate::{Date, Error, Result};

/// The most periods that a trend may have.
pub(crate) const MOST_PERIODS: i64 = 20_000;

/// The most queries that are compared.
pub(crate) const MOST_QUERIES: usize = 100;

/// How a trend is counted.
///
/// ```
/// use polidex::{Period, TrendOptions};
///
/// let by_year = TrendOptions { by: Period::Year, ..TrendOptions::default() };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TrendOptions {
    /// The length of a period; a month by default.
    pub by: Period,
    /// What the numbers are related to; nothing by default.
    pub per: Option<Per>,
    /// Whether near-copies of an article count once, as the earliest of them; true by default.
    pub group: bool,
    /// The articles that are looked at and that the numbers are related to: those that this query
    /// finds; all by default.
    pub within: Option<Query>,
}

/// What the numbers of a trend are related to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Articles that match, per 1,000 articles of the period.
    ThousandArticles,
    /// Matches, per 1,000,000 words of the period's articles.
    MillionWords,
}

/// Queries over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The length of a period.
    pub by: Period,
    /// What [`TrendPoint::value`] is related to.
    pub per: Option<Per>,
    /// Whether near-copies count once.
    pub grouped: bool,
    /// The periods from the first to the last in which an article matches any of the queries, those
    /// without one included.
    pub periods: Vec<TrendPeriod>,
    /// The queries, in their order.
    pub series: Vec<TrendSeries>,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the answer took.
    pub elapsed: Duration,
}

/// A period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendPeriod {
    /// `2024-08-01`, `2024-W31`, `2024-08`, `2024-Q3` or `2024`.
    pub label: String,
    /// Its first day.
    pub start: Date,
    /// How many articles of the period there are in all; none where nothing is related to them.
    pub articles: Option<u64>,
    /// How many words they have; none where nothing is related to them.
    pub words: Option<u64>,
}

/// One query over time.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendSeries {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read and answered.
    pub notes: Vec<Note>,
    /// How many articles match and how often, those without a period included; of near-copies that
    /// count once the earliest alone.
    pub all: TrendCount,
    /// Of these, articles without a date.
    pub undated: TrendCount,
    /// Of these, articles of whose date too little is known to say the period, such as only the year
    /// where months are counted.
    pub vague: TrendCount,
    /// How many near-copies were left out.
    pub folded: u64,
    /// A point for each of [`Trend::periods`].
    pub points: Vec<TrendPoint>,
}

/// How many articles match, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrendCount {
    /// Articles.
    pub articles: u64,
    /// Matches in them.
    pub matches: u64,
}

/// A query in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendPoint {
    /// What was counted.
    pub count: TrendCount,
    /// What [`Trend::per`] asks for; the number of articles where it asks for nothing; none where
    /// the period has no article to relate it to.
    pub value: Option<f64>,
}

impl Default for TrendOptions {
    fn default() -> TrendOptions {
        TrendOptions { by: Period::default(), per: None, group: true, within: None }
    }
}

impl Per {
    /// Every relation, with the name that a user gives it.
    pub const ALL: [(Per, &str); 2] =
        [(Per::ThousandArticles, "thousand-articles"), (Per::MillionWords, "million-words")];

    /// The name that a user gives it.
    pub fn name(self) -> &'static str {
        Per::ALL.iter().find(|(per, _)| *per == self).map_or("", |(_, name)| name)
    }
}

impl TrendCount {
    fn add(&mut self, matches: u64) {
        self.articles += 1;
        self.matches += matches;
    }
}

/// An article that is counted: where it stands, the days that it may be of, and how much it counts.
struct Counted {
    place: Place,
    days: Option<(i32, i32)>,
    amount: u64,
}

/// Counts by period.
#[derive(Default)]
struct Tally {
    all: TrendCount,
    undated: TrendCount,
    vague: TrendCount,
    folded: u64,
    periods: FxHashMap<i32, TrendCount>,
    /// Where the articles stand that are counted, and the numbers of their periods.
    places: Vec<(Place, Option<i32>)>,
}

/// Where the articles stand that a trend of one query counts.
pub(super) struct TrendPlaces {
    /// All of them.
    pub(super) all: Vec<Place>,
    /// Those of each period.
    pub(super) periods: Vec<Vec<Place>>,
}

/// A trend, the number of its first period, and places with the numbers of their periods.
type CountedTrend = (Trend, Option<i32>, Vec<(Place, Option<i32>)>);

impl Searcher {
    /// How many articles match each of the queries, and how often, in each period of time. Of
    /// `options` count what says how queries are read: `matching`, `today`, `max_expansions`.
    ///
    /// An article is counted in the period that all days lie in that it may have been published on.
    ///
    /// Errors: those of [`Searcher::search`]; [`Error::Option`] for more than 100 queries or 20,000
    /// periods.
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, Period, Query, SearchOptions, TrendOptions};
    ///
    /// let index = Index::in_memory()?;
    /// for (path, date) in [("a", "2021-05-01"), ("b", "2023"), ("c", "2023-02-03")] {
    ///     let block = Block::new(BlockKind::Paragraph, format!("Cloud number {path}."));
    ///     let mut article = Article::new(path, vec![block]);
    ///     article.metadata.date = date.parse().ok();
    ///     index.add([article])?;
    /// }
    /// let by_year = TrendOptions { by: Period::Year, ..TrendOptions::default() };
    /// let queries = [Query::parse("cloud")?];
    /// let trend = index.searcher()?.trend(&queries, &SearchOptions::default(), &by_year)?;
    /// let labels: Vec<&str> = trend.periods.iter().map(|period| &*period.label).collect();
    /// let articles = trend.series[0].points.iter().map(|point| point.count.articles);
    /// assert_eq!(labels, ["2021", "2022", "2023"]);
    /// assert_eq!(articles.collect::<Vec<_>>(), [1, 0, 2]);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn trend(
        &self,
        queries: &[Query],
        options: &SearchOptions,
        trend: &TrendOptions,
    ) -> Result<Trend> {
        Ok(self.counted_trend(queries, options, trend)?.0)
    }

    /// The trend of one query, and where the articles stand that it counts.
    pub(super) fn trend_with_places(
        &self,
        query: &Query,
        options: &SearchOptions,
        trend: &TrendOptions,
    ) -> Result<(Trend, TrendPlaces)> {
        let (counted, first, places) =
            self.counted_trend(std::slice::from_ref(query), options, trend)?;
        let mut periods = vec![Vec::new(); counted.periods.len()];
        for (place, number) in &places {
            let at = number.zip(first).and_then(|(number, first)| {
                usize::try_from(i64::from(number) - i64::from(first)).ok()
            });
            if let Some(period) = at.and_then(|at| periods.get_mut(at)) {
                period.push(*place);
            }
        }
        let all = places.into_iter().map(|(place, _)| place).collect();
        Ok((counted, TrendPlaces { all, periods }))
    }

    /// The trend, the number of its first period, and the places of what the first query counts,
    /// with the numbers of their periods.
    fn counted_trend(
        &self,
        queries: &[Query],
        options: &SearchOptions,
        trend: &TrendOptions,
    ) -> Result<CountedTrend> {
        let start = Instant::now();
        super::options::within("queries", queries.len(), 1, MOST_QUERIES)?;
        self.guard(|| {
            let deadline = Deadline::after(start, options.timeout);
            let mut tallies = Vec::new();
            for query in queries {
                let confined = visit::confined(query, trend.within.as_ref());
                let (part, notes) = self.planned(&confined, options, &deadline)?;
                let mut counted = Vec::new();
                visit::each(&self.snapshot, &part, &deadline, &mut |article| {
                    let amount = article.matches();
                    counted.push(Counted { place: article.place, days: article.days(), amount });
                    Ok(())
                })?;
                tallies.push((confined.to_string(), notes, self.tally(counted, trend)?));
            }
            let numbers = || tallies.iter().flat_map(|(_, _, tally)| tally.periods.keys().copied());
            let range = numbers().min().zip(numbers().max());
            if range.is_some_and(|(first, last)| i64::from(last) - i64::from(first) >= MOST_PERIODS)
            {
                let reason = format!("over {MOST_PERIODS} periods; choose longer ones");
                return Err(Error::Option { option: "by", reason });
            }
            let numbers: Vec<i32> =
                range.map_or_else(Vec::new, |(first, last)| (first..=last).collect());
            let whole = match trend.per {
                None => None,
                Some(_) => Some(self.tally_of_all(options, trend, &deadline)?),
            };
            let totals = |number: &i32| -> Option<TrendCount> {
                Some(whole.as_ref()?.periods.get(number).copied().unwrap_or_default())
            };
            let periods = numbers.iter().filter_map(|number| {
                let totals = totals(number);
                Some(TrendPeriod {
                    label: trend.by.label(*number)?,
                    start: trend.by.start(*number)?,
                    articles: totals.map(|totals| totals.articles),
                    words: totals.map(|totals| totals.matches),
                })
            });
            let series = tallies.iter().map(|(query, notes, tally)| TrendSeries {
                query: query.clone(),
                notes: notes.clone(),
                all: tally.all,
                undated: tally.undated,
                vague: tally.vague,
                folded: tally.folded,
                points: numbers
                    .iter()
                    .map(|number| {
                        let count = tally.periods.get(number).copied().unwrap_or_default();
                        TrendPoint { count, value: value(count, trend.per, totals(number)) }
                    })
                    .collect(),
            });
            let counted = Trend {
                by: trend.by,
                per: trend.per,
                grouped: trend.group,
                periods: periods.collect(),
                series: series.collect(),
                generation: self.generation(),
                elapsed: start.elapsed(),
            };
            let first = tallies.into_iter().next();
            let places = first.map(|(_, _, tally)| tally.places).unwrap_or_default();
            Ok((counted, range.map(|(first, _)| first), places))
        })
    }

    /// All articles that are looked at, by period, with their words.
    fn tally_of_all(
        &self,
        options: &SearchOptions,
        trend: &TrendOptions,
        deadline: &Deadline,
    ) -> Result<Tally> {
        let mut counted = Vec::new();
        let all = visit::universe(trend.within.as_ref());
        self.each_of(&all, options, deadline, &mut |article| {
            let amount = article.words()?;
            counted.push(Counted { place: article.place, days: article.days(), amount });
            Ok(())
        })?;
        self.tally(counted, trend)
    }

    /// Counts articles by period; of near-copies only the earliest, if so asked.
    fn tally(&self, mut counted: Vec<Counted>, trend: &TrendOptions) -> Result<Tally> {
        let mut tally = Tally::default();
        if trend.group {
            let path =
                |it: &Counted| self.snapshot.segments.get(it.place.0)?.articles.path(it.place.1);
            let day = |it: &Counted| it.days.map_or((true, 0), |(_, last)| (false, last));
            counted
                .sort_unstable_by(|a, b| day(a).cmp(&day(b)).then_with(|| path(a).cmp(&path(b))));
            let leads = group::leads(&self.snapshot, counted.iter().map(|it| it.place))?;
            let all = counted.len();
            let mut leads = leads.into_iter();
            counted.retain(|_| leads.next().unwrap_or(true));
            tally.folded = (all - counted.len()) as u64;
        }
        for Counted { place, days, amount } in counted {
            tally.all.add(amount);
            let number = days.map(|days| trend.by.holding(days));
            tally.places.push((place, number.flatten()));
            match number {
                None => tally.undated.add(amount),
                Some(None) => tally.vague.add(amount),
                Some(Some(number)) => tally.periods.entry(number).or_default().add(amount),
            }
        }
        Ok(tally)
    }
}

/// What a count is worth beside the articles and words of its period.
fn value(count: TrendCount, per: Option<Per>, totals: Option<TrendCount>) -> Option<f64> {
    let rate =
        |part: u64, whole: u64, per: f64| (whole > 0).then(|| part as f64 * per / whole as f64);
    match per {
        None => Some(count.articles as f64),
        Some(Per::ThousandArticles) => rate(count.articles, totals?.articles, 1e3),
        Some(Per::MillionWords) => rate(count.matches, totals?.matches, 1e6),
    }
}
