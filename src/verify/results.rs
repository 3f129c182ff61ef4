//! What verifying a quotation answers, as plain data.

use std::ops::Range;
use std::time::Duration;

use super::typography::Typography;
use crate::{Date, Error, Language, Result};

/// How a quotation is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyOptions {
    /// The number of places told of each quotation, 1 to 1,000; 10 by default.
    pub limit: usize,
    /// The least similarity of a near place (see [`VerifiedPlace::similarity`]), 0.5 to 1; 0.7 by
    /// default.
    pub similarity: f64,
    /// How long looking for one quotation may take before it is [`Error::TimedOut`]; no limit by
    /// default.
    pub timeout: Option<Duration>,
}

impl Default for VerifyOptions {
    fn default() -> VerifyOptions {
        VerifyOptions { limit: 10, similarity: 0.7, timeout: None }
    }
}

impl VerifyOptions {
    pub(super) fn check(&self) -> Result<()> {
        if !(1..=1000).contains(&self.limit) {
            let reason = format!("{} is not between 1 and 1000", self.limit);
            return Err(Error::Option { option: "limit", reason });
        }
        if !(0.5..=1.0).contains(&self.similarity) {
            let reason = format!("{} is not between 0.5 and 1", self.similarity);
            return Err(Error::Option { option: "similarity", reason });
        }
        Ok(())
    }
}

/// How far a quotation agrees with what stands in an article; the better is the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agreement {
    /// The very characters of the article's canonical text. Quotation marks around the quotation,
    /// and a comma or full stop at its end, are not part of it.
    Exact,
    /// Equal but for typography.
    Typography,
    /// Nearly the same words; the differences are told.
    Near,
    /// Nothing near it stands in any article.
    Absent,
}

impl Agreement {
    /// The name as in JSON: `exact`, `typography`, `near`, `absent`.
    pub fn name(self) -> &'static str {
        match self {
            Agreement::Exact => "exact",
            Agreement::Typography => "typography",
            Agreement::Near => "near",
            Agreement::Absent => "absent",
        }
    }
}

/// Whether a quotation stands in the corpus, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// The quotation, in the canonical form that the text of articles has, without the marks around
    /// it.
    pub quotation: String,
    /// The number of its words that claim to stand in an article.
    pub words: usize,
    /// The best that was found.
    pub agreement: Agreement,
    /// How often the quotation says that it leaves something out (`[…]`).
    pub omissions: usize,
    /// What it has put in, in brackets.
    pub insertions: Vec<String>,
    /// Where it stands: those that agree best first, then by path and place; at most
    /// [`VerifyOptions::limit`].
    pub places: Vec<VerifiedPlace>,
    /// The number of places where all of its words stand; of near ones the number of articles that
    /// have one, among those looked at.
    pub occurrences: u64,
    /// The number of articles that these places are in.
    pub articles: u64,
    /// Whether every place was compared character by character. If not, `occurrences` and
    /// `articles` are exact for a quotation without omissions and insertions, and at least so many
    /// for one with them, and a place that agrees better than those told may exist.
    pub complete: bool,
}

/// A place where a quotation stands, or nearly.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedPlace {
    /// How far the quotation agrees with it; never [`Agreement::Absent`].
    pub agreement: Agreement,
    /// 1 − _d_ / _n_, where _d_ is the least number of words inserted, deleted or replaced that
    /// makes the words of the quotation those of the article (the edit distance of words, which are
    /// the same if they differ in case, accents and typography alone), and _n_ the number of words
    /// of the longer of both.
    pub similarity: f64,
    /// The article's path.
    pub path: String,
    /// Its title; its file name where it has none.
    pub title: String,
    /// When it was published.
    pub date: Option<Date>,
    /// The language of its text.
    pub language: Language,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// BLAKE3 of its canonical text.
    pub hash: String,
    /// The stretches of the article, one for each part of the quotation between omissions and
    /// insertions that stands in it, in order.
    pub parts: Vec<PlacedPart>,
    /// The ways in which it is set differently.
    pub typography: Vec<Typography>,
    /// In what else it differs, in order.
    pub differences: Vec<Difference>,
    /// The number of blocks (paragraphs, list items, headings …) of the article that it goes over;
    /// more than 1 where it goes over the end of one, or leaves some out.
    pub blocks: usize,
}

/// A stretch of an article that a part of a quotation stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedPart {
    /// The exact words of the article.
    pub text: String,
    /// Where they start in its canonical text, in bytes.
    pub start: usize,
    /// Where they end (exclusive).
    pub end: usize,
    /// The line of the source file, from 1 (text formats).
    pub line: Option<u32>,
    /// The page, from 1 (paged formats).
    pub page: Option<u32>,
    /// What is printed on that page, where the document says so.
    pub page_label: Option<String>,
    /// The headings above, outermost first.
    pub section: Vec<String>,
}

/// Where a quotation and an article differ in more than typography.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In what way.
    pub kind: DifferenceKind,
    /// What the quotation has; empty where it has nothing.
    pub quoted: String,
    /// What the article has; empty where it has nothing.
    pub article: String,
    /// The bytes of [`Verification::quotation`] as far as it has no letters in brackets and no
    /// remarks such as `[sic]` before them; of a quotation with omissions or insertions, of the part.
    pub quoted_range: Range<usize>,
    /// The bytes of the article's canonical text.
    pub article_range: Range<usize>,
}

/// In what way a quotation and an article differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DifferenceKind {
    /// Words that stand in the quotation only.
    Inserted,
    /// Words that stand in the article only.
    Deleted,
    /// Words in place of others.
    Replaced,
    /// Words spelt with other letters or accents; they count as the same for the similarity.
    Spelling,
    /// Other punctuation between the same words, or at the ends.
    Punctuation,
}

impl DifferenceKind {
    /// The name as in JSON: `inserted`, `deleted`, `replaced`, `spelling`, `punctuation`.
    pub fn name(self) -> &'static str {
        match self {
            DifferenceKind::Inserted => "inserted",
            DifferenceKind::Deleted => "deleted",
            DifferenceKind::Replaced => "replaced",
            DifferenceKind::Spelling => "spelling",
            DifferenceKind::Punctuation => "punctuation",
        }
    }
}
