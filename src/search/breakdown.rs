//! Breakdowns: a result over time, each period counted by a fact and with its best hit.

use std::time::Instant;

use super::facets::{self, Facet, FacetCounts};
use super::trend::{Trend, TrendOptions};
use super::{Hit, SearchOptions, Searcher};
use crate::Result;
use crate::query::Query;

/// A query over time, period by period.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// The counts by period, of one series.
    pub trend: Trend,
    /// More of each of the trend's periods, in their order.
    pub periods: Vec<BreakdownPeriod>,
    /// All that the series counts by the fact, if one was asked for.
    pub all: Option<FacetCounts>,
}

/// What a query finds in one period, beside its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakdownPeriod {
    /// The articles that are counted in the period, by the fact, if one was asked for.
    pub facet: Option<FacetCounts>,
    /// The best of them; none where there is none.
    pub best: Option<Hit>,
}

impl Searcher {
    /// Counts what a query finds by period and, in each period, by a fact, and gives the best hit of
    /// each. The numbers are those of [`Searcher::trend`]: the same articles are counted. Of
    /// `options` count those of a trend, `facet_values` and those of passages.
    ///
    /// Errors: those of [`Searcher::trend`].
    pub fn breakdown(
        &self,
        query: &Query,
        options: &SearchOptions,
        trend: &TrendOptions,
        facet: Option<Facet>,
    ) -> Result<Breakdown> {
        let start = Instant::now();
        let (counted, places) = self.trend_with_places(query, options, trend)?;
        self.guard(|| {
            let facets: Vec<Facet> = facet.into_iter().collect();
            let by_fact = |places: &[super::visit::Place]| -> Result<Option<FacetCounts>> {
                let (places, limit) = (places.iter().copied(), options.facet_values);
                let counts = facets::count(&self.snapshot, places, &facets, limit)?;
                Ok(counts.into_iter().next())
            };
            let mut one = SearchOptions { limit: 1, offset: 0, group: false, ..options.clone() };
            let mut periods = Vec::with_capacity(places.periods.len());
            for places in &places.periods {
                let mut paths = Vec::with_capacity(places.len());
                for &(segment, doc) in places {
                    let path = self
                        .snapshot
                        .segments
                        .get(segment)
                        .and_then(|segment| Some(segment.articles.path(doc)?.to_owned()));
                    paths.push(
                        path.ok_or_else(|| self.snapshot.damaged("a record cannot be read"))?,
                    );
                }
                // Counting and all the periods share the time.
                one.timeout = options.timeout.map(|time| time.saturating_sub(start.elapsed()));
                let best = match paths.is_empty() {
                    true => None,
                    false => self.search_among(query, &one, Some(paths))?.into_iter().next(),
                };
                periods.push(BreakdownPeriod { facet: by_fact(places)?, best });
            }
            Ok(Breakdown { trend: counted, periods, all: by_fact(&places.all)? })
        })
    }
}
