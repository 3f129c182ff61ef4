//! Answers, as plain data.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::explain::Explanation;
use super::facets::FacetCounts;
use crate::query::Note;
use crate::{Date, Language};

/// The answer to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResults {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read and answered.
    pub notes: Vec<Note>,
    /// What could be asked instead, where nothing or little was found; each parses.
    pub suggestions: Vec<String>,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// How many articles match, over the whole result.
    pub articles: u64,
    /// How many matches stand in them, over the whole result.
    pub matches: u64,
    /// Whether no article has all the words and the hits have most of them instead.
    pub fallback: bool,
    /// The words that [`SearchOptions::feedback`](crate::SearchOptions::feedback) added to the
    /// rank, or that [`Searcher::like`](crate::Searcher::like) looked for; most significant first.
    pub terms: Vec<SignificantTerm>,
    /// How many articles are folded under the hits; see [`Hit::duplicates`].
    pub folded: u64,
    /// Whether the search ran out of [time](crate::SearchOptions::timeout). There may be more that
    /// matches then, and better: `articles` and `matches` count what was found until the end.
    pub timed_out: bool,
    /// What the whole result is made of, counted by the facts that
    /// [`SearchOptions::facets`](crate::SearchOptions::facets) names, in that order.
    pub facets: Vec<FacetCounts>,
    /// The generation of the index that answered; it grows by one with each commit.
    pub generation: u64,
    /// How long the answer took, from the parsed query to the hits.
    pub elapsed: Duration,
    /// What of it the steps to the answer took.
    pub profile: SearchProfile,
}

/// How long the steps to an answer took; a step that was done several times counts all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchProfile {
    /// Finding the words of the index that the query stands for.
    pub plan: Duration,
    /// Going through all articles that match, counting and scoring them.
    pub matching: Duration,
    /// Ranking the best once more, by the forms of words and their closeness.
    pub ranking: Duration,
    /// Finding near-copies.
    pub grouping: Duration,
    /// Reading the hits and cutting their passages.
    pub quoting: Duration,
}

impl SearchProfile {
    /// The steps by name, in order.
    pub fn steps(&self) -> [(&'static str, Duration); 5] {
        [
            ("plan", self.plan),
            ("match", self.matching),
            ("rank", self.ranking),
            ("group", self.grouping),
            ("quote", self.quoting),
        ]
    }
}

/// Adds what `work` takes to `sum`.
pub(super) fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    *sum += start.elapsed();
    done
}

/// An article that matches, with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its place in the whole result, from 1.
    pub rank: u64,
    /// How well it matches; comparable within one result only.
    pub score: f32,
    /// The article's path.
    pub path: String,
    /// The article's title; its file name where it has none.
    pub title: String,
    /// When it was published.
    pub date: Option<Date>,
    /// The language of its text; unknown is [`Language::UNKNOWN`].
    pub language: Language,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Persons or desks that wrote it.
    pub authors: Vec<String>,
    /// The kind of article.
    pub kind: Option<String>,
    /// The jurisdiction that it speaks of.
    pub jurisdiction: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// The instruments that its text refers to, by identifiers.
    pub cites: Vec<String>,
    /// BLAKE3 of the article's canonical text: `blake3:` and 64 hexadecimal digits.
    pub hash: String,
    /// BLAKE3 of the file that the article was read from, in the same form; none for an article
    /// that did not come from a file.
    pub file_hash: Option<String>,
    /// How many matches stand in the article.
    pub matches: u64,
    /// The passages that show best why it was found, in the order of the text.
    pub passages: Vec<Passage>,
    /// Near-copies of it that match as well and are no hits of their own, the earliest first; empty
    /// without [`SearchOptions::group`](crate::SearchOptions::group).
    pub duplicates: Vec<Duplicate>,
    /// Why it ranks where it does, if [`SearchOptions::explain`](crate::SearchOptions::explain)
    /// asks for it.
    pub explanation: Option<Explanation>,
}

/// An article that matches and is a near-copy of a hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Duplicate {
    /// The article's path.
    pub path: String,
    /// The article's title; its file name where it has none.
    pub title: String,
    /// When it was published.
    pub date: Option<Date>,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// About what part of the shorter of the two texts stands in the longer, in runs of three
    /// words, 0 to 1; 1 where they are the same.
    pub similarity: f32,
}

/// A word that sets articles apart from the rest of the index.
#[derive(Debug, Clone, PartialEq)]
pub struct SignificantTerm {
    /// The word, in the form that is most frequent in these articles.
    pub word: String,
    /// The language of these articles.
    pub language: Language,
    /// The factor that the query asks for it by, as in `word^2`; in hundredths.
    pub weight: f32,
    /// How often it stands in these articles, in any of its forms.
    pub occurrences: u64,
    /// How many articles of the index have it.
    pub articles: u64,
}

/// A stretch of an article's text, quotable: its exact words and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The exact words.
    pub text: String,
    /// What matched, as byte ranges of `text`; ordered, never overlapping.
    pub highlights: Vec<Range<usize>>,
    /// Where `text` starts in the article's canonical text, in bytes.
    pub start: usize,
    /// Where it ends (exclusive).
    pub end: usize,
    /// The line of the source file on which the passage starts, from 1 (text formats).
    pub line: Option<u32>,
    /// The page on which the passage starts, from 1 (paged formats).
    pub page: Option<u32>,
    /// What is printed on that page, such as `iv`, where the document says so.
    pub page_label: Option<String>,
    /// The headings above the passage, outermost first.
    pub section: Vec<String>,
    /// Whether `text` starts inside a sentence, of which something is left out before it.
    pub starts_inside: bool,
    /// Whether `text` ends inside a sentence, of which something is left out behind it.
    pub ends_inside: bool,
}
