//! Explanations as JSON: of a query, and of a hit's score.

use serde::Serialize;

use super::{FORMAT_VERSION, NoteObject, note, rounded};
use crate::search::{Explanation, Form, PlanPart, QueryPlan, ScorePart, ScoreWord};

/// How a query is read by an index: [`QueryPlan`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `QueryPlan`
pub struct ExplanationObject<'a> {
    pub format_version: u32,
    pub query: &'a str,
    pub notes: Vec<NoteObject<'a>>,
    pub languages: Vec<&'a str>,
    pub articles: u64,
    pub root: PlanPartObject<'a>,
    pub generation: u64,
}

/// A part of a query: [`PlanPart`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `PlanPart`
pub struct PlanPartObject<'a> {
    pub operator: &'static str,
    /// The number of the operator, as in `NEAR/5`.
    pub number: Option<u64>,
    pub text: &'a str,
    /// The name of the field that it is confined to.
    pub field: Option<&'static str>,
    pub articles: u64,
    /// Rounded to six decimals.
    pub weight: f64,
    pub forms: Vec<FormObject<'a>>,
    pub parts: Vec<PlanPartObject<'a>>,
}

/// A term of the index that a word stands for: [`Form`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Form`
pub struct FormObject<'a> {
    pub text: &'a str,
    pub language: Option<&'a str>,
    pub articles: u64,
}

/// Why a hit ranks where it does: [`Explanation`]. Numbers are rounded to six decimals.
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Explanation`
pub struct ScoreObject<'a> {
    pub parts: Vec<ScorePartObject<'a>>,
    pub closeness: f64,
    pub total: f64,
}

/// What a part of a query adds to a score: [`ScorePart`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `ScorePart`
pub struct ScorePartObject<'a> {
    pub text: &'a str,
    pub words: Vec<ScoreWordObject<'a>>,
    pub occurrences: u32,
    pub in_title: u32,
    pub in_headings: u32,
    pub in_compounds: u32,
    pub inflected: u32,
    pub frequency: f64,
    pub norm: f64,
    pub weight: f64,
    pub contribution: f64,
}

/// A word and what makes its weight: [`ScoreWord`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `ScoreWord`
pub struct ScoreWordObject<'a> {
    pub text: &'a str,
    pub documents: u64,
    pub boost: f64,
    pub weight: f64,
    pub function_word: bool,
}

pub(super) fn query(plan: &QueryPlan) -> ExplanationObject<'_> {
    ExplanationObject {
        format_version: FORMAT_VERSION,
        query: &plan.query,
        notes: plan.notes.iter().map(note).collect(),
        languages: plan.languages.iter().map(|language| language.code()).collect(),
        articles: plan.articles,
        root: plan_part(&plan.root),
        generation: plan.generation,
    }
}

fn plan_part(part: &PlanPart) -> PlanPartObject<'_> {
    PlanPartObject {
        operator: part.operator.name(),
        number: part.operator.number(),
        text: &part.text,
        field: part.field.map(|field| field.name()),
        articles: part.articles,
        weight: fine(part.weight),
        forms: part.forms.iter().map(form).collect(),
        parts: part.parts.iter().map(plan_part).collect(),
    }
}

fn form(form: &Form) -> FormObject<'_> {
    FormObject {
        text: &form.text,
        language: form.language.as_ref().map(|language| language.code()),
        articles: form.articles,
    }
}

pub(super) fn score(explanation: &Explanation) -> ScoreObject<'_> {
    ScoreObject {
        parts: explanation.parts.iter().map(score_part).collect(),
        closeness: fine(explanation.closeness),
        total: fine(explanation.total),
    }
}

fn score_part(part: &ScorePart) -> ScorePartObject<'_> {
    ScorePartObject {
        text: &part.text,
        words: part.words.iter().map(score_word).collect(),
        occurrences: part.occurrences,
        in_title: part.in_title,
        in_headings: part.in_headings,
        in_compounds: part.in_compounds,
        inflected: part.inflected,
        frequency: fine(part.frequency),
        norm: fine(part.norm),
        weight: fine(part.weight),
        contribution: fine(part.contribution),
    }
}

fn score_word(word: &ScoreWord) -> ScoreWordObject<'_> {
    ScoreWordObject {
        text: &word.text,
        documents: word.documents,
        boost: fine(word.boost),
        weight: fine(word.weight),
        function_word: word.function_word,
    }
}

fn fine(value: f32) -> f64 {
    rounded(f64::from(value), 1e6)
}
