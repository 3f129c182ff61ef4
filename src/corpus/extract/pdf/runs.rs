//! Runs: glyphs that stand side by side on one baseline, as text with its spaces.

use super::content::Glyph;
use crate::corpus::extract::raised::{is_note_mark, separator};

/// A stretch of text on one baseline without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The baseline; y grows downwards.
    pub(super) y: f32,
    /// The em that most of its glyphs have, in points.
    pub(super) size: f32,
    /// Its characters, spaces left out.
    pub(super) length: u32,
    /// Those of them that are bold.
    pub(super) bold: u32,
    /// The element of a tagged document that it begins in, or -1.
    pub(super) element: i32,
    pub(super) artifact: bool,
    pub(super) angle: u16,
}

impl Run {
    pub(super) fn empty() -> Run {
        Run {
            text: String::new(),
            x0: 0.0,
            x1: 0.0,
            y: 0.0,
            size: 1.0,
            length: 0,
            bold: 0,
            element: -1,
            artifact: false,
            angle: 0,
        }
    }

    pub(super) fn is_bold(&self) -> bool {
        self.bold * 10 >= self.length * 7
    }

    /// Appends a run that stands to the right on the same line.
    pub(super) fn append(&mut self, right: Run) {
        let gap = right.x0 - self.x1;
        if (gap > 0.12 * self.size.min(right.size) || note_mark(&self.text, self.size, &right))
            && !self.text.ends_with(' ')
        {
            self.text.push(' ');
        }
        let raised = right.size < 0.85 * self.size && self.y - right.y > 0.1 * self.size;
        if raised {
            self.text.push_str(separator(&self.text, &right.text));
        }
        self.text.push_str(&right.text);
        self.x1 = self.x1.max(right.x1);
        if right.length > self.length {
            (self.size, self.y) = (right.size, right.y);
        }
        self.length += right.length;
        self.bold += right.bold;
        self.artifact &= right.artifact;
    }
}

/// Whether a small raised run is the mark of a note rather than a part of the word before it.
fn note_mark(before: &str, size: f32, mark: &Run) -> bool {
    mark.size < 0.85 * size && is_note_mark(before, &mark.text)
}

/// The widest gap within a run, in ems.
const WIDE: f32 = 0.8;

/// Joins the glyphs of a page into runs, in the order in which they are drawn.
pub(super) fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut builder = Builder::default();
    for glyph in glyphs {
        builder.take(glyph, &mut runs);
    }
    builder.finish(&mut runs);
    runs
}

/// A glyph of the run under construction.
struct Letter {
    c: char,
    /// The gap before it, in points.
    gap: f32,
    /// Whether a space is drawn before it.
    spaced: bool,
    size: f32,
    raised: bool,
}

#[derive(Default)]
struct Builder {
    letters: Vec<Letter>,
    first: Option<Glyph>,
    /// The last glyph that is no space.
    last: Option<Glyph>,
    x1: f32,
    /// Whether a space was drawn since.
    spaced: bool,
    bold: u32,
    /// The baseline and em that the run keeps to.
    y: f32,
    size: f32,
}

impl Builder {
    fn take(&mut self, glyph: &Glyph, runs: &mut Vec<Run>) {
        if glyph.c.is_whitespace() {
            self.spaced = true;
            return;
        }
        if let Some(last) = &self.last {
            if twice(last, glyph) {
                return;
            }
            if self.goes_on(last, glyph) {
                self.push(glyph);
                return;
            }
        }
        self.finish(runs);
        self.push(glyph);
    }

    fn goes_on(&self, last: &Glyph, glyph: &Glyph) -> bool {
        let size = self.size.max(glyph.size);
        let gap = glyph.start - self.x1;
        let rise = (self.y - glyph.y) / size;
        let small = glyph.size < 0.85 * self.size || self.size < 0.85 * glyph.size;
        last.angle == glyph.angle
            && last.artifact == glyph.artifact
            && gap < WIDE * self.size.min(glyph.size).max(0.6 * size)
            && gap > -0.35 * size
            && if small { (-0.35..0.65).contains(&rise) } else { rise.abs() < 0.2 }
            && glyph.size < 2.5 * self.size
            && self.size < 2.5 * glyph.size
    }

    fn push(&mut self, glyph: &Glyph) {
        let first = self.first.is_none();
        if first {
            self.first = Some(*glyph);
            (self.y, self.size, self.x1) = (glyph.y, glyph.size, glyph.start);
        } else if glyph.size > 1.17 * self.size {
            // What came before was a raised or small beginning.
            (self.y, self.size) = (glyph.y, glyph.size);
        }
        let raised = glyph.size < 0.85 * self.size && self.y - glyph.y > 0.1 * self.size;
        self.letters.push(Letter {
            c: glyph.c,
            gap: if first { 0.0 } else { glyph.start - self.x1 },
            spaced: self.spaced && !first,
            size: glyph.size,
            raised,
        });
        self.bold += u32::from(glyph.bold);
        self.x1 = self.x1.max(glyph.end);
        self.last = Some(*glyph);
        self.spaced = false;
    }

    fn finish(&mut self, runs: &mut Vec<Run>) {
        let builder = std::mem::take(self);
        // A space at the end belongs to no run, and does not begin the next.
        let (Some(first), false) = (builder.first, builder.letters.is_empty()) else { return };
        let text = builder.text();
        if text.is_empty() {
            return;
        }
        // Mapped glyphs only, since the others leave no text.
        let length = builder.letters.iter().filter(|letter| letter.c != '\0').count() as u32;
        runs.push(Run {
            text,
            x0: first.start,
            x1: builder.x1,
            y: builder.y,
            size: builder.size,
            length,
            bold: builder.bold,
            element: first.mcid,
            artifact: first.artifact,
            angle: first.angle,
        });
    }

    /// The text, with a space wherever the gap is one.
    fn text(&self) -> String {
        let spacing = self.letter_spacing();
        let drawn = self.letters.iter().any(|letter| letter.spaced);
        let mut text = String::with_capacity(self.letters.len() + 8);
        let mut mark_from: Option<usize> = None;
        for (i, letter) in self.letters.iter().enumerate() {
            let em = letter.size.min(self.size);
            let gap = letter.gap - spacing;
            // Where spaces are drawn, a gap without one is more often a matter of kerning.
            let wide = if drawn { 0.2 } else { 0.13 };
            let space = if letter.spaced { gap > 0.03 * em } else { gap > wide * em };
            if space && !text.is_empty() {
                text.push(' ');
            }
            if letter.raised && mark_from.is_none() {
                mark_from = Some(text.len());
                let rest = self.letters.get(i..).unwrap_or_default();
                let mark: String =
                    rest.iter().take_while(|letter| letter.raised).map(|letter| letter.c).collect();
                text.push_str(separator(&text, &mark));
            } else if !letter.raised {
                // A word does not begin right behind the mark of a note.
                if let Some(from) = mark_from.take()
                    && letter.c.is_alphanumeric()
                    && from > 0
                    && text.get(from..).is_some_and(|mark| mark.starts_with(' '))
                    && !text.ends_with(' ')
                {
                    text.push(' ');
                }
            }
            if letter.c != '\0' {
                text.push(letter.c);
            }
        }
        text
    }

    /// The gap that stands between all letters of a run that is spaced out, else 0.
    fn letter_spacing(&self) -> f32 {
        let mut gaps: Vec<f32> =
            self.letters.iter().skip(1).map(|letter| letter.gap / letter.size.max(0.1)).collect();
        gaps.sort_by(f32::total_cmp);
        if let (Some(least), Some(most), 2..4) = (gaps.first(), gaps.last(), gaps.len()) {
            // A short word, if nothing in it is a space and all gaps are the same.
            let even = *least > 0.1 && most - least < 0.02;
            let drawn = self.letters.iter().any(|letter| letter.spaced);
            return if even && !drawn { least * self.size } else { 0.0 };
        }
        if gaps.len() < 4 {
            return 0.0;
        }
        let at = |share: f32| gaps.get((gaps.len() as f32 * share) as usize).copied();
        match (at(0.15), at(0.5)) {
            (Some(low), Some(middle)) if low > 0.05 && middle - low < 0.04 => middle * self.size,
            _ => 0.0,
        }
    }
}

/// Whether a glyph is drawn a second time over the last one, to look bold.
fn twice(last: &Glyph, glyph: &Glyph) -> bool {
    last.c == glyph.c
        && last.angle == glyph.angle
        && (last.start - glyph.start).abs() < 0.08 * glyph.size
        && (last.y - glyph.y).abs() < 0.08 * glyph.size
}
