//! JSON Lines for programs: the types of every object that polidex prints, and their version.
//!
//! Offsets are bytes of UTF-8 text, ranges are half-open `[start, end)`. Within a version keys are
//! added, never renamed or removed. `schema/polidex.schema.json` describes every object.

mod alerts;
mod concepts;
mod counts;
mod explain;
mod extracted;
mod reference;
mod verify;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde::{Serialize, Serializer};

pub use alerts::{
    AlertHitObject, AlertObject, AlertsObject, ReportObject, ReportQueryObject, ReportRowObject,
};
pub use concepts::{ConceptObject, ConceptsObject, LabelObject};
pub use counts::{
    CollocateObject, CollocatesObject, ConcordanceObject, CountObject, FacetObject,
    FacetValueObject, KeyTermObject, KeyTermsObject, KwicLineObject, PeriodObject, PointObject,
    SeriesObject, TrendObject,
};
pub use explain::{
    ExplanationObject, FormObject, PlanPartObject, ScoreObject, ScorePartObject, ScoreWordObject,
};
pub use extracted::{
    ConfinementObject, ExtractedObject, ExtractionObject, FormatObject, LimitObject,
};
pub use reference::{AuthorObject, CitedQuotationObject, ReferenceObject};
pub use verify::{
    DifferenceObject, DraftPlaceObject, PlacedPartObject, VerificationObject,
    VerificationSummaryObject, VerifiedPlaceObject,
};

use crate::safe::is_unsafe;
use crate::{
    Article, BlockKind, CheckReport, Comparison, Duplicate, Error, EvaluationReport, Hit, Measures,
    Note, Passage, Problem, ProblemKind, QueryPlan, RepairReport, SearchResults, SignificantTerm,
    Status, StoredArticle, UpdateReport,
};

/// The version of the JSON output: grows when a key is renamed or removed or changes its meaning.
pub const FORMAT_VERSION: u32 = 1;

/// One line of JSON output: an object whose `type` says what it is.
///
/// ```
/// use polidex::JsonLine;
///
/// let mut out = Vec::new();
/// JsonLine::error("usage", "no query is given", None, None).write(&mut out)?;
/// let line = r#"{"type":"error","code":"usage","message":"no query is given","span":null,"hint":null}"#;
/// assert_eq!(out, format!("{line}\n").into_bytes());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum JsonLine<'a> {
    /// An article that matches, with its evidence.
    Hit(HitObject<'a>),
    /// The end of an answer: its figures and how the query was read.
    Summary(SummaryObject<'a>),
    /// How a query is read.
    Explanation(ExplanationObject<'a>),
    /// A concept of the vocabulary, with how many articles speak of it.
    Concept(ConceptObject<'a>),
    /// The end of a list of concepts.
    Concepts(ConceptsObject<'a>),
    /// A match in its context.
    KwicLine(KwicLineObject<'a>),
    /// The end of a concordance.
    Concordance(ConcordanceObject<'a>),
    /// The words near matches.
    Collocates(CollocatesObject<'a>),
    /// Queries over time.
    Trend(TrendObject<'a>),
    /// The words that set articles apart.
    KeyTerms(KeyTermsObject<'a>),
    /// What went wrong.
    Error(ErrorObject<'a>),
    /// A whole article.
    Article(ArticleObject<'a>),
    /// An article as it is read from a file.
    Extracted(ExtractedObject<'a>),
    /// The end of a file that was read.
    Extraction(ExtractionObject<'a>),
    /// A format of files.
    Format(FormatObject<'a>),
    /// A limit.
    Limit(LimitObject<'a>),
    /// What worker processes are confined by.
    Confinement(ConfinementObject),
    /// The state of an index.
    Status(StatusObject<'a>),
    /// What a check of an index found.
    Check(CheckObject<'a>),
    /// What an update of an index did.
    Index(IndexObject<'a>),
    /// How well one query of a test collection was answered.
    Measures(MeasuresObject<'a>),
    /// How well a test collection was answered.
    Evaluation(EvaluationObject),
    /// Whether a quotation stands in the corpus.
    Verification(VerificationObject<'a>),
    /// The end of a verification.
    VerificationSummary(VerificationSummaryObject<'a>),
    /// An article as a bibliography names it.
    Reference(ReferenceObject<'a>),
    /// An article that is new, or has changed, for a saved query.
    AlertHit(AlertHitObject<'a>),
    /// What is new for a saved query.
    Alert(AlertObject<'a>),
    /// The end of a look for what is new.
    Alerts(AlertsObject),
    /// One query of a report in one period.
    ReportRow(ReportRowObject<'a>),
    /// One query of a report.
    ReportQuery(ReportQueryObject<'a>),
    /// The end of a report.
    Report(ReportObject<'a>),
}

/// An article that matches: [`Hit`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Hit`
pub struct HitObject<'a> {
    /// The name of the query in a list of queries; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_id: Option<&'a str>,
    pub rank: u64,
    /// Rounded to four decimals.
    pub score: f64,
    pub path: &'a str,
    pub title: &'a str,
    pub date: Option<String>,
    /// `und` where it is unknown.
    pub language: &'a str,
    pub source: Option<&'a str>,
    pub url: Option<&'a str>,
    pub authors: &'a [String],
    pub kind: Option<&'a str>,
    pub jurisdiction: Option<&'a str>,
    pub tags: &'a [String],
    pub cites: &'a [String],
    pub hash: &'a str,
    pub file_hash: Option<&'a str>,
    pub matches: u64,
    pub passages: Vec<PassageObject<'a>>,
    pub duplicates: Vec<DuplicateObject<'a>>,
    pub explanation: Option<ScoreObject<'a>>,
}

/// A quotable stretch of an article's text: [`Passage`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Passage`
pub struct PassageObject<'a> {
    pub text: &'a str,
    /// Byte ranges of `text`.
    pub highlights: Vec<[usize; 2]>,
    pub start: usize,
    pub end: usize,
    pub line: Option<u32>,
    pub page: Option<u32>,
    /// What is printed on the page; null where that is not known.
    pub page_label: Option<&'a str>,
    pub section: &'a [String],
    /// Whether the text starts inside a sentence.
    pub starts_inside: bool,
    /// Whether the text ends inside a sentence.
    pub ends_inside: bool,
}

/// A near-copy of a hit: [`Duplicate`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Duplicate`
pub struct DuplicateObject<'a> {
    pub path: &'a str,
    pub title: &'a str,
    pub date: Option<String>,
    pub source: Option<&'a str>,
    /// Rounded to two decimals.
    pub similarity: f64,
}

/// A word that sets articles apart: [`SignificantTerm`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `SignificantTerm`
pub struct TermObject<'a> {
    pub word: &'a str,
    pub language: &'a str,
    /// In hundredths.
    pub weight: f64,
    pub occurrences: u64,
    pub articles: u64,
}

/// The end of an answer: [`SearchResults`] without its hits.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `SearchResults`
pub struct SummaryObject<'a> {
    pub format_version: u32,
    /// The name of the query in a list of queries; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_id: Option<&'a str>,
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub suggestions: &'a [String],
    pub fallback: bool,
    pub articles: u64,
    pub matches: u64,
    pub terms: Vec<TermObject<'a>>,
    /// The counts of facets, by their names; empty where none is asked for.
    pub facets: BTreeMap<&'static str, FacetObject<'a>>,
    pub folded: u64,
    /// Whether the search ran out of time: the counts are of what it had found by then.
    pub timed_out: bool,
    /// How many hits stand before this line.
    pub shown: usize,
    pub elapsed_ms: f64,
    pub generation: u64,
}

/// How a query was read: [`Note`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Note`
pub struct NoteObject<'a> {
    pub code: &'a str,
    pub message: &'a str,
    pub span: Option<[usize; 2]>,
}

/// What went wrong: [`Error`].
#[derive(Debug, Serialize)]
pub struct ErrorObject<'a> {
    /// The name of the query in a list of queries; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_id: Option<&'a str>,
    /// A stable word for programs.
    pub code: &'a str,
    /// What happened, in words.
    pub message: Cow<'a, str>,
    /// The bytes of the query that are meant.
    pub span: Option<[usize; 2]>,
    /// What to do next.
    pub hint: Option<Cow<'a, str>>,
}

/// A whole article: [`StoredArticle`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Article` and `Metadata`
pub struct ArticleObject<'a> {
    pub format_version: u32,
    pub path: &'a str,
    pub title: Option<&'a str>,
    pub date: Option<String>,
    pub language: Option<String>,
    pub source: Option<&'a str>,
    pub url: Option<&'a str>,
    pub authors: &'a [String],
    pub kind: Option<&'a str>,
    pub jurisdiction: Option<&'a str>,
    pub tags: &'a [String],
    pub cites: &'a [String],
    pub extra: &'a BTreeMap<String, String>,
    /// Where each known field came from, by its name.
    pub origins: BTreeMap<&'a str, &'static str>,
    pub hash: &'a str,
    pub file_hash: Option<&'a str>,
    pub format: &'a str,
    pub notes: &'a [String],
    pub blocks: Vec<BlockObject<'a>>,
}

/// A block of an article, with its place in the article's canonical text.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Block`
pub struct BlockObject<'a> {
    pub kind: &'static str,
    /// The level of a heading, 1 to 6; null for any other block.
    pub level: Option<u8>,
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    pub line: Option<u32>,
    pub page: Option<u32>,
    /// What is printed on the page; null where that is not known.
    pub page_label: Option<&'a str>,
    pub section: Vec<&'a str>,
}

/// The state of an index: [`Status`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Status`
pub struct StatusObject<'a> {
    pub format_version: u32,
    pub corpus: Option<Cow<'a, str>>,
    pub location: Option<Cow<'a, str>>,
    pub articles: u64,
    pub files: u64,
    pub text_bytes: u64,
    pub index_bytes: u64,
    pub segments: u64,
    pub generation: u64,
    /// Number of articles by value, in the order of `Status`.
    #[serde(serialize_with = "as_object")]
    pub languages: &'a [(String, u64)],
    #[serde(serialize_with = "as_object")]
    pub kinds: &'a [(String, u64)],
    #[serde(serialize_with = "as_object")]
    pub formats: &'a [(String, u64)],
    /// The empty key counts the undated.
    #[serde(serialize_with = "as_object")]
    pub years: &'a [(String, u64)],
    pub problems: Vec<ProblemObject<'a>>,
    pub warnings: &'a [String],
}

/// What a check of an index found: [`CheckReport`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `CheckReport`
pub struct CheckObject<'a> {
    pub format_version: u32,
    /// Whether there is no damage.
    pub sound: bool,
    pub files: u64,
    pub bytes: u64,
    pub articles: u64,
    pub damage: &'a [String],
    pub extra: &'a [String],
    /// What was done about the damage; null where nothing was.
    pub repair: Option<RepairObject<'a>>,
}

/// What a repair did: [`RepairReport`].
#[derive(Debug, Serialize)]
pub struct RepairObject<'a> {
    /// Where the damaged index is now.
    pub aside: Cow<'a, str>,
    /// The articles of the new index.
    pub articles: u64,
    /// How many articles that a program had given are not in it.
    pub lost: u64,
    /// Every file of the corpus that is not wholly in it.
    pub problems: Vec<ProblemObject<'a>>,
}

/// What an update of an index did: [`UpdateReport`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `UpdateReport`
pub struct IndexObject<'a> {
    pub format_version: u32,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub removed: u64,
    pub skipped: u64,
    pub failed: u64,
    pub articles: u64,
    pub bytes_read: u64,
    pub elapsed_ms: f64,
    pub generation: u64,
    pub committed: bool,
    pub problems: Vec<ProblemObject<'a>>,
    pub warnings: &'a [String],
}

/// A file that was not read, or not wholly: [`Problem`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Problem`
pub struct ProblemObject<'a> {
    pub path: &'a str,
    /// `skipped`, `failed` or `partial`.
    pub kind: &'static str,
    pub reason: &'a str,
}

/// The measures of one ranking, or the means of many: [`Measures`], named as in trec_eval.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of trec_eval
pub struct MeasureValues {
    pub ndcg_cut_10: f64,
    pub map: f64,
    pub recall_100: f64,
    pub recip_rank: f64,
}

/// How well one query was answered.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `MeasureValues`
pub struct MeasuresObject<'a> {
    pub query_id: &'a str,
    #[serde(flatten)]
    pub values: MeasureValues,
}

/// How well a test collection was answered: [`EvaluationReport`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `EvaluationReport`
pub struct EvaluationObject {
    pub format_version: u32,
    /// How many queries were measured.
    pub queries: usize,
    /// How many were not, because nothing is judged relevant to them.
    pub without_relevant: usize,
    /// How many documents were searched; 0 where a finished run was measured.
    pub documents: u64,
    /// How many files and parts of files could not be read.
    pub unread: usize,
    /// How many judgements are of documents that were not among those searched.
    pub absent: usize,
    pub mean: MeasureValues,
    /// The comparison with an earlier run, a measure each.
    pub against: Option<BTreeMap<&'static str, ComparisonObject>>,
    pub indexing_ms: f64,
    pub searching_ms: f64,
}

/// A measure of two runs: [`Comparison`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Comparison`
pub struct ComparisonObject {
    pub before: f64,
    pub after: f64,
    pub better: usize,
    pub worse: usize,
    pub p: f64,
}

impl<'a> JsonLine<'a> {
    /// A hit.
    pub fn hit(hit: &'a Hit) -> JsonLine<'a> {
        JsonLine::Hit(HitObject {
            query_id: None,
            rank: hit.rank,
            score: rounded(f64::from(hit.score), 1e4),
            path: &hit.path,
            title: &hit.title,
            date: hit.date.map(|date| date.to_string()),
            language: hit.language.code(),
            source: hit.source.as_deref(),
            url: hit.url.as_deref(),
            authors: &hit.authors,
            kind: hit.kind.as_deref(),
            jurisdiction: hit.jurisdiction.as_deref(),
            tags: &hit.tags,
            cites: &hit.cites,
            hash: &hit.hash,
            file_hash: hit.file_hash.as_deref(),
            matches: hit.matches,
            passages: hit.passages.iter().map(passage).collect(),
            duplicates: hit.duplicates.iter().map(duplicate).collect(),
            explanation: hit.explanation.as_ref().map(explain::score),
        })
    }

    /// The figures of an answer; its hits are lines of their own.
    pub fn summary(results: &'a SearchResults) -> JsonLine<'a> {
        JsonLine::Summary(SummaryObject {
            format_version: FORMAT_VERSION,
            query_id: None,
            query: &results.query,
            notes: results.notes.iter().map(note).collect(),
            suggestions: &results.suggestions,
            fallback: results.fallback,
            articles: results.articles,
            matches: results.matches,
            terms: results.terms.iter().map(term).collect(),
            facets: counts::facets(&results.facets),
            folded: results.folded,
            timed_out: results.timed_out,
            shown: results.hits.len(),
            elapsed_ms: milliseconds(results.elapsed),
            generation: results.generation,
        })
    }

    /// How a query is read.
    pub fn explanation(plan: &'a QueryPlan) -> JsonLine<'a> {
        JsonLine::Explanation(explain::query(plan))
    }

    /// An error that is not one of the library's.
    pub fn error(
        code: &'a str,
        message: impl Into<Cow<'a, str>>,
        span: Option<Range<usize>>,
        hint: Option<Cow<'a, str>>,
    ) -> JsonLine<'a> {
        let span = span.as_ref().map(pair);
        JsonLine::Error(ErrorObject { query_id: None, code, message: message.into(), span, hint })
    }

    /// An article.
    pub fn article(stored: &'a StoredArticle) -> JsonLine<'a> {
        let (article, about) = (&stored.article, &stored.article.metadata);
        JsonLine::Article(ArticleObject {
            format_version: FORMAT_VERSION,
            path: &article.path,
            title: about.title.as_deref(),
            date: about.date.map(|date| date.to_string()),
            language: about.language.map(|language| language.to_string()),
            source: about.source.as_deref(),
            url: about.url.as_deref(),
            authors: &about.authors,
            kind: about.kind.as_deref(),
            jurisdiction: about.jurisdiction.as_deref(),
            tags: &about.tags,
            cites: &about.cites,
            extra: &about.extra,
            origins: about.origins.iter().map(|(field, from)| (&**field, from.name())).collect(),
            hash: &stored.hash,
            file_hash: stored.file_hash.as_deref(),
            format: &stored.format,
            notes: &article.notes,
            blocks: blocks(&stored.article),
        })
    }

    /// The state of an index.
    pub fn status(status: &'a Status) -> JsonLine<'a> {
        JsonLine::Status(StatusObject {
            format_version: FORMAT_VERSION,
            corpus: status.corpus.as_deref().map(Path::to_string_lossy),
            location: status.location.as_deref().map(Path::to_string_lossy),
            articles: status.articles,
            files: status.files,
            text_bytes: status.text_bytes,
            index_bytes: status.index_bytes,
            segments: status.segments,
            generation: status.generation,
            languages: &status.languages,
            kinds: &status.kinds,
            formats: &status.formats,
            years: &status.years,
            problems: status.problems.iter().map(problem).collect(),
            warnings: &status.warnings,
        })
    }

    /// What a check found.
    pub fn check(report: &'a CheckReport) -> JsonLine<'a> {
        JsonLine::Check(CheckObject {
            format_version: FORMAT_VERSION,
            sound: report.damage.is_empty(),
            files: report.files,
            bytes: report.bytes,
            articles: report.articles,
            damage: &report.damage,
            extra: &report.extra,
            repair: None,
        })
    }

    /// What a repair found and did.
    pub fn repair(report: &'a RepairReport) -> JsonLine<'a> {
        let JsonLine::Check(check) = JsonLine::check(&report.check) else {
            return JsonLine::check(&report.check);
        };
        let repair = report.aside.as_ref().map(|aside| RepairObject {
            aside: aside.to_string_lossy(),
            articles: report.update.articles,
            lost: report.lost,
            problems: report.update.problems.iter().map(problem).collect(),
        });
        JsonLine::Check(CheckObject { repair, ..check })
    }

    /// What an update did.
    pub fn index(report: &'a UpdateReport) -> JsonLine<'a> {
        JsonLine::Index(IndexObject {
            format_version: FORMAT_VERSION,
            added: report.added,
            changed: report.changed,
            unchanged: report.unchanged,
            removed: report.removed,
            skipped: report.skipped,
            failed: report.failed,
            articles: report.articles,
            bytes_read: report.bytes_read,
            elapsed_ms: milliseconds(report.elapsed),
            generation: report.generation,
            committed: report.committed,
            problems: report.problems.iter().map(problem).collect(),
            warnings: &report.warnings,
        })
    }

    /// How well one query was answered.
    pub fn measures(query_id: &'a str, measures: &Measures) -> JsonLine<'a> {
        JsonLine::Measures(MeasuresObject { query_id, values: values(measures) })
    }

    /// How well a test collection was answered; its queries are lines of their own.
    pub fn evaluation(report: &EvaluationReport) -> JsonLine<'a> {
        let against = report.against.as_ref().map(|against| {
            Measures::NAMES.into_iter().zip(against.iter().map(comparison)).collect()
        });
        JsonLine::Evaluation(EvaluationObject {
            format_version: FORMAT_VERSION,
            queries: report.evaluation.queries.len(),
            without_relevant: report.evaluation.without_relevant.len(),
            documents: report.documents,
            unread: report.unread,
            absent: report.absent,
            mean: values(&report.evaluation.mean),
            against,
            indexing_ms: milliseconds(report.indexing),
            searching_ms: milliseconds(report.searching),
        })
    }

    /// The same hit, summary or error as one of the query with this name in a list of queries.
    pub fn of_query(mut self, id: &'a str) -> JsonLine<'a> {
        match &mut self {
            JsonLine::Hit(HitObject { query_id, .. })
            | JsonLine::Summary(SummaryObject { query_id, .. })
            | JsonLine::Error(ErrorObject { query_id, .. }) => *query_id = Some(id),
            _ => {}
        }
        self
    }

    /// Writes the object and a line feed.
    ///
    /// Characters that [`TermSafe`](crate::TermSafe) would show as escapes are JSON escapes, so that
    /// the output is harmless on a terminal too and reads back unchanged.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Escaping))?;
        out.write_all(b"\n")
    }
}

impl<'a> From<&'a Error> for JsonLine<'a> {
    fn from(error: &'a Error) -> JsonLine<'a> {
        JsonLine::error(error.code(), error.to_string(), error.span(), error.hint().map(Cow::Owned))
    }
}

/// Compact JSON whose strings hold no character that a terminal would obey or hide.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| is_unsafe(*c)) {
            out.write_all(&fragment.as_bytes()[plain..at])?;
            // Beyond the basic plane JSON takes a surrogate pair.
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[plain..])
    }
}

fn passage(passage: &Passage) -> PassageObject<'_> {
    PassageObject {
        text: &passage.text,
        highlights: passage.highlights.iter().map(pair).collect(),
        start: passage.start,
        end: passage.end,
        line: passage.line,
        page: passage.page,
        page_label: passage.page_label.as_deref(),
        section: &passage.section,
        starts_inside: passage.starts_inside,
        ends_inside: passage.ends_inside,
    }
}

fn duplicate(duplicate: &Duplicate) -> DuplicateObject<'_> {
    DuplicateObject {
        path: &duplicate.path,
        title: &duplicate.title,
        date: duplicate.date.map(|date| date.to_string()),
        source: duplicate.source.as_deref(),
        similarity: rounded(duplicate.similarity.into(), 1e2),
    }
}

fn term(term: &SignificantTerm) -> TermObject<'_> {
    TermObject {
        word: &term.word,
        language: term.language.code(),
        weight: rounded(term.weight.into(), 1e2),
        occurrences: term.occurrences,
        articles: term.articles,
    }
}

fn note(note: &Note) -> NoteObject<'_> {
    NoteObject { code: note.code, message: &note.message, span: note.span.as_ref().map(pair) }
}

fn problem(problem: &Problem) -> ProblemObject<'_> {
    let kind = match problem.kind {
        ProblemKind::Skipped => "skipped",
        ProblemKind::Failed => "failed",
        ProblemKind::Partial => "partial",
    };
    ProblemObject { path: &problem.path, kind, reason: &problem.reason }
}

fn values(measures: &Measures) -> MeasureValues {
    let [ndcg_cut_10, map, recall_100, recip_rank] =
        measures.values().map(|value| rounded(value, 1e6));
    MeasureValues { ndcg_cut_10, map, recall_100, recip_rank }
}

fn comparison(it: &Comparison) -> ComparisonObject {
    let Comparison { before, after, better, worse, p } = *it;
    let [before, after, p] = [before, after, p].map(|value| rounded(value, 1e6));
    ComparisonObject { before, after, better, worse, p }
}

/// The blocks with their byte ranges and sections, in one pass.
fn blocks(article: &Article) -> Vec<BlockObject<'_>> {
    let mut above: Vec<(u8, &str)> = Vec::new();
    let mut start = 0;
    let labels = &article.metadata.page_labels;
    let label = |page: Option<u32>| {
        let label = labels.get(page?.checked_sub(1)? as usize)?;
        (!label.is_empty()).then_some(&**label)
    };
    let mut objects = Vec::with_capacity(article.blocks.len());
    for block in &article.blocks {
        let level = match block.kind {
            BlockKind::Heading(level) => Some(level),
            _ => None,
        };
        if let Some(level) = level {
            above.truncate(above.partition_point(|(higher, _)| *higher < level));
        }
        let end = start + block.text.len();
        objects.push(BlockObject {
            kind: block.kind.name(),
            level,
            text: &block.text,
            start,
            end,
            line: block.line,
            page: block.page,
            page_label: label(block.page),
            section: above.iter().map(|(_, text)| *text).collect(),
        });
        if let Some(level) = level {
            above.push((level, &block.text));
        }
        start = end + Article::BLOCK_SEPARATOR.len();
    }
    objects
}

fn pair(range: &Range<usize>) -> [usize; 2] {
    [range.start, range.end]
}

/// `value` to so many steps of one; 0 for what JSON has no number for.
fn rounded(value: f64, steps: f64) -> f64 {
    if value.is_finite() { (value * steps).round() / steps } else { 0.0 }
}

fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1e3, 1e3)
}

fn as_object<S: Serializer>(pairs: &[(String, u64)], out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(pairs.iter().map(|(value, count)| (value, count)))
}

#[cfg(test)]
// One highlight is one range.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::search::{
        ConceptCount, ConceptCounts, Explanation, Form, Operator, PlanPart, ScorePart, ScoreWord,
    };
    use crate::{
        Block, Date, Extracted, Field, Language, Metadata, Origin, Query, Unreadable, Vocabulary,
    };

    const SCHEMA: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/polidex.schema.json"));

    fn line(line: &JsonLine) -> String {
        let mut out = Vec::new();
        line.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn hit() -> Hit {
        Hit {
            rank: 1,
            score: 7.312_345,
            path: "eu/ai-act.md".into(),
            title: "AI Act".into(),
            date: Date::new(2024, Some(8), Some(1)),
            language: Language::ENGLISH,
            source: Some("Euractiv".into()),
            url: None,
            authors: vec!["A. Author".into()],
            kind: None,
            jurisdiction: None,
            tags: vec![],
            cites: vec![],
            hash: format!("blake3:{}", "0a".repeat(32)),
            file_hash: None,
            matches: 3,
            passages: vec![Passage {
                text: "… digital sovereignty …".into(),
                highlights: vec![4..23],
                start: 1840,
                end: 1867,
                line: Some(12),
                page: None,
                page_label: None,
                section: vec!["Background".into()],
                starts_inside: true,
                ends_inside: false,
            }],
            duplicates: vec![Duplicate {
                path: "us/copy.md".into(),
                title: "AI Act".into(),
                date: Date::new(2024, Some(8), None),
                source: None,
                similarity: 0.984,
            }],
            explanation: None,
        }
    }

    fn explained() -> Hit {
        let word = ScoreWord {
            text: "digital".into(),
            documents: 3,
            boost: 2.0,
            weight: 1.234_567_8,
            function_word: false,
        };
        let part = ScorePart {
            text: "digital^2".into(),
            words: vec![word],
            occurrences: 3,
            in_title: 1,
            in_headings: 0,
            in_compounds: 0,
            inflected: 0,
            frequency: 5.0,
            norm: 1.1,
            weight: 1.234_567_8,
            contribution: 2.5,
        };
        let explanation = Explanation { parts: vec![part], closeness: 0.5, total: 3.0 };
        Hit { explanation: Some(explanation), ..hit() }
    }

    fn plan() -> QueryPlan {
        let form = Form { text: "digit".into(), language: Some(Language::ENGLISH), articles: 2 };
        let word = PlanPart {
            operator: Operator::Word,
            text: "digital".into(),
            field: None,
            articles: 2,
            weight: 0.5,
            forms: vec![form],
            parts: vec![],
        };
        let root = PlanPart {
            operator: Operator::Within,
            field: Some(Field::Title),
            forms: vec![],
            parts: vec![word.clone()],
            ..word
        };
        QueryPlan {
            query: "title:digital".into(),
            notes: results().notes,
            languages: vec![Language::ENGLISH],
            articles: 12,
            root,
            generation: 4,
        }
    }

    fn results() -> SearchResults {
        SearchResults {
            query: "\"digital sovereignty\"".into(),
            notes: vec![Note { code: "read_as_words", message: "m".into(), span: Some(0..3) }],
            suggestions: vec!["digital".into()],
            hits: vec![hit()],
            articles: 12,
            matches: 31,
            fallback: false,
            terms: vec![SignificantTerm {
                word: "cloud".into(),
                language: Language::ENGLISH,
                weight: 0.3,
                occurrences: 7,
                articles: 3,
            }],
            facets: vec![],
            folded: 1,
            timed_out: false,
            generation: 4,
            elapsed: Duration::from_nanos(1_912_345),
            profile: Default::default(),
        }
    }

    fn stored() -> StoredArticle {
        let blocks = vec![
            Block::new(BlockKind::Title, "Été"),
            Block::new(BlockKind::Heading(2), "A").at_line(3),
            Block::new(BlockKind::Heading(3), "B"),
            Block::new(BlockKind::Paragraph, "Text."),
            Block::new(BlockKind::Heading(2), "C"),
            Block::new(BlockKind::Quote, "Words."),
        ];
        let mut article = Article::new("a.md", blocks);
        article.metadata = Metadata { title: Some("Été".into()), ..Metadata::default() };
        article.metadata.origins.insert("title".into(), Origin::Document);
        article.metadata.extra.insert("key".into(), "value".into());
        let hash = format!("blake3:{}", "0".repeat(64));
        StoredArticle { article, file_hash: Some(hash.clone()), hash, format: "markdown".into() }
    }

    fn concept() -> &'static crate::Concept {
        Vocabulary::shipped().concept("ai-act").unwrap()
    }

    fn concept_counts() -> ConceptCounts {
        let concept = Vocabulary::shipped().concept("gdpr").unwrap().clone();
        ConceptCounts {
            concepts: vec![ConceptCount { concept, articles: 3, matches: 7 }],
            articles: 12,
            generation: 4,
            elapsed: Duration::from_micros(900),
        }
    }

    fn problems() -> Vec<Problem> {
        vec![Problem { path: "a.bin".into(), kind: ProblemKind::Skipped, reason: "r".into() }]
    }

    fn samples() -> Vec<Value> {
        let status = Status {
            corpus: Some("/news".into()),
            languages: vec![("fr".into(), 2), ("en".into(), 1)],
            years: vec![("".into(), 3)],
            problems: problems(),
            ..Status::default()
        };
        let extracted =
            Extracted { format: "Markdown", articles: 1, broken: vec!["line 3: b".into()] };
        let unreadable = Unreadable { reason: "is empty".into() };
        let check = CheckReport { damage: vec!["d".into()], ..CheckReport::default() };
        let update = UpdateReport { problems: problems(), ..UpdateReport::default() };
        let repair = RepairReport {
            check: check.clone(),
            aside: Some("/x.corrupt-1".into()),
            update: update.clone(),
            lost: 2,
        };
        let evaluation =
            EvaluationReport { against: Some(Default::default()), ..Default::default() };
        let lines = [
            line(&JsonLine::hit(&hit())),
            line(&JsonLine::hit(&explained())),
            line(&JsonLine::explanation(&plan())),
            line(&JsonLine::summary(&results())),
            line(&JsonLine::concept(concept())),
            line(&JsonLine::concept_count(&concept_counts().concepts[0])),
            line(&JsonLine::concepts(Vocabulary::shipped(), None)),
            line(&JsonLine::concepts(
                Vocabulary::shipped(),
                Some((&concept_counts(), Some(&Query::parse("#gdpr").unwrap()))),
            )),
            line(&JsonLine::from(&Error::NoIndex { path: "/x".into() })),
            line(&JsonLine::article(&stored())),
            line(&JsonLine::extracted(&stored().article)),
            line(&JsonLine::extraction("a.md", &Ok(extracted))),
            line(&JsonLine::extraction("a.bin", &Err(unreadable))),
            line(&JsonLine::format(&crate::formats()[0])),
            line(&JsonLine::limit(&crate::limits()[0])),
            line(&JsonLine::confinement(Some(crate::Confinement::default()))),
            line(&JsonLine::status(&status)),
            line(&JsonLine::check(&check)),
            line(&JsonLine::repair(&repair)),
            line(&JsonLine::index(&update)),
            line(&JsonLine::measures("q1", &Measures::default())),
            line(&JsonLine::evaluation(&evaluation)),
        ];
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn every_object_is_as_the_schema_says_and_a_broken_one_is_not() {
        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        for sample in samples() {
            if let Err(error) = schema.validate(&sample) {
                panic!("{sample}: {error} at {}", error.instance_path());
            }
            // No object passes without any one of its keys, nor as another type.
            for key in sample.as_object().unwrap().keys() {
                let mut broken = sample.clone();
                broken.as_object_mut().unwrap().remove(key);
                assert!(!schema.is_valid(&broken), "{sample} is valid without {key}");
            }
            let mut other = sample.clone();
            other["type"] = json!("other");
            assert!(!schema.is_valid(&other));
            // A later version may add keys.
            let mut later = sample.clone();
            later["later"] = json!(1);
            assert!(schema.is_valid(&later));
        }
        let mut broken = samples().remove(0);
        broken["passages"][0]["highlights"] = json!([[1, 2, 3]]);
        assert!(!schema.is_valid(&broken));
        let mut broken = samples().remove(1);
        broken["explanation"]["parts"][0]["weight"] = json!("heavy");
        assert!(!schema.is_valid(&broken));
        let mut broken = samples().remove(2);
        broken["root"]["parts"][0]["operator"] = json!("xor");
        assert!(!schema.is_valid(&broken));
    }

    #[test]
    fn a_hit_and_a_summary_have_the_documented_form() {
        assert_eq!(
            line(&JsonLine::hit(&hit())),
            format!(
                r#"{{"type":"hit","rank":1,"score":7.3123,"path":"eu/ai-act.md","title":"AI Act","date":"2024-08-01","language":"en","source":"Euractiv","url":null,"authors":["A. Author"],"kind":null,"jurisdiction":null,"tags":[],"cites":[],"hash":"blake3:{}","file_hash":null,"matches":3,"passages":[{{"text":"… digital sovereignty …","highlights":[[4,23]],"start":1840,"end":1867,"line":12,"page":null,"page_label":null,"section":["Background"],"starts_inside":true,"ends_inside":false}}],"duplicates":[{{"path":"us/copy.md","title":"AI Act","date":"2024-08","source":null,"similarity":0.98}}],"explanation":null}}"#,
                "0a".repeat(32)
            ) + "\n"
        );
        assert_eq!(
            line(&JsonLine::summary(&results())),
            r#"{"type":"summary","format_version":1,"query":"\"digital sovereignty\"","notes":[{"code":"read_as_words","message":"m","span":[0,3]}],"suggestions":["digital"],"fallback":false,"articles":12,"matches":31,"terms":[{"word":"cloud","language":"en","weight":0.3,"occurrences":7,"articles":3}],"facets":{},"folded":1,"timed_out":false,"shown":1,"elapsed_ms":1.912,"generation":4}"#.to_owned() + "\n"
        );
    }

    #[test]
    fn lines_of_a_list_of_queries_name_their_query() {
        let schema = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let (hit, results) = (hit(), results());
        for line in [
            JsonLine::hit(&hit),
            JsonLine::summary(&results),
            JsonLine::error("c", "m", None, None),
        ] {
            let mut value = serde_json::to_value(&line).unwrap();
            assert_eq!(value.get("query_id"), None);
            value = serde_json::to_value(line.of_query("q1")).unwrap();
            assert_eq!(value["query_id"], "q1");
            assert!(schema.is_valid(&value));
            value["query_id"] = json!(1);
            assert!(!schema.is_valid(&value));
        }
    }

    #[test]
    fn block_ranges_are_of_the_canonical_text_and_sections_those_of_the_article() {
        let stored = stored();
        let text = stored.article.text();
        for (number, block) in blocks(&stored.article).into_iter().enumerate() {
            assert_eq!(&text[block.start..block.end], block.text);
            assert_eq!(block.section, stored.article.section(number));
        }
    }

    #[test]
    fn hostile_text_is_escaped_and_reads_back_unchanged() {
        let hostile = "\u{7f}\u{85}\u{9b}\u{1b}[31m\u{202e}\u{2066}\u{2028}\u{2029}\u{e0041}\"\\\n";
        let out = line(&JsonLine::error("c", hostile, None, None));
        assert!(out.contains(
            r#""message":"\u007f\u0085\u009b\u001b[31m\u202e\u2066\u2028\u2029\udb40\udc41\"\\\n""#
        ));
        assert!(out.trim_end_matches('\n').chars().all(|c| (' '..='~').contains(&c)), "{out}");
        let back: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(back["message"], hostile);
        // Letters of any script stay as they are, joiners too.
        let plain = "é 主権 می\u{200c}خواهم";
        assert!(line(&JsonLine::error("c", plain, None, None)).contains(plain));
    }

    #[test]
    fn a_score_is_always_a_number() {
        let odd = Hit { score: f32::NAN, ..hit() };
        assert!(line(&JsonLine::hit(&odd)).contains(r#""score":0.0"#));
    }
}
