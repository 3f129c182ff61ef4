//! polidex
#![warn(missing_docs, unreachable_pub)]
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod analysis;
pub mod article;
pub mod corpus;
pub mod date;
pub mod error;
pub mod index;
pub mod language;
pub mod query;
pub mod render;
pub mod search;
mod snippet;

pub use analysis::{Token, tokens};
pub use article::{Article, Block, BlockKind, Metadata, Origin};
pub use corpus::{Corpus, CorpusOptions};
pub use date::{Age, AgeUnit, Date, DateRange, InvalidDate};
pub use error::{Error, Result};
pub use index::{
    CancelToken, CheckReport, Index, Phase, Problem, ProblemKind, Progress, Status, UpdateOptions,
    UpdateReport, index_name,
};
pub use language::{InvalidLanguage, Language};
pub use query::{Field, Node, Note, Query};
pub use render::{JsonLine, TermSafe, Text, file_url};
pub use search::{
    Hit, Matching, Passage, SearchOptions, SearchResults, Searcher, Sort, StoredArticle,
};
