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

    fn saturate(&self, count: f32, doc: DocId) -> f32 {
        let norm = self.by_id[self.lengths.fieldnorm_id(doc) as usize];
        count * (K1 + 1.0) / (count + norm)
    }
}

/// The score of the document where a matcher stands and that it confirmed, without closeness.
pub(crate) fn score(matcher: &mut Matcher, norms: &Norms) -> f32 {
    match matcher {
        Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => 0.0,
        Matcher::Term(term) => {
            let doc = term.postings().doc();
            let mut count = term.postings().count() as f32;
            if term.title.next(doc) == doc {
                count += TITLE * term.title.count() as f32;
            }
            if term.heading.next(doc) == doc {
                count += HEADING * term.heading.count() as f32;
            }
            term.weight * norms.saturate(count, doc)
        }
        Matcher::Interval(interval) => {
            let in_title =
                interval.found.spans.iter().filter(|span| span.start < BODY_START).count();
            let count = interval.found.spans.len() as f32 + TITLE * in_title as f32;
            let weight = interval.weight;
            weight * norms.saturate(count, matcher.doc())
        }
        Matcher::Within(within) => score(&mut within.part, norms),
        Matcher::All(all) => all.must.iter_mut().map(|part| score(part, norms)).sum(),
        Matcher::Some(some) => some.matching().map(|part| score(part, norms)).sum(),
        Matcher::Often { part, .. } => score(part, norms),
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
