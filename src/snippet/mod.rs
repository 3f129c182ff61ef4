//! The passages that show why an article was found: which stretches of text, cut where sentences
//! begin and end, and what of them is marked.
//!
//! Passages are chosen as small documents (as Lucene's unified highlighter does): a passage is
//! worth more the more different parts of the query it holds, the closer they stand, and the
//! earlier it comes. The choice is made from positions alone; only the text of the chosen blocks
//! is read.

use std::ops::Range;

use crate::analysis::{sentence, token_ranges};

/// A match in an article: token positions, both ends included, and which part of the query it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) part: usize,
}

/// A stretch of positions that is worth showing, with the marks in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) marks: Range<usize>,
    worth: f32,
}

/// Two marks that lie further apart than this, in positions, are shown apart.
const WINDOW: u32 = 32;

/// Chooses the windows of `marks` (in order) worth showing, best first: at most `count`, and no
/// two that overlap. `in_title` tells whether a position belongs to the title or a heading, which
/// are shown anyway.
pub(crate) fn windows(marks: &[Mark], count: usize, in_title: impl Fn(u32) -> bool) -> Vec<Window> {
    let mut found: Vec<Window> = Vec::new();
    let mut start = 0;
    while start < marks.len() {
        let mut end = start + 1;
        while end < marks.len() && marks[end].end < marks[start].start + WINDOW {
            end += 1;
        }
        found.push(Window {
            worth: worth(&marks[start..end], in_title(marks[start].start), found.len()),
            marks: start..end,
        });
        start = end;
    }
    // Best first; of equals the earlier.
    let better = |a: &Window, b: &Window| {
        b.worth.total_cmp(&a.worth).then(a.marks.start.cmp(&b.marks.start))
    };
    if found.len() > count && count > 0 {
        found.select_nth_unstable_by(count - 1, better);
    }
    found.truncate(count);
    found.sort_by(better);
    found
}

/// What a window is worth.
fn worth(marks: &[Mark], in_title: bool, number: usize) -> f32 {
    // Queries of more than 64 parts are told apart by 64.
    let parts = marks.iter().fold(0u64, |parts, mark| parts | 1 << (mark.part % 64)).count_ones();
    let width = marks.iter().map(|mark| mark.end).max().unwrap_or(0) - marks[0].start + 1;
    let density = marks.len() as f32 / (width as f32 + 8.0);
    let early = 1.0 / (1.0 + (number as f32 + 1.0).ln());
    let shown_anyway = if in_title { 2.0 } else { 0.0 };
    parts as f32 * 2.0 + density + 0.5 * early + 0.1 * (marks.len() as f32).ln() - shown_anyway
}

/// A passage cut from the text of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The bytes of the block's text.
    pub(crate) range: Range<usize>,
    /// What is marked, as byte ranges of the block's text; ordered, never overlapping.
    pub(crate) marked: Vec<Range<usize>>,
}

/// A text to cut passages from, with its words and sentences.
pub(crate) struct Stretch {
    pub(crate) text: String,
    /// The bytes of each word.
    words: Vec<Range<usize>>,
    /// Where the sentences start.
    sentences: Vec<usize>,
}

impl Stretch {
    pub(crate) fn new(text: String) -> Stretch {
        Stretch { words: token_ranges(&text), sentences: sentence::starts(&text), text }
    }

    /// The number of words.
    pub(crate) fn words(&self) -> u32 {
        self.words.len() as u32
    }

    /// The bytes of a mark in this text, whose first word has position `first`; as far as it goes.
    pub(crate) fn bytes_of(&self, first: u32, mark: &Mark) -> Option<Range<usize>> {
        let words = &self.words;
        let start = words.get(mark.start.checked_sub(first)? as usize)?.start;
        let last = (mark.end - first) as usize;
        Some(start..words.get(last.min(words.len() - 1))?.end)
    }

    /// Cuts the passage that shows `marks[wanted]` from this text, whose first word has position
    /// `first`: whole sentences, of about `chars` characters; all marks in it are marked.
    pub(crate) fn cut(
        &self,
        first: u32,
        marks: &[Mark],
        wanted: Range<usize>,
        chars: usize,
    ) -> Cut {
        let words = &self.words;
        let bytes_of = |mark: &Mark| self.bytes_of(first, mark);
        let wanted: Vec<Range<usize>> = marks[wanted].iter().filter_map(bytes_of).collect();
        let Some(core) = wanted.first().map(|first| {
            first.start..wanted.iter().map(|mark| mark.end).max().unwrap_or(first.end)
        }) else {
            return Cut { range: self.lead(chars), marked: Vec::new() };
        };
        let range = self.around(core, chars);
        let mut marked: Vec<Range<usize>> = Vec::new();
        // Positions in the block are those from the first word on.
        let from = marks.partition_point(|mark| mark.start < first);
        let until = first.saturating_add(words.len() as u32);
        for mark in marks[from..].iter().take_while(|mark| mark.start < until).filter_map(bytes_of)
        {
            if mark.start < range.start || mark.end > range.end {
                continue;
            }
            match marked.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => marked.push(mark),
            }
        }
        Cut { range, marked }
    }

    /// The beginning of the text, as a passage: whole sentences of at most about `chars` characters.
    pub(crate) fn lead(&self, chars: usize) -> Range<usize> {
        let text = &*self.text;
        let end = match text.char_indices().nth(chars) {
            None => text.len(),
            Some((limit, _)) => {
                let sentence = self
                    .sentences
                    .iter()
                    .copied()
                    .take_while(|&at| at <= limit)
                    .last()
                    .unwrap_or(0);
                if sentence > 0 {
                    sentence
                } else {
                    text[..limit].rfind(char::is_whitespace).unwrap_or(limit)
                }
            }
        };
        trim(text, 0..end)
    }

    /// The sentences around `core`, or, where they are too long, the words around it.
    fn around(&self, core: Range<usize>, chars: usize) -> Range<usize> {
        let Stretch { text, words, sentences: starts } = self;
        let first = starts.partition_point(|&at| at <= core.start).saturating_sub(1);
        let behind = starts.partition_point(|&at| at < core.end);
        let start_of = |sentence: usize| starts.get(sentence).copied().unwrap_or(text.len());
        let fits = |range: &Range<usize>| text[range.clone()].chars().nth(chars).is_none();
        let sentences = start_of(first)..start_of(behind);
        if fits(&trim(text, sentences.clone())) {
            // A short sentence is shown with its neighbours as long as they fit.
            let mut best = sentences;
            let (mut before, mut after) = (first, behind);
            while best.len() < chars / 2 {
                let longer = best.start..start_of(after + 1);
                if after < starts.len() && fits(&longer) {
                    after += 1;
                    best = longer;
                } else if before > 0 && fits(&(start_of(before - 1)..best.end)) {
                    before -= 1;
                    best.start = start_of(before);
                } else {
                    break;
                }
            }
            return trim(text, best);
        }
        // Too long: words around the core, within its sentences, more before than behind cut off.
        let mut range = core.clone();
        let (mut left, mut right) = (
            words.partition_point(|word| word.start < core.start),
            words.partition_point(|word| word.end <= core.end),
        );
        let mut room = chars.saturating_sub(text[core].chars().count());
        loop {
            let mut grown = false;
            if right < words.len() && words[right].end <= sentences.end {
                let cost = text[range.end..words[right].end].chars().count();
                if cost <= room {
                    room -= cost;
                    range.end = words[right].end;
                    right += 1;
                    grown = true;
                }
            }
            if left > 0 && words[left - 1].start >= sentences.start {
                let cost = text[words[left - 1].start..range.start].chars().count();
                if cost <= room {
                    room -= cost;
                    range.start = words[left - 1].start;
                    left -= 1;
                    grown = true;
                }
            }
            if !grown {
                break;
            }
        }
        // The punctuation that ends the sentence, and the quote that opens it, are part of it.
        if right == words.len() || words[right].start >= sentences.end {
            range.end = sentences.end;
        }
        if left == 0 || words[left - 1].end <= sentences.start {
            range.start = sentences.start;
        }
        trim(text, range)
    }

    /// Whether a passage starts inside a sentence, and whether it ends inside one.
    pub(crate) fn inside(&self, range: &Range<usize>) -> (bool, bool) {
        let (text, starts) = (&*self.text, &self.sentences);
        let is_edge = |gap: Range<usize>| text.get(gap).is_some_and(|gap| gap.trim().is_empty());
        let first = starts.partition_point(|&at| at <= range.start).saturating_sub(1);
        let before = starts.get(first).copied().unwrap_or(0);
        let next = starts.partition_point(|&at| at < range.end);
        let after = starts.get(next).copied().unwrap_or(text.len());
        (!is_edge(before..range.start), !is_edge(range.end..after))
    }
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: u32, end: u32) -> Mark {
        Mark { start, end, part: 0 }
    }

    #[test]
    fn a_passage_is_whole_sentences_around_the_match() {
        let text =
            "It began in May. Ministers spoke of digital sovereignty at length. Then they left.";
        let stretch = Stretch::new(text.to_owned());
        let found = stretch.cut(100, &[mark(107, 108)], 0..1, 60);
        assert_eq!(stretch.inside(&found.range), (false, false));
        assert_eq!(&text[found.range], "Ministers spoke of digital sovereignty at length.");
        assert_eq!(
            found.marked.iter().map(|r| &text[r.clone()]).collect::<Vec<_>>(),
            ["digital sovereignty"]
        );
    }

    #[test]
    fn a_long_sentence_is_cut_at_words_around_the_match() {
        let text = format!("{}digital sovereignty {}", "word ".repeat(200), "more ".repeat(200));
        let stretch = Stretch::new(text.clone());
        let found = stretch.cut(0, &[mark(200, 201)], 0..1, 80);
        assert_eq!(stretch.inside(&found.range), (true, true));
        let shown = &text[found.range];
        assert!(shown.chars().count() <= 80, "{shown}");
        assert!(shown.contains("word digital sovereignty more"));
        assert!(shown.starts_with("word") && shown.ends_with("more"));
    }

    #[test]
    fn every_match_in_a_passage_is_marked_and_nothing_else() {
        let text = "Digital rights, digital sovereignty, digital sovereignty.";
        let found = Stretch::new(text.to_owned()).cut(0, &[mark(2, 3), mark(4, 5)], 0..1, 200);
        assert_eq!(found.marked, [16..35, 37..56]);
    }

    #[test]
    fn windows_with_more_parts_of_the_query_come_first() {
        let marks = [
            Mark { start: 10, end: 10, part: 0 },
            Mark { start: 100, end: 100, part: 0 },
            Mark { start: 104, end: 104, part: 1 },
            Mark { start: 300, end: 300, part: 1 },
        ];
        let found = windows(&marks, 2, |_| false);
        assert_eq!(found[0].marks, 1..3);
        assert_eq!(found[1].marks, 0..1);
    }
}
