//! Paragraphs: the rows of a region joined where one line goes on with the one before.

use super::columns::Row;
use super::direction::logical;
use super::runs::Run;
use super::tables::{self, Part};
use super::tags::Role;

/// A stretch of text that belongs together, with what its kind is told from.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    /// Its lines, with line ends between them.
    pub(super) text: String,
    pub(super) shape: Shape,
    /// The em of most of its characters, in points.
    pub(super) size: f32,
    /// Whether it is bold throughout.
    pub(super) bold: bool,
    pub(super) lines: u32,
    /// The elements of a tagged document in which it begins and ends, or -1.
    pub(super) elements: (i32, i32),
    /// What the document itself says that it is.
    pub(super) role: Option<Role>,
    /// Whether its last line is as full as the lines of its region are.
    pub(super) full: bool,
}

/// What a paragraph is by its place alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Item,
    Cell,
    /// A line of a table of contents.
    Entry,
}

/// The paragraphs of a region.
pub(super) fn paragraphs(rows: Vec<Row>) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for part in tables::parts(rows) {
        match part {
            Part::Lines(rows) => flow(rows.into_iter().map(Line::of).collect(), &mut found),
            Part::Table(cells) => {
                for cell in cells {
                    let lines = cell.into_iter().map(Line::single).collect();
                    found.extend(paragraph(lines, Shape::Cell, f32::MAX));
                }
            }
            Part::Entries(rows) => {
                for row in rows {
                    found.extend(paragraph(vec![Line::of(row)], Shape::Entry, f32::MAX));
                }
            }
        }
    }
    found
}

/// The paragraphs of a cell of a drawn table.
pub(super) fn of_cell(rows: Vec<Row>) -> Vec<Paragraph> {
    let lines: Vec<Line> = rows.into_iter().map(Line::of).collect();
    // Cells are too narrow for their line ends to tell anything.
    let pitch = usual_pitch(&lines);
    let mut found = Vec::new();
    let mut open: Vec<Line> = Vec::new();
    for line in lines {
        let ends = open.last().is_some_and(|last| {
            let size = last.run.size.max(line.run.size).max(1.0);
            (line.run.y - last.run.y) / size > 1.3 * pitch + 0.1
                || marker(&line.run.text)
                    .is_some_and(|marker| marker == Marker::Bullet || ends_sentence(&last.run.text))
        });
        if ends {
            found.extend(paragraph(std::mem::take(&mut open), Shape::Cell, f32::MAX));
        }
        open.push(line);
    }
    found.extend(paragraph(open, Shape::Cell, f32::MAX));
    found
}

/// A line of running text.
#[derive(Debug)]
struct Line {
    run: Run,
    /// Whether it leads to a page number.
    entry: bool,
}

impl Line {
    fn of(row: Row) -> Line {
        let entry = match row.runs.as_slice() {
            [.., before, last] => {
                is_page_number(&last.text) && last.x0 - before.x1 > 2.0 * last.size
            }
            _ => false,
        };
        let mut runs = row.runs.into_iter();
        let mut run = runs.next().unwrap_or_else(Run::empty);
        for next in runs {
            if !run.text.ends_with(' ') {
                run.text.push(' ');
            }
            run.append(next);
        }
        let entry = entry || is_entry(&run.text);
        Line { run, entry }
    }

    fn single(run: Run) -> Line {
        Line { run, entry: false }
    }

    fn first_word(&self) -> f32 {
        let word = self.run.text.split(' ').next().unwrap_or_default().chars().count();
        let all = self.run.text.chars().count().max(1);
        (self.run.x1 - self.run.x0) * word as f32 / all as f32
    }
}

fn flow(lines: Vec<Line>, found: &mut Vec<Paragraph>) {
    let right = lines.iter().map(|line| line.run.x1).fold(f32::MIN, f32::max);
    let left = lines.iter().map(|line| line.run.x0).fold(f32::MAX, f32::min);
    let pitch = usual_pitch(&lines);
    let mut open: Vec<Line> = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        if let Some(last) = open.last() {
            let next = lines.peek();
            let breaks = Between { open: &open, last, line: &line, next, left, right, pitch };
            if breaks.ends() {
                close(&mut open, right, found);
            }
        }
        open.push(line);
    }
    close(&mut open, right, found);
}

fn close(open: &mut Vec<Line>, right: f32, found: &mut Vec<Paragraph>) {
    let lines = std::mem::take(open);
    let item = lines.first().is_some_and(|line| marker(&line.run.text).is_some());
    let shape = match lines.last() {
        Some(last) if last.entry => Shape::Entry,
        _ if item => Shape::Item,
        _ => Shape::Text,
    };
    found.extend(paragraph(lines, shape, right));
}

fn paragraph(lines: Vec<Line>, shape: Shape, right: f32) -> Option<Paragraph> {
    let first = lines.first()?;
    let last = lines.last()?;
    let full = last.run.x1 > right - 4.0 * last.run.size;
    let longest = lines.iter().max_by_key(|line| line.run.length)?;
    let length: u32 = lines.iter().map(|line| line.run.length).sum();
    let bold: u32 = lines.iter().map(|line| line.run.bold).sum();
    let size = longest.run.size;
    let mut text = String::new();
    for line in &lines {
        if !text.is_empty() {
            text.push('\n');
        }
        push_without_leaders(logical(line.run.text.trim()).trim(), &mut text);
    }
    Some(Paragraph {
        shape,
        size,
        bold: bold * 10 >= length * 8,
        lines: lines.len() as u32,
        elements: (first.run.element, last.run.element),
        role: None,
        full,
        text,
    })
}

/// What leads from an entry to its page number.
const LEADERS: &[&str] = &["....", ". . . .", "……"];

/// Whether a line leads to a page number.
fn is_entry(line: &str) -> bool {
    let last = line.trim_end().rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
    last.is_some_and(is_page_number) && LEADERS.iter().any(|leader| line.contains(leader))
}

pub(super) fn is_page_number(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit() || "ivxlc".contains(c))
}

/// The number of a note that a line begins with.
fn note_number(line: &str) -> Option<u32> {
    let (number, text) = line.split_once(' ')?;
    let plain = (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    (plain && text.chars().any(char::is_alphabetic)).then(|| number.parse().ok())?
}

/// Copies a line without the dots that lead from an entry to its page number.
fn push_without_leaders(line: &str, text: &mut String) {
    let leader = |c: char| matches!(c, '.' | '…' | '·' | '_' | ' ');
    let mut rest = line;
    while let Some(at) = LEADERS.iter().find_map(|leader| rest.find(leader)) {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default().trim_start_matches(leader);
        if !rest.is_empty() {
            text.push(' ');
        }
    }
    text.push_str(rest);
}

/// The distance of most baselines: of those within paragraphs, which are the smaller ones.
fn usual_pitch(lines: &[Line]) -> f32 {
    let pairs = lines.iter().zip(lines.iter().skip(1));
    let mut pitches: Vec<f32> = pairs
        .filter(|(a, b)| (a.run.size - b.run.size).abs() < 0.1 * a.run.size)
        .map(|(a, b)| (b.run.y - a.run.y) / a.run.size.max(1.0))
        .filter(|pitch| *pitch > 0.5)
        .collect();
    pitches.sort_by(f32::total_cmp);
    let pitch = pitches.get(pitches.len() * 2 / 5).copied().unwrap_or(1.2);
    pitch.clamp(0.9, 2.0)
}

/// The place between two lines, at which a paragraph may end.
struct Between<'l> {
    open: &'l [Line],
    last: &'l Line,
    line: &'l Line,
    next: Option<&'l Line>,
    left: f32,
    right: f32,
    /// In ems.
    pitch: f32,
}

impl Between<'_> {
    fn ends(&self) -> bool {
        let (last, line) = (&self.last.run, &self.line.run);
        let size = last.size.max(line.size);
        let pitch = (line.y - last.y) / size.max(1.0);
        let first = line.text.chars().next().unwrap_or(' ');
        let begins_small = first.is_lowercase();
        let same_size = (last.size - line.size).abs() < 0.08 * size;
        let number = |line: &Line| note_number(&line.run.text);
        let before = self.open.first().and_then(number);
        if self.last.entry || before.is_some_and(|n| number(self.line) == Some(n + 1)) {
            return true;
        }
        if begins_small && same_size && hyphenated(&last.text) && (0.5..2.0).contains(&pitch) {
            return false;
        }
        if line.element >= 0 && line.element == last.element && pitch.abs() < 3.0 {
            return matches!(marker(&line.text), Some(Marker::Bullet));
        }
        if pitch > 1.3 * self.pitch + 0.1 || pitch < -0.5 {
            return true;
        }
        if (last.size - line.size).abs() > 0.08 * size {
            return true;
        }
        if last.is_bold() != line.is_bold() && !begins_small {
            return true;
        }
        let stop = ends_sentence(&last.text);
        let centred = (last.x0 - line.x0).abs() > 1.5 * size
            && ((last.x0 + last.x1) - (line.x0 + line.x1)).abs() < 2.0 * size;
        let room = self.right - last.x1;
        let fits = room > self.line.first_word() + 0.6 * size && !centred;
        match marker(&line.text) {
            Some(Marker::Bullet) => return true,
            // `Article 5(1)⏎(a)` goes on; `…:⏎(a) the` does not.
            Some(Marker::Number) if stop || fits || pitch > 1.1 * self.pitch => return true,
            _ => {}
        }
        if fits && (stop || (room > 0.35 * (self.right - self.left) && !begins_small)) {
            return true;
        }
        // A first line set in, and the next set out again.
        let body = self.open.get(1..).unwrap_or_default();
        let edge = body.last().map_or(last.x0, |line| line.run.x0).min(last.x0);
        let set_in = line.x0 - edge;
        let back = self.next.is_none_or(|next| next.run.x0 < line.x0 - 0.5 * size);
        (stop || pitch > 1.1 * self.pitch)
            && (0.7 * size..6.0 * size).contains(&set_in)
            && back
            && !begins_small
            && !centred
            && marker(self.open.first().map_or("", |line| line.run.text.as_str())).is_none()
    }
}

/// Whether a line ends within a word.
pub(super) fn hyphenated(line: &str) -> bool {
    let word = line.strip_suffix(['-', '\u{2010}', '\u{AD}']);
    word.is_some_and(|word| word.ends_with(char::is_alphabetic))
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "”\"»’)]'".contains(c)
    });
    text.ends_with(['.', '!', '?', ':', ';', '…', '。', '！', '？', '；', '：'])
}

/// What an item of a list begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Bullet,
    Number,
}

/// The marker that a text begins with, if a space or nothing follows it.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let (head, rest) = match text.split_once(' ') {
        Some((head, rest)) => (head, Some(rest)),
        None => (text, None),
    };
    let mut chars = head.chars();
    let first = chars.next()?;
    let bullets = "•‣◦▪▫■□●○◆◇➢➤►▶✓✔❖·∙⁃–—*-";
    if bullets.contains(first) {
        // A bullet may stand right before its text, a dash or star may not.
        let alone = chars.next().is_none() && rest.is_some();
        return (alone || !"·–—*-".contains(first)).then_some(Marker::Bullet);
    }
    rest?;
    let bare = head.trim_start_matches('(').trim_end_matches(['.', ')', ':']);
    let closed = bare.len() < head.len() && head.ends_with(['.', ')', ':']);
    let number = !bare.is_empty() && bare.len() <= 3 && bare.chars().all(|c| c.is_ascii_digit());
    let letter = bare.chars().count() == 1 && bare.chars().all(char::is_alphabetic);
    let roman = !bare.is_empty() && bare.len() <= 5 && bare.chars().all(|c| "ivxIVX".contains(c));
    let initial = letter && first.is_uppercase() && head.ends_with('.');
    (closed && (number || letter || roman) && !initial).then_some(Marker::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_begin_with_markers() {
        for item in ["• a", "– a", "1. a", "(a) the", "iv) a", "12) a", "■Text"] {
            assert!(marker(item).is_some(), "{item}");
        }
        for text in
            ["2024. A", "A. Smith wrote", "–", "the (a)", "1.", "-5 degrees", "5 years", "mix a"]
        {
            assert_eq!(marker(text), None, "{text}");
        }
    }
}
