//! Concepts in words: what they are, and how many articles speak of them.

use std::io::{self, Write};

use super::figures::{count, counted};
use super::{Style, Text};
use crate::safe::TermSafe;
use crate::search::ConceptCounts;
use crate::vocabulary::{Concept, LabelForm};

/// How far the definition of a concept is indented below it.
const INDENT: usize = 4;

impl Text<'_> {
    /// Writes a concept in a line or two: its id, its kind, what it means.
    pub fn concept_line(&self, out: &mut impl Write, concept: &Concept) -> io::Result<()> {
        self.styled(out, Style::Bold, TermSafe(&concept.id))?;
        writeln!(out, " · {}", concept.kind)?;
        self.paragraph(out, INDENT, &concept.definition, &[], ("", ""))
    }

    /// Writes all that is known of a concept.
    pub fn concept(&self, out: &mut impl Write, concept: &Concept) -> io::Result<()> {
        self.concept_line(out, concept)?;
        let rests_on = [
            ("official name", &concept.official),
            ("CELEX", &concept.celex),
            ("EuroVoc", &concept.eurovoc),
        ];
        for (name, value) in rests_on {
            if let Some(value) = value {
                self.paragraph(out, INDENT, &format!("{name}: {value}"), &[], ("", ""))?;
            }
        }
        for labels in concept.labels.chunk_by(|a, b| a.language == b.language) {
            let Some(first) = labels.first() else { continue };
            let written = labels.iter().map(|label| match label.form {
                LabelForm::Inflected => label.text.clone(),
                LabelForm::Exact => format!("={}", label.text),
                LabelForm::Local => format!("{} (in {} only)", label.text, label.language),
            });
            let written = written.collect::<Vec<_>>().join(", ");
            self.paragraph(out, INDENT, &format!("{}: {written}", first.language), &[], ("", ""))?;
        }
        Ok(())
    }

    /// Writes how many articles speak of each concept, a line each, the first `shown` of them.
    pub fn concept_counts(
        &self,
        out: &mut impl Write,
        counts: &ConceptCounts,
        shown: usize,
    ) -> io::Result<()> {
        const COLUMNS: [usize; 2] = [8, 9];
        let [articles, matches] = COLUMNS;
        let head = format!("{:>articles$} {:>matches$}  concept", "articles", "matches");
        self.styled(out, Style::Dim, head)?;
        writeln!(out)?;
        for concept in counts.concepts.iter().take(shown) {
            let numbers = (count(concept.articles), count(concept.matches));
            write!(out, "{:>articles$} {:>matches$}  ", numbers.0, numbers.1)?;
            self.styled(out, Style::Bold, TermSafe(&concept.concept.id))?;
            writeln!(out)?;
        }
        let found = counted(counts.concepts.len() as u64, "concept", "concepts");
        writeln!(out, "\n{found} in {}", counted(counts.articles, "article", "articles"))
    }
}
