//! `polidex limits`: the limits that polidex works within.

use std::io::Write;

use polidex::{JsonLine, limits};

use crate::Outcome;
use crate::args::LimitsArgs;
use crate::ui::Ui;

pub(crate) fn run(args: &LimitsArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let limits = limits();
    let mut out = ui.out();
    for limit in &limits {
        if args.json {
            JsonLine::limit(limit).write(&mut out)?;
        } else {
            let option = limit.option.map(|option| format!("  {option}"));
            let (value, option) = (limit.to_string(), option.unwrap_or_default());
            writeln!(out, "{:<40}{value:>10}{option}", limit.name)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
