//! An article opened for comparing: its words in a row over all its blocks, and where each stands.

use std::ops::Range;

use super::align::{Alignment, align, likely, runs};
use super::compare::{Compared, Stretch, compare};
use super::quotation::{Joint, Part, Quotation};
use super::results::PlacedPart;
use super::words::{Word, add_words};
use crate::article::Article;
use crate::search::StoredArticle;

/// An article and its words.
pub(super) struct Reading {
    stored: StoredArticle,
    text: String,
    words: Vec<Word>,
    /// Where each block starts in the text, in bytes.
    starts: Vec<usize>,
}

/// How a quotation comes to lie in an article: each of its parts, or nothing where one stands
/// nowhere.
#[derive(Debug)]
pub(super) struct Laid {
    pub(super) parts: Vec<Option<Compared>>,
    /// The number of words inserted, deleted or replaced, those of missing parts included.
    pub(super) distance: usize,
    pub(super) similarity: f64,
    /// The number of bytes from the first part to the last.
    span: usize,
}

/// The places of the longest part that are tried in one article; a part that stands there more often
/// is no longer what tells one place from another.
const MAX_PIVOTS: usize = 256;

/// The places at which a part that differs is laid out in full.
const MAX_TRIALS: usize = 4;

/// How many words of the article an insertion may stand for, beside as many as it has itself.
const REPLACED_BY_INSERTION: usize = 8;

impl Reading {
    pub(super) fn new(stored: StoredArticle) -> Reading {
        let text = stored.article.text();
        let (mut words, mut starts, mut start) = (Vec::new(), Vec::new(), 0);
        for block in &stored.article.blocks {
            starts.push(start);
            add_words(&block.text, start, &mut words);
            start += block.text.len() + Article::BLOCK_SEPARATOR.len();
        }
        Reading { stored, text, words, starts }
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn size(&self) -> usize {
        2 * self.text.len() + self.words.len() * size_of::<Word>()
    }

    /// The places where the quotation comes to lie best: all where every word stands, or else the
    /// one with the greatest similarity.
    pub(super) fn lay(&self, quotation: &Quotation) -> Vec<Laid> {
        let longest = quotation.parts.iter().enumerate();
        let Some((pivot, part)) = longest.rev().max_by_key(|(_, part)| part.words.len()) else {
            return Vec::new();
        };
        let all = 0..self.words.len();
        let mut starts = runs(&part.words, &self.words, all.clone());
        starts.truncate(MAX_PIVOTS);
        let same = |at: usize| Alignment::same(at, part.words.len());
        let mut found: Vec<Laid> = starts
            .into_iter()
            .filter_map(|at| self.lay_around(quotation, pivot, same(at)))
            .collect();
        if !found.iter().any(|laid| laid.distance == 0) {
            let trials = self.trials(part, all).into_iter();
            found.extend(trials.filter_map(|trial| self.lay_around(quotation, pivot, trial)));
        }
        found.sort_by(|a, b| a.distance.cmp(&b.distance).then(a.span.cmp(&b.span)));
        // Places of the longest part that the others lead to one place from count once.
        let whole = found.iter().take_while(|laid| laid.distance == 0).count();
        found.truncate(whole.max(1));
        found.sort_by_key(|laid| laid.first().map_or(0, |range| range.start));
        found.dedup_by_key(|laid| laid.first());
        found
    }

    /// The alignments of a part in which words may differ, where it may stand.
    fn trials(&self, part: &Part, within: Range<usize>) -> Vec<Alignment> {
        let places = likely(&part.words, &self.words, within.clone(), MAX_TRIALS).into_iter();
        let laid = places.filter_map(|at| align(&part.words, &self.words, at, within.clone()));
        // A part of which no word is left stands nowhere.
        laid.filter(|laid| !laid.range.is_empty() && laid.distance() < part.words.len()).collect()
    }

    /// Lays the other parts around the part number `pivot`.
    fn lay_around(&self, quotation: &Quotation, pivot: usize, at: Alignment) -> Option<Laid> {
        let mut parts: Vec<Option<Alignment>> = vec![None; quotation.parts.len()];
        let (mut before, mut behind) = (at.range.start, at.range.end);
        *parts.get_mut(pivot)? = Some(at);
        for number in pivot + 1..quotation.parts.len() {
            let reach = self.reach(quotation, number - 1, number);
            let within = behind..behind.saturating_add(reach).min(self.words.len());
            let found = self.next(quotation.parts.get(number)?, within, true);
            behind = found.as_ref().map_or(behind, |found| found.range.end);
            *parts.get_mut(number)? = found;
        }
        for number in (0..pivot).rev() {
            let reach = self.reach(quotation, number, number);
            let within = before.saturating_sub(reach)..before;
            let found = self.next(quotation.parts.get(number)?, within, false);
            before = found.as_ref().map_or(before, |found| found.range.start);
            *parts.get_mut(number)? = found;
        }
        self.compared(quotation, parts)
    }

    /// How many words a part may reach over from the one beside it, over joint number `joint`.
    fn reach(&self, quotation: &Quotation, joint: usize, part: usize) -> usize {
        match quotation.joints.get(joint) {
            Some(Joint::Insertion(words)) => {
                let own = quotation.parts.get(part).map_or(0, |part| part.words.len());
                words + REPLACED_BY_INSERTION + own + own / 2
            }
            _ => self.words.len(),
        }
    }

    /// Where a part stands in `within`: the nearest place to its start, or (not `forth`) to its end.
    fn next(&self, part: &Part, within: Range<usize>, forth: bool) -> Option<Alignment> {
        let runs = runs(&part.words, &self.words, within.clone());
        let nearest = if forth { runs.first() } else { runs.last() };
        if let Some(at) = nearest {
            return Some(Alignment::same(*at, part.words.len()));
        }
        self.trials(part, within).into_iter().min_by_key(Alignment::distance)
    }

    fn compared(&self, quotation: &Quotation, laid: Vec<Option<Alignment>>) -> Option<Laid> {
        let (mut distance, mut words) = (0, 0);
        let mut parts = Vec::with_capacity(laid.len());
        for (part, at) in quotation.parts.iter().zip(laid) {
            let compared = match at {
                None => None,
                Some(at) => {
                    let words = self.words.get(at.range.clone())?;
                    Some(compare(part, Stretch { text: &self.text, words }, &at.edits)?)
                }
            };
            distance += compared.as_ref().map_or(part.words.len(), |it| it.distance);
            words += compared.as_ref().map_or(0, |it| it.words);
            parts.push(compared);
        }
        let start = parts.iter().flatten().map(|it| it.range.start).next()?;
        let end = parts.iter().flatten().next_back()?.range.end;
        let longer = words.max(quotation.length());
        let similarity = 1.0 - distance as f64 / longer.max(1) as f64;
        Some(Laid { parts, distance, similarity, span: end.saturating_sub(start) })
    }

    /// A stretch of the article, as evidence.
    pub(super) fn place(&self, range: &Range<usize>) -> Option<PlacedPart> {
        let number = self.block_at(range.start)?;
        let block = self.stored.article.blocks.get(number)?;
        let inside = range.start.checked_sub(*self.starts.get(number)?)?;
        let (line, page) = block.place(inside);
        Some(PlacedPart {
            text: self.text.get(range.clone())?.to_owned(),
            start: range.start,
            end: range.end,
            line,
            page,
            page_label: page.and_then(|page| {
                let labels = &self.stored.article.metadata.page_labels;
                let label = labels.get(page.checked_sub(1)? as usize)?;
                (!label.is_empty()).then(|| label.clone())
            }),
            section: self.stored.article.section(number).into_iter().map(str::to_owned).collect(),
        })
    }

    /// The number of blocks from the one that holds byte `start` to the one that holds byte `end`.
    pub(super) fn blocks(&self, start: usize, end: usize) -> usize {
        let last = self.block_at(end.saturating_sub(1)).unwrap_or(0);
        last.saturating_sub(self.block_at(start).unwrap_or(0)) + 1
    }

    fn block_at(&self, byte: usize) -> Option<usize> {
        self.starts.partition_point(|start| *start <= byte).checked_sub(1)
    }
}

impl Laid {
    /// The bytes of the first part that stands.
    fn first(&self) -> Option<Range<usize>> {
        self.parts.iter().flatten().next().map(|part| part.range.clone())
    }
}
