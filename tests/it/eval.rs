//! Lists of queries, and how well they are answered.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::schema;
use crate::util::{Desk, Run};

const NEWS: &[(&str, &str)] = &[
    (
        "a b.md",
        "# Cloud plans\n\nMinisters spoke of a sovereign cloud. The sovereign cloud is late.\n",
    ),
    ("c.txt", "Prices of cloud services rose again.\n"),
    ("d.txt", "Fishing quotas were cut.\n"),
];

const DOCS: &str = "\
{\"id\": \"d 1\", \"title\": \"\", \"text\": \"A sovereign cloud is a cloud that is sovereign.\"}
{\"id\": \"d2\", \"title\": \"\", \"text\": \"Prices of cloud services rose again.\"}
{\"id\": \"d3\", \"title\": \"\", \"text\": \"Fishing quotas were cut.\"}
";

/// q1 ranks d1, d2 (relevance 0, 2) of d2 and d3 relevant; q2 finds nothing; nothing is relevant
/// to q3.
const QUERIES: &str = "# made up\nq1\tsovereign cloud?\nq2\tzebra\nq3\tfishing\n";
const QRELS: &str =
    "q1\t0\td 1\t0\nq1\t0\td2\t2\nq1\t0\td3\t1\nq2\t0\td3\t1\nq3\t0\td3\t0\nq3\t0\td2\t0\n";

/// A desk with the test collection beside its corpus.
fn collection() -> Desk {
    let desk = Desk::with(NEWS);
    put(&desk, "docs.jsonl", DOCS);
    put(&desk, "queries.tsv", QUERIES);
    put(&desk, "qrels.tsv", QRELS);
    desk
}

fn put(desk: &Desk, name: &str, text: &str) {
    std::fs::write(desk.path(name), text).unwrap();
}

fn eval(desk: &Desk, more: &[&str]) -> Run {
    desk.run(&[&["eval", "docs.jsonl", "queries.tsv", "qrels.tsv"], more].concat())
}

fn close(found: &Value, expected: f64) {
    assert!((found.as_f64().unwrap() - expected).abs() < 2e-6, "{found} is not {expected}");
}

#[test]
fn the_measures_are_those_worked_out_by_hand() {
    let desk = collection();
    let run = eval(&desk, &["--json", "--per-query"]);
    assert_eq!((run.code, &*run.err), (0, ""));
    let lines = run.json();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["query_id"]).collect();
    assert_eq!(ids, [&json!("q1"), &json!("q2"), &Value::Null]);
    // (2 / log2 3) / (2 / log2 2 + 1 / log2 3) = 1.261860 / 2.630930.
    close(&lines[0]["ndcg_cut_10"], 0.479_625);
    // Of two relevant documents one, at rank 2.
    close(&lines[0]["map"], 0.25);
    close(&lines[0]["recall_100"], 0.5);
    close(&lines[0]["recip_rank"], 0.5);
    close(&lines[1]["recip_rank"], 0.0);
    let last = &lines[2];
    assert_eq!((&last["queries"], &last["without_relevant"]), (&json!(2), &json!(1)));
    assert_eq!((&last["documents"], &last["absent"]), (&json!(3), &json!(0)));
    close(&last["mean"]["map"], 0.125);
    // With all of the words, d2 is no answer.
    let all = &eval(&desk, &["--json", "--match", "all"]).json()[0];
    close(&all["mean"]["map"], 0.0);
}

#[test]
fn a_run_that_was_written_is_measured_alike_and_differs_from_itself_in_nothing() {
    let desk = collection();
    assert_eq!(eval(&desk, &["--run", "own.run"]).code, 0);
    let text = std::fs::read_to_string(desk.path("own.run")).unwrap();
    assert!(text.starts_with("q1 Q0 d%201 1 ") && text.contains("\nq1 Q0 d2 2 "), "{text}");
    assert!(text.lines().all(|line| line.split(' ').count() == 6), "{text}");
    let run = eval(&desk, &["--score-run", "own.run", "--against", "own.run", "--json"]);
    let last = &run.json()[0];
    close(&last["mean"]["ndcg_cut_10"], 0.239_813);
    assert_eq!(
        last["against"]["map"],
        json!({"before": 0.125, "after": 0.125, "better": 0, "worse": 0, "p": 1.0})
    );
    // Against a run that has d2 first: q1 is worse now. One difference: both signs go as far.
    put(&desk, "other.run", "q1 Q0 d2 1 9 other\n");
    let last = &eval(&desk, &["--against", "other.run", "--json"]).json()[0];
    assert_eq!(
        last["against"]["recip_rank"],
        json!({"before": 0.5, "after": 0.25, "better": 0, "worse": 1, "p": 1.0})
    );
    let page = eval(&desk, &["--against", "other.run"]).out;
    assert!(page.contains("mean") && page.contains("before") && page.contains("0.2398"), "{page}");
}

#[test]
fn a_foreign_run_is_ordered_by_score_and_ties_by_name_backwards() {
    let desk = collection();
    let reciprocal = |run: &str| {
        put(&desk, "x.run", run);
        put(&desk, "x.qrels", "q 0 b 1\n");
        let run = desk.run(&["eval", "--score-run", "x.run", "x.qrels", "--json"]);
        run.json()[0]["mean"]["recip_rank"].as_f64().unwrap()
    };
    // The rank column says otherwise.
    assert_eq!(reciprocal("q Q0 a 1 1.0 x\nq Q0 b 2 2.0 x\n"), 1.0);
    assert_eq!(reciprocal("q Q0 a 1 1.0 x\nq Q0 b 2 1.0 x\n"), 1.0);
    assert_eq!(reciprocal("q Q0 c 1 1.0 x\nq Q0 b 2 1.0 x\n"), 0.5);
    assert_eq!(reciprocal("other Q0 b 1 1.0 x\n"), 0.0);
}

#[test]
fn queries_of_a_collection_are_plain_words_unless_syntax_is_asked_for() {
    let desk = collection();
    put(&desk, "queries.tsv", "q1\tcloud \"prices\nq2\tfishing\n");
    assert_eq!(eval(&desk, &[]).code, 0);
    let run = eval(&desk, &["--syntax", "--json"]);
    let error: Value = serde_json::from_str(run.err.trim_end()).unwrap();
    assert_eq!((run.code, &error["query_id"]), (2, &json!("q1")));
    // The rest is measured: q1 with 0, q2 with its one document first.
    close(&run.json()[0]["mean"]["recip_rank"], 0.5);
}

#[test]
fn a_collection_may_be_a_folder_and_says_what_is_not_in_it() {
    let desk = collection();
    desk.write("broken.pdf", "%PDF-1.4 nothing");
    put(&desk, "paths.tsv", "q1 0 a%20b.md 1\nq1 0 gone.md 1\n");
    let run = desk.run(&["eval", "corpus", "queries.tsv", "paths.tsv"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("broken.pdf") && run.err.contains("1 judgement"), "{}", run.err);
    assert!(run.out.contains("1 query, 2 left out"), "{}", run.out);
}

#[test]
fn documents_that_do_not_say_their_language_are_in_the_one_given() {
    let desk = collection();
    put(
        &desk,
        "docs.jsonl",
        "{\"id\":\"d1\",\"text\":\"Nuages\"}\n{\"id\":\"d2\",\"lang\":\"en\",\"text\":\"Brumes\"}\n",
    );
    put(&desk, "queries.tsv", "q1\tnuage\nq2\tbrumer\n");
    put(&desk, "qrels.tsv", "q1 0 d1 1\nq2 0 d2 1\n");
    let found = |more: &[&str]| -> Vec<f64> {
        let lines = eval(&desk, &[&["--json", "--per-query"], more].concat()).json();
        lines[..2].iter().map(|line| line["map"].as_f64().unwrap()).collect()
    };
    assert_eq!(found(&[]), [0.0, 0.0]);
    // French takes the endings away; d2 says that it is English.
    assert_eq!(found(&["--lang", "fr"]), [1.0, 0.0]);
}

#[test]
fn mistakes_in_the_files_are_named() {
    let desk = collection();
    put(&desk, "bad.tsv", "q1\t0\td1\t1\nq1\td2\t1\n");
    put(&desk, "twice.tsv", "q1\tx\nq1\ty\n");
    for (args, said) in [
        (&["eval", "docs.jsonl", "queries.tsv", "bad.tsv"][..], "bad.tsv: line 2"),
        (&["eval", "docs.jsonl", "twice.tsv", "qrels.tsv"], "twice.tsv: line 2"),
        (&["eval", "docs.jsonl", "queries.tsv", "none.tsv"], "none.tsv"),
        (&["eval", "none", "queries.tsv", "qrels.tsv"], "none"),
        (&["eval", "qrels.tsv"], "DOCS QUERIES QRELS"),
        (&["eval", "--score-run", "qrels.tsv", "qrels.tsv"], "qrels.tsv: line 1"),
    ] {
        let run = desk.run(args);
        assert_eq!((run.code, &*run.out), (2, ""), "{args:?}");
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

#[test]
fn a_list_of_queries_goes_on_after_one_that_cannot_be_read() {
    let desk = collection();
    put(&desk, "list.txt", "# news\n\nq1\tcloud\nq 2\t\"unclosed\nfishing\nq4\tzebra\nq5\t\n");
    let run = desk.run(&["search", "--in", "corpus", "--queries", "list.txt", "--json"]);
    assert_eq!(run.code, 2);
    let lines = run.json();
    let ids: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line["type"].as_str().unwrap(), line["query_id"].as_str().unwrap()))
        .collect();
    // The query without a name is the third of the list.
    let expected = [
        ("hit", "q1"),
        ("hit", "q1"),
        ("summary", "q1"),
        ("hit", "3"),
        ("summary", "3"),
        ("summary", "q4"),
    ];
    assert_eq!(ids, expected);
    let errors: Vec<Value> =
        run.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let errors: Vec<(&Value, &Value)> =
        errors.iter().map(|it| (&it["query_id"], &it["code"])).collect();
    assert_eq!(
        errors,
        [(&json!("q 2"), &json!("unclosed_quote")), (&json!("q5"), &json!("empty_query"))]
    );
    let schema = schema::validator();
    assert!(lines.iter().all(|line| schema.is_valid(line)));

    let run = desk.run(&["search", "--in", "corpus", "--queries", "list.txt"]);
    assert!(
        run.err.contains("query q 2: ") && run.err.contains("  \"unclosed\n  ^"),
        "{}",
        run.err
    );
    assert!(
        run.out.contains("== q1: cloud\n") && run.out.contains("== 3: fishing\n"),
        "{}",
        run.out
    );
}

#[test]
fn the_exit_code_of_a_list_tells_found_from_nothing() {
    let desk = collection();
    for (list, more, code) in [
        ("zebra\ncloud\n", &[][..], 0),
        ("zebra\nlion\n", &[], 1),
        ("", &[], 1),
        ("\"cloud\ncloud\n", &[], 2),
        // Read as plain words it has no fault.
        ("\"cloud\ncloud\n", &["--plain"], 0),
    ] {
        put(&desk, "list.txt", list);
        let args = [&["search", "--in", "corpus", "--queries", "list.txt"], more].concat();
        assert_eq!(desk.run(&args).code, code, "{list} {more:?}");
    }
    for args in [
        &["search", "--in", "corpus", "cloud", "--queries", "list.txt"][..],
        &["search", "--in", "corpus", "--queries", "list.txt", "-l"],
        &["search", "--in", "corpus", "--queries", "list.txt", "--json", "--format", "trec"],
        &["search", "--in", "corpus", "--queries", "none.txt"],
        &["search", "--in", "corpus"],
    ] {
        assert_eq!(desk.run(args).code, 2, "{args:?}");
    }
}

#[test]
fn a_run_has_a_line_a_hit_and_keeps_their_order() {
    let desk = Desk::with(NEWS);
    // Articles of one text have one score.
    for name in ["t1.txt", "t2.txt", "t3.txt"] {
        desk.write(name, "Zebra crossings.\n");
    }
    let trec = |args: &[&str]| -> Vec<Vec<String>> {
        let run = desk.run(&[&["search", "--in", "corpus", "--format", "trec"], args].concat());
        run.out.lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
    };
    let lines = trec(&["cloud"]);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0][..4], ["1", "Q0", "a%20b.md", "1"]);
    assert_eq!((&*lines[0][5], lines[0].len()), ("polidex", 6));
    let ties = trec(&["zebra"]);
    let paths: Vec<&str> = ties.iter().map(|line| &*line[2]).collect();
    assert_eq!(paths, ["t1.txt", "t2.txt", "t3.txt"]);
    let scores: Vec<f32> = ties.iter().map(|line| line[4].parse().unwrap()).collect();
    assert!(scores.windows(2).all(|pair| pair[0] > pair[1]), "{scores:?}");
    assert_eq!(
        trec(&["zebra", "-n", "1", "--offset", "1"]),
        [&*ties[1..2]
            .iter()
            .map(|line| {
                let mut line = line.clone();
                line[4] = ties[0][4].clone();
                line
            })
            .collect::<Vec<_>>()]
        .concat()
    );
    assert!(trec(&["lion"]).is_empty());
}

#[test]
fn topics_of_trec_are_asked_from_standard_input() {
    let desk = Desk::with(NEWS);
    let mut child = desk
        .command(&[
            "search",
            "--in",
            "corpus",
            "--queries",
            "-",
            "--format",
            "trec",
            "--plain",
            "--match",
            "any",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let topics = "<top>\n<num> Number: 301\n<title> Topic: sovereign (fishing)\n<desc> cloud\n</top>\n<top>\n<num> 302\n<title> Prices?\n</top>\n";
    child.stdin.take().unwrap().write_all(topics.as_bytes()).unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    let mut found: Vec<Vec<&str>> =
        run.out.lines().map(|line| line.split(' ').take(3).collect()).collect();
    found.sort();
    assert_eq!(
        found,
        [["301", "Q0", "a%20b.md"], ["301", "Q0", "d.txt"], ["302", "Q0", "c.txt"]],
        "{}",
        run.err
    );
}
