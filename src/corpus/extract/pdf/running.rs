//! Running heads: headers, footers and page numbers, which are repeated from page to page.

use std::collections::{HashMap, HashSet};

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
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) runs: Vec<Run>,
}

/// Takes running heads off the pages; gives their texts, each once, without mere numbers.
pub(super) fn remove(pages: &mut [PageRuns]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut told: HashSet<String> = HashSet::new();
    let mut edges: Vec<Vec<Edge>> = pages.iter().map(edges).collect();
    let mut places: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
    for (page, edges) in edges.iter().enumerate() {
        for edge in edges {
            places.entry(edge.key.clone()).or_default().push((page, edge.y));
        }
    }
    // On two pages a repetition is chance more often than not.
    let needed = if pages.len() < 4 { 2 } else { 3 };
    for (page, edges) in edges.iter_mut().enumerate() {
        for edge in edges {
            let all = places.get(&edge.key).map_or(&[][..], Vec::as_slice);
            let from = all.partition_point(|(other, _)| other + REACH < page);
            let near = all.get(from..).unwrap_or_default().iter();
            let near = near.take_while(|(other, _)| *other <= page + REACH);
            let mut pages: Vec<usize> =
                near.filter(|(_, y)| (y - edge.y).abs() < 8.0).map(|(other, _)| *other).collect();
            pages.dedup();
            let short = edge.key.chars().count() <= SHORT;
            edge.running = pages.len() >= needed || edge.artifact && (short || pages.len() > 1);
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

/// A row near the top or the foot of a page.
#[derive(Debug)]
struct Edge {
    /// Its text in lower case, with `#` for each number.
    key: String,
    y: f32,
    top: bool,
    run: usize,
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
        // A row may hold a header and, beside it, something else, so each of its runs is asked.
        for at in row {
            let Some(run) = page.runs.get(at) else { continue };
            found.push(Edge {
                key: key(&run.text),
                y: run.y,
                top,
                run: at,
                artifact: run.artifact,
                running: false,
            });
        }
    }
    found
}

fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !key.ends_with('#') {
                key.push('#');
            }
        } else if !c.is_whitespace() {
            key.extend(c.to_lowercase());
        }
    }
    let roman = !key.is_empty() && key.len() <= 6 && key.chars().all(|c| "ivxlc".contains(c));
    if roman { "#".to_owned() } else { key }
}
