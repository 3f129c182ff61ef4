//! A concordance, in lines: the matches one below the other, with the text on both sides.

use std::io::{self, Write};

use super::figures::{count, counted, time};
use super::{Style, Text, back, forth};
use crate::safe::TermSafe;
use crate::search::{Concordance, KwicLine};

/// The columns of a side, where no number is given: as many as the terminal leaves, within these.
const SIDE: (usize, usize) = (24, 60);

impl Text<'_> {
    /// Writes a concordance of a query (`typed` by the asker), with `side` columns on each side of the
    /// matches, or as many as there is room for; at the end of a line stands where it comes from,
    /// which is never cut.
    pub fn concordance(
        &self,
        out: &mut impl Write,
        found: &Concordance,
        side: Option<usize>,
        typed: &str,
    ) -> io::Result<()> {
        let widest =
            |of: &dyn Fn(&KwicLine) -> usize| found.lines.iter().map(of).max().unwrap_or(0);
        let anchors = widest(&|line| TermSafe(&anchor(line)).width());
        let matches = widest(&|line| TermSafe(&line.text).width()).min(SIDE.0);
        let room = self.columns().saturating_sub(anchors + matches + 2) / 2;
        let side = side.unwrap_or_else(|| room.clamp(SIDE.0, SIDE.1));
        for line in &found.lines {
            self.kwic_line(out, line, side, matches)?;
        }
        if !found.lines.is_empty() {
            writeln!(out)?;
        }
        let mut parts = Vec::new();
        if found.articles == 0 {
            parts.push("no article found".to_owned());
        } else {
            parts.push(counted(found.articles, "article", "articles"));
            parts.push(counted(found.matches, "match", "matches"));
            parts.push(format!("{} shown", count(found.lines.len() as u64)));
        }
        parts.push(time(found.elapsed));
        writeln!(out, "{}", parts.join(", "))?;
        self.reading(out, &found.query, &found.notes, typed)
    }

    /// Writes a line: the end of what is on the left, the match, the beginning of what is on the
    /// right, and the anchor.
    fn kwic_line(
        &self,
        out: &mut impl Write,
        line: &KwicLine,
        side: usize,
        matches: usize,
    ) -> io::Result<()> {
        let [left, text, right] = [&line.left, &line.text, &line.right].map(|text| one_line(text));
        let left = &left[back(&left, left.len(), side)..];
        let room = side + matches.max(TermSafe(&text).width()) - TermSafe(&text).width();
        let right = &right[..forth(&right, 0, room)];
        let pad = side.saturating_sub(TermSafe(left).width());
        write!(out, "{:pad$}{}", "", TermSafe(left))?;
        self.styled(out, Style::Mark, TermSafe(&text))?;
        let pad = room.saturating_sub(TermSafe(right).width());
        write!(out, "{}{:pad$}  ", TermSafe(right), "")?;
        self.styled(out, Style::Dim, TermSafe(&anchor(line)))?;
        writeln!(out)
    }
}

/// Where a line comes from: `eu/ai-act.md:12`, `report.pdf p. iv`.
fn anchor(line: &KwicLine) -> String {
    match (line.page, &line.page_label, line.line) {
        (Some(_), Some(label), _) => format!("{} p. {label}", line.path),
        (Some(page), None, _) => format!("{} p. {page}", line.path),
        (None, _, Some(number)) => format!("{}:{number}", line.path),
        (None, _, None) => line.path.clone(),
    }
}

/// The text with every white space as a space.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Language;

    fn line(left: &str, text: &str, right: &str) -> KwicLine {
        KwicLine {
            path: "a\u{1b}[2J.md".into(),
            title: None,
            date: None,
            language: Language::UNKNOWN,
            source: None,
            hash: String::new(),
            left: left.into(),
            text: text.into(),
            right: right.into(),
            start: 0,
            end: text.len(),
            line: Some(3),
            page: None,
            page_label: None,
            section: vec![],
        }
    }

    #[test]
    fn matches_stand_one_below_the_other_whatever_stands_before_them() {
        let lines = vec![
            line("They spoke of ", "cloud", ", again."),
            line("技術主権と", "cloud", "について技術主権について技術主権について"),
            line("e\u{301}te\u{301} \x1b[31m", "cloud", ""),
            line("", "cloud", "\nand more"),
            line("العربية ", "cloud", " עברית"),
            line(&"a long way before it ".repeat(5), "cloud", &" and behind it".repeat(9)),
        ];
        let found = Concordance {
            query: "cloud".into(),
            notes: vec![],
            matches: lines.len() as u64,
            lines,
            articles: 1,
            generation: 1,
            elapsed: Duration::ZERO,
        };
        let mut out = Vec::new();
        Text::default().concordance(&mut out, &found, Some(20), "cloud").unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.contains('\x1b'), "{out}");
        let lines: Vec<&str> = out.lines().take(6).collect();
        for line in &lines {
            let before = &line[..line.find("cloud").unwrap()];
            assert_eq!(TermSafe(before).width(), 20, "{line}");
            let anchor = line.find(r"a\u{1b}[2J.md:3").unwrap();
            assert_eq!(TermSafe(&line[..anchor]).width(), 20 + 5 + 20 + 2, "{line}");
        }
        assert!(lines[3].contains("cloud and more"), "{out}");
        assert!(lines[5].starts_with(" long way before it cloud"), "{out}");
    }
}
