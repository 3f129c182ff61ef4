//! Fonts of a PDF as far as text needs them: what each code says, how wide it is, how heavy it looks.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::direction;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

/// The fonts of one document, each read once.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    faces: RefCell<HashMap<(usize, usize), Rc<Face<'a>>>>,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Fonts<'a> {
        Fonts {
            cache: FontCache::new(),
            programs: Arc::new(|query| {
                Some(match query {
                    FontQuery::Standard(font) => font.get_font_data(),
                    FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
                })
            }),
            cmaps: Arc::new(load_embedded),
            faces: RefCell::default(),
        }
    }

    /// The font that a dictionary describes.
    pub(super) fn face(&self, dict: &Dict<'a>) -> Rc<Face<'a>> {
        // A dictionary is told from others by where it lies in the file.
        let key = (dict.data().as_ptr() as usize, dict.data().len());
        if let Some(face) = self.faces.borrow().get(&key) {
            return Rc::clone(face);
        }
        let font = self.cache.font(dict, &self.programs, &self.cmaps);
        let face = Rc::new(Face::new(dict, font));
        self.faces.borrow_mut().insert(key, Rc::clone(&face));
        face
    }
}

/// One font.
pub(super) struct Face<'a> {
    font: Option<Font<'a>>,
    codes: RefCell<HashMap<u32, Rc<Code>>>,
    /// What stands for a text where the font has no map to Unicode.
    collection: Option<Collection>,
    /// The map to Unicode, and what can be read of it where it is not in order.
    map: Option<Stream<'a>>,
    lenient: OnceCell<HashMap<u32, String>>,
    pub(super) bold: bool,
    /// Whether codes outside the font's own map may be taken for the private use area of symbols.
    symbols: bool,
    pub(super) vertical: bool,
    /// The em that the glyphs seem to be drawn to, in text space units for a font size of 1.
    pub(super) em: f64,
}

/// What a character code shows.
#[derive(Debug)]
pub(super) struct Code {
    /// Its text as it is drawn from left to right, ligatures in letters.
    pub(super) text: Vec<char>,
    /// Whether it is empty since the font does not tell, rather than since the glyph says nothing.
    pub(super) unknown: bool,
    /// How far it moves on for a font size of 1, in text space units.
    pub(super) advance: f64,
}

impl<'a> Face<'a> {
    fn new(dict: &Dict<'a>, font: Option<Font<'a>>) -> Face<'a> {
        let descendant = dict
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let descriptor = descendant
            .as_ref()
            .and_then(|font| font.get::<Dict<'_>>("FontDescriptor"))
            .or_else(|| dict.get("FontDescriptor"))
            .unwrap_or_else(Dict::empty);
        let name = dict.get::<Name<'_>>("BaseFont");
        let name = name.map(|name| name.as_str().to_lowercase()).unwrap_or_default();
        let flags = descriptor.get::<i32>("Flags").unwrap_or(0);
        let weight = descriptor.get::<f32>("FontWeight").unwrap_or(400.0);
        let heavy = ["bold", "black", "heavy", "-demi", "semibold"];
        let symbols = ["symbol", "wingding", "webding", "dingbat", "awesome"];
        let matrix = type3_matrix(dict);
        Face {
            codes: RefCell::default(),
            collection: descendant.and_then(|font| Collection::new(dict, &font)),
            map: dict.get("ToUnicode"),
            lenient: OnceCell::new(),
            bold: flags & (1 << 18) != 0
                || weight >= 600.0
                || heavy.iter().any(|word| name.contains(word)),
            symbols: symbols.iter().any(|word| name.contains(word)),
            vertical: font.as_ref().is_some_and(|font| !font.is_horizontal()),
            em: matrix.map_or(1.0, |matrix| type3_em(dict, &matrix)),
            font,
        }
    }

    /// The next code of a string from `at`, and its length in bytes.
    pub(super) fn next_code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        match &self.font {
            Some(font) if at < bytes.len() => {
                let (code, length) = font.read_code(bytes, at);
                (code, length.max(1))
            }
            _ => (bytes.get(at).copied().unwrap_or(0).into(), 1),
        }
    }

    pub(super) fn code(&self, code: u32) -> Rc<Code> {
        if let Some(known) = self.codes.borrow().get(&code) {
            return Rc::clone(known);
        }
        let (text, unknown) = self.text(code);
        let known = Rc::new(Code { text, unknown, advance: self.advance(code) });
        self.codes.borrow_mut().insert(code, Rc::clone(&known));
        known
    }

    fn advance(&self, code: u32) -> f64 {
        let Some(font) = &self.font else { return 0.5 };
        let advance = font.code_advance(code);
        // In thousandths of an em for Type 3 fonts, too.
        if self.vertical { advance.y * 0.001 } else { advance.x * 0.001 }
    }

    fn text(&self, code: u32) -> (Vec<char>, bool) {
        let Some(font) = &self.font else {
            // A font that cannot be read is Latin more often than anything else.
            let text: Vec<char> = latin(code).into_iter().collect();
            let unknown = text.is_empty();
            return (text, unknown);
        };
        let unicode = match font.glyph(font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let mut text = Vec::new();
        let mut silent = false;
        match unicode {
            Some(BfString::Char(c)) => self.push(c, &mut text),
            Some(BfString::String(string)) => {
                silent = string.is_empty();
                string.chars().for_each(|c| self.push(c, &mut text));
            }
            None => {
                if let Some(said) = self.lenient().and_then(|map| map.get(&code)) {
                    silent = said.is_empty();
                    said.chars().for_each(|c| self.push(c, &mut text));
                }
            }
        }
        if text.is_empty()
            && let Some(collection) = &self.collection
            && let Some(c) = collection.unicode(code)
        {
            self.push(c, &mut text);
        }
        direction::as_drawn(&mut text);
        let unknown = text.is_empty() && !silent;
        (text, unknown)
    }

    fn lenient(&self) -> Option<&HashMap<u32, String>> {
        let map = self.map.as_ref()?;
        let read = || super::bounded::decode(map).map(|map| super::lenient::to_unicode(&map));
        Some(self.lenient.get_or_init(|| read().unwrap_or_default()))
    }

    fn push(&self, c: char, text: &mut Vec<char>) {
        match c {
            '\u{FB00}' => text.extend("ff".chars()),
            '\u{FB01}' => text.extend("fi".chars()),
            '\u{FB02}' => text.extend("fl".chars()),
            '\u{FB03}' => text.extend("ffi".chars()),
            '\u{FB04}' => text.extend("ffl".chars()),
            '\u{FB05}' | '\u{FB06}' => text.extend("st".chars()),
            '\u{132}' => text.extend("IJ".chars()),
            '\u{133}' => text.extend("ij".chars()),
            '\u{FFFD}' | '\0' => {}
            // Symbol fonts have their codes in the private use area.
            '\u{F0B7}' | '\u{F0A7}' | '\u{F076}' | '\u{F0D8}' | '\u{F0FC}' | '\u{F071}'
            | '\u{F0A8}' | '\u{F06E}' => text.push('•'),
            '\u{F020}'..='\u{F07E}' if !self.symbols => {
                text.extend(char::from_u32(c as u32 - 0xF000));
            }
            '\t' | '\n' | '\r' => text.push(' '),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
}

fn latin(code: u32) -> Option<char> {
    let bytes = [u8::try_from(code).ok()?];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().filter(|c| !c.is_control())
}

fn type3_matrix(dict: &Dict<'_>) -> Option<[f32; 6]> {
    let subtype = dict.get::<Name<'_>>("Subtype")?;
    (subtype.as_str() == "Type3")
        .then(|| dict.get::<[f32; 6]>("FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]))
}

/// The em of a Type 3 font, whose glyph space has no fixed size: the height of its box.
fn type3_em(dict: &Dict<'_>, matrix: &[f32; 6]) -> f64 {
    let boxed = dict.get::<[f32; 4]>("FontBBox").unwrap_or_default();
    let height = f64::from((boxed[3] - boxed[1]) * matrix[3]).abs();
    if (0.05..20.0).contains(&height) { height } else { f64::from(matrix[3]).abs() * 1000.0 }
}

/// The map of a CID font without `ToUnicode`: its code to a character of an Adobe collection, or
/// straight to Unicode.
enum Collection {
    /// The codes are of UCS-2 or UTF-16.
    Unicode,
    Cids {
        codes: Option<Box<CMap>>,
        unicode: Box<CMap>,
    },
}

impl Collection {
    fn new(dict: &Dict<'_>, descendant: &Dict<'_>) -> Option<Collection> {
        if dict.get::<Stream<'_>>("ToUnicode").is_some() {
            return None;
        }
        // Not by the standard, but some write that the codes are Unicode in this way.
        if dict.get::<Name<'_>>("ToUnicode").is_some_and(|map| map.as_str().starts_with("Identity"))
        {
            return Some(Collection::Unicode);
        }
        let encoding = dict.get::<Name<'_>>("Encoding");
        let name = encoding.as_ref().map_or("", |name| name.as_str());
        if ["UCS2", "UTF16"].iter().any(|unicode| name.contains(unicode)) {
            return Some(Collection::Unicode);
        }
        let system = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
        let text = |key| match system.get::<Object<'_>>(key) {
            Some(Object::String(text)) => text.as_bytes().to_vec(),
            _ => Vec::new(),
        };
        let family = CidFamily::from_registry_ordering(&text("Registry"), &text("Ordering"));
        let cmap = |name| CMap::parse(load_embedded(name)?, load_embedded);
        let unicode = cmap(family.ucs2_cmap()?)?;
        let codes = match name {
            "" | "Identity-H" | "Identity-V" => None,
            name => Some(cmap(CMapName::from_bytes(name.as_bytes()))?),
        };
        Some(Collection::Cids { codes: codes.map(Box::new), unicode: Box::new(unicode) })
    }

    fn unicode(&self, code: u32) -> Option<char> {
        match self {
            Collection::Unicode => char::from_u32(code),
            Collection::Cids { codes, unicode } => {
                let cid = match codes {
                    None => code,
                    Some(codes) => (1..=4).find_map(|n| codes.lookup_cid_code(code, n))?,
                };
                match unicode.lookup_bf_string(cid) {
                    Some(BfString::Char(c)) => Some(c),
                    Some(BfString::String(text)) => text.chars().next(),
                    None => (1..=4)
                        .find_map(|n| unicode.lookup_cid_code(cid, n))
                        .and_then(char::from_u32),
                }
            }
        }
    }
}
