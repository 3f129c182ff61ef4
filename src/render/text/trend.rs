//! A trend, in bars: a block for each query, a line for each period.

use std::io::{self, Write};

use super::figures::{count, counted, time};
use super::{Style, Text};
use crate::safe::TermSafe;
use crate::search::{Per, Trend, TrendCount, TrendPoint, TrendSeries};

/// Parts of a full block, an eighth more each.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The narrowest that bars may be at their longest.
const NARROWEST: usize = 20;

impl Text<'_> {
    /// Writes a trend of queries (`typed` by the asker), its bars on one scale, in block characters
    /// or in ASCII.
    pub fn trend(
        &self,
        out: &mut impl Write,
        trend: &Trend,
        ascii: bool,
        typed: &[String],
    ) -> io::Result<()> {
        let values = trend.series.iter().flat_map(|series| &series.points);
        let greatest = values.filter_map(|point| point.value).fold(0.0, f64::max);
        for (number, series) in trend.series.iter().enumerate() {
            let typed = typed.get(number).map_or("", String::as_str);
            self.series(out, trend, series, (greatest, ascii), typed)?;
            writeln!(out)?;
        }
        let mut said = vec![match trend.per {
            None => "bars: articles".to_owned(),
            Some(per) => format!("bars: {}", unit(per)),
        }];
        if trend.grouped {
            said.push("near-copies count once, as the earliest".to_owned());
        }
        said.push(time(trend.elapsed));
        writeln!(out, "{}", said.join(", "))
    }

    fn series(
        &self,
        out: &mut impl Write,
        trend: &Trend,
        series: &TrendSeries,
        (greatest, ascii): (f64, bool),
        typed: &str,
    ) -> io::Result<()> {
        let dash = if ascii { "-" } else { "·" };
        self.styled(out, Style::Bold, TermSafe(&series.query))?;
        writeln!(out, " {dash} {}", figures(series.all))?;
        let value = |point: &TrendPoint| match (trend.per, point.value) {
            (None, _) => None,
            (Some(_), None) => Some("-".to_owned()),
            (Some(_), Some(value)) => Some(format!("{value:.2}")),
        };
        let mut header = vec!["", "articles", "matches"];
        if let Some(per) = trend.per {
            header.push(if per == Per::ThousandArticles { "per 1,000" } else { "per million" });
        }
        let rows: Vec<Vec<String>> = trend
            .periods
            .iter()
            .zip(&series.points)
            .map(|(period, point)| {
                let TrendCount { articles, matches } = point.count;
                let mut row = vec![period.label.clone(), count(articles), count(matches)];
                row.extend(value(point));
                row
            })
            .collect();
        if !rows.is_empty() {
            let mut table = Vec::new();
            self.columns_of(&mut table, &header, &rows)?;
            let table = String::from_utf8_lossy(&table).into_owned();
            let mut lines = table.lines();
            writeln!(out, "{}", lines.next().unwrap_or_default())?;
            let widest = lines.clone().map(|line| TermSafe(line).width()).max().unwrap_or(0);
            let room = self.columns().saturating_sub(widest + 2).max(NARROWEST);
            for (line, point) in lines.zip(&series.points) {
                let part = if greatest > 0.0 { point.value.unwrap_or(0.0) / greatest } else { 0.0 };
                let bar = bar(part, room, ascii);
                writeln!(out, "{}", format!("{line}  {bar}").trim_end())?;
            }
        }
        for (counted, why) in [
            (series.undated, "without a date"),
            (series.vague, "with a date that does not say the period"),
        ] {
            if counted.articles > 0 {
                writeln!(out, "{} {why}: not in a period", figures(counted))?;
            }
        }
        if series.folded > 0 {
            writeln!(out, "{} not counted", counted(series.folded, "near-copy", "near-copies"))?;
        }
        self.notes(out, &series.notes, typed)
    }
}

fn figures(counts: TrendCount) -> String {
    let articles = counted(counts.articles, "article", "articles");
    format!("{articles}, {}", counted(counts.matches, "match", "matches"))
}

/// What the values are, in words.
pub(in crate::render) fn unit(per: Per) -> &'static str {
    match per {
        Per::ThousandArticles => "articles per 1,000 articles of the period",
        Per::MillionWords => "matches per million words of the period",
    }
}

/// A bar that fills `part` (0 to 1) of `room` columns; what is not nothing is seen.
fn bar(part: f64, room: usize, ascii: bool) -> String {
    let steps = if ascii { 1 } else { 8 };
    let all = (part.clamp(0.0, 1.0) * (room * steps) as f64).round() as usize;
    if ascii {
        return if all == 0 && part > 0.0 { ".".to_owned() } else { "#".repeat(all) };
    }
    let all = if part > 0.0 { all.max(1) } else { 0 };
    let mut bar = "█".repeat(all / steps);
    bar.extend((all % steps).checked_sub(1).and_then(|rest| EIGHTHS.get(rest)));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_part_and_never_lost() {
        assert_eq!([0.0, 0.5, 1.0].map(|part| bar(part, 4, false)), ["", "██", "████"]);
        assert_eq!([0.2, 0.001].map(|part| bar(part, 10, false)), ["██", "▏"]);
        assert_eq!(bar(0.3125, 4, false), "█▎");
        assert_eq!([0.0, 0.5, 0.001].map(|part| bar(part, 4, true)), ["", "##", "."]);
    }
}
