//! Closeness written as a call, as SQLite has it: `NEAR(a b, 5)`.

use super::limits;
use super::operator::{Proximity, is_operator};
use super::quotes;
use super::source::{Fault, Source};

/// Fails if what `operator` joins stands in the parentheses that open at `open`; the operator itself
/// starts at `from`, and behind another part if it `follows` one.
pub(super) fn check(
    source: &Source<'_>,
    operator: Proximity,
    (from, open): (usize, usize),
    follows: bool,
) -> Result<(), Fault> {
    let Some((mut parts, close)) = parts(source, open) else { return Ok(()) };
    let mut operator = operator;
    let distance = if let Proximity::Near { distance, .. } = &mut operator
        && let [.., (_, before), (start, end)] = *parts
        && let number = source.raw(start, end)
        && number.bytes().all(|b| b.is_ascii_digit())
        && source.raw(before, start).contains(',')
    {
        *distance = number.parse().unwrap_or(u32::MAX).clamp(1, limits::MAX_DISTANCE);
        parts.pop()
    } else {
        None
    };
    let parts: Vec<&str> = parts.iter().map(|(start, end)| source.raw(*start, *end)).collect();
    // `a NEAR (b OR c)` has its parts on both sides.
    let is_list = parts.len() > 1 && !parts.iter().any(|part| is_operator(part, source));
    if !is_list || follows && distance.is_none() {
        return Ok(());
    }
    let joined = parts.join(&format!(" {operator} "));
    let span = source.span(from, close + 1);
    let is_all = span.len() == source.text.trim().len();
    let hint = if is_all { joined } else { source.splice(&span, &format!("({joined})")) };
    let without = source.without(&source.span(from, open));
    let message = format!("this operator stands between what it joins: a {operator} b");
    Err(Fault::new("missing_operand", span, message).hint(hint).hint(without))
}

/// The parts in the parentheses that open at `open`, with spaces or commas between, and where these
/// close; none if they do not.
fn parts(source: &Source<'_>, open: usize) -> Option<(Vec<(usize, usize)>, usize)> {
    let (mut parts, mut start) = (Vec::new(), None);
    let (mut depth, mut in_phrase) = (0, false);
    for i in open + 1.. {
        let it = source.get(i)?;
        let is_apart = depth == 0 && !in_phrase;
        let is_end = is_apart && it.is(')');
        if is_end || is_apart && (it.is_space() || it.is(',')) {
            parts.extend(start.take().map(|start| (start, i)));
        } else {
            start.get_or_insert(i);
            in_phrase ^= !it.plain && quotes::is_mark(it.c);
            depth += usize::from(!in_phrase && it.is('('));
            depth -= usize::from(!in_phrase && it.is(')'));
        }
        if is_end {
            return Some((parts, i));
        }
    }
    None
}
