//! Confining a query to languages and dates, as its own language would.

use super::{Field, Node, Query};
use crate::{DateRange, Language};

impl Query {
    /// The query, confined to articles in one of these languages, if any is given, and of all these
    /// dates of publication.
    ///
    /// ```
    /// use polidex::Query;
    ///
    /// let query = Query::parse("cloud")?.confined(&["fr".parse().unwrap()], &[]);
    /// assert_eq!(query.root, Query::parse("cloud AND lang:fr")?.root);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    #[must_use]
    pub fn confined(mut self, languages: &[Language], published: &[DateRange]) -> Query {
        if let Some(condition) = Query::condition(languages, published) {
            self.root = match condition {
                Node::And(parts) => Node::And([vec![self.root], parts].concat()),
                condition => Node::And(vec![self.root, condition]),
            };
        }
        self
    }

    /// The condition that an article is in one of these languages and published in all of these
    /// ranges; none where there are neither.
    pub fn condition(languages: &[Language], published: &[DateRange]) -> Option<Node> {
        let language = |code: &Language| Node::Field {
            field: Field::Language,
            node: Box::new(Node::Word(code.code().to_owned())),
        };
        let mut parts: Vec<Node> = Vec::new();
        match languages {
            [] => {}
            [one] => parts.push(language(one)),
            several => parts.push(Node::Or(several.iter().map(language).collect())),
        }
        parts.extend(published.iter().copied().map(Node::Date));
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Node::And(parts)),
        }
    }
}
