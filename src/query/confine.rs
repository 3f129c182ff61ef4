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
        if !parts.is_empty() {
            parts.insert(0, self.root);
            self.root = Node::And(parts);
        }
        self
    }
}
