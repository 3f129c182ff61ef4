//! `polidex extract`: what is read from a file is shown, and why the rest is not.

use std::process::Stdio;

use crate::schema;
use crate::util::{Desk, Run};

const PAGE: &str = "---\ntitle: Gaia-X\ndate: 2021-03\nmood: sober\n---\n# Aim\n\nDigital sover-\neignty is the aim.\n\n- one\n";

#[test]
fn facts_come_with_their_origin_and_blocks_with_their_kind_and_place() {
    let desk = Desk::with(&[("a.md", PAGE)]);
    let run = desk.run(&["extract", "corpus/a.md"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in [
        "title        Gaia-X (front matter)",
        "date         2021-03 (front matter)",
        "mood         sober",
        "3 paragraph · line 8",
        "    Digital sovereignty is the aim.",
        "4 list item · line 11",
    ] {
        assert!(run.out.lines().any(|shown| shown == line), "{line}\n{}", run.out);
    }
    assert_eq!(run.err, "corpus/a.md: Markdown, 1 article\n");
}

#[test]
fn json_has_a_line_an_article_and_one_for_the_file() {
    let records = "{\"id\":\"x\",\"text\":\"One.\"}\nnot json\n{\"id\":\"y\",\"text\":\"Two.\"}\n";
    let desk = Desk::with(&[("a.jsonl", records), ("b.md", PAGE), ("c.txt", "")]);
    let run = desk.run(&["extract", "--json", "corpus/a.jsonl", "corpus/b.md", "corpus/c.txt"]);
    assert_eq!(run.code, 2);
    let lines = run.json();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(
        types,
        ["extracted", "extracted", "extraction", "extracted", "extraction", "extraction"]
    );
    assert_eq!(lines[0]["path"], "corpus/a.jsonl#x");
    assert_eq!((&lines[2]["articles"], &lines[2]["format"]), (&2.into(), &"JSON Lines".into()));
    assert!(lines[2]["broken"][0].as_str().unwrap().starts_with("line 2: "));
    assert_eq!(lines[3]["origins"]["title"], "front_matter");
    assert_eq!(lines[3]["blocks"][2]["text"], "Digital sovereignty is the aim.");
    assert_eq!(lines[3]["blocks"][2]["line"], 8);
    assert_eq!((&lines[5]["reason"], &lines[5]["format"]), (&"is empty".into(), &().into()));
    let error: serde_json::Value = serde_json::from_str(&run.err).unwrap();
    assert_eq!(error["code"], "unreadable");

    let schema = schema::validator();
    lines.iter().for_each(|line| assert!(schema.is_valid(line), "{line}"));
}

#[test]
fn standard_input_goes_by_the_name_given() {
    let desk = Desk::with(&[("in", "*Words* in a row.\n")]);
    let piped = |args: &[&str]| {
        let input = std::fs::File::open(desk.corpus().join("in")).unwrap();
        let mut command = desk.command(args);
        Run::of(command.stdin(Stdio::from(input)).output().unwrap())
    };
    let run = piped(&["extract", "-", "--name", "x.md"]);
    assert!(run.out.contains("\n    Words in a row.\n"), "{}", run.out);
    assert!(run.out.starts_with("x.md\n"), "{}", run.out);
    // Without one it is plain text, in which a star is a star.
    assert!(piped(&["extract", "-"]).out.contains("    *Words* in a row.\n"));
    let run = piped(&["extract", "-", "--max-file-size", "4"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("more than 4 bytes"), "{}", run.err);
}

#[test]
fn a_reason_that_names_a_limit_names_the_option_that_sets_another() {
    let mail = "From a@example.org Fri Jan  3 10:00:00 2025\nSubject: A\n\nA message.\n";
    let mbox = format!("{mail}{}\n{mail}", "Words and more words.\n".repeat(20));
    let desk = Desk::with(&[("a.md", &PAGE.repeat(2)), ("b.mbox", &mbox)]);
    let run = desk.run(&["index", "corpus", "--max-file-size", "100", "--json"]);
    let problems = &run.json()[0]["problems"];
    assert_eq!(problems.as_array().unwrap().len(), 2, "{problems}");
    for problem in problems.as_array().unwrap() {
        let reason = problem["reason"].as_str().unwrap();
        assert!(reason.contains("100 bytes (--max-file-size)"), "{reason}");
    }
}

#[test]
fn what_cannot_be_read_says_why_and_does_not_hold_up_the_rest() {
    let desk = Desk::with(&[("a.bin", "\x7FELF"), ("b.md", PAGE)]);
    let run = desk.run(&["extract", "corpus/a.bin", "corpus/none.md", "corpus", "corpus/b.md"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("corpus/a.bin: A program or database is not read by this version"));
    assert!(run.err.contains("corpus/none.md: cannot be read: No such file"), "{}", run.err);
    assert!(run.err.contains("corpus: cannot be read: this is not a regular file"), "{}", run.err);
    assert!(run.out.contains("Gaia-X"));
}

#[test]
fn files_are_read_alike_by_workers_and_without_them() {
    let desk = Desk::with(&[("a.md", PAGE), ("large.md", &"A line.\n\n".repeat(200_000))]);
    let shown = |which: &str| desk.run(&["extract", "--isolate", which, "corpus/a.md"]).out;
    assert!(!shown("all").is_empty());
    assert_eq!(shown("all"), shown("none"));
    let run =
        desk.run(&["extract", "--isolate", "all", "--extract-memory", "2M", "corpus/large.md"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("needed more than 2 MiB of memory (--extract-memory)"), "{}", run.err);
}
