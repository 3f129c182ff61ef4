//! Searching among chosen articles only, and listing all that match with what tells their content.

use std::time::Instant;

use tantivy::TERMINATED;

use super::deadline::Deadline;
use super::plan::{self, Part, Words};
use super::results::SearchProfile;
use super::{SearchOptions, Searcher, collect, in_time};
use crate::query::Query;
use crate::{Hit, Result};

/// An article that matches: its path, and the hash of its canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) path: String,
    pub(crate) hash: [u8; 32],
}

impl Searcher {
    /// All articles that match, in the order of the index. Nothing takes the place of an empty
    /// result.
    pub(crate) fn matched(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Matched>> {
        self.guard(|| {
            options.check()?;
            let snapshot = &*self.snapshot;
            let deadline = Deadline::after(Instant::now(), options.timeout);
            let part = plan::plan(snapshot, options, options.matching, &query.root, &deadline)?;
            let mut all = Vec::new();
            for segment in &snapshot.segments {
                let mut matcher = part.matcher(segment, snapshot, &deadline)?;
                let mut doc = matcher.next(0);
                while doc != TERMINATED {
                    if !segment.reader.is_deleted(doc) && matcher.confirm() {
                        let read = || {
                            let (hash, _) = segment.articles.sketch(doc)?;
                            Some(Matched { path: segment.articles.head(doc)?.path, hash })
                        };
                        all.push(read().ok_or_else(|| snapshot.damaged("a record cannot be read"))?);
                    }
                    doc = matcher.next(doc + 1);
                }
            }
            in_time(all, &deadline)
        })
    }

    /// The best of the articles with these paths that match; of all that match where no paths are
    /// given.
    pub(crate) fn search_among(
        &self,
        query: &Query,
        options: &SearchOptions,
        paths: Option<Vec<String>>,
    ) -> Result<Vec<Hit>> {
        self.guard(|| {
            options.check()?;
            let snapshot = &*self.snapshot;
            let deadline = Deadline::after(Instant::now(), options.timeout);
            let mut part = plan::plan(snapshot, options, options.matching, &query.root, &deadline)?;
            if let Some(paths) = paths {
                let must = vec![part, self.at(paths)];
                part = Part::All { must, not: Vec::new(), close: false };
            }
            let mut profile = SearchProfile::default();
            let found =
                collect::collect(snapshot, &part, None, options, &deadline, &mut profile)?;
            in_time((), &deadline)?;
            collect::hits(self, &part, None, &found, options)
        })
    }

    /// The condition to have one of these paths.
    fn at(&self, mut paths: Vec<String>) -> Part {
        paths.sort_unstable();
        Part::Filter(Box::new(Part::Term(Words {
            written: String::new(),
            field: self.snapshot.fields.path,
            documents: paths.len() as u64,
            terms: paths,
            inflected: false,
            stems: Vec::new(),
            parts: Vec::new(),
            apart: Vec::new(),
            weight: 0.0,
            boost: 0.0,
            form: None,
            is_function_word: false,
            number: 0,
        })))
    }
}
