//! Spans: where in an article a part of a query matches, as token positions.
//!
//! Minimal-interval semantics: the matches of a part are those of its intervals that hold no other
//! (Clarke, Cormack, Burkowski: "An algebra for structured text search and a framework for its
//! implementation", The Computer Journal 38(1), 1995; §3). Lists of such intervals are ordered by
//! start and by end at once.

/// A stretch of token positions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn at(position: u32) -> Span {
        Span { start: position, end: position }
    }

    fn width(self) -> u32 {
        self.end - self.start + 1
    }
}

/// The intervals found by an operator, and the operands' spans in each.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) spans: Vec<Span>,
    /// The operands' spans, as many for each interval as there are operands.
    pub(crate) parts: Vec<Span>,
}

/// The minimal intervals that hold one span of each operand, in the operands' order and without
/// overlap, with at most `gaps` positions between them that belong to none.
pub(crate) fn ordered(operands: &[&[Span]], gaps: u32, found: &mut Found) {
    found.spans.clear();
    found.parts.clear();
    let Some((first, rest)) = operands.split_first() else { return };
    let mut next = vec![0usize; rest.len()];
    let mut chain = Vec::with_capacity(operands.len());
    'starts: for &start in *first {
        chain.clear();
        chain.push(start);
        let mut last = start;
        for (operand, at) in rest.iter().zip(&mut next) {
            while operand.get(*at).is_some_and(|span| span.start <= last.end) {
                *at += 1;
            }
            let Some(&span) = operand.get(*at) else { break 'starts };
            chain.push(span);
            last = span;
        }
        let span = Span { start: start.start, end: last.end };
        // A later start with the same end lies within: it takes the place of this one.
        if found.spans.last().is_some_and(|before| before.end == span.end) {
            found.spans.pop();
            found.parts.truncate(found.parts.len() - operands.len());
        }
        found.spans.push(span);
        found.parts.extend(&chain);
    }
    keep_close(found, operands.len(), gaps);
}

/// The minimal intervals that hold one span of each operand, in any order and without overlap,
/// with at most `gaps` positions between them that belong to none.
pub(crate) fn unordered(operands: &[&[Span]], gaps: u32, found: &mut Found) {
    let count = operands.len();
    let single = operands.iter().all(|spans| spans.iter().all(|span| span.width() == 1));
    if let [a, b] = operands
        && single
        && neighbours(a, b, gaps, found)
    {
        return;
    }
    // Where all are single words, what is too wide holds nothing that is not: it can go at once.
    let at_first = if single { gaps } else { u32::MAX };
    let mut all: Vec<(Span, usize)> = Vec::new();
    let mut parts: Vec<Span> = Vec::new();
    let mut order: Vec<usize> = (0..count).collect();
    let mut arranged: Vec<&[Span]> = Vec::with_capacity(count);
    loop {
        arranged.clear();
        arranged.extend(order.iter().map(|&operand| operands[operand]));
        ordered(&arranged, at_first, found);
        let from = parts.len();
        parts.extend_from_slice(&found.parts);
        all.extend(
            found.spans.iter().zip((from..).step_by(count.max(1))).map(|(&span, at)| (span, at)),
        );
        if !next_permutation(&mut order) {
            break;
        }
    }
    // By start, the shortest first; what holds a later or equal one is not minimal.
    all.sort_by(|a, b| a.0.start.cmp(&b.0.start).then(b.0.end.cmp(&a.0.end)));
    let mut least_end = u32::MAX;
    let mut kept = all.len();
    for at in (0..all.len()).rev() {
        if all[at].0.end < least_end {
            least_end = all[at].0.end;
            kept -= 1;
            all[kept] = all[at];
        }
    }
    found.spans.clear();
    found.parts.clear();
    for (span, at) in &all[kept..] {
        found.spans.push(*span);
        found.parts.extend_from_slice(&parts[*at..at + count]);
    }
    keep_close(found, count, gaps);
}

/// The same for two operands that are single words: their neighbours in one order of all. False
/// where a position belongs to both, which needs the other way.
fn neighbours(a: &[Span], b: &[Span], gaps: u32, found: &mut Found) -> bool {
    found.spans.clear();
    found.parts.clear();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut last: Option<(bool, Span)> = None;
    loop {
        let is_first = match (a.peek(), b.peek()) {
            (Some(a), Some(b)) if a.start == b.start => return false,
            (Some(a), Some(b)) => a.start < b.start,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return true,
        };
        let Some(&span) = (if is_first { a.next() } else { b.next() }) else { return true };
        if let Some((other, before)) = last
            && other != is_first
            && span.start - before.start <= gaps.saturating_add(1)
        {
            found.spans.push(Span { start: before.start, end: span.start });
            found.parts.extend([before, span]);
        }
        last = Some((is_first, span));
    }
}

fn keep_close(found: &mut Found, operands: usize, gaps: u32) {
    let close = |span: &Span, parts: &[Span]| {
        let covered: u32 = parts.iter().map(|part| part.width()).sum();
        span.width() - covered <= gaps
    };
    let mut kept = 0;
    for number in 0..found.spans.len() {
        let parts = number * operands..(number + 1) * operands;
        if close(&found.spans[number], &found.parts[parts.clone()]) {
            found.spans[kept] = found.spans[number];
            found.parts.copy_within(parts, kept * operands);
            kept += 1;
        }
    }
    found.spans.truncate(kept);
    found.parts.truncate(kept * operands);
}

/// The next arrangement in lexicographic order; false behind the last.
fn next_permutation(order: &mut [usize]) -> bool {
    let Some(pivot) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let swap = order.iter().rposition(|&value| value > order[pivot]).unwrap_or(pivot);
    order.swap(pivot, swap);
    order[pivot + 1..].reverse();
    true
}

/// The units (sentences, blocks), given by their first positions, that hold a span of each operand
/// whole: for each such unit the stretch from the first to the last of these spans, and all of
/// them in `parts`.
pub(crate) fn same_unit(operands: &[&[Span]], starts: &[u32], found: &mut Found) {
    found.spans.clear();
    found.parts.clear();
    let unit_of = |span: Span| {
        let unit = starts.partition_point(|&start| start <= span.start).checked_sub(1)?;
        let whole = starts.get(unit + 1).is_none_or(|&next| span.end < next);
        whole.then_some(unit)
    };
    // For each operand, its spans with their units, ascending, and how far it has been looked at.
    let mut placed: Vec<(Vec<(usize, Span)>, usize)> = operands
        .iter()
        .map(|operand| {
            (operand.iter().filter_map(|&span| Some((unit_of(span)?, span))).collect(), 0)
        })
        .collect();
    let mut unit = 0;
    // The least unit that every operand may still have a span in, until one has none left.
    loop {
        let mut agreed = true;
        for (spans, at) in &mut placed {
            *at += spans[*at..].partition_point(|(other, _)| *other < unit);
            let Some((other, _)) = spans.get(*at) else { return };
            agreed &= *other == unit;
            unit = unit.max(*other);
        }
        if !agreed {
            continue;
        }
        let inside = placed.iter().flat_map(|(spans, at)| {
            spans[*at..].iter().take_while(|(other, _)| *other == unit).map(|(_, span)| *span)
        });
        let from = found.parts.len();
        found.parts.extend(inside);
        let parts = &found.parts[from..];
        let start = parts.iter().map(|span| span.start).min();
        let end = parts.iter().map(|span| span.end).max();
        if let (Some(start), Some(end)) = (start, end) {
            found.spans.push(Span { start, end });
        }
        unit += 1;
    }
}

/// The union of lists of minimal intervals, minimal again.
pub(crate) fn union(lists: &[&[Span]], out: &mut Vec<Span>) {
    out.clear();
    lists.iter().for_each(|list| out.extend(*list));
    out.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut least_end = u32::MAX;
    let mut kept = out.len();
    for at in (0..out.len()).rev() {
        if out[at].end < least_end {
            least_end = out[at].end;
            kept -= 1;
            out[kept] = out[at];
        }
    }
    out.drain(..kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(positions: &[u32]) -> Vec<Span> {
        positions.iter().map(|&position| Span::at(position)).collect()
    }

    fn pairs(found: &Found) -> Vec<(u32, u32)> {
        found.spans.iter().map(|span| (span.start, span.end)).collect()
    }

    #[test]
    fn ordered_intervals_are_minimal_and_close() {
        let (a, b) = (at(&[1, 5, 7, 30]), at(&[2, 9, 40]));
        let mut found = Found::default();
        ordered(&[&a, &b], 5, &mut found);
        assert_eq!(pairs(&found), [(1, 2), (7, 9)]);
        ordered(&[&a, &b], 9, &mut found);
        assert_eq!(pairs(&found), [(1, 2), (7, 9), (30, 40)]);
        assert_eq!(found.parts[4..], [Span::at(30), Span::at(40)]);
    }

    #[test]
    fn unordered_intervals_take_either_order_but_never_one_word_twice() {
        let (a, b) = (at(&[3, 10]), at(&[1, 12]));
        let mut found = Found::default();
        unordered(&[&a, &b], 3, &mut found);
        assert_eq!(pairs(&found), [(1, 3), (10, 12)]);
        unordered(&[&a, &a], 3, &mut found);
        assert_eq!(pairs(&found), []);
        unordered(&[&a, &a], 10, &mut found);
        assert_eq!(pairs(&found), [(3, 10)]);
    }

    #[test]
    fn a_unit_holds_all_operands_or_none_counts() {
        let (a, b) = (at(&[1, 11, 25]), at(&[4, 22]));
        let mut found = Found::default();
        same_unit(&[&a, &b], &[0, 10, 20], &mut found);
        assert_eq!(pairs(&found), [(1, 4), (22, 25)]);
    }

    #[test]
    fn a_union_keeps_the_shortest() {
        let mut out = Vec::new();
        union(
            &[&[Span { start: 1, end: 4 }, Span::at(9)], &[Span { start: 2, end: 3 }, Span::at(9)]],
            &mut out,
        );
        assert_eq!(out, [Span { start: 2, end: 3 }, Span::at(9)]);
    }
}
