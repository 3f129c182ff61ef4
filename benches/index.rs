//! Building an index, and an update that changes nothing.
#![allow(missing_docs)]

mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use polidex::{Corpus, Index, UpdateOptions};

fn building(criterion: &mut Criterion) {
    let articles = common::articles();
    let bytes: usize = articles.iter().map(|article| article.text().len()).sum();
    let mut group = criterion.benchmark_group("index");
    group.throughput(Throughput::Bytes(20 * bytes as u64));
    group.bench_function("1,380 articles", |b| b.iter(|| common::index(20)));
    group.finish();
}

fn updating(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10_000 {
        let path = folder.path().join(format!("{}/{number}.txt", number % 100));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("Article number {number} on digital sovereignty.")).unwrap();
    }
    let place = tempfile::tempdir().unwrap();
    let index = Index::create(place.path()).unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let update = || index.update(&corpus, &UpdateOptions::default()).unwrap();
    update();
    // Files as young as these are looked at once more, and then known.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    update();
    criterion.bench_function("update, nothing changed in 10,000 files", |b| {
        b.iter(|| assert!(!update().committed))
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = building, updating
}
criterion_main!(benches);
