//! A table: named columns and rows of values, for spreadsheets and scripts.

use std::io::{self, Write};

use crate::report::Report;
use crate::search::{Collocates, Concordance, FacetCounts, KeyTerms, Trend, TrendCount};

/// Named columns and rows of values, written as CSV (RFC 4180, UTF-8, with line feeds).
///
/// Values stand as articles have them: text that a spreadsheet takes for a formula is not changed.
///
/// ```
/// use polidex::{Facet, FacetCounts, Table};
///
/// let values = vec![("Open, closed".to_owned(), 2)];
/// let counts = FacetCounts { facet: Facet::Source, values, distinct: 1, without: 3 };
/// let mut out = Vec::new();
/// Table::facets(&[counts]).write_csv(&mut out)?;
/// let expected = "facet,value,articles\nsource,\"Open, closed\",2\nsource,,3\n";
/// assert_eq!(String::from_utf8_lossy(&out), expected);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<&'static str>,
    /// The rows, with a value for each column; what is not known is empty.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The lines of a concordance.
    pub fn concordance(found: &Concordance) -> Table {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let rows = found.lines.iter().map(|line| {
            vec![
                line.path.clone(),
                line.title.clone().unwrap_or_default(),
                line.date.map(|date| date.to_string()).unwrap_or_default(),
                line.language.to_string(),
                line.source.clone().unwrap_or_default(),
                line.left.clone(),
                line.text.clone(),
                line.right.clone(),
                line.start.to_string(),
                line.end.to_string(),
                number(line.line).unwrap_or_default(),
                number(line.page).unwrap_or_default(),
                line.page_label.clone().unwrap_or_default(),
                line.section.join(" › "),
                line.hash.clone(),
            ]
        });
        let header = vec![
            "path",
            "title",
            "date",
            "language",
            "source",
            "left",
            "match",
            "right",
            "start",
            "end",
            "line",
            "page",
            "page_label",
            "section",
            "hash",
        ];
        Table { header, rows: rows.collect() }
    }

    /// Collocates, with their counts and measures.
    pub fn collocates(found: &Collocates) -> Table {
        let rows = found.collocates.iter().map(|it| {
            let mut row = vec![it.word.clone()];
            let counts = [it.count, it.left, it.right, it.articles, it.total];
            row.extend(counts.iter().map(u64::to_string));
            row.extend([it.log_likelihood, it.log_dice, it.pmi].map(decimal));
            row
        });
        let header = vec![
            "word",
            "count",
            "left",
            "right",
            "articles",
            "total",
            "log_likelihood",
            "log_dice",
            "pmi",
        ];
        Table { header, rows: rows.collect() }
    }

    /// A trend: a row for each query and period, then one for what has no date (`undated`) and one
    /// for what has a date that does not say the period (`vague`), if there is such.
    pub fn trend(trend: &Trend) -> Table {
        let total = |number: Option<u64>| number.map(|number| number.to_string());
        let mut rows = Vec::new();
        for series in &trend.series {
            for (period, point) in trend.periods.iter().zip(&series.points) {
                rows.push(vec![
                    series.query.clone(),
                    period.label.clone(),
                    period.start.to_string(),
                    point.count.articles.to_string(),
                    point.count.matches.to_string(),
                    point.value.map(decimal).unwrap_or_default(),
                    total(period.articles).unwrap_or_default(),
                    total(period.words).unwrap_or_default(),
                ]);
            }
            let apart = [("undated", series.undated), ("vague", series.vague)];
            for (name, count) in apart.into_iter().filter(|(_, count)| count.articles > 0) {
                let TrendCount { articles, matches } = count;
                let mut row = vec![series.query.clone(), name.to_owned(), String::new()];
                row.extend([articles, matches].iter().map(u64::to_string));
                row.extend(vec![String::new(); 3]);
                rows.push(row);
            }
        }
        let header = vec![
            "query",
            "period",
            "start",
            "articles",
            "matches",
            "value",
            "all_articles",
            "all_words",
        ];
        Table { header, rows }
    }

    /// The terms that set articles apart.
    pub fn key_terms(found: &KeyTerms) -> Table {
        let rows = found.terms.iter().map(|term| {
            let counts = [term.articles, term.total].map(|count| count.to_string());
            let mut row = vec![term.word.clone(), term.language.to_string()];
            row.extend(counts);
            row.push(decimal(term.log_likelihood));
            row
        });
        let header = vec!["word", "language", "articles", "total", "log_likelihood"];
        Table { header, rows: rows.collect() }
    }

    /// The counts of facets; the articles that have no value stand last, without one.
    pub fn facets(facets: &[FacetCounts]) -> Table {
        let mut rows = Vec::new();
        for counts in facets {
            let row = |value: &str, articles: u64| {
                vec![counts.facet.name().to_owned(), value.to_owned(), articles.to_string()]
            };
            rows.extend(counts.values.iter().map(|(value, articles)| row(value, *articles)));
            if counts.without > 0 {
                rows.push(row("", counts.without));
            }
        }
        Table { header: vec!["facet", "value", "articles"], rows }
    }

    /// A report: a row for each query and period with the best quotation and where it stands, and
    /// behind it one for each value of the fact, with its articles; what has no value is `without`
    /// in the column `facet`. Periods of no article are there, too.
    pub fn report(report: &Report) -> Table {
        let facet_name = report.options.facet.map(|facet| facet.name()).unwrap_or_default();
        let header = vec![
            "name",
            "query",
            "period",
            "start",
            "facet",
            "value",
            "articles",
            "matches",
            "quotation",
            "title",
            "source",
            "date",
            "path",
            "url",
            "page",
            "line",
            "section",
            "bytes",
            "hash",
        ];
        let mut rows = Vec::new();
        for query in &report.queries {
            for row in &query.rows {
                let start = |facet: &str, value: &str, articles: u64| -> Vec<String> {
                    let texts = [&*query.name, &*query.query, &*row.period];
                    let mut cells: Vec<String> = texts.map(str::to_owned).into();
                    cells.push(row.start.to_string());
                    cells.extend([facet.to_owned(), value.to_owned(), articles.to_string()]);
                    cells
                };
                let mut whole = start("", "", row.count.articles);
                whole.push(row.count.matches.to_string());
                let best = row.best.as_ref();
                if let Some((hit, passage)) =
                    best.and_then(|hit| hit.passages.first().map(|it| (hit, it)))
                {
                    let number = |number: Option<u32>| number.map(|it| it.to_string());
                    whole.extend([passage.text.clone(), hit.title.clone()]);
                    whole.push(hit.source.clone().unwrap_or_default());
                    whole.push(hit.date.map(|date| date.to_string()).unwrap_or_default());
                    whole.push(hit.path.clone());
                    whole.push(hit.url.clone().unwrap_or_default());
                    let page = passage.page_label.clone().or_else(|| number(passage.page));
                    whole.push(page.unwrap_or_default());
                    whole.push(number(passage.line).unwrap_or_default());
                    whole.push(passage.section.join(" › "));
                    whole.push(format!("{}-{}", passage.start, passage.end));
                    whole.push(hit.hash.clone());
                }
                rows.push(whole);
                if let Some(counts) = &row.facet {
                    let values = counts.values.iter();
                    rows.extend(
                        values.map(|(value, articles)| start(facet_name, value, *articles)),
                    );
                    if counts.without > 0 {
                        rows.push(start("without", facet_name, counts.without));
                    }
                }
            }
        }
        for row in &mut rows {
            row.resize(header.len(), String::new());
        }
        Table { header, rows }
    }

    /// Writes the table as CSV.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        line(out, self.header.iter().copied())?;
        self.rows.iter().try_for_each(|row| line(out, row.iter().map(String::as_str)))
    }
}

fn line<'a>(out: &mut impl Write, values: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (number, value) in values.enumerate() {
        if number > 0 {
            out.write_all(b",")?;
        }
        if value.contains([',', '"', '\n', '\r']) {
            write!(out, "\"{}\"", value.replace('"', "\"\""))?;
        } else {
            out.write_all(value.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Four decimals, as in JSON.
fn decimal(number: f64) -> String {
    let rounded = (number * 1e4).round() / 1e4;
    // There is no negative nothing.
    (if rounded == 0.0 { 0.0 } else { rounded }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_row_is_quoted_and_reads_back() {
        let values = ["plain", "a,b", "say \"so\"", "two\nlines", "", " space ", "l’IA; «x»"];
        let table = Table {
            header: vec!["value"; values.len()],
            rows: vec![values.map(str::to_owned).to_vec()],
        };
        let mut out = Vec::new();
        table.write_csv(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.ends_with(
                "\nplain,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",, space ,l’IA; «x»\n"
            )
        );
    }

    #[test]
    fn decimals_are_short() {
        assert_eq!(
            [2.0, 1.0 / 3.0, -0.00001, 1e9].map(decimal),
            ["2", "0.3333", "0", "1000000000"]
        );
    }
}
