//! `polidex report`: saved queries by period and by a fact, with quotations and how it was made.

use std::io::Write;

use polidex::{
    Date, JsonLine, ReportOptions, Table, Vocabulary, write_report_html, write_report_markdown,
};

use super::{alerts, concepts, whole};
use crate::Outcome;
use crate::args::{ReportArgs, ReportFormArg};
use crate::ui::Ui;

pub(crate) fn run(args: &ReportArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let vocabulary = concepts::vocabulary(&args.vocabulary)?;
    let vocabulary = vocabulary.as_ref().unwrap_or_else(|| Vocabulary::shipped());
    let saved = alerts::read(&args.file, vocabulary)?;
    let options = ReportOptions {
        by: args.by.into(),
        facet: args.facet,
        facet_values: args.facet_values as usize,
        group: !args.no_group,
        timeout: args.time.limit(),
        ..ReportOptions::on(Date::today())
    };
    let report = whole::searcher(&args.place)?.report(&saved, vocabulary, &options)?;
    let mut out = ui.out();
    if args.json {
        for query in &report.queries {
            for row in &query.rows {
                JsonLine::report_row(&query.name, row).write(&mut out)?;
            }
            JsonLine::report_query(query).write(&mut out)?;
        }
        JsonLine::report(&report).write(&mut out)?;
    } else {
        match args.format {
            ReportFormArg::Markdown => write_report_markdown(&mut out, &report)?,
            ReportFormArg::Html => write_report_html(&mut out, &report)?,
            ReportFormArg::Csv => Table::report(&report).write_csv(&mut out)?,
        }
    }
    out.flush()?;
    let found = report.queries.iter().any(|query| query.all.articles > 0);
    Ok(if found { Outcome::Done } else { Outcome::Nothing })
}
