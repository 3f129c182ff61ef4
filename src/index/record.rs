//! What the index keeps of a document beside its terms: what it stands for, its metadata, and
//! where the blocks of its text stand.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::bytes::{Cursor, put_varint, word32};
use super::key::Key;
use crate::analysis::stream::Piece;
use crate::article::{Article, Block, BlockKind, Metadata, Origin};
use crate::{Date, Language};

/// The first part of a record: all that an update needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The article's path; the file's where the document stands for a file only.
    pub(crate) path: String,
    pub(crate) role: Role,
}

/// What a document of the index stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Role {
    /// An article that a program gave.
    Given,
    /// An article that is the whole of a file.
    Whole(FileFacts),
    /// One article of a file that holds several; the length of the file's path in bytes, which the
    /// article's path starts with.
    Part(u32),
    /// A file that holds several articles, and what of it could not be read.
    Container(FileFacts, Vec<String>),
    /// A file that could not be read, and why.
    Failed(FileFacts, String),
    /// A file that was passed over, and why.
    Skipped(String),
}

/// What an update knows a file by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    pub(crate) format: String,
    /// BLAKE3 of its bytes.
    pub(crate) hash: [u8; 32],
    pub(crate) stat: Stat,
}

/// What the file system says of a file; one with the same stat is taken to be unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Stat {
    pub(crate) size: u64,
    /// Nanoseconds after 1 January 1970.
    pub(crate) modified: i64,
    /// The same of its content, name or rights, which no program can set back.
    pub(crate) changed: i64,
    pub(crate) inode: u64,
}

impl Head {
    /// The path of the file that an article is one of several of.
    pub(crate) fn container(&self) -> Option<&str> {
        match self.role {
            Role::Part(length) => self.path.get(..length as usize),
            _ => None,
        }
    }
}

impl Role {
    /// One article of the file with this path.
    pub(crate) fn part_of(file: &str) -> Role {
        Role::Part(u32::try_from(file.len()).unwrap_or(u32::MAX))
    }

    /// The facts of the file that the document stands for, if it does.
    pub(crate) fn file(&self) -> Option<&FileFacts> {
        match self {
            Role::Whole(file) | Role::Container(file, _) | Role::Failed(file, _) => Some(file),
            Role::Given | Role::Part(_) | Role::Skipped(_) => None,
        }
    }

    /// Whether the document is an article.
    pub(crate) fn is_article(&self) -> bool {
        matches!(self, Role::Given | Role::Whole(_) | Role::Part(_))
    }
}

/// The second part of a record: what a hit shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// BLAKE3 of the canonical text.
    pub(crate) hash: [u8; 32],
    pub(crate) title: Option<String>,
    date: Option<(i16, Option<i8>, Option<i8>)>,
    language: String,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) kind: Option<String>,
    pub(crate) jurisdiction: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) page_labels: Vec<String>,
    pub(crate) cites: Vec<String>,
    extra: Vec<(String, String)>,
    origins: Vec<(Key, u8)>,
    pub(crate) notes: Vec<String>,
    /// The length of the canonical text in bytes.
    pub(crate) text_bytes: u64,
}

impl Facts {
    pub(crate) fn of(article: &Article, text: &str) -> Facts {
        let metadata = article.metadata.clone();
        Facts {
            hash: *blake3::hash(text.as_bytes()).as_bytes(),
            title: metadata.title,
            date: metadata.date.map(|date| (date.year(), date.month(), date.day())),
            language: metadata.language.unwrap_or(Language::UNKNOWN).code().to_owned(),
            source: metadata.source,
            url: metadata.url,
            authors: metadata.authors,
            kind: metadata.kind,
            jurisdiction: metadata.jurisdiction,
            tags: metadata.tags,
            page_labels: metadata.page_labels,
            cites: metadata.cites,
            extra: metadata.extra.into_iter().collect(),
            origins: metadata
                .origins
                .into_iter()
                .map(|(key, origin)| (Key::of(key), origin as u8))
                .collect(),
            notes: article.notes.clone(),
            text_bytes: text.len() as u64,
        }
    }

    /// What is printed on a page, if it is not its plain number.
    pub(crate) fn page_label(&self, page: u32) -> Option<&str> {
        let label = self.page_labels.get(page.checked_sub(1)? as usize)?;
        (!label.is_empty()).then_some(label)
    }

    pub(crate) fn date(&self) -> Option<Date> {
        self.date.and_then(|(year, month, day)| Date::new(year, month, day))
    }

    pub(crate) fn language(&self) -> Language {
        self.language.parse().unwrap_or(Language::UNKNOWN)
    }

    /// The metadata that the article had.
    pub(crate) fn metadata(&self) -> Metadata {
        let known = |language: Language| (!language.is_unknown()).then_some(language);
        Metadata {
            title: self.title.clone(),
            authors: self.authors.clone(),
            date: self.date(),
            language: known(self.language()),
            source: self.source.clone(),
            url: self.url.clone(),
            jurisdiction: self.jurisdiction.clone(),
            kind: self.kind.clone(),
            tags: self.tags.clone(),
            page_labels: self.page_labels.clone(),
            cites: self.cites.clone(),
            extra: self.extra.iter().cloned().collect(),
            origins: self
                .origins
                .iter()
                .filter_map(|(key, origin)| Some((key.name()?, origin_of(*origin)?)))
                .collect(),
        }
    }
}

fn origin_of(number: u8) -> Option<Origin> {
    use Origin::*;
    [Given, FrontMatter, Embedded, Document, Detected, Path]
        .into_iter()
        .find(|origin| *origin as u8 == number)
}

/// A block of a stored article, or a part of a long one, as the block table tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredPiece {
    /// Its number among the article's pieces.
    pub(crate) number: usize,
    pub(crate) kind: BlockKind,
    /// Whether the next piece goes on with the same block.
    pub(crate) continues: bool,
    /// The position of its first word.
    pub(crate) position: u32,
    /// Its bytes in the canonical text.
    pub(crate) range: Range<usize>,
    /// The line and page on which it starts; 0 where not known.
    pub(crate) line: u32,
    pub(crate) page: u32,
    /// Where in it, in bytes, further source lines start.
    pub(crate) breaks: Vec<u32>,
    /// The number of the last heading that starts before the end of this piece, plus one.
    headings: u32,
}

impl StoredPiece {
    /// Takes the next piece of the same block to its end.
    pub(crate) fn extend(&mut self, next: &StoredPiece) {
        let length = self.range.len() as u32;
        let breaks = self.breaks.len() as u32;
        if (next.line > self.line + breaks && self.line > 0)
            || (self.line == 0 && next.page > self.page + breaks && self.page > 0)
        {
            self.breaks.push(length);
        }
        self.breaks.extend(next.breaks.iter().map(|at| at + length));
        self.range.end = next.range.end;
        self.continues = next.continues;
    }

    /// The line and the page on which the byte `at` of its text stands, as far as they are known.
    pub(crate) fn line_and_page(&self, at: usize) -> (Option<u32>, Option<u32>) {
        let before = self.breaks.partition_point(|&start| start as usize <= at) as u32;
        let known = |number: u32| (number > 0).then_some(number);
        // The breaks of a piece without a line are those of pages.
        let page = if self.line == 0 { self.page + before } else { self.page };
        (known(self.line).map(|line| line + before), known(self.page).map(|_| page))
    }
}

/// How many pieces share one entry of the table's index.
const GROUP: usize = 32;

/// The words of a group's entry: position, byte, line, page, headings before, place of its data.
const GROUP_WORDS: usize = 6;

/// Writes the block table of an article: a count of pieces and of headings, an index entry for
/// each [`GROUP`] pieces but the first, so that a piece is found without reading the table, the
/// pieces as differences, and the headings' texts, so that a section path costs no look into the text.
pub(crate) fn write_table(blocks: &[Block], pieces: &[Piece]) -> Vec<u8> {
    let mut index = Vec::new();
    let mut data = Vec::new();
    let mut headings: Vec<(u8, &str)> = Vec::new();
    let (mut position, mut byte, mut line, mut page) = (0u32, 0usize, 0u32, 0u32);
    let mut block_start = 0;
    for (number, piece) in pieces.iter().enumerate() {
        let block = &blocks[piece.block];
        let first = piece.range.start == 0;
        let continues = piece.range.end < block.text.len();
        if first && piece.block > 0 {
            block_start += blocks[piece.block - 1].text.len() + Article::BLOCK_SEPARATOR.len();
        }
        let start = block_start + piece.range.start;
        let before = block.breaks.partition_point(|&at| (at as usize) <= piece.range.start);
        let piece_line = block.line.map_or(0, |line| line + before as u32);
        // The breaks of a block without a line are those of pages.
        let pages = if block.line.is_none() { before as u32 } else { 0 };
        let piece_page = block.page.map_or(0, |page| page + pages);
        if number > 0 && number % GROUP == 0 {
            (position, byte, line, page) = (piece.position, start, piece_line, piece_page);
            let words =
                [position, byte as u32, line, page, headings.len() as u32, data.len() as u32];
            words.iter().for_each(|word| index.extend(word.to_le_bytes()));
        }
        if first && let BlockKind::Heading(level) = block.kind {
            headings.push((level, &block.text));
        }
        let heading = u8::from(first && matches!(block.kind, BlockKind::Heading(_)));
        data.push(kind_number(block.kind) << 2 | heading << 1 | u8::from(continues));
        put_varint(&mut data, u64::from(piece.position - position));
        put_varint(&mut data, (start - byte) as u64);
        put_varint(&mut data, piece.range.len() as u64);
        put_varint(&mut data, zigzag(i64::from(piece_line) - i64::from(line)));
        put_varint(&mut data, zigzag(i64::from(piece_page) - i64::from(page)));
        let breaks: Vec<u32> = block.breaks[before..]
            .iter()
            .map(|&at| at - piece.range.start as u32)
            .take_while(|&at| (at as usize) < piece.range.len())
            .collect();
        put_varint(&mut data, breaks.len() as u64);
        let mut last = 0;
        for at in breaks {
            put_varint(&mut data, u64::from(at - last));
            last = at;
        }
        (position, byte, line, page) = (piece.position, start, piece_line, piece_page);
    }
    let mut table = Vec::with_capacity(12 + index.len() + data.len());
    for count in [pieces.len(), headings.len(), data.len()] {
        put_varint(&mut table, count as u64);
    }
    table.append(&mut index);
    table.append(&mut data);
    for (level, text) in headings {
        table.push(level);
        put_varint(&mut table, text.len() as u64);
        table.extend(text.as_bytes());
    }
    table
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

fn kind_number(kind: BlockKind) -> u8 {
    match kind {
        BlockKind::Title => 0,
        BlockKind::Paragraph => 1,
        BlockKind::ListItem => 2,
        BlockKind::Quote => 3,
        BlockKind::Cell => 4,
        BlockKind::Code => 5,
        BlockKind::Caption => 6,
        BlockKind::Heading(level) => 8 + level.min(7),
    }
}

fn kind_of(number: u8) -> Option<BlockKind> {
    Some(match number {
        0 => BlockKind::Title,
        1 => BlockKind::Paragraph,
        2 => BlockKind::ListItem,
        3 => BlockKind::Quote,
        4 => BlockKind::Cell,
        5 => BlockKind::Code,
        6 => BlockKind::Caption,
        8..=15 => BlockKind::Heading(number - 8),
        _ => return None,
    })
}

/// The block table of a stored article. Every look-up is `None` where the table is damaged.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    pieces: usize,
    headings: usize,
    index: &'a [u8],
    data: &'a [u8],
    texts: &'a [u8],
}

impl<'a> Table<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Table<'a>> {
        let mut cursor = Cursor::new(bytes);
        let mut count = || Some(cursor.varint32()? as usize);
        let [pieces, headings, data] = [count()?, count()?, count()?];
        let groups = pieces.div_ceil(GROUP).saturating_sub(1);
        let index = cursor.bytes(groups.checked_mul(GROUP_WORDS * 4)?)?;
        let data = cursor.bytes(data)?;
        Some(Table { pieces, headings, index, data, texts: cursor.rest() })
    }

    /// The number of pieces.
    pub(crate) fn len(&self) -> usize {
        self.pieces
    }

    /// The piece that holds the word at `position`.
    pub(crate) fn at_position(&self, position: u32) -> Option<StoredPiece> {
        // The last piece that starts at or before the position; of several that start there (all
        // but the last without words) the last.
        let groups = self.pieces.div_ceil(GROUP);
        let group =
            partition(groups, |group| Some(self.word(group, 0)? <= position))?.checked_sub(1)?;
        let mut found = None;
        for piece in self.group(group)? {
            let piece = piece?;
            if piece.position > position {
                break;
            }
            found = Some(piece);
        }
        found
    }

    /// Piece number `number`.
    pub(crate) fn piece(&self, number: usize) -> Option<StoredPiece> {
        self.group(number / GROUP)?.nth(number % GROUP)?
    }

    /// The texts of the headings above a piece, outermost first.
    pub(crate) fn section(&self, piece: &StoredPiece) -> Option<Vec<String>> {
        let mut above = piece.headings as usize;
        let mut below = u8::MAX;
        if let BlockKind::Heading(level) = piece.kind {
            // The heading itself is the last that has started.
            above = above.checked_sub(1)?;
            below = level;
        }
        let mut path: Vec<(u8, &[u8])> = Vec::new();
        let mut cursor = Cursor::new(self.texts);
        for _ in 0..above.min(self.headings) {
            let level = *cursor.bytes(1)?.first()?;
            let length = cursor.varint32()? as usize;
            let text = cursor.bytes(length)?;
            while path.pop_if(|(other, _)| *other >= level).is_some() {}
            path.push((level, text));
        }
        path.into_iter()
            .filter(|(level, _)| *level < below)
            .map(|(_, text)| std::str::from_utf8(text).ok().map(str::to_owned))
            .collect()
    }

    fn word(&self, group: usize, word: usize) -> Option<u32> {
        match group.checked_sub(1) {
            Some(group) => word32(self.index, group * GROUP_WORDS + word),
            None => Some(0),
        }
    }

    /// The pieces of a group, in order.
    fn group(&self, group: usize) -> Option<impl Iterator<Item = Option<StoredPiece>>> {
        let mut position = self.word(group, 0)?;
        let mut byte = self.word(group, 1)? as usize;
        let mut line = i64::from(self.word(group, 2)?);
        let mut page = i64::from(self.word(group, 3)?);
        let mut headings = self.word(group, 4)?;
        let mut cursor = Cursor::new(self.data.get(self.word(group, 5)? as usize..)?);
        let numbers = group * GROUP..self.pieces.min((group + 1) * GROUP);
        Some(numbers.map(move |number| {
            let flags = *cursor.bytes(1)?.first()?;
            position = position.checked_add(cursor.varint32()?)?;
            byte = byte.checked_add(cursor.varint32()? as usize)?;
            let length = cursor.varint32()? as usize;
            line = line.checked_add(unzigzag(cursor.varint()?))?;
            page = page.checked_add(unzigzag(cursor.varint()?))?;
            let mut at = 0u32;
            let breaks = (0..cursor.varint32()?)
                .map(|_| {
                    at = at.checked_add(cursor.varint32()?)?;
                    Some(at)
                })
                .collect::<Option<_>>()?;
            headings += u32::from(flags >> 1 & 1);
            Some(StoredPiece {
                number,
                kind: kind_of(flags >> 2)?,
                continues: flags & 1 == 1,
                position,
                range: byte..byte.checked_add(length)?,
                line: line.try_into().ok()?,
                page: page.try_into().ok()?,
                breaks,
                headings,
            })
        }))
    }
}

/// The number of leading indexes below `count` for which `holds`.
fn partition(count: usize, holds: impl Fn(usize) -> Option<bool>) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? { low = middle + 1 } else { high = middle }
    }
    Some(low)
}

/// Puts the blocks of a stored article together again.
pub(crate) fn read_blocks(table: &Table<'_>, text: &str) -> Option<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for number in 0..table.len().div_ceil(GROUP) {
        for piece in table.group(number)? {
            let piece = piece?;
            let part = text.get(piece.range.clone())?;
            if open && let Some(block) = blocks.last_mut() {
                let before = block.text.len() as u32;
                // A cut at the start of a source line leaves that start to neither part's breaks.
                let lines = block.line.map_or(0, |line| line + block.breaks.len() as u32);
                let further = if block.line.is_none() { block.breaks.len() as u32 } else { 0 };
                let pages = block.page.map_or(0, |page| page + further);
                if (piece.line > lines && lines > 0)
                    || (lines == 0 && piece.page > pages && pages > 0)
                {
                    block.breaks.push(before);
                }
                block.breaks.extend(piece.breaks.iter().map(|at| at + before));
                block.text.push_str(part);
            } else {
                let known = |number: u32| (number > 0).then_some(number);
                blocks.push(Block {
                    kind: piece.kind,
                    text: part.to_owned(),
                    line: known(piece.line),
                    breaks: piece.breaks,
                    page: known(piece.page),
                });
            }
            open = piece.continues;
        }
    }
    Some(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An article with more pieces than a group holds, and one block longer than a piece.
    fn article() -> Article {
        let mut blocks = vec![Block::new(BlockKind::Title, "The title").at_line(1)];
        for number in 0..50u32 {
            let mut heading =
                Block::new(BlockKind::Heading(1 + (number % 3) as u8), format!("Heading {number}"));
            heading.page = Some(number / 10 + 1);
            blocks.push(heading);
            let text = format!("Sentence of paragraph {number}. ").repeat(if number == 20 {
                1000
            } else {
                2
            });
            let mut block =
                Block::new(BlockKind::Paragraph, text.trim()).at_line(number * 1000 + 3);
            block.breaks = (1..block.text.len() as u32 / 40).map(|line| line * 40).collect();
            blocks.push(block);
        }
        Article::new("a.md", blocks)
    }

    /// The pieces of an article, and its block table.
    fn table_of(article: &Article) -> (Vec<Piece>, Vec<u8>) {
        let mut stems = crate::analysis::Stems::new();
        let streams = crate::analysis::stream::analyse(article, Language::ENGLISH, &mut stems);
        let bytes = write_table(&article.blocks, &streams.pieces);
        (streams.pieces, bytes)
    }

    #[test]
    fn a_table_gives_back_the_blocks_that_it_was_made_of() {
        let article = article();
        let (_, bytes) = table_of(&article);
        let table = Table::open(&bytes).unwrap();
        assert!(table.len() > 101);
        assert_eq!(read_blocks(&table, &article.text()).unwrap(), article.blocks);
    }

    #[test]
    fn a_position_leads_to_the_piece_that_holds_it_and_to_its_section() {
        let article = article();
        let (pieces, bytes) = table_of(&article);
        let table = Table::open(&bytes).unwrap();
        let text = article.text();
        for piece in &pieces {
            let stored = table.at_position(piece.position + 1).unwrap();
            assert_eq!(
                &text[stored.range.clone()],
                &article.blocks[piece.block].text[piece.range.clone()]
            );
            assert_eq!(table.section(&stored).unwrap(), article.section(piece.block));
            assert_eq!(table.piece(stored.number).unwrap(), stored);
        }
    }

    #[test]
    fn a_damaged_table_is_none_and_never_a_panic() {
        let article = article();
        let (_, bytes) = table_of(&article);
        let text = article.text();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            if let Some(table) = Table::open(&damaged) {
                let _ = table.at_position(5000).map(|piece| table.section(&piece));
                let _ = read_blocks(&table, &text);
            }
            let _ = Table::open(&bytes[..at]).map(|table| table.at_position(3000));
        }
    }
}
