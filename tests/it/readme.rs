//! The README and the pages of docs: every command shown in them is run, and says what they say that
//! it says.

use crate::util::{Desk, Run, project};

/// A command of the README and the output shown below it.
struct Shown {
    command: String,
    output: Vec<String>,
}

/// The commands of the `console` blocks of a page: lines after `$ `, each with what follows it.
fn shown(page: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            all.push(Shown { command: command.to_owned(), output: Vec::new() });
        } else if inside && let Some(last) = all.last_mut() {
            last.output.push(line.to_owned());
        }
    }
    all
}

/// Whether `output` is what is shown: the same lines, where a line `…` stands for any number of
/// lines, one at the end of a line for the rest of it, and times may differ.
fn is_as_shown(shown: &[String], output: &str) -> bool {
    let timeless = |line: &str| {
        let words: Vec<&str> = line.trim_end().split(' ').collect();
        let is_unit =
            |word: Option<&&str>| word.is_some_and(|w| ["ms", "ms)", "s", "s)", "µs"].contains(w));
        // A machine that is busy may need seconds for what takes milliseconds.
        (0..words.len())
            .map(|at| match words[at] {
                _ if is_unit(words.get(at + 1)) => "?",
                unit if is_unit(Some(&unit)) => unit.trim_start_matches(['m', 'µ']),
                word => word,
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let lines: Vec<String> = output.trim_end().lines().map(timeless).collect();
    let mut at = 0;
    let mut skip = false;
    for line in shown {
        if line == "…" {
            skip = true;
            continue;
        }
        let wanted = timeless(line);
        let is_wanted = |line: &String| match wanted.strip_suffix('…') {
            Some(start) => line.starts_with(start),
            None => *line == wanted,
        };
        let found = lines[at..].iter().position(is_wanted);
        match found {
            Some(0) => at += 1,
            Some(ahead) if skip => at += ahead + 1,
            _ => return false,
        }
        skip = false;
    }
    skip || at == lines.len() || shown.last().is_some_and(|last| last.ends_with('…'))
}

#[test]
fn output_is_compared_line_by_line() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    assert!(is_as_shown(&lines("a\nb, 1.9 ms"), "a\nb, 20.1 ms\n"));
    assert!(is_as_shown(&lines("a (1.9 ms)"), "a (1.2 s)\n"));
    assert!(!is_as_shown(&lines("a, 1.9 ms"), "a, 1.9 mm\n"));
    assert!(is_as_shown(&lines("a\n…\nc"), "a\nb\nb\nc\n"));
    assert!(is_as_shown(&lines("a\n…"), "a\nb\n"));
    for (shown, output) in
        [("a", "a\nb"), ("a\nb", "a"), ("a\n…\nd", "a\nb\nc"), ("b", "a"), ("2 hits", "3 hits")]
    {
        assert!(!is_as_shown(&lines(shown), output), "{shown:?} {output:?}");
    }
}

#[test]
fn every_command_runs_and_says_what_is_shown() {
    let ran = run_all("README.md");
    assert!(ran >= 10, "only {ran} commands of the README were found");
}

#[test]
fn every_command_of_the_docs_runs_and_says_what_is_shown() {
    let mut ran = 0;
    for page in std::fs::read_dir(project().join("docs")).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            ran += run_all(&format!("docs/{name}"));
        }
    }
    assert!(ran >= 5, "only {ran} commands of the docs were found");
}

/// Runs the commands of a page; gives how many they were.
fn run_all(name: &str) -> usize {
    let page = std::fs::read_to_string(project().join(name)).unwrap();
    let desk = Desk::new();
    let mut ran = 0;
    if name != "README.md" {
        // The pages ask an index that the README has told how to make.
        let run = run("polidex index corpus", &desk);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    for Shown { command, output } in shown(&page) {
        // `cargo run … -- ARGS` is the binary with these arguments.
        let as_binary = command
            .replace("cargo run --release -- ", "polidex ")
            .replace("cargo run --release --quiet -- ", "polidex ");
        if as_binary.starts_with("cargo ") {
            assert!(
                ["cargo test", "cargo build --release", "cargo install --path ."]
                    .contains(&&*as_binary),
                "{as_binary}"
            );
            continue;
        }
        let run = run(&as_binary, &desk);
        assert!(
            run.code != 2 && run.code != 127
                || output.iter().any(|line| line.starts_with("polidex: ")),
            "{command}: {}",
            run.err
        );
        let all = if run.out.is_empty() { &run.err } else { &run.out };
        if !output.is_empty() {
            assert!(
                is_as_shown(&output, all),
                "{command} says\n{all}\nand {name}\n{}",
                output.join("\n")
            );
        }
        ran += 1;
    }
    ran
}

/// Runs a command of a page in the project's folder.
fn run(command: &str, desk: &Desk) -> Run {
    let binary = env!("CARGO_BIN_EXE_polidex");
    let folder = std::path::Path::new(binary).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    Run::of(
        std::process::Command::new("sh")
            .args(["-c", command])
            .current_dir(project())
            .env("PATH", path)
            .env("XDG_DATA_HOME", desk.path("data"))
            .env_remove("POLIDEX_INDEX")
            .output()
            .unwrap(),
    )
}

/// The table of what is read, as the code has it.
fn table_of_formats() -> String {
    let endings = |endings: &[&str]| {
        endings.iter().map(|ending| format!("`.{ending}`")).collect::<Vec<_>>().join(" ")
    };
    let mut table = String::from("| format | files | what is read |\n|---|---|---|\n");
    for format in polidex::formats() {
        if let Some(reads) = format.reads {
            let files = endings(format.extensions);
            table.push_str(&format!("| {} | {files} | {reads} |\n", format.name));
        }
    }
    table.push_str(&format!("\nEach also packed, as {}.", endings(polidex::packings())));
    table
}

#[test]
fn the_table_of_formats_is_that_of_the_code() {
    let page = std::fs::read_to_string(project().join("README.md")).unwrap();
    let table = table_of_formats();
    assert!(page.contains(&table), "the README is to have this table:\n{table}");
}

#[test]
fn the_table_of_limits_is_that_of_the_code() {
    let page = std::fs::read_to_string(project().join("docs/limits.md")).unwrap();
    let rows = polidex::limits().into_iter().map(|limit| {
        let option = limit.option.map(|option| format!("`{option}`")).unwrap_or_default();
        format!("| {} | {limit} | {option} |\n", limit.name)
    });
    let table: String = ["| limit | default | option |\n|---|---|---|\n".to_owned()]
        .into_iter()
        .chain(rows)
        .chain(["\n".to_owned()])
        .collect();
    assert!(page.contains(&table), "docs/limits.md is to have this table:\n{table}");
}

#[test]
fn the_two_commands_stand_in_the_first_screen() {
    let page = std::fs::read_to_string(project().join("README.md")).unwrap();
    let first: String = page.lines().take(60).collect::<Vec<_>>().join("\n");
    assert!(
        first.contains("$ cargo run --release -- search '\"digital sovereignty\"' --in corpus")
    );
    assert!(first.contains("$ cargo test"));
}
