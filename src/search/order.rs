//! The final order of the best: by a closer look at as many of them as it takes to be sure.

use super::candidate::{Candidate, by_key};
use super::collect::{closeness, revisit};
use super::plan::{Part, weight_side_by_side};
use super::rank::{self, Norms, Pass, Scratch};
use super::visit::Place;
use crate::Result;
use crate::index::snapshot::Snapshot;
use crate::snippet::Mark;

/// So many of the best are looked at closely first; most often these are enough.
const FIRST_LOOK: usize = 64;

/// What is worth so much less than another cannot come to be worth as much by rounding.
const ROUNDING: f64 = 1e-4;

/// A matching article that has been looked at closely.
pub(super) struct Looked {
    pub(super) place: Place,
    pub(super) score: f32,
    pub(super) matches: u64,
    pub(super) marks: Vec<Mark>,
}

/// A closer look at articles that match.
pub(super) struct Closer<'a> {
    pub(super) snapshot: &'a Snapshot,
    part: &'a Part,
    pub(super) norms: &'a [Norms],
    looked: &'a [Looked],
    /// What the words side by side are worth, all together.
    pub(super) asked: f32,
}

impl<'a> Closer<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        part: &'a Part,
        norms: &'a [Norms],
        looked: &'a [Looked],
    ) -> Closer<'a> {
        Closer { snapshot, part, norms, looked, asked: weight_side_by_side(part) }
    }

    /// Scores candidates once more, with what the forms of their words and their closeness make of them.
    pub(super) fn look(&self, best: &mut [Candidate]) -> Result<()> {
        let Closer { snapshot, part, norms, looked, asked } = *self;
        let scored = |candidate: &mut Candidate, score: f32| {
            candidate.score = score + candidate.added;
            candidate.key = f64::from(candidate.score);
        };
        if !looked.is_empty() {
            for candidate in best {
                if let Some(looked) = looked.iter().find(|it| it.place == candidate.place()) {
                    scored(candidate, looked.score);
                }
            }
            return Ok(());
        }
        let mut scratch = Scratch::default();
        revisit(snapshot, part, Some(Pass::Best), best, |_, matcher, candidate| {
            if let Some(norms) = norms.get(candidate.segment) {
                let score = rank::score(matcher, norms, Pass::Best)
                    + closeness(part, matcher, asked, &mut scratch);
                scored(candidate, score);
            }
            Ok(())
        })
    }
}

/// Candidates on their way to their final order.
pub(super) struct Order<'a> {
    closer: &'a Closer<'a>,
    /// Those that were looked at closely by what they are worth, then the others by what they are worth
    /// at most; ties in no order.
    pub(super) best: Vec<Candidate>,
    /// The number of the former.
    looked: usize,
}

impl<'a> Order<'a> {
    /// Of the best so far; `closely` if a closer look may change their order.
    pub(super) fn new(closer: &'a Closer<'a>, best: Vec<Candidate>, closely: bool) -> Order<'a> {
        let looked = if closely { 0 } else { best.len() };
        Order { closer, best, looked }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.looked == self.best.len()
    }

    /// Looks at more of them; gives how many now come before all others.
    ///
    /// Only closeness makes an article worth more than it seemed at first.
    pub(super) fn look_further(&mut self) -> Result<usize> {
        let is_first = self.looked == 0 && self.closer.asked == 0.0;
        let end = if is_first { FIRST_LOOK } else { usize::MAX }.min(self.best.len());
        let more = self.best.get_mut(self.looked..end).unwrap_or_default();
        self.closer.look(more)?;
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
