//! Keyness: the words that set the articles of a result apart from the rest of the index.
//!
//! Words are compared by the number of articles that have them, among the articles in their language,
//! with Dunning's log-likelihood ratio (Rayson, Garside: "Comparing corpora using frequency
//! profiling", 2000, compare frequencies with it; the number of articles keeps one that repeats a word
//! from speaking for all).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::association::Counts;
use super::deadline::Deadline;
use super::options::within;
use super::significant::{self, Tally};
use super::visit::{self, Place};
use super::{SearchOptions, Searcher};
use crate::analysis::Stems;
use crate::query::{Note, Query};
use crate::{Language, Result};

/// How many articles are read for their words; of more an even sample.
pub(crate) const SAMPLE: usize = 1000;

/// Which key terms are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTermOptions {
    /// The number of terms wanted, 1 to 10,000; 25 by default.
    pub limit: usize,
    /// How many of the articles that were read must have a term, at least 1; 2 by default.
    pub least: u64,
}

/// The words that set the articles of a result apart.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTerms {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read and answered.
    pub notes: Vec<Note>,
    /// The terms asked for, the most significant first.
    pub terms: Vec<KeyTerm>,
    /// How many articles match.
    pub articles: u64,
    /// How many of them were read for their words: all, or an even sample of 1,000.
    pub read: u64,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the answer took.
    pub elapsed: Duration,
}

/// A word that sets articles apart, in any of its inflected forms.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyTerm {
    /// The word, in the form that is most frequent in the articles that were read.
    pub word: String,
    /// The language of these articles.
    pub language: Language,
    /// How many of the articles that were read have it.
    pub articles: u64,
    /// How many articles of the index have it.
    pub total: u64,
    /// Dunning's log-likelihood ratio; over 10.83 chance alone gives so much once in 1,000 times.
    pub log_likelihood: f64,
}

impl Default for KeyTermOptions {
    fn default() -> KeyTermOptions {
        KeyTermOptions { limit: 25, least: 2 }
    }
}

impl Searcher {
    /// The words that set the articles that match apart from the rest of the index. Of `options`
    /// count what says how the query is read: `matching`, `today`, `max_expansions`.
    ///
    /// Errors: those of [`Searcher::search`].
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, KeyTermOptions, Query, SearchOptions};
    ///
    /// let index = Index::in_memory()?;
    /// let article = |path: &str, text: &str| {
    ///     Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
    /// };
    /// index.add([
    ///     article("a", "A cloud of ministries."),
    ///     article("b", "Ministries have a cloud."),
    ///     article("c", "A quota of fish."),
    ///     article("d", "A fleet of boats."),
    /// ])?;
    /// let query = Query::parse("cloud")?;
    /// let options = KeyTermOptions::default();
    /// let found = index.searcher()?.key_terms(&query, &SearchOptions::default(), &options)?;
    /// assert_eq!((found.articles, found.read), (2, 2));
    /// assert!(found.terms.iter().all(|term| (term.articles, term.total) == (2, 2)));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn key_terms(
        &self,
        query: &Query,
        options: &SearchOptions,
        wanted: &KeyTermOptions,
    ) -> Result<KeyTerms> {
        let start = Instant::now();
        within("limit", wanted.limit, 1, 10_000)?;
        within("least", usize::try_from(wanted.least).unwrap_or(usize::MAX), 1, usize::MAX)?;
        self.guard(|| {
            let deadline = Deadline::after(start, options.timeout);
            let (part, notes) = self.planned(query, options, &deadline)?;
            let mut places = Vec::new();
            visit::each(&self.snapshot, &part, &deadline, &mut |article| {
                places.push(article.place);
                Ok(())
            })?;
            let read = places.len().min(SAMPLE);
            let sample: Vec<Place> =
                (0..read).filter_map(|n| places.get(n * places.len() / read)).copied().collect();
            let mut terms = self.terms_of(&sample, places.len(), wanted.least)?;
            terms.sort_by(|a, b| {
                b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.word.cmp(&b.word))
            });
            terms.truncate(wanted.limit);
            Ok(KeyTerms {
                query: query.to_string(),
                notes,
                terms,
                articles: places.len() as u64,
                read: read as u64,
                generation: self.generation(),
                elapsed: start.elapsed(),
            })
        })
    }

    /// The terms that at least `least` articles of a sample have, out of `articles`, and more of these
    /// than of the others.
    fn terms_of(&self, sample: &[Place], articles: usize, least: u64) -> Result<Vec<KeyTerm>> {
        let snapshot = &*self.snapshot;
        let mut tallies: BTreeMap<(Language, String), Tally> = BTreeMap::new();
        let mut read: BTreeMap<Language, u64> = BTreeMap::new();
        let mut stems = Stems::new();
        for place in sample {
            // Each article that has a word counts one.
            significant::read(snapshot, *place, |_| 1.0, &mut stems, &mut tallies)
                .and_then(|()| snapshot.segments.get(place.0)?.articles.glance(place.1))
                .map(|glance| *read.entry(glance.language()).or_default() += 1)
                .ok_or_else(|| snapshot.damaged("an article cannot be read"))?;
        }
        let scale = articles as f64 / sample.len().max(1) as f64;
        let mut written: BTreeMap<Language, u64> = BTreeMap::new();
        let mut terms = Vec::new();
        for ((language, stem), tally) in tallies {
            if tally.frequency < least as f32 {
                continue;
            }
            let all = match written.get(&language) {
                Some(all) => *all,
                None => {
                    let all = significant::articles_in(snapshot, language)?;
                    written.insert(language, all);
                    all
                }
            };
            let total = significant::articles_with(snapshot, language, &stem)?;
            let both = f64::from(tally.frequency) * scale;
            let first = read.get(&language).map_or(0.0, |read| *read as f64) * scale;
            let counts = Counts {
                both,
                first,
                second: (total as f64).max(both),
                all: (all as f64).max(first),
            };
            let log_likelihood = counts.log_likelihood();
            let articles = tally.frequency as u64;
            if let Some(word) = tally.word()
                && log_likelihood > 0.0
            {
                terms.push(KeyTerm { word, language, articles, total, log_likelihood });
            }
        }
        Ok(terms)
    }
}
