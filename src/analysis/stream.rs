//! An article as streams of terms with positions, and where its blocks stand in them.
//!
//! A stream is one string: each term behind a character that says how far its position lies from
//! the one before ([`NEXT`], [`SAME`], [`BLOCK`], [`BODY`], [`AT`]). The analysis is so done once, on the
//! threads that read the articles; what indexes the stream only splits it.

use std::ops::Range;

use super::sketch::SketchBuilder;
use super::{Stems, for_each_token, sentence};
use crate::Language;
use crate::article::{Article, Block, BlockKind};

/// Before a term one position on.
pub(crate) const NEXT: char = ' ';
/// Before a term at the same position.
pub(crate) const SAME: char = '\u{1}';
/// Before the first term of a block: [`BLOCK_GAP`] positions on.
pub(crate) const BLOCK: char = '\u{2}';
/// Before the first term behind the title: at position [`BODY_START`].
pub(crate) const BODY: char = '\u{3}';

/// Before the position of a term, in decimal digits, and [`NEXT`].
pub(crate) const AT: char = '\u{4}';

/// The positions left free between two blocks; more than the greatest distance that a query can
/// ask for, so that nothing but an article-wide condition reaches across.
pub(crate) const BLOCK_GAP: u32 = 128;

/// The position of the first word behind the title; what is before it is title.
pub(crate) const BODY_START: u32 = 2048;

/// The longest title, in bytes, that is indexed as one; it has fewer than [`BODY_START`] tokens.
const MAX_TITLE_BYTES: usize = 4000;

/// The term that stands at the first word of every sentence.
pub(crate) const SENTENCE_START: &str = "\u{10}s";
/// The term that stands at the first word of every block.
pub(crate) const BLOCK_START: &str = "\u{10}b";
/// The term that stands at the first word of every heading.
pub(crate) const HEADING_START: &str = "\u{10}h";

/// What parts the language from the stem in a term of the stem stream.
pub(crate) const LANGUAGE_MARK: char = '\u{1F}';

/// Behind a part of a compound, in the term that it has once more where the word stands in the title.
pub(crate) const IN_TITLE: &str = "\u{1F}t";
/// The same for headings.
pub(crate) const IN_HEADING: &str = "\u{1F}h";

/// The stretch of text that positions and text are looked up by, at most.
const PIECE_BYTES: usize = 4096;

/// An article's terms and blocks, ready to be indexed.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    /// Exact forms, with the marks for sentences, blocks and headings.
    pub(crate) exact: String,
    /// Stems, each behind its language.
    pub(crate) stem: String,
    /// Stems of the parts of compounds, each behind its language, at the word's position.
    pub(crate) compound: String,
    /// The stems of the title.
    pub(crate) title: String,
    /// The stems of the headings.
    pub(crate) heading: String,
    /// Where the text stands, in order.
    pub(crate) pieces: Vec<Piece>,
    /// The number of words.
    pub(crate) tokens: u64,
    /// What near-copies are told by; the title is left out, for a copy may have another.
    pub(crate) sketch: SketchBuilder,
}

/// A block, or a part of a long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The number of the block in the article.
    pub(crate) block: usize,
    /// The bytes of the block's text.
    pub(crate) range: Range<usize>,
    /// The position of the first word in it, or of the next word where it has none.
    pub(crate) position: u32,
}

/// A term of the stem stream.
pub(crate) fn stem_term(language: Language, stem: &str, out: &mut String) {
    out.push_str(language.code());
    out.push(LANGUAGE_MARK);
    out.push_str(stem);
}

/// A metadata value as a stream of its words.
pub(crate) fn words(text: &str, out: &mut String) {
    let mut first = !out.is_empty();
    for_each_token(text, |token| {
        out.push(if std::mem::take(&mut first) { BLOCK } else { NEXT });
        out.push_str(token.exact);
    });
}

/// Analyses an article in its language.
pub(crate) fn analyse(article: &Article, language: Language, stems: &mut Stems) -> Streams {
    let mut streams = Streams::default();
    let mut in_title = matches!(
        article.blocks.first(),
        Some(block) if block.kind == BlockKind::Title && block.text.len() <= MAX_TITLE_BYTES
    );
    let mut body_end = None;
    for (number, block) in article.blocks.iter().enumerate() {
        let (step, start) = match body_end {
            _ if in_title => (NEXT, 0),
            None => (BODY, BODY_START),
            Some(end) => (BLOCK, end + BLOCK_GAP),
        };
        let place = Place { number, step, start, in_title };
        let end = streams.add_block(block, place, language, stems);
        // A block without a word leaves the positions as they are.
        if !in_title && end > start {
            body_end = Some(end);
        }
        in_title = false;
    }
    streams
}

/// Where a block comes to stand.
#[derive(Clone, Copy)]
struct Place {
    /// Its number in the article.
    number: usize,
    /// What stands before its first term.
    step: char,
    /// The position of its first word.
    start: u32,
    in_title: bool,
}

impl Streams {
    /// Adds a block whose first word has position `start`; gives the position behind its last.
    fn add_block(
        &mut self,
        block: &Block,
        place: Place,
        language: Language,
        stems: &mut Stems,
    ) -> u32 {
        let Place { number, step, start, in_title } = place;
        let text = &block.text;
        let sentences = sentence::starts(text);
        let mut sentence = sentences.iter().copied().peekable();
        let heading = matches!(block.kind, BlockKind::Heading(_));
        let mut position = start;
        let mut piece = Piece { block: number, range: 0..0, position: start };
        for_each_token(text, |token| {
            let first = position == start;
            if token.end - piece.range.start > PIECE_BYTES
                && let Some(cut) = cut(text, &piece.range, token.start, &sentences)
            {
                // The words between the cut and here are already behind: count them back.
                let mut behind = 0;
                for_each_token(&text[cut..token.start], |_| behind += 1);
                piece.range.end = cut;
                let rest = Piece { block: number, range: cut..cut, position: position - behind };
                self.pieces.push(std::mem::replace(&mut piece, rest));
            }
            let step = if first { step } else { NEXT };
            self.exact.push(step);
            self.exact.push_str(token.exact);
            let mut starts_sentence = false;
            while sentence.next_if(|&at| at <= token.start).is_some() {
                starts_sentence = true;
            }
            if starts_sentence {
                mark(&mut self.exact, SENTENCE_START);
            }
            if first {
                mark(&mut self.exact, BLOCK_START);
                if heading {
                    mark(&mut self.exact, HEADING_START);
                }
            }
            if !in_title {
                self.sketch.word(token.exact);
            }
            let (stem, parts) = stems.stem(language, token.text, token.exact);
            if !parts.is_empty() {
                add_parts(parts, language, position, (in_title, heading), &mut self.compound);
            }
            self.stem.push(step);
            stem_term(language, stem, &mut self.stem);
            for (wanted, stream) in [(in_title, &mut self.title), (heading, &mut self.heading)] {
                if wanted {
                    stream.push(NEXT);
                    stem_term(language, stem, stream);
                }
            }
            position += 1;
        });
        piece.range.end = text.len();
        self.pieces.push(piece);
        self.tokens += u64::from(position - start);
        position
    }
}

/// Adds the parts of the compound at `position`, once more for each place that counts for more.
fn add_parts(
    parts: &[Box<str>],
    language: Language,
    position: u32,
    (in_title, in_heading): (bool, bool),
    stream: &mut String,
) {
    stream.push(AT);
    stream.push_str(&position.to_string());
    let places = [(true, ""), (in_title, IN_TITLE), (in_heading, IN_HEADING)];
    let mut step = NEXT;
    for (_, place) in places.into_iter().filter(|(wanted, _)| *wanted) {
        for part in parts {
            stream.push(std::mem::replace(&mut step, SAME));
            stem_term(language, part, stream);
            stream.push_str(place);
        }
    }
}

fn mark(stream: &mut String, term: &str) {
    stream.push(SAME);
    stream.push_str(term);
}

/// Where to cut a long block before the word at `token`: at the last start of a sentence in the
/// second half of what has gathered, else at the word.
fn cut(text: &str, gathered: &Range<usize>, token: usize, sentences: &[usize]) -> Option<usize> {
    let from = gathered.start + PIECE_BYTES / 2;
    let behind = sentences.partition_point(|&at| at <= token);
    let sentence = sentences[..behind].last().copied().filter(|&at| at >= from);
    // Only behind a space, or the punctuation of a script without spaces, a cut parts no word.
    let parts_no_word = |c: char| c.is_whitespace() || !(c.is_ascii() || c.is_alphanumeric());
    [sentence, Some(token)]
        .into_iter()
        .flatten()
        .find(|&at| at > gathered.start && text[..at].ends_with(parts_no_word))
}
