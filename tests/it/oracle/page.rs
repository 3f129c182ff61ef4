//! A page: one article as the oracle sees it, its words at positions and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use polidex::{Article, BlockKind, Language, tokens};

/// The first and the last position of a match, both included.
pub(super) type Span = (usize, usize);

/// What lies between the last position of a block and the first of the next, so that nothing that
/// asks for closeness reaches across.
const GAP: usize = 1000;

pub(super) struct Page {
    pub(super) article: Article,
    pub(super) language: Language,
    pub(super) text: String,
    pub(super) words: Vec<PageWord>,
    /// The numbers of the words with this exact form, ascending.
    pub(super) exact: BTreeMap<String, Vec<usize>>,
    /// The same by stem, compounds by those of their parts, too.
    pub(super) stem: BTreeMap<String, Vec<usize>>,
    /// Each block that has words.
    pub(super) blocks: Vec<(BlockKind, Span)>,
    /// The words of the title, if the article opens with one.
    pub(super) title: Option<Span>,
    pub(super) sentences: Vec<Span>,
}

pub(super) struct PageWord {
    pub(super) position: usize,
    bytes: Range<usize>,
    pub(super) exact: String,
    /// The characters of the exact form.
    pub(super) letters: Vec<char>,
    pub(super) stem: String,
    /// The stems of its parts, if it is a compound.
    pub(super) parts: Vec<String>,
}

impl Page {
    pub(super) fn new(article: Article) -> Page {
        let language = article.metadata.language.unwrap_or(Language::UNKNOWN);
        let mut page = Page {
            language,
            text: article.text(),
            words: Vec::new(),
            exact: BTreeMap::new(),
            stem: BTreeMap::new(),
            blocks: Vec::new(),
            title: None,
            sentences: Vec::new(),
            article,
        };
        let (mut offset, mut position) = (0, 0);
        for (number, block) in page.article.blocks.iter().enumerate() {
            let first = position;
            let ends = sentence_ends(&block.text);
            let mut sentence: Option<(usize, Span)> = None;
            for token in tokens(&block.text, language) {
                let index = page.words.len();
                page.exact.entry(token.exact.clone()).or_default().push(index);
                page.stem.entry(token.stem.clone()).or_default().push(index);
                for part in &token.parts {
                    page.stem.entry(part.clone()).or_default().push(index);
                }
                page.words.push(PageWord {
                    position,
                    bytes: offset + token.start..offset + token.end,
                    letters: token.exact.chars().collect(),
                    exact: token.exact,
                    stem: token.stem,
                    parts: token.parts,
                });
                let which = ends.iter().filter(|end| **end <= token.start).count();
                match &mut sentence {
                    Some((current, span)) if *current == which => span.1 = position,
                    _ => {
                        page.sentences.extend(sentence.map(|(_, span)| span));
                        sentence = Some((which, (position, position)));
                    }
                }
                position += 1;
            }
            page.sentences.extend(sentence.map(|(_, span)| span));
            if position > first {
                let span = (first, position - 1);
                page.blocks.push((block.kind, span));
                if number == 0 && block.kind == BlockKind::Title {
                    page.title = Some(span);
                }
                position += GAP;
            }
            offset += block.text.len() + Article::BLOCK_SEPARATOR.len();
        }
        page
    }

    /// The word at a position.
    pub(super) fn word_at(&self, position: usize) -> Option<&PageWord> {
        let index = self.words.binary_search_by_key(&position, |word| word.position).ok()?;
        self.words.get(index)
    }

    /// The bytes of these spans, overlapping ones joined.
    pub(super) fn bytes(&self, spans: &[Span]) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = spans
            .iter()
            .map(|&(first, last)| {
                let first = self.word_at(first).expect("a span starts at a word");
                let last = self.word_at(last).expect("a span ends at a word");
                first.bytes.start..last.bytes.end
            })
            .collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match joined.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        joined
    }
}

/// Where the sentences of a text end, the last one apart. The texts that sentences are asked of are
/// made so that a full stop, a space and a capital part two sentences and nothing else does.
fn sentence_ends(text: &str) -> Vec<usize> {
    text.match_indices(". ")
        .filter(|(at, _)| text[at + 2..].starts_with(char::is_uppercase))
        .map(|(at, _)| at + 2)
        .collect()
}
