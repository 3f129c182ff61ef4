//! Korean: the particles behind a noun.

use super::{Rules, Stemming};

pub(super) const RULES: Rules =
    Rules { code: "ko", stemming: Stemming::Own(without_particle), elided: &[], compounds: None };

/// Particles that are written together with the word before them, longer ones first.
const PARTICLES: &[&str] = &[
    "에서는",
    "으로는",
    "에게서",
    "으로서",
    "으로써",
    "에서",
    "에게",
    "에는",
    "으로",
    "까지",
    "부터",
    "보다",
    "처럼",
    "만큼",
    "라고",
    "이나",
    "에도",
    "로서",
    "로써",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "로",
    "만",
];

/// `word` without its last particle, where two syllables are left before it.
fn without_particle(word: &str) -> &str {
    PARTICLES
        .iter()
        .find_map(|particle| word.strip_suffix(particle).filter(|rest| rest.chars().count() > 1))
        .unwrap_or(word)
}
