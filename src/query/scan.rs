//! The tokens of a query: words, phrases, operators and parentheses, each with its place.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::names::Name;
use super::operator::{self, Operator, Proximity, Sense};
use super::source::{Fault, Notes, Source, quoted};
use super::word::{self, Chunk};
use super::{Field, Node, PhrasePart, call, dates, limits, quotes};
use crate::Vocabulary;
use crate::date::DateRange;

/// A token with its place in the text, in bytes.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What a token is.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    /// A word or a phrase, perhaps with a boost.
    Leaf(Node),
    /// `date:2025`
    Date(DateRange),
    /// `title:`, directly before a leaf or a parenthesis.
    Field(Field),
    Open,
    /// `)`, with the factor of a boost behind it.
    Close(Option<f32>),
    /// The comma of `2 OF (a, b)`.
    Comma,
    And,
    Or,
    Not,
    Proximity(Proximity),
    AtLeast(u32),
    /// `2 OF`, directly before a parenthesis.
    Of(u32),
    /// An operator if it stands between two parts, else this leaf, or nothing.
    Between(Operator, Option<Node>),
}

/// What the parentheses around a place make of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Group {
    /// Whether commas part its items.
    pub(super) list: bool,
    /// Whether its words are paths.
    pub(super) path: bool,
    /// Whether its words are values that are compared as a whole, as paths are.
    pub(super) whole: bool,
    /// Whether ET, UND and their like can be operators although no letter is lower-case: a word
    /// that is written out must be read as one wherever it stands.
    pub(super) mixed_case: bool,
}

impl Group {
    /// What `field` makes of the words behind it.
    pub(super) fn of(field: Field) -> Group {
        let whole = is_whole(field);
        Group { path: field == Field::Path, whole, ..Group::default() }
    }
}

/// Whether the values of a field are compared as a whole, not word by word.
pub(super) fn is_whole(field: Field) -> bool {
    match field {
        Field::Language | Field::Kind | Field::Jurisdiction | Field::Cites | Field::Path => true,
        Field::Title | Field::Heading | Field::Author | Field::Source | Field::Tag => false,
    }
}

/// Cuts a text into tokens; parentheses are balanced in the result.
pub(super) fn scan(
    source: &Source<'_>,
    base: Group,
    vocabulary: Option<&Vocabulary>,
    notes: &mut Notes,
) -> Result<Vec<Token>, Fault> {
    let mut scanner = Scanner {
        source,
        vocabulary,
        notes,
        base,
        i: 0,
        open: Vec::new(),
        tokens: Vec::new(),
        glued: FxHashMap::default(),
        last_mark: FxHashMap::default(),
        mixed_case: base.mixed_case || source.text.chars().any(char::is_lowercase),
        single: None,
    };
    scanner.survey();
    scanner.run()?;
    Ok(scanner.tokens)
}

pub(super) struct Scanner<'s> {
    pub(super) source: &'s Source<'s>,
    /// The concepts that are known; the shipped ones if none are given.
    pub(super) vocabulary: Option<&'s Vocabulary>,
    pub(super) notes: &'s mut Notes,
    base: Group,
    /// The next character.
    pub(super) i: usize,
    /// The parentheses that are open, with the characters at which they stand.
    open: Vec<(Group, usize)>,
    tokens: Vec<Token>,
    /// For each `(` with its `)` in the same stretch without spaces or quotation marks: that.
    glued: FxHashMap<usize, usize>,
    /// For each quotation mark the last character at which it stands.
    last_mark: FxHashMap<char, usize>,
    mixed_case: bool,
    /// Where a word started with a single quotation mark.
    single: Option<usize>,
}

impl<'s> Scanner<'s> {
    /// Finds glued parentheses and the last quotation marks, so that neither is searched twice.
    fn survey(&mut self) {
        let mut open = Vec::new();
        for (i, it) in self.source.chars.iter().enumerate() {
            if it.plain {
                continue;
            }
            if it.is_space() || quotes::is_mark(it.c) && !self.is_gershayim(i) {
                open.clear();
            }
            match it.c {
                '(' => open.push(i),
                ')' => {
                    if let Some(start) = open.pop() {
                        self.glued.insert(start, i);
                    }
                }
                '‘' => {
                    self.last_mark.insert(it.c, i);
                }
                c if quotes::is_mark(c) && !self.is_gershayim(i) => {
                    self.last_mark.insert(c, i);
                }
                _ => {}
            }
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        while let Some(it) = self.source.get(self.i) {
            let i = self.i;
            if it.is_space() {
                self.i += 1;
            } else if it.is('(') {
                self.open_group(self.group())?;
            } else if it.is(')') {
                self.close_group()?;
            } else if it.is(',') && self.group().list {
                self.i += 1;
                self.push(Kind::Comma, i);
            } else if self.closers(i).is_some() {
                self.phrase(i, false)?;
            } else if (it.is('-') || it.is('!')) && self.is_negation(i) {
                self.i += 1;
                self.push(Kind::Not, i);
                if it.c == '!' {
                    self.notes.read_as(self.source.span(i, i + 1), "“!” is read as NOT".into());
                }
            } else if !self.concept(i)? && !self.named(i)? {
                self.chunk(i, i, false)?;
            }
        }
        let Some((_, last)) = self.open.last() else { return Ok(()) };
        let message = "this parenthesis is not closed";
        let closed = format!("{}{}", self.source.text.trim_end(), ")".repeat(self.open.len()));
        let span = self.source.span(*last, last + 1);
        let without = self.source.without(&span);
        Err(Fault::new("unclosed_parenthesis", span, message).hint(closed).hint(without))
    }

    /// The innermost parentheses around the next character.
    pub(super) fn group(&self) -> Group {
        self.open.last().map_or(self.base, |(group, _)| *group)
    }

    /// Adds a token from character `from` to the next one.
    pub(super) fn push(&mut self, kind: Kind, from: usize) {
        self.tokens.push(Token { kind, span: self.source.span(from, self.i) });
    }

    fn last(&self) -> Option<&Kind> {
        self.tokens.last().map(|token| &token.kind)
    }

    fn open_group(&mut self, group: Group) -> Result<(), Fault> {
        let i = self.i;
        if self.open.len() == limits::MAX_DEPTH {
            let message = format!("more than {} parentheses are open here", limits::MAX_DEPTH);
            return Err(Fault::new("too_deep", self.source.span(i, i + 1), message));
        }
        let list = matches!(self.last(), Some(Kind::Of(_)));
        self.open.push((Group { list, ..group }, i));
        self.i += 1;
        self.push(Kind::Open, i);
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), Fault> {
        let i = self.i;
        self.i += 1;
        let Some((group, start)) = self.open.pop() else {
            let span = self.source.span(i, i + 1);
            let hint = self.source.without(&span);
            let escaped = self.source.splice(&span, "\\)");
            let message = "no parenthesis is open here";
            return Err(Fault::new("stray_parenthesis", span, message).hint(hint).hint(escaped));
        };
        let factor = self.factor()?;
        if self.source.is(self.i, '~') && self.source.is_digit(self.i + 1) {
            let span = self.source.span(self.i, self.suffix_end(self.i + 1));
            let message = "~ stands behind a word or a phrase, not behind a parenthesis";
            let hint = self.source.without(&span);
            return Err(Fault::new("invalid_distance", span, message).hint(hint));
        }
        if self.last() != Some(&Kind::Open) {
            self.push(Kind::Close(factor), i);
            return Ok(());
        }
        self.tokens.pop();
        let span = self.source.span(start, self.i);
        match self.last() {
            Some(Kind::Field(_)) => Err(self.missing_value()),
            Some(Kind::Of(_)) if group.list => {
                Err(Fault::new("missing_operand", span, "there is nothing between the parentheses"))
            }
            _ => {
                self.nothing(start);
                Ok(())
            }
        }
    }

    /// Leaves out what stands from `start` to the next character, and a `-` or `!` directly before.
    fn nothing(&mut self, mut start: usize) {
        while start > 0
            && (self.source.is(start - 1, '-') || self.source.is(start - 1, '!'))
            && self.last() == Some(&Kind::Not)
        {
            start -= 1;
            self.tokens.pop();
        }
        self.notes.ignored(self.source.span(start, self.i), self.source.raw(start, self.i));
    }

    /// The error for the field that is the last token and has no value up to the next character.
    fn missing_value(&self) -> Fault {
        let span = self.tokens.last().map_or(0..0, |token| token.span.clone());
        let whole = span.start..self.source.span(self.i, self.i).end;
        missing_value(self.source, span, whole)
    }

    /// Takes `^2` behind a phrase or a parenthesis.
    pub(super) fn factor(&mut self) -> Result<Option<f32>, Fault> {
        if !self.source.is(self.i, '^') {
            return Ok(None);
        }
        let start = self.i + 1;
        let mut end = start;
        while self.source.is_digit(end) || self.source.is(end, '.') {
            end += 1;
        }
        if self.source.is(end.saturating_sub(1), '.') {
            end -= 1;
        }
        let number = self.source.raw(start, end);
        if number.is_empty() && self.is_number_end(start) {
            return Ok(None);
        }
        if !word::is_decimal(number) || !self.is_number_end(end) {
            let span = self.source.span(self.i, self.suffix_end(start));
            return Err(word::boost_range(self.source, span));
        }
        let span = self.source.span(self.i, end);
        self.i = end;
        word::factor(number).map(Some).ok_or_else(|| word::boost_range(self.source, span))
    }

    /// Whether the `-` or `!` at `i` starts a part and stands directly before one.
    fn is_negation(&self, i: usize) -> bool {
        let starts = i.checked_sub(1).is_none_or(|before| {
            self.source.is_space(before)
                || self.source.is(before, '(')
                || self.source.is(before, ',') && self.group().list
        });
        let next = self.source.get(i + 1);
        starts
            && next.is_some_and(|it| {
                it.is_word()
                    || it.is('(')
                    || it.plain
                    || it.is('*')
                    || self.source.is(i, '-') && it.is('=')
                    || self.is_concept(i + 1)
                    || self.closers(i + 1).is_some()
            })
    }

    /// The marks that close a phrase which the mark at `i` opens; none if it opens none. Empty if
    /// it should and none follows.
    pub(super) fn closers(&self, i: usize) -> Option<&'static [char]> {
        let it = self.source.get(i).filter(|it| !it.plain)?;
        let opener = quotes::opener(it.c)?;
        if self.is_gershayim(i) {
            return None;
        }
        let follows = |marks: &[char]| {
            marks.iter().any(|mark| self.last_mark.get(mark).is_some_and(|last| *last > i))
        };
        if follows(opener.closers) {
            Some(opener.closers)
        } else if follows(opener.substitutes) {
            Some(opener.substitutes)
        } else if it.c == quotes::LOW_SINGLE {
            None
        } else {
            Some(&[])
        }
    }

    fn is_gershayim(&self, i: usize) -> bool {
        let (Some(before), Some(after)) =
            (i.checked_sub(1).and_then(|before| self.source.get(before)), self.source.get(i + 1))
        else {
            return false;
        };
        self.source.is(i, '"') && quotes::is_gershayim(before.c, after.c)
    }

    /// Reads the phrase that the mark at `i` opens.
    fn phrase(&mut self, i: usize, value: bool) -> Result<(), Fault> {
        let closers = self.closers(i).unwrap_or_default();
        let closes = |scanner: &Self, j| {
            scanner.source.get(j).is_none_or(|it| !it.plain && closers.contains(&it.c))
                && !scanner.is_gershayim(j)
        };
        let mut end = i + 1;
        while !closes(self, end) {
            end += 1;
        }
        if end >= self.source.len() {
            return Err(self.unclosed_quote(i));
        }
        let mut parts = Vec::new();
        let mut from = self.source.skip_spaces(i + 1);
        let mut inner_marks = false;
        while from < end {
            let mut to = from;
            while to < end && !self.source.is_space(to) {
                inner_marks |=
                    self.source.get(to).is_some_and(|it| !it.plain && quotes::is_mark(it.c))
                        && !self.is_gershayim(to);
                to += 1;
            }
            let chunk = self.chunk_of(from, to);
            match chunk.phrase_part(self.notes)? {
                Some(part) => parts.push((part, chunk)),
                None => self.notes.ignored(chunk.span(), chunk.raw()),
            }
            if parts.len() > limits::MAX_PHRASE_WORDS {
                let message = format!("a phrase has at most {} words", limits::MAX_PHRASE_WORDS);
                return Err(Fault::new("phrase_too_long", self.source.span(i, end + 1), message));
            }
            from = self.source.skip_spaces(to);
        }
        if inner_marks {
            let message = "the quotation marks within the phrase are read as punctuation";
            self.notes.read_as(self.source.span(i, end + 1), message.into());
        }
        self.i = end + 1;
        let mut slop = self.slop()?;
        let factor = self.factor()?;
        if slop.is_none() && factor.is_some() {
            slop = self.slop()?;
        }
        if parts.iter().all(|(part, _)| *part == PhrasePart::Any) {
            if value {
                return Err(self.missing_value());
            }
            self.nothing(i);
            return Ok(());
        }
        let parts = if self.is_whole() {
            parts.into_iter().map(|(part, _)| part).collect()
        } else {
            self.without_open_ends(parts)?
        };
        let phrase = Node::Phrase { parts, slop: slop.unwrap_or(0) };
        let node = match factor {
            Some(factor) => Node::Boost { node: Box::new(phrase), factor },
            None => phrase,
        };
        self.push(Kind::Leaf(node), i);
        Ok(())
    }

    /// The parts of a phrase without the stars that stand for a whole word before the first word or
    /// behind the last: that a word stands there says nothing.
    fn without_open_ends(
        &mut self,
        parts: Vec<(PhrasePart, Chunk<'s>)>,
    ) -> Result<Vec<PhrasePart>, Fault> {
        let is_open = |(part, _): &(PhrasePart, Chunk<'s>)| *part == PhrasePart::Any;
        let first = parts.iter().position(|it| !is_open(it)).unwrap_or(0);
        let last = parts.iter().rposition(|it| !is_open(it)).unwrap_or(0);
        let mut kept = Vec::with_capacity(parts.len());
        for (at, (part, chunk)) in parts.into_iter().enumerate() {
            if !(first..=last).contains(&at) {
                let message = "“*” at the edge of a phrase asks for nothing and is left out";
                self.notes.add("ignored", chunk.span(), message.into());
                continue;
            }
            kept.push(match part {
                PhrasePart::Pattern(pattern) => {
                    chunk.at_the_edge(pattern, (at == first, at == last), self.notes)?
                }
                part => part,
            });
        }
        Ok(kept)
    }

    /// Takes `~3` behind a phrase.
    fn slop(&mut self) -> Result<Option<u32>, Fault> {
        if !self.source.is(self.i, '~') {
            return Ok(None);
        }
        let mut end = self.i + 1;
        while self.source.is_digit(end) {
            end += 1;
        }
        let digits = self.source.raw(self.i + 1, end);
        if digits.is_empty() || !self.is_number_end(end) {
            let end = self.suffix_end(self.i + 1);
            let span = self.source.span(self.i, end);
            let message = "~ behind a phrase takes the number of further words, such as ~3";
            let said = self.source.raw(self.i, end);
            let number = said.split(|c: char| !c.is_ascii_digit()).find(|it| !it.is_empty());
            let hint = self.source.splice(&span, &format!("~{}", number.unwrap_or("3")));
            return Err(Fault::new("invalid_distance", span, message).hint(hint));
        }
        let span = self.source.span(self.i, end);
        self.i = end;
        let slop = digits.parse().ok().filter(|slop| *slop <= limits::MAX_DISTANCE);
        slop.map(Some).ok_or_else(|| {
            let hint = self.source.splice(&span, &format!("~{}", limits::MAX_DISTANCE));
            operator::too_large(span).hint(hint)
        })
    }

    /// Where what is written for a number ends that should stand at `i`, perhaps behind spaces.
    fn suffix_end(&self, i: usize) -> usize {
        let spaced = self.source.skip_spaces(i);
        let mut end = if self.source.is_digit(spaced) { spaced } else { i };
        while self.source.is(end, '~') || !self.is_number_end(end) {
            end += 1;
        }
        end
    }

    /// Whether a number behind a phrase or a parenthesis may end before `i`.
    fn is_number_end(&self, i: usize) -> bool {
        let mut behind = i;
        while self.source.get(behind).is_some_and(|it| !it.plain && word::ENDS.contains(&it.c)) {
            behind += 1;
        }
        let ends = |it: super::source::Char| {
            it.is_space() || ['(', ')', '^', '~'].into_iter().any(|mark| it.is(mark))
        };
        self.source.get(behind).is_none_or(ends)
            || self.source.is(i, ',') && self.group().list
            || self.closers(behind).is_some()
    }

    fn unclosed_quote(&self, i: usize) -> Fault {
        let span = self.source.span(i, i + 1);
        let message = "this quotation mark is not closed";
        let text = self.source.text.trim_end();
        let mark = self.source.get(i).map_or('"', |it| it.c);
        let closer = quotes::opener(mark).and_then(|it| it.closers.first()).unwrap_or(&'"');
        let closed = format!("{text}{closer}");
        let opened = format!("\"{}", self.source.splice(&span, "\""));
        let without = self.source.without(&span);
        let fault = Fault::new("unclosed_quote", span, message);
        let has_word = self.source.slice(i, self.source.len()).iter().any(|it| it.is_word());
        if has_word { fault.hint(closed).hint(without) } else { fault.hint(opened).hint(without) }
    }

    /// Whether words here are paths: within `path:(…)` or directly behind `path:`.
    fn is_path(&self) -> bool {
        self.group().path || self.last() == Some(&Kind::Field(Field::Path))
    }

    /// Whether words here are values that are compared as a whole.
    fn is_whole(&self) -> bool {
        self.group().whole || matches!(self.last(), Some(Kind::Field(field)) if is_whole(*field))
    }

    fn chunk_of(&self, from: usize, to: usize) -> Chunk<'s> {
        let (path, whole) = (self.is_path(), self.is_whole());
        Chunk { source: self.source, from, to, path, whole }
    }

    /// Reads a field or a date that starts at `i`; false if none does.
    fn named(&mut self, i: usize) -> Result<bool, Fault> {
        let mut colon = i;
        while self
            .source
            .get(colon)
            .is_some_and(|it| !it.plain && (it.c.is_alphabetic() || it.c == '_'))
        {
            colon += 1;
        }
        if colon == i || !self.source.is(colon, ':') {
            return Ok(false);
        }
        let (name, value) = (self.source.raw(i, colon), colon + 1);
        let span = self.source.span(i, value);
        let next = self.source.skip_spaces(value);
        let ends = |at: usize| self.source.get(at).is_none_or(|it| it.is(')'));
        let is_comma = self.source.is(value, ',') && self.group().list;
        let Some(known) = Name::find(name) else {
            let bare = ends(value) || self.source.is_space(value) || is_comma;
            if !bare && !self.source.is(value, '/') {
                self.unknown_field(name, i, colon)?;
            }
            return Ok(false);
        };
        if self.source.is(value, '/') && self.source.is(value + 1, '/') {
            return Ok(false);
        }
        if ends(next) || is_comma {
            return Err(missing_value(self.source, span.clone(), span));
        }
        if next > value {
            let message = format!(
                "{} before a space is read as a word; write {}:… without the space to search there",
                quoted(self.source.raw(i, value)),
                known.written()
            );
            self.notes.read_as_words(span, message);
            return Ok(false);
        }
        self.i = value;
        if known == Name::Concept {
            self.named_concept(i, value)?;
            return Ok(true);
        }
        let Name::Field(field) = known else {
            let end = self.value_end(value);
            let range = dates::read(self.source, known, i, value, end)?;
            self.i = end;
            self.push(Kind::Date(range), i);
            return Ok(true);
        };
        self.misplaced_negation(field, i, value)?;
        self.push(Kind::Field(field), i);
        if self.source.is(value, '(') {
            self.open_group(Group::of(field))?;
        } else if self.closers(value).is_some() {
            self.phrase(value, true)?;
        } else if !self.concept(value)? {
            self.chunk(i, value, true)?;
        }
        Ok(true)
    }

    /// Fails if `-` or `!` stands before the value of `field`, whose name starts at `i`: what is meant
    /// is that the field has not that value.
    fn misplaced_negation(&self, field: Field, i: usize, value: usize) -> Result<(), Fault> {
        let is_mark = self.source.is(value, '-') || self.source.is(value, '!');
        let next = value + 1;
        let is_part = self.source.is_word(next)
            || self.source.is(next, '(')
            || self.source.is(next, '*')
            || self.closers(next).is_some();
        // A path may start with any sign.
        if !is_mark || !is_part || field == Field::Path {
            return Ok(());
        }
        let span = self.source.span(value, next);
        let mark = self.source.raw(value, next);
        let name = field.name();
        let message = format!("“{mark}” stands before the name of a field: -{name}:…");
        let hint = self.source.splice(&self.source.span(i, next), &format!("-{name}:"));
        let beside = format!("AI {}", hint.trim_start());
        Err(Fault::new("misplaced_negation", span, message).hint(hint).hint(beside))
    }

    /// Where the value of a date ends: quotation marks and parentheses that open are part of it, so
    /// that the error shows them.
    fn value_end(&self, mut i: usize) -> usize {
        let list = self.group().list;
        while let Some(it) = self.source.get(i) {
            if it.is_space() || it.is(')') || list && it.is(',') {
                break;
            }
            i += 1;
        }
        i
    }

    /// Notes a name that is no field, or fails where a field was probably meant.
    fn unknown_field(&mut self, name: &str, i: usize, colon: usize) -> Result<(), Fault> {
        let span = self.source.span(i, colon);
        if let Some(near) = Name::near(name) {
            let near = near.written();
            let message = format!(
                "there is no field {}; did you mean {near}? ({name}\\: makes it a word)",
                quoted(name)
            );
            let local = self.source.raw(colon, self.value_end(colon));
            return Err(Fault::new("unknown_field", span.clone(), message)
                .hint(self.source.splice(&span, near))
                .hint(format!("{near}{local}"))
                .hint(self.source.splice(&span, &format!("{name}\\"))));
        }
        let message = format!("{} is no field: read as words", quoted(name));
        self.notes.read_as_words(self.source.span(i, colon + 1), message);
        Ok(())
    }

    /// Reads the stretch without spaces from `from` on; its token starts at `start`, before it if
    /// it is the value of a field.
    fn chunk(&mut self, start: usize, from: usize, value: bool) -> Result<(), Fault> {
        let to = self.chunk_end(from, value);
        self.i = to;
        let chunk = self.chunk_of(from, to);
        if !value && self.operator(&chunk)? {
            return Ok(());
        }
        self.note_single_quotes(from, to);
        self.note_stray_marks(from, to);
        match chunk.leaf(self.notes)? {
            Some(node) => {
                self.push(Kind::Leaf(node), from);
                Ok(())
            }
            None if value => {
                self.i = to;
                Err(self.missing_value())
            }
            None if self.source.is(from, '=') && to == from + 1 && self.closers(to).is_some() => {
                let message = "“=” says nothing before a phrase, which is exact already";
                self.notes.read_as(chunk.span(), message.into());
                Ok(())
            }
            None => {
                self.nothing(start);
                Ok(())
            }
        }
    }

    /// The end of the stretch without spaces that starts at `from`.
    fn chunk_end(&self, from: usize, value: bool) -> usize {
        let list = self.group().list;
        let (mut i, mut has_word, mut has_group) = (from, false, false);
        while let Some(it) = self.source.get(i) {
            if it.is_space() || it.is(')') {
                break;
            }
            let is_number = i > from && self.source.is_digit(i - 1) && self.source.is_digit(i + 1);
            if it.is(',') && list && !is_number {
                break;
            }
            if i > from && it.c != quotes::LOW_SINGLE && self.closers(i).is_some() {
                break;
            }
            if it.is('(') {
                let is_call = !value
                    && !has_group
                    && operator::is_operator(self.source.raw(from, i), self.source);
                match self.glued.get(&i) {
                    Some(close) if has_word && !is_call => i = *close,
                    _ => break,
                }
                has_group = true;
            }
            has_word |= it.is_word();
            i += 1;
        }
        // A mark that neither opens a phrase nor joins a word is passed over.
        i.max(from + 1)
    }

    /// Reads a word of the grammar; false if it is none.
    fn operator(&mut self, chunk: &Chunk<'_>) -> Result<bool, Fault> {
        if self.source.slice(chunk.from, chunk.to).iter().any(|it| it.plain) {
            return Ok(false);
        }
        if self.quorum(chunk)? {
            return Ok(true);
        }
        let (raw, span) = (chunk.raw(), chunk.span());
        if let Some(count) = operator::at_least_glued(raw).filter(|_| self.source.is(chunk.to, '('))
        {
            self.notes.read_as(span, format!("{} is read as atleast/{count}", quoted(raw)));
            self.push(Kind::AtLeast(count), chunk.from);
            return Ok(true);
        }
        let kind = match operator::sense(raw, self.mixed_case, self.source, &span)? {
            None => {
                if self.mixed_case
                    && let Some(instead) = operator::foreign(raw)
                {
                    let message = format!("{} is read as a word; {instead}", quoted(raw));
                    self.notes.read_as_words(span, message);
                }
                return Ok(false);
            }
            Some(Sense::Between(operator)) => {
                // Said only if it turns out to be a word.
                let leaf = chunk.leaf(&mut Notes::default())?;
                Kind::Between(operator, leaf)
            }
            Some(Sense::Form(operator)) => {
                self.notes.read_as(span, format!("{} is read as {operator}", quoted(raw)));
                kind_of(operator)
            }
            Some(Sense::Own(operator)) => kind_of(operator),
        };
        let open = self.source.skip_spaces(chunk.to);
        if let Kind::Proximity(proximity) = kind
            && self.source.is(open, '(')
        {
            let follows = matches!(
                self.last(),
                Some(Kind::Leaf(_) | Kind::Date(_) | Kind::Close(_) | Kind::Between(_, Some(_)))
            );
            call::check(self.source, proximity, (chunk.from, open), follows)?;
        }
        self.push(kind, chunk.from);
        Ok(true)
    }

    /// Reads `2 OF` before a parenthesis.
    fn quorum(&mut self, chunk: &Chunk<'_>) -> Result<bool, Fault> {
        let digits = chunk.raw();
        let is_count = digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
        let near = if is_count { None } else { operator::count_near(digits) };
        if !is_count && near.is_none() {
            return Ok(false);
        }
        let of = self.source.skip_spaces(chunk.to);
        let end = of + 2;
        let open = self.source.skip_spaces(end);
        let word = self.source.raw(of, end);
        if of == chunk.to || !word.eq_ignore_ascii_case("of") || !self.source.is(open, '(') {
            return Ok(false);
        }
        let span = self.source.span(chunk.from, end);
        if let Some(count) = near {
            if word == "OF" {
                let said = quoted(self.source.raw(chunk.from, end));
                let message = format!(
                    "{said} is read as words; the number is a whole one in digits: {count} OF (…)"
                );
                self.notes.read_as_words(span, message);
            }
            return Ok(false);
        }
        if word != "OF" {
            let message = format!("“{word}” is read as a word; {digits} OF (…) is in capitals");
            self.notes.read_as_words(span, message);
            return Ok(false);
        }
        self.i = end;
        self.push(Kind::Of(digits.parse().unwrap_or(u32::MAX)), chunk.from);
        self.i = open;
        self.open_group(self.group())?;
        Ok(true)
    }

    /// Notes a mark that closes a phrase where none is open, and a colon that stands apart from the
    /// name of a field.
    fn note_stray_marks(&mut self, from: usize, to: usize) {
        let closes = |i: &usize| {
            self.source.get(*i).is_some_and(|it| !it.plain && quotes::only_closes(it.c))
        };
        if let Some(at) = (from..to).find(closes) {
            let mark = quoted(self.source.raw(at, at + 1));
            let message = format!("{mark} closes no phrase: read as punctuation");
            self.notes.read_as_words(self.source.span(at, at + 1), message);
        }
        if !self.source.is(from, ':') || !self.source.is_word(from + 1) {
            return;
        }
        let before = self.tokens.last().map_or(0..0, |token| token.span.clone());
        let name = self.source.text.get(before.clone()).unwrap_or_default();
        if let Some(known) = Name::find(name) {
            let span = before.start..self.source.span(from, from + 1).end;
            let message = format!(
                "{} is read as a word; write {}:… without the space to search there",
                quoted(name),
                known.written()
            );
            self.notes.read_as_words(span, message);
        }
    }

    /// Notes a stretch within single quotation marks, which make no phrase.
    fn note_single_quotes(&mut self, from: usize, to: usize) {
        let is_single =
            |i| ['\'', '‘', '’', '`', '´', '‚'].into_iter().any(|mark| self.source.is(i, mark));
        if is_single(from) {
            self.single = Some(from);
        }
        let end = (from..to)
            .rev()
            .find(|i| self.source.get(*i).is_some_and(|it| it.plain || !".,;:!?…".contains(it.c)));
        if let (Some(start), Some(end)) = (self.single, end.filter(|end| is_single(*end)))
            && end > start
        {
            self.single = None;
            let message = "single quotation marks make no phrase; write \"…\" for exact words";
            self.notes.read_as_words(self.source.span(start, end + 1), message.into());
        }
    }
}

pub(super) fn kind_of(operator: Operator) -> Kind {
    match operator {
        Operator::And | Operator::But => Kind::And,
        Operator::Or => Kind::Or,
        Operator::Not => Kind::Not,
        Operator::Proximity(proximity) => Kind::Proximity(proximity),
        Operator::AtLeast(count) => Kind::AtLeast(count),
    }
}

/// The error for the field at `span`, which with its value takes up `whole`.
fn missing_value(source: &Source<'_>, span: Range<usize>, whole: Range<usize>) -> Fault {
    let name = source.text.get(span.clone()).unwrap_or_default().trim_end_matches(':');
    let message = format!("{name}: has no value; write it directly behind the colon");
    Fault::new("missing_value", span, message).hint(source.splice(&whole, name))
}
