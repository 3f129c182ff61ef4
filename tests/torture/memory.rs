//! Large corpora in bounded memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use crate::measured::{self, mib};
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;
use crate::world;

/// What an update may have resident at most, in bytes.
const MOST: u64 = 512 << 20;

/// A corpus that is made of `count` things of a size, of which there are as many as time allows.
struct Corpus {
    what: &'static str,
    count: u64,
    /// How long making and indexing all of them takes, about, on a slow machine.
    seconds: u64,
    make: fn(&Desk, u64, &mut fastrand::Rng),
}

const CORPORA: &[Corpus] = &[
    Corpus { what: "articles in files of their own", count: 100_000, seconds: 180, make: articles },
    Corpus { what: "tiny articles in ten files", count: 1_000_000, seconds: 240, make: tiny },
    Corpus { what: "MB of records in one file", count: 500, seconds: 240, make: one_file },
    Corpus { what: "articles of 1 MB each", count: 10_000, seconds: 4000, make: large },
];

fn create(desk: &Desk, name: &str) -> BufWriter<File> {
    BufWriter::new(File::create(desk.corpus().join(name)).unwrap())
}

fn articles(desk: &Desk, count: u64, random: &mut fastrand::Rng) {
    for number in 0..count {
        let words = random.usize(30..150);
        desk.write(&format!("{}/{number}.md", number % 100), world::paragraph(random, words));
    }
}

fn tiny(desk: &Desk, count: u64, random: &mut fastrand::Rng) {
    for file in 0..10 {
        let mut out = create(desk, &format!("{file}.jsonl"));
        for number in 0..count / 10 {
            let text = world::paragraph(random, 4);
            writeln!(out, "{{\"id\":\"{number}\",\"text\":\"{text}\"}}").unwrap();
        }
    }
}

fn one_file(desk: &Desk, count: u64, random: &mut fastrand::Rng) {
    let mut out = create(desk, "all.jsonl");
    for number in 0..count * 10 {
        let text = world::paragraph(random, 13_000);
        let text: String = text.chars().take(100_000).collect();
        writeln!(out, "{{\"id\":\"{number}\",\"text\":\"{text}\"}}").unwrap();
    }
}

fn large(desk: &Desk, count: u64, random: &mut fastrand::Rng) {
    for number in 0..count {
        let mut out = create(desk, &format!("{number}.txt"));
        for _ in 0..100 {
            writeln!(out, "{}\n", world::paragraph(random, 1300)).unwrap();
        }
    }
}

/// Indexes each corpus with the program and watches its memory.
pub(crate) fn corpora(trial: &mut Trial) -> Outcome {
    for (number, corpus) in CORPORA.iter().enumerate() {
        // A part of it where there is not time for all; the others need theirs.
        let left = trial.time().as_secs() / (CORPORA.len() - number) as u64;
        let part = (corpus.count * left / corpus.seconds).min(corpus.count);
        let desk = Desk::new();
        (corpus.make)(&desk, part.max(10), &mut trial.random);
        let mut command = desk.command(&["index", "corpus", "--index", "index", "--json"]);
        let ended = measured::run(&mut command, Duration::from_secs(7200));
        ensure(!ended.stopped && ended.run.code == 0, || {
            format!("{}: {}{}", corpus.what, ended.run.out, ended.run.err)
        })?;
        let report = ended.run.json().remove(0);
        trial.note(format!(
            "{part} of {} {}: {} MiB, {:.0?}, {} articles",
            corpus.count,
            corpus.what,
            mib(ended.peak.max(ended.worker_peak)),
            ended.elapsed,
            report["articles"]
        ));
        ensure(report["failed"] == 0 && report["skipped"] == 0, || {
            format!("{}: {}", corpus.what, report["problems"])
        })?;
        ensure(ended.peak <= MOST, || format!("{} takes {} MiB", corpus.what, mib(ended.peak)))?;
        trial.reached += u64::from(part == corpus.count);
    }
    Ok(())
}
