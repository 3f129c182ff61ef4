//! From a line of text to a query.
//!
//! A scanner cuts the text into tokens (`scan`), which ones are operators is decided (`resolve`),
//! and a recursive descent whose depth the scanner
//! has bounded builds the tree. Each step is linear in the text.

use std::iter::Peekable;
use std::ops::Range;
use std::str::FromStr;
use std::vec::IntoIter;

use super::concept;
use super::operator::Proximity;
use super::remarks;
use super::resolve;
use super::scan::{self, Group, Kind, Token};
use super::source::{self, Fault, Notes, Source, quoted};
use super::{Field, Node, PhrasePart, Query, limits};
use crate::language::code_of;
use crate::{Error, Language, Result, Vocabulary, citation};

impl Query {
    /// Reads a query.
    ///
    /// What is no syntax is words; where something looks like syntax and was read as words,
    /// [`Query::notes`] says so. Reading needs no index and time linear in the text.
    ///
    /// ```
    /// use polidex::Query;
    ///
    /// let query = Query::parse("« intelligence artificielle » w/5 risqu* -publicité")?;
    /// assert_eq!(query.to_string(), "\"intelligence artificielle\" NEAR/5 risqu* NOT publicité");
    /// assert_eq!(query.notes[0].message, "“w/5” is read as NEAR/5");
    /// # Ok::<(), polidex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Query`] with the place in the text, and in most cases a query to write instead,
    /// if something is syntax but broken or passes one of the [`limits`]:
    ///
    /// ```
    /// use polidex::Query;
    ///
    /// let error = Query::parse("\"digital sovereignty").unwrap_err();
    /// assert_eq!(error.code(), "unclosed_quote");
    /// assert_eq!(error.span(), Some(0..1));
    /// assert_eq!(error.hint().as_deref(), Some("\"digital sovereignty\""));
    /// ```
    pub fn parse(text: &str) -> Result<Query> {
        parse(text, None)
    }

    /// Reads a query whose concepts are those of `vocabulary`; [`Query::parse`] knows those of
    /// [`Vocabulary::shipped`].
    ///
    /// ```
    /// use polidex::{Query, Vocabulary};
    ///
    /// let own = "[tomato]\nkind = \"topic\"\ndefinition = \"A fruit.\"\nen = [\"tomato\"]\n";
    /// let vocabulary = Vocabulary::shipped().with("own.toml", own)?;
    /// let query = Query::parse_with("concept:Tomato NOT #gdpr", &vocabulary)?;
    /// assert_eq!(query.to_string(), "#tomato NOT #gdpr");
    /// assert_eq!(Query::parse("#tomato").unwrap_err().code(), "unknown_concept");
    /// # Ok::<(), polidex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Query::parse`].
    pub fn parse_with(text: &str, vocabulary: &Vocabulary) -> Result<Query> {
        parse(text, Some(vocabulary))
    }
}

fn parse(text: &str, vocabulary: Option<&Vocabulary>) -> Result<Query> {
    read(text, true, vocabulary).map_err(|fault| {
        let parses = |hint: &str| hint != text && read(hint, true, vocabulary).is_ok();
        Error::Query(fault.into_error(parses))
    })
}

impl FromStr for Query {
    type Err = Error;

    /// The same as [`Query::parse`].
    fn from_str(text: &str) -> Result<Query> {
        Query::parse(text)
    }
}

/// Reads a query; without limits on length and clauses if not `limited`, with the shipped
/// vocabulary if no other is given.
pub(super) fn read(
    text: &str,
    limited: bool,
    vocabulary: Option<&Vocabulary>,
) -> Result<Query, Fault> {
    if limited && text.len() > limits::MAX_BYTES {
        return Err(source::too_long(text));
    }
    let source = Source::new(text);
    let mut notes = Notes::default();
    let tokens = scan::scan(&source, Group::default(), vocabulary, &mut notes)?;
    let tokens = resolve::resolve(&source, tokens, &mut notes)?;
    let is_clause = |token: &&Token| matches!(token.kind, Kind::Leaf(_) | Kind::Date(_));
    if limited && let Some(token) = tokens.iter().filter(is_clause).nth(limits::MAX_CLAUSES) {
        let message = format!(
            "the query has more than {} words and phrases; put a passage to be found as it stands \
             in quotation marks, or leave out what matters less",
            limits::MAX_CLAUSES
        );
        return Err(Fault::new("too_many_clauses", token.span.start..text.len(), message));
    }
    concept::check_number(text, &tokens, limited)?;
    if tokens.is_empty() {
        let fault = Fault::new("empty_query", 0..text.len(), "the query holds no word");
        return Err(fault.hint("\"digital sovereignty\""));
    }
    let mut parser =
        Parser { source: &source, notes, tokens: tokens.into_iter().peekable(), within: None };
    let part = parser.alternatives(0..0)?;
    if let Some(token) = parser.tokens.next() {
        // The scanner has balanced the parentheses, so that only a comma could stand here.
        return Err(parser.missing(token.span));
    }
    positive(&source, &part)?;
    remarks::note_dates(&part.node, part.span.clone(), &mut parser.notes);
    let query = Query { root: part.node, notes: parser.notes.into_vec() };
    let length = if limited { query.to_string().len() } else { 0 };
    if length > limits::MAX_BYTES {
        let message = format!(
            "the query, written in full, has {length} bytes, more than the {} that it may have",
            limits::MAX_BYTES
        );
        return Err(Fault::new("too_long", 0..text.len(), message));
    }
    Ok(query)
}

/// A part of the tree with its place.
struct Part {
    node: Node,
    span: Range<usize>,
    /// Whether it stands there without parentheses.
    bare: bool,
}

struct Parser<'s> {
    source: &'s Source<'s>,
    notes: Notes,
    tokens: Peekable<IntoIter<Token>>,
    /// The field whose parentheses are open.
    within: Option<Field>,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<&Kind> {
        self.tokens.peek().map(|token| &token.kind)
    }

    /// The place of the next token, if it is one of `kinds`; takes it.
    fn take(&mut self, is_wanted: impl Fn(&Kind) -> bool) -> Option<Token> {
        self.tokens.next_if(|token| is_wanted(&token.kind))
    }

    /// The error for the operator at `span`, which lacks a part beside it.
    fn missing(&self, span: Range<usize>) -> Fault {
        let said = self.source.text.get(span.clone()).unwrap_or_default();
        let message = format!("{} lacks a part beside it", quoted(said));
        let without = self.source.without(&span);
        let escaped = self.source.splice(&span, &format!("\\{said}"));
        Fault::new("missing_operand", span, message).hint(without).hint(escaped)
    }

    /// `… OR …`, behind what stands at `after`.
    fn alternatives(&mut self, after: Range<usize>) -> Result<Part, Fault> {
        let first = self.all(after)?;
        let mut parts = vec![first];
        while let Some(or) = self.take(|kind| *kind == Kind::Or) {
            parts.push(self.all(or.span)?);
        }
        if parts.len() > 1 {
            for part in &parts {
                positive(self.source, part)?;
            }
            if let Some(part) = parts
                .iter()
                .find(|part| part.bare && matches!(part.node, Node::And(_) | Node::Words(_)))
            {
                let said = self.source.text.get(part.span.clone()).unwrap_or_default();
                let message =
                    format!("words side by side bind tighter than OR: read as ({said}) OR …");
                self.notes.add("precedence", part.span.clone(), message);
            }
        }
        Ok(join(parts, Node::Or))
    }

    /// Parts side by side, with or without `AND`, behind what stands at `after`.
    fn all(&mut self, after: Range<usize>) -> Result<Part, Fault> {
        let mut parts: Vec<Part> = Vec::new();
        let mut explicit = false;
        let mut and: Option<Range<usize>> = None;
        loop {
            match self.peek() {
                None | Some(Kind::Or | Kind::Close(_) | Kind::Comma) => break,
                Some(Kind::And) => {
                    let span = self.tokens.next().map_or(0..0, |token| token.span);
                    if parts.is_empty() || and.is_some() {
                        return Err(self.missing(span));
                    }
                    and = Some(span);
                }
                Some(_) => {
                    let before = parts.last().map_or(after.clone(), |part| part.span.clone());
                    let part = self.proximity(before)?;
                    let is_not = matches!(part.node, Node::Not(_));
                    if let (None, Some(last)) = (&and, parts.last())
                        && !is_not
                    {
                        let proximity = |part: &Part| {
                            part.bare && matches!(part.node, Node::Near { .. } | Node::Same { .. })
                        };
                        let pair = [last, &part];
                        if let Some(part) = pair.into_iter().find(|part| proximity(part)) {
                            let said = self.source.text.get(part.span.clone()).unwrap_or_default();
                            let message = format!(
                                "only the parts directly beside it are joined: read as ({said}); \
                                 put words that belong together in quotation marks"
                            );
                            self.notes.add("precedence", part.span.clone(), message);
                        }
                    }
                    explicit |= and.take().is_some() && !is_not;
                    parts.push(part);
                }
            }
        }
        if let Some(span) = and {
            return Err(self.missing(span));
        }
        if parts.is_empty() {
            let culprit = match self.tokens.peek() {
                Some(token) if after.is_empty() || token.kind == Kind::Comma => token.span.clone(),
                _ => after,
            };
            return Err(self.missing(culprit));
        }
        if let ([first, .., last], true) =
            (&*parts, parts.iter().all(|part| matches!(part.node, Node::Not(_))))
        {
            return Err(only_negative(self.source, first.span.start..last.span.end));
        }
        Ok(join(parts, if explicit { Node::And } else { Node::Words }))
    }

    /// `… NEAR/5 …`: a chain of one operator.
    fn proximity(&mut self, after: Range<usize>) -> Result<Part, Fault> {
        let mut parts = vec![self.negation(after)?];
        let mut chain: Option<Proximity> = None;
        // Where the chain changes its operator: the ends of what to put in parentheses.
        let mut changes: Vec<Range<usize>> = Vec::new();
        let mut ends: Vec<usize> = Vec::new();
        while let Some(token) = self.take(|kind| matches!(kind, Kind::Proximity(_))) {
            let Kind::Proximity(operator) = token.kind else { break };
            if chain.is_some_and(|chain| chain != operator) {
                changes.push(token.span.clone());
                ends.push(parts.last().map_or(0, |part| part.span.end));
            }
            chain = Some(operator);
            let part = self.negation(token.span.clone())?;
            for operand in [parts.last(), Some(&part)].into_iter().flatten() {
                self.check_operand(operand, &operator.to_string())?;
            }
            parts.push(part);
            if let Proximity::Near { ordered: false, .. } = operator
                && parts.len() > limits::MAX_UNORDERED
            {
                let message = format!(
                    "NEAR joins at most {} parts in one chain; put some of them in parentheses or \
                     in a phrase",
                    limits::MAX_UNORDERED
                );
                return Err(Fault::new("too_many_operands", token.span, message));
            }
        }
        let Some(operator) = chain else { return Ok(join(parts, Node::Words)) };
        if let (Some(change), Some(first)) = (changes.first(), parts.first()) {
            let mut hint = String::new();
            let mut from = 0;
            let opens = std::iter::once((first.span.start, "(".repeat(ends.len())));
            for (at, marks) in opens.chain(ends.iter().map(|end| (*end, ")".to_owned()))) {
                hint.push_str(self.source.text.get(from..at).unwrap_or_default());
                hint.push_str(&marks);
                from = at;
            }
            hint.push_str(self.source.text.get(from..).unwrap_or_default());
            let message = "two different operators of proximity stand side by side; put one of \
                           them in parentheses";
            return Err(Fault::new("mixed_proximity", change.clone(), message).hint(hint));
        }
        Ok(join(parts, |operands| match operator {
            Proximity::Near { distance, ordered } => Node::Near { distance, ordered, operands },
            Proximity::Same(unit) => Node::Same { unit, operands },
        }))
    }

    /// Checks that `part` has places in the text, which `operator` needs.
    fn check_operand(&self, part: &Part, operator: &str) -> Result<(), Fault> {
        if has_places(&part.node) {
            return Ok(());
        }
        let said = self.source.text.get(part.span.clone()).unwrap_or_default();
        let message = format!(
            "{operator} takes words, phrases and alternatives in parentheses, not {}",
            quoted(said)
        );
        let mut fault = Fault::new("bad_operand", part.span.clone(), message);
        if let Node::Words(nodes) | Node::And(nodes) = &part.node {
            let words: Option<Vec<PhrasePart>> = nodes
                .iter()
                .map(|node| match node {
                    Node::Word(word) | Node::Exact(word) => Some(PhrasePart::Word(word.clone())),
                    Node::Pattern(pattern) => Some(PhrasePart::Pattern(pattern.clone())),
                    _ => None,
                })
                .collect();
            if let Some(parts) = words {
                let phrase = Node::Phrase { parts, slop: 0 }.to_string();
                fault = fault.hint(self.source.splice(&part.span, &phrase));
            }
            let any = format!("({})", Node::Or(nodes.clone()));
            fault = fault.hint(self.source.splice(&part.span, &any));
        }
        Err(fault)
    }

    /// `NOT …`, `-…`
    fn negation(&mut self, after: Range<usize>) -> Result<Part, Fault> {
        let mut nots = 0;
        let mut start = None;
        let mut after = after;
        while let Some(not) = self.take(|kind| *kind == Kind::Not) {
            nots += 1;
            start.get_or_insert(not.span.start);
            after = not.span;
        }
        let mut part = self.primary(after)?;
        let Some(start) = start else { return Ok(part) };
        part.span.start = start;
        part.bare = true;
        for _ in 0..nots {
            part.node = match part.node {
                Node::Not(node) => {
                    let message = "two negations cancel each other".to_owned();
                    self.notes.read_as(part.span.clone(), message);
                    *node
                }
                node => Node::Not(Box::new(node)),
            };
        }
        Ok(part)
    }

    /// A word, a phrase, a field, a date, or something in parentheses.
    fn primary(&mut self, after: Range<usize>) -> Result<Part, Fault> {
        let is_primary = |kind: &Kind| {
            matches!(
                kind,
                Kind::Leaf(_)
                    | Kind::Date(_)
                    | Kind::Field(_)
                    | Kind::Open
                    | Kind::AtLeast(_)
                    | Kind::Of(_)
            )
        };
        let Some(Token { kind, span }) = self.take(is_primary) else {
            let operator = self.tokens.peek().filter(|token| {
                matches!(token.kind, Kind::Proximity(_))
                    && self
                        .source
                        .text
                        .get(after.clone())
                        .is_none_or(|it| it.is_empty() || it == "(" || it == ",")
            });
            let culprit = operator.map_or(after, |token| token.span.clone());
            return Err(self.missing(culprit));
        };
        let leaf = |node, span| Part { node, span, bare: true };
        match kind {
            Kind::Date(_) | Kind::Field(_) if self.within.is_some() => {
                let outer = self.within.map_or("", Field::name);
                let message = format!("a field or date cannot stand within {outer}:(…)");
                Err(Fault::new("nested_field", span, message))
            }
            Kind::Leaf(node) => {
                self.check_value(&node, &span)?;
                Ok(leaf(node, span))
            }
            Kind::Date(range) => Ok(leaf(Node::Date(range), span)),
            Kind::Field(field) => self.field(field, span),
            Kind::AtLeast(count) => {
                if let Some(Kind::AtLeast(_) | Kind::Not) = self.peek() {
                    return Err(self.missing(span));
                }
                let part = self.primary(span.clone())?;
                let operator = format!("atleast/{count}");
                self.check_operand(&part, &operator)?;
                let node = Node::AtLeast { count, node: Box::new(part.node) };
                Ok(leaf(node, span.start..part.span.end))
            }
            Kind::Of(count) => self.quorum(count, span),
            _ => self.group(span),
        }
    }

    /// What stands behind `(`, which stands at `open`, with its `)`.
    fn group(&mut self, open: Range<usize>) -> Result<Part, Fault> {
        let inner = self.alternatives(open.clone())?;
        let (factor, end) = self.close(&inner.span)?;
        let mut part = Part { node: inner.node, span: open.start..end, bare: false };
        if let Some(factor) = factor {
            positive(self.source, &part)?;
            part.node = Node::Boost { node: Box::new(part.node), factor };
        }
        Ok(part)
    }

    /// Takes `)` behind what stands at `inner`: its factor and where it ends.
    fn close(&mut self, inner: &Range<usize>) -> Result<(Option<f32>, usize), Fault> {
        match self.tokens.next() {
            Some(Token { kind: Kind::Close(factor), span }) => Ok((factor, span.end)),
            // The scanner has balanced the parentheses.
            Some(token) => Err(self.missing(token.span)),
            None => Err(self.missing(inner.clone())),
        }
    }

    fn field(&mut self, field: Field, span: Range<usize>) -> Result<Part, Fault> {
        self.within = Some(field);
        let part = self.primary(span.clone());
        self.within = None;
        let mut part = part.map_err(|fault| self.words_instead(field, &span, fault))?;
        positive(self.source, &part)?;
        concept::check_field(self.source, field, &part.node, &part.span)?;
        let value = match &part.node {
            Node::Boost { node, .. } => node,
            node => node,
        };
        if scan::is_whole(field) && !is_value(value) {
            let message =
                format!("{}: takes values, and alternatives of them in parentheses", field.name());
            return Err(Fault::new("bad_value", part.span, message));
        }
        if matches!(part.node, Node::Boost { .. })
            && !matches!(field, Field::Title | Field::Heading)
        {
            let message =
                format!("{}: is a condition, to which a weight adds nothing", field.name());
            self.notes.read_as(span.start..part.span.end, message);
        }
        let (mut node, factor) = match part.node {
            Node::Boost { node, factor } => (*node, Some(factor)),
            node => (node, None),
        };
        if field == Field::Language {
            node = self.language(node, &part.span)?;
        }
        part.span.start = span.start;
        part.bare = true;
        let node = Node::Field { field, node: Box::new(node) };
        part.node = match factor {
            Some(factor) => Node::Boost { node: Box::new(node), factor },
            None => node,
        };
        Ok(part)
    }

    /// `fault`, of a value of `field` that stands at `span`; of `cites:` with the value as a phrase
    /// to search for.
    fn words_instead(&self, field: Field, span: &Range<usize>, fault: Fault) -> Fault {
        let value = self.source.text.get(fault.span.clone()).unwrap_or_default();
        if field != Field::Cites || fault.span.start != span.end || value.contains('~') {
            return fault;
        }
        let phrase = format!("\"{}\"", value.trim_matches(['"', '=', '\\']));
        let hint = self.source.splice(&(span.start..fault.span.end), &phrase);
        fault.hint(hint)
    }

    /// Checks a word or a phrase that is a value of the field whose parentheses are open.
    fn check_value(&self, node: &Node, span: &Range<usize>) -> Result<(), Fault> {
        let Some(field) = self.within.filter(|field| scan::is_whole(*field)) else {
            return Ok(());
        };
        let node = match node {
            Node::Boost { node, .. } => node,
            node => node,
        };
        let instead = match node {
            Node::Fuzzy { word, .. } => Node::Word(word.clone()),
            Node::Phrase { parts, slop } if *slop > 0 => {
                Node::Phrase { parts: parts.clone(), slop: 0 }
            }
            node => return if field == Field::Cites { cited(node, span) } else { Ok(()) },
        };
        let message = format!("{}: takes values as they are, without ~", field.name());
        let hint = self.source.splice(span, &instead.to_string());
        Err(Fault::new("bad_value", span.clone(), message).hint(hint))
    }

    /// The value of `lang:` with the codes as the index has them.
    fn language(&mut self, node: Node, span: &Range<usize>) -> Result<Node, Fault> {
        let fail = |text: &str| {
            let message = format!(
                "{} is not the code of a language; codes have two or three letters, such as en",
                quoted(text)
            );
            let codes: Vec<&str> = text
                .split([',', '/', '+', '|', ' '])
                .filter_map(|it| code_of(it).or((it.len() == 2).then_some(it)))
                .collect();
            let mut fault = Fault::new("unknown_language", span.clone(), message);
            if let [_, _, ..] = *codes {
                let any = format!("({})", codes.join(" OR "));
                fault = fault.hint(self.source.splice(span, &any));
            }
            if let Some(code) = codes.first() {
                fault = fault.hint(self.source.splice(span, code)).hint(format!("lang:{code}"));
            }
            fault
        };
        let word = match &node {
            Node::Word(word)
            | Node::Exact(word)
            | Node::Pattern(word)
            | Node::Fuzzy { word, .. } => word.as_str(),
            Node::Phrase { parts, .. } => match &**parts {
                [PhrasePart::Word(word)] => word,
                _ => return Err(fail(self.source.text.get(span.clone()).unwrap_or_default())),
            },
            Node::Or(_) | Node::Words(_) | Node::And(_) | Node::Not(_) => {
                return self.languages(node, span);
            }
            _ => return Err(fail(self.source.text.get(span.clone()).unwrap_or_default())),
        };
        match (Language::named(word), &node) {
            (Ok(language), Node::Word(_) | Node::Exact(_) | Node::Phrase { .. }) => {
                if word.len() > 3 {
                    let message = format!(
                        "articles are told apart by language, not by region: {} is read as {language}",
                        quoted(word)
                    );
                    self.notes.read_as(span.clone(), message);
                }
                Ok(Node::Word(language.to_string()))
            }
            _ => Err(fail(word)),
        }
    }

    /// The same for several codes in parentheses.
    fn languages(&mut self, node: Node, span: &Range<usize>) -> Result<Node, Fault> {
        let each = |parser: &mut Self, nodes: Vec<Node>| {
            nodes.into_iter().map(|node| parser.language(node, span)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match node {
            Node::Words(nodes) if !nodes.iter().any(|node| matches!(node, Node::Not(_))) => {
                let message = "an article has one language: any of these is looked for".to_owned();
                self.notes.read_as(span.clone(), message);
                Node::Or(each(self, nodes)?)
            }
            Node::Words(nodes) => Node::Words(each(self, nodes)?),
            Node::And(nodes) => Node::And(each(self, nodes)?),
            Node::Or(nodes) => Node::Or(each(self, nodes)?),
            Node::Not(node) => Node::Not(Box::new(self.language(*node, span)?)),
            node => node,
        })
    }

    /// `2 OF (a, b, c)`; the operator stands at `span`.
    fn quorum(&mut self, count: u32, span: Range<usize>) -> Result<Part, Fault> {
        let open = self.take(|kind| *kind == Kind::Open).map_or(span.clone(), |token| token.span);
        let mut parts = vec![self.alternatives(open.clone())?];
        while let Some(comma) = self.take(|kind| *kind == Kind::Comma) {
            parts.push(self.alternatives(comma.span)?);
        }
        for part in &parts {
            positive(self.source, part)?;
        }
        let (factor, end) = self.close(&open)?;
        let whole = span.start..end;
        let most = u32::try_from(parts.len()).unwrap_or(u32::MAX).min(limits::MAX_COUNT);
        if !(1..=most).contains(&count) {
            let message = format!("{count} of {} parts cannot match", parts.len());
            let mut fault = Fault::new("count_out_of_range", whole.clone(), message);
            if let [Part { node: Node::Words(nodes), .. }] = &*parts {
                let listed = Node::Of { count, nodes: nodes.clone() }.to_string();
                fault = fault.hint(self.source.splice(&whole, &listed));
            }
            let digits = span.start..span.start + count_digits(self.source.text, span.start);
            let count = count.clamp(1, most).to_string();
            return Err(fault.hint(self.source.splice(&digits, &count)));
        }
        let nodes = parts.into_iter().map(|part| part.node).collect();
        let node = Node::Of { count, nodes };
        let node = match factor {
            Some(factor) => Node::Boost { node: Box::new(node), factor },
            None => node,
        };
        Ok(Part { node, span: whole, bare: true })
    }
}

/// Fails if a value of `cites:`, at `span`, is no number or identifier of an instrument.
fn cited(node: &Node, span: &Range<usize>) -> Result<(), Fault> {
    let value = match node {
        Node::Word(value) | Node::Exact(value) => value.clone(),
        Node::Phrase { parts, .. } => {
            let words = parts.iter().map(|part| match part {
                PhrasePart::Word(word) => Some(word.as_str()),
                PhrasePart::Pattern(_) | PhrasePart::Any => None,
            });
            match words.collect::<Option<Vec<_>>>() {
                Some(words) => words.join(" "),
                None => return Ok(()),
            }
        }
        _ => return Ok(()),
    };
    if !citation::meant(&value).is_empty() {
        return Ok(());
    }
    let message = format!(
        "{} is no number or identifier of an instrument, as in cites:32024R1689, \
         cites:\"Regulation (EU) 2024/1689\" or cites:\"H.R. 1234\"; look for a name as words",
        quoted(&value)
    );
    Err(Fault::new("bad_value", span.clone(), message))
}

/// Whether a node is a value, or alternatives, conditions and negations of values.
fn is_value(node: &Node) -> bool {
    match node {
        Node::Word(_) | Node::Exact(_) | Node::Pattern(_) | Node::Phrase { .. } => true,
        Node::Or(nodes) | Node::And(nodes) | Node::Words(nodes) => nodes.iter().all(is_value),
        Node::Not(node) => is_value(node),
        _ => false,
    }
}

/// How many digits stand in `text` from byte `start` on.
fn count_digits(text: &str, start: usize) -> usize {
    text.bytes().skip(start).take_while(u8::is_ascii_digit).count()
}

/// The one part, or all of them as `kind`.
fn join(mut parts: Vec<Part>, kind: impl FnOnce(Vec<Node>) -> Node) -> Part {
    match (parts.pop(), parts.first().map(|part| part.span.start)) {
        (Some(last), Some(start)) => {
            let span = start..last.span.end;
            parts.push(last);
            let nodes = parts.into_iter().map(|part| part.node).collect();
            Part { node: kind(nodes), span, bare: true }
        }
        (Some(only), None) => only,
        // Every caller has one part at least.
        (None, _) => Part { node: kind(Vec::new()), span: 0..0, bare: true },
    }
}

/// Whether a node matches at places in the text, so that their distance can be asked for.
fn has_places(node: &Node) -> bool {
    match node {
        Node::Word(_)
        | Node::Exact(_)
        | Node::Pattern(_)
        | Node::Fuzzy { .. }
        | Node::Phrase { .. }
        | Node::Concept { .. }
        | Node::Near { .. }
        | Node::Same { .. } => true,
        Node::Or(nodes) => nodes.iter().all(has_places),
        Node::Boost { node, .. } => has_places(node),
        Node::Words(_)
        | Node::And(_)
        | Node::Not(_)
        | Node::AtLeast { .. }
        | Node::Of { .. }
        | Node::Field { .. }
        | Node::Date(_) => false,
    }
}

/// Fails if `part` says only what is not asked for.
fn positive(source: &Source<'_>, part: &Part) -> Result<(), Fault> {
    match &part.node {
        Node::Not(_) => Err(only_negative(source, part.span.clone())),
        _ => Ok(()),
    }
}

fn only_negative(source: &Source<'_>, span: Range<usize>) -> Fault {
    let message = "this only says what is not asked for; ask for something as well";
    let said = source.text.get(span.clone()).unwrap_or_default();
    let beside = source.splice(&span, &format!("(AI {said})"));
    let alone = format!("AI {said}");
    let fault = Fault::new("only_negative", span.clone(), message);
    if said.len() == source.text.trim().len() { fault.hint(alone) } else { fault.hint(beside) }
}
