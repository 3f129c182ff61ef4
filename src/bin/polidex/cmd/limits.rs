//! `polidex limits`: the limits that polidex works within, and what confines its workers here.

use std::io::Write;

use polidex::{JsonLine, limits};

use crate::Outcome;
use crate::args::LimitsArgs;
use crate::isolation;
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
    let confinement = isolation::workers()?.confinement();
    if args.json {
        JsonLine::confinement(confinement.ok()).write(&mut out)?;
    } else {
        let held = match confinement {
            Ok(confinement) => {
                let names: String = confinement.names().map(|name| format!(", {name}")).collect();
                format!("confined by limits of resources{names}")
            }
            Err(error) => format!("none here: {error}"),
        };
        writeln!(out, "\nworker processes for files: {held}")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
