//! Expansion: words of a query that are the label of a concept, looked for as the concept, too.

use std::sync::Arc;

use super::concept::note;
use super::{Field, Node, Note, Query, limits};
use crate::vocabulary::{self, Concept, MAX_LABEL_WORDS, Vocabulary};

impl Query {
    /// This query with each stretch of words side by side that is a label of a concept widened to
    /// that concept: `digital sovereignty` is read as
    /// `digital sovereignty OR #digital-sovereignty`. The longest stretch counts. What stands in
    /// quotation marks, behind `=` or `NOT`, or in fields other than titles and headings stays as it
    /// is. [`Query::notes`] tells of each concept and what it stands for.
    ///
    /// ```
    /// use polidex::{Query, Vocabulary};
    ///
    /// let expand = |text: &str| -> polidex::Result<String> {
    ///     Ok(Query::parse(text)?.expand(Vocabulary::shipped()).to_string())
    /// };
    /// assert_eq!(
    ///     expand("digital sovereignty cloud*")?,
    ///     "(digital sovereignty OR #digital-sovereignty) cloud*"
    /// );
    /// assert_eq!(expand("\"digital sovereignty\"")?, "\"digital sovereignty\"");
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn expand(self, vocabulary: &Vocabulary) -> Query {
        let mut expansion = Expansion { vocabulary, found: Vec::new(), number: 0 };
        expansion.count(&self.root);
        let root = expansion.node(self.root);
        let mut notes = self.notes;
        for (words, concept) in expansion.found {
            let message = format!("“{words}” is looked for as #{}, too", concept.id);
            for (code, message) in [("expanded", message), ("concept", note(&concept, &[]))] {
                if !notes.iter().any(|note| note.message == message) {
                    notes.push(Note { code, message, span: None });
                }
            }
        }
        Query { root, notes }
    }
}

struct Expansion<'v> {
    vocabulary: &'v Vocabulary,
    /// The words that were widened, each with the concept.
    found: Vec<(String, Arc<Concept>)>,
    /// How many concepts there are, those of the query included.
    number: usize,
}

impl Expansion<'_> {
    fn count(&mut self, node: &Node) {
        match node {
            Node::Concept { .. } => self.number += 1,
            Node::Words(nodes) | Node::And(nodes) | Node::Or(nodes) | Node::Of { nodes, .. } => {
                nodes.iter().for_each(|node| self.count(node));
            }
            Node::Near { operands, .. } | Node::Same { operands, .. } => {
                operands.iter().for_each(|node| self.count(node));
            }
            Node::Not(node)
            | Node::Boost { node, .. }
            | Node::AtLeast { node, .. }
            | Node::Field { node, .. } => self.count(node),
            _ => {}
        }
    }

    fn node(&mut self, node: Node) -> Node {
        let boxed = |it: &mut Self, node: Box<Node>| Box::new(it.node(*node));
        match node {
            Node::Word(_) => {
                let same = node.clone();
                self.words(vec![node]).pop().unwrap_or(same)
            }
            Node::Words(nodes) => {
                let mut widened = self.words(nodes);
                match widened.pop() {
                    Some(only) if widened.is_empty() => only,
                    last => Node::Words(widened.into_iter().chain(last).collect()),
                }
            }
            Node::And(nodes) => Node::And(self.each(nodes)),
            Node::Or(nodes) => Node::Or(self.each(nodes)),
            Node::Of { count, nodes } => Node::Of { count, nodes: self.each(nodes) },
            Node::Near { distance, ordered, operands } => {
                Node::Near { distance, ordered, operands: self.each(operands) }
            }
            Node::Same { unit, operands } => Node::Same { unit, operands: self.each(operands) },
            Node::AtLeast { count, node } => Node::AtLeast { count, node: boxed(self, node) },
            Node::Boost { node, factor } => Node::Boost { node: boxed(self, node), factor },
            Node::Field { field: field @ (Field::Title | Field::Heading), node } => {
                Node::Field { field, node: boxed(self, node) }
            }
            other => other,
        }
    }

    fn each(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        nodes.into_iter().map(|node| self.node(node)).collect()
    }

    /// Words side by side, with the stretches that are labels widened.
    fn words(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let mut widened = Vec::with_capacity(nodes.len());
        let mut rest: &[Node] = &nodes;
        while let Some(first) = rest.first() {
            if !matches!(first, Node::Word(_)) {
                widened.push(self.node(first.clone()));
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let Some((length, words, concept)) = self.longest(rest) else {
                widened.push(first.clone());
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let (stretch, behind) = rest.split_at(length);
            rest = behind;
            self.number += 1;
            self.found.push((words, concept.clone()));
            let written = match stretch {
                [one] => one.clone(),
                several => Node::Words(several.to_vec()),
            };
            widened.push(Node::Or(vec![written, Node::Concept { concept, without: Vec::new() }]));
        }
        widened
    }

    /// The longest stretch at the start of these nodes that is a label: its length, its words and
    /// the concept.
    fn longest(&self, nodes: &[Node]) -> Option<(usize, String, Arc<Concept>)> {
        if self.number >= limits::MAX_CONCEPTS {
            return None;
        }
        let words = nodes.iter().map_while(|node| match node {
            Node::Word(word) => Some(word.as_str()),
            _ => None,
        });
        let words: Vec<&str> = words.take(MAX_LABEL_WORDS).collect();
        (1..=words.len()).rev().find_map(|length| {
            let written = words.get(..length)?.join(" ");
            let concept = self.vocabulary.labelled(&vocabulary::key(&written))?;
            Some((length, written, concept.clone()))
        })
    }
}
