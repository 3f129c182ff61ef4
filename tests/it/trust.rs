//! Trust: damage that is found, repair, folders that are not one's own, searches that take too long.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use polidex::{
    Article, Block, BlockKind, Corpus, Error, Index, Period, Query, ReportOptions, SavedQueries,
    SearchOptions, SearchResults, UpdateOptions, VerifyOptions, Vocabulary,
};

use crate::util::{Desk, Run, searcher};

const TEXT: &str = "The council spoke of digital sovereignty at great length today.\n";

/// What is asked of an index to compare it with another.
const QUERIES: [&str; 6] = [
    "\"digital sovereignty\"",
    "sover* -number",
    "council NEAR/5 length",
    "title:number",
    "souvereignty~2",
    "number OR path:1.md",
];

/// An index of two segments, one with deletes, and a list of verified files.
fn small_index() -> Desk {
    let desk = Desk::new();
    for number in 0..6 {
        desk.write(
            &format!("{number}.md"),
            format!("# Number {number}\n\n{}", TEXT.repeat(number + 1)),
        );
    }
    update(&desk);
    desk.delete("3.md");
    desk.write("9.md", TEXT);
    update(&desk);
    // The same content at another time.
    desk.write("1.md", format!("# Number 1\n\n{}", TEXT.repeat(2)));
    update(&desk);
    assert!(desk.path("index").join("verified").exists());
    desk
}

fn update(desk: &Desk) {
    let index = Index::create(desk.path("index")).unwrap();
    index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default()).unwrap();
}

/// The files of the index, but those that mean nothing but by the locks on them.
fn files(desk: &Desk) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(desk.path("index")).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none_or(|extension| extension != "lock"))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The one file whose name starts so.
fn file(desk: &Desk, start: &str) -> PathBuf {
    files(desk).into_iter().find(|path| name(path).starts_with(start)).unwrap()
}

/// What a check says is wrong; the error that it ends with is as good.
fn damage(desk: &Desk) -> Vec<String> {
    match Index::open(desk.path("index")).and_then(|index| index.check()) {
        Ok(report) => report.damage,
        Err(error) => vec![error.to_string()],
    }
}

fn answers(index: &Path) -> Vec<Vec<(String, u64)>> {
    let searcher = Index::open(index).unwrap().searcher().unwrap();
    let ask = |query: &&str| {
        let query = Query::parse(query).unwrap();
        let found = searcher.search(&query, &SearchOptions::default()).unwrap();
        found.hits.into_iter().map(|hit| (hit.path, hit.matches)).collect()
    };
    QUERIES.iter().map(ask).collect()
}

#[test]
fn a_sound_index_passes_and_a_changed_byte_is_found_wherever_it_is() {
    let desk = small_index();
    assert_eq!(damage(&desk), Vec::<String>::new());
    let mut random = fastrand::Rng::with_seed(6);
    for path in files(&desk) {
        let bytes = std::fs::read(&path).unwrap();
        let step = if bytes.len() < 500 { 5 } else { bytes.len() / 100 };
        for at in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << random.u32(0..8);
            std::fs::write(&path, &flipped).unwrap();
            assert!(!damage(&desk).is_empty(), "{} byte {at}", name(&path));
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(damage(&desk), Vec::<String>::new());
}

#[test]
fn the_quick_check_sees_sizes_missing_files_and_every_change_of_the_root_file() {
    let desk = small_index();
    let open = || Index::open(desk.path("index")).and_then(|index| index.searcher().map(drop));
    open().unwrap();
    for path in files(&desk) {
        let name = name(&path);
        // The engine reads its list of files only to write, and what is verified is a short cut.
        if name == ".managed.json" || name == "verified" {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(matches!(open(), Err(Error::Damaged { .. })), "{name} cut: {:?}", open());
        std::fs::write(&path, [&bytes[..], b"\n"].concat()).unwrap();
        assert!(matches!(open(), Err(Error::Damaged { .. })), "{name} longer: {:?}", open());
        std::fs::remove_file(&path).unwrap();
        let error = open().unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{name} missing: {error}");
        assert!(error.hint().unwrap().contains("polidex check --repair"));
        std::fs::write(&path, &bytes).unwrap();
    }
    open().unwrap();
}

#[test]
fn a_number_that_the_engine_would_believe_is_found_before_it_is_read() {
    let desk = small_index();
    let path = files(&desk).into_iter().find(|path| name(path).ends_with(".store")).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            std::fs::write(&path, &flipped).unwrap();
            let opened = Index::open(desk.path("index")).and_then(|index| index.searcher());
            assert!(matches!(opened, Err(Error::Damaged { .. })), "byte {at} bit {bit}");
        }
    }
}

#[test]
fn an_old_root_file_and_exchanged_files_are_found() {
    let desk = small_index();
    let root = file(&desk, "meta.json");
    let old = std::fs::read(&root).unwrap();
    desk.write("new.md", TEXT);
    update(&desk);
    let new = std::fs::read(&root).unwrap();
    std::fs::write(&root, &old).unwrap();
    assert!(!damage(&desk).is_empty());
    // Neither a reader nor a writer takes it.
    assert_eq!(desk.run(&["search", "--index", "index", "sovereignty"]).code, 2);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 2);
    std::fs::write(&root, &new).unwrap();
    assert_eq!(damage(&desk), Vec::<String>::new());

    let notes = Desk::new();
    let index = Index::create(notes.path("index")).unwrap();
    // Two segments of one document each, whose files have the same sizes.
    for path in ["a", "b"] {
        notes.write(&format!("{path}.txt"), format!("Only {path}{path}{path} here.\n"));
        index.update(&Corpus::open(notes.corpus()).unwrap(), &UpdateOptions::default()).unwrap();
    }
    let tables: Vec<PathBuf> = files(&notes)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    if let [a, b] = &tables[..] {
        let (first, second) = (std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
        std::fs::write(a, &second).unwrap();
        std::fs::write(b, &first).unwrap();
        let damage = damage(&notes);
        assert!(damage.iter().any(|words| words.contains(&name(a))), "{damage:?}");
    } else {
        // They were merged: then nothing can be exchanged.
        assert_eq!(tables.len(), 1);
    }
}

#[test]
fn a_commit_leaves_one_manifest_and_strange_files_are_named() {
    let desk = small_index();
    let manifests =
        || files(&desk).iter().filter(|path| name(path).starts_with("manifest-")).count();
    assert_eq!(manifests(), 1);
    // A run that was killed between a manifest and its root file.
    std::fs::write(desk.path("index").join(format!("manifest-{}", "0".repeat(64))), "x").unwrap();
    std::fs::write(desk.path("index").join("notes.txt"), "mine").unwrap();
    let report = Index::open(desk.path("index")).unwrap().check().unwrap();
    assert!(report.damage.is_empty() && report.extra.len() == 2, "{report:?}");
    let run = desk.run(&["check", "--index", "index"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("sound: ") && run.out.contains("notes.txt"), "{}", run.out);
    desk.write("more.md", TEXT);
    update(&desk);
    assert_eq!(manifests(), 1);
    assert!(desk.path("index").join("notes.txt").exists());
}

#[test]
fn a_repaired_index_answers_as_one_that_is_new() {
    let desk = small_index();
    let expected = {
        let fresh = desk.path("fresh");
        let index = Index::create(&fresh).unwrap();
        index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default()).unwrap();
        answers(&fresh)
    };
    let mut random = fastrand::Rng::with_seed(7);
    let aside = || -> Vec<String> {
        let entries = std::fs::read_dir(desk.path(".")).unwrap();
        let names = entries.map(|entry| name(&entry.unwrap().path()));
        names.filter(|name| name.starts_with("index.corrupt-")).collect()
    };
    for round in 0..4 {
        let all = files(&desk);
        let victim = match round {
            0 => file(&desk, "meta.json"),
            1 => file(&desk, "manifest-"),
            _ => all[random.usize(0..all.len())].clone(),
        };
        let mut bytes = std::fs::read(&victim).unwrap();
        match round {
            0 => std::fs::remove_file(&victim).unwrap(),
            _ => {
                let at = random.usize(0..bytes.len());
                bytes[at] ^= 0x10;
                std::fs::write(&victim, &bytes).unwrap();
            }
        }
        let damaged = desk.run(&["check", "--index", "index"]);
        assert_eq!(damaged.code, 2, "{}: {}", name(&victim), damaged.out);
        assert!(damaged.err.contains("check --repair"), "{}", damaged.err);
        let run = desk.run(&["check", "--repair", "--index", "index"]);
        assert_eq!(run.code, 0, "round {round}, {}: {}", name(&victim), run.err);
        assert!(run.out.contains("6 articles read anew"), "{}", run.out);
        assert_eq!(aside().len(), round + 1, "{}", run.out);
        assert_eq!(damage(&desk), Vec::<String>::new());
        assert_eq!(answers(&desk.path("index")), expected);
    }
    // Nothing is done to a sound one.
    let report = &desk.run(&["check", "--repair", "--index", "index", "--json"]).json()[0];
    assert_eq!((&report["sound"], &report["repair"]), (&true.into(), &serde_json::Value::Null));
    assert_eq!(aside().len(), 4);
}

#[test]
fn a_repair_without_articles_or_folder_changes_nothing() {
    let desk = small_index();
    let victim = file(&desk, "meta.json");
    let text = std::fs::read_to_string(&victim).unwrap();
    std::fs::write(&victim, text.replace("max_doc", "max_dox")).unwrap();
    let before: Vec<_> = files(&desk).iter().map(|path| std::fs::read(path).unwrap()).collect();
    // The folder is there, and empty: as when it is not mounted.
    std::fs::rename(desk.corpus(), desk.path("elsewhere")).unwrap();
    std::fs::create_dir(desk.corpus()).unwrap();
    let run = desk.run(&["check", "--repair", "--index", "index"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no article"), "{}", run.err);
    let after: Vec<_> = files(&desk).iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert_eq!(before, after);
    // Another folder is not taken for it.
    let run = desk.run(&["check", "--repair", "--index", "index", "--in", "elsewhere"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains(", not of "), "{}", run.err);
    assert!(!desk.path("index.repair").exists() && !desk.path("index.polidex-rebuild").exists());
}

#[test]
fn articles_that_a_program_gave_are_not_repaired_in_silence() {
    let desk = Desk::new();
    let given = |path: &str| Article::new(path, vec![Block::new(BlockKind::Paragraph, TEXT)]);
    let index = Index::create(desk.path("index")).unwrap();
    index.add([given("x"), given("y"), given("z")]).unwrap();
    index.delete(["z"]).unwrap();
    let spoil = || {
        let path = files(&desk)
            .into_iter()
            .find(|path| path.extension().is_some_and(|extension| extension == "pos"));
        let path = path.unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[3] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
    };
    spoil();
    let refused = Index::repair(desk.path("index"), None, &UpdateOptions::default());
    let words = refused.unwrap_err().to_string();
    assert!(words.contains("2 articles that a program gave"), "{words}");
    // With a folder the rest is built, and what is missing is said.
    desk.write("a.md", TEXT);
    let run = desk.run(&["check", "--repair", "--index", "index", "--in", "corpus"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("lost: 2 articles"), "{}", run.out);
    assert_eq!(damage(&desk), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_write_to_is_read_and_not_written() {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    let desk = small_index();
    let index = desk.path("index");
    desk.write("new.md", TEXT);
    let update = || desk.run(&["index", "corpus", "--index", "index"]);
    let mode = |mode| std::fs::set_permissions(&index, PermissionsExt::from_mode(mode)).unwrap();
    mode(0o777);
    let run = update();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("everybody may write") && run.err.contains("chmod"), "{}", run.err);
    assert_eq!(desk.run(&["search", "--index", "index", "sovereignty"]).code, 0);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index", "--rebuild"]).code, 2);
    mode(0o755);

    // Links that would have a write end up elsewhere.
    let victim = desk.path("victim");
    std::fs::write(&victim, "dear").unwrap();
    let lock = index.join("writer.lock");
    for hard in [false, true] {
        std::fs::remove_file(&lock).unwrap();
        match hard {
            true => std::fs::hard_link(&victim, &lock).unwrap(),
            false => symlink(&victim, &lock).unwrap(),
        }
        let run = update();
        assert_eq!(run.code, 2, "hard: {hard}");
        assert!(run.err.contains("link"), "{}", run.err);
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "dear");
    }
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(update().code, 0);

    // A root file that a reader would wait at for ever.
    let root = index.join("meta.json");
    std::fs::rename(&root, desk.path("kept")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&root).status();
    assert!(made.is_ok_and(|status| status.success()));
    assert_eq!(desk.run(&["search", "--index", "index", "sovereignty"]).code, 2);
    std::fs::remove_file(&root).unwrap();
    std::fs::rename(desk.path("kept"), &root).unwrap();

    if chown(&index, Some(12345), None).is_err() {
        return println!("skipped: only root can give a folder away");
    }
    desk.write("newer.md", TEXT);
    let run = update();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("another user"), "{}", run.err);
    assert_eq!(desk.run(&["search", "--index", "index", "sovereignty"]).code, 0);
}

/// An index in memory that takes some time to go through.
fn large_index() -> Index {
    let index = Index::in_memory().unwrap();
    let article = |number: usize| {
        let text = match number % 3 {
            0 => "The state of the art of the state, and of the art: no cloud.",
            1 => "Of the art of the state the cloud is the state.",
            _ => "A sovereign cloud of the art of the state, word after word.",
        };
        Article::new(format!("{number:05}"), vec![Block::new(BlockKind::Paragraph, text)])
    };
    index.add((0..1500).map(article)).unwrap();
    index
}

#[test]
fn a_search_that_runs_out_of_time_says_so_and_shows_nothing_wrong() {
    let searcher = large_index().searcher().unwrap();
    let ask = |query: &str, timeout| -> SearchResults {
        let options =
            SearchOptions { timeout, limit: 20, passages: 0, group: false, ..Default::default() };
        searcher.search(&Query::parse(query).unwrap(), &options).unwrap()
    };
    for query in ["\"of the art\"~5 -sovereign", "st* NEAR/9 art NOT sov*", "the of -\"no cloud\""]
    {
        let start = Instant::now();
        let all = ask(query, None);
        let mut timeout = start.elapsed();
        assert!(!all.timed_out && all.articles > 0);
        let matching = |path: &str| {
            let marks = searcher.marks(
                &Query::parse(query).unwrap(),
                path,
                &SearchOptions { group: false, ..Default::default() },
            );
            !marks.unwrap().is_empty()
        };
        // Less and less time, and none at the end: wherever a search is cut off, it counts no more
        // than there is, and what it shows does match.
        loop {
            let found = ask(query, Some(timeout));
            if found.timed_out {
                assert!(found.articles <= all.articles && found.matches <= all.matches);
                assert!(found.hits.iter().all(|hit| matching(&hit.path)), "{query}");
                assert!(found.notes.iter().any(|note| note.code == "timed_out"));
            } else {
                assert_eq!((found.articles, found.matches), (all.articles, all.matches));
            }
            if timeout.is_zero() {
                assert!(found.timed_out && found.articles == 0 && found.suggestions.is_empty());
                break;
            }
            timeout =
                if timeout < Duration::from_micros(20) { Duration::ZERO } else { timeout / 2 };
        }
    }
    // A tree of half counts would be of no use.
    let options = SearchOptions { timeout: Some(Duration::ZERO), ..SearchOptions::default() };
    let plan = searcher.explain_query(&Query::parse("art").unwrap(), &options);
    assert!(matches!(plan, Err(Error::TimedOut)));
}

#[test]
fn the_command_line_tells_of_a_search_that_ran_out_of_time() {
    let desk = small_index();
    let search = |more: &[&str]| -> Run {
        let args = ["search", "--index", "index", "--timeout", "0.001ms", "sover* council"];
        desk.run(&[&args[..], more].concat())
    };
    let run = search(&[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("ran out of time") && run.err.contains("--timeout"), "{}", run.err);
    let run = search(&["--json"]);
    assert_eq!((run.code, &run.json().last().unwrap()["timed_out"]), (2, &true.into()));
    let like = ["like", "--index", "index", "--timeout", "0.001ms", "1.md"];
    assert_eq!(desk.run(&like).code, 2);
    let run = desk.run(&["search", "--index", "index", "--timeout", "1m", "sovereignty", "--json"]);
    assert_eq!((run.code, &run.json().last().unwrap()["timed_out"]), (0, &false.into()));
}

/// Of what is counted or judged by the whole of a result nothing is printed; references that were
/// found are.
#[test]
fn every_command_that_asks_a_query_ends_when_its_time_is_over() {
    let desk = small_index();
    std::fs::write(desk.path("own.toml"), "[councils]\nquery = 'sover* council'\n").unwrap();
    std::fs::write(desk.path("docs.jsonl"), "{\"id\":\"1\",\"text\":\"A council.\"}\n").unwrap();
    std::fs::write(desk.path("queries.tsv"), "1\tcouncil\n").unwrap();
    std::fs::write(desk.path("qrels.tsv"), "1\t0\t1\t1\n").unwrap();
    for args in [
        &["report", "own.toml", "--index", "index"][..],
        &["report", "own.toml", "--index", "index", "--json"],
        &["alerts", "own.toml", "--index", "index"],
        &["alerts", "own.toml", "--index", "index", "--check"],
        &["alerts", "save", "art", "art", "--file", "other.toml", "--index", "index"],
        &["concepts", "--index", "index"],
        &["verify", "--index", "index", "the council spoke of digital sovereignty"],
        &["cite", "--index", "index", "--quote", "the council spoke of digital sovereignty"],
        &["kwic", "--index", "index", "council"],
        &["collocates", "--index", "index", "council"],
        &["terms", "--index", "index", "council"],
        &["trend", "--index", "index", "council"],
        &["eval", "docs.jsonl", "queries.tsv", "qrels.tsv"],
    ] {
        let run = desk.run(&[args, &["--timeout", "0.001ms"]].concat());
        assert_eq!((run.code, &*run.out), (2, ""), "{args:?}: {}", run.err);
        let said = run.err.contains("takes longer than it may") && run.err.contains("--timeout");
        assert!(said, "{args:?}: {}", run.err);
        let run = desk.run(&[args, &["--timeout", "1m"]].concat());
        assert!(!run.err.contains("takes longer"), "{args:?}: {}", run.err);
    }
    let cite = |time: &str| {
        desk.run(&["cite", "--index", "index", "--query", "sover* council", "--timeout", time])
    };
    let run = cite("0.001ms");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("ran out of time") && run.err.contains("--timeout"), "{}", run.err);
    let run = cite("1m");
    assert_eq!((run.code, &*run.err), (0, ""));
}

/// Counting ends in time, and so does looking for the best article of each period.
#[test]
fn a_report_and_a_quotation_are_whole_or_an_error() {
    let article = |number: u32| {
        let block = Block::new(BlockKind::Paragraph, TEXT.repeat(3));
        let mut article = Article::new(number.to_string(), vec![block]);
        article.metadata.date = format!("{}-05-01", 1900 + number).parse().ok();
        article
    };
    let searcher = searcher((0..100).map(article));
    let vocabulary = Vocabulary::shipped();
    let text = "[councils]\nquery = 'sover* council'\n";
    let saved = SavedQueries::read("own.toml", text, vocabulary).unwrap();
    let report = |timeout| {
        let on = ReportOptions::on("2025-11-25".parse().unwrap());
        let options = ReportOptions { by: Period::Year, group: false, timeout, ..on };
        searcher.report(&saved, vocabulary, &options)
    };
    let all = report(None).unwrap().queries;
    let verify = |timeout| {
        let options = VerifyOptions { timeout, ..VerifyOptions::default() };
        searcher.verify("the council spoke of digital sovereignty", &options)
    };
    let found = verify(None).unwrap();
    let mut timeout = Duration::from_millis(100);
    loop {
        match report(Some(timeout)) {
            Ok(report) => assert_eq!(report.queries, all),
            Err(error) => assert!(matches!(error, Error::TimedOut), "{error}"),
        }
        match verify(Some(timeout)) {
            Ok(verified) => assert_eq!(verified, found),
            Err(error) => assert!(matches!(error, Error::TimedOut), "{error}"),
        }
        if timeout.is_zero() {
            break;
        }
        timeout = if timeout < Duration::from_micros(5) { Duration::ZERO } else { timeout / 2 };
    }
    assert!(report(Some(Duration::ZERO)).is_err() && verify(Some(Duration::ZERO)).is_err());
    assert!(report(Some(Duration::from_secs(600))).is_ok());
}

#[test]
fn a_query_that_passes_a_limit_is_told_the_limit() {
    let limits = polidex::limits();
    let limit = |name: &str| {
        let limit = limits.iter().find(|limit| limit.name.contains(name));
        limit.unwrap_or_else(|| panic!("{name}")).value
    };
    let words = |count: u64| "word ".repeat(count as usize);
    let cases = [
        ("length of a query", "a".repeat(limit("length of a query") as usize + 1)),
        ("words, phrases", words(limit("words, phrases") + 1)),
        ("parentheses", "(a ".repeat(limit("parentheses") as usize + 1)),
        ("words in a phrase", format!("\"{}\"", words(limit("words in a phrase") + 1))),
        ("words between", format!("a NEAR/{} b", limit("words between") + 1)),
        ("edits", format!("souverainty~{}", limit("edits") + 1)),
        ("characters of a fuzzy", format!("{}~", "a".repeat(65))),
    ];
    for (name, query) in cases {
        let error = Query::parse(&query).unwrap_err();
        let said = format!("{error} {}", error.hint().unwrap_or_default());
        let said: String = said.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{202f}')).collect();
        assert!(said.contains(&limit(name).to_string()), "{name}: {error}");
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_said_to_have() {
    let desk = Desk::new();
    let line = |id: u32| format!("{{\"id\":\"{id}\",\"text\":\"{}\"}}\n", TEXT.trim());
    desk.write("log.jsonl", line(1) + &line(2) + &line(3));
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let polidex::corpus::Entry::File(file) = corpus.walk().next().unwrap() else { panic!() };
    let still = corpus.read(&file, &mut drop).unwrap();
    assert_eq!(still.broken, Vec::<String>::new());
    let mut seen = 0;
    let read = corpus.read(&file, &mut |_| {
        seen += 1;
        desk.write("log.jsonl", line(1));
    });
    let read = read.unwrap();
    assert_eq!((seen, read.articles), (3, 3));
    assert!(read.broken.iter().any(|words| words.contains("changed while")), "{:?}", read.broken);
}
