//! What a person asks for, apart from any index.

mod display;
mod parse;
mod tree;

pub use tree::{Field, Node, Note, PhrasePart, Unit};

/// What a person asks for: a value apart from any index, that prints back to text that parses to
/// itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// What the asker should know about how the text was read.
    pub notes: Vec<Note>,
}
