//! Live documents: going through those of a segment that a matcher confirms.

use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::matcher::Matcher;
use crate::Result;
use crate::index::snapshot::Segment;

/// Calls `visit` for each document that is not deleted and that the matcher confirms, in order, until
/// the time is over. After that nothing is believed: a part that excludes documents has then ended
/// like all others.
pub(super) fn each(
    segment: &Segment,
    mut matcher: Matcher,
    deadline: &Deadline,
    mut visit: impl FnMut(DocId, &mut Matcher) -> Result<()>,
) -> Result<()> {
    let alive = segment.reader.alive_bitset();
    let mut doc = matcher.next(0);
    while doc != TERMINATED && !deadline.is_over() {
        let matched = alive.is_none_or(|alive| alive.is_alive(doc)) && matcher.confirm();
        if matched && !deadline.was_met() {
            visit(doc, &mut matcher)?;
        }
        doc = matcher.next(doc + 1);
    }
    Ok(())
}
