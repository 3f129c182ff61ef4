//! Dates as people write them in running text.
//!
//! One pass over the words and numbers of the text: at each, the few forms that may start there are
//! tried with a bounded look ahead, so the time is linear in the text's length. The languages are
//! English, French, German, Spanish, Italian, Dutch, Portuguese, Polish and Catalan.

use std::ops::{Range, RangeInclusive};

use super::Date;

/// The years that a date of running text may have; other numbers of four digits after a month are
/// more often amounts (`in June 3000 people`).
const YEARS: RangeInclusive<u16> = 1700..=2199;

/// More characters of white space than this part what they stand between.
const MAX_GAP: usize = 8;

/// The most letters that a name of a month has: `pazdzierniku`.
const MAX_NAME: usize = 12;

/// What marks the number of a day as an ordinal.
const ORDINALS: &[&str] =
    &["st", "nd", "rd", "th", "er", "ᵉʳ", "ste", "de", "e", ".º", ".", "º", "ª", "°", "o"];

/// What stands between a day and its month, and between a month and its year.
const LINKS: &[&str] = &["de", "del", "of", "d'", "d’"];

/// What has the form of a date: the date, if the calendar has it, and the text after it.
type Form<'a> = (Option<Date>, &'a str);

/// The first date written in `text`, with a day or a month at least, and where it stands.
pub(super) fn find(text: &str) -> Option<(Date, Range<usize>)> {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let form = if c.is_ascii_digit() && !amid_number(&text[..text.len() - rest.len()]) {
            numeric(rest).or_else(|| day_first(rest))
        } else if c.is_alphabetic() {
            month_first(rest)
        } else {
            None
        };
        rest = match form {
            Some((Some(date), after)) => {
                return Some((date, text.len() - rest.len()..text.len() - after.len()));
            }
            // No second try within it: `31 February 2024` does not mean February 2024.
            Some((None, after)) => after,
            None if c.is_alphanumeric() => rest.trim_start_matches(char::is_alphanumeric),
            None => &rest[c.len_utf8()..],
        };
    }
    None
}

/// Whether a number after `before` goes on with one there, as in `1.2.2024`.
fn amid_number(before: &str) -> bool {
    let mut back = before.chars().rev();
    matches!(back.next(), Some('.' | ',' | ':' | '/' | '-'))
        && back.next().is_some_and(|c| c.is_ascii_digit())
}

/// `2024-08-01` with or without a time, `2024/08/01`; `01.08.2024`, `01/08/2024`, `01-08-2024`.
fn numeric(text: &str) -> Option<Form<'_>> {
    let (first, first_width, rest) = number(text)?;
    let (mark, rest) = mark(rest)?;
    let (second, second_width, rest) = number(rest)?;
    let (_, rest) = self::mark(rest).filter(|(again, _)| *again == mark)?;
    let (third, third_width, rest) = number(rest)?;

    let mut after = rest.chars();
    let (next, digit_after) = (after.next(), after.next().is_some_and(|c| c.is_ascii_digit()));
    let version = digit_after && matches!(next, Some('.'));
    let number_goes_on = digit_after && matches!(next, Some('.' | '/' | '-'));
    let time = digit_after && matches!(next, Some('T' | 't'));
    let word_goes_on = next.is_some_and(char::is_alphanumeric);
    match (first_width, second_width, third_width) {
        (4, 1..=2, 1..=2) if mark != '.' && YEARS.contains(&first) => {
            // A number may follow a full date in an address: `2024/08/01/10-questions`.
            let ends = time || !(word_goes_on || version);
            ends.then(|| (date(first, second, Some(third)), rest))
        }
        (1..=2, 1..=2, 4) if YEARS.contains(&third) => {
            let (day, month) = if second > 12 { (second, first) } else { (first, second) };
            let ends = !(word_goes_on || number_goes_on);
            ends.then(|| (date(third, month, Some(day)), rest))
        }
        _ => None,
    }
}

/// `1 August 2024`, `28. Oktober 2025`, `1º de agosto de 2024`; of `1–3 August 2024` the first day.
fn day_first(text: &str) -> Option<Form<'_>> {
    let (day, rest) = day_or_days(text)?;
    let month = month(link(rest)?)?;
    let (_, rest) = month.dot();
    let (year, rest) = year(link(rest.strip_prefix(',').unwrap_or(rest))?)?;
    Some((date(year, month.number, Some(day)), rest))
}

/// `August 1st, 2024`, `Aug. 1, 2024`; without a day `October 2025`, `octubre de 2025`.
fn month_first(text: &str) -> Option<Form<'_>> {
    let month = month(text)?;
    let (dotted, rest) = month.dot();
    if month.name == Name::Word && !dotted {
        return None;
    }
    let rest = link(rest.strip_prefix(',').unwrap_or(rest))?;
    if let Some((year, rest)) = year(rest) {
        return Some((date(year, month.number, None), rest));
    }
    let (day, rest) = day_or_days(rest)?;
    let (year, rest) = year(gap(rest.strip_prefix(',').unwrap_or(rest))?)?;
    Some((date(year, month.number, Some(day)), rest))
}

/// The date, if the calendar has it.
fn date(year: u16, month: u16, day: Option<u16>) -> Option<Date> {
    let month = i8::try_from(month).ok()?;
    let day = day.map(i8::try_from).transpose().ok()?;
    Date::new(i16::try_from(year).ok()?, Some(month), day)
}

/// A number of one to four digits that no digit follows, its width, and the text after it.
fn number(text: &str) -> Option<(u16, usize, &str)> {
    let width = text.bytes().take(5).take_while(u8::is_ascii_digit).count();
    let value = text[..width].parse().ok().filter(|_| width <= 4)?;
    Some((value, width, &text[width..]))
}

/// A mark between the numbers of a date, and the text after it.
fn mark(text: &str) -> Option<(char, &str)> {
    let c = text.chars().next()?;
    let rest = &text[c.len_utf8()..];
    match c {
        // German and Polish may write `1. 8. 2024`.
        '.' => Some(('.', rest.strip_prefix([' ', '\u{a0}', '\u{202f}']).unwrap_or(rest))),
        '/' => Some(('/', rest)),
        '-' | '\u{2010}' | '\u{2011}' => Some(('-', rest)),
        _ => None,
    }
}

/// A day of the month, or the first of a range of them (`1–3`), and the text after it.
fn day_or_days(text: &str) -> Option<(u16, &str)> {
    let (first, rest) = day(text)?;
    let last = gap(rest).and_then(|rest| rest.strip_prefix(['-', '–', '—'])).and_then(gap);
    Some((first, last.and_then(day).map_or(rest, |(_, rest)| rest)))
}

/// A number of one or two digits, perhaps an ordinal, and the text after it.
fn day(text: &str) -> Option<(u16, &str)> {
    let (value, width, rest) = number(text)?;
    let whole = |rest: &&str| !rest.starts_with(char::is_alphanumeric);
    let ordinal = ORDINALS.iter().find_map(|mark| {
        strip_word(rest, mark).filter(|rest| whole(rest) || *mark == "." || *mark == "º")
    });
    let rest = ordinal.or(Some(rest).filter(whole))?;
    (width <= 2).then_some((value, rest))
}

/// A year that no letter or digit follows, and the text after it.
fn year(text: &str) -> Option<(u16, &str)> {
    let (year, width, rest) = number(text)?;
    let is_year = width == 4 && YEARS.contains(&year) && !rest.starts_with(char::is_alphanumeric);
    is_year.then_some((year, rest))
}

/// The text after the white space that it starts with; none where that ends a paragraph.
fn gap(text: &str) -> Option<&str> {
    let (mut lines, mut length) = (0, 0);
    for (at, c) in text.char_indices() {
        if !c.is_whitespace() {
            return Some(&text[at..]);
        }
        lines += usize::from(c == '\n');
        length += 1;
        if lines > 1 || length > MAX_GAP {
            return None;
        }
    }
    Some("")
}

/// The text after what may join two parts of a date: white space, `-` or `/`, and a word of
/// [`LINKS`].
fn link(text: &str) -> Option<&str> {
    let rest = gap(text.strip_prefix(['-', '/']).unwrap_or(text))?;
    let linked = LINKS.iter().find_map(|word| {
        let after = strip_word(rest, word)?;
        let ends = word.ends_with(['\'', '’']) || after.starts_with(char::is_whitespace);
        gap(after).filter(|_| ends)
    });
    Some(linked.unwrap_or(rest))
}

/// The text after `word`, in whatever case it starts `text`.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, after) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(after)
}

/// A month as it is named, and the text after the name.
#[derive(Clone, Copy)]
struct Month<'a> {
    number: u16,
    name: Name,
    rest: &'a str,
}

/// How much a name tells of being a month's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    /// The whole name: a full stop after it ends a sentence.
    Full,
    /// An abbreviation, with or without its full stop.
    Short,
    /// An abbreviation that is a common word of another language (`out`, `ago`, `sie`): a month
    /// only after a day or before a full stop.
    Word,
}

impl<'a> Month<'a> {
    /// Whether a full stop of an abbreviation follows, and the text after it.
    fn dot(&self) -> (bool, &'a str) {
        let after = self.rest.strip_prefix('.').filter(|_| self.name != Name::Full);
        (after.is_some(), after.unwrap_or(self.rest))
    }
}

/// The month that `text` starts with the name of.
fn month(text: &str) -> Option<Month<'_>> {
    let mut folded = String::with_capacity(MAX_NAME);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_alphanumeric() {
            folded.push(fold(c).filter(|_| folded.len() < MAX_NAME)?);
        } else if !is_accent(c) {
            break;
        }
        rest = &rest[c.len_utf8()..];
    }
    let (number, name) = named(&folded)?;
    Some(Month { number, name, rest })
}

/// Whether `c` is an accent of the letter before it.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The small letter without accent that stands for `c`, if names of months have it.
fn fold(c: char) -> Option<char> {
    match c.to_lowercase().next()? {
        c @ 'a'..='z' => Some(c),
        'ä' => Some('a'),
        'ç' => Some('c'),
        'é' | 'è' | 'ê' => Some('e'),
        'ń' => Some('n'),
        'ś' => Some('s'),
        'û' | 'ú' => Some('u'),
        'ź' => Some('z'),
        _ => None,
    }
}

/// The month, 1 to 12, that a name without capitals and accents is of; Polish names in the three
/// cases that dates have (`sierpień 2024`, `1 sierpnia 2024`, `w sierpniu 2024`).
fn named(folded: &str) -> Option<(u16, Name)> {
    use Name::{Full, Short, Word};
    Some(match folded {
        "january" | "janvier" | "januar" | "janner" | "enero" | "gennaio" | "januari"
        | "janeiro" | "styczen" | "stycznia" | "styczniu" | "gener" => (1, Full),
        "jan" | "janv" | "ene" | "genn" | "sty" => (1, Short),
        "gen" => (1, Word),
        "february" | "fevrier" | "februar" | "febrero" | "febbraio" | "februari" | "fevereiro"
        | "luty" | "lutego" | "lutym" | "febrer" => (2, Full),
        "feb" | "febr" | "fev" | "fevr" | "febb" => (2, Short),
        "lut" => (2, Word),
        "march" | "mars" | "marz" | "maerz" | "marzo" | "maart" | "marco" | "marzec" | "marca"
        | "marcu" | "marc" => (3, Full),
        "mar" | "mrz" | "mrt" => (3, Short),
        "april" | "avril" | "abril" | "aprile" | "kwiecien" | "kwietnia" | "kwietniu" => (4, Full),
        "apr" | "avr" | "abr" | "kwi" => (4, Short),
        "may" | "mai" | "mayo" | "maggio" | "mei" | "maio" | "maj" | "maja" | "maju" | "maig" => {
            (5, Full)
        }
        "magg" => (5, Short),
        "mag" => (5, Word),
        "june" | "juin" | "juni" | "junio" | "giugno" | "junho" | "czerwiec" | "czerwca"
        | "czerwcu" | "juny" => (6, Full),
        "jun" | "giu" | "cze" => (6, Short),
        "july" | "juillet" | "juli" | "julio" | "luglio" | "julho" | "lipiec" | "lipca"
        | "lipcu" | "juliol" => (7, Full),
        "jul" | "juil" | "lug" => (7, Short),
        "lip" => (7, Word),
        "august" | "aout" | "agosto" | "augustus" | "sierpien" | "sierpnia" | "sierpniu"
        | "agost" => (8, Full),
        "aug" | "ag" => (8, Short),
        "ago" | "sie" => (8, Word),
        "september" | "septembre" | "septiembre" | "setiembre" | "settembre" | "setembro"
        | "wrzesien" | "wrzesnia" | "wrzesniu" | "setembre" => (9, Full),
        "sep" | "sept" | "sett" | "wrz" => (9, Short),
        "set" => (9, Word),
        "october" | "octobre" | "oktober" | "octubre" | "ottobre" | "outubro" | "pazdziernik"
        | "pazdziernika" | "pazdzierniku" => (10, Full),
        "oct" | "okt" | "ott" | "paz" => (10, Short),
        "out" => (10, Word),
        "november" | "novembre" | "noviembre" | "novembro" | "listopad" | "listopada"
        | "listopadzie" => (11, Full),
        "nov" => (11, Short),
        "lis" => (11, Word),
        "december" | "decembre" | "dezember" | "diciembre" | "dicembre" | "dezembro"
        | "grudzien" | "grudnia" | "grudniu" | "desembre" => (12, Full),
        "dec" | "dez" | "dic" => (12, Short),
        "gru" => (12, Word),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    fn found(text: &str) -> String {
        find(text).map_or_else(|| "none".to_owned(), |(date, _)| date.to_string())
    }

    #[test]
    fn finds_the_day_in_each_language_and_order() {
        for (text, expected) in [
            ("It entered into force on 1 August 2024.", "2024-08-01"),
            ("August 1st, 2024", "2024-08-01"),
            ("Published Aug. 1, 2024 at noon", "2024-08-01"),
            ("the 22nd of May, 2019", "2019-05-22"),
            ("Thu, 01 Aug 2024 10:00:00 +0000", "2024-08-01"),
            ("Paris, le 1er août 2024", "2024-08-01"),
            ("LE 1ER AOÛT 2024", "2024-08-01"),
            ("le 1er aou\u{302}t\u{a0}2024", "2024-08-01"),
            ("Donnerstag, den 28. Oktober 2025", "2025-10-28"),
            ("vom 3.März 2023", "2023-03-03"),
            ("a 28 de octubre de 2025", "2025-10-28"),
            ("1º de agosto de 2024", "2024-08-01"),
            ("em 1.º de agosto de 2024", "2024-08-01"),
            ("5 out. 2024", "2024-10-05"),
            ("Roma, 28 ottobre 2025", "2025-10-28"),
            ("dell'11 agosto 2024", "2024-08-11"),
            ("Brussel, 13 maart 2024", "2024-03-13"),
            ("z dnia 1 września 2024 r.", "2024-09-01"),
            ("30 października 2023", "2023-10-30"),
            ("l'1 d'agost de 2024", "2024-08-01"),
            ("1–3 August 2024", "2024-08-01"),
            ("October 28–30, 2025", "2025-10-28"),
            ("28 October\n2025", "2025-10-28"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn finds_the_day_in_numbers() {
        for (text, expected) in [
            ("updated 2024-08-01, again 2025-01-01", "2024-08-01"),
            ("2024-08-01T09:30:00Z", "2024-08-01"),
            ("2024-08-01 09:30", "2024-08-01"),
            ("https://example.org/2024/08/01/10-questions", "2024-08-01"),
            ("OJ L, 2024/1689, 12.7.2024, p. 1", "2024-07-12"),
            ("01.08.2024", "2024-08-01"),
            ("01/08/2024", "2024-08-01"),
            ("08/31/2024", "2024-08-31"),
            ("am 1. 8. 2024.", "2024-08-01"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn finds_a_month_where_no_day_is_told() {
        for (text, expected) in [
            ("October 2025", "2025-10"),
            ("mid-October, 2025", "2025-10"),
            ("Sept. 2021 report", "2021-09"),
            ("en octubre de 2025", "2025-10"),
            ("w sierpniu 2024 roku", "2024-08"),
            ("Mai/Juni 2024", "2024-06"),
            ("set. 2024", "2024-09"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn near_misses_are_no_dates() {
        for text in [
            "",
            "2024",
            "in 2024 and 2025",
            "May 2 people",
            "Article 5 March",
            "31 February 2024",
            "February 30, 2024",
            "31.02.2024",
            "2024-13-01",
            "version 1.2.2024.5",
            "v1.2.2024",
            "release 2024.1.2",
            "2024-08-01.5",
            "Regulation (EU) 2024/1689",
            "Directive 95/46/EC of 24 October",
            "academic year 2024-25",
            "the roll out 2024 plans",
            "two years ago 2024 seemed far",
            "dass sie 2024 in Kraft tritt",
            "It began in May. 2024 was worse.",
            "in August\n\n2024 was hot",
            "in June 3000 people",
            "May 2000s",
            "Marchand 2024",
            "August2024",
            "+32 2 299 11 11",
            "10.0.0.1",
        ] {
            assert_eq!(found(text), "none", "{text}");
        }
    }

    #[test]
    fn a_date_after_a_near_miss_is_found() {
        assert_eq!(found("not 31 February 2024 but 1 March 2024"), "2024-03-01");
        assert_eq!(found("version 1.2.2024.5 of 1 March 2024"), "2024-03-01");
    }
}
