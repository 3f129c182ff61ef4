//! How long answers take: p50, p90, p99 and the slowest of every class of query, with ten hits and
//! their passages, on a warm searcher.
//!
//! `cargo bench --bench latency -- INDEX QUERIES [ROUNDS] [DOCUMENTS]`: an index folder, and a file
//! of JSON Lines whose `query` is one to several words. The classes are made of its words, those of
//! AND of 4 and of 8 of the words of each 400th `text` in DOCUMENTS, JSON Lines too.
#![allow(missing_docs)]

#[path = "common/classes.rs"]
mod classes;

use std::time::Instant;

use polidex::search::SearchProfile;
use polidex::{Error, Index, Query, SearchOptions, Searcher};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [index, queries, rest @ ..] = &arguments[..] else {
        println!("skipped: give the folder of an index and a file of queries");
        return;
    };
    let rounds = rest.first().map_or(3, |rounds| rounds.parse().expect("a number of rounds"));
    let searcher = Index::open(index).and_then(|index| index.searcher()).expect("an index");
    println!(
        "class             queries  refused   p50 ms   p90 ms   p99 ms   max ms  \
         of the mean, µs: plan match rank group quote  the slowest"
    );
    let file = std::fs::read_to_string(queries).expect("the file of queries");
    let documents = rest.get(1).map_or(String::new(), |path| {
        std::fs::read_to_string(path).expect("the file of documents")
    });
    let texts: Vec<String> = documents
        .lines()
        .step_by(400)
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| record["text"].as_str().map(str::to_owned))
        .collect();
    for class in classes::classes(&file, &texts) {
        let queries: Vec<String> =
            class.queries.iter().map(|words| class.shape.query(words)).collect();
        row(&searcher, class.name, &queries, rounds);
    }
}

fn row(searcher: &Searcher, class: &str, queries: &[String], rounds: u32) {
    let mut times = Vec::new();
    let mut refused = 0;
    let mut steps = [0.0; 5];
    let options = SearchOptions::default();
    for text in queries {
        let Ok(query) = Query::parse(text) else {
            refused += 1;
            continue;
        };
        // The best of the rounds: what else the machine does is no part of the answer.
        let (mut best, mut profile) = (f64::INFINITY, SearchProfile::default());
        let mut failed = false;
        for _ in 0..rounds {
            let start = Instant::now();
            match searcher.search(&query, &options) {
                Ok(answer) => profile = std::hint::black_box(answer).profile,
                Err(Error::Query(_)) => failed = true,
                Err(error) => panic!("{text}: {error}"),
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
        }
        if failed {
            refused += 1;
        } else {
            times.push((best, text));
            for (sum, (_, time)) in steps.iter_mut().zip(profile.steps()) {
                *sum += time.as_secs_f64() * 1e6;
            }
        }
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((slowest, query)) = times.last() else { return };
    let steps = steps.map(|sum| format!("{:.0}", sum / times.len() as f64)).join(" ");
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].0;
    println!(
        "{class:<17} {:>7} {refused:>8} {:>8.3} {:>8.3} {:>8.3} {slowest:>8.2}  {steps}  {query}",
        queries.len(),
        at(0.5),
        at(0.9),
        at(0.99),
    );
}
