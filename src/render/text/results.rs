//! The answer to a query, in words.

use std::io::{self, Write};
use std::time::Duration;

use super::figures::{count, counted, time};
use super::{Style, Text, fit, shell_word};
use crate::query::Note;
use crate::safe::TermSafe;
use crate::search::{Duplicate, Hit, Passage, SearchResults};

/// How many copies of a hit are written out.
const COPIES: usize = 5;

/// Columns that everything of a hit but its number stands in from.
pub(super) const INDENT: usize = 4;

impl Text<'_> {
    /// Writes an answer: the hits, the figures, and how the query (`typed` by the asker) was read.
    pub fn results(
        &self,
        out: &mut impl Write,
        results: &SearchResults,
        typed: &str,
    ) -> io::Result<()> {
        if results.fallback && !results.hits.is_empty() {
            writeln!(out, "No article has every word; these have most of them.\n")?;
        }
        for hit in &results.hits {
            self.hit(out, hit)?;
            writeln!(out)?;
        }
        self.figures(out, results, typed)
    }

    /// Writes a hit: number and title, what is known of the article, and its passages.
    pub fn hit(&self, out: &mut impl Write, hit: &Hit) -> io::Result<()> {
        let number = format!("{:>2}. ", hit.rank);
        self.styled(out, Style::Dim, &number)?;
        self.title(out, number.len().max(INDENT), &hit.title, &hit.path)?;
        let language = (!hit.language.is_unknown()).then(|| hit.language.to_string());
        let date = hit.date.map(|date| date.to_string());
        self.facts(out, INDENT, &[hit.source.clone(), date, language], &hit.path)?;
        for passage in &hit.passages {
            self.passage(out, passage)?;
        }
        self.duplicates(out, &hit.duplicates)?;
        hit.explanation.iter().try_for_each(|explanation| self.explanation(out, explanation))
    }

    /// Writes what is folded under a hit.
    fn duplicates(&self, out: &mut impl Write, duplicates: &[Duplicate]) -> io::Result<()> {
        if duplicates.is_empty() {
            return Ok(());
        }
        write!(out, "{:INDENT$}", "")?;
        self.styled(out, Style::Dim, counted(duplicates.len() as u64, "copy:", "copies:"))?;
        writeln!(out)?;
        for copy in duplicates.iter().take(COPIES) {
            let date = copy.date.map(|date| date.to_string());
            let similarity = format!("{:.0} %", copy.similarity * 100.0);
            let facts = [date, copy.source.clone(), Some(similarity)];
            self.facts(out, INDENT + 2, &facts, &copy.path)?;
        }
        if let Some(more) = duplicates.len().checked_sub(COPIES).filter(|more| *more > 0) {
            write!(out, "{:1$}", "", INDENT + 2)?;
            self.styled(out, Style::Dim, format_args!("and {} more", count(more as u64)))?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes a passage: where it stands, then its text.
    fn passage(&self, out: &mut impl Write, passage: &Passage) -> io::Result<()> {
        let place = place(passage);
        if !place.is_empty() {
            write!(out, "{:INDENT$}", "")?;
            self.styled(out, Style::Dim, fit(&place, self.columns() - INDENT))?;
            writeln!(out)?;
        }
        self.paragraph(out, INDENT + 2, &passage.text, &passage.highlights, ellipses(passage))
    }

    /// Writes what time the steps to an answer took, in one line.
    pub fn profile(
        &self,
        out: &mut impl Write,
        steps: &[(&'static str, Duration)],
    ) -> io::Result<()> {
        let steps: Vec<String> =
            steps.iter().map(|(step, spent)| format!("{step} {}", time(*spent))).collect();
        self.styled(out, Style::Dim, "profile:")?;
        writeln!(out, " {}", steps.join(", "))
    }

    /// Writes the last lines of an answer: how much was found and how the query was read.
    pub fn figures(
        &self,
        out: &mut impl Write,
        results: &SearchResults,
        typed: &str,
    ) -> io::Result<()> {
        let mut parts = Vec::new();
        // A search that ran out of time has counted what it saw.
        let least = if results.timed_out { "at least " } else { "" };
        if results.articles == 0 {
            let in_time = if results.timed_out { " in time" } else { "" };
            parts.push(format!("no article found{in_time}"));
        } else {
            parts.push(format!("{least}{}", counted(results.articles, "article", "articles")));
            parts.push(format!("{least}{}", counted(results.matches, "match", "matches")));
        }
        match (results.hits.first(), results.hits.last()) {
            (Some(first), Some(last)) if first.rank == last.rank => {
                parts.push(format!("{} shown", count(first.rank)));
            }
            (Some(first), Some(last)) => {
                parts.push(format!("{}–{} shown", count(first.rank), count(last.rank)));
            }
            _ => {}
        }
        if results.folded > 0 {
            parts.push(format!("{} folded", counted(results.folded, "copy", "copies")));
        }
        parts.push(time(results.elapsed));
        writeln!(out, "{}", parts.join(", "))?;
        self.facets(out, &results.facets)?;

        if !same_words(&results.query, typed) {
            self.styled(out, Style::Dim, "read as:")?;
            writeln!(out, " {}", TermSafe(&results.query))?;
        }
        if !results.terms.is_empty() {
            let terms = results.terms.iter().map(|term| format!("{}^{}", term.word, term.weight));
            let terms = terms.collect::<Vec<_>>().join(", ");
            self.styled(out, Style::Dim, "terms:")?;
            writeln!(out, " {}", TermSafe(&terms))?;
        }
        self.notes(out, &results.notes, typed)?;
        if !results.suggestions.is_empty() {
            writeln!(out, "did you mean:")?;
        }
        for suggestion in &results.suggestions {
            let command = format!("{} {}", self.command, shell_word(suggestion));
            writeln!(out, "  {}", TermSafe(&command))?;
        }
        Ok(())
    }

    /// Writes how a query (`typed` by the asker) was read where it might have been read otherwise.
    pub fn notes(&self, out: &mut impl Write, notes: &[Note], typed: &str) -> io::Result<()> {
        for note in notes {
            self.styled(out, Style::Dim, "note:")?;
            writeln!(out, " {}", TermSafe(&note.message))?;
            if let Some(span) = note.span.clone() {
                self.caret(out, typed, span)?;
            }
        }
        Ok(())
    }

    /// Writes the paths of the hits, one a line.
    pub fn paths(&self, out: &mut impl Write, results: &SearchResults) -> io::Result<()> {
        results.hits.iter().try_for_each(|hit| writeln!(out, "{}", TermSafe(&hit.path)))
    }
}

/// Where a passage stands: `line 12 § Background › Aims`.
fn place(passage: &Passage) -> String {
    place_words(passage.page, passage.page_label.as_deref(), passage.line, &passage.section)
}

/// A place in an article in words.
pub(in crate::render) fn place_words(
    page: Option<u32>,
    label: Option<&str>,
    line: Option<u32>,
    section: &[String],
) -> String {
    let mut place = match (page, line) {
        (Some(page), _) => match label {
            Some(label) => format!("p. {label}"),
            None => format!("p. {page}"),
        },
        (None, Some(line)) => format!("line {line}"),
        (None, None) => String::new(),
    };
    if !section.is_empty() {
        if !place.is_empty() {
            place.push(' ');
        }
        place.push_str("§ ");
        place.push_str(&section.join(" › "));
    }
    place
}

/// The ellipses that a passage takes where it starts or ends inside a sentence.
fn ellipses(passage: &Passage) -> (&'static str, &'static str) {
    (if passage.starts_inside { "… " } else { "" }, if passage.ends_inside { " …" } else { "" })
}

/// Whether two queries differ in white space only.
pub(super) fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

#[cfg(test)]
// One highlight is one range.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;
    use crate::{Date, Language};

    const TEXT: &str = "The Commission says that digital sovereignty is not protectionism. For the \
        Parliament, however, 技術主権 means more than that: the ability to choose one's own \
        dependencies, and to leave them.";

    fn hit() -> Hit {
        let mark = TEXT.find("digital sovereignty").unwrap();
        Hit {
            rank: 1,
            score: 7.3,
            path: "eu/ai-act.md".into(),
            title: "Digital\u{1b}[2J sovereignty".into(),
            date: Date::new(2024, Some(8), None),
            language: Language::UNKNOWN,
            source: Some("Euractiv".into()),
            url: None,
            authors: vec![],
            kind: None,
            jurisdiction: None,
            tags: vec![],
            cites: vec![],
            hash: String::new(),
            file_hash: None,
            matches: 3,
            passages: vec![Passage {
                text: TEXT.into(),
                highlights: vec![mark..mark + 19],
                start: 0,
                end: TEXT.len(),
                line: Some(12),
                page: None,
                page_label: None,
                section: vec!["Background".into(), "Aims".into()],
                starts_inside: false,
                ends_inside: false,
            }],
            duplicates: vec![],
            explanation: None,
        }
    }

    fn results(hits: Vec<Hit>) -> SearchResults {
        SearchResults {
            query: "sovereignty".into(),
            notes: vec![],
            suggestions: vec![],
            articles: hits.len() as u64,
            matches: 3 * hits.len() as u64,
            hits,
            fallback: false,
            terms: vec![],
            facets: vec![],
            folded: 0,
            timed_out: false,
            generation: 1,
            elapsed: Duration::from_micros(1900),
            profile: Default::default(),
        }
    }

    fn shown(text: Text, results: &SearchResults, typed: &str) -> String {
        let mut out = Vec::new();
        text.results(&mut out, results, typed).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_hit_at_60_columns_without_colour() {
        let out =
            shown(Text { width: 60, ..Text::default() }, &results(vec![hit()]), "sovereignty");
        let expected = r" 1. Digital\u{1b}[2J sovereignty
    Euractiv · 2024-08 · eu/ai-act.md
    line 12 § Background › Aims
      The Commission says that digital sovereignty is not
      protectionism. For the Parliament, however, 技術主権
      means more than that: the ability to choose one's own
      dependencies, and to leave them.

1 article, 3 matches, 1 shown, 1.9 ms
";
        assert_eq!(out, expected);
    }

    #[test]
    fn a_highlight_across_a_line_end_is_marked_on_both_lines() {
        let mut hit = hit();
        let mark = TEXT.find("not protectionism").unwrap();
        hit.passages[0].highlights = vec![mark..mark + "not protectionism".len()];
        let narrow = Text { width: 60, colour: true, ..Text::default() };
        let out = shown(narrow, &results(vec![hit.clone()]), "sovereignty");
        assert!(
            out.contains("is \x1b[1;31mnot\x1b[0m\n      \x1b[1;31mprotectionism\x1b[0m. For"),
            "{out}"
        );
        let wide = Text { width: 200, colour: true, ..Text::default() };
        let out = shown(wide, &results(vec![hit]), "sovereignty");
        assert!(out.contains("is \x1b[1;31mnot protectionism\x1b[0m. For"), "{out}");
        assert!(out.lines().all(|line| TermSafe(line).width() <= 200 + 40), "{out}");
    }

    #[test]
    fn highlights_that_do_not_fit_the_text_lose_nothing_of_it() {
        let mut hit = hit();
        let inside = TEXT.find('技').unwrap() + 1;
        hit.passages[0].highlights = vec![0..3, 2..4, inside..inside + 1, 5000..6000];
        let out = shown(Text { width: 200, ..Text::default() }, &results(vec![hit]), "");
        let joined = out.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        assert!(joined.contains(TEXT), "{out}");
    }

    #[test]
    fn nothing_found_names_the_command_to_run() {
        let mut none = results(vec![]);
        none.suggestions = vec!["l'IA".into()];
        none.notes = vec![Note {
            code: "unknown_word",
            message: "no article has the word".into(),
            span: Some(0..4),
        }];
        let out =
            shown(Text { command: "polidex search --in x", ..Text::default() }, &none, "l'AI");
        let expected = r"no article found, 1.9 ms
read as: sovereignty
note: no article has the word
  l'AI
  ^^^^
did you mean:
  polidex search --in x 'l'\''IA'
";
        assert_eq!(out, expected);
    }
}
