//! All tests through the public API and the binary, in one program.
mod oracle;
mod search;
