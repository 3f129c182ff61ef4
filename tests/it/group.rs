//! Groups: near-copies are folded over the whole result, the earliest is shown, and nothing else is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use fastrand::Rng;
use polidex::{
    Article, Block, BlockKind, Corpus, Date, Field, Index, Language, Node, Query, SearchOptions,
    SearchResults, Searcher, Sort, UpdateOptions,
};

use crate::util::{Desk, project, searcher};

fn article(path: &str, title: &str, text: &str) -> Article {
    let mut blocks = vec![Block::new(BlockKind::Title, title)];
    blocks.extend(text.split('\n').map(|text| Block::new(BlockKind::Paragraph, text)));
    let mut article = Article::new(path, blocks);
    article.metadata.title = Some(title.to_owned());
    article.metadata.language = Some(Language::ENGLISH);
    article
}

/// `count` words that no other seed gives in this order.
fn text(seed: u64, count: usize) -> String {
    let mut random = Rng::with_seed(seed);
    let word = |_| format!("word{}", random.u32(0..3000));
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

fn ask(searcher: &Searcher, query: &str, options: SearchOptions) -> SearchResults {
    searcher.search(&Query::parse(query).unwrap(), &options).unwrap()
}

/// Every article.
fn all(searcher: &Searcher, options: SearchOptions) -> SearchResults {
    let any = Node::Field { field: Field::Language, node: Box::new(Node::Pattern("*".into())) };
    searcher.search(&Query { root: any, notes: Vec::new() }, &options).unwrap()
}

/// Hits as path and the paths folded under it.
fn groups(results: &SearchResults) -> Vec<(&str, Vec<&str>)> {
    let folded: usize = results.hits.iter().map(|hit| hit.duplicates.len()).sum();
    assert_eq!(results.folded, folded as u64);
    let mut groups = Vec::new();
    for hit in &results.hits {
        groups.push((&*hit.path, hit.duplicates.iter().map(|copy| &*copy.path).collect()));
    }
    groups
}

#[test]
fn copies_are_folded_listed_by_date_and_counted() {
    let body = text(1, 300);
    let dated = |mut article: Article, year| {
        article.metadata.date = Date::new(year, None, None);
        article
    };
    let searcher = searcher([
        dated(article("a", "Clouds", &body), 2025),
        dated(article("b", "Clouds, again", &body), 2024),
        article("c", "Clouds", &format!("{body}\nAn agency added this line.")),
        article("d", "Clouds", &text(2, 300)),
    ]);
    let results = ask(&searcher, "clouds", SearchOptions::default());
    assert_eq!((results.articles, results.matches), (4, 4));
    assert_eq!(groups(&results).len(), 2, "{:?}", groups(&results));
    let (leader, copies) = groups(&results).into_iter().find(|group| !group.1.is_empty()).unwrap();
    let all: BTreeSet<&str> = copies.iter().copied().chain([leader]).collect();
    assert_eq!(all.into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    // What has no date stands behind what has one, the earlier before the later.
    let place = |path| copies.iter().position(|copy| *copy == path).unwrap_or(0);
    assert!(place("b") <= place("a") && place("a") <= place("c"), "{copies:?}");
    assert_eq!(results.hits.iter().map(|hit| hit.rank).collect::<Vec<_>>(), [1, 2]);
    let apart = SearchOptions { group: false, ..SearchOptions::default() };
    let apart = ask(&searcher, "clouds", apart);
    assert_eq!((apart.hits.len(), apart.folded, apart.articles), (4, 0, 4));
    // By date the earliest, or the latest, comes first and leads.
    for (sort, first) in [(Sort::Oldest, "b"), (Sort::Newest, "a")] {
        let results = ask(&searcher, "clouds", SearchOptions { sort, ..SearchOptions::default() });
        assert_eq!(groups(&results)[0].0, first);
    }
}

#[test]
fn the_earliest_copy_is_shown_in_the_place_of_the_best_wherever_it_ranks() {
    let body = text(1, 300);
    let dated = |mut article: Article, date: &str| {
        article.metadata.date = date.parse().ok();
        article
    };
    // More articles than are ranked at first; the best has the word in its title, its copies once at
    // the end of a text longer than the others.
    let mut articles: Vec<Article> = (10..610)
        .map(|n| {
            let text = format!("{} cloud", text(n, 80));
            dated(article(&format!("{n}"), "Words", &text), "2023")
        })
        .collect();
    let with = |path: &str, title: &str, end: &str, date: &str| {
        dated(article(path, title, &format!("{body} {end}")), date)
    };
    articles.push(with("best", "Cloud of clouds, cloud", "cloud", "2025-03-01"));
    articles.push(with("first", "Words", "cloud", "2024-02"));
    articles.push(with("year", "Words", "and cloud", "2024"));
    articles.push(article("undated", "Words", &format!("{body} or cloud")));
    let searcher = searcher(articles);
    let one = SearchOptions { limit: 2, explain: true, ..SearchOptions::default() };
    let apart = ask(&searcher, "cloud", SearchOptions { group: false, limit: 500, ..one.clone() });
    let place = |path: &str| apart.hits.iter().position(|hit| hit.path == path);
    assert_eq!((place("best"), place("first"), apart.articles), (Some(0), None, 604));
    let grouped = ask(&searcher, "cloud", one.clone());
    // That an article is of 2024 does not say that it is earlier than one of February.
    assert_eq!(groups(&grouped)[0], ("first", vec!["year", "best", "undated"]));
    let hit = &grouped.hits[0];
    assert_eq!((hit.rank, hit.matches, grouped.articles), (1, 1, 604));
    assert_eq!(hit.explanation.as_ref().unwrap().total, hit.score);
    let similarity =
        |path: &str| hit.duplicates.iter().find(|copy| copy.path == path).unwrap().similarity;
    assert!(similarity("best") > 0.9 && similarity("undated") > 0.9);
    assert_eq!(grouped.hits[1].path, apart.hits[1].path);
    let newest = ask(&searcher, "cloud", SearchOptions { sort: Sort::Newest, ..one });
    assert_eq!(groups(&newest)[0].0, "best");
}

#[test]
fn short_articles_are_folded_only_where_they_are_the_same() {
    let short = "Fishing quotas were cut in the north of the country by one tenth this week";
    let searcher = searcher([
        article("a", "Fish", short),
        article("b", "Fish", short),
        article("c", "Fish", &format!("{short} again")),
        article("d", "Fish", &short.replace("cut", "raised")),
    ]);
    let results = ask(&searcher, "fish", SearchOptions::default());
    let folded: Vec<_> = groups(&results).into_iter().filter(|group| !group.1.is_empty()).collect();
    assert_eq!(folded, [("a", vec!["b"])]);
    assert_eq!(
        results.hits.iter().find(|hit| hit.path == "a").unwrap().duplicates[0].similarity,
        1.0
    );
}

#[test]
fn a_quotation_or_a_shared_paragraph_makes_no_copy() {
    let body = text(1, 300);
    let searcher = searcher([
        article("whole", "Cloud", &body),
        article("collection", "Cloud", &format!("{}\n{body}\n{}", text(2, 600), text(3, 300))),
        article("boilerplate", "Cloud", &format!("{}\n{}", text(4, 250), &body[..body.len() / 6])),
        article("other", "Cloud", &text(5, 300)),
    ]);
    let results = ask(&searcher, "cloud", SearchOptions::default());
    assert_eq!((results.hits.len(), results.folded), (4, 0), "{:?}", groups(&results));
}

#[test]
fn pages_follow_each_other_however_many_copies_there_are() {
    let mut articles = Vec::new();
    for number in 0..40 {
        let copies = if number == 3 { 400 } else { number % 4 + 1 };
        for copy in 0..copies {
            let path = format!("{number:02}/{copy:03}");
            articles.push(article(&path, "Cloud", &text(number, 80)));
        }
    }
    let count = articles.len() as u64;
    let searcher = searcher(articles);
    let page = |offset, limit| {
        ask(&searcher, "cloud", SearchOptions { offset, limit, ..SearchOptions::default() })
    };
    let whole = page(0, 1000);
    assert_eq!((whole.articles, whole.hits.len() as u64 + whole.folded), (count, count));
    assert_eq!(whole.hits.len(), 40);
    let mut paged = Vec::new();
    for offset in (0..45).step_by(7) {
        let results = page(offset, 7);
        assert_eq!(results.articles, count);
        paged.extend(results.hits.into_iter().map(|hit| (hit.rank, hit.path)));
    }
    let all: Vec<_> = whole.hits.into_iter().map(|hit| (hit.rank, hit.path)).collect();
    assert_eq!(paged, all);
}

/// A change that makes a copy of an article.
type Change = fn(&Article, &mut Rng) -> Article;

fn changed(article: &Article, mut change: impl FnMut(&str) -> String) -> Article {
    let mut copy = article.clone();
    for block in copy.blocks.iter_mut().filter(|block| block.kind != BlockKind::Title) {
        block.text = change(&block.text);
        block.breaks.clear();
    }
    copy
}

/// The first half of an article's words.
fn cut(article: &Article, _: &mut Rng) -> Article {
    let mut copy = article.clone();
    let mut left = words(article) / 2;
    copy.blocks.retain_mut(|block| {
        let count = block.text.split_whitespace().count();
        let kept = count.min(left);
        left -= kept;
        block.text = block.text.split_whitespace().take(kept).collect::<Vec<_>>().join(" ");
        block.breaks.clear();
        kept > 0
    });
    copy
}

fn retitled(article: &Article, _: &mut Rng) -> Article {
    let mut copy = article.clone();
    copy.blocks.retain(|block| block.kind != BlockKind::Title);
    copy.blocks.insert(0, Block::new(BlockKind::Title, "What the agency reported this morning"));
    copy.metadata.title = Some("What the agency reported this morning".to_owned());
    copy
}

/// One word in twenty replaced, dropped or doubled.
fn edited(article: &Article, random: &mut Rng) -> Article {
    changed(article, |text| {
        let words = text.split_whitespace().map(|word| match random.u32(0..60) {
            0 => "however".to_owned(),
            1 => String::new(),
            2 => format!("{word} {word}"),
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    })
}

/// One letter in fifty misread.
fn misread(article: &Article, random: &mut Rng) -> Article {
    changed(article, |text| {
        let letter = |c: char| match random.u32(0..50) {
            0 if c.is_alphabetic() => {
                random.choice(['l', 'c', 'o', 'e', 'u', 'n', 'r', 'i', '1']).unwrap_or(c)
            }
            _ => c,
        };
        text.chars().map(letter).collect()
    })
}

fn words(article: &Article) -> usize {
    article.blocks.iter().map(|block| block.text.split_whitespace().count()).sum()
}

/// All articles of a folder.
fn articles(folder: &PathBuf) -> Vec<Article> {
    let index = Index::in_memory().unwrap();
    index.update(&Corpus::open(folder).unwrap(), &UpdateOptions::default()).unwrap();
    let searcher = index.searcher().unwrap();
    let options =
        SearchOptions { limit: 1000, passages: 0, group: false, ..SearchOptions::default() };
    let hits = all(&searcher, options).hits;
    hits.iter().map(|hit| searcher.article(&hit.path).unwrap().article).collect()
}

/// The pairs that one of them is folded under the other in.
fn folded(searcher: &Searcher) -> BTreeSet<(String, String)> {
    let options = SearchOptions { limit: 1000, passages: 0, ..SearchOptions::default() };
    let results = all(searcher, options);
    let mut pairs = BTreeSet::new();
    for (leader, copies) in groups(&results) {
        let all: Vec<&str> = copies.into_iter().chain([leader]).collect();
        for a in &all {
            let behind = all.iter().filter(|b| *b > a);
            pairs.extend(behind.map(|b| ((*a).to_owned(), (*b).to_owned())));
        }
    }
    pairs
}

#[test]
fn planted_copies_are_found_and_other_articles_are_not() {
    let originals = articles(&project().join("corpus"));
    // Two texts stand in the sample corpus twice; its README names them.
    let known: BTreeSet<(String, String)> = [
        (
            "int/microsoft-openai-agreement-channel-wire.txt",
            "int/microsoft-openai-agreement-european-digital-sovereignty.md",
        ),
        (
            "uk/ai-safety-institute-becomes-security-institute.md",
            "uk/channel-wire-ai-security-institute.txt",
        ),
    ]
    .map(|(a, b)| (a.to_owned(), b.to_owned()))
    .into();
    let none = folded(&searcher(originals.clone()));
    assert_eq!(none, known);
    let twice: BTreeSet<&String> = known.iter().flat_map(|(a, b)| [a, b]).collect();
    let once: Vec<&Article> =
        originals.iter().filter(|article| !twice.contains(&article.path)).collect();
    let kinds: [(&str, Change, f64); 5] = [
        ("copied", |article, _| article.clone(), 1.0),
        ("cut to half", cut, 0.98),
        ("re-titled", retitled, 1.0),
        ("edited", edited, 0.98),
        ("misread", misread, 0.9),
    ];
    for (kind, change, least) in kinds {
        let mut random = Rng::with_seed(7);
        let mut all: Vec<Article> = once.iter().map(|article| (*article).clone()).collect();
        let planted: BTreeSet<(String, String)> =
            all.iter().map(|it| (it.path.clone(), format!("{} copy", it.path))).collect();
        for article in &once {
            let copy = change(article, &mut random);
            all.push(Article { path: format!("{} copy", article.path), ..copy });
        }
        let found = folded(&searcher(all));
        let right = found.intersection(&planted).count() as f64;
        let (recall, precision) = (right / planted.len() as f64, right / found.len() as f64);
        println!("{kind}: {} pairs, recall {recall:.3}, precision {precision:.3}", planted.len());
        assert!(recall >= least, "{kind}: recall {recall}");
        assert_eq!(precision, 1.0, "{kind}: {:?}", found.difference(&planted));
    }
}

/// The pairs that are folded, with their similarity, where the earliest leads.
fn similar(searcher: &Searcher) -> Vec<(String, String, f32)> {
    let options = SearchOptions { limit: 1000, passages: 0, ..SearchOptions::default() };
    let results = all(searcher, options);
    let pair = |a: &str, b: &str| {
        if a < b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) }
    };
    let mut pairs = Vec::new();
    for hit in &results.hits {
        for copy in &hit.duplicates {
            let (a, b) = pair(&hit.path, &copy.path);
            pairs.push((a, b, copy.similarity));
        }
    }
    pairs
}

#[test]
#[ignore = "measures; reads the test data beside the project"]
fn planted_copies_in_other_data_are_found_and_other_articles_are_not() {
    let Some(data) = std::env::var_os("POLIDEX_DATA").map(PathBuf::from) else {
        return println!("skipped: POLIDEX_DATA names no folder of test data");
    };
    for folder in ["policy/reflexive-ai-multilingual", "policy/digitalgov"] {
        let mut originals = articles(&data.join(folder));
        originals.retain(|article| words(article) >= 60);
        // What is a copy of something here already says nothing of what was planted.
        let before = similar(&searcher(originals.clone()));
        let known: BTreeSet<&String> = before.iter().flat_map(|(a, b, _)| [a, b]).collect();
        originals.retain(|article| !known.contains(&article.path));
        originals.truncate(400);
        println!("{folder}: {} articles, {} pairs before", originals.len(), before.len());
        let kinds: [(&str, Change); 6] = [
            ("copied", |article, _| article.clone()),
            ("cut to half", cut),
            ("re-titled", retitled),
            ("edited", edited),
            ("edited more", |article, random| {
                edited(&edited(&edited(article, random), random), random)
            }),
            ("misread", misread),
        ];
        for (kind, change) in kinds {
            let mut random = Rng::with_seed(11);
            let mut all = originals.clone();
            for article in &originals {
                let copy = change(article, &mut random);
                all.push(Article { path: format!("{} copy", article.path), ..copy });
            }
            let found = similar(&searcher(all));
            let is_planted = |(a, b, _): &&(String, String, f32)| *b == format!("{a} copy");
            for threshold in [0.5, 0.55, 0.6, 0.65, 0.7] {
                let above = || found.iter().filter(|pair| pair.2 >= threshold);
                let right = above().filter(is_planted).count() as f64;
                let (recall, precision) =
                    (right / originals.len() as f64, right / above().count().max(1) as f64);
                println!("{kind:12} {threshold:.2}: recall {recall:.3}, precision {precision:.3}");
                if threshold == 0.5 {
                    assert!(recall >= 0.9 && precision >= 0.98, "{kind}: {recall} {precision}");
                }
            }
        }
    }
}

#[test]
fn translations_are_no_copies() {
    let Some(data) = std::env::var_os("POLIDEX_DATA").map(PathBuf::from) else {
        return println!("skipped: POLIDEX_DATA names no folder of test data");
    };
    let folder = data.join("policy/reflexive-ai-multilingual");
    let originals = articles(&folder);
    let language = |path: &str| {
        let article = originals.iter().find(|article| article.path == path).unwrap();
        article.metadata.language.unwrap()
    };
    let found = folded(&searcher(originals.clone()));
    for (a, b) in &found {
        println!("{a} = {b}");
        assert_eq!(language(a), language(b), "{a} {b}");
    }
    println!("{} articles, {} pairs", originals.len(), found.len());
}

#[test]
fn the_command_line_shows_what_is_folded_and_can_leave_it() {
    let body = text(1, 100);
    let desk = Desk::with(&[
        ("a.txt", &format!("Title: Cloud\nDate: 2025-02-01\nSource: Wire\n\n{body}\n")),
        ("b.md", &format!("---\ntitle: Cloud\ndate: 2025-01-31\n---\n\n{body}\n")),
        ("c.txt", &text(2, 100).replace("word1 ", "word1 cloud ")),
    ]);
    let query = body.split(' ').next().unwrap();
    let run = desk.search(query, &[]);
    assert!(run.out.contains("    1 copy:\n"), "{}", run.out);
    assert!(run.out.contains("100 % · "), "{}", run.out);
    assert!(run.out.contains("2 articles, ") && run.out.contains("1 copy folded"), "{}", run.out);
    let run = desk.search(query, &["--no-group"]);
    assert!(!run.out.contains("copy"), "{}", run.out);
    assert!(run.out.contains(" 2. "), "{}", run.out);
    let json = desk.search(query, &["--json"]).json();
    assert_eq!(
        (&json[1]["articles"], &json[1]["shown"], &json[1]["folded"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!(json[0]["duplicates"][0]["similarity"], 1.0);
    // A list of paths and a run are of all that was found.
    assert_eq!(desk.search(query, &["-l"]).out.lines().count(), 2);
    assert_eq!(desk.search(query, &["--format", "trec"]).out.lines().count(), 2);
}
