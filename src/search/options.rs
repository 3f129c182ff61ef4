//! How a search is done.

use std::time::Duration;

use super::facets::Facet;
use crate::{Date, Error, Result};

/// How a search is done, and how much of the result is wanted.
///
/// ```
/// use polidex::{SearchOptions, Sort};
///
/// let newest_five = SearchOptions { limit: 5, sort: Sort::Newest, ..SearchOptions::default() };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// The number of hits wanted, 1 to 1,000; 10 by default.
    pub limit: usize,
    /// The number of hits passed over, at most 10,000.
    pub offset: usize,
    /// The number of passages for a hit, at most 20; 3 by default.
    pub passages: usize,
    /// The length of a passage in characters, about, 40 to 2,000; 240 by default.
    pub passage_chars: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// How many of the words side by side an article must have.
    pub matching: Matching,
    /// The day that `since:` counts from; today by default.
    pub today: Date,
    /// Whether only the counts are wanted, and no hits.
    pub count_only: bool,
    /// How many words a wildcard or a fuzzy word may stand for; 1,000 by default.
    pub max_expansions: usize,
    /// Whether each hit is to say why it ranks where it does; see
    /// [`Hit::explanation`](crate::Hit::explanation).
    pub explain: bool,
    /// Whether near-copies are folded under the one that comes first; true by default. All are
    /// counted either way. See [`Hit::duplicates`](crate::Hit::duplicates).
    pub group: bool,
    /// Whether words that set the best articles apart add to the rank of all that match
    /// (pseudo-relevance feedback); what matches stays the same. It has no effect on an order by
    /// date. See [`SearchResults::terms`](crate::SearchResults::terms).
    pub feedback: bool,
    /// How long the search may take; as long as it needs by default. One that takes longer ends with
    /// what it has found, see [`SearchResults::timed_out`](crate::SearchResults::timed_out).
    pub timeout: Option<Duration>,
    /// The facts that the whole result is counted by; none by default. See
    /// [`SearchResults::facets`](crate::SearchResults::facets).
    pub facets: Vec<Facet>,
    /// How many values of each facet are wanted, 1 to 100,000; 10 by default. Years are given all.
    pub facet_values: usize,
}

/// The order of hits. Ties are in the order of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The latest date first; undated articles last.
    Newest,
    /// The earliest date first; undated articles last.
    Oldest,
}

/// How many of the words that stand side by side in a query an article must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// All; where no article has all, those that have most are shown and said to be so.
    #[default]
    All,
    /// Any.
    Any,
    /// More than half.
    Most,
}

impl Default for SearchOptions {
    fn default() -> SearchOptions {
        SearchOptions {
            limit: 10,
            offset: 0,
            passages: 3,
            passage_chars: 240,
            sort: Sort::default(),
            matching: Matching::default(),
            today: Date::today(),
            count_only: false,
            max_expansions: 1000,
            explain: false,
            group: true,
            feedback: false,
            timeout: None,
            facets: Vec::new(),
            facet_values: 10,
        }
    }
}

/// The greatest value of [`SearchOptions::limit`].
pub(crate) const MAX_LIMIT: usize = 1000;

/// The greatest value of [`SearchOptions::offset`].
pub(crate) const MAX_OFFSET: usize = 10_000;

/// The greatest value of [`SearchOptions::passages`].
pub(crate) const MAX_PASSAGES: usize = 20;

/// The greatest value of [`SearchOptions::passage_chars`].
pub(crate) const MAX_PASSAGE_CHARS: usize = 2000;

/// The greatest value of [`SearchOptions::max_expansions`].
pub(crate) const MAX_EXPANSIONS: usize = 100_000;

/// The greatest value of [`SearchOptions::facet_values`].
pub(crate) const MAX_FACET_VALUES: usize = 100_000;

impl SearchOptions {
    pub(super) fn check(&self) -> Result<()> {
        within("limit", self.limit, 1, MAX_LIMIT)?;
        within("offset", self.offset, 0, MAX_OFFSET)?;
        within("passages", self.passages, 0, MAX_PASSAGES)?;
        within("passage_chars", self.passage_chars, 40, MAX_PASSAGE_CHARS)?;
        within("max_expansions", self.max_expansions, 1, MAX_EXPANSIONS)?;
        within("facet_values", self.facet_values, 1, MAX_FACET_VALUES)
    }
}

impl Matching {
    /// Every way, in the order of strictness.
    pub const ALL: [Matching; 3] = [Matching::All, Matching::Most, Matching::Any];

    /// The name that files and answers use.
    pub fn name(self) -> &'static str {
        match self {
            Matching::All => "all",
            Matching::Any => "any",
            Matching::Most => "most",
        }
    }
}

/// Holds the value of an option between two bounds, both included.
pub(super) fn within(option: &'static str, value: usize, least: usize, most: usize) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let reason = format!("{value} is not between {least} and {most}");
    Err(Error::Option { option, reason })
}
