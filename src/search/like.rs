//! Likeness: the articles that speak of what an article speaks of, found by its significant terms.
//!
//! As "more like this" of Lucene does it: the words with the greatest frequency times rarity
//! (tf·idf; Spärck Jones: "A statistical interpretation of term specificity", 1972) are asked for,
//! each weighted by it. The query is an ordinary one and can be read, changed and asked again.

use tantivy::DocId;

use super::feedback::weighted;
use super::results::SignificantTerm;
use super::significant::{self, Measure};
use crate::Result;
use crate::index::snapshot::Snapshot;
use crate::query::{Field, Node, Note, Query};

/// How many terms an article is taken to speak of.
const TERMS: usize = 25;

/// In one article a word that comes again and again counts more than a rare one.
const MEASURE: Measure = Measure { frequency: |frequency| frequency, common: 0.5 };

/// How many of them a similar article must have; one alone is chance.
const LEAST: usize = 3;

/// The query for articles like the one at this place, whose path is `path`, and its terms.
pub(super) fn query(
    snapshot: &Snapshot,
    place: (usize, DocId),
    path: &str,
) -> Result<(Query, Vec<SignificantTerm>)> {
    let terms = significant::terms(snapshot, &[place], TERMS, 1.0, MEASURE)?;
    let mut notes = Vec::new();
    if terms.is_empty() {
        notes.push(Note {
            code: "no_terms",
            message: "the article has no word that others have and that sets it apart".to_owned(),
            span: None,
        });
    }
    let mut nodes: Vec<Node> = terms.iter().map(weighted).collect();
    // A short article has few: half of them will do.
    let count = LEAST.min(nodes.len().div_ceil(2)) as u32;
    let root = match nodes.len() {
        1 => nodes.remove(0),
        _ if count > 1 => Node::Of { count, nodes },
        _ => Node::Or(nodes),
    };
    let itself = Node::Field { field: Field::Path, node: Box::new(Node::Word(path.to_owned())) };
    let root = Node::Words(vec![root, Node::Not(Box::new(itself))]);
    Ok((Query { root, notes }, terms))
}
