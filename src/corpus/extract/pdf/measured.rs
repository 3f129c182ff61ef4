//! Measurements on real documents that are not part of the project, against `pdftotext` of poppler:
//! run with `cargo test --release --lib pdf::measured -- --ignored --nocapture`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::corpus::extract::extract;

/// The PDF files of the test data, if they are there.
fn documents(part: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("POLIDEX_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    );
    let files = walkdir::WalkDir::new(root.join(part)).sort_by_file_name();
    let files = files.into_iter().filter_map(|entry| Some(entry.ok()?.into_path()));
    let found: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "pdf")).collect();
    if found.is_empty() {
        println!("skipped: no PDF at {} (set POLIDEX_DATA)", root.join(part).display());
    }
    found
}

/// What poppler reads, a text a page.
fn poppler(path: &Path) -> Option<(Vec<String>, Duration)> {
    let start = Instant::now();
    let output = Command::new("pdftotext").arg(path).arg("-").output().ok()?;
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut pages: Vec<String> = text.split('\u{C}').map(str::to_owned).collect();
    pages.pop();
    output.status.success().then_some((pages, took))
}

/// What polidex reads, a text a page.
fn ours(path: &Path) -> (Result<Vec<String>, String>, Duration) {
    let bytes = std::fs::read(path).unwrap();
    let mut pages: Vec<String> = Vec::new();
    let mut place = |page: u32, text: &str| {
        pages.resize(pages.len().max(page as usize), String::new());
        let page = &mut pages[page as usize - 1];
        page.push_str(text);
        page.push_str("\n\n");
    };
    let start = Instant::now();
    let mut articles = Vec::new();
    let result = extract("a.pdf", &bytes, &mut |article| articles.push(article));
    let took = start.elapsed();
    for block in articles.iter().flat_map(|article| &article.blocks) {
        let mut page = block.page.unwrap_or(1);
        let mut from = 0;
        for at in block.breaks.iter().map(|at| *at as usize) {
            place(page, &block.text[from..at]);
            (from, page) = (at, page + 1);
        }
        place(page, &block.text[from..]);
    }
    (result.map(|_| pages).map_err(|error| error.reason), took)
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let ligatures = [("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl")];
    let text = ligatures.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// F1 of runs of `length` words.
fn f1(found: &[String], truth: &[String], length: usize) -> f64 {
    let count = |words: &[String]| {
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        for run in words.windows(length) {
            *counts.entry(run.to_vec()).or_default() += 1;
        }
        counts
    };
    let (found, truth) = (count(found), count(truth));
    let both: usize = found.iter().map(|(run, n)| *n.min(truth.get(run).unwrap_or(&0))).sum();
    let all = found.values().sum::<usize>() + truth.values().sum::<usize>();
    if all == 0 { 1.0 } else { 2.0 * both as f64 / all as f64 }
}

/// Pages without the lines near their ends that are repeated on pages near them.
fn without_heads(pages: &[String]) -> Vec<String> {
    let key = |line: &str| {
        let mut key: String =
            line.chars().filter(|c| !c.is_whitespace() && !c.is_ascii_digit()).collect();
        key.make_ascii_lowercase();
        key
    };
    let lines = |page: &String| -> Vec<String> {
        page.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    };
    let is_edge = |at: usize, count: usize| at < 4 || at + 4 >= count;
    let pages: Vec<Vec<String>> = pages.iter().map(lines).collect();
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, page) in pages.iter().enumerate() {
        for (at, line) in page.iter().enumerate() {
            if is_edge(at, page.len()) {
                places.entry(key(line)).or_default().push(number);
            }
        }
    }
    let needed = if pages.len() < 4 { 2 } else { 3 };
    let repeated = |number: usize, line: &str| {
        let mut near: Vec<usize> =
            places[&key(line)].iter().copied().filter(|n| n.abs_diff(number) <= 3).collect();
        near.dedup();
        near.len() >= needed
    };
    let kept = pages.iter().enumerate().map(|(number, page)| {
        let kept = page.iter().enumerate();
        let kept = kept.filter(|(at, line)| !is_edge(*at, page.len()) || !repeated(number, line));
        kept.map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n")
    });
    kept.collect()
}

fn against_poppler(part: &str) {
    let mut rows = Vec::new();
    let (mut time, mut poppler_time) = (Duration::ZERO, Duration::ZERO);
    for path in documents(part) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (read, took) = ours(&path);
        time += took;
        let Some((truth, took)) = poppler(&path) else {
            println!("poppler fails: {name} ({:?})", read.map(|pages| pages.len()));
            continue;
        };
        poppler_time += took;
        let pages = match read {
            Ok(pages) => pages,
            Err(reason) => {
                println!("{name}: {reason}; poppler {} words", words(&truth.concat()).len());
                if words(&truth.concat()).len() < 10 {
                    continue;
                }
                Vec::new()
            }
        };
        let raw = words(&truth.join("\n"));
        if raw.len() < 10 {
            continue;
        }
        let found = words(&pages.join("\n"));
        let bare = words(&without_heads(&truth).join("\n"));
        let by_page = truth.iter().enumerate().filter(|(_, page)| words(page).len() >= 20);
        let by_page: Vec<f64> = by_page
            .map(|(n, page)| f1(&words(pages.get(n).map_or("", String::as_str)), &words(page), 1))
            .collect();
        let page_mean = by_page.iter().sum::<f64>() / by_page.len().max(1) as f64;
        let scores = [
            f1(&found, &raw, 1),
            f1(&found, &raw, 4),
            f1(&found, &bare, 1),
            f1(&found, &bare, 4),
            if by_page.is_empty() { 1.0 } else { page_mean },
        ];
        rows.push((name, scores));
    }
    rows.sort_by(|a, b| a.1[2].total_cmp(&b.1[2]));
    for (name, [w, q, bare_w, bare_q, page]) in rows.iter().take(15) {
        println!("{w:.3} {q:.3} | {bare_w:.3} {bare_q:.3} | pages {page:.3} {name}");
    }
    let mean = |at: usize| rows.iter().map(|row| row.1[at]).sum::<f64>() / rows.len() as f64;
    println!(
        "{part}: {} documents; words {:.4}, runs of four {:.4}; heads left out of both: words {:.4}, \
         runs of four {:.4}; words page by page {:.4}; {time:?}, poppler {poppler_time:?}",
        rows.len(),
        mean(0),
        mean(1),
        mean(2),
        mean(3),
        mean(4),
    );
}

#[test]
#[ignore = "needs test data that is not part of the project, and pdftotext"]
fn real_documents_read_as_poppler_reads_them() {
    against_poppler("policy");
}

#[test]
#[ignore = "needs test data that is not part of the project, and pdftotext"]
fn odd_documents_read_as_poppler_reads_them() {
    against_poppler("malformed/pdf-samples");
    against_poppler("malformed/pdf-miner");
}
