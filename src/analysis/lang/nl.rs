//! Dutch: compounds.

use frostem::Algorithm;

use super::{Rules, Stemming};
use crate::analysis::compound::Compounds;

pub(super) const RULES: Rules = Rules {
    code: "nl",
    stemming: Stemming::Snowball(Algorithm::Dutch),
    elided: &[],
    compounds: Some(&COMPOUNDS),
};

static COMPOUNDS: Compounds = Compounds::new(
    include_str!("nl.words"),
    // veiligheid|s|raad, student|en|huisvesting, kind|er|opvang …
    &["", "s", "e", "en", "n", "er"],
    &["", "s", "en", "n", "e", "es"],
    false,
);
