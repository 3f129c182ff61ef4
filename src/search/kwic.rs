//! Concordances: every match of a query with the words on both sides of it (keyword in context).

use std::cmp::Ordering;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::context::{Contexts, Stretch};
use super::deadline::Deadline;
use super::options::within;
use super::spans::Span;
use super::visit::{self, Place};
use super::{SearchOptions, Searcher};
use crate::index::shown_hash;
use crate::query::{Note, Query};
use crate::{Date, Language, Result};

/// How a concordance is made.
///
/// ```
/// use polidex::{KwicOptions, KwicSort};
///
/// let by_next_words = KwicOptions { sort: KwicSort::Right, ..KwicOptions::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KwicOptions {
    /// The order of the lines.
    pub sort: KwicSort,
    /// How many words an order by words goes by, 1 to 10; 3 by default.
    pub depth: usize,
    /// The length of the text on each side, in characters, at most, 10 to 1,000; 60 by default.
    pub width: usize,
    /// The number of lines wanted, 1 to 1,000,000; 100 by default.
    pub limit: usize,
}

/// The order of the lines of a concordance. Ties are in the order of paths, and then of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KwicSort {
    /// By path, and then in the order of the text.
    #[default]
    Path,
    /// The earliest article first; undated articles last.
    Date,
    /// By the words before the match, the nearest first.
    Left,
    /// By the words that match, and then by those behind them.
    Match,
    /// By the words behind the match, the nearest first.
    Right,
}

/// A concordance.
#[derive(Debug, Clone, PartialEq)]
pub struct Concordance {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read and answered.
    pub notes: Vec<Note>,
    /// The lines asked for, in order.
    pub lines: Vec<KwicLine>,
    /// How many articles match.
    pub articles: u64,
    /// How many lines there are in all: the matches, each place once.
    pub matches: u64,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the answer took.
    pub elapsed: Duration,
}

/// A match with the text on both sides of it, within its block. `left`, `text` and `right` stand side
/// by side in the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KwicLine {
    /// The article's path.
    pub path: String,
    /// The article's title, where it has one.
    pub title: Option<String>,
    /// When it was published.
    pub date: Option<Date>,
    /// The language of its text; unknown is [`Language::UNKNOWN`].
    pub language: Language,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// BLAKE3 of the article's canonical text: `blake3:` and 64 hexadecimal digits.
    pub hash: String,
    /// Whole words before the match.
    pub left: String,
    /// The match, from its first word to its last.
    pub text: String,
    /// Whole words behind the match.
    pub right: String,
    /// Where `text` starts in the article's canonical text, in bytes.
    pub start: usize,
    /// Where it ends (exclusive).
    pub end: usize,
    /// The line of the source file on which `text` starts, from 1 (text formats).
    pub line: Option<u32>,
    /// The page on which it starts, from 1 (paged formats).
    pub page: Option<u32>,
    /// What is printed on that page, where the document says so.
    pub page_label: Option<String>,
    /// The headings above it, outermost first.
    pub section: Vec<String>,
}

impl Default for KwicOptions {
    fn default() -> KwicOptions {
        KwicOptions { sort: KwicSort::Path, depth: 3, width: 60, limit: 100 }
    }
}

/// A match on its way to a line.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    /// What the order goes by first: a day, and the exact forms of words, each with a NUL behind it.
    day: i32,
    words: String,
    path: std::rc::Rc<str>,
    span: Span,
    place: Place,
}

impl Entry {
    fn order(&self, other: &Entry) -> Ordering {
        let key = |entry: &Entry| (entry.day, entry.span, entry.place);
        let (a, b) = (key(self), key(other));
        a.0.cmp(&b.0)
            .then_with(|| self.words.cmp(&other.words))
            .then_with(|| self.path.cmp(&other.path))
            .then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
    }
}

/// The first entries of an order, at most `limit`, of any number that come in any order.
struct First {
    limit: usize,
    entries: Vec<Entry>,
}

impl First {
    fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        if self.entries.len() > self.limit.saturating_mul(2).max(1024) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.entries.sort_unstable_by(Entry::order);
        self.entries.truncate(self.limit);
    }
}

impl Searcher {
    /// Every match of a query with the words on both sides of it, in the order asked for. Of
    /// `options` count what says how the query is read: `matching`, `today`, `max_expansions`.
    ///
    /// Errors: those of [`Searcher::search`].
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Index, KwicOptions, Query, SearchOptions};
    ///
    /// let index = Index::in_memory()?;
    /// let text = "They want digital sovereignty, and digital rights.";
    /// index.add([Article::new("a", vec![Block::new(BlockKind::Paragraph, text)])])?;
    /// let query = Query::parse("digital")?;
    /// let found =
    ///     index.searcher()?.kwic(&query, &SearchOptions::default(), &KwicOptions::default())?;
    /// assert_eq!(found.matches, 2);
    /// assert_eq!((&*found.lines[0].left, &*found.lines[0].text), ("They want ", "digital"));
    /// assert_eq!(found.lines[1].right, " rights.");
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn kwic(
        &self,
        query: &Query,
        options: &SearchOptions,
        kwic: &KwicOptions,
    ) -> Result<Concordance> {
        let start = Instant::now();
        within("depth", kwic.depth, 1, 10)?;
        within("width", kwic.width, 10, 1000)?;
        within("limit", kwic.limit, 1, 1_000_000)?;
        self.guard(|| {
            let deadline = Deadline::after(start, options.timeout);
            let (part, notes) = self.planned(query, options, &deadline)?;
            let (mut articles, mut matches) = (0, 0);
            let mut first = First { limit: kwic.limit, entries: Vec::new() };
            let mut contexts = Contexts::default();
            let damaged = || self.snapshot.damaged("an article cannot be read");
            visit::each(&self.snapshot, &part, &deadline, &mut |article| {
                articles += 1;
                let path: std::rc::Rc<str> = article.path()?.into();
                let day = match kwic.sort {
                    KwicSort::Date => article.days().map_or(i32::MAX, |(first, _)| first),
                    _ => 0,
                };
                for span in article.spans() {
                    matches += 1;
                    let words = if matches!(kwic.sort, KwicSort::Path | KwicSort::Date) {
                        String::new()
                    } else {
                        let doc = article.place.1;
                        let reach = kwic.depth as u32;
                        contexts
                            .around(&article.segment.articles, doc, span, reach)
                            .and_then(|stretch| key(stretch, span, kwic))
                            .ok_or_else(damaged)?
                    };
                    first.add(Entry { day, words, path: path.clone(), span, place: article.place });
                }
                Ok(())
            })?;
            first.cut();
            Ok(Concordance {
                query: query.to_string(),
                notes,
                lines: self.lines(&first.entries, kwic)?,
                articles,
                matches,
                generation: self.generation(),
                elapsed: start.elapsed(),
            })
        })
    }

    /// The lines of these entries, read in the order of the index.
    fn lines(&self, entries: &[Entry], kwic: &KwicOptions) -> Result<Vec<KwicLine>> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_unstable_by_key(|&number| (entries[number].place, entries[number].span));
        let mut contexts = Contexts::default();
        let mut lines: Vec<(usize, KwicLine)> = Vec::with_capacity(entries.len());
        for number in order {
            let line = self.line(&entries[number], kwic, &mut contexts);
            let damaged = || self.snapshot.damaged("an article cannot be read");
            lines.push((number, line.ok_or_else(damaged)?));
        }
        lines.sort_unstable_by_key(|(number, _)| *number);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    }

    fn line(&self, entry: &Entry, kwic: &KwicOptions, contexts: &mut Contexts) -> Option<KwicLine> {
        let (segment, doc) = entry.place;
        let articles = &self.snapshot.segments.get(segment)?.articles;
        let glance = articles.glance(doc)?;
        // A word takes a character and a space at least, where words are parted by spaces.
        let stretch = contexts.around(articles, doc, entry.span, kwic.width as u32)?;
        let words = stretch.words_of(entry.span)?;
        let (left, text, right) = parted(stretch, words, kwic.width)?;
        let piece = stretch.piece()?;
        let (line, page) = piece.line_and_page(text.start);
        let of = |range: Range<usize>| stretch.text.get(range).map(str::to_owned);
        Some(KwicLine {
            path: entry.path.to_string(),
            title: glance.title.map(str::to_owned),
            date: glance.date(),
            language: glance.language(),
            source: glance.source.map(str::to_owned),
            hash: shown_hash(glance.hash()),
            left: of(left..text.start)?,
            right: of(text.end..right)?,
            start: piece.range.start + text.start,
            end: piece.range.start + text.end,
            text: of(text)?,
            line,
            page,
            page_label: page.and_then(|page| glance.page_label(page)).map(str::to_owned),
            section: articles.table(doc)?.section(piece)?,
        })
    }
}

/// The words that an order goes by.
fn key(stretch: &Stretch, span: Span, kwic: &KwicOptions) -> Option<String> {
    let words = stretch.words_of(span)?;
    let mut behind = words.end..stretch.len().min(words.end + kwic.depth);
    let before = words.start.saturating_sub(kwic.depth)..words.start;
    let mut key = String::new();
    let mut add = |word: usize| {
        key.push_str(stretch.form(word)?);
        key.push('\0');
        Some(())
    };
    match kwic.sort {
        KwicSort::Left => before.rev().try_for_each(&mut add)?,
        KwicSort::Match => words.chain(behind).try_for_each(&mut add)?,
        _ => behind.try_for_each(&mut add)?,
    }
    Some(key)
}

/// Where the text before the words starts, the bytes of the words, and where the text behind them
/// ends: whole words, of at most `width` characters on each side.
fn parted(
    stretch: &Stretch,
    words: Range<usize>,
    width: usize,
) -> Option<(usize, Range<usize>, usize)> {
    let text = &*stretch.text;
    let node = stretch.bytes(words.start)?.start..stretch.bytes(words.end.checked_sub(1)?)?.end;
    let before = text.get(..node.start)?;
    let behind = text.get(node.end..)?;
    let mut left = before.char_indices().rev().nth(width - 1).map_or(0, |(at, _)| at);
    if left > 0 {
        // The first word that is there as a whole.
        let whole = |word: &usize| stretch.bytes(*word).is_some_and(|bytes| bytes.start >= left);
        let first = (0..words.start).find(whole);
        left = first.and_then(|word| stretch.bytes(word)).map_or(node.start, |bytes| bytes.start);
    }
    let mut right = behind.char_indices().nth(width).map_or(text.len(), |(at, _)| node.end + at);
    if right < text.len() {
        let whole = |word: &usize| stretch.bytes(*word).is_some_and(|bytes| bytes.end <= right);
        let last = (words.end..stretch.len()).take_while(whole).last();
        right = last.and_then(|word| stretch.bytes(word)).map_or(node.end, |bytes| bytes.end);
    }
    Some((left, node, right))
}
