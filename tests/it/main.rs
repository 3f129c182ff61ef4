//! All tests through the public API and the binary, in one program.
mod cli;
mod danger;
mod eval;
mod explain;
mod group;
mod like;
mod oracle;
mod readme;
mod search;
mod tidy;
mod update;
mod util;
