//! RTF: the text of a document in Rich Text Format.
//!
//! Written from the Rich Text Format Specification 1.9.1 (Microsoft). Left out are deletions, hidden
//! text, comments, headers and footers, instructions of fields, numbers and bullets of lists,
//! pictures, and whatever destination is not known here. Notes follow their paragraph.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::flow::Flow;
use super::properties::Properties;
use super::rtf_destinations::{Destination, Fact};
use super::rtf_encoding::{of_character_set, of_code_page};
use super::rtf_state::{self, Font, Paragraph, State, Style};
use super::rtf_tokens::{Token, Tokens};
use super::symbols;
use crate::BlockKind;
use crate::corpus::extract::{Draft, Unreadable};

/// Groups nested deeper than this share the state of the one there.
const MAX_GROUPS: usize = 1000;

/// The fonts and the styles of one document.
const MAX_ENTRIES: usize = 10_000;

/// Tables within tables that are followed.
const MAX_TABLES: i32 = 16;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let start = bytes.iter().position(|byte| *byte == b'{').unwrap_or(0);
    let bytes = bytes.get(start..).unwrap_or_default();
    if !bytes.starts_with(b"{\\rtf") {
        return Err(Unreadable::new("is named RTF, but does not begin as such a file does"));
    }
    let mut tokens = Tokens::new(bytes);
    let mut document = Document::new();
    for token in tokens.by_ref() {
        document.token(token);
        // What follows the outermost group is none of the document.
        if document.ended || document.flow.is_full() {
            break;
        }
    }
    let cut = !document.ended && tokens.is_at_end();
    let mut draft = document.finish();
    if cut {
        draft.notes.push("its end is missing: not all groups are closed".to_owned());
    }
    Ok(draft)
}

struct Document {
    flow: Flow,
    state: State,
    groups: Vec<State>,
    /// Groups beyond the nesting that is followed.
    deep: u32,
    ended: bool,
    code_page: &'static Encoding,
    default_font: i32,
    fonts: HashMap<i32, Font>,
    styles: HashMap<i32, Style>,
    /// The style that is being defined.
    style: (i32, Style),
    /// Whether the next word names a destination that may be passed over.
    optional: bool,
    /// Bytes of text that wait to be decoded together.
    bytes: Vec<u8>,
    /// The first half of a pair of `\u`.
    half: Option<u16>,
    /// Characters that are still to be passed over after a `\u`.
    passing: usize,
    properties: Properties,
    /// The text of a property, and the numbers of a time.
    fact: String,
    time: [i32; 5],
    /// Whether a number or bullet stands before the paragraph.
    marked: bool,
    row: bool,
}

impl Document {
    fn new() -> Document {
        Document {
            flow: Flow::default(),
            state: State {
                destination: Destination::Text,
                font: 0,
                encoding: None,
                fallback: 1,
                hidden: false,
                deleted: false,
                raised: false,
                paragraph: Paragraph::default(),
            },
            groups: Vec::new(),
            deep: 0,
            ended: false,
            code_page: encoding_rs::WINDOWS_1252,
            default_font: 0,
            fonts: HashMap::new(),
            styles: HashMap::new(),
            style: (0, Style::default()),
            optional: false,
            bytes: Vec::new(),
            half: None,
            passing: 0,
            properties: Properties::default(),
            fact: String::new(),
            time: [0; 5],
            marked: false,
            row: false,
        }
    }

    fn finish(mut self) -> Draft {
        self.decode();
        let (blocks, notes) = self.flow.finish();
        let mut draft = Draft { blocks, notes, ..Draft::default() };
        self.properties.apply(&mut draft);
        draft
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => {
                let passed = self.passing.min(text.len());
                self.passing -= passed;
                self.optional = false;
                self.text(text.get(passed..).unwrap_or_default());
            }
            Token::Byte(_) if self.passing > 0 => self.passing -= 1,
            Token::Byte(byte) => self.text(&[byte]),
            Token::Open => {
                self.decode();
                self.passing = 0;
                self.open();
            }
            Token::Close => {
                self.decode();
                self.passing = 0;
                self.close();
            }
            Token::Word("u", Some(unit)) => self.unit(unit),
            Token::Word(..) | Token::Symbol(_) if self.passing > 0 => self.passing -= 1,
            Token::Word(word, number) => {
                self.decode();
                self.word(word, number);
            }
            Token::Symbol(symbol) => {
                self.decode();
                self.symbol(symbol);
            }
        }
    }

    fn open(&mut self) {
        if self.groups.len() >= MAX_GROUPS {
            self.deep += 1;
            return;
        }
        self.groups.push(self.state.clone());
        if self.state.destination == Destination::Styles {
            self.state.destination = Destination::Style;
            self.style = (0, Style::default());
        }
    }

    fn close(&mut self) {
        self.half = None;
        self.optional = false;
        if self.deep > 0 {
            self.deep -= 1;
            return;
        }
        let Some(before) = self.groups.pop() else {
            self.ended = true;
            return;
        };
        let ended = std::mem::replace(&mut self.state, before).destination;
        if ended != self.state.destination {
            match ended {
                Destination::Style => self.end_style(),
                Destination::Note => self.flow.end_note(),
                Destination::Box => self.flow.end_aside(),
                Destination::Fact(fact) => self.end_fact(fact),
                _ => {}
            }
        }
        self.ended = self.groups.is_empty();
    }

    fn end_style(&mut self) {
        let (number, mut style) = std::mem::take(&mut self.style);
        style.name = style.name.split(';').next().unwrap_or_default().trim().to_owned();
        if self.styles.len() < MAX_ENTRIES {
            self.styles.insert(number, style);
        }
    }

    fn end_fact(&mut self, fact: Fact) {
        let text = std::mem::take(&mut self.fact);
        let [year, month, day, hour, minute] = std::mem::take(&mut self.time);
        let time = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}");
        let found = &mut self.properties;
        match fact {
            Fact::Title => found.title = text,
            Fact::Author => found.authors = vec![text],
            Fact::Keywords => found.keywords = vec![text],
            Fact::Subject => found.further.push(("subject", text)),
            Fact::Description => found.further.push(("description", text)),
            Fact::Created if year > 0 => found.created = time,
            Fact::Modified if year > 0 => found.modified = time,
            Fact::Created | Fact::Modified => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        if self.state.destination == Destination::Skipped {
            return;
        }
        if let Some(destination) = Destination::of(word, &self.state.destination) {
            return self.enter(word, destination);
        }
        if optional {
            self.state.destination = Destination::Skipped;
            return;
        }
        let on = number != Some(0);
        match self.state.destination {
            Destination::Fonts => return self.font_word(word, number),
            Destination::Style => return self.style_word(word, number),
            Destination::Fact(_) => self.time_word(word, number.unwrap_or(0)),
            _ => {}
        }
        match word {
            "par" | "sect" => self.end_paragraph(),
            "line" | "page" | "column" | "lbr" => self.push("\n"),
            "tab" => {
                self.push("\t");
                self.flow.drop_bullet();
            }
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.row = false,
            "pard" => self.state.paragraph = Paragraph::default(),
            "plain" => {
                self.state.hidden = false;
                self.state.deleted = false;
                self.state.raised = false;
                self.set_font(self.default_font);
            }
            "s" => self.state.paragraph.style = number.unwrap_or(0),
            "outlinelevel" => self.state.paragraph.outline = number,
            "intbl" => self.state.paragraph.in_table = on,
            "itap" => self.state.paragraph.depth = number.unwrap_or(0),
            "ls" => self.state.paragraph.listed = on,
            "v" => self.state.hidden = on,
            "deleted" => self.state.deleted = on,
            "super" | "up" => self.state.raised = on,
            "sub" | "dn" | "nosupersub" => self.state.raised = false,
            "f" => self.set_font(number.unwrap_or(0)),
            "uc" => self.state.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "ansicpg" => self.code_page = of_code_page(number.unwrap_or(1252)),
            "mac" => self.code_page = encoding_rs::MACINTOSH,
            "deff" => self.default_font = number.unwrap_or(0),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            _ => {}
        }
    }

    /// Enters a destination: what the rest of the group is.
    fn enter(&mut self, word: &str, destination: Destination) {
        match destination {
            Destination::Note | Destination::Box => {
                self.flow.begin_aside();
                self.state.paragraph = Paragraph::default();
                self.state.raised = false;
            }
            Destination::Fact(_) => {
                self.fact.clear();
                self.time = [0; 5];
            }
            Destination::Skipped if matches!(word, "listtext" | "pntext" | "pn") => {
                self.marked = true;
            }
            _ => {}
        }
        self.state.destination = destination;
    }

    fn font_word(&mut self, word: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        if word == "f" {
            self.state.font = number;
        }
        if self.fonts.len() >= MAX_ENTRIES && !self.fonts.contains_key(&self.state.font) {
            return;
        }
        let font = self.fonts.entry(self.state.font).or_default();
        match word {
            "fcharset" => {
                font.encoding = of_character_set(number);
                font.symbols = number == 2;
            }
            "cpg" => font.encoding = Some(of_code_page(number)),
            _ => {}
        }
    }

    fn style_word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "s" => self.style.0 = number.unwrap_or(0),
            // Styles of characters, sections and tables have numbers of their own.
            "cs" | "ds" | "ts" => self.state.destination = Destination::Skipped,
            "outlinelevel" => self.style.1.outline = number,
            "sbasedon" => self.style.1.based_on = number,
            _ => {}
        }
    }

    fn time_word(&mut self, word: &str, number: i32) {
        let units = ["yr", "mo", "dy", "hr", "min"];
        if let Some(unit) = units.iter().position(|unit| *unit == word)
            && let Some(part) = self.time.get_mut(unit)
        {
            *part = number;
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'*' => self.optional = true,
            b'~' => self.push("\u{A0}"),
            b'-' => self.push("\u{AD}"),
            b'_' => self.push("-"),
            b'\r' | b'\n' => self.end_paragraph(),
            b'\t' => self.push("\t"),
            b'{' | b'}' | b'\\' => self.text(&[symbol]),
            _ => {}
        }
    }

    /// A unit of UTF-16, as a number with a sign.
    fn unit(&mut self, unit: i32) {
        self.decode();
        self.passing = self.state.fallback;
        let unit = (unit & 0xFFFF) as u16;
        let pair = self.half.take().map(|half| [half, unit]);
        if (0xD800..0xDC00).contains(&unit) {
            self.half = Some(unit);
            return;
        }
        let units = pair.as_ref().map_or(std::slice::from_ref(&unit), |pair| pair);
        for character in char::decode_utf16(units.iter().copied()).flatten() {
            let code = u32::from(character);
            let private = (0xF000..=0xF0FF).contains(&code);
            let shown = match self.fonts.get(&self.state.font) {
                Some(font) if private => symbols::character(&font.name, code),
                _ => Some(character),
            };
            if let Some(character) = shown {
                self.push(character.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// Bytes of text: they wait for those that follow, with which they may be one character.
    fn text(&mut self, bytes: &[u8]) {
        if self.state.destination != Destination::Skipped {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Decodes the bytes that wait.
    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        self.half = None;
        let bytes = std::mem::take(&mut self.bytes);
        let text = match self.fonts.get(&self.state.font) {
            Some(font) if font.symbols && self.state.destination.is_text() => {
                let shown =
                    bytes.iter().filter_map(|b| symbols::character(&font.name, u32::from(*b)));
                shown.collect()
            }
            _ => {
                let encoding = self.state.encoding.unwrap_or(self.code_page);
                encoding.decode_without_bom_handling(&bytes).0.into_owned()
            }
        };
        self.push(&text);
    }

    /// Decoded text: of the document, or of what the place is in.
    fn push(&mut self, text: &str) {
        match self.state.destination {
            Destination::Fonts => {
                if let Some(font) = self.fonts.get_mut(&self.state.font)
                    && font.name.len() < 100
                {
                    font.name.push_str(text.trim_end_matches(';').trim());
                }
            }
            Destination::Style => self.style.1.name.push_str(text),
            Destination::Fact(_) => self.fact.push_str(text),
            Destination::Text | Destination::Note | Destination::Box => {
                if !self.state.hidden && !self.state.deleted {
                    self.document_text(text);
                }
            }
            Destination::Styles | Destination::Information | Destination::Skipped => {}
        }
    }

    fn document_text(&mut self, text: &str) {
        if self.flow.kind().is_none() {
            if text.trim().is_empty() {
                return;
            }
            let Some(kind) = self.begin_paragraph() else { return };
            self.flow.begin(kind);
        }
        match self.state.raised {
            true => self.flow.push_raised(text),
            false => self.flow.push(text),
        }
    }

    /// What the paragraph that begins is, with the tables around it open; None for a line of a
    /// table of contents.
    fn begin_paragraph(&mut self) -> Option<BlockKind> {
        self.match_tables();
        let role = rtf_state::role(&self.styles, &self.state.paragraph, self.marked);
        Some(match role.kind()? {
            BlockKind::Paragraph if self.flow.in_cell() => BlockKind::Cell,
            kind => kind,
        })
    }

    /// Opens and closes tables until the place is as deep in them as its paragraph says.
    fn match_tables(&mut self) {
        let paragraph = &self.state.paragraph;
        let depth = match paragraph.in_table {
            true => paragraph.depth.clamp(1, MAX_TABLES) as usize,
            false => 0,
        };
        while self.flow.table_depth() > depth {
            self.flow.end_table();
        }
        while self.flow.table_depth() < depth {
            self.flow.begin_table();
            self.row = false;
        }
        if depth > 0 && !self.row {
            self.flow.row();
            self.row = true;
        }
    }

    fn end_paragraph(&mut self) {
        if !self.state.destination.is_text() {
            return;
        }
        if self.flow.kind().is_some() {
            self.flow.end();
        } else {
            self.match_tables();
        }
        self.marked = false;
    }

    fn end_cell(&mut self) {
        if !self.state.destination.is_text() {
            return;
        }
        self.state.paragraph.in_table = true;
        self.end_paragraph();
        self.match_tables();
        self.flow.cell();
    }

    fn set_font(&mut self, font: i32) {
        self.state.font = font;
        self.state.encoding = self.fonts.get(&font).and_then(|font| font.encoding);
    }
}
