//! XML of any vocabulary: elements become blocks, and headings where their names tell.
//!
//! Nothing is known of a vocabulary but names that many share (laws in Akoma Ntoso and Formex, TEI,
//! JATS, DocBook). What is inline is told from the text: an element is a block, unless it stands
//! among words of the element around it. No entity but the predefined ones, numbers and those of
//! HTML stands for anything; no document type is read.

use serde_json::Value;

use super::token::{Element, Token, Tokens};
use super::{Draft, Unreadable, encoding, raised};
use crate::corpus::metadata;
use crate::{Block, BlockKind, Origin};

/// How deep elements are told apart; what lies deeper belongs to the element at this depth.
const MAX_DEPTH: usize = 256;

/// What a name says of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Heading,
    /// A number that stands before a heading or a paragraph.
    Number,
    Block(BlockKind),
    Inline,
    /// What is inline and stands above the line.
    Raised,
    /// A line end in a text.
    Break,
    /// A description of the file, which is no text of it.
    Description,
    /// What no reader sees.
    Hidden,
    Unknown,
}

impl Role {
    fn is_inline(self) -> bool {
        matches!(self, Role::Inline | Role::Raised)
    }
}

const ROLES: &[(Role, &[&str])] = &[
    (
        Role::Heading,
        &[
            "heading",
            "title",
            "head",
            "subheading",
            "subtitle",
            "crossheading",
            "ti",
            "sti",
            "ti.art",
            "sti.art",
            "article-title",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        ],
    ),
    (Role::Number, &["num", "label", "no.p", "no", "enum", "pnumber"]),
    (Role::Block(BlockKind::ListItem), &["item", "li", "listitem", "list-item", "point"]),
    (Role::Block(BlockKind::Cell), &["td", "th", "cell", "entry"]),
    (Role::Block(BlockKind::Quote), &["blockquote", "disp-quote", "quotedstructure"]),
    (Role::Block(BlockKind::Code), &["pre", "programlisting", "screen"]),
    (Role::Block(BlockKind::Caption), &["caption", "figdesc"]),
    (
        Role::Block(BlockKind::Paragraph),
        &[
            "p",
            "para",
            "al",
            "alinea",
            "paragraph",
            "subparagraph",
            "div",
            "section",
            "content",
            "intro",
            "wrapup",
            "note",
            "footnote",
            "authorialnote",
            "ab",
            "l",
            "list",
            "table",
            "row",
            "tr",
            "body",
            "text",
        ],
    ),
    (
        Role::Inline,
        &[
            "a",
            "b",
            "i",
            "u",
            "em",
            "strong",
            "sub",
            "span",
            "ref",
            "rref",
            "mref",
            "hi",
            "ht",
            "ft",
            "emph",
            "emphasis",
            "term",
            "def",
            "ins",
            "del",
            "inline",
            "abbr",
            "q",
            "xref",
            "ext-link",
            "italic",
            "bold",
            "underline",
            "citetitle",
            "link",
            "ulink",
            "foreign",
            "date",
            "person",
            "organization",
            "persname",
            "placename",
            "orgname",
            "docdate",
            "doctitle",
            "docnumber",
            "docproponent",
            "quot.start",
            "quot.end",
            "ref.doc",
            "ref.doc.oj",
            "noteref",
            "small",
            "font",
            "tt",
        ],
    ),
    (Role::Raised, &["sup", "superscript"]),
    (Role::Break, &["br", "lb", "eol", "linebreak"]),
    (Role::Description, &["meta", "teiheader", "journal-meta", "processing-meta"]),
    (Role::Hidden, &["script", "style", "binary", "binarydata"]),
];

/// The parts of laws and books: a number alone is their heading.
const SECTIONS: &[&str] = &[
    "part",
    "title",
    "chapter",
    "section",
    "subsection",
    "article",
    "annex",
    "book",
    "division",
    "sec",
    "rule",
    "schedule",
];

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let decoded = encoding::decode(bytes, true)?;
    let mut draft = Draft { notes: decoded.notes, ..Draft::default() };
    let mut tokens = Tokens::new(&decoded.text);
    let mut tree = Walk::default();
    loop {
        match tokens.next() {
            Ok(Some(token)) => tree.take(token),
            Ok(None) => break,
            Err(reason) => {
                draft.notes.push(format!("the rest is not XML: {reason}"));
                break;
            }
        }
    }
    while !tree.open.is_empty() {
        tree.close();
    }
    let found = std::mem::take(&mut tree.described);
    metadata::apply(&mut draft, found, Origin::Embedded);
    draft.blocks = tree.blocks();
    if draft.blocks.is_empty() {
        return Err(Unreadable::new(match draft.notes.pop() {
            Some(note) => format!("holds no text: {note}"),
            None => "holds no text".to_owned(),
        }));
    }
    Ok(draft)
}

/// An element that has begun.
struct Open {
    name: String,
    role: Role,
    /// Its first piece.
    start: usize,
    /// Whether it has words of its own, beside those of the elements in it.
    mixed: bool,
    has_heading: bool,
}

/// Text on its way to become blocks.
enum Piece {
    /// Characters of an element that has not ended.
    Text(String),
    /// All characters of an element.
    Leaf(Role, String),
    Block(Block),
}

#[derive(Default)]
struct Walk {
    open: Vec<Open>,
    pieces: Vec<Piece>,
    /// Elements that have begun below the depth to which they are told apart.
    deeper: usize,
    /// Elements that have begun within one that is not read as text.
    hidden: usize,
    /// What a description says, by key.
    described: Vec<(String, Value)>,
    /// The key that the text of a description is for.
    key: Option<&'static str>,
}

impl Walk {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Start(element) if self.hidden > 0 => self.describe(&element),
            Token::Start(element) if self.open.len() >= MAX_DEPTH => {
                self.deeper += usize::from(!element.empty);
            }
            Token::Start(element) => self.start(&element),
            Token::End(_) if self.hidden > 0 => {
                self.hidden -= 1;
                self.key = None;
            }
            Token::End(_) if self.deeper > 0 => self.deeper -= 1,
            Token::End(name) => {
                // An end that nothing began is passed over; one further out ends all within.
                let near = self.open.iter().rev().take(32).position(|open| open.name == name);
                (0..near.map_or(0, |depth| depth + 1)).for_each(|_| self.close());
            }
            Token::Text(text) if self.hidden > 0 => {
                if let Some(key) = self.key
                    && !text.trim().is_empty()
                {
                    self.described.push((key.to_owned(), text.trim().into()));
                    self.key = None;
                }
            }
            Token::Text(text) => self.text(&text),
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        let role = role(element);
        if let Some(code) = element.attribute("lang")
            && self.open.is_empty()
        {
            self.described.push(("language".to_owned(), code.into()));
        }
        match role {
            Role::Break => self.text("\n"),
            _ if element.empty => {}
            Role::Description | Role::Hidden => self.hidden = 1,
            _ => self.open.push(Open {
                name: element.name.clone(),
                role,
                start: self.pieces.len(),
                mixed: false,
                has_heading: false,
            }),
        }
    }

    fn describe(&mut self, element: &Element<'_>) {
        self.key = match &*element.name {
            "title" => Some("title"),
            "author" => Some("author"),
            _ => None,
        };
        if let Some(date) = match &*element.name {
            "frbrdate" => element.attribute("date"),
            "date" => element.attribute("when"),
            _ => None,
        } {
            self.described.push(("date".to_owned(), date.into()));
        }
        self.hidden += usize::from(!element.empty);
    }

    fn text(&mut self, text: &str) {
        if !text.trim().is_empty()
            && let Some(open) = self.open.last_mut()
        {
            open.mixed = true;
        }
        let start = self.open.last().map_or(0, |open| open.start);
        let own = self.pieces.len() > start;
        match self.pieces.last_mut() {
            Some(Piece::Text(before)) if own => before.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    /// Ends the innermost element: its pieces become one leaf, or blocks.
    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let pieces = self.pieces.get(element.start..).unwrap_or_default();
        let inline = |piece: &Piece| match piece {
            Piece::Text(text) => text.trim().is_empty(),
            Piece::Leaf(role, _) => role.is_inline(),
            Piece::Block(_) => false,
        };
        let is_text = element.mixed || element.role.is_inline() || pieces.iter().all(inline);
        let level = 1 + self.open.iter().filter(|open| open.has_heading).count();
        let pieces = self.pieces.split_off(element.start);
        if is_text {
            self.join(pieces, &element, level);
        } else {
            self.part(pieces, &element, level);
        }
    }

    /// Joins the pieces of an element that is a text.
    fn join(&mut self, pieces: Vec<Piece>, element: &Open, level: usize) {
        let mut text = String::new();
        let mut whole = true;
        for piece in pieces {
            match piece {
                Piece::Text(part) | Piece::Leaf(Role::Inline | Role::Unknown, part) => {
                    text.push_str(&part);
                }
                Piece::Leaf(Role::Raised, part) => {
                    text.push_str(raised::separator(&text, &part));
                    text.push_str(&part);
                }
                Piece::Leaf(role, part) => {
                    self.push_block(element.role, &mut text, level);
                    self.push_block(role, &mut part.clone(), level + 1);
                    whole = false;
                }
                Piece::Block(block) => {
                    self.push_block(element.role, &mut text, level);
                    self.pieces.push(Piece::Block(block));
                    whole = false;
                }
            }
        }
        if !whole {
            return self.push_block(element.role, &mut text, level);
        }
        if text.trim().is_empty() && !element.role.is_inline() {
            return;
        }
        if element.name == "doctitle" {
            self.described.push(("title".to_owned(), text.as_str().into()));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.has_heading |= element.role == Role::Heading
                || (element.role == Role::Number && SECTIONS.contains(&&*parent.name));
        }
        self.pieces.push(Piece::Leaf(element.role, text));
    }

    fn push_block(&mut self, role: Role, text: &mut String, level: usize) {
        let text = std::mem::take(text);
        if !text.trim().is_empty() {
            self.pieces.push(Piece::Block(Block::new(kind(role, level), text)));
        }
    }

    /// Makes blocks of the pieces of an element that only holds others.
    fn part(&mut self, pieces: Vec<Piece>, element: &Open, level: usize) {
        let mut number: Option<String> = None;
        let is_section = SECTIONS.contains(&&*element.name);
        for piece in pieces {
            let mut block = match piece {
                Piece::Text(_) => continue,
                Piece::Leaf(Role::Number, text) => {
                    if let Some(number) = number.replace(text) {
                        self.pieces.push(Piece::Block(Block::new(BlockKind::Paragraph, number)));
                    }
                    continue;
                }
                Piece::Leaf(role, text) => Block::new(kind(role, level), text),
                Piece::Block(block) => block,
            };
            if let Some(number) = number.take() {
                let is_heading = matches!(block.kind, BlockKind::Heading(_));
                if is_section && !is_heading {
                    let kind = kind(Role::Heading, level);
                    self.pieces.push(Piece::Block(Block::new(kind, number)));
                } else {
                    block.text = format!("{number} {}", block.text);
                }
            }
            self.pieces.push(Piece::Block(block));
        }
        if let Some(number) = number {
            let role = if is_section { Role::Heading } else { Role::Unknown };
            self.pieces.push(Piece::Block(Block::new(kind(role, level), number)));
        }
    }

    fn blocks(self) -> Vec<Block> {
        let blocks = self.pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => Block::new(BlockKind::Paragraph, text),
            Piece::Leaf(role, text) => Block::new(kind(role, 1), text),
            Piece::Block(block) => block,
        });
        blocks.filter(|block| !block.text.trim().is_empty()).collect()
    }
}

fn role(element: &Element<'_>) -> Role {
    let known = ROLES.iter().find(|(_, names)| names.contains(&&*element.name));
    match known.map_or(Role::Unknown, |(role, _)| *role) {
        // TEI and Formex say with an attribute what a stretch of text looks like.
        Role::Inline
            if ["rend", "type"].iter().any(|name| {
                let look = element.attribute(name).unwrap_or_default();
                look.get(..3).is_some_and(|look| look.eq_ignore_ascii_case("sup"))
            }) =>
        {
            Role::Raised
        }
        role => role,
    }
}

fn kind(role: Role, level: usize) -> BlockKind {
    match role {
        Role::Heading => BlockKind::Heading(level.min(6) as u8),
        Role::Block(kind) => kind,
        _ => BlockKind::Paragraph,
    }
}
