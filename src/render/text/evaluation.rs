//! How well queries were answered, as a table.

use std::io::{self, Write};

use super::figures::{count, counted, time};
use super::{Style, Text};
use crate::eval::{Comparison, EvaluationReport, Measures};
use crate::safe::TermSafe;

/// The measures as people call them, in the order of [`Measures::NAMES`].
const NAMES: [&str; 4] = ["nDCG@10", "AP", "recall@100", "MRR"];

/// Columns of a value with the space before it.
const WIDTH: usize = 12;

impl Text<'_> {
    /// Writes an evaluation: the mean of each measure, the comparison with an earlier run if there
    /// is one, and before them each query, if `per_query`.
    pub fn evaluation(
        &self,
        out: &mut impl Write,
        report: &EvaluationReport,
        per_query: bool,
    ) -> io::Result<()> {
        let evaluation = &report.evaluation;
        let rows: &[(String, Measures)] = if per_query { &evaluation.queries } else { &[] };
        let names = ["mean", "before", "better", "worse"].into_iter();
        let ids = rows.iter().map(|(id, _)| &**id);
        let first = names.chain(ids).map(|name| TermSafe(name).width()).max().unwrap_or(0);
        let head: String = NAMES.iter().map(|name| format!("{name:>WIDTH$}")).collect();
        self.styled(out, Style::Dim, format!("{:first$}{head}", ""))?;
        writeln!(out)?;
        for (id, measures) in rows {
            row(out, first, id, measures.values().map(four))?;
        }
        row(out, first, "mean", evaluation.mean.values().map(four))?;
        if let Some(against) = &report.against {
            let column = |show: fn(&Comparison) -> String| against.each_ref().map(show);
            row(out, first, "before", column(|it| four(it.before)))?;
            row(out, first, "better", column(|it| count(it.better as u64)))?;
            row(out, first, "worse", column(|it| count(it.worse as u64)))?;
            row(out, first, "p", column(|it| four(it.p)))?;
        }
        write!(out, "\n{}", counted(evaluation.queries.len() as u64, "query", "queries"))?;
        match evaluation.without_relevant.len() {
            0 => {}
            n => write!(out, ", {} left out to which nothing is judged relevant", count(n as u64))?,
        }
        if report.documents > 0 {
            let documents = counted(report.documents, "document", "documents");
            let (indexing, searching) = (time(report.indexing), time(report.searching));
            write!(out, "; {documents} indexed in {indexing}, searched in {searching}")?;
        }
        writeln!(out)
    }
}

fn four(value: f64) -> String {
    format!("{value:.4}")
}

fn row(out: &mut impl Write, first: usize, name: &str, values: [String; 4]) -> io::Result<()> {
    let values: String = values.iter().map(|value| format!("{value:>WIDTH$}")).collect();
    let gap = first.saturating_sub(TermSafe(name).width());
    writeln!(out, "{}{:gap$}{values}", TermSafe(name), "")
}
