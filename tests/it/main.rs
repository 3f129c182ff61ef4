//! All tests through the public API and the binary, in one program.
mod cli;
mod danger;
mod eval;
mod explain;
mod extract;
mod isolation;
mod oracle;
mod readme;
mod robustness;
mod search;
mod tidy;
mod update;
mod util;
