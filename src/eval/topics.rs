//! Topics: the queries of a test collection or of any list, with their names.

use std::ops::Range;

use super::trec::InvalidLine;
use crate::error::QueryError;
use crate::query::{Node, Query, limits};
use crate::{Language, Result, tokens};

/// A query of a list, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name; its number in the list, from 1, where it has none.
    pub id: String,
    /// What is asked; it may be empty.
    pub text: String,
}

impl Topic {
    /// Reads a list of queries: one a line, as `id<TAB>query` or the query alone, empty lines and
    /// lines starting with `#` left out; or topics as TREC has them, `<top>` each with its `<num>`
    /// and its `<title>`, which is the query.
    ///
    /// Errors: a topic without a number, or a name that was there before.
    ///
    /// ```
    /// use polidex::Topic;
    ///
    /// let topics = Topic::list("# two of them\nq7\tsovereign cloud\n\nAI Act\n")?;
    /// let ids: Vec<&str> = topics.iter().map(|topic| &*topic.id).collect();
    /// assert_eq!(ids, ["q7", "2"]);
    /// let topics = Topic::list("<top>\n<num> Number: 301\n<title> Organized Crime\n</top>\n")?;
    /// assert_eq!((&*topics[0].id, &*topics[0].text), ("301", "Organized Crime"));
    /// # Ok::<(), polidex::InvalidLine>(())
    /// ```
    pub fn list(text: &str) -> Result<Vec<Topic>, InvalidLine> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_trec = text.trim_start().starts_with('<') && find(text, "<top>").is_some();
        let topics = if is_trec { trec(text)? } else { lines(text) };
        let mut seen = std::collections::HashSet::new();
        for (line, topic) in &topics {
            if !seen.insert(&topic.id) {
                let reason = format!("there was a query with the name {} before", topic.id);
                return Err(InvalidLine { line: *line, reason });
            }
        }
        Ok(topics.into_iter().map(|(_, topic)| topic).collect())
    }
}

/// One query a line, each with the number of its line.
fn lines(text: &str) -> Vec<(u64, Topic)> {
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let topic = |(number, line): (u64, &str)| match line.split_once('\t') {
        Some((id, text)) if !id.trim().is_empty() => {
            Topic { id: id.trim().to_owned(), text: text.trim().to_owned() }
        }
        _ => Topic { id: number.to_string(), text: line.trim().to_owned() },
    };
    (1..).zip(lines).map(|(number, (line, text))| (line, topic((number, text)))).collect()
}

/// Topics as TREC has them: SGML, in which closing tags are mostly missing.
fn trec(text: &str) -> Result<Vec<(u64, Topic)>, InvalidLine> {
    let mut topics = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(start) = find(rest, "<top>") {
        let (before, topic) = rest.split_at(start);
        line += newlines(before);
        let after = topic.get("<top>".len()..).unwrap_or_default();
        let ends = [find(after, "</top>"), find(after, "<top>")];
        let end = ends.into_iter().flatten().min().unwrap_or(after.len());
        let (topic, next) = after.split_at(end);
        let id = element(topic, "<num>", "number:").unwrap_or_default();
        if id.is_empty() {
            return Err(InvalidLine { line, reason: "the topic has no <num>".to_owned() });
        }
        let text = element(topic, "<title>", "topic:").unwrap_or_default();
        topics.push((line, Topic { id, text }));
        line += newlines(topic);
        rest = next;
    }
    Ok(topics)
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

/// Where `tag` (ASCII, in lower case) stands, in any case of letters.
fn find(text: &str, tag: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| {
        let here = text.get(*at..*at + tag.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(tag))
    })
}

/// The text behind `tag` up to the next tag, on one line and without the words that some topics
/// begin it with.
fn element(topic: &str, tag: &str, label: &str) -> Option<String> {
    let inner = topic.get(find(topic, tag)? + tag.len()..)?;
    let is_tag = |at: &usize| {
        inner
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
    };
    let end = inner.match_indices('<').map(|(at, _)| at).find(is_tag).unwrap_or(inner.len());
    let words: Vec<&str> = inner.get(..end)?.split_whitespace().collect();
    let text = words.join(" ");
    let start = text.get(..label.len()).filter(|start| start.eq_ignore_ascii_case(label));
    let text = text.get(start.map_or(0, str::len)..)?.trim();
    let characters =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Some(characters.iter().fold(text.to_owned(), |text, (name, c)| text.replace(name, c)))
}

/// The words of `text` side by side, each in all its forms; nothing in it is syntax. It may have
/// more words than a query that is read, but no more than [`MAX_BYTES`](limits::MAX_BYTES).
///
/// Errors: [`Error::Query`](crate::Error::Query) where it holds no word, or is too long.
///
/// ```
/// let query = polidex::plain_query("high-speed aircraft (NOT drones)?")?;
/// assert_eq!(query.to_string(), "high speed aircraft \\NOT drones");
/// # Ok::<(), polidex::Error>(())
/// ```
pub fn plain_query(text: &str) -> Result<Query> {
    let refused = |code, message: String| {
        QueryError { code, message, span: 0..text.len(), hint: None }.into()
    };
    if text.len() > limits::MAX_BYTES {
        let (length, most) = (text.len(), limits::MAX_BYTES);
        let message =
            format!("the query has {length} bytes, more than the {most} that it may have");
        return Err(refused("too_long", message));
    }
    let words = |clitics: bool| -> Vec<Node> {
        let mut ranges: Vec<(Range<usize>, bool)> = Vec::new();
        for token in tokens(text, Language::UNKNOWN) {
            match ranges.last_mut() {
                // A run without spaces is one word of a query, as where it is read with syntax.
                Some((last, true)) if token.unspaced && last.end == token.start => {
                    last.end = token.end;
                }
                _ if clitics || !token.clitic => {
                    ranges.push((token.start..token.end, token.unspaced));
                }
                _ => {}
            }
        }
        ranges
            .into_iter()
            .filter_map(|(range, _)| Some(Node::Word(text.get(range)?.to_owned())))
            .collect()
    };
    let mut nodes = words(false);
    if nodes.is_empty() {
        nodes = words(true);
    }
    let root = match nodes.len() {
        0 => return Err(refused("empty_query", "the query holds no word".to_owned())),
        1 => nodes.remove(0),
        _ => Node::Words(nodes),
    };
    Ok(Query { root, notes: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<(String, String)> {
        Topic::list(text).unwrap().into_iter().map(|topic| (topic.id, topic.text)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn lists_are_read_line_by_line() {
        assert_eq!(
            list("\u{feff}a\tone\r\n\n  \n# none\nC# is\tx\n#7\ttoo\n"),
            pairs(&[("a", "one"), ("C# is", "x")])
        );
        // A query without a name has its number; an empty one is kept, to be named in an error.
        assert_eq!(list("x\ny <top\n7\t\n"), pairs(&[("1", "x"), ("2", "y <top"), ("7", "")]));
        assert_eq!(Topic::list("a\tx\n\nb\ty\na\tz").unwrap_err().line, 4);
    }

    #[test]
    fn topics_of_trec_are_read_with_and_without_closing_tags() {
        let old = "<top>\n<num> Number: 301 \n<title> Topic: R&amp;D,\n a < b\n\n<desc> Description:\nNo.\n</top>\n\n<TOP>\n<num>302</num><title>Two</title></TOP>";
        assert_eq!(list(old), pairs(&[("301", "R&D, a < b"), ("302", "Two")]));
        let error =
            Topic::list("\n<top>\n<num> 1\n<title> x\n</top>\n<top>\n<title> y\n").unwrap_err();
        assert_eq!(error.line, 6);
    }

    #[test]
    fn in_a_plain_query_nothing_is_syntax() {
        let words = |text: &str| match plain_query(text).unwrap().root {
            Node::Words(nodes) => nodes.iter().map(Node::to_string).collect::<Vec<_>>().join(" "),
            node => node.to_string(),
        };
        assert_eq!(words("\"open source -tittle:x* l'IA"), "open source tittle x IA");
        assert_eq!(words("C++?"), "C++");
        assert!(plain_query(" ?! ").is_err());
        // Longer than a query that is read may be: its words are no clauses that somebody typed.
        assert!(plain_query(&"word ".repeat(400)).is_ok());
        assert!(plain_query(&"word ".repeat(2001)).is_err());
    }
}
