//! Planning: a query in the terms of one index. A plan knows the words that each part stands for
//! and what they are worth, over all segments; [`Part::matcher`] puts it to work in one.

mod concept;
mod pairs;

use std::collections::{BTreeSet, HashMap, HashSet};

use tantivy::schema::{Field as IndexField, IndexRecordOption};
use tantivy::{DocId, TERMINATED};

use super::deadline::Deadline;
use super::expand;
use super::matcher::{Bond, Dated, Interval, Matcher, Term};
use super::options::{MAX_EXPANSIONS, Matching, SearchOptions};
use super::postings::{Counts, Union};
use super::rank::{self, Pass};
use crate::analysis::frequent::is_frequent;
use crate::analysis::{Stems, fold_whole, for_each_token, pattern_tokens, stream};
use crate::error::QueryError;
use crate::index::schema::{FACET_MARK, Fields};
use crate::index::snapshot::{Segment, Snapshot};
use crate::index::terms::{Lists, Terms};
use crate::index::words::Inflected;
use crate::index::{ARTICLE_TERM, facet_term};
use crate::language::function_words;
use crate::query::{Field, Node, PhrasePart, Unit, limits};
use crate::{Language, Result, citation};
pub(crate) use concept::{Named, concepts};
pub(super) use pairs::whole_pair;

/// A part of a planned query.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Nothing,
    Term(Box<Words>),
    Interval {
        bond: Bond,
        unit: Option<Unit>,
        operands: Vec<Part>,
        offsets: Option<Vec<u32>>,
        weight: f32,
        /// Which of the plan's parts it is; see [`Part::number`].
        number: u32,
    },
    Within {
        part: Box<Part>,
        headings: bool,
    },
    All {
        must: Vec<Part>,
        not: Vec<Part>,
        close: bool,
    },
    Some {
        least: usize,
        of: Vec<Part>,
        close: bool,
    },
    Often {
        least: u64,
        part: Box<Part>,
    },
    Dated {
        from: i64,
        to: i64,
    },
    Filter(Box<Part>),
    Concept(Box<Named>),
}

/// The terms that one word stands for.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    /// As it was written; the value of a facet behind the facet's name and mark.
    pub(crate) written: String,
    pub(crate) text: Lists,
    /// Whether the terms are those of all inflections.
    pub(crate) inflected: bool,
    /// Of inflections the stems, in titles and in headings.
    pub(crate) title: Lists,
    pub(crate) heading: Lists,
    /// If it is a compound, the words in it written apart: two of them close to each other.
    pub(crate) apart: Vec<Part>,
    /// The rarity of the word, times the boost.
    pub(crate) weight: f32,
    pub(crate) boost: f32,
    /// Where the terms are of inflections those of the exact form that was written, and the others.
    pub(crate) form: Option<Terms>,
    pub(crate) other_forms: Terms,
    /// Whether it is one of the most frequent words, meant exactly and in any language.
    pub(crate) frequent: bool,
    /// Whether it is a function word of a long question, which lowers its weight.
    pub(crate) is_function_word: bool,
    /// In how many articles of the index one of the terms stands, at most.
    pub(crate) documents: u64,
    /// Which of the plan's parts it is; see [`Part::number`].
    pub(crate) number: u32,
}

impl Words {
    /// Of no worth.
    pub(crate) fn unweighted(written: &str, text: Lists, documents: u64, fields: &Fields) -> Words {
        Words {
            written: written.to_owned(),
            text,
            inflected: false,
            title: Lists::of(Terms::none(fields.title), fields.compound),
            heading: Lists::of(Terms::none(fields.heading), fields.compound),
            apart: Vec::new(),
            weight: 0.0,
            boost: 0.0,
            form: None,
            other_forms: Terms::none(fields.exact),
            frequent: false,
            is_function_word: false,
            documents,
            number: 0,
        }
    }

    /// A condition on a value of metadata.
    pub(crate) fn condition(written: &str, values: Terms, fields: &Fields) -> Box<Words> {
        let documents = values.documents();
        Box::new(Words::unweighted(written, Lists::of(values, fields.compound), documents, fields))
    }

    /// The field that the word is looked for in.
    pub(crate) fn field(&self) -> IndexField {
        self.text.whole.field
    }
}

/// How many further words may stand between the words of a compound that are written apart, as in
/// `Verordnung über den Schutz der Daten`.
const APART: u32 = 4;

/// The longest run of characters of a script without spaces that is read as one word, to be found
/// in a row; a longer one is read as pairs of neighbours that stand anywhere in the article.
const LONGEST_ROW: usize = 4;

/// Plans a query over one snapshot, and those that are made of its words.
pub(crate) struct Planner<'a> {
    snapshot: &'a Snapshot,
    options: &'a SearchOptions,
    matching: Matching,
    languages: Vec<Language>,
    stems: Stems,
    articles: u64,
    /// The function words of the words side by side that are being planned, in exact form.
    function_words: HashSet<String>,
    deadline: &'a Deadline,
}

/// Where and for what a part is put to work.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) segment: &'a Segment,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) deadline: &'a Deadline,
    /// How closely what matches is scored, if it is.
    pub(crate) pass: Option<Pass>,
    /// The first document that is asked for.
    pub(crate) from: DocId,
}

/// Where a word is looked for.
#[derive(Clone, Copy)]
struct Scope {
    /// The field whose exact forms are meant, and whether it is the text.
    field: IndexField,
    text: bool,
    boost: f32,
    /// Whether a part must have spans, being an operand of a closeness.
    operand: bool,
}

/// Plans a query for this index.
pub(crate) fn plan(
    snapshot: &Snapshot,
    options: &SearchOptions,
    matching: Matching,
    root: &Node,
    deadline: &Deadline,
) -> Result<Part> {
    Planner::new(snapshot, options, root, deadline).plan(matching, root)
}

impl Drop for Planner<'_> {
    fn drop(&mut self) {
        self.snapshot.keep_stems(std::mem::take(&mut self.stems));
    }
}

impl<'a> Planner<'a> {
    /// For `root`, for a part of it, and for what asks for other words in the same languages.
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        options: &'a SearchOptions,
        root: &Node,
        deadline: &'a Deadline,
    ) -> Planner<'a> {
        let articles =
            snapshot.segments.iter().map(|segment| u64::from(segment.reader.num_docs())).sum();
        Planner {
            snapshot,
            options,
            matching: options.matching,
            languages: languages(snapshot, root),
            stems: snapshot.take_stems(),
            articles,
            function_words: HashSet::new(),
            deadline,
        }
    }

    /// Plans a whole query.
    pub(crate) fn plan(&mut self, matching: Matching, root: &Node) -> Result<Part> {
        self.matching = matching;
        let scope =
            Scope { field: self.snapshot.fields.exact, text: true, boost: 1.0, operand: false };
        let mut part = self.part(root, scope)?;
        part.number(&mut 0);
        Ok(part)
    }

    fn part(&mut self, node: &Node, scope: Scope) -> Result<Part> {
        Ok(match node {
            Node::Word(word) => self.word(word, scope)?,
            Node::Exact(word) => self.phrase(&[PhrasePart::Word(word.clone())], 0, scope)?,
            Node::Pattern(pattern) => self.pattern(pattern, scope)?,
            Node::Fuzzy { word, distance } => self.fuzzy(word, *distance, scope)?,
            Node::Phrase { parts, slop } => self.phrase(parts, *slop, scope)?,
            Node::Words(nodes) => {
                let outer = std::mem::take(&mut self.function_words);
                self.function_words = self.function_words_of(nodes);
                let words = self.words(nodes, scope);
                self.function_words = outer;
                words?
            }
            Node::And(nodes) => self.all(nodes, scope, false)?,
            Node::Or(nodes) => {
                let of = nodes.iter().map(|node| self.part(node, scope)).collect::<Result<_>>()?;
                Part::Some { least: 1, of, close: false }
            }
            Node::Not(node) => {
                let not = vec![self.part(node, scope)?];
                Part::All { must: vec![articles(self.snapshot)?], not, close: false }
            }
            Node::Near { distance, ordered, operands } => {
                if !ordered && operands.len() > limits::MAX_UNORDERED {
                    return Err(refused(
                        "too_many_operands",
                        format!("NEAR takes at most {} parts in one chain", limits::MAX_UNORDERED),
                        "group some of them in a phrase",
                    ));
                }
                let Some(gaps) = distance.checked_sub(1) else {
                    return Err(refused(
                        "distance_too_small",
                        "no two words are 0 words apart".to_owned(),
                        "NEAR/1 is side by side",
                    ));
                };
                let bond = if *ordered { Bond::Ordered { gaps } } else { Bond::Unordered { gaps } };
                self.interval(bond, None, operands, scope)?
            }
            Node::Same { unit, operands } => {
                self.interval(Bond::SameUnit, Some(*unit), operands, scope)?
            }
            Node::AtLeast { count, node } => {
                Part::Often { least: u64::from(*count), part: Box::new(self.part(node, scope)?) }
            }
            Node::Of { count, nodes } => {
                let of = nodes.iter().map(|node| self.part(node, scope)).collect::<Result<_>>()?;
                Part::Some { least: *count as usize, of, close: false }
            }
            Node::Field { field, node } => self.field(*field, node, scope)?,
            Node::Concept { concept, without } => self.concept(concept, without, scope)?,
            Node::Date(range) => {
                let (from, to) = range.days(self.options.today);
                Part::Filter(Box::new(Part::Dated { from: from.into(), to: to.into() }))
            }
            Node::Boost { node, factor } => {
                self.part(node, Scope { boost: scope.boost * factor, ..scope })?
            }
        })
    }

    /// The function words among words side by side, if these are enough for a question. A word in
    /// capitals beside others that are not (`WHO`, `IT`) is a name.
    fn function_words_of(&self, nodes: &[Node]) -> HashSet<String> {
        let written: Vec<&str> = nodes
            .iter()
            .filter_map(|node| if let Node::Word(word) = node { Some(word.as_str()) } else { None })
            .collect();
        if written.len() < rank::QUESTION {
            return HashSet::new();
        }
        let has_small = |word: &str| word.chars().any(char::is_lowercase);
        let shouted = !written.iter().any(|word| has_small(word));
        let is_name = |word: &str| !has_small(word) && word.chars().nth(1).is_some();
        let folded: Vec<String> = written.iter().map(|word| fold_whole(word)).collect();
        let words: Vec<&str> = folded.iter().map(String::as_str).collect();
        let flags = function_words(&words, &self.languages);
        let lowered =
            written.iter().zip(flags).map(|(word, flag)| flag && (shouted || !is_name(word)));
        folded
            .iter()
            .zip(lowered)
            .filter(|(_, lowered)| *lowered)
            .map(|(word, _)| word.clone())
            .collect()
    }

    /// Parts side by side: all of them, or as many as the search asks for; conditions on metadata
    /// and what is taken away hold however many that is.
    fn words(&mut self, nodes: &[Node], scope: Scope) -> Result<Part> {
        let is_condition = |node: &&Node| {
            matches!(node, Node::Not(_) | Node::Date(_))
                || matches!(node, Node::Field { field, .. } if !matches!(field, Field::Title | Field::Heading))
        };
        let count = nodes.iter().filter(|node| !is_condition(node)).count();
        let least = match self.matching {
            Matching::All => count,
            Matching::Any => 1,
            Matching::Most => most(count),
        };
        if least >= count {
            return self.all(nodes, scope, true);
        }
        let conditions: Vec<Node> = nodes.iter().filter(is_condition).cloned().collect();
        let mut of = Vec::with_capacity(count);
        for node in nodes.iter().filter(|node| !is_condition(node)) {
            match self.part(node, scope)? {
                // The parts of a compound word stand beside the other words.
                Part::Some { least: 1, of: parts, close: true } => of.extend(parts),
                part => of.push(part),
            }
        }
        let some = Part::Some { least, of, close: true };
        if conditions.is_empty() {
            return Ok(some);
        }
        Ok(match self.all(&conditions, scope, false)? {
            Part::All { mut must, not, close } => {
                must.push(some);
                Part::All { must, not, close }
            }
            other => Part::All { must: vec![other, some], not: Vec::new(), close: false },
        })
    }

    fn all(&mut self, nodes: &[Node], scope: Scope, close: bool) -> Result<Part> {
        let (mut must, mut not) = (Vec::new(), Vec::new());
        for node in nodes {
            match node {
                Node::Not(node) => not.push(self.part(node, scope)?),
                node => match self.part(node, scope)? {
                    // The pairs of a run without spaces stand beside the other words.
                    Part::All { must: parts, not, close: true } if close && not.is_empty() => {
                        must.extend(parts);
                    }
                    part => must.push(part),
                },
            }
        }
        if must.is_empty() {
            must.push(articles(self.snapshot)?);
        }
        Ok(Part::All { must, not, close })
    }

    /// A word in all its forms.
    fn word(&mut self, word: &str, scope: Scope) -> Result<Part> {
        if !scope.text {
            return self.phrase(&[PhrasePart::Word(word.to_owned())], 0, scope);
        }
        let mut tokens: Vec<Asked> = Vec::new();
        let mut behind = None;
        for_each_token(word, |token| {
            let joined = token.unspaced && behind == Some(token.start);
            behind = token.unspaced.then_some(token.end);
            let (text, exact) = (token.text.to_owned(), token.exact.to_owned());
            tokens.push(Asked { text, exact, clitic: token.clitic, joined });
        });
        if tokens.iter().any(|token| !token.clitic) {
            tokens.retain(|token| !token.clitic);
        }
        let longest = if self.matching == Matching::All { LONGEST_ROW } else { 2 };
        let runs: Vec<&[Asked]> = tokens.chunk_by(|_, next| next.joined).collect();
        let has_spans = !scope.operand || self.matching == Matching::Any;
        let in_pairs = has_spans && runs.iter().any(|run| run.len() > longest);
        let mut parts = Vec::new();
        for run in runs {
            let words = run.iter().map(|token| self.inflected(token, scope.boost));
            let words = words.collect::<Result<Vec<_>>>()?;
            match words.len() {
                length if in_pairs && length > 1 => {
                    parts.extend(words.windows(2).map(|pair| row(pair.to_vec(), None, 0)));
                }
                _ => parts.extend(words),
            }
        }
        // Where any word is enough, any part of `state-of-the-art` is.
        if self.matching == Matching::Any && parts.len() > 1 {
            return Ok(Part::Some { least: 1, of: parts, close: true });
        }
        Ok(match self.matching {
            _ if !in_pairs => row(parts, None, 0),
            Matching::All => Part::All { must: parts, not: Vec::new(), close: true },
            _ => Part::Some { least: most(parts.len()), of: parts, close: true },
        })
    }

    /// A word in its inflections in the languages of the index.
    fn inflected(&mut self, Asked { text, exact, .. }: &Asked, boost: f32) -> Result<Part> {
        let is_function_word = self.function_words.contains(exact);
        let word = self.snapshot.word(&self.languages, (text, exact), &mut self.stems)?;
        let mut words = self.stemmed(text, &word.inflected, boost);
        words.is_function_word = is_function_word;
        if is_function_word {
            words.weight *= rank::FUNCTION_WORD;
        }
        words.form = Some(word.form.clone());
        words.other_forms = word.other_forms.clone();
        let most = rank::apart(words.weight);
        let seam = |halves: &Vec<(Box<str>, Inflected)>| {
            let of = |(half, found): &(Box<str>, Inflected)| {
                Part::Term(self.stemmed(half, found, boost))
            };
            let operands: Vec<Part> = halves.iter().map(of).collect();
            Part::Interval {
                bond: Bond::Unordered { gaps: APART },
                unit: None,
                offsets: None,
                weight: operands.iter().map(Part::weight).sum::<f32>().min(most),
                operands,
                number: 0,
            }
        };
        words.apart = word.halves.iter().map(seam).collect();
        Ok(Part::Term(words))
    }

    /// One word as all that has its stems.
    fn stemmed(&self, written: &str, found: &Inflected, boost: f32) -> Box<Words> {
        let mut words = self.words_of(written, found.text.clone(), found.documents, boost);
        words.inflected = true;
        (words.title, words.heading) = (found.title.clone(), found.heading.clone());
        words
    }

    /// One word as the terms that it stands for.
    fn term(
        &self,
        written: &str,
        field: IndexField,
        terms: BTreeSet<String>,
        boost: f32,
    ) -> Result<Part> {
        Ok(self.term_of(written, self.snapshot.terms(field, terms)?, boost))
    }

    fn term_of(&self, written: &str, whole: Terms, boost: f32) -> Part {
        let documents = whole.documents();
        let text = Lists::of(whole, self.snapshot.fields.compound);
        Part::Term(self.words_of(written, text, documents, boost))
    }

    fn words_of(&self, written: &str, text: Lists, documents: u64, boost: f32) -> Box<Words> {
        let words = Words::unweighted(written, text, documents, &self.snapshot.fields);
        let weight = boost * rank::rarity(documents, self.articles);
        Box::new(Words { weight, boost, ..words })
    }

    /// Exact words in a row.
    fn phrase(&mut self, parts: &[PhrasePart], slop: u32, scope: Scope) -> Result<Part> {
        let (mut words, mut offsets, mut offset) = (Vec::new(), Vec::new(), 0);
        for part in parts {
            match part {
                PhrasePart::Any => offset += 1,
                PhrasePart::Pattern(pattern) => {
                    for token in pattern_tokens(pattern) {
                        if let Some(word) = self.pattern_token(&token, scope)? {
                            words.push(word);
                            offsets.push(offset);
                        }
                        offset += 1;
                    }
                }
                PhrasePart::Word(word) => {
                    let mut tokens = Vec::new();
                    for_each_token(word, |token| tokens.push(token.exact.to_owned()));
                    for exact in tokens {
                        words.push(self.exact_word(&exact, scope)?);
                        offsets.push(offset);
                        offset += 1;
                    }
                }
            }
        }
        // Words left open at the ends of a phrase ask for nothing that could be checked.
        let first = offsets.first().copied().unwrap_or(0);
        offsets.iter_mut().for_each(|offset| *offset -= first);
        Ok(row(words, Some(offsets), slop))
    }

    /// A word of a phrase.
    fn exact_word(&self, exact: &str, scope: Scope) -> Result<Part> {
        let terms = self.snapshot.form(scope.field, exact)?;
        let mut word = self.term_of(exact, terms, scope.boost);
        if let Part::Term(word) = &mut word {
            word.frequent = scope.text && is_frequent(exact);
        }
        Ok(word)
    }

    /// Words like a pattern; a pattern that falls apart as `decision-mak*` does is a phrase.
    fn pattern(&mut self, pattern: &str, scope: Scope) -> Result<Part> {
        if pattern_tokens(pattern).len() > 1 {
            return self.phrase(&[PhrasePart::Pattern(pattern.to_owned())], 0, scope);
        }
        let terms = self.words_like(scope.field, &fold_whole(pattern))?;
        self.expanded(pattern, terms, scope)
    }

    /// One token of a pattern; none where any word may stand for it.
    fn pattern_token(&self, token: &str, scope: Scope) -> Result<Option<Part>> {
        if token.chars().all(|c| c == '*') {
            return Ok(None);
        }
        if !token.contains(['*', '?']) {
            return self.exact_word(token, scope).map(Some);
        }
        let terms = self.words_like(scope.field, token)?;
        self.expanded(token, terms, scope).map(Some)
    }

    fn fuzzy(&mut self, word: &str, distance: u8, scope: Scope) -> Result<Part> {
        let (word_folded, field) = (fold_whole(word), scope.field);
        let terms = expand::fuzzy(self.snapshot, field, &word_folded, distance, self.deadline)?;
        self.expanded(&format!("{word}~{distance}"), terms, scope)
    }

    /// The terms of words like a pattern: enough of them to say that they are too many.
    fn words_like(&self, field: IndexField, pattern: &str) -> Result<BTreeSet<String>> {
        expand::wildcard(self.snapshot, field, pattern, MAX_EXPANSIONS, self.deadline)
    }

    /// The values like a pattern, however many.
    fn values_like(&self, field: IndexField, pattern: &str) -> Result<BTreeSet<String>> {
        expand::wildcard(self.snapshot, field, pattern, usize::MAX, self.deadline)
    }

    fn expanded(&self, written: &str, terms: BTreeSet<String>, scope: Scope) -> Result<Part> {
        let forms = expand::count_forms(self.snapshot, scope.field, &terms);
        if forms > self.options.max_expansions {
            return Err(expand::too_many(written, forms, self.options.max_expansions));
        }
        self.term(written, scope.field, terms, scope.boost)
    }

    /// Operands close to each other.
    fn interval(
        &mut self,
        bond: Bond,
        unit: Option<Unit>,
        nodes: &[Node],
        scope: Scope,
    ) -> Result<Part> {
        let scope = Scope { operand: true, ..scope };
        let operands: Vec<Part> =
            nodes.iter().map(|node| self.part(node, scope)).collect::<Result<_>>()?;
        if !operands.iter().all(Part::has_spans) {
            return Err(refused(
                "bad_operand",
                "only words, phrases, alternatives (a OR b) and other closeness can stand beside NEAR, BEFORE or SAME".to_owned(),
                "put words in quotes or between OR",
            ));
        }
        let weight = operands.iter().map(Part::weight).sum();
        Ok(Part::Interval { bond, unit, operands, offsets: None, weight, number: 0 })
    }

    fn field(&mut self, field: Field, node: &Node, scope: Scope) -> Result<Part> {
        let fields = self.snapshot.fields;
        Ok(match field {
            Field::Title | Field::Heading => {
                let headings = field == Field::Heading;
                self.part(node, scope)?.within(headings)?
            }
            Field::Author | Field::Source | Field::Tag => {
                let field = match field {
                    Field::Author => fields.author,
                    Field::Source => fields.source,
                    _ => fields.tag,
                };
                let part = self.part(node, Scope { field, text: false, ..scope })?;
                Part::Filter(Box::new(part))
            }
            Field::Language | Field::Kind | Field::Jurisdiction => {
                let name = if field == Field::Language { "lang" } else { field.name() };
                Part::Filter(Box::new(self.facet(name, node)?))
            }
            Field::Cites => Part::Filter(Box::new(self.cites(node)?)),
            Field::Path => Part::Filter(Box::new(self.path(node)?)),
        })
    }

    /// A condition on the instruments that the text refers to, in whatever form they are written.
    fn cites(&mut self, node: &Node) -> Result<Part> {
        let field = self.snapshot.fields.facet;
        self.condition(node, &mut |planner, value, pattern| {
            let mut terms = BTreeSet::new();
            if pattern {
                // With or without the scheme, which few know.
                for value in [value.to_owned(), format!("*:{value}")] {
                    let term = facet_term("cites", &value);
                    terms.extend(planner.values_like(field, &term)?);
                }
            } else {
                let meant = citation::meant(value);
                if meant.is_empty() {
                    return Err(refused(
                        "bad_value",
                        format!("“{value}” is no number or identifier of an instrument"),
                        "cites:\"Regulation (EU) 2024/1689\" cites:32024R1689 cites:\"H.R. 1234\"",
                    ));
                }
                terms.extend(meant.iter().map(|identifier| facet_term("cites", identifier)));
            }
            let written = format!("cites{FACET_MARK}{value}");
            planner.term(&written, field, terms, 0.0)
        })
    }

    /// A condition on a facet's value.
    fn facet(&mut self, name: &str, node: &Node) -> Result<Part> {
        let field = self.snapshot.fields.facet;
        self.condition(node, &mut |planner, value, pattern| {
            let value = match value.parse::<Language>() {
                Ok(language) if name == "lang" && !pattern => language.code().to_owned(),
                _ => value.to_owned(),
            };
            let term = facet_term(name, &value);
            let terms =
                if pattern { planner.values_like(field, &term)? } else { BTreeSet::from([term]) };
            let written = format!("{name}{FACET_MARK}{value}");
            planner.term(&written, field, terms, 0.0)
        })
    }

    /// A condition on the path: a whole path, a folder, or a pattern.
    fn path(&mut self, node: &Node) -> Result<Part> {
        let field = self.snapshot.fields.path;
        let articles = articles(self.snapshot)?;
        self.condition(node, &mut |planner, value, pattern| {
            let terms = if pattern {
                planner.values_like(field, value)?
            } else {
                let folder = format!("{}/", value.trim_end_matches('/'));
                let is_in = |path: &str| path == value || path.starts_with(&folder);
                let folder = value.trim_end_matches('/');
                expand::terms(planner.snapshot, field, folder, usize::MAX, is_in, planner.deadline)?
            };
            let path = planner.term(value, field, terms, 0.0)?;
            Ok(Part::All { must: vec![path, articles.clone()], not: Vec::new(), close: false })
        })
    }

    /// A condition made of values, alternatives and negations; `leaf` is told of each value and
    /// whether it is a pattern.
    fn condition(
        &mut self,
        node: &Node,
        leaf: &mut dyn FnMut(&mut Self, &str, bool) -> Result<Part>,
    ) -> Result<Part> {
        Ok(match node {
            Node::Word(value) | Node::Exact(value) => leaf(self, value, false)?,
            Node::Pattern(value) => leaf(self, value, true)?,
            Node::Phrase { parts, .. } => {
                let words: Vec<&str> = parts
                    .iter()
                    .map(|part| match part {
                        PhrasePart::Word(word) | PhrasePart::Pattern(word) => &**word,
                        PhrasePart::Any => "*",
                    })
                    .collect();
                let pattern = !parts.iter().all(|part| matches!(part, PhrasePart::Word(_)));
                leaf(self, &words.join(" "), pattern)?
            }
            Node::Or(nodes) => {
                let of =
                    nodes.iter().map(|node| self.condition(node, leaf)).collect::<Result<_>>()?;
                Part::Some { least: 1, of, close: false }
            }
            Node::And(nodes) | Node::Words(nodes) => {
                let (mut must, mut not) = (Vec::new(), Vec::new());
                for node in nodes {
                    match node {
                        Node::Not(node) => not.push(self.condition(node, leaf)?),
                        node => must.push(self.condition(node, leaf)?),
                    }
                }
                if must.is_empty() {
                    must.push(articles(self.snapshot)?);
                }
                Part::All { must, not, close: false }
            }
            Node::Not(node) => {
                let not = vec![self.condition(node, leaf)?];
                Part::All { must: vec![articles(self.snapshot)?], not, close: false }
            }
            _ => {
                return Err(refused(
                    "bad_value",
                    "a value is expected here".to_owned(),
                    "write the value, or alternatives in parentheses",
                ));
            }
        })
    }
}

/// The condition that every article fulfils.
pub(crate) fn articles(snapshot: &Snapshot) -> Result<Part> {
    let terms = snapshot.terms(snapshot.fields.facet, [ARTICLE_TERM.to_owned()])?;
    let words = Words::condition("", terms, &snapshot.fields);
    Ok(Part::Filter(Box::new(Part::Term(words))))
}

/// The languages that the words of a query are read in: those of the index, or those of them that
/// the query confines itself to.
pub(crate) fn languages(snapshot: &Snapshot, root: &Node) -> Vec<Language> {
    let mut languages = snapshot.languages();
    if let Some(wanted) = wanted_languages(root)
        && languages.iter().any(|language| wanted.contains(language))
    {
        languages.retain(|language| wanted.contains(language));
    }
    languages
}

/// The languages that all that a part finds is of, if it says.
fn wanted_languages(node: &Node) -> Option<Vec<Language>> {
    match node {
        Node::Boost { node, .. } => wanted_languages(node),
        Node::And(nodes) | Node::Words(nodes) => {
            let each = nodes.iter().filter_map(wanted_languages);
            each.reduce(|all, next| all.into_iter().filter(|it| next.contains(it)).collect())
        }
        Node::Field { field: Field::Language, node } => named_languages(node),
        _ => None,
    }
}

fn named_languages(node: &Node) -> Option<Vec<Language>> {
    match node {
        Node::Word(code) | Node::Exact(code) => code.parse().ok().map(|language| vec![language]),
        Node::Or(nodes) => {
            let each = nodes.iter().map(named_languages).collect::<Option<Vec<_>>>()?;
            Some(each.concat())
        }
        _ => None,
    }
}

/// A word of a query on its way to be a part.
struct Asked {
    text: String,
    exact: String,
    clitic: bool,
    /// Whether it stands right behind the one before, both of a script without spaces.
    joined: bool,
}

/// More than half of `count`; of two, one.
fn most(count: usize) -> usize {
    if count > 2 { count / 2 + 1 } else { 1 }
}

/// Words in a row, or the one word that there is.
fn row(mut words: Vec<Part>, offsets: Option<Vec<u32>>, slop: u32) -> Part {
    if words.len() < 2 {
        return words.pop().unwrap_or(Part::Nothing);
    }
    // A word in a row has a place of its own.
    for word in &mut words {
        if let Part::Term(word) = word {
            word.apart.clear();
        }
    }
    let weight = words.iter().map(Part::weight).sum();
    let offsets = offsets.unwrap_or_else(|| (0..words.len() as u32).collect());
    Part::Interval {
        bond: Bond::Ordered { gaps: slop },
        unit: None,
        operands: words,
        offsets: Some(offsets),
        weight,
        number: 0,
    }
}

fn refused(code: &'static str, message: String, hint: &str) -> crate::Error {
    QueryError { code, message, span: 0..0, hint: Some(hint.to_owned()) }.into()
}

impl Part {
    pub(crate) fn weight(&self) -> f32 {
        match self {
            Part::Term(words) => words.weight,
            Part::Interval { weight, .. } => *weight,
            Part::Within { part, .. } | Part::Often { part, .. } => part.weight(),
            Part::Concept(named) => named.part.weight(),
            Part::Some { of, .. } => of.iter().map(Part::weight).fold(0.0, f32::max),
            _ => 0.0,
        }
    }

    /// Numbers the words and intervals, from `next` on, so that what the matchers made of them tell
    /// of a document can be traced back to them.
    fn number(&mut self, next: &mut u32) {
        match self {
            Part::Nothing | Part::Dated { .. } => {}
            Part::Term(words) => {
                words.number = *next;
                *next += 1;
                words.apart.iter_mut().for_each(|part| part.number(next));
            }
            Part::Interval { operands, number, .. } => {
                *number = *next;
                *next += 1;
                operands.iter_mut().for_each(|part| part.number(next));
            }
            Part::Within { part, .. } | Part::Often { part, .. } | Part::Filter(part) => {
                part.number(next);
            }
            Part::All { must, not, .. } => {
                must.iter_mut().chain(not).for_each(|part| part.number(next));
            }
            Part::Some { of, .. } => of.iter_mut().for_each(|part| part.number(next)),
            Part::Concept(named) => named.part.number(next),
        }
    }

    /// The word or interval with this number.
    pub(crate) fn numbered(&self, wanted: u32) -> Option<&Part> {
        match self {
            Part::Nothing | Part::Dated { .. } => None,
            Part::Term(words) if words.number == wanted => Some(self),
            Part::Term(words) => words.apart.iter().find_map(|part| part.numbered(wanted)),
            Part::Interval { number, .. } if *number == wanted => Some(self),
            Part::Within { part, .. } | Part::Often { part, .. } | Part::Filter(part) => {
                part.numbered(wanted)
            }
            // What its labels do is told of the concept.
            Part::Concept(named) => named.part.numbered(wanted).map(|_| self),
            Part::Interval { operands: parts, .. }
            | Part::All { must: parts, .. }
            | Part::Some { of: parts, .. } => parts.iter().find_map(|part| part.numbered(wanted)),
        }
    }

    fn has_spans(&self) -> bool {
        match self {
            Part::Term(_) | Part::Interval { .. } | Part::Within { .. } | Part::Nothing => true,
            Part::Concept(_) => true,
            Part::Some { of, least: 1, .. } => of.iter().all(Part::has_spans),
            _ => false,
        }
    }

    /// The same part, within the title or the headings.
    fn within(self, headings: bool) -> Result<Part> {
        let each = |parts: Vec<Part>| {
            parts.into_iter().map(|part| part.within(headings)).collect::<Result<Vec<_>>>()
        };
        Ok(match self {
            Part::Filter(part) => Part::Filter(part),
            Part::All { must, not, close } => {
                Part::All { must: each(must)?, not: each(not)?, close }
            }
            Part::Some { least, of, close } => Part::Some { least, of: each(of)?, close },
            Part::Often { least, part } => {
                Part::Often { least, part: Box::new(part.within(headings)?) }
            }
            part => Part::Within { part: Box::new(part), headings },
        })
    }

    /// The words of the part, those that are only conditions or taken away left out.
    pub(crate) fn each_word<'a>(&'a self, visit: &mut impl FnMut(&'a Words)) {
        match self {
            Part::Nothing | Part::Dated { .. } | Part::Filter(_) | Part::Concept(_) => {}
            Part::Term(words) => visit(words),
            Part::Interval { operands, .. } => {
                operands.iter().for_each(|part| part.each_word(visit))
            }
            Part::Within { part, .. } | Part::Often { part, .. } => part.each_word(visit),
            Part::All { must: parts, .. } | Part::Some { of: parts, .. } => {
                parts.iter().for_each(|part| part.each_word(visit))
            }
        }
    }

    /// Puts the part to work in a segment, to find matches and where they stand.
    pub(crate) fn matcher(
        &self,
        segment: &Segment,
        snapshot: &Snapshot,
        deadline: &Deadline,
    ) -> Result<Matcher> {
        self.put_to_work(Work { segment, snapshot, deadline, pass: None, from: 0 })
    }

    /// Puts the part to work in a segment; with a pass to score what matches, too.
    pub(crate) fn put_to_work(&self, work: Work<'_>) -> Result<Matcher> {
        let Work { segment, snapshot, deadline, pass, from } = work;
        let fields = snapshot.fields;
        let of = |part: &Part| part.put_to_work(work);
        let each = |parts: &[Part]| parts.iter().map(of).collect::<Result<Vec<_>>>();
        // Parts that are scored as a whole, or not at all.
        let bare = |part: &Part| part.put_to_work(Work { pass: None, ..work });
        let all_bare = |parts: &[Part]| parts.iter().map(bare).collect::<Result<Vec<_>>>();
        let one = |field, term: String| -> Result<Term> {
            let whole = snapshot.term_in(segment, field, term)?;
            postings(segment, snapshot, &Lists::of(whole, fields.compound)).map(Term::new)
        };
        let mark = |term: &str| one(fields.mark, term.to_owned());
        Ok(match self {
            Part::Nothing => Matcher::Nothing,
            Part::Term(words) => {
                let of =
                    |terms: &Terms| snapshot.lists(segment, terms, IndexRecordOption::WithFreqs);
                let placed = |lists: &Lists| -> Result<Counts> {
                    Ok(Counts::new(of(&lists.whole)?, of(&lists.parts)?))
                };
                let mut term = Term::new(postings(segment, snapshot, &words.text)?);
                term.weight = words.weight;
                term.number = words.number;
                if pass.is_some() && term.postings().doc() != TERMINATED {
                    term.title = placed(&words.title)?;
                    term.heading = placed(&words.heading)?;
                    if let (Some(Pass::Best), Some(form)) = (pass, &words.form) {
                        term.form = Some(Counts::new(of(form)?, Vec::new()));
                    }
                }
                let term = Matcher::Term(Box::new(term));
                if words.apart.is_empty() {
                    return Ok(term);
                }
                let mut of = each(&words.apart)?;
                of.insert(0, term);
                Matcher::some(1, of, from)
            }
            Part::Interval { bond, unit, operands, offsets, weight, number } => {
                let units = match unit {
                    Some(Unit::Sentence) => Some(mark(stream::SENTENCE_START)?),
                    Some(Unit::Paragraph) => Some(mark(stream::BLOCK_START)?),
                    None => None,
                };
                let length = offsets.as_ref().and_then(|offsets| offsets.last()).copied();
                let (operands, offsets) = match (bond, offsets) {
                    (Bond::Ordered { gaps: 0 }, Some(offsets)) => {
                        let (mut found, mut places) = (Vec::new(), Vec::new());
                        for (part, pair, offset) in pairs::of_row(operands, offsets) {
                            found.push(match pair {
                                None => bare(part)?,
                                Some(pair) => Matcher::Term(Box::new(one(fields.compound, pair)?)),
                            });
                            places.push(offset);
                        }
                        (found, Some(places))
                    }
                    _ => (all_bare(operands)?, offsets.clone()),
                };
                let mut interval =
                    Interval::new(*bond, operands, offsets, units, *weight, (from, deadline));
                interval.length = length.unwrap_or(0);
                interval.number = *number;
                Matcher::Interval(Box::new(interval))
            }
            Part::Within { part, headings } => {
                let headings = if *headings {
                    Some((mark(stream::BLOCK_START)?, mark(stream::HEADING_START)?))
                } else {
                    None
                };
                Matcher::within(of(part)?, headings)
            }
            Part::All { must, not, .. } => {
                Matcher::all(each(must)?, all_bare(not)?, (from, deadline))
            }
            Part::Some { least, of, .. } => Matcher::some(*least, each(of)?, from),
            Part::Often { least, part } => {
                Matcher::Often { least: *least, part: Box::new(of(part)?) }
            }
            Part::Dated { from, to } => {
                let days = |name| {
                    segment.reader.fast_fields().i64(name).map_err(|error| snapshot.error(error))
                };
                Matcher::Dated(Box::new(Dated {
                    articles: one(fields.facet, ARTICLE_TERM.to_owned())?,
                    first_day: days("first_day")?,
                    last_day: days("last_day")?,
                    from: *from,
                    to: *to,
                }))
            }
            Part::Filter(part) => Matcher::Filter(Box::new(bare(part)?)),
            Part::Concept(named) => of(&named.part)?,
        })
    }
}

/// The postings of a word.
pub(super) fn postings(segment: &Segment, snapshot: &Snapshot, lists: &Lists) -> Result<Union> {
    let (fields, Lists { whole, parts }) = (&snapshot.fields, lists);
    if whole.names().len() > 1 && [fields.path, fields.file, fields.facet].contains(&whole.field) {
        let mut documents = Vec::new();
        snapshot.each_document(segment, whole, |doc| documents.push(doc))?;
        return Ok(Union::listed(documents));
    }
    let of = |terms| snapshot.lists(segment, terms, IndexRecordOption::WithFreqsAndPositions);
    Ok(Union::new(of(whole)?, of(parts)?))
}

/// What the words asked for side by side are worth, all together.
pub(crate) fn weight_side_by_side(part: &Part) -> f32 {
    match part {
        Part::All { must: of, close: true, .. } | Part::Some { of, close: true, .. } => of
            .iter()
            .filter(|part| matches!(part, Part::Term(_) | Part::Interval { .. }))
            .map(Part::weight)
            .sum(),
        Part::All { must, .. } => must.iter().map(weight_side_by_side).sum(),
        _ => 0.0,
    }
}

/// The parts of a planned query whose words were asked for side by side, in the query's order.
pub(crate) fn side_by_side<'m>(part: &Part, matcher: &'m mut Matcher) -> Vec<&'m mut Matcher> {
    let chosen = |doc, parts: &[Part], matchers: &'m mut [Matcher]| {
        let mut chosen: Vec<&mut Matcher> = parts
            .iter()
            .zip(matchers)
            .filter(|(part, _)| matches!(part, Part::Term(_) | Part::Interval { .. }))
            // Of a compound the word itself, not its words apart.
            .filter_map(|(_, matcher)| match matcher {
                Matcher::Some(some) => some.of.first_mut(),
                matcher => Some(matcher),
            })
            .collect();
        chosen.retain_mut(|part| part.doc() == doc && part.confirm());
        chosen
    };
    let doc = matcher.doc();
    match (part, matcher) {
        (Part::All { must, close: true, .. }, Matcher::All(all)) => {
            chosen(doc, must, &mut all.must)
        }
        (Part::Some { of, close: true, .. }, Matcher::Some(some)) => chosen(doc, of, &mut some.of),
        // Words side by side, under conditions.
        (Part::All { must, .. }, Matcher::All(all)) => must
            .iter()
            .zip(&mut all.must)
            .find(|(part, _)| {
                matches!(part, Part::Some { close: true, .. } | Part::All { close: true, .. })
            })
            .map_or_else(Vec::new, |(part, matcher)| side_by_side(part, matcher)),
        _ => Vec::new(),
    }
}

/// Counts, for suggestions, the articles that each word of a plan stands in.
pub(crate) fn words_without_articles(part: &Part) -> Vec<String> {
    let mut absent: HashMap<&str, bool> = HashMap::new();
    let mut order = Vec::new();
    part.each_word(&mut |words| {
        if absent.insert(&words.written, words.documents == 0).is_none() {
            order.push(words.written.clone());
        }
    });
    order.retain(|word| absent.get(&**word) == Some(&true));
    order
}
