//! The content streams of a page, run for what they show: glyphs, rules and the area of images.

use std::collections::HashSet;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{self, Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};

use super::font::{Face, Fonts};
use super::geometry::{Frame, IDENTITY, Matrix, apply, product};
use super::marks::{Mark, Marks};
use super::path::{Path, Rule};

/// How deep forms may lie within forms.
const MAX_DEPTH: u32 = 16;

/// The glyphs of one page that are read.
const MAX_GLYPHS: usize = 2_000_000;

/// The bytes that one content stream may have, unpacked.
pub(super) const MAX_STREAM: u64 = 256 << 20;

/// A character as it stands on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    /// The character; NUL where the font does not tell.
    pub(super) c: char,
    /// The way that its text runs, in degrees clockwise, 0 to 359; the other measures are in a
    /// frame turned so that the text runs to the right, and y grows downwards.
    pub(super) angle: u16,
    /// Where it begins and ends on its baseline, in points.
    pub(super) start: f32,
    pub(super) end: f32,
    /// The baseline.
    pub(super) y: f32,
    /// The em in points.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Of headers, footers and ornaments by the document's own word.
    pub(super) artifact: bool,
    /// The marked content that it belongs to, or -1.
    pub(super) mcid: i32,
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// The share of the page that images cover; may be over 1.
    pub(super) images: f32,
    /// Glyphs whose fonts do not tell what character they are.
    pub(super) unmapped: u64,
}

/// What all pages of a document share.
pub(super) struct Document<'a> {
    pub(super) fonts: Fonts<'a>,
    /// Layers that are switched off.
    pub(super) hidden: HashSet<ObjectIdentifier>,
    /// Operators that may still be run, and glyphs that may still be drawn, together.
    pub(super) budget: u64,
}

/// Runs the content of a page.
pub(super) fn show<'a>(page: &Page<'a>, document: &mut Document<'a>) -> Shown {
    let (width, height) = page.render_dimensions();
    let shown = Shown { width, height, ..Shown::default() };
    let base = page.initial_transform(true).as_coeffs();
    let state = State { ctm: base, ..State::new() };
    let marks = Marks::default();
    let mut run = Run { document, shown, state, stack: Vec::new(), marks, depth: 0 };
    if let Some(stream) = super::bounded::contents(page) {
        run.stream(&stream, page.resources());
    }
    run.state = State { ctm: base, ..State::new() };
    run.stack.clear();
    run.marks = Marks::default();
    run.annotations(page.raw());
    run.shown
}

/// The annotations of a page that are drawn.
const MAX_ANNOTATIONS: usize = 5000;

/// The graphics state, as far as text needs it.
#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<Rc<Face<'a>>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    /// 1 for 100 %.
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    /// Of the text object; not part of what `q` keeps, but no worse for it.
    matrix: Matrix,
    line: Matrix,
}

impl State<'_> {
    fn new() -> Self {
        State {
            ctm: IDENTITY,
            font: None,
            size: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            matrix: IDENTITY,
            line: IDENTITY,
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = product(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.matrix = self.line;
    }

    fn advance(&mut self, along: f64) {
        let vertical = self.font.as_ref().is_some_and(|font| font.vertical);
        let (x, y) = if vertical { (0.0, along) } else { (along * self.scale, 0.0) };
        self.matrix = product(&[1.0, 0.0, 0.0, 1.0, x, y], &self.matrix);
    }
}

struct Run<'d, 'a> {
    document: &'d mut Document<'a>,
    shown: Shown,
    state: State<'a>,
    stack: Vec<State<'a>>,
    marks: Marks,
    depth: u32,
}

impl<'a> Run<'_, 'a> {
    fn stream(&mut self, bytes: &[u8], resources: &Resources<'a>) {
        let mut path = Path::default();
        let mut operators = TypedIter::new(bytes);
        while let Some(operator) = operators.next() {
            let Some(left) = self.document.budget.checked_sub(1) else { return };
            self.document.budget = left;
            if !path.operator(&operator, &self.state.ctm, &mut self.shown.rules) {
                self.operator(&operator, resources);
            }
        }
    }

    fn operator(&mut self, operator: &TypedInstruction<'_, '_>, resources: &Resources<'a>) {
        use TypedInstruction as Op;
        let state = &mut self.state;
        match operator {
            Op::SaveState(_) if self.stack.len() < 512 => self.stack.push(state.clone()),
            Op::RestoreState(_) => {
                if let Some(kept) = self.stack.pop() {
                    let (matrix, line) = (state.matrix, state.line);
                    *state = State { matrix, line, ..kept };
                }
            }
            Op::Transform(m) => {
                let m = [m.0, m.1, m.2, m.3, m.4, m.5].map(|n| n.as_f64());
                state.ctm = product(&m, &state.ctm);
            }
            Op::BeginText(_) => (state.matrix, state.line) = (IDENTITY, IDENTITY),
            Op::CharacterSpacing(n) => state.character_spacing = n.0.as_f64(),
            Op::WordSpacing(n) => state.word_spacing = n.0.as_f64(),
            Op::HorizontalScaling(n) => state.scale = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => state.leading = n.0.as_f64(),
            Op::TextRise(n) => state.rise = n.0.as_f64(),
            Op::TextRenderingMode(n) => state.mode = n.0.as_i64(),
            Op::TextFont(font) => {
                let dict = resources.get_font(font.0);
                state.font = dict.map(|dict| self.document.fonts.face(&dict));
                state.size = font.1.as_f64();
            }
            Op::SetGraphicsState(name) => {
                let font = resources.get_ext_g_state(name.0).and_then(|gs| gs.get("Font"));
                let font: Option<Array<'a>> = font;
                if let Some(font) = font {
                    let dict = font.iter::<Object<'a>>().next().and_then(Object::into_dict);
                    state.font = dict.map(|dict| self.document.fonts.face(&dict));
                    let size = font.iter::<Object<'a>>().nth(1).and_then(Object::into_f32);
                    state.size = f64::from(size.unwrap_or(1.0));
                }
            }
            Op::NextLine(to) => state.next_line(to.0.as_f64(), to.1.as_f64()),
            Op::NextLineAndSetLeading(to) => {
                state.leading = -to.1.as_f64();
                state.next_line(to.0.as_f64(), to.1.as_f64());
            }
            Op::SetTextMatrix(m) => {
                state.matrix = [m.0, m.1, m.2, m.3, m.4, m.5].map(|n| n.as_f64());
                state.line = state.matrix;
            }
            Op::NextLineUsingLeading(_) => state.next_line(0.0, -state.leading),
            Op::ShowText(text) => self.text(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                state.next_line(0.0, -state.leading);
                self.text(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                state.word_spacing = text.0.as_f64();
                state.character_spacing = text.1.as_f64();
                state.next_line(0.0, -state.leading);
                self.text(text.2.as_bytes());
            }
            Op::ShowTexts(parts) => {
                for part in parts.0.iter::<Object<'_>>() {
                    match part {
                        Object::String(text) => self.text(text.as_bytes()),
                        Object::Number(n) => {
                            let back = n.as_f64() / 1000.0 * self.state.size;
                            self.state.advance(-back);
                        }
                        _ => {}
                    }
                }
            }
            Op::BeginMarkedContent(tag) => self.marks.begin(Mark::plain(tag.0.as_str())),
            Op::BeginMarkedContentWithProperties(tag) => {
                let mark = self.mark(tag.0, tag.1, resources);
                self.marks.begin(mark);
            }
            Op::EndMarkedContent(_) => {
                let glyphs = &mut self.shown.glyphs;
                self.marks.end(glyphs);
            }
            Op::XObject(name) => {
                if let Some(object) = resources.get_x_object(name.0) {
                    self.object(&object, resources);
                }
            }
            Op::InlineImage(_) => self.image(),
            _ => {}
        }
    }

    fn mark(&self, tag: &Name<'_>, properties: &Object<'_>, resources: &Resources<'a>) -> Mark {
        let at = self.shown.glyphs.len();
        match properties {
            Object::Dict(dict) => Mark::new(tag.as_str(), dict, at),
            Object::Name(name) => {
                let named = resources.properties.get::<Dict<'_>>(name);
                let mut mark = match &named {
                    Some(dict) => Mark::new(tag.as_str(), dict, at),
                    None => Mark::plain(tag.as_str()),
                };
                if tag.as_str() == "OC" {
                    let layer = resources.properties.get_ref(name).map(ObjectIdentifier::from);
                    mark.hidden = self.is_hidden(layer, named.as_ref());
                }
                mark
            }
            _ => Mark::plain(tag.as_str()),
        }
    }

    /// Whether a layer, or a group that names layers, is switched off.
    fn is_hidden(&self, layer: Option<ObjectIdentifier>, group: Option<&Dict<'_>>) -> bool {
        let off = |layer: ObjectIdentifier| self.document.hidden.contains(&layer);
        if self.document.hidden.is_empty() {
            return false;
        }
        if layer.is_some_and(off) {
            return true;
        }
        let Some(group) = group else { return false };
        if let Some(one) = group.get_ref("OCGs") {
            return off(one.into());
        }
        let Some(all) = group.get::<Array<'_>>("OCGs") else { return false };
        let mut refs = all.raw_iter().filter_map(|item| item.as_obj_ref()).peekable();
        refs.peek().is_some() && refs.all(|one| off(one.into()))
    }

    fn object(&mut self, object: &Stream<'a>, resources: &Resources<'a>) {
        let dict = object.dict();
        if dict.contains_key("OC") {
            let layer = dict.get_ref("OC").map(ObjectIdentifier::from);
            if self.is_hidden(layer, dict.get::<Dict<'_>>("OC").as_ref()) {
                return;
            }
        }
        match dict.get::<Name<'_>>("Subtype") {
            Some(kind) if kind.as_str() == "Image" => self.image(),
            kind if self.depth < MAX_DEPTH
                && kind.as_ref().is_none_or(|k| k.as_str() == "Form") =>
            {
                let Some(bytes) = super::bounded::decode(object) else { return };
                let inner = dict.get::<Dict<'a>>("Resources").map(Resources::new);
                let kept = self.state.clone();
                let stack = std::mem::take(&mut self.stack);
                if let Some(matrix) = dict.get::<[f64; 6]>("Matrix") {
                    self.state.ctm = product(&matrix, &kept.ctm);
                }
                self.depth += 1;
                let open = self.marks.depth();
                self.stream(&bytes, inner.as_ref().unwrap_or(resources));
                self.marks.close_to(open, &mut self.shown.glyphs);
                self.depth -= 1;
                (self.state, self.stack) = (kept, stack);
            }
            _ => {}
        }
    }

    /// Draws what form fields and text boxes show; comments are no part of the text.
    fn annotations(&mut self, page: &Dict<'a>) {
        let Some(annotations) = page.get::<Array<'a>>("Annots") else { return };
        for annotation in annotations.iter::<Dict<'a>>().take(MAX_ANNOTATIONS) {
            let kind = annotation.get::<Name<'_>>("Subtype");
            let shown =
                kind.is_some_and(|kind| matches!(kind.as_str(), "Widget" | "FreeText" | "Stamp"));
            // Hidden, or not to be seen on the screen.
            let flags = annotation.get::<i32>("F").unwrap_or(0);
            if shown && flags & 0b10_0010 == 0 {
                let before = self.shown.glyphs.len();
                self.appearance(&annotation);
                if self.shown.glyphs.len() == before {
                    self.value(&annotation);
                }
            }
        }
    }

    /// Writes what a form field holds where its appearance does not show it, for a program to draw
    /// (ISO 32000-2, 12.7.4.3): in one line of its rectangle.
    fn value(&mut self, annotation: &Dict<'a>) -> Option<()> {
        let parent = annotation.get::<Dict<'a>>("Parent").unwrap_or_else(Dict::empty);
        let kind = annotation.get::<Name<'_>>("FT").or_else(|| parent.get("FT"))?;
        if !matches!(kind.as_str(), "Tx" | "Ch") {
            return None;
        }
        let value = annotation.get::<object::String<'_>>("V").or_else(|| parent.get("V"))?;
        let text = super::string::text(value.as_bytes());
        let rect = annotation.get::<[f64; 4]>("Rect")?;
        let (left, right) = (rect[0].min(rect[2]), rect[0].max(rect[2]));
        let (low, high) = (rect[1].min(rect[3]), rect[1].max(rect[3]));
        let size = (0.7 * (high - low)).clamp(4.0, 11.0);
        let along = (0.5 * size).min((right - left) / text.chars().count().max(1) as f64);
        let face = self.document.fonts.face(&Dict::empty());
        let kept = self.state.clone();
        self.state = State { ctm: kept.ctm, size, ..State::new() };
        self.state.matrix = [1.0, 0.0, 0.0, 1.0, left, high - 0.5 * (high - low + 0.7 * size)];
        for c in text.chars() {
            self.glyph(&[c], along, &face);
            self.state.advance(along);
        }
        self.state = kept;
        Some(())
    }

    /// Draws the appearance of an annotation in its rectangle (ISO 32000-2, 12.5.5).
    fn appearance(&mut self, annotation: &Dict<'a>) -> Option<()> {
        let normal = annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")?;
        let stream = match normal {
            Object::Stream(stream) => stream,
            Object::Dict(states) => {
                let state = annotation.get::<Name<'_>>("AS")?;
                states.get::<Stream<'a>>(&state)?
            }
            _ => return None,
        };
        let rect = annotation.get::<[f64; 4]>("Rect")?;
        let boxed = stream.dict().get::<[f64; 4]>("BBox")?;
        let matrix = stream.dict().get::<[f64; 6]>("Matrix").unwrap_or(IDENTITY);
        let corners = [(0, 1), (2, 1), (2, 3), (0, 3)];
        let corners = corners.map(|(x, y)| apply(&matrix, boxed[x], boxed[y]));
        let span = |of: fn(&(f64, f64)) -> f64| {
            let values = corners.iter().map(of);
            values.fold((f64::MAX, f64::MIN), |(low, high), n| (low.min(n), high.max(n)))
        };
        let ((x0, x1), (y0, y1)) = (span(|c| c.0), span(|c| c.1));
        let scale = |from: f64, to: f64| if from.abs() > 1e-6 { to / from } else { 1.0 };
        let (left, right) = (rect[0].min(rect[2]), rect[0].max(rect[2]));
        let (low, high) = (rect[1].min(rect[3]), rect[1].max(rect[3]));
        let (h, v) = (scale(x1 - x0, right - left), scale(y1 - y0, high - low));
        let kept = self.state.clone();
        let place = [h, 0.0, 0.0, v, left - x0 * h, low - y0 * v];
        self.state.ctm = product(&place, &self.state.ctm);
        self.object(&stream, &Resources::new(Dict::empty()));
        self.state = kept;
        Some(())
    }

    fn image(&mut self) {
        let m = &self.state.ctm;
        let area = (m[0] * m[3] - m[1] * m[2]).abs() as f32;
        let page = (self.shown.width * self.shown.height).max(1.0);
        if area.is_finite() {
            self.shown.images += area / page;
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        let mut at = 0;
        while at < bytes.len() {
            let Some(left) = self.document.budget.checked_sub(1) else { return };
            self.document.budget = left;
            let (code, length) = font.next_code(bytes, at);
            at += length;
            let shown = font.code(code);
            let state = &self.state;
            let word_spacing = if length == 1 && code == 32 { state.word_spacing } else { 0.0 };
            let along = shown.advance * state.size;
            if !self.marks.hidden() {
                let before = self.shown.glyphs.len();
                self.glyph(&shown.text, along, &font);
                let drawn = self.shown.glyphs.len() > before;
                self.shown.unmapped += u64::from(drawn && shown.unknown && !self.marks.replaced());
            }
            let spacing = self.state.character_spacing + word_spacing;
            self.state.advance(along + if font.vertical { -spacing } else { spacing });
        }
    }

    /// Puts a glyph on the page that moves on by `along` in text space.
    fn glyph(&mut self, text: &[char], along: f64, font: &Face<'_>) {
        let state = &self.state;
        let to_page = product(&state.matrix, &state.ctm);
        let (x, y) = apply(&to_page, 0.0, state.rise);
        let (end_x, end_y) = match font.vertical {
            true => apply(&to_page, 0.0, along),
            false => apply(&to_page, along * state.scale, state.rise),
        };
        let [a, b, c, d, ..] = to_page;
        let (across, run) = match font.vertical {
            true => ((a, b), (-c, -d)),
            false => ((c, d), (a * state.scale, b * state.scale)),
        };
        let size = (across.0.hypot(across.1) * state.size.abs() * font.em) as f32;
        let sign = state.size.signum();
        let (width, height) = (f64::from(self.shown.width), f64::from(self.shown.height));
        let outside = (x < 0.0 && end_x < 0.0)
            || (x > width && end_x > width)
            || (y < 0.0 && end_y < 0.0)
            || (y > height && end_y > height);
        if outside || !(0.1..5000.0).contains(&size) || !x.is_finite() || !end_x.is_finite() {
            return;
        }
        let angle = Frame::angle(run.0 * sign, run.1 * sign);
        let frame = Frame::new(angle);
        let (start, line) = frame.of(x, y);
        let (end, _) = frame.of(end_x, end_y);
        let (start, end) = if start <= end { (start, end) } else { (end, start) };
        let glyph = Glyph {
            c: '\0',
            angle,
            start,
            end,
            y: line,
            size,
            bold: font.bold || state.mode == 2,
            artifact: self.marks.artifact(),
            mcid: self.marks.mcid(),
        };
        if self.shown.glyphs.len() >= MAX_GLYPHS {
            return;
        }
        if text.is_empty() {
            self.shown.glyphs.push(glyph);
        }
        let width = (end - start) / text.len().max(1) as f32;
        for (i, &c) in text.iter().enumerate() {
            let start = start + width * i as f32;
            self.shown.glyphs.push(Glyph { c, start, end: start + width, ..glyph });
        }
    }
}
