//! The oracle: a second, brute-force reading of what a query means, and the search held against it.
//!
//! It shares with the library what words are (`polidex::tokens`) and nothing else: no index, no
//! postings, no plan. `POLIDEX_CASES` asks for more cases than the normal run has; with
//! `POLIDEX_SEED` the seed that a failure has printed and `POLIDEX_CASES=1` that failure comes again.

#[cfg(test)]
mod cases;
mod eval;
mod generate;
mod page;
mod shrink;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use polidex::query::{Node, Query};
use polidex::{Article, Index, Matching, SearchOptions, Searcher};

use eval::Oracle;
use generate::{Asker, Random, World};
use page::Page;

/// How many queries are asked of one world of articles.
pub(crate) const QUERIES: usize = 250;

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

/// An index and the articles that it should hold.
struct Bench {
    index: Index,
    searcher: Searcher,
    pages: BTreeMap<String, Page>,
}

impl Bench {
    /// Of an index in this folder, or in memory.
    fn new(place: Option<&Path>) -> Bench {
        let index = match place {
            Some(place) => Index::create(place),
            None => Index::in_memory(),
        };
        let index = index.expect("an index");
        let searcher = index.searcher().expect("a searcher");
        Bench { index, searcher, pages: BTreeMap::new() }
    }

    /// Opens the index anew, where it has a place to be opened from.
    fn reopen(&mut self) {
        if let Some(place) = self.index.location() {
            self.index = Index::open(place).expect("an index");
        }
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
        let mut bench = Bench::new(None);
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
/// With a place, the index is there, and is opened anew for each commit.
pub(crate) fn random_world(seed: u64, place: Option<&Path>) -> usize {
    let mut random = Random(seed);
    let oracle = Oracle::new(options().today);
    let mut world = World::new(&mut random);
    let mut bench = Bench::new(place);
    let mut earlier: Vec<Node> = Vec::new();
    let mut matched = 0;
    const COMMITS: usize = 5;
    for commit in 0..COMMITS {
        let paths: Vec<String> = bench.pages.keys().cloned().collect();
        bench.reopen();
        if commit == 2 && place.is_some() {
            // Renamed: the same article under another path.
            let old = random.pick(&paths).clone();
            let article = bench.pages[&old].article.clone();
            bench.delete(std::slice::from_ref(&old));
            bench.add(vec![Article { path: format!("renamed/{old}"), ..article }]);
        }
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
