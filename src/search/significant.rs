//! Significant terms: the words that set some articles apart from the rest of the index.
//!
//! How rare a word is, is counted among the articles in its language: the smaller words of a
//! language that few articles are in are rare in the index.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::rank;
use super::results::SignificantTerm;
use crate::analysis::{Stems, for_each_token};
use crate::index::facet_term;
use crate::index::snapshot::Snapshot;
use crate::{Language, Result};

/// How much of an article is read, in bytes; what a long one is about stands in its beginning.
const READ_BYTES: usize = 128 * 1024;

/// What makes a word significant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// What a frequency in one of the articles is worth, beside the rarity that multiplies it.
    pub(super) frequency: fn(f32) -> f32,
    /// A word that stands in more of the articles of its language, as a part of one, sets none
    /// apart.
    pub(super) common: f32,
}

/// So few articles in a language do not tell which of its words are common.
const FEW: u64 = 20;

/// A word in these articles.
#[derive(Default)]
pub(super) struct Tally {
    /// The sum over the articles of what its frequency there is worth.
    pub(super) frequency: f32,
    occurrences: u64,
    /// The exact form of one of them.
    exact: String,
    /// Its forms as they are written, and how often.
    forms: BTreeMap<String, u64>,
}

impl Tally {
    /// The most frequent form, as it is written; of forms as frequent the last, which is in lower
    /// case.
    pub(super) fn word(self) -> Option<String> {
        self.forms.into_iter().max_by_key(|(_, count)| *count).map(|(word, _)| word)
    }
}

/// The most significant words of these articles, at most `count`, most significant first, which has
/// the weight `greatest`.
pub(super) fn terms(
    snapshot: &Snapshot,
    articles: &[(usize, DocId)],
    count: usize,
    greatest: f32,
    measure: Measure,
) -> Result<Vec<SignificantTerm>> {
    let mut tallies: BTreeMap<(Language, String), Tally> = BTreeMap::new();
    let mut stems = Stems::new();
    for (segment, doc) in articles {
        read(snapshot, (*segment, *doc), measure.frequency, &mut stems, &mut tallies)
            .ok_or_else(|| snapshot.damaged("an article cannot be read"))?;
    }
    let fields = snapshot.fields;
    let mut written: BTreeMap<Language, u64> = BTreeMap::new();
    let mut found = Vec::new();
    for ((language, stem), tally) in tallies {
        let all = match written.get(&language) {
            Some(all) => *all,
            None => {
                let all = articles_in(snapshot, language)?;
                written.insert(language, all);
                all
            }
        };
        let documents = articles_with(snapshot, language, &stem)?;
        let is_common = all > FEW && documents as f32 > measure.common * all as f32;
        // What stands nowhere else tells of nothing else; a name may stand in other languages.
        let elsewhere = documents > 1 || {
            snapshot.documents_with_any(&[&snapshot.form(fields.exact, &tally.exact)?])? > 1
        };
        if is_common || !elsewhere {
            continue;
        }
        let weight = tally.frequency * rank::rarity(documents, all);
        found.push((weight, language, documents, tally));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(count);
    let most = found.first().map_or(1.0, |(weight, ..)| *weight);
    let chosen = found.into_iter().filter_map(|(weight, language, articles, tally)| {
        Some(SignificantTerm {
            language,
            // Two decimals can be read, and typed.
            weight: (greatest * weight / most * 100.0).round().max(1.0) / 100.0,
            occurrences: tally.occurrences,
            articles,
            word: tally.word()?,
        })
    });
    Ok(chosen.collect())
}

/// How many articles are in a language.
pub(super) fn articles_in(snapshot: &Snapshot, language: Language) -> Result<u64> {
    let term = facet_term("lang", language.code());
    Ok(snapshot.terms(snapshot.fields.facet, [term])?.documents())
}

/// How many articles in a language have a word with this stem.
pub(super) fn articles_with(snapshot: &Snapshot, language: Language, stem: &str) -> Result<u64> {
    Ok(snapshot.inflections(language, stem)?.1)
}

/// Counts the words of an article.
pub(super) fn read(
    snapshot: &Snapshot,
    (segment, doc): (usize, DocId),
    frequency: fn(f32) -> f32,
    stems: &mut Stems,
    tallies: &mut BTreeMap<(Language, String), Tally>,
) -> Option<()> {
    let articles = &snapshot.segments.get(segment)?.articles;
    let language = articles.facts(doc)?.language();
    let text = articles.beginning(doc, READ_BYTES)?;
    let mut here: BTreeMap<String, (u64, String, BTreeMap<String, u64>)> = BTreeMap::new();
    for_each_token(&text, |token| {
        let letters = token.exact.chars().filter(|c| c.is_alphabetic()).count();
        if token.clitic || letters < 2 {
            return;
        }
        let stem = stems.word(language, token.text).stem.to_string();
        let (count, exact, forms) = here.entry(stem).or_default();
        *count += 1;
        token.exact.clone_into(exact);
        *forms.entry(token.text.to_owned()).or_default() += 1;
    });
    for (stem, (count, exact, forms)) in here {
        let tally = tallies.entry((language, stem)).or_default();
        tally.frequency += frequency(count as f32);
        tally.occurrences += count;
        tally.exact = exact;
        for (form, count) in forms {
            *tally.forms.entry(form).or_default() += count;
        }
    }
    Some(())
}
