//! Running heads: headers, footers and page numbers, which are repeated from page to page.

use std::collections::{HashMap, HashSet};

use super::path::Rule;
use super::runs::Run;

/// The part of a page's height, at its top and at its foot, in which running heads stand.
const ZONE: f32 = 0.16;

/// The rows at the top, and at the foot, that may be running heads.
const ROWS: usize = 5;

/// How many pages away another page with the same running head may be.
const REACH: usize = 3;

/// The characters of an artifact that is a running head even where it stands once.
const SHORT: usize = 40;

/// A page with its runs.
#[derive(Debug, Default)]
pub(super) struct PageRuns {
    pub(super) height: f32,
    pub(super) runs: Vec<Run>,
    pub(super) rules: Vec<Rule>,
}

/// Takes running heads off the pages; gives their texts, each once, without mere numbers.
pub(super) fn remove(pages: &mut [PageRuns]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut told: HashSet<String> = HashSet::new();
    let mut edges: Vec<Vec<Edge>> = pages.iter().map(edges).collect();
    let mut places: HashMap<String, Vec<Place>> = HashMap::new();
    for (page, edges) in edges.iter().enumerate() {
        for edge in edges {
            let Edge { y, alone, ref numbers, .. } = *edge;
            let place = Place { page, y, alone, numbers: numbers.clone() };
            places.entry(edge.key.clone()).or_default().push(place);
        }
    }
    let needed = if pages.len() < 4 { 2 } else { 3 };
    // Of two pages the first may have a letterhead, which is text where it stands first.
    let letterhead = |page: usize, edge: &Edge| pages.len() == 2 && page == 0 && edge.key != "#";
    for (page, edges) in edges.iter_mut().enumerate() {
        for edge in edges {
            let all = places.get(&edge.key).map_or(&[][..], Vec::as_slice);
            let from = all.partition_point(|place| place.page + REACH < page);
            let near = all.get(from..).unwrap_or_default().iter();
            let near = near.take_while(|place| place.page <= page + REACH);
            let alike = near.filter(|place| (place.y - edge.y).abs() < 8.0);
            let (mut same, mut counted, mut numbered) = (Vec::new(), Vec::new(), Vec::new());
            for place in alike {
                // Two pages of a leaflet on one, or the order in which it is printed.
                if place.alone && place.page != page && place.numbers != edge.numbers {
                    numbered.push(place.page);
                }
                if place.numbers == edge.numbers {
                    same.push(place.page);
                } else if counts_pages(edge, page, place) {
                    counted.push(place.page);
                }
            }
            same.dedup();
            counted.dedup();
            numbered.dedup();
            let short = edge.key.chars().count() <= SHORT;
            let alone = edge.alone && edge.key == "#" && numbered.len() > 1;
            edge.running = (same.len() >= needed || counted.len() + 1 >= needed || alone)
                && !letterhead(page, edge)
                || edge.artifact && (short || same.len() > 1);
        }
    }
    for (page, edges) in pages.iter_mut().zip(edges) {
        let mut gone = vec![false; page.runs.len()];
        for top in [true, false] {
            for edge in outermost(&edges, top) {
                if let Some(gone) = gone.get_mut(edge.run) {
                    *gone = true;
                }
                let letters = edge.key.chars().filter(|c| c.is_alphabetic()).count();
                if letters > 2 && told.insert(edge.key.clone()) {
                    texts.extend(page.runs.get(edge.run).map(|run| run.text.clone()));
                }
            }
        }
        let mut gone = gone.into_iter();
        page.runs.retain(|_| !gone.next().unwrap_or(false));
    }
    texts
}

/// The running rows of one end of a page, from outside; text that is no running head ends them.
fn outermost(edges: &[Edge], top: bool) -> Vec<&Edge> {
    let mut rows: Vec<&Edge> = edges.iter().filter(|edge| edge.top == top).collect();
    rows.sort_by(|a, b| if top { a.y.total_cmp(&b.y) } else { b.y.total_cmp(&a.y) });
    let mut found = Vec::new();
    let mut others = 0;
    for edge in rows {
        if edge.running {
            found.push(edge);
        } else {
            others += 1;
        }
        if others > 1 {
            break;
        }
    }
    found
}

/// Where a text stands near the top or the foot of a page.
struct Place {
    page: usize,
    y: f32,
    alone: bool,
    numbers: Vec<i64>,
}

/// Whether the numbers of two like texts count the pages: `Article 7` and `Article 9` do not, on
/// pages that follow each other.
fn counts_pages(edge: &Edge, page: usize, other: &Place) -> bool {
    let apart = other.page as i64 - page as i64;
    let pairs = edge.numbers.iter().zip(&other.numbers);
    let mut changed = 0;
    for (here, there) in pairs {
        match there - here {
            0 => {}
            by if by == apart => changed += 1,
            _ => return false,
        }
    }
    changed == 1
}

/// A row near the top or the foot of a page.
#[derive(Debug)]
struct Edge {
    /// Its text in lower case, with `#` for each number.
    key: String,
    /// The numbers that `#` stands for.
    numbers: Vec<i64>,
    y: f32,
    top: bool,
    run: usize,
    /// Whether its row is the outermost one and holds nothing but numbers.
    alone: bool,
    artifact: bool,
    running: bool,
}

fn edges(page: &PageRuns) -> Vec<Edge> {
    let mut order: Vec<usize> = (0..page.runs.len()).collect();
    let run = |at: &usize| page.runs.get(*at);
    order.retain(|at| run(at).is_some_and(|run| run.angle == 0));
    let y = |at: &usize| run(at).map_or(0.0, |run| run.y);
    order.sort_by(|a, b| y(a).total_cmp(&y(b)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let near = |row: &&mut Vec<usize>| {
            let reach = run(&at).map_or(0.0, |run| 0.4 * run.size);
            row.first().is_some_and(|first| (y(&at) - y(first)).abs() < reach)
        };
        match rows.last_mut().filter(near) {
            Some(row) => row.push(at),
            None => rows.push(vec![at]),
        }
    }
    let count = rows.len();
    let mut found = Vec::new();
    for (number, row) in rows.into_iter().enumerate() {
        let Some(first) = row.first().and_then(run) else { continue };
        let top = first.y < page.height * ZONE && number < ROWS;
        let foot = first.y > page.height * (1.0 - ZONE) && number + ROWS >= count;
        if !top && !foot {
            continue;
        }
        let bare = |at: &usize| run(at).is_some_and(|run| key(&run.text).0 == "#");
        let outermost = number == 0 || number + 1 == count;
        let alone = outermost && count > 2 && row.len() < 3 && row.iter().all(bare);
        // A row may hold a header and, beside it, something else, so each of its runs is asked.
        for at in row {
            let Some(run) = page.runs.get(at) else { continue };
            let (key, numbers) = key(&run.text);
            found.push(Edge {
                key,
                numbers,
                y: run.y,
                top,
                run: at,
                alone,
                artifact: run.artifact,
                running: false,
            });
        }
    }
    found
}

fn key(text: &str) -> (String, Vec<i64>) {
    let mut key = String::with_capacity(text.len());
    let mut numbers: Vec<i64> = Vec::new();
    let mut inside = false;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let Some(digit) = c.to_digit(10) else {
            inside = false;
            key.extend(c.to_lowercase());
            continue;
        };
        if !inside {
            inside = true;
            key.push('#');
            numbers.push(0);
        }
        if let Some(number) = numbers.last_mut() {
            *number = number.saturating_mul(10).saturating_add(digit.into());
        }
    }
    match roman(&key) {
        Some(number) => ("#".to_owned(), vec![number]),
        None => (key, numbers),
    }
}

/// The value of a Roman number in lower case.
fn roman(text: &str) -> Option<i64> {
    let value = |c: char| [1, 5, 10, 50, 100].get("ivxlc".find(c)?).copied();
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    let values: Vec<i64> = text.chars().map(value).collect::<Option<_>>()?;
    let next = values.iter().skip(1).chain([&0]);
    Some(values.iter().zip(next).map(|(here, next)| if here < next { -here } else { *here }).sum())
}
