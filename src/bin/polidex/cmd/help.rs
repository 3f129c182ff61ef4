//! `polidex` alone: what it can do, in short.

use std::io::Write;

use clap::CommandFactory;

use crate::Outcome;
use crate::args::Args;
use crate::ui::Ui;

pub(crate) fn run(ui: &Ui) -> anyhow::Result<Outcome> {
    let help = Args::command().render_help();
    let mut out = ui.out();
    if ui.text().colour {
        write!(out, "{}", help.ansi())?;
    } else {
        write!(out, "{help}")?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
