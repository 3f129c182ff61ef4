//! `polidex man`: the manual page, in roff.

use std::io::Write;

use clap::CommandFactory;

use crate::Outcome;
use crate::args::{Args, ManArgs};
use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(args: &ManArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let mut polidex = Args::command();
    polidex.build();
    let page = match &args.command {
        None => polidex,
        Some(name) => {
            let found = polidex.find_subcommand(name).cloned();
            let unknown = || Failure {
                code: "usage",
                message: format!("there is no command {name}"),
                hint: Some("polidex --help lists the commands".into()),
            };
            found.ok_or_else(unknown)?
        }
    };
    let mut out = ui.out();
    clap_mangen::Man::new(page).render(&mut out)?;
    out.flush()?;
    Ok(Outcome::Done)
}
