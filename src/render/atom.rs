//! Alerts as a feed: Atom (RFC 4287), which any feed reader follows.

use std::fmt;
use std::io::{self, Write};

use super::svg::Escaped;
use super::text::Link;
use crate::Date;
use crate::alerts::FeedEntry;

/// The seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// A time in seconds after 1 January 1970 (UTC), as RFC 3339 writes it.
pub(super) struct Time(pub(super) u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0 / DAY, self.0 % DAY);
        let date = i32::try_from(days).ok().and_then(Date::from_days);
        let (hour, minute) = (second / 3600, second / 60 % 60);
        match date {
            Some(date) => write!(f, "{date}T{hour:02}:{minute:02}:{:02}Z", second % 60),
            None => f.write_str("9999-12-31T23:59:59Z"),
        }
    }
}

/// A name that stays the same for the same parts: a UUID of version 8 (RFC 9562) made of a hash.
fn id(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    let hex = hasher.finalize().to_hex();
    let digits = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        digits(0, 8),
        digits(8, 12),
        digits(12, 15),
        digits(15, 18),
        digits(18, 30)
    )
}

/// Writes what looks have noticed as a feed.
///
/// `name` tells this feed from others for good, such as the folder and the file of the queries;
/// `title` is for people; `now` stands for the time of the feed where it has no entry, in seconds
/// after 1 January 1970 (UTC). An entry leads to where the article was published, else to what `link`
/// has for its path. It keeps its id when the article changes, and says so by its time.
///
/// ```
/// let mut out = Vec::new();
/// polidex::write_atom(&mut out, "a/b.toml", "AI & law", &[], None, 1_764_100_000)?;
/// let feed = String::from_utf8_lossy(&out);
/// assert!(feed.contains("<title>AI &amp; law</title>\n<updated>2025-11-25T19:46:40Z</updated>"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_atom(
    out: &mut impl Write,
    name: &str,
    title: &str,
    entries: &[FeedEntry],
    link: Option<&Link<'_>>,
    now: u64,
) -> io::Result<()> {
    let updated = entries.iter().map(|entry| entry.noticed).max().unwrap_or(now);
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>polidex</name></author>\n\
         <generator version=\"{}\">polidex</generator>",
        id(&[name]),
        Escaped(title),
        Time(updated),
        env!("CARGO_PKG_VERSION"),
    )?;
    entries.iter().try_for_each(|entry| write_entry(out, name, entry, link))?;
    writeln!(out, "</feed>")
}

fn write_entry(
    out: &mut impl Write,
    name: &str,
    entry: &FeedEntry,
    link: Option<&Link<'_>>,
) -> io::Result<()> {
    let hit = &entry.hit;
    writeln!(
        out,
        "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{}</updated>",
        id(&[name, &entry.name, &hit.path]),
        Escaped(&hit.title),
        Time(entry.noticed),
    )?;
    if let Some(date) = hit.date.filter(|date| date.day().is_some()) {
        writeln!(out, "<published>{date}T00:00:00Z</published>")?;
    }
    for author in &hit.authors {
        writeln!(out, "<author><name>{}</name></author>", Escaped(author))?;
    }
    writeln!(out, "<category term=\"{}\"/>", Escaped(&entry.name))?;
    let address = hit.url.clone().filter(|url| is_web(url));
    let address = address.or_else(|| link.and_then(|link| link(&hit.path)));
    if let Some(address) = &address {
        writeln!(out, "<link rel=\"alternate\" href=\"{}\"/>", Escaped(address))?;
    }
    let mut facts: Vec<String> = Vec::new();
    facts.extend(entry.changed.then(|| "changed".to_owned()));
    facts.extend(hit.source.clone());
    facts.extend(hit.date.map(|date| date.to_string()));
    facts.push(hit.path.clone());
    match hit.duplicates.len() {
        0 => {}
        1 => facts.push("and a near-copy".to_owned()),
        copies => facts.push(format!("and {copies} near-copies")),
    }
    let said = hit.passages.first().map(|passage| format!("{} — ", passage.text));
    let summary = format!("{}{}", said.unwrap_or_default(), facts.join(" · "));
    writeln!(out, "<summary>{}</summary>", Escaped(&summary))?;
    // An entry that leads nowhere must hold something.
    if address.is_none() {
        writeln!(out, "<content>{}</content>", Escaped(&summary))?;
    }
    writeln!(out, "</entry>")
}

/// Whether an address is one of the web, and not one that a reader would run.
pub(super) fn is_web(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        // From `date -u -d @…`.
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Time(951_782_399).to_string(), "2000-02-28T23:59:59Z");
        assert_eq!(Time(1_709_251_200).to_string(), "2024-03-01T00:00:00Z");
    }

    #[test]
    fn addresses_that_a_reader_would_run_are_not_linked() {
        assert!(is_web("https://example.org/a") && is_web("HTTP://example.org"));
        for other in ["javascript:alert(1)", "data:text/html,x", "httpsx://a", "https://a b", ""] {
            assert!(!is_web(other), "{other}");
        }
    }

    #[test]
    fn ids_keep_parts_apart() {
        assert_ne!(id(&["ab", "c"]), id(&["a", "bc"]));
        assert_eq!(id(&["a"]).len(), "urn:uuid:".len() + 36);
    }
}
