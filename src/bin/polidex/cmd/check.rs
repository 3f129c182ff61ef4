//! `polidex check`: reads a whole index and says whether it is sound.

use std::io::Write;

use polidex::{Error, Index, JsonLine};

use crate::Outcome;
use crate::args::CheckArgs;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &CheckArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find(&args.place)?;
    let report = Index::open(&place.index)?.check()?;
    if args.json {
        ui.json(&JsonLine::check(&report))?;
    } else {
        let mut out = ui.out();
        ui.text().check(&mut out, &report)?;
        out.flush()?;
    }
    if report.damage.is_empty() {
        return Ok(Outcome::Done);
    }
    let detail = match report.damage.len() {
        1 => "one thing does not hold".to_owned(),
        n => format!("{n} things do not hold"),
    };
    Err(Error::Damaged { path: place.index, detail }.into())
}
