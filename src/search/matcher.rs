//! A planned query at work in one segment: which documents match, and where in them.
//!
//! Every part steps through documents in two phases: [`Matcher::next`] finds the next that may
//! match, from document lists alone; [`Matcher::confirm`] settles it, reading positions where the
//! part asks for an order or a closeness of words.

use tantivy::columnar::Column;
use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::postings::{Counts, Union};
use super::spans::{self, Found, Span};
use crate::analysis::stream::BODY_START;

/// A part of a query in one segment.
pub(crate) enum Matcher {
    /// Nothing.
    Nothing,
    /// The variants of one word, or of a facet's value.
    Term(Box<Term>),
    /// Words in a row, or operands close to each other.
    Interval(Box<Interval>),
    /// Spans of another part, within the title or the headings.
    Within(Box<Within>),
    /// All of several parts.
    All(Box<All>),
    /// At least so many of several parts.
    Some(Box<AtLeast>),
    /// At least `least` matches in the article.
    Often { least: u64, part: Box<Matcher> },
    /// Articles whose date may lie between two days.
    Dated(Box<Dated>),
    /// A condition that is no match in the text: it neither counts nor is marked.
    Filter(Box<Matcher>),
}

/// All of `must`, none of `not`.
pub(crate) struct All {
    pub(crate) must: Vec<Matcher>,
    /// The numbers of `must`, the rarest first.
    order: Vec<usize>,
    not: Vec<Matcher>,
    doc: DocId,
    deadline: Deadline,
}

/// At least `least` of `of`.
pub(crate) struct AtLeast {
    pub(super) least: usize,
    pub(crate) of: Vec<Matcher>,
    doc: DocId,
    spans: Vec<Span>,
}

/// A word's variants, with the position lists of the current document.
pub(crate) struct Term {
    postings: Union,
    /// What an occurrence is worth; see [`super::rank`].
    pub(crate) weight: f32,
    /// Which of the plan's parts it is.
    pub(crate) number: u32,
    /// The same variants in titles and in headings.
    pub(crate) title: Counts,
    pub(crate) heading: Counts,
    /// The form of the word that was asked for, if the variants are inflections of it.
    pub(crate) form: Option<Counts>,
    /// The document that `positions` is of.
    read: DocId,
    positions: Vec<u32>,
    /// The document that `spans` is of.
    spanned: DocId,
    spans: Vec<Span>,
}

/// What holds the operands of an interval together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bond {
    /// In order, side by side but for so many further positions.
    Ordered { gaps: u32 },
    /// In any order, with so many further positions between.
    Unordered { gaps: u32 },
    /// In one unit; the units' first positions are read from `Interval::units`.
    SameUnit,
}

pub(crate) struct Interval {
    pub(crate) bond: Bond,
    pub(crate) operands: Vec<Matcher>,
    /// For a phrase, the place of each operand in it; words left open make gaps.
    pub(crate) offsets: Option<Vec<u32>>,
    /// The place of a phrase's last word.
    pub(crate) length: u32,
    pub(crate) units: Option<Term>,
    pub(crate) weight: f32,
    /// Which of the plan's parts it is.
    pub(crate) number: u32,
    pub(crate) found: Found,
    order: Vec<usize>,
    /// The order in which [`row`] looks at the words; kept for its memory.
    scratch: Vec<usize>,
    doc: DocId,
    confirmed: DocId,
    deadline: Deadline,
}

pub(crate) struct Within {
    pub(crate) part: Matcher,
    /// The first words of blocks and of headings; none where the title is meant.
    pub(crate) headings: Option<(Term, Term)>,
    spans: Vec<Span>,
    confirmed: DocId,
}

pub(crate) struct Dated {
    pub(crate) articles: Term,
    pub(crate) first_day: Column<i64>,
    pub(crate) last_day: Column<i64>,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Term {
    pub(crate) fn new(postings: Union) -> Term {
        Term {
            postings,
            weight: 0.0,
            number: 0,
            title: Counts::default(),
            heading: Counts::default(),
            form: None,
            read: TERMINATED,
            positions: Vec::new(),
            spanned: TERMINATED,
            spans: Vec::new(),
        }
    }

    pub(crate) fn postings(&self) -> &Union {
        &self.postings
    }

    fn positions(&mut self) -> &[u32] {
        if self.read != self.postings.doc() {
            self.read = self.postings.doc();
            self.postings.positions(&mut self.positions);
        }
        &self.positions
    }

    /// The positions as spans, which rows of words do without.
    fn spans(&mut self) -> &[Span] {
        self.positions();
        if self.spanned != self.read {
            self.spanned = self.read;
            self.spans.clear();
            self.spans.extend(self.positions.iter().map(|&position| Span::at(position)));
        }
        &self.spans
    }

    fn positions_at(&mut self, doc: DocId) -> &[u32] {
        if self.postings.next(doc) == doc { self.positions() } else { &[] }
    }
}

impl Interval {
    pub(crate) fn new(
        bond: Bond,
        operands: Vec<Matcher>,
        offsets: Option<Vec<u32>>,
        units: Option<Term>,
        weight: f32,
        (from, deadline): (DocId, &Deadline),
    ) -> Interval {
        let order = rarest_first(&operands);
        let mut interval = Interval {
            bond,
            operands,
            offsets,
            length: 0,
            units,
            weight,
            number: 0,
            found: Found::default(),
            order,
            scratch: Vec::new(),
            doc: 0,
            confirmed: TERMINATED,
            deadline: deadline.clone(),
        };
        interval.doc = align(&mut interval.operands, &interval.order, from, deadline);
        interval
    }

    /// The document where it stands.
    pub(crate) fn doc(&self) -> DocId {
        self.doc
    }

    /// Looks for the interval in the current document.
    fn find(&mut self) {
        let doc = self.doc;
        self.found.spans.clear();
        self.found.parts.clear();
        if !self.operands.iter_mut().all(Matcher::confirm) {
            return;
        }
        if let (Bond::Ordered { gaps: 0 }, Some(offsets)) = (self.bond, &self.offsets) {
            let (order, length) = (&mut self.scratch, self.length);
            return row(&mut self.operands, offsets, length, order, &mut self.found);
        }
        self.operands.iter_mut().for_each(Matcher::load);
        let lists: Vec<&[Span]> = self.operands.iter().map(Matcher::loaded).collect();
        // Words left open in a phrase with slop count as positions that may lie between.
        let open = self
            .offsets
            .as_ref()
            .map_or(0, |offsets| offsets.last().map_or(0, |last| last + 1) - offsets.len() as u32);
        match self.bond {
            Bond::Ordered { gaps } => {
                spans::ordered(&lists, gaps.saturating_add(open), &mut self.found)
            }
            Bond::Unordered { gaps } => spans::unordered(&lists, gaps, &mut self.found),
            Bond::SameUnit => {
                let starts = self.units.as_mut().map_or(&[][..], |units| units.positions_at(doc));
                spans::same_unit(&lists, starts, &mut self.found);
            }
        }
    }
}

/// A phrase: each operand is a word, or two, at its place behind the first.
fn row(
    operands: &mut [Matcher],
    offsets: &[u32],
    length: u32,
    order: &mut Vec<usize>,
    found: &mut Found,
) {
    // From the rarest word outwards: its few positions decide most documents.
    order.clear();
    order.extend(0..operands.len());
    order.sort_unstable_by_key(|&operand| operands[operand].count());
    for (number, &operand) in order.iter().enumerate() {
        let offset = offsets[operand];
        let Matcher::Term(term) = &mut operands[operand] else { return found.spans.clear() };
        let positions = term.positions();
        if number == 0 {
            let starts = positions.iter().filter_map(|position| position.checked_sub(offset));
            found.spans.extend(starts.map(|start| Span { start, end: start + length }));
        } else {
            let mut at = 0;
            found.spans.retain(|span| {
                let wanted = span.start + offset;
                at += gallop(&positions[at..], wanted);
                positions.get(at) == Some(&wanted)
            });
        }
        if found.spans.is_empty() {
            return;
        }
    }
    found.parts.extend_from_slice(&found.spans);
}

/// The number of leading positions below `wanted`, found in steps that double.
fn gallop(positions: &[u32], wanted: u32) -> usize {
    let mut step = 1;
    while step < positions.len() && positions[step] < wanted {
        step *= 2;
    }
    let low = step / 2;
    let high = positions.len().min(step + 1);
    low + positions[low..high].partition_point(|&position| position < wanted)
}

/// The numbers of the parts, the rarest first.
fn rarest_first(parts: &[Matcher]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&part| parts[part].cost());
    order
}

/// Moves all parts, in this order, to the first document at or behind `target` that all may match;
/// to the end where there is none, or no time is left to look for it.
fn align(parts: &mut [Matcher], order: &[usize], mut target: DocId, deadline: &Deadline) -> DocId {
    if parts.is_empty() {
        return TERMINATED;
    }
    'again: loop {
        if deadline.is_over() {
            return TERMINATED;
        }
        for &part in order {
            let doc = parts[part].next(target);
            if doc == TERMINATED {
                return TERMINATED;
            }
            if doc > target {
                target = doc;
                // The rarest part leads: it leaps furthest.
                if part != order[0] {
                    continue 'again;
                }
            }
        }
        return target;
    }
}

impl Matcher {
    /// All of `must` and none of `not`, in the documents at and behind `from`.
    pub(crate) fn all(
        mut must: Vec<Matcher>,
        not: Vec<Matcher>,
        (from, deadline): (DocId, &Deadline),
    ) -> Matcher {
        let order = rarest_first(&must);
        let doc = align(&mut must, &order, from, deadline);
        Matcher::All(Box::new(All { must, order, not, doc, deadline: deadline.clone() }))
    }

    /// At least `least` of these, in the documents at and behind `from`.
    pub(crate) fn some(least: usize, mut of: Vec<Matcher>, from: DocId) -> Matcher {
        let doc = of.iter_mut().map(|part| part.next(from)).min().unwrap_or(TERMINATED);
        Matcher::Some(Box::new(AtLeast { least, of, doc, spans: Vec::new() }))
    }

    pub(crate) fn within(part: Matcher, headings: Option<(Term, Term)>) -> Matcher {
        Matcher::Within(Box::new(Within {
            part,
            headings,
            spans: Vec::new(),
            confirmed: TERMINATED,
        }))
    }

    /// The document where it stands.
    pub(crate) fn doc(&self) -> DocId {
        match self {
            Matcher::Nothing => TERMINATED,
            Matcher::Term(term) => term.postings.doc(),
            Matcher::Interval(interval) => interval.doc,
            Matcher::Within(within) => within.part.doc(),
            Matcher::All(all) => all.doc,
            Matcher::Some(some) => some.doc,
            Matcher::Often { part, .. } => part.doc(),
            Matcher::Dated(dated) => dated.articles.postings.doc(),
            Matcher::Filter(part) => part.doc(),
        }
    }

    /// At most so many documents match.
    pub(crate) fn cost(&self) -> u32 {
        match self {
            Matcher::Nothing => 0,
            Matcher::Term(term) => term.postings.cost(),
            Matcher::Interval(interval) => {
                interval.operands.iter().map(Matcher::cost).min().unwrap_or(0)
            }
            Matcher::Within(within) => within.part.cost(),
            Matcher::All(all) => all.order.first().map_or(0, |&part| all.must[part].cost()),
            Matcher::Some(some) => some.of.iter().map(Matcher::cost).fold(0, u32::saturating_add),
            Matcher::Often { part, .. } | Matcher::Filter(part) => part.cost(),
            Matcher::Dated(dated) => dated.articles.postings.cost(),
        }
    }

    /// Goes to the first document at or behind `target` that may match; never back.
    pub(crate) fn next(&mut self, target: DocId) -> DocId {
        match self {
            Matcher::Nothing => TERMINATED,
            Matcher::Term(term) => term.postings.next(target),
            Matcher::Interval(interval) => {
                if interval.doc < target {
                    interval.doc =
                        align(&mut interval.operands, &interval.order, target, &interval.deadline);
                }
                interval.doc
            }
            Matcher::Within(within) => within.part.next(target),
            Matcher::All(all) => {
                if all.doc < target {
                    all.doc = align(&mut all.must, &all.order, target, &all.deadline);
                }
                all.doc
            }
            Matcher::Some(some) => {
                if some.doc < target {
                    some.doc = some
                        .of
                        .iter_mut()
                        .map(|part| part.next(target))
                        .min()
                        .unwrap_or(TERMINATED);
                }
                some.doc
            }
            Matcher::Often { part, .. } | Matcher::Filter(part) => part.next(target),
            Matcher::Dated(dated) => {
                let mut doc = dated.articles.postings.next(target);
                while doc != TERMINATED && !dated.holds(doc) {
                    doc = dated.articles.postings.next(doc + 1);
                }
                doc
            }
        }
    }

    /// Whether the document where it stands does match.
    pub(crate) fn confirm(&mut self) -> bool {
        match self {
            Matcher::Nothing => false,
            Matcher::Term(_) | Matcher::Dated(_) => true,
            Matcher::Interval(interval) => {
                if interval.confirmed != interval.doc {
                    interval.find();
                    interval.confirmed = interval.doc;
                }
                !interval.found.spans.is_empty()
            }
            Matcher::Within(within) => {
                within.find();
                !within.spans.is_empty()
            }
            Matcher::All(all) => {
                let doc = all.doc;
                all.must.iter_mut().all(Matcher::confirm)
                    && !all.not.iter_mut().any(|part| part.next(doc) == doc && part.confirm())
            }
            Matcher::Some(some) => {
                let least = some.least;
                some.matching().take(least).count() >= least
            }
            Matcher::Often { least, part } => part.confirm() && part.matches() >= *least,
            Matcher::Filter(part) => part.confirm(),
        }
    }

    /// How many matches stand in the document where it stands and that it confirmed.
    pub(crate) fn matches(&mut self) -> u64 {
        match self {
            Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => 0,
            Matcher::Term(term) => term.postings.count().into(),
            Matcher::Interval(interval) => interval.found.spans.len() as u64,
            Matcher::Within(within) => within.spans.len() as u64,
            Matcher::All(all) => all.must.iter_mut().map(Matcher::matches).sum(),
            Matcher::Some(some) => some.matching().map(Matcher::matches).sum(),
            Matcher::Often { part, .. } => part.matches(),
        }
    }

    /// Appends the span of each match in the document where it stands and that it confirmed: as many
    /// as [`Matcher::matches`] counts, those of each part in order.
    pub(crate) fn spans(&mut self, out: &mut Vec<Span>) {
        match self {
            Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => {}
            Matcher::Term(term) => {
                out.extend(term.spans());
            }
            Matcher::Interval(interval) => out.extend(&interval.found.spans),
            Matcher::Within(within) => out.extend(&within.spans),
            Matcher::All(all) => all.must.iter_mut().for_each(|part| part.spans(out)),
            Matcher::Some(some) => some.matching().for_each(|part| part.spans(out)),
            Matcher::Often { part, .. } => part.spans(out),
        }
    }

    fn count(&self) -> u32 {
        match self {
            Matcher::Term(term) => term.postings.count(),
            _ => u32::MAX,
        }
    }

    /// Makes [`Matcher::loaded`] tell the spans in the current document, which it confirmed.
    pub(crate) fn load(&mut self) {
        match self {
            Matcher::Term(term) => {
                term.spans();
            }
            Matcher::Some(some) => {
                some.matching().for_each(Matcher::load);
                let doc = some.doc;
                let lists: Vec<&[Span]> =
                    some.of.iter().filter(|part| part.doc() == doc).map(Matcher::loaded).collect();
                spans::union(&lists, &mut some.spans);
            }
            Matcher::Often { part, .. } => part.load(),
            _ => {}
        }
    }

    /// The spans in the current document, loaded before; of a part that has spans of its own.
    pub(crate) fn loaded(&self) -> &[Span] {
        match self {
            Matcher::Term(term) => &term.spans,
            Matcher::Interval(interval) => &interval.found.spans,
            Matcher::Within(within) => &within.spans,
            Matcher::Some(some) => &some.spans,
            Matcher::Often { part, .. } => part.loaded(),
            _ => &[],
        }
    }

    /// Appends what is to be marked in the current document, which it confirmed: spans, each with
    /// the number of the part of the query that it belongs to, counted from `part` on.
    pub(crate) fn marks(&mut self, part: &mut usize, out: &mut Vec<(Span, usize)>) {
        let mut push = |spans: &[Span]| {
            out.extend(spans.iter().map(|span| (*span, *part)));
            *part += 1;
        };
        match self {
            Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => {}
            Matcher::Term(term) => {
                push(term.spans());
            }
            Matcher::Interval(interval) => push(&interval.found.parts),
            Matcher::Within(within) => {
                let mut inner = Vec::new();
                within.part.marks(part, &mut inner);
                let spans = &within.spans;
                inner.retain(|(mark, _)| {
                    let holder =
                        spans.partition_point(|span| span.start <= mark.start).checked_sub(1);
                    holder.is_some_and(|holder| mark.end <= spans[holder].end)
                });
                out.append(&mut inner);
            }
            Matcher::All(all) => all.must.iter_mut().for_each(|must| must.marks(part, out)),
            Matcher::Some(some) => {
                let doc = some.doc;
                for alternative in &mut some.of {
                    if alternative.doc() == doc && alternative.confirm() {
                        alternative.marks(part, out);
                    } else {
                        *part += 1;
                    }
                }
            }
            Matcher::Often { part: inner, .. } => inner.marks(part, out),
        }
    }
}

impl AtLeast {
    /// The parts that match the current document.
    pub(crate) fn matching(&mut self) -> impl Iterator<Item = &mut Matcher> {
        let doc = self.doc;
        self.of
            .iter_mut()
            .filter_map(move |part| (part.doc() == doc && part.confirm()).then_some(part))
    }
}

impl Within {
    fn find(&mut self) {
        let doc = self.part.doc();
        if self.confirmed == doc {
            return;
        }
        self.confirmed = doc;
        self.spans.clear();
        if !self.part.confirm() {
            return;
        }
        self.part.load();
        let spans = self.part.loaded().iter().copied();
        match &mut self.headings {
            None => self.spans.extend(spans.take_while(|span| span.start < BODY_START)),
            Some((blocks, headings)) => {
                let headings = headings.positions_at(doc);
                let blocks = blocks.positions_at(doc);
                self.spans.extend(spans.filter(|span| {
                    let block = blocks.partition_point(|&start| start <= span.start).checked_sub(1);
                    block.is_some_and(|block| headings.binary_search(&blocks[block]).is_ok())
                }));
            }
        }
    }
}

impl Dated {
    fn holds(&self, doc: DocId) -> bool {
        let known =
            |day: &Column<i64>| day.first(doc).filter(|day| *day != crate::index::schema::NO_DAY);
        match (known(&self.first_day), known(&self.last_day)) {
            (Some(first), Some(last)) => first <= self.to && last >= self.from,
            _ => false,
        }
    }
}
