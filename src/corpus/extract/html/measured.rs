//! Measurements on real pages that are not part of the project: run with
//! `cargo test --release --lib html::measured -- --ignored --nocapture`.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::read;
use crate::article::BlockKind;
use crate::corpus::extract::test_data::data;

fn page(path: &std::path::Path) -> String {
    let bytes = fs::read(path).unwrap();
    let mut text = Vec::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
    } else {
        text = bytes;
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The chosen passages of a page, each with the elements that it stands in.
fn with_places(page: &str) -> String {
    let tree = super::Tree::parse(page);
    let passages = super::blocks::passages(&tree);
    let mut lines = String::new();
    for chosen in super::main_text::choose(&tree, &passages) {
        let passage = &passages[chosen];
        let mut at = tree.nodes[passage.node].parent;
        let mut place = String::new();
        while at != 0 {
            let node = &tree.nodes[at];
            let class = node.other_attribute("class").replace(' ', ".");
            place = format!("/{}.{class}#{}{place}", &*node.name, node.other_attribute("id"));
            at = node.parent;
        }
        lines += &format!("{}\t{place}\n", passage.text.replace('\n', " "));
    }
    lines
}

/// Runs of `length` words, counted.
fn shingles(text: &str, length: usize) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let mut counts = HashMap::new();
    if words.is_empty() {
        return counts;
    }
    for run in words.windows(length.min(words.len())) {
        *counts.entry(run.to_vec()).or_default() += 1;
    }
    counts
}

/// Precision and recall of `found` against `truth`.
fn score(found: &str, truth: &str, length: usize) -> (f64, f64) {
    let (found, truth) = (shingles(found, length), shingles(truth, length));
    let both: usize = found.iter().map(|(k, n)| *n.min(truth.get(k).unwrap_or(&0))).sum();
    let share = |of: &HashMap<Vec<&str>, usize>| match of.values().sum::<usize>() {
        0 => 1.0,
        all => both as f64 / all as f64,
    };
    (share(&found), share(&truth))
}

/// Mean precision, recall and F1 of the main text, in the way of the article extraction benchmark
/// of Zyte (runs of four words; F1 of the means), and of single words.
#[test]
#[ignore = "needs test data that is not part of the project"]
fn main_text_of_judged_pages() {
    let Some(folder) = data("html") else { return };
    let truth: HashMap<String, serde_json::Value> =
        serde_json::from_slice(&fs::read(folder.join("ground-truth.json")).unwrap()).unwrap();
    let dump = std::env::var_os("POLIDEX_DUMP").map(PathBuf::from);
    let mut rows = Vec::new();
    let mut time = Duration::ZERO;
    let mut slowest = Duration::ZERO;
    for (name, truth) in &truth {
        let truth = truth["articleBody"].as_str().unwrap_or_default();
        let page = page(&folder.join(format!("pages/{name}.html.gz")));
        let start = Instant::now();
        let draft = read(&page);
        let took = start.elapsed();
        time += took;
        slowest = slowest.max(took);
        let text = |without: fn(BlockKind) -> bool| {
            let kept = draft.blocks.iter().filter(|b| !without(b.kind)).map(|b| &*b.text);
            kept.collect::<Vec<_>>().join("\n\n")
        };
        let all = text(|_| false);
        let body = text(|k| k == BlockKind::Heading(1));
        let strict = text(|k| matches!(k, BlockKind::Heading(1) | BlockKind::Caption));
        if let Some(dump) = &dump {
            fs::write(dump.join(format!("{name}.found")), with_places(&page)).unwrap();
            fs::write(dump.join(format!("{name}.truth")), format!("{truth}\n")).unwrap();
        }
        rows.push((
            name.clone(),
            [
                score(&all, truth, 4),
                score(&body, truth, 4),
                score(&strict, truth, 4),
                score(&all, truth, 1),
            ],
        ));
    }
    let f1 = |(p, r): (f64, f64)| if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
    rows.sort_by(|a, b| f1(a.1[1]).total_cmp(&f1(b.1[1])));
    for (name, scores) in rows.iter().take(40) {
        let (p, r) = scores[1];
        println!("{name} precision {p:.3} recall {r:.3} F1 {:.3}", f1(scores[1]));
    }
    for (at, what) in ["all", "without h1", "without h1 and captions", "all, single words"]
        .into_iter()
        .enumerate()
    {
        let n = rows.len() as f64;
        let p = rows.iter().map(|r| r.1[at].0).sum::<f64>() / n;
        let r = rows.iter().map(|r| r.1[at].1).sum::<f64>() / n;
        let mean = rows.iter().map(|r| f1(r.1[at])).sum::<f64>() / n;
        println!("{what}: precision {p:.4} recall {r:.4} F1 {:.4} mean F1 {mean:.4}", f1((p, r)));
    }
    println!("{} pages, {:?} a page, slowest {slowest:?}", rows.len(), time / rows.len() as u32);
}
