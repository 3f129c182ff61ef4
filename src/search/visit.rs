//! Visits: going through every article that matches, in the order of the index, with where it
//! matches and what is known of it.
//!
//! A search keeps the best; what counts, compares or lists the whole of a result is built on this.

use std::ops::Range;
use std::time::Instant;

use tantivy::DocId;
use tantivy::columnar::Column;

use super::deadline::Deadline;
use super::live;
use super::matcher::Matcher;
use super::passages::Reader;
use super::plan::{self, Part};
use super::spans::Span;
use super::{SearchOptions, Searcher, absent, collect};
use crate::index::glance::Glance;
use crate::index::print::Print;
use crate::index::schema::NO_DAY;
use crate::index::snapshot::{Segment, Snapshot};
use crate::index::texts::Chunk;
use crate::query::{Field, Node, Note, Query};
use crate::snippet::Mark;
use crate::{Date, Language, Result};

/// Where an article stands in the index: the number of its segment, and its number there.
pub(super) type Place = (usize, DocId);

/// A matching article, as [`Searcher::visit`] comes past it.
pub struct MatchedArticle<'v> {
    snapshot: &'v Snapshot,
    pub(super) segment: &'v Segment,
    pub(super) place: Place,
    days: &'v Days,
    matcher: &'v mut Matcher,
    chunk: &'v mut Chunk,
}

/// What is known of an article that results are counted by.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleFacts<'a> {
    /// The article's title, where it has one.
    pub title: Option<&'a str>,
    /// When it was published.
    pub date: Option<Date>,
    /// The language of its text; unknown is [`Language::UNKNOWN`].
    pub language: Language,
    /// The outlet or publisher.
    pub source: Option<&'a str>,
    /// Persons or desks that wrote it.
    pub authors: Vec<&'a str>,
    /// The kind of article.
    pub kind: Option<&'a str>,
    /// The jurisdiction that it speaks of.
    pub jurisdiction: Option<&'a str>,
    /// Keywords.
    pub tags: Vec<&'a str>,
    /// The instruments that its text refers to, by identifiers.
    pub cites: Vec<&'a str>,
    /// The number of words of the article, its title included.
    pub words: u64,
}

/// The days that the articles of a segment may have been published on.
struct Days {
    first: Column<i64>,
    last: Column<i64>,
}

impl<'v> MatchedArticle<'v> {
    /// The article's path.
    ///
    /// Errors: [`Error::Damaged`](crate::Error::Damaged).
    pub fn path(&self) -> Result<&'v str> {
        let path = self.segment.articles.path(self.place.1);
        path.ok_or_else(|| self.snapshot.damaged("a record cannot be read"))
    }

    /// How many matches stand in the article.
    pub fn matches(&mut self) -> u64 {
        self.matcher.matches()
    }

    /// Where the matches stand, as byte ranges of the canonical text: one for each, from its first
    /// word to its last, in order, those that the same place gives left out.
    ///
    /// Errors: [`Error::Damaged`](crate::Error::Damaged).
    pub fn ranges(&mut self) -> Result<Vec<Range<usize>>> {
        let mut ranges = Vec::new();
        for span in self.spans() {
            // One by one, for those that overlap stay apart.
            let mark = Mark { start: span.start, end: span.end, part: 0 };
            let range = Reader::open(&self.segment.articles, self.place.1, self.chunk)
                .and_then(|mut reader| reader.bytes_of(&[mark]))
                .ok_or_else(|| self.snapshot.damaged("an article cannot be read"))?;
            ranges.extend(range);
        }
        Ok(ranges)
    }

    /// What is known of the article.
    ///
    /// Errors: [`Error::Damaged`](crate::Error::Damaged).
    pub fn facts(&self) -> Result<ArticleFacts<'v>> {
        let glance = self.glance()?;
        Ok(ArticleFacts {
            date: glance.date(),
            language: glance.language(),
            title: glance.title,
            source: glance.source,
            kind: glance.kind,
            jurisdiction: glance.jurisdiction,
            words: self.words()?,
            authors: glance.authors,
            tags: glance.tags,
            cites: glance.cites,
        })
    }

    /// The spans of the matches, in order, each once.
    pub(super) fn spans(&mut self) -> Vec<Span> {
        let mut spans = Vec::new();
        self.matcher.spans(&mut spans);
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    pub(super) fn glance(&self) -> Result<Glance<'v>> {
        let glance = self.segment.articles.glance(self.place.1);
        glance.ok_or_else(|| self.snapshot.damaged("a record cannot be read"))
    }

    /// What is read of the article fastest.
    pub(super) fn print(&self) -> Result<Print<'v>> {
        let print = self.segment.articles.print(self.place.1);
        print.ok_or_else(|| self.snapshot.damaged("a record cannot be read"))
    }

    /// The number of words of the article.
    pub(super) fn words(&self) -> Result<u64> {
        Ok(self.print()?.words.into())
    }

    /// The hash of its canonical text.
    pub(super) fn hash(&self) -> Result<[u8; 32]> {
        Ok(*self.glance()?.hash())
    }

    /// The first and the last day that it may have been published on, after 1 January 1970.
    pub(super) fn days(&self) -> Option<(i32, i32)> {
        let known = |days: &Column<i64>| days.first(self.place.1).filter(|day| *day != NO_DAY);
        let first = known(&self.days.first)?.try_into().ok()?;
        Some((first, known(&self.days.last)?.try_into().ok()?))
    }
}

impl Searcher {
    /// Goes through every article that matches, in the order of the index. Of `options` count what
    /// says how the query is read: `matching`, `today` and `max_expansions`, and `timeout`; nothing
    /// takes the place of an empty result.
    ///
    /// Errors: those of [`Searcher::search`], the first that `visit` returns, which ends it, and
    /// [`Error::TimedOut`](crate::Error::TimedOut).
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, Query, SearchOptions};
    ///
    /// let index = Index::in_memory()?;
    /// let article = |path: &str, text: &str| {
    ///     Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
    /// };
    /// index.add([article("a", "A cloud of clouds."), article("b", "No fog.")])?;
    /// let mut found = Vec::new();
    /// let query = Query::parse("cloud*")?;
    /// index.searcher()?.visit(&query, &SearchOptions::default(), |article| {
    ///     found.push((article.path()?.to_owned(), article.matches(), article.ranges()?));
    ///     Ok(())
    /// })?;
    /// assert_eq!(found, [("a".to_owned(), 2, vec![2..7, 11..17])]);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn visit(
        &self,
        query: &Query,
        options: &SearchOptions,
        mut visit: impl FnMut(&mut MatchedArticle<'_>) -> Result<()>,
    ) -> Result<()> {
        self.guard(|| {
            options.check()?;
            let deadline = Deadline::after(Instant::now(), options.timeout);
            self.each_of(query, options, &deadline, &mut visit)
        })
    }

    /// Goes through every article that matches, as [`Searcher::visit`] does, within other work.
    pub(super) fn each_of(
        &self,
        query: &Query,
        options: &SearchOptions,
        deadline: &Deadline,
        visit: &mut impl FnMut(&mut MatchedArticle<'_>) -> Result<()>,
    ) -> Result<()> {
        let (snapshot, matching) = (&*self.snapshot, options.matching);
        let part = plan::plan(snapshot, options, matching, &query.root, deadline)?;
        each(snapshot, &part, deadline, visit)
    }

    /// The plan of a query, and what the asker should know about it: the notes on how it was read,
    /// and the words that no article has.
    pub(super) fn planned(
        &self,
        query: &Query,
        options: &SearchOptions,
        deadline: &Deadline,
    ) -> Result<(Part, Vec<Note>)> {
        options.check()?;
        let part = plan::plan(&self.snapshot, options, options.matching, &query.root, deadline)?;
        let mut notes = query.notes.clone();
        notes.extend(absent::values(&self.snapshot, &part, deadline)?);
        if !collect::any(&self.snapshot, &part, deadline)? {
            notes.extend(absent::words(&part));
        }
        Ok((part, notes))
    }
}

/// Calls `visit` for every live document that a part matches, in the order of the index. Where the
/// time is over before that is done it is [`Error::TimedOut`](crate::Error::TimedOut): what is counted
/// of a part of a result would be wrong.
pub(super) fn each(
    snapshot: &Snapshot,
    part: &Part,
    deadline: &Deadline,
    visit: &mut impl FnMut(&mut MatchedArticle<'_>) -> Result<()>,
) -> Result<()> {
    let mut chunk = Chunk::default();
    for (number, segment) in snapshot.segments.iter().enumerate() {
        let column =
            |name| segment.reader.fast_fields().i64(name).map_err(|error| snapshot.error(error));
        let days = Days { first: column("first_day")?, last: column("last_day")? };
        let matcher = part.matcher(segment, snapshot, deadline)?;
        live::each(segment, matcher, deadline, |doc, matcher| {
            visit(&mut MatchedArticle {
                snapshot,
                segment,
                place: (number, doc),
                days: &days,
                matcher,
                chunk: &mut chunk,
            })
        })?;
    }
    super::in_time((), deadline)
}

/// A query for what `query` finds among the articles that `within` finds.
pub(super) fn confined(query: &Query, within: Option<&Query>) -> Query {
    let root = match within {
        None => query.root.clone(),
        Some(within) => Node::And(vec![query.root.clone(), within.root.clone()]),
    };
    Query { root, notes: query.notes.clone() }
}

/// A query for the articles that `within` finds; for all without one.
pub(super) fn universe(within: Option<&Query>) -> Query {
    within.cloned().unwrap_or_else(|| {
        let any = Box::new(Node::Pattern("*".to_owned()));
        Query { root: Node::Field { field: Field::Language, node: any }, notes: Vec::new() }
    })
}
