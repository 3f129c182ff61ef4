//! `polidex terms`: the words that set the articles of a query apart from the rest.

use polidex::{JsonLine, KeyTermOptions, Query, Table};

use super::{search, whole};
use crate::Outcome;
use crate::args::TermsArgs;
use crate::ui::Ui;

pub(crate) fn run(args: &TermsArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let typed = args.query.typed();
    let query = search::confined(Query::parse(&typed)?, &args.query.only)?;
    let options = KeyTermOptions { limit: args.limit as usize, least: u64::from(args.min) };
    let searcher = whole::searcher(&args.query.place)?;
    let found = searcher.key_terms(&query, &whole::options(&args.query.reading), &options)?;
    if args.form.json {
        ui.json(&JsonLine::key_terms(&found))?;
    } else if args.form.csv {
        whole::csv(&Table::key_terms(&found), ui)?;
    } else {
        let mut page = Vec::new();
        ui.text().key_terms(&mut page, &found, &typed)?;
        ui.page(&page)?;
    }
    Ok(if found.articles > 0 { Outcome::Done } else { Outcome::Nothing })
}
