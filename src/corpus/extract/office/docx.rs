//! DOCX: the text of a Word document, as it reads with all changes accepted.
//!
//! Written from ECMA-376, part 1, chapter 17. Left out are deletions, hidden text, comments,
//! headers and footers, the instructions of fields, and tables of contents.

use std::collections::HashMap;

use super::docx_styles::{Styles, paragraph, run_properties};
use super::flow::Flow;
use super::package::{Package, Relation};
use super::pptx;
use super::symbols;
use super::xml::{Node, Tag, Xml};
use crate::corpus::extract::{Draft, Unreadable, html};
use crate::{Block, BlockKind};

/// Fields within fields that are followed.
const MAX_FIELDS: usize = 100;

/// Reads a document.
pub(super) fn read(package: &mut Package<'_>) -> Result<Draft, Unreadable> {
    let relations = package.relations("");
    let main = relations
        .iter()
        .find(|relation| relation.kind == "officeDocument" && package.has(&relation.target))
        .map(|relation| relation.target.clone())
        .or_else(|| package.find(|name| name.ends_with("word/document.xml")))
        .ok_or_else(|| Unreadable::new("holds no Word document"))?;
    let parts = package.relations(&main);
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let part = |kind: &str| part_of(&parts, folder, kind);
    let styles = match package.side_text(&part("styles")) {
        Some(text) => Styles::read(&text),
        None => Styles::default(),
    };
    let mut notes = HashMap::new();
    for kind in ["footnotes", "endnotes"] {
        let name = part(kind);
        let Some(text) = package.side_text(&name) else { continue };
        let mut walk = Walk::new(&text, &styles, HashMap::new());
        walk.run();
        package.note_damage(&name, &walk.xml);
        let found = std::mem::take(&mut walk.found);
        notes.extend(found.into_iter().map(|(id, blocks)| ((kind == "endnotes", id), blocks)));
    }
    let mut chunks = HashMap::new();
    for part in &parts {
        let page = [".html", ".htm", ".xhtml"].iter().any(|end| part.target.ends_with(end));
        if part.kind == "diagramData"
            && let Some(text) = package.side_text(&part.target)
        {
            chunks.insert(part.id.clone(), pptx::diagram(&text));
        }
        if part.kind == "aFChunk"
            && page
            && let Some(text) = package.side_text(&part.target)
        {
            chunks.insert(part.id.clone(), html::whole(&text));
        }
    }
    let text = package.text(&main)?.ok_or_else(|| Unreadable::new("holds no Word document"))?;
    let mut walk = Walk::new(&text, &styles, notes);
    walk.chunks = chunks;
    walk.run();
    package.note_damage(&main, &walk.xml);
    let Walk { mut flow, endnotes, breaks, foreign, .. } = walk;
    flow.end();
    endnotes.into_iter().for_each(|block| flow.put(block));
    let (mut blocks, cut) = flow.finish();
    if pages(package) != Some(breaks + 1) {
        blocks.iter_mut().for_each(|block| block.page = None);
    }
    let mut draft = Draft { blocks, notes: cut, ..Draft::default() };
    if foreign > 0 {
        draft.notes.push(format!("{foreign} parts in other formats within it are not read"));
    }
    package.core_properties(&relations).apply(&mut draft);
    Ok(draft)
}

fn part_of(relations: &[Relation], folder: &str, kind: &str) -> String {
    match relations.iter().find(|relation| relation.kind == kind) {
        Some(relation) => relation.target.clone(),
        None => super::package::resolve(folder, &format!("{kind}.xml")),
    }
}

/// The number of pages that the program counted when it saved the file.
fn pages(package: &mut Package<'_>) -> Option<u32> {
    let text = package.side_text("docProps/app.xml")?;
    let mut xml = Xml::new(&text);
    while let Some(node) = xml.next() {
        if let Node::Open(tag) = node
            && tag.name() == "Pages"
        {
            return xml.text().trim().parse().ok();
        }
    }
    None
}

/// A part at the place that is being read.
struct Walk<'a> {
    xml: Xml<'a>,
    styles: &'a Styles,
    flow: Flow,
    /// Notes by their part (true for endnotes) and identifier.
    notes: HashMap<(bool, String), Vec<Block>>,
    endnotes: Vec<Block>,
    /// Diagrams and pages of HTML that the document takes in, by the identifiers of their relations.
    chunks: HashMap<String, Vec<Block>>,
    /// The notes that this part consists of.
    found: Vec<(String, Vec<Block>)>,
    note: Option<String>,
    /// For each paragraph that the place is in, whether its style hides it.
    paragraphs: Vec<Paragraph>,
    /// For each run that the place is in, whether it is hidden.
    runs: Vec<bool>,
    /// Whether the last run that began is raised.
    raised: bool,
    /// For each field that the place is in, whether its result has begun.
    fields: Vec<bool>,
    /// For each choice between contents, whether one was taken.
    choices: Vec<bool>,
    /// Whether the mark of the last paragraph is deleted, so that it goes on in the next.
    joined: bool,
    /// The page breaks that the program counted.
    breaks: u32,
    /// Parts of other formats.
    foreign: u32,
}

#[derive(Default)]
struct Paragraph {
    hidden: bool,
    contents: bool,
    goes_on: bool,
}

impl<'a> Walk<'a> {
    fn new(
        text: &'a str,
        styles: &'a Styles,
        notes: HashMap<(bool, String), Vec<Block>>,
    ) -> Walk<'a> {
        Walk {
            xml: Xml::new(text),
            styles,
            flow: Flow::on(Some(1)),
            notes,
            endnotes: Vec::new(),
            chunks: HashMap::new(),
            found: Vec::new(),
            note: None,
            paragraphs: Vec::new(),
            runs: Vec::new(),
            raised: false,
            fields: Vec::new(),
            choices: Vec::new(),
            joined: false,
            breaks: 0,
            foreign: 0,
        }
    }

    fn run(&mut self) {
        while !self.flow.is_full() {
            match self.xml.next() {
                Some(Node::Open(tag)) => self.open(&tag),
                Some(Node::Close(end)) => self.close(end.name()),
                Some(Node::Text(_)) => {}
                None => break,
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "p" => {
                let kind = match self.flow.in_cell() {
                    true => BlockKind::Cell,
                    false => BlockKind::Paragraph,
                };
                // Joined paragraphs have the properties of the last.
                match std::mem::take(&mut self.joined) {
                    true => self.flow.set_kind(kind),
                    false => self.flow.begin(kind),
                }
                self.paragraphs.push(Paragraph::default());
            }
            "pPr" => self.paragraph_properties(),
            "r" => {
                let hidden = self.paragraphs.last().is_some_and(|p| p.hidden);
                self.runs.push(hidden);
                self.raised = false;
            }
            "rPr" => {
                let (hides, raised) = run_properties(&mut self.xml, self.styles);
                self.raised = raised;
                if let (Some(run), Some(hides)) = (self.runs.last_mut(), hides) {
                    *run = hides;
                }
            }
            "t" => {
                let text = self.xml.text();
                self.push(&text);
            }
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "softHyphen" => self.push("\u{AD}"),
            "sym" => {
                let code = tag.get("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                let font = tag.get("font").unwrap_or_default();
                if let Some(symbol) = code.and_then(|code| symbols::character(&font, code)) {
                    self.push(symbol.encode_utf8(&mut [0; 4]));
                }
            }
            "lastRenderedPageBreak" => {
                self.breaks += 1;
                self.flow.page = self.flow.page.map(|page| page + 1);
            }
            "fldChar" => self.field(tag),
            "footnoteReference" | "endnoteReference" => self.note_reference(tag),
            "footnote" | "endnote" => {
                if tag.get("type").is_some_and(|kind| kind != "normal") {
                    self.xml.skip();
                } else {
                    self.note = tag.get("id");
                    self.flow.begin_aside();
                }
            }
            "tbl" => {
                self.joined = false;
                self.flow.begin_table();
            }
            "tr" => self.flow.row(),
            "tc" => self.flow.cell(),
            "trPr" | "tcPr" => self.row_or_cell(),
            "sdtPr" => self.content_control(),
            "txbxContent" => self.flow.begin_aside(),
            "AlternateContent" => self.choices.push(false),
            "Choice" => {
                if let Some(taken) = self.choices.last_mut() {
                    *taken = true;
                }
            }
            "Fallback" if self.choices.last() == Some(&true) => self.xml.skip(),
            "altChunk" => match tag.get("id").and_then(|id| self.chunks.remove(&id)) {
                Some(blocks) => blocks.into_iter().for_each(|block| self.flow.put(block)),
                None => self.foreign += 1,
            },
            "subDoc" => self.foreign += 1,
            "relIds" => {
                if let Some(blocks) = tag.get("dm").and_then(|id| self.chunks.remove(&id)) {
                    self.flow.begin_aside();
                    blocks.into_iter().for_each(|block| self.flow.put(block));
                    self.flow.end_aside();
                }
            }
            "del" | "moveFrom" | "delText" | "instrText" | "delInstrText" | "rt" | "tblPr"
            | "tblGrid" | "sectPr" | "binData" | "tblPrEx" | "rubyPr" | "ffData" => self.xml.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => {
                let paragraph = self.paragraphs.pop().unwrap_or_default();
                self.joined = paragraph.goes_on;
                if !self.joined {
                    self.flow.end();
                }
            }
            "r" => {
                self.runs.pop();
            }
            "tbl" => {
                self.joined = false;
                self.flow.end_table();
            }
            "tc" => {
                self.joined = false;
                self.flow.end();
            }
            "txbxContent" => {
                self.joined = false;
                self.flow.end_aside();
            }
            "AlternateContent" => {
                self.choices.pop();
            }
            "footnote" | "endnote" => {
                if let Some(id) = self.note.take() {
                    self.joined = false;
                    let blocks = self.flow.take_aside();
                    self.found.push((id, blocks));
                }
            }
            _ => {}
        }
    }

    fn paragraph_properties(&mut self) {
        let properties = paragraph(&mut self.xml, self.styles);
        if let Some(open) = self.paragraphs.last_mut() {
            open.goes_on = properties.goes_on;
            open.hidden = properties.hidden;
            open.contents = properties.kind.is_none();
        }
        match properties.kind {
            // In a cell only a heading or an item says more than that it is in one.
            Some(BlockKind::Paragraph) if self.flow.in_cell() => {}
            Some(kind) => self.flow.set_kind(kind),
            None => {}
        }
    }

    fn push(&mut self, text: &str) {
        let shown = !self.runs.iter().any(|hidden| *hidden)
            && self.fields.iter().all(|result| *result)
            && !self.paragraphs.iter().any(|paragraph| paragraph.contents);
        if shown {
            match self.raised {
                true => self.flow.push_raised(text),
                false => self.flow.push(text),
            }
        }
    }

    fn field(&mut self, tag: &Tag<'_>) {
        match tag.get("fldCharType").as_deref() {
            Some("begin") if self.fields.len() < MAX_FIELDS => self.fields.push(false),
            Some("separate") => {
                if let Some(result) = self.fields.last_mut() {
                    *result = true;
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn note_reference(&mut self, tag: &Tag<'_>) {
        let Some(id) = tag.get("id") else { return };
        let at_end = tag.name() == "endnoteReference";
        let Some(blocks) = self.notes.remove(&(at_end, id)) else { return };
        if at_end {
            self.endnotes.extend(blocks);
        } else {
            self.flow.note(blocks);
        }
    }

    /// Reads the properties of a row or cell; passes over the rest of one that is deleted.
    fn row_or_cell(&mut self) {
        let mut deleted = false;
        self.properties(|tag| deleted |= matches!(tag.name(), "del" | "cellDel"));
        if deleted {
            self.xml.skip();
        }
    }

    /// Reads the properties of a content control; passes over one that shows its prompt, or is a
    /// table of contents.
    fn content_control(&mut self) {
        let mut left_out = false;
        self.properties(|tag| match tag.name() {
            "showingPlcHdr" => left_out |= tag.on(),
            "docPartGallery" => left_out |= tag.is("val", "Table of Contents"),
            _ => {}
        });
        if left_out {
            self.xml.skip();
        }
    }

    /// Goes through the elements of the one that was opened last.
    fn properties(&mut self, mut visit: impl FnMut(&Tag<'_>)) {
        let mut inside = 1u32;
        while inside > 0 {
            match self.xml.next() {
                Some(Node::Open(tag)) => {
                    visit(&tag);
                    inside += 1;
                }
                Some(Node::Close(_)) => inside -= 1,
                Some(Node::Text(_)) => {}
                None => return,
            }
        }
    }
}
