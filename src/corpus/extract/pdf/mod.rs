//! PDF: text in reading order from the glyphs of each page, with its pages, headings and tables.

mod bounded;
mod columns;
mod content;
mod direction;
mod document;
mod flow;
mod font;
mod geometry;
mod grids;
mod headings;
mod labels;
mod lenient;
mod marks;
#[cfg(test)]
mod measured;
mod outline;
mod paragraphs;
mod path;
mod properties;
mod running;
mod runs;
mod string;
mod tables;
mod tags;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Draft, Unreadable};
pub(crate) use document::MAX_PAGES;

/// Reads a document.
///
/// # Errors
///
/// [`Unreadable`] if it is encrypted with a password, has no text layer, or is damaged beyond
/// reading.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, Unreadable> {
    // The parser is meant not to panic; where it does all the same, only this file is lost.
    catch_unwind(AssertUnwindSafe(|| document::read(bytes)))
        .unwrap_or_else(|_| Err(Unreadable::new("is damaged: the PDF parser gave up on it")))
}
