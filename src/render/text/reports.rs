//! What became of an index, in words: an update, its state, a check.

use std::io::{self, Write};

use super::figures::{bytes, count, counted, time};
use super::{Style, Text};
use crate::safe::TermSafe;
use crate::{CheckReport, Problem, ProblemKind, RepairReport, Status, UpdateReport};

/// How many problems an update names before it leads to the full list.
const PROBLEMS_NAMED: usize = 5;

impl Text<'_> {
    /// Writes what an update did, in one line, and the first problems that it met.
    pub fn update(&self, out: &mut impl Write, report: &UpdateReport) -> io::Result<()> {
        writeln!(
            out,
            "indexed {}: {} added, {} changed, {} unchanged, {} removed, {} skipped, {} failed \
             ({} in {})",
            counted(report.articles, "article", "articles"),
            count(report.added),
            count(report.changed),
            count(report.unchanged),
            count(report.removed),
            count(report.skipped),
            count(report.failed),
            bytes(report.bytes_read),
            time(report.elapsed),
        )?;
        self.problems(out, report.problems.iter().take(PROBLEMS_NAMED))?;
        let more = report.problems.len().saturating_sub(PROBLEMS_NAMED);
        if more > 0 {
            writeln!(out, "  and {} more; list them all with: polidex status", count(more as u64))?;
        }
        self.warnings(out, &report.warnings)
    }

    /// Writes the state of an index.
    pub fn status(&self, out: &mut impl Write, status: &Status) -> io::Result<()> {
        let path = |path: &Option<std::path::PathBuf>, none: &str| match path {
            Some(path) => path.to_string_lossy().into_owned(),
            None => none.to_owned(),
        };
        let holds = format!(
            "{} in {}, {} of text",
            counted(status.articles, "article", "articles"),
            counted(status.files, "file", "files"),
            bytes(status.text_bytes),
        );
        let size = format!(
            "{} in {}, generation {}",
            bytes(status.index_bytes),
            counted(status.segments, "segment", "segments"),
            status.generation,
        );
        self.entry(out, "corpus", &path(&status.corpus, "none yet"))?;
        self.entry(out, "index", &path(&status.location, "in memory"))?;
        self.entry(out, "holds", &holds)?;
        self.entry(out, "size", &size)?;
        self.tally(out, "languages", &status.languages, "unknown")?;
        self.tally(out, "years", &status.years, "undated")?;
        self.tally(out, "kinds", &status.kinds, "none")?;
        self.tally(out, "formats", &status.formats, "other")?;
        if !status.problems.is_empty() {
            self.entry(out, "problems", &count(status.problems.len() as u64))?;
            self.problems(out, status.problems.iter())?;
        }
        self.warnings(out, &status.warnings)
    }

    /// Writes what a check found.
    pub fn check(&self, out: &mut impl Write, report: &CheckReport) -> io::Result<()> {
        let checked = format!(
            "{} and {} checked, {}",
            counted(report.files, "file", "files"),
            counted(report.articles, "article", "articles"),
            bytes(report.bytes),
        );
        if report.damage.is_empty() {
            writeln!(out, "sound: {checked}")?;
        } else {
            self.styled(out, Style::Alarm, "damaged:")?;
            writeln!(out, " {checked}")?;
        }
        report.damage.iter().try_for_each(|damage| writeln!(out, "  {}", TermSafe(damage)))?;
        report.extra.iter().try_for_each(|name| {
            writeln!(out, "  {}: it is not of the index, and of no harm to it", TermSafe(name))
        })
    }

    /// Writes what a repair did, after what its check found.
    pub fn repair(&self, out: &mut impl Write, report: &RepairReport) -> io::Result<()> {
        self.check(out, &report.check)?;
        let Some(aside) = &report.aside else { return Ok(()) };
        let articles = counted(report.update.articles, "article", "articles");
        let aside = aside.to_string_lossy();
        writeln!(out, "repaired: {articles} read anew from the folder")?;
        writeln!(out, "the damaged index is kept as {}", TermSafe(&aside))?;
        if report.lost > 0 {
            self.styled(out, Style::Alarm, "lost:")?;
            let articles = counted(report.lost, "article", "articles");
            writeln!(out, " {articles} that a program had given; it must give them again")?;
        }
        self.problems(out, report.update.problems.iter().take(PROBLEMS_NAMED))
    }

    fn warnings(&self, out: &mut impl Write, warnings: &[String]) -> io::Result<()> {
        warnings.iter().try_for_each(|warning| {
            self.styled(out, Style::Alarm, "warning:")?;
            writeln!(out, " {}", TermSafe(warning))
        })
    }

    fn problems<'p>(
        &self,
        out: &mut impl Write,
        mut problems: impl Iterator<Item = &'p Problem>,
    ) -> io::Result<()> {
        problems.try_for_each(|problem| {
            let (path, reason) = (TermSafe(&problem.path), TermSafe(&problem.reason));
            writeln!(out, "  {} {path}: {reason}", kind(problem.kind))
        })
    }

    /// Writes how often each value occurs, where there are any.
    fn tally(
        &self,
        out: &mut impl Write,
        name: &str,
        values: &[(String, u64)],
        empty: &str,
    ) -> io::Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        let values: Vec<String> = values
            .iter()
            .map(|(value, n)| (if value.is_empty() { empty } else { value }, *n))
            .map(|(value, n)| format!("{value} {}", count(n)))
            .collect();
        self.entry(out, name, &values.join(", "))
    }

    /// Writes a name in the margin and its value beside it.
    fn entry(&self, out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
        const MARGIN: usize = 11;
        let lines = super::wrap(value, self.columns() - MARGIN);
        for (number, line) in lines.into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            self.styled(out, Style::Dim, format_args!("{name:MARGIN$}"))?;
            writeln!(out, "{}", TermSafe(&value[line]))?;
        }
        Ok(())
    }
}

fn kind(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Skipped => "skipped",
        ProblemKind::Failed => "failed",
        ProblemKind::Partial => "partial",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_update_says_what_it_did_and_names_five_problems() {
        let problem = |n: usize| Problem {
            path: format!("{n}\u{1b}.bin"),
            kind: ProblemKind::Failed,
            reason: "not text".into(),
        };
        let mut report = UpdateReport {
            added: 64,
            skipped: 1,
            articles: 64,
            bytes_read: 800_000,
            elapsed: Duration::from_millis(300),
            problems: (0..7).map(problem).collect(),
            ..UpdateReport::default()
        };
        let shown = |report: &UpdateReport| {
            let mut out = Vec::new();
            Text::default().update(&mut out, report).unwrap();
            String::from_utf8(out).unwrap()
        };
        let out = shown(&report);
        let first = "indexed 64 articles: 64 added, 0 changed, 0 unchanged, 0 removed, 1 skipped, \
                     0 failed (0.8 MB in 0.3 s)\n  failed 0\\u{1b}.bin: not text\n";
        assert!(out.starts_with(first), "{out}");
        assert!(out.ends_with("  and 2 more; list them all with: polidex status\n"), "{out}");
        report.problems.truncate(5);
        assert_eq!(shown(&report).lines().count(), 6);
    }

    #[test]
    fn a_status_ends_with_what_endangers_the_index() {
        let shown = |warnings: Vec<String>| {
            let mut out = Vec::new();
            let status = Status { warnings, ..Status::default() };
            Text::default().status(&mut out, &status).unwrap();
            String::from_utf8(out).unwrap()
        };
        let plain = shown(Vec::new());
        let warned = shown(vec!["it lies on sand".into()]);
        assert_eq!(warned, plain + "warning: it lies on sand\n");
    }
}
