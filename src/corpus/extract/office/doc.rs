//! DOC: the text of a Word document of 1997 to 2003.
//!
//! Written from [MS-DOC]. Footnotes follow their paragraph; endnotes and text boxes stand at the end.
//! Deletions, hidden text, comments, headers, footers and the instructions of fields are left out.

use std::collections::HashMap;
use std::ops::Range;

use super::bytes::{place_at, slice, u16_at, u32_at};
use super::compound::Compound;
use super::doc_properties::{Characters, Paragraph, Runs, Styles, characters, paragraphs};
use super::flow::Flow;
use super::styles::Role;
use super::summary;
use crate::corpus::extract::{Draft, Unreadable, raised};
use crate::{Block, BlockKind};

/// The pieces of one document.
const MAX_PIECES: usize = 1 << 20;

/// Reads a document.
pub(super) fn read(file: &Compound<'_>) -> Result<Draft, Unreadable> {
    let damaged = || Unreadable::new("is a damaged Word document");
    let main = file.read("WordDocument").ok_or_else(damaged)?;
    let flags = u16_at(&main, 10).ok_or_else(damaged)?;
    if u16_at(&main, 2).is_none_or(|version| version < 0xC1) {
        let reason = "is a Word document of before 1997, which is not read by this version";
        return Err(Unreadable::new(reason));
    }
    if flags & 0x100 != 0 {
        return Err(Unreadable::new("is encrypted with a password"));
    }
    let table = file.read(if flags & 0x200 != 0 { "1Table" } else { "0Table" });
    let table = table.ok_or_else(damaged)?;
    let document = Document::new(&main, &table).ok_or_else(damaged)?;
    let mut draft = document.read();
    if let Some(stream) = file.read("\u{5}SummaryInformation") {
        summary::read(&stream).apply(&mut draft);
    }
    Ok(draft)
}

/// A stretch of text as it is stored.
struct Piece {
    /// The characters of the document that it is.
    text: Range<u32>,
    /// Where it starts in the stream.
    place: u32,
    /// Whether a character has one byte, not two.
    narrow: bool,
}

struct Document<'a> {
    main: &'a [u8],
    pieces: Vec<Piece>,
    paragraphs: Runs<Paragraph>,
    characters: Runs<Characters>,
    styles: Styles,
    /// The lengths of the text, the footnotes, headers, comments, endnotes and text boxes.
    lengths: [u32; 6],
    /// The footnotes by the place of their reference.
    footnotes: HashMap<u32, Range<u32>>,
}

impl<'a> Document<'a> {
    fn new(main: &'a [u8], table: &'a [u8]) -> Option<Document<'a>> {
        // Three arrays of which each has its length before it.
        let words = usize::from(u16_at(main, 32)?);
        let longs_at = 34 + 2 * words;
        let longs = usize::from(u16_at(main, longs_at)?);
        let places_at = longs_at + 2 + 4 * longs + 2;
        let length =
            |n: usize| u32_at(main, longs_at + 2 + 4 * n).map(|length| length.min(1 << 30));
        let part = |n: usize| {
            let place = place_at(main, places_at + 8 * n)?;
            slice(table, place, place_at(main, places_at + 8 * n + 4)?)
        };
        let all = |n: usize| part(n).unwrap_or_default();
        let (references, texts) = (all(2), all(3));
        let count = references.len().saturating_sub(4) / 6;
        let note = |n: usize| {
            let text = u32_at(texts, 4 * n)?..u32_at(texts, 4 * n + 4)?;
            Some((u32_at(references, 4 * n)?, text))
        };
        Some(Document {
            main,
            pieces: pieces(part(33)?)?,
            paragraphs: paragraphs(main, all(13)),
            characters: characters(main, all(12)),
            styles: Styles::read(all(1)),
            lengths: [length(3)?, length(4)?, length(5)?, length(7)?, length(8)?, length(9)?],
            footnotes: (0..count).filter_map(note).collect(),
        })
    }

    fn read(&self) -> Draft {
        let [text, footnotes, headers, comments, endnotes, boxes] = self.lengths;
        let mut flow = Flow::default();
        self.stretch(0..text, true, &mut flow);
        let start = text + footnotes + headers + comments;
        for part in [start..start + endnotes, start + endnotes..start + endnotes + boxes] {
            self.stretch(part, false, &mut flow);
        }
        let (blocks, notes) = flow.finish();
        Draft { blocks, notes, ..Draft::default() }
    }

    fn note(&self, range: &Range<u32>) -> Vec<Block> {
        let mut flow = Flow::default();
        let start = self.lengths[0];
        self.stretch(
            start + range.start.min(1 << 30)..start + range.end.min(1 << 30),
            false,
            &mut flow,
        );
        flow.finish().0
    }

    /// Reads a range of characters into a flow.
    fn stretch(&self, range: Range<u32>, with_notes: bool, flow: &mut Flow) {
        let mut walk = Walk {
            document: self,
            flow,
            fields: Vec::new(),
            text: String::new(),
            raised: None,
            notes: Vec::new(),
            row: false,
        };
        let first = self.pieces.partition_point(|piece| piece.text.end <= range.start);
        // Pieces that share their bytes could make much of little.
        let mut left = 2 * self.main.len() as u64;
        for piece in self.pieces.get(first..).unwrap_or_default() {
            if piece.text.start >= range.end || walk.flow.is_full() {
                break;
            }
            let start = piece.text.start.max(range.start);
            let end = piece.text.end.min(range.end);
            let (Some(count), Some(skipped)) =
                (end.checked_sub(start), start.checked_sub(piece.text.start))
            else {
                continue;
            };
            let Some(rest) = left.checked_sub(u64::from(count)) else { break };
            left = rest;
            let width = if piece.narrow { 1 } else { 2 };
            let place = piece.place.saturating_add(skipped.saturating_mul(width));
            walk.piece(place, count, width, start, with_notes);
        }
        walk.end_paragraph(None);
        while walk.flow.in_cell() {
            walk.flow.end_table();
        }
    }
}

/// Reads the table of pieces, behind the property modifiers that stand before it.
fn pieces(mut table: &[u8]) -> Option<Vec<Piece>> {
    while *table.first()? == 1 {
        table = table.get(3 + usize::from(u16_at(table, 1)?)..)?;
    }
    let table = slice(table, 5, place_at(table, 1)?).or(table.get(5..))?;
    let count = (table.len().checked_sub(4)? / 12).min(MAX_PIECES);
    let mut pieces = Vec::new();
    for n in 0..count {
        let text = u32_at(table, 4 * n)?..u32_at(table, 4 * n + 4)?;
        let place = u32_at(table, 4 * (count + 1) + 8 * n + 2)?;
        let narrow = place & 0x4000_0000 != 0;
        let place = place & 0x3FFF_FFFF;
        let place = if narrow { place / 2 } else { place };
        pieces.push(Piece { text, place, narrow });
    }
    Some(pieces)
}

struct Walk<'a, 'f> {
    document: &'a Document<'a>,
    flow: &'f mut Flow,
    /// For each field that the place is in, whether its result has begun.
    fields: Vec<bool>,
    /// The text of the paragraph so far.
    text: String,
    /// Where in it the raised text starts that it ends with.
    raised: Option<usize>,
    notes: Vec<Block>,
    /// Whether a row has begun.
    row: bool,
}

impl Walk<'_, '_> {
    /// Reads the characters of a piece; `number` is that of the first in the document.
    fn piece(&mut self, place: u32, count: u32, width: u32, number: u32, with_notes: bool) {
        let mut half = None;
        for n in 0..count {
            let at = place.saturating_add(n * width);
            let main = self.document.main;
            let unit = match width {
                1 => main.get(at as usize).map(|byte| u16::from(*byte)),
                _ => u16_at(main, at as usize),
            };
            let Some(unit) = unit else { return };
            if matches!(unit, 7 | 12 | 13) {
                self.mark(unit, self.document.paragraphs.at(at).unwrap_or_default());
                continue;
            }
            match self.document.characters.at(at) {
                Some(Characters::LeftOut) => continue,
                Some(Characters::Raised) => drop(self.raised.get_or_insert(self.text.len())),
                None => self.end_raised(),
            }
            match unit {
                0x13 => self.fields.push(false),
                0x14 => {
                    if let Some(result) = self.fields.last_mut() {
                        *result = true;
                    }
                }
                0x15 => {
                    self.fields.pop();
                }
                0x02 if with_notes => {
                    if let Some(range) = self.document.footnotes.get(&(number + n)) {
                        self.notes.extend(self.document.note(range));
                    }
                }
                0x09 => self.push('\t'),
                0x0B => self.push('\n'),
                0x1E => self.push('-'),
                0x1F => self.push('\u{AD}'),
                0..0x20 => {}
                0x80..0xA0 if width == 1 => {
                    let byte = [unit as u8];
                    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0;
                    text.chars().for_each(|c| self.push(c));
                }
                _ => {
                    let units = [half.take().unwrap_or(unit), unit];
                    let whole =
                        if (0xDC00..0xE000).contains(&unit) { &units[..] } else { &units[1..] };
                    if (0xD800..0xDC00).contains(&unit) {
                        half = Some(unit);
                    } else {
                        let decoded = char::decode_utf16(whole.iter().copied());
                        decoded.flatten().for_each(|c| self.push(c));
                    }
                }
            }
            if self.flow.is_full() {
                return;
            }
        }
    }

    fn push(&mut self, c: char) {
        if self.fields.iter().all(|result| *result) {
            self.text.push(c);
        }
    }

    /// Keeps the raised text that ends here off the text before it.
    fn end_raised(&mut self) {
        if let Some(start) = self.raised.take()
            && let Some((before, raised)) = self.text.split_at_checked(start)
        {
            self.text.insert_str(start, raised::separator(before, raised));
        }
    }

    /// The end of a paragraph, a cell or a row, or a break between pages.
    fn mark(&mut self, unit: u16, paragraph: Paragraph) {
        let in_table = paragraph.in_table || unit == 7;
        if in_table && !self.flow.in_cell() {
            self.flow.begin_table();
            self.row = false;
        } else if !in_table && self.flow.in_cell() {
            self.flow.end_table();
        }
        if in_table && !self.row {
            self.flow.row();
            self.row = true;
        }
        self.end_paragraph(Some(paragraph));
        if paragraph.row_end {
            self.row = false;
        } else if unit == 7 {
            self.flow.cell();
        }
    }

    fn end_paragraph(&mut self, paragraph: Option<Paragraph>) {
        self.end_raised();
        let text = std::mem::take(&mut self.text);
        let paragraph = paragraph.unwrap_or_default();
        let role = match (paragraph.outline, self.document.styles.role(paragraph.style)) {
            (Some(level @ 0..=8), _) => Role::Heading(level + 1),
            (Some(_), Some(Role::Heading(_))) => Role::Body,
            (_, None | Some(Role::Body)) if paragraph.listed => Role::ListItem,
            (_, role) => role.unwrap_or(Role::Body),
        };
        if let Some(kind) = role.kind()
            && !text.trim().is_empty()
        {
            let kind = match kind {
                BlockKind::Paragraph if self.flow.in_cell() => BlockKind::Cell,
                kind => kind,
            };
            self.flow.begin(kind);
            self.flow.push(&text);
            self.flow.end();
        }
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() {
            self.flow.note(notes);
        }
    }
}
