//! Collocates: the words that stand near the matches of a query more often than elsewhere.

use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::association::Counts;
use super::context::Contexts;
use super::deadline::Deadline;
use super::options::within;
use super::visit::{self, Place};
use super::{SearchOptions, Searcher};
use crate::Result;
use crate::language::is_function_word;
use crate::query::{Node, Note, Query};

/// How collocates are counted.
///
/// ```
/// use polidex::{CollocateOptions, CollocateSort};
///
/// let strong = CollocateOptions { sort: CollocateSort::LogDice, ..CollocateOptions::default() };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CollocateOptions {
    /// How many words on each side of a match count, 1 to 50; 5 by default.
    pub window: u32,
    /// The order of the collocates.
    pub sort: CollocateSort,
    /// How often a word must stand near a match, at least 1; 3 by default.
    pub least: u64,
    /// The number of collocates wanted, 1 to 100,000; 25 by default.
    pub limit: usize,
    /// Whether function words (`the`, `of`) count; true by default.
    pub function_words: bool,
    /// The articles that are looked at and that words are compared with: those that this query
    /// finds; all by default.
    pub within: Option<Query>,
}

/// The order of collocates, the greatest first. Ties are in the order of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CollocateSort {
    /// How little the closeness can be chance.
    #[default]
    LogLikelihood,
    /// How strong it is.
    LogDice,
    /// How much more frequent it is than by chance; prefers rare words.
    Pmi,
    /// How often the word stands near a match.
    Count,
}

/// The words near the matches of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Collocates {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read and answered.
    pub notes: Vec<Note>,
    /// The collocates asked for, in order.
    pub collocates: Vec<Collocate>,
    /// How many words stand near a match often enough.
    pub distinct: u64,
    /// How many articles match.
    pub articles: u64,
    /// How many matches there are, each place once.
    pub matches: u64,
    /// How many words of text stand near a match, each once however many matches are near.
    pub near: u64,
    /// How many words the articles that are looked at have in all, titles included.
    pub words: u64,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the answer took.
    pub elapsed: Duration,
}

/// A word near matches. Words that differ in case and accents only are one.
#[derive(Debug, Clone, PartialEq)]
pub struct Collocate {
    /// The word, in the spelling that is most frequent near the matches.
    pub word: String,
    /// How often it stands near a match: `O11`, of the `R1` = [`Collocates::near`] words there.
    pub count: u64,
    /// How many of these stand before a match; one between two matches stands before and behind.
    pub left: u64,
    /// How many of these stand behind a match.
    pub right: u64,
    /// In how many articles it stands near a match.
    pub articles: u64,
    /// How often it stands in all articles that are looked at: `C1`, of `N` = [`Collocates::words`].
    pub total: u64,
    /// Dunning's log-likelihood ratio of the table that `O11`, `R1`, `C1` and `N` make; negative where
    /// the word stands near matches less often than elsewhere. Over 10.83 chance alone gives so much
    /// once in 1,000 times.
    pub log_likelihood: f64,
    /// `14 + log2(2 · O11 / (matches + C1))` (Rychlý 2008).
    pub log_dice: f64,
    /// `log2(O11 · N / (matches · C1))` (Church and Hanks 1990).
    pub pmi: f64,
}

impl Default for CollocateOptions {
    fn default() -> CollocateOptions {
        CollocateOptions {
            window: 5,
            sort: CollocateSort::LogLikelihood,
            least: 3,
            limit: 25,
            function_words: true,
            within: None,
        }
    }
}

/// A word while it is counted.
#[derive(Default)]
struct Tally {
    count: u64,
    left: u64,
    right: u64,
    articles: u64,
    last: Option<Place>,
    /// How it is written, and how often.
    spellings: Vec<(String, u64)>,
}

impl Tally {
    fn add(&mut self, place: Place, written: &str) {
        self.count += 1;
        if self.last != Some(place) {
            self.last = Some(place);
            self.articles += 1;
        }
        match self.spellings.iter_mut().find(|(spelling, _)| spelling == written) {
            Some((_, count)) => *count += 1,
            None => self.spellings.push((written.to_owned(), 1)),
        }
    }

    /// The most frequent spelling; of several the last, which is in lower case.
    fn written(&self) -> &str {
        let most = self.spellings.iter().max_by_key(|(spelling, count)| (*count, spelling));
        most.map_or("", |(spelling, _)| spelling)
    }
}

/// The two sides of a match.
const LEFT: u8 = 1;
const RIGHT: u8 = 2;

impl Searcher {
    /// The words that stand near the matches of a query, with how much more often they do than
    /// elsewhere. Near is within the block, [`CollocateOptions::window`] words on each side. Of
    /// `options` count what says how the query is read: `matching`, `today`, `max_expansions`.
    ///
    /// Errors: those of [`Searcher::search`].
    ///
    /// ```
    /// use polidex::{
    ///     Article, Block, BlockKind, CollocateOptions, Index, Query, SearchOptions,
    /// };
    ///
    /// let index = Index::in_memory()?;
    /// let text = "A sovereign cloud is a cloud of our own.";
    /// index.add([Article::new("a", vec![Block::new(BlockKind::Paragraph, text)])])?;
    /// let query = Query::parse("cloud")?;
    /// let near = CollocateOptions { window: 1, least: 1, ..CollocateOptions::default() };
    /// let found = index.searcher()?.collocates(&query, &SearchOptions::default(), &near)?;
    /// let words: Vec<&str> = found.collocates.iter().map(|it| &*it.word).collect();
    /// assert_eq!((found.matches, found.near, found.words), (2, 4, 9));
    /// assert_eq!(words, ["is", "of", "sovereign", "a"]);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn collocates(
        &self,
        query: &Query,
        options: &SearchOptions,
        near: &CollocateOptions,
    ) -> Result<Collocates> {
        let start = Instant::now();
        within("window", near.window as usize, 1, 50)?;
        within("least", usize::try_from(near.least).unwrap_or(usize::MAX), 1, usize::MAX)?;
        within("limit", near.limit, 1, 100_000)?;
        self.guard(|| {
            let confined = visit::confined(query, near.within.as_ref());
            let deadline = Deadline::after(start, options.timeout);
            let (part, notes) = self.planned(&confined, options, &deadline)?;
            let mut counted = Counted::default();
            let mut contexts = Contexts::default();
            visit::each(&self.snapshot, &part, &deadline, &mut |article| {
                counted
                    .add(article, near, &mut contexts)
                    .ok_or_else(|| self.snapshot.damaged("an article cannot be read"))
            })?;
            let words = self.words_of(near.within.as_ref(), options, &deadline)?;
            let Counted { tallies, articles, matches, near: places, .. } = counted;
            let mut collocates = Vec::new();
            for (form, tally) in tallies.iter().filter(|(_, tally)| tally.count >= near.least) {
                let total = self.occurrences(tally.written(), form, near, options, &deadline)?;
                // Deletions or a damaged count must not make a part greater than the whole.
                let total = total.max(tally.count);
                let of = |first: u64| Counts {
                    both: tally.count as f64,
                    first: first as f64,
                    second: total as f64,
                    all: words as f64,
                };
                collocates.push(Collocate {
                    word: tally.written().to_owned(),
                    count: tally.count,
                    left: tally.left,
                    right: tally.right,
                    articles: tally.articles,
                    total,
                    log_likelihood: of(places).log_likelihood(),
                    log_dice: of(matches).log_dice(),
                    pmi: of(matches).pmi(),
                });
            }
            let distinct = collocates.len() as u64;
            let key = |it: &Collocate| match near.sort {
                CollocateSort::LogLikelihood => it.log_likelihood,
                CollocateSort::LogDice => it.log_dice,
                CollocateSort::Pmi => it.pmi,
                CollocateSort::Count => it.count as f64,
            };
            collocates.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| a.word.cmp(&b.word)));
            collocates.truncate(near.limit);
            Ok(Collocates {
                query: confined.to_string(),
                notes,
                collocates,
                distinct,
                articles,
                matches,
                near: places,
                words,
                generation: self.generation(),
                elapsed: start.elapsed(),
            })
        })
    }

    /// How many words the articles that `within` finds have.
    fn words_of(
        &self,
        within: Option<&Query>,
        options: &SearchOptions,
        deadline: &Deadline,
    ) -> Result<u64> {
        let mut words = 0;
        self.each_of(&visit::universe(within), options, deadline, &mut |article| {
            words += article.words()?;
            Ok(())
        })?;
        Ok(words)
    }

    /// How often a word stands in the articles that are looked at, in this form.
    fn occurrences(
        &self,
        written: &str,
        form: &str,
        near: &CollocateOptions,
        options: &SearchOptions,
        deadline: &Deadline,
    ) -> Result<u64> {
        let word = if written.is_empty() { form } else { written };
        let query = Query { root: Node::Exact(word.to_owned()), notes: Vec::new() };
        let query = visit::confined(&query, near.within.as_ref());
        let mut count = 0;
        self.each_of(&query, options, deadline, &mut |article| {
            count += article.matches();
            Ok(())
        })?;
        Ok(count)
    }
}

/// What is counted near matches.
#[derive(Default)]
struct Counted {
    tallies: FxHashMap<String, Tally>,
    articles: u64,
    matches: u64,
    near: u64,
    /// The positions near matches of the article that is being counted, and on which sides.
    seen: FxHashMap<u32, u8>,
}

impl Counted {
    fn add(
        &mut self,
        article: &mut visit::MatchedArticle<'_>,
        near: &CollocateOptions,
        contexts: &mut Contexts,
    ) -> Option<()> {
        self.articles += 1;
        self.seen.clear();
        let language = article.glance().ok()?.language();
        let (place, window) = (article.place, near.window as usize);
        for span in article.spans() {
            self.matches += 1;
            let stretch = contexts.around(&article.segment.articles, place.1, span, near.window)?;
            let words = stretch.words_of(span)?;
            let before = words.start.saturating_sub(window)..words.start;
            let behind = words.end..stretch.len().min(words.end + window);
            let sides = before.map(|word| (word, LEFT)).chain(behind.map(|word| (word, RIGHT)));
            for (word, side) in sides {
                let seen = self.seen.entry(stretch.position(word)).or_default();
                if *seen & side != 0 {
                    continue;
                }
                let first = *seen == 0;
                *seen |= side;
                self.near += u64::from(first);
                let form = stretch.form(word)?;
                if !near.function_words && is_function_word(form, language) {
                    continue;
                }
                if !self.tallies.contains_key(form) {
                    self.tallies.insert(form.to_owned(), Tally::default());
                }
                let tally = self.tallies.get_mut(form)?;
                if first {
                    tally.add(place, stretch.written(word)?);
                }
                tally.left += u64::from(side == LEFT);
                tally.right += u64::from(side == RIGHT);
            }
        }
        Some(())
    }
}
