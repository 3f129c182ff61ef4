//! The values of `date:`, `since:` and `until:`.

use super::names::Name;
use super::quotes;
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
    let value = trimmed(source.raw(from, to));
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
        None => Err(invalid(source, name, start, from, to)),
    }
}

/// The error for a value that is no date, with what was probably meant.
fn invalid(source: &Source<'_>, name: Name, start: usize, from: usize, to: usize) -> Fault {
    // Marks around a value are no part of a date; what stands in them may be one.
    let marks = source.get(from).and_then(|it| match it.c {
        '(' => Some(&[')'][..]),
        c => quotes::opener(c).map(|opener| opener.closers),
    });
    let close = marks.and_then(|marks| {
        (from + 1..source.len()).find(|i| source.get(*i).is_some_and(|it| marks.contains(&it.c)))
    });
    let (to, value) = match close {
        Some(close) => (close + 1, source.raw(from + 1, close)),
        None => (to, trimmed(source.raw(from, to))),
    };
    let said = quoted(trimmed(source.raw(from, to)));
    let message = match name {
        Name::Until if length(value).is_some() => format!(
            "{said} is a length of time; until: takes a date, written 2025, 2025-10 or 2025-10-28"
        ),
        Name::Since => {
            format!("{said} is neither a date nor a length of time such as 30d, 2w, 6m or 1y")
        }
        _ => format!(
            "{said} is not a date or a range of dates; dates are written 2025, 2025-10 or \
             2025-10-28"
        ),
    };
    let fault = Fault::new("invalid_date", source.span(from, to), message);
    let Some(hint) = likely(name, value) else { return fault };
    let whole = source.splice(&source.span(start, to), &hint);
    fault.hint(whole).hint(hint.clone()).hint(format!("AI {hint}"))
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

/// A value without the punctuation of a sentence behind it.
fn trimmed(written: &str) -> &str {
    let value = written.trim_end_matches([',', ';', ':', '!', '?']);
    match value.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest,
        _ => value,
    }
}

/// No value that could be meant for a date is longer, in bytes.
const LONGEST: usize = 64;

/// What was probably meant by a value that is no date, as a query that asks for the same days or
/// more; none where that would be a guess.
fn likely(name: Name, value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() > LONGEST {
        return None;
    }
    if let Some(rest) = value.strip_prefix('!') {
        let meant = date(rest).map(|date| format!("{}:{date}", name.written()));
        return meant.or_else(|| likely(name, rest)).map(|it| format!("-{it}"));
    }
    if date(value).is_some() {
        return Some(format!("{}:{value}", name.written()));
    }
    if let Some(length) = length(value) {
        let not = if name == Name::Until { "-" } else { "" };
        return Some(format!("{not}since:{length}"));
    }
    if range(value).is_some() {
        return Some(format!("date:{value}"));
    }
    let (sign, rest) = value.split_at(value.find(|c| !"<>=≤≥".contains(c)).unwrap_or(0));
    // Within a range each side is mended; what else parts two dates must part good ones.
    for mark in ["...", "..", "…", "–", "—", "-", "/", " to "] {
        let read = if matches!(mark, "..." | ".." | "…") { mended } else { good };
        for (at, _) in rest.match_indices(mark) {
            let (first, last) = (rest.get(..at)?, rest.get(at + mark.len()..)?);
            if let (Some(first), Some(last)) = (read(first), read(last)) {
                return Some(format!("date:{first}..{last}"));
            }
        }
    }
    for mark in ["|", ",", ";", " OR ", " "] {
        let parts: Option<Vec<String>> = rest.split(mark).map(good).collect();
        if let Some([_, _, ..]) = parts.as_deref() {
            let parts = parts?.iter().map(|it| format!("date:{it}")).collect::<Vec<_>>();
            return Some(format!("({})", parts.join(" OR ")));
        }
    }
    let name = if sign.is_empty() { name } else { Name::Date };
    mended(rest).map(|date| format!("{}:{sign}{date}", name.written()))
}

/// A length of time as a query writes it, if `value` is one in other words: `6 months`, `-6m`.
fn length(value: &str) -> Option<String> {
    let value = value.trim_start_matches(['-', '+']);
    let (count, unit) = value.split_at(value.find(|c: char| !c.is_ascii_digit())?);
    let letter = match &*unit.trim().to_ascii_lowercase() {
        "d" | "day" | "days" => 'd',
        "w" | "wk" | "week" | "weeks" => 'w',
        "m" | "mo" | "month" | "months" => 'm',
        "y" | "yr" | "year" | "years" => 'y',
        _ => return None,
    };
    let is_number = !count.is_empty() && count.len() < 10;
    is_number.then(|| Some(format!("{}{letter}", count.parse::<u32>().ok()?.clamp(1, 9999))))?
}

/// `part` as a query writes it, if it is a date by its digits: also `2024/8/1`, `08.2024`, `20240801`.
fn good(part: &str) -> Option<String> {
    let part = part.trim();
    if date(part).is_some() {
        return Some(part.to_owned());
    }
    let is_number = |it: &&str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    let numbers: Vec<&str> = part.split(['-', '/', '.']).collect();
    if !numbers.iter().all(is_number) {
        return None;
    }
    let written = match numbers[..] {
        [year, month] if year.len() == 4 => format!("{year}-{month:0>2}"),
        [month, year] if year.len() == 4 => format!("{year}-{month:0>2}"),
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [digits] if digits.len() == 8 => {
            format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?)
        }
        _ => return None,
    };
    date(&written).map(|_| written)
}

/// The date that `part` is in any form, or the one nearest to it: the last day of its month, else
/// its year.
fn mended(part: &str) -> Option<String> {
    let part = part.trim().trim_end_matches(['*', '?', '-', '.']);
    if let Some(good) = good(part) {
        return Some(good);
    }
    if let Some(found) = Date::find_written(part) {
        return Some(found.to_string());
    }
    let month = part.get(..7).unwrap_or(part);
    (28..=31)
        .rev()
        .map(|day| format!("{month}-{day}"))
        .find(|it| part.len() > 7 && date(it).is_some())
        .or_else(|| date(part.get(..4)?).map(|year| year.to_string()))
}
