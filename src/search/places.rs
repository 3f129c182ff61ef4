//! Places: where in which articles a query matches, for whoever compares texts word by word.

use std::ops::Range;

use tantivy::DocId;

use super::deadline::Deadline;
use super::live;
use super::matcher::Matcher;
use super::options::{Matching, SearchOptions};
use super::passages::Reader;
use super::plan::{self, Part};
use super::results::{Passage, SearchProfile};
use super::{Searcher, StoredArticle, collect, hits, in_time, suggest};
use crate::index::shown_hash;
use crate::index::snapshot::Segment;
use crate::index::texts::Chunk;
use crate::query::Node;
use crate::{Date, Language, Result};

/// A document of the index that a searcher sees; it means nothing to another searcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Document {
    segment: usize,
    doc: DocId,
}

/// A match with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The words that match and nothing else.
    pub(crate) passage: Passage,
    /// The end of what stands before them in their block.
    pub(crate) before: String,
    /// The beginning of what stands behind them in their block.
    pub(crate) behind: String,
}

/// How much a query matches, and where, as far as wanted.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    /// The number of articles that match.
    pub(crate) articles: u64,
    /// The number of matches in them.
    pub(crate) matches: u64,
    /// The places in the first articles of the index, article by article.
    pub(crate) places: Vec<(Document, Vec<Place>)>,
}

/// What an answer says of an article.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) date: Option<Date>,
    pub(crate) language: Language,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) hash: String,
}

impl Searcher {
    /// Every match of `node`, counted, with the places in the first `most` articles.
    pub(crate) fn places(&self, node: &Node, most: usize, deadline: &Deadline) -> Result<Matches> {
        let mut found = Matches::default();
        let mut chunk = Chunk::default();
        self.for_each_match(node, deadline, |document, segment, matcher| {
            found.articles += 1;
            found.matches += matcher.matches();
            if found.places.len() < most {
                let marks = collect::marks(matcher);
                let places = Reader::open(&segment.articles, document.doc, &mut chunk)
                    .and_then(|mut reader| reader.places(&marks))
                    .ok_or_else(|| self.snapshot.damaged("an article cannot be read"))?;
                found.places.push((document, places));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// How many articles match `node`, and the first `most` of them in the order of the index.
    pub(crate) fn matching(
        &self,
        node: &Node,
        most: usize,
        deadline: &Deadline,
    ) -> Result<(u64, Vec<Document>)> {
        let (mut articles, mut documents) = (0, Vec::new());
        self.for_each_match(node, deadline, |document, _, _| {
            articles += 1;
            if documents.len() < most {
                documents.push(document);
            }
            Ok(())
        })?;
        Ok((articles, documents))
    }

    /// The articles that match `node` best, at most `most`.
    pub(crate) fn best(
        &self,
        node: &Node,
        most: usize,
        deadline: &Deadline,
    ) -> Result<Vec<Document>> {
        self.guard(|| {
            let options =
                SearchOptions { limit: most.max(1), group: false, ..SearchOptions::default() };
            let part = self.plan(node, &options, deadline)?;
            let profile = &mut SearchProfile::default();
            let found = collect::collect(&self.snapshot, &part, None, &options, deadline, profile)?;
            in_time((), deadline)?;
            Ok(found.places().map(|(segment, doc)| Document { segment, doc }).collect())
        })
    }

    /// How many documents have the word whose exact form this is; those that were deleted since the
    /// last merge may be among them.
    pub(crate) fn documents_with(&self, exact: &str) -> Result<u64> {
        self.guard(|| suggest::documents(&self.snapshot, exact))
    }

    /// What an answer says of an article.
    pub(crate) fn known(&self, document: Document) -> Result<Known> {
        self.guard(|| {
            let damaged = || self.snapshot.damaged("a record cannot be read");
            let Document { segment, doc } = document;
            let articles = &self.snapshot.segments.get(segment).ok_or_else(damaged)?.articles;
            let path = articles.path(doc).ok_or_else(damaged)?.to_owned();
            let facts = articles.facts(doc).ok_or_else(damaged)?;
            Ok(Known {
                title: facts.title.clone().unwrap_or_else(|| hits::file_name(&path)),
                date: facts.date(),
                language: facts.language(),
                hash: shown_hash(&facts.hash),
                source: facts.source,
                url: facts.url,
                path,
            })
        })
    }

    /// What is printed on a page of an article, if it is not its plain number.
    pub(crate) fn page_label(&self, document: Document, page: u32) -> Result<Option<String>> {
        self.guard(|| {
            let segment = self.snapshot.segments.get(document.segment);
            let facts = segment.and_then(|segment| segment.articles.facts(document.doc));
            let facts = facts.ok_or_else(|| self.snapshot.damaged("a record cannot be read"))?;
            Ok(facts.page_label(page).map(str::to_owned))
        })
    }

    /// The whole article.
    pub(crate) fn whole(&self, document: Document) -> Result<StoredArticle> {
        self.guard(|| {
            let segment = self.snapshot.segments.get(document.segment);
            segment
                .and_then(|segment| self.read(segment, document.doc))
                .unwrap_or_else(|| Err(self.snapshot.damaged("an article cannot be read")))
        })
    }

    fn plan(&self, node: &Node, options: &SearchOptions, deadline: &Deadline) -> Result<Part> {
        plan::plan(&self.snapshot, options, Matching::All, node, deadline)
    }

    /// Calls `visit` where the matcher of `node` has confirmed an article.
    fn for_each_match(
        &self,
        node: &Node,
        deadline: &Deadline,
        mut visit: impl FnMut(Document, &Segment, &mut Matcher) -> Result<()>,
    ) -> Result<()> {
        self.guard(|| {
            let part = self.plan(node, &SearchOptions::default(), deadline)?;
            for (number, segment) in self.snapshot.segments.iter().enumerate() {
                let matcher = part.matcher(segment, &self.snapshot, deadline)?;
                live::each(segment, matcher, deadline, |doc, matcher| {
                    visit(Document { segment: number, doc }, segment, matcher)
                })?;
            }
            in_time((), deadline)
        })
    }
}

/// The bytes of `text` around `range`, at most `most` on each side, at whole characters.
pub(super) fn around(text: &str, range: &Range<usize>, most: usize) -> (String, String) {
    let from = text.ceil_char_boundary(range.start.saturating_sub(most));
    let to = text.floor_char_boundary(range.end.saturating_add(most).min(text.len()));
    let cut = |range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
    (cut(from..range.start), cut(range.end..to))
}
