//! Article, Block and Metadata: what a corpus holds, an index stores and a search returns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Date, Language};

/// One article: its identity, what is known about it, and its text in blocks.
///
/// ```
/// use polidex::{Article, Block, BlockKind};
///
/// let article = Article::new(
///     "notes/1.txt",
///     vec![
///         Block::new(BlockKind::Heading(1), "Gaia-X"),
///         Block::new(BlockKind::Paragraph, "Digital sovereignty is the aim."),
///     ],
/// );
/// assert_eq!(article.text(), "Gaia-X\n\nDigital sovereignty is the aim.");
/// assert_eq!(article.section(1), ["Gaia-X"]);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Identity: the path relative to the corpus root, with `/` between its parts; a file that
    /// holds several articles adds `#` and the article's own name.
    pub path: String,
    /// What is known about the article.
    pub metadata: Metadata,
    /// The text, in reading order.
    pub blocks: Vec<Block>,
    /// What a reader should know about how the article was read, such as characters replaced.
    pub notes: Vec<String>,
}

/// A unit of text that a phrase cannot leave and that a passage is cut from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Its text, normalised: NFC, one space between words, no line ends.
    pub text: String,
    /// The line of the source file that it starts on, from 1 (text formats).
    pub line: Option<u32>,
    /// Where in `text`, in bytes, each further line of the source file starts, or each further page
    /// where the block has a page and no line; ascending.
    pub breaks: Vec<u32>,
    /// The page that it starts on, from 1 (paged formats).
    pub page: Option<u32>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// The article's title.
    Title,
    /// A heading with its level, 1 (highest) to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A quotation set off from the text.
    Quote,
    /// A cell of a table.
    Cell,
    /// Program text or other preformatted text.
    Code,
    /// The caption of a figure or table.
    Caption,
}

/// What is known about an article; what is not known is absent, never guessed from the file system.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The title.
    pub title: Option<String>,
    /// Persons or desks that wrote it.
    pub authors: Vec<String>,
    /// When it was published, with the precision that is known.
    pub date: Option<Date>,
    /// The language of its text.
    pub language: Option<Language>,
    /// The outlet or publisher.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The jurisdiction that it speaks of, such as `EU`.
    pub jurisdiction: Option<String>,
    /// The kind of article: news, analysis, law, report, …
    pub kind: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// The numbers printed on the pages, such as `iv`, from the first page on; empty where they
    /// are the plain ones or not known.
    pub page_labels: Vec<String>,
    /// The instruments that its text refers to, by identifiers (see [`crate::citation`]), in the
    /// order in which they are first named.
    pub cites: Vec<String>,
    /// Further keys of the source, as text.
    pub extra: BTreeMap<String, String>,
    /// Where each known field (by its name above) came from.
    pub origins: BTreeMap<String, Origin>,
}

/// Where a fact about an article came from, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Given by the program that made the article.
    Given,
    /// The front matter or header of the file, or the fields of its record.
    FrontMatter,
    /// Metadata embedded in the document, such as HTML `<meta>` or PDF properties.
    Embedded,
    /// The document's own structure, such as its first heading.
    Document,
    /// Detected from the text.
    Detected,
    /// The file's path.
    Path,
}

impl Origin {
    /// The name as in JSON: `given`, `front_matter`, `embedded`, `document`, `detected`, `path`.
    pub fn name(&self) -> &'static str {
        match self {
            Origin::Given => "given",
            Origin::FrontMatter => "front_matter",
            Origin::Embedded => "embedded",
            Origin::Document => "document",
            Origin::Detected => "detected",
            Origin::Path => "path",
        }
    }
}

impl Article {
    /// What stands between two blocks in the canonical text.
    pub const BLOCK_SEPARATOR: &str = "\n\n";

    /// An article with this path and these blocks, and no metadata.
    pub fn new(path: impl Into<String>, blocks: Vec<Block>) -> Article {
        Article { path: path.into(), blocks, ..Article::default() }
    }

    /// The canonical text: the blocks' text joined by blank lines. Byte ranges of passages and the
    /// article's hash are of this text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (i, block) in self.blocks.iter().enumerate() {
            if i > 0 {
                text.push_str(Self::BLOCK_SEPARATOR);
            }
            text.push_str(&block.text);
        }
        text
    }

    /// The headings above block number `block`, outermost first; a heading is not above itself.
    pub fn section(&self, block: usize) -> Vec<&str> {
        let mut path: Vec<&str> = Vec::new();
        let mut below = match self.blocks[block].kind {
            BlockKind::Heading(level) => level,
            _ => u8::MAX,
        };
        for above in self.blocks[..block].iter().rev() {
            if let BlockKind::Heading(level) = above.kind
                && level < below
            {
                path.push(&above.text);
                below = level;
            }
        }
        path.reverse();
        path
    }
}

impl Block {
    /// A block without a known place.
    pub fn new(kind: BlockKind, text: impl Into<String>) -> Block {
        Block { kind, text: text.into(), line: None, breaks: Vec::new(), page: None }
    }

    /// The line and the page on which byte `at` of the text stands, as far as they are known.
    ///
    /// ```
    /// use polidex::{Block, BlockKind};
    ///
    /// let mut block = Block::new(BlockKind::Paragraph, "two lines").at_line(7);
    /// block.breaks = vec![4];
    /// assert_eq!((block.place(3), block.place(4)), ((Some(7), None), (Some(8), None)));
    /// ```
    pub fn place(&self, at: usize) -> (Option<u32>, Option<u32>) {
        let before = self.breaks.partition_point(|start| *start as usize <= at) as u32;
        // The breaks of a block without a line are those of pages.
        let pages = if self.line.is_none() { before } else { 0 };
        (self.line.map(|line| line + before), self.page.map(|page| page + pages))
    }

    /// The same block, starting on this line (from 1).
    pub fn at_line(mut self, line: u32) -> Block {
        self.line = Some(line);
        self
    }
}

impl BlockKind {
    /// The name as in JSON: `title`, `heading`, `paragraph`, `list_item`, `quote`, `cell`, `code`,
    /// `caption`.
    pub fn name(&self) -> &'static str {
        match self {
            BlockKind::Title => "title",
            BlockKind::Heading(_) => "heading",
            BlockKind::Paragraph => "paragraph",
            BlockKind::ListItem => "list_item",
            BlockKind::Quote => "quote",
            BlockKind::Cell => "cell",
            BlockKind::Code => "code",
            BlockKind::Caption => "caption",
        }
    }
}
