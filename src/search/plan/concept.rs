//! Concepts in the terms of one index: each label as a row of words, which articles in its own
//! language may inflect.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Bond, Part, Planner, Scope, row};
use crate::Result;
use crate::analysis::{for_each_token, stream};
use crate::index::snapshot::Snapshot;
use crate::index::terms::Lists;
use crate::query::Node;
use crate::search::deadline::Deadline;
use crate::search::options::SearchOptions;
use crate::vocabulary::{Concept, Label, LabelForm};

/// A concept with what its labels stand for in this index.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) concept: Arc<Concept>,
    pub(crate) without: Vec<String>,
    pub(crate) boost: f32,
    /// Each label with what finds it.
    pub(crate) labels: Vec<(Label, Part)>,
    /// The matches of all labels as one: where several match, the shortest stretch counts, once.
    pub(crate) part: Part,
}

impl Named {
    /// The concept in the language of queries.
    pub(crate) fn node(&self) -> Node {
        Node::Concept { concept: self.concept.clone(), without: self.without.clone() }
    }
}

/// Plans each of these nodes, which are concepts.
pub(crate) fn concepts(
    snapshot: &Snapshot,
    options: &SearchOptions,
    nodes: &[Node],
    deadline: &Deadline,
) -> Result<Vec<Part>> {
    let none = Node::Words(Vec::new());
    let mut planner = Planner::new(snapshot, options, &none, deadline);
    nodes.iter().map(|node| planner.plan(options.matching, node)).collect()
}

impl Planner<'_> {
    /// Any label of a concept.
    pub(super) fn concept(
        &mut self,
        concept: &Arc<Concept>,
        without: &[String],
        scope: Scope,
    ) -> Result<Part> {
        let mut labels = Vec::new();
        for label in concept.labels_without(without) {
            labels.push((label.clone(), self.label(label, scope)?));
        }
        let of: Vec<Part> = labels
            .iter()
            .map(|(_, part)| part.clone())
            .filter(|part| !matches!(part, Part::Nothing))
            .collect();
        let any = Part::Some { least: 1, of, close: false };
        let part = Part::Interval {
            bond: Bond::Ordered { gaps: 0 },
            unit: None,
            weight: any.weight(),
            operands: vec![any],
            offsets: None,
            number: 0,
        };
        let (concept, without) = (concept.clone(), without.to_vec());
        Ok(Part::Concept(Box::new(Named { concept, without, boost: scope.boost, labels, part })))
    }

    /// One label; nothing if a word of it is not in the index.
    fn label(&mut self, label: &Label, scope: Scope) -> Result<Part> {
        let mut words: Vec<(String, String)> = Vec::new();
        for_each_token(&label.text, |token| {
            words.push((token.text.to_owned(), token.exact.to_owned()));
        });
        let language = label.language;
        let inflects =
            scope.text && label.form != LabelForm::Exact && self.languages.contains(&language);
        // A label of one word is found in compounds, as a word without quotes is.
        let compounds = inflects && words.len() == 1;
        let mut parts = Vec::new();
        for (text, exact) in words {
            let mut terms = BTreeSet::new();
            let mut stem_term = String::new();
            if label.form != LabelForm::Local {
                let form = self.snapshot.form(scope.field, &exact)?;
                terms.extend(form.names().iter().cloned());
            }
            if inflects {
                let stem = self.stems.word(language, &text).stem.clone();
                terms.extend(self.snapshot.inflections(language, &stem)?.0.names().iter().cloned());
                stream::stem_term(language, &stem, &mut stem_term);
            }
            let whole = self.snapshot.terms(scope.field, terms)?.known();
            let stems = compounds.then_some(stem_term);
            let within = self.snapshot.terms(self.snapshot.fields.compound, stems)?.known();
            let documents = whole.documents() + within.documents();
            if documents == 0 {
                return Ok(Part::Nothing);
            }
            let lists = Lists { whole, parts: within };
            parts.push(Part::Term(self.words_of(&text, lists, documents, scope.boost)));
        }
        Ok(row(parts, None, 0))
    }
}
