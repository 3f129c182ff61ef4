//! Slides: what presentations of either format have in common.

use super::flow::Flow;
use crate::{Block, BlockKind};

/// What stands above the notes of the speaker, so that they are told from what the slide shows.
const NOTES: &str = "Speaker notes";

/// Puts the notes of a slide behind it.
pub(super) fn put_notes(flow: &mut Flow, notes: Vec<Block>) {
    if notes.is_empty() {
        return;
    }
    let page = flow.page;
    flow.put(Block { page, ..Block::new(BlockKind::Heading(2), NOTES) });
    for block in notes {
        flow.put(Block { page, ..block });
    }
}

/// Gives each slide that has no title and comes behind notes a heading, lest it stand below theirs.
pub(super) fn separate(blocks: &mut Vec<Block>) {
    let mut separated = Vec::with_capacity(blocks.len());
    let (mut in_notes, mut page) = (false, None);
    for block in std::mem::take(blocks) {
        let top = matches!(block.kind, BlockKind::Heading(1) | BlockKind::Title);
        if block.page != page {
            if in_notes
                && !top
                && let Some(number) = block.page
            {
                let heading = Block::new(BlockKind::Heading(1), format!("Slide {number}"));
                separated.push(Block { page: block.page, ..heading });
            }
            in_notes = false;
        }
        in_notes |= block.kind == BlockKind::Heading(2) && block.text == NOTES;
        page = block.page;
        separated.push(block);
    }
    *blocks = separated;
}
