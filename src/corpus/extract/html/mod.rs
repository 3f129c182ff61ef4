//! HTML: the article of a page, without what the site put around it.

mod blocks;
mod boilerplate;
mod buttons;
mod element;
mod furniture;
mod hints;
mod json_ld;
mod main_text;
#[cfg(test)]
mod measured;
mod metadata;
mod page;
#[cfg(test)]
mod tests;
mod tree;
mod trim;

use super::Draft;
use crate::article::Block;
pub(crate) use tree::MAX_OPEN_ELEMENTS;
use tree::Tree;

/// Reads a page that is text throughout, such as a chapter of a book: all that a reader sees of it.
pub(super) fn whole(page: &str) -> Vec<Block> {
    let tree = Tree::parse(page);
    let passages = blocks::passages(&tree).into_iter();
    passages.map(|passage| Block::new(passage.kind, passage.text)).collect()
}

/// Reads a page.
pub(super) fn read(page: &str) -> Draft {
    let tree = Tree::parse(page);
    let passages = blocks::passages(&tree);
    let chosen = main_text::choose(&tree, &passages);
    let metadata = metadata::read(&tree, &passages, &chosen);
    let mut wanted = vec![false; passages.len()];
    for passage in chosen {
        wanted[passage] = true;
    }
    let blocks = passages
        .into_iter()
        .zip(wanted)
        .filter(|(_, wanted)| *wanted)
        .map(|(passage, _)| Block::new(passage.kind, passage.text))
        .collect();
    Draft { metadata, blocks, notes: Vec::new() }
}
