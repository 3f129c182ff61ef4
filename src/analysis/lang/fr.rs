//! French: elision.

use frostem::Algorithm;

use super::{Rules, Stemming};

pub(super) const RULES: Rules = Rules {
    code: "fr",
    stemming: Stemming::Snowball(Algorithm::French),
    elided: &[
        "l", "d", "qu", "n", "s", "j", "m", "t", "c", "jusqu", "lorsqu", "puisqu", "quoiqu",
        "quelqu", "presqu",
    ],
    compounds: None,
};
