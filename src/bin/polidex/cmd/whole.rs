//! What the commands have in common that count or list the whole of a result.

use std::io::{self, Write};

use polidex::{Index, Query, SearchOptions, Searcher, Table};

use super::search;
use crate::args::{OnlyArgs, PlaceArgs, ReadingArgs};
use crate::place::Place;
use crate::ui::Ui;

/// The index that the arguments name, open for reading.
pub(super) fn searcher(place: &PlaceArgs) -> anyhow::Result<Searcher> {
    Ok(Index::open(Place::find(place)?.index)?.searcher()?)
}

/// How queries are read.
pub(super) fn options(args: &ReadingArgs) -> SearchOptions {
    let defaults = SearchOptions::default();
    SearchOptions {
        matching: args.matching.into(),
        max_expansions: args.max_expansions.map_or(defaults.max_expansions, |n| n as usize),
        timeout: args.time.limit(),
        ..defaults
    }
}

/// A query for the articles that the options leave, if they leave some out.
pub(super) fn within(only: &OnlyArgs) -> polidex::Result<Option<Query>> {
    let condition = Query::condition(&only.lang, &search::published(only)?);
    Ok(condition.map(|root| Query { root, notes: Vec::new() }))
}

pub(super) fn csv(table: &Table, ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    table.write_csv(&mut out)?;
    out.flush()
}
