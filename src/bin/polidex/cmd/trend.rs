//! `polidex trend`: articles and matches of queries over time.

use polidex::{Error, JsonLine, Query, Table, TrendOptions, write_trend_svg};

use super::whole;
use crate::Outcome;
use crate::args::TrendArgs;
use crate::ui::Ui;

pub(crate) fn run(args: &TrendArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let queries: Vec<Query> =
        args.queries.iter().map(|typed| Query::parse(typed)).collect::<Result<_, _>>()?;
    let options = TrendOptions {
        by: args.by.into(),
        per: args.per.map(Into::into),
        group: !args.no_group,
        within: whole::within(&args.only)?,
    };
    let searcher = whole::searcher(&args.place)?;
    let trend = searcher.trend(&queries, &whole::options(&args.reading), &options)?;
    if let Some(file) = &args.svg {
        let mut drawing = Vec::new();
        write_trend_svg(&mut drawing, &trend)?;
        std::fs::write(file, drawing).map_err(|source| Error::Io { path: file.clone(), source })?;
    }
    if args.form.json {
        ui.json(&JsonLine::trend(&trend))?;
    } else if args.form.csv {
        whole::csv(&Table::trend(&trend), ui)?;
    } else {
        let mut page = Vec::new();
        ui.text().trend(&mut page, &trend, args.ascii, &args.queries)?;
        ui.page(&page)?;
    }
    let found = trend.series.iter().any(|series| series.all.articles > 0);
    Ok(if found { Outcome::Done } else { Outcome::Nothing })
}
