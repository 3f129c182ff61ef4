//! Contexts: the words before and behind a match, within its block.

use std::ops::Range;

use tantivy::DocId;

use super::spans::Span;
use crate::analysis::for_each_token;
use crate::index::record::StoredPiece;
use crate::index::segment::Articles;
use crate::index::texts::Chunk;

/// Reads the words around matches; what it read last is kept for the next match.
#[derive(Default)]
pub(super) struct Contexts {
    chunk: Chunk,
    /// The article that the stretch is of: where its segment's files lie, and its number.
    article: Option<(usize, DocId)>,
    stretch: Stretch,
}

/// A stretch of a block, with its words.
#[derive(Default)]
pub(super) struct Stretch {
    piece: Option<StoredPiece>,
    pub(super) text: String,
    words: Vec<Word>,
    /// The exact forms of the words, one behind the other.
    forms: String,
    starts_block: bool,
    ends_block: bool,
}

struct Word {
    bytes: Range<usize>,
    form: Range<usize>,
}

impl Contexts {
    /// The stretch that holds a match of an article and, as far as its block goes, at least `reach`
    /// words on both sides of it.
    pub(super) fn around(
        &mut self,
        articles: &Articles,
        doc: DocId,
        span: Span,
        reach: u32,
    ) -> Option<&Stretch> {
        let article = Some((std::ptr::from_ref(articles) as usize, doc));
        if self.article != article || !self.stretch.covers(span, reach) {
            self.article = None;
            self.read(articles, doc, span, reach)?;
            self.article = article;
        }
        Some(&self.stretch)
    }

    fn read(&mut self, articles: &Articles, doc: DocId, span: Span, reach: u32) -> Option<()> {
        let table = articles.table(doc)?;
        let before = |number: usize| {
            let piece = table.piece(number.checked_sub(1)?)?;
            piece.continues.then_some(piece)
        };
        let mut piece = table.at_position(span.start)?;
        let mut previous = before(piece.number);
        while piece.position > span.start.saturating_sub(reach)
            && let Some(earlier) = previous
        {
            piece = earlier;
            previous = before(piece.number);
        }
        let mut last = piece.number;
        while piece.continues {
            let next = table.piece(last + 1)?;
            if next.position > span.end.saturating_add(reach) {
                break;
            }
            last = next.number;
            piece.extend(&next);
        }
        let stretch = &mut self.stretch;
        stretch.starts_block = previous.is_none();
        stretch.ends_block = !piece.continues;
        stretch.text = articles.text(doc, piece.range.clone(), &mut self.chunk)?;
        stretch.piece = Some(piece);
        stretch.words.clear();
        stretch.forms.clear();
        let Stretch { text, words, forms, .. } = stretch;
        for_each_token(text, |token| {
            let start = forms.len();
            forms.push_str(token.exact);
            words.push(Word { bytes: token.start..token.end, form: start..forms.len() });
        });
        Some(())
    }
}

impl Stretch {
    fn covers(&self, span: Span, reach: u32) -> bool {
        let Some(piece) = &self.piece else { return false };
        let end = piece.position + self.words.len() as u32;
        piece.position <= span.start
            && span.end < end
            && (self.starts_block || piece.position + reach <= span.start)
            && (self.ends_block || span.end + reach < end)
    }

    /// The piece of the block that it is.
    pub(super) fn piece(&self) -> Option<&StoredPiece> {
        self.piece.as_ref()
    }

    /// The numbers of the words in it that a match spans.
    pub(super) fn words_of(&self, span: Span) -> Option<Range<usize>> {
        let first = self.piece.as_ref()?.position;
        let start = span.start.checked_sub(first)? as usize;
        let end = span.end.checked_sub(first)? as usize + 1;
        (start < end && end <= self.words.len()).then_some(start..end)
    }

    /// The position of a word.
    pub(super) fn position(&self, word: usize) -> u32 {
        self.piece.as_ref().map_or(0, |piece| piece.position) + word as u32
    }

    /// The number of words.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The exact form of a word.
    pub(super) fn form(&self, word: usize) -> Option<&str> {
        self.forms.get(self.words.get(word)?.form.clone())
    }

    /// A word as it is written.
    pub(super) fn written(&self, word: usize) -> Option<&str> {
        self.text.get(self.bytes(word)?)
    }

    /// The bytes of the text that a word is.
    pub(super) fn bytes(&self, word: usize) -> Option<Range<usize>> {
        Some(self.words.get(word)?.bytes.clone())
    }
}
