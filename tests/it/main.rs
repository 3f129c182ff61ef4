//! All tests through the public API and the binary, in one program.
mod cli;
mod oracle;
mod search;
mod tidy;
mod util;
