//! The tree of a page: its elements and texts in document order.
//!
//! html5ever splits the page into tags and text; the tree is ours, because the standard's tree
//! construction moves nodes about (formatting elements, foster parents) in ways that cost quadratic
//! time on hostile pages and that a reader of text has no use for. Nodes are never moved, so the
//! subtree of a node is a contiguous range of the list: every pass over it is one loop.

use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{Attribute, LocalName, local_name};

use super::element::{self, Shape};

/// Elements nested deeper than this are flattened: their content belongs to the ancestor there.
pub(crate) const MAX_OPEN_ELEMENTS: usize = 512;

/// Attributes kept of an element; the tokenizer compares each with all before it, so a tag that has
/// more is cut before it sees it.
const MAX_ATTRIBUTES: usize = 128;

/// How much of the page the tokenizer is given at once, in bytes.
const CHUNK: usize = 1 << 20;

/// A page.
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// An element, or a text.
pub(super) struct Node {
    /// The element's name; empty for a text.
    pub(super) name: LocalName,
    pub(super) shape: Shape,
    /// The enclosing element; the root is its own parent.
    pub(super) parent: usize,
    /// The node after the last one of the subtree.
    pub(super) end: usize,
    pub(super) attributes: Vec<Attribute>,
    pub(super) text: StrTendril,
}

impl Node {
    /// The value of an attribute; empty where there is none.
    pub(super) fn attribute(&self, name: &LocalName) -> &str {
        self.attributes.iter().find(|a| a.name.local == *name).map_or("", |a| &*a.value)
    }

    pub(super) fn has(&self, name: &LocalName) -> bool {
        self.attributes.iter().any(|a| a.name.local == *name)
    }

    /// The value of an attribute whose name the standard does not list.
    pub(super) fn other_attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|a| &*a.name.local == name).map_or("", |a| &*a.value)
    }
}

impl Tree {
    /// Reads a page; any text is one.
    pub(super) fn parse(page: &str) -> Tree {
        let page = super::trim::long_tags(page, MAX_ATTRIBUTES);
        let xml = page.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml");
        let tokenizer = Tokenizer::new(
            Builder(RefCell::new(Growing::new(xml))),
            TokenizerOpts { discard_bom: true, ..TokenizerOpts::default() },
        );
        let queue = BufferQueue::default();
        let mut rest: &str = &page;
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
            queue.push_back(StrTendril::from(chunk));
            // Only scripts make it pause, and they are not run.
            while let html5ever::TokenizerResult::Script(_) = tokenizer.feed(&queue) {}
            rest = after;
        }
        tokenizer.end();
        let mut growing = tokenizer.sink.0.into_inner();
        growing.close_to(0);
        Tree { nodes: growing.nodes }
    }

    /// The nodes inside an element, itself left out.
    pub(super) fn inside(&self, node: usize) -> Range<usize> {
        node + 1..self.nodes[node].end
    }

    /// The text of a subtree, with single spaces.
    pub(super) fn text(&self, node: usize) -> String {
        let mut text = String::new();
        for inner in &self.nodes[node..self.nodes[node].end] {
            if inner.shape == Shape::Text {
                text.push_str(&inner.text);
            } else if inner.shape != Shape::Inline {
                text.push(' ');
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

struct Builder(RefCell<Growing>);

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut growing = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return growing.open(tag),
            Token::TagToken(tag) => growing.close(&tag.name),
            Token::CharacterTokens(text) => growing.text(text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The tree while it is read: the nodes so far and the elements that are open.
struct Growing {
    nodes: Vec<Node>,
    open: Vec<usize>,
    open_paragraphs: usize,
    /// Start tags too deep to be opened, whose end tags must close nothing.
    flattened: usize,
    /// Whether `<a/>` closes itself, as in XML.
    xml: bool,
}

impl Growing {
    fn new(xml: bool) -> Growing {
        let mut growing =
            Growing { nodes: Vec::new(), open: Vec::new(), open_paragraphs: 0, flattened: 0, xml };
        growing.push(local_name!("html"), Shape::Block, Vec::new(), StrTendril::new());
        growing.open.push(0);
        growing
    }

    fn push(
        &mut self,
        name: LocalName,
        shape: Shape,
        attributes: Vec<Attribute>,
        text: StrTendril,
    ) {
        let index = self.nodes.len();
        let parent = self.open.last().copied().unwrap_or(0);
        self.nodes.push(Node { name, shape, parent, end: index + 1, attributes, text });
    }

    fn text(&mut self, text: StrTendril) {
        if !text.trim_ascii().is_empty() {
            self.leave_head();
        }
        self.push(local_name!(""), Shape::Text, Vec::new(), text);
    }

    fn open(&mut self, tag: Tag) -> TokenSinkResult<()> {
        let name = tag.name;
        if name == local_name!("html") || name == local_name!("body") {
            // The outermost one counts; a page pasted into a page adds nothing.
            if name == local_name!("html") && self.nodes[0].attributes.is_empty() {
                self.nodes[0].attributes = tag.attrs;
                return TokenSinkResult::Continue;
            }
            self.leave_head();
            if name == local_name!("html") || self.is_open(&name) {
                return TokenSinkResult::Continue;
            }
        }
        let shape = element::shape(&name);
        if !element::in_head(&name) {
            self.leave_head();
        }
        self.close_implied(&name, shape);
        let void = shape == Shape::Void || shape == Shape::Break || (self.xml && tag.self_closing);
        let index = self.nodes.len();
        let result = if void { TokenSinkResult::Continue } else { raw_text(&name) };
        let paragraph = name == local_name!("p");
        self.push(name, shape, tag.attrs, StrTendril::new());
        if void {
        } else if self.open.len() >= MAX_OPEN_ELEMENTS {
            self.flattened += 1;
        } else {
            self.open.push(index);
            self.open_paragraphs += usize::from(paragraph);
        }
        result
    }

    /// Closes what a start tag closes by itself (HTML standard, "optional tags").
    fn close_implied(&mut self, name: &LocalName, shape: Shape) {
        let (closes, until): (&[LocalName], &[LocalName]) = match *name {
            local_name!("li") => {
                (&[local_name!("li")], &[local_name!("ul"), local_name!("ol"), local_name!("menu")])
            }
            local_name!("dt") | local_name!("dd") => {
                (&[local_name!("dt"), local_name!("dd")], &[local_name!("dl")])
            }
            local_name!("td") | local_name!("th") => (
                &[local_name!("td"), local_name!("th"), local_name!("caption")],
                &[local_name!("tr"), local_name!("table")],
            ),
            local_name!("tr") => {
                (&[local_name!("tr"), local_name!("caption")], &[local_name!("table")])
            }
            local_name!("tbody") | local_name!("thead") | local_name!("tfoot") => (
                &[
                    local_name!("tbody"),
                    local_name!("thead"),
                    local_name!("tfoot"),
                    local_name!("caption"),
                ],
                &[local_name!("table")],
            ),
            local_name!("option") | local_name!("optgroup") => {
                (&[local_name!("option")], &[local_name!("select")])
            }
            local_name!("a") => (&[local_name!("a")], &[local_name!("td"), local_name!("table")]),
            _ => (&[], &[]),
        };
        if !closes.is_empty() {
            self.close_nearest(|open| closes.contains(open), |open| until.contains(open));
        }
        if shape.is_block() && self.open_paragraphs > 0 {
            self.close_nearest(|open| *open == local_name!("p"), element::bounds_paragraph);
        }
        if element::heading_level(name).is_some()
            && self.top().is_some_and(|top| element::heading_level(top).is_some())
        {
            self.close_to(self.open.len() - 1);
        }
    }

    fn close(&mut self, name: &LocalName) {
        if self.flattened > 0 {
            self.flattened -= 1;
            return;
        }
        match *name {
            local_name!("html") | local_name!("body") => return,
            local_name!("br") => {
                self.push(name.clone(), Shape::Break, Vec::new(), StrTendril::new());
                return;
            }
            _ => {}
        }
        let shape = element::shape(name);
        let heading = element::heading_level(name).is_some();
        let found = self.close_nearest(
            |open| open == name || (heading && element::heading_level(open).is_some()),
            |open| match shape {
                // `</b>` and `</a>` must not end a block that they stand in.
                Shape::Inline => element::shape(open).is_block(),
                _ => element::bounds_end_tag(open, name),
            },
        );
        if !found && *name == local_name!("p") {
            self.push(name.clone(), Shape::Block, Vec::new(), StrTendril::new());
        }
    }

    /// Closes the innermost open element that is `wanted`, with all inside it, unless one that is a
    /// `bound` is nearer; whether there was one.
    fn close_nearest(
        &mut self,
        wanted: impl Fn(&LocalName) -> bool,
        bound: impl Fn(&LocalName) -> bool,
    ) -> bool {
        for depth in (1..self.open.len()).rev() {
            let name = &self.nodes[self.open[depth]].name;
            if wanted(name) {
                self.close_to(depth);
                return true;
            }
            if bound(name) {
                break;
            }
        }
        false
    }

    /// Closes all but the `depth` outermost open elements.
    fn close_to(&mut self, depth: usize) {
        let end = self.nodes.len();
        for index in self.open.drain(depth..) {
            self.nodes[index].end = end;
            if self.nodes[index].name == local_name!("p") {
                self.open_paragraphs -= 1;
            }
        }
    }

    fn leave_head(&mut self) {
        if self.top().is_some_and(|top| *top == local_name!("head")) {
            self.close_to(self.open.len() - 1);
        }
    }

    fn top(&self) -> Option<&LocalName> {
        self.open.last().map(|&index| &self.nodes[index].name)
    }

    fn is_open(&self, name: &LocalName) -> bool {
        self.open.iter().any(|&index| self.nodes[index].name == *name)
    }
}

/// How the tokenizer must read what follows a start tag.
fn raw_text(name: &LocalName) -> TokenSinkResult<()> {
    match *name {
        local_name!("script") => TokenSinkResult::RawData(RawKind::ScriptData),
        local_name!("style")
        | local_name!("xmp")
        | local_name!("iframe")
        | local_name!("noembed")
        | local_name!("noframes") => TokenSinkResult::RawData(RawKind::Rawtext),
        local_name!("title") | local_name!("textarea") => TokenSinkResult::RawData(RawKind::Rcdata),
        local_name!("plaintext") => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}
