//! Page labels: the numbers that are printed on pages (ISO 32000-2, 12.4.2).

use hayro_syntax::object::{Array, Dict, Name, Object};

use super::string;

/// The nodes of a number tree that are read.
const MAX_NODES: usize = 10_000;

/// The label of each page; empty if the document has none, or none but the plain numbers.
pub(super) fn labels(catalog: &Dict<'_>, pages: usize) -> Vec<String> {
    let Some(root) = catalog.get::<Dict<'_>>("PageLabels") else { return Vec::new() };
    let mut ranges = Vec::new();
    let mut left = MAX_NODES;
    collect(&root, 0, &mut left, &mut ranges);
    ranges.sort_by_key(|range| range.from);
    let mut labels = Vec::with_capacity(pages);
    for page in 0..pages {
        let at = ranges.partition_point(|range| range.from <= page);
        let range = at.checked_sub(1).and_then(|at| ranges.get(at));
        labels.push(range.map_or_else(|| (page + 1).to_string(), |range| range.label(page)));
    }
    let plain = labels.iter().enumerate().all(|(page, label)| *label == (page + 1).to_string());
    if plain { Vec::new() } else { labels }
}

/// Pages from one on that are numbered in the same way.
struct Range {
    from: usize,
    style: u8,
    prefix: String,
    first: u32,
}

impl Range {
    fn label(&self, page: usize) -> String {
        let number = self.first.saturating_add((page - self.from) as u32);
        let number = match self.style {
            b'D' => number.to_string(),
            b'r' => roman(number),
            b'R' => roman(number).to_uppercase(),
            b'a' => letters(number),
            b'A' => letters(number).to_uppercase(),
            _ => String::new(),
        };
        format!("{}{number}", self.prefix)
    }
}

fn collect(node: &Dict<'_>, depth: u32, left: &mut usize, ranges: &mut Vec<Range>) {
    if depth > 16 || *left == 0 {
        return;
    }
    *left -= 1;
    if let Some(numbers) = node.get::<Array<'_>>("Nums") {
        let items: Vec<Object<'_>> = numbers.iter::<Object<'_>>().take(2 * MAX_NODES).collect();
        for pair in items.chunks_exact(2) {
            let [Object::Number(from), Object::Dict(range)] = pair else { continue };
            let Ok(from) = usize::try_from(from.as_i64()) else { continue };
            let style = range.get::<Name<'_>>("S");
            let prefix = match range.get::<Object<'_>>("P") {
                Some(Object::String(text)) => string::text(text.as_bytes()),
                _ => String::new(),
            };
            ranges.push(Range {
                from,
                style: style.and_then(|style| style.as_ref().first().copied()).unwrap_or(0),
                prefix: prefix.chars().take(32).collect(),
                first: range.get::<u32>("St").unwrap_or(1),
            });
        }
    }
    if let Some(kids) = node.get::<Array<'_>>("Kids") {
        for kid in kids.iter::<Dict<'_>>() {
            collect(&kid, depth + 1, left, ranges);
        }
    }
}

fn roman(number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number > 10_000 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, digit) in DIGITS {
        while left >= value {
            text.push_str(digit);
            left -= value;
        }
    }
    text
}

/// `a` to `z`, then `aa`, `bb`, ….
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(b'a' + (index % 26) as u8);
    std::iter::repeat_n(letter, (index / 26 + 1).min(16) as usize).collect()
}
