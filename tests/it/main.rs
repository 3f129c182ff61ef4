//! All tests through the public API and the binary, in one program.
mod cites;
mod cli;
mod danger;
mod eval;
mod explain;
mod extract;
mod group;
mod isolation;
mod languages;
mod like;
mod oracle;
mod readme;
mod robustness;
mod search;
mod tidy;
mod update;
mod util;
