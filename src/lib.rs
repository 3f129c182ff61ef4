//! Full-text search with exact phrases and quotable evidence, over a folder of articles.
// The library is silent and never gives up; see also tests/it/tidy.rs.
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]

pub mod analysis;
pub mod article;
pub mod corpus;
pub mod date;
pub mod error;
pub mod index;
pub mod language;
pub mod query;
pub mod search;
mod snippet;

pub use analysis::{Token, tokens};
pub use article::{Article, Block, BlockKind, Metadata, Origin};
pub use corpus::Corpus;
pub use date::Date;
pub use error::{Error, Result};
pub use index::{
    CancelToken, CheckReport, Index, Phase, Problem, ProblemKind, Progress, Status, UpdateOptions,
    UpdateReport,
};
pub use language::Language;
pub use query::Query;
pub use search::{
    Hit, Matching, Passage, SearchOptions, SearchResults, Searcher, Sort, StoredArticle,
};
