//! How long answers take: p50, p90, p99 and the slowest of every class of query, with ten hits and
//! their passages, on a warm searcher.
//!
//! `cargo bench --bench latency -- INDEX QUERIES [ROUNDS]`: an index folder, and a file of JSON
//! Lines whose `query` is one to several words (`+a +b` and quotation marks are taken off). The
//! classes are made of its words, the same for every index.
#![allow(missing_docs)]

use std::collections::BTreeSet;
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
    for (class, queries) in classes(&texts(queries)) {
        row(&searcher, class, &queries, rounds);
    }
}

/// The queries of the file, as lists of words.
fn texts(path: &str) -> Vec<Vec<String>> {
    let file = std::fs::read_to_string(path).expect("the file of queries");
    let mut seen = BTreeSet::new();
    file.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| {
            let text = record["query"].as_str()?.replace(['+', '"', '-', '(', ')'], " ");
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            (!words.is_empty() && seen.insert(words.clone())).then_some(words)
        })
        .collect()
}

fn classes(texts: &[Vec<String>]) -> Vec<(&'static str, Vec<String>)> {
    let words: BTreeSet<&str> = texts.iter().flatten().map(String::as_str).collect();
    let words: Vec<&str> = words.into_iter().collect();
    // Neighbours in the alphabet are no company; a stride brings words of all kinds together.
    let mixed: Vec<&str> = (0..words.len()).map(|n| words[n * 37 % words.len()]).collect();
    let groups = |size: usize, with: &str| -> Vec<String> {
        mixed.chunks_exact(size).map(|group| group.join(with)).collect()
    };
    let several = || texts.iter().filter(|words| words.len() > 1);
    let pairs = |with: &str| several().map(|w| format!("{} {with} {}", w[0], w[1])).collect();
    let list = |queries: &[&str]| queries.iter().map(|query| (*query).to_owned()).collect();
    vec![
        ("term", words.iter().map(|word| (*word).to_owned()).collect()),
        ("AND of 2", pairs("AND")),
        ("AND of 3 or more", several().filter(|w| w.len() > 2).map(|w| w.join(" AND ")).collect()),
        ("OR of 2", pairs("OR")),
        ("OR of 4", groups(4, " OR ")),
        ("OR of 8", groups(8, " OR ")),
        ("phrase", several().map(|words| format!("\"{}\"", words.join(" "))).collect()),
        ("NEAR/5", pairs("NEAR/5")),
        ("SAME/s", pairs("SAME/s")),
        ("prefix", prefixes(&words)),
        ("fuzzy", words.iter().filter(|w| w.len() > 4).map(|word| format!("{word}~")).collect()),
        ("date and language", words.iter().map(|w| format!("{w} lang:en since:2000")).collect()),
        (
            "of frequent words",
            list(&["\"of the\"", "the AND of", "the OR of OR and", "the NEAR/5 of", "\"in the\""]),
        ),
    ]
}

fn prefixes(words: &[&str]) -> Vec<String> {
    let long = words.iter().filter(|word| word.is_ascii() && word.len() > 5);
    long.map(|word| format!("{}*", &word[..5])).collect()
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
