//! Pairs of frequent words in a phrase, which the index has as terms of their own.

use super::{Bond, Part};
use crate::analysis::frequent::pair_term;

/// The words of a phrase from left to right with their places in it, neighbours that are a pair as one:
/// the first of them, and the term.
pub(super) fn of_row<'a>(
    operands: &'a [Part],
    offsets: &'a [u32],
) -> Vec<(&'a Part, Option<String>, u32)> {
    let mut found = Vec::with_capacity(operands.len());
    let mut words = operands.iter().zip(offsets).peekable();
    while let Some((part, &offset)) = words.next() {
        let next = words.peek().filter(|(_, at)| **at == offset + 1);
        let pair = next.and_then(|(next, _)| pair(part, next));
        if pair.is_some() {
            words.next();
        }
        found.push((part, pair, offset));
    }
    found
}

/// The term of a phrase that is a pair and nothing else.
pub(crate) fn whole_pair(part: &Part) -> Option<String> {
    match part {
        Part::Interval {
            bond: Bond::Ordered { gaps: 0 },
            operands,
            offsets: Some(offsets),
            ..
        } => match (&operands[..], &offsets[..]) {
            ([first, second], [0, 1]) => pair(first, second),
            _ => None,
        },
        _ => None,
    }
}

fn pair(first: &Part, second: &Part) -> Option<String> {
    match (first, second) {
        (Part::Term(first), Part::Term(second)) if first.frequent && second.frequent => {
            Some(pair_term(&first.written, &second.written))
        }
        _ => None,
    }
}
