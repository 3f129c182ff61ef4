//! Answering a query from an index.

mod absent;
mod among;
mod association;
mod breakdown;
mod candidate;
mod collect;
mod collocates;
mod concepts;
mod context;
pub(crate) mod deadline;
mod documents;
mod expand;
mod explain;
mod facets;
mod feedback;
mod group;
mod hits;
mod keyness;
mod kwic;
mod like;
mod live;
mod matcher;
mod notation;
pub(crate) mod options;
mod order;
mod passages;
mod period;
pub(crate) mod places;
mod plan;
mod postings;
mod rank;
mod results;
mod significant;
mod spans;
mod suggest;
mod trend;
mod visit;
mod window;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

pub use breakdown::{Breakdown, BreakdownPeriod};
pub use collocates::{Collocate, CollocateOptions, CollocateSort, Collocates};
pub use concepts::{ConceptCount, ConceptCounts};
pub use explain::{Explanation, Form, Operator, PlanPart, QueryPlan, ScorePart, ScoreWord};
pub use facets::{Facet, FacetCounts};
pub(crate) use keyness::SAMPLE;
pub use keyness::{KeyTerm, KeyTermOptions, KeyTerms};
pub use kwic::{Concordance, KwicLine, KwicOptions, KwicSort};
pub use options::{Matching, SearchOptions, Sort};
pub use period::Period;
use plan::Planner;
use results::timed;
pub use results::{Duplicate, Hit, Passage, SearchProfile, SearchResults, SignificantTerm};
pub(crate) use trend::{MOST_PERIODS, MOST_QUERIES};
pub use trend::{Per, Trend, TrendCount, TrendOptions, TrendPeriod, TrendPoint, TrendSeries};
pub use visit::{ArticleFacts, MatchedArticle};

use crate::article::Article;
use crate::index::record::{FileFacts, Head, read_blocks};
use crate::index::segment::Articles;
use crate::index::shown_hash;
use crate::index::snapshot::{Segment, Snapshot};
use crate::index::texts::Chunk;
use crate::query::{Note, Query};
use crate::{Error, Result, Vocabulary};
use deadline::Deadline;
use passages::Reader;

/// Answers queries from one commit of an index.
///
/// Cheap to clone and free to use from many threads; what it sees does not change. For what was
/// committed since, ask the [`Index`](crate::Index) for another.
#[derive(Clone)]
pub struct Searcher {
    snapshot: Arc<Snapshot>,
}

/// An article as the index holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The article.
    pub article: Article,
    /// BLAKE3 of its canonical text: `blake3:` and 64 hexadecimal digits.
    pub hash: String,
    /// BLAKE3 of the file that it was read from, in the same form.
    pub file_hash: Option<String>,
    /// The format of that file; empty for an article that did not come from a file.
    pub format: String,
}

impl Searcher {
    pub(crate) fn new(snapshot: Arc<Snapshot>) -> Searcher {
        Searcher { snapshot }
    }

    /// The generation of the index that this searcher sees.
    pub fn generation(&self) -> u64 {
        self.snapshot.payload.generation
    }

    /// The number of articles that this searcher sees.
    pub fn article_count(&self) -> u64 {
        self.snapshot.article_count()
    }

    /// Answers a query. The same query on the same generation always gives the same answer, unless it
    /// runs out of [time](SearchOptions::timeout).
    ///
    /// Errors: [`Error::Query`] where the query asks for more than can be honoured,
    /// [`Error::Option`], [`Error::Damaged`].
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<SearchResults> {
        self.guard(|| self.answer(query, options))
    }

    /// Articles similar to the one with this path, which is not among them: those that have several
    /// of the words that set it apart. [`SearchResults::terms`] tells these words, and they are what
    /// the passages mark.
    ///
    /// Errors: those of [`Searcher::search`] and [`Searcher::article`].
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, SearchOptions};
    ///
    /// let index = Index::in_memory()?;
    /// let article = |path: &str, text: &str| {
    ///     Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
    /// };
    /// index.add([
    ///     article("a", "A sovereign cloud for ministries."),
    ///     article("b", "Ministries want sovereign clouds."),
    ///     article("c", "Fishing quotas were cut."),
    /// ])?;
    /// let similar = index.searcher()?.like("a", &SearchOptions::default())?;
    /// assert_eq!(similar.hits.len(), 1);
    /// assert_eq!(similar.hits[0].path, "b");
    /// assert!(similar.terms.iter().any(|term| term.word == "sovereign"));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn like(&self, path: &str, options: &SearchOptions) -> Result<SearchResults> {
        let (query, terms) = self.like_query(path)?;
        Ok(SearchResults { terms, ..self.search(&query, options)? })
    }

    /// The query that [`Searcher::like`] asks, and its terms: for those who want to confine it to a
    /// language or to dates, or to change it.
    ///
    /// Errors: those of [`Searcher::article`].
    pub fn like_query(&self, path: &str) -> Result<(Query, Vec<SignificantTerm>)> {
        self.guard(|| {
            let Some((segment, doc)) = self.find(path)? else {
                let similar = suggest::paths(&self.snapshot, path)?;
                return Err(Error::UnknownArticle { path: path.to_owned(), similar });
            };
            like::query(&self.snapshot, (segment.number, doc), path)
        })
    }

    /// How a query is read by this index: its parts as a tree, each with the words of the index that
    /// stand for it and the number of articles that it matches.
    ///
    /// Errors: those of [`Searcher::search`].
    ///
    /// ```
    /// use polidex::search::Operator;
    /// use polidex::{Article, Block, BlockKind, Index, Query, SearchOptions};
    ///
    /// let index = Index::in_memory()?;
    /// index.add([Article::new("a", vec![Block::new(BlockKind::Paragraph, "Two clouds.")])])?;
    /// let query = Query::parse("cloud* OR fog")?;
    /// let plan = index.searcher()?.explain_query(&query, &SearchOptions::default())?;
    /// assert_eq!((&plan.root.operator, plan.root.articles), (&Operator::Or, 1));
    /// assert_eq!(plan.root.parts[0].forms[0].text, "clouds");
    /// assert_eq!(plan.root.parts[1].articles, 0);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn explain_query(&self, query: &Query, options: &SearchOptions) -> Result<QueryPlan> {
        self.guard(|| {
            options.check()?;
            let deadline = Deadline::after(Instant::now(), options.timeout);
            let matching = options.matching;
            let part = plan::plan(&self.snapshot, options, matching, &query.root, &deadline)?;
            let mut plan = explain::query_plan(&self.snapshot, query, &part, &deadline)?;
            plan.notes.extend(absent::values(&self.snapshot, &part, &deadline)?);
            in_time(plan, &deadline)
        })
    }

    /// How many articles speak of each concept of `vocabulary`, most first: of those that match
    /// `query`, or of all if none is given. Concepts of which none speaks are left out. The numbers
    /// are exact; each is that of searching for the concept and the query together. An article
    /// matches if it has all the words, or as [`SearchOptions::matching`] says; there is no
    /// fall-back to most of them.
    ///
    /// Errors: those of [`Searcher::search`].
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, SearchOptions, Vocabulary};
    ///
    /// let index = Index::in_memory()?;
    /// let article = |path: &str, text: &str| {
    ///     Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
    /// };
    /// index.add([article("a", "The GDPR."), article("b", "Facial recognition and the DSGVO.")])?;
    /// let options = SearchOptions::default();
    /// let counts = index.searcher()?.concepts(Vocabulary::shipped(), None, &options)?;
    /// assert_eq!((&*counts.concepts[0].concept.id, counts.concepts[0].articles), ("gdpr", 2));
    /// assert!(counts.concepts.iter().all(|it| it.concept.id != "united-states"));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn concepts(
        &self,
        vocabulary: &Vocabulary,
        query: Option<&Query>,
        options: &SearchOptions,
    ) -> Result<ConceptCounts> {
        self.guard(|| {
            options.check()?;
            concepts::count(&self.snapshot, vocabulary, query, options)
        })
    }

    /// The article with this path.
    ///
    /// Errors: [`Error::UnknownArticle`] with paths that look like it; [`Error::Damaged`].
    pub fn article(&self, path: &str) -> Result<StoredArticle> {
        self.guard(|| {
            let Some((segment, doc)) = self.find(path)? else {
                let similar = suggest::paths(&self.snapshot, path)?;
                return Err(Error::UnknownArticle { path: path.to_owned(), similar });
            };
            self.read(segment, doc)
                .unwrap_or_else(|| Err(self.snapshot.damaged("an article cannot be read")))
        })
    }

    /// Everything that a query marks in one article, as byte ranges of its canonical text: ordered,
    /// and joined where they overlap. Empty where the article does not match.
    ///
    /// Errors: those of [`Searcher::search`] and [`Searcher::article`].
    pub fn marks(
        &self,
        query: &Query,
        path: &str,
        options: &SearchOptions,
    ) -> Result<Vec<Range<usize>>> {
        self.guard(|| {
            let Some((segment, doc)) = self.find(path)? else {
                let similar = suggest::paths(&self.snapshot, path)?;
                return Err(Error::UnknownArticle { path: path.to_owned(), similar });
            };
            let deadline = Deadline::after(Instant::now(), options.timeout);
            let matching = options.matching;
            let part = plan::plan(&self.snapshot, options, matching, &query.root, &deadline)?;
            let mut matcher = part.matcher(segment, &self.snapshot, &deadline)?;
            in_time((), &deadline)?;
            if matcher.next(doc) != doc || !matcher.confirm() {
                return Ok(Vec::new());
            }
            let marks = collect::marks(&mut matcher);
            Reader::open(&segment.articles, doc, &mut Chunk::default())
                .and_then(|mut reader| reader.bytes_of(&marks))
                .ok_or_else(|| self.snapshot.damaged("an article cannot be read"))
        })
    }

    fn answer(&self, query: &Query, options: &SearchOptions) -> Result<SearchResults> {
        let start = Instant::now();
        options.check()?;
        let mut notes = query.notes.clone();
        let deadline = Deadline::after(start, options.timeout);
        let mut profile = SearchProfile::default();
        let (snapshot, matching) = (&*self.snapshot, options.matching);
        let mut planner = Planner::new(snapshot, options, &query.root, &deadline);
        let mut part = timed(&mut profile.plan, || planner.plan(matching, &query.root))?;
        let mut found = collect::collect(snapshot, &part, None, options, &deadline, &mut profile)?;
        notes.extend(absent::values(snapshot, &part, &deadline)?);
        let mut suggestions = Vec::new();
        let mut fallback = false;
        if found.articles == 0 && !deadline.was_met() {
            let absent = plan::words_without_articles(&part);
            suggestions = self.suggestions(query, &absent, &mut planner, options, &deadline)?;
            notes.extend(absent::words(&part));
            if options.matching == Matching::All {
                let most = timed(&mut profile.plan, || planner.plan(Matching::Most, &query.root))?;
                let others =
                    collect::collect(snapshot, &most, None, options, &deadline, &mut profile)?;
                if others.articles > 0 {
                    notes.push(Note {
                        code: "most_words",
                        message: "no article has all of it; these have most of the words"
                            .to_owned(),
                        span: None,
                    });
                    (part, found, fallback) = (most, others, true);
                }
            }
        }
        let mut feedback = None;
        if options.feedback && options.sort != Sort::Relevance {
            notes.push(Note {
                code: "feedback_unused",
                message: "feedback orders by relevance only, and this is an order by date"
                    .to_owned(),
                span: None,
            });
        } else if options.feedback && !options.count_only && !deadline.was_met() {
            feedback = feedback::of(snapshot, &found, options, &deadline)?;
        }
        let (mut terms, mut also) =
            feedback.map_or((Vec::new(), None), |(terms, also)| (terms, Some(also)));
        if let Some(more) = &also {
            let more = Some(more);
            let again = collect::collect(snapshot, &part, more, options, &deadline, &mut profile)?;
            // What was found without feedback is all of it; half of it in a better order is not.
            match deadline.was_met() {
                true => (terms, also) = (Vec::new(), None),
                false => found = again,
            }
        }
        let timed_out = deadline.was_met();
        if timed_out {
            let seconds = options.timeout.unwrap_or_default().as_secs_f64();
            notes.push(Note {
                code: "timed_out",
                message: format!(
                    "the search ran out of time ({seconds} s); this is what it had found by then"
                ),
                span: None,
            });
        }
        let hits = if options.count_only {
            Vec::new()
        } else {
            timed(&mut profile.quoting, || hits::hits(self, &part, also.as_ref(), &found, options))?
        };
        Ok(SearchResults {
            query: query.to_string(),
            notes,
            suggestions,
            folded: hits.iter().map(|hit| hit.duplicates.len() as u64).sum(),
            hits,
            articles: found.articles,
            matches: found.matches,
            fallback,
            terms,
            timed_out,
            facets: facets::count(
                &self.snapshot,
                found.all.iter(),
                &options.facets,
                options.facet_values,
            )?,
            generation: self.generation(),
            elapsed: start.elapsed(),
            profile,
        })
    }

    /// Queries like this one that find something.
    fn suggestions(
        &self,
        query: &Query,
        absent: &[String],
        planner: &mut Planner<'_>,
        options: &SearchOptions,
        deadline: &Deadline,
    ) -> Result<Vec<String>> {
        let snapshot = &*self.snapshot;
        let mut found = Vec::new();
        for root in suggest::queries(snapshot, query, absent, deadline)? {
            let part = planner.plan(options.matching, &root)?;
            let text = Query { root, notes: Vec::new() }.to_string();
            if found.len() < 3 && !found.contains(&text) && collect::any(snapshot, &part, deadline)?
            {
                found.push(text);
            }
        }
        Ok(found)
    }

    /// The article with this path.
    fn find(&self, path: &str) -> Result<Option<(&Segment, u32)>> {
        self.document_at(path, |segment, doc, head| {
            head.role.is_article().then_some((segment, doc))
        })
    }

    /// The first live document with this path for which `wanted` gives something.
    fn document_at<'s, T>(
        &'s self,
        path: &str,
        wanted: impl Fn(&'s Segment, u32, Head) -> Option<T>,
    ) -> Result<Option<T>> {
        let snapshot = &*self.snapshot;
        let term = snapshot.terms(snapshot.fields.path, [path.to_owned()])?;
        for segment in &snapshot.segments {
            let mut found = None;
            snapshot.each_document(segment, &term, |doc| {
                if found.is_none() && !segment.reader.is_deleted(doc) {
                    let head = snapshot.read((segment.number, doc), Articles::head);
                    found = head.map(|head| wanted(segment, doc, head)).transpose();
                }
            })?;
            if let Some(found) = found {
                return found.map(Some);
            }
        }
        Ok(None)
    }

    fn read(&self, segment: &Segment, doc: u32) -> Option<Result<StoredArticle>> {
        let head = segment.articles.head(doc)?;
        let facts = segment.articles.facts(doc)?;
        let text = segment.articles.whole_text(doc)?;
        let blocks = read_blocks(&segment.articles.table(doc)?, &text)?;
        let (file_hash, format) = match self.file(&head) {
            Ok(file) => file,
            Err(error) => return Some(Err(error)),
        };
        let article =
            Article { path: head.path, metadata: facts.metadata(), blocks, notes: facts.notes };
        Some(Ok(StoredArticle { article, hash: shown_hash(&facts.hash), file_hash, format }))
    }

    /// The hash and the format of the file that an article came from.
    fn file(&self, head: &Head) -> Result<(Option<String>, String)> {
        let facts = match head.container() {
            Some(file) => self.container(file)?,
            None => head.role.file().cloned(),
        };
        Ok(facts.map_or((None, String::new()), |facts| (Some(facts.shown_hash()), facts.format)))
    }

    /// The facts of a file that holds several articles.
    fn container(&self, file: &str) -> Result<Option<FileFacts>> {
        self.document_at(file, |_, _, head| head.role.file().cloned())
    }

    /// Turns a panic of the engine, which damage that no checksum was asked about can cause, into
    /// an error.
    fn guard<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(self.snapshot.damaged("reading it ended in a panic")))
    }
}

/// What was computed, unless the time was over before it was done.
fn in_time<T>(done: T, deadline: &Deadline) -> Result<T> {
    if deadline.was_met() { Err(Error::TimedOut) } else { Ok(done) }
}
