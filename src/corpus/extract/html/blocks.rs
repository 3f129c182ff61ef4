//! Blocks of a page: its text cut where the markup cuts it, in document order.

use html5ever::{LocalName, local_name};

use super::element::{Shape, heading_level};
use super::hints;
use super::tree::{Node, Tree};
use crate::article::BlockKind;
use crate::corpus::extract::raised::{looks_like_note_mark, separator};

/// The elements and texts that the mark of a note may have in it.
const MOST_IN_MARK: usize = 8;

/// A block with what the choice of the main text needs to know about it.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) kind: BlockKind,
    /// The text; a line end stands for a `<br>`, or for a line end of preformatted text.
    pub(super) text: String,
    /// The first text node.
    pub(super) node: usize,
    /// Letters and digits; an ideograph or Hangul syllable counts as three, being about half a
    /// word.
    pub(super) letters: usize,
    /// Those of them that stand in links to elsewhere.
    pub(super) linked: usize,
}

impl Passage {
    /// The share of the letters that stand in links, 0 to 1.
    pub(super) fn link_density(&self) -> f32 {
        self.linked as f32 / self.letters.max(1) as f32
    }
}

/// All passages of a page that a reader sees.
pub(super) fn passages(tree: &Tree) -> Vec<Passage> {
    let mut walk = Walk { tree, passages: Vec::new(), open: Vec::new(), pending: None };
    let mut at = 0;
    while at < tree.nodes.len() {
        walk.leave(at);
        at = walk.visit(at);
    }
    walk.leave(usize::MAX);
    walk.flush();
    walk.passages
}

struct Walk<'t> {
    tree: &'t Tree,
    passages: Vec<Passage>,
    open: Vec<Open>,
    pending: Option<Passage>,
}

/// An element that the walk is inside of, and what holds for the text there.
#[derive(Clone, Copy)]
struct Open {
    end: usize,
    block: bool,
    context: Context,
}

#[derive(Clone, Copy)]
struct Context {
    kind: BlockKind,
    linked: bool,
    /// Whether it is within a link of any kind.
    anchored: bool,
    /// Whether it is within a link to a note.
    referring: bool,
    preformatted: bool,
    /// Whether the innermost table holds data rather than the layout of the page.
    data_table: bool,
}

impl Walk<'_> {
    fn context(&self) -> Context {
        self.open.last().map_or(
            Context {
                kind: BlockKind::Paragraph,
                linked: false,
                anchored: false,
                referring: false,
                preformatted: false,
                data_table: false,
            },
            |open| open.context,
        )
    }

    fn leave(&mut self, at: usize) {
        while let Some(open) = self.open.pop_if(|open| open.end <= at) {
            if open.block {
                self.flush();
            }
        }
    }

    /// Takes in one node; gives the next one to visit.
    fn visit(&mut self, at: usize) -> usize {
        let node = &self.tree.nodes[at];
        match node.shape {
            Shape::Text => self.text(at, &node.text),
            Shape::Break => self.line_end(),
            Shape::Void => {
                if node.name == local_name!("hr") {
                    self.flush();
                }
            }
            Shape::Foreign => {
                // Questions that unfold are headings with a button in them.
                let question = node.name == local_name!("button")
                    && matches!(self.context().kind, BlockKind::Heading(_));
                if !question {
                    return node.end;
                }
            }
            Shape::Inline | Shape::Block => {
                if hints::unseen(node) {
                    return node.end;
                }
                if self.marks_note(at) || node.name == local_name!("sup") && self.raised(at) {
                    return node.end;
                }
                self.enter(at);
            }
        }
        at + 1
    }

    fn enter(&mut self, at: usize) {
        let node = &self.tree.nodes[at];
        let block = node.shape.is_block();
        let mut context = self.context();
        if block {
            self.flush();
            self.nest(at, &mut context);
        } else if node.name == local_name!("a") {
            context.linked |= leads_elsewhere(node);
            context.anchored = true;
            context.referring |= refers_to_note(node);
        }
        self.open.push(Open { end: node.end, block, context });
    }

    /// What a block element makes of the text in it.
    fn nest(&self, at: usize, context: &mut Context) {
        let node = &self.tree.nodes[at];
        if let Some(level) = heading_level(&node.name).or_else(|| hints::heading_level(node)) {
            context.kind = BlockKind::Heading(level);
            return;
        }
        context.kind = match node.name {
            local_name!("li") | local_name!("dt") | local_name!("dd") => BlockKind::ListItem,
            local_name!("blockquote") => BlockKind::Quote,
            local_name!("figcaption") | local_name!("caption") => BlockKind::Caption,
            local_name!("pre")
            | local_name!("listing")
            | local_name!("xmp")
            | local_name!("plaintext") => {
                context.preformatted = true;
                BlockKind::Code
            }
            local_name!("table") => {
                context.data_table = holds_data(self.tree, at);
                BlockKind::Paragraph
            }
            local_name!("td") | local_name!("th") if context.data_table => BlockKind::Cell,
            local_name!("td") | local_name!("th") => BlockKind::Paragraph,
            _ if hints::caption(node) => BlockKind::Caption,
            _ => context.kind,
        };
    }

    fn text(&mut self, at: usize, text: &str) {
        let context = self.context();
        if self.pending.is_none() {
            if text.trim_ascii().is_empty() {
                return;
            }
            self.pending = Some(Passage {
                kind: context.kind,
                text: String::new(),
                node: at,
                letters: 0,
                linked: 0,
            });
        }
        let Some(passage) = &mut self.pending else { return };
        if context.preformatted {
            passage.text.push_str(text);
        } else {
            for char in text.chars() {
                let char = if char.is_ascii_whitespace() { ' ' } else { char };
                if char != ' ' || !passage.text.ends_with([' ', '\n']) {
                    passage.text.push(char);
                }
            }
        }
        let letters = letters(text);
        passage.letters += letters;
        passage.linked += if context.linked { letters } else { 0 };
    }

    /// A `<br>`; a second one ends the block.
    fn line_end(&mut self) {
        let Some(passage) = &mut self.pending else { return };
        if passage.text.trim_end_matches(' ').ends_with('\n')
            && !matches!(passage.kind, BlockKind::Heading(_))
        {
            self.flush();
        } else {
            passage.text.push('\n');
        }
    }

    /// Whether an element is the mark of a note, as its role says, on what stands directly before it:
    /// a style sheet may raise it. With a space before it, it may be a word, as in “see note 7”.
    fn marks_note(&self, at: usize) -> bool {
        const OPENING: [char; 3] = ['(', '[', '{'];
        let Some(passage) = &self.pending else { return false };
        has_note_role(&self.tree.nodes[at])
            && !passage.text.ends_with(|c: char| c.is_whitespace() || OPENING.contains(&c))
            && self.tree.inside(at).len() <= MOST_IN_MARK
            && looks_like_note_mark(&self.tree.text(at))
    }

    /// Keeps a raised text off the text before it; true if it is no text, but leads to a note, as
    /// marks do that other formats have no text for.
    fn raised(&mut self, at: usize) -> bool {
        let Context { anchored, referring, .. } = self.context();
        let Some(passage) = &mut self.pending else { return false };
        let inside = self.tree.inside(at);
        if inside.len() > MOST_IN_MARK {
            return false;
        }
        let mark = self.tree.text(at);
        let mut links = self.tree.nodes[inside].iter().filter(|node| node.name == local_name!("a"));
        let (note, link) = (looks_like_note_mark(&mark), links.clone().next().is_some());
        if note && (referring || (link && links.all(refers_to_note))) {
            return true;
        }
        let separator = match note && (anchored || link) {
            true => " ",
            false => separator(&passage.text, &mark),
        };
        passage.text.push_str(separator);
        false
    }

    fn flush(&mut self) {
        if let Some(mut passage) = self.pending.take() {
            passage.text.truncate(passage.text.trim_end().len());
            if passage.text.chars().any(|c| !c.is_whitespace() && c != '\u{200b}') {
                self.passages.push(passage);
            }
        }
    }
}

/// Letters and digits of a text, as [`Passage::letters`] counts them.
pub(super) fn letters(text: &str) -> usize {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| if matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') { 3 } else { 1 })
        .sum()
}

/// Whether a link leads away from the text, rather than to a place in it.
fn leads_elsewhere(node: &Node) -> bool {
    node.has(&local_name!("href")) && !leads_to_place(node)
}

/// Whether a link leads to a place in the text.
fn leads_to_place(link: &Node) -> bool {
    let target = link.attribute(&local_name!("href")).trim_ascii();
    target.starts_with('#') && target.len() > 1
}

/// Whether a link leads to a note: to a place in the text, or as its role says.
fn refers_to_note(link: &Node) -> bool {
    leads_to_place(link) || has_note_role(link)
}

/// Whether an element refers to a note, by its role in HTML or EPUB.
fn has_note_role(node: &Node) -> bool {
    let is_any = |roles: &str, wanted| roles.split_ascii_whitespace().any(|role| role == wanted);
    is_any(node.attribute(&local_name!("role")), "doc-noteref")
        || is_any(node.other_attribute("epub:type"), "noteref")
}

/// Whether a table holds data: old pages use tables to place things, and then a cell may hold a
/// whole article.
fn holds_data(tree: &Tree, table: usize) -> bool {
    const PARTS: [LocalName; 10] = [
        local_name!("table"),
        local_name!("h1"),
        local_name!("h2"),
        local_name!("h3"),
        local_name!("article"),
        local_name!("section"),
        local_name!("blockquote"),
        local_name!("nav"),
        local_name!("form"),
        local_name!("hr"),
    ];
    let (mut rows, mut cells, mut headers) = (0, 0, 0);
    for node in &tree.nodes[tree.inside(table)] {
        rows += usize::from(node.name == local_name!("tr"));
        cells += usize::from(node.name == local_name!("td"));
        headers += usize::from(node.name == local_name!("th"));
        if PARTS.contains(&node.name) {
            return false;
        }
    }
    // One row is how laws set a number beside its paragraph.
    headers > 0 || (cells > 1 && rows > 1)
}
