//! polidex
#![warn(missing_docs, unreachable_pub)]

pub mod article;
pub mod corpus;
pub mod date;
pub mod error;
pub mod index;
pub mod language;
pub mod query;
pub mod render;
pub mod search;

pub use article::{Article, Block, BlockKind, Metadata, Origin};
pub use corpus::Corpus;
pub use date::{Age, AgeUnit, Date, DateRange, InvalidDate};
pub use error::{Error, Result};
pub use index::{
    CancelToken, CheckReport, CorpusOptions, Index, Matching, Phase, Problem, ProblemKind,
    Progress, SearchOptions, Searcher, Sort, Status, StoredArticle, UpdateOptions, UpdateReport,
    index_name,
};
pub use language::{InvalidLanguage, Language};
pub use query::{Field, Node, Note, Query};
pub use render::{JsonLine, TermSafe, Text, file_url};
pub use search::{Hit, Passage, SearchResults};
