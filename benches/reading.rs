//! From bytes to terms: tokenising, and reading each format.
#![allow(missing_docs)]

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use polidex::corpus::extract::extract;
use polidex::{Language, tokens};

fn tokenising(criterion: &mut Criterion) {
    let text: String = common::articles().iter().map(|article| article.text() + "\n\n").collect();
    let mut group = criterion.benchmark_group("tokens");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("exact forms", |b| b.iter(|| tokens(black_box(&text), Language::UNKNOWN)));
    group.bench_function("English stems", |b| {
        b.iter(|| tokens(black_box(&text), Language::ENGLISH))
    });
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for (format, path) in [
        ("Markdown", "eu/what-digital-sovereignty-means-in-brussels.md"),
        ("HTML", "de/berlin-summit-and-digital-omnibus.html"),
        ("plain text", "eu/data-act-applies.txt"),
        ("UTF-16 text", "int/council-of-europe-ai-convention-signed.txt"),
    ] {
        let bytes = std::fs::read(common::corpus().join(path)).unwrap();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(format, |b| {
            b.iter(|| extract(path, black_box(&bytes), &mut |article| drop(black_box(article))))
        });
    }
    let line =
        serde_json::json!({"id": "1", "title": "T", "text": "digital sovereignty ".repeat(50)});
    let lines = format!("{line}\n").repeat(200);
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("JSON Lines", |b| {
        b.iter(|| {
            extract("a.jsonl", black_box(lines.as_bytes()), &mut |article| drop(black_box(article)))
        })
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = tokenising, reading
}
criterion_main!(benches);
