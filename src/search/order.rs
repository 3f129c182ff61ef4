//! The final order of the best: by a closer look at as many of them as it takes to be sure.

use super::candidate::{Candidate, by_key};
use super::collect::look_closer;
use super::plan::{Part, weight_side_by_side};
use super::rank::Norms;
use crate::Result;
use crate::index::snapshot::Snapshot;

/// So many of the best are looked at closely first; most often these are enough.
const FIRST_LOOK: usize = 64;

/// What is worth so much less than another cannot come to be worth as much by rounding.
const ROUNDING: f64 = 1e-4;

/// Candidates on their way to their final order.
pub(super) struct Order<'a> {
    snapshot: &'a Snapshot,
    part: &'a Part,
    /// Those that were looked at closely by what they are worth, then the others by what they are worth
    /// at most; ties in no order.
    pub(super) best: Vec<Candidate>,
    /// The number of the former.
    looked: usize,
    norms: &'a [Norms],
}

impl<'a> Order<'a> {
    /// Of the best by [`Pass::All`](super::rank::Pass::All); `closely` if a closer look may change their
    /// order.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        part: &'a Part,
        norms: &'a [Norms],
        best: Vec<Candidate>,
        closely: bool,
    ) -> Order<'a> {
        let looked = if closely { 0 } else { best.len() };
        Order { snapshot, part, best, looked, norms }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.looked == self.best.len()
    }

    /// Looks at more of them; gives how many now come before all others.
    ///
    /// Only closeness makes an article worth more than it seemed at first.
    pub(super) fn look_further(&mut self) -> Result<usize> {
        let is_first = self.looked == 0 && weight_side_by_side(self.part) == 0.0;
        let end = if is_first { FIRST_LOOK } else { usize::MAX }.min(self.best.len());
        let more = self.best.get_mut(self.looked..end).unwrap_or_default();
        look_closer(self.snapshot, self.part, self.norms, more)?;
        self.looked = end;
        let (looked, others) = self.best.split_at_mut(end);
        by_key(looked);
        Ok(match others.first() {
            None => end,
            Some(other) => {
                let bar = other.key * (1.0 + ROUNDING);
                looked.partition_point(|candidate| candidate.key > bar)
            }
        })
    }
}
