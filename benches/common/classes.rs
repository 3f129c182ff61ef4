//! The classes of queries that latencies are told by, made of the words of a file of queries: the
//! same for every index and every engine.
#![allow(dead_code)]

use std::collections::BTreeSet;

/// How the words of a query belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Term,
    And,
    Or,
    Phrase,
    Near,
    SameSentence,
    Prefix,
    Fuzzy,
    /// In English, and published since 2000.
    Filter,
    /// A query as polidex reads it.
    Written,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::And => "and",
            Self::Or => "or",
            Self::Phrase => "phrase",
            Self::Near => "near",
            Self::SameSentence => "same_sentence",
            Self::Prefix => "prefix",
            Self::Fuzzy => "fuzzy",
            Self::Filter => "filter",
            Self::Written => "written",
        }
    }

    /// The query in the language of polidex.
    pub(crate) fn query(self, words: &[String]) -> String {
        match self {
            Self::Term | Self::Written => words.join(" "),
            Self::And => words.join(" AND "),
            Self::Or => words.join(" OR "),
            Self::Phrase => format!("\"{}\"", words.join(" ")),
            Self::Near => words.join(" NEAR/5 "),
            Self::SameSentence => words.join(" SAME/s "),
            Self::Prefix => format!("{}*", words.join(" ")),
            Self::Fuzzy => format!("{}~", words.join(" ")),
            Self::Filter => format!("{} lang:en since:2000", words.join(" ")),
        }
    }
}

/// Queries of one shape.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Each query as its words.
    pub(crate) queries: Vec<Vec<String>>,
}

/// The classes made of the words in `queries`, JSON Lines whose `query` is one to several words
/// (`+a +b` and quotation marks are taken off). The words of longer ANDs come from `documents`, so
/// that there is something that has them all.
pub(crate) fn classes(queries: &str, documents: &[String]) -> Vec<Class> {
    let texts = texts(queries);
    let words: BTreeSet<&str> = texts.iter().flatten().map(String::as_str).collect();
    let words: Vec<&str> = words.into_iter().collect();
    // Neighbours in the alphabet are no company; a stride brings words of all kinds together.
    let mixed: Vec<&str> = (0..words.len()).map(|n| words[n * 37 % words.len()]).collect();
    let groups =
        |size: usize| -> Vec<Vec<String>> { mixed.chunks_exact(size).map(owned).collect() };
    let several = || texts.iter().filter(|words| words.len() > 1);
    let pairs = || several().map(|words| words[..2].to_vec()).collect::<Vec<_>>();
    let single = |list: &[&str]| -> Vec<Vec<String>> {
        list.iter().map(|&word| vec![word.to_owned()]).collect()
    };
    let long: Vec<&str> = words.iter().copied().filter(|word| word.len() > 4).collect();
    let stems: Vec<&str> =
        words.iter().filter(|w| w.is_ascii() && w.len() > 5).map(|word| &word[..5]).collect();
    let frequent = ["\"of the\"", "the AND of", "the OR of OR and", "the NEAR/5 of", "\"in the\""];
    let class = |name, shape, queries| Class { name, shape, queries };
    vec![
        class("term", Shape::Term, single(&words)),
        class("AND of 2", Shape::And, pairs()),
        class(
            "AND of 3 or more",
            Shape::And,
            several().filter(|words| words.len() > 2).cloned().collect(),
        ),
        class("AND of 4", Shape::And, together(documents, 4)),
        class("AND of 8", Shape::And, together(documents, 8)),
        class("OR of 2", Shape::Or, pairs()),
        class("OR of 4", Shape::Or, groups(4)),
        class("OR of 8", Shape::Or, groups(8)),
        class("phrase", Shape::Phrase, several().cloned().collect()),
        class("NEAR/5", Shape::Near, pairs()),
        class("SAME/s", Shape::SameSentence, pairs()),
        class("prefix", Shape::Prefix, single(&stems)),
        class("fuzzy", Shape::Fuzzy, single(&long)),
        class("date and language", Shape::Filter, single(&words)),
        class("of frequent words", Shape::Written, single(&frequent)),
    ]
}

/// So many different words of each document, taken at even distances.
fn together(documents: &[String], size: usize) -> Vec<Vec<String>> {
    let of_one = |text: &String| {
        let words: BTreeSet<String> = text
            .split_whitespace()
            .filter(|word| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .map(str::to_lowercase)
            .collect();
        let words: Vec<String> = words.into_iter().collect();
        (words.len() >= size)
            .then(|| (0..size).map(|n| words[n * words.len() / size].clone()).collect())
    };
    documents.iter().filter_map(of_one).collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn texts(queries: &str) -> Vec<Vec<String>> {
    let mut seen = BTreeSet::new();
    queries
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| {
            let text = record["query"].as_str()?.replace(['+', '"', '-', '(', ')'], " ");
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            (!words.is_empty() && seen.insert(words.clone())).then_some(words)
        })
        .collect()
}
