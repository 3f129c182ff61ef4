//! The canonical form of a text: NFC, one space between words, words mended at line ends.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Lines;
use crate::{Block, BlockKind};

/// The longest part of a word, in bytes, that is mended.
const MAX_PART: usize = 64;

/// What stands before the line end with which a page of a block ends.
pub(super) const PAGE_END: char = '\u{C}';

/// Words that a hyphen before a line end stands apart from: `short-⏎and long-term` leaves out the
/// second half of the first word, in the languages that write so.
const CONJUNCTIONS: &[&str] = &[
    "and", "or", "to", "und", "oder", "bzw", "sowie", "bis", "als", "wie", "noch", "en", "of",
    "tot", "et", "ou", "y", "o", "e", "och", "eller", "og", "i", "lub",
];

/// Brings the texts of an article's blocks into canonical form and drops the empty ones.
///
/// A word hyphenated at a line end is mended. Its hyphen stays where the article writes the word
/// with a hyphen elsewhere and nowhere without, where the part before is in capitals, a number or
/// has a hyphen itself, and where the part after begins with a capital or a digit.
pub(super) fn blocks(blocks: &mut Vec<Block>, lines: Lines) {
    for block in blocks.iter_mut() {
        if let Cow::Owned(composed) = nfc(&block.text) {
            block.text = composed;
        }
    }
    let words = Words::of(blocks);
    blocks.retain_mut(|block| {
        if is_canonical(&block.text) {
            block.breaks = Vec::new();
            return !block.text.is_empty();
        }
        let mut folded = Folded::new(&block.text, block.kind != BlockKind::Code, &words);
        folded.run();
        let Folded { out, breaks, pages, leading, .. } = folded;
        block.text = out;
        block.breaks = Vec::new();
        if block.line.is_none() && block.page.is_some() {
            let length = block.text.len() as u32;
            block.breaks = pages.into_iter().filter(|at| (1..length).contains(at)).collect();
        }
        if lines == Lines::Source
            && let Some(line) = &mut block.line
        {
            *line = line.saturating_add(leading);
            let length = block.text.len() as u32;
            block.breaks = breaks.into_iter().filter(|at| *at < length).collect();
        }
        !block.text.is_empty()
    });
}

/// Whether a text is one line of printable ASCII with single spaces, as most are, in which there is
/// nothing to do.
fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// One string in canonical form.
pub(crate) fn fold(text: &str) -> String {
    let composed = nfc(text);
    let words = Words::default();
    let mut folded = Folded::new(&composed, false, &words);
    folded.run();
    folded.out
}

fn nfc(text: &str) -> Cow<'_, str> {
    // The quick check says Maybe for any combining mark; composing is right then in any case.
    match text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfc().collect()),
    }
}

/// How often each candidate, with and without its hyphen, stands in the article.
#[derive(Default)]
struct Words {
    seen: HashMap<String, bool>,
}

impl Words {
    fn of(blocks: &[Block]) -> Words {
        let mut words = Words::default();
        for block in blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            let mut from = 0;
            while let Some(at) = block.text.get(from..).and_then(|rest| rest.find('\n')) {
                let end = from + at;
                from = end + 1;
                let (Some(before), Some(after)) = (block.text.get(..end), block.text.get(from..))
                else {
                    break;
                };
                let before = before.trim_end_matches([' ', '\t', PAGE_END]);
                if let Some(before) = before.strip_suffix(['-', '\u{2010}'])
                    && let Some(split) = Split::between(before, after)
                    && split.is_open()
                {
                    words.seen.insert(split.joined(), false);
                    words.seen.insert(split.hyphenated(), false);
                }
            }
        }
        if !words.seen.is_empty() {
            for block in blocks {
                words.look_through(&block.text);
            }
        }
        words
    }

    fn look_through(&mut self, text: &str) {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\u{2010}' | '\u{AD}');
        for word in text.split(|c: char| !is_part(c)) {
            let bare = word.trim_matches(['-', '\u{2010}']);
            if bare.is_empty() || bare.len() > 3 * MAX_PART {
                continue;
            }
            let word = plain(bare);
            if let Some(seen) = self.seen.get_mut(&word) {
                *seen = true;
            }
        }
    }

    fn has(&self, word: &str) -> bool {
        self.seen.get(word).copied().unwrap_or(false)
    }
}

/// Lower case, one kind of hyphen, no soft hyphens.
fn plain(word: &str) -> String {
    let kept = word.chars().filter(|c| *c != '\u{AD}');
    kept.map(|c| if c == '\u{2010}' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// A word split by a hyphen at a line end.
struct Split<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Split<'a> {
    /// The word whose first part ends `before` and whose second begins `after`.
    fn between(before: &'a str, after: &'a str) -> Option<Split<'a>> {
        let mut start = before.len();
        for (at, c) in before.char_indices().rev() {
            if c.is_whitespace() {
                break;
            }
            if before.len() - at > MAX_PART {
                return None;
            }
            start = at;
        }
        let opens = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '/' | '@' | '.');
        let before = before.get(start..)?.trim_start_matches(opens);
        let after = after.trim_start_matches([' ', '\t']);
        let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
        let after = after.get(..end)?;
        let whole = before.ends_with(char::is_alphanumeric) && !after.is_empty();
        (whole && after.len() <= MAX_PART).then_some(Split { before, after })
    }

    /// Whether the two parts alone leave open what the hyphen is.
    fn is_open(&self) -> bool {
        let letters = |c: char| c.is_alphabetic() || c == '\u{AD}';
        self.before.chars().all(letters)
            && self.before.chars().any(char::is_lowercase)
            && self.after.chars().all(letters)
            && self.after.starts_with(char::is_lowercase)
            && !CONJUNCTIONS.contains(&self.after)
    }

    fn joined(&self) -> String {
        plain(&format!("{}{}", self.before, self.after))
    }

    fn hyphenated(&self) -> String {
        plain(&format!("{}-{}", self.before, self.after))
    }
}

/// What a hyphen at a line end becomes.
enum Mend {
    /// It goes, and the parts are joined.
    Join,
    /// It stays, and the parts are joined.
    Keep,
    /// It stays, and a space follows.
    Apart,
}

struct Folded<'a> {
    text: &'a str,
    mend: bool,
    words: &'a Words,
    out: String,
    /// Where in `out` each further line of the source starts.
    breaks: Vec<u32>,
    /// Where in `out` each further page starts.
    pages: Vec<u32>,
    /// Ends of pages since the last character written.
    page_ends: u32,
    /// The lines before the first that has text.
    leading: u32,
    /// Line ends since the last character written.
    pending: u32,
    space: bool,
}

impl<'a> Folded<'a> {
    fn new(text: &'a str, mend: bool, words: &'a Words) -> Folded<'a> {
        let out = String::with_capacity(text.len());
        Folded {
            text,
            mend,
            words,
            out,
            breaks: Vec::new(),
            pages: Vec::new(),
            page_ends: 0,
            leading: 0,
            pending: 0,
            space: false,
        }
    }

    fn run(&mut self) {
        let mut rest = self.text;
        while let Some(c) = rest.chars().next() {
            let (here, next) = rest.split_at(c.len_utf8());
            match c {
                '\n' => {
                    if self.line_end(next) {
                        rest = next.trim_start_matches([' ', '\t']);
                        continue;
                    }
                }
                '\u{AD}' => {
                    // At a line end it is the hyphen of a word that goes on.
                    if self.mend
                        && let Some(after) = next.trim_start_matches([' ', '\t']).strip_prefix('\n')
                        && after.trim_start_matches([' ', '\t']).starts_with(char::is_alphabetic)
                        && !self.space
                    {
                        self.pending += 1;
                        rest = after.trim_start_matches([' ', '\t']);
                        continue;
                    }
                }
                '\u{2060}' => {}
                // White space like any other, but that a word may go on behind it.
                PAGE_END if next.starts_with('\n') => self.page_ends += 1,
                _ if is_space(c) => self.space = true,
                _ => self.push(here),
            }
            rest = next;
        }
    }

    /// Reads a line end; true if a word goes on over it.
    fn line_end(&mut self, after: &str) -> bool {
        self.pending += 1;
        if self.pending > 1 || !self.mend {
            self.space = true;
            return false;
        }
        match self.mend_at(after) {
            Some(Mend::Join) => {
                self.out.pop();
                self.space = false;
                true
            }
            Some(Mend::Keep) => {
                self.space = false;
                true
            }
            Some(Mend::Apart) | None => {
                self.space = true;
                false
            }
        }
    }

    fn mend_at(&self, after: &str) -> Option<Mend> {
        let before = self.out.strip_suffix(['-', '\u{2010}'])?;
        let split = Split::between(before, after)?;
        if CONJUNCTIONS.contains(&split.after) {
            return Some(Mend::Apart);
        }
        if !split.is_open() {
            return Some(Mend::Keep);
        }
        let keep = self.words.has(&split.hyphenated()) && !self.words.has(&split.joined());
        Some(if keep { Mend::Keep } else { Mend::Join })
    }

    fn push(&mut self, character: &str) {
        if self.out.is_empty() {
            self.leading = self.pending;
        } else if self.space {
            self.out.push(' ');
        }
        self.space = false;
        if !self.out.is_empty() {
            let at = self.out.len() as u32;
            self.breaks.extend(std::iter::repeat_n(at, self.pending as usize));
        }
        self.pending = 0;
        let at = self.out.len() as u32;
        self.pages.extend(std::iter::repeat_n(at, self.page_ends as usize));
        self.page_ends = 0;
        self.out.push_str(character);
    }
}

/// White space of any width, control characters, and the invisible marks that stand for a place
/// where a line may break or a text may begin.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{180E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(texts: &[&str]) -> Vec<Block> {
        let paragraph = |text: &&str| Block::new(BlockKind::Paragraph, *text).at_line(1);
        let mut found = texts.iter().map(paragraph).collect();
        blocks(&mut found, Lines::Source);
        found
    }

    fn one(text: &str) -> String {
        paragraphs(&[text]).remove(0).text
    }

    #[test]
    fn white_space_of_every_kind_becomes_one_space() {
        assert_eq!(one(" a\u{A0}\u{202F}b\t c\u{200B}d\u{FEFF}e\u{0}f\u{85}g "), "a b c d e f g");
        assert_eq!(one("Cafe\u{301} sou\u{AD}verain"), "Café souverain");
        // What is visible stays: an em dash, a zero-width non-joiner inside a Persian word.
        assert_eq!(one("a — b می\u{200C}خواهم"), "a — b می\u{200C}خواهم");
        assert!(paragraphs(&["\u{FEFF}", " \n\u{AD} "]).is_empty());
    }

    #[test]
    fn words_are_mended_at_line_ends() {
        assert_eq!(one("digital sover-\neignty"), "digital sovereignty");
        assert_eq!(one("digital sover-  \n   eignty."), "digital sovereignty.");
        assert_eq!(one("sover\u{AD}\neignty"), "sovereignty");
        assert_eq!(one("(sover\u{2010}\neignty)"), "(sovereignty)");
        assert_eq!(one("Datenschutz-\ngrundverordnung"), "Datenschutzgrundverordnung");
        assert_eq!(one("KI-\nVerordnung"), "KI-Verordnung");
        assert_eq!(one("AI-\ndriven"), "AI-driven");
        assert_eq!(one("2020-\n2021"), "2020-2021");
        assert_eq!(one("Daten-\nSchutz"), "Daten-Schutz");
        assert_eq!(one("state-of-the-\nart"), "state-of-the-art");
        assert_eq!(one("see https://example.org/ai-\nact"), "see https://example.org/ai-act");
        assert_eq!(one("short-\nand long-term"), "short- and long-term");
    }

    #[test]
    fn a_dash_is_no_hyphen() {
        assert_eq!(one("the act -\nthat is"), "the act - that is");
        assert_eq!(one("the act --\nthat is"), "the act -- that is");
        assert_eq!(one("well-known\nfacts"), "well-known facts");
        assert_eq!(one("end-\n\nstart"), "end- start");
    }

    #[test]
    fn the_article_itself_decides_about_a_hyphen() {
        assert_eq!(paragraphs(&["long-\nterm", "a Long-term aim"])[0].text, "long-term");
        assert_eq!(paragraphs(&["long-\nterm", "a longterm aim"])[0].text, "longterm");
        assert_eq!(paragraphs(&["long-\nterm", "longterm and long-term"])[0].text, "longterm");
        assert_eq!(paragraphs(&["long-\nterm", "short-term"])[0].text, "longterm");
    }

    #[test]
    fn breaks_are_where_source_lines_start() {
        let block = paragraphs(&["\n one\ntwo sover-\neignty\n\nend\n"]).remove(0);
        assert_eq!(block.text, "one two sovereignty end");
        assert_eq!(block.line, Some(2));
        assert_eq!(block.breaks, [4, 13, 20, 20]);
        // Byte offsets, not characters.
        assert_eq!(paragraphs(&["é\nb"])[0].breaks, [3]);
    }

    #[test]
    fn a_long_paragraph_is_mended_to_its_end() {
        // Quadratic work would not come to an end here.
        let text = "sover-\neignty of da-\nta is-\n".repeat(20_000);
        let mended = one(&text);
        assert!(mended.starts_with("sovereignty of data is"));
        assert_eq!(mended.matches("sovereignty").count(), 20_000);
        assert_eq!(one(&"-\n".repeat(100_000)).matches('-').count(), 100_000);
        let halves = ["a", "b"].map(|letter| letter.repeat(200_000));
        assert!(one(&halves.join("-\n")).len() >= 400_000);
    }
}
