//! Ranking: what an article is worth to a query. Every number that decides it stands here.
//!
//! BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted fields", CIKM
//! 2004; §3): an occurrence in the title or a heading counts as several in the body, and the sum is
//! saturated once. Words that were asked for side by side without quotes earn more where they
//! stand close together (after the sequential dependence model of Metzler and Croft: "A Markov
//! random field model for term dependencies", SIGIR 2005).

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;

use super::matcher::{Bond, Matcher};
use super::postings::Union;
use super::spans::Span;
use crate::analysis::stream::BODY_START;

/// How soon further occurrences of a word count for little (Robertson et al., TREC-3).
const K1: f32 = 1.2;
/// How much a long article is taken to be merely long: 0 not at all, 1 wholly.
const B: f32 = 0.75;
/// What an occurrence in the title counts beyond one in the body.
const TITLE: f32 = 2.0;
/// What an occurrence in a heading counts beyond one in the body.
const HEADING: f32 = 1.0;
/// What closeness is worth beside the words themselves.
const CLOSENESS: f32 = 0.7;
/// Two words at most so many positions apart are close.
const WINDOW: u32 = 8;
/// How soon further close pairs count for little.
const CLOSE_SATURATION: f32 = 2.0;

/// The articles that are ranked once more by closeness, at least.
pub(crate) const POOL: usize = 256;

/// The rarity of a word that stands in `documents` of `all`, as BM25 takes it.
pub(crate) fn rarity(documents: u64, all: u64) -> f32 {
    let (documents, all) = (documents.min(all) as f64, all as f64);
    (1.0 + (all - documents + 0.5) / (documents + 0.5)).ln() as f32
}

/// A frequency in an article of average length, saturated.
pub(crate) fn saturated(frequency: f32) -> f32 {
    frequency * (K1 + 1.0) / (frequency + K1)
}

/// The lengths of a segment's articles, as scores need them.
pub(crate) struct Norms {
    lengths: FieldNormReader,
    by_id: [f32; 256],
}

impl Norms {
    pub(crate) fn new(lengths: FieldNormReader, average: f32) -> Norms {
        let norm = |id: usize| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
            K1 * (1.0 - B + B * length / average.max(1.0))
        };
        Norms { lengths, by_id: std::array::from_fn(norm) }
    }

    fn of(&self, doc: DocId) -> f32 {
        self.by_id[self.lengths.fieldnorm_id(doc) as usize]
    }
}

/// What one part of a query adds to the score of a document: the numbers that decide it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contribution {
    /// The number of the part in its plan.
    pub(crate) part: u32,
    /// How often it stands in the document, title and headings included.
    pub(crate) occurrences: u32,
    /// How many of these count more for standing in the title.
    pub(crate) in_title: u32,
    /// How many of these count more for standing in a heading.
    pub(crate) in_headings: u32,
    /// How long the document is: `K1` for one of average length.
    pub(crate) norm: f32,
    /// What the part is worth.
    pub(crate) weight: f32,
}

impl Contribution {
    /// How often the part stands in the document, by the worth of the places.
    pub(crate) fn frequency(&self) -> f32 {
        self.occurrences as f32 + TITLE * self.in_title as f32 + HEADING * self.in_headings as f32
    }

    /// What it adds.
    pub(crate) fn value(&self) -> f32 {
        let frequency = self.frequency();
        self.weight * (frequency * (K1 + 1.0) / (frequency + self.norm))
    }
}

/// The score of the document where a matcher stands and that it confirmed, without closeness.
pub(crate) fn score(matcher: &mut Matcher, norms: &Norms) -> f32 {
    let mut sum = 0.0;
    contributions(matcher, norms, &mut |part| sum += part.value());
    sum
}

/// Tells `visit` what each part adds to the score of the document where a matcher stands and that
/// it confirmed.
pub(crate) fn contributions<F: FnMut(Contribution)>(
    matcher: &mut Matcher,
    norms: &Norms,
    visit: &mut F,
) {
    match matcher {
        Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => {}
        Matcher::Term(term) => {
            let doc = term.postings().doc();
            let occurrences = term.postings().count();
            let here = |words: &mut Union| if words.next(doc) == doc { words.count() } else { 0 };
            visit(Contribution {
                part: term.number,
                occurrences,
                in_title: here(&mut term.title),
                in_headings: here(&mut term.heading),
                norm: norms.of(doc),
                weight: term.weight,
            });
        }
        Matcher::Interval(interval) => {
            let spans = &interval.found.spans;
            let in_title = spans.iter().filter(|span| span.start < BODY_START).count();
            visit(Contribution {
                part: interval.number,
                occurrences: spans.len() as u32,
                in_title: in_title as u32,
                in_headings: 0,
                norm: norms.of(interval.doc()),
                weight: interval.weight,
            });
        }
        Matcher::Within(within) => contributions(&mut within.part, norms, visit),
        Matcher::All(all) => {
            all.must.iter_mut().for_each(|part| contributions(part, norms, visit));
        }
        Matcher::Some(some) => some.matching().for_each(|part| contributions(part, norms, visit)),
        Matcher::Often { part, .. } => contributions(part, norms, visit),
    }
}

/// What the closeness of the words of a query, in its order, adds to the score of the document
/// where the matchers stand.
pub(crate) fn closeness(words: &mut [&mut Matcher]) -> f32 {
    let mut spans = Vec::new();
    for word in words.iter_mut() {
        word.load();
        spans.push((weight(word), word.loaded().to_vec()));
    }
    let pairs = spans.windows(2).map(|pair| {
        let [(a_weight, a), (b_weight, b)] = pair else { return 0.0 };
        let close = close_pairs(a, b);
        a_weight.min(*b_weight) * close / (close + CLOSE_SATURATION)
    });
    CLOSENESS * pairs.sum::<f32>()
}

fn weight(matcher: &Matcher) -> f32 {
    match matcher {
        Matcher::Term(term) => term.weight,
        Matcher::Interval(interval) if matches!(interval.bond, Bond::Ordered { .. }) => {
            interval.weight
        }
        _ => 0.0,
    }
}

/// How often `a` and `b` stand close: a pair side by side in order counts one, another within the
/// window less, the further apart the less.
fn close_pairs(a: &[Span], b: &[Span]) -> f32 {
    let mut sum = 0.0;
    let mut next = 0;
    for a in a {
        while b.get(next).is_some_and(|b| b.start + WINDOW < a.start) {
            next += 1;
        }
        let nearest = b[next..]
            .iter()
            .take_while(|b| b.start <= a.end + WINDOW)
            .map(|b| match b.start.checked_sub(a.end) {
                Some(0) => 0.0,
                Some(1) => 1.0,
                Some(distance) => 0.5 / distance as f32,
                None => 0.5 / a.start.saturating_sub(b.end).max(1) as f32,
            })
            .fold(0.0, f32::max);
        sum += nearest;
    }
    sum
}
