//! Suggestions: what the index has that looks like what was asked for.

use crate::Result;
use crate::index::snapshot::Snapshot;
use crate::query::Query;

/// Paths of articles that look like `path`, best first.
pub(crate) fn paths(snapshot: &Snapshot, path: &str) -> Result<Vec<String>> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let wanted: Vec<char> = name.chars().collect();
    let mut similar: Vec<(usize, String)> = Vec::new();
    for document in snapshot.heads() {
        let (_, _, head) = document?;
        if !head.role.is_article() {
            continue;
        }
        let other = head.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let edits = super::expand::within(&wanted, &other, 3);
        let contains = !name.is_empty() && other.contains(&name);
        if let Some(edits) = edits.or(contains.then_some(4)) {
            similar.push((edits, head.path));
        }
    }
    similar.sort();
    similar.truncate(3);
    Ok(similar.into_iter().map(|(_, path)| path).collect())
}

/// Queries like this one, with words that the index has in place of those it has not.
pub(crate) fn queries(
    snapshot: &Snapshot,
    query: &Query,
    absent: &[String],
) -> Result<Vec<String>> {
    let _ = (snapshot, query, absent);
    Ok(Vec::new())
}
