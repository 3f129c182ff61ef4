//! State of RTF: what holds for the text of a group, the fonts and styles that it names.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::rtf_destinations::Destination;
use super::styles::{self, Role};

/// Styles that are based on each other in a longer row than this are not followed.
const MAX_CHAIN: usize = 20;

/// What a group inherits, and gives up at its end.
#[derive(Clone)]
pub(super) struct State {
    pub(super) destination: Destination,
    pub(super) font: i32,
    /// The encoding of the font; None for that of the document.
    pub(super) encoding: Option<&'static Encoding>,
    /// Characters that stand after a `\u` for programs that do not know it.
    pub(super) fallback: usize,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    /// Whether the text is raised.
    pub(super) raised: bool,
    pub(super) paragraph: Paragraph,
}

/// The properties of a paragraph.
#[derive(Clone, Default)]
pub(super) struct Paragraph {
    pub(super) style: i32,
    pub(super) outline: Option<i32>,
    pub(super) in_table: bool,
    /// How deep in tables it stands.
    pub(super) depth: i32,
    pub(super) listed: bool,
}

#[derive(Default)]
pub(super) struct Font {
    pub(super) name: String,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) symbols: bool,
}

#[derive(Default)]
pub(super) struct Style {
    pub(super) name: String,
    pub(super) outline: Option<i32>,
    pub(super) based_on: Option<i32>,
}

/// What a paragraph is by its properties and its style; `marked` if a bullet or number stands before.
pub(super) fn role(styles: &HashMap<i32, Style>, paragraph: &Paragraph, marked: bool) -> Role {
    let (mut found, mut outline) = (None, paragraph.outline);
    let mut number = paragraph.style;
    for _ in 0..MAX_CHAIN {
        let Some(style) = styles.get(&number) else { break };
        found = found.or_else(|| styles::role(&style.name));
        outline = outline.or(style.outline);
        match style.based_on {
            Some(next) if next != number && found.is_none() && outline.is_none() => number = next,
            _ => break,
        }
    }
    match (outline, found) {
        (_, Some(Role::Title)) => Role::Title,
        (Some(level @ 0..=8), _) => Role::Heading(level as u8 + 1),
        (Some(_), Some(Role::Heading(_))) => Role::Body,
        (_, None | Some(Role::Body)) if marked || paragraph.listed => Role::ListItem,
        (_, found) => found.unwrap_or(Role::Body),
    }
}
