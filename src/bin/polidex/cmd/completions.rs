//! `polidex completions`: what a shell needs to complete the command line.

use std::io::Write;

use clap::CommandFactory;

use crate::Outcome;
use crate::args::{Args, CompletionsArgs};
use crate::ui::Ui;

pub(crate) fn run(args: &CompletionsArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    // Into memory first: clap_complete panics where a write fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "polidex", &mut script);
    let mut out = ui.out();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Outcome::Done)
}
