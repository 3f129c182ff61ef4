//! PPTX: the text of a PowerPoint presentation, slide by slide.
//!
//! Written from ECMA-376, part 1, chapters 19 and 21. A slide is a page; its title is a heading and
//! comes first, its notes come last under a heading of their own. Hidden slides and shapes, dates,
//! footers and slide numbers are left out.

use super::flow::Flow;
use super::package::Package;
use super::slides;
use super::xml::{Node, Tag, Xml};
use crate::corpus::extract::{Draft, Unreadable};
use crate::{Block, BlockKind};

/// Reads a presentation.
pub(super) fn read(package: &mut Package<'_>) -> Result<Draft, Unreadable> {
    let relations = package.relations("");
    let main = relations
        .iter()
        .find(|relation| relation.kind == "officeDocument" && package.has(&relation.target))
        .map_or("ppt/presentation.xml", |relation| &relation.target)
        .to_owned();
    let parts = package.relations(&main);
    let mut flow = Flow::default();
    let mut hidden = 0u32;
    for (number, name) in slide_names(package, &main, &parts).into_iter().enumerate() {
        if flow.is_full() {
            break;
        }
        let Some(text) = package.side_text(&name) else { continue };
        let page = u32::try_from(number + 1).ok();
        let mut slide = Slide::new(&text, page);
        slide.run();
        package.note_damage(&name, &slide.xml);
        if slide.hidden {
            hidden += 1;
            continue;
        }
        let mut shapes = slide.finish();
        // The title is read first, wherever it lies.
        shapes.sort_by_key(|shape| !shape.is_title());
        flow.page = page;
        shapes.into_iter().flat_map(|shape| shape.blocks).for_each(|block| flow.put(block));
        for relation in package.relations(&name) {
            let kind = relation.kind.as_str();
            if kind != "notesSlide" && kind != "diagramData" {
                continue;
            }
            let Some(text) = package.side_text(&relation.target) else { continue };
            let mut part = Slide::new(&text, page);
            part.run();
            package.note_damage(&relation.target, &part.xml);
            let shapes = part.finish().into_iter();
            if kind == "diagramData" {
                shapes.flat_map(|shape| shape.blocks).for_each(|block| flow.put(block));
            } else {
                let notes = shapes.filter(Shape::is_body).flat_map(|shape| shape.blocks);
                let paragraph = |block| Block { page, kind: BlockKind::Paragraph, ..block };
                slides::put_notes(&mut flow, notes.map(paragraph).collect());
            }
        }
    }
    let (mut blocks, cut) = flow.finish();
    slides::separate(&mut blocks);
    let mut draft = Draft { blocks, notes: cut, ..Draft::default() };
    if hidden > 0 {
        draft.notes.push(format!("hidden slides left out: {hidden}"));
    }
    package.core_properties(&relations).apply(&mut draft);
    Ok(draft)
}

/// The paragraphs of a diagram.
pub(super) fn diagram(text: &str) -> Vec<Block> {
    let mut diagram = Slide::new(text, None);
    diagram.run();
    diagram.finish().into_iter().flat_map(|shape| shape.blocks).collect()
}

/// The parts of the slides, in the order in which they are shown.
fn slide_names(
    package: &mut Package<'_>,
    main: &str,
    parts: &[super::package::Relation],
) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(text) = package.side_text(main) {
        let mut xml = Xml::new(&text);
        while let Some(node) = xml.next() {
            if let Node::Open(tag) = node
                && tag.name() == "sldId"
                && let Some(id) = tag.get_prefixed("id")
                && let Some(part) = parts.iter().find(|part| part.id == id)
            {
                names.push(part.target.clone());
            }
        }
    }
    if names.is_empty() {
        // Without a list, by their numbers.
        let number = |name: &str| -> Option<u32> {
            name.strip_prefix("ppt/slides/slide")?.strip_suffix(".xml")?.parse().ok()
        };
        let mut found: Vec<(u32, String)> =
            package.names().filter_map(|name| Some((number(name)?, name.to_owned()))).collect();
        found.sort();
        names = found.into_iter().map(|(_, name)| name).collect();
    }
    names
}

/// A shape on a slide with its text.
struct Shape {
    /// The kind of place that it fills; None for a text box.
    place: Option<String>,
    blocks: Vec<Block>,
}

impl Shape {
    fn is_title(&self) -> bool {
        matches!(self.place.as_deref(), Some("title" | "ctrTitle"))
    }

    fn is_body(&self) -> bool {
        self.place.as_deref() == Some("body")
    }
}

/// A slide, or its notes, at the place that is being read.
struct Slide<'a> {
    xml: Xml<'a>,
    flow: Flow,
    hidden: bool,
    shapes: Vec<Shape>,
    place: Option<String>,
    /// Whether a paragraph of the title has begun.
    titled: bool,
    choices: Vec<bool>,
    /// Whether the last run that began is raised.
    raised: bool,
}

impl<'a> Slide<'a> {
    fn new(text: &'a str, page: Option<u32>) -> Slide<'a> {
        Slide {
            xml: Xml::new(text),
            flow: Flow::on(page),
            hidden: false,
            shapes: Vec::new(),
            place: None,
            titled: false,
            choices: Vec::new(),
            raised: false,
        }
    }

    fn run(&mut self) {
        while !self.flow.is_full() && !self.hidden {
            match self.xml.next() {
                Some(Node::Open(tag)) => self.open(&tag),
                Some(Node::Close(end)) => self.close(end.name()),
                Some(Node::Text(_)) => {}
                None => break,
            }
        }
    }

    /// The shapes read, with what stands outside of any as the last.
    fn finish(mut self) -> Vec<Shape> {
        self.end_shape();
        self.shapes
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "sld" => {
                self.hidden = tag.get("show").is_some_and(|show| show == "0" || show == "false")
            }
            "sp" | "graphicFrame" => self.end_shape(),
            "cNvPr"
                if tag.get("hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") =>
            {
                self.xml.skip();
                self.place = Some("hidden".to_owned());
            }
            "ph" if self.place.is_none() => {
                self.place = Some(tag.get("type").unwrap_or_else(|| "obj".to_owned()));
            }
            "p" if tag.prefix() != "p" => self.paragraph(),
            "pPr" => self.paragraph_properties(),
            "t" => {
                let text = self.xml.text();
                match self.raised {
                    true => self.flow.push_raised(&text),
                    false => self.flow.push(&text),
                }
            }
            "r" => self.raised = false,
            "rPr" => {
                // The share of the em that the baseline is shifted by.
                let shift = tag.get("baseline").unwrap_or_default();
                self.raised = !shift.is_empty() && !shift.starts_with(['-', '0']);
                self.xml.skip();
            }
            "br" => self.flow.push("\n"),
            "tab" => self.flow.push("\t"),
            "fld" if tag.is("type", "slidenum") => self.xml.skip(),
            "fld" => self.raised = false,
            "tbl" => self.flow.begin_table(),
            "tr" => self.flow.row(),
            "tc" => self.flow.cell(),
            "AlternateContent" => self.choices.push(false),
            "Choice" => {
                if let Some(taken) = self.choices.last_mut() {
                    *taken = true;
                }
            }
            "Fallback" if self.choices.last() == Some(&true) => self.xml.skip(),
            "extLst" | "endParaRPr" | "tblPr" | "tcPr" | "lstStyle" | "timing" => self.xml.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" if !self.titled => self.flow.end(),
            "sp" | "graphicFrame" => self.end_shape(),
            "tbl" => self.flow.end_table(),
            "AlternateContent" => {
                self.choices.pop();
            }
            _ => {}
        }
    }

    fn end_shape(&mut self) {
        let page = self.flow.page;
        let flow = std::mem::replace(&mut self.flow, Flow::on(page));
        let (blocks, _) = flow.finish();
        let place = self.place.take();
        let left_out = ["dt", "ftr", "hdr", "sldNum", "sldImg", "hidden"];
        if !blocks.is_empty() && !place.as_deref().is_some_and(|place| left_out.contains(&place)) {
            self.shapes.push(Shape { place, blocks });
        }
        self.titled = false;
    }

    fn paragraph(&mut self) {
        let kind = match self.place.as_deref() {
            Some("title" | "ctrTitle") if self.titled => {
                // A title is one heading, on however many lines.
                self.flow.push("\n");
                return;
            }
            Some("title" | "ctrTitle") => {
                self.titled = true;
                BlockKind::Heading(1)
            }
            _ if self.flow.in_cell() => BlockKind::Cell,
            // The places of a layout for text have bullets, unless a paragraph says otherwise.
            Some("body" | "obj") => BlockKind::ListItem,
            _ => BlockKind::Paragraph,
        };
        self.flow.begin(kind);
    }

    fn paragraph_properties(&mut self) {
        let mut inside = 1u32;
        while inside > 0 {
            match self.xml.next() {
                Some(Node::Open(tag)) => {
                    inside += 1;
                    match (tag.name(), self.flow.kind()) {
                        ("buNone", Some(BlockKind::ListItem)) => {
                            self.flow.set_kind(BlockKind::Paragraph);
                        }
                        ("buChar" | "buAutoNum" | "buBlip", Some(BlockKind::Paragraph)) => {
                            self.flow.set_kind(BlockKind::ListItem);
                        }
                        _ => {}
                    }
                }
                Some(Node::Close(_)) => inside -= 1,
                Some(Node::Text(_)) => {}
                None => return,
            }
        }
    }
}
