//! Explanations: how an index reads a query, and why a hit ranks where it does, as plain data.

use tantivy::DocId;

use super::deadline::Deadline;
use super::live;
use super::matcher::Bond;
use super::notation::{core, field, is_every_article, text, value, word_operator};
use super::plan::{Named, Part, Words, Work, articles, languages};
use super::rank::{self, Contribution, Norms, Pass};
use crate::analysis::stream;
use crate::index::snapshot::{Segment, Snapshot};
use crate::index::terms::{Lists, Terms};
use crate::query::{Field, Note, Query, Unit};
use crate::{Language, Result};

/// How a query is read by one commit of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryPlan {
    /// The query as it was read; it parses to the same query.
    pub query: String,
    /// What the asker should know about how the query was read.
    pub notes: Vec<Note>,
    /// The languages that words are looked for in: those of the index, or those of them that the
    /// query confines itself to.
    pub languages: Vec<Language>,
    /// The number of articles of the index.
    pub articles: u64,
    /// The query as a tree.
    pub root: PlanPart,
    /// The generation of the index.
    pub generation: u64,
}

/// A part of a query as an index reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPart {
    /// What it asks for, and how its parts are held together.
    pub operator: Operator,
    /// The part in the language of queries.
    pub text: String,
    /// The field that it is confined to; none is the whole text.
    pub field: Option<Field>,
    /// The number of articles that match it by itself.
    pub articles: u64,
    /// What an occurrence is worth to the rank, of words and of what is made of words in a row or
    /// close together; 0 of conditions, which say nothing of the rank.
    pub weight: f32,
    /// The terms of the index that a word stands for, those of most articles first.
    pub forms: Vec<Form>,
    /// Its parts, in order; what is taken away stands last.
    pub parts: Vec<PlanPart>,
}

/// What a part of a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Nothing that could be found.
    Nothing,
    /// A word in all its inflected forms.
    Word,
    /// This form or value only.
    Exact,
    /// Any of the words or values that a pattern or a fuzzy word stands for.
    Expansion,
    /// Words in a row, with at most `slop` further words between.
    Phrase {
        /// The number of further words.
        slop: u32,
    },
    /// Parts within `distance` words of each other, in any order.
    Near {
        /// The number of words.
        distance: u32,
    },
    /// Parts within `distance` words of each other, in their order.
    Before {
        /// The number of words.
        distance: u32,
    },
    /// Parts in one sentence.
    SameSentence,
    /// Parts in one paragraph.
    SameParagraph,
    /// A part within the title or the headings.
    Within,
    /// All parts.
    And,
    /// Any part.
    Or,
    /// Not the part.
    Not,
    /// At least `least` of the parts.
    Of {
        /// The number of parts.
        least: u64,
    },
    /// At least `least` occurrences of the part in an article.
    AtLeast {
        /// The number of occurrences.
        least: u64,
    },
    /// Articles that may have been published in a range of days.
    Date,
    /// Any label of a concept; the forms are the labels.
    Concept,
}

impl Operator {
    /// A stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Nothing => "nothing",
            Operator::Word => "word",
            Operator::Exact => "exact",
            Operator::Expansion => "expansion",
            Operator::Phrase { .. } => "phrase",
            Operator::Near { .. } => "near",
            Operator::Before { .. } => "before",
            Operator::SameSentence => "same_sentence",
            Operator::SameParagraph => "same_paragraph",
            Operator::Within => "within",
            Operator::And => "and",
            Operator::Or => "or",
            Operator::Not => "not",
            Operator::Of { .. } => "of",
            Operator::AtLeast { .. } => "at_least",
            Operator::Date => "date",
            Operator::Concept => "concept",
        }
    }

    /// Its number, if it has one: of further words, of words between, of parts, of occurrences.
    pub fn number(self) -> Option<u64> {
        match self {
            Operator::Phrase { slop: number }
            | Operator::Near { distance: number }
            | Operator::Before { distance: number } => Some(number.into()),
            Operator::Of { least } | Operator::AtLeast { least } => Some(least),
            _ => None,
        }
    }
}

/// A word of the index that a word of a query stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// An exact form, a value, or the label of a concept; a stem between asterisks for the compounds
    /// that it is part of.
    pub text: String,
    /// The language of the articles that are meant, if the word is looked for by language; that
    /// of a label.
    pub language: Option<Language>,
    /// The number of articles that have it.
    pub articles: u64,
}

/// Why a hit ranks where it does: `parts` and `closeness` add up to `total`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What each part of the query that the article matches adds.
    pub parts: Vec<ScorePart>,
    /// What the closeness of words asked for side by side adds; 0 where hits are sorted by date.
    pub closeness: f32,
    /// The hit's score.
    pub total: f32,
}

/// What a word, a phrase or a closeness of words adds to the score of a hit:
/// `contribution = weight · 2.2 · frequency / (frequency + norm)`, which is BM25F.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePart {
    /// The part in the language of queries.
    pub text: String,
    /// Its words: the weight of a part is the sum of theirs, of alternatives the greatest.
    pub words: Vec<ScoreWord>,
    /// How often it stands in the article, title and headings included.
    pub occurrences: u32,
    /// How many of these count more for standing in the title.
    pub in_title: u32,
    /// How many of these count more for standing in a heading.
    pub in_headings: u32,
    /// How many of the occurrences count less for being only part of a compound word.
    pub in_compounds: u32,
    /// How many of these count less for being another inflection than the one asked for; 0 where
    /// hits are sorted by date.
    pub inflected: u32,
    /// The occurrences by the worth of their places and forms.
    pub frequency: f32,
    /// How long the article is: 1.2 for one of average length, more for a longer one.
    pub norm: f32,
    /// What the part is worth.
    pub weight: f32,
    /// What it adds to the score.
    pub contribution: f32,
}

/// A word of a part, and what makes its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreWord {
    /// As it was written.
    pub text: String,
    /// Its document frequency as the rank takes it: the sum of those of its forms, articles that
    /// were deleted and are not yet merged away included.
    pub documents: u64,
    /// The factor that the query gives it.
    pub boost: f32,
    /// Its rarity times the boost; a fifth of that for a function word.
    pub weight: f32,
    /// Whether it is a function word of a question (of four unquoted words or more), which counts
    /// for less.
    pub function_word: bool,
}

/// What a part that a matcher told of adds to the score.
pub(super) fn score_part(
    snapshot: &Snapshot,
    plan: &Part,
    added: &Contribution,
) -> Option<ScorePart> {
    let part = plan.numbered(added.part)?;
    let mut words = Vec::new();
    part.each_word(&mut |word| {
        words.push(ScoreWord {
            text: word.written.clone(),
            documents: word.documents,
            boost: word.boost,
            weight: word.weight,
            function_word: word.is_function_word,
        });
    });
    Some(ScorePart {
        text: text(snapshot, part),
        words,
        occurrences: added.occurrences,
        in_title: added.in_title,
        in_headings: added.in_headings,
        in_compounds: added.in_compounds[0],
        inflected: added.inflected,
        frequency: added.frequency(),
        norm: added.norm,
        weight: added.weight,
        contribution: added.value(),
    })
}

/// A planned query as a tree of plain data.
pub(super) fn query_plan(
    snapshot: &Snapshot,
    query: &Query,
    part: &Part,
    deadline: &Deadline,
) -> Result<QueryPlan> {
    let articles = snapshot.article_count();
    Ok(QueryPlan {
        query: query.to_string(),
        notes: query.notes.clone(),
        languages: languages(snapshot, &query.root),
        articles,
        root: Outline { snapshot, articles, deadline }.part(part)?,
        generation: snapshot.payload.generation,
    })
}

/// What trees are made from.
struct Outline<'a> {
    snapshot: &'a Snapshot,
    articles: u64,
    deadline: &'a Deadline,
}

impl Outline<'_> {
    fn part(&self, whole: &Part) -> Result<PlanPart> {
        let part = core(self.snapshot, whole);
        let each =
            |parts: &[Part]| parts.iter().map(|part| self.part(part)).collect::<Result<Vec<_>>>();
        let mut made = PlanPart {
            operator: Operator::Nothing,
            text: text(self.snapshot, part),
            field: None,
            // The wrapping counts: it says which documents are articles.
            articles: count(self.snapshot, whole, self.deadline)?,
            weight: part.weight(),
            forms: Vec::new(),
            parts: Vec::new(),
        };
        (made.operator, made.parts) = match part {
            Part::Nothing => (Operator::Nothing, Vec::new()),
            Part::Term(words) => {
                made.forms = self.forms(words)?;
                made.field = field(self.snapshot, words);
                (word_operator(self.snapshot, words), Vec::new())
            }
            Part::Interval { bond, unit, operands, offsets, .. } => {
                let operator = match (bond, unit) {
                    (Bond::Ordered { gaps }, _) if offsets.is_some() => {
                        Operator::Phrase { slop: *gaps }
                    }
                    (Bond::Ordered { gaps }, _) => {
                        Operator::Before { distance: gaps.saturating_add(1) }
                    }
                    (Bond::Unordered { gaps }, _) => {
                        Operator::Near { distance: gaps.saturating_add(1) }
                    }
                    (Bond::SameUnit, Some(Unit::Sentence)) => Operator::SameSentence,
                    (Bond::SameUnit, _) => Operator::SameParagraph,
                };
                (operator, each(operands)?)
            }
            Part::Within { part, headings } => {
                made.field = Some(if *headings { Field::Heading } else { Field::Title });
                (Operator::Within, vec![self.part(part)?])
            }
            Part::All { must, not, .. } => {
                let mut parts = Vec::new();
                for part in must.iter().filter(|part| !is_every_article(self.snapshot, part)) {
                    parts.push(self.part(part)?);
                }
                for part in not {
                    parts.push(self.not(part)?);
                }
                match parts.pop() {
                    Some(only) if parts.is_empty() => return Ok(only),
                    last => parts.extend(last),
                }
                (Operator::And, parts)
            }
            Part::Some { least: 1, of, .. } => (Operator::Or, each(of)?),
            Part::Some { least, of, .. } => (Operator::Of { least: *least as u64 }, each(of)?),
            Part::Often { least, part } => {
                (Operator::AtLeast { least: *least }, vec![self.part(part)?])
            }
            Part::Dated { .. } => (Operator::Date, Vec::new()),
            Part::Concept(named) => {
                made.forms = self.labels(named)?;
                (Operator::Concept, Vec::new())
            }
            // Only the condition that every article fulfils keeps its wrapping.
            Part::Filter(_) => (Operator::And, Vec::new()),
        };
        Ok(made)
    }

    fn not(&self, part: &Part) -> Result<PlanPart> {
        let part = self.part(part)?;
        Ok(PlanPart {
            operator: Operator::Not,
            text: format!("NOT {}", part.text),
            field: None,
            articles: self.articles.saturating_sub(part.articles),
            weight: 0.0,
            forms: Vec::new(),
            parts: vec![part],
        })
    }

    /// The labels of a concept, each with the number of its articles.
    fn labels(&self, named: &Named) -> Result<Vec<Form>> {
        let mut forms = Vec::new();
        for (label, part) in &named.labels {
            let articles = count(self.snapshot, part, self.deadline)?;
            let (text, language) = (label.text.clone(), Some(label.language));
            forms.push(Form { text, language, articles });
        }
        forms.sort_by_key(|form| std::cmp::Reverse(form.articles));
        Ok(forms)
    }

    /// The terms of a word, each with the number of its articles.
    fn forms(&self, words: &Words) -> Result<Vec<Form>> {
        // A path may be that of a file which is no article.
        let is_path = words.field() == self.snapshot.fields.path;
        // Of inflections a form in each language; of what was written exactly all languages together.
        let mut terms = words.text.whole.parted(|term| match stream::parts_of_form_term(term) {
            (form, code, _) if words.inflected => (form, code.parse::<Language>().ok()),
            _ => (value(self.snapshot, words, term), None),
        });
        let fields = &self.snapshot.fields;
        if terms.is_empty() && word_operator(self.snapshot, words) == Operator::Exact {
            terms.insert((&words.written, None), Terms::none(words.field()));
        }
        let every = articles(self.snapshot)?;
        let of = |text| Part::Term(Box::new(Words::unweighted(&words.written, text, 0, fields)));
        let mut forms = Vec::new();
        for ((text, language), terms) in terms {
            let mut one = of(Lists::of(terms, fields.compound));
            if is_path {
                one = Part::All { must: vec![one, every.clone()], not: Vec::new(), close: false };
            }
            let articles = count(self.snapshot, &one, self.deadline)?;
            if is_path && articles == 0 {
                continue;
            }
            forms.push(Form { text: text.to_owned(), language, articles });
        }
        for part in words.text.parts.names() {
            let parts = words.text.parts.chosen(|term| term == part);
            let one = of(Lists { whole: Terms::none(words.field()), parts });
            let (code, stem) = part.split_once(stream::TERM_MARK).unwrap_or(("", part));
            let (text, language) = (format!("*{stem}*"), code.parse().ok());
            forms.push(Form {
                text,
                language,
                articles: count(self.snapshot, &one, self.deadline)?,
            });
        }
        // A stable sort: forms of as many articles stay in the order of their terms.
        forms.sort_by_key(|form| std::cmp::Reverse(form.articles));
        Ok(forms)
    }
}

/// How many articles match a part.
fn count(snapshot: &Snapshot, part: &Part, deadline: &Deadline) -> Result<u64> {
    let mut articles = 0;
    for segment in &snapshot.segments {
        let matcher = part.matcher(segment, snapshot, deadline)?;
        live::each(segment, matcher, deadline, |_, _| {
            articles += 1;
            Ok(())
        })?;
    }
    Ok(articles)
}

/// What the words that only add to the score add to that of a document.
pub(super) fn added_parts(
    snapshot: &Snapshot,
    also: &Part,
    segment: &Segment,
    doc: DocId,
    norms: &Norms,
) -> Vec<ScorePart> {
    let mut parts = Vec::new();
    let (deadline, pass) = (&Deadline::none(), Some(Pass::All));
    if let Ok(mut matcher) = also.put_to_work(Work { segment, snapshot, deadline, pass, from: doc })
        && matcher.next(doc) == doc
        && matcher.confirm()
    {
        rank::contributions(&mut matcher, norms, Pass::All, &mut |added| {
            parts.extend(score_part(snapshot, also, &added));
        });
    }
    parts
}
