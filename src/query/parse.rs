//! From a line of text to a query.
use super::{Node, Query};
use crate::Result;

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Query> {
        Ok(Query { root: Node::Word(text.to_owned()), notes: Vec::new() })
    }
}
