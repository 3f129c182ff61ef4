//! The quotations of a draft: what stands between quotation marks, and what is set off as a quote.

use std::ops::Range;

use super::marks;
use super::quotation::Quotation;
use crate::article::{Article, Block, BlockKind};

/// A quotation in a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftQuotation {
    /// The quotation without its marks.
    pub text: String,
    /// The number of its words that claim to stand in a source.
    pub words: usize,
    /// How the draft shows that it is one.
    pub form: QuotationForm,
    /// Where it starts in the draft's canonical text, in bytes.
    pub start: usize,
    /// Where it ends (exclusive).
    pub end: usize,
    /// The line of the draft on which it starts, from 1 (text formats).
    pub line: Option<u32>,
    /// The page on which it starts, from 1 (paged formats).
    pub page: Option<u32>,
}

/// How a draft shows that something is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuotationForm {
    /// By quotation marks.
    Marks,
    /// By setting it off as a block of its own.
    Block,
}

impl QuotationForm {
    /// The name as in JSON: `marks`, `block`.
    pub fn name(self) -> &'static str {
        match self {
            QuotationForm::Marks => "marks",
            QuotationForm::Block => "block",
        }
    }
}

/// A block quote that begins with a dash and has no more words than this names its author.
const MAX_ATTRIBUTION: usize = 12;

/// The quotations of a draft that have at least `least_words` words, in order. What is quoted inside
/// a quotation is part of it; program text is left out.
///
/// ```
/// use polidex::{Article, Block, BlockKind, quotations};
///
/// let text = "The “Act”, he wrote, “is not the last word on models”.";
/// let draft = Article::new("draft", vec![Block::new(BlockKind::Paragraph, text)]);
/// let found = quotations(&draft, 4);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].text, "is not the last word on models");
/// ```
pub fn quotations(draft: &Article, least_words: usize) -> Vec<DraftQuotation> {
    let mut found = Vec::new();
    let mut start = 0;
    for (number, block) in draft.blocks.iter().enumerate() {
        match block.kind {
            BlockKind::Code => {}
            BlockKind::Quote => {
                let length = Quotation::read(&block.text).length();
                let named = block.text.starts_with(['—', '–']) && length <= MAX_ATTRIBUTION;
                if !named {
                    add(&mut found, block, start, 0..block.text.len(), QuotationForm::Block);
                }
            }
            _ => {
                for quoted in marks::quoted(&block.text) {
                    add(&mut found, block, start, quoted.inner, QuotationForm::Marks);
                }
                // A quotation of several paragraphs is opened anew in each and closed in the last.
                let goes_on = draft
                    .blocks
                    .get(number + 1)
                    .is_some_and(|next| marks::begins_quoted(&next.text));
                if let Some(from) = marks::open_at(&block.text).filter(|_| goes_on) {
                    add(&mut found, block, start, from..block.text.len(), QuotationForm::Marks);
                }
            }
        }
        start += block.text.len() + Article::BLOCK_SEPARATOR.len();
    }
    found.retain(|quotation| quotation.words >= least_words);
    found
}

fn add(
    found: &mut Vec<DraftQuotation>,
    block: &Block,
    block_start: usize,
    range: Range<usize>,
    form: QuotationForm,
) {
    let Some(text) = block.text.get(range.clone()) else { return };
    let text = marks::bare(text).to_owned();
    let (line, page) = block.place(range.start);
    found.push(DraftQuotation {
        words: Quotation::read(&text).length(),
        text,
        form,
        start: block_start + range.start,
        end: block_start + range.end,
        line,
        page,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(blocks: &[(BlockKind, &str)], least: usize) -> Vec<String> {
        let blocks = blocks.iter().map(|(kind, text)| Block::new(*kind, *text)).collect();
        quotations(&Article::new("draft", blocks), least).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn quotations_of_enough_words_are_found_in_text_and_as_blocks() {
        let blocks = [
            (BlockKind::Paragraph, "A “fine word” and „das letzte Wort hat keiner“."),
            (BlockKind::Quote, "“It is the last word.”"),
            (BlockKind::Quote, "— Jane Doe, in a speech in Bonn"),
            (BlockKind::Code, "print(\"one two three four\")"),
            (BlockKind::Cell, "\"one two three four\""),
        ];
        assert_eq!(
            found(&blocks, 4),
            ["das letzte Wort hat keiner", "It is the last word.", "one two three four"]
        );
        assert_eq!(found(&blocks, 2)[0], "fine word");
        // What is put in and left out are no words of a source.
        let put_in = [(BlockKind::Paragraph, "“the last […] [of the] word”")];
        assert_eq!(found(&put_in, 4).len(), 0);
        assert_eq!(found(&put_in, 3).len(), 1);
    }

    #[test]
    fn a_quotation_of_two_paragraphs_is_two() {
        let paragraph = |text| (BlockKind::Paragraph, text);
        let text = [paragraph("He said: “rules come first."), paragraph("“Chips come last,” too.")];
        assert_eq!(found(&text, 3), ["rules come first.", "Chips come last,"]);
        // Near miss: a mark that is never closed.
        let text = [paragraph("He said: “rules come first."), paragraph("Chips come last.")];
        assert_eq!(found(&text, 3), [""; 0]);
    }

    #[test]
    fn the_place_of_a_quotation_is_that_of_its_first_word() {
        let mut block = Block::new(BlockKind::Paragraph, "He said “a b c” once.").at_line(7);
        block.breaks = vec![3];
        let first = Block::new(BlockKind::Paragraph, "x");
        let draft = Article::new("draft", vec![first, block]);
        let quotation = quotations(&draft, 3).remove(0);
        assert_eq!(&draft.text()[quotation.start..quotation.end], "a b c");
        assert_eq!((quotation.line, quotation.page), (Some(8), None));
    }
}
