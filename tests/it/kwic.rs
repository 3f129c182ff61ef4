//! Concordances: every match is a line, in order, with the text that stands around it.

use polidex::{
    Article, Block, BlockKind, Concordance, Corpus, Index, KwicOptions, KwicSort, Query,
    SearchOptions, Searcher, UpdateOptions,
};

use crate::util::{Desk, project, searcher};

fn article(path: &str, date: &str, paragraphs: &[&str]) -> Article {
    let blocks = paragraphs.iter().map(|text| Block::new(BlockKind::Paragraph, *text)).collect();
    let mut article = Article::new(path, blocks);
    article.metadata.date = date.parse().ok();
    article
}

fn ask(searcher: &Searcher, query: &str, options: KwicOptions) -> Concordance {
    searcher.kwic(&Query::parse(query).unwrap(), &SearchOptions::default(), &options).unwrap()
}

fn sorted(searcher: &Searcher, query: &str, sort: KwicSort, depth: usize) -> Vec<String> {
    let found = ask(searcher, query, KwicOptions { sort, depth, ..KwicOptions::default() });
    found
        .lines
        .into_iter()
        .map(|line| format!("{}{}{}", line.left, line.text, line.right))
        .collect()
}

#[test]
fn every_match_is_a_line_and_stands_where_it_says() {
    let index = Index::in_memory().unwrap();
    let corpus = Corpus::open(project().join("corpus")).unwrap();
    index.update(&corpus, &UpdateOptions::default()).unwrap();
    let searcher = index.searcher().unwrap();
    for query in [
        "\"digital sovereignty\"",
        "souverain*",
        "act",
        "sovereignty NEAR/5 cloud",
        "cloud SAME/p data",
        "digital sovereignty",
        "title:sovereignty OR =models",
        "kind:law biometric",
        "\"right to * explanation\" OR verordnung",
    ] {
        let parsed = Query::parse(query).unwrap();
        let limit = KwicOptions { limit: 10_000, ..KwicOptions::default() };
        let found = ask(&searcher, query, limit);
        let searched = searcher.search(&parsed, &SearchOptions::default()).unwrap();
        assert_eq!(
            (found.articles, found.matches),
            (searched.articles, searched.matches),
            "{query}"
        );
        assert_eq!(found.lines.len() as u64, found.matches, "{query}");
        assert!(found.matches > 0, "{query}");
        for line in &found.lines {
            let stored = searcher.article(&line.path).unwrap();
            let text = stored.article.text();
            assert_eq!(stored.hash, line.hash);
            assert_eq!(&text[line.start..line.end], line.text, "{query}");
            assert!(text[..line.start].ends_with(&line.left), "{query}: {line:?}");
            assert!(text[line.end..].starts_with(&line.right), "{query}: {line:?}");
            assert!(line.left.chars().count() <= 60 && line.right.chars().count() <= 60);
        }
        let places: Vec<_> = found.lines.iter().map(|line| (&line.path, line.start)).collect();
        assert!(places.is_sorted(), "{query}");
    }
}

#[test]
fn lines_are_ordered_by_the_words_beside_the_match() {
    let searcher = searcher([
        article("b", "2024-05", &["Our cloud is big", "Their cloud is a big one"]),
        article("a", "2025-01-02", &["no cloud Is a big Boat", "Cloud"]),
        article("c", "", &["the cloud is"]),
    ]);
    // Without regard to case; what ends sooner comes first; ties by path.
    assert_eq!(
        sorted(&searcher, "cloud", KwicSort::Right, 4),
        [
            "Cloud",
            "the cloud is",
            "no cloud Is a big Boat",
            "Their cloud is a big one",
            "Our cloud is big"
        ]
    );
    // Two words deep the third does not count: the path decides.
    assert_eq!(
        sorted(&searcher, "cloud", KwicSort::Right, 1),
        [
            "Cloud",
            "no cloud Is a big Boat",
            "Our cloud is big",
            "Their cloud is a big one",
            "the cloud is"
        ]
    );
    assert_eq!(
        sorted(&searcher, "cloud", KwicSort::Left, 3),
        [
            "Cloud",
            "no cloud Is a big Boat",
            "Our cloud is big",
            "the cloud is",
            "Their cloud is a big one"
        ]
    );
    let dates = sorted(&searcher, "cloud", KwicSort::Date, 3);
    assert_eq!(
        (&*dates[0], &*dates[2], &*dates[4]),
        ("Our cloud is big", "no cloud Is a big Boat", "the cloud is")
    );
    let matched = sorted(&searcher, "bo?t OR big OR cloud", KwicSort::Match, 1);
    assert_eq!(
        matched[..5],
        [
            "Our cloud is big",
            "no cloud Is a big Boat",
            "Their cloud is a big one",
            "no cloud Is a big Boat",
            "Cloud"
        ]
    );
}

#[test]
fn the_first_lines_of_an_order_are_those_of_the_whole() {
    let texts: Vec<String> =
        (0..900).map(|n| format!("word{} cloud word{}", n % 7, n * 37 % 900)).collect();
    let articles =
        texts.iter().enumerate().map(|(n, text)| article(&format!("{n:04}"), "", &[text]));
    let searcher = searcher(articles);
    for sort in [KwicSort::Path, KwicSort::Left, KwicSort::Right] {
        let all =
            ask(&searcher, "cloud", KwicOptions { sort, limit: 5000, ..KwicOptions::default() });
        let some =
            ask(&searcher, "cloud", KwicOptions { sort, limit: 10, ..KwicOptions::default() });
        assert_eq!((all.lines.len(), some.lines.len(), some.matches), (900, 10, 900));
        assert_eq!(some.lines, all.lines[..10]);
    }
}

#[test]
fn contexts_stay_in_their_block_and_run_through_all_of_it() {
    let long = (0..4000).map(|n| if n % 50 == 25 { "cloud.".to_owned() } else { format!("w{n}") });
    let long = long.collect::<Vec<_>>().join(" ");
    let searcher = searcher([article("a", "", &["before it", &long, "behind it"])]);
    let found = ask(&searcher, "cloud", KwicOptions { limit: 1000, ..KwicOptions::default() });
    assert_eq!(found.lines.len(), 80);
    for (number, line) in found.lines.iter().enumerate() {
        let at = number * 50 + 25;
        assert!(line.left.ends_with(&format!("w{} ", at - 1)), "{line:?}");
        assert!(line.left.split_whitespace().count() >= 10, "{line:?}");
        assert!(line.right.starts_with(&format!(". w{}", at + 1)), "{line:?}");
        assert!(line.right.split_whitespace().count() >= 10, "{line:?}");
    }
    let found = ask(&searcher, "w0 OR w3999", KwicOptions::default());
    assert!(found.lines[0].left.is_empty() && found.lines[1].right.is_empty(), "{found:?}");
}

#[test]
fn the_command_line_aligns_matches_and_writes_tables() {
    let desk = Desk::with(&[
        ("a.md", "# Clouds\n\nThey said, \"a cloud\", and left it at that for now.\n"),
        ("b.txt", "Eine Wolke ist keine Cloud, sagte sie, und ging nach Hause in die Stadt.\n"),
    ]);
    desk.run(&["index", "corpus"]);
    let kwic = |more: &[&str]| desk.run(&[&["kwic", "--in", "corpus", "=cloud"], more].concat());
    let run = kwic(&["--width", "20"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0].find("cloud"), Some(20), "{}", run.out);
    assert_eq!(lines[1].find("Cloud"), Some(20), "{}", run.out);
    assert!(lines[0].ends_with("  a.md:3") && lines[1].ends_with("  b.txt:1"), "{}", run.out);
    assert!(lines[3].starts_with("2 articles, 2 matches, 2 shown, "), "{}", run.out);
    let csv = kwic(&["--csv", "--sort", "right"]).out;
    assert!(
        csv.starts_with("path,title,date,language,source,left,match,right,start,end,"),
        "{csv}"
    );
    assert!(csv.contains(",\"They said, \"\"a \",cloud,\"\"\", and left it"), "{csv}");
    let run = desk.run(&["kwic", "--in", "corpus", "zebra"]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("no article found") && run.out.contains("no article has “zebra”"),
        "{}",
        run.out
    );
    assert_eq!(desk.run(&["kwic", "--in", "corpus", "\"cloud"]).code, 2);
    assert_eq!(kwic(&["--width", "5"]).code, 2);
}
