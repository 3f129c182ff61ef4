//! polidex
#![warn(missing_docs, unreachable_pub)]

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
