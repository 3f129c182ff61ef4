//! OpenDocument: the text of text documents (ODT, OTT), presentations (ODP) and spreadsheets (ODS).
//!
//! Written from OpenDocument 1.3, part 3. Left out are deletions, hidden text, comments, headers and
//! footers, and generated indexes.

use std::collections::HashMap;
use std::ops::Range;

use super::flow::Flow;
use super::package::Package;
use super::properties::Properties;
use super::slides;
use super::styles::{Role, role};
use super::xml::{Node, Tag, Xml};
use crate::corpus::extract::{Draft, Unreadable, encoding};
use crate::{Block, BlockKind};

/// Styles that inherit from each other in a longer row than this are not followed.
const MAX_CHAIN: usize = 20;

/// Groups of hidden columns that are kept in mind.
const MAX_COLUMNS: usize = 1000;

/// Spaces that one element stands for at most.
const MAX_SPACES: usize = 100;

/// Reads a package.
pub(super) fn read(package: &mut Package<'_>) -> Result<Draft, Unreadable> {
    if let Some(manifest) = package.side_text("META-INF/manifest.xml")
        && manifest.contains("encryption-data")
    {
        return Err(Unreadable::new("is encrypted with a password"));
    }
    let none = || Unreadable::new("holds no OpenDocument text");
    let content = package.text("content.xml")?.ok_or_else(none)?;
    let styles = package.side_text("styles.xml").unwrap_or_default();
    let mut walk = Walk::new(&content);
    read_styles(&styles, &mut walk.styles);
    walk.run();
    package.note_damage("content.xml", &walk.xml);
    let meta = package.side_text("meta.xml").unwrap_or_default();
    let mut properties = Properties::default();
    let pages = read_meta(&mut Xml::new(&meta), &mut properties);
    Ok(walk.finish(properties, pages))
}

/// Reads a document that is one XML file.
pub(super) fn read_flat(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let decoded = encoding::decode(bytes, true)?;
    let mut properties = Properties::default();
    let pages = read_meta(&mut Xml::new(&decoded.text), &mut properties);
    let mut walk = Walk::new(&decoded.text);
    walk.run();
    let damage = walk.xml.damage().map(|damage| format!("is not read to its end: {damage}"));
    let mut draft = walk.finish(properties, pages);
    draft.notes.extend(decoded.notes.into_iter().chain(damage));
    Ok(draft)
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    role: Option<Role>,
    hidden: Option<bool>,
    raised: Option<bool>,
}

type Styles = HashMap<String, Style>;

/// Reads the styles of a part into those known so far.
fn read_styles(text: &str, styles: &mut Styles) {
    let mut xml = Xml::new(text);
    while let Some(node) = xml.next() {
        if let Node::Open(tag) = node
            && tag.name() == "style"
        {
            read_style(&mut xml, &tag, styles);
        }
    }
}

/// Reads a style, whose element was opened last.
fn read_style(xml: &mut Xml<'_>, tag: &Tag<'_>, styles: &mut Styles) {
    let Some(name) = tag.get_exactly("style:name") else { return xml.skip() };
    let family = tag.get_exactly("style:family").unwrap_or_default();
    let shown = name.replace("_20_", " ");
    let mut style = Style {
        parent: tag.get("parent-style-name"),
        role: if family == "paragraph" { role(&shown) } else { None },
        hidden: None,
        raised: None,
    };
    let mut inside = 1u32;
    while inside > 0 {
        match xml.next() {
            Some(Node::Open(tag)) => {
                inside += 1;
                if tag.name() == "text-properties"
                    && let Some(position) = tag.get("text-position")
                {
                    style.raised = Some(is_raised(&position));
                }
                match tag.name() {
                    "text-properties" if tag.is("display", "none") => style.hidden = Some(true),
                    "text-properties" if tag.is("display", "true") => style.hidden = Some(false),
                    "table-properties" if tag.is("display", "false") => style.hidden = Some(true),
                    "drawing-page-properties" if tag.is("visibility", "hidden") => {
                        style.hidden = Some(true);
                    }
                    "section-properties" if tag.is("display", "none") => {
                        style.hidden = Some(true);
                    }
                    _ => {}
                }
            }
            Some(Node::Close(_)) => inside -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    styles.insert(format!("{family}/{name}"), style);
}

/// Whether a position of text, such as `super 58%` or `33% 58%`, is above the line.
fn is_raised(position: &str) -> bool {
    !position.trim_start().starts_with(['-', '0']) && !position.contains("sub")
}

/// Reads the properties of a document; the number of pages, if it is told.
fn read_meta(xml: &mut Xml<'_>, found: &mut Properties) -> Option<u32> {
    let mut pages = None;
    let mut inside = false;
    while let Some(node) = xml.next() {
        let tag = match node {
            Node::Open(tag) => tag,
            Node::Close(end) if end.name() == "meta" => break,
            _ => continue,
        };
        inside |= tag.name() == "meta";
        match tag.name() {
            _ if !inside => {}
            "title" => found.title = xml.text(),
            "creator" if found.authors.is_empty() => found.authors = vec![xml.text()],
            // Who wrote goes before who changed it last.
            "initial-creator" => {
                let author = xml.text();
                if !author.trim().is_empty() {
                    found.authors = vec![author];
                }
            }
            "keyword" => found.keywords.push(xml.text()),
            "language" => found.language = xml.text(),
            "creation-date" => found.created = xml.text(),
            "date" => found.modified = xml.text(),
            "subject" => found.further.push(("subject", xml.text())),
            "description" => found.further.push(("description", xml.text())),
            "document-statistic" => pages = tag.number("page-count"),
            _ => {}
        }
    }
    pages
}

/// What holds for the text of a paragraph, span, box or note.
#[derive(Clone, Copy, Default)]
struct Text {
    /// Whether it is not shown, or is none of the document.
    hidden: bool,
    raised: bool,
}

impl Text {
    const HIDDEN: Text = Text { hidden: true, raised: false };
}

/// A document at the place that is being read.
struct Walk<'a> {
    xml: Xml<'a>,
    styles: Styles,
    flow: Flow,
    /// The paragraphs, spans, boxes and notes that the place is in.
    texts: Vec<Text>,
    /// Lists that the place is in.
    lists: u32,
    /// Slides so far.
    slide: u32,
    /// Slides and sheets that are left out.
    hidden_parts: u32,
    /// Whether the frame that the place is in holds the title of the slide.
    title_frame: bool,
    spreadsheet: bool,
    /// The hidden columns of the sheet, and the column that comes next.
    columns: Vec<Range<u32>>,
    column: u32,
    /// The page breaks that the program counted.
    breaks: u32,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Walk<'a> {
        Walk {
            xml: Xml::new(text),
            styles: Styles::new(),
            flow: Flow::on(Some(1)),
            texts: Vec::new(),
            lists: 0,
            slide: 0,
            hidden_parts: 0,
            title_frame: false,
            spreadsheet: false,
            columns: Vec::new(),
            column: 0,
            breaks: 0,
        }
    }

    fn run(&mut self) {
        while !self.flow.is_full() {
            match self.xml.next() {
                Some(Node::Open(tag)) => self.open(&tag),
                Some(Node::Close(end)) => self.close(end.name()),
                Some(Node::Text(text)) => self.text(&text),
                None => break,
            }
        }
    }

    fn finish(self, properties: Properties, pages: Option<u32>) -> Draft {
        let (mut blocks, cut) = self.flow.finish();
        if self.slide == 0 && (self.spreadsheet || pages != Some(self.breaks + 1)) {
            blocks.iter_mut().for_each(|block| block.page = None);
        }
        if self.slide > 0 {
            slides::separate(&mut blocks);
        }
        let mut draft = Draft { blocks, notes: cut, ..Draft::default() };
        if self.hidden_parts > 0 {
            let what = if self.spreadsheet { "sheets" } else { "slides" };
            draft.notes.push(format!("hidden {what} left out: {}", self.hidden_parts));
        }
        properties.apply(&mut draft);
        draft
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "style" => read_style(&mut self.xml, tag, &mut self.styles),
            "p" | "h" => self.paragraph(tag),
            "span" => {
                let outer = self.texts.last().copied().unwrap_or_default();
                let name = format!("text/{}", tag.get("style-name").unwrap_or_default());
                let raised = self.ask(&name, "text", |style| style.raised);
                let raised = raised.unwrap_or(outer.raised);
                self.texts.push(Text { hidden: self.style_hides("text", tag), raised });
            }
            "s" => {
                let count = tag.number("c").unwrap_or(1) as usize;
                self.push(&" ".repeat(count.min(MAX_SPACES)));
            }
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "soft-page-break" => {
                self.breaks += 1;
                self.flow.page = self.flow.page.map(|page| page + 1);
            }
            "list" => self.lists += 1,
            "note-body" | "text-box" | "notes" | "custom-shape" | "rect" | "ellipse" | "circle"
            | "polygon" | "polyline" | "path" | "line" | "connector" | "caption" | "measure" => {
                self.flow.begin_aside();
                self.texts.push(Text::HIDDEN);
            }
            "frame" if tag.prefix() == "draw" => {
                self.title_frame =
                    tag.get_exactly("presentation:class").as_deref() == Some("title");
                let placed = ["date-time", "footer", "header", "page-number"];
                if tag
                    .get_exactly("presentation:class")
                    .is_some_and(|class| placed.contains(&&*class))
                {
                    self.xml.skip();
                }
            }
            "page" if tag.prefix() == "draw" => self.slide(tag),
            "spreadsheet" => {
                self.spreadsheet = true;
                self.flow.all_data = true;
            }
            "table" if tag.prefix() == "table" => self.table(tag),
            "table-column" => self.column(tag),
            "table-row" => {
                self.column = 0;
                match shown(tag) {
                    true => self.flow.row(),
                    false => self.xml.skip(),
                }
            }
            "table-cell" | "covered-table-cell" => self.cell(tag),
            "section" if tag.is("display", "none") => self.xml.skip(),
            "hidden-text" => self.xml.skip(),
            "hidden-paragraph" if tag.is("is-hidden", "true") => {
                self.xml.skip();
                if let Some(text) = self.texts.last_mut() {
                    text.hidden = true;
                }
            }
            "title" | "desc" if tag.prefix() == "svg" => self.xml.skip(),
            // Deletions, comments, generated indexes, and what is no text.
            "tracked-changes"
            | "annotation"
            | "note-citation"
            | "ruby-text"
            | "scripts"
            | "settings"
            | "meta"
            | "master-styles"
            | "font-face-decls"
            | "forms"
            | "table-of-content"
            | "illustration-index"
            | "table-index"
            | "object-index"
            | "alphabetical-index"
            | "user-index"
            | "binary-data"
            | "event-listeners"
            | "content-validations"
            | "shapes"
            | "calculation-settings"
            | "named-expressions"
            | "database-ranges"
            | "label-ranges" => self.xml.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.texts.pop();
                self.flow.end();
            }
            "span" => {
                self.texts.pop();
            }
            "list" => self.lists = self.lists.saturating_sub(1),
            "note-body" => {
                self.texts.pop();
                self.flow.end_note();
            }
            "notes" => {
                self.texts.pop();
                let notes = self.flow.take_aside();
                slides::put_notes(&mut self.flow, notes);
            }
            "text-box" | "custom-shape" | "rect" | "ellipse" | "circle" | "polygon"
            | "polyline" | "path" | "line" | "connector" | "caption" | "measure" => {
                self.texts.pop();
                self.flow.end_aside();
            }
            // The number before a heading.
            "number" => self.push(" "),
            "frame" => self.title_frame = false,
            "table" => self.flow.end_table(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        // Of white space, one space counts; more is written as elements.
        let mut folded = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            if c != ' ' || !folded.ends_with(' ') {
                folded.push(c);
            }
        }
        self.push(&folded);
    }

    fn push(&mut self, text: &str) {
        match self.texts.last() {
            Some(Text { hidden: false, raised: true }) => self.flow.push_raised(text),
            Some(Text { hidden: false, raised: false }) => self.flow.push(text),
            _ => {}
        }
    }

    fn style_hides(&self, family: &str, tag: &Tag<'_>) -> bool {
        let own = tag
            .get("style-name")
            .and_then(|name| self.ask(&format!("{family}/{name}"), family, |style| style.hidden));
        own.unwrap_or_else(|| family == "text" && self.texts.last().is_some_and(|text| text.hidden))
    }

    /// The first answer of a style and those that it inherits from.
    fn ask<T>(
        &self,
        name: &str,
        family: &str,
        question: impl Fn(&Style) -> Option<T>,
    ) -> Option<T> {
        let mut name = name.to_owned();
        for _ in 0..MAX_CHAIN {
            let style = self.styles.get(&name)?;
            if let Some(answer) = question(style) {
                return Some(answer);
            }
            name = format!("{family}/{}", style.parent.as_deref()?);
        }
        None
    }

    /// What a style of paragraphs says; one that is not defined, by its name.
    fn role(&self, name: String) -> Option<Role> {
        let mut name = name;
        for _ in 0..MAX_CHAIN {
            let Some(style) = self.styles.get(&format!("paragraph/{name}")) else {
                return role(&name.replace("_20_", " "));
            };
            if style.role.is_some() {
                return style.role;
            }
            name = style.parent.clone()?;
        }
        None
    }

    fn paragraph(&mut self, tag: &Tag<'_>) {
        let hidden = self.style_hides("paragraph", tag);
        self.texts.push(Text { hidden, raised: false });
        let name = tag.get("style-name").unwrap_or_default();
        let known = self.role(name);
        let heading = match tag.name() {
            "h" => Some(tag.number("outline-level").unwrap_or(1).clamp(1, 6) as u8),
            _ => None,
        };
        let role = match (heading, known) {
            (_, Some(Role::Title)) => Role::Title,
            (Some(level), _) => Role::Heading(level),
            _ if self.title_frame => Role::Heading(1),
            (None, Some(Role::Contents)) => Role::Body,
            (None, Some(known)) => known,
            (None, None) if self.lists > 0 => Role::ListItem,
            (None, None) => Role::Body,
        };
        let kind = match role.kind().unwrap_or(BlockKind::Paragraph) {
            BlockKind::Paragraph if self.flow.in_cell() => BlockKind::Cell,
            kind => kind,
        };
        self.flow.begin(kind);
    }

    fn slide(&mut self, tag: &Tag<'_>) {
        self.slide += 1;
        self.flow.page = Some(self.slide);
        if self.style_hides("drawing-page", tag) {
            self.hidden_parts += 1;
            self.xml.skip();
        }
    }

    fn table(&mut self, tag: &Tag<'_>) {
        if self.spreadsheet {
            if self.style_hides("table", tag) {
                self.hidden_parts += 1;
                return self.xml.skip();
            }
            let name = tag.get_exactly("table:name").unwrap_or_default();
            self.flow.put(Block::new(BlockKind::Heading(1), name));
            self.columns.clear();
        }
        self.flow.begin_table();
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        let column = self.column;
        let width = tag.number("number-columns-repeated").unwrap_or(1);
        self.column = column.saturating_add(width);
        let hidden = |columns: &Range<u32>| columns.contains(&column);
        if tag.name() != "table-cell" || (self.spreadsheet && self.columns.iter().any(hidden)) {
            self.xml.skip();
        } else {
            self.flow.cell();
        }
    }

    /// A column, or several alike: whether it is hidden.
    fn column(&mut self, tag: &Tag<'_>) {
        let start = self.column;
        self.column = start.saturating_add(tag.number("number-columns-repeated").unwrap_or(1));
        if !shown(tag) && self.columns.len() < MAX_COLUMNS {
            self.columns.push(start..self.column);
        }
    }
}

/// Whether a row or column is to be seen.
fn shown(tag: &Tag<'_>) -> bool {
    tag.get("visibility").is_none_or(|visibility| visibility == "visible")
}
