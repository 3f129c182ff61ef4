//! The values of `date:`, `since:` and `until:`.

use super::names::Name;
use super::source::{Fault, Source, quoted};
use crate::Date;
use crate::date::{Age, AgeUnit, DateRange};

/// Reads the value that stands from `from` to `to`; the name before it starts at `start`.
pub(super) fn read(
    source: &Source<'_>,
    name: Name,
    start: usize,
    from: usize,
    to: usize,
) -> Result<DateRange, Fault> {
    let written = source.raw(from, to);
    let value = written.trim_end_matches([',', ';', ':', '!', '?']);
    let value = match value.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest,
        _ => value,
    };
    let span = source.span(from, to);
    let range = match name {
        Name::Since => {
            age(value).map(DateRange::Since).or_else(|| Some(DateRange::From(date(value)?)))
        }
        Name::Until => date(value).map(DateRange::Until),
        Name::Date | Name::Field(_) | Name::Concept => range(value),
    };
    let whole = source.span(start, to);
    let with = |fault: Fault, hint: String| fault.hint(source.splice(&whole, &hint)).hint(hint);
    match range {
        Some(DateRange::Between(first, last)) if first.first_day() > last.last_day() => {
            let message = format!("no day is both after {first} and before {last}");
            Err(with(Fault::new("empty_range", span, message), format!("date:{last}..{first}")))
        }
        Some(range) => Ok(range),
        None => {
            let message = match name {
                Name::Since => format!(
                    "{} is neither a date nor a length of time such as 30d, 2w, 6m or 1y",
                    quoted(value)
                ),
                _ => format!(
                    "{} is not a date or a range of dates; dates are written 2025, 2025-10 or \
                     2025-10-28",
                    quoted(value)
                ),
            };
            let mut fault = Fault::new("invalid_date", span, message);
            for hint in likely(name, value) {
                fault = with(fault, hint);
            }
            Err(fault)
        }
    }
}

/// A date by its digits only: what follows a `T` would be dropped in silence.
fn date(text: &str) -> Option<Date> {
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if is_plain { text.parse().ok() } else { None }
}

fn range(value: &str) -> Option<DateRange> {
    for dots in ["...", "..", "…"] {
        let Some((first, last)) = value.split_once(dots) else { continue };
        return match (first, last) {
            ("", last) => date(last).map(DateRange::Until),
            (first, "") => date(first).map(DateRange::From),
            (first, last) => Some(DateRange::Between(date(first)?, date(last)?)),
        };
    }
    let strip = |signs: [&str; 2]| signs.into_iter().find_map(|sign| value.strip_prefix(sign));
    if let Some(rest) = strip([">=", "≥"]) {
        date(rest).map(DateRange::From)
    } else if let Some(rest) = strip(["<=", "≤"]) {
        date(rest).map(DateRange::Until)
    } else if let Some(rest) = value.strip_prefix('>') {
        date(rest).map(DateRange::After)
    } else if let Some(rest) = value.strip_prefix('<') {
        date(rest).map(DateRange::Before)
    } else {
        date(value.strip_prefix('=').unwrap_or(value)).map(DateRange::In)
    }
}

fn age(value: &str) -> Option<Age> {
    let (count, letter) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let unit = match letter {
        "d" | "D" => AgeUnit::Day,
        "w" | "W" => AgeUnit::Week,
        "m" | "M" => AgeUnit::Month,
        "y" | "Y" => AgeUnit::Year,
        _ => return None,
    };
    if !count.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count = count.parse().ok().filter(|count| (1..=9999).contains(count))?;
    Some(Age { count, unit })
}

/// What was probably meant by a value that is no date, best first.
fn likely(name: Name, value: &str) -> Vec<String> {
    let mut hints = Vec::new();
    if name != Name::Since && age(value).is_some() {
        hints.push(format!("since:{}", value.to_ascii_lowercase()));
    }
    if let (Some(first), Some(last)) = (value.get(..4), value.get(5..)) {
        let both = format!("date:{first}..{last}");
        if range(both.trim_start_matches("date:")).is_some() {
            hints.push(both);
        }
    }
    // Within a range or after a sign, the part that is wrong is mended where it stands.
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let mut mended = String::new();
    let mut rest = value;
    while !rest.is_empty() {
        let other = rest.find(is_part).unwrap_or(rest.len());
        let (sign, tail) = rest.split_at(other);
        let end = tail.find(|c| !is_part(c)).unwrap_or(tail.len());
        let (part, tail) = tail.split_at(end);
        mended.push_str(sign);
        mended.push_str(&nearest(part));
        rest = tail;
    }
    hints.push(format!("{}:{mended}", name.written()));
    if let Some(found) = Date::find_written(value.trim_matches(['"', '“', '”'])) {
        hints.push(format!("{}:{found}", name.written()));
    }
    hints.push(format!("{}:{}", name.written(), if name == Name::Since { "6m" } else { "2025" }));
    hints
}

/// `part` if it is a date; else the last day of its month, else its year.
fn nearest(part: &str) -> String {
    if date(part).is_some() || part.len() < 4 {
        return part.to_owned();
    }
    let month = part.get(..7).unwrap_or(part);
    (28..=31)
        .rev()
        .map(|day| format!("{month}-{day}"))
        .find(|it| part.len() > 7 && date(it).is_some())
        .or_else(|| date(part.get(..4)?).map(|year| year.to_string()))
        .unwrap_or_else(|| part.to_owned())
}
