//! Candidates: matching articles on their way to hits, in the order asked for, the best of them kept.
//!
//! Ties go by path. Paths are read only where they decide: of candidates that are the last to be
//! kept, and of those whose order is asked for.

use tantivy::DocId;

use super::group::Copy;
use super::visit::Place;
use crate::Result;
use crate::index::segment::Articles;
use crate::index::snapshot::Snapshot;

/// A matching article.
#[derive(Debug, Clone, Default)]
pub(super) struct Candidate {
    /// What the order goes by, greater first: the score, or the day.
    pub(super) key: f64,
    pub(super) score: f32,
    /// What words that only add to the score have added.
    pub(super) added: f32,
    pub(super) segment: usize,
    pub(super) doc: DocId,
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

/// What decides whether an article becomes a candidate: little, as there are many.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ranked {
    pub(super) key: f64,
    pub(super) score: f32,
    pub(super) added: f32,
    pub(super) segment: u32,
    pub(super) doc: DocId,
}

/// What has a place in the order of hits.
pub(super) trait Placed: Default {
    fn key(&self) -> f64;
    fn place(&self) -> Place;
}

impl Placed for Candidate {
    fn key(&self) -> f64 {
        self.key
    }

    fn place(&self) -> Place {
        Candidate::place(self)
    }
}

impl Placed for Ranked {
    fn key(&self) -> f64 {
        self.key
    }

    fn place(&self) -> Place {
        (self.segment as usize, self.doc)
    }
}

/// The best candidates so far, in no order, with others that have not been sorted out yet.
pub(super) struct Best<'a> {
    snapshot: &'a Snapshot,
    limit: usize,
    kept: Vec<Ranked>,
    /// What a key must reach.
    bar: f64,
}

impl<'a> Best<'a> {
    /// None yet, of at most `limit`.
    pub(super) fn new(snapshot: &'a Snapshot, limit: usize) -> Best<'a> {
        Best { snapshot, limit, kept: Vec::new(), bar: f64::NEG_INFINITY }
    }

    /// Whether one with this key may be among them.
    pub(super) fn takes(&self, key: f64) -> bool {
        self.limit > 0 && key >= self.bar
    }

    /// Adds one that it [`takes`](Best::takes).
    pub(super) fn add(&mut self, ranked: Ranked) -> Result<()> {
        self.kept.push(ranked);
        if self.kept.len() < 4 * self.limit { Ok(()) } else { self.sort_out() }
    }

    /// Leaves the best `limit`.
    fn sort_out(&mut self) -> Result<()> {
        if self.kept.len() > self.limit {
            let last = self.limit - 1;
            let (_, worst, _) =
                self.kept.select_nth_unstable_by(last, |a, b| b.key.total_cmp(&a.key));
            self.bar = worst.key;
            self.kept.retain(|candidate| candidate.key >= self.bar);
            if self.kept.len() > self.limit {
                by_key(&mut self.kept);
                let ties = self.kept.partition_point(|candidate| candidate.key > self.bar);
                settle(self.snapshot, &mut self.kept, ties)?;
                self.kept.truncate(self.limit);
            }
        }
        Ok(())
    }

    /// The best first, ties in no order: [`settle`] gives them one.
    pub(super) fn into_sorted(mut self) -> Result<Vec<Candidate>> {
        self.sort_out()?;
        by_key(&mut self.kept);
        let candidate = |it: &Ranked| Candidate {
            key: it.key,
            score: it.score,
            added: it.added,
            segment: it.segment as usize,
            doc: it.doc,
            copies: Vec::new(),
        };
        Ok(self.kept.iter().map(candidate).collect())
    }
}

/// Sorts by the key alone, the best first.
pub(super) fn by_key(candidates: &mut [impl Placed]) {
    candidates.sort_unstable_by(|a, b| b.key().total_cmp(&a.key()));
}

/// Puts the ties that start at `from` in candidates sorted by key in order; gives where they end.
pub(super) fn settle(
    snapshot: &Snapshot,
    candidates: &mut [impl Placed],
    from: usize,
) -> Result<usize> {
    let rest = candidates.get_mut(from..).unwrap_or_default();
    let key = rest.first().map(Placed::key);
    let tied = rest.iter().take_while(|candidate| Some(candidate.key()) == key).count();
    if let Some(ties) = rest.get_mut(..tied).filter(|ties| ties.len() > 1) {
        let mut named = ties
            .iter_mut()
            .map(|candidate| {
                Ok((snapshot.read(candidate.place(), Articles::path)?, std::mem::take(candidate)))
            })
            .collect::<Result<Vec<_>>>()?;
        named.sort_by_key(|(path, _)| *path);
        for (place, (_, candidate)) in ties.iter_mut().zip(named) {
            *place = candidate;
        }
    }
    Ok(from + tied)
}
