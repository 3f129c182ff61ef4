//! What a feed of alerts holds: the articles that looks have noticed last.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{AlertState, of_query};
use crate::Result;
use crate::saved::SavedQueries;
use crate::search::{Hit, SearchOptions, Searcher};

/// The most entries of a feed.
pub const FEED_ENTRIES: usize = 200;

/// An article that a look has noticed for a saved query.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedEntry {
    /// The name of the saved query.
    pub name: String,
    /// The article, with its evidence. What is folded under it was noticed by the same look.
    pub hit: Hit,
    /// Whether it had been shown before with another content.
    pub changed: bool,
    /// When it was noticed, in seconds after 1 January 1970 (UTC).
    pub noticed: u64,
}

impl Searcher {
    /// The articles that looks have noticed last and that still match, at most [`FEED_ENTRIES`], the
    /// latest look first, in it the queries in their order. What was only marked is not among them.
    ///
    /// Of `options` count the passages, the order and whether near-copies are folded.
    ///
    /// Errors: those of [`Searcher::search`].
    pub fn feed_entries(
        &self,
        saved: &SavedQueries,
        state: &AlertState,
        options: &SearchOptions,
    ) -> Result<Vec<FeedEntry>> {
        // By time, then by query: what one look has noticed for one query, each changed or not.
        let mut looks: BTreeMap<(Reverse<u64>, usize), BTreeMap<String, bool>> = BTreeMap::new();
        for (number, query) in saved.queries.iter().enumerate() {
            let Some(looked) = state.queries.get(&query.name) else { continue };
            let search = SearchOptions { matching: query.matching, ..options.clone() };
            let matched = self
                .matched(&query.query, &search)
                .map_err(|error| of_query(error, saved, query))?;
            for it in matched {
                let seen = looked.seen(super::path_key(&it.path));
                let seen = seen.filter(|seen| seen.content == it.content);
                if let Some(seen) = seen.filter(|seen| seen.noticed > 0) {
                    let look = looks.entry((Reverse(seen.noticed), number)).or_default();
                    look.insert(it.path, seen.changed);
                }
            }
        }
        let mut entries = Vec::new();
        for ((Reverse(noticed), number), articles) in looks {
            let room = FEED_ENTRIES.saturating_sub(entries.len());
            let Some(query) = saved.queries.get(number).filter(|_| room > 0) else { break };
            let search = SearchOptions {
                matching: query.matching,
                limit: room,
                offset: 0,
                ..options.clone()
            };
            let paths = articles.keys().cloned().collect();
            for hit in self.search_among(&query.query, &search, Some(paths))? {
                let changed = articles.get(&hit.path).copied().unwrap_or_default();
                entries.push(FeedEntry { name: query.name.clone(), hit, changed, noticed });
            }
        }
        Ok(entries)
    }
}
