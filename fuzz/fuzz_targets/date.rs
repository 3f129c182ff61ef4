//! Any text, read as a date and searched for one: no panic, and a date is one of the calendar.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polidex::Date;

fuzz_target!(|text: &str| {
    for date in text.parse().ok().into_iter().chain(Date::find_written(text)) {
        let date: Date = date;
        assert!(date.first_day() <= date.last_day());
        assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
        assert_eq!(date.to_string().parse(), Ok(date));
    }
});
