//! Text for people, on a terminal or in a pipe: what every answer in words has in common.

mod alerts;
mod article;
mod columns;
mod concepts;
mod counts;
mod evaluation;
mod explain;
mod extracted;
mod figures;
mod kwic;
mod reports;
mod results;
pub(super) mod trend;
mod verify;

use std::fmt::Display;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation;

pub(super) use results::place_words;

use super::wrap::wrap;
use crate::StoredArticle;
use crate::safe::TermSafe;

/// The URL of the article with a path, where it has one.
pub type Link<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// How answers are written for people: how wide, and with what the terminal can do.
///
/// Everything that comes from articles, file names and queries goes through [`TermSafe`]; the only
/// control sequences in the output are colours and links that this type makes.
///
/// ```
/// use polidex::Text;
///
/// let mut out = Vec::new();
/// Text::default().error(&mut out, "the quote is not closed", Some(("a \"b", 2..3)), None)?;
/// assert_eq!(String::from_utf8_lossy(&out), "polidex: the quote is not closed\n  a \"b\n    ^\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// Columns to fill; taken as 60 to 200.
    pub width: usize,
    /// Whether to use colour, bold and dim; without it matches are not marked at all.
    pub colour: bool,
    /// The URL that a title leads to, by the article's path; titles are no links without it.
    pub link: Option<&'a Link<'a>>,
    /// The command that a suggested query is added to, such as `polidex search --in news`.
    pub command: &'a str,
}

impl Default for Text<'_> {
    /// 80 columns, no colour, no links.
    fn default() -> Self {
        Text { width: 80, colour: false, link: None, command: "polidex search" }
    }
}

/// SGR parameters (ECMA-48) of the styles used.
#[derive(Clone, Copy)]
enum Style {
    Bold,
    Dim,
    Mark,
    Alarm,
}

impl Style {
    fn sgr(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Mark => "1;31",
            Style::Alarm => "1;31",
        }
    }
}

impl Text<'_> {
    /// Writes an error: the message, the query with a caret under the place, and what to do next.
    pub fn error(
        &self,
        out: &mut impl Write,
        message: &str,
        place: Option<(&str, Range<usize>)>,
        hint: Option<&str>,
    ) -> io::Result<()> {
        self.styled(out, Style::Alarm, "polidex:")?;
        writeln!(out, " {}", TermSafe(message))?;
        if let Some((query, span)) = place {
            self.caret(out, query, span)?;
        }
        if let Some(hint) = hint {
            self.styled(out, Style::Dim, "hint:")?;
            writeln!(out, " {}", TermSafe(hint))?;
        }
        Ok(())
    }

    /// Writes the line of a query and a line with carets under `span`; of a long query only what
    /// stands around the place.
    fn caret(&self, out: &mut impl Write, query: &str, span: Range<usize>) -> io::Result<()> {
        const INDENT: usize = 2;
        let room = self.columns() - INDENT - 2;
        let whole = |at: &usize| query.is_char_boundary(*at);
        let start = (0..=span.start.min(query.len())).rev().find(whole).unwrap_or(0);
        let end = (span.end.max(start)..query.len()).find(whole).unwrap_or(query.len());
        // Of a query too long for the line, a third of it goes to what stands before the place.
        let whole_fits = forth(query, 0, room) == query.len();
        let from = if whole_fits { 0 } else { back(query, start, room / 3) };
        let to = forth(query, from, room);
        let (cut_before, cut_after) = (from > 0, to < query.len());
        writeln!(
            out,
            "{:INDENT$}{}{}{}",
            "",
            if cut_before { "…" } else { "" },
            TermSafe(&query[from..to]),
            if cut_after { "…" } else { "" },
        )?;
        let before = TermSafe(&query[from..start]).width() + usize::from(cut_before);
        let carets = TermSafe(&query[start..end.min(to).max(start)]).width().max(1);
        write!(out, "{:1$}", "", INDENT + before)?;
        self.styled(out, Style::Mark, "^".repeat(carets))?;
        writeln!(out)
    }

    /// The width to fill, within its range.
    fn columns(&self) -> usize {
        self.width.clamp(60, 200)
    }

    /// Writes `text`, which must be harmless, in a style.
    fn styled(&self, out: &mut impl Write, style: Style, text: impl Display) -> io::Result<()> {
        if self.colour {
            write!(out, "\x1b[{}m{text}\x1b[0m", style.sgr())
        } else {
            write!(out, "{text}")
        }
    }

    /// Writes `text` in lines of the width, each after `indent` spaces, with `marks` (ascending,
    /// apart) marked, and `before` and `after` around it.
    fn paragraph(
        &self,
        out: &mut impl Write,
        indent: usize,
        text: &str,
        marks: &[Range<usize>],
        (before, after): (&str, &str),
    ) -> io::Result<()> {
        let around = TermSafe(before).width().max(TermSafe(after).width());
        let lines = wrap(text, self.columns().saturating_sub(indent + around).max(1));
        let last = lines.len().saturating_sub(1);
        for (number, line) in lines.into_iter().enumerate() {
            write!(out, "{:indent$}{}", "", if number == 0 { before } else { "" })?;
            self.marked(out, text, line, marks)?;
            writeln!(out, "{}", if number == last { after } else { "" })?;
        }
        Ok(())
    }

    /// Writes the part `line` of `text`, with `marks` marked.
    fn marked(
        &self,
        out: &mut impl Write,
        text: &str,
        line: Range<usize>,
        marks: &[Range<usize>],
    ) -> io::Result<()> {
        let mut at = line.start;
        let first = marks.partition_point(|mark| mark.end <= line.start);
        for mark in &marks[first..] {
            let (start, end) = (mark.start.max(at), mark.end.min(line.end));
            if mark.start >= line.end {
                break;
            }
            // A mark that cuts a character is not ours; the text counts more than the mark.
            if let (Some(plain), Some(hot)) = (text.get(at..start), text.get(start..end)) {
                write!(out, "{}", TermSafe(plain))?;
                self.styled(out, Style::Mark, TermSafe(hot))?;
                at = end;
            }
        }
        write!(out, "{}", TermSafe(text.get(at..line.end).unwrap_or_default()))
    }

    /// Writes a title in bold, as a link where there is one, in lines after `indent` spaces; the
    /// first line stands after what is already written, as wide as the indent.
    fn title(
        &self,
        out: &mut impl Write,
        indent: usize,
        title: &str,
        path: &str,
    ) -> io::Result<()> {
        let url = self.link.and_then(|link| link(path)).filter(|url| is_url(url));
        for (number, line) in wrap(title, self.columns() - indent).into_iter().enumerate() {
            if number > 0 {
                write!(out, "\n{:indent$}", "")?;
            }
            let line = TermSafe(&title[line]);
            match &url {
                Some(url) => {
                    write!(out, "\x1b]8;;{url}\x1b\\")?;
                    self.styled(out, Style::Bold, line)?;
                    write!(out, "\x1b]8;;\x1b\\")?;
                }
                None => self.styled(out, Style::Bold, line)?,
            }
        }
        writeln!(out)
    }

    /// Writes what is known of an article on one dim line, its path last; the path takes a line of
    /// its own where it does not fit, and is never cut, so that it can be copied.
    fn facts(
        &self,
        out: &mut impl Write,
        indent: usize,
        facts: &[Option<String>],
        path: &str,
    ) -> io::Result<()> {
        let known: Vec<&str> = facts.iter().flatten().map(String::as_str).collect();
        let known = known.join(" · ");
        let (known, path) = (TermSafe(&known), TermSafe(path));
        write!(out, "{:indent$}", "")?;
        if known.0.is_empty() {
            self.styled(out, Style::Dim, path)?;
        } else if indent + known.width() + 3 + path.width() <= self.columns() {
            self.styled(out, Style::Dim, format_args!("{known} · {path}"))?;
        } else {
            self.styled(out, Style::Dim, known)?;
            write!(out, "\n{:indent$}", "")?;
            self.styled(out, Style::Dim, path)?;
        }
        writeln!(out)
    }

    /// Writes an article: its title, what is known of it, and its text.
    pub fn article(&self, out: &mut impl Write, stored: &StoredArticle) -> io::Result<()> {
        article::write(self, out, stored)
    }
}

/// The `file:` URL (RFC 8089) of an absolute path.
///
/// ```
/// # if cfg!(unix) {
/// let url = polidex::file_url("/news/a b#1é.md".as_ref());
/// assert_eq!(url, "file:///news/a%20b%231%C3%A9.md");
/// # }
/// ```
pub fn file_url(path: &Path) -> String {
    let text = path.to_string_lossy();
    // On Windows a canonical path looks like \\?\C:\folder.
    let text = text.strip_prefix(r"\\?\").unwrap_or(&text);
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() };
    let mut url = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(byte as char);
            }
            b':' if cfg!(windows) => url.push(':'),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// Whether `url` can stand in a terminal link: visible ASCII only.
fn is_url(url: &str) -> bool {
    !url.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Cuts `text` to `width` columns, with an ellipsis where something is cut off.
fn fit(text: &str, width: usize) -> String {
    let to = forth(text, 0, width);
    if to == text.len() {
        return TermSafe(text).to_string();
    }
    let to = forth(text, 0, width.saturating_sub(1));
    format!("{}…", TermSafe(text[..to].trim_end()))
}

/// How far from `from` on, in bytes, `text` fills `width` columns.
fn forth(text: &str, from: usize, width: usize) -> usize {
    let mut columns = 0;
    for (at, cluster) in text[from..].grapheme_indices(true) {
        columns += TermSafe(cluster).width();
        if columns > width {
            return from + at;
        }
    }
    text.len()
}

/// How far back from `to`, in bytes, `text` fills `width` columns.
fn back(text: &str, to: usize, width: usize) -> usize {
    let mut columns = 0;
    for (at, cluster) in text[..to].grapheme_indices(true).rev() {
        columns += TermSafe(cluster).width();
        if columns > width {
            return at + cluster.len();
        }
    }
    0
}

/// `text` as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_caret_stands_under_the_place_whatever_stands_before_it() {
        let text = Text::default();
        // Two wide characters are four columns, a decomposed accent none, an escape six.
        let query = "主権 e\u{301} \x1b tittle:x";
        let start = query.find("tittle").unwrap();
        let out = shown(|out| text.error(out, "m", Some((query, start..start + 6)), Some("h")));
        let expected =
            "polidex: m\n  主権 e\u{301} \\u{1b} tittle:x\n                ^^^^^^\nhint: h\n";
        assert_eq!(out, expected);
        // A place at the end, past the end, and inside a character.
        for span in [4..4, 9..12, 1..2] {
            shown(|out| text.error(out, "m", Some(("aé b", span)), None));
        }
    }

    #[test]
    fn of_a_long_query_only_the_place_is_shown() {
        let query = format!("{} tittle:x {}", "word ".repeat(4000), "more ".repeat(4000));
        let start = query.find("tittle").unwrap();
        let out = shown(|out| {
            Text { width: 60, ..Text::default() }.error(
                out,
                "m",
                Some((&query, start..start + 6)),
                None,
            )
        });
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[1].chars().count() <= 60 && lines[1].ends_with('…'), "{out}");
        let column = lines[2].find('^').unwrap();
        let under: String = lines[1].chars().skip(column).take(6).collect();
        assert_eq!(under, "tittle");
    }

    #[test]
    fn a_link_holds_nothing_but_a_url() {
        let evil = |_: &str| Some("file:///a\x1b\\x".to_owned());
        let good = |_: &str| Some("file:///a%20b".to_owned());
        let title = |link: &dyn Fn(&str) -> Option<String>| {
            shown(|out| Text { link: Some(link), ..Text::default() }.title(out, 0, "T", "a b"))
        };
        assert_eq!(title(&evil), "T\n");
        assert_eq!(title(&good), "\x1b]8;;file:///a%20b\x1b\\T\x1b]8;;\x1b\\\n");
    }

    #[test]
    fn a_suggested_command_is_one_shell_word() {
        assert_eq!(shell_word("l'IA $(rm) `x`"), r"'l'\''IA $(rm) `x`'");
    }
}
