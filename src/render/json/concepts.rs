//! Concepts as JSON: what they are, and how many articles speak of them.

use serde::Serialize;

use super::{FORMAT_VERSION, JsonLine, NoteObject, milliseconds, note};
use crate::search::{ConceptCount, ConceptCounts};
use crate::vocabulary::{Concept, Label};
use crate::{Query, Vocabulary};

/// A concept: [`Concept`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Concept`
pub struct ConceptObject<'a> {
    pub format_version: u32,
    pub id: &'a str,
    pub kind: &'static str,
    pub definition: &'a str,
    pub eurovoc: Option<&'a str>,
    pub celex: Option<&'a str>,
    pub official: Option<&'a str>,
    pub labels: Vec<LabelObject<'a>>,
    /// How many articles speak of it; null where none were counted.
    pub articles: Option<u64>,
    /// How often its labels stand in them; null where none were counted.
    pub matches: Option<u64>,
}

/// A label of a concept: [`Label`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Label`
pub struct LabelObject<'a> {
    pub text: &'a str,
    pub language: &'a str,
    pub form: &'static str,
}

/// The end of a list of concepts: [`ConceptCounts`] without its concepts.
#[derive(Debug, Serialize)]
pub struct ConceptsObject<'a> {
    /// The version of this output.
    pub format_version: u32,
    /// What tells the vocabulary from others.
    pub vocabulary: String,
    /// How many concepts it has.
    pub concepts: usize,
    /// The query as it was read; null where there is none.
    pub query: Option<String>,
    /// How it was read.
    pub notes: Vec<NoteObject<'a>>,
    /// How many articles were looked at; null where none were counted.
    pub articles: Option<u64>,
    /// The generation of the index; null where none was asked.
    pub generation: Option<u64>,
    /// How long the counting took; null where nothing was counted.
    pub elapsed_ms: Option<f64>,
}

impl<'a> JsonLine<'a> {
    /// A concept.
    pub fn concept(concept: &'a Concept) -> JsonLine<'a> {
        JsonLine::Concept(object(concept, None))
    }

    /// A concept with how many articles speak of it.
    pub fn concept_count(count: &'a ConceptCount) -> JsonLine<'a> {
        JsonLine::Concept(object(&count.concept, Some((count.articles, count.matches))))
    }

    /// The end of a list of concepts; `counted` has what was counted, and for which query.
    pub fn concepts(
        vocabulary: &Vocabulary,
        counted: Option<(&ConceptCounts, Option<&'a Query>)>,
    ) -> JsonLine<'a> {
        let (counts, query) = counted.unzip();
        let query = query.flatten();
        JsonLine::Concepts(ConceptsObject {
            format_version: FORMAT_VERSION,
            vocabulary: vocabulary.fingerprint(),
            concepts: vocabulary.concepts().len(),
            query: query.map(Query::to_string),
            notes: query.map_or_else(Vec::new, |query| query.notes.iter().map(note).collect()),
            articles: counts.map(|counts| counts.articles),
            generation: counts.map(|counts| counts.generation),
            elapsed_ms: counts.map(|counts| milliseconds(counts.elapsed)),
        })
    }
}

fn object(concept: &Concept, counted: Option<(u64, u64)>) -> ConceptObject<'_> {
    let (articles, matches) = counted.unzip();
    ConceptObject {
        format_version: FORMAT_VERSION,
        id: &concept.id,
        kind: concept.kind.name(),
        definition: &concept.definition,
        eurovoc: concept.eurovoc.as_deref(),
        celex: concept.celex.as_deref(),
        official: concept.official.as_deref(),
        labels: concept.labels.iter().map(label).collect(),
        articles,
        matches,
    }
}

fn label(label: &Label) -> LabelObject<'_> {
    LabelObject { text: &label.text, language: label.language.code(), form: label.form.name() }
}
