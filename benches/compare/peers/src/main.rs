//! polidex, tantivy and SeekStorm behind one command line: what each takes to index the same
//! documents and to answer the same queries.
//!
//! - `peers classes QUERIES DOCUMENTS N` prints the queries, JSON Lines, at most N of a class.
//! - `peers index ENGINE DOCUMENTS FOLDER THREADS` indexes; its caller takes time and memory.
//! - `peers latency ENGINE FOLDER CLASSES ROUNDS` prints the time of each query, JSON Lines.
//! - `peers engines` lists the engines that it was built with.

#[path = "../../../common/classes.rs"]
mod classes;
mod documents;
#[cfg(feature = "tantivy")]
mod with_polidex;
#[cfg(feature = "seekstorm")]
mod with_seekstorm;
#[cfg(feature = "tantivy")]
mod with_tantivy;

use std::time::Instant;

use serde::{Deserialize, Serialize};

/// What goes wrong here ends the run: half a measurement is none.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A query as the list of classes has it.
#[derive(Debug, Deserialize, Serialize)]
struct Asked {
    class: String,
    shape: String,
    words: Vec<String>,
    /// The query in the language of polidex.
    polidex: String,
}

/// An index that is open and warm.
trait Engine {
    /// Answers with ten results and their snippets; the number of results, and of bytes shown, so
    /// that nothing can be left out unseen. `None` where the engine has no such query.
    fn answer(&self, asked: &Asked) -> Outcome<Option<(usize, usize)>>;
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["engines"] => {
            for (engine, built) in [
                ("polidex", cfg!(feature = "tantivy")),
                ("tantivy", cfg!(feature = "tantivy")),
                ("seekstorm", cfg!(feature = "seekstorm")),
            ] {
                if built {
                    println!("{engine}");
                }
            }
        }
        ["classes", queries, documents, most] => {
            let queries = std::fs::read_to_string(queries)?;
            let texts = documents::texts(documents, 400)?;
            for class in classes::classes(&queries, &texts) {
                print(&class, most.parse()?)?;
            }
        }
        #[cfg(feature = "tantivy")]
        ["index", "tantivy", documents, folder, threads] => {
            with_tantivy::index(documents, folder, threads.parse()?)?;
        }
        #[cfg(feature = "seekstorm")]
        ["index", "seekstorm", documents, folder, threads] => {
            with_seekstorm::index(documents, folder, threads.parse()?)?;
        }
        ["latency", engine, folder, classes, rounds] => {
            let engine: Box<dyn Engine> = match engine {
                #[cfg(feature = "tantivy")]
                "polidex" => Box::new(with_polidex::Opened::new(folder)?),
                #[cfg(feature = "tantivy")]
                "tantivy" => Box::new(with_tantivy::Opened::new(folder)?),
                #[cfg(feature = "seekstorm")]
                "seekstorm" => Box::new(with_seekstorm::Opened::new(folder)?),
                _ => return Err("no such engine".into()),
            };
            latency(&*engine, classes, rounds.parse()?)?;
        }
        _ => return Err("peers classes|index|latency|engines …; README.md says more".into()),
    }
    Ok(())
}

/// Prints at most `most` queries of a class, taken at even distances.
fn print(class: &classes::Class, most: usize) -> Outcome<()> {
    let all = class.queries.len();
    let kept = all.min(most);
    for number in 0..kept {
        let words = &class.queries[number * all / kept];
        let polidex = class.shape.query(words);
        let (name, shape) = (class.name.to_owned(), class.shape.name().to_owned());
        let asked = Asked { class: name, shape, words: words.clone(), polidex };
        println!("{}", serde_json::to_string(&asked)?);
    }
    Ok(())
}

/// Prints the best time of each query in microseconds: what else the machine does is no part of it.
fn latency(engine: &dyn Engine, classes: &str, rounds: u32) -> Outcome<()> {
    for line in std::fs::read_to_string(classes)?.lines() {
        let asked: Asked = serde_json::from_str(line)?;
        let mut best = f64::INFINITY;
        let mut shown = None;
        for _ in 0..rounds {
            let start = Instant::now();
            shown = std::hint::black_box(engine.answer(&asked)?);
            best = best.min(start.elapsed().as_secs_f64() * 1e6);
            if shown.is_none() {
                break;
            }
        }
        if let Some((results, bytes)) = shown {
            let class = &asked.class;
            let time =
                serde_json::json!({"class": class, "us": best, "results": results, "bytes": bytes});
            println!("{time}");
        }
    }
    Ok(())
}
