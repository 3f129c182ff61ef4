//! Dates as people write them in running text.

use super::Date;

/// Month names as they stand in dates, in lower case, by the number of the month: English, French,
/// German, Spanish, Italian, Dutch, Portuguese, Polish (in the genitive and alone) and Catalan.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "janvier", "januar", "jänner", "enero", "gennaio", "januari", "janeiro",
        "stycznia", "styczeń", "gener",
    ],
    &[
        "february",
        "février",
        "fevrier",
        "februar",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "lutego",
        "luty",
        "febrer",
    ],
    &[
        "march", "mars", "märz", "maerz", "marzo", "maart", "março", "marco", "marca", "marzec",
        "març",
    ],
    &["april", "avril", "abril", "aprile", "kwietnia", "kwiecień"],
    &["may", "mai", "mayo", "maggio", "mei", "maio", "maja", "maj", "maig"],
    &["june", "juin", "juni", "junio", "giugno", "junho", "czerwca", "czerwiec", "juny"],
    &["july", "juillet", "juli", "julio", "luglio", "julho", "lipca", "lipiec", "juliol"],
    &["august", "août", "aout", "agosto", "augustus", "sierpnia", "sierpień", "agost"],
    &[
        "september",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "września",
        "wrzesień",
        "setembre",
    ],
    &[
        "october",
        "octobre",
        "oktober",
        "octubre",
        "ottobre",
        "outubro",
        "października",
        "październik",
    ],
    &["november", "novembre", "noviembre", "novembro", "listopada", "listopad"],
    &[
        "december",
        "décembre",
        "decembre",
        "dezember",
        "diciembre",
        "dicembre",
        "dezembro",
        "grudnia",
        "grudzień",
        "desembre",
    ],
];

/// Short month names, which count only beside a day: `years ago 2023` is no August.
const SHORT_MONTHS: [&[&str]; 12] = [
    &["jan", "janv", "jän", "ene", "gen"],
    &["feb", "févr", "fév", "fev", "febr"],
    &["mar", "mär", "mrz", "mrt"],
    &["apr", "avr", "abr"],
    &["mag"],
    &["jun", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "ago"],
    &["sep", "sept"],
    &["oct", "okt", "ott"],
    &["nov"],
    &["dec", "déc", "dez", "dic"],
];

/// The longest month name in bytes.
const MAX_NAME: usize = 16;

/// The first date written in `text`.
pub(super) fn find(text: &str) -> Option<Date> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(char::is_alphanumeric)) {
        let start = at + found;
        let rest = text.get(start..)?;
        let before = text.get(..start)?;
        match read(before, rest) {
            Read::Date(date) => return Some(date),
            Read::NotOne(length) => at = start + length,
        }
    }
    None
}

/// What the start of a text is.
enum Read {
    Date(Date),
    /// No date; the next may start after so many bytes.
    NotOne(usize),
}

/// Reads a date at the start of `rest`, which is the start of a word.
fn read(before: &str, rest: &str) -> Read {
    let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let found = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        numeric(before, rest).or_else(|| day_first(rest))
    } else {
        month_first(rest)
    };
    match found {
        Some((Some(date), _)) => Read::Date(date),
        // Written like a date of the calendar, but there is no such day.
        Some((None, length)) => Read::NotOne(length.max(word)),
        None => Read::NotOne(word),
    }
}

/// What was read, None if the calendar has no such day, and its length in bytes.
type Found = (Option<Date>, usize);

/// A place in the text that moves on over what it reads.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Digits, so many at least and at most, with no further digit behind.
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(least..=most).contains(&length) {
            return None;
        }
        self.at += length;
        rest.get(..length)?.parse().ok()
    }

    fn skip(&mut self, what: &str) -> bool {
        let found = self.rest().get(..what.len()).is_some_and(|r| r.eq_ignore_ascii_case(what));
        if found {
            self.at += what.len();
        }
        found
    }

    /// White space, one line end at most.
    fn spaces(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        self.at += length;
        length > 0 && rest.get(..length).is_some_and(|s| s.matches('\n').count() < 2)
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// `of`, `de`, `del`: words between the parts of a date.
    fn particle(&mut self) {
        for particle in ["of ", "de ", "del ", "d'", "d’", "do "] {
            if self.skip(particle) {
                return;
            }
        }
    }

    /// A year of four digits that is not the start of a longer number.
    fn year(&mut self) -> Option<i16> {
        let year = self.number(4, 4)?;
        let mut next = self.rest().chars();
        let goes_on = match next.next() {
            Some('.' | '/' | '-' | ',') => next.next().is_some_and(|c| c.is_ascii_digit()),
            // `2024年` was read before; `2024er` and `2024a` are no years.
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        ((1500..2200).contains(&year) && !goes_on).then_some(year)
    }
}

fn date(year: i16, month: i16, day: Option<i16>) -> Option<Date> {
    let small = |n: i16| i8::try_from(n).ok();
    match day {
        Some(day) => Date::new(year, small(month), Some(small(day)?)),
        None => Date::new(year, Some(small(month)?), None),
    }
}

/// `2024-08-01`, `2024/08/01`, `01.08.2024`, `1. 8. 2024`, `01/08/2024`, `2024年8月1日`.
fn numeric(before: &str, rest: &str) -> Option<Found> {
    // Inside a longer number, such as a version.
    let mut last = before.chars().rev();
    if last.next().is_some_and(|c| matches!(c, '.' | '/' | '-' | ','))
        && last.next().is_some_and(|c| c.is_alphanumeric())
    {
        return None;
    }
    let mut at = Cursor::new(rest);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4 {
        let year = at.number(4, 4)?;
        if at.skip("年") {
            let month = at.number(1, 2)?;
            at.skip("月").then_some(())?;
            let day = at.number(1, 2).filter(|_| at.rest().starts_with('日'));
            return Some((date(year, month, day), at.at));
        }
        let mark = separator(&mut at)?;
        let month = at.number(1, 2)?;
        (separator(&mut at)? == mark).then_some(())?;
        let day = at.number(1, 2)?;
        return ends(&at).then(|| (date(year, month, Some(day)), at.at));
    }
    let first = at.number(1, 2)?;
    let mark = separator(&mut at)?;
    let spaced = mark == '.' && at.spaces();
    let second = at.number(1, 2)?;
    (separator(&mut at)? == mark).then_some(())?;
    if spaced {
        at.spaces();
    }
    let year = at.year()?;
    let found = match date(year, second, Some(first)) {
        // Where the month cannot stand second, the writer put it first.
        None if mark == '/' => date(year, first, Some(second)),
        found => found,
    };
    Some((found, at.at))
}

fn separator(at: &mut Cursor<'_>) -> Option<char> {
    let mark = at.rest().chars().next().filter(|c| matches!(c, '.' | '/' | '-'))?;
    at.at += 1;
    Some(mark)
}

/// Whether a date of numbers ends here: a time may follow, a further number may not.
fn ends(at: &Cursor<'_>) -> bool {
    let mut next = at.rest().chars();
    match next.next() {
        Some('.' | '/' | '-') => !next.next().is_some_and(char::is_alphanumeric),
        Some('T') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
        None => true,
    }
}

/// `1 August 2024`, `1er août 2024`, `28. Oktober 2025`, `28 de octubre de 2025`.
fn day_first(rest: &str) -> Option<Found> {
    let mut at = Cursor::new(rest);
    let day = at.number(1, 2)?;
    ordinal(&mut at);
    at.skip(".");
    let apart = at.spaces() || at.skip("-");
    apart.then_some(())?;
    at.particle();
    let (month, _) = month(&mut at)?;
    between(&mut at).then_some(())?;
    let year = at.year()?;
    Some((date(year, month, Some(day)), at.at))
}

/// `August 1, 2024`, `Aug. 1st 2024`, `October 2025`, `octubre de 2025`.
fn month_first(rest: &str) -> Option<Found> {
    let mut at = Cursor::new(rest);
    let (month, full) = month(&mut at)?;
    between(&mut at).then_some(())?;
    let here = at.at;
    if full && let Some(year) = at.year() {
        return Some((date(year, month, None), at.at));
    }
    at.at = here;
    let day = at.number(1, 2)?;
    ordinal(&mut at);
    between(&mut at).then_some(())?;
    let year = at.year()?;
    Some((date(year, month, Some(day)), at.at))
}

fn ordinal(at: &mut Cursor<'_>) {
    for ending in ["st", "nd", "rd", "th", "er", "º", "ª", "°", "ème", "e"] {
        let here = at.at;
        if at.skip(ending) {
            if at.rest().starts_with(char::is_alphanumeric) {
                at.at = here;
            }
            return;
        }
    }
}

/// What may stand between month and year, or day and year: a mark, spaces, `de`.
fn between(at: &mut Cursor<'_>) -> bool {
    let mark = at.skip(",") || at.skip("-");
    let spaces = at.spaces();
    if spaces {
        at.particle();
    }
    mark || spaces
}

/// A month's number, and whether its name is written in full; with the full stop of a short one.
fn month(at: &mut Cursor<'_>) -> Option<(i16, bool)> {
    let name = at.word();
    if name.len() > MAX_NAME || name.len() < 3 {
        return None;
    }
    let name = name.to_lowercase();
    let position = |months: &[&[&str]; 12]| months.iter().position(|names| names.contains(&&*name));
    if let Some(month) = position(&MONTHS) {
        return Some((month as i16 + 1, true));
    }
    let month = position(&SHORT_MONTHS)?;
    at.skip(".");
    Some((month as i16 + 1, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        find(text).map(|date| date.to_string())
    }

    #[test]
    fn dates_are_found_in_every_language() {
        for text in [
            "1 August 2024",
            "It entered into force on 1 August 2024.",
            "August 1st, 2024",
            "Aug. 1, 2024",
            "on August 1 2024",
            "the 1st of August 2024",
            "01 Aug 2024",
            "1-Aug-2024",
            "le 1er août 2024",
            "1. August 2024",
            "1.\u{A0}August 2024",
            "vom 1. 8. 2024",
            "1 de agosto de 2024",
            "1º de agosto de 2024",
            "1 de agosto del 2024",
            "1º agosto 2024",
            "1 augustus 2024",
            "1 sierpnia 2024 r.",
            "1 d'agost de 2024",
            "2024-08-01",
            "2024-08-01T09:30:00Z",
            "2024/08/01",
            "(2024-08-01)",
            "01.08.2024",
            "01/08/2024",
            "am 01.08.2024.",
            "2024年8月1日",
            "Thu, 01 Aug 2024 10:00:00 +0200",
            "version 1.2, of 1 August 2024",
            "Brussels, 1 August\n2024",
            "30-1 August 2024",
        ] {
            assert_eq!(written(text).as_deref(), Some("2024-08-01"), "{text}");
        }
    }

    #[test]
    fn month_and_day_are_told_apart() {
        assert_eq!(written("03/04/2024").as_deref(), Some("2024-04-03"));
        assert_eq!(written("03/14/2024").as_deref(), Some("2024-03-14"));
        assert_eq!(written("14.03.2024").as_deref(), Some("2024-03-14"));
        assert_eq!(written("03.14.2024"), None);
    }

    #[test]
    fn month_and_year_have_the_precision_of_a_month() {
        for text in
            ["October 2025", "oktober 2025", "in Octobre 2025,", "octubre de 2025", "ottobre 2025"]
        {
            assert_eq!(written(text).as_deref(), Some("2025-10"), "{text}");
        }
    }

    #[test]
    fn near_misses_are_no_dates() {
        for text in [
            "",
            "2024",
            "in 2024 and 2025",
            "May 2 people go",
            "version 1.2.2024.5",
            "v1.2.2024",
            "Article 5 March",
            "31 February 2024",
            "30/02/2024",
            "February 31, 2024",
            "2023-02-29",
            "years ago 2023",
            "on 5 March",
            "May 1,200 people",
            "March 50000",
            "1.2.24",
            "2020-2021",
            "10-11-2024-3",
            "Maybe 2024",
            "12345678",
            "5 Mayors 2024",
            "12.12.20245",
            "192.168.1.2024",
            "1 August\n\n2024",
        ] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_date_counts_and_long_texts_are_no_harm() {
        assert_eq!(written("31 February 2024, then 1 March 2024").as_deref(), Some("2024-03-01"));
        assert_eq!(written("3 May 2023; 1 June 2024").as_deref(), Some("2023-05-03"));
        assert_eq!(written(&"1 ".repeat(500_000)), None);
        assert_eq!(written(&"é1.2.".repeat(200_000)), None);
        assert_eq!(
            written(&format!("1{}August 2024", " ".repeat(500_000))).as_deref(),
            Some("2024-08-01")
        );
    }
}
