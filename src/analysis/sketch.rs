//! A sketch: a few bytes of a text by which near-copies are told without reading them.
//!
//! The text is taken as the set of its runs of three words (its shingles; Broder: "On the
//! resemblance and containment of documents", SEQUENCES 1997, §2), of which one-permutation MinHash
//! (Li, Owen, Zhang: "One permutation hashing", NIPS 2012, §3) keeps a minimum for each of 64 bins,
//! and of each minimum eight bits (Li, König: "b-bit minwise hashing", WWW 2010). So a text of any
//! length takes 68 bytes. What is written here is stored: to change it is to change the format of
//! the index.

/// How many words in a row are a shingle.
const SHINGLE: usize = 3;

/// How many minima are kept; a power of two.
pub(crate) const BINS: usize = 64;

/// The size of a finished sketch.
pub(crate) const SKETCH_BYTES: usize = 4 + BINS;

/// The value of a bin that no shingle fell into.
const EMPTY: u8 = 0;

/// The sketch of a text that is being read.
#[derive(Debug, Clone)]
pub(crate) struct SketchBuilder {
    words: u32,
    /// The hashes of the last words, the latest first.
    last: [u64; SHINGLE - 1],
    minima: [u64; BINS],
}

impl Default for SketchBuilder {
    fn default() -> SketchBuilder {
        SketchBuilder { words: 0, last: [0; SHINGLE - 1], minima: [u64::MAX; BINS] }
    }
}

impl SketchBuilder {
    /// Takes the next word, by the [`hash`] of its exact form.
    pub(crate) fn word(&mut self, hash: u64) {
        self.words = self.words.saturating_add(1);
        let [latest, before] = self.last;
        self.last = [hash, latest];
        if self.words as usize >= SHINGLE {
            let shingle = mixed(mixed(mixed(before) ^ latest) ^ hash);
            // The bin is told by the highest bits, the minimum by those below them.
            let bin = (shingle >> (u64::BITS - BINS.trailing_zeros())) as usize;
            let rest = shingle << BINS.trailing_zeros();
            if let Some(least) = self.minima.get_mut(bin) {
                *least = rest.min(*least);
            }
        }
    }

    /// The sketch of all words so far, as bytes.
    pub(crate) fn finish(&self) -> Vec<u8> {
        let mut bytes = self.words.to_le_bytes().to_vec();
        // The bits that a minimum is kept by are not those that made it the minimum.
        bytes.extend(self.minima.iter().map(|&least| match least {
            u64::MAX => EMPTY,
            least => (mixed(least) % 255) as u8 + 1,
        }));
        bytes
    }
}

/// The hash of a word in its exact form: FNV-1a, for words are short.
pub(crate) fn hash(exact: &str) -> u64 {
    exact.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// The bits of a band's number: of its first bin, and of what two bins keep.
pub(crate) const BAND_BITS: u32 = BINS.trailing_zeros() + 16;

/// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
fn mixed(mut value: u64) -> u64 {
    value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A finished sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sketch<'a> {
    /// The number of words.
    pub(crate) words: u32,
    bins: &'a [u8; BINS],
}

impl<'a> Sketch<'a> {
    /// Reads a sketch that was finished; none where the bytes are none.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Sketch<'a>> {
        let (words, bins) = bytes.split_first_chunk()?;
        Some(Sketch { words: u32::from_le_bytes(*words), bins: bins.try_into().ok()? })
    }

    /// The number of the band that starts at a bin: the bin, and what it and the next that is not empty
    /// keep. Texts that are similar have a band in common.
    pub(crate) fn band(&self, start: usize) -> Option<u32> {
        let (first, rest) = self.bins.get(start..)?.split_first()?;
        let second = rest.iter().find(|bin| **bin != EMPTY).filter(|_| *first != EMPTY)?;
        Some((start as u32) << 16 | u32::from(*first) << 8 | u32::from(*second))
    }

    /// The numbers of the bands. `every` bin may start one; else only every second does, which is
    /// enough to meet those of a text of which every bin does.
    pub(crate) fn bands(&self, every: bool) -> impl Iterator<Item = u32> {
        (0..BINS).step_by(if every { 1 } else { 2 }).filter_map(|start| self.band(start))
    }

    /// Whether two texts, of which one is at most three times as long as the other, may be similar by half
    /// or more. Their resemblance is then at least 1/7, which with what is equal by chance is 9.4 bins
    /// of 64; bins that are empty in both only make it more.
    pub(crate) fn may_be_similar(&self, other: &Sketch<'_>) -> bool {
        let equal: u8 = self.bins.iter().zip(other.bins).map(|(a, b)| u8::from(a == b)).sum();
        equal > 9
    }

    /// About what part of the shorter text's shingles the longer one has, 0 to 1: Broder's
    /// containment, so that a copy which was cut is as similar as one that was not.
    pub(crate) fn similarity(&self, other: &Sketch<'_>) -> f32 {
        let shingles = |sketch: &Sketch<'_>| (sketch.words as f32 - (SHINGLE - 1) as f32).max(1.0);
        let (mut equal, mut used) = (0u32, 0u32);
        for (a, b) in self.bins.iter().zip(other.bins) {
            used += u32::from(*a != EMPTY || *b != EMPTY);
            equal += u32::from(a == b && *a != EMPTY);
        }
        if used == 0 {
            return 0.0;
        }
        // Minima that differ are equal in the bits kept once in 255 times.
        let chance = 1.0 / 255.0;
        let resemblance = ((equal as f32 / used as f32 - chance) / (1.0 - chance)).max(0.0);
        let (a, b) = (shingles(self), shingles(other));
        let shared = resemblance / (1.0 + resemblance) * (a + b);
        (shared / a.min(b)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(words: &[String]) -> Vec<u8> {
        let mut builder = SketchBuilder::default();
        words.iter().for_each(|word| builder.word(hash(word)));
        builder.finish()
    }

    fn similarity(a: &[String], b: &[String]) -> f32 {
        let (a, b) = (sketch(a), sketch(b));
        Sketch::read(&a).unwrap().similarity(&Sketch::read(&b).unwrap())
    }

    fn words(seed: usize, count: usize) -> Vec<String> {
        (0..count).map(|n| format!("w{}", mixed((seed * 100_000 + n) as u64) % 2000)).collect()
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        let text = words(1, 1200);
        assert_eq!(similarity(&text, &text), 1.0);
        assert!(similarity(&text, &text[..600]) > 0.8, "a half is contained in the whole");
        assert!(similarity(&text, &words(2, 1200)) < 0.1);
        // The same words in another order share no three in a row.
        let mut turned = text.clone();
        turned.reverse();
        assert!(similarity(&text, &turned) < 0.1);
        // Half of the shingles of each are the other's.
        let mixed = [&text[..600], &words(3, 600)[..]].concat();
        let half = similarity(&text, &mixed);
        assert!((0.3..0.7).contains(&half), "{half}");
    }

    #[test]
    fn short_and_empty_texts_have_sketches() {
        assert_eq!(similarity(&words(1, 2), &words(1, 2)), 0.0);
        assert_eq!(similarity(&[], &[]), 0.0);
        assert_eq!(similarity(&words(1, 20), &words(1, 20)), 1.0);
        assert_eq!(Sketch::read(&[]), None);
        assert_eq!(Sketch::read(&[0; 67]), None);
    }
}
