//! Isolation: files of complex formats are read by further processes of this program.

use std::env;

use anyhow::Context;
use polidex::{Isolation, Workers};

use crate::args::{IsolateArg, IsolationArgs};

/// Where files are read, as the arguments say.
pub(crate) fn isolation(args: &IsolationArgs) -> anyhow::Result<Isolation> {
    if matches!(args.isolate, IsolateArg::None) {
        return Ok(Isolation::InProcess);
    }
    let defaults = workers()?;
    Ok(Isolation::Workers(Workers {
        timeout: args.extract_timeout.unwrap_or(defaults.timeout),
        memory: args.extract_memory.unwrap_or(defaults.memory),
        all_formats: matches!(args.isolate, IsolateArg::All),
        ..defaults
    }))
}

/// Workers of this program, with the limits that they have by default.
pub(crate) fn workers() -> anyhow::Result<Workers> {
    // The file of this program may be replaced while it runs; a worker must be of one version with
    // it all the same.
    let command = match cfg!(target_os = "linux") {
        true => "/proc/self/exe".into(),
        false => env::current_exe().context("the path of this program is not known")?,
    };
    Ok(Workers::new(command))
}
