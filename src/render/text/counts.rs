//! What is counted over a whole result, in words: facets, collocates, the terms that set articles
//! apart.

use std::io::{self, Write};

use super::figures::{count, counted, time};
use super::results::same_words;
use super::{Style, Text};
use crate::query::Note;
use crate::safe::TermSafe;
use crate::search::{Collocates, FacetCounts, KeyTerms};

impl Text<'_> {
    /// Writes the counts of facets, a block for each.
    pub fn facets(&self, out: &mut impl Write, facets: &[FacetCounts]) -> io::Result<()> {
        for counts in facets {
            let mut rows: Vec<Vec<String>> = Vec::new();
            for (value, articles) in &counts.values {
                rows.push(vec![value.clone(), count(*articles)]);
            }
            let more = counts.distinct.saturating_sub(counts.values.len() as u64);
            writeln!(out)?;
            self.columns_of(out, &[counts.facet.name(), "articles"], &rows)?;
            let mut rest = Vec::new();
            if more > 0 {
                rest.push(counted(more, "more value", "more values"));
            }
            if counts.without > 0 {
                rest.push(format!("{} without", counted(counts.without, "article", "articles")));
            }
            if !rest.is_empty() {
                self.styled(out, Style::Dim, rest.join(", "))?;
                writeln!(out)?;
            }
        }
        Ok(())
    }

    /// Writes the words near the matches of a query (`typed` by the asker), with their counts.
    pub fn collocates(
        &self,
        out: &mut impl Write,
        found: &Collocates,
        typed: &str,
    ) -> io::Result<()> {
        let rows = found.collocates.iter().map(|it| {
            let mut row = vec![it.word.clone()];
            row.extend([it.count, it.left, it.right, it.articles, it.total].map(count));
            row.push(format!("{:.1}", it.log_likelihood));
            row.extend([it.log_dice, it.pmi].map(|number| format!("{number:.2}")));
            row
        });
        let header =
            ["word", "count", "left", "right", "articles", "total", "log-lik.", "logDice", "PMI"];
        if found.collocates.is_empty() {
            write!(out, "no collocate, ")?;
        } else {
            self.columns_of(out, &header, &rows.collect::<Vec<_>>())?;
            writeln!(out)?;
            let shown = found.collocates.len() as u64;
            write!(out, "{} of {}, ", count(shown), counted(found.distinct, "word", "words"))?;
        }
        writeln!(
            out,
            "{} near {} in {}, of {} in all, {}",
            counted(found.near, "word", "words"),
            counted(found.matches, "match", "matches"),
            counted(found.articles, "article", "articles"),
            count(found.words),
            time(found.elapsed),
        )?;
        self.reading(out, &found.query, &found.notes, typed)
    }

    /// Writes the words that set the articles of a query (`typed` by the asker) apart.
    pub fn key_terms(&self, out: &mut impl Write, found: &KeyTerms, typed: &str) -> io::Result<()> {
        let rows = found.terms.iter().map(|term| {
            let mut row = vec![term.word.clone(), term.language.to_string()];
            row.extend([term.articles, term.total].map(count));
            row.push(format!("{:.1}", term.log_likelihood));
            row
        });
        if !found.terms.is_empty() {
            let header = ["word", "lang", "articles", "of", "log-lik."];
            self.columns_of(out, &header, &rows.collect::<Vec<_>>())?;
            writeln!(out)?;
        }
        if found.articles == 0 {
            write!(out, "no article found, ")?;
        } else if found.read < found.articles {
            let all = counted(found.articles, "article", "articles");
            write!(out, "from a sample of {} of {all}, ", count(found.read))?;
        } else {
            write!(out, "from {}, ", counted(found.articles, "article", "articles"))?;
        }
        writeln!(out, "{}", time(found.elapsed))?;
        self.reading(out, &found.query, &found.notes, typed)
    }

    /// Writes how a query (`typed` by the asker) was read, where it may not be as it is written.
    pub(super) fn reading(
        &self,
        out: &mut impl Write,
        query: &str,
        notes: &[Note],
        typed: &str,
    ) -> io::Result<()> {
        if !same_words(query, typed) {
            self.styled(out, Style::Dim, "read as:")?;
            writeln!(out, " {}", TermSafe(query))?;
        }
        self.notes(out, notes, typed)
    }
}
