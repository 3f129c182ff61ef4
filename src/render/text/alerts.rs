//! Alerts in words.

use std::io::{self, Write};

use super::figures::{counted, time};
use super::{Style, Text};
use crate::alerts::{Alert, Alerts};
use crate::safe::TermSafe;

impl Text<'_> {
    /// Writes what is new for saved queries; a query for which nothing is, only in the last line.
    pub fn alerts(&self, out: &mut impl Write, alerts: &Alerts) -> io::Result<()> {
        for alert in &alerts.queries {
            if !alert.hits.is_empty() || alert.left > 0 {
                self.alert(out, alert)?;
            }
        }
        let sum = |of: fn(&Alert) -> u64| alerts.queries.iter().map(of).sum::<u64>();
        let queries = counted(alerts.queries.len() as u64, "query", "queries");
        let (new, changed) = (sum(|it| it.new), sum(|it| it.changed));
        writeln!(out, "{queries}, {new} new, {changed} changed, {}", time(alerts.elapsed))
    }

    fn alert(&self, out: &mut impl Write, alert: &Alert) -> io::Result<()> {
        self.styled(out, Style::Bold, TermSafe(&alert.name))?;
        let (new, changed) = (alert.new, alert.changed);
        writeln!(out, " · {} · {new} new, {changed} changed", TermSafe(&alert.query))?;
        if let Some(note) = &alert.note {
            self.paragraph(out, 2, note, &[], ("", ""))?;
        }
        for note in &alert.notes {
            self.styled(out, Style::Dim, "note:")?;
            writeln!(out, " {}", TermSafe(&note.message))?;
        }
        for it in &alert.hits {
            if it.changed {
                self.styled(out, Style::Dim, "changed:")?;
                writeln!(out)?;
            }
            self.hit(out, &it.hit)?;
        }
        if alert.left > 0 {
            let left = counted(alert.left, "more article", "more articles");
            writeln!(out, "{left} at the next look, or now with a greater -n")?;
        }
        writeln!(out)
    }
}
