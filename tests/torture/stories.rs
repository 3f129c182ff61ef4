//! Stories of an index that is asked after every commit what a brute-force reading answers as well.

use crate::oracle;
use crate::trial::{Outcome, Trial};

/// Random articles, added, edited, renamed and deleted in an index on disk that is opened anew for
/// every commit; the queries are of all kinds.
pub(crate) fn asked(trial: &mut Trial) -> Outcome {
    let mut matched = 0;
    let first = trial.seed.wrapping_mul(1_000_003);
    let mut worlds = 0;
    while trial.goes_on() {
        let place = tempfile::tempdir().unwrap();
        // A disagreement is a panic that says the smallest case found.
        matched += oracle::random_world(first + worlds, Some(place.path()));
        worlds += 1;
        trial.reached += oracle::QUERIES as u64;
    }
    trial.note(format!("{worlds} worlds of articles; {matched} queries matched something"));
    Ok(())
}
