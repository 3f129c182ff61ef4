//! Bringing an index up to date: what is counted, what is found afterwards, what is left alone.

use std::time::{Duration, SystemTime};

use polidex::{
    Article, Block, BlockKind, CancelToken, Corpus, Error, Index, Query, SearchOptions,
    UpdateOptions, UpdateReport,
};

use crate::util::Desk;

const TEXT: &str = "The council spoke of digital sovereignty at great length today.\n";

/// Updates the index of a desk's corpus through the library.
fn update(desk: &Desk) -> UpdateReport {
    let index = Index::create(desk.path("index")).unwrap();
    index.update(&Corpus::open(desk.corpus()).unwrap(), &UpdateOptions::default()).unwrap()
}

fn counts(report: &UpdateReport) -> [u64; 6] {
    let UpdateReport { added, changed, unchanged, removed, skipped, failed, .. } = *report;
    [added, changed, unchanged, removed, skipped, failed]
}

/// Sets a file's time back, so that it is not taken for one that may be changing still.
fn age(desk: &Desk, path: &str, seconds: u64) {
    let file = std::fs::File::options().append(true).open(desk.corpus().join(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    // That this was done has a time as well, which cannot be set.
    std::thread::sleep(Duration::from_millis(120));
}

#[test]
fn every_kind_of_change_is_counted_and_found() {
    let desk = Desk::with(&[
        ("a.txt", TEXT),
        ("b.txt", TEXT),
        ("c.txt", "No such words here, only others."),
    ]);
    assert_eq!(counts(&update(&desk)), [3, 0, 0, 0, 0, 0]);
    assert_eq!(desk.found("\"digital sovereignty\""), ["a.txt", "b.txt"]);

    desk.write("a.txt", "Quite another text about cloud computing.");
    desk.write("c.txt", TEXT.repeat(2));
    desk.delete("b.txt");
    desk.write("d/new.md", TEXT);
    let report = update(&desk);
    assert_eq!(counts(&report), [1, 2, 0, 1, 0, 0]);
    assert_eq!((report.articles, report.generation, report.committed), (3, 2, true));
    assert_eq!(desk.found("\"digital sovereignty\""), ["c.txt", "d/new.md"]);
}

#[test]
fn nothing_changed_writes_nothing() {
    let desk = Desk::with(&[("a.txt", TEXT), ("b.pdf", "%PDF-1.7 not read")]);
    age(&desk, "a.txt", 60);
    age(&desk, "b.pdf", 60);
    update(&desk);
    let files = |desk: &Desk| -> Vec<(std::path::PathBuf, SystemTime)> {
        let mut files: Vec<_> = std::fs::read_dir(desk.path("index"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_name() != "writer.lock")
            .map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files(&desk);
    let report = update(&desk);
    assert_eq!(counts(&report), [0, 0, 1, 0, 0, 1]);
    assert!(!report.committed && report.bytes_read == 0);
    assert_eq!(files(&desk), before);
    assert_eq!(report.problems.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_left_out_is_counted_and_listed() {
    use std::os::unix::fs::symlink;
    let desk = Desk::with(&[("a.txt", TEXT), (".git/annex/1f", TEXT), (".store/c.txt", TEXT)]);
    let link = |to: &str, name: &str| symlink(to, desk.corpus().join(name)).unwrap();
    link("a.txt", "again.txt");
    link(".git/annex/1f", "b.txt");
    link(".store/c.txt", "c.txt");
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert!(run.code == 0 && run.err.contains("2 skipped"), "{}", run.err);
    let status = desk.run(&["status", "--index", "index"]).out;
    for told in ["b.txt: is a symbolic link to .git/annex/1f", "c.txt: is a symbolic link"] {
        assert!(status.contains(told), "{status}");
    }
    assert!(!status.contains("again.txt"), "{status}");
    // What is read where it lies needs no word any more.
    let run = desk.run(&["index", "corpus", "--index", "index", "--hidden"]);
    assert!(run.code == 0 && run.err.contains("1 skipped"), "{}", run.err);
}

#[test]
fn a_touched_file_is_unchanged_and_one_of_the_same_size_and_time_is_not_missed() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    update(&desk);
    age(&desk, "a.txt", 500);
    let touched = update(&desk);
    assert_eq!((counts(&touched), touched.committed), ([0, 0, 1, 0, 0, 0], false));
    // Changed within the tick of the first look: same size, and put back to the same time.
    let desk = Desk::with(&[("a.txt", TEXT)]);
    let time = std::fs::metadata(desk.corpus().join("a.txt")).unwrap().modified().unwrap();
    update(&desk);
    desk.write("a.txt", TEXT.replace("digital", "analogu"));
    std::fs::File::options()
        .append(true)
        .open(desk.corpus().join("a.txt"))
        .unwrap()
        .set_modified(time)
        .unwrap();
    assert_eq!(counts(&update(&desk)), [0, 1, 0, 0, 0, 0]);
}

#[test]
fn an_edit_of_an_old_file_is_seen_though_size_and_time_are_as_before() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    age(&desk, "a.txt", 5000);
    let time = std::fs::metadata(desk.corpus().join("a.txt")).unwrap().modified().unwrap();
    update(&desk);
    desk.write("a.txt", TEXT.replace("digital", "analogu"));
    let file = std::fs::File::options().append(true).open(desk.corpus().join("a.txt")).unwrap();
    file.set_modified(time).unwrap();
    assert_eq!(counts(&update(&desk)), [0, 1, 0, 0, 0, 0]);
    assert_eq!(desk.found("analogu"), ["a.txt"]);
}

#[test]
fn a_renamed_file_is_not_indexed_twice() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    update(&desk);
    std::fs::rename(desk.corpus().join("a.txt"), desk.corpus().join("z.txt")).unwrap();
    assert_eq!(counts(&update(&desk)), [1, 0, 0, 1, 0, 0]);
    assert_eq!(desk.found("sovereignty"), ["z.txt"]);
}

#[test]
fn a_file_of_many_articles_changes_as_one() {
    let line = |id: &str, text: &str| {
        format!("{{\"id\":\"{id}\",\"title\":\"T {id}\",\"text\":\"{text}\",\"lang\":\"en\"}}\n")
    };
    let desk = Desk::with(&[(
        "all.jsonl",
        &[line("1", "first cloud"), line("2", "second cloud"), "broken\n".into()].concat(),
    )]);
    let report = update(&desk);
    assert_eq!(counts(&report), [2, 0, 0, 0, 0, 0]);
    assert!(report.problems[0].reason.contains('3'), "{:?}", report.problems);
    assert_eq!(desk.found("cloud"), ["all.jsonl#1", "all.jsonl#2"]);
    desk.write("all.jsonl", line("2", "second cloud") + &line("3", "third cloud and more"));
    update(&desk);
    assert_eq!(desk.found("cloud"), ["all.jsonl#2", "all.jsonl#3"]);
    desk.delete("all.jsonl");
    desk.write("other.txt", TEXT);
    update(&desk);
    assert!(desk.found("cloud").is_empty());
}

#[test]
fn what_is_left_out_is_left_out_and_what_cannot_be_read_is_listed() {
    let desk = Desk::with(&[
        ("a.txt", TEXT),
        (".gitignore", "drafts/\n"),
        ("drafts/x.txt", TEXT),
        (".hidden/y.txt", TEXT),
        ("node_modules/z.txt", TEXT),
        ("empty.txt", ""),
        ("picture.png", "\u{89}PNG"),
    ]);
    std::fs::write(desk.corpus().join("scan.pdf"), b"%PDF-1.4\n\xFF\xFE").unwrap();
    let report = update(&desk);
    assert_eq!(report.added, 1);
    assert_eq!(desk.found("sovereignty"), ["a.txt"]);
    let named: Vec<&str> = report.problems.iter().map(|problem| &*problem.path).collect();
    assert_eq!(named, ["empty.txt", "picture.png", "scan.pdf"]);
    assert!(report.problems[2].reason.contains("PDF"), "{:?}", report.problems);
    let index = Index::open(desk.path("index")).unwrap();
    assert_eq!(index.status().unwrap().problems, report.problems);
    // A file that could not be read is tried again when it changes, not before.
    desk.write("empty.txt", TEXT);
    assert_eq!(update(&desk).added, 1);
    assert_eq!(update(&desk).failed, 2);
}

#[test]
fn a_cancelled_update_leaves_the_last_commit() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    update(&desk);
    desk.write("b.txt", TEXT);
    let cancel = CancelToken::new();
    cancel.cancel();
    let index = Index::open(desk.path("index")).unwrap();
    let options = UpdateOptions { cancel: Some(cancel), ..UpdateOptions::default() };
    let ended = index.update(&Corpus::open(desk.corpus()).unwrap(), &options);
    assert!(matches!(ended, Err(Error::Cancelled)));
    assert_eq!(index.searcher().unwrap().article_count(), 1);
    assert_eq!(counts(&update(&desk)), [1, 0, 1, 0, 0, 0]);
}

#[test]
fn an_index_belongs_to_one_folder() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    update(&desk);
    std::fs::create_dir(desk.path("other")).unwrap();
    let index = Index::open(desk.path("index")).unwrap();
    let refused =
        index.update(&Corpus::open(desk.path("other")).unwrap(), &UpdateOptions::default());
    assert!(matches!(refused, Err(Error::Option { option: "index", .. })), "{refused:?}");
    assert_eq!(index.searcher().unwrap().article_count(), 1);
}

#[test]
fn a_folder_that_has_lost_most_of_its_files_is_not_taken_at_its_word() {
    let desk = Desk::new();
    (0..50).for_each(|number| desk.write(&format!("a/{number}.txt"), TEXT));
    update(&desk);
    let index = Index::open(desk.path("index")).unwrap();
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let delete = |numbers: std::ops::Range<u32>| {
        numbers.for_each(|number| desk.delete(&format!("a/{number}.txt")));
    };
    // Half of them may go.
    delete(0..25);
    assert_eq!(update(&desk).removed, 25);
    (0..25).for_each(|number| desk.write(&format!("a/{number}.txt"), TEXT));
    update(&desk);

    delete(0..26);
    let refused = index.update(&corpus, &UpdateOptions::default());
    assert!(matches!(refused, Err(Error::Vanished { gone: 26, files: 50, .. })), "{refused:?}");
    assert_eq!(index.searcher().unwrap().article_count(), 50);
    // Those that have moved are not gone.
    (0..26).for_each(|number| desk.write(&format!("b/{number}.txt"), TEXT));
    let report = update(&desk);
    assert_eq!((report.added, report.removed, report.articles), (26, 26, 50));

    (0..26).for_each(|number| desk.delete(&format!("b/{number}.txt")));
    delete(26..50);
    assert!(index.update(&corpus, &UpdateOptions::default()).is_err());
    let sure = UpdateOptions { delete_vanished: true, ..UpdateOptions::default() };
    assert_eq!(index.update(&corpus, &sure).unwrap().articles, 0);
    // Few files are not asked about.
    (0..20).for_each(|number| desk.write(&format!("a/{number}.txt"), TEXT));
    update(&desk);
    delete(0..20);
    assert_eq!(update(&desk).removed, 20);
}

#[test]
fn articles_from_a_program_are_added_replaced_and_deleted() {
    let article =
        |path: &str, text: &str| Article::new(path, vec![Block::new(BlockKind::Paragraph, text)]);
    let index = Index::in_memory().unwrap();
    let report = index.add([article("x/1", "one cloud"), article("x/2", "two\nclouds")]).unwrap();
    assert_eq!((report.added, report.changed, report.articles), (2, 0, 2));
    let report =
        index.add([article("x/2", "a second text"), article("x/3", "three clouds")]).unwrap();
    assert_eq!((report.added, report.changed, report.unchanged, report.articles), (1, 1, 1, 3));
    assert_eq!(index.delete(["x/1", "nothing"]).unwrap().removed, 1);
    let searcher = index.searcher().unwrap();
    let found =
        searcher.search(&Query::parse("cloud*").unwrap(), &SearchOptions::default()).unwrap();
    assert_eq!(found.hits.iter().map(|hit| &*hit.path).collect::<Vec<_>>(), ["x/3"]);
    assert!(matches!(searcher.article("x/1"), Err(Error::UnknownArticle { .. })));
    assert_eq!(searcher.article("x/2").unwrap().article.text(), "a second text");
}

#[test]
fn segments_stay_few_and_sound_through_many_updates() {
    let desk = Desk::new();
    for round in 0..12 {
        desk.write(&format!("{round}.txt"), format!("Round {round}. {TEXT}"));
        if round % 3 == 2 {
            desk.delete(&format!("{}.txt", round - 1));
        }
        update(&desk);
    }
    let index = Index::open(desk.path("index")).unwrap();
    let status = index.status().unwrap();
    assert_eq!(status.articles, 8);
    assert!(status.segments <= 4, "{}", status.segments);
    let check = index.check().unwrap();
    assert_eq!((check.damage, check.articles), (vec![], 8));
    assert_eq!(index.searcher().unwrap().generation(), 12);
}

#[test]
fn other_names_of_fields_let_the_folder_be_read_anew() {
    let record =
        "{\"id\":\"a\",\"corps\":\"Words in the body of it.\",\"text\":\"Words in the text.\"}\n";
    let desk = Desk::with(&[("a.jsonl", record), ("b.txt", TEXT)]);
    age(&desk, "a.jsonl", 60);
    age(&desk, "b.txt", 60);
    update(&desk);
    assert_eq!(desk.found("\"the body\""), Vec::<String>::new());
    desk.write(".polidex.toml", "[fields]\ntext = \"corps\"\n");
    assert_eq!(counts(&update(&desk)), [0, 2, 0, 0, 0, 0]);
    assert_eq!(desk.found("\"the body\""), ["a.jsonl#a"]);
    assert_eq!(counts(&update(&desk)), [0, 0, 2, 0, 0, 0]);
    desk.delete(".polidex.toml");
    update(&desk);
    assert_eq!(desk.found("\"the body\""), Vec::<String>::new());
    desk.write(".polidex.toml", "[fields]\n\nbody = \"corps\"\n");
    let error = Corpus::open(desk.corpus()).unwrap_err();
    assert!(error.to_string().contains("line 3: "), "{error}");
}

#[test]
fn what_is_missing_beside_a_whole_article_is_kept_with_its_file() {
    let mail = "From: a@example.org\nMessage-ID: <1@example.org>\nSubject: Two files\nMIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=b\n\n--b\n\nDigital sovereignty.\n\
                --b\nContent-Disposition: attachment; filename=a.txt\n\nCloud services.\n\
                --b\nContent-Disposition: attachment; filename=b.json\n\n{broken\n--b--\n";
    let desk = Desk::with(&[("m.eml", mail)]);
    age(&desk, "m.eml", 60);
    let report = update(&desk);
    assert_eq!(counts(&report), [2, 0, 0, 0, 0, 0]);
    assert!(report.problems[0].reason.starts_with("b.json: not JSON"), "{:?}", report.problems);
    assert_eq!(desk.found("\"digital sovereignty\""), ["m.eml"]);
    assert_eq!(desk.found("\"cloud services\""), ["m.eml/a.txt"]);
    let again = update(&desk);
    assert_eq!(counts(&again), [0, 0, 2, 0, 0, 0]);
    assert_eq!(again.problems, report.problems);
    desk.delete("m.eml");
    desk.write("b.txt", TEXT);
    assert_eq!(counts(&update(&desk)), [1, 0, 0, 2, 0, 0]);
    assert_eq!(desk.found("\"cloud services\""), Vec::<String>::new());
}

/// A file of many articles keeps more threads busy than files are there; that changes nothing in what
/// is found.
#[test]
fn the_articles_of_one_large_file_are_the_same_by_one_thread_and_by_four() {
    let desk = Desk::new();
    let filler =
        "Rules for high-risk systems were debated again without an end in sight. ".repeat(25);
    let record = |number: usize| {
        let text = format!("Article number n{number} of many. {filler}");
        serde_json::json!({ "id": format!("a{number}"), "title": format!("t{number}"), "text": text })
    };
    let lines: Vec<String> = (0..3_000).map(|number| record(number).to_string()).collect();
    desk.write("all.jsonl", lines.join("\n"));
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let answers = [1, 4].map(|threads| {
        let index = Index::in_memory().unwrap();
        let options = UpdateOptions { threads, ..UpdateOptions::default() };
        let report = index.update(&corpus, &options).unwrap();
        assert_eq!(counts(&report), [3_000, 0, 0, 0, 0, 0]);
        let searcher = index.searcher().unwrap();
        let answer = |query: &str| {
            let query = Query::parse(query).unwrap();
            let found = searcher.search(&query, &SearchOptions::default()).unwrap();
            let paths: Vec<String> = found.hits.iter().map(|hit| hit.path.clone()).collect();
            (found.articles, found.matches, paths)
        };
        let one = answer("n2999");
        assert_eq!(one, (1, 1, vec!["all.jsonl#a2999".to_owned()]));
        [one, answer("\"high-risk systems\""), answer("title:t17 n17")]
    });
    assert_eq!(answers[0], answers[1]);
}
