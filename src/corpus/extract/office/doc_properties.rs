//! Properties of the text of a Word file of before 2007: which runs are deleted, hidden or
//! raised, what paragraphs are.
//!
//! Written from [MS-DOC], sections 2.4 to 2.9. A property run is found by the place of its text in the
//! stream, not by the order in the document.

use super::bytes::{place_at, slice, u8_at, u16_at, u32_at};
use super::styles::Role;

/// The pages of properties that are read.
const MAX_PAGES: usize = 200_000;

/// Styles that are based on each other in a longer row than this are not followed.
const MAX_CHAIN: usize = 20;

/// What is known of a paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Paragraph {
    pub(super) style: u16,
    pub(super) in_table: bool,
    /// Whether its mark ends a row.
    pub(super) row_end: bool,
    pub(super) listed: bool,
    pub(super) outline: Option<u8>,
}

/// Runs of text by their places, in ascending order.
pub(super) struct Runs<T> {
    runs: Vec<(u32, u32, T)>,
}

impl<T: Copy> Runs<T> {
    /// What is said of the text at this place.
    pub(super) fn at(&self, place: u32) -> Option<T> {
        let after = self.runs.partition_point(|(start, ..)| *start <= place);
        let (_, end, value) = self.runs.get(after.checked_sub(1)?)?;
        (place < *end).then_some(*value)
    }
}

/// The paragraphs of a document.
pub(super) fn paragraphs(document: &[u8], table: &[u8]) -> Runs<Paragraph> {
    runs(document, table, 13, |page, entry| {
        let at = 2 * usize::from(*entry.first()?);
        let (start, length) = match u8_at(page, at)? {
            0 => (at + 2, 2 * usize::from(u8_at(page, at + 1)?)),
            half => (at + 1, 2 * usize::from(half) - 1),
        };
        let content = page.get(start..page.len().min(start + length))?;
        let mut paragraph = Paragraph { style: u16_at(content, 0)?, ..Paragraph::default() };
        modifiers(content.get(2..).unwrap_or_default(), |code, operand| {
            let value = operand.first().copied().unwrap_or(0);
            match code {
                0x2416 => paragraph.in_table = value != 0,
                0x2417 => paragraph.row_end = value != 0,
                0x2640 => paragraph.outline = Some(value),
                0x460B => paragraph.listed = u16_at(operand, 0).is_some_and(|list| list != 0),
                _ => {}
            }
        });
        Some(paragraph)
    })
}

/// What sets characters apart from others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Characters {
    /// Deleted or hidden.
    LeftOut,
    Raised,
}

/// The runs of a document that are set apart from others.
pub(super) fn characters(document: &[u8], table: &[u8]) -> Runs<Characters> {
    runs(document, table, 1, |page, entry| {
        let at = 2 * usize::from(*entry.first()?);
        if at == 0 {
            return None;
        }
        let content = slice(page, at + 1, usize::from(u8_at(page, at)?))?;
        let (mut deleted, mut hidden, mut raised) = (false, false, false);
        modifiers(content, |code, operand| {
            let on = operand.first().is_some_and(|value| value & 1 != 0);
            match code {
                0x0800 => deleted = on,
                0x083C => hidden = on,
                0x2A48 => raised = operand.first() == Some(&1),
                _ => {}
            }
        });
        match deleted || hidden {
            true => Some(Characters::LeftOut),
            false => raised.then_some(Characters::Raised),
        }
    })
}

/// Reads the pages that a table names; `width` is that of an entry in a page.
fn runs<T>(
    document: &[u8],
    table: &[u8],
    width: usize,
    read: impl Fn(&[u8], &[u8]) -> Option<T>,
) -> Runs<T> {
    let pages = (table.len().saturating_sub(4) / 8).min(MAX_PAGES);
    let mut runs = Vec::new();
    for page in 0..pages {
        let place = place_at(table, 4 * (pages + 1) + 4 * page).map(|number| number & 0x3F_FFFF);
        let Some(page) = place.and_then(|number| slice(document, 512 * number, 512)) else {
            continue;
        };
        let count = usize::from(u8_at(page, 511).unwrap_or(0));
        for entry in 0..count {
            let (Some(start), Some(end)) = (u32_at(page, 4 * entry), u32_at(page, 4 * entry + 4))
            else {
                break;
            };
            let entry = slice(page, 4 * (count + 1) + width * entry, width);
            if let Some(value) = entry.and_then(|entry| read(page, entry)) {
                runs.push((start, end, value));
            }
        }
    }
    runs.sort_by_key(|(start, ..)| *start);
    Runs { runs }
}

/// Goes through single property modifiers: their codes and operands.
fn modifiers(mut rest: &[u8], mut visit: impl FnMut(u16, &[u8])) {
    while let Some(code) = u16_at(rest, 0) {
        let operand = rest.get(2..).unwrap_or_default();
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ if code == 0xD608 => usize::from(u16_at(operand, 0).unwrap_or(0)) + 1,
            _ => usize::from(u8_at(operand, 0).unwrap_or(0)) + 1,
        };
        let Some(used) = operand.get(..length) else { return };
        visit(code, used);
        rest = operand.get(length..).unwrap_or_default();
    }
}

/// What the styles of a document are, by their numbers.
pub(super) struct Styles {
    styles: Vec<Option<(u16, u16)>>,
}

impl Styles {
    /// Reads the style sheet.
    pub(super) fn read(sheet: &[u8]) -> Styles {
        let mut styles = Vec::new();
        let mut at = 2 + usize::from(u16_at(sheet, 0).unwrap_or(0));
        while let Some(length) = u16_at(sheet, at) {
            let style = sheet.get(at + 2..).unwrap_or_default();
            // The built-in style that it is, and the style that it is based on.
            let numbers = u16_at(style, 0).zip(u16_at(style, 2));
            styles.push(numbers.filter(|_| length > 0).map(|(a, b)| (a & 0xFFF, b >> 4)));
            at += 2 + usize::from(length);
        }
        Styles { styles }
    }

    /// What a style makes of a paragraph.
    pub(super) fn role(&self, style: u16) -> Option<Role> {
        let mut number = usize::from(style);
        for _ in 0..MAX_CHAIN {
            let (built_in, base) = (*self.styles.get(number)?)?;
            match built_in {
                1..=9 => return Some(Role::Heading(built_in as u8)),
                19..=27 => return Some(Role::Contents),
                34 => return Some(Role::Caption),
                45 | 101 => return Some(Role::Code),
                48..=61 => return Some(Role::ListItem),
                62 => return Some(Role::Title),
                84 | 180 | 181 => return Some(Role::Quote),
                _ => number = usize::from(base),
            }
        }
        None
    }
}
