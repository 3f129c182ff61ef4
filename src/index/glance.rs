//! A glance: the facts of a document that results are counted by, read in place.

use serde::Deserialize;

use crate::{Date, Language};

/// The beginning of [`Facts`](super::record::Facts), in the same order, without a copy of anything.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Glance<'a> {
    hash: [u8; 32],
    pub(crate) title: Option<&'a str>,
    date: Option<(i16, Option<i8>, Option<i8>)>,
    language: &'a str,
    pub(crate) source: Option<&'a str>,
    url: Option<&'a str>,
    #[serde(borrow)]
    pub(crate) authors: Vec<&'a str>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) jurisdiction: Option<&'a str>,
    #[serde(borrow)]
    pub(crate) tags: Vec<&'a str>,
    #[serde(borrow)]
    page_labels: Vec<&'a str>,
    #[serde(borrow)]
    pub(crate) cites: Vec<&'a str>,
}

impl<'a> Glance<'a> {
    /// Reads the beginning of facts.
    pub(super) fn read(facts: &'a [u8]) -> Option<Glance<'a>> {
        postcard::take_from_bytes(facts).ok().map(|(glance, _)| glance)
    }

    /// The BLAKE3 hash of the canonical text.
    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    pub(crate) fn date(&self) -> Option<Date> {
        self.date.and_then(|(year, month, day)| Date::new(year, month, day))
    }

    /// The code of the language; `und` where it is unknown.
    pub(crate) fn language_code(&self) -> &'a str {
        self.language
    }

    pub(crate) fn language(&self) -> Language {
        self.language.parse().unwrap_or(Language::UNKNOWN)
    }

    /// What is printed on a page, if it is not its plain number.
    pub(crate) fn page_label(&self, page: u32) -> Option<&'a str> {
        let label = *self.page_labels.get(page.checked_sub(1)? as usize)?;
        (!label.is_empty()).then_some(label)
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Facts;
    use super::*;
    use crate::{Article, Block, BlockKind};

    #[test]
    fn a_glance_sees_what_the_facts_say() {
        let mut article = Article::new("a", vec![Block::new(BlockKind::Paragraph, "Text.")]);
        let about = &mut article.metadata;
        about.title = Some("T".into());
        about.date = Date::new(2024, Some(8), None);
        about.language = Some(Language::FRENCH);
        about.source = Some("S".into());
        about.url = Some("https://example.org".into());
        about.authors = vec!["A".into(), "B".into()];
        about.kind = Some("law".into());
        about.jurisdiction = Some("EU".into());
        about.tags = vec!["t".into()];
        about.page_labels = vec![String::new(), "iv".into()];
        about.cites = vec!["celex:32024R1689".into()];
        let facts = Facts::of(&article, "Text.");
        let bytes = postcard::to_stdvec(&facts).unwrap();
        let glance = Glance::read(&bytes).unwrap();
        assert_eq!((glance.hash(), glance.title), (&facts.hash, facts.title.as_deref()));
        assert_eq!((glance.date(), glance.language()), (facts.date(), facts.language()));
        assert_eq!((glance.source, glance.url), (facts.source.as_deref(), facts.url.as_deref()));
        assert_eq!((&*glance.authors, &*glance.tags), (&["A", "B"][..], &["t"][..]));
        assert_eq!((glance.kind, glance.jurisdiction), (Some("law"), Some("EU")));
        assert_eq!((glance.page_label(2), glance.page_label(1)), (Some("iv"), None));
        assert_eq!(glance.cites, ["celex:32024R1689"]);
    }
}
