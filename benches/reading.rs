//! From bytes to terms: tokenising, and reading each format.
#![allow(missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

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

/// Processor time of this thread in seconds; where the system does not tell it, time by the clock.
fn seconds(work: impl FnOnce()) -> f64 {
    let spent = || {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        stat.split_whitespace().next()?.parse::<f64>().ok()
    };
    let (before, start) = (spent(), Instant::now());
    work();
    match (before, spent()) {
        (Some(before), Some(after)) => (after - before) / 1e9,
        _ => start.elapsed().as_secs_f64(),
    }
}

/// Every format over the files of `POLIDEX_DATA`: the best of three times through them, in processor
/// time, so that it says something on a busy machine too.
fn formats(_: &mut Criterion) {
    let Some(data) = std::env::var_os("POLIDEX_DATA").map(PathBuf::from) else {
        println!("formats: left out, since POLIDEX_DATA does not name a folder of files");
        return;
    };
    let mut files: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for part in ["policy", "html", "malformed"] {
        let entries = walkdir::WalkDir::new(data.join(part)).sort_by_file_name().into_iter();
        for entry in entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = name.strip_suffix(".gz").unwrap_or(&name);
            let Some((_, ending)) = inner.rsplit_once('.') else { continue };
            // A file that is none costs next to nothing, and would say that reading is fast.
            if let Ok(bytes) = std::fs::read(entry.path())
                && extract(&name, &bytes, &mut |_| {}).is_ok()
            {
                files.entry(ending.to_ascii_lowercase()).or_default().push((name, bytes));
            }
        }
    }
    println!("| ending | files | MB | MB of text | seconds | MB/s | MB of text/s |");
    for (ending, files) in files {
        let mut text = 0;
        let mut pass = || {
            text = 0;
            seconds(|| {
                for (name, bytes) in &files {
                    let _ = extract(name, black_box(bytes), &mut |article| {
                        text += article.blocks.iter().map(|block| block.text.len()).sum::<usize>();
                    });
                }
            })
        };
        let best = (0..3).map(|_| pass()).fold(f64::INFINITY, f64::min);
        let read = files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() as f64 / 1e6;
        let text = text as f64 / 1e6;
        println!(
            "| {ending} | {} | {read:.2} | {text:.2} | {best:.3} | {:.1} | {:.1} |",
            files.len(),
            read / best,
            text / best
        );
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = tokenising, reading, formats
}
criterion_main!(benches);
