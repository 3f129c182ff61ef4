//! Formatting of a Word document, as far as it decides what a paragraph is and whether a run of
//! text is shown.

use std::collections::HashMap;

use super::styles::{Role, role};
use super::xml::{Node, Xml};
use crate::BlockKind;

/// Styles that are based on each other in a longer row than this are not followed.
const MAX_CHAIN: usize = 20;

/// The styles of a document by their identifiers.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
}

#[derive(Default)]
struct Style {
    based_on: Option<String>,
    role: Option<Role>,
    /// The level of the outline, 0 to 9, where 9 is running text.
    outline: Option<u32>,
    numbered: Option<bool>,
    hidden: Option<bool>,
    raised: Option<bool>,
}

/// What the properties of a paragraph say of it.
pub(super) struct Paragraph {
    /// None for a line of a table of contents.
    pub(super) kind: Option<BlockKind>,
    /// Whether its text is hidden where its runs do not say otherwise.
    pub(super) hidden: bool,
    /// Whether its mark is deleted, so that it goes on in the next.
    pub(super) goes_on: bool,
}

impl Styles {
    pub(super) fn read(text: &str) -> Styles {
        let mut styles = HashMap::new();
        let mut xml = Xml::new(text);
        while let Some(node) = xml.next() {
            if let Node::Open(tag) = node
                && tag.name() == "style"
                && let Some(id) = tag.get("styleId")
            {
                styles.insert(id, Style::read(&mut xml));
            }
        }
        Styles { styles }
    }

    /// The first answer of a style and those that it is based on.
    fn ask<T>(&self, id: &str, question: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id;
        for _ in 0..MAX_CHAIN {
            let style = self.styles.get(id)?;
            if let Some(answer) = question(style) {
                return Some(answer);
            }
            id = style.based_on.as_deref()?;
        }
        None
    }

    fn hides(&self, id: &str) -> Option<bool> {
        self.ask(id, |style| style.hidden)
    }
}

impl Style {
    fn read(xml: &mut Xml<'_>) -> Style {
        let mut style = Style::default();
        let mut inside = 1u32;
        while inside > 0 {
            match xml.next() {
                Some(Node::Open(tag)) => {
                    inside += 1;
                    match tag.name() {
                        "name" => style.role = tag.get("val").and_then(|name| role(&name)),
                        "basedOn" => style.based_on = tag.get("val"),
                        "outlineLvl" => style.outline = tag.number("val"),
                        "numId" => style.numbered = tag.number("val").map(|id| id != 0),
                        "vanish" => style.hidden = Some(tag.on()),
                        "vertAlign" => style.raised = Some(tag.is("val", "superscript")),
                        // Properties of parts of tables.
                        "tblStylePr" => {
                            xml.skip();
                            inside -= 1;
                        }
                        _ => {}
                    }
                }
                Some(Node::Close(_)) => inside -= 1,
                Some(Node::Text(_)) => {}
                None => break,
            }
        }
        style
    }
}

/// Reads the properties of a paragraph, whose element was opened last.
pub(super) fn paragraph(xml: &mut Xml<'_>, styles: &Styles) -> Paragraph {
    let (mut style, mut outline, mut numbered, mut goes_on) = (None, None, None, false);
    let mut inside = 1u32;
    // The depth of the properties of the paragraph mark.
    let mut mark = None;
    while inside > 0 {
        match xml.next() {
            Some(Node::Open(tag)) => {
                inside += 1;
                match tag.name() {
                    "pStyle" => style = tag.get("val"),
                    "outlineLvl" => outline = tag.number("val"),
                    "numId" => numbered = tag.number("val").map(|id| id != 0),
                    // The properties before a tracked change.
                    "pPrChange" | "rPrChange" | "sectPr" => {
                        xml.skip();
                        inside -= 1;
                    }
                    "rPr" => mark = Some(inside),
                    "del" | "moveFrom" if mark.is_some() => goes_on = true,
                    _ => {}
                }
            }
            Some(Node::Close(_)) => {
                if mark == Some(inside) {
                    mark = None;
                }
                inside -= 1;
            }
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    let id = style.as_deref().unwrap_or_default();
    // Without its definition, the identifier of a style mostly is its name.
    let role = match styles.styles.contains_key(id) {
        true => styles.ask(id, |style| style.role),
        false => role(id),
    };
    let outline = outline.or_else(|| match role {
        Some(Role::Title | Role::Contents) => None,
        _ => styles.ask(id, |style| style.outline),
    });
    let numbered = numbered.or_else(|| styles.ask(id, |style| style.numbered)).unwrap_or(false);
    let role = match (outline, role) {
        (Some(level @ 0..=8), _) => Role::Heading(level as u8 + 1),
        (Some(_), Some(Role::Heading(_))) => Role::Body,
        (_, None | Some(Role::Body)) if numbered => Role::ListItem,
        (_, role) => role.unwrap_or(Role::Body),
    };
    Paragraph { kind: role.kind(), hidden: styles.hides(id).unwrap_or(false), goes_on }
}

/// Reads the properties of a run, whose element was opened last: whether it is hidden, if they say, and
/// whether it is raised.
pub(super) fn run_properties(xml: &mut Xml<'_>, styles: &Styles) -> (Option<bool>, bool) {
    let (mut direct, mut style, mut raised) = (None, None, None);
    let mut inside = 1u32;
    while inside > 0 {
        match xml.next() {
            Some(Node::Open(tag)) => {
                inside += 1;
                match tag.name() {
                    "vanish" => direct = Some(tag.on()),
                    "rStyle" => style = tag.get("val"),
                    "vertAlign" => raised = Some(tag.is("val", "superscript")),
                    "rPrChange" => {
                        xml.skip();
                        inside -= 1;
                    }
                    _ => {}
                }
            }
            Some(Node::Close(_)) => inside -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    let style = style.as_deref().unwrap_or_default();
    let raised = raised.or_else(|| styles.ask(style, |style| style.raised));
    (direct.or_else(|| styles.hides(style)), raised.unwrap_or(false))
}
