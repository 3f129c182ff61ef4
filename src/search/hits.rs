//! Hits: what the best of a result are, with their evidence.

use super::Searcher;
use super::candidate::Candidate;
use super::collect::{Found, all_norms, closeness, marks, revisit};
use super::explain::{self, Explanation};
use super::group::Copy;
use super::options::{SearchOptions, Sort};
use super::passages::Reader;
use super::plan::{Part, weight_side_by_side};
use super::rank::{self, Pass, Scratch};
use super::results::{Duplicate, Hit};
use crate::Result;
use crate::index::shown_hash;
use crate::index::snapshot::Snapshot;
use crate::index::texts::Chunk;
use crate::snippet::Mark;

/// What makes a hit of an article.
struct Evidence {
    candidate: Candidate,
    matches: u64,
    marks: Vec<Mark>,
    explanation: Option<Explanation>,
}

/// What is folded under a hit, the earliest first; what has no date stands last.
fn duplicates(snapshot: &Snapshot, copies: &[Copy]) -> Result<Vec<Duplicate>> {
    let mut duplicates = Vec::with_capacity(copies.len());
    for copy in copies {
        let damaged = || snapshot.damaged("a record cannot be read");
        let articles = &snapshot.segments.get(copy.segment).ok_or_else(damaged)?.articles;
        let path = articles.path(copy.doc).ok_or_else(damaged)?.to_owned();
        let facts = articles.facts(copy.doc).ok_or_else(damaged)?;
        duplicates.push(Duplicate {
            title: facts.title.clone().unwrap_or_else(|| file_name(&path)),
            date: facts.date(),
            source: facts.source,
            similarity: copy.similarity,
            path,
        });
    }
    duplicates.sort_by(|a, b| {
        let day = |it: &Duplicate| it.date.map_or((true, 0), |date| (false, date.first_day()));
        day(a).cmp(&day(b)).then_with(|| a.path.cmp(&b.path))
    });
    Ok(duplicates)
}

/// What an article without a title is called.
pub(super) fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The hits asked for, with their passages.
pub(crate) fn hits(
    searcher: &Searcher,
    part: &Part,
    also: Option<&Part>,
    found: &Found,
    options: &SearchOptions,
) -> Result<Vec<Hit>> {
    let snapshot = &*searcher.snapshot;
    let mut hits: Vec<Hit> = Vec::new();
    let mut chunk = Chunk::default();
    let mut last_file: Option<(String, Option<String>)> = None;
    for Evidence { candidate, matches, marks, explanation } in
        evidence(snapshot, part, also, found, options)?
    {
        let damaged = || snapshot.damaged("an article cannot be read");
        let articles = &snapshot.segments.get(candidate.segment).ok_or_else(damaged)?.articles;
        let head = articles.head(candidate.doc).ok_or_else(damaged)?;
        let facts = articles.facts(candidate.doc).ok_or_else(damaged)?;
        let mut passages = Reader::open(articles, candidate.doc, &mut chunk)
            .and_then(|mut reader| reader.passages(&marks, options.passages, options.passage_chars))
            .ok_or_else(damaged)?;
        for passage in &mut passages {
            let label = passage.page.and_then(|page| facts.page_label(page));
            passage.page_label = label.map(str::to_owned);
        }
        // Hits often come from one file that holds many articles.
        let file_hash = match (head.container(), &last_file) {
            (Some(file), Some((last, hash))) if file == last => hash.clone(),
            (container, _) => {
                let (hash, _) = searcher.file(&head)?;
                last_file = container.map(|file| (file.to_owned(), hash.clone()));
                hash
            }
        };
        let mut best = found.best.iter();
        let rank = best.position(|other| other.place() == candidate.place()).unwrap_or_default();
        hits.push(Hit {
            rank: rank as u64 + 1,
            score: candidate.score,
            title: facts.title.clone().unwrap_or_else(|| file_name(&head.path)),
            date: facts.date(),
            language: facts.language(),
            source: facts.source,
            url: facts.url,
            authors: facts.authors,
            kind: facts.kind,
            jurisdiction: facts.jurisdiction,
            tags: facts.tags,
            cites: facts.cites,
            hash: shown_hash(&facts.hash),
            file_hash,
            matches,
            passages,
            explanation,
            duplicates: duplicates(snapshot, &candidate.copies)?,
            path: head.path,
        });
    }
    hits.sort_by_key(|hit| hit.rank);
    Ok(hits)
}

/// What makes hits of the articles asked for, in the order of the index.
fn evidence(
    snapshot: &Snapshot,
    part: &Part,
    also: Option<&Part>,
    found: &Found,
    options: &SearchOptions,
) -> Result<Vec<Evidence>> {
    let mut shown: Vec<Candidate> = found.best.iter().skip(options.offset).cloned().collect();
    let mut evidence = Vec::with_capacity(shown.len());
    if !found.looked.is_empty() {
        shown.sort_by_key(Candidate::place);
        for candidate in shown {
            if let Some(looked) = found.looked.iter().find(|it| it.place == candidate.place()) {
                let (matches, marks) = (looked.matches, looked.marks.clone());
                evidence.push(Evidence { candidate, matches, marks, explanation: None });
            }
        }
        return Ok(evidence);
    }
    let norms = if options.explain { all_norms(snapshot)? } else { Vec::new() };
    let asked = weight_side_by_side(part);
    let mut scratch = Scratch::default();
    let pass = options.explain.then_some(Pass::Best);
    revisit(snapshot, part, pass, &mut shown, |segment, matcher, candidate| {
        let marks = marks(matcher);
        let explanation = norms.get(candidate.segment).map(|norms| {
            let (pass, closeness) = match options.sort {
                Sort::Relevance => (Pass::Best, closeness(part, matcher, asked, &mut scratch)),
                _ => (Pass::All, 0.0),
            };
            let mut parts = Vec::new();
            rank::contributions(matcher, norms, pass, &mut |added| {
                parts.extend(explain::score_part(snapshot, part, &added));
            });
            if let Some(added) = also.filter(|_| options.sort == Sort::Relevance) {
                parts.extend(explain::added_parts(snapshot, added, segment, candidate.doc, norms));
            }
            Explanation { parts, closeness, total: candidate.score }
        });
        let matches = matcher.matches();
        evidence.push(Evidence { candidate: candidate.clone(), matches, marks, explanation });
        Ok(())
    })?;
    Ok(evidence)
}
