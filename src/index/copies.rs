//! Near-copies: when one article is a copy of another, and which documents of a segment have none.
//!
//! Most articles have no copy. A segment says so of each document when it is written, so that a search
//! looks for copies of the others alone. Candidates are found by locality-sensitive hashing of the
//! sketches (Leskovec, Rajaraman, Ullman: "Mining of Massive Datasets", §3.4): documents are compared
//! where they agree in a band, which is two neighbouring bins. Texts of one length that have half in
//! common agree in none once in 1,500 times, as do a text and a third of it; half of a text within one
//! three times as long is missed once in four times.

use rustc_hash::FxHashMap;

use super::print::{PRINT_BYTES, Print};
use crate::analysis::sketch::BINS;

/// Articles are copies if so much of the shorter one stands in the longer.
const SIMILAR: f32 = 0.5;

/// An article that is longer than another by more than this is no copy of it, though it may quote
/// the whole of it.
const LONGER: f32 = 3.0;

/// Articles of fewer words are copies only where their texts are the same.
pub(crate) const LEAST_WORDS: u32 = 30;

/// So many documents of one band are compared; where there are more, they are all taken to have copies.
const MOST_COMPARED: usize = 64;

impl Print<'_> {
    /// How similar two articles are if one is a copy of the other.
    pub(crate) fn copy_of(&self, other: &Print<'_>) -> Option<f32> {
        if self.hash == other.hash {
            return Some(1.0);
        }
        let (a, b) = (&self.sketch, &other.sketch);
        let (shorter, longer) = (a.words.min(b.words), a.words.max(b.words));
        if shorter < LEAST_WORDS || longer as f32 > LONGER * shorter as f32 || !a.may_be_similar(b)
        {
            return None;
        }
        Some(a.similarity(b)).filter(|similarity| *similarity >= SIMILAR)
    }
}

/// Whether each of the documents with these prints, one behind the other, has no copy among the
/// others. Where that is not known for certain it is not said.
pub(super) fn apart(prints: &[u8]) -> Vec<bool> {
    let prints: Vec<Option<Print<'_>>> =
        prints.as_chunks::<PRINT_BYTES>().0.iter().map(Print::read).collect();
    let mut apart = vec![true; prints.len()];
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    for (number, print) in prints.iter().enumerate() {
        let Some(print) = print else { continue };
        let same = *first.entry(print.hash).or_insert(number);
        if same != number {
            unset(&mut apart, same);
            unset(&mut apart, number);
        }
    }
    let mut buckets = Buckets::new(prints.len());
    for start in 0..BINS {
        buckets.clear();
        for (number, print) in prints.iter().enumerate() {
            let Some(print) = print.filter(|print| print.sketch.words >= LEAST_WORDS) else {
                continue;
            };
            if let Some(band) = print.sketch.band(start) {
                buckets.take(number, &print, band as u16, &prints, &mut apart);
            }
        }
    }
    apart
}

fn unset(apart: &mut [bool], number: usize) {
    if let Some(apart) = apart.get_mut(number) {
        *apart = false;
    }
}

/// The documents by what they keep in one band.
struct Buckets {
    /// For each band that there can be, its last document, counted from 1, and how many there are.
    last: Vec<(u32, u32)>,
    /// For each document, the one before it in the same bucket, counted from 1.
    before: Vec<u32>,
}

impl Buckets {
    fn new(documents: usize) -> Buckets {
        Buckets { last: vec![(0, 0); 1 << 16], before: vec![0; documents] }
    }

    fn clear(&mut self) {
        self.last.fill((0, 0));
    }

    /// Compares a document with those before it in its bucket, and adds it to them.
    fn take(
        &mut self,
        number: usize,
        print: &Print<'_>,
        band: u16,
        prints: &[Option<Print<'_>>],
        apart: &mut [bool],
    ) {
        let Some((last, count)) = self.last.get_mut(usize::from(band)) else { return };
        let full = *count as usize >= MOST_COMPARED;
        let mut at = *last;
        while let Some(other) = (at as usize).checked_sub(1) {
            let known = |number: usize| !apart.get(number).copied().unwrap_or(false);
            if full {
                // The bucket is emptied below, so that this is done once for each of its documents.
                unset(apart, other);
            } else if !(known(number) && known(other))
                && prints
                    .get(other)
                    .copied()
                    .flatten()
                    .is_some_and(|it| it.copy_of(print).is_some())
            {
                unset(apart, number);
                unset(apart, other);
            }
            at = self.before.get(other).copied().unwrap_or(0);
        }
        if full {
            unset(apart, number);
        }
        if let Some(before) = self.before.get_mut(number) {
            *before = if full { 0 } else { *last };
            (*last, *count) =
                (number as u32 + 1, if full { MOST_COMPARED as u32 } else { *count + 1 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sketch::{SketchBuilder, hash};
    use crate::index::print;

    /// The prints of texts, told apart by the words that they are made of.
    fn prints(texts: &[Vec<String>]) -> Vec<u8> {
        let print = |text: &Vec<String>| {
            let mut sketch = SketchBuilder::default();
            text.iter().for_each(|word| sketch.word(hash(word)));
            let mut id = [0; 32];
            id[..8].copy_from_slice(&hash(&text.join(" ")).to_le_bytes());
            print::of(text.len() as u64, &id, &sketch)
        };
        texts.iter().flat_map(print).collect()
    }

    fn text(name: &str, words: usize) -> Vec<String> {
        (0..words).map(|number| format!("{name}{number}")).collect()
    }

    #[test]
    fn what_has_a_copy_is_never_said_to_be_apart() {
        let whole = text("a", 400);
        let short = text("s", 12);
        let texts = [
            whole.clone(),
            text("b", 400),
            whole[..140].to_vec(),
            [&whole[..200], &text("c", 200)[..]].concat(),
            short.clone(),
            text("d", 35),
            short,
            text("e", 12),
        ];
        let told = apart(&prints(&texts));
        assert_eq!(told, [false, true, false, false, false, true, false, true]);
    }

    #[test]
    fn very_many_copies_and_what_is_like_them_in_a_few_words_are_told_in_linear_time() {
        let boilerplate = text("p", 200);
        let mut texts = vec![boilerplate.clone(); 3_000];
        // Of each a third is the boilerplate: they share bands with all others and are copies of none.
        texts.extend(
            (0..3_000).map(|n| [&boilerplate[..66], &text(&format!("u{n}x"), 134)].concat()),
        );
        texts.push(text("z", 300));
        let told = apart(&prints(&texts));
        assert!(told[..3_000].iter().all(|apart| !apart));
        assert!(told[6_000]);
    }

    #[test]
    fn documents_that_are_no_articles_and_files_cut_short_do_no_harm() {
        assert!(apart(&[]).is_empty());
        assert_eq!(apart(&[0; PRINT_BYTES * 2]).len(), 2);
        assert_eq!(apart(&[0; PRINT_BYTES + 1]).len(), 1);
    }
}
