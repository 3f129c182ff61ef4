//! One word of a query: which part of what was typed is the word, and what its marks ask for.

use super::source::{Fault, Notes, Source, quoted};
use super::{Node, PhrasePart, limits, quotes};
use crate::analysis::{for_each_token, pattern_tokens};

/// Punctuation that ends a word and is no part of it.
pub(super) const ENDS: &[char] = &[
    '.', ',', ';', ':', '!', '?', '…', '\'', '‘', '’', '‚', '‛', '`', '´', '。', '、', '，', '！',
    '？', '；', '：', '؟', '،', '؛',
];

/// Punctuation that starts a word and is no part of it.
const STARTS: &[char] = &['\'', '‘', '’', '‚', '‛', '`', '´', '¿', '¡', '…', ',', ';', ':', '?'];

/// Marks that would be syntax elsewhere and say nothing at the start of a word.
const IDLE: &[char] = &['-', '+', '!', '=', '~', '^', '|', '&'];

/// A stretch of a query without spaces, from one character to another (exclusive).
#[derive(Clone, Copy)]
pub(super) struct Chunk<'s> {
    pub(super) source: &'s Source<'s>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it is a path, in which punctuation counts.
    pub(super) path: bool,
    /// Whether it is a value, or a part of one, that is compared as a whole.
    pub(super) whole: bool,
}

impl Chunk<'_> {
    /// The part of a query that it is; none if it holds nothing to find.
    pub(super) fn leaf(mut self, notes: &mut Notes) -> Result<Option<Node>, Fault> {
        let whole = self;
        let address = self.is_address();
        self.trim_end(notes);
        let (mut factor, mut edits) = (None, None);
        if !address {
            factor = self.take_factor(notes)?;
            edits = if self.path { None } else { self.take_edits(notes)? };
            self.trim_end(notes);
        }
        let exact = self.take_exact();
        self.trim_start(notes);
        if !(self.slice().iter().any(|it| it.is_word()) || self.path && self.has_wildcard()) {
            return Ok(None);
        }
        let pattern = self.pattern(address)?;
        self.note_marks(address, pattern.is_some(), notes);
        self.note_signs(address, notes);
        self.note_numbers(notes);
        let node = match (edits, pattern) {
            (Some(_), Some(pattern)) => {
                return Err(Fault::new(
                    "fuzzy_wildcard",
                    whole.span(),
                    format!("{} cannot be both fuzzy and a pattern", quoted(whole.raw())),
                )
                .hint(self.source.splice(&whole.span(), &pattern))
                .hint(pattern));
            }
            (Some(distance), None) => {
                let word = self.text();
                self.check_fuzzy(&word)?;
                self.check_one_word(&whole, distance)?;
                if exact {
                    let message = format!("a fuzzy word has many forms: read as {word}~{distance}");
                    notes.read_as(whole.span(), message);
                }
                Node::Fuzzy { word, distance }
            }
            (None, Some(pattern)) => {
                if exact {
                    let message = format!("a pattern has no inflections: read as {pattern}");
                    notes.read_as(whole.span(), message);
                }
                let mut closed = self;
                if !self.whole && closed.close_ends(&pattern, true, true) {
                    notes.add("ignored", whole.span(), closed.open_end(&pattern));
                    match closed.pattern(address)? {
                        Some(pattern) => Node::Pattern(pattern),
                        None => {
                            let parts = vec![PhrasePart::Word(closed.text())];
                            Node::Phrase { parts, slop: 0 }
                        }
                    }
                } else {
                    Node::Pattern(pattern)
                }
            }
            (None, None) if exact => Node::Exact(self.text()),
            (None, None) => Node::Word(self.text()),
        };
        Ok(Some(match factor {
            Some(factor) => Node::Boost { node: Box::new(node), factor },
            None => node,
        }))
    }

    /// The part of a phrase that it is; none if it holds nothing to find.
    pub(super) fn phrase_part(mut self, notes: &mut Notes) -> Result<Option<PhrasePart>, Fault> {
        if (self.from..self.to).all(|i| self.source.is(i, '*')) {
            return Ok(Some(PhrasePart::Any));
        }
        let address = self.trim_in_phrase(notes);
        if !self.slice().iter().any(|it| it.is_word()) {
            return Ok(None);
        }
        self.note_signs(address, notes);
        self.note_numbers(notes);
        Ok(Some(match self.pattern(address)? {
            Some(pattern) => PhrasePart::Pattern(pattern),
            None => PhrasePart::Word(self.text()),
        }))
    }

    /// The part of a phrase that it is where it stands at the start of the phrase (if `front`) or at
    /// its end (if `back`) and is read as `pattern` elsewhere.
    pub(super) fn at_the_edge(
        mut self,
        pattern: String,
        (front, back): (bool, bool),
        notes: &mut Notes,
    ) -> Result<PhrasePart, Fault> {
        let whole = self.span();
        let address = self.trim_in_phrase(&mut Notes::default());
        if !self.close_ends(&pattern, front, back) {
            return Ok(PhrasePart::Pattern(pattern));
        }
        notes.add("ignored", whole, self.open_end(&pattern));
        Ok(match self.pattern(address)? {
            Some(pattern) => PhrasePart::Pattern(pattern),
            None => PhrasePart::Word(self.text()),
        })
    }

    /// Takes punctuation and quotation marks from both sides; says whether this is an address.
    fn trim_in_phrase(&mut self, notes: &mut Notes) -> bool {
        let address = self.is_address();
        let is_mark = |c| quotes::is_mark(c);
        loop {
            let before = (self.from, self.to);
            self.trim_end(notes);
            while self.to > self.from && self.unescaped(self.to - 1).is_some_and(is_mark) {
                self.to -= 1;
            }
            while self.from < self.to
                && self
                    .unescaped(self.from)
                    .is_some_and(|c| is_mark(c) || STARTS.contains(&c) && !self.starts_pattern())
            {
                self.from += 1;
            }
            if before == (self.from, self.to) {
                return address;
            }
        }
    }

    /// Takes stars from the start (if `front`) and the end (if `back`) that stand for words of their
    /// own, as in `non-*`: that a word stands there says nothing. Says whether there were any;
    /// `pattern` is what this is read as.
    fn close_ends(&mut self, pattern: &str, front: bool, back: bool) -> bool {
        let is_open = |token: &&String| token.bytes().all(|b| b == b'*');
        let tokens = pattern_tokens(pattern);
        let before = tokens.iter().take_while(is_open).count();
        let behind = tokens.iter().rev().take_while(is_open).count();
        let (from, to) = (self.from, self.to);
        let is_mark = |it: super::source::Char| !(it.is_word() || it.is('*') || it.is('?'));
        for _ in 0..if front { before } else { 0 } {
            self.take_from_start(is_mark);
            self.take_from_start(|it| it.is('*'));
        }
        for _ in 0..if back { behind } else { 0 } {
            self.take_from_end(is_mark);
            self.take_from_end(|it| it.is('*'));
        }
        if (from, to) == (self.from, self.to) {
            return false;
        }
        self.take_from_start(is_mark);
        self.take_from_end(is_mark);
        true
    }

    fn take_from_start(&mut self, is_taken: impl Fn(super::source::Char) -> bool) {
        while self.from < self.to && self.source.get(self.from).is_some_and(&is_taken) {
            self.from += 1;
        }
    }

    fn take_from_end(&mut self, is_taken: impl Fn(super::source::Char) -> bool) {
        while self.to > self.from && self.source.get(self.to - 1).is_some_and(&is_taken) {
            self.to -= 1;
        }
    }

    /// The note on a pattern that is read as this, without the stars at its edges.
    fn open_end(&self, pattern: &str) -> String {
        format!(
            "“*” at the edge of {} stands for a word, which asks for nothing: read as {}",
            quoted(pattern),
            quoted(self.raw())
        )
    }

    pub(super) fn slice(&self) -> &[super::source::Char] {
        self.source.slice(self.from, self.to)
    }

    pub(super) fn span(&self) -> std::ops::Range<usize> {
        self.source.span(self.from, self.to)
    }

    pub(super) fn raw(&self) -> &str {
        self.source.raw(self.from, self.to)
    }

    /// The characters, without the backslashes.
    pub(super) fn text(&self) -> String {
        self.slice().iter().map(|it| it.c).collect()
    }

    /// The character at `i`, if it is not escaped.
    fn unescaped(&self, i: usize) -> Option<char> {
        self.source.get(i).filter(|it| !it.plain).map(|it| it.c)
    }

    /// Whether this is an address of the web or of a person, where marks are no syntax.
    fn is_address(&self) -> bool {
        let letters = self.slice();
        let has = |text: &str| {
            let wanted: Vec<char> = text.chars().collect();
            letters
                .windows(wanted.len())
                .any(|it| it.iter().map(|it| it.c).eq(wanted.iter().copied()))
        };
        let asks = letters.iter().position(|it| it.is('?'));
        let assigns = letters.iter().rposition(|it| it.is('='));
        let is_at = |it: &[super::source::Char]| matches!(it, [a, at, b] if a.is_word() && at.c == '@' && b.is_word());
        has("://")
            || letters.iter().map(|it| it.c).take(4).eq("www.".chars())
            || letters.windows(3).any(is_at)
            || matches!((asks, assigns), (Some(asks), Some(assigns)) if 0 < asks && asks < assigns)
    }

    /// Takes punctuation from the end, and the stars of Markdown's bold type from both sides.
    fn trim_end(&mut self, notes: &mut Notes) {
        if self.path {
            return;
        }
        let whole = *self;
        let two_stars = |i: usize| self.source.is(i, '*') && self.source.is(i + 1, '*');
        let (mut from, mut to, mut asks) = (self.from, self.to, false);
        loop {
            while let Some(c) = self.unescaped(to.wrapping_sub(1))
                && to > from
                && ENDS.contains(&c)
            {
                to -= 1;
                asks |= c == '?';
            }
            if to < from + 5 || !two_stars(from) || !two_stars(to - 2) {
                break;
            }
            from += 2;
            to -= 2;
        }
        let is_bold = from > self.from;
        (self.from, self.to) = (from, to);
        if !self.slice().iter().any(|it| it.is_word()) {
            return;
        }
        if asks {
            let message = "? at the end of a word is read as punctuation, not as a wildcard";
            notes.read_as_words(self.source.span(to, whole.to), message.into());
        }
        if is_bold {
            let message = format!("the stars of {} are read as bold type", quoted(whole.raw()));
            notes.read_as_words(whole.span(), message);
        }
    }

    /// Takes punctuation, and marks that say nothing here, from the start.
    fn trim_start(&mut self, notes: &mut Notes) {
        if self.path {
            return;
        }
        let start = self.from;
        let mut idle = false;
        while let Some(c) = self.unescaped(self.from).filter(|_| self.from < self.to) {
            let next_is_word = self.from + 1 < self.to && self.source.is_word(self.from + 1);
            if IDLE.contains(&c) {
                idle = true;
            } else if !STARTS.contains(&c) && (c != '.' || next_is_word) || self.starts_pattern() {
                break;
            }
            self.from += 1;
        }
        if idle && self.slice().iter().any(|it| it.is_word()) {
            let marks = quoted(self.source.raw(start, self.from));
            let message = format!("{marks} says nothing here: read as {}", quoted(self.raw()));
            notes.read_as_words(self.source.span(start, self.to), message);
        }
    }

    /// Whether it starts with a `?` that is a wildcard.
    fn starts_pattern(&self) -> bool {
        self.source.is(self.from, '?')
            && self.source.is_word(self.from + 1)
            && self.from + 1 < self.to
    }

    /// Takes `=` from the start.
    fn take_exact(&mut self) -> bool {
        let exact = self.source.is(self.from, '=')
            && self.from + 1 < self.to
            && self.unescaped(self.from + 1).is_none_or(|c| !IDLE.contains(&c));
        if exact {
            self.from += 1;
        }
        exact
    }

    /// Where the last `mark` stands that has a word before it which is not a number: `10^25` and
    /// `10~20` are numbers.
    fn suffix(&self, mark: char) -> Option<usize> {
        let at = self.from + self.slice().iter().rposition(|it| it.is(mark))?;
        let before = self.source.slice(self.from, at);
        let is_mark = |c: char| IDLE.contains(&c) || STARTS.contains(&c) || ENDS.contains(&c);
        let is_number = before.iter().all(|it| it.c.is_ascii_digit() || is_mark(it.c));
        let is_word = before.iter().any(|it| it.is_word() || self.path && it.is('*'));
        (is_word && !is_number).then_some(at)
    }

    /// Takes `^2` from the end.
    fn take_factor(&mut self, notes: &mut Notes) -> Result<Option<f32>, Fault> {
        let Some(at) = self.suffix('^') else { return Ok(None) };
        let number = self.source.raw(at + 1, self.to);
        if number.is_empty() {
            let message = "^ without a number says nothing here".to_owned();
            notes.read_as_words(self.source.span(at, self.to), message);
        } else if !self.path && is_odd_decimal(number) {
            return Err(boost_range(self.source, self.source.span(at, self.to)));
        } else if !is_decimal(number) {
            return Ok(None);
        }
        let span = self.source.span(at, self.to);
        self.to = at;
        if number.is_empty() {
            return Ok(None);
        }
        factor(number).map(Some).ok_or_else(|| boost_range(self.source, span))
    }

    /// Takes `~`, `~1` or `~2` from the end.
    fn take_edits(&mut self, notes: &mut Notes) -> Result<Option<u8>, Fault> {
        let Some(at) = self.suffix('~') else { return Ok(None) };
        let number = self.source.raw(at + 1, self.to);
        if !number.is_empty() && !is_decimal(number) {
            let message = format!("~ within {} is read as part of the word", quoted(self.raw()));
            notes.read_as_words(self.span(), message);
            return Ok(None);
        }
        let span = self.source.span(at, self.to);
        self.to = at;
        match number {
            "" | "1" => Ok(Some(1)),
            "2" => Ok(Some(limits::MAX_EDITS)),
            _ => Err(Fault::new(
                "fuzzy_distance",
                span.clone(),
                format!("a fuzzy word can be 1 or 2 edits away, not {}", quoted(number)),
            )
            .hint(self.source.splice(&span, "~2"))
            .hint(format!("{}~2", self.raw()))),
        }
    }

    fn check_fuzzy(&self, word: &str) -> Result<(), Fault> {
        let length = word.chars().count();
        if limits::FUZZY_LENGTHS.contains(&length) {
            return Ok(());
        }
        let (least, most) = (limits::FUZZY_LENGTHS.start(), limits::FUZZY_LENGTHS.end());
        // The mark ends where the spaces, or a factor, begin.
        let mark = self.to.max(self.from);
        let message =
            format!("a fuzzy word has {least} to {most} characters, {} has {length}", quoted(word));
        let span = self.source.span(self.from, mark + 1);
        Err(Fault::new("fuzzy_length", span, message).hint(self.raw()))
    }

    /// Fails if what is to be fuzzy falls apart into words: an edit is one of a word.
    fn check_one_word(&self, whole: &Self, distance: u8) -> Result<(), Fault> {
        let word = self.text();
        let mut words = Vec::new();
        for_each_token(&word, |token| {
            let is_fuzzy = limits::FUZZY_LENGTHS.contains(&token.text.chars().count());
            let marked = if is_fuzzy { format!("~{distance}") } else { String::new() };
            words.push(format!("{}{marked}", token.text));
        });
        if words.len() < 2 || self.whole {
            return Ok(());
        }
        let message =
            format!("{} is {} words, and each is fuzzy by itself", quoted(&word), words.len());
        let words = words.join(" ");
        Err(Fault::new("fuzzy_words", whole.span(), message)
            .hint(self.source.splice(&whole.span(), &words))
            .hint(self.source.splice(&whole.span(), &format!("({words})")))
            .hint(words))
    }

    fn has_wildcard(&self) -> bool {
        self.slice().iter().any(|it| it.is('*') || it.is('?'))
    }

    /// The pattern that this is, with runs of `*` as one; none if it has no wildcard.
    fn pattern(&self, address: bool) -> Result<Option<String>, Fault> {
        let letters = self.slice();
        let at = |i: Option<usize>| i.and_then(|i| letters.get(i)).copied();
        let joins =
            |i: Option<usize>| at(i).is_some_and(|it| it.is_word() || it.is('*') || it.is('?'));
        let is_digit = |i: Option<usize>| at(i).is_some_and(|it| it.c.is_ascii_digit());
        let is_wild = |(i, it): (usize, &super::source::Char)| {
            let (before, after) = (i.checked_sub(1), Some(i + 1));
            if it.is('*') {
                // 5*3 is a product.
                self.path || !(is_digit(before) && is_digit(after))
            } else {
                it.is('?') && (self.path || (i == 0 || joins(before)) && joins(after))
            }
        };
        if address && !self.path || !letters.iter().enumerate().any(is_wild) {
            return Ok(None);
        }
        if letters.iter().any(|it| it.plain && matches!(it.c, '*' | '?')) {
            let fault = Fault::new(
                "escaped_wildcard",
                self.span(),
                format!("{} has a wildcard beside an escaped one", quoted(self.raw())),
            );
            let bare = self.text();
            return Err(fault.hint(self.source.splice(&self.span(), &bare)).hint(bare));
        }
        let mut pattern = String::with_capacity(letters.len());
        for it in letters {
            if it.c != '*' || !pattern.ends_with('*') {
                pattern.push(it.c);
            }
        }
        Ok(Some(pattern))
    }
}

/// Whether this is a number such as `2`, `1.5` or `.5`.
pub(super) fn is_decimal(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().filter(|b| *b == b'.').count() < 2
}

/// The factor of a boost, if it is in range.
pub(super) fn factor(number: &str) -> Option<f32> {
    number.parse().ok().filter(|it| *it > 0.0 && *it <= limits::MAX_BOOST)
}

/// The signs that a number may have before it.
const SIGNS: [char; 4] = ['+', '-', '−', '–'];

/// Whether this is a number with a sign or a decimal comma, which a factor does not have.
fn is_odd_decimal(text: &str) -> bool {
    let number = text.trim_start_matches(SIGNS).replace(',', ".");
    number != text && is_decimal(&number)
}

/// The error for a factor out of range.
pub(super) fn boost_range(source: &Source<'_>, span: std::ops::Range<usize>) -> Fault {
    let said = source.text.get(span.clone()).unwrap_or_default().trim_start_matches(['^', '+']);
    let point = if said.contains(',') { ", with a point before decimals" } else { "" };
    let message = format!("a boost is over 0 and at most {}{point}", limits::MAX_BOOST);
    let number = said.replace(',', ".");
    let meant = match factor(&number) {
        Some(_) => number.as_str(),
        // Nothing counts against an article; less weight comes nearest.
        None if said.starts_with(SIGNS) => "0.5",
        None => "2",
    };
    let hint = source.splice(&span, &format!("^{meant}"));
    Fault::new("boost_range", span, message).hint(hint)
}
