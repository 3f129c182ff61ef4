//! Tables without rules: rows of a region whose cells stand one under another.

use super::columns::Row;
use super::paragraphs::{Marker, is_page_number, marker};
use super::runs::Run;

/// A part of a region.
pub(super) enum Part {
    /// Rows that are lines of running text.
    Lines(Vec<Row>),
    /// The cells of a table in reading order, row by row; each as its lines.
    Table(Vec<Vec<Run>>),
    /// Rows that are entries of their own, such as those of a table of contents.
    Entries(Vec<Row>),
}

/// Parts a region into running text and tables.
pub(super) fn parts(rows: Vec<Row>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines: Vec<Row> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        if cells(&row) < 2 {
            lines.push(row);
            continue;
        }
        let mut table = vec![row];
        while let Some(next) = rows.next_if(|next| goes_on(&table, next)) {
            table.push(next);
        }
        // Lines at the end that have one cell only are text again.
        let kept = table.iter().rposition(|row| cells(row) > 1).map_or(0, |last| last + 1);
        let rest = table.split_off(kept);
        let several = table.iter().filter(|row| cells(row) > 1).count();
        if several >= 2 && aligned(&table) {
            if !lines.is_empty() {
                parts.push(Part::Lines(std::mem::take(&mut lines)));
            }
            parts.push(if is_contents(&table) { Part::Entries(table) } else { grid(table) });
        } else {
            lines.extend(table);
        }
        lines.extend(rest);
    }
    if !lines.is_empty() {
        parts.push(Part::Lines(lines));
    }
    parts
}

/// The cells of a row; the marker of an item is none.
fn cells(row: &Row) -> usize {
    let marked = row.runs.first().is_some_and(|run| is_marker(&run.text));
    row.runs.len() - usize::from(marked && row.runs.len() > 1)
}

fn is_marker(text: &str) -> bool {
    marker(&format!("{text} x")).is_some() || marker(text) == Some(Marker::Bullet) || {
        let bare = text.trim_end_matches(['.', ')']);
        bare.len() <= 6 && !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.')
    }
}

fn goes_on(table: &[Row], next: &Row) -> bool {
    let Some(last) = table.last() else { return false };
    let near = next.y - last.y < 3.2 * last.size.max(next.size);
    near && (cells(next) > 1 || within_a_column(table, next))
}

/// Whether a row of one cell is the further line of a cell above.
fn within_a_column(table: &[Row], next: &Row) -> bool {
    let (Some(run), Some(above)) = (next.runs.first(), table.iter().rev().find(|r| cells(r) > 1))
    else {
        return false;
    };
    let near = table.last().is_some_and(|last| next.y - last.y < 1.6 * last.size.max(next.size));
    let columns = above.runs.iter();
    let under = columns.filter(|cell| cell.x0 < run.x1 && run.x0 < cell.x1).count();
    near && under <= 1
}

/// Whether most rows of several cells begin, end or centre a cell where another row does.
fn aligned(table: &[Row]) -> bool {
    let rows: Vec<&Row> = table.iter().filter(|row| cells(row) > 1).collect();
    let fits = |row: &Row, other: &Row| {
        let mut later = row.runs.iter().skip(1);
        later.any(|cell| {
            other.runs.iter().skip(1).any(|with| {
                let near = |a: f32, b: f32| (a - b).abs() < 0.6 * row.size;
                near(cell.x0, with.x0)
                    || near(cell.x1, with.x1)
                    || near(cell.x0 + cell.x1, with.x0 + with.x1)
            })
        })
    };
    let pairs = rows.iter().zip(rows.iter().skip(1));
    let (all, good) =
        pairs.fold((0, 0), |(all, good), (a, b)| (all + 1, good + usize::from(fits(a, b))));
    good * 2 >= all && good > 0
}

/// Whether the last cell of nearly every row is a page number.
fn is_contents(table: &[Row]) -> bool {
    let entry = |row: &&Row| match row.runs.as_slice() {
        [_, page] => is_page_number(&page.text),
        [number, _, page] => is_marker(&number.text) && is_page_number(&page.text),
        _ => false,
    };
    let good = table.iter().filter(entry).count();
    good * 10 >= table.len() * 8
}

/// The cells of a table: a row that begins in the first column begins a row of the table, others
/// go on with the cells above.
fn grid(rows: Vec<Row>) -> Part {
    // Cells that span columns must not join them, so only rows of the usual count are asked.
    let mut counts: Vec<usize> = rows.iter().map(|row| row.runs.len()).filter(|n| *n > 1).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(0);
    let rows_of_usual = || rows.iter().filter(|row| row.runs.len() == usual);
    // In the middle of the gap that most rows have there: a row that is a line of text by chance
    // must not join columns.
    let gutters: Vec<f32> = (1..usual)
        .filter_map(|at| {
            let side = |of: fn(&Run) -> f32, at: usize| {
                let mut all: Vec<f32> =
                    rows_of_usual().filter_map(|row| row.runs.get(at).map(of)).collect();
                all.sort_by(f32::total_cmp);
                all.get(all.len() / 2).copied()
            };
            Some((side(|run| run.x1, at - 1)? + side(|run| run.x0, at)?) / 2.0)
        })
        .collect();
    let of = |run: &Run| {
        let middle = (run.x0 + run.x1) / 2.0;
        gutters.iter().filter(|gutter| **gutter < middle).count()
    };
    let mut cells: Vec<Vec<Run>> = Vec::new();
    let mut open: Vec<Vec<Run>> = vec![Vec::new(); gutters.len() + 1];
    let mut last_y = f32::MIN;
    for row in rows {
        let first = row.runs.iter().any(|run| of(run) == 0);
        let apart = row.y - last_y > 1.45 * row.size;
        if first || apart {
            cells.extend(open.iter_mut().map(std::mem::take).filter(|cell| !cell.is_empty()));
        }
        last_y = row.y;
        for run in row.runs {
            let at = of(&run);
            if let Some(cell) = open.get_mut(at) {
                cell.push(run);
            }
        }
    }
    cells.extend(open.into_iter().filter(|cell| !cell.is_empty()));
    Part::Table(cells)
}
