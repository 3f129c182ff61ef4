//! A document read as a whole: its pages, what is common to them, and the blocks that they give.

use std::collections::{HashMap, HashSet};

use hayro_syntax::object::{Array, Dict, ObjectIdentifier};
use hayro_syntax::{LoadPdfError, Pdf};

use super::content::{self, Document};
use super::flow::{self, Placed};
use super::font::Fonts;
use super::grids::Band;
use super::outline::outline;
use super::paragraphs::{Paragraph, Shape, of_cell, paragraphs};
use super::path::Rule;
use super::properties::Properties;
use super::running::{self, PageRuns};
use super::tags::{Role, Tags};
use super::{columns, grids, headings, labels, runs};
use crate::article::{Block, BlockKind};
use crate::corpus::extract::{Draft, Unreadable};
use crate::{Date, Metadata, Origin};

/// The pages that are read.
pub(crate) const MAX_PAGES: usize = 20_000;

/// The operators and glyphs of all content streams that are run.
const MAX_OPERATORS: u64 = 50_000_000;

pub(super) fn read(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| {
        Unreadable::new(match error {
            LoadPdfError::Decryption(_) => "is encrypted with a password",
            LoadPdfError::Invalid => "is damaged: no page of this PDF can be found",
        })
    })?;
    let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap_or_else(Dict::empty);
    let mut document =
        Document { fonts: Fonts::new(), hidden: hidden_layers(&catalog), budget: MAX_OPERATORS };
    let page_numbers: HashMap<ObjectIdentifier, usize> = pdf
        .pages()
        .iter()
        .enumerate()
        .filter_map(|(number, page)| Some((page.raw().obj_id()?, number)))
        .collect();
    let tags = Tags::of(&catalog, &page_numbers);
    let mut notes = Vec::new();
    let mut pages = Vec::new();
    let mut scanned = Vec::new();
    let mut unmapped = 0;
    for (number, page) in pdf.pages().iter().enumerate().take(MAX_PAGES) {
        let shown = content::show(page, &mut document);
        let mut runs = runs::runs(&shown.glyphs);
        runs.iter_mut().for_each(|run| run.element = tags.element(number, run.element));
        let letters: u32 = runs.iter().map(|run| run.length).sum();
        if letters < 20 && shown.images > 0.4 {
            scanned.push(number + 1);
        }
        unmapped += shown.unmapped;
        pages.push(PageRuns { height: shown.height, runs, rules: shown.rules });
    }
    let all = pdf.pages().len();
    if all > MAX_PAGES {
        notes.push(format!("only the first {MAX_PAGES} of {all} pages are read"));
    }
    if document.budget == 0 {
        notes.push("is too long to be read to its end".to_owned());
    }
    if pages.iter().all(|page| page.runs.is_empty()) {
        let pages = if all == 1 { "1 page".to_owned() } else { format!("{all} pages") };
        return Err(Unreadable::new(match unmapped {
            0 => format!("has no text layer: {pages}"),
            _ => format!(
                "has no text that can be read, as its fonts do not tell their characters: {pages}"
            ),
        }));
    }
    if !scanned.is_empty() {
        notes.push(format!("no text layer on {}", page_list(&scanned)));
    }
    if unmapped > 0 {
        notes.push(format!(
            "{unmapped} characters are left out, as their fonts do not tell what they are"
        ));
    }
    let heads = running::remove(&mut pages);
    if !heads.is_empty() {
        notes.push(format!("left out as running heads: {}", quoted(&heads)));
    }
    let properties = Properties::of(&pdf, &catalog);
    let outline = outline(&catalog, &page_numbers);
    let mut placed = Vec::new();
    let mut regions = 0;
    for (number, page) in pages.into_iter().enumerate() {
        page_paragraphs(page, number, &mut regions, &mut placed);
    }
    for it in &mut placed {
        it.paragraph.role = tags.role(it.paragraph.elements.0);
    }
    let body = flow::body_size(&placed);
    flow::notes_last(&mut placed, body);
    let mut levels = headings::levels(&placed, &outline);
    let placed = flow::joined(placed, &mut levels);
    let title = title(&placed, properties.title.as_deref(), body);
    let page_labels = labels::labels(&catalog, all);
    let mut blocks = Vec::with_capacity(placed.len());
    for (number, (it, level)) in placed.into_iter().zip(levels).enumerate() {
        let kind = match (level, it.paragraph.shape) {
            _ if Some(number) == title => BlockKind::Title,
            (Some(level), _) => BlockKind::Heading(level),
            (None, Shape::Cell) => BlockKind::Cell,
            _ if it.paragraph.role == Some(Role::Cell) => BlockKind::Cell,
            _ if it.paragraph.role == Some(Role::Item) => BlockKind::ListItem,
            (None, _) if headings::is_caption(&it.paragraph) => BlockKind::Caption,
            (None, Shape::Item | Shape::Entry) => BlockKind::ListItem,
            (None, Shape::Text) => BlockKind::Paragraph,
        };
        let mut text = it.paragraph.text;
        if matches!(kind, BlockKind::Title | BlockKind::Heading(_)) {
            let label = page_labels.get(it.page).cloned();
            let label = label.unwrap_or_else(|| (it.page + 1).to_string());
            text = headings::bare(&text, &label).to_owned();
        }
        let mut block = Block::new(kind, text);
        block.page = Some(it.page as u32 + 1);
        blocks.push(block);
    }
    let mut metadata = Metadata { page_labels, ..Metadata::default() };
    complete(&mut metadata, properties, &blocks);
    Ok(Draft { metadata, blocks, notes })
}

/// The paragraph that is the title: the one that the properties name, or else the largest of the
/// first pages.
fn title(placed: &[Placed], named: Option<&str>, body: f32) -> Option<usize> {
    let first = placed.iter().take_while(|it| it.page < 2).take(60);
    if let Some(named) = named {
        let key = headings::key(named);
        return first.into_iter().position(|it| headings::key(&it.paragraph.text) == key);
    }
    let page = placed.first()?.page;
    let candidates = first.enumerate().filter(|(_, it)| {
        let letters = it.paragraph.text.chars().filter(|c| c.is_alphabetic()).count();
        it.page == page && (6..=300).contains(&letters) && it.paragraph.size > 1.15 * body
    });
    let size = |it: &Placed| it.paragraph.size;
    let largest = candidates.clone().map(|(_, it)| size(it)).fold(0.0, f32::max);
    candidates.into_iter().find(|(_, it)| size(it) > 0.97 * largest).map(|(at, _)| at)
}

fn complete(metadata: &mut Metadata, mut properties: Properties, blocks: &[Block]) {
    let mut from = |field: &str, origin| metadata.origins.insert(field.to_owned(), origin);
    if let Some(title) = properties.title.take() {
        metadata.title = Some(title);
        from("title", Origin::Embedded);
    }
    let written = written_date(blocks);
    let created = properties.created;
    // A later date is one that the text looks forward to.
    let past = |date: &Date| created.is_none_or(|made| date.first_day() <= made.first_day() + 60);
    if let Some(date) = written.filter(past) {
        metadata.date = Some(date);
        from("date", Origin::Document);
    } else if created.is_some() {
        metadata.date = created;
        from("date", Origin::Embedded);
    }
    properties.fill(metadata);
}

/// The date in a short line of the first page.
fn written_date(blocks: &[Block]) -> Option<Date> {
    let first = blocks.iter().take_while(|block| block.page == Some(1)).take(40);
    let lines = first.flat_map(|block| block.text.lines());
    lines.filter(|line| line.chars().count() <= 60).find_map(|line| {
        let date = Date::find_written(line)?;
        (date.month().is_some() && (1985..=2100).contains(&date.year())).then_some(date)
    })
}

/// The layers that are switched off when the document is opened.
fn hidden_layers(catalog: &Dict<'_>) -> HashSet<ObjectIdentifier> {
    let mut hidden = HashSet::new();
    let Some(layers) = catalog.get::<Dict<'_>>("OCProperties") else { return hidden };
    let Some(initial) = layers.get::<Dict<'_>>("D") else { return hidden };
    let ids = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
        let array = dict.get::<Array<'_>>(key);
        let refs = array.into_iter().flat_map(|array| array.raw_iter());
        refs.filter_map(|item| item.as_obj_ref()).map(ObjectIdentifier::from).collect()
    };
    if initial
        .get::<hayro_syntax::object::Name<'_>>("BaseState")
        .is_some_and(|s| s.as_str() == "OFF")
    {
        hidden.extend(ids(&layers, "OCGs"));
        ids(&initial, "ON").iter().for_each(|id| {
            hidden.remove(id);
        });
    }
    hidden.extend(ids(&initial, "OFF"));
    hidden
}

/// The paragraphs of a page: what runs as most of its text does first, then what is turned.
fn page_paragraphs(page: PageRuns, number: usize, regions: &mut usize, placed: &mut Vec<Placed>) {
    let mut angles: Vec<(u16, u32)> = Vec::new();
    for run in &page.runs {
        match angles.iter_mut().find(|(angle, _)| *angle == run.angle) {
            Some((_, length)) => *length += run.length,
            None => angles.push((run.angle, run.length)),
        }
    }
    angles.sort_by_key(|(angle, length)| (std::cmp::Reverse(*length), *angle));
    let mut left = page.runs;
    for (angle, _) in angles {
        let (runs, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|run| run.angle == angle);
        left = rest;
        let rules: &[Rule] = if angle == 0 { &page.rules } else { &[] };
        let mut place = |paragraphs: Vec<Paragraph>| {
            *regions += 1;
            let region = *regions;
            let found = paragraphs.into_iter();
            placed.extend(found.map(|paragraph| Placed { page: number, region, paragraph }));
        };
        for band in grids::bands(runs, rules) {
            match band {
                Band::Text(runs) => {
                    columns::regions(runs, rules).into_iter().map(paragraphs).for_each(&mut place);
                }
                Band::Grid(cells) => {
                    let cells = cells.into_iter().map(columns::rows);
                    place(cells.flat_map(of_cell).collect());
                }
            }
        }
    }
}

/// The first of some texts, in quotation marks.
fn quoted(texts: &[String]) -> String {
    let cut = |text: &String| match text.char_indices().nth(80) {
        Some((at, _)) => format!("“{}…”", text.get(..at).unwrap_or_default()),
        None => format!("“{text}”"),
    };
    let mut named: Vec<String> = texts.iter().take(8).map(cut).collect();
    if texts.len() > named.len() {
        named.push(format!("and {} more", texts.len() - named.len()));
    }
    named.join(", ")
}

/// Page numbers in words: `page 3`, `pages 1–4, 7`.
fn page_list(pages: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for &page in pages {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == page => *last = page,
            _ => parts.push((page, page)),
        }
    }
    let beyond = parts.len().saturating_sub(20);
    let named = parts.iter().take(20).map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    });
    let named: Vec<String> = named.collect();
    let more = if beyond > 0 { format!(" and {beyond} more ranges") } else { String::new() };
    let word = if pages.len() == 1 { "page" } else { "pages" };
    format!("{word} {}{more}", named.join(", "))
}
