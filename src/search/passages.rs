//! From the matches of an article to its passages, with their evidence.

use std::ops::Range;

use tantivy::DocId;

use super::places::{Place, around};
use super::results::Passage;
use crate::analysis::stream::BODY_START;
use crate::analysis::token_ranges;
use crate::article::BlockKind;
use crate::index::record::{StoredPiece, Table};
use crate::index::segment::Articles;
use crate::index::texts::Chunk;
use crate::snippet::{self, Mark, Stretch};

/// How much of a block is shown on each side of a place, in bytes.
const BESIDE: usize = 64;

/// Reads passages from the articles of a segment.
pub(crate) struct Reader<'a> {
    articles: &'a Articles,
    doc: DocId,
    table: Table<'a>,
    chunk: &'a mut Chunk,
}

impl<'a> Reader<'a> {
    pub(crate) fn open(
        articles: &'a Articles,
        doc: DocId,
        chunk: &'a mut Chunk,
    ) -> Option<Reader<'a>> {
        Some(Reader { articles, doc, table: articles.table(doc)?, chunk })
    }

    /// The passages for these matches (in order): at most `count`, of about `chars` characters, in
    /// the order of the text. Without a match the article's beginning is its passage.
    pub(crate) fn passages(
        &mut self,
        marks: &[Mark],
        count: usize,
        chars: usize,
    ) -> Option<Vec<Passage>> {
        if count == 0 {
            return Some(Vec::new());
        }
        if marks.is_empty() {
            return Some(self.beginning(chars)?.into_iter().collect());
        }
        let mut passages: Vec<(u32, Passage)> = Vec::new();
        let mut stretches: Vec<(StoredPiece, Stretch)> = Vec::new();
        // Some windows turn out to lie in a passage that another has made already.
        for window in snippet::windows(marks, count * 2, |position| position < BODY_START) {
            if passages.len() == count {
                break;
            }
            let start = marks[window.marks.start].start;
            let piece = self.table.at_position(start)?;
            let piece = self.block_around(piece, &marks[window.marks.start]);
            // Several windows often lie in one block.
            if !stretches.iter().any(|(known, _)| known.range == piece.range) {
                let text = self.articles.text(self.doc, piece.range.clone(), self.chunk)?;
                stretches.push((piece.clone(), Stretch::new(text)));
            }
            let (piece, stretch) =
                stretches.iter().find(|(known, _)| known.range == piece.range)?;
            let next = piece.position + stretch.words();
            let inside = window.marks.start
                ..window.marks.start
                    + marks[window.marks.clone()]
                        .iter()
                        .take_while(|mark| mark.start < next)
                        .count();
            let cut = stretch.cut(piece.position, marks, inside, chars);
            let passage = self.passage(piece, stretch, cut.range, cut.marked)?;
            if passages
                .iter()
                .all(|(_, other)| passage.end <= other.start || passage.start >= other.end)
            {
                passages.push((start, passage));
            }
        }
        // The title stands above every hit; it is a passage only where there is no other.
        if passages.iter().any(|(start, _)| *start >= BODY_START) {
            passages.retain(|(start, _)| *start >= BODY_START);
        }
        passages.sort_by_key(|(_, passage)| passage.start);
        Some(passages.into_iter().map(|(_, passage)| passage).collect())
    }

    /// The marks as byte ranges of the canonical text, joined where they overlap.
    pub(crate) fn bytes_of(&mut self, marks: &[Mark]) -> Option<Vec<Range<usize>>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut open: Option<(StoredPiece, Vec<Range<usize>>)> = None;
        for mark in marks {
            let inside = |(piece, words): &(StoredPiece, Vec<Range<usize>>)| {
                piece.position <= mark.start && mark.end < piece.position + words.len() as u32
            };
            if !open.as_ref().is_some_and(inside) {
                let piece = self.table.at_position(mark.start)?;
                let piece = self.block_around(piece, mark);
                let text = self.articles.text(self.doc, piece.range.clone(), self.chunk)?;
                open = Some((piece, token_ranges(&text)));
            }
            let (piece, words) = open.as_ref()?;
            let word = |position: u32| words.get((position - piece.position) as usize);
            let range = piece.range.start + word(mark.start)?.start
                ..piece.range.start + word(mark.end)?.end;
            match ranges.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        Some(ranges)
    }

    /// Each of the marks as a place of its own, its words and nothing else.
    pub(crate) fn places(&mut self, marks: &[Mark]) -> Option<Vec<Place>> {
        let mut places = Vec::with_capacity(marks.len());
        for mark in marks {
            let piece = self.table.at_position(mark.start)?;
            let piece = self.block_around(piece, mark);
            let text = self.articles.text(self.doc, piece.range.clone(), self.chunk)?;
            let stretch = Stretch::new(text);
            let range = stretch.bytes_of(piece.position, mark)?;
            let (before, behind) = around(&stretch.text, &range, BESIDE);
            let passage = self.passage(&piece, &stretch, range, Vec::new())?;
            places.push(Place { passage, before, behind });
        }
        Some(places)
    }

    /// A piece; where the match goes on into the next piece of the same block, both as one.
    fn block_around(&self, mut piece: StoredPiece, mark: &Mark) -> StoredPiece {
        if piece.continues
            && let Some(next) = self.table.piece(piece.number + 1)
            && next.position <= mark.end
        {
            piece.extend(&next);
        }
        piece
    }

    fn beginning(&mut self, chars: usize) -> Option<Option<Passage>> {
        for number in 0..self.table.len().min(20) {
            let piece = self.table.piece(number)?;
            if piece.kind == BlockKind::Paragraph || number + 1 == self.table.len().min(20) {
                let text = self.articles.text(self.doc, piece.range.clone(), self.chunk)?;
                let stretch = Stretch::new(text);
                return self.passage(&piece, &stretch, stretch.lead(chars), Vec::new()).map(Some);
            }
        }
        Some(None)
    }

    fn passage(
        &self,
        piece: &StoredPiece,
        stretch: &Stretch,
        range: Range<usize>,
        marked: Vec<Range<usize>>,
    ) -> Option<Passage> {
        let (line, page) = piece.line_and_page(range.start);
        let (starts_inside, ends_inside) = stretch.inside(&range);
        Some(Passage {
            starts_inside,
            ends_inside,
            text: stretch.text.get(range.clone())?.to_owned(),
            highlights: marked
                .into_iter()
                .map(|mark| mark.start - range.start..mark.end - range.start)
                .collect(),
            start: piece.range.start + range.start,
            end: piece.range.start + range.end,
            line,
            page,
            page_label: None,
            section: self.table.section(piece)?,
        })
    }
}
