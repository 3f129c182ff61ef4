//! Paths: the lines that a page draws, of which those that are level or upright part its text.

use hayro_syntax::content::ops::TypedInstruction;

use super::geometry::{Matrix, apply};

/// A straight line drawn level or upright, as its two ends in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
}

/// The path under construction, of which straight lines become rules when it is painted.
#[derive(Default)]
pub(super) struct Path {
    at: (f64, f64),
    start: (f64, f64),
    rules: Vec<Rule>,
}

impl Path {
    const MAX_RULES: usize = 5_000;

    /// Takes in an operator; false if it is none of paths.
    pub(super) fn operator(
        &mut self,
        operator: &TypedInstruction<'_, '_>,
        ctm: &Matrix,
        painted: &mut Vec<Rule>,
    ) -> bool {
        use TypedInstruction as Op;
        match operator {
            Op::MoveTo(to) => {
                self.at = apply(ctm, to.0.as_f64(), to.1.as_f64());
                self.start = self.at;
            }
            Op::LineTo(to) => {
                let to = apply(ctm, to.0.as_f64(), to.1.as_f64());
                self.line(self.at, to);
                self.at = to;
            }
            Op::ClosePath(_) => {
                self.line(self.at, self.start);
                self.at = self.start;
            }
            Op::RectPath(r) => {
                let [x, y, w, h] = [r.0, r.1, r.2, r.3].map(|n| n.as_f64());
                let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
                let corners = corners.map(|(x, y)| apply(ctm, x, y));
                for (from, to) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
                    self.line(corners[from], corners[to]);
                }
            }
            Op::EndPath(_) => self.rules.clear(),
            Op::StrokePath(_)
            | Op::CloseAndStrokePath(_)
            | Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => {
                if painted.len() < Path::MAX_RULES {
                    painted.append(&mut self.rules);
                }
                self.rules.clear();
            }
            _ => return false,
        }
        true
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let level = (from.1 - to.1).abs() < 0.5;
        let upright = (from.0 - to.0).abs() < 0.5;
        if level != upright && self.rules.len() < Path::MAX_RULES {
            self.rules.push(Rule {
                x0: from.0.min(to.0) as f32,
                y0: from.1.min(to.1) as f32,
                x1: from.0.max(to.0) as f32,
                y1: from.1.max(to.1) as f32,
            });
        }
    }
}
