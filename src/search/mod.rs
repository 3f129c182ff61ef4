//! Answering a query from an index.
mod results;
pub use results::{Hit, Passage, SearchResults};
