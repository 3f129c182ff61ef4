//! Columns: the runs of a page cut into regions that are each read line by line, in reading order.
//!
//! A recursive X-Y cut (Nagy and Seth 1984) that looks for gutters first: the longest stretch of
//! rows through which a vertical gap runs is cut out and read column by column; what lies above and
//! below it is cut further. A gap is a gutter only where there is running text on both sides, so
//! that tables and numbered lists stay in rows.

use super::path::Rule;
use super::runs::Run;

/// How deep regions may be cut.
const MAX_DEPTH: u32 = 24;

/// The rows of a region that is searched for gutters; longer ones are read as they stand.
const MAX_ROWS: usize = 600;

/// A line of a region: what stands on one baseline, from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) runs: Vec<Run>,
    pub(super) y: f32,
    pub(super) size: f32,
}

impl Row {
    fn add(&mut self, run: Run) {
        if run.size > self.size || self.runs.is_empty() {
            (self.y, self.size) = (run.y, run.size);
        }
        self.runs.push(run);
    }

    pub(super) fn x0(&self) -> f32 {
        self.runs.iter().map(|run| run.x0).fold(f32::MAX, f32::min)
    }

    pub(super) fn x1(&self) -> f32 {
        self.runs.iter().map(|run| run.x1).fold(f32::MIN, f32::max)
    }
}

/// The regions of the runs of one angle.
///
/// `rules` are the lines drawn on the page; text on both sides of an upright one is never joined.
pub(super) fn regions(runs: Vec<Run>, rules: &[Rule]) -> Vec<Vec<Row>> {
    let mut regions = Vec::new();
    let upright: Vec<Rule> = rules.iter().filter(|rule| rule.y1 - rule.y0 > 4.0).copied().collect();
    let cutter = Cutter { rules: upright };
    cutter.cut(cutter.rows(runs), &mut regions, 0);
    regions
}

/// The lines of a text that is not in columns, such as that of a cell.
pub(super) fn rows(runs: Vec<Run>) -> Vec<Row> {
    Cutter { rules: Vec::new() }.rows(runs)
}

/// Cuts regions on a page.
struct Cutter {
    /// The upright lines that are drawn there.
    rules: Vec<Rule>,
}

impl Cutter {
    /// Whether a line is drawn between two runs of one row.
    fn parted(&self, left: &Run, right: &Run) -> bool {
        let (from, to) = (left.x1 - 1.0, right.x0 + 1.0);
        let y = right.y - 0.3 * right.size;
        self.rules.iter().any(|rule| rule.x0 >= from && rule.x1 <= to && rule.y0 < y && y < rule.y1)
    }

    /// Runs as rows from top to bottom; neighbours without a wide gap are joined.
    fn rows(&self, mut runs: Vec<Run>) -> Vec<Row> {
        runs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
        let mut rows: Vec<Row> = Vec::new();
        for run in runs {
            // Raised runs come before the line that they belong to, lowered ones after it.
            let near = |row: &Row| {
                let (low, high) = (run.size.min(row.size), run.size.max(row.size));
                let script = (0.45 * high..0.85 * high).contains(&low);
                let below = run.y - row.y;
                let reach = match script {
                    true if run.size > row.size => 0.6 * high,
                    true => 0.25 * high,
                    false => 0.3 * low,
                };
                below < reach
            };
            match rows.last_mut().filter(|row| near(row)) {
                Some(row) => row.add(run),
                None => {
                    let mut row = Row::default();
                    row.add(run);
                    rows.push(row);
                }
            }
        }
        for row in &mut rows {
            self.join_neighbours(row);
        }
        rows
    }

    fn join_neighbours(&self, row: &mut Row) {
        let mut runs = std::mem::take(&mut row.runs);
        runs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        for run in runs {
            if let Some(last) = row.runs.last_mut() {
                let size = last.size.min(run.size);
                let gap = run.x0 - last.x1;
                let covered = (last.x1 - run.x0) > 0.6 * (run.x1 - run.x0);
                if covered && last.text.contains(&run.text) {
                    // Drawn twice, to look bold or to cast a shadow.
                    continue;
                }
                if gap < 0.7 * size && gap > -0.5 * size && !self.parted(last, &run) {
                    last.append(run);
                    continue;
                }
            }
            row.runs.push(run);
        }
    }

    fn cut(&self, rows: Vec<Row>, regions: &mut Vec<Vec<Row>>, depth: u32) {
        if rows.is_empty() {
            return;
        }
        let stretch =
            if depth < MAX_DEPTH && rows.len() <= MAX_ROWS { best_stretch(&rows) } else { None };
        let Some(Stretch { from, to, at }) = stretch else {
            regions.push(rows);
            return;
        };
        let mut above = rows;
        let below = above.split_off(to);
        let middle = above.split_off(from);
        self.cut(above, regions, depth + 1);
        let (left, right) = self.split(middle, at);
        self.cut(left, regions, depth + 1);
        self.cut(right, regions, depth + 1);
        self.cut(below, regions, depth + 1);
    }

    /// The rows left and right of a gutter.
    fn split(&self, rows: Vec<Row>, at: f32) -> (Vec<Row>, Vec<Row>) {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for row in rows {
            let (l, r): (Vec<Run>, Vec<Run>) = row.runs.into_iter().partition(|run| run.x1 <= at);
            left.extend(l);
            right.extend(r);
        }
        // Rows of one side keep their own baselines.
        (self.rows(left), self.rows(right))
    }
}

/// Rows `from..to` that a gutter at `at` runs through.
struct Stretch {
    from: usize,
    to: usize,
    at: f32,
}

fn best_stretch(rows: &[Row]) -> Option<Stretch> {
    let mut best: Option<(u32, Stretch)> = None;
    let mut reached = 0;
    for from in 0..rows.len() {
        let mut covered = Intervals::default();
        let mut to = from;
        let mut last_gaps = Vec::new();
        while let Some(row) = rows.get(to) {
            row.runs.iter().for_each(|run| covered.add(run.x0, run.x1));
            let gaps = covered.gaps(0.75 * row.size.clamp(6.0, 14.0));
            // Without a gap, further rows can only be those of one side so far.
            if gaps.is_empty() && (!last_gaps.is_empty() || row.runs.len() > 1 || wide(row, rows)) {
                break;
            }
            last_gaps = gaps;
            to += 1;
        }
        // A stretch that begins within another and ends with it is a part of it.
        if last_gaps.is_empty() || to <= reached || to - from < 2 {
            continue;
        }
        reached = to;
        for gap in last_gaps {
            let at = (gap.0 + gap.1) / 2.0;
            let Some((from, to)) = trimmed(rows, from, to, at) else { continue };
            let Some(weight) = weight(rows.get(from..to).unwrap_or_default(), at) else { continue };
            if best.as_ref().is_none_or(|(most, _)| weight > *most) {
                best = Some((weight, Stretch { from, to, at }));
            }
        }
    }
    best.map(|(_, stretch)| stretch)
}

/// Whether a row spans most of the region.
fn wide(row: &Row, rows: &[Row]) -> bool {
    let x0 = rows.iter().map(Row::x0).fold(f32::MAX, f32::min);
    let x1 = rows.iter().map(Row::x1).fold(f32::MIN, f32::max);
    row.x1() - row.x0() > 0.7 * (x1 - x0)
}

/// Leaves out rows at both ends that stand apart and have text on one side of the gutter only.
fn trimmed(rows: &[Row], mut from: usize, mut to: usize, at: f32) -> Option<(usize, usize)> {
    let sides = |row: &Row| {
        let left = row.runs.iter().any(|run| run.x1 <= at);
        let right = row.runs.iter().any(|run| run.x1 > at);
        (left, right)
    };
    let all = rows.get(from..to)?;
    let last = |side: fn((bool, bool)) -> bool| all.iter().rposition(|row| side(sides(row)));
    let first = |side: fn((bool, bool)) -> bool| all.iter().position(|row| side(sides(row)));
    let begin = from + first(|s| s.0)?.max(first(|s| s.1)?);
    let end = from + last(|s| s.0)?.min(last(|s| s.1)?);
    let apart = |above: usize, below: usize| match (rows.get(above), rows.get(below)) {
        (Some(above), Some(below)) => below.y - above.y > 1.7 * above.size.max(below.size),
        _ => false,
    };
    if let Some(gap) = (end..to.saturating_sub(1)).find(|&i| apart(i, i + 1)) {
        to = gap + 1;
    }
    if let Some(gap) = (from..begin).rev().find(|&i| apart(i, i + 1)) {
        from = gap + 1;
    }
    (to > from + 1).then_some((from, to))
}

/// How much text a gutter parts; none if one of its sides is no column of running text.
fn weight(rows: &[Row], at: f32) -> Option<u32> {
    let mut sides = [Side::default(), Side::default()];
    for row in rows {
        for (side, right) in sides.iter_mut().zip([false, true]) {
            let runs = row.runs.iter().filter(|run| (run.x1 > at) == right);
            side.add(runs);
        }
    }
    let [left, right] = &sides;
    let columns = (left.is_text() && right.is_text()) || is_numbered(rows, at);
    columns.then(|| left.length.min(right.length) + rows.len() as u32)
}

/// Whether the numbers of a list go on from the left of a gutter to its right.
fn is_numbered(rows: &[Row], at: f32) -> bool {
    let numbers = |right: bool| -> Vec<u32> {
        let runs = || rows.iter().flat_map(|row| &row.runs).filter(|run| (run.x1 > at) == right);
        // On the right those of the next column, on the left those of the last one.
        let numbered = runs().filter_map(|run| Some((run, list_number(&run.text)?)));
        let edge = match right {
            true => runs().map(|run| run.x0).fold(f32::MAX, f32::min),
            false => numbered.clone().map(|(run, _)| run.x0).fold(f32::MIN, f32::max),
        };
        let near = numbered.filter(|(run, _)| (run.x0 - edge).abs() < 2.0 * run.size);
        near.map(|(_, number)| number).collect()
    };
    let (left, right) = (numbers(false), numbers(true));
    let counts = |list: &[u32]| {
        list.len() > 2 && list.iter().zip(list.iter().skip(1)).all(|(a, b)| a + 1 == *b)
    };
    counts(&left) && counts(&right) && left.last().map(|n| n + 1) == right.first().copied()
}

/// The number of an item that a text begins with: 4 of `4.` or `4) Text`.
fn list_number(text: &str) -> Option<u32> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    let rest = rest.strip_prefix(['.', ')'])?;
    (digits <= 4 && (rest.is_empty() || rest.starts_with(' '))).then(|| number.parse().ok())?
}

/// One side of a gutter.
#[derive(Default)]
struct Side {
    rows: u32,
    length: u32,
    /// Those of its rows that are several short runs side by side, as in a table.
    parted: u32,
    /// The widths of its rows in ems.
    widths: Vec<f32>,
}

impl Side {
    fn add<'r>(&mut self, runs: impl Iterator<Item = &'r Run>) {
        let (mut x0, mut x1, mut size, mut length) = (f32::MAX, f32::MIN, 1.0f32, 0);
        let mut count = 0;
        for run in runs {
            count += 1;
            (x0, x1) = (x0.min(run.x0), x1.max(run.x1));
            size = size.max(run.size);
            length += run.length;
        }
        if length > 0 {
            self.rows += 1;
            self.length += length;
            self.parted += u32::from(count > 2 && length < 8 * count);
            self.widths.push((x1 - x0) / size);
        }
    }

    /// Whether its rows are lines of text: long enough, and most of them of about one width.
    fn is_text(&self) -> bool {
        let most = self.widths.iter().copied().fold(0.0, f32::max);
        let mean = self.widths.iter().sum::<f32>() / self.rows.max(1) as f32;
        let full = self.widths.iter().filter(|width| **width > 0.6 * most).count();
        self.rows >= 2
            && most >= 7.0
            && mean >= 5.0
            && self.length >= 12 * self.rows
            && full as u32 * 5 >= self.rows * 2
            && self.parted * 2 < self.rows
    }
}

/// Disjoint intervals in ascending order.
#[derive(Debug, Clone, Default)]
struct Intervals(Vec<(f32, f32)>);

impl Intervals {
    fn add(&mut self, mut start: f32, mut end: f32) {
        let from = self.0.partition_point(|known| known.1 < start);
        let mut to = from;
        while let Some(known) = self.0.get(to).filter(|known| known.0 <= end) {
            (start, end) = (start.min(known.0), end.max(known.1));
            to += 1;
        }
        self.0.splice(from..to, [(start, end)]);
    }

    /// The gaps of at least this width.
    fn gaps(&self, width: f32) -> Vec<(f32, f32)> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.map(|(a, b)| (a.1, b.0)).filter(|gap| gap.1 - gap.0 >= width).collect()
    }
}
