//! Another tool using polidex: indexes a folder and searches it.
//!
//! `cargo run --example embed [FOLDER [QUERY]]`

use polidex::{Corpus, Index, Query, SearchOptions, UpdateOptions};

fn main() -> polidex::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| "corpus".into());
    let query = args.next().unwrap_or_else(|| "\"digital sovereignty\" cloud".into());

    // An index in memory is gone with the program; `Index::create(folder)` keeps one.
    let index = Index::in_memory()?;
    let report = index.update(&Corpus::open(folder)?, &UpdateOptions::default())?;
    println!("{} articles, {} files failed", report.articles, report.failed);

    let options = SearchOptions { limit: 3, passages: 1, ..SearchOptions::default() };
    let answer = index.searcher()?.search(&Query::parse(&query)?, &options)?;
    println!("{} articles match {}, {} times", answer.articles, answer.query, answer.matches);
    for hit in &answer.hits {
        println!("\n{}. {} ({})", hit.rank, hit.title, hit.path);
        for passage in &hit.passages {
            let marked = passage.highlights.iter().map(|range| &passage.text[range.clone()]);
            println!("   {}\n   marked: {}", passage.text, marked.collect::<Vec<_>>().join(", "));
            println!("   bytes {}–{} of {}", passage.start, passage.end, hit.hash);
        }
    }
    Ok(())
}
