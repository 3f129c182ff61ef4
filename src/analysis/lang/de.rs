//! German: compounds. Snowball sees to `ß`, and to `ae`, `oe` and `ue` written for umlauts.

use frostem::Algorithm;

use super::{Rules, Stemming};
use crate::analysis::compound::Compounds;

pub(super) const RULES: Rules = Rules {
    code: "de",
    stemming: Stemming::Snowball(Algorithm::German),
    elided: &[],
    compounds: Some(&COMPOUNDS),
};

static COMPOUNDS: Compounds = Compounds::new(
    include_str!("de.words"),
    // Recht|s|schutz, Daten|schutz, Frau|en|quote, Jahr|es|tag, Kind|er|schutz, Hund|e|steuer …
    &["", "s", "n", "en", "es", "er", "e", "ns", "ens"],
    &["", "e", "en", "n", "s", "es", "er", "ern", "em", "nen", "ns", "se", "sen", "ses"],
    // Schul|bus, Kontroll|stelle, of Schule and Kontrolle.
    true,
);
