//! Every malformed file that there is ends as an article or as a reason, and the run goes on.

use std::path::{Path, PathBuf};

use crate::mutants::{data, mutate, seeds};
use crate::util::Desk;

/// The folder of malformed files, where this machine has it.
fn malformed() -> Option<PathBuf> {
    let folder = data().join("malformed");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("left out: there is no {}", folder.display());
    None
}

/// The regular files in a folder and the folders in it.
fn files(folder: &Path) -> u64 {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).count() as u64
}

#[test]
fn every_malformed_file_is_an_article_or_has_a_reason() {
    let Some(folder) = malformed() else { return };
    let desk = Desk::new();
    let folder_name = folder.to_str().unwrap();
    let run = desk.run(&[
        "index",
        "--json",
        "--hidden",
        "--no-ignore",
        "--extract-timeout",
        "20s",
        folder_name,
    ]);
    assert!(run.code == 0, "{}: {}", run.code, run.err);
    let report = &run.json()[0];
    let number = |key: &str| report[key].as_u64().unwrap();
    let status = &desk.run(&["status", "--json", "--in", folder_name]).json()[0];
    assert_eq!(status["files"].as_u64().unwrap(), files(&folder));
    for problem in report["problems"].as_array().unwrap() {
        assert!(!problem["reason"].as_str().unwrap().is_empty(), "{problem}");
    }
    let named = report["problems"].as_array().unwrap();
    let unread = named.iter().filter(|problem| problem["kind"] != "partial").count() as u64;
    assert_eq!(unread, number("skipped") + number("failed"));
    assert_eq!(desk.run(&["check", "--in", folder_name]).code, 0);
}

/// Damaged files of every format are articles or have a reason; no reader panics. `POLIDEX_CASES`
/// says how many, `POLIDEX_SEED` which: a failure prints the one that brings it again.
#[test]
fn no_reader_panics_at_a_damaged_file() {
    let Some(folder) = malformed() else { return };
    let setting = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let kinds = seeds(folder.parent().unwrap());
    let first = setting("POLIDEX_SEED").unwrap_or(1);
    for seed in first..first + setting("POLIDEX_CASES").unwrap_or(600) {
        let mut random = fastrand::Rng::with_seed(seed);
        let seeds = &kinds[seed as usize % kinds.len()];
        let path = random.choice(seeds).unwrap();
        let mut bytes = std::fs::read(path).unwrap();
        mutate(&mut bytes, &mut random);
        let name = path.file_name().unwrap().to_string_lossy();
        let read = polidex::corpus::extract::extract(&name, &bytes, &mut |_| {});
        let said = match &read {
            Ok(read) => read.broken.join("; "),
            Err(unreadable) => unreadable.reason.clone(),
        };
        assert!(read.is_ok() || !said.is_empty(), "POLIDEX_SEED={seed} {name}");
        assert!(!said.contains("the reader failed"), "POLIDEX_SEED={seed} {name}: {said}");
    }
}

#[test]
fn a_sign_that_unfolds_into_a_space_moves_no_word() {
    for sign in ['\u{B8}', '\u{37A}', '\u{A8}', '\u{FDFA}', '\u{FC5E}', '\u{FE70}', '\u{2017}'] {
        let text = format!("The commission{sign} said that digital sovereignty matters here.");
        let searcher = crate::util::searcher([polidex::Article::new(
            "a.txt",
            vec![polidex::Block::new(polidex::BlockKind::Paragraph, text)],
        )]);
        let query = polidex::Query::parse("\"digital sovereignty\"").unwrap();
        let found = searcher.search(&query, &polidex::SearchOptions::default()).unwrap();
        let passage = &found.hits[0].passages[0];
        let marked: Vec<&str> =
            passage.highlights.iter().map(|range| &passage.text[range.clone()]).collect();
        assert_eq!(marked.concat().replace(' ', ""), "digitalsovereignty", "{sign:?} {marked:?}");
        let verified = searcher
            .verify("that digital sovereignty matters here", &polidex::VerifyOptions::default())
            .unwrap();
        assert_eq!(verified.agreement, polidex::Agreement::Exact, "{sign:?}");
    }
}

#[test]
fn a_pattern_falls_apart_where_a_word_does() {
    let searcher = crate::util::searcher([
        polidex::Article::new(
            "a",
            vec![polidex::Block::new(
                polidex::BlockKind::Paragraph,
                "AI-powered decision-making under Regulation 2024/1689 (GPT-4o), l'intelligence, 数字主权.",
            )],
        ),
        polidex::Article::new(
            "b",
            vec![polidex::Block::new(
                polidex::BlockKind::Paragraph,
                "A decision is near; making it is not. Powered by AI. 16 of 2024, intelligence.",
            )],
        ),
    ]);
    for query in [
        "decision-mak*",
        "\"decision-mak*\"",
        "\"AI-powere*\"",
        "\"2024/16*\"",
        "gpt-4*",
        "\"l'intelligen*\"",
        "数字*",
    ] {
        let asked = polidex::Query::parse(query).unwrap();
        let found = searcher.search(&asked, &polidex::SearchOptions::default()).unwrap();
        let paths: Vec<&str> = found.hits.iter().map(|hit| &*hit.path).collect();
        assert_eq!(paths, ["a"], "{query}");
    }
}
