//! Italian: elision.

use frostem::Algorithm;

use super::{Rules, Stemming};

pub(super) const RULES: Rules = Rules {
    code: "it",
    stemming: Stemming::Snowball(Algorithm::Italian),
    elided: &[
        "l", "un", "d", "c", "n", "s", "m", "t", "v", "all", "dell", "nell", "sull", "dall",
        "coll", "pell", "gl", "quest", "quell", "sant", "buon", "bell", "anch", "dov", "com",
        "cos", "senz", "tutt", "mezz", "nessun", "ciascun",
    ],
    compounds: None,
};
