//! Searching the sample corpus: what is found, what is not, and what is said about it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use polidex::{
    Article, Block, BlockKind, Corpus, Index, Matching, Query, SearchOptions, SearchResults,
    Searcher, UpdateOptions,
};

use crate::util::{Desk, project};

static CORPUS: LazyLock<Searcher> = LazyLock::new(|| {
    let index = Index::in_memory().unwrap();
    let report = index
        .update(&Corpus::open(project().join("corpus")).unwrap(), &UpdateOptions::default())
        .unwrap();
    assert_eq!((report.failed, report.skipped), (0, 0), "{:?}", report.problems);
    index.searcher().unwrap()
});

fn ask(query: &str, options: &SearchOptions) -> SearchResults {
    CORPUS.search(&Query::parse(query).unwrap(), options).unwrap()
}

fn found(query: &str) -> SearchResults {
    ask(query, &SearchOptions { limit: 1000, group: false, ..SearchOptions::default() })
}

fn paths(query: &str) -> BTreeSet<String> {
    let found = found(query);
    if found.fallback {
        BTreeSet::new()
    } else {
        found.hits.into_iter().map(|hit| hit.path).collect()
    }
}

#[test]
fn a_phrase_is_found_whatever_the_file_did_to_it() {
    let found = paths("\"digital sovereignty\"");
    for path in [
        // Broken over a line, hyphenated over a line end, in windows-1252.
        "eu/data-act-applies.txt",
        "de/gaia-x-history-and-criticism.txt",
        // With markup inside, with a no-break space.
        "eu/dma-gatekeepers-cloud-and-ai.html",
        "de/berlin-summit-and-digital-omnibus.html",
        "int/vance-speech-paris-statement-unsigned.html",
    ] {
        assert!(found.contains(path), "{path}");
    }
    let french = paths("\"souverainete numerique\"");
    for path in [
        // Decomposed accents; entities and markup; windows-1252.
        "fr/sommet-berlin-souverainete-numerique-novembre-2025.txt",
        "fr/microsoft-openai-accord-octobre-2025.html",
        "fr/sommet-action-ia-paris-fevrier-2025.txt",
    ] {
        assert!(french.contains(path), "{path}");
    }
    // Soft hyphens in a compound, UTF-16.
    assert!(!paths("\"inter\u{ad}national\"").is_empty());
    assert!(paths("Gesichtserkennung").contains("de/gesichtserkennung-suedkreuz-bilanz.txt"));
}

#[test]
fn a_near_miss_is_not_the_phrase() {
    let phrase = paths("\"digital sovereignty\"");
    for (near_miss, path) in [
        (
            "\"digital papers question the sovereignty of states\"",
            "int/council-of-europe-ai-convention-signed.txt",
        ),
        (
            "\"sovereignty, digital or otherwise\"",
            "eu/ai-act-political-agreement-december-2023.html",
        ),
        (
            "\"sovereign states and their digital ministries\"",
            "int/oecd-ai-principles-five-years-on.md",
        ),
        ("\"sovereignty in the digital age\"", "int/unesco-ethics-recommendation-adopted.md"),
        // A heading ends with the one word and its paragraph starts with the other; two cells do.
        (
            "\"The Single Market Goes Digital\"",
            "eu/copyright-training-data-text-and-data-mining.md",
        ),
        ("\"sovereignty over trade secrets\"", "eu/gpai-code-of-practice-published.md"),
    ] {
        assert!(paths(near_miss).contains(path), "{near_miss}");
        assert!(!phrase.contains(path), "{path}");
    }
    let french = paths("\"souveraineté numérique\"");
    assert!(!french.contains("fr/rapport-villani-donner-un-sens-a-l-ia.md"));
}

#[test]
fn what_a_site_puts_around_its_articles_is_not_found() {
    for boilerplate in [
        "marshmallow",
        "\"gingerbread settings\"",
        "\"hydrogen ferries\"",
        "trombone",
        "\"marching band\"",
        "\"lighthouse keepers\"",
        "nougat",
        "\"phares bretons\"",
        "\"fanfare du village\"",
        "Lebkuchen",
        "Leuchtturmwärter",
        "Blaskapelle",
        "mazapán",
        "acordeones",
        "pistacchio",
        "\"banda del paese\"",
        "\"typewriter repairer\"",
        "banjo",
        "accordion",
        "\"walrus weekly\"",
    ] {
        assert_eq!(paths(boilerplate), BTreeSet::new(), "{boilerplate}");
    }
    // The words of the articles on the same pages are.
    for words in [
        "\"real-time\" biometric",
        "vidéosurveillance OR caméras",
        "Gipfel EUREF",
        "sandbox OR arena",
    ] {
        assert!(!paths(words).is_empty(), "{words}");
    }
}

#[test]
fn only_what_matched_is_marked() {
    for hit in found("\"digital sovereignty\"").hits {
        for passage in hit.passages {
            assert!(!passage.highlights.is_empty(), "{}", passage.text);
            for mark in passage.highlights {
                let words = polidex::tokens(&passage.text[mark], hit.language);
                let exact: Vec<&str> = words.iter().map(|token| &*token.exact).collect();
                assert_eq!(exact, ["digital", "sovereignty"]);
            }
        }
    }
}

#[test]
fn passages_are_the_words_of_the_article_at_their_place() {
    for query in ["sovereignty", "\"AI Act\"", "compute NEAR/10 europe", "die OR les OR the"] {
        for hit in found(query).hits {
            let article = CORPUS.article(&hit.path).unwrap();
            let text = article.article.text();
            assert_eq!(hit.hash, article.hash);
            assert!(hit.passages.len() <= 3);
            for passage in &hit.passages {
                assert_eq!(&text[passage.start..passage.end], passage.text);
                assert!(passage.text.chars().count() <= 242, "{}", passage.text);
                let block = text[..passage.start].matches("\n\n").count();
                assert_eq!(
                    passage.section,
                    article.article.section(block),
                    "{} {}",
                    hit.path,
                    passage.text
                );
            }
            assert!(hit.passages.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}

#[test]
fn the_line_of_a_passage_is_where_its_words_stand_in_the_file() {
    let answer = found("\"digital sovereignty\"");
    let mut lines = 0;
    for hit in answer
        .hits
        .iter()
        .filter(|hit| hit.path.ends_with(".md") || hit.path == "eu/data-act-applies.txt")
    {
        let file = std::fs::read_to_string(project().join("corpus").join(&hit.path)).unwrap();
        for passage in &hit.passages {
            // The passage may start at the very end of its line.
            let from = passage.line.unwrap() as usize - 1;
            let two: String = file.lines().skip(from).take(2).collect();
            let letters =
                |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
            let start: String = letters(&passage.text).chars().take(12).collect();
            let at = letters(&two).find(&start);
            let first = letters(file.lines().nth(from).unwrap()).len();
            assert!(
                at.is_some_and(|at| at < first),
                "{} line {}: {two:?} and {:?}",
                hit.path,
                from + 1,
                passage.text
            );
            lines += 1;
        }
    }
    assert!(lines > 10);
}

#[test]
fn inflected_forms_are_found_in_each_language_and_exact_ones_only_where_asked() {
    assert!(paths("prohibitions").is_superset(&paths("=prohibition")));
    assert_ne!(paths("model"), paths("=model"));
    assert!(paths("Verbot").is_superset(&paths("=Verbote")) && !paths("=Verbote").is_empty());
    assert!(paths("l'intelligence").is_superset(&paths("\"intelligence artificielle\"")));
    assert!(paths("souverainete lang:fr").contains("fr/health-data-hub-derogation-trois-ans.md"));
    assert_eq!(paths("souverainete lang:de"), BTreeSet::new());
}

#[test]
fn fields_and_dates_confine() {
    let all = paths("sovereignty OR souveraineté OR Souveränität");
    let dated = paths("(sovereignty OR souveraineté OR Souveränität) date:2025-10..2025-11");
    assert!(!dated.is_empty() && dated.len() < all.len());
    assert!(paths("path:fr/*").iter().all(|path| path.starts_with("fr/")));
    assert_eq!(paths("path:fr/*"), paths("path:fr"));
    assert_eq!(
        paths("kind:speech"),
        BTreeSet::from(["int/vance-speech-paris-statement-unsigned.html".into()])
    );
    assert_eq!(paths("source:\"channel wire\"").len(), 4);
    assert!(paths("title:\"digital sovereignty\"").is_subset(&paths("\"digital sovereignty\"")));
    assert!(paths("author:wendelin").contains("eu/what-digital-sovereignty-means-in-brussels.md"));
    // Only the month of this one is known.
    assert!(paths("date:2023-02 kind:guidance").contains("us/nist-ai-rmf-guide.md"));
    assert!(paths("date:2023-02-14 kind:guidance").contains("us/nist-ai-rmf-guide.md"));
    assert!(!paths("date:2023-03 kind:guidance").contains("us/nist-ai-rmf-guide.md"));
}

#[test]
fn an_article_about_it_comes_before_one_that_mentions_it() {
    let first = |query: &str| found(query).hits[0].path.clone();
    assert_eq!(
        first("digital sovereignty in Brussels"),
        "eu/what-digital-sovereignty-means-in-brussels.md"
    );
    assert_eq!(first("Canada AIDA"), "americas/canada-aida-dies-on-the-order-paper.md");
    assert_eq!(first("New York hiring law"), "us/writers-contract-and-hiring-law.txt");
    assert_eq!(first("rapport Villani"), "fr/rapport-villani-donner-un-sens-a-l-ia.md");
}

#[test]
fn the_same_question_has_the_same_answer_and_pages_fit_together() {
    let timeless = |mut results: SearchResults| {
        results.elapsed = Default::default();
        results.profile = Default::default();
        results
    };
    let whole = timeless(found("the AND of"));
    assert_eq!(timeless(found("the AND of")), whole);
    for offset in [0, 7, 14] {
        let page = ask(
            "the AND of",
            &SearchOptions { limit: 7, offset, group: false, ..SearchOptions::default() },
        );
        assert_eq!(page.hits, whole.hits[offset..offset + 7]);
        assert_eq!((page.articles, page.matches), (whole.articles, whole.matches));
    }
}

#[test]
fn where_nothing_has_all_words_that_is_said_and_something_offered() {
    let answer = found("digital souvereignty");
    assert!(answer.fallback && answer.articles > 0);
    assert_eq!(answer.suggestions[0], "digital sovereignty");
    assert!(answer.notes.iter().any(|note| note.message.contains("souvereignty")));
    for suggestion in &answer.suggestions {
        assert!(!paths(suggestion).is_empty(), "{suggestion}");
    }
    assert!(found("datacentres").suggestions.contains(&"data centres".to_owned()));
    assert!(
        found("\"sovereignty Brussels\"")
            .suggestions
            .iter()
            .any(|query| query.contains("sovereignty Brussels"))
    );
    let sound = found("digital sovereignty");
    assert!(!sound.fallback && sound.suggestions.is_empty() && sound.notes.is_empty());
    let any = ask(
        "digital souvereignty",
        &SearchOptions { matching: Matching::Any, ..SearchOptions::default() },
    );
    assert!(!any.fallback && any.articles > 0);
}

#[test]
fn a_wildcard_that_stands_for_too_much_is_an_error_that_says_how_much() {
    let options = SearchOptions { max_expansions: 5, ..SearchOptions::default() };
    let refused = CORPUS.search(&Query::parse("s*").unwrap(), &options).unwrap_err();
    assert_eq!(refused.code(), "too_many_expansions");
    assert!(refused.to_string().chars().any(|c| c.is_ascii_digit()), "{refused}");
    assert!(CORPUS.search(&Query::parse("sovereignt*").unwrap(), &options).is_ok());
    // No more are counted than can be asked for.
    let words: Vec<String> = (0..100_050).map(|number| format!("w{number}")).collect();
    let text = vec![Block::new(BlockKind::Paragraph, words.join(" "))];
    let searcher = crate::util::searcher([Article::new("a", text)]);
    let refused = searcher.search(&Query::parse("w*").unwrap(), &options).unwrap_err();
    assert!(refused.to_string().contains("more than 100000 words"), "{refused}");
    let options = SearchOptions { max_expansions: 100_000, ..options };
    let found = searcher.search(&Query::parse("w1*").unwrap(), &options).unwrap();
    assert_eq!(found.matches, 1 + 10 + 100 + 1_000 + 10_000 + 50);
}

/// More articles than are looked at in one go, of which some are gone: the numbers that have a divisor.
#[test]
fn any_and_some_of_many_words_count_every_article_that_has_them() {
    const DIVISORS: [(u64, &str); 4] = [(2, "zwo"), (3, "drei"), (5, "funf"), (7, "sieben")];
    let numbers = 1..=6_000u64;
    let index = Index::in_memory().unwrap();
    let article = |number: u64| {
        let words = DIVISORS.iter().filter(|(divisor, _)| number.is_multiple_of(*divisor));
        let text: Vec<&str> = words.map(|(_, word)| *word).chain(["number"]).collect();
        Article::new(
            format!("{number}"),
            vec![Block::new(BlockKind::Paragraph, format!("{} {number}.", text.join(" ")))],
        )
    };
    index.add(numbers.clone().map(article)).unwrap();
    let gone = |number: &u64| number.is_multiple_of(11);
    index.delete(numbers.clone().filter(gone).map(|number| number.to_string())).unwrap();
    let searcher = index.searcher().unwrap();
    let options = SearchOptions { group: false, ..SearchOptions::default() };
    for (query, least) in
        [("=zwo OR =drei OR =funf OR =sieben", 1), ("3 OF (=zwo, =drei, =funf, =sieben)", 3)]
    {
        let count = |number: &u64| {
            DIVISORS.iter().filter(|(divisor, _)| number.is_multiple_of(*divisor)).count() as u64
        };
        let those: Vec<u64> = numbers.clone().filter(|n| !gone(n) && count(n) >= least).collect();
        let found = searcher.search(&Query::parse(query).unwrap(), &options).unwrap();
        assert_eq!(found.articles, those.len() as u64, "{query}");
        assert_eq!(found.matches, those.iter().map(count).sum::<u64>(), "{query}");
        // All words of all: 210 and its multiples come first.
        assert!(found.hits.iter().all(|hit| hit.path.parse::<u64>().unwrap().is_multiple_of(210)));
    }
}

#[test]
fn a_searcher_serves_many_threads_and_keeps_to_its_generation() {
    let searcher = CORPUS.clone();
    let expected = found("\"AI Act\"").matches;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let query = Query::parse("\"AI Act\"").unwrap();
                for _ in 0..20 {
                    assert_eq!(
                        searcher.search(&query, &SearchOptions::default()).unwrap().matches,
                        expected
                    );
                }
            });
        }
    });
}

/// The most frequent words, of which the index has pairs: in the title, across sentences, in several
/// languages, and not across blocks.
#[test]
fn phrases_of_frequent_words_are_exact() {
    let index = Index::in_memory().unwrap();
    let text = |path: &str, title: &str, blocks: &[&str]| {
        let title = Block::new(BlockKind::Title, title);
        let paragraphs = blocks.iter().map(|text| Block::new(BlockKind::Paragraph, *text));
        Article::new(path, std::iter::once(title).chain(paragraphs).collect())
    };
    index
        .add([
            text("a", "State of the Union", &["That is what it is of. The end of the line."]),
            text("b", "On clouds", &["It ends with what it is made of", "The state of a cloud."]),
            text("c", "Le nuage", &["Le prix de l'énergie, et de la glace. DE LA, of the."]),
            text("d", "Dot", &["out of of the the, the of"]),
        ])
        .unwrap();
    let searcher = index.searcher().unwrap();
    let found = |query: &str| -> Vec<(String, u64)> {
        let results =
            searcher.search(&Query::parse(query).unwrap(), &SearchOptions::default()).unwrap();
        let mut found: Vec<_> =
            results.hits.iter().map(|hit| (hit.path.clone(), hit.matches)).collect();
        found.sort();
        found
    };
    let hits = |hits: &[(&str, u64)]| -> Vec<(String, u64)> {
        hits.iter().map(|(path, matches)| ((*path).to_owned(), *matches)).collect()
    };
    for (query, expected) in [
        ("\"of the\"", &[("a", 3), ("c", 1), ("d", 1)][..]),
        ("title:\"of the\"", &[("a", 1)]),
        ("\"of a\"", &[("b", 1)]),
        ("\"de la\"", &[("c", 2)]),
        ("\"the end of the line\"", &[("a", 1)]),
        ("\"state of the union\"", &[("a", 1)]),
        ("\"out of of the the\"", &[("d", 1)]),
        ("\"the the of\"", &[("d", 1)]),
        ("\"of the the of\"", &[]),
        ("\"of * the\"", &[("d", 2)]),
        ("\"of the\" -state", &[("c", 1), ("d", 1)]),
        ("\"of the\" NEAR/2 line", &[("a", 1)]),
        ("\"it is of the\"", &[("a", 1)]),
        ("\"is made of the\"", &[]),
    ] {
        assert_eq!(found(query), hits(expected), "{query}");
    }
    let options = SearchOptions::default();
    let results = searcher.search(&Query::parse("\"of the\"").unwrap(), &options).unwrap();
    for hit in results.hits {
        for passage in hit.passages {
            let marked = passage.highlights.iter().map(|range| &passage.text[range.clone()]);
            for marked in marked {
                assert!(["of the", "of. The"].contains(&marked), "{marked}");
            }
        }
    }
}

/// Inflections count for less than the form asked for, which is looked at for the best only.
#[test]
fn the_order_is_the_same_however_many_are_asked_for() {
    let index = Index::in_memory().unwrap();
    let articles = (0..300).map(|number| {
        let (one, many) = (number % 5, number % 7);
        let words = "cloud ".repeat(one) + &"clouds ".repeat(many) + &"other ".repeat(number % 11);
        let block = Block::new(BlockKind::Paragraph, format!("{words} number{number} end"));
        Article::new(format!("{number:03}"), vec![block])
    });
    index.add(articles).unwrap();
    let searcher = index.searcher().unwrap();
    for query in ["cloud", "clouds OR other", "cloud other", "clouds -number7"] {
        let query = Query::parse(query).unwrap();
        let order = |limit: usize, group: bool| -> Vec<(String, u32)> {
            let options = SearchOptions { limit, group, ..SearchOptions::default() };
            let results = searcher.search(&query, &options).unwrap();
            results.hits.into_iter().map(|hit| (hit.path, hit.score.to_bits())).collect()
        };
        for group in [false, true] {
            let all = order(300, group);
            for limit in [1, 10, 60, 100] {
                assert_eq!(order(limit, group), all[..limit.min(all.len())], "{query} {limit}");
            }
        }
    }
}

#[test]
fn a_raised_numeral_is_a_word_of_its_own_and_a_mark_of_a_note_is_none() {
    let desk = Desk::with(&[
        ("power.html", "<p>Trained with more than 10<sup>25</sup> FLOP in all.</p>"),
        ("note.html", "<p>It cost 35<a href='#fn7'><sup>7</sup></a> million in 2024.</p>"),
        ("sign.txt", "Trained with more than 10²⁵ FLOP in all."),
        ("plain.txt", "There were 1025 FLOP and 357 million."),
    ]);
    for (query, expected) in [
        ("\"10^25 FLOP\"", &["power.html", "sign.txt"][..]),
        ("\"10²⁵ FLOP\"", &["power.html", "sign.txt"]),
        ("\"10^25\"", &["power.html", "sign.txt"]),
        ("10^25", &["power.html", "sign.txt"]),
        ("1025", &["plain.txt"]),
        ("\"35 million\"", &["note.html"]),
        ("357", &["plain.txt"]),
    ] {
        assert_eq!(desk.found(query), expected, "{query}");
    }
}

#[test]
fn an_abbreviation_is_found_with_spaces_and_without() {
    let desk = Desk::with(&[
        ("close.txt", "Das gilt z.B. in Berlin und i.d.R. auch so im U.S. Senate."),
        ("wide.txt", "Das gilt (z.\u{A0}B. in Berlin) und i. d. R. auch so im U. S. Senate."),
        ("name.txt", "Das sagt J. D. Vance im US Senate."),
    ]);
    let both = &["close.txt", "wide.txt"][..];
    let all = &["close.txt", "name.txt", "wide.txt"];
    for (query, expected) in [
        ("\"gilt z. B. in\"", both),
        ("\"gilt z.B. in\"", both),
        ("\"gilt Z. B.\"", both),
        ("\"i. d. R. auch\"", both),
        ("\"i.d. R. auch\"", both),
        ("z. B. Berlin", both),
        ("\"US Senate\"", all),
        ("\"u. s. senate\"", all),
        ("\"D. Vance\"", &["name.txt"]),
        ("\"J. D. Vance\"", &["name.txt"]),
    ] {
        assert_eq!(desk.found(query), expected, "{query}");
    }
    let marked = desk.search("\"z.B.\" path:wide.txt", &["--json"]).json();
    let passage = &marked[0]["passages"][0];
    let (text, at) = (passage["text"].as_str().unwrap(), &passage["highlights"][0]);
    let at = |end: usize| at[end].as_u64().unwrap() as usize;
    assert_eq!(&text[at(0)..at(1)], "z. B.");
}

#[test]
fn long_words_that_begin_alike_are_not_one() {
    let word = |end: &str| format!("{}{end}", "a".repeat(300));
    let desk = Desk::with(&[
        ("one.txt", &format!("the {} here", word("one"))),
        ("two.txt", &format!("the {} here", word("two"))),
    ]);
    for (query, expected) in [
        (format!("\"the {} here\"", word("one")), &["one.txt"][..]),
        (word("two"), &["two.txt"]),
        (word("three"), &[]),
        (format!("{}*", "a".repeat(200)), &["one.txt", "two.txt"]),
    ] {
        assert_eq!(desk.found(&query), expected, "{query}");
    }
}

#[test]
fn a_value_of_metadata_that_no_article_has_is_told_with_those_that_there_are() {
    let notes = |query: &str| -> Vec<String> {
        let notes = found(query).notes.into_iter();
        notes.filter(|note| note.code == "absent_values").map(|note| note.message).collect()
    };
    for (query, message) in [
        ("AI lang:ka", "no article has lang:ka; the index has en, fr, de, es, it"),
        // What is excluded or one of several may be misspelt as well.
        ("AI -lang:ka", "no article has lang:ka; the index has en, fr, de, es, it"),
        ("AI lang:(fr OR ka)", "no article has lang:ka; the index has en, fr, de, es, it"),
        ("AI source:Gazetteer", "no article has source:gazetteer"),
        ("AI path:nowhere/*", "no article has path:nowhere/*"),
        ("AI cites:32099R1234", "no article has cites:32099R1234"),
    ] {
        assert_eq!(notes(query), [message], "{query}");
    }
    let kinds = notes("AI kind:lwa");
    assert!(kinds[0].starts_with("no article has kind:lwa; the index has law, "), "{kinds:?}");
    let jurisdictions = notes("AI jurisdiction:zz");
    assert!(jurisdictions[0].ends_with(" more"), "{jurisdictions:?}");
    for query in ["AI lang:fr", "AI kind:law", "AI path:eu", "AI cites:32024R1689", "qqqq"] {
        assert!(notes(query).is_empty(), "{query}");
    }
    let query = Query::parse("AI lang:ka").unwrap();
    let plan = CORPUS.explain_query(&query, &SearchOptions::default()).unwrap();
    assert_eq!(plan.notes.len(), 1, "{:?}", plan.notes);
}

#[test]
fn a_star_at_the_edge_of_a_phrase_changes_nothing() {
    let plain = found("\"digital sovereignty\"");
    for query in ["\"* digital sovereignty\"", "\"digital sovereignty *\""] {
        let other = found(query);
        assert_eq!(other.query, plain.query);
        assert_eq!((other.articles, other.matches), (plain.articles, plain.matches));
    }
    // Within a phrase it asks for a word.
    assert_ne!(paths("\"digital * sovereignty\""), paths("\"digital sovereignty\""));
}

#[test]
fn a_point_before_three_digits_is_told_to_part_thousands() {
    let text = |text: &str| vec![Block::new(BlockKind::Paragraph, text)];
    let searcher = crate::util::searcher([
        Article::new("year", text("Back in 2125, they said.")),
        Article::new("rate", text("A rate of 2.125 percent.")),
    ]);
    let query = Query::parse("2.125").unwrap();
    let found = searcher.search(&query, &SearchOptions::default()).unwrap();
    assert_eq!(found.articles, 2);
    assert!(found.notes[0].message.starts_with("“2.125” is read as 2125"), "{:?}", found.notes);
}
