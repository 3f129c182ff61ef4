//! The tree of a query: what was asked, as data.

use std::ops::Range;
use std::sync::Arc;

use crate::date::DateRange;
use crate::vocabulary::Concept;

/// A part of a query.
///
/// It prints in the canonical form that parses to it:
///
/// ```
/// use polidex::Query;
/// use polidex::query::Node;
///
/// let word = |word: &str| Node::Word(word.to_owned());
/// let node = Node::And(vec![word("sovereignty"), Node::Not(Box::new(word("AND")))]);
/// assert_eq!(node.to_string(), "sovereignty NOT \\AND");
/// let read = Query::parse("sovereignty AND (cloud OR data)")?;
/// assert_eq!(
///     read.root,
///     Node::And(vec![word("sovereignty"), Node::Or(vec![word("cloud"), word("data")])])
/// );
/// # Ok::<(), polidex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A word in all its inflected forms.
    Word(String),
    /// This form of a word only: `=models`.
    Exact(String),
    /// A word with wildcards: `sovereign*`, `sovereig?ty`; `*` is any run of characters, `?` is one.
    Pattern(String),
    /// A word within a number of edits (1 or 2): `souverainty~2`.
    Fuzzy {
        /// The word.
        word: String,
        /// The greatest number of edits.
        distance: u8,
    },
    /// Words side by side, in order: `"digital sovereignty"`; with `slop`, up to so many further
    /// positions between them.
    Phrase {
        /// The words in order.
        parts: Vec<PhrasePart>,
        /// The number of further positions allowed.
        slop: u32,
    },
    /// Parts side by side without an operator: all of them, unless the search is for any.
    Words(Vec<Node>),
    /// All of these; `Not` among them takes away.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    /// Not this; stands within `Words` or `And`, beside at least one part that is asked for.
    Not(Box<Node>),
    /// Within `distance` words of each other.
    Near {
        /// How far apart they are at most, in words: 1 is side by side.
        distance: u32,
        /// Whether the operands must stand in the order given (`BEFORE`).
        ordered: bool,
        /// Two or more operands.
        operands: Vec<Node>,
    },
    /// In one sentence or one paragraph.
    Same {
        /// Which.
        unit: Unit,
        /// Two or more operands.
        operands: Vec<Node>,
    },
    /// At least `count` occurrences in an article: `atleast/3 sovereignty`.
    AtLeast {
        /// The least number of occurrences.
        count: u32,
        /// Of what.
        node: Box<Node>,
    },
    /// At least `count` of these: `2 OF (a, b, c)`.
    Of {
        /// The least number of parts that must match.
        count: u32,
        /// The parts.
        nodes: Vec<Node>,
    },
    /// In a field: `title:sovereignty`, `lang:fr`.
    Field {
        /// Which.
        field: Field,
        /// What must stand there.
        node: Box<Node>,
    },
    /// What a text can speak of under many names, by any of them: `#digital-sovereignty`. The names
    /// stand here, so that a query finds the same whatever becomes of the vocabulary.
    Concept {
        /// The concept, as the vocabulary had it.
        concept: Arc<Concept>,
        /// Labels of it that are not looked for, as in `#data-protection{-"data privacy"}`.
        without: Vec<String>,
    },
    /// Published in a range of days: `date:2025`, `since:6m`.
    Date(DateRange),
    /// The same, weighted: `sovereignty^2`.
    Boost {
        /// The part.
        node: Box<Node>,
        /// The factor, over 0 and at most 100.
        factor: f32,
    },
}

/// A part of a phrase.
#[derive(Debug, Clone, PartialEq)]
pub enum PhrasePart {
    /// A word as written.
    Word(String),
    /// A word with wildcards.
    Pattern(String),
    /// Any one word: `*`.
    Any,
}

/// A stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A sentence (`SAME/s`).
    Sentence,
    /// A block: paragraph, heading, list item, table cell (`SAME/p`).
    Paragraph,
}

/// A field that a part of a query can be confined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The title.
    Title,
    /// The headings.
    Heading,
    /// The authors.
    Author,
    /// The outlet or publisher.
    Source,
    /// The keywords.
    Tag,
    /// The language, by its code.
    Language,
    /// The kind of article.
    Kind,
    /// The jurisdiction.
    Jurisdiction,
    /// The instruments that the text refers to: `cites:32024R1689`.
    Cites,
    /// The path: `path:eu/*`.
    Path,
}

impl Field {
    /// Every field, with the name that a query uses.
    pub const ALL: [(Field, &str); 10] = [
        (Field::Title, "title"),
        (Field::Heading, "heading"),
        (Field::Author, "author"),
        (Field::Source, "source"),
        (Field::Tag, "tag"),
        (Field::Language, "lang"),
        (Field::Kind, "kind"),
        (Field::Jurisdiction, "jurisdiction"),
        (Field::Cites, "cites"),
        (Field::Path, "path"),
    ];

    /// The name that a query uses.
    pub fn name(self) -> &'static str {
        Field::ALL.iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }
}

/// Something that the asker should know about how the query was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A stable word for programs, such as `read_as_words`.
    pub code: &'static str,
    /// What was read how, in one sentence without a full stop.
    pub message: String,
    /// The bytes of the query's text that are meant, if a place is meant.
    pub span: Option<Range<usize>>,
}
