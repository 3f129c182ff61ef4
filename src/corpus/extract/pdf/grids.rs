//! Grids: tables whose cells are drawn, by lines between them or as boxes side by side.
//!
//! Lines that touch make up a grid; two fields of it are one cell where no line parts them, as in
//! Nurminen, "Algorithmic Extraction of Data in Tables in PDF Documents" (Tampere 2013). What looks
//! like a grid and is none, such as boxes behind a text, is told by text that runs over its lines.

use super::path::Rule;
use super::runs::Run;

/// The lines of a page, joined where they go on, beyond which no grids are looked for.
const MAX_LINES: usize = 1500;

/// The fields of one grid.
const MAX_FIELDS: usize = 6000;

/// How far apart, in points, two lines may be that are meant as one.
const NEAR: f32 = 2.5;

/// What stands on a page from top to bottom.
pub(super) enum Band {
    Text(Vec<Run>),
    /// The cells of a grid in reading order, row by row.
    Grid(Vec<Vec<Run>>),
}

/// Parts the runs of a page at its grids.
pub(super) fn bands(runs: Vec<Run>, rules: &[Rule]) -> Vec<Band> {
    let mut found: Vec<Found> = Vec::new();
    for lines in connected(rules) {
        if let Some(grid) = Grid::of(&lines)
            && let Some(cells) = grid.filled(&runs)
            && !found.iter().any(|other| other.y0 < grid.y1() && grid.y0() < other.y1)
        {
            found.push(Found { y0: grid.y0(), y1: grid.y1(), cells });
        }
    }
    found.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let mut cell_of: Vec<Option<(usize, usize)>> = vec![None; runs.len()];
    for (grid, Found { cells, .. }) in found.iter().enumerate() {
        for (cell, members) in cells.iter().enumerate() {
            for run in members {
                if let Some(of) = cell_of.get_mut(*run) {
                    *of = Some((grid, cell));
                }
            }
        }
    }
    let mut texts: Vec<Vec<Run>> = vec![Vec::new(); found.len() + 1];
    let mut grids: Vec<Vec<Vec<Run>>> =
        found.iter().map(|grid| vec![Vec::new(); grid.cells.len()]).collect();
    for (run, of) in runs.into_iter().zip(cell_of) {
        let above = found.iter().take_while(|grid| grid.y0 < middle(&run)).count();
        let place = match of {
            Some((grid, cell)) => grids.get_mut(grid).and_then(|cells| cells.get_mut(cell)),
            None => texts.get_mut(above),
        };
        if let Some(place) = place {
            place.push(run);
        }
    }
    let mut bands = Vec::new();
    let mut grids = grids.into_iter();
    for text in texts {
        if !text.is_empty() {
            bands.push(Band::Text(text));
        }
        bands.extend(grids.next().map(Band::Grid));
    }
    bands
}

/// The height at which most of the letters of a run stand.
fn middle(run: &Run) -> f32 {
    run.y - 0.3 * run.size
}

struct Found {
    y0: f32,
    y1: f32,
    /// The runs of each cell, by number.
    cells: Vec<Vec<usize>>,
}

/// A level or upright line.
#[derive(Debug, Clone, Copy)]
struct Line {
    upright: bool,
    /// Its height if it is level, else how far it is from the left.
    at: f32,
    from: f32,
    to: f32,
}

impl Line {
    fn touches(&self, other: &Line) -> bool {
        let reaches = |line: &Line, at: f32| line.from - NEAR <= at && at <= line.to + NEAR;
        self.upright != other.upright && reaches(self, other.at) && reaches(other, self.at)
    }

    /// Whether it parts two fields whose common side has this middle.
    fn parts(&self, at: f32, middle: f32) -> bool {
        (self.at - at).abs() < 0.1 && self.from - 1.0 <= middle && middle <= self.to + 1.0
    }
}

/// The lines of one direction, brought onto common places and joined where they go on.
fn lines(rules: &[Rule], upright: bool) -> Vec<Line> {
    let line = |rule: &Rule| {
        let (width, height) = (rule.x1 - rule.x0, rule.y1 - rule.y0);
        let (length, at, from, to) = match upright {
            true => (height, (rule.x0 + rule.x1) / 2.0, rule.y0, rule.y1),
            false => (width, (rule.y0 + rule.y1) / 2.0, rule.x0, rule.x1),
        };
        // The ends of a line that is drawn as a thin box are none.
        (length > 4.0 && (height > width) == upright).then_some(Line { upright, at, from, to })
    };
    let mut all: Vec<Line> = rules.iter().filter_map(line).collect();
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut mark = f32::MIN;
    for line in &mut all {
        if line.at - mark > NEAR {
            mark = line.at;
        }
        line.at = mark;
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut joined: Vec<Line> = Vec::new();
    for line in all {
        match joined.last_mut() {
            Some(last) if last.at == line.at && line.from <= last.to + NEAR => {
                last.to = last.to.max(line.to);
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// Lines that hang together, those with the most lines first.
fn connected(rules: &[Rule]) -> Vec<Vec<Line>> {
    let mut all = lines(rules, false);
    all.extend(lines(rules, true));
    if all.len() > MAX_LINES {
        return Vec::new();
    }
    let mut groups = Groups::new(all.len());
    for (a, line) in all.iter().enumerate() {
        for (b, other) in all.iter().enumerate().skip(a + 1) {
            if line.touches(other) {
                groups.join(a, b);
            }
        }
    }
    let mut found: Vec<Vec<Line>> = vec![Vec::new(); all.len()];
    for (number, line) in all.into_iter().enumerate() {
        if let Some(group) = found.get_mut(groups.of(number)) {
            group.push(line);
        }
    }
    found.retain(|group| group.len() > 4);
    found.sort_by_key(|group| std::cmp::Reverse(group.len()));
    found
}

/// Numbers that are joined into groups.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    /// The least number of a group.
    fn of(&mut self, mut at: usize) -> usize {
        while let Some(&above) = self.0.get(at).filter(|above| **above != at) {
            let next = self.0.get(above).copied().unwrap_or(above);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = next;
            }
            at = above;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Fields between lines, some of them joined into cells.
struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// The cell of each field, row by row: the least number of its fields.
    cells: Vec<usize>,
}

impl Grid {
    fn of(lines: &[Line]) -> Option<Grid> {
        let places = |upright: bool| {
            let mut places: Vec<f32> =
                lines.iter().filter(|l| l.upright == upright).map(|l| l.at).collect();
            // The sides of a table are often open.
            let across = lines.iter().filter(|l| l.upright != upright);
            let (low, high) = across
                .fold((f32::MAX, f32::MIN), |(low, high), l| (low.min(l.from), high.max(l.to)));
            for end in [low, high] {
                if !places.iter().any(|at| (at - end).abs() < 2.0 * NEAR) {
                    places.push(end);
                }
            }
            places.sort_by(f32::total_cmp);
            places.dedup();
            places
        };
        let (xs, ys) = (places(true), places(false));
        let (columns, rows) = (xs.len() - 1, ys.len() - 1);
        if columns < 2 || rows < 2 || columns * rows > MAX_FIELDS {
            return None;
        }
        let mut groups = Groups::new(columns * rows);
        let between =
            |places: &[f32], at: usize| Some((places.get(at)? + places.get(at + 1)?) / 2.0);
        let parted = |upright: bool, at: f32, middle: f32| {
            lines.iter().any(|line| line.upright == upright && line.parts(at, middle))
        };
        for row in 0..rows {
            for column in 0..columns {
                let field = row * columns + column;
                let (x, y) = (between(&xs, column)?, between(&ys, row)?);
                if column > 0 && !parted(true, *xs.get(column)?, y) {
                    groups.join(field - 1, field);
                }
                if row > 0 && !parted(false, *ys.get(row)?, x) {
                    groups.join(field - columns, field);
                }
            }
        }
        let cells = (0..columns * rows).map(|field| groups.of(field)).collect();
        Some(Grid { xs, ys, cells })
    }

    fn y0(&self) -> f32 {
        self.ys.first().copied().unwrap_or(0.0)
    }

    fn y1(&self) -> f32 {
        self.ys.last().copied().unwrap_or(0.0)
    }

    /// The runs of each cell that has some, if they make this a table that has its heights of the
    /// page for itself.
    fn filled(&self, runs: &[Run]) -> Option<Vec<Vec<usize>>> {
        let columns = self.xs.len() - 1;
        let sides = self.sides(columns);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.cells.len()];
        let (mut letters, mut across) = (0, 0);
        for (number, run) in runs.iter().enumerate() {
            let y = middle(run);
            if y <= self.y0() || y >= self.y1() {
                continue;
            }
            let place =
                |places: &[f32], at: f32| places.partition_point(|p| *p <= at).checked_sub(1);
            let column = place(&self.xs, (run.x0 + run.x1) / 2.0).filter(|c| *c < columns)?;
            let row = place(&self.ys, y)?;
            let cell = *self.cells.get(row * columns + column)?;
            let (left, right) = sides.get(cell).copied()?;
            letters += run.length;
            if run.x0 < left - 3.0 || run.x1 > right + 3.0 {
                across += run.length;
            }
            members.get_mut(cell)?.push(number);
        }
        let filled = members.iter().filter(|runs| !runs.is_empty()).count();
        let rows = members.chunks(columns);
        let rows = rows.filter(|row| row.iter().filter(|runs| !runs.is_empty()).count() > 1);
        let table = filled > 3 && rows.count() > 1 && across * 50 <= letters;
        table.then(|| members.into_iter().filter(|runs| !runs.is_empty()).collect())
    }

    /// The left and right side of each cell.
    fn sides(&self, columns: usize) -> Vec<(f32, f32)> {
        let mut sides = vec![(f32::MAX, f32::MIN); self.cells.len()];
        for (field, cell) in self.cells.iter().enumerate() {
            let column = field % columns;
            if let Some(side) = sides.get_mut(*cell)
                && let (Some(left), Some(right)) = (self.xs.get(column), self.xs.get(column + 1))
            {
                *side = (side.0.min(*left), side.1.max(*right));
            }
        }
        sides
    }
}
