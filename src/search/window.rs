//! Words of which some are enough, gone through a window of documents at a time: each word adds its
//! count and its score to those of its documents, so that a step costs the same however many words
//! there are. Gives what [`super::live`] gives.

use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::matcher::{AtLeast, Matcher};
use super::rank::{self, Norms, Pass};
use crate::Result;
use crate::index::snapshot::Segment;

/// The documents in a window.
const WINDOW: usize = 2048;

/// What the words have in a document.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) matches: u64,
    /// By [`Pass::All`]; 0 where none was asked for.
    pub(super) score: f32,
    words: usize,
}

/// Whether all parts are words.
pub(super) fn is_of_words(some: &AtLeast) -> bool {
    some.of.iter().all(|part| matches!(part, Matcher::Term(_)))
}

/// Calls `visit` for each document that is not deleted and has enough of the words, in order, until
/// the time is over. Without `norms` nothing is scored.
pub(super) fn each(
    segment: &Segment,
    some: &mut AtLeast,
    norms: Option<&Norms>,
    deadline: &Deadline,
    mut visit: impl FnMut(DocId, Sum) -> Result<()>,
) -> Result<()> {
    let alive = segment.reader.alive_bitset();
    let mut sums = vec![Sum::default(); WINDOW];
    let mut marked = [0u64; WINDOW / 64];
    let mut start = some.of.iter().map(Matcher::doc).min().unwrap_or(TERMINATED);
    while start != TERMINATED && !deadline.is_over() {
        let end = start.saturating_add(WINDOW as DocId).min(TERMINATED);
        let mut next = TERMINATED;
        for part in &mut some.of {
            let Matcher::Term(word) = part else { continue };
            let mut doc = word.next(start);
            while doc < end {
                let place = (doc - start) as usize;
                marked[place / 64] |= 1 << (place % 64);
                let sum = &mut sums[place];
                sum.matches += u64::from(word.postings().count());
                sum.words += 1;
                if let Some(norms) = norms {
                    sum.score += rank::of_word(word, norms, Pass::All).value();
                }
                doc = word.next(doc + 1);
            }
            next = next.min(doc);
        }
        for (number, bits) in marked.iter_mut().enumerate() {
            while *bits != 0 {
                let place = number * 64 + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                let (doc, sum) = (start + place as DocId, std::mem::take(&mut sums[place]));
                if sum.words >= some.least && alive.is_none_or(|alive| alive.is_alive(doc)) {
                    visit(doc, sum)?;
                }
            }
        }
        start = next;
    }
    Ok(())
}
