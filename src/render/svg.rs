//! A trend as a drawing: a line for each query, as a file of SVG that stands by itself.

use std::io::{self, Write};

use super::text::trend::unit;
use crate::safe::is_unsafe;
use crate::search::Trend;

/// The size of the drawing, and what is left free around the lines.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 40.0;
/// Below the lines: the labels of periods; the legend comes under them, a row for each query.
const BOTTOM: f64 = 48.0;
const ROW: f64 = 20.0;

/// Colours that those who see few can tell apart (Okabe, Ito: "Color universal design", 2008).
const COLOURS: [&str; 7] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// Dashes, so that lines are told apart without colours.
const DASHES: [&str; 4] = ["none", "8 4", "2 3", "10 3 2 3"];

/// Points are drawn where there are no more periods than this.
const FEW: usize = 60;

/// Writes a trend as a drawing (SVG 1.1): periods from left to right, and upwards what
/// [`TrendPoint::value`](crate::TrendPoint::value) says; where it says nothing a line is broken.
/// Fonts and sizes are those of whoever shows it; nothing is loaded from elsewhere.
pub fn write_trend_svg(out: &mut impl Write, trend: &Trend) -> io::Result<()> {
    let legend = trend.series.len() as f64 * ROW;
    let height = HEIGHT + legend;
    let points = trend.series.iter().flat_map(|series| &series.points);
    let (top, step) = scale(points.filter_map(|point| point.value).fold(0.0, f64::max));
    let floor = HEIGHT - BOTTOM;
    let periods = trend.periods.len();
    let x = |number: usize| {
        let room = WIDTH - LEFT - RIGHT;
        LEFT + room * if periods > 1 { number as f64 / (periods - 1) as f64 } else { 0.5 }
    };
    let y = |value: f64| floor - (floor - TOP) * value / top;
    let title = match trend.per {
        None => format!("Articles by {}", trend.by.name()),
        Some(per) => format!("{} ({})", capital(unit(per)), trend.by.name()),
    };
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>{0}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"14\">{0}</text>",
        Escaped(&title)
    )?;
    let mut mark = 0.0;
    while mark <= top + step / 2.0 {
        let (height, at) = (y(mark), LEFT - 8.0);
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{height:.1}\" x2=\"{:.1}\" y2=\"{height:.1}\" \
             stroke=\"#ddd\"/>\n<text x=\"{at}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            height + 4.0,
            (mark * 1e6).round() / 1e6,
        )?;
        mark += step;
    }
    // Labels that would touch each other are left out.
    let every = periods.div_ceil(10).max(1);
    for (number, period) in trend.periods.iter().enumerate().step_by(every) {
        let (at, below) = (x(number), floor + 20.0);
        let label = Escaped(&period.label);
        writeln!(out, "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\">{label}</text>")?;
    }
    for (number, series) in trend.series.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let dash = DASHES[number / COLOURS.len() % DASHES.len()];
        let style = format!("stroke=\"{colour}\" stroke-dasharray=\"{dash}\" stroke-width=\"2\"");
        let values: Vec<Option<f64>> = series.points.iter().map(|point| point.value).collect();
        let mut from = 0;
        for run in values.split(Option::is_none) {
            let at = (from..).zip(run.iter().flatten());
            let line: Vec<String> =
                at.clone().map(|(at, value)| format!("{:.1},{:.1}", x(at), y(*value))).collect();
            if line.len() > 1 {
                let line = line.join(" ");
                writeln!(out, "<polyline fill=\"none\" {style} points=\"{line}\"/>")?;
            }
            for (at, value) in at.filter(|_| periods <= FEW || line.len() == 1) {
                let (x, y) = (x(at), y(*value));
                writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>")?;
            }
            from += run.len() + 1;
        }
        let row = HEIGHT + number as f64 * ROW;
        let (end, text, base) = (LEFT + 32.0, LEFT + 40.0, row + 4.0);
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{row}\" x2=\"{end}\" y2=\"{row}\" {style}/>\n\
             <text x=\"{text}\" y=\"{base}\">{} ({} articles, {} matches)</text>",
            Escaped(&series.query),
            series.all.articles,
            series.all.matches,
        )?;
    }
    writeln!(out, "</svg>")
}

/// A round number at or above `greatest`, and the distance between marks up to it.
fn scale(greatest: f64) -> (f64, f64) {
    let greatest = if greatest > 0.0 { greatest } else { 1.0 };
    let rough = greatest / 5.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|of| of * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(power * 10.0);
    ((greatest / step).ceil() * step, step)
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

/// Text as XML has it, without what would be invisible or is not allowed in it.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c if is_unsafe(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                    f.write_str("\u{fffd}")?;
                }
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers_above_everything() {
        for (greatest, expected) in [
            (0.0, (1.0, 0.2)),
            (1.0, (1.0, 0.2)),
            (7.0, (8.0, 2.0)),
            (23.0, (25.0, 5.0)),
            (100.0, (100.0, 20.0)),
        ] {
            let (top, step) = scale(greatest);
            assert!((top - expected.0).abs() < 1e-9, "{greatest}: {top}");
            assert!((step - expected.1).abs() < 1e-9, "{greatest}: {step}");
        }
    }

    #[test]
    fn what_stands_in_a_drawing_is_text_only() {
        let evil = "</text><script>alert(\"1\")</script>&\u{1b}\u{202e}";
        let shown = Escaped(evil).to_string();
        assert!(!shown.contains(['<', '>', '"', '\u{1b}', '\u{202e}']), "{shown}");
        assert!(shown.contains("&lt;script&gt;") && shown.contains("&amp;"));
    }
}
