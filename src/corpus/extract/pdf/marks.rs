//! Marked content: what of the page is an artifact, hidden, tagged, or stands for another text.

use hayro_syntax::object::{Dict, Object};

use super::content::Glyph;
use super::string;

/// One marked stretch of content.
#[derive(Debug, Default)]
pub(super) struct Mark {
    artifact: bool,
    pub(super) hidden: bool,
    mcid: Option<i32>,
    /// The text that what is drawn here stands for, and the number of the first glyph of it.
    actual: Option<(String, usize)>,
}

impl Mark {
    pub(super) fn plain(tag: &str) -> Mark {
        Mark { artifact: tag == "Artifact", ..Mark::default() }
    }

    /// `at` is the number of the glyph that will be drawn next.
    pub(super) fn new(tag: &str, properties: &Dict<'_>, at: usize) -> Mark {
        let actual = match properties.get::<Object<'_>>("ActualText") {
            Some(Object::String(text)) => Some((string::text(text.as_bytes()), at)),
            _ => None,
        };
        Mark { mcid: properties.get::<i32>("MCID"), actual, ..Mark::plain(tag) }
    }
}

/// The marked stretches that are open.
#[derive(Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Those beyond the limit, which are only counted.
    beyond: usize,
}

impl Marks {
    const MAX_OPEN: usize = 256;

    pub(super) fn begin(&mut self, mark: Mark) {
        if self.open.len() < Marks::MAX_OPEN {
            self.open.push(mark);
        } else {
            self.beyond += 1;
        }
    }

    /// Closes the innermost stretch.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>) {
        if let Some(left) = self.beyond.checked_sub(1) {
            self.beyond = left;
            return;
        }
        let Some(mark) = self.open.pop() else { return };
        let outer = self.open.iter().any(|mark| mark.actual.is_some());
        if let Some((text, from)) = mark.actual
            && !outer
        {
            replace(glyphs, from, &text);
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.beyond
    }

    /// Closes what a form has left open.
    pub(super) fn close_to(&mut self, depth: usize, glyphs: &mut Vec<Glyph>) {
        while self.depth() > depth {
            self.end(glyphs);
        }
    }

    pub(super) fn artifact(&self) -> bool {
        self.open.iter().any(|mark| mark.artifact)
    }

    pub(super) fn hidden(&self) -> bool {
        self.open.iter().any(|mark| mark.hidden)
    }

    /// Whether what is drawn now will be replaced by another text.
    pub(super) fn replaced(&self) -> bool {
        self.open.iter().any(|mark| mark.actual.is_some())
    }

    pub(super) fn mcid(&self) -> i32 {
        self.open.iter().rev().find_map(|mark| mark.mcid).unwrap_or(-1)
    }
}

/// Puts `text` in place of the glyphs from number `from`, spread over the width of those of them
/// that stand on the first one's line.
fn replace(glyphs: &mut Vec<Glyph>, from: usize, text: &str) {
    let Some(&first) = glyphs.get(from) else { return };
    // A text for more than a few words is an alternative description, whose place is nowhere.
    let line = glyphs.iter().skip(from);
    let line = line.take_while(|g| g.angle == first.angle && (g.y - first.y).abs() < first.size);
    let (count, end) = line.fold((0, first.end), |(n, end), g| (n + 1, end.max(g.end)));
    if count < glyphs.len() - from && text.chars().count() > 1 {
        return;
    }
    glyphs.truncate(from);
    let length = text.chars().count().max(1) as f32;
    let width = (end - first.start) / length;
    for (i, c) in text.chars().enumerate() {
        let start = first.start + width * i as f32;
        let c = if c.is_whitespace() { ' ' } else { c };
        glyphs.push(Glyph { c, start, end: start + width, ..first });
    }
}
