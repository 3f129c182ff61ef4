//! XLSX: the cells of an Excel workbook, sheet by sheet and row by row, as they are shown.
//!
//! Written from ECMA-376, part 1, chapter 18. Hidden sheets, rows and columns, formulas, comments
//! and errors are left out. Dates are written as in ISO 8601.

use std::ops::RangeInclusive;

use super::flow::Flow;
use super::package::Package;
use super::xml::{Node, Tag, Xml};
use crate::corpus::extract::{Draft, Unreadable, raised};
use crate::{Block, BlockKind, Date};

/// Groups of hidden columns that are kept in mind.
const MAX_COLUMNS: usize = 1000;

/// Names that programs give a sheet by themselves, in lower case, without the number.
const SHEETS: &[&str] = &["sheet", "tabelle", "feuil", "hoja", "foglio", "folha", "blad", "arkusz"];

/// What a number in a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Number,
    Percent,
    Day,
    Time,
}

/// What all sheets of a workbook share.
#[derive(Default)]
struct Workbook {
    strings: Vec<String>,
    /// Of each cell format.
    formats: Vec<Format>,
    /// Whether days are counted from 1904.
    from_1904: bool,
}

/// Reads a workbook.
pub(super) fn read(package: &mut Package<'_>) -> Result<Draft, Unreadable> {
    let relations = package.relations("");
    let main = relations
        .iter()
        .find(|relation| relation.kind == "officeDocument" && package.has(&relation.target))
        .map_or("xl/workbook.xml", |relation| &relation.target)
        .to_owned();
    let parts = package.relations(&main);
    let part = |kind: &str, name: &str| {
        let found = parts.iter().find(|part| part.kind == kind);
        found.map_or(name, |part| &part.target).to_owned()
    };
    let mut book = Workbook::default();
    if let Some(text) = package.side_text(&part("sharedStrings", "xl/sharedStrings.xml")) {
        book.strings = strings(&mut Xml::new(&text));
    }
    if let Some(text) = package.side_text(&part("styles", "xl/styles.xml")) {
        book.formats = formats(&mut Xml::new(&text));
    }
    let text = package.text(&main)?.ok_or_else(|| Unreadable::new("holds no workbook"))?;
    let mut sheets = Vec::new();
    let mut hidden = 0u32;
    let mut xml = Xml::new(&text);
    while let Some(node) = xml.next() {
        let Node::Open(tag) = node else { continue };
        match tag.name() {
            "workbookPr" => {
                let value = tag.get("date1904");
                book.from_1904 = matches!(value.as_deref(), Some("1" | "true"));
            }
            "sheet" if tag.get("state").is_some_and(|state| state != "visible") => hidden += 1,
            "sheet" => {
                let id = tag.get_prefixed("id").unwrap_or_default();
                if let Some(part) = parts.iter().find(|part| part.id == id) {
                    sheets.push((tag.get("name").unwrap_or_default(), part.target.clone()));
                }
            }
            _ => {}
        }
    }
    let mut flow = Flow::of_sheets();
    let several = sheets.len() > 1;
    for (name, target) in sheets {
        if flow.is_full() {
            break;
        }
        let Some(text) = package.side_text(&target) else { continue };
        let given = name.to_lowercase();
        let given = given.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        if several || !SHEETS.contains(&given) {
            flow.put(Block::new(BlockKind::Heading(1), name));
        }
        let mut xml = Xml::new(&text);
        sheet(&mut xml, &book, &mut flow);
        package.note_damage(&target, &xml);
    }
    let (blocks, cut) = flow.finish();
    let mut draft = Draft { blocks, notes: cut, ..Draft::default() };
    if hidden > 0 {
        draft.notes.push(format!("hidden sheets left out: {hidden}"));
    }
    package.core_properties(&relations).apply(&mut draft);
    Ok(draft)
}

/// Reads the strings that cells refer to by number.
fn strings(xml: &mut Xml<'_>) -> Vec<String> {
    let mut strings = Vec::new();
    while let Some(node) = xml.next() {
        if let Node::Open(tag) = node
            && tag.name() == "si"
        {
            strings.push(rich_text(xml));
        }
    }
    strings
}

/// The text of the element that was opened last, without its reading aids.
fn rich_text(xml: &mut Xml<'_>) -> String {
    let mut text = String::new();
    // Whether the run before is raised, and whether this one is.
    let (mut before, mut raised) = (false, false);
    let mut inside = 1u32;
    while inside > 0 {
        match xml.next() {
            Some(Node::Open(tag)) => match tag.name() {
                "t" => {
                    let run = xml.text();
                    if raised && !before {
                        text.push_str(raised::separator(&text, &run));
                    }
                    text.push_str(&run);
                }
                "rPh" => xml.skip(),
                name => {
                    match name {
                        "r" => before = std::mem::take(&mut raised),
                        "vertAlign" => raised = tag.is("val", "superscript"),
                        _ => {}
                    }
                    inside += 1;
                }
            },
            Some(Node::Close(_)) => inside -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    text
}

/// Reads what numbers are, for each cell format.
fn formats(xml: &mut Xml<'_>) -> Vec<Format> {
    let mut codes: Vec<(u32, Format)> = Vec::new();
    let mut formats = Vec::new();
    let mut inside = false;
    while let Some(node) = xml.next() {
        match node {
            Node::Open(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.get("formatCode"))
                    {
                        codes.push((id, format(&code)));
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside => {
                    let id = tag.number("numFmtId").unwrap_or(0);
                    let own = codes.iter().find(|(known, _)| *known == id);
                    formats.push(own.map_or_else(|| standard_format(id), |(_, format)| *format));
                }
                _ => {}
            },
            Node::Close(end) if end.name() == "cellXfs" => break,
            _ => {}
        }
    }
    formats
}

fn standard_format(id: u32) -> Format {
    match id {
        9 | 10 => Format::Percent,
        14..=17 | 22 | 27..=31 | 36 | 50..=58 => Format::Day,
        18..=21 | 32..=35 | 45..=47 => Format::Time,
        _ => Format::Number,
    }
}

/// What the code of a format shows a number as.
fn format(code: &str) -> Format {
    let mut plain = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().take_while(|c| *c != '"').count()),
            '[' => drop(chars.by_ref().take_while(|c| *c != ']').count()),
            '\\' | '_' | '*' => drop(chars.next()),
            ';' => break,
            _ => plain.extend(c.to_lowercase()),
        }
    }
    let has = |letters: &[char]| plain.contains(letters);
    match plain {
        _ if plain == "general" => Format::Number,
        _ if has(&['%']) => Format::Percent,
        _ if has(&['0', '#', '?']) && !has(&['y', 'd', 'h']) => Format::Number,
        _ if has(&['y', 'd']) => Format::Day,
        _ if has(&['h', 's']) => Format::Time,
        _ if has(&['m']) => Format::Day,
        _ => Format::Number,
    }
}

fn sheet(xml: &mut Xml<'_>, book: &Workbook, flow: &mut Flow) {
    let mut hidden: Vec<RangeInclusive<u32>> = Vec::new();
    let mut column = 0;
    flow.begin_table();
    while !flow.is_full() {
        let Some(node) = xml.next() else { break };
        let Node::Open(tag) = node else { continue };
        let is_hidden = |tag: &Tag<'_>| tag.is("hidden", "1") || tag.is("hidden", "true");
        match tag.name() {
            "col" if is_hidden(&tag) && hidden.len() < MAX_COLUMNS => {
                let (first, last) = (tag.number("min"), tag.number("max"));
                hidden.extend(first.zip(last).map(|(first, last)| first..=last));
            }
            "row" if is_hidden(&tag) => xml.skip(),
            "row" => {
                column = 0;
                flow.row();
            }
            "c" => {
                column = tag.get("r").and_then(|name| column_of(&name)).unwrap_or(column + 1);
                if hidden.iter().any(|range| range.contains(&column)) {
                    xml.skip();
                    continue;
                }
                let text = cell(xml, &tag, book);
                if !text.trim().is_empty() {
                    flow.cell();
                    flow.begin(BlockKind::Cell);
                    flow.push(&text);
                    flow.end();
                }
            }
            "headerFooter" | "extLst" | "dataValidations" => xml.skip(),
            _ => {}
        }
    }
    flow.end_table();
}

/// The number of the column in the name of a cell, such as 28 in `AB7`.
fn column_of(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number =
        letters.fold(0, |all, letter| all * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    (number > 0).then_some(number)
}

/// Reads a cell, whose element was opened last: what it shows.
fn cell(xml: &mut Xml<'_>, tag: &Tag<'_>, book: &Workbook) -> String {
    let kind = tag.get("t").unwrap_or_default();
    let format = tag.number("s").and_then(|style| book.formats.get(style as usize).copied());
    let (mut value, mut inline) = (String::new(), String::new());
    let mut inside = 1u32;
    while inside > 0 {
        match xml.next() {
            Some(Node::Open(tag)) => match tag.name() {
                "v" => value = xml.text(),
                "is" => inline = rich_text(xml),
                "f" => xml.skip(),
                _ => inside += 1,
            },
            Some(Node::Close(_)) => inside -= 1,
            Some(Node::Text(_)) => {}
            None => break,
        }
    }
    match &*kind {
        "s" => {
            let at = value.trim().parse::<usize>().ok();
            at.and_then(|at| book.strings.get(at)).cloned().unwrap_or_default()
        }
        "inlineStr" => inline,
        "str" => value,
        "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
        "e" => String::new(),
        "d" => value,
        _ => number(value.trim(), format.unwrap_or(Format::Number), book.from_1904),
    }
}

/// A number as it is shown.
fn number(value: &str, format: Format, from_1904: bool) -> String {
    let Ok(number) = value.parse::<f64>() else { return value.to_owned() };
    // A program shows at most 15 digits, so that 0.1 + 0.2 is 0.3.
    let shown = |number: f64| match format!("{number:.14e}").parse::<f64>() {
        Ok(rounded) if rounded.abs() < 1e15 && (rounded == 0.0 || rounded.abs() > 1e-9) => {
            rounded.to_string()
        }
        _ => value.to_owned(),
    };
    // Days after 30 December 1899, or after 1 January 1904.
    let day = number.floor() + if from_1904 { 1462.0 } else { 0.0 };
    match format {
        Format::Number => shown(number),
        Format::Percent => format!("{}%", shown(number * 100.0)),
        Format::Day | Format::Time if !(0.0..3_000_000.0).contains(&number) => shown(number),
        Format::Day | Format::Time => {
            let date = Date::from_days(day as i32 - 25_569).filter(|_| day >= 1.0);
            let minutes = (((number - number.floor()) * 1440.0).round() as u32).min(1439);
            let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            match (date, format) {
                (Some(date), Format::Day) if minutes == 0 => date.to_string(),
                (Some(date), _) => format!("{date} {time}"),
                (None, _) => time,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_their_format_says() {
        let day = |code: &str, value| number(value, format(code), false);
        assert_eq!(day("General", "0.30000000000000004"), "0.3");
        assert_eq!(day("0.00%", "0.125"), "12.5%");
        assert_eq!(day("dd/mm/yyyy", "45505"), "2024-08-01");
        assert_eq!(day("[$-409]d\\-mmm\\-yy;@", "45505.5"), "2024-08-01 12:00");
        assert_eq!(day("h:mm", "0.25"), "06:00");
        assert_eq!(number("43", Format::Day, true), "1904-02-13");
        // Letters of a date in what a format only quotes.
        assert_eq!(day("0.0\" days\"", "3"), "3");
        assert_eq!(day("#,##0 [$EUR]", "1500"), "1500");
        assert_eq!(day("General", "not a number"), "not a number");
    }

    #[test]
    fn columns_have_numbers() {
        assert_eq!(column_of("A1"), Some(1));
        assert_eq!(column_of("AB7"), Some(28));
        assert_eq!(column_of("7"), None);
    }
}
