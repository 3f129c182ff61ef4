//! Full-text search with exact phrases and quotable evidence, over a folder of articles.
//!
//! A [`Corpus`] is a folder of articles. An [`Index`] is made of it and brought up to date with it.
//! A [`Searcher`] answers a [`Query`] from one commit of the index, with [`Hit`]s whose
//! [`Passage`]s say the exact words and where they stand: bytes, line or page, section, hash.
//!
//! ```
//! use polidex::{Corpus, Index, Query, SearchOptions, UpdateOptions};
//!
//! # let corpus_folder = tempfile::tempdir().unwrap();
//! # std::fs::write(corpus_folder.path().join("gaia-x.md"), "# Gaia-X\n\n## Aim\n\nIts aim is\ndigital sovereignty.\n").unwrap();
//! # let index_folder = tempfile::tempdir().unwrap();
//! let corpus = Corpus::open(corpus_folder.path())?;
//! let index = Index::create(index_folder.path())?;
//! let report = index.update(&corpus, &UpdateOptions::default())?;
//! assert_eq!((report.added, report.failed), (1, 0));
//!
//! let query = Query::parse("“digital sovereignty”")?;
//! let answer = index.searcher()?.search(&query, &SearchOptions::default())?;
//! assert_eq!((answer.articles, answer.matches), (1, 1));
//!
//! let hit = &answer.hits[0];
//! assert_eq!((&*hit.path, &*hit.title), ("gaia-x.md", "Gaia-X"));
//! let passage = &hit.passages[0];
//! assert_eq!(passage.text, "Its aim is digital sovereignty.");
//! assert_eq!(&passage.text[passage.highlights[0].clone()], "digital sovereignty");
//! assert_eq!((passage.line, &*passage.section), (Some(5), &["Aim".to_owned()][..]));
//! # Ok::<(), polidex::Error>(())
//! ```
//!
//! Articles need not come from files: [`Index::add`] takes [`Article`]s that a program has made,
//! and [`Index::in_memory`] makes an index that is gone with the program. Long work tells how far
//! it is and can be cancelled: see [`UpdateOptions`]. Answers are plain data; [`JsonLine`] and
//! [`Text`] write them as the command line does.
//!
//! # The modules, in reading order
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] | what can go wrong, as one type |
//! | [`language`], [`date`] | languages and dates as articles have them |
//! | [`article`] | what everything else speaks of: articles, blocks, metadata |
//! | [`corpus`] | a folder of articles: walking it, reading its files |
//! | [`citation`] | the laws, cases and papers that a text refers to, by identifiers |
//! | [`analysis`] | text to terms, the same for articles, queries and passages |
//! | [`vocabulary`] | concepts, and the names that they have in several languages |
//! | [`query`] | what a person asks for, apart from any index |
//! | [`index`] | the index: one commit at a time, on disk or in memory |
//! | [`search`] | answering a query from an index |
//! | [`saved`] | named queries in a file |
//! | [`alerts`] | what is new or has changed for saved queries |
//! | [`report`] | saved queries counted by period and facet, with quotations |
//! | [`verify`] | whether quotations stand in the articles of an index |
//! | [`reference`](mod@reference) | articles as a bibliography names them, with what is quoted |
//! | [`eval`] | how good rankings are, measured against the judgements of people |
//! | [`render`] | answers as text and as JSON |
//!
//! # What it does not do
//!
//! The library prints nothing, reads no environment, finds no home directory, opens no network
//! connection and changes nothing in a corpus. No type of the engine below is in its interface.

// The library is silent and never gives up; see also tests/it/tidy.rs.
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]

pub mod alerts;
pub mod analysis;
pub mod article;
pub mod citation;
pub mod corpus;
pub mod date;
pub mod error;
pub mod eval;
pub mod index;
pub mod language;
mod limit;
pub mod query;
pub mod reference;
pub mod render;
pub mod report;
mod safe;
pub mod saved;
pub mod search;
mod snippet;
pub mod verify;
pub mod vocabulary;

pub use alerts::{Alert, AlertHit, AlertOptions, AlertState, Alerts, FEED_ENTRIES, FeedEntry};
pub use analysis::{Token, tokens};
pub use article::{Article, Block, BlockKind, Metadata, Origin};
pub use corpus::{
    Confinement, Corpus, CorpusOptions, Extracted, Extractor, FileFormat, Isolation, Unreadable,
    Workers, formats, packings, serve_worker,
};
pub use date::{Age, AgeUnit, Date, DateRange, InvalidDate};
pub use error::{Error, Result};
pub use eval::{
    Collection, Comparison, Evaluation, EvaluationReport, InvalidLine, Measures, Qrels, Run,
    Scored, Topic, average_precision, compare, ndcg, plain_query, randomisation_test, ranking,
    recall, reciprocal_rank, trec_word, write_ranking,
};
pub use index::{
    CancelToken, CheckReport, Index, Observer, Phase, Problem, ProblemKind, Progress, RepairReport,
    Status, UpdateOptions, UpdateProfile, UpdateReport, index_name,
};
pub use language::{InvalidLanguage, Language};
pub use limit::{Limit, SEARCH_TIMEOUT, Unit, limits};
pub use query::{Field, Node, Note, Query};
pub use reference::{
    AuthorName, CitedQuotation, Locator, Pinpoint, Reference, ReferenceKind, distinct,
};
pub use render::{
    JsonLine, ReferenceFormat, Table, Text, file_url, write_atom, write_report_html,
    write_report_markdown, write_trend_svg,
};
pub use report::{Report, ReportOptions, ReportQuery, ReportRow};
pub use safe::TermSafe;
pub use saved::{NewQuery, SavedQueries, SavedQuery};
pub use search::{
    ArticleFacts, Breakdown, BreakdownPeriod, Collocate, CollocateOptions, CollocateSort,
    Collocates, ConceptCount, ConceptCounts, Concordance, Duplicate, Explanation, Facet,
    FacetCounts, Hit, KeyTerm, KeyTermOptions, KeyTerms, KwicLine, KwicOptions, KwicSort,
    MatchedArticle, Matching, Passage, Per, Period, QueryPlan, SearchOptions, SearchResults,
    Searcher, SignificantTerm, Sort, StoredArticle, Trend, TrendCount, TrendOptions, TrendPeriod,
    TrendPoint, TrendSeries,
};
pub use verify::{
    Agreement, Difference, DifferenceKind, DraftQuotation, PlacedPart, QuotationForm, Typography,
    Verification, VerifiedPlace, VerifyOptions, quotations,
};
pub use vocabulary::{Concept, ConceptKind, Label, LabelForm, Vocabulary};
