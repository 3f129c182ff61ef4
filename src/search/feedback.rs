//! Feedback: words of the best articles that help to order all that match (pseudo-relevance
//! feedback).
//!
//! After Rocchio ("Relevance feedback in information retrieval", 1971): the articles that rank best
//! are taken to be what is looked for, and words that set them apart count in a second ranking. It
//! orders and finds nothing: what matches, how much of it there is and what is marked are
//! decided by the query alone, so that a phrase stays exact.

use super::collect::Found;
use super::deadline::Deadline;
use super::options::{Matching, SearchOptions};
use super::plan::{self, Part};
use super::rank;
use super::results::SignificantTerm;
use super::significant::{self, Measure};
use crate::Result;
use crate::index::snapshot::Snapshot;
use crate::query::Node;

/// How many of the best articles are taken to be what is looked for.
const ARTICLES: usize = 10;

/// How many words are taken from them.
const TERMS: usize = 20;

/// What the most significant of them counts beside a word of the query.
const WEIGHT: f32 = 0.3;

/// As BM25 weighs a word in a document, over all of the best.
const MEASURE: Measure = Measure { frequency: rank::saturated, common: 0.2 };

/// The words that the best of what was found adds to the rank, and the part that looks for them.
pub(super) fn of(
    snapshot: &Snapshot,
    found: &Found,
    options: &SearchOptions,
    deadline: &Deadline,
) -> Result<Option<(Vec<SignificantTerm>, Part)>> {
    let best: Vec<_> = found.places().take(ARTICLES).collect();
    let terms = significant::terms(snapshot, &best, TERMS, WEIGHT, MEASURE)?;
    if terms.is_empty() {
        return Ok(None);
    }
    let root = Node::Or(terms.iter().map(weighted).collect());
    let part = plan::plan(snapshot, options, Matching::Any, &root, deadline)?;
    Ok(Some((terms, part)))
}

/// A word as a part of a query.
pub(super) fn weighted(term: &SignificantTerm) -> Node {
    Node::Boost { node: Box::new(Node::Word(term.word.clone())), factor: term.weight }
}
