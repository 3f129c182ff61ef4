//! Ranking: what an article is worth to a query. Every number that decides it stands here.
//!
//! BM25F (Robertson, Zaragoza, Taylor: "Simple BM25 extension to multiple weighted fields", CIKM
//! 2004; §3): an occurrence in the title or a heading counts as several in the body, and the sum is
//! saturated once. Words that were asked for side by side without quotes earn more where they
//! stand close together: neighbours in the query that are neighbours in the text (after the
//! sequential dependence model of Metzler and Croft: "A Markov random field model for term
//! dependencies", SIGIR 2005), and many of the words in one short stretch (after passage retrieval,
//! Callan: "Passage-level evidence in document retrieval", SIGIR 1994). In a question the function
//! words count for little; no word counts for nothing.

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;

use super::matcher::{Bond, Matcher, Term};
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
/// What an occurrence that is only part of a compound word counts of one that is the word itself.
const IN_COMPOUND: f32 = 0.5;
/// What the words of a compound that are written apart are worth of the compound.
const APART: f32 = 0.5;
/// What an occurrence in another inflection than the one asked for counts: a stem joins words that
/// mean different things, too.
const INFLECTED: f32 = 0.8;
/// So many unquoted words side by side are taken for a question or a sentence.
pub(crate) const QUESTION: usize = 4;
/// What is left of the weight of a function word in a question. Words that ask (`what`, `how`) are
/// rare in articles, so that their rarity tells nothing of how much they say.
pub(crate) const FUNCTION_WORD: f32 = 0.2;
/// What words in pairs are worth beside the words themselves.
const PAIRS: f32 = 0.7;
/// Two words at most so many positions apart are close.
const WINDOW: u32 = 8;
/// How soon further close pairs count for little.
const CLOSE_SATURATION: f32 = 2.0;
/// What the words that stand together in one stretch are worth beside the words themselves, where
/// it has all of them; of half of them, a quarter.
const TOGETHER: f32 = 0.5;
/// A stretch has so many positions beyond its first: a sentence, about.
const STRETCH: u32 = 20;
/// Words worth less than this part of the strongest are not counted for closeness: they stand
/// everywhere.
const COUNTED: f32 = 0.1;

/// The articles that are ranked once more by closeness, at least.
pub(crate) const POOL: usize = 256;

/// What the words of a compound, written apart and close to each other, are worth at most, of what
/// the compound is.
pub(crate) fn apart(weight: f32) -> f32 {
    APART * weight
}

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

    pub(super) fn of(&self, doc: DocId) -> f32 {
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
    /// How many of all of these, in that order, are part of a compound word.
    pub(crate) in_compounds: [u32; 3],
    /// How many of these count less for being another inflection than the one asked for.
    pub(crate) inflected: u32,
    /// How long the document is: `K1` for one of average length.
    pub(crate) norm: f32,
    /// What the part is worth.
    pub(crate) weight: f32,
}

impl Contribution {
    /// How often the part stands in the document, by the worth of the places.
    pub(crate) fn frequency(&self) -> f32 {
        let special = self.in_title | self.in_headings | self.in_compounds[0] | self.inflected;
        if special == 0 {
            return self.occurrences as f32;
        }
        let counts = [self.occurrences, self.in_title, self.in_headings];
        let worth = [1.0, TITLE, HEADING];
        let whole = |(count, parts): (u32, u32)| {
            count as f32 - (1.0 - IN_COMPOUND) * parts.min(count) as f32
        };
        let placed = counts.into_iter().zip(self.in_compounds).map(whole).zip(worth);
        placed.map(|(count, worth)| count * worth).sum::<f32>()
            - (1.0 - INFLECTED) * self.inflected as f32
    }

    /// What it adds.
    pub(crate) fn value(&self) -> f32 {
        value(self.weight, self.frequency(), self.norm)
    }
}

/// What a word of this weight adds to the score of a document where it stands so often, and which is so
/// long.
pub(super) fn value(weight: f32, frequency: f32, norm: f32) -> f32 {
    weight * (frequency * (K1 + 1.0) / (frequency + norm))
}

/// Where in a document an occurrence is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere.
    Text,
    /// In the title, where it was counted once already.
    Title,
    /// In a heading, where it was counted once already.
    Heading,
}

/// What an occurrence is worth, summed up for all of a document as [`Contribution::frequency`] does; all
/// are halves, so that the order of the sum does not matter.
pub(super) fn worth(place: Place, in_compound: bool) -> f32 {
    let worth = match place {
        Place::Text => 1.0,
        Place::Title => TITLE,
        Place::Heading => HEADING,
    };
    if in_compound { IN_COMPOUND * worth } else { worth }
}

/// How often a word stands in a document, as [`Contribution::frequency`] has it: its occurrences, what the
/// places of these are worth beyond one each, and how many are another inflection than the one asked for.
pub(super) fn frequency(occurrences: u32, beyond: f32, inflected: u32) -> f32 {
    occurrences as f32 + beyond - (1.0 - INFLECTED) * inflected as f32
}

/// How closely a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// All that matches: by stems.
    All,
    /// The best of it: by the forms of the words, too.
    Best,
}

/// The score of the document where a matcher stands and that it confirmed, without closeness.
pub(crate) fn score(matcher: &mut Matcher, norms: &Norms, pass: Pass) -> f32 {
    let mut sum = 0.0;
    contributions(matcher, norms, pass, &mut |part| sum += part.value());
    sum
}

/// Tells `visit` what each part adds to the score of the document where a matcher stands and that
/// it confirmed.
pub(crate) fn contributions<F: FnMut(Contribution)>(
    matcher: &mut Matcher,
    norms: &Norms,
    pass: Pass,
    visit: &mut F,
) {
    match matcher {
        Matcher::Nothing | Matcher::Dated(_) | Matcher::Filter(_) => {}
        Matcher::Term(term) => visit(of_word(term, norms, pass)),
        Matcher::Interval(interval) => {
            let spans = &interval.found.spans;
            let in_title = spans.iter().filter(|span| span.start < BODY_START).count();
            visit(Contribution {
                part: interval.number,
                occurrences: spans.len() as u32,
                in_title: in_title as u32,
                in_headings: 0,
                in_compounds: [0; 3],
                inflected: 0,
                norm: norms.of(interval.doc()),
                weight: interval.weight,
            });
        }
        Matcher::Within(within) => contributions(&mut within.part, norms, pass, visit),
        Matcher::All(all) => {
            all.must.iter_mut().for_each(|part| contributions(part, norms, pass, visit));
        }
        Matcher::Some(some) => {
            some.matching().for_each(|part| contributions(part, norms, pass, visit));
        }
        Matcher::Often { part, .. } => contributions(part, norms, pass, visit),
    }
}

/// What a word adds to the score of the document where it stands.
pub(super) fn of_word(word: &mut Term, norms: &Norms, pass: Pass) -> Contribution {
    let doc = word.postings().doc();
    let occurrences = word.postings().count();
    let in_compounds = word.postings().count_in_compounds();
    let (in_title, in_compounds_of_title) = word.title.at(doc);
    let (in_headings, in_compounds_of_headings) = word.heading.at(doc);
    Contribution {
        part: word.number,
        occurrences,
        in_title,
        in_headings,
        in_compounds: [in_compounds, in_compounds_of_title, in_compounds_of_headings],
        inflected: match (pass, &mut word.form) {
            (Pass::Best, Some(form)) => occurrences.saturating_sub(in_compounds + form.at(doc).0),
            _ => 0,
        },
        norm: norms.of(doc),
        weight: word.weight,
    }
}

/// What closeness is counted with, kept from document to document.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Where words stand, each with its number.
    places: Vec<(u32, usize)>,
    /// How often each word stands in the window.
    inside: Vec<u32>,
}

/// What the closeness of the words of a query, in its order, adds to the score of the document
/// where the matchers stand. `asked` is what all words of the query are worth together, those that
/// the document lacks included.
pub(crate) fn closeness(words: &mut Vec<&mut Matcher>, asked: f32, scratch: &mut Scratch) -> f32 {
    let strongest = words.iter().map(|word| weight(word)).fold(0.0, f32::max);
    words.retain(|word| weight(word) >= COUNTED * strongest);
    words.iter_mut().for_each(|word| word.load());
    let pairs = words.windows(2).map(|pair| {
        let [a, b] = pair else { return 0.0 };
        let close = close_pairs(a.loaded(), b.loaded());
        weight(a).min(weight(b)) * close / (close + CLOSE_SATURATION)
    });
    let pairs = pairs.sum::<f32>();
    let together = together(words, scratch);
    PAIRS * pairs + TOGETHER * together * together / asked.max(together).max(f32::MIN_POSITIVE)
}

/// The most that the different words within [`STRETCH`] positions are worth together.
fn together(words: &[&mut Matcher], scratch: &mut Scratch) -> f32 {
    let Scratch { places, inside } = scratch;
    places.clear();
    for (number, word) in words.iter().enumerate() {
        // A word that was asked for twice stands there once.
        if words.iter().take(number).any(|before| before.loaded() == word.loaded()) {
            continue;
        }
        places.extend(word.loaded().iter().map(|span| (span.start, number)));
    }
    // The lists are in order, each by itself: this sort merges them.
    places.sort();
    inside.clear();
    inside.resize(words.len(), 0);
    let worth = |number: usize| words.get(number).map_or(0.0, |word| weight(word));
    let (mut now, mut most, mut first) = (0.0_f32, 0.0_f32, places.iter());
    for &(start, number) in places.iter() {
        if let Some(count) = inside.get_mut(number) {
            *count += 1;
            if *count == 1 {
                now += worth(number);
            }
        }
        while let Some(&(place, number)) = first.as_slice().first()
            && place + STRETCH < start
        {
            first.next();
            if let Some(count) = inside.get_mut(number) {
                *count -= 1;
                if *count == 0 {
                    now -= worth(number);
                }
            }
        }
        most = most.max(now);
    }
    most
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
