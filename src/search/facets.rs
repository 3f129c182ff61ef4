//! Facets: how many of the articles that match have each value of a fact, over the whole result.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::visit::Place;
use crate::Result;
use crate::analysis::fold_whole;
use crate::index::glance::Glance;
use crate::index::segment::Articles;
use crate::index::snapshot::Snapshot;

/// A fact of articles that a result can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The outlet or publisher.
    Source,
    /// The language of the text.
    Language,
    /// The year of publication.
    Year,
    /// The kind of article.
    Kind,
    /// The jurisdiction that it speaks of.
    Jurisdiction,
    /// The authors.
    Author,
    /// The keywords.
    Tag,
    /// The instruments that the text refers to.
    Cites,
}

/// The counts of one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// Of which fact.
    pub facet: Facet,
    /// The values and the number of articles that have each: the most frequent first, ties by value;
    /// years in their order. Values that differ in case and accents only are one, in the spelling
    /// that most articles have.
    pub values: Vec<(String, u64)>,
    /// How many values there are, those that are left out of `values` included.
    pub distinct: u64,
    /// How many articles have none.
    pub without: u64,
}

impl Facet {
    /// Every facet, with the name that a user gives it.
    pub const ALL: [(Facet, &str); 8] = [
        (Facet::Source, "source"),
        (Facet::Language, "lang"),
        (Facet::Year, "year"),
        (Facet::Kind, "kind"),
        (Facet::Jurisdiction, "jurisdiction"),
        (Facet::Author, "author"),
        (Facet::Tag, "tag"),
        (Facet::Cites, "cites"),
    ];

    /// The name that a user gives it.
    pub fn name(self) -> &'static str {
        Facet::ALL.iter().find(|(facet, _)| *facet == self).map_or("", |(_, name)| name)
    }

    /// Calls `visit` with each value that an article has; a facet that is not a fact of the record
    /// is not counted here, but from the places, in [`count`].
    fn values<'a>(self, glance: &Glance<'a>, visit: &mut impl FnMut(&'a str)) {
        let one = |value: Option<&'a str>| value.into_iter().collect();
        let values: Vec<&'a str> = match self {
            Facet::Source => one(glance.source),
            Facet::Kind => one(glance.kind),
            Facet::Jurisdiction => one(glance.jurisdiction),
            Facet::Language => one(Some(glance.language_code()).filter(|code| *code != "und")),
            Facet::Year => Vec::new(),
            Facet::Author => return glance.authors.iter().for_each(|value| visit(value)),
            Facet::Tag => return glance.tags.iter().for_each(|value| visit(value)),
            Facet::Cites => return glance.cites.iter().for_each(|value| visit(value)),
        };
        values.into_iter().for_each(visit);
    }
}

/// The values of a facet while they are counted.
#[derive(Default)]
struct Tally<'a> {
    /// For each spelling the number of its value, and how many articles have it.
    spellings: FxHashMap<&'a str, (usize, u64)>,
    /// The numbers of values, by their folded form.
    folded: FxHashMap<String, usize>,
    /// For each value the number of articles.
    articles: Vec<u64>,
    years: BTreeMap<i16, u64>,
    without: u64,
}

impl<'a> Tally<'a> {
    fn add(&mut self, facet: Facet, glance: &Glance<'a>, seen: &mut Vec<usize>) {
        if facet == Facet::Year {
            match glance.date() {
                Some(date) => *self.years.entry(date.year()).or_default() += 1,
                None => self.without += 1,
            }
            return;
        }
        seen.clear();
        facet.values(glance, &mut |value| {
            let Tally { spellings, folded, articles, .. } = self;
            let (number, count) = spellings.entry(value).or_insert_with(|| {
                let next = articles.len();
                let number = *folded.entry(fold_whole(value)).or_insert(next);
                if number == next {
                    articles.push(0);
                }
                (number, 0)
            });
            *count += 1;
            // Two spellings of one value in an article are one article.
            if !seen.contains(number) {
                seen.push(*number);
                if let Some(articles) = articles.get_mut(*number) {
                    *articles += 1;
                }
            }
        });
        self.without += u64::from(seen.is_empty());
    }

    fn counts(self, facet: Facet, limit: usize) -> FacetCounts {
        if facet == Facet::Year {
            let values: Vec<(String, u64)> =
                self.years.into_iter().map(|(year, count)| (format!("{year:04}"), count)).collect();
            let distinct = values.len() as u64;
            return FacetCounts { facet, values, distinct, without: self.without };
        }
        let mut written: Vec<(&str, u64)> = vec![("", 0); self.articles.len()];
        for (spelling, (number, count)) in self.spellings {
            if let Some(best) = written.get_mut(number)
                && (count, best.0) > (best.1, spelling)
            {
                *best = (spelling, count);
            }
        }
        let mut values: Vec<(String, u64)> = written
            .into_iter()
            .zip(self.articles)
            .map(|((spelling, _), articles)| (spelling.to_owned(), articles))
            .collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let distinct = values.len() as u64;
        values.truncate(limit);
        FacetCounts { facet, values, distinct, without: self.without }
    }
}

/// Counts the values of these facets in the articles at these places; of each facet but the year at
/// most `limit` values are given.
pub(super) fn count(
    snapshot: &Snapshot,
    places: impl Iterator<Item = Place>,
    facets: &[Facet],
    limit: usize,
) -> Result<Vec<FacetCounts>> {
    let mut tallies: Vec<(Facet, Tally<'_>)> =
        facets.iter().map(|facet| (*facet, Tally::default())).collect();
    let mut seen = Vec::new();
    if !facets.is_empty() {
        for place in places {
            let glance = snapshot.read(place, Articles::glance)?;
            tallies.iter_mut().for_each(|(facet, tally)| tally.add(*facet, &glance, &mut seen));
        }
    }
    Ok(tallies.into_iter().map(|(facet, tally)| tally.counts(facet, limit)).collect())
}
