//! References: articles as a bibliography names them, with the words quoted and where they stand.

mod kind;
mod name;
mod pinpoint;

use std::collections::BTreeMap;
use std::ops::Range;

pub use kind::ReferenceKind;
pub use name::AuthorName;
pub use pinpoint::{Locator, Pinpoint};

use crate::search::StoredArticle;
use crate::{Date, Language};

/// An article as a bibliography names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What the reference is cited by: author or source, year, a word of the title and digits of
    /// the hash of the path, such as `wendelin2021what-5d0c61f2`. It depends on the article
    /// alone.
    pub key: String,
    /// What kind of publication it is.
    pub kind: ReferenceKind,
    /// The article's own word for its kind.
    pub genre: Option<String>,
    /// The article's path.
    pub path: String,
    /// Its title; its file name where it has none.
    pub title: String,
    /// Who wrote it.
    pub authors: Vec<AuthorName>,
    /// When it was published.
    pub date: Option<Date>,
    /// The language of its text.
    pub language: Option<Language>,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The jurisdiction that it speaks of.
    pub jurisdiction: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// BLAKE3 of its canonical text.
    pub hash: String,
    /// The day on which it was looked at.
    pub accessed: Date,
    /// What is quoted from it, in the order given.
    pub quotations: Vec<CitedQuotation>,
}

/// A stretch of an article that is quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedQuotation {
    /// The exact words.
    pub text: String,
    /// Where they start in the article's canonical text, in bytes.
    pub start: usize,
    /// Where they end (exclusive).
    pub end: usize,
    /// Where that is, for a reader.
    pub pinpoint: Pinpoint,
}

/// The digits of the path's hash in a key, at least.
const KEY_DIGITS: usize = 8;

impl Reference {
    /// The reference to an article, looked at on a day, with what is quoted from it: byte ranges of
    /// its canonical text. A range that is not of whole characters of the text is left out.
    ///
    /// ```
    /// use polidex::{Article, Block, BlockKind, Date, Index, Reference};
    ///
    /// let index = Index::in_memory()?;
    /// let blocks = vec![
    ///     Block::new(BlockKind::Title, "The Act"),
    ///     Block::new(BlockKind::Heading(1), "Article 5"),
    ///     Block::new(BlockKind::Paragraph, "1. Scoring is prohibited."),
    /// ];
    /// index.add([Article::new("act", blocks)])?;
    /// let stored = index.searcher()?.article("act")?;
    /// let today: Date = "2025-11-25".parse().unwrap();
    /// let reference = Reference::new(&stored, &[23..45], today);
    /// let quotation = &reference.quotations[0];
    /// assert_eq!(quotation.text, "Scoring is prohibited.");
    /// assert_eq!(quotation.pinpoint.provision.as_deref(), Some("Article 5(1)"));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn new(stored: &StoredArticle, quoted: &[Range<usize>], accessed: Date) -> Reference {
        let (article, about) = (&stored.article, &stored.article.metadata);
        let text = article.text();
        let quotation = |range: &Range<usize>| {
            Some(CitedQuotation {
                text: text.get(range.clone())?.to_owned(),
                start: range.start,
                end: range.end,
                pinpoint: Pinpoint::at(article, range.start)?,
            })
        };
        let file_name = || article.path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut reference = Reference {
            key: String::new(),
            kind: ReferenceKind::of(about.kind.as_deref(), about.url.is_some()),
            genre: about.kind.clone(),
            path: article.path.clone(),
            title: about.title.clone().unwrap_or_else(file_name),
            authors: about.authors.iter().map(|name| AuthorName::read(name)).collect(),
            date: about.date,
            language: about.language.filter(|language| !language.is_unknown()),
            source: about.source.clone(),
            url: about.url.clone(),
            jurisdiction: about.jurisdiction.clone(),
            tags: about.tags.clone(),
            hash: stored.hash.clone(),
            accessed,
            quotations: quoted.iter().filter_map(quotation).collect(),
        };
        reference.key = reference.key_of(KEY_DIGITS);
        reference
    }

    /// The key with so many digits of the path's hash.
    fn key_of(&self, digits: usize) -> String {
        let name = match (self.authors.first(), &self.source) {
            // Without its particles.
            (Some(AuthorName::Person { family, .. }), _) => {
                family.rsplit(' ').next().unwrap_or_default()
            }
            (Some(AuthorName::Literal(name)), _) => name,
            (None, Some(source)) => source,
            (None, None) => "",
        };
        let mut key = plain_word(name).unwrap_or_else(|| "anon".to_owned());
        if let Some(date) = self.date {
            key.push_str(&date.year().to_string());
        }
        let telling = |word: &String| word.len() > 3;
        let mut title = self.title.split(|c: char| !c.is_alphanumeric()).filter_map(plain_word);
        key.extend(title.find(telling));
        let hash = blake3::hash(self.path.as_bytes()).to_hex();
        key.push('-');
        key.push_str(hash.get(..digits).unwrap_or(&hash));
        key
    }
}

/// The first word of a text in small ASCII letters and digits, as keys of all formats allow; none
/// where nothing of it is left.
fn plain_word(text: &str) -> Option<String> {
    let folded = crate::analysis::tokens(text, Language::UNKNOWN).into_iter().map(|it| it.exact);
    let ascii = folded.map(|word| {
        let kept: String = word.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        kept
    });
    ascii.into_iter().find(|word| !word.is_empty())
}

/// Makes one reference of those to one article, and their keys distinct: two paths whose hashes
/// begin alike get longer ones.
pub fn distinct(references: Vec<Reference>) -> Vec<Reference> {
    let mut kept: Vec<Reference> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for reference in references {
        let known = places.get(&reference.path).and_then(|at| kept.get_mut(*at));
        if let Some(known) = known {
            for quotation in reference.quotations {
                if !known.quotations.contains(&quotation) {
                    known.quotations.push(quotation);
                }
            }
        } else {
            places.insert(reference.path.clone(), kept.len());
            kept.push(reference);
        }
    }
    for digits in KEY_DIGITS.. {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        kept.iter().for_each(|it| *seen.entry(&it.key).or_default() += 1);
        let twice: Vec<String> = seen
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|(key, _)| (*key).to_owned())
            .collect();
        if twice.is_empty() || digits > 64 {
            break;
        }
        for reference in kept.iter_mut().filter(|it| twice.contains(&it.key)) {
            reference.key = reference.key_of(digits + 1);
        }
    }
    kept
}
