//! Verifying quotations: what stands in a corpus, what nearly does, and what does not.

use polidex::{
    Agreement, Article, Block, BlockKind, DifferenceKind, Error, Index, Searcher, Typography,
    Verification, VerifyOptions,
};

use crate::schema;
use crate::util::{Desk, Run, project};

const RULES: &str = "The Council said that “rules come first in the list, chips last”. It did not \
                     say, in the co-operation of states, who writes the list?";

fn paragraphs(path: &str, texts: &[&str]) -> Article {
    let block = |(number, text): (usize, &&str)| {
        Block::new(BlockKind::Paragraph, *text).at_line(10 + number as u32)
    };
    Article::new(path, texts.iter().enumerate().map(block).collect())
}

fn searcher() -> Searcher {
    let index = Index::in_memory().unwrap();
    let mut articles = vec![
        paragraphs("rules", &[RULES, "Nobody was surprised by the answer.", "The list went on."]),
        paragraphs("copy", &["Rules come first in the list, chips last, as was said."]),
        paragraphs(
            "long",
            &["It began with a letter of four heads of government.", "Sovereignty is a claim."],
        ),
        paragraphs("brackets", &["The [draft] regulation was adopted in [2019] without a vote."]),
    ];
    for number in 0..40 {
        let text =
            format!("In the list of week {number} nobody was first, and the answer was late.");
        articles.push(paragraphs(&format!("other/{number}"), &[&text]));
    }
    index.add(articles).unwrap();
    index.searcher().unwrap()
}

fn verify(quotation: &str) -> Verification {
    searcher().verify(quotation, &VerifyOptions::default()).unwrap()
}

/// The kind, what is quoted and what the article has, of each difference of the best place.
fn differences(found: &Verification) -> Vec<(DifferenceKind, &str, &str)> {
    let all = found.places[0].differences.iter();
    all.map(|it| (it.kind, &*it.quoted, &*it.article)).collect()
}

#[test]
fn the_very_characters_are_exact_and_their_bytes_are_told() {
    let found = verify("rules come first in the list, chips last");
    assert_eq!((found.agreement, found.occurrences, found.articles), (Agreement::Exact, 2, 2));
    assert!(found.complete);
    // The other place has a capital.
    let agreements: Vec<_> = found.places.iter().map(|it| (&*it.path, it.agreement)).collect();
    assert_eq!(agreements, [("rules", Agreement::Exact), ("copy", Agreement::Typography)]);
    let place = &found.places[0];
    let part = &place.parts[0];
    assert_eq!(&RULES[part.start..part.end], "rules come first in the list, chips last");
    assert_eq!((&*part.text, part.line, place.blocks), (&RULES[part.start..part.end], Some(10), 1));
    let text = searcher().article("rules").unwrap().article.text();
    assert_eq!(place.hash, format!("blake3:{}", blake3::hash(text.as_bytes()).to_hex()));
}

#[test]
fn typography_is_told_apart_from_words_and_marks_that_differ() {
    use Typography::{Case, Hyphenation, Quotes, Spaces};
    for (quotation, ways) in [
        ("Rules come first in the List", &[Case][..]),
        ("said that \"rules come first\"", &[Quotes]),
        ("in the cooperation of states", &[Hyphenation]),
        ("in the co operation of states", &[Hyphenation]),
        ("who writes the list ?", &[Spaces]),
    ] {
        let found = verify(quotation);
        assert_eq!(found.agreement, Agreement::Typography, "{quotation}: {found:?}");
        for way in ways {
            assert!(found.places[0].typography.contains(way), "{quotation}: {found:?}");
        }
        assert!(found.places[0].differences.is_empty(), "{quotation}");
    }
    for (quotation, difference) in [
        ("rules come first in the list; chips last", ("list; chips", "list, chips")),
        ("rules come first in thé list", ("thé", "the")),
        ("who writes the list!", ("!", "")),
    ] {
        let found = verify(quotation);
        assert_eq!(found.agreement, Agreement::Near, "{quotation}: {found:?}");
        assert_eq!(found.places[0].similarity, 1.0, "{quotation}");
        let (_, quoted, article) = differences(&found)[0];
        assert_eq!((quoted, article), difference, "{quotation}");
    }
}

#[test]
fn an_abbreviation_with_spaces_is_the_one_without() {
    let index = Index::in_memory().unwrap();
    let text = "Das gilt i. d. R. auch in Berlin, z.B. im Amt.";
    index.add([paragraphs("a", &[text])]).unwrap();
    let searcher = index.searcher().unwrap();
    for quotation in ["gilt i.d.R. auch in Berlin, z. B. im Amt", "i.d. R. auch in Berlin, z. B."] {
        let found = searcher.verify(quotation, &VerifyOptions::default()).unwrap();
        assert_eq!(found.agreement, Agreement::Typography, "{quotation}: {found:?}");
        let ways: Vec<_> = found.places[0].typography.iter().collect();
        assert_eq!(ways, [&Typography::Spaces], "{quotation}");
    }
}

#[test]
fn near_quotations_say_word_by_word_what_differs() {
    use DifferenceKind::{Deleted, Inserted, Replaced};
    for (quotation, similarity, expected) in [
        // One of eight words replaced, inserted, left out.
        (
            "rules come second in the list, chips last",
            7.0 / 8.0,
            &[(Replaced, "second", "first")][..],
        ),
        ("rules always come first in the list, chips last", 8.0 / 9.0, &[(Inserted, "always", "")]),
        ("rules come first in list, chips last", 7.0 / 8.0, &[(Deleted, "", "the")]),
        (
            "It did certainly not say, in the union of states, who writes",
            1.0 - 3.0 / 12.0,
            &[(Inserted, "certainly", ""), (Replaced, "union", "co-operation")],
        ),
    ] {
        let found = verify(quotation);
        assert_eq!(found.agreement, Agreement::Near, "{quotation}: {found:?}");
        assert_eq!(differences(&found), expected, "{quotation}");
        assert!((found.places[0].similarity - similarity).abs() < 1e-9, "{quotation}: {found:?}");
    }
    // The bytes of what differs are those of the article.
    let found = verify("rules come second in the list, chips last");
    let place = found.places.iter().find(|place| place.path == "rules").unwrap();
    assert_eq!(&RULES[place.differences[0].article_range.clone()], "first");
    assert_eq!(&found.quotation[place.differences[0].quoted_range.clone()], "second");
}

#[test]
fn what_stands_nowhere_is_absent_and_the_threshold_decides() {
    for quotation in [
        "the list comes first in chips and rules last",
        "zebras graze on the plain",
        "was nobody first in the list of the answer",
    ] {
        let found = verify(quotation);
        assert_eq!(found.agreement, Agreement::Absent, "{quotation}: {found:?}");
        assert_eq!((found.occurrences, found.places.len()), (0, 0));
    }
    let near = "rules come second in the list, chips last";
    let strict = VerifyOptions { similarity: 0.9, ..VerifyOptions::default() };
    assert_eq!(searcher().verify(near, &strict).unwrap().agreement, Agreement::Absent);
    for (quotation, options) in [
        ("[…] …", VerifyOptions::default()),
        ("rules come first", VerifyOptions { similarity: 0.1, ..VerifyOptions::default() }),
        ("rules come first", VerifyOptions { similarity: f64::NAN, ..VerifyOptions::default() }),
        ("rules come first", VerifyOptions { limit: 0, ..VerifyOptions::default() }),
    ] {
        assert!(matches!(searcher().verify(quotation, &options), Err(Error::Option { .. })));
    }
}

#[test]
fn omissions_and_insertions_are_understood_in_their_order_only() {
    let found = verify("“rules come first […] chips last”");
    assert_eq!((found.agreement, found.omissions), (Agreement::Exact, 1));
    let parts: Vec<&str> = found.places[0].parts.iter().map(|part| &*part.text).collect();
    assert_eq!(parts, ["rules come first", "chips last"]);
    assert_eq!((found.occurrences, found.articles), (2, 2));
    // Over paragraphs, which is told.
    let found = verify("The Council said ... surprised by the answer ... went on");
    assert_eq!((found.agreement, found.places[0].blocks), (Agreement::Exact, 3), "{found:?}");
    // The other way round it does not stand there.
    assert_ne!(verify("chips last […] rules come first").agreement, Agreement::Exact);
    // Put in, in place of words or beside them.
    let found = verify("[The ministers] did not say […] who writes [it all]");
    assert_eq!(found.agreement, Agreement::Exact, "{found:?}");
    assert_eq!(found.insertions, ["The ministers", "it all"]);
    assert_eq!(verify("The Council [of ministers] said that").agreement, Agreement::Exact);
    assert_eq!(verify("said that “[R]ules come first”").agreement, Agreement::Typography);
    assert_eq!(verify("rules [sic] come first in the list").agreement, Agreement::Exact);
    // Words far apart are not joined by what is put in between.
    let apart = verify("The Council said [that] who writes the list");
    assert_ne!(apart.agreement, Agreement::Exact, "{apart:?}");
    // Brackets of the text itself.
    let own = verify("The [draft] regulation was adopted");
    assert_eq!((own.agreement, own.places[0].parts.len()), (Agreement::Exact, 1), "{own:?}");
    assert_eq!(verify("was adopted in [2019] without a vote").agreement, Agreement::Exact);
    assert_eq!(verify("was adopted in [1] [2019] without").agreement, Agreement::Near);
    // A part that is wrong makes it near.
    let near = verify("rules come first in […] chips never last");
    assert_eq!(near.agreement, Agreement::Near);
    assert_eq!(differences(&near), [(DifferenceKind::Inserted, "never", "")]);
}

#[test]
fn a_quotation_goes_over_the_end_of_a_paragraph() {
    for (quotation, agreement) in [
        ("four heads of government.\n\nSovereignty is a claim", Agreement::Exact),
        ("four heads of government. Sovereignty is a claim", Agreement::Typography),
        ("four heads of governments. Sovereignty is a claim", Agreement::Near),
    ] {
        let found = verify(quotation);
        assert_eq!(found.agreement, agreement, "{found:?}");
        assert_eq!((&*found.places[0].path, found.places[0].blocks), ("long", 2));
    }
}

#[test]
fn a_quotation_longer_than_a_phrase_of_the_index_is_found_whole() {
    let sentence = |number: usize| format!("In year {number} the list was read to the end again.");
    let text = (0..40).map(sentence).collect::<Vec<_>>().join(" ");
    let index = Index::in_memory().unwrap();
    index.add([paragraphs("annals", &[&text])]).unwrap();
    let searcher = index.searcher().unwrap();
    let verify = |quotation: &str| searcher.verify(quotation, &VerifyOptions::default()).unwrap();
    let whole = verify(&text);
    assert_eq!((whole.agreement, whole.words), (Agreement::Exact, 440));
    assert_eq!(whole.places[0].parts[0].text, text);
    let near = verify(&text.replace("year 39 the", "year 40 the"));
    assert_eq!((near.agreement, near.places[0].differences.len()), (Agreement::Near, 1));
}

#[test]
fn all_places_are_counted_and_the_limit_confines_what_is_told() {
    let options = VerifyOptions { limit: 3, ..VerifyOptions::default() };
    let found = searcher().verify("nobody was first, and the answer was late", &options).unwrap();
    assert_eq!((found.occurrences, found.articles, found.places.len()), (40, 40, 3));
    let paths: Vec<&str> = found.places.iter().map(|place| &*place.path).collect();
    assert_eq!(paths, ["other/0", "other/1", "other/10"]);
}

#[test]
fn pages_are_told_by_number_and_by_what_is_printed_on_them() {
    // A form feed before a line end is the end of a page.
    let text = "Rules come first.\u{c}\nThen chips come last.";
    let mut block = Block::new(BlockKind::Paragraph, text);
    block.page = Some(1);
    let mut article = Article::new("report", vec![block]);
    article.metadata.page_labels = vec!["iv".into(), "v".into()];
    let index = Index::in_memory().unwrap();
    index.add([article]).unwrap();
    let searcher = index.searcher().unwrap();
    // As a phrase, and where the words are only near.
    for quotation in ["Then chips come last", "Then chips come at last"] {
        let found = searcher.verify(quotation, &VerifyOptions::default()).unwrap();
        let part = &found.places[0].parts[0];
        assert_eq!((part.page, part.page_label.as_deref()), (Some(2), Some("v")), "{quotation}");
        assert_eq!(part.line, None);
    }
}

fn corpus() -> String {
    project().join("corpus").to_str().unwrap().to_owned()
}

fn on_corpus(desk: &Desk, args: &[&str]) -> Run {
    desk.run(&[&["verify", "--in", &corpus()], args].concat())
}

#[test]
fn the_command_line_takes_a_quotation_a_file_or_standard_input() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["index", &corpus()]).code, 0);
    let quotation = "“Rules come first in the list, chips last.”";
    let run = on_corpus(&desk, &[quotation]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("exact: 1 place in 1 article\n"), "{}", run.out);
    assert!(run.out.contains("what-digital-sovereignty-means-in-brussels.md"), "{}", run.out);
    assert!(run.out.contains("line 37 § Second meaning: capacity · bytes "), "{}", run.out);
    std::fs::write(desk.path("words"), "Rules come\nfirst in the list,\nchips last.\n").unwrap();
    let file = on_corpus(&desk, &["--file", "words"]);
    assert_eq!(file.out, run.out);
    let mut command = desk.command(&["verify", "--in", &corpus(), "-"]);
    command.stdin(std::fs::File::open(desk.path("words")).unwrap());
    assert_eq!(Run::of(command.output().unwrap()).out, run.out);
    let absent = on_corpus(&desk, &["Rules", "come", "last", "in", "no", "list"]);
    assert_eq!((absent.code, absent.out.starts_with("absent")), (1, true), "{}", absent.out);
    let near = &["Rules come first in the list and chips last"];
    assert_eq!(on_corpus(&desk, near).code, 0);
    assert_eq!(on_corpus(&desk, &[near, &["--strict"][..]].concat()).code, 1);
    let missing = on_corpus(&desk, &["draft.docx"]);
    assert!(missing.code == 2 && missing.err.contains("no such file"), "{}", missing.err);
    assert_eq!(on_corpus(&desk, &["…"]).code, 2);
    assert_eq!(on_corpus(&desk, &["rules come first", "--similarity", "2"]).code, 2);
}

#[test]
fn every_quotation_of_a_draft_is_told_and_an_absent_one_ends_with_one() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["index", &corpus()]).code, 0);
    let draft = "# Draft\n\nThe paper says that “Rules come first in the list, chips last”, and that \
                 it is “a great day”.\n\n> Sovereignty, in its classical form since Bodin, is a claim \
                 about who has the very last word.\n\nNobody said \"this is the end of all the \
                 world\".\n";
    std::fs::write(desk.path("draft.md"), draft).unwrap();
    let run = on_corpus(&desk, &["draft.md"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let verdicts: Vec<String> = run
        .out
        .lines()
        .filter(|line| line.starts_with(' '))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let line: u32 = words.next()?.parse().ok()?;
            Some(format!("{line} {}", words.next()?))
        })
        .collect();
    assert_eq!(verdicts, ["3 exact", "5 near", "7 absent"]);
    assert!(run.out.contains("“very” is not in the article"), "{}", run.out);
    assert!(run.out.contains("\n3 quotations, 1 exact, 1 near, 1 absent, "), "{}", run.out);
    // Shorter ones only if asked for.
    let run = on_corpus(&desk, &["draft.md", "--words", "3"]);
    assert!(run.out.contains("a great day"), "{}", run.out);
    std::fs::write(desk.path("good.md"), "He wrote “Rules come first in the list”.\n").unwrap();
    assert_eq!(on_corpus(&desk, &["good.md", "--strict"]).code, 0);
}

#[test]
fn json_of_verifications_is_what_the_schema_says() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["index", &corpus()]).code, 0);
    let draft = "“Rules come first in the list”, “rules come second in the list” or “nothing of it \
                 is here”.\n";
    std::fs::write(desk.path("draft.md"), draft).unwrap();
    let validator = schema::validator();
    let mut agreements = Vec::new();
    for args in [&["draft.md", "--json"][..], &["Rules come first in the list", "--json"]] {
        let run = on_corpus(&desk, args);
        let lines = run.json();
        assert_eq!(lines.last().unwrap()["type"], "verification_summary", "{}", run.err);
        for line in lines {
            schema::holds_every_key(&validator, &line);
            if line["type"] == "verification" {
                agreements.push(line["agreement"].as_str().unwrap().to_owned());
                let of_draft = line["draft"].is_object();
                assert_eq!(of_draft, args[0] == "draft.md");
                if let Some(place) = line["places"].get(0) {
                    let mut broken = line.clone();
                    broken["places"][0]["parts"][0]["start"] = "far".into();
                    assert!(!validator.is_valid(&broken), "{place}");
                }
            }
        }
    }
    assert_eq!(agreements, ["exact", "near", "absent", "exact"]);
}
