//! Measurements on real files that are not part of the project: run with
//! `cargo test --release --lib office::measured -- --ignored --nocapture`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::Article;
use crate::corpus::extract::extract;
use crate::corpus::extract::test_data::data;

fn text(path: &str, bytes: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    extract(path, bytes, &mut |article: Article| text += &(article.text() + "\n\n"))
        .map_err(|error| error.reason)?;
    Ok(text)
}

/// Runs of `length` words, counted.
fn shingles(text: &str, length: usize) -> HashMap<Vec<String>, usize> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut counts = HashMap::new();
    for run in words.windows(length.min(words.len()).max(1)) {
        *counts.entry(run.to_vec()).or_default() += 1;
    }
    counts
}

fn f1(found: &str, truth: &str, length: usize) -> f64 {
    let (found, truth) = (shingles(found, length), shingles(truth, length));
    let both: usize = found.iter().map(|(run, n)| *n.min(truth.get(run).unwrap_or(&0))).sum();
    let all = found.values().sum::<usize>() + truth.values().sum::<usize>();
    if all == 0 { 1.0 } else { 2.0 * both as f64 / all as f64 }
}

/// Words and their order in files that were made from Markdown, against what polidex reads of the
/// Markdown. The converter took front matter for text, so it counts as text here too.
#[test]
#[ignore = "needs test data that is not part of the project"]
fn converted_files_have_the_text_of_their_source() {
    let Some(policy) = data("policy") else { return };
    let folder = policy.join("converted-office");
    let dump = std::env::var_os("POLIDEX_DUMP").map(PathBuf::from);
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut all: BTreeMap<String, Vec<(f64, f64, String)>> = BTreeMap::new();
    let mut times: BTreeMap<String, (Duration, usize)> = BTreeMap::new();
    let mut missing = 0;
    for line in manifest.lines().skip(1) {
        let (file, source) = line.split_once('\t').unwrap();
        let format = file.rsplit('.').next().unwrap().to_owned();
        let Ok(markdown) = fs::read_to_string(policy.join(source)) else {
            missing += 1;
            continue;
        };
        let markdown = markdown.replace('\r', "");
        let mut truth = String::new();
        let body = match markdown.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"))
        {
            Some((front, body)) => {
                truth = format!("{front}\n");
                body
            }
            None => &markdown,
        };
        let mut blocks = super::super::markdown::read(body, "md").blocks;
        super::super::normalise::blocks(&mut blocks, super::super::Lines::Inner);
        for block in blocks {
            truth += &(block.text + "\n\n");
        }
        let bytes = fs::read(folder.join(file)).unwrap();
        let start = Instant::now();
        let found = text(file, &bytes).unwrap_or_else(|reason| panic!("{file} {reason}"));
        let time = times.entry(format.clone()).or_default();
        time.0 += start.elapsed();
        time.1 += bytes.len();
        if let Some(dump) = &dump {
            fs::write(dump.join(format!("{file}.found")), &found).unwrap();
            fs::write(dump.join(format!("{file}.truth")), &truth).unwrap();
        }
        let scores = (f1(&found, &truth, 1), f1(&found, &truth, 4), file.to_owned());
        all.entry(format).or_default().push(scores);
    }
    println!("{missing} files whose source is not there");
    for (format, mut scores) in all {
        scores.sort_by(|a, b| a.1.total_cmp(&b.1));
        for (words, order, file) in scores.iter().take(8) {
            println!("{file}: words {words:.4} order {order:.4}");
        }
        let n = scores.len() as f64;
        let words = scores.iter().map(|score| score.0).sum::<f64>() / n;
        let order = scores.iter().map(|score| score.1).sum::<f64>() / n;
        let (time, bytes) = times[&format];
        let rate = bytes as f64 / 1e6 / time.as_secs_f64();
        println!("{format}: {n} files, words {words:.4}, order {order:.4}, {rate:.1} MB/s");
    }
}

/// What becomes of damaged and odd files, and how long that takes.
#[test]
#[ignore = "needs test data that is not part of the project"]
fn odd_files_are_read_or_reported() {
    let Some(folder) = data("malformed/office-and-mail") else { return };
    let mut counts: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, String::new());
    for entry in walkdir::WalkDir::new(&folder) {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let formats =
            ["docx", "doc", "rtf", "odt", "ott", "epub", "pptx", "xlsx", "xls", "ppt", "zip"];
        if !entry.file_type().is_file() || !formats.contains(&&*extension) {
            continue;
        }
        let bytes = fs::read(entry.path()).unwrap();
        let start = Instant::now();
        let mut words = 0;
        let mut notes = Vec::new();
        let dump = std::env::var_os("POLIDEX_DUMP").map(PathBuf::from);
        let result = extract(&name, &bytes, &mut |article| {
            words += article.text().split_whitespace().count();
            if let Some(dump) = &dump {
                let blocks = article.blocks.iter().map(|b| format!("{:?} {}\n", b.kind, b.text));
                fs::write(dump.join(&name), blocks.collect::<String>()).unwrap();
            }
            notes.extend(article.notes);
        });
        let time = start.elapsed();
        if time > slowest.0 {
            slowest = (time, name.clone());
        }
        let (outcome, more) = match result {
            Ok(read) => (format!("read as {}", read.format), format!("{words} words {notes:?}")),
            Err(unreadable) => (unreadable.reason, String::new()),
        };
        counts.entry((extension, outcome)).or_default().push(format!("{name} {more}"));
    }
    for ((extension, outcome), files) in counts {
        println!("{extension}: {outcome}: {}", files.len());
        for file in files {
            println!("    {file}");
        }
    }
    println!("slowest {slowest:?}");
}
