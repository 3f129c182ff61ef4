//! The facet of concepts: how many of the articles that match a query speak of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::live;
use super::matcher::Matcher;
use super::options::SearchOptions;
use super::plan;
use crate::index::snapshot::Snapshot;
use crate::query::{Node, Query};
use crate::vocabulary::{Concept, Vocabulary};
use crate::{Error, Result};

/// How many articles speak of each concept.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptCounts {
    /// The concepts that any of the articles speaks of: those of most articles first, then by id.
    pub concepts: Vec<ConceptCount>,
    /// How many articles were looked at: those that match the query, or all.
    pub articles: u64,
    /// The generation of the index that answered.
    pub generation: u64,
    /// How long the answer took.
    pub elapsed: Duration,
}

/// How many articles speak of a concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptCount {
    /// The concept.
    pub concept: Arc<Concept>,
    /// How many articles have one of its labels.
    pub articles: u64,
    /// How often its labels stand in them.
    pub matches: u64,
}

/// Counts, for each concept, the articles that match `query` and speak of it.
pub(super) fn count(
    snapshot: &Snapshot,
    vocabulary: &Vocabulary,
    query: Option<&Query>,
    options: &SearchOptions,
) -> Result<ConceptCounts> {
    let start = Instant::now();
    let deadline = &Deadline::after(start, options.timeout);
    let asked = match query {
        Some(query) => plan::plan(snapshot, options, options.matching, &query.root, deadline)?,
        None => plan::articles(snapshot)?,
    };
    let nodes: Vec<Node> = vocabulary
        .concepts()
        .map(|concept| Node::Concept { concept: concept.clone(), without: Vec::new() })
        .collect();
    let planned = plan::concepts(snapshot, options, &nodes, deadline)?;
    let mut sums = vec![(0, 0); planned.len()];
    let mut articles = 0;
    for segment in &snapshot.segments {
        let mut documents = Vec::new();
        let matcher = asked.matcher(segment, snapshot, deadline)?;
        live::each(segment, matcher, deadline, |doc, _| {
            documents.push(doc);
            Ok(())
        })?;
        articles += documents.len() as u64;
        if documents.is_empty() {
            continue;
        }
        for (part, (articles, matches)) in planned.iter().zip(&mut sums) {
            let mut matcher = part.matcher(segment, snapshot, deadline)?;
            each_in(&documents, &mut matcher, deadline, |matcher| {
                *articles += 1;
                *matches += matcher.matches();
            });
        }
    }
    // Half of the counts would be wrong counts.
    if deadline.was_met() {
        return Err(Error::TimedOut);
    }
    let counted = vocabulary.concepts().zip(sums).filter(|(_, (articles, _))| *articles > 0);
    let mut concepts: Vec<ConceptCount> = counted
        .map(|(concept, (articles, matches))| ConceptCount {
            concept: concept.clone(),
            articles,
            matches,
        })
        .collect();
    // A stable sort: they stand by id before it.
    concepts.sort_by_key(|count| std::cmp::Reverse(count.articles));
    let generation = snapshot.payload.generation;
    Ok(ConceptCounts { concepts, articles, generation, elapsed: start.elapsed() })
}

/// Calls `visit` where the matcher confirms one of these documents.
fn each_in(
    documents: &[DocId],
    matcher: &mut Matcher,
    deadline: &Deadline,
    mut visit: impl FnMut(&mut Matcher),
) {
    let mut rest = documents;
    while let Some(&target) = rest.first() {
        let doc = matcher.next(target);
        if doc == TERMINATED || deadline.is_over() {
            return;
        }
        if doc == target && matcher.confirm() {
            visit(matcher);
        }
        let next = doc.max(target + 1);
        rest = rest.get(rest.partition_point(|&document| document < next)..).unwrap_or_default();
    }
}
