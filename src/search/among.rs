//! Searching among chosen articles only, listing all that match with what tells their content, and
//! the fingerprint of all articles.

use std::time::Instant;

use super::deadline::Deadline;
use super::plan::{self, Part, Words};
use super::results::SearchProfile;
use super::visit;
use super::{SearchOptions, Searcher, collect, hits, in_time};
use crate::index::shown_hash;
use crate::query::Query;
use crate::{Hit, Result};

/// An article that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matched {
    pub(crate) path: String,
    /// The start of the hash of its canonical text.
    pub(crate) content: [u8; 8],
}

impl Searcher {
    /// All articles that match, in the order of the index. Nothing takes the place of an empty
    /// result.
    pub(crate) fn matched(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Matched>> {
        let mut all = Vec::new();
        self.visit(query, options, |article| {
            let content = article.print()?.hash.to_le_bytes();
            all.push(Matched { path: article.path()?.to_owned(), content });
            Ok(())
        })?;
        Ok(all)
    }

    /// What tells this state of the corpus from any other: BLAKE3, as `blake3:` and 64 hexadecimal
    /// digits, over the lines `hash␉path` of all articles in the order of paths, each ended by a line
    /// feed; `hash` is that of [`StoredArticle::hash`](crate::StoredArticle::hash).
    ///
    /// Errors: [`Error::Damaged`](crate::Error::Damaged).
    pub fn fingerprint(&self) -> Result<String> {
        let mut lines = Vec::new();
        self.visit(&visit::universe(None), &SearchOptions::default(), |article| {
            let hash = shown_hash(&article.hash()?);
            lines.push((article.path()?.to_owned(), hash));
            Ok(())
        })?;
        lines.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for (path, hash) in lines {
            hasher.update(format!("{hash}\t{path}\n").as_bytes());
        }
        Ok(shown_hash(hasher.finalize().as_bytes()))
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
                let must = vec![part, self.at(paths)?];
                part = Part::All { must, not: Vec::new(), close: false };
            }
            let mut profile = SearchProfile::default();
            let found = collect::collect(snapshot, &part, None, options, &deadline, &mut profile)?;
            in_time((), &deadline)?;
            hits::hits(self, &part, None, &found, options)
        })
    }

    /// The condition to have one of these paths.
    fn at(&self, mut paths: Vec<String>) -> Result<Part> {
        paths.sort_unstable();
        let fields = &self.snapshot.fields;
        let paths = self.snapshot.terms(fields.path, paths)?;
        Ok(Part::Filter(Box::new(Part::Term(Words::condition("", paths, fields)))))
    }
}
