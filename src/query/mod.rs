//! What a person asks for, apart from any index.
//!
//! [`Query::parse`] reads a line of text; the tree that it gives ([`Node`]) is plain data. The
//! words of the grammar are those that people know from Lucene, Google and legal search:
//!
//! | written | means |
//! |---|---|
//! | `digital sovereignty` | both words, inflected forms too |
//! | `"digital sovereignty"`, `“…”`, `« … »`, `„…“`, `「…」` | these words side by side |
//! | `"digital sovereignty"~3` | within 3 further positions, in order |
//! | `"digital sov*"`, `"right to * explanation"` | a prefix, any one word within a phrase |
//! | `sovereign*`, `sovereig?ty` | wildcards |
//! | `=models` | this form only |
//! | `souverainty~`, `souverainty~2` | 1 or 2 edits |
//! | `A AND B`, `A OR B`, `A NOT B`, `-B`, `( … )` | boolean; AND binds tighter than OR |
//! | `A NEAR/5 B`, `A BEFORE/5 B` | within 5 words, in any order or in this one |
//! | `A SAME/s B`, `A SAME/p B` | in one sentence, in one paragraph |
//! | `atleast/3 A`, `2 OF (A, B, C)` | so many occurrences, so many of these |
//! | `title:A`, `lang:fr`, `path:eu/*` | in that field ([`Field`]) |
//! | `date:2025-10`, `date:2024..2025`, `date:>=2024-08-01`, `since:6m`, `until:2024` | published then |
//! | `#digital-sovereignty`, `concept:"digital sovereignty"` | any label of a concept, in any language |
//! | `#data-protection{-"data privacy"}` | the same without a label |
//! | `A^2` | weighted |
//! | `\"`, `\:` | the character itself |
//!
//! `NOT` and `-` bind tightest, then `NEAR`, `BEFORE` and `SAME`, then words side by side and
//! `AND`, then `OR`.

mod call;
mod concept;
mod confine;
mod dates;
mod display;
mod expand;
pub mod limits;
mod names;
mod operator;
mod parse;
mod quotes;
mod remarks;
mod resolve;
mod scan;
mod source;
#[cfg(test)]
mod tests;
mod tree;
mod word;

pub use tree::{Field, Node, Note, PhrasePart, Unit};

/// What a person asks for: a value apart from any index, that prints back to text that parses to
/// itself.
///
/// ```
/// use polidex::Query;
///
/// let query = Query::parse("What is “digital sovereignty”?")?;
/// assert_eq!(query.to_string(), "What is \"digital sovereignty\"");
/// assert_eq!(Query::parse(&query.to_string())?.root, query.root);
/// # Ok::<(), polidex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// What the asker should know about how the text was read, in the order of the text. The codes
    /// are `read_as` (something is written otherwise in this language), `read_as_words` (something
    /// looks like syntax and is none), `ignored` (something holds nothing to find), `precedence`
    /// (operators were read in an order that might not be the one meant), `concept` (what a concept
    /// stands for), `expanded` (words that are looked for as a concept, too) and `no_day` (dates that have no day
    /// in common).
    pub notes: Vec<Note>,
}
