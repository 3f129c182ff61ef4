//! The command line: what it prints where, how it ends, what it says of mistakes.

use std::io::Read;
use std::process::Stdio;

use crate::schema;
use crate::util::{Desk, Run, project};

const NEWS: &[(&str, &str)] = &[
    ("a.md", "# Cloud plans\n\n## Aims\nMinisters spoke of digital sovereignty.\n"),
    ("b.txt", "The digital papers question the sovereignty of states.\n"),
];

#[test]
fn a_search_builds_the_index_and_quotes_the_passage() {
    let desk = Desk::with(NEWS);
    let first = desk.search("\"digital sovereignty\"", &[]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.contains("Cloud plans") && first.out.contains("a.md"), "{}", first.out);
    assert!(first.out.contains("Ministers spoke of digital sovereignty."), "{}", first.out);
    assert!(!first.out.contains("b.txt"), "{}", first.out);
    assert!(first.out.contains("1 article, 1 match"), "{}", first.out);
    assert!(first.err.contains("indexed 2 articles"), "{}", first.err);
    let second = desk.search("\"digital sovereignty\"", &[]);
    assert_eq!(second.err, "");
}

#[test]
fn a_profile_tells_each_step_on_standard_error_and_leaves_the_answer_as_it_is() {
    let desk = Desk::with(NEWS);
    let plain = desk.search("sovereignty", &["--count"]);
    let run = desk.search("sovereignty", &["--count", "--profile"]);
    assert_eq!(plain.code, run.code);
    let counts = |out: &str| out.split(", ").take(2).collect::<Vec<_>>().join(", ");
    assert_eq!(counts(&plain.out), counts(&run.out));
    let line = run.err.lines().find(|line| line.starts_with("profile: ")).unwrap_or_default();
    for step in ["parse", "open", "plan", "match", "rank", "group", "quote", "render"] {
        assert!(line.contains(&format!("{step} ")), "{step}: {}", run.err);
    }
}

#[test]
fn a_profile_of_an_update_tells_each_step_whatever_was_to_do() {
    let desk = Desk::with(NEWS);
    for _ in ["first", "nothing changed"] {
        let run = desk.run(&["index", "corpus", "--quiet", "--profile"]);
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
        for step in ["walk", "read", "extract", "analyse", "write", "commit"] {
            assert!(run.err.contains(&format!("{step} ")), "{step}: {}", run.err);
        }
    }
}

#[test]
fn exit_codes_tell_found_from_nothing_from_mistakes() {
    let desk = Desk::with(NEWS);
    for (query, code) in
        [("sovereignty", 0), ("zebra", 1), ("\"unclosed", 2), ("tittle:x", 2), ("", 2)]
    {
        assert_eq!(desk.search(query, &[]).code, code, "{query}");
        assert_eq!(desk.search(query, &["--count"]).code, code, "{query} --count");
        assert_eq!(desk.search(query, &["--json"]).code, code, "{query} --json");
    }
}

#[test]
fn a_broken_query_is_shown_with_a_caret_and_what_to_write() {
    let desk = Desk::with(NEWS);
    let run = desk.search("cloud tittle:plans", &[]);
    assert_eq!(run.out, "");
    let lines: Vec<&str> = run.err.lines().filter(|line| !line.starts_with("indexed")).collect();
    assert!(lines[0].starts_with("polidex: ") && lines[0].contains("tittle"), "{}", run.err);
    let place = lines[1].find("tittle").unwrap();
    assert_eq!(lines[2].find('^'), Some(place), "{}", run.err);
    assert!(run.err.contains("title:plans"), "{}", run.err);
    let run = desk.search("cloud tittle:plans", &["--json"]);
    let error: serde_json::Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
    assert_eq!((&error["type"], &error["code"]), (&"error".into(), &"unknown_field".into()));
    assert_eq!(error["span"], serde_json::json!([6, 12]));
}

#[test]
fn wrong_places_say_what_is_wrong_and_what_to_do() {
    let desk = Desk::with(NEWS);
    desk.write("empty/.keep", "");
    for (args, said) in [
        (&["search", "x", "--in", "nowhere"][..], "no such folder"),
        (&["index", "nowhere"], "no such folder"),
        (&["index", "corpus/a.md"], "not a folder"),
        (&["search", "x"], "index"),
        (&["status"], "index"),
        (&["check"], "index"),
        (&["show", "a.md"], "index"),
        (&["search", "x", "--index", "corpus"], "no index"),
        (&["search", "x", "--index", "nowhere"], "no index"),
        (&["show", "--in", "corpus", "a.md"], "no index"),
        (&["status", "--in", "corpus"], "no index"),
    ] {
        let run = desk.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
        assert!(
            run.err.contains("hint: ")
                || run.err.contains("check the path")
                || run.err.contains("give the folder"),
            "{args:?}: {}",
            run.err
        );
    }
    let run = desk.run(&["index", "corpus/empty"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(desk.found("sovereignty") == ["a.md", "b.txt"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    for number in 0..300 {
        desk.write(
            &format!("{number}.txt"),
            "Digital sovereignty is spoken of again and again.\n".repeat(20),
        );
    }
    desk.run(&["index", "corpus"]);
    let mut child = desk
        .command(&["search", "--in", "corpus", "sovereignty", "-n", "300"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 100]).unwrap();
    drop(out);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, &*run.err), (0, ""));
}

#[test]
fn json_is_what_the_schema_says() {
    let desk = Desk::with(NEWS);
    desk.write("broken.pdf", "%PDF-1.4 nothing");
    let validator = schema::validator();
    let mut types = std::collections::BTreeSet::new();
    for args in [
        &["index", "corpus", "--json"][..],
        &["search", "--in", "corpus", "sovereignty", "--json"],
        &["search", "--in", "corpus", "zebra", "--json"],
        &["search", "--in", "corpus", "sovereignty digital", "--json", "--explain"],
        &[
            "search",
            "--in",
            "corpus",
            "\"sov* of\" NEAR/5 (a OR states~)",
            "--json",
            "--explain-query",
        ],
        &["show", "--in", "corpus", "a.md", "--json"],
        &["status", "--in", "corpus", "--json"],
        &["status", "--all", "--json"],
        &["check", "--in", "corpus", "--json"],
    ] {
        let run = desk.run(args);
        assert!(!run.out.is_empty(), "{args:?} {}", run.err);
        for value in run.json() {
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{args:?}: {errors:?} in {value}");
            types.insert(value["type"].as_str().unwrap().to_owned());
        }
    }
    let expected = ["article", "check", "explanation", "hit", "index", "status", "summary"];
    assert_eq!(types.into_iter().collect::<Vec<_>>(), expected);
    assert!(!validator.is_valid(&serde_json::json!({"type": "hit", "rank": 1})));
}

#[test]
fn evidence_in_json_can_be_found_again() {
    let desk = Desk::with(NEWS);
    let hit = &desk.search("\"digital sovereignty\"", &["--json"]).json()[0];
    let article = &desk.run(&["show", "--in", "corpus", "a.md", "--json"]).json()[0];
    let blocks: Vec<&str> =
        article["blocks"].as_array().unwrap().iter().map(|b| b["text"].as_str().unwrap()).collect();
    let text = blocks.join("\n\n");
    let passage = &hit["passages"][0];
    let number = |value: &serde_json::Value| value.as_u64().unwrap() as usize;
    assert_eq!(&text[number(&passage["start"])..number(&passage["end"])], passage["text"]);
    let marked = &passage["highlights"][0];
    assert_eq!(
        &passage["text"].as_str().unwrap()[number(&marked[0])..number(&marked[1])],
        "digital sovereignty"
    );
    assert_eq!((&passage["line"], &passage["section"]), (&4.into(), &serde_json::json!(["Aims"])));
    assert_eq!(hit["hash"], format!("blake3:{}", blake3::hash(text.as_bytes()).to_hex()));
    let file = std::fs::read(desk.corpus().join("a.md")).unwrap();
    assert_eq!(hit["file_hash"], format!("blake3:{}", blake3::hash(&file).to_hex()));
}

#[test]
fn nothing_from_an_article_reaches_the_terminal_as_a_control_character() {
    let desk = Desk::new();
    desk.write(
        "e\u{1b}[31mvil\u{202e}.md",
        "# Title \u{1b}]0;owned\u{7} \u{9b}31m\n\nDigital \u{202e}sovereignty\u{2066} here.\n",
    );
    for args in
        [&["--color", "always", "--hyperlinks", "never"][..], &[], &["-l"], &["--format", "trec"]]
    {
        let run = desk.search("here", args);
        assert_eq!(run.code, 0, "{}", run.err);
        let own = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[1;31m"];
        let rest = own.iter().fold(run.out, |out, sgr| out.replace(sgr, ""));
        let odd: Vec<char> = rest
            .chars()
            .filter(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202e}' | '\u{2066}'))
            .collect();
        assert!(odd.is_empty(), "{odd:?} in {rest}");
    }
    let run = desk.search("here", &["--format", "trec"]);
    assert!(run.out.starts_with(r"1 Q0 e%20[31mvil\u{202e}.md 1 "), "{}", run.out);
}

#[test]
fn options_confine_sort_and_count() {
    let desk = Desk::with(&[
        (
            "old.md",
            "---\ndate: 2020-05-01\nlanguage: en\nkind: law\n---\nThe cloud act of the council is in force in all of the states.\n",
        ),
        (
            "new.md",
            "---\ndate: 2025-05-01\nlanguage: fr\nkind: news\n---\nLe cloud de confiance est en place dans toutes les administrations.\n",
        ),
        ("none.md", "A cloud without any date hangs over all of them in the morning.\n"),
    ]);
    let list = |more: &[&str]| -> Vec<String> {
        desk.search("cloud", &[&["-l"], more].concat()).out.lines().map(str::to_owned).collect()
    };
    assert_eq!(list(&["--sort", "newest"]), ["new.md", "old.md", "none.md"]);
    assert_eq!(list(&["--sort", "oldest"]), ["old.md", "new.md", "none.md"]);
    assert_eq!(list(&["--lang", "fr"]), ["new.md"]);
    assert_eq!(list(&["--since", "2024"]), ["new.md"]);
    assert_eq!(list(&["--until", "2024-12"]), ["old.md"]);
    assert_eq!(list(&["-n", "1", "--offset", "1", "--sort", "newest"]), ["old.md"]);
    assert!(desk.search("cloud", &["--count"]).out.contains('3'));
    assert_eq!(desk.search("cloud", &["--until", "2019"]).code, 1);
    assert_eq!(desk.search("cloud", &["-n", "0"]).code, 2);
    let refused = desk.search("c*", &["--max-expansions", "1"]);
    assert!(refused.code == 2 && refused.err.contains("--max-expansions"), "{}", refused.err);
    // It is about no place of the query, and points to none.
    assert!(!refused.err.contains('^'), "{}", refused.err);
    assert_eq!(desk.search("clou*", &["--max-expansions", "1"]).code, 0);
    let unknown = desk.search("cloud", &["--lang", "ge"]);
    assert!(unknown.code == 2 && unknown.err.contains("did you mean de?"), "{}", unknown.err);
    let absent = desk.search("cloud", &["--lang", "ka"]);
    assert_eq!(absent.code, 1);
    assert!(absent.out.contains("no article has lang:ka; the index has "), "{}", absent.out);
}

#[test]
fn an_index_is_found_from_a_folder_below_and_listed() {
    let desk = Desk::with(NEWS);
    desk.write("deep/er/c.txt", "Sovereignty again, in a folder below.\n");
    desk.run(&["index", "corpus"]);
    let run = Run::of(
        desk.command(&["search", "sovereignty", "-l"])
            .current_dir(desk.corpus().join("deep/er"))
            .output()
            .unwrap(),
    );
    assert_eq!(run.out.lines().count(), 3, "{}", run.err);
    let all = desk.run(&["status", "--all"]);
    assert!(all.out.contains("corpus"), "{}", all.out);
    assert_eq!(all.code, 0);
    let elsewhere = desk.run(&["index", "corpus", "--index", "here"]);
    assert_eq!(elsewhere.code, 0, "{}", elsewhere.err);
    assert_eq!(
        desk.run(&["search", "sovereignty", "--index", "here", "-l"]).out.lines().count(),
        3
    );
}

#[test]
fn completions_and_manual_are_printed() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(desk.run(&["completions", shell]).out.contains("polidex"));
    }
    assert!(desk.run(&["man"]).out.contains(".TH"));
    let help = desk.run(&[]);
    assert!(help.out.contains("polidex search"), "{}{}", help.out, help.err);
    assert_eq!(desk.run(&["serch", "x"]).code, 2);
}

#[test]
fn limits_name_the_option_that_sets_them() {
    let desk = Desk::new();
    let run = desk.run(&["limits"]);
    let line = |start: &str| {
        let line = run.out.lines().find(|line| line.starts_with(start)).unwrap();
        line.split_whitespace().rev().take(3).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("file that is read whole"), ["--max-file-size", "MiB", "64"]);
    assert_eq!(line("reading one file"), ["--extract-timeout", "s", "30"]);
    assert_eq!(line("parentheses open")[0], "32");
    assert_eq!(line("word; what is longer is told by a hash"), ["bytes", "255", "hash"]);
    assert_eq!(line("characters of a fuzzy word, at least")[0], "3");
    assert_eq!(line("elements of HTML")[0], "512");
    assert_eq!(line("pages of a PDF")[0], "20000");
    assert_eq!(line("parts of an Office file")[0], "10000");
    assert_eq!(line("part of an Office file")[..2], ["MiB", "64"]);
    assert_eq!(line("all parts of an Office file")[..2], ["MiB", "256"]);
    // Every option named is there.
    let help = ["index", "search"].map(|command| desk.run(&[command, "--help"]).out).concat();
    for line in desk.run(&["limits", "--json"]).json() {
        assert!(line["option"].as_str().is_none_or(|option| help.contains(option)), "{line}");
    }
    // What an option may say at most is what it takes.
    for limit in polidex::limits() {
        let Some(option) = limit.name.strip_prefix("what ").and(limit.option) else { continue };
        let search = |value: u64| {
            let value = value.to_string();
            desk.search("x", &["--facets", "lang", option, &value]).err
        };
        assert!(search(limit.value + 1).contains("is not in "), "{option}");
        assert!(!search(limit.value).contains("is not in "), "{option}");
    }
}

/// A limit that other parts of the library may see by its name is one that its users meet.
#[test]
fn every_limit_that_has_a_name_is_printed() {
    let shown = std::fs::read_to_string(project().join("src/limit.rs")).unwrap();
    let is_shown = |name: &str| {
        let mut names = shown.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        names.any(|other| other == name)
    };
    let mut limits = 0;
    for entry in walkdir::WalkDir::new(project().join("src")) {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let constant = line.strip_prefix("pub const ");
            let constant = constant.or_else(|| line.strip_prefix("pub(crate) const "));
            let name = constant.and_then(|rest| rest.split(':').next()).unwrap_or_default();
            if ["MAX_", "MOST_"].iter().any(|start| name.starts_with(start)) {
                assert!(is_shown(name), "{}: {name} is not in src/limit.rs", path.display());
                limits += 1;
            }
        }
    }
    assert!(limits > 30, "only {limits} limits were found");
    assert!(!is_shown("MAX_NOTHING"));
    let printed = polidex::limits();
    let has = |value: u64| printed.iter().any(|limit| limit.value == value);
    use polidex::query::limits::{FUZZY_LENGTHS, MAX_BOOST, MAX_COUNT};
    assert!(has(*FUZZY_LENGTHS.start() as u64) && has(*FUZZY_LENGTHS.end() as u64));
    assert!(has(MAX_COUNT.into()) && has(MAX_BOOST as u64));
}
