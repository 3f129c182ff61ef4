//! `polidex collocates`: the words that stand near the matches of a query.

use polidex::{CollocateOptions, JsonLine, Query, Table};

use super::whole;
use crate::Outcome;
use crate::args::CollocatesArgs;
use crate::ui::Ui;

pub(crate) fn run(args: &CollocatesArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let typed = args.query.typed();
    let query = Query::parse(&typed)?;
    let options = CollocateOptions {
        window: u32::from(args.window),
        sort: args.sort.into(),
        least: u64::from(args.min),
        limit: args.limit as usize,
        function_words: !args.no_function_words,
        within: whole::within(&args.query.only)?,
    };
    let searcher = whole::searcher(&args.query.place)?;
    let found = searcher.collocates(&query, &whole::options(&args.query.reading), &options)?;
    if args.form.json {
        ui.json(&JsonLine::collocates(&found))?;
    } else if args.form.csv {
        whole::csv(&Table::collocates(&found), ui)?;
    } else {
        let mut page = Vec::new();
        ui.text().collocates(&mut page, &found, &typed)?;
        ui.page(&page)?;
    }
    Ok(if found.articles > 0 { Outcome::Done } else { Outcome::Nothing })
}
