//! `polidex status`: what an index holds, or what indexes there are.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use polidex::{Index, JsonLine};

use crate::Outcome;
use crate::args::StatusArgs;
use crate::place::{self, Place};
use crate::ui::Ui;

pub(crate) fn run(args: &StatusArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    if args.all {
        return all(args, ui);
    }
    let place = Place::find(&args.place)?;
    show(&place.index, args, ui)?;
    Ok(Outcome::Done)
}

/// Shows every index in the usual place; one that cannot be read does not hide the others.
fn all(args: &StatusArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let folder = place::data_folder()?;
    let indexes = indexes(&folder).with_context(|| folder.display().to_string())?;
    if indexes.is_empty() {
        ui.message(|_, out| {
            writeln!(out, "nothing is indexed yet; index a folder with: polidex index FOLDER")
        });
        return Ok(Outcome::Nothing);
    }
    let mut outcome = Outcome::Done;
    for (number, index) in indexes.iter().enumerate() {
        if number > 0 && !args.json {
            let mut out = ui.out();
            writeln!(out)?;
            out.flush()?;
        }
        if let Err(error) = show(index, args, ui) {
            // Only what the library says of this index; an output that fails ends it all.
            if error.downcast_ref::<polidex::Error>().is_none() {
                return Err(error);
            }
            ui.error(&error);
            outcome = Outcome::Faulty;
        }
    }
    Ok(outcome)
}

/// The indexes in a folder, by name.
fn indexes(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths?;
    paths.retain(|path| Index::exists(path) && !is_aside(path));
    paths.sort();
    Ok(paths)
}

/// Whether a repair has put this index aside, or a repair or a rebuild was building it.
fn is_aside(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = [".polidex-rebuild", ".exchanged"];
    name.contains(".corrupt-") || ends.iter().any(|end| name.ends_with(end))
}

fn show(index: &Path, args: &StatusArgs, ui: &Ui) -> anyhow::Result<()> {
    let status = Index::open(index)?.status()?;
    if args.json {
        ui.json(&JsonLine::status(&status))?;
    } else {
        let mut out = ui.out();
        ui.text().status(&mut out, &status)?;
        out.flush()?;
    }
    Ok(())
}
