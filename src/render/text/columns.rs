//! Columns: values one below the other, aligned by the columns that they take on a terminal.

use std::io::{self, Write};

use super::{Style, Text, fit};
use crate::safe::TermSafe;

/// The widest that a first column is.
const WIDEST: usize = 40;

impl Text<'_> {
    /// Writes rows under a header: the first value of each to the left, the others to the right.
    pub(super) fn columns_of(
        &self,
        out: &mut impl Write,
        header: &[&str],
        rows: &[Vec<String>],
    ) -> io::Result<()> {
        let width = |column: usize| {
            let values = rows.iter().filter_map(|row| row.get(column));
            let widest = values.map(|value| TermSafe(value).width()).max().unwrap_or(0);
            let name = header.get(column).map_or(0, |name| TermSafe(name).width());
            widest.max(name).min(if column == 0 { WIDEST } else { usize::MAX })
        };
        let widths: Vec<usize> = (0..header.len()).map(width).collect();
        let line = |values: &mut dyn Iterator<Item = &str>| {
            let mut line = String::new();
            for (column, (value, width)) in values.zip(&widths).enumerate() {
                let value = fit(value, *width);
                // What fits is harmless, and as wide as it is shown.
                let room = " ".repeat(width.saturating_sub(TermSafe(&value).width()));
                match column {
                    0 => line.extend([&*value, &room]),
                    _ => line.extend(["  ", &room, &value]),
                }
            }
            line.trim_end().to_owned()
        };
        self.styled(out, Style::Dim, line(&mut header.iter().copied()))?;
        writeln!(out)?;
        for row in rows {
            writeln!(out, "{}", line(&mut row.iter().map(String::as_str)))?;
        }
        Ok(())
    }
}
