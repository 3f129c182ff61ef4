//! Bylines: the lines about a text that say when it was published.
//!
//! A line counts if a word for publishing stands before its date, or if there is little in it but
//! the date, as in `Brussels, 12 July 2024` or `by Jane Doe on 3 May 2024`. What is said of other
//! days (events, deadlines, changes, copyright) does not.

use crate::Date;

/// What a line says of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// That the text was published then.
    Published(Date),
    /// The date, and little else.
    Bare(Date),
    /// That the text was changed then.
    Changed(Date),
}

/// Letters that such a line has at most.
const LONGEST: usize = 160;

/// Words that the date is of something else.
const OTHER: &[&str] = &[
    "©",
    "®",
    "copyright",
    "all rights",
    "alle rechte",
    "tous droits",
    "retrieved",
    "accessed",
    "abgerufen",
    "consulté",
    "deadline",
    "frist",
    "until",
    "bis zum",
    "bis ",
    "jusqu",
    "hasta",
    "fino al",
    "born",
    "geboren",
    "photo",
    "foto",
    "file image",
    "entry into force",
    "enters into force",
    "in kraft",
    "en vigueur",
    "cookie",
    "comment",
    "kommentar",
    "event",
    "veranstaltung",
    "conference",
    "konferenz",
    "webinar",
    "register",
    "anmeld",
];

const PUBLISHED: &[&str] = &[
    "published",
    "publication date",
    "date of publication",
    "date published",
    "posted",
    "released",
    "release date",
    "press release",
    "issued",
    "veröffentlicht",
    "veröffentlichung",
    "publiziert",
    "erschienen",
    "erstellt",
    "online seit",
    "pressemitteilung vom",
    "meldung vom",
    "publié",
    "publiée",
    "paru le",
    "mis en ligne",
    "mise en ligne",
    "communiqué du",
    "date de publication",
    "publicado",
    "publicada",
    "fecha de publicación",
    "pubblicato",
    "pubblicata",
    "data di pubblicazione",
    "gepubliceerd",
    "geplaatst",
    "publicatiedatum",
    "data de publicação",
    "opublikowano",
    "data publikacji",
    "dodano",
    "publicat",
    "기사입력",
];

const CHANGED: &[&str] = &[
    "updated",
    "last updated",
    "modified",
    "last modified",
    "last edited",
    "last reviewed",
    "revised",
    "geändert",
    "aktualisiert",
    "bearbeitet",
    "stand",
    "mis à jour",
    "mise à jour",
    "modifié",
    "actualizado",
    "actualizada",
    "modificado",
    "aggiornato",
    "ultimo aggiornamento",
    "bijgewerkt",
    "gewijzigd",
    "atualizado",
    "zaktualizowano",
    "aktualizacja",
];

/// What a line says of the first date in it; nothing where it is none of a text's own.
pub(super) fn said(line: &str) -> Option<Said> {
    let letters = || line.chars().filter(|c| c.is_alphanumeric()).count();
    if line.len() > 4 * LONGEST || letters() > LONGEST {
        return None;
    }
    let (date, place) = Date::find_written_at(line).or_else(|| two_digit_year(line))?;
    date.month()?;
    let before = line.get(..place.start)?.to_lowercase();
    let after = line.get(place.end..).unwrap_or_default().to_lowercase();
    // What is nearest before the date is said of it.
    let near = tail(&before, 48);
    let last = |words: &[&str]| words.iter().filter_map(|word| last_word(near, word)).max();
    let words =
        |text: &str| text.split_whitespace().filter(|w| w.contains(char::is_alphabetic)).count();
    // A sentence about something else that was published starts with that.
    let label = !near.contains(". ") && (words(&before) <= 1 || words(&after) <= 6);
    match (last(PUBLISHED), last(CHANGED)) {
        (published, Some(changed)) if published.is_none_or(|at| at < changed) => {
            return Some(Said::Changed(date));
        }
        (Some(at), _) if label && words(near.get(at..).unwrap_or_default()) <= 5 => {
            return Some(Said::Published(date));
        }
        _ => {}
    }
    let other = OTHER.iter().any(|word| starts_word(&before, word) || starts_word(&after, word));
    // A range of days is an event.
    let range = after.trim_start().starts_with(['–', '—', '-'])
        && Date::find_written(&after).is_some_and(|other| other != date);
    let little = words(&before) + words(&after) <= 12 && date.day().is_some();
    let stopped = after.trim_end();
    let stopped = stopped.ends_with('.') && !stopped.ends_with(".m.");
    let sentence =
        words(&before) > 8 || words(&after) > 5 || (stopped && words(&before) + words(&after) > 4);
    (little && !other && !range && !sentence).then_some(Said::Bare(date))
}

/// `17.7.11`, `09.08.13, 06:00`: a day with a year of two digits, where the line starts with it or
/// it stands after a mark.
fn two_digit_year(line: &str) -> Option<(Date, std::ops::Range<usize>)> {
    let mut from = 0;
    for part in line.split_inclusive(|c: char| c.is_whitespace() || c == '|') {
        let start = from;
        from += part.len();
        let before = line.get(..start).unwrap_or_default().trim_end();
        let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let announced = ["am", "vom", "den", "on", "le"].contains(&last);
        if before.ends_with(char::is_alphanumeric) && !announced {
            continue;
        }
        let written = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let numbers: Vec<&str> = written.split('.').collect();
        let [day, month, year] = numbers[..] else { continue };
        let short = |n: &str| (1..=2).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 2 || ![day, month, year].into_iter().all(short) {
            continue;
        }
        let year = 2000 + year.parse::<i16>().ok()?;
        let date = Date::new(year, month.parse().ok(), day.parse().ok());
        if let Some(date) = date.filter(|date| *date <= Date::today()) {
            return Some((date, start..start + written.len()));
        }
    }
    None
}

/// Where `word` stands last in `text` as a word of its own.
fn last_word(text: &str, word: &str) -> Option<usize> {
    text.rmatch_indices(word).map(|(at, _)| at).find(|&at| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether a word of `text` starts with `start`.
fn starts_word(text: &str, start: &str) -> bool {
    text.match_indices(start).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(char::is_alphanumeric)
    })
}

/// The last characters of a text, at most so many bytes.
fn tail(text: &str, bytes: usize) -> &str {
    let start = text.len().saturating_sub(bytes);
    let start = (start..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Said, said};

    fn told(line: &str) -> String {
        match said(line) {
            Some(Said::Published(date)) => format!("published {date}"),
            Some(Said::Bare(date)) => format!("bare {date}"),
            Some(Said::Changed(date)) => format!("changed {date}"),
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn tells_what_a_line_says_of_its_date() {
        for (line, expected) in [
            ("Published: 12 July 2024", "published 2024-07-12"),
            ("Pressemitteilung vom 25. Januar 2022 | Berlin", "published 2022-01-25"),
            (
                "Posted: Fri 6:45 PM, Feb 16, 2018 | Updated: Sat, Feb 17, 2018",
                "published 2018-02-16",
            ),
            ("Publié le 3 mai 2024 à 10h00", "published 2024-05-03"),
            ("Von Moritz Bachmann publiziert am 30. Juli 2018", "published 2018-07-30"),
            ("Fecha de publicación: 28 de octubre de 2025", "published 2025-10-28"),
            ("Opublikowano 1 września 2024", "published 2024-09-01"),
            ("Brussels, 12 July 2024", "bare 2024-07-12"),
            ("by Jeff Foust Monday, November 18, 2019", "bare 2019-11-18"),
            ("17.7.11", "bare 2011-07-17"),
            ("09.08.13, 06:00", "bare 2013-08-09"),
            ("Zuletzt geändert am 06.11.2023", "changed 2023-11-06"),
            ("Last updated: 3 May 2024", "changed 2024-05-03"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }

    #[test]
    fn other_dates_are_not_those_of_the_text() {
        for line in [
            "© 12 July 2024 Example Ltd",
            "The Act entered into force on 1 August 2024 and applies from 2 August 2026.",
            "Conference, 12 May 2025, Brussels",
            "12 May 2025 – 14 May 2025",
            "File photo, 3 May 2024",
            "Retrieved 16 April 2018",
            "Deadline: 3 May 2024",
            "The report published on 12 July 2024 shows that the market has grown again",
            "version 1.2.11",
            "May 2024",
            "2024",
        ] {
            assert_eq!(told(line), "nothing", "{line}");
        }
    }
}
