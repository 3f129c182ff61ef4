//! Headings: paragraphs that look like them, or that the outline names.

use std::collections::HashMap;

use super::flow::Placed;
use super::outline::Entry;
use super::paragraphs::{Marker, Paragraph, Shape, ends_sentence, marker};
use super::tags::Role;

/// The longest heading, in characters.
const LONGEST: usize = 220;

/// How a paragraph is set: its size in half points, and whether it is bold.
type Style = (u32, bool);

fn style(paragraph: &Paragraph) -> Style {
    ((paragraph.size * 2.0).round() as u32, paragraph.bold)
}

/// The level of each paragraph that is a heading, 1 to 6.
pub(super) fn levels(placed: &[Placed], outline: &[Entry]) -> Vec<Option<u8>> {
    let paragraphs: Vec<&Paragraph> = placed.iter().map(|it| &it.paragraph).collect();
    let pages: Vec<usize> = placed.iter().map(|it| it.page).collect();
    let (paragraphs, pages) = (&paragraphs[..], &pages[..]);
    let body = body(paragraphs);
    let mut levels = by_outline(paragraphs, pages, outline);
    for (paragraph, level) in paragraphs.iter().zip(&mut levels) {
        if let (Some(Role::Heading(tagged)), None) = (paragraph.role, &level)
            && paragraph.text.chars().count() <= LONGEST
        {
            *level = Some(tagged);
        }
    }
    // A table of contents names headings and is none.
    for (paragraph, level) in paragraphs.iter().zip(&mut levels) {
        if paragraph.shape == Shape::Entry {
            *level = None;
        }
    }
    let candidate: Vec<bool> = paragraphs.iter().map(|p| is_candidate(p, body)).collect();
    let mut of_style: HashMap<Style, u8> = HashMap::new();
    for (paragraph, level) in paragraphs.iter().zip(&levels) {
        if let Some(level) = level {
            let known = of_style.entry(style(paragraph)).or_insert(*level);
            *known = (*known).min(*level);
        }
    }
    // Further styles rank by size, below the next greater one.
    let mut styles: Vec<Style> = paragraphs
        .iter()
        .zip(&candidate)
        .filter(|(_, candidate)| **candidate)
        .map(|(paragraph, _)| style(paragraph))
        .collect();
    styles.sort_unstable_by(|a, b| b.cmp(a));
    styles.dedup();
    let mut above = 0;
    for style in styles {
        let level = *of_style.entry(style).or_insert((above + 1).min(6));
        above = above.max(level);
    }
    for ((paragraph, level), candidate) in paragraphs.iter().zip(&mut levels).zip(candidate) {
        if candidate && level.is_none() {
            *level = of_style.get(&style(paragraph)).copied();
        }
    }
    levels
}

/// The style of most of the text.
fn body(paragraphs: &[&Paragraph]) -> Style {
    let mut lengths: HashMap<Style, usize> = HashMap::new();
    for paragraph in paragraphs {
        *lengths.entry(style(paragraph)).or_default() += paragraph.text.len();
    }
    lengths
        .into_iter()
        .max_by_key(|(style, length)| (*length, *style))
        .map_or((20, false), |(s, _)| s)
}

/// Whether a paragraph looks like a heading beside a text of the style `body`.
fn is_candidate(paragraph: &Paragraph, body: Style) -> bool {
    let text = &paragraph.text;
    let (size, bold) = style(paragraph);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let length = text.chars().count();
    let other =
        matches!(paragraph.role, Some(Role::Cell | Role::Caption | Role::Note | Role::Item));
    if other
        || matches!(paragraph.shape, Shape::Cell | Shape::Entry)
        || length > LONGEST
        || letters < 3
        || letters * 2 < length
    {
        return false;
    }
    if matches!(marker(text), Some(Marker::Bullet)) || paragraph.lines > 4 {
        return false;
    }
    let larger = f64::from(size) >= f64::from(body.0) * 1.14;
    let heavier = bold && !body.1 && size + 1 >= body.0;
    let sentence = ends_sentence(text) && !text.ends_with('?');
    let starts = text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    (larger
        && (!sentence || f64::from(size) >= f64::from(body.0) * 1.4)
        && (starts || size > body.0 * 2))
        || (heavier && !sentence && starts && paragraph.lines <= 3)
}

/// The levels of the paragraphs that the outline names, each on the page that it leads to.
fn by_outline(paragraphs: &[&Paragraph], pages: &[usize], outline: &[Entry]) -> Vec<Option<u8>> {
    let mut levels = vec![None; paragraphs.len()];
    if outline.is_empty() {
        return levels;
    }
    let mut at: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, page) in pages.iter().enumerate() {
        at.entry(*page).or_default().push(number);
    }
    let keys: Vec<String> = paragraphs
        .iter()
        .map(|p| if p.text.chars().count() <= LONGEST { key(&p.text) } else { String::new() })
        .collect();
    for entry in outline {
        let (Some(page), title) = (entry.page, key(&entry.title)) else { continue };
        if title.is_empty() {
            continue;
        }
        let on_page = |page: usize| at.get(&page).map_or(&[][..], Vec::as_slice).iter();
        let near = on_page(page).chain(on_page(page + 1));
        let fits = |number: &&usize| {
            let key = keys.get(**number).map_or("", String::as_str);
            let taken = levels.get(**number).is_some_and(Option::is_some);
            let part = key.len() > 3 && key.len() * 3 > title.len() && title.ends_with(key);
            !taken && !key.is_empty() && (key == title || key.ends_with(&title) || part)
        };
        if let Some(level) = near.into_iter().find(fits).and_then(|number| levels.get_mut(*number))
        {
            *level = Some(entry.level.clamp(1, 6));
        }
    }
    levels
}

/// Whether a paragraph names the figure or table that it stands beside.
pub(super) fn is_caption(paragraph: &Paragraph) -> bool {
    const NAMES: &[&str] = &[
        "figure",
        "fig.",
        "table",
        "box",
        "chart",
        "exhibit",
        "abbildung",
        "abb.",
        "tabelle",
        "tab.",
        "tableau",
        "graphique",
        "encadré",
        "figura",
        "tabla",
        "tabella",
        "gráfico",
        "quadro",
    ];
    let mut words = paragraph.text.split_whitespace();
    let name = words.next().unwrap_or_default().to_lowercase();
    let number = words.next().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    // `Table 3 shows` begins a sentence; a caption has a mark behind its number, or is short.
    let ends = paragraph.text.split_whitespace().nth(1);
    let marked = ends.is_some_and(|word| word.ends_with([':', '.', '–', '—']));
    paragraph.role == Some(Role::Caption)
        || NAMES.contains(&&*name)
            && number
            && (marked || paragraph.lines <= 2)
            && paragraph.lines <= 5
}

/// What sets a heading off from what stands beside it, and is no text.
const ORNAMENTS: &[char] = &[
    '|', '¦', '•', '·', '▪', '▫', '■', '□', '●', '○', '◆', '◇', '◼', '◾', '▶', '►', '▸', '❖', '✦',
    '★', '_',
];

/// The text of a heading without ornaments around it, and without the number of its page on the
/// other side of one: `12 | Risks`. Without an ornament the number may be of the heading.
pub(super) fn bare<'t>(text: &'t str, page: &str) -> &'t str {
    let ornament = |c: char| {
        // Fonts of ornaments give their characters codes for private use.
        ORNAMENTS.contains(&c) || matches!(c, '\u{E000}'..='\u{F8FF}')
    };
    let beside = |c: char| c.is_whitespace() || ornament(c);
    let mut bare = text.trim_matches(beside);
    if let Some(rest) = bare.strip_prefix(page)
        && rest.trim_start().starts_with(ornament)
    {
        bare = rest.trim_start_matches(beside);
    }
    if let Some(rest) = bare.strip_suffix(page)
        && rest.trim_end().ends_with(ornament)
    {
        bare = rest.trim_end_matches(beside);
    }
    if bare.is_empty() { text } else { bare }
}

/// Letters and digits in lower case.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_heading_has_no_ornaments_and_no_page_number() {
        for (text, expected) in [
            ("■ The risks ■", "The risks"),
            ("\u{F0A7} The risks", "The risks"),
            ("12 | The risks", "The risks"),
            ("The risks • 12", "The risks"),
            ("Article 12", "Article 12"),
            ("12 The risks", "12 The risks"),
            ("13 | The risks", "13 | The risks"),
            ("Risks – and chances", "Risks – and chances"),
            ("■ ■", "■ ■"),
        ] {
            assert_eq!(bare(text, "12"), expected, "{text}");
        }
    }
}
