//! polidex: ten hits with their passages, as a program that embeds it gets them.

use polidex::{Error, Index, Query, SearchOptions, Searcher};

use crate::{Asked, Engine, Outcome};

/// An index of polidex, open.
pub(crate) struct Opened {
    searcher: Searcher,
    options: SearchOptions,
}

impl Opened {
    pub(crate) fn new(folder: &str) -> Outcome<Self> {
        let searcher = Index::open(folder)?.searcher()?;
        Ok(Self { searcher, options: SearchOptions::default() })
    }
}

impl Engine for Opened {
    fn answer(&self, asked: &Asked) -> Outcome<Option<(usize, usize)>> {
        let query = Query::parse(&asked.polidex)?;
        let answer = match self.searcher.search(&query, &self.options) {
            // A wildcard that stands for too many words.
            Err(Error::Query(_)) => return Ok(None),
            answer => answer?,
        };
        let passages = answer.hits.iter().flat_map(|hit| &hit.passages);
        Ok(Some((answer.hits.len(), passages.map(|passage| passage.text.len()).sum())))
    }
}
