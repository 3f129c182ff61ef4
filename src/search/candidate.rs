//! Candidates: matching articles on their way to hits, in the order asked for, the best of them kept.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::DocId;

use super::group::Copy;
use super::visit::Place;
use crate::Result;
use crate::index::snapshot::Snapshot;

/// A matching article.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What the order goes by, greater first: the score, or the day.
    pub(super) key: f64,
    pub(super) score: f32,
    /// What words that only add to the score have added.
    pub(super) added: f32,
    pub(super) segment: usize,
    pub(super) doc: DocId,
    pub(super) path: Option<String>,
    /// What is folded under it.
    pub(super) copies: Vec<Copy>,
}

impl Candidate {
    pub(super) fn place(&self) -> Place {
        (self.segment, self.doc)
    }

    /// Puts another article in this one's place in the order; gives where this one stands.
    pub(super) fn swap_place(&mut self, place: Place) -> Place {
        let old = self.place();
        (self.segment, self.doc) = place;
        old
    }
}

/// The best candidates so far; the heap's top is the worst of them.
pub(super) struct Best<'a> {
    snapshot: &'a Snapshot,
    limit: usize,
    heap: BinaryHeap<Candidate>,
}

impl<'a> Best<'a> {
    /// None yet, of at most `limit`.
    pub(super) fn new(snapshot: &'a Snapshot, limit: usize) -> Best<'a> {
        Best { snapshot, limit, heap: BinaryHeap::new() }
    }

    pub(super) fn offer(&mut self, mut candidate: Candidate) -> Result<()> {
        if self.heap.len() < self.limit {
            self.heap.push(candidate);
            return Ok(());
        }
        let Some(worst) = self.heap.peek() else { return Ok(()) };
        if candidate.key < worst.key {
            return Ok(());
        }
        if candidate.key == worst.key {
            // Paths are read only where scores do not decide.
            candidate.path = Some(path(self.snapshot, &candidate)?);
            if let Some(mut worst) = self.heap.pop() {
                if worst.path.is_none() {
                    worst.path = Some(path(self.snapshot, &worst)?);
                }
                self.heap.push(worst);
            }
            // With its path known the worst may have another tied with it that is worse still.
            self.name_ties(candidate.key)?;
        }
        if let Some(worst) = self.heap.peek()
            && candidate < *worst
        {
            self.heap.pop();
            self.heap.push(candidate);
        }
        Ok(())
    }

    /// Makes sure that all candidates with this key know their path.
    fn name_ties(&mut self, key: f64) -> Result<()> {
        if self.heap.iter().all(|other| other.key != key || other.path.is_some()) {
            return Ok(());
        }
        let mut all = std::mem::take(&mut self.heap).into_vec();
        for candidate in all.iter_mut().filter(|other| other.key == key && other.path.is_none()) {
            candidate.path = Some(path(self.snapshot, candidate)?);
        }
        self.heap = all.into();
        Ok(())
    }

    /// The best first.
    pub(super) fn into_order(self) -> Result<Vec<Candidate>> {
        let mut all = self.heap.into_vec();
        order(self.snapshot, &mut all)?;
        Ok(all)
    }
}

/// Sorts the best first, ties by path.
pub(super) fn order(snapshot: &Snapshot, candidates: &mut [Candidate]) -> Result<()> {
    candidates.sort_by(|a, b| b.key.total_cmp(&a.key));
    for number in 0..candidates.len() {
        let tied = |other: usize| {
            candidates.get(other).is_some_and(|other| other.key == candidates[number].key)
        };
        if candidates[number].path.is_none() && (tied(number + 1) || number > 0 && tied(number - 1))
        {
            candidates[number].path = Some(path(snapshot, &candidates[number])?);
        }
    }
    candidates.sort();
    Ok(())
}

fn path(snapshot: &Snapshot, candidate: &Candidate) -> Result<String> {
    let segment = &snapshot.segments[candidate.segment];
    segment
        .articles
        .path(candidate.doc)
        .map(str::to_owned)
        .ok_or_else(|| snapshot.damaged("a record cannot be read"))
}

/// The better is the less: a sort puts it first, and a heap keeps the worst on top.
impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        other.key.total_cmp(&self.key).then_with(|| self.path.cmp(&other.path))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Candidate) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}
