//! What the metadata of an article leaves open, taken from its text.

use std::collections::HashSet;

use super::byline::{self, Said};
use super::extract::Draft;
use crate::{Block, BlockKind, Date, Language, Origin, citation, language};

/// The characters of a title that is taken from the first line.
const MAX_TITLE: usize = 120;

/// The blocks among which the date of a text is looked for, up to one that is longer than
/// [`LONG_BLOCK`] bytes.
const FIRST_BLOCKS: usize = 8;

/// The bytes of a block that is part of the text and not about it.
const LONG_BLOCK: usize = 400;

/// The letters that a text must have to speak against its declared language.
const ENOUGH_LETTERS: usize = 200;

/// The bytes of a text that its language is told from.
const SAMPLE: usize = 4096;

/// Fills in what the metadata of a normalised draft leaves open: title and language from the text,
/// or the title from the file's name.
pub(super) fn complete(draft: &mut Draft, name: &str) {
    complete_title(draft, name);
    // What a site sets above its headline is not read before it.
    if let Some(title) = draft.blocks.iter().position(|block| block.kind == BlockKind::Title)
        && let Some(above) = draft.blocks.get_mut(..=title)
    {
        above.rotate_right(1);
    }
    complete_date(draft);
    complete_language(draft);
    complete_cites(draft);
}

fn complete_title(draft: &mut Draft, name: &str) {
    let Draft { metadata, blocks, .. } = draft;
    let is_title = |block: &Block| block.kind == BlockKind::Title;
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    if let Some(title) = &metadata.title {
        if blocks.iter().any(is_title) {
            return;
        }
        match blocks.iter_mut().find(|block| is_heading(block)) {
            Some(heading) if is_said_by(title, &heading.text) => heading.kind = BlockKind::Title,
            _ => blocks.insert(0, Block::new(BlockKind::Title, title.clone())),
        }
        return;
    }
    let (title, origin) = if let Some(block) = blocks.iter().find(|block| is_title(block)) {
        (block.text.clone(), Origin::Document)
    } else if let Some(heading) = title_heading(blocks) {
        heading.kind = BlockKind::Title;
        (heading.text.clone(), Origin::Document)
    } else if let Some(first) = blocks.first() {
        (first_line(first), Origin::Document)
    } else {
        return;
    };
    let (title, origin) = match title.chars().any(char::is_alphanumeric) {
        true => (title, origin),
        false => (stem(name), Origin::Path),
    };
    metadata.title = Some(title);
    metadata.origins.insert("title".to_owned(), origin);
}

/// The first heading, if it stands above all others: of the first level, or alone on its level.
fn title_heading(blocks: &mut [Block]) -> Option<&mut Block> {
    let level = |block: &Block| match block.kind {
        BlockKind::Heading(level) => Some(level),
        _ => None,
    };
    let first = blocks.iter().position(|block| level(block).is_some())?;
    let (_, rest) = blocks.split_at_mut(first);
    let (heading, rest) = rest.split_first_mut()?;
    let own = level(heading)?;
    let above_all = || rest.iter().filter_map(level).all(|other| other > own);
    (own == 1 || above_all()).then_some(heading)
}

/// Whether a heading is a title, or the title with a few words more, such as a topic set above it.
fn is_said_by(title: &str, heading: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (title, heading) = (words(title), words(heading));
    let whole = heading.windows(title.len().max(1)).any(|part| part == title);
    whole && title.len() * 3 >= heading.len() * 2
}

/// The first line of a block, cut at a word where it is long.
fn first_line(block: &Block) -> String {
    let end = block.breaks.first().map_or(block.text.len(), |at| *at as usize);
    let line = block.text.get(..end).unwrap_or(&block.text).trim_end();
    let Some((cut, _)) = line.char_indices().nth(MAX_TITLE) else { return line.to_owned() };
    let head = line.get(..cut).unwrap_or(line);
    let whole_word = line.get(cut..).is_some_and(|rest| rest.starts_with(' '));
    match head.rfind(' ') {
        Some(space) if !whole_word => head.get(..space).unwrap_or(head).to_owned(),
        _ => head.to_owned(),
    }
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

fn complete_language(draft: &mut Draft) {
    let sample = sample(&draft.blocks);
    let declared = draft.metadata.language.filter(|language| !language.is_unknown());
    if declared.is_some_and(|declared| language::confirms(&sample, declared)) {
        return;
    }
    let letters = language::letters(&sample);
    let detected = language::detect(&sample);
    let metadata = &mut draft.metadata;
    match declared {
        Some(declared)
            if letters < ENOUGH_LETTERS || !language::contradicts(detected, declared) =>
        {
            metadata.language = Some(declared);
        }
        Some(declared) => {
            draft.notes.push(format!(
                "the language is given as {declared}, but the text is in {detected}"
            ));
            metadata.language = Some(detected);
            metadata.origins.insert("language".to_owned(), Origin::Detected);
        }
        None if detected.is_unknown() => {
            metadata.language = None;
            metadata.origins.remove("language");
        }
        None => {
            metadata.language = Some(detected);
            metadata.origins.insert("language".to_owned(), Origin::Detected);
        }
    }
}

/// The date that one of the first lines of the text gives for it.
fn complete_date(draft: &mut Draft) {
    let Draft { metadata, blocks, .. } = draft;
    if metadata.date.is_some() {
        return;
    }
    let is_line = |block: &&Block| {
        matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote | BlockKind::Cell)
    };
    let first = blocks.iter().take(FIRST_BLOCKS).take_while(|block| block.text.len() < LONG_BLOCK);
    let lines: Vec<&Block> = first.filter(is_line).collect();
    let said = |wanted: fn(Said) -> Option<Date>| {
        lines.iter().flat_map(|block| lines_of(block)).find_map(|line| wanted(byline::said(line)?))
    };
    let published = said(|it| match it {
        Said::Published(date) | Said::Bare(date) => Some(date),
        Said::Changed(_) => None,
    });
    let changed = || {
        said(|it| match it {
            Said::Changed(date) => Some(date),
            _ => None,
        })
    };
    if let Some(date) = published.or_else(changed) {
        metadata.date = Some(date);
        metadata.origins.insert("date".to_owned(), Origin::Document);
    }
}

/// The lines of the source file that a block was made of.
fn lines_of(block: &Block) -> Vec<&str> {
    let starts = std::iter::once(0).chain(block.breaks.iter().map(|at| *at as usize));
    let ends = block.breaks.iter().map(|at| *at as usize).chain([block.text.len()]);
    starts.zip(ends).filter_map(|(start, end)| block.text.get(start..end)).collect()
}

/// Adds what the text refers to to what a program has said of it.
fn complete_cites(draft: &mut Draft) {
    let Draft { metadata, blocks, .. } = draft;
    let language = metadata.language.unwrap_or(Language::UNKNOWN);
    let mut known: HashSet<String> = metadata.cites.iter().cloned().collect();
    for block in blocks.iter().filter(|block| block.kind != BlockKind::Code) {
        for identifier in citation::find(&block.text, language) {
            if known.insert(identifier.clone()) {
                metadata.cites.push(identifier);
                metadata.origins.entry("cites".to_owned()).or_insert(Origin::Detected);
            }
        }
    }
}

/// Text from the beginning, the middle and the end, without program text.
fn sample(blocks: &[Block]) -> String {
    let prose = || blocks.iter().filter(|block| block.kind != BlockKind::Code);
    let length: usize = prose().map(|block| block.text.len() + 1).sum();
    let mut sample = String::with_capacity(length.min(SAMPLE + 16));
    let piece = SAMPLE / 3;
    let starts: &[usize] = match length <= SAMPLE {
        true => &[0],
        false => &[0, length / 2, length - piece],
    };
    let size = if length <= SAMPLE { length } else { piece };
    for window in starts.iter().map(|start| *start..start + size) {
        let mut start = 0;
        for block in prose() {
            let end = start + block.text.len();
            if start < window.end && end > window.start {
                let text = &block.text;
                let from = boundary(text, window.start.saturating_sub(start));
                let to = boundary(text, window.end - start);
                sample.push_str(text.get(from..to).unwrap_or_default());
                sample.push('\n');
            }
            start = end + 1;
        }
    }
    sample
}

/// The first boundary of a character at or after this byte.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
