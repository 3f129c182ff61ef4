//! Alerts: what of the articles that match saved queries is new, or has changed, since the last look.
//!
//! An article is new for a query if it was not shown for it before, and changed if the words that it
//! was shown with (its canonical text) are others now. What was shown is kept in an [`AlertState`].

mod feed;
mod state;

use std::collections::HashSet;
use std::time::{Duration, Instant};

pub use feed::{FEED_ENTRIES, FeedEntry};
pub use state::AlertState;
use state::{Looked, Seen};

use crate::query::Note;
use crate::saved::{SavedQueries, SavedQuery};
use crate::search::{Hit, SearchOptions, Searcher};
use crate::{Error, Result};

/// How alerts are looked for.
///
/// ```
/// use polidex::{AlertOptions, SearchOptions, Sort};
///
/// let search = SearchOptions { sort: Sort::Newest, limit: 100, ..SearchOptions::default() };
/// let options = AlertOptions { search, ..AlertOptions::at(1_764_100_000) };
/// assert!(!options.mark_only);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AlertOptions {
    /// How many hits each query may give, in which order, with how many passages, and whether
    /// near-copies are folded. The saved query itself says how many words must match.
    pub search: SearchOptions,
    /// Also what was noticed at this time or later, in seconds after 1 January 1970 (UTC).
    pub since: Option<u64>,
    /// Show nothing, and take all that matches for shown.
    pub mark_only: bool,
    /// The present time, in seconds after 1 January 1970 (UTC).
    pub now: u64,
}

impl AlertOptions {
    /// The defaults, at this time, in seconds after 1 January 1970 (UTC).
    pub fn at(now: u64) -> AlertOptions {
        AlertOptions { search: SearchOptions::default(), since: None, mark_only: false, now }
    }
}

/// What is new for saved queries.
#[derive(Debug, Clone, PartialEq)]
pub struct Alerts {
    /// For each query of the file, in its order.
    pub queries: Vec<Alert>,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the look took.
    pub elapsed: Duration,
}

/// What is new for one saved query.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// The query's name.
    pub name: String,
    /// The query as it was read.
    pub query: String,
    /// What its owner says of it.
    pub note: Option<String>,
    /// What the reader should know: `first_look`, `changed_query`, and how the query was read.
    pub notes: Vec<Note>,
    /// How many articles match, seen before or not.
    pub articles: u64,
    /// How many of them had not been shown before.
    pub new: u64,
    /// How many of them were shown with another content.
    pub changed: u64,
    /// How many of those are not among the hits, nor folded under one: the next look tells them.
    pub left: u64,
    /// What is shown now.
    pub hits: Vec<AlertHit>,
}

/// An article that an alert shows.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertHit {
    /// The article, with its evidence. What is folded under it is new or changed as well.
    pub hit: Hit,
    /// Whether it was shown before with another content.
    pub changed: bool,
    /// When it was first shown so, in seconds after 1 January 1970 (UTC).
    pub noticed: u64,
}

/// The start of a hash of an article's path.
fn path_key(path: &str) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(path.as_bytes()).as_bytes();
    [a, b, c, d, e, f, g, h]
}

/// What a look finds of one article that matches.
struct Found {
    path: String,
    seen: Seen,
    /// What is known of it from before, if it matched then.
    before: Option<Seen>,
}

impl Found {
    /// Whether it is new or changed.
    fn is_fresh(&self) -> bool {
        self.before.is_none_or(|before| before.content != self.seen.content)
    }
}

impl Searcher {
    /// Looks for what is new or has changed since the last look, and takes what it shows for shown:
    /// `state` is to be [saved](AlertState::save) once the answer has reached its reader. What no
    /// longer matches is forgotten, so that it is new if it comes back.
    ///
    /// Errors: those of [`Searcher::search`], and [`Error::TimedOut`]; `state` is then as it was.
    ///
    /// ```
    /// use polidex::{
    ///     AlertOptions, AlertState, Article, Block, BlockKind, Index, SavedQueries, Vocabulary,
    /// };
    ///
    /// let index = Index::in_memory()?;
    /// let article = |path: &str, text: &str| {
    ///     Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
    /// };
    /// index.add([article("a", "A sovereign cloud.")])?;
    /// let text = "[clouds]\nquery = 'cloud'\n";
    /// let saved = SavedQueries::read("own.toml", text, Vocabulary::shipped())?;
    /// let mut state = AlertState::default();
    /// let options = AlertOptions::at(1_764_100_000);
    /// index.searcher()?.alerts(&saved, &mut state, &options)?;
    ///
    /// index.add([article("b", "Another cloud."), article("c", "Fog.")])?;
    /// let alerts = index.searcher()?.alerts(&saved, &mut state, &options)?;
    /// let paths: Vec<&str> = alerts.queries[0].hits.iter().map(|it| &*it.hit.path).collect();
    /// assert_eq!(paths, ["b"]);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn alerts(
        &self,
        saved: &SavedQueries,
        state: &mut AlertState,
        options: &AlertOptions,
    ) -> Result<Alerts> {
        let start = Instant::now();
        let mut looked = Vec::new();
        let mut queries = Vec::new();
        for query in &saved.queries {
            let (alert, seen) = self
                .alert(query, state.queries.get(&query.name), options)
                .map_err(|error| of_query(error, saved, query))?;
            queries.push(alert);
            looked.push((query.name.clone(), seen));
        }
        state.queries.extend(looked);
        Ok(Alerts { queries, generation: self.generation(), elapsed: start.elapsed() })
    }

    fn alert(
        &self,
        saved: &SavedQuery,
        before: Option<&Looked>,
        options: &AlertOptions,
    ) -> Result<(Alert, Looked)> {
        let search = SearchOptions { matching: saved.matching, ..options.search.clone() };
        let found = self.found(saved, before, options)?;
        let is_wanted = |it: &&Found| {
            let noticed = |since: u64| it.before.is_some_and(|seen| seen.noticed >= since);
            !options.mark_only && (it.is_fresh() || options.since.is_some_and(noticed))
        };
        let wanted: Vec<String> =
            found.iter().filter(is_wanted).map(|it| it.path.clone()).collect();
        let among = (wanted.len() < found.len()).then(|| wanted.clone());
        let hits = match wanted.is_empty() {
            true => Vec::new(),
            false => self.search_among(&saved.query, &search, among)?,
        };
        let copies = hits.iter().flat_map(|hit| &hit.duplicates).map(|copy| &*copy.path);
        let shown: HashSet<&str> = hits.iter().map(|hit| &*hit.path).chain(copies).collect();
        let told = |it: &&Found| options.mark_only || shown.contains(&*it.path);
        let mut seen = Vec::with_capacity(found.len());
        for it in &found {
            match (it.is_fresh(), told(&it)) {
                (true, true) => seen.push(it.seen),
                // What the limit left out is as fresh for the next look.
                _ => seen.extend(it.before),
            }
        }
        seen.sort_unstable_by_key(|seen| seen.path);
        let fresh = || found.iter().filter(|it| it.is_fresh());
        let alert = Alert {
            name: saved.name.clone(),
            query: saved.query.to_string(),
            note: saved.note.clone(),
            notes: notes(saved, before),
            articles: found.len() as u64,
            new: fresh().filter(|it| it.before.is_none()).count() as u64,
            changed: fresh().filter(|it| it.before.is_some()).count() as u64,
            left: fresh().filter(|it| !told(it)).count() as u64,
            hits: Vec::new(),
        };
        let dated = |hit: Hit| {
            let it = found.iter().find(|it| it.path == hit.path);
            let seen = it.map(|it| it.before.filter(|_| !it.is_fresh()).unwrap_or(it.seen));
            let (changed, noticed) = seen.map_or((false, 0), |seen| (seen.changed, seen.noticed));
            AlertHit { hit, changed, noticed }
        };
        let hits = hits.into_iter().map(dated).collect();
        let looked = Looked { query: alert.query.clone(), generation: self.generation(), seen };
        Ok((Alert { hits, ..alert }, looked))
    }

    /// All articles that match, with what is known of them.
    fn found(
        &self,
        saved: &SavedQuery,
        before: Option<&Looked>,
        options: &AlertOptions,
    ) -> Result<Vec<Found>> {
        let search = SearchOptions { matching: saved.matching, ..options.search.clone() };
        let matched = self.matched(&saved.query, &search)?;
        let found = matched.into_iter().map(|it| {
            let (path, content) = (path_key(&it.path), it.content);
            let before = before.and_then(|looked| looked.seen(path)).copied();
            let (noticed, changed) = match options.mark_only {
                true => (0, false),
                false => (options.now, before.is_some()),
            };
            Found { path: it.path, seen: Seen { path, content, noticed, changed }, before }
        });
        Ok(found.collect())
    }
}

/// What the reader of an alert should know.
fn notes(saved: &SavedQuery, before: Option<&Looked>) -> Vec<Note> {
    let told = |code, message: &str| Note { code, message: message.to_owned(), span: None };
    let first = match before {
        None => Some(told("first_look", "this is the first look: all that matches is new")),
        Some(looked) if looked.query != saved.query.to_string() => Some(told(
            "changed_query",
            "the query was another at the last look: what it did not find then is new",
        )),
        Some(_) => None,
    };
    first.into_iter().chain(saved.query.notes.iter().cloned()).collect()
}

/// The error of a query, with its line in the file.
fn of_query(error: Error, saved: &SavedQueries, query: &SavedQuery) -> Error {
    let Error::Query(error) = error else { return error };
    let message = format!("{}: {error}", query.name);
    let mistakes = vec![crate::error::Mistake { line: query.line, message }];
    Error::SavedQueries { file: saved.file.clone(), mistakes }
}
