//! What is read from a file, in words.

use std::io::{self, Write};

use super::figures::counted;
use super::{Style, Text};
use crate::safe::TermSafe;
use crate::{Article, BlockKind, Extracted, FileFormat};

/// Columns before the value of a fact.
const MARGIN: usize = 12;

/// Columns before the text of a block.
const INDENT: usize = 4;

impl Text<'_> {
    /// Writes an article as it is read from a file: each fact with where it came from, then each
    /// block with its kind and place.
    pub fn extracted(&self, out: &mut impl Write, article: &Article) -> io::Result<()> {
        self.title(out, 0, &article.path, "")?;
        let about = &article.metadata;
        let text = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
        let facts = [
            ("title", text(&about.title)),
            ("authors", about.authors.clone()),
            ("date", about.date.iter().map(ToString::to_string).collect()),
            ("language", about.language.iter().map(ToString::to_string).collect()),
            ("source", text(&about.source)),
            ("url", text(&about.url)),
            ("jurisdiction", text(&about.jurisdiction)),
            ("kind", text(&about.kind)),
            ("tags", about.tags.clone()),
        ];
        for (name, values) in facts.iter().filter(|(_, values)| !values.is_empty()) {
            let origin = about.origins.get(*name).map(|origin| origin.name().replace('_', " "));
            let origin = origin.map_or(String::new(), |origin| format!(" ({origin})"));
            self.fact(out, name, &format!("{}{origin}", values.join(", ")))?;
        }
        for (key, value) in &about.extra {
            self.fact(out, key, value)?;
        }
        for note in &article.notes {
            self.fact(out, "note", note)?;
        }
        for (number, block) in article.blocks.iter().enumerate() {
            let kind = match block.kind {
                BlockKind::Heading(level) => format!("heading {level}"),
                kind => kind.name().replace('_', " "),
            };
            let page = block.page.map(|page| format!(" · page {page}"));
            let line = block.line.map(|line| format!(" · line {line}"));
            let (page, line) = (page.unwrap_or_default(), line.unwrap_or_default());
            writeln!(out)?;
            self.styled(out, Style::Dim, format_args!("{} {kind}{page}{line}", number + 1))?;
            writeln!(out)?;
            self.paragraph(out, INDENT, &block.text, &[], ("", ""))?;
        }
        Ok(())
    }

    /// Writes the end of a file that was read: how much came of it, and what could not be read.
    pub fn extraction(&self, out: &mut impl Write, path: &str, read: &Extracted) -> io::Result<()> {
        let articles = counted(read.articles, "article", "articles");
        writeln!(out, "{}: {}, {articles}", TermSafe(path), read.format)?;
        read.broken.iter().try_for_each(|part| writeln!(out, "  not read: {}", TermSafe(part)))
    }

    /// Writes the formats of files: those that are read with what of them, then the others.
    pub fn formats(&self, out: &mut impl Write, formats: &[FileFormat]) -> io::Result<()> {
        let endings = |format: &FileFormat| {
            let endings: Vec<_> = format.extensions.iter().map(|e| format!(".{e}")).collect();
            endings.join(" ")
        };
        for (format, reads) in formats.iter().filter_map(|f| f.reads.map(|reads| (f, reads))) {
            self.styled(out, Style::Bold, format.name)?;
            writeln!(out)?;
            self.paragraph(out, INDENT, &endings(format), &[], ("", ""))?;
            self.paragraph(out, INDENT, reads, &[], ("", ""))?;
        }
        writeln!(out, "\nnot read:")?;
        for format in formats.iter().filter(|format| format.reads.is_none()) {
            let line = format!("{}: {}", format.name, endings(format));
            self.paragraph(out, INDENT, &line, &[], ("", ""))?;
        }
        Ok(())
    }

    /// Writes the name of a fact in the margin and its value beside it.
    fn fact(&self, out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
        let lines = super::wrap(value, self.columns() - MARGIN - 1);
        for (number, line) in lines.into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            let name = TermSafe(name).to_string();
            self.styled(out, Style::Dim, format_args!("{name:MARGIN$}"))?;
            writeln!(out, " {}", TermSafe(value.get(line).unwrap_or_default()))?;
        }
        Ok(())
    }
}
