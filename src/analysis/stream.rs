//! An article as streams of terms with positions, and where its blocks stand in them.
//!
//! A stream is one string: each term behind a character that says how far its position lies from
//! the one before ([`NEXT`], [`SAME`], [`BLOCK`], [`BODY`], [`AT`]). The analysis is so done once, on the
//! threads that read the articles; what indexes the stream only splits it.

use std::fmt::Write;
use std::ops::Range;

use super::frequent::pair_term;
use super::sketch::SketchBuilder;
use super::stem::Known;
use super::{Stems, for_each_token, for_each_word, sentence};
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

/// The position of the first word behind the title; what is before it is title. Positions are
/// stored as differences, the first of each term in each article from 0: the less the better.
pub(crate) const BODY_START: u32 = 2 * BLOCK_GAP;

/// The longest title, in words, that is indexed as one; [`BLOCK_GAP`] positions stay free behind it.
const MAX_TITLE_WORDS: usize = BLOCK_GAP as usize;

/// The mark at the first word of every sentence.
pub(crate) const SENTENCE_START: &str = "s";
/// The mark at the first word of every block.
pub(crate) const BLOCK_START: &str = "b";
/// The mark at the first word of every heading.
pub(crate) const HEADING_START: &str = "h";

/// What parts the form, the language and the stem in a term.
pub(crate) const TERM_MARK: char = '\u{1F}';

/// Behind a part of a compound, or a pair of frequent words, in the term that it has once more where the
/// word stands in the title.
pub(crate) const IN_TITLE: &str = "\u{1F}t";
/// The same for headings.
pub(crate) const IN_HEADING: &str = "\u{1F}h";

/// The stretch of text that positions and text are looked up by, at most.
const PIECE_BYTES: usize = 4096;

/// An article's terms and blocks, ready to be indexed.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    /// The terms of all words; see [`form_term`].
    pub(crate) exact: String,
    /// The marks of sentences, blocks and headings, at the positions of the words that they are at.
    pub(crate) marks: String,
    /// Stems of the parts of compounds, each behind its language, at the word's position; and pairs of
    /// frequent words (see [`pair_term`]) at the first one's.
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

/// A stem as a term: behind its language.
pub(crate) fn stem_term(language: Language, stem: &str, out: &mut String) {
    out.push_str(language.code());
    out.push(TERM_MARK);
    out.push_str(stem);
}

/// A word as a term: its exact form, the language of the article, and its stem, if that is not the
/// one that the exact form has by itself: accents, which forms are without, tell stems apart.
pub(crate) fn form_term(exact: &str, language: Language, stem: Option<&str>, out: &mut String) {
    out.push_str(exact);
    out.push(TERM_MARK);
    out.push_str(language.code());
    if let Some(stem) = stem {
        out.push(TERM_MARK);
        out.push_str(stem);
    }
}

/// The exact form, the language's code and the stem, if it has one of its own, in a [`form_term`].
pub(crate) fn parts_of_form_term(term: &str) -> (&str, &str, Option<&str>) {
    let (form, rest) = term.split_once(TERM_MARK).unwrap_or((term, ""));
    match rest.split_once(TERM_MARK) {
        Some((language, stem)) => (form, language, Some(stem)),
        None => (form, rest, None),
    }
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
    // A word and the space behind it become a term of some more bytes.
    let bytes: usize = article.blocks.iter().map(|block| block.text.len()).sum();
    streams.exact.reserve(bytes + bytes / 2);
    let words = stems.language(language);
    let mut in_title = matches!(
        article.blocks.first(),
        Some(block) if block.kind == BlockKind::Title && is_short(&block.text)
    );
    let mut body_end = None;
    for (number, block) in article.blocks.iter().enumerate() {
        let (step, start) = match body_end {
            _ if in_title => (NEXT, 0),
            None => (BODY, BODY_START),
            Some(end) => (BLOCK, end + BLOCK_GAP),
        };
        let place = Place { number, step, start, in_title };
        let end = streams.add_block(block, place, language, words);
        // A block without a word leaves the positions as they are.
        if !in_title && end > start {
            body_end = Some(end);
        }
        in_title = false;
    }
    streams
}

/// Whether a title has at most [`MAX_TITLE_WORDS`].
fn is_short(title: &str) -> bool {
    let mut words = 0;
    if title.len() > MAX_TITLE_WORDS {
        for_each_word(title, |_| words += 1);
    }
    words <= MAX_TITLE_WORDS
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
        words: &mut Known,
    ) -> u32 {
        let Place { number, step, start, in_title } = place;
        let text = &block.text;
        let sentences = sentence::starts(text);
        let mut sentence = sentences.iter().copied().peekable();
        let heading = matches!(block.kind, BlockKind::Heading(_));
        let mut position = start;
        let mut piece = Piece { block: number, range: 0..0, position: start };
        // The word before, if it is a frequent one.
        let mut before = String::new();
        for_each_word(text, |found| {
            let word = words.word(found.text);
            if word.exact.is_empty() {
                return;
            }
            let first = position == start;
            if found.range.end - piece.range.start > PIECE_BYTES
                && let Some(cut) = cut(text, &piece.range, found.range.start, &sentences)
            {
                // The words between the cut and here are already behind: count them back.
                let mut behind = 0;
                for_each_token(&text[cut..found.range.start], |_| behind += 1);
                piece.range.end = cut;
                let rest = Piece { block: number, range: cut..cut, position: position - behind };
                self.pieces.push(std::mem::replace(&mut piece, rest));
            }
            self.exact.push(if first { step } else { NEXT });
            self.exact.push_str(&word.term);
            let mut starts_sentence = false;
            while sentence.next_if(|&at| at <= found.range.start).is_some() {
                starts_sentence = true;
            }
            if starts_sentence || first {
                let marks = [
                    (starts_sentence, SENTENCE_START),
                    (first, BLOCK_START),
                    (first && heading, HEADING_START),
                ];
                let wanted = marks.into_iter().filter(|(wanted, _)| *wanted);
                add_at(position, wanted.map(|(_, mark)| [mark, ""]), &mut self.marks);
            }
            if !in_title {
                self.sketch.word(word.hash);
            }
            if word.frequent && !before.is_empty() {
                let pair = [pair_term(&before, &word.exact)];
                add_placed(&pair, position - 1, (in_title, false), &mut self.compound);
            }
            before.clear();
            if word.frequent {
                before.push_str(&word.exact);
            }
            if !word.parts.is_empty() {
                let term = |part: &str| {
                    let mut term = String::new();
                    stem_term(language, part, &mut term);
                    term
                };
                let parts: Vec<String> = word.parts.iter().map(|part| term(part)).collect();
                add_placed(&parts, position, (in_title, heading), &mut self.compound);
            }
            for (wanted, stream) in [(in_title, &mut self.title), (heading, &mut self.heading)] {
                if wanted {
                    stream.push(NEXT);
                    stem_term(language, &word.stem, stream);
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

/// Adds terms, each in two pieces, that all stand at `position`.
fn add_at<'a>(position: u32, terms: impl Iterator<Item = [&'a str; 2]>, stream: &mut String) {
    stream.push(AT);
    // Nothing fails in memory.
    let _ = write!(stream, "{position}");
    let mut step = NEXT;
    for [term, end] in terms {
        stream.push(std::mem::replace(&mut step, SAME));
        stream.push_str(term);
        stream.push_str(end);
    }
}

/// Adds terms that all stand at `position`, once more for each place that counts for more.
fn add_placed(
    terms: &[String],
    position: u32,
    (in_title, in_heading): (bool, bool),
    stream: &mut String,
) {
    let places = [(true, ""), (in_title, IN_TITLE), (in_heading, IN_HEADING)];
    let places = places.into_iter().filter(|(wanted, _)| *wanted);
    let placed = places.flat_map(|(_, place)| terms.iter().map(move |term| [&**term, place]));
    add_at(position, placed, stream);
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
