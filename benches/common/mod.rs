//! What the benches measure with: the sample corpus, as often as wanted.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use polidex::{Article, Block, BlockKind, Corpus, Index, UpdateOptions};

/// The sample corpus.
pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The articles of the sample corpus.
pub(crate) fn articles() -> Vec<Article> {
    let index = Index::in_memory().unwrap();
    index.update(&Corpus::open(corpus()).unwrap(), &UpdateOptions::default()).unwrap();
    let searcher = index.searcher().unwrap();
    let status = index.status().unwrap();
    assert!(status.articles >= 60);
    let all = polidex::Query::parse("date:>=1900").unwrap();
    let options = polidex::SearchOptions { limit: 1000, passages: 0, ..Default::default() };
    let found = searcher.search(&all, &options).unwrap();
    found.hits.iter().map(|hit| searcher.article(&hit.path).unwrap().article).collect()
}

/// An index in memory of `copies` of each article, each copy under a path of its own.
pub(crate) fn index(copies: usize) -> Index {
    let index = Index::in_memory().unwrap();
    let articles = articles();
    let copies = (0..copies).flat_map(|copy| {
        articles.iter().cloned().map(move |mut article| {
            article.path = format!("{copy}/{}", article.path);
            article
        })
    });
    index.add(copies).unwrap();
    index
}

/// One article of about so many bytes, made of the paragraphs of the sample corpus, with one
/// sentence in its middle that nothing else has.
pub(crate) fn long_article(bytes: usize) -> Article {
    let paragraphs: Vec<Block> = articles()
        .into_iter()
        .flat_map(|article| article.blocks)
        .filter(|block| block.kind != BlockKind::Title)
        .collect();
    let mut blocks = Vec::new();
    let mut length = 0;
    for block in paragraphs.iter().cycle() {
        if length < bytes / 2 && length + block.text.len() >= bytes / 2 {
            let rare = "Here the quarrelsome heron met the abstemious otter by the weir.";
            blocks.push(Block::new(BlockKind::Paragraph, rare));
        }
        length += block.text.len();
        blocks.push(block.clone());
        if length >= bytes {
            break;
        }
    }
    Article::new(format!("long/{bytes}"), blocks)
}
