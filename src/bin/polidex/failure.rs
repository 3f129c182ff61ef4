//! Failure: what the command line itself finds wrong, with what to do next.

use std::io::{self, Write};

/// An error of the command line, beside those of the library.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    /// A stable word for programs.
    pub(crate) code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
}

/// Whether the reader of the output went away, as `head` does: nothing is wrong then.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Says that the program itself is at fault.
pub(crate) fn tell_of_a_panic(words: &str) {
    // Nobody is left to be told where standard error is closed.
    let _ = writeln!(
        io::stderr(),
        "polidex: internal error: {words}\nhint: this is a defect of polidex; please report it"
    );
}
