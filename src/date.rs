//! Dates with the precision that is known, and ranges of them.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::civil;
use jiff::{ToSpan, Unit};
use serde::{Deserialize, Serialize};

mod written;

/// A day, a month or a year: as much as is known.
///
/// ```
/// use polidex::Date;
///
/// let day: Date = "2024-08-01".parse().unwrap();
/// let month: Date = "2024-08".parse().unwrap();
/// assert_eq!(month.to_string(), "2024-08");
/// assert_eq!(month.first_day(), day.first_day());
/// assert!("2023-02-30".parse::<Date>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// The text given is not a date of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date; write 2025, 2025-10 or 2025-10-28")]
pub struct InvalidDate(pub String);

impl Date {
    /// A year, 1 to 9999; with a month, 1 to 12; with a day that this month has.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Date> {
        if !(1..=9999).contains(&year) || (day.is_some() && month.is_none()) {
            return None;
        }
        civil::Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Date { year, month, day })
    }

    /// The day that `days` after 1 January 1970 is; none beyond the years that a date can have.
    ///
    /// ```
    /// use polidex::Date;
    ///
    /// assert_eq!(Date::from_days(19_936), Date::new(2024, Some(8), Some(1)));
    /// assert_eq!(Date::from_days(i32::MAX), None);
    /// ```
    pub fn from_days(days: i32) -> Option<Date> {
        let span = jiff::Span::new().try_days(days).ok()?;
        let date = epoch().checked_add(span).ok()?;
        Date::new(date.year(), Some(date.month()), Some(date.day()))
    }

    /// Today, by the system's clock, in UTC.
    pub fn today() -> Date {
        let date = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        Date { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// Finds a date written out in `text` (`1 August 2024`, `le 1er août 2024`, `28. Oktober 2025`,
    /// ISO, with or without a time), in any of the corpus languages; the first one there is.
    pub fn find_written(text: &str) -> Option<Date> {
        written::find(text).map(|(date, _)| date)
    }

    /// The date that [`Date::find_written`] finds, and the bytes of `text` that it stands in.
    pub fn find_written_at(text: &str) -> Option<(Date, Range<usize>)> {
        written::find(text)
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, if it is known.
    pub fn month(&self) -> Option<i8> {
        self.month
    }

    /// The day of the month, if it is known.
    pub fn day(&self) -> Option<i8> {
        self.day
    }

    /// The first day that it may be, in days after 1 January 1970.
    pub fn first_day(&self) -> i32 {
        days(civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)))
    }

    /// The last day that it may be, in days after 1 January 1970.
    pub fn last_day(&self) -> i32 {
        let first = civil::date(self.year, self.month.unwrap_or(12), self.day.unwrap_or(1));
        days(if self.day.is_some() { first } else { first.last_of_month() })
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    /// Reads `2025`, `2025-10`, `2025-10-28`, and a date followed by a time (`2025-10-28T09:30Z`).
    fn from_str(text: &str) -> Result<Date, InvalidDate> {
        let invalid = || InvalidDate(text.to_owned());
        let date = match text.split_once(['T', ' ']) {
            Some((date, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => date,
            Some(_) => return Err(invalid()),
            None => text,
        };
        let mut parts = date.split('-');
        let mut number = |width: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse::<i16>().map(Some).map_err(|_| invalid())
            }
            Some(_) => Err(invalid()),
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(invalid());
        }
        let small = |n: Option<i16>| n.map(|n| n as i8);
        Date::new(year.unwrap_or(0), small(month), small(day)).ok_or_else(invalid)
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidDate;

    fn try_from(text: String) -> Result<Date, InvalidDate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// A range of days, as a query writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRange {
    /// Within a year, month or day: `date:2025-10`.
    In(Date),
    /// From the first day of one to the last day of the other: `date:2025-01..2025-06`.
    Between(Date, Date),
    /// From the first day on: `date:>=2024-08-01`.
    From(Date),
    /// Up to the last day: `date:<=2024`.
    Until(Date),
    /// After the last day: `date:>2024`.
    After(Date),
    /// Before the first day: `date:<2024`.
    Before(Date),
    /// From so long before today on: `since:6m`.
    Since(Age),
}

/// A length of time before today: `30d`, `2w`, `6m`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// How many, 1 to 9999.
    pub count: u16,
    /// Of what.
    pub unit: AgeUnit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeUnit {
    /// Days (`d`).
    Day,
    /// Weeks (`w`).
    Week,
    /// Months (`m`).
    Month,
    /// Years (`y`).
    Year,
}

impl AgeUnit {
    /// The letter that a query uses.
    pub fn letter(self) -> char {
        match self {
            AgeUnit::Day => 'd',
            AgeUnit::Week => 'w',
            AgeUnit::Month => 'm',
            AgeUnit::Year => 'y',
        }
    }
}

impl DateRange {
    /// The first and the last day of the range, in days after 1 January 1970, both included.
    pub fn days(&self, today: Date) -> (i32, i32) {
        match *self {
            DateRange::In(date) => (date.first_day(), date.last_day()),
            DateRange::Between(from, to) => (from.first_day(), to.last_day()),
            DateRange::From(date) => (date.first_day(), i32::MAX),
            DateRange::Until(date) => (i32::MIN, date.last_day()),
            DateRange::After(date) => (date.last_day() + 1, i32::MAX),
            DateRange::Before(date) => (i32::MIN, date.first_day() - 1),
            DateRange::Since(age) => {
                let count = i64::from(age.count);
                let span = match age.unit {
                    AgeUnit::Day => count.days(),
                    AgeUnit::Week => count.weeks(),
                    AgeUnit::Month => count.months(),
                    AgeUnit::Year => count.years(),
                };
                let today = epoch().saturating_add(i64::from(today.first_day()).days());
                (days(today.saturating_sub(span)), i32::MAX)
            }
        }
    }
}

impl fmt::Display for DateRange {
    /// As a query writes it: `date:2025`, `since:6m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateRange::In(date) => write!(f, "date:{date}"),
            DateRange::Between(from, to) => write!(f, "date:{from}..{to}"),
            DateRange::From(date) => write!(f, "date:>={date}"),
            DateRange::Until(date) => write!(f, "date:<={date}"),
            DateRange::After(date) => write!(f, "date:>{date}"),
            DateRange::Before(date) => write!(f, "date:<{date}"),
            DateRange::Since(age) => write!(f, "since:{}{}", age.count, age.unit.letter()),
        }
    }
}

fn epoch() -> civil::Date {
    civil::date(1970, 1, 1)
}

fn days(date: civil::Date) -> i32 {
    date.since((Unit::Day, epoch())).map_or(0, |span| span.get_days())
}
