//! Catalan: elision, and the middle dot of `l·l`, which UAX #29 leaves in the word.

use frostem::Algorithm;

use super::{Rules, Stemming};

pub(super) const RULES: Rules = Rules {
    code: "ca",
    stemming: Stemming::Snowball(Algorithm::Catalan),
    elided: &["l", "d", "n", "s", "m", "t"],
    compounds: None,
};
