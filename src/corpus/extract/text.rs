//! Plain text: paragraphs between blank lines, and what of headings and lists is plain to see.

use super::{Draft, MAX_BLOCKS, front_matter};
use crate::corpus::metadata;
use crate::{Block, BlockKind, Origin};

/// The lines that a header may have.
const MAX_HEADER: usize = 40;

/// The length in characters from which on a line was not wrapped by hand.
const LONG_LINE: usize = 160;

/// The length in characters up to which a line may be a heading.
const HEADING_LINE: usize = 80;

/// The lines that are read as one paragraph at most.
const MAX_LINES: usize = 1 << 16;

/// Reads a text.
pub(super) fn read(text: &str) -> Draft {
    let mut draft = Draft::default();
    let (text, mut before) = front_matter::take(text, &mut draft);
    let (text, header) = take_header(text, &mut draft);
    before += header;
    draft.blocks = blocks(text, before + 1);
    draft
}

/// The blocks of a text without a header, which starts on this line of its file.
pub(super) fn blocks(text: &str, first_line: u32) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut groups = groups(text, first_line).peekable();
    let mut after_number = false;
    while let Some(group) = groups.next() {
        let before_number = groups.peek().is_some_and(Group::is_numbered);
        group.read(after_number || before_number, &mut blocks);
        after_number = group.is_numbered();
        if blocks.len() > MAX_BLOCKS {
            break;
        }
    }
    blocks
}

/// Splits a text into paragraphs: at blank lines, or at every line end where there is no blank
/// line. All of them stand on the given line of the file.
pub(super) fn paragraphs(text: &str, line: u32) -> Vec<Block> {
    let paragraph = |text: &str| Block::new(BlockKind::Paragraph, text).at_line(line);
    let unix;
    let text = if text.contains('\r') {
        unix = text.replace("\r\n", "\n").replace('\r', "\n");
        &unix
    } else {
        text
    };
    let most = MAX_BLOCKS + 1;
    if text.trim().split('\n').any(parts) {
        let groups = groups(text, line).take(most);
        return groups.map(|group| paragraph(&group.lines.join("\n"))).collect();
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.take(most).map(paragraph).collect()
}

/// A header is a run of `Key: value` lines before the first blank line, of which two at least have
/// keys that polidex knows.
fn take_header<'a>(text: &'a str, draft: &mut Draft) -> (&'a str, u32) {
    let mut pairs = Vec::new();
    let mut known = 0;
    let mut length = 0;
    for (count, line) in text.split_inclusive('\n').enumerate() {
        length += line.len();
        let ends = line.trim().is_empty();
        if ends || length == text.len() {
            if !ends {
                match front_matter::pair(line.trim_end()) {
                    Some(pair) => {
                        known += usize::from(metadata::is_known(&pair.0));
                        pairs.push(pair);
                    }
                    None => break,
                }
            }
            if known < 2 {
                break;
            }
            metadata::apply(draft, pairs, Origin::FrontMatter);
            return (text.get(length..).unwrap_or_default(), count as u32 + 1);
        }
        if count >= MAX_HEADER {
            break;
        }
        match front_matter::pair(line.trim_end()) {
            Some(pair) => {
                known += usize::from(metadata::is_known(&pair.0));
                pairs.push(pair);
            }
            None => break,
        }
    }
    (text, 0)
}

/// Lines without a blank line between them.
struct Group<'a> {
    /// The number of the first one.
    line: u32,
    lines: Vec<&'a str>,
}

/// Whether a line ends what stands before it. A form feed does, for it starts a page.
fn parts(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('\x0C')
}

/// The groups of a text, the first of whose lines has this number.
fn groups(text: &str, first_line: u32) -> impl Iterator<Item = Group<'_>> {
    let mut lines = (first_line..).zip(text.split('\n')).peekable();
    std::iter::from_fn(move || {
        let (line, first) = lines.find(|(_, line)| !line.trim().is_empty())?;
        let mut group = Group { line, lines: vec![first] };
        while group.lines.len() < MAX_LINES
            && let Some((_, line)) = lines.next_if(|(_, line)| !parts(line))
        {
            group.lines.push(line);
        }
        Some(group)
    })
}

impl Group<'_> {
    /// Whether it is one line with a number before it.
    fn is_numbered(&self) -> bool {
        matches!(self.lines[..], [line] if numbered(line).is_some())
    }

    fn read(&self, next_to_number: bool, blocks: &mut Vec<Block>) {
        let (mut lines, mut at) = (self.lines.as_slice(), self.line);
        if let [title, rule, rest @ ..] = lines
            && let Some(level) = underline(title, rule)
        {
            blocks.push(Block::new(BlockKind::Heading(level), *title).at_line(at));
            (lines, at) = (rest, at + 2);
        } else if let [line] = lines
            && let Some(level) = heading(line, next_to_number)
        {
            blocks.push(Block::new(BlockKind::Heading(level), *line).at_line(at));
            return;
        }
        if lines.iter().all(|line| line.trim_start().starts_with('>')) && !lines.is_empty() {
            let bare = |line: &&str| {
                let line = line.trim_start().trim_start_matches(['>', ' ']);
                line.to_owned()
            };
            let text = lines.iter().map(bare).collect::<Vec<_>>().join("\n");
            blocks.push(Block::new(BlockKind::Quote, text).at_line(at));
            return;
        }
        let items = lines.iter().filter(|line| item(line).is_some()).count();
        let first_is_item = lines.first().is_some_and(|line| item(line).is_some());
        // One line inside a paragraph that begins with a dash or a number is chance, two are not.
        let is_list = first_is_item || items >= 2;
        let unwrapped = lines.len() > 1 && {
            let rest = lines.get(..lines.len() - 1).unwrap_or_default();
            rest.iter().any(|line| line.chars().nth(LONG_LINE).is_some())
        };
        let mut open: Option<Block> = None;
        for (line, text) in (at..).zip(lines) {
            if is_rule(text) {
                blocks.extend(open.take());
                continue;
            }
            let found = if is_list { item(text) } else { None };
            match (&mut open, found) {
                (_, Some(rest)) => {
                    blocks
                        .extend(open.replace(Block::new(BlockKind::ListItem, rest).at_line(line)));
                }
                (Some(block), None) if !unwrapped => {
                    block.text.push('\n');
                    block.text.push_str(text);
                }
                (_, None) => {
                    let paragraph = Block::new(BlockKind::Paragraph, *text).at_line(line);
                    blocks.extend(open.replace(paragraph));
                }
            }
        }
        blocks.extend(open);
    }
}

/// The level of a heading that this rule underlines.
fn underline(title: &str, rule: &str) -> Option<u8> {
    let (title, rule) = (title.trim(), rule.trim());
    let level = match rule.bytes().next()? {
        b'=' => 1,
        b'-' => 2,
        _ => return None,
    };
    let length = title.chars().count();
    let same = rule.bytes().all(|byte| Some(&byte) == rule.as_bytes().first());
    let fits = rule.len() >= 3 && rule.len() * 2 >= length && length <= 120;
    (same && fits && title.chars().any(char::is_alphanumeric) && item(title).is_none())
        .then_some(level)
}

/// A line of nothing but one mark: a rule between parts.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let first = line.chars().next();
    line.chars().count() >= 3
        && first.is_some_and(|c| matches!(c, '-' | '=' | '*' | '_' | '~' | '#' | '—' | '─'))
        && line.chars().all(|c| Some(c) == first || c == ' ')
}

/// The level of the heading that a line standing alone is, if it is plainly one.
fn heading(line: &str, next_to_number: bool) -> Option<u8> {
    let line = line.trim();
    if line.chars().count() > HEADING_LINE || line.ends_with(['.', ',', ';', ':', '!']) {
        return None;
    }
    if let Some(level) = article_of_law(line) {
        return Some(level);
    }
    if let Some((depth, rest)) = numbered(line) {
        let titled = rest.starts_with(char::is_uppercase);
        return (titled && (depth > 1 || !next_to_number)).then_some((depth as u8).min(5) + 1);
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = letters >= 4 && !line.chars().any(char::is_lowercase);
    let cased = line.chars().any(char::is_uppercase);
    (shouted && cased && !line.ends_with('?')).then_some(2)
}

/// `2.1 Scope` is numbered, two deep, and titled `Scope`.
fn numbered(line: &str) -> Option<(usize, &str)> {
    let (number, rest) = line.trim().split_once([' ', '\t'])?;
    let number = number.strip_suffix('.').unwrap_or(number);
    let mut depth = 0;
    for part in number.split('.') {
        if !(1..=2).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        depth += 1;
    }
    Some((depth, rest.trim_start()))
}

/// The words that the parts of laws begin with in English, French, German, Spanish and Italian,
/// and the level of their headings.
const PARTS: &[(&str, u8)] = &[
    ("part", 1),
    ("partie", 1),
    ("teil", 1),
    ("parte", 1),
    ("annex", 1),
    ("annexe", 1),
    ("anhang", 1),
    ("anexo", 1),
    ("allegato", 1),
    ("title", 1),
    ("titre", 1),
    ("titel", 1),
    ("título", 1),
    ("titolo", 1),
    ("chapter", 2),
    ("chapitre", 2),
    ("kapitel", 2),
    ("capítulo", 2),
    ("capo", 2),
    ("section", 3),
    ("abschnitt", 3),
    ("sección", 3),
    ("sezione", 3),
    ("article", 4),
    ("artikel", 4),
    ("artículo", 4),
    ("articolo", 4),
];

/// `Article 5`, `KAPITEL IV Schluss`: the part of a law, which a number follows.
fn article_of_law(line: &str) -> Option<u8> {
    let mut words = line.split_whitespace();
    let word = words.next()?;
    let (_, level) = PARTS.iter().find(|(part, _)| *part == word.to_lowercase())?;
    let number = words.next()?.trim_end_matches([':', '.', '–', '-', '—']);
    let roman =
        number.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C')) && !number.is_empty();
    let arabic = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric());
    let titled = words.next().is_none_or(|word| !word.starts_with(char::is_lowercase));
    (word.starts_with(char::is_uppercase) && (roman || arabic) && titled).then_some(*level)
}

/// The text of a list item: without a bullet, with a number or letter.
fn item(line: &str) -> Option<&str> {
    let line = line.trim();
    for bullet in ["- ", "* ", "• ", "‣ ", "◦ ", "▪ ", "– ", "-\t", "•\t", "*\t", "·\t", "· "]
    {
        if let Some(rest) = line.strip_prefix(bullet) {
            return (!rest.trim().is_empty()).then(|| rest.trim_start());
        }
    }
    let (mark, rest) = line.split_once([' ', '\t'])?;
    let inner = match mark.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')')?,
        None => mark.strip_suffix(['.', ')'])?,
    };
    let number = (1..=3).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_digit());
    // A single letter with a full stop is an initial: `J. Doe`.
    let letter = !mark.ends_with('.') && matches!(inner.as_bytes(), [b] if b.is_ascii_alphabetic());
    let roman = !mark.ends_with('.')
        && (1..=5).contains(&inner.len())
        && inner.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    ((number || letter || roman) && !rest.trim().is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use BlockKind::{Heading, ListItem, Paragraph, Quote};

    fn kinds(text: &str) -> Vec<(BlockKind, u32)> {
        read(text).blocks.iter().map(|block| (block.kind, block.line.unwrap())).collect()
    }

    #[test]
    fn a_header_needs_two_known_keys() {
        let draft =
            read("Title: A law\nDate: 2024-08-01\nTags: ai, law\nDocuments: a; b\n\nText.\n");
        assert_eq!(draft.metadata.title.as_deref(), Some("A law"));
        assert_eq!(draft.metadata.tags, ["ai", "law"]);
        assert_eq!(draft.blocks.len(), 1);
        assert_eq!(draft.blocks[0].line, Some(6));

        // Prose may begin with a colon too.
        let draft = read("Warning: this is prose\nNote: and this\n\nText.\n");
        assert_eq!(draft.metadata.title, None);
        assert_eq!(draft.blocks.len(), 2);
    }

    #[test]
    fn headings_are_seen_only_where_they_are_plain() {
        assert_eq!(kinds("Scope\n=====\nText.\n"), [(Heading(1), 1), (Paragraph, 3)]);
        assert_eq!(kinds("Text\n\nDEFINITIONS\n\nText\n")[1], (Heading(2), 3));
        assert_eq!(kinds("2.1 Scope\n\nText.\n")[0], (Heading(3), 1));
        assert_eq!(kinds("Article 5\n\nText.\n")[0], (Heading(4), 1));
        // Near-misses: prose that begins like a heading, a list spaced by blank lines, a table row.
        assert_eq!(kinds("Article 5 prohibits practices\n\nText\n")[0], (Paragraph, 1));
        assert_eq!(
            kinds("1. First\n\n2. Second\n\n3. Third\n"),
            [(ListItem, 1), (ListItem, 3), (ListItem, 5)]
        );
        assert_eq!(kinds("USA\n\nThis one is OK\n"), [(Paragraph, 1), (Paragraph, 3)]);
        assert_eq!(kinds("THIS IS SHOUTED.\n")[0], (Paragraph, 1));
    }

    #[test]
    fn lists_are_told_from_wrapped_prose() {
        let list = "It covers:\n- one that\n  goes on\n- two\n(c) three\n";
        assert_eq!(kinds(list), [(Paragraph, 1), (ListItem, 2), (ListItem, 4), (ListItem, 5)]);
        assert_eq!(read(list).blocks[1].text, "one that\n  goes on");
        // A number that wrapped to the start of a line.
        assert_eq!(kinds("The act came in\n24. The next\nline\n"), [(Paragraph, 1)]);
        assert_eq!(kinds("J. Doe wrote it.\n"), [(Paragraph, 1)]);
        assert_eq!(kinds("> said\n> he\n"), [(Quote, 1)]);
    }

    #[test]
    fn long_lines_are_paragraphs_of_their_own() {
        let long = "word ".repeat(60);
        assert_eq!(kinds(&format!("{long}\nlast\n")), [(Paragraph, 1), (Paragraph, 2)]);
        assert_eq!(kinds("short\nlast\n"), [(Paragraph, 1)]);
    }
}
