//! The text of a document while it is read: blocks in order, text boxes and notes behind the
//! paragraph that they hang on, tables as cells.

use crate::corpus::extract::{MAX_BLOCKS, raised};
use crate::{Block, BlockKind};

/// The bytes of text that one document may have.
const MAX_TEXT: usize = 64 << 20;

/// How deep text boxes, notes and tables may stand in each other.
const MAX_NESTING: usize = 64;

/// A document as read so far.
#[derive(Default)]
pub(super) struct Flow {
    blocks: Vec<Block>,
    /// Text boxes and notes that the place is in, innermost last.
    asides: Vec<Aside>,
    paragraphs: Vec<Open>,
    tables: Vec<Table>,
    /// Notes whose paragraph, or table, has not ended.
    notes: Vec<Block>,
    /// The page that the place is on.
    pub(super) page: Option<u32>,
    /// Whether every table holds data, as in a spreadsheet.
    pub(super) all_data: bool,
    /// Text boxes and tables that are open beyond the nesting that is followed.
    deep: [u32; 2],
    text: usize,
    count: usize,
    full: bool,
}

struct Aside {
    blocks: Vec<Block>,
    /// How many paragraphs and tables were open where it begins.
    paragraphs: usize,
    tables: usize,
}

struct Open {
    block: Block,
    /// Whether the text ends with a raised one.
    raised: bool,
    /// What hangs on it, to follow it.
    behind: Vec<Block>,
}

/// A table that the place is in.
struct Table {
    first: usize,
    rows: u32,
    cells: u32,
    /// Whether it holds what tables of data do not: headings, other tables.
    layout: bool,
    /// Where the tables inside it stand.
    inner: Vec<(usize, usize)>,
}

impl Flow {
    /// A document that begins on this page.
    pub(super) fn on(page: Option<u32>) -> Flow {
        Flow { page, ..Flow::default() }
    }

    /// A spreadsheet, every table of which holds data.
    pub(super) fn of_sheets() -> Flow {
        Flow { all_data: true, ..Flow::default() }
    }

    /// Starts a paragraph; one that is open at the same place ends.
    pub(super) fn begin(&mut self, kind: BlockKind) {
        if self.paragraphs.len() > self.outer() {
            self.end();
        }
        let mut block = Block::new(kind, "");
        block.page = self.page;
        self.paragraphs.push(Open { block, raised: false, behind: Vec::new() });
    }

    /// Says what the open paragraph is.
    pub(super) fn set_kind(&mut self, kind: BlockKind) {
        let outer = self.outer();
        if let Some(open) = self.paragraphs.get_mut(outer..).and_then(<[Open]>::last_mut) {
            open.block.kind = kind;
        }
    }

    /// What the open paragraph is, if there is one.
    pub(super) fn kind(&self) -> Option<BlockKind> {
        self.paragraphs.get(self.outer()..)?.last().map(|open| open.block.kind)
    }

    /// Adds raised text to the open paragraph, kept off the text before it; or starts one.
    pub(super) fn push_raised(&mut self, text: &str) {
        let outer = self.outer();
        if let Some(open) = self.paragraphs.get_mut(outer..).and_then(<[_]>::last_mut)
            // A raised text may come in pieces, of which only the first stands behind another text.
            && !open.raised
        {
            open.block.text.push_str(raised::separator(&open.block.text, text));
        }
        self.push(text);
        if let Some(open) = self.paragraphs.get_mut(outer..).and_then(<[_]>::last_mut) {
            open.raised = true;
        }
    }

    /// Adds text to the open paragraph, or starts one.
    pub(super) fn push(&mut self, text: &str) {
        if self.paragraphs.len() <= self.outer() {
            if text.trim().is_empty() {
                return;
            }
            let kind = if self.in_cell() { BlockKind::Cell } else { BlockKind::Paragraph };
            self.begin(kind);
        }
        self.text += text.len();
        if self.text > MAX_TEXT {
            self.full = true;
            return;
        }
        let page = self.page;
        if let Some(open) = self.paragraphs.last_mut() {
            if open.block.text.is_empty() {
                open.block.page = page;
            }
            open.block.text.push_str(text);
            open.raised = false;
        }
    }

    /// Makes an item of the open paragraph, if nothing but a bullet stands in it so far.
    pub(super) fn drop_bullet(&mut self) {
        let outer = self.outer();
        if let Some(open) = self.paragraphs.get_mut(outer..).and_then(<[Open]>::last_mut)
            && open.block.kind == BlockKind::Paragraph
            && matches!(open.block.text.trim(), "•" | "·" | "–" | "▪" | "◦" | "‣" | "●" | "○")
        {
            open.block.text.clear();
            open.block.kind = BlockKind::ListItem;
        }
    }

    /// Ends the open paragraph.
    pub(super) fn end(&mut self) {
        if self.paragraphs.len() <= self.outer() {
            return;
        }
        let Some(Open { block, behind, .. }) = self.paragraphs.pop() else { return };
        if !block.text.trim().is_empty() {
            if matches!(block.kind, BlockKind::Heading(_) | BlockKind::Title)
                && let Some(table) = self.tables.last_mut()
            {
                table.layout = true;
            }
            self.put(block);
        }
        for block in behind {
            self.put(block);
        }
        self.settle_notes();
    }

    /// Enters a text box or a note.
    pub(super) fn begin_aside(&mut self) {
        if self.asides.len() >= MAX_NESTING {
            self.deep[0] += 1;
            return;
        }
        let (paragraphs, tables) = (self.paragraphs.len(), self.tables.len());
        self.asides.push(Aside { blocks: Vec::new(), paragraphs, tables });
    }

    /// Leaves a text box: it follows the paragraph that it hangs on.
    pub(super) fn end_aside(&mut self) {
        let blocks = self.take_aside();
        let outer = self.outer();
        match self.paragraphs.get_mut(outer..).and_then(<[Open]>::last_mut) {
            Some(open) => open.behind.extend(blocks),
            None => blocks.into_iter().for_each(|block| self.put(block)),
        }
    }

    /// Leaves a note: it follows the paragraph, or the table, that refers to it.
    pub(super) fn end_note(&mut self) {
        let blocks = self.take_aside();
        self.note(blocks);
    }

    /// Leaves a text box or a note, and takes what it holds.
    pub(super) fn take_aside(&mut self) -> Vec<Block> {
        if self.deep[0] > 0 {
            self.deep[0] -= 1;
            return Vec::new();
        }
        while self.paragraphs.len() > self.outer() {
            self.end();
        }
        while self.tables.len() > self.asides.last().map_or(0, |aside| aside.tables) {
            self.end_table();
        }
        self.asides.pop().map(|aside| aside.blocks).unwrap_or_default()
    }

    /// Hangs a note on the open paragraph.
    pub(super) fn note(&mut self, blocks: Vec<Block>) {
        self.notes.extend(blocks);
        if self.paragraphs.is_empty() {
            self.settle_notes();
        }
    }

    pub(super) fn begin_table(&mut self) {
        if self.paragraphs.len() > self.outer() {
            self.end();
        }
        if let Some(table) = self.tables.last_mut() {
            table.layout = true;
        }
        if self.tables.len() < MAX_NESTING {
            let first = self.target().len();
            let inner = Vec::new();
            self.tables.push(Table { first, rows: 0, cells: 0, layout: false, inner });
        } else {
            self.deep[1] += 1;
        }
    }

    pub(super) fn row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.rows = table.rows.saturating_add(1);
        }
    }

    pub(super) fn cell(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.cells = table.cells.saturating_add(1);
        }
    }

    /// How deep in tables the place is.
    pub(super) fn table_depth(&self) -> usize {
        self.tables.len() - self.asides.last().map_or(0, |aside| aside.tables)
    }

    /// Whether the place is in a table.
    pub(super) fn in_cell(&self) -> bool {
        self.table_depth() > 0
    }

    /// Ends a table. One that places text rather than holds data (a single row or cell, headings,
    /// other tables) has paragraphs, not cells, as in HTML.
    pub(super) fn end_table(&mut self) {
        if self.paragraphs.len() > self.outer() {
            self.end();
        }
        if self.deep[1] > 0 {
            self.deep[1] -= 1;
            return;
        }
        if !self.in_cell() {
            return;
        }
        let Some(table) = self.tables.pop() else { return };
        let end = self.target().len();
        if !self.all_data && (table.layout || table.rows < 2 || table.cells < 2) {
            let mut at = table.first;
            let gaps = table.inner.iter().copied().chain([(end, end)]);
            for (start, next) in gaps {
                for block in self.target().get_mut(at..start).unwrap_or_default() {
                    if block.kind == BlockKind::Cell {
                        block.kind = BlockKind::Paragraph;
                    }
                }
                at = next;
            }
        }
        if self.in_cell()
            && let Some(outer) = self.tables.last_mut()
        {
            outer.inner.push((table.first, end));
        }
        self.settle_notes();
    }

    /// A finished block, as it is.
    pub(super) fn put(&mut self, block: Block) {
        self.count += 1;
        if self.count <= MAX_BLOCKS + 1 {
            self.target().push(block);
        }
        self.full |= self.count > MAX_BLOCKS;
    }

    /// Whether nothing more is taken in.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The blocks read, and what is to be said of them.
    pub(super) fn finish(mut self) -> (Vec<Block>, Vec<String>) {
        while !self.asides.is_empty() {
            self.end_aside();
        }
        while !self.paragraphs.is_empty() {
            self.end();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.settle_notes();
        let mut notes = Vec::new();
        if self.text > MAX_TEXT {
            let most = super::super::size_words(MAX_TEXT as u64);
            notes.push(format!("is cut after {most} of text"));
        }
        (self.blocks, notes)
    }

    /// The paragraphs that are open outside the innermost text box or note.
    fn outer(&self) -> usize {
        self.asides.last().map_or(0, |aside| aside.paragraphs)
    }

    fn target(&mut self) -> &mut Vec<Block> {
        match self.asides.last_mut() {
            Some(aside) => &mut aside.blocks,
            None => &mut self.blocks,
        }
    }

    fn settle_notes(&mut self) {
        if self.asides.is_empty() && self.paragraphs.is_empty() && self.tables.is_empty() {
            for block in std::mem::take(&mut self.notes) {
                self.put(block);
            }
        }
    }
}
