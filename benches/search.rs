//! Each kind of query, ten hits with their passages; and passages of short and long articles.
#![allow(missing_docs)]

mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use polidex::{Index, Query, SearchOptions};

fn kinds(criterion: &mut Criterion) {
    let searcher = common::index(100).searcher().unwrap();
    let mut group = criterion.benchmark_group("search 6,900 articles");
    for (kind, query) in [
        ("word", "sovereignty"),
        ("two words", "digital sovereignty"),
        ("either of four", "cloud OR sovereignty OR prohibited OR model"),
        ("phrase", "\"digital sovereignty\""),
        ("frequent phrase", "\"of the\""),
        ("near", "cloud NEAR/5 sovereignty"),
        ("prefix", "sovereign*"),
        ("fuzzy", "sovereignity~2"),
        ("one sentence", "cloud SAME/s sovereignty"),
        ("title", "title:sovereignty"),
        ("filtered", "sovereignty lang:fr date:2025"),
        ("nothing", "\"sovereignty digital the\""),
    ] {
        let query = Query::parse(query).unwrap();
        group.bench_function(kind, |b| {
            b.iter(|| searcher.search(&query, &SearchOptions::default()).unwrap())
        });
    }
    group.finish();
}

fn passages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one hit with its passages");
    for bytes in [6_000, 1_000_000] {
        let index = Index::in_memory().unwrap();
        index.add([common::long_article(bytes)]).unwrap();
        let searcher = index.searcher().unwrap();
        for (kind, query) in
            [("one match", "\"abstemious otter\""), ("many matches", "sovereignty")]
        {
            let query = Query::parse(query).unwrap();
            group.bench_function(format!("{kind} in {bytes} bytes"), |b| {
                b.iter(|| searcher.search(&query, &SearchOptions::default()).unwrap())
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = kinds, passages
}
criterion_main!(benches);
