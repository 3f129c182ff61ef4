//! What was found of quotations, in words: one at length, those of a draft as a table.

use std::io::{self, Write};
use std::time::Duration;

use super::figures::{counted, time};
use super::results::{INDENT, place_words};
use super::{Style, Text, fit};
use crate::safe::TermSafe;
use crate::{
    Agreement, Difference, DifferenceKind, DraftQuotation, PlacedPart, Verification, VerifiedPlace,
};

/// Columns for the line or page of a draft.
const PLACE: usize = 6;
/// Columns for how far a quotation agrees.
const VERDICT: usize = 10;

impl Text<'_> {
    /// Writes what was found of one quotation: how far it agrees, and every place told of.
    pub fn verification(&self, out: &mut impl Write, found: &Verification) -> io::Result<()> {
        self.verdict(out, found)?;
        for (number, place) in found.places.iter().enumerate() {
            writeln!(out)?;
            let number = format!("{:>2}. ", number + 1);
            self.styled(out, Style::Dim, &number)?;
            self.title(out, number.len().max(INDENT), &place.title, &place.path)?;
            let language = (!place.language.is_unknown()).then(|| place.language.to_string());
            let date = place.date.map(|date| date.to_string());
            self.facts(out, INDENT, &[place.source.clone(), date, language], &place.path)?;
            self.agreement(out, place)?;
            for part in &place.parts {
                self.placed(out, part)?;
            }
            self.differences(out, INDENT, &place.differences)?;
            write!(out, "{:INDENT$}", "")?;
            self.styled(out, Style::Dim, TermSafe(&place.hash))?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// Writes how far a quotation agrees with the best that was found, in a line.
    fn verdict(&self, out: &mut impl Write, found: &Verification) -> io::Result<()> {
        let style = if found.agreement == Agreement::Absent { Style::Alarm } else { Style::Bold };
        self.styled(out, style, words(found.agreement))?;
        let places = counted(found.occurrences, "place", "places");
        let articles = counted(found.articles, "article", "articles");
        let least = if found.complete { "" } else { "at least " };
        let shown = match found.places.len() as u64 {
            shown if shown < found.occurrences => format!(", {shown} shown"),
            _ => String::new(),
        };
        let counted_all = found.complete || (found.omissions == 0 && found.insertions.is_empty());
        match found.agreement {
            Agreement::Absent => writeln!(out, ": it stands in no article, nor anything near it"),
            Agreement::Near if found.places.iter().all(|place| place.similarity < 1.0) => {
                writeln!(out, ": near passages in {articles}{shown}")
            }
            _ if counted_all => writeln!(out, ": {places} in {articles}{shown}"),
            _ => writeln!(out, ": {least}{places} in {articles}{shown}"),
        }
    }

    /// Writes how far a place agrees, where it is not the very characters.
    fn agreement(&self, out: &mut impl Write, place: &VerifiedPlace) -> io::Result<()> {
        let mut told = vec![words(place.agreement).to_owned()];
        if place.agreement == Agreement::Near {
            told.push(format!("similarity {:.2}", place.similarity));
        }
        if !place.typography.is_empty() {
            let ways: Vec<_> = place.typography.iter().map(|way| way.name()).collect();
            told.push(format!("set differently: {}", ways.join(", ")));
        }
        if place.blocks > 1 {
            told.push(format!("from {} paragraphs", place.blocks));
        }
        write!(out, "{:INDENT$}", "")?;
        self.styled(out, Style::Dim, TermSafe(&told.join(" · ")))?;
        writeln!(out)
    }

    /// Writes a stretch of an article: where it stands, then its words.
    fn placed(&self, out: &mut impl Write, part: &PlacedPart) -> io::Result<()> {
        let place = place_words(part.page, part.page_label.as_deref(), part.line, &part.section);
        let bytes = format!("bytes {}–{}", part.start, part.end);
        let place = if place.is_empty() { bytes } else { format!("{place} · {bytes}") };
        write!(out, "{:INDENT$}", "")?;
        self.styled(out, Style::Dim, fit(&place, self.columns() - INDENT))?;
        writeln!(out)?;
        self.paragraph(out, INDENT + 2, &part.text, &[], ("", ""))
    }

    /// Writes in what a quotation and an article differ.
    fn differences(
        &self,
        out: &mut impl Write,
        indent: usize,
        differences: &[Difference],
    ) -> io::Result<()> {
        for difference in differences {
            self.paragraph(out, indent, &told(difference), &[], ("- ", ""))?;
        }
        Ok(())
    }

    /// Writes the quotations of a draft as a table, each with the best place found, and what
    /// differs under those that are near.
    pub fn verified_draft(
        &self,
        out: &mut impl Write,
        quotations: &[DraftQuotation],
        found: &[Verification],
    ) -> io::Result<()> {
        let room = self.columns() - PLACE - VERDICT - 2;
        for (quotation, found) in quotations.iter().zip(found) {
            let place = match (quotation.page, quotation.line) {
                (Some(page), _) => format!("p. {page}"),
                (None, Some(line)) => line.to_string(),
                (None, None) => String::new(),
            };
            self.styled(out, Style::Dim, format_args!("{place:>PLACE$} "))?;
            let best = found.places.first();
            let verdict = match best {
                Some(place) if found.agreement == Agreement::Near => {
                    format!("near {:.2}", place.similarity)
                }
                _ => found.agreement.name().to_owned(),
            };
            let style = match found.agreement {
                Agreement::Absent => Style::Alarm,
                Agreement::Near => Style::Bold,
                _ => Style::Dim,
            };
            self.styled(out, style, format_args!("{verdict:VERDICT$}"))?;
            writeln!(out, " {}", fit(&found.quotation, room))?;
            let indent = PLACE + VERDICT + 2;
            if let Some(place) = best {
                let part = place.parts.first();
                let at = part.map_or(String::new(), |part| {
                    place_words(part.page, part.page_label.as_deref(), part.line, &part.section)
                });
                write!(out, "{:indent$}", "")?;
                self.styled(out, Style::Dim, TermSafe(&place.path))?;
                let left = room.saturating_sub(TermSafe(&place.path).width() + 1);
                if !at.is_empty() && left > 12 {
                    write!(out, " ")?;
                    self.styled(out, Style::Dim, fit(&at, left))?;
                }
                writeln!(out)?;
                self.differences(out, indent, &place.differences)?;
            }
        }
        Ok(())
    }

    /// Writes how many quotations agree how far.
    pub fn verified_figures(
        &self,
        out: &mut impl Write,
        found: &[Verification],
        elapsed: Duration,
    ) -> io::Result<()> {
        let mut parts = vec![counted(found.len() as u64, "quotation", "quotations")];
        for agreement in
            [Agreement::Exact, Agreement::Typography, Agreement::Near, Agreement::Absent]
        {
            let count = found.iter().filter(|it| it.agreement == agreement).count();
            if count > 0 {
                parts.push(format!("{count} {}", words(agreement)));
            }
        }
        parts.push(time(elapsed));
        writeln!(out, "{}", parts.join(", "))
    }
}

fn words(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Exact => "exact",
        Agreement::Typography => "equal but for typography",
        Agreement::Near => "near",
        Agreement::Absent => "absent",
    }
}

/// A difference in words.
fn told(difference: &Difference) -> String {
    let Difference { quoted, article, .. } = difference;
    match difference.kind {
        DifferenceKind::Inserted => format!("“{quoted}” is not in the article"),
        DifferenceKind::Deleted => format!("“{article}” is left out"),
        DifferenceKind::Punctuation if article.is_empty() => {
            format!("“{}” does not stand there in the article", quoted.trim())
        }
        _ => format!("“{quoted}” where the article has “{article}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, Block, BlockKind, Index, VerifyOptions, quotations};

    fn searcher() -> crate::Searcher {
        let index = Index::in_memory().unwrap();
        let blocks = vec![
            Block::new(BlockKind::Title, "The\u{1b}[2J list").at_line(1),
            Block::new(BlockKind::Paragraph, "Rules come first in the list, chips last.")
                .at_line(3),
        ];
        let mut article = Article::new("eu/list.md", blocks);
        article.metadata.title = Some("The\u{1b}[2J list".into());
        index.add([article]).unwrap();
        index.searcher().unwrap()
    }

    #[test]
    fn one_quotation_is_told_at_length_and_nothing_reaches_the_terminal_raw() {
        let found = searcher()
            .verify("rules come second in the very list", &VerifyOptions::default())
            .unwrap();
        let mut out = Vec::new();
        Text::default().verification(&mut out, &found).unwrap();
        let out = String::from_utf8(out).unwrap();
        let hash = &found.places[0].hash;
        assert_eq!(
            out,
            format!(
                r"near: near passages in 1 article

 1. The\u{{1b}}[2J list
    eu/list.md
    near · similarity 0.71 · set differently: case
    line 3 · bytes 14–42
      Rules come first in the list
    - “second” where the article has “first”
    - “very” is not in the article
    {hash}
"
            )
        );
    }

    #[test]
    fn the_quotations_of_a_draft_are_a_table() {
        let text = "“Rules come first”, “chips come last of all of them” and “rules come first in \
                    the first list”.";
        let draft = Article::new("draft", vec![Block::new(BlockKind::Paragraph, text).at_line(12)]);
        let quotations = quotations(&draft, 3);
        let texts: Vec<&str> = quotations.iter().map(|it| &*it.text).collect();
        let found = searcher().verify_all(&texts, &VerifyOptions::default()).unwrap();
        let mut out = Vec::new();
        let text = Text { width: 60, ..Text::default() };
        text.verified_draft(&mut out, &quotations, &found).unwrap();
        text.verified_figures(&mut out, &found, Duration::from_millis(2)).unwrap();
        let expected = "    \
    12 exact      Rules come first
                  eu/list.md line 3
    12 absent     chips come last of all of them
    12 near 0.86  rules come first in the first list
                  eu/list.md line 3
                  - “first” is not in the article
3 quotations, 1 exact, 1 near, 1 absent, 2.0 ms
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
