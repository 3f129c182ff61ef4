//! The flow of a text through columns and pages: notes to the end of their page, and paragraphs
//! joined where they plainly go on in the next column or on the next page.

use super::paragraphs::{Paragraph, Shape, ends_sentence, hyphenated, marker};
use super::tags::Role;
use crate::corpus::extract::normalise::PAGE_END;

/// A paragraph with its place.
#[derive(Debug)]
pub(super) struct Placed {
    /// From 0.
    pub(super) page: usize,
    /// The region of the page that it was read in; numbered throughout the document.
    pub(super) region: usize,
    pub(super) paragraph: Paragraph,
}

/// The size of most of the text, in points.
pub(super) fn body_size(placed: &[Placed]) -> f32 {
    let mut sizes: Vec<(u32, usize)> = Vec::new();
    for Placed { paragraph, .. } in placed {
        let size = (paragraph.size * 4.0).round() as u32;
        match sizes.binary_search_by_key(&size, |(known, _)| *known) {
            Ok(at) => {
                if let Some((_, length)) = sizes.get_mut(at) {
                    *length += paragraph.text.len();
                }
            }
            Err(at) => sizes.insert(at, (size, paragraph.text.len())),
        }
    }
    let most = sizes.into_iter().max_by_key(|(size, length)| (*length, *size));
    most.map_or(10.0, |(size, _)| size as f32 / 4.0)
}

/// Moves notes behind the other text of their page.
pub(super) fn notes_last(placed: &mut [Placed], body: f32) {
    for page in placed.chunk_by_mut(|a, b| a.page == b.page) {
        // Of the paragraphs of a region, notes are the last ones that are small.
        let mut note = vec![false; page.len()];
        let mut below = true;
        let mut region = None;
        for (at, it) in page.iter().enumerate().rev() {
            if region != Some(it.region) {
                (region, below) = (Some(it.region), true);
            }
            let small = it.paragraph.size < 0.93 * body && it.paragraph.shape != Shape::Cell;
            below &= small;
            if let Some(note) = note.get_mut(at) {
                let tagged = it.paragraph.role == Some(Role::Note);
                *note = tagged || below && is_note(&it.paragraph.text);
            }
        }
        // What follows a note in its region and is small is a part of it.
        for at in 1..page.len() {
            let (Some(a), Some(b)) = (page.get(at - 1), page.get(at)) else { continue };
            let same = a.region == b.region && b.paragraph.size < 0.93 * body;
            if same
                && note.get(at - 1) == Some(&true)
                && let Some(note) = note.get_mut(at)
            {
                *note = true;
            }
        }
        let all_notes = note.iter().all(|note| *note);
        if !all_notes && note.contains(&true) {
            // Stable, so that both parts keep their order.
            let mut flags = note.into_iter();
            let mut keyed: Vec<(bool, usize)> =
                (0..page.len()).map(|at| (flags.next().unwrap_or(false), at)).collect();
            keyed.sort_by_key(|(note, at)| (*note, *at));
            let order: Vec<usize> = keyed.into_iter().map(|(_, at)| at).collect();
            permute(page, order);
        }
    }
}

/// Brings the items into the order given: the new item 0 is the old item `order[0]`.
fn permute(items: &mut [Placed], mut order: Vec<usize>) {
    for at in 0..order.len() {
        let mut from = order.get(at).copied().unwrap_or(at);
        while from < at {
            from = order.get(from).copied().unwrap_or(at);
        }
        items.swap(at, from);
        if let Some(slot) = order.get_mut(at) {
            *slot = from;
        }
    }
}

/// Whether a text begins with the mark of a note.
fn is_note(text: &str) -> bool {
    let mark = text.trim_start_matches(['[', '(']);
    let digits = mark.chars().take_while(char::is_ascii_digit).count();
    (1..=3).contains(&digits) || mark.starts_with(['*', '†', '‡', '§'])
}

/// Joins paragraphs that go on in the next region; `is_heading` says of which paragraphs, by
/// number, it is known that they stand alone.
pub(super) fn joined(placed: Vec<Placed>, levels: &mut Vec<Option<u8>>) -> Vec<Placed> {
    let mut found: Vec<Placed> = Vec::with_capacity(placed.len());
    let mut kept: Vec<Option<u8>> = Vec::with_capacity(placed.len());
    // The last paragraph of running text, and the page and region of its last line.
    let mut open: Option<(usize, usize, usize)> = None;
    for (next, level) in placed.into_iter().zip(levels.drain(..)) {
        let onto = open.filter(|(at, page, region)| {
            let further = next.region != *region && (next.page == *page || next.page == page + 1);
            let before = found.get(*at);
            further
                && level.is_none()
                && before.is_some_and(|b| goes_on(&b.paragraph, &next.paragraph))
        });
        if let Some((at, page, _)) = onto
            && let Some(before) = found.get_mut(at)
        {
            let text = &mut before.paragraph.text;
            if next.page > page {
                text.push(PAGE_END);
            }
            text.push('\n');
            text.push_str(&next.paragraph.text);
            before.paragraph.full = next.paragraph.full;
            before.paragraph.elements.1 = next.paragraph.elements.1;
            open = Some((at, next.page, next.region));
            continue;
        }
        let text = matches!(next.paragraph.shape, Shape::Text | Shape::Item) && level.is_none();
        // Notes stand between a page's text and the next page's.
        if text && !is_note(&next.paragraph.text) || level.is_some() {
            open = text.then_some((found.len(), next.page, next.region));
        }
        found.push(next);
        kept.push(level);
    }
    *levels = kept;
    found
}

fn goes_on(before: &Paragraph, next: &Paragraph) -> bool {
    if before.elements.1 >= 0 && before.elements.1 == next.elements.0 {
        return next.shape != Shape::Cell;
    }
    let alike = (before.size - next.size).abs() < 0.06 * before.size && before.bold == next.bold;
    let first = next.text.chars().next().unwrap_or(' ');
    let small = first.is_lowercase();
    if !alike || next.shape != Shape::Text || marker(&next.text).is_some() {
        return false;
    }
    if hyphenated(&before.text) && small {
        return true;
    }
    let last = before.text.chars().next_back().unwrap_or(' ');
    let open = last.is_alphabetic() || last == ',';
    !ends_sentence(&before.text)
        && before.lines + next.lines > 2
        && ((small && (before.full || open))
            || (before.full && open && before.lines > 1 && next.lines > 1))
}
