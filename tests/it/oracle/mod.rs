//! The oracle: a second, brute-force reading of what a query means, and the search held against it.
//!
//! It shares with the library what words are (`polidex::tokens`) and nothing else: no index, no
//! postings, no plan. `POLIDEX_CASES` asks for more cases than the normal run has; with
//! `POLIDEX_SEED` the seed that a failure has printed and `POLIDEX_CASES=1` that failure comes again.

mod cases;
mod eval;
mod generate;
mod page;
mod shrink;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use polidex::query::{Node, Query};
use polidex::{Article, Block, BlockKind, Index, Matching, SearchOptions, Searcher};

use eval::Oracle;
use generate::{Asker, Random, World};
use page::Page;

const CASES: usize = 3000;
const SEED: u64 = 20_240_801;

/// How many queries are asked of one world of articles.
const QUERIES: usize = 250;

pub(super) fn options() -> SearchOptions {
    SearchOptions {
        limit: 1000,
        passages: 2,
        matching: Matching::All,
        today: "2025-06-30".parse().expect("a date"),
        max_expansions: 100_000,
        group: false,
        ..SearchOptions::default()
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// An index and the articles that it should hold.
struct Bench {
    index: Index,
    searcher: Searcher,
    pages: BTreeMap<String, Page>,
}

impl Bench {
    fn new() -> Bench {
        let index = Index::in_memory().expect("an index");
        let searcher = index.searcher().expect("a searcher");
        Bench { index, searcher, pages: BTreeMap::new() }
    }

    fn add(&mut self, articles: Vec<Article>) {
        let paths: Vec<String> = articles.iter().map(|article| article.path.clone()).collect();
        self.index.add(articles).expect("added");
        self.searcher = self.index.searcher().expect("a searcher");
        for path in paths {
            let stored = self.searcher.article(&path).expect("stored");
            self.pages.insert(path, Page::new(stored.article));
        }
    }

    fn delete(&mut self, paths: &[String]) {
        self.index.delete(paths).expect("deleted");
        self.searcher = self.index.searcher().expect("a searcher");
        for path in paths {
            self.pages.remove(path);
        }
    }

    /// Asks the index and the oracle; how many articles match, or where the two disagree.
    fn compare(&self, oracle: &Oracle, node: &Node) -> Result<usize, String> {
        let query = Query { root: node.clone(), notes: Vec::new() };
        let options = options();
        let answer =
            self.searcher.search(&query, &options).map_err(|error| format!("error: {error}"))?;
        let expected: BTreeMap<&str, eval::Found> = self
            .pages
            .iter()
            .map(|(path, page)| (path.as_str(), oracle.find(node, page)))
            .filter(|(_, found)| found.matched)
            .collect();
        let hits = if answer.fallback { &[][..] } else { &answer.hits };
        let found: BTreeMap<&str, u64> =
            hits.iter().map(|hit| (hit.path.as_str(), hit.matches)).collect();
        let wanted: BTreeMap<&str, u64> =
            expected.iter().map(|(path, found)| (*path, found.matches)).collect();
        if found != wanted {
            return Err(format!("matches: found {found:?}, expected {wanted:?}"));
        }
        let sum: u64 = wanted.values().sum();
        if !answer.fallback && (answer.articles, answer.matches) != (wanted.len() as u64, sum) {
            let counts = (answer.articles, answer.matches);
            return Err(format!("counts: found {counts:?}, expected {:?}", (wanted.len(), sum)));
        }
        if found.len() != hits.len() || hits.iter().zip(1..).any(|(hit, rank)| hit.rank != rank) {
            return Err("hits: not each article once, ranked from 1".to_owned());
        }
        // Some three of those that match, other ones from query to query, and one of the others.
        let step = 1 + expected.len() / 3;
        let some = expected.keys().copied().skip(sum as usize % step).step_by(step);
        let other = self.pages.keys().find(|path| !expected.contains_key(path.as_str()));
        for path in some.chain(other.map(String::as_str)) {
            let page = &self.pages[path];
            let marks = self
                .searcher
                .marks(&query, path, &options)
                .map_err(|error| format!("error of marks: {error}"))?;
            let wanted = expected.get(path).map_or(Vec::new(), |found| page.bytes(&found.marks));
            if marks != wanted {
                return Err(format!(
                    "marks of {path}: found {}, expected {}",
                    shown(&marks, &page.text),
                    shown(&wanted, &page.text)
                ));
            }
        }
        for hit in hits {
            let page = &self.pages[&hit.path];
            let marks = page.bytes(&expected[hit.path.as_str()].marks);
            for passage in &hit.passages {
                check_passage(passage, &page.text, &marks)
                    .map_err(|error| format!("passage of {}: {error}: {passage:?}", hit.path))?;
            }
        }
        Ok(expected.len())
    }
}

fn shown(ranges: &[Range<usize>], text: &str) -> String {
    let all: Vec<String> =
        ranges.iter().map(|range| format!("{range:?} “{}”", &text[range.clone()])).collect();
    format!("[{}]", all.join(", "))
}

/// A passage is the article's own words, and its highlights are what is marked there.
fn check_passage(
    passage: &polidex::Passage,
    text: &str,
    marks: &[Range<usize>],
) -> Result<(), &'static str> {
    if text.get(passage.start..passage.end) != Some(&*passage.text) {
        return Err("its text is not the article's");
    }
    let mut end = 0;
    for highlight in &passage.highlights {
        if passage.text.get(highlight.clone()).is_none_or(str::is_empty) {
            return Err("a highlight is not of whole characters");
        }
        if highlight.start < end {
            return Err("highlights are not in order");
        }
        end = highlight.end;
        let (start, end) = (passage.start + highlight.start, passage.start + highlight.end);
        if !marks.iter().any(|mark| mark.start <= start && end <= mark.end) {
            return Err("a highlight is not marked");
        }
    }
    let seen = |mark: &&Range<usize>| passage.start <= mark.start && mark.end <= passage.end;
    for mark in marks.iter().filter(seen) {
        let mark = mark.start - passage.start..mark.end - passage.start;
        if !passage.highlights.contains(&mark) {
            return Err("a mark is not highlighted");
        }
    }
    Ok(())
}

/// Fails with the smallest case found that still disagrees.
fn fail(seed: u64, bench: &Bench, oracle: &Oracle, query: Node, error: &str) -> ! {
    let ask = |articles: &[Article], query: &Node| {
        let mut bench = Bench::new();
        bench.add(articles.to_vec());
        bench.compare(oracle, query).err()
    };
    let articles: Vec<Article> = bench.pages.values().map(|page| page.article.clone()).collect();
    if ask(&articles, &query).is_none() {
        panic!("SEED={seed}: {error}\n{query:?}\nonly in this index, not in one made afresh");
    }
    let (articles, query) =
        shrink::shrink(articles, query, |articles, query| ask(articles, query).is_some());
    let smaller = ask(&articles, &query);
    let mut shown = String::new();
    for article in &articles {
        shown += &format!("{} ({:?})\n", article.path, article.metadata.language);
        for block in &article.blocks {
            shown += &format!("  {:?}: {:?}\n", block.kind, block.text);
        }
    }
    panic!("SEED={seed}: {error}\nsmallest case: {smaller:?}\n{query:?}\n{shown}");
}

/// The articles of one world at several commits, each asked its share of the queries; how many of
/// these match anything.
fn random_world(seed: u64) -> usize {
    let mut random = Random(seed);
    let oracle = Oracle::new(options().today);
    let mut world = World::new(&mut random);
    let mut bench = Bench::new();
    let mut earlier: Vec<Node> = Vec::new();
    let mut matched = 0;
    const COMMITS: usize = 5;
    for commit in 0..COMMITS {
        let paths: Vec<String> = bench.pages.keys().cloned().collect();
        if commit == 4 {
            let gone: Vec<String> = paths.into_iter().filter(|_| random.percent(30)).collect();
            bench.delete(&gone);
        } else {
            let mut articles = Vec::new();
            for _ in 0..random.from(1, 5) {
                let path = world.path(&mut random);
                articles.push(world.article(path, &mut random));
            }
            for path in paths.iter().filter(|_| commit == 3) {
                if random.percent(30) {
                    articles.push(world.article(path, &mut random));
                }
            }
            bench.add(articles);
        }
        let asker = Asker::new(bench.pages.values(), true);
        let fresh = QUERIES / COMMITS;
        // Queries of the commit before are asked again: what has not changed must not change.
        let again = earlier.len().min(fresh / 5);
        let mut asked: Vec<Node> = earlier.drain(..again).collect();
        while asked.len() < fresh {
            asked.push(asker.query(4, &mut random));
        }
        for query in &asked {
            match bench.compare(&oracle, query) {
                Ok(articles) => matched += usize::from(articles > 0),
                Err(error) => fail(seed, &bench, &oracle, query.clone(), &error),
            }
        }
        earlier = asked;
    }
    matched
}

#[test]
fn search_agrees_with_brute_force_on_random_articles() {
    let cases = setting("POLIDEX_CASES").map_or(CASES, |cases| cases as usize);
    let seed = setting("POLIDEX_SEED").unwrap_or(SEED);
    let (mut asked, mut matched, mut world) = (0, 0, 0);
    while asked < cases {
        matched += random_world(seed + world);
        asked += QUERIES;
        world += 1;
    }
    // Queries that match nothing would prove little.
    assert!(2 * matched > asked, "only {matched} of {asked} queries match anything");
}

#[test]
fn search_agrees_with_brute_force_on_real_articles() {
    let seed = setting("POLIDEX_SEED").unwrap_or(SEED);
    let cases = setting("POLIDEX_CASES").map_or(CASES / 20, |cases| cases as usize / 20);
    let mut random = Random(seed);
    let oracle = Oracle::new(options().today);
    let mut bench = Bench::new();
    let mut articles = real_articles();
    assert!(articles.len() > 20, "the sample corpus is there");
    let last = articles.split_off(articles.len() * 2 / 3);
    let middle = articles.split_off(articles.len() / 2);
    for batch in [articles, middle, last] {
        bench.add(batch);
    }
    let gone: Vec<String> = bench.pages.keys().step_by(9).cloned().collect();
    bench.delete(&gone);
    let asker = Asker::new(bench.pages.values(), false);
    for _ in 0..cases {
        let query = asker.query(3, &mut random);
        if let Err(error) = bench.compare(&oracle, &query) {
            fail(seed, &bench, &oracle, query, &error);
        }
    }
}

/// The Markdown articles of the sample corpus, read plainly.
fn real_articles() -> Vec<Article> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut folders = vec![root.clone()];
    let mut articles = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sample corpus") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                let path = path.strip_prefix(&root).expect("below the root");
                articles.extend(real_article(&path.to_string_lossy(), &text));
            }
        }
    }
    articles.sort_by(|a, b| a.path.cmp(&b.path));
    articles
}

fn real_article(path: &str, text: &str) -> Option<Article> {
    let (front, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
    let mut blocks = Vec::new();
    for block in body.split("\n\n") {
        let folded = block.split_whitespace().collect::<Vec<_>>().join(" ");
        let (kind, text) = match folded.strip_prefix('#') {
            Some(title) if blocks.is_empty() => (BlockKind::Title, title),
            Some(heading) => (BlockKind::Heading(2), heading.trim_start_matches('#')),
            None => (BlockKind::Paragraph, &*folded),
        };
        if !text.trim().is_empty() {
            blocks.push(Block::new(kind, text.trim()));
        }
    }
    let value = |key: &str| {
        front
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
            .map(|value| value.trim_matches('"').to_owned())
    };
    let mut article = Article::new(path, blocks);
    article.metadata.language = value("language").and_then(|code| code.parse().ok());
    article.metadata.kind = value("kind");
    article.metadata.jurisdiction = value("jurisdiction");
    article.metadata.source = value("source");
    article.metadata.authors = value("author").into_iter().collect();
    Some(article)
}
