//! `polidex index`: builds the index of a folder, or brings it up to date.

use polidex::{Corpus, CorpusOptions, Index, JsonLine, UpdateOptions, UpdateReport};

use crate::Outcome;
use crate::args::IndexArgs;
use crate::failure::Failure;
use crate::isolation::isolation;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &IndexArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let defaults = CorpusOptions::default();
    let corpus = Corpus::open(&args.folder)?.with_options(CorpusOptions {
        ignore_files: !args.no_ignore,
        hidden: args.hidden,
        max_file_size: args.max_file_size.unwrap_or(defaults.max_file_size),
    });
    let defaults = UpdateOptions::default();
    let options = UpdateOptions {
        memory: match args.memory {
            Some(memory) => usize::try_from(memory).unwrap_or(usize::MAX),
            None => defaults.memory,
        },
        threads: args.threads.unwrap_or(defaults.threads),
        isolation: isolation(&args.isolation)?,
        delete_vanished: args.yes_delete,
        allow_network_fs: args.allow_network_fs,
        ..defaults
    };
    // A rebuild is the way out where the index cannot even be opened.
    let place = Place::of(&corpus, args.index.as_deref(), args.rebuild)?;
    // Before a folder is made there.
    corpus.keeps_out(&place.index)?;
    let report = reported(options, args.quiet, ui, |options| match args.rebuild {
        true => Index::rebuild(&place.index, &corpus, options),
        false => Index::create(&place.index)?.update(&corpus, options),
    })?;
    if args.json {
        ui.json(&JsonLine::index(&report))?;
    }
    if args.profile {
        ui.message(|text, out| text.profile(out, &report.profile.steps()));
    }
    ended(&report, &args.folder.to_string_lossy())
}

/// Brings an index up to date, with progress and a report on standard error unless `quiet`.
pub(crate) fn update(
    index: &Index,
    corpus: &Corpus,
    options: UpdateOptions,
    quiet: bool,
    ui: &Ui,
) -> polidex::Result<UpdateReport> {
    reported(options, quiet, ui, |options| index.update(corpus, options))
}

/// The same of whatever `run` does.
fn reported(
    options: UpdateOptions,
    quiet: bool,
    ui: &Ui,
    run: impl FnOnce(&UpdateOptions) -> polidex::Result<UpdateReport>,
) -> polidex::Result<UpdateReport> {
    let bar = if quiet { None } else { ui.progress() };
    let progress = bar.as_ref().map(|bar| bar.observer());
    let report = run(&UpdateOptions { progress, ..options })?;
    drop(bar);
    if !quiet {
        ui.message(|text, out| text.update(out, &report));
    }
    Ok(report)
}

/// Files that failed are named and no error, as long as there is something to search.
fn ended(report: &UpdateReport, folder: &str) -> anyhow::Result<Outcome> {
    match (report.articles, report.failed) {
        (1.., _) => Ok(Outcome::Done),
        (0, 0) => Ok(Outcome::Nothing),
        (0, failed) => Err(Failure {
            code: "nothing_indexed",
            message: format!("{folder}: nothing could be indexed, {failed} files failed"),
            hint: Some("see why with: polidex status".into()),
        }
        .into()),
    }
}
