//! The operators of a query, with the other ways in which people write them.

use std::fmt;
use std::ops::Range;

use super::source::{Fault, Source, quoted};
use super::{Unit, limits};

/// An operator that joins parts by where they stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Proximity {
    /// `NEAR/5`, or `BEFORE/5` if ordered.
    Near {
        /// In words.
        distance: u32,
        /// Whether the parts must stand in the order given.
        ordered: bool,
    },
    /// `SAME/s`, `SAME/p`
    Same(Unit),
}

impl fmt::Display for Proximity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Proximity::Near { distance, ordered: false } => write!(f, "NEAR/{distance}"),
            Proximity::Near { distance, ordered: true } => write!(f, "BEFORE/{distance}"),
            Proximity::Same(Unit::Sentence) => f.write_str("SAME/s"),
            Proximity::Same(Unit::Paragraph) => f.write_str("SAME/p"),
        }
    }
}

/// What a word of the grammar means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    /// `BUT`, which is an operator before `NOT` only.
    But,
    Proximity(Proximity),
    AtLeast(u32),
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operator::And | Operator::But => f.write_str("AND"),
            Operator::Or => f.write_str("OR"),
            Operator::Not => f.write_str("NOT"),
            Operator::Proximity(proximity) => proximity.fmt(f),
            Operator::AtLeast(count) => write!(f, "atleast/{count}"),
        }
    }
}

/// How a word was recognised as an operator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sense {
    /// It is the grammar's own word.
    Own(Operator),
    /// It is the grammar's own operator in another form.
    Form(Operator),
    /// It is an operator where it stands between two parts, else a word.
    Between(Operator),
}

/// No operator is longer, in bytes.
const LONGEST: usize = 64;

/// What `word`, which stands at `span`, means as an operator; `mixed_case` says whether the query
/// has lower-case letters, so that capitals mean something.
pub(super) fn sense(
    word: &str,
    mixed_case: bool,
    source: &Source<'_>,
    span: &Range<usize>,
) -> Result<Option<Sense>, Fault> {
    if word.len() > LONGEST {
        return Ok(None);
    }
    let near = |distance, ordered| Operator::Proximity(Proximity::Near { distance, ordered });
    let default = limits::DEFAULT_DISTANCE;
    Ok(Some(match word {
        "AND" => Sense::Own(Operator::And),
        "OR" => Sense::Own(Operator::Or),
        "NOT" => Sense::Own(Operator::Not),
        "NEAR" => Sense::Form(near(default, false)),
        "BEFORE" => Sense::Form(near(default, true)),
        "&" | "&&" => Sense::Between(Operator::And),
        "|" | "||" => Sense::Between(Operator::Or),
        "BUT" => Sense::Between(Operator::But),
        "ET" | "UND" if mixed_case => Sense::Between(Operator::And),
        "OU" | "ODER" if mixed_case => Sense::Between(Operator::Or),
        "SAUF" | "NICHT" if mixed_case => Sense::Between(Operator::Not),
        _ => {
            let lower = word.to_ascii_lowercase();
            if let Some(count) = lower.strip_prefix("atleast/") {
                return count_of(count, source, span)
                    .map(|count| Some(Sense::Own(Operator::AtLeast(count))));
            }
            let Some((name, value)) = word.split_once('/') else {
                return Ok(plus(word));
            };
            match name {
                "NEAR" | "BEFORE" => {
                    Sense::Own(near(distance(value, name, source, span)?, name == "BEFORE"))
                }
                "SAME" => Sense::Own(Operator::Proximity(Proximity::Same(
                    unit(value).ok_or_else(|| unknown_unit(value, source, span))?,
                ))),
                _ => match alias(&lower) {
                    Some(operator) => Sense::Between(operator),
                    None => return Ok(None),
                },
            }
        }
    }))
}

/// Whether `word` would be an operator, good or broken, if a parenthesis followed it.
pub(super) fn is_operator(word: &str, source: &Source<'_>) -> bool {
    !matches!(sense(word, true, source, &(0..0)), Ok(None)) || at_least_glued(word).is_some()
}

/// What to write for a word that is an operator elsewhere, and none here.
pub(super) fn foreign(word: &str) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    // Full-width letters come from the keyboards of East Asia.
    let narrow: String = word
        .chars()
        .map(|c| match u32::from(c) {
            code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect();
    if narrow != word && ["AND", "OR", "NOT", "NEAR", "BEFORE", "OF"].contains(&&*narrow) {
        return Some(format!("the operator is {narrow}"));
    }
    let closeness = |number: &str| {
        let distance = small(number).filter(|it| *it > 0).unwrap_or(limits::DEFAULT_DISTANCE);
        format!("closeness is written NEAR/{distance} or BEFORE/{distance}")
    };
    if let "ADJ" | "WITHIN" = word {
        return Some(closeness(""));
    }
    match word {
        "SAME" => return Some("SAME/s is one sentence, SAME/p one paragraph".to_owned()),
        "XOR" => return Some("there is AND, OR and NOT".to_owned()),
        _ => {}
    }
    let lower = word.to_ascii_lowercase();
    let numbered = ["near", "adj", "onear/", "within/", "adj/"]
        .into_iter()
        .find_map(|name| lower.strip_prefix(name).filter(|number| small(number).is_some()));
    match (numbered, lower.strip_prefix("w/")) {
        (Some(number), _) => Some(closeness(number)),
        (None, Some("sent" | "sentence")) => Some("one sentence is SAME/s".to_owned()),
        (None, Some("para" | "paragraph")) => Some("one paragraph is SAME/p".to_owned()),
        (None, Some(_)) => Some("closeness is written w/5 or NEAR/5".to_owned()),
        (None, None) => None,
    }
}

/// The whole number that is meant where `TWO`, `2.5` or `ANY` stands before `OF`.
pub(super) fn count_near(word: &str) -> Option<u32> {
    const NUMBERS: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    if word.eq_ignore_ascii_case("any") {
        return Some(1);
    }
    let named = (1..).zip(NUMBERS).find(|(_, name)| word.eq_ignore_ascii_case(name));
    named.map(|(number, _)| number).or_else(|| {
        let (whole, rest) = word.split_once(['.', ','])?;
        small(rest)?;
        small(whole).map(|number| number.max(1))
    })
}

/// The count of `ATLEAST5(…)`.
pub(super) fn at_least_glued(word: &str) -> Option<u32> {
    let count = word.get(..7).filter(|it| it.eq_ignore_ascii_case("atleast")).and(word.get(7..))?;
    count.parse().ok().filter(|it| (1..=limits::MAX_COUNT).contains(it))
}

fn plus(word: &str) -> Option<Sense> {
    let distance = small(word.strip_prefix('+')?)?;
    Some(Sense::Between(Operator::Proximity(Proximity::Near { distance, ordered: true })))
}

/// `w/5`, `/5`, `pre/5`, `w/s`, `/p` and their like, in lower case.
fn alias(lower: &str) -> Option<Operator> {
    let (name, value) = lower.split_once('/')?;
    let proximity = match (name, unit(value)) {
        ("" | "w" | "same", Some(unit)) => Proximity::Same(unit),
        ("" | "w" | "near", None) => Proximity::Near { distance: small(value)?, ordered: false },
        ("pre" | "before", None) => Proximity::Near { distance: small(value)?, ordered: true },
        _ => return None,
    };
    Some(Operator::Proximity(proximity))
}

/// A number of up to three digits.
fn small(digits: &str) -> Option<u32> {
    let is_small = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_small { digits.parse().ok() } else { None }
}

fn unit(text: &str) -> Option<Unit> {
    match text {
        "s" | "S" => Some(Unit::Sentence),
        "p" | "P" => Some(Unit::Paragraph),
        _ => None,
    }
}

fn unknown_unit(value: &str, source: &Source<'_>, span: &Range<usize>) -> Fault {
    let message =
        format!("{} is neither s (sentence) nor p (paragraph) after SAME/", quoted(value));
    Fault::new("unknown_unit", span.clone(), message).hint(source.splice(span, "SAME/s"))
}

/// The distance in `value`, which stands after `name` and a slash.
fn distance(
    value: &str,
    name: &str,
    source: &Source<'_>,
    span: &Range<usize>,
) -> Result<u32, Fault> {
    if value.is_empty() {
        return Err(without_distance(name, source, span));
    }
    if !value.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("{} after {name}/ is not a number of words", quoted(value));
        let hint = format!("{name}/{}", limits::DEFAULT_DISTANCE);
        return Err(
            Fault::new("invalid_distance", span.clone(), message).hint(source.splice(span, &hint))
        );
    }
    let distance = value.parse().unwrap_or(u32::MAX);
    in_range(distance, name == "BEFORE", source, span).map(|()| distance)
}

/// The error for `NEAR/` with nothing behind the slash, or a space before the distance.
fn without_distance(name: &str, source: &Source<'_>, span: &Range<usize>) -> Fault {
    let behind = source.text.get(span.end..).unwrap_or_default();
    let next = behind.trim_start();
    let digits = next.len() - next.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (distance, end) = match next.get(..digits).and_then(small) {
        Some(distance) => (distance, span.end + (behind.len() - next.len()) + digits),
        None => (limits::DEFAULT_DISTANCE, span.end),
    };
    let span = span.start..end;
    let message = format!("{name}/ takes the distance in words, as in a {name}/{distance} b");
    let hint = source.splice(&span, &format!("{name}/{distance}"));
    Fault::new("invalid_distance", span, message).hint(hint)
}

/// Fails if a distance, at `span`, is 0 or over the limit.
fn in_range(
    distance: u32,
    ordered: bool,
    source: &Source<'_>,
    span: &Range<usize>,
) -> Result<(), Fault> {
    let (fault, nearest) = match distance {
        0 => (too_small(span.clone()), 1),
        1..=limits::MAX_DISTANCE => return Ok(()),
        _ => (too_large(span.clone()), limits::MAX_DISTANCE),
    };
    let hint = Proximity::Near { distance: nearest, ordered };
    Err(fault.hint(source.splice(span, &hint.to_string())))
}

/// The error for a distance of 0: two words never stand at one place.
fn too_small(span: Range<usize>) -> Fault {
    let message = format!(
        "a distance is 1 to {} words; 1 is side by side, \"…\" is side by side in this order",
        limits::MAX_DISTANCE
    );
    Fault::new("distance_too_small", span, message)
}

/// The error for a distance or slop over the limit.
pub(super) fn too_large(span: Range<usize>) -> Fault {
    let message = format!("a distance is at most {} words", limits::MAX_DISTANCE);
    Fault::new("distance_too_large", span, message)
}

/// The error for a distance that the operator understood at `span` has.
pub(super) fn check_distance(
    operator: Operator,
    source: &Source<'_>,
    span: &Range<usize>,
) -> Result<(), Fault> {
    match operator {
        Operator::Proximity(Proximity::Near { distance, ordered }) => {
            in_range(distance, ordered, source, span)
        }
        _ => Ok(()),
    }
}

fn count_of(digits: &str, source: &Source<'_>, span: &Range<usize>) -> Result<u32, Fault> {
    digits.parse().ok().filter(|it| (1..=limits::MAX_COUNT).contains(it)).ok_or_else(|| {
        let message = format!("atleast/ takes a number from 1 to {}", limits::MAX_COUNT);
        Fault::new("count_out_of_range", span.clone(), message)
            .hint(source.splice(span, "atleast/2"))
    })
}
