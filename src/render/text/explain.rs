//! Explanations in words: of a query, as a tree, and of a hit's score.

use std::io::{self, Write};

use super::figures::{count, counted};
use super::results::INDENT;
use super::{Style, Text};
use crate::query::Field;
use crate::render::wrap::wrap;
use crate::safe::TermSafe;
use crate::search::{Explanation, Form, Operator, PlanPart, QueryPlan, ScorePart};

/// How many forms of a word are written out.
const FORMS: usize = 20;

/// The deepest indent of a tree; what lies deeper stands there too.
const DEEPEST: usize = 40;

impl Text<'_> {
    /// Writes how a query (`typed` by the asker) is read: a line for each part, what it is made of
    /// below it.
    pub fn query_plan(
        &self,
        out: &mut impl Write,
        plan: &QueryPlan,
        typed: &str,
    ) -> io::Result<()> {
        self.plan_part(out, &plan.root, 0)?;
        let languages: Vec<&str> = plan.languages.iter().map(|language| language.code()).collect();
        let articles = counted(plan.articles, "article", "articles");
        writeln!(out, "\n{articles} in the index, in: {}", languages.join(", "))?;
        self.styled(out, Style::Dim, "read as:")?;
        writeln!(out, " {}", TermSafe(&plan.query))?;
        self.notes(out, &plan.notes, typed)
    }

    fn plan_part(&self, out: &mut impl Write, part: &PlanPart, depth: usize) -> io::Result<()> {
        let indent = (2 * depth).min(DEEPEST);
        let articles = counted(part.articles, "article", "articles");
        write!(out, "{:indent$}", "")?;
        self.styled(out, Style::Bold, TermSafe(&head(part)))?;
        writeln!(out, " · {articles}")?;
        if part.operator != Operator::Exact && !part.forms.is_empty() {
            self.paragraph(out, indent + 4, &forms(part), &[], ("", ""))?;
        }
        part.parts.iter().try_for_each(|part| self.plan_part(out, part, depth + 1))
    }

    /// Writes why a hit ranks where it does: what each part adds, and the sum.
    pub(super) fn explanation(
        &self,
        out: &mut impl Write,
        explanation: &Explanation,
    ) -> io::Result<()> {
        write!(out, "{:INDENT$}", "")?;
        self.styled(out, Style::Dim, format_args!("score {:.4}", explanation.total))?;
        writeln!(out)?;
        for part in &explanation.parts {
            self.addend(out, part.contribution, &reasons(part))?;
        }
        if explanation.closeness != 0.0 {
            self.addend(out, explanation.closeness, "closeness")?;
        }
        Ok(())
    }

    /// Writes a number and, in a column beside it, what it is.
    fn addend(&self, out: &mut impl Write, number: f32, text: &str) -> io::Result<()> {
        const COLUMN: usize = INDENT + 10;
        for (at, line) in wrap(text, self.columns() - COLUMN).into_iter().enumerate() {
            match at {
                0 => write!(out, "{number:>width$.4}  ", width = COLUMN - 2)?,
                _ => write!(out, "{:COLUMN$}", "")?,
            }
            writeln!(out, "{}", TermSafe(&text[line]))?;
        }
        Ok(())
    }
}

/// What a part asks for, in few words.
fn head(part: &PlanPart) -> String {
    let text = &part.text;
    match part.operator {
        Operator::Nothing => "nothing".to_owned(),
        Operator::Word => format!("word {text}"),
        Operator::Exact if part.field.is_some() => text.clone(),
        Operator::Exact => format!("exact form {}", text.trim_start_matches('=')),
        Operator::Expansion => {
            format!("{text} · {}", counted(part.forms.len() as u64, "form", "forms"))
        }
        Operator::Phrase { .. } => format!("phrase {text}"),
        Operator::Near { distance } => format!("NEAR/{distance}"),
        Operator::Before { distance } => format!("BEFORE/{distance}"),
        Operator::SameSentence => "SAME/s".to_owned(),
        Operator::SameParagraph => "SAME/p".to_owned(),
        Operator::Within => format!("{}:", part.field.map_or("", |field| field.name())),
        Operator::And if part.parts.is_empty() => "every article".to_owned(),
        Operator::And => "AND".to_owned(),
        Operator::Or => "OR".to_owned(),
        Operator::Not => "NOT".to_owned(),
        Operator::Of { least } => format!("{least} OF"),
        Operator::AtLeast { least } => format!("atleast/{least}"),
        Operator::Date => text.clone(),
        Operator::Concept => {
            format!("concept {text} · {}", counted(part.forms.len() as u64, "label", "labels"))
        }
    }
}

/// The forms of a word with the numbers of their articles, the first of them.
fn forms(part: &PlanPart) -> String {
    let one = |form: &Form| match form.language {
        Some(language) => format!("{}:{} {}", language.code(), form.text, count(form.articles)),
        // A path is one article.
        None if part.field == Some(Field::Path) => form.text.clone(),
        None => format!("{} {}", form.text, count(form.articles)),
    };
    let mut shown: Vec<String> = part.forms.iter().take(FORMS).map(one).collect();
    if part.forms.len() > FORMS {
        shown.push(format!("… {} more", count((part.forms.len() - FORMS) as u64)));
    }
    shown.join(", ")
}

/// The numbers behind what a part adds to a score.
fn reasons(part: &ScorePart) -> String {
    let mut places = Vec::new();
    if part.in_title > 0 {
        places.push(format!("{} in the title", count(part.in_title.into())));
    }
    if part.in_headings > 0 {
        places.push(format!("{} in headings", count(part.in_headings.into())));
    }
    if part.in_compounds > 0 {
        places.push(format!("{} in compounds", count(part.in_compounds.into())));
    }
    if part.inflected > 0 {
        places.push(format!("{} inflected", count(part.inflected.into())));
    }
    let places =
        if places.is_empty() { String::new() } else { format!(" ({})", places.join(", ")) };
    let mut text = format!(
        "{}: {}{places}, frequency {}, length norm {:.3}, weight {:.4}",
        part.text,
        counted(part.occurrences.into(), "occurrence", "occurrences"),
        part.frequency,
        part.norm,
        part.weight,
    );
    for word in &part.words {
        text.push_str(&format!("; {} in {}", word.text, count(word.documents)));
        if word.boost != 1.0 {
            text.push_str(&format!(", boost {}", word.boost));
        }
        if word.function_word {
            text.push_str(", function word");
        }
    }
    text
}
