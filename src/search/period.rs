//! Periods: days, ISO weeks, months, quarters and years, numbered so that the next has the next number.

use crate::Date;

/// A length of time that articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Period {
    /// Days.
    Day,
    /// Weeks from Monday to Sunday, numbered as in ISO 8601.
    Week,
    /// Months.
    #[default]
    Month,
    /// Quarters of years.
    Quarter,
    /// Years.
    Year,
}

/// 1 January 1970 was a Thursday; its week began three days before.
const TO_MONDAY: i32 = 3;

impl Period {
    /// Every period, with the name that a user gives it.
    pub const ALL: [(Period, &str); 5] = [
        (Period::Day, "day"),
        (Period::Week, "week"),
        (Period::Month, "month"),
        (Period::Quarter, "quarter"),
        (Period::Year, "year"),
    ];

    /// The name that a user gives it.
    pub fn name(self) -> &'static str {
        Period::ALL.iter().find(|(period, _)| *period == self).map_or("", |(_, name)| name)
    }

    /// The number of the period that a day (after 1 January 1970) lies in.
    pub(super) fn number(self, day: i32) -> Option<i32> {
        if self == Period::Day {
            return Some(day);
        }
        if self == Period::Week {
            return Some(day.checked_add(TO_MONDAY)?.div_euclid(7));
        }
        let date = Date::from_days(day)?;
        let (year, month) = (i32::from(date.year()), i32::from(date.month()?) - 1);
        Some(match self {
            Period::Month => year * 12 + month,
            Period::Quarter => year * 4 + month / 3,
            _ => year,
        })
    }

    /// The number of the period that both days lie in, if it is one.
    pub(super) fn holding(self, (first, last): (i32, i32)) -> Option<i32> {
        let number = self.number(first)?;
        (first == last || self.number(last) == Some(number)).then_some(number)
    }

    /// The first day of a period.
    pub(super) fn start(self, number: i32) -> Option<Date> {
        let month = |months: i32| {
            let year = i16::try_from(months.div_euclid(12)).ok()?;
            Date::new(year, Some(months.rem_euclid(12) as i8 + 1), Some(1))
        };
        match self {
            Period::Day => Date::from_days(number),
            Period::Week => Date::from_days(number.checked_mul(7)?.checked_sub(TO_MONDAY)?),
            Period::Month => month(number),
            Period::Quarter => month(number.checked_mul(3)?),
            Period::Year => Date::new(i16::try_from(number).ok()?, Some(1), Some(1)),
        }
    }

    /// What a period is called: `2024-08-01`, `2024-W31`, `2024-08`, `2024-Q3`, `2024`.
    pub(super) fn label(self, number: i32) -> Option<String> {
        let start = self.start(number)?;
        let (year, month) = (start.year(), start.month()?);
        Some(match self {
            Period::Day => start.to_string(),
            Period::Week => {
                // The year that most days of a week lie in is that of its Thursday.
                let thursday = start.first_day() + TO_MONDAY;
                let year = Date::from_days(thursday)?.year();
                let first = Date::new(year, Some(1), Some(1))?.first_day();
                format!("{year:04}-W{:02}", (thursday - first) / 7 + 1)
            }
            Period::Month => format!("{year:04}-{month:02}"),
            Period::Quarter => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
            Period::Year => format!("{year:04}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_lie_in_the_weeks_months_and_quarters_of_the_calendar() {
        // Weeks at the turn of years by ISO 8601: the examples of the standard's own tables.
        for (day, labels) in [
            ("2005-01-01", ["2004-W53", "2005-01", "2005-Q1"]),
            ("2007-12-31", ["2008-W01", "2007-12", "2007-Q4"]),
            ("2008-12-28", ["2008-W52", "2008-12", "2008-Q4"]),
            ("2010-01-03", ["2009-W53", "2010-01", "2010-Q1"]),
            ("1969-12-29", ["1970-W01", "1969-12", "1969-Q4"]),
            ("2024-02-29", ["2024-W09", "2024-02", "2024-Q1"]),
        ] {
            let date: Date = day.parse().unwrap();
            let found = [Period::Week, Period::Month, Period::Quarter]
                .map(|by| by.label(by.number(date.first_day()).unwrap()).unwrap());
            assert_eq!(found, labels, "{day}");
        }
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        let day = |text: &str| text.parse::<Date>().unwrap().first_day();
        for (period, _) in Period::ALL {
            let mut last = period.number(day("1968-12-30")).unwrap();
            for day in day("1968-12-31")..day("1972-03-02") {
                let number = period.number(day).unwrap();
                assert!(number == last || number == last + 1, "{period:?} {day}");
                let start = period.start(number).unwrap().first_day();
                assert!(start <= day && period.number(start) == Some(number), "{period:?} {day}");
                assert_eq!(number == last, start < day, "{period:?} {day}");
                last = number;
            }
        }
    }

    #[test]
    fn a_date_is_held_by_a_period_that_holds_all_days_that_it_may_be() {
        let days = |text: &str| {
            let date: Date = text.parse().unwrap();
            (date.first_day(), date.last_day())
        };
        let holds = |by: Period, text: &str| by.holding(days(text)).is_some();
        assert!(holds(Period::Year, "2024") && !holds(Period::Quarter, "2024"));
        assert!(holds(Period::Quarter, "2024-08") && holds(Period::Month, "2024-08"));
        assert!(!holds(Period::Week, "2024-08") && !holds(Period::Day, "2024-08"));
        assert!(holds(Period::Day, "2024-08-01"));
    }
}
