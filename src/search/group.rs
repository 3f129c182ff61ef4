//! Groups: near-copies among what was found, folded under the one that comes first.
//!
//! The one that comes first leads, not the earliest: so the order is that of the query, whether
//! copies are folded or not, and a page does not depend on what comes behind it. What is folded is
//! told with its date.

use tantivy::DocId;

use super::collect::Candidate;
use crate::Result;
use crate::analysis::sketch::Sketch;
use crate::index::snapshot::Snapshot;

/// Articles are copies if so much of the shorter one stands in the longer.
const SIMILAR: f32 = 0.5;

/// An article that is longer than another by more than this is no copy of it, though it may quote
/// the whole of it.
const LONGER: f32 = 3.0;

/// Articles of fewer words are copies only where their texts are the same.
const LEAST_WORDS: u32 = 30;

/// A near-copy of a hit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copy {
    pub(super) segment: usize,
    pub(super) doc: DocId,
    pub(super) similarity: f32,
}

/// An article as copies are told by.
struct Print<'s> {
    hash: [u8; 32],
    sketch: Option<Sketch<'s>>,
}

impl<'s> Print<'s> {
    fn read(snapshot: &'s Snapshot, candidate: &Candidate) -> Result<Print<'s>> {
        let read = |segment: usize| snapshot.segments.get(segment)?.articles.sketch(candidate.doc);
        let (hash, sketch) =
            read(candidate.segment).ok_or_else(|| snapshot.damaged("a record cannot be read"))?;
        Ok(Print { hash, sketch: Sketch::read(sketch) })
    }

    /// How similar the two are if one is a copy of the other.
    fn copy_of(&self, other: &Print<'_>) -> Option<f32> {
        if self.hash == other.hash {
            return Some(1.0);
        }
        let (a, b) = (self.sketch?, other.sketch?);
        let (shorter, longer) = (a.words.min(b.words), a.words.max(b.words));
        if shorter < LEAST_WORDS || longer as f32 > LONGER * shorter as f32 {
            return None;
        }
        Some(a.similarity(&b)).filter(|similarity| *similarity >= SIMILAR)
    }
}

/// Folds candidates, in their order, under the first before them that they are copies of; at most
/// `wanted` are left.
pub(super) fn fold(
    snapshot: &Snapshot,
    candidates: Vec<Candidate>,
    wanted: usize,
) -> Result<Vec<Candidate>> {
    let mut leaders: Vec<(Candidate, Print<'_>)> = Vec::new();
    for candidate in candidates {
        let print = Print::read(snapshot, &candidate)?;
        let leader = leaders.iter().enumerate().find_map(|(number, (_, other))| {
            let similarity = print.copy_of(other)?;
            Some((number, similarity))
        });
        if let Some((number, similarity)) = leader {
            let Candidate { segment, doc, .. } = candidate;
            if let Some((leader, _)) = leaders.get_mut(number) {
                leader.copies.push(Copy { segment, doc, similarity });
            }
        } else if leaders.len() < wanted {
            leaders.push((candidate, print));
        }
    }
    Ok(leaders.into_iter().map(|(leader, _)| leader).collect())
}
