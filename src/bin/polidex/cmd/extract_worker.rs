//! `polidex extract-worker`: reads files for another process; started by `index` and `extract`.

use polidex::serve_worker;

use crate::Outcome;

pub(crate) fn run() -> anyhow::Result<Outcome> {
    serve_worker()?;
    Ok(Outcome::Done)
}
