//! Concepts in the terms of one index: each label as a row of words, in its own language by their
//! stems, in others by their exact forms.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Bond, Part, Planner, Scope, row};
use crate::Result;
use crate::analysis::{for_each_token, stream};
use crate::index::snapshot::Snapshot;
use crate::query::Node;
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

/// Every article.
pub(crate) fn every_article(
    snapshot: &Snapshot,
    options: &SearchOptions,
    root: &Node,
) -> Result<Part> {
    Planner::new(snapshot, options, options.matching, root).articles()
}

/// Plans each of these nodes, which are concepts.
pub(crate) fn concepts(
    snapshot: &Snapshot,
    options: &SearchOptions,
    nodes: &[Node],
) -> Result<Vec<Part>> {
    let none = Node::Words(Vec::new());
    let mut planner = Planner::new(snapshot, options, options.matching, &none);
    nodes.iter().map(|node| planner.plan(node)).collect()
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

    /// One label, in the ways in which it can stand in this index.
    fn label(&mut self, label: &Label, scope: Scope) -> Result<Part> {
        let mut words: Vec<(String, String)> = Vec::new();
        for_each_token(&label.text, |token| {
            words.push((token.text.to_owned(), token.exact.to_owned()));
        });
        let mut of = Vec::new();
        if label.form != LabelForm::Local {
            let mut parts = Vec::new();
            for (_, exact) in &words {
                let terms = BTreeSet::from([exact.clone()]);
                parts.push(self.term(exact, scope.field, terms, false, scope.boost)?);
            }
            of.extend(whole(parts));
        }
        if scope.text && label.form != LabelForm::Exact && self.languages.contains(&label.language)
        {
            // A label of one word is found in compounds, as a word without quotes is.
            let compounds = words.len() == 1;
            let field = self.snapshot.fields.stem;
            let mut parts = Vec::new();
            for (text, exact) in &words {
                let mut term = String::new();
                let (stem, _) = self.stems.stem(label.language, text, exact);
                stream::stem_term(label.language, stem, &mut term);
                let terms = BTreeSet::from([term]);
                parts.push(self.term(text, field, terms, compounds, scope.boost)?);
            }
            of.extend(whole(parts));
        }
        Ok(match of.len() {
            0 => Part::Nothing,
            1 => of.pop().unwrap_or(Part::Nothing),
            _ => Part::Some { least: 1, of, close: false },
        })
    }
}

/// The words in a row, if the index has all of them.
fn whole(mut words: Vec<Part>) -> Option<Part> {
    for word in &mut words {
        let Part::Term(word) = word else { return None };
        if word.documents == 0 {
            return None;
        }
        // Titles and headings are counted by the spans of the concept.
        word.stems = false;
    }
    Some(row(words, None, 0))
}
