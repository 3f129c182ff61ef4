//! `polidex check`: reads a whole index, says whether it is sound, and repairs it if asked.

use std::io::Write;

use polidex::{CheckReport, Error, Index, JsonLine, UpdateOptions};

use crate::Outcome;
use crate::args::{CheckArgs, IsolationArgs};
use crate::isolation::isolation;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &CheckArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find_damaged(&args.place)?;
    if args.repair {
        return repair(&place, args, ui);
    }
    let report = match Index::open(&place.index) {
        Err(Error::Damaged { detail, .. }) => {
            CheckReport { damage: vec![detail], ..CheckReport::default() }
        }
        index => index?.check()?,
    };
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

/// Repairs the index; it is sound afterwards, or there is an error.
fn repair(place: &Place, args: &CheckArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let bar = ui.progress();
    let options = UpdateOptions {
        isolation: isolation(&IsolationArgs::default())?,
        progress: bar.as_ref().map(|bar| bar.observer()),
        ..UpdateOptions::default()
    };
    let report = Index::repair(&place.index, place.folder.as_deref(), &options)?;
    drop(bar);
    if args.json {
        ui.json(&JsonLine::repair(&report))?;
    } else {
        let mut out = ui.out();
        ui.text().repair(&mut out, &report)?;
        out.flush()?;
    }
    Ok(Outcome::Done)
}
