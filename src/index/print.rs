//! A print: what a document is known by among others, in 80 bytes.
//!
//! The prints of a segment stand in a row, so that a pass over the articles of a result reads
//! little and in order.
//!
//! ```text
//! u32 words, the highest bit: apart  { first 8 bytes of the hash of the text }  { sketch }
//! ```

use crate::analysis::sketch::{SKETCH_BYTES, Sketch, SketchBuilder};

/// The size of a print.
pub(crate) const PRINT_BYTES: usize = 4 + HASH_BYTES + SKETCH_BYTES;

/// The bit that says that a document is apart.
const APART: u32 = 1 << 31;

/// So much of the hash tells texts apart until the whole of it is read.
const HASH_BYTES: usize = 8;

/// A print, read in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print<'a> {
    /// The number of words of the article, its title included; 0 of a document that is none.
    pub(crate) words: u32,
    /// Whether no other document of its segment is a near-copy of it.
    pub(crate) apart: bool,
    /// The beginning of the hash of its canonical text.
    pub(crate) hash: u64,
    /// What near-copies are told by.
    pub(crate) sketch: Sketch<'a>,
}

/// The print of an article of so many words, with this hash of its text and this sketch.
pub(super) fn of(words: u64, hash: &[u8; 32], sketch: &SketchBuilder) -> [u8; PRINT_BYTES] {
    let mut print = [0; PRINT_BYTES];
    let words = u32::try_from(words).unwrap_or(u32::MAX).min(APART - 1).to_le_bytes();
    let bytes = words.iter().chain(hash.iter().take(HASH_BYTES));
    let sketch = sketch.finish();
    print.iter_mut().zip(bytes.chain(&sketch)).for_each(|(place, byte)| *place = *byte);
    print
}

/// Says in a print whether its document is apart.
pub(super) fn set_apart(print: &mut [u8; PRINT_BYTES], apart: bool) {
    if let Some(words) = print.first_chunk_mut() {
        let count = u32::from_le_bytes(*words) & !APART;
        *words = (count | if apart { APART } else { 0 }).to_le_bytes();
    }
}

/// Whether a print says that its document is apart.
pub(super) fn is_apart(print: &[u8; PRINT_BYTES]) -> bool {
    print.first_chunk().is_some_and(|words| u32::from_le_bytes(*words) & APART != 0)
}

impl Print<'_> {
    /// Reads a print.
    pub(crate) fn read(bytes: &[u8; PRINT_BYTES]) -> Option<Print<'_>> {
        let (words, rest) = bytes.split_first_chunk()?;
        let (hash, sketch) = rest.split_first_chunk::<HASH_BYTES>()?;
        let words = u32::from_le_bytes(*words);
        Some(Print {
            words: words & !APART,
            apart: is_apart(bytes),
            hash: u64::from_le_bytes(*hash),
            sketch: Sketch::read(sketch)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sketch::hash;

    #[test]
    fn a_print_reads_back() {
        let mut sketch = SketchBuilder::default();
        "a few words and a few words more".split(' ').for_each(|word| sketch.word(hash(word)));
        let mut bytes = of(70_000, &[7; 32], &sketch);
        for apart in [true, false] {
            set_apart(&mut bytes, apart);
            let print = Print::read(&bytes).unwrap();
            assert_eq!((print.words, print.apart), (70_000, apart));
        }
        let print = Print::read(&bytes).unwrap();
        assert_eq!(print.hash, 0x0707_0707_0707_0707);
        assert_eq!(print.sketch.words, 8);
        assert_eq!(print.sketch.similarity(&Sketch::read(&sketch.finish()).unwrap()), 1.0);
    }
}
