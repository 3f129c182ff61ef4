//! `polidex kwic`: every match with the words on both sides of it.

use std::io::Write;

use polidex::{JsonLine, KwicOptions, Query, Table};

use super::{search, whole};
use crate::Outcome;
use crate::args::KwicArgs;
use crate::ui::Ui;

/// So many characters fill any number of columns that a terminal has room for.
const CHARACTERS: usize = 60;

pub(crate) fn run(args: &KwicArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let typed = args.query.typed();
    let query = search::confined(Query::parse(&typed)?, &args.query.only)?;
    let side = args.width.map(usize::from);
    let options = KwicOptions {
        sort: args.sort.into(),
        depth: usize::from(args.depth),
        width: side.unwrap_or(CHARACTERS),
        limit: args.limit as usize,
    };
    let searcher = whole::searcher(&args.query.place)?;
    let found = searcher.kwic(&query, &whole::options(&args.query.reading), &options)?;
    if args.form.json {
        let mut out = ui.out();
        for line in &found.lines {
            JsonLine::kwic_line(line).write(&mut out)?;
        }
        JsonLine::concordance(&found).write(&mut out)?;
        out.flush()?;
    } else if args.form.csv {
        whole::csv(&Table::concordance(&found), ui)?;
    } else {
        let mut page = Vec::new();
        ui.text().concordance(&mut page, &found, side, &typed)?;
        ui.page(&page)?;
    }
    Ok(if found.articles > 0 { Outcome::Done } else { Outcome::Nothing })
}
