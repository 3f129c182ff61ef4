//! Danger: kills, damage, hostile input. Nothing is lost, nothing panics, everything is said.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use polidex::{Corpus, Error, Index, Query, SearchOptions, UpdateOptions};

use crate::util::Desk;

const TEXT: &str = "The council spoke of digital sovereignty at great length today.\n";

fn small_index() -> Desk {
    let desk = Desk::new();
    for number in 0..8 {
        desk.write(
            &format!("{number}.md"),
            format!("# Number {number}\n\n{}", TEXT.repeat(number + 1)),
        );
    }
    let index = Index::create(desk.path("index")).unwrap();
    index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default()).unwrap();
    // A second segment, and deletes.
    desk.delete("3.md");
    desk.write("9.md", TEXT);
    index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default()).unwrap();
    desk
}

/// The files of an index that hold its articles.
fn files(desk: &Desk) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(desk.path("index"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            !name.ends_with(".lock") && name != "verified"
        })
        .collect();
    files.sort();
    files
}

fn search(desk: &Desk) -> polidex::Result<u64> {
    let searcher = Index::open(desk.path("index"))?.searcher()?;
    let found =
        searcher.search(&Query::parse("\"digital sovereignty\"")?, &SearchOptions::default())?;
    found.hits.iter().try_for_each(|hit| searcher.article(&hit.path).map(drop))?;
    Ok(found.matches)
}

#[test]
fn a_kill_during_an_update_loses_no_commit() {
    let desk = Desk::with(&[("first.txt", TEXT)]);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    for round in 0..12u64 {
        for number in 0..40 {
            desk.write(&format!("{round}-{number}.txt"), TEXT.repeat(50));
        }
        let mut child = desk
            .command(&["index", "corpus", "--index", "index"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5 + round * 12));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let index = Index::open(desk.path("index")).unwrap();
        let check = index.check().unwrap();
        assert_eq!(check.damage, Vec::<String>::new(), "round {round}");
        // Whole commits only: the first article, and all or nothing of each later round.
        assert_eq!(check.articles % 40, 1, "round {round}: {}", check.articles);
    }
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert_eq!(
        Index::open(desk.path("index")).unwrap().searcher().unwrap().article_count(),
        12 * 40 + 1
    );
}

#[test]
fn an_update_takes_the_place_of_one_that_was_killed_while_it_wrote_deletes() {
    let desk = Desk::new();
    (0..12).for_each(|number| desk.write(&format!("{number}.txt"), TEXT.repeat(number + 1)));
    let update = |index: &str| {
        let index = Index::create(desk.path(index)).unwrap();
        index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default())
    };
    update("index").unwrap();
    // The same update of a copy says which file of deletes is about to be written.
    std::fs::create_dir(desk.path("copy")).unwrap();
    for entry in std::fs::read_dir(desk.path("index")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, desk.path("copy").join(path.file_name().unwrap())).unwrap();
    }
    desk.write("3.txt", "Quite another text.");
    update("copy").unwrap();
    let copied = std::fs::read_dir(desk.path("copy")).unwrap().map(|entry| entry.unwrap().path());
    let deletes: Vec<PathBuf> = copied
        .filter(|path| path.extension().is_some_and(|extension| extension == "del"))
        .collect();
    assert_eq!(deletes.len(), 1);
    // It has been written, and is on the engine's list, when the run is killed.
    for path in [&deletes[0], &desk.path("copy/.managed.json")] {
        std::fs::copy(path, desk.path("index").join(path.file_name().unwrap())).unwrap();
    }
    assert_eq!(update("index").unwrap().changed, 1);
    assert!(Index::open(desk.path("index")).unwrap().check().unwrap().damage.is_empty());
}

#[test]
fn flipped_bytes_are_found_by_the_check_and_never_make_a_search_wrong() {
    let desk = small_index();
    let sound = search(&desk).unwrap();
    for path in files(&desk) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let step = (bytes.len() / 40).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            std::fs::write(&path, &damaged).unwrap();
            let found = search(&desk);
            assert!(found.as_ref().map_or(true, |found| *found == sound), "{name} byte {at}");
            let checked = Index::open(desk.path("index")).and_then(|index| index.check());
            let seen = match &checked {
                Ok(report) => !report.damage.is_empty(),
                Err(_) => true,
            };
            assert!(seen, "{name} byte {at}: {found:?}");
        }
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(search(&desk).unwrap(), sound);
}

#[test]
fn truncated_and_missing_files_are_errors_that_say_so() {
    let desk = small_index();
    for path in files(&desk) {
        let bytes = std::fs::read(&path).unwrap();
        let whole = bytes.len();
        for length in [0, 1, 5, whole / 2, whole - 1] {
            std::fs::write(&path, &bytes[..length]).unwrap();
            let _ = search(&desk);
            match Index::open(desk.path("index")).and_then(|index| index.check()) {
                Ok(report) => assert!(!report.damage.is_empty(), "{} {length}", path.display()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
        std::fs::remove_file(&path).unwrap();
        let run = desk.run(&["check", "--index", "index"]);
        assert_eq!(run.code, 2, "{}: {}{}", path.display(), run.out, run.err);
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(desk.run(&["check", "--index", "index"]).code, 0);
}

#[test]
fn an_index_of_another_version_is_refused_with_the_way_out() {
    let desk = small_index();
    let root = desk.path("index").join("meta.json");
    let text = std::fs::read_to_string(&root).unwrap();
    let key = "\\\"format\\\":";
    assert!(text.contains(key), "{text}");
    // A number that no version has, and no manifest, as versions before have none.
    std::fs::write(&root, text.replace(key, &format!("{key}99"))).unwrap();
    for path in files(&desk) {
        if path.file_name().unwrap().to_string_lossy().starts_with("manifest-") {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert!(matches!(search(&desk), Err(Error::IndexVersion { .. })));
    let run = desk.run(&["search", "--index", "index", "sovereignty"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--rebuild"), "{}", run.err);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index", "--rebuild"]).code, 0);
    assert!(search(&desk).unwrap() > 0);
}

#[test]
fn a_second_writer_waits_then_names_the_first() {
    let desk = small_index();
    let lock =
        std::fs::File::options().write(true).open(desk.path("index").join("writer.lock")).unwrap();
    lock.lock().unwrap();
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains(&format!("process {}", std::process::id())), "{}", run.err);
    // Reading goes on meanwhile.
    assert_eq!(desk.run(&["search", "--index", "index", "sovereignty"]).code, 0);
    drop(lock);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
}

#[test]
fn a_holder_that_has_not_said_yet_who_it_is_is_waited_for() {
    let desk = small_index();
    let path = desk.path("index").join("writer.lock");
    let mut lock = std::fs::File::options().write(true).truncate(true).open(path).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| desk.run(&["index", "corpus", "--index", "index"]));
        // Longer than a second writer waits for one that has a name.
        std::thread::sleep(Duration::from_millis(2500));
        std::io::Write::write_all(&mut lock, b"4242").unwrap();
        assert!(second.join().unwrap().err.contains("process 4242"));
    });
}

#[test]
fn a_search_beside_a_writer_meets_whole_commits_only() {
    let desk = small_index();
    let dir = desk.path("index");
    let before = Index::open(&dir).unwrap().searcher().unwrap().article_count();
    let article = |number: u64| {
        let text = polidex::Block::new(polidex::BlockKind::Paragraph, TEXT);
        polidex::Article::new(format!("given/{number}"), vec![text])
    };
    std::thread::scope(|scope| {
        // Each commit is merged with those before, whose files go.
        let writer = scope.spawn(|| {
            let index = Index::open(&dir).unwrap();
            (0..25).for_each(|number| drop(index.add([article(number)]).unwrap()));
        });
        while !writer.is_finished() {
            let searcher = Index::open(&dir).unwrap().searcher().unwrap();
            assert_eq!(searcher.article_count() + 2, before + searcher.generation());
        }
    });
}

#[test]
fn a_poisoned_list_of_files_deletes_nothing_outside() {
    let desk = small_index();
    let victim = desk.path("victim.txt");
    std::fs::write(&victim, "dear").unwrap();
    let managed = desk.path("index").join(".managed.json");
    let mut names: Vec<String> =
        serde_json::from_str(&std::fs::read_to_string(&managed).unwrap()).unwrap();
    names.extend(["../victim.txt".to_owned(), victim.to_string_lossy().into_owned()]);
    std::fs::write(&managed, serde_json::to_string(&names).unwrap()).unwrap();
    desk.write("new.txt", TEXT);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "dear");
}

#[cfg(unix)]
#[test]
fn a_link_or_a_pipe_in_an_index_is_refused_and_nothing_behind_it_is_touched() {
    for name in ["writer.lock", "verified.new", "meta.json", ".tantivy-writer.lock", ".tmpAbC"] {
        let desk = small_index();
        let victim = desk.path("victim.txt");
        std::fs::write(&victim, "dear").unwrap();
        desk.write("new.txt", TEXT);
        let place = desk.path("index").join(name);
        let _ = std::fs::remove_file(&place);
        std::os::unix::fs::symlink(&victim, &place).unwrap();
        let refused = [
            &["index", "corpus", "--index", "index"][..],
            &["search", "--index", "index", "sovereignty"],
        ];
        for args in refused {
            let run = desk.run(args);
            assert!(run.code == 2 && run.err.contains(name), "{name} {args:?}: {}", run.err);
        }
        // This takes the link out, or is refused too.
        desk.run(&["index", "corpus", "--index", "index", "--rebuild"]);
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "dear", "{name}");
    }
    let desk = small_index();
    // Reading a pipe that nobody writes to would never end.
    let _ = std::fs::remove_file(desk.path("index/verified"));
    let pipe = std::process::Command::new("mkfifo").arg(desk.path("index/verified")).status();
    assert!(pipe.is_ok_and(|status| status.success()));
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert!(
        run.code == 2 && run.err.contains("verified is a link or no regular file"),
        "{}",
        run.err
    );
}

#[cfg(unix)]
#[test]
fn every_file_of_an_index_may_be_read_by_the_same_people() {
    use std::os::unix::fs::PermissionsExt;
    let desk = small_index();
    // What anybody writes here is readable by so many.
    std::fs::write(desk.path("plain"), "").unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in files(&desk) {
        assert_eq!(mode(&path), mode(&desk.path("plain")), "{}", path.display());
    }
}

#[test]
fn queries_of_death_end_soon_with_an_answer_or_an_error() {
    let desk = small_index();
    let searcher = Index::open(desk.path("index")).unwrap().searcher().unwrap();
    let long = [
        "(".repeat(100_000),
        "\"".repeat(100_001),
        "a ".repeat(50_000),
        "sovereignty ".repeat(8_000),
        "-".repeat(100_000),
        "NOT ".repeat(25_000) + "a",
        "ﷺ".repeat(3_000),
        "a OR ".repeat(20_000) + "a",
        "x".repeat(100_000),
        "*".repeat(100_000),
        "\u{301}".repeat(50_000),
    ];
    let short = [
        "(",
        ")",
        "\"",
        "AND",
        "*",
        "?",
        "~",
        "^",
        "title:",
        "date:2023-02-30",
        "a NEAR/999999 b",
        "\0",
        "\u{1b}[31m",
        "a~99",
        "\"a b\"~4294967295",
        "9 OF (a)",
        "lang:xx",
        "path:../../etc",
    ];
    for query in long.iter().map(String::as_str).chain(short) {
        if let Ok(query) = Query::parse(query) {
            let _ = searcher.search(&query, &SearchOptions::default());
        }
    }
    for (limit, offset) in [(0, 0), (1001, 0), (usize::MAX, 0), (1, 10_001)] {
        let options = SearchOptions { limit, offset, ..SearchOptions::default() };
        let refused = searcher.search(&Query::parse("sovereignty").unwrap(), &options);
        assert!(matches!(refused, Err(Error::Option { .. })), "{limit} {offset}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_the_last_commit_stays() {
    use rand_text::lines;
    let desk = Desk::with(&[("first.txt", TEXT)]);
    std::fs::create_dir(desk.path("small")).unwrap();
    std::fs::create_dir(desk.path("more")).unwrap();
    for number in 0..40 {
        std::fs::write(desk.path("more").join(format!("{number}.txt")), lines(number, 400))
            .unwrap();
    }
    // A file system of its own, gone with the shell that made it.
    let script = "mount -t tmpfs -o size=1m none small || exit 77
        $P index corpus --index small/index -q || exit 1
        cp more/* corpus/
        $P index corpus --index small/index; echo \"code $?\"
        $P check --index small/index; echo \"code $?\"
        $P search --index small/index -l sovereignty";
    let mut command = std::process::Command::new("unshare");
    command
        .args(["-rm", "sh", "-c", script])
        .current_dir(desk.path("."))
        .env("P", env!("CARGO_BIN_EXE_polidex"));
    let Ok(output) = command.output() else { return println!("skipped: unshare is not there") };
    let run = crate::util::Run::of(output);
    if run.code == 77 || run.err.contains("unshare") {
        return println!("skipped: no file system can be mounted here: {}", run.err);
    }
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        (lines[0], lines[lines.len() - 2], lines[lines.len() - 1]),
        ("code 2", "code 0", "first.txt"),
        "{}",
        run.out
    );
    assert!(run.err.contains("the disk is full"), "{}", run.err);
}

/// Texts that do not compress well, the same each time.
#[cfg(target_os = "linux")]
mod rand_text {
    pub(super) fn lines(seed: u64, count: usize) -> String {
        let mut random = fastrand::Rng::with_seed(seed);
        (0..count)
            .map(|_| (0..10).map(|_| format!("{:x} ", random.u64(..))).collect::<String>() + "\n")
            .collect()
    }
}

#[cfg(unix)]
#[test]
fn odd_files_are_passed_over_and_named() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::with(&[("good.txt", TEXT), ("outside/x.txt", TEXT)]);
    let corpus = desk.corpus();
    std::fs::write(desk.path("secret.txt"), TEXT).unwrap();
    std::os::unix::fs::symlink(desk.path("secret.txt"), corpus.join("link.txt")).unwrap();
    std::os::unix::fs::symlink(&corpus, corpus.join("loop")).unwrap();
    std::os::unix::net::UnixListener::bind(corpus.join("socket")).unwrap();
    let fifo = std::process::Command::new("mkfifo").arg(corpus.join("fifo.txt")).status();
    assert!(fifo.is_ok_and(|status| status.success()));
    let name = std::ffi::OsStr::from_bytes(b"caf\xE9.txt");
    std::fs::write(corpus.join(name), TEXT).unwrap();
    std::fs::write(corpus.join("-rf.txt"), TEXT).unwrap();
    std::fs::write(corpus.join("new\nline.txt"), TEXT).unwrap();
    std::fs::write(corpus.join("binary.bin"), [0u8; 5000]).unwrap();
    let run = desk.run(&["index", "corpus"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let found = desk.found("\"digital sovereignty\"");
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found.iter().any(|path| path.contains("caf\\xE9")), "{found:?}");
    let status = &desk.run(&["status", "--in", "corpus", "--json"]).json()[0];
    let named: Vec<&str> = status["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["path"].as_str().unwrap())
        .collect();
    for odd in ["binary.bin", "link.txt"] {
        assert!(named.contains(&odd), "{odd} not in {named:?}");
    }
    for line in desk.search("sovereignty", &[]).out.lines() {
        assert!(!line.contains('\u{1b}'));
    }
    let shown = desk.run(&["show", "--in", "corpus", "caf\\xE9.txt"]);
    assert!(shown.out.contains("digital sovereignty"), "{}", shown.err);
}

#[test]
fn a_file_that_vanishes_is_no_disaster() {
    let desk = small_index();
    std::fs::remove_dir_all(desk.corpus()).unwrap();
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no such folder"), "{}", run.err);
    std::fs::write(desk.corpus(), "a file").unwrap();
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 2);
    assert!(search(&desk).unwrap() > 0);
}

#[test]
fn what_a_killed_run_left_behind_is_swept_away_by_the_next() {
    let desk = Desk::with(&[("a.md", "# Alpha\n")]);
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    let left = desk.path("index").join(".tmpAbC123");
    std::fs::write(&left, "half a file").unwrap();
    std::fs::create_dir(desk.path("index").join(".tmpfolder")).unwrap();
    let other = desk.path("index").join("notes.tmp");
    std::fs::write(&other, "not ours").unwrap();
    desk.write("b.md", "# Beta\n");
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert!(!left.exists());
    assert!(other.exists() && desk.path("index").join(".tmpfolder").exists());
}
