//! `polidex like`: the articles that are similar to one.

use polidex::{Index, SearchOptions};

use super::{search, show};
use crate::Outcome;
use crate::args::LikeArgs;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &LikeArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find(&args.place)?;
    let index = Index::open(&place.index)?;
    let root = place.corpus(&index)?;
    let searcher = index.searcher()?;
    let path = show::find(&searcher, &args.article, root.as_deref())?.article.path;
    let defaults = SearchOptions::default();
    let options = SearchOptions {
        limit: args.page.limit.map_or(defaults.limit, usize::from),
        offset: usize::from(args.page.offset),
        passages: args.page.passages.map_or(defaults.passages, usize::from),
        explain: args.explain,
        group: !args.no_group,
        timeout: args.time.limit(),
        ..defaults
    };
    let (query, terms) = searcher.like_query(&path)?;
    let query = search::confined(query, &args.only)?;
    let mut results = searcher.search(&query, &options)?;
    results.terms = terms;
    if args.json {
        search::json(&results, ui)?;
    } else {
        search::text(&results, "", &args.place, &place, &index, ui)?;
    }
    Ok(search::outcome(&results, ui))
}
