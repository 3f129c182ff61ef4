//! A world: what an index must hold, as a map from path to text, and the comparison of the two.

use std::collections::BTreeMap;
use std::path::Path;

use polidex::{Article, Block, BlockKind, Index};

use crate::trial::{Outcome, ensure};

/// What must be in an index: each article's text by its path.
pub(crate) type World = BTreeMap<String, String>;

const WORDS: &[&str] = &[
    "digital",
    "sovereignty",
    "of",
    "the",
    "cloud",
    "policy",
    "regulation",
    "artificial",
    "intelligence",
    "act",
    "souveraineté",
    "numérique",
    "Verordnung",
    "data",
    "member",
    "states",
    "Datenschutz",
    "open",
    "source",
    "standard",
    "risk",
    "model",
    "council",
    "commission",
    "right",
];

/// A paragraph of `words` words, the same for the same state of `random`.
pub(crate) fn paragraph(random: &mut fastrand::Rng, words: usize) -> String {
    let mut text = String::new();
    for number in 0..words {
        if number > 0 {
            text.push(' ');
        }
        if random.u8(..4) == 0 {
            // Words that nothing else has, so that dictionaries grow.
            text.push_str(&format!("w{:x}", random.u32(..)));
        } else {
            text.push_str(random.choice(WORDS).unwrap());
        }
    }
    text + "."
}

/// An article of one paragraph.
pub(crate) fn article(path: &str, text: &str) -> Article {
    Article::new(path, vec![Block::new(BlockKind::Paragraph, text)])
}

/// Holds an index against what it must be: sound, and with these articles and no others.
pub(crate) fn hold(index: &Index, world: &World) -> Outcome {
    let check = index.check().map_err(|error| format!("check: {error}"))?;
    ensure(check.damage.is_empty(), || format!("damage: {:?}", check.damage))?;
    ensure(check.articles == world.len() as u64, || {
        format!("{} articles, {} expected", check.articles, world.len())
    })?;
    same(index, world)
}

/// Whether an index has these articles and no others, by their texts.
pub(crate) fn same(index: &Index, world: &World) -> Outcome {
    let searcher = index.searcher().map_err(|error| format!("searcher: {error}"))?;
    let count = searcher.article_count();
    ensure(count == world.len() as u64, || format!("{count} articles, {} expected", world.len()))?;
    for (path, text) in world {
        let stored = searcher.article(path).map_err(|error| format!("{path}: {error}"))?;
        ensure(stored.article.text() == *text, || {
            format!("{path} reads {:?}, not {text:?}", stored.article.text())
        })?;
    }
    Ok(())
}

/// The index in a folder, opened.
pub(crate) fn open(dir: &Path) -> Result<Index, String> {
    Index::open(dir).map_err(|error| format!("{}: {error}", dir.display()))
}

/// The names in a folder that begin so.
pub(crate) fn names(dir: &Path, start: &str) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(start)).collect()
}
