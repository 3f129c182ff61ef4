//! The oracle in the normal run of tests, over random articles and over the sample corpus.

use std::path::Path;

use polidex::{Article, Block, BlockKind};

use super::eval::Oracle;
use super::generate::{Asker, Random};
use super::{Bench, QUERIES, fail, options, random_world};

const CASES: usize = 3000;
const SEED: u64 = 20_240_801;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect("a number"))
}

#[test]
fn search_agrees_with_brute_force_on_random_articles() {
    let cases = setting("POLIDEX_CASES").map_or(CASES, |cases| cases as usize);
    let seed = setting("POLIDEX_SEED").unwrap_or(SEED);
    let (mut asked, mut matched, mut world) = (0, 0, 0);
    while asked < cases {
        matched += random_world(seed + world, None);
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
    let mut bench = Bench::new(None);
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
