//! What the commands have in common that count or list the whole of a result.

use std::io::{self, Write};

use polidex::{Index, Node, Query, SearchOptions, Searcher, Table};

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
        ..defaults
    }
}

/// A query for the articles that the options leave, if they leave some out.
pub(super) fn within(only: &OnlyArgs) -> polidex::Result<Option<Query>> {
    let mut conditions = search::conditions(only)?;
    let root = match conditions.len() {
        0 => return Ok(None),
        1 => conditions.remove(0),
        _ => Node::And(conditions),
    };
    Ok(Some(Query { root, notes: Vec::new() }))
}

pub(super) fn csv(table: &Table, ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    table.write_csv(&mut out)?;
    out.flush()
}
