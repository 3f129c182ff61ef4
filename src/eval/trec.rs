//! The files of TREC: judgements (qrels) and runs.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use crate::Result;
use crate::safe::{TermSafe, is_unsafe};
use crate::search::Hit;

/// A line of a file that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct InvalidLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Judgements: which document is how relevant to which query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Qrels {
    /// For each query, the documents judged with their relevance: 1 or more is relevant. Names are
    /// as [`trec_word`] writes them.
    pub queries: BTreeMap<String, BTreeMap<String, i32>>,
}

/// What a system answers: a ranking for each query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// For each query, the documents found, best first. Names are as [`trec_word`] writes them.
    pub queries: BTreeMap<String, Vec<Scored>>,
}

/// A document of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its name.
    pub id: String,
    /// Its score.
    pub score: f32,
}

impl Qrels {
    /// Reads judgements, one a line: query, a column that means nothing, document, relevance; with
    /// tabs between them, or white space.
    ///
    /// Errors: a line of another form, and a second judgement of a document that differs.
    pub fn parse(text: &str) -> Result<Qrels, InvalidLine> {
        let mut qrels = Qrels::default();
        for (line, columns) in rows(text) {
            let invalid = |reason: String| InvalidLine { line, reason };
            let [query, _, document, relevance] = &*columns else {
                let reason = "not four columns: query, 0, document, relevance".to_owned();
                return Err(invalid(reason));
            };
            let Ok(relevance) = relevance.parse::<i32>() else {
                return Err(invalid(format!("the relevance {relevance} is no whole number")));
            };
            let judged = qrels.queries.entry(trec_word(query).into_owned()).or_default();
            let before = judged.insert(trec_word(document).into_owned(), relevance);
            if before.is_some_and(|before| before != relevance) {
                return Err(invalid(format!("{document} was judged otherwise before")));
            }
        }
        Ok(qrels)
    }
}

impl Run {
    /// Reads a run, one document a line: query, a column that means nothing, document, rank, score,
    /// name of the run; with tabs between them, or white space. As in trec_eval the score decides
    /// the order, not the rank; documents of one score stand in the descending order of their
    /// names.
    ///
    /// Errors: a line of another form, and a document that is ranked twice.
    pub fn parse(text: &str) -> Result<Run, InvalidLine> {
        let mut run = Run::default();
        let mut seen = HashSet::new();
        for (line, columns) in rows(text) {
            let invalid = |reason: String| InvalidLine { line, reason };
            let [query, _, document, _, score, _] = &*columns else {
                let reason = "not six columns: query, Q0, document, rank, score, run".to_owned();
                return Err(invalid(reason));
            };
            let score = score.parse::<f32>().ok().filter(|score| !score.is_nan());
            let Some(score) = score else {
                return Err(invalid("the score is no number".to_owned()));
            };
            if !seen.insert((*query, *document)) {
                return Err(invalid(format!("{document} was ranked before")));
            }
            let ranking = run.queries.entry(trec_word(query).into_owned()).or_default();
            ranking.push(Scored { id: trec_word(document).into_owned(), score });
        }
        for ranking in run.queries.values_mut() {
            ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.id.cmp(&a.id)));
        }
        Ok(run)
    }

    /// Writes the run as [`Run::parse`] reads it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.queries.iter().try_for_each(|(query, ranking)| write_ranking(out, query, ranking, 1))
    }
}

/// The lines that are not empty, with their numbers, in columns.
fn rows(text: &str) -> impl Iterator<Item = (u64, Vec<&str>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| {
        let tabs = line.contains('\t');
        let columns = if tabs {
            line.split('\t').map(str::trim).collect()
        } else {
            line.split_whitespace().collect()
        };
        (number, columns)
    })
}

/// The hits of an answer as a ranking. Programs order a run by its scores: a score that is not
/// below the one before it becomes the next number below that, so that they keep the order of the
/// answer.
pub fn ranking(hits: &[Hit]) -> Vec<Scored> {
    let mut above = f32::INFINITY;
    let scored = hits.iter().map(|hit| {
        above = if hit.score < above { hit.score } else { above.next_down() };
        Scored { id: trec_word(&hit.path).into_owned(), score: above }
    });
    scored.collect()
}

/// Writes a ranking of which the first document has the rank `first`, a line each: query, `Q0`,
/// document, rank, score, `polidex`.
pub fn write_ranking(
    out: &mut impl Write,
    query: &str,
    ranking: &[Scored],
    first: u64,
) -> io::Result<()> {
    (first..).zip(ranking).try_for_each(|(rank, Scored { id, score })| {
        writeln!(out, "{} Q0 {} {rank} {score} polidex", trec_word(query), trec_word(id))
    })
}

/// `text` as one column of a file of TREC: each character of white space, each control character, and
/// the byte order mark, which is none of the text at its beginning, is written `%20`; whatever else
/// no terminal may have as it is, as [`TermSafe`] writes it.
///
/// ```
/// assert_eq!(polidex::trec_word("eu/AI Act.md"), "eu/AI%20Act.md");
/// assert_eq!(polidex::trec_word("fdp\u{202e}.md"), r"fdp\u{202e}.md");
/// ```
pub fn trec_word(text: &str) -> Cow<'_, str> {
    let is_gap = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    if text.contains(|c: char| is_gap(c) || is_unsafe(c)) {
        let parts: Vec<String> =
            text.split(is_gap).map(|part| TermSafe(part).to_string()).collect();
        Cow::Owned(parts.join("%20"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that begins with spaces may have a byte order mark for a name.
    #[test]
    fn a_run_is_written_so_that_it_is_read_again() {
        let run = Run::parse(" \u{feff} Q0 d 1 2.5 r\nq\u{b}1\tQ0\te f\t1\t0.5\tr").unwrap();
        let mut written = Vec::new();
        run.write(&mut written).unwrap();
        let again = Run::parse(std::str::from_utf8(&written).unwrap()).unwrap();
        assert_eq!(ids(&again, "%20"), ["d"]);
        assert_eq!(ids(&again, "q%201"), ["e%20f"]);
    }

    /// Two names that a terminal would show alike stay two, and are read as they were written.
    #[test]
    fn names_that_steer_a_terminal_are_written_so_that_they_cannot() {
        let (hidden, written) = ("e\u{202e}f\u{200b}", r"e\u{202e}f\u{200b}");
        assert_eq!(trec_word(hidden), written);
        assert_eq!(trec_word(written), written);
        assert_eq!(trec_word("می\u{200c}خواهم"), "می\u{200c}خواهم");
        let run = Run::parse(&format!("1 Q0 {hidden} 1 2.5 r\n1 Q0 ef 2 1 r\n")).unwrap();
        assert_eq!(ids(&run, "1"), [written, "ef"]);
    }

    fn ids(run: &Run, query: &str) -> Vec<String> {
        run.queries[query].iter().map(|it| it.id.clone()).collect()
    }

    #[test]
    fn a_run_is_ordered_by_score_then_by_name_backwards() {
        let run =
            Run::parse("1 Q0 a 1 2.5 x\n1 Q0 c 2 3e0 x\n\n1 Q0 b 3 2.5 x\n2 0 a 1 -1 x").unwrap();
        assert_eq!(ids(&run, "1"), ["c", "b", "a"]);
        let mut out = Vec::new();
        run.write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("1 Q0 c 1 3 polidex\n1 Q0 b 2 2.5 polidex\n"), "{text}");
        assert_eq!(Run::parse(&text).unwrap(), run);
    }

    #[test]
    fn lines_of_another_form_are_named() {
        for (text, line) in
            [("1 0 a 1\n1 0 a", 2), ("1 0 a x", 1), ("1 0 a 1\n\n1 0 a 0", 3), ("a b c d e", 1)]
        {
            assert_eq!(Qrels::parse(text).unwrap_err().line, line, "{text}");
        }
        for text in ["1 Q0 a 1 x t", "1 Q0 a 1 2", "1 Q0 a 1 nan t", "1 Q0 a 1 2 t\n1 Q0 a 2 1 t"] {
            assert!(Run::parse(text).is_err(), "{text}");
        }
        // With tabs, names may hold spaces; the same judgement twice is harmless.
        let qrels = Qrels::parse("q 1\t0\tAI Act.md\t2\r\nq 1\t0\tAI Act.md\t2\n").unwrap();
        assert_eq!(qrels.queries["q%201"]["AI%20Act.md"], 2);
    }
}
