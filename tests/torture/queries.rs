//! Queries of death: each gets an answer or a clean error, on a small stack, soon, in little memory.

use std::time::{Duration, Instant};

use polidex::{Index, Matching, Query, SearchOptions};

use crate::measured::{high_water, mib};
use crate::trial::{Outcome, Trial, ensure};
use crate::world;

/// So many articles, or as many as are made in a fifth of the time.
const ARTICLES: u64 = 100_000;

/// How many are made in a second, about, on a slow machine.
const RATE: u64 = 1500;

/// The stack of a thread as Rust makes it.
const STACK: usize = 2 << 20;

/// The deadline of the command line and a tenth, and what a busy machine adds.
const LONGEST: Duration = Duration::from_millis(11_100);

/// What one query may need, in bytes.
const MOST: u64 = 64 << 20;

fn deadly() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (start, end) in [
        ("(", ""),
        ("(", ")"),
        ("+(", ""),
        ("-(", ""),
        ("NOT ", ""),
        ("-", ""),
        ("(a OR ", ""),
        ("(a AND ", ")"),
        ("title:(", ")"),
        ("a NEAR/5 (", ")"),
        ("\"", ""),
        ("[", "]"),
        ("{", "}"),
    ] {
        for times in [20, 200, 50_000] {
            all.push(format!("{}a{}", start.repeat(times), end.repeat(times)));
        }
    }
    let repeat = |text: &str, times: usize| text.repeat(times);
    all.extend([
        repeat("/", 20_000),
        repeat("a ", 50_000),
        repeat("a OR ", 10_000) + "a",
        repeat("a AND ", 10_000) + "a",
        repeat("cloud OR ", 100) + "cloud",
        (0..100).map(|n| format!("w{n:x}* OR ")).collect::<String>() + "a",
        format!("\"{}\"", repeat("cloud ", 10_000)),
        format!("\"{}\"", repeat("the ", 100)),
        format!("\"{}\"", repeat("* ", 100)),
        "\"the * * * * * * * * of\"".into(),
        "\"digital sovereignty of the cloud policy\"~5".into(),
        "\"digital sovereignty of the cloud policy\"~50".into(),
        "\"digital sovereignty of the cloud policy\"~100".into(),
        "\"digital sovereignty of the cloud policy\"~1000".into(),
        "\"a b\"~4294967295".into(),
        format!("{}~", repeat("x", 20_000)),
        format!("{}~2", repeat("w", 64)),
        "w~2 OR x~2 OR y~2 OR z~2 OR a~2 OR b~2".into(),
        "*".into(),
        "**".into(),
        "*a*".into(),
        "*a*e*i*".into(),
        "?????*".into(),
        "w*".into(),
        "w* AND w* AND w*".into(),
        "w* NEAR/5 w*".into(),
        "(w1* OR w2*) NEAR/50 (w3* OR w4*)".into(),
        "\"w* w* w* w*\"".into(),
        "*1 *2 *3 *4 *5 *6 *7 *8".into(),
        repeat("?", 200),
        repeat("*a", 400),
        "a NEAR/999999 b".into(),
        "the NEAR/100 of NEAR/100 the NEAR/100 of".into(),
        "the BEFORE/100 of BEFORE/100 the BEFORE/100 of".into(),
        "the SAME/p of SAME/p the SAME/p of".into(),
        "atleast/4294967295 the".into(),
        "atleast/99999999999999999999 the".into(),
        format!("50 OF ({})", repeat("the, ", 49) + "of"),
        format!("2 OF ({})", repeat("w*, ", 30) + "of"),
        "0 OF (a, b)".into(),
        "the OR of OR digital OR cloud OR policy OR act OR data OR open".into(),
        "NOT the".into(),
        "-the -of".into(),
        "lang:en".into(),
        "path:*".into(),
        "path:*/*/*/*".into(),
        "date:0000..9999".into(),
        "date:99999999-01".into(),
        "since:99999999999y".into(),
        "a^99999999999999999999".into(),
        "a^0.0000000000000000000001".into(),
        "the^1000000".into(),
        repeat("\u{301}", 50_000),
        repeat("\u{202e}a ", 1000),
        "\0\0\0".into(),
        repeat("𝕬", 20_000),
        repeat("主", 5000),
        repeat("ไทย", 3000),
        repeat("ﷺ", 3000),
        repeat("Donaudampfschifffahrt", 500),
        format!("title:{}", repeat("title:", 20_000)),
        repeat("a:", 50_000),
        repeat("\\", 100_001),
        repeat("\"a\" ", 5000),
        repeat("“", 5000),
    ]);
    all
}

/// Asks every query on a thread with a small stack, in every way of matching.
pub(crate) fn of_death(trial: &mut Trial) -> Outcome {
    let place = tempfile::tempdir().unwrap();
    let index = Index::create(place.path()).map_err(|error| error.to_string())?;
    let mut random = trial.random.fork();
    let count = ARTICLES.min(trial.time().as_secs() * RATE / 5).max(1000);
    let articles = (0..count).map(|number| {
        let text = world::paragraph(&mut random, 100);
        world::article(&format!("{}/{number}", number % 100), &text)
    });
    let start = Instant::now();
    index.add(articles).map_err(|error| error.to_string())?;
    trial.note(format!("an index of {count} articles, made in {:.0?}", start.elapsed()));
    let searcher = index.searcher().map_err(|error| error.to_string())?;
    // The index is mapped; what is read of it stays resident and is nobody's need.
    for query in ["the of digital", "w*", "\"the of\"", "*a*"] {
        let _ = searcher.search(&Query::parse(query).unwrap(), &SearchOptions::default());
    }
    let queries = deadly();
    trial.wanted = trial.wanted.max(queries.len() as u64);
    let mut times: Vec<(Duration, u64, String)> = Vec::new();
    let (mut answered, mut refused) = (0, 0);
    for text in &queries {
        if !trial.goes_on() {
            break;
        }
        for (matching, passages) in [(Matching::All, 3), (Matching::Any, 20)] {
            let options =
                SearchOptions { matching, passages, explain: true, ..SearchOptions::default() };
            let before = resident();
            // The peak is counted from here.
            let _ = std::fs::write("/proc/self/clear_refs", "5");
            let start = Instant::now();
            let answer = std::thread::scope(|scope| {
                let ask = || Query::parse(text).and_then(|query| searcher.search(&query, &options));
                std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, ask)
                    .unwrap()
                    .join()
            });
            let elapsed = start.elapsed();
            let memory = high_water(std::process::id()).saturating_sub(before);
            let shown: String = text.chars().take(60).collect();
            match answer {
                Ok(Ok(_)) => answered += 1,
                Ok(Err(error)) => {
                    ensure(!error.to_string().is_empty() && error.code() != "damaged", || {
                        format!("{shown}: {error}")
                    })?;
                    refused += 1;
                }
                Err(_) => return Err(format!("{shown}: a panic")),
            }
            times.push((elapsed, memory, format!("{shown} ({} bytes)", text.len())));
        }
        trial.reached += 1;
    }
    times.sort();
    let largest = times.iter().max_by_key(|(_, memory, _)| *memory);
    let (Some(slowest), Some(largest)) = (times.last(), largest) else { return Ok(()) };
    trial.note(format!(
        "{answered} answered, {refused} refused; slowest {:.2?} ({}); most memory {} MiB ({})",
        slowest.0,
        slowest.2,
        mib(largest.1),
        largest.2
    ));
    for (elapsed, _, text) in times.iter().rev().skip(1).take(4) {
        trial.note(format!("then {elapsed:.2?} ({text})"));
    }
    ensure(slowest.0 <= LONGEST, || format!("{} takes {:?}", slowest.2, slowest.0))?;
    ensure(largest.1 <= MOST, || format!("{} takes {} MiB", largest.2, mib(largest.1)))
}

/// The resident memory of this process now, in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) << 12
}
