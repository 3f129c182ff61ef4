//! All tests through the public API and the binary, in one program.
mod alerts;
mod cite;
mod cites;
mod cli;
mod concepts;
mod counts;
mod danger;
mod eval;
mod explain;
mod extract;
mod golden;
mod group;
mod isolation;
mod kwic;
mod languages;
mod like;
mod mutants;
mod oracle;
mod readme;
mod rebuild;
mod report;
mod robustness;
mod schema;
mod search;
mod tidy;
mod trend;
mod trust;
mod update;
mod util;
mod verify;

/// The polidex program that is tested.
fn binary() -> &'static std::path::Path {
    std::path::Path::new(env!("CARGO_BIN_EXE_polidex"))
}
