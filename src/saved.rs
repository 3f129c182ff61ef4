//! Saved queries: a text file of named queries, in the hands of those who ask them.
//!
//! The file is TOML, a table for each query; `docs/alerts.md` describes it. Every mistake in it is
//! told with its line.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Mistake;
use crate::query::{Node, Query};
use crate::search::{Matching, SearchOptions, Searcher};
use crate::{DateRange, Error, Language, Result, Vocabulary};

/// The greatest number of queries in a file.
pub const MAX_QUERIES: usize = 100;

/// The greatest length of such a file, in bytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// The longest name of a query, in bytes.
pub const MAX_NAME_BYTES: usize = 100;

/// The keys that a query has in a file.
const KEYS: &str = "query, lang, since, match, note";

/// A query with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedQuery {
    /// Its name.
    pub name: String,
    /// The query as it was read, confined to the languages and dates that the file names.
    pub query: Query,
    /// How many of the words side by side an article must have.
    pub matching: Matching,
    /// What its owner says of it.
    pub note: Option<String>,
    /// The line of the file that the query stands on, from 1.
    pub line: usize,
}

/// Named queries of one file, in their order.
///
/// ```
/// use polidex::{SavedQueries, Vocabulary};
///
/// let text = "[clouds]\nquery = '\"sovereign cloud\"'\nlang = 'en'\n";
/// let saved = SavedQueries::read("own.toml", text, Vocabulary::shipped())?;
/// assert_eq!(saved.queries[0].query.to_string(), "\"sovereign cloud\" AND lang:en");
///
/// let text = "[clouds]\nquery = '\"sovereign cloud'\n";
/// let error = SavedQueries::read("own.toml", text, Vocabulary::shipped()).unwrap_err();
/// assert!(error.to_string().starts_with("own.toml: line 2: clouds: this quotation mark is not closed"));
/// # Ok::<(), polidex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SavedQueries {
    /// The file's name, for errors.
    pub file: String,
    /// The queries, one at least where they were read from a file.
    pub queries: Vec<SavedQuery>,
}

/// What a query is to be in a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewQuery<'a> {
    /// Its name.
    pub name: &'a str,
    /// The query as typed.
    pub query: &'a str,
    /// Only articles in one of these languages.
    pub languages: &'a [Language],
    /// Only articles published since: a date, or an age such as `6m`.
    pub since: Option<&'a str>,
    /// How many of the words an article must have.
    pub matching: Option<Matching>,
    /// What is to be said of it.
    pub note: Option<&'a str>,
}

impl SavedQueries {
    /// Reads a file of queries, with the concepts of `vocabulary` in them. `file` is its name, for
    /// errors.
    ///
    /// Errors: [`Error::SavedQueries`] with all mistakes of the file, each with its line.
    pub fn read(file: &str, text: &str, vocabulary: &Vocabulary) -> Result<SavedQueries> {
        let mut reader = Reader { text, vocabulary, mistakes: Vec::new(), queries: Vec::new() };
        if text.len() > MAX_FILE_BYTES {
            reader.mistake(0, format!("the file has more than {MAX_FILE_BYTES} bytes"));
        } else {
            reader.file();
        }
        let Reader { mistakes, queries, .. } = reader;
        let saved = SavedQueries { file: file.to_owned(), queries };
        if mistakes.is_empty() { Ok(saved) } else { Err(saved.refused(mistakes)) }
    }

    /// Refuses queries that match more than `share` (0 to 1) of the articles of the index: they
    /// would tell of nearly everything.
    ///
    /// Errors: [`Error::SavedQueries`] with each such query and its line; those of
    /// [`Searcher::search`].
    pub fn check(&self, searcher: &Searcher, options: &SearchOptions, share: f64) -> Result<()> {
        let all = searcher.article_count();
        let mut mistakes = Vec::new();
        for saved in &self.queries {
            let options =
                SearchOptions { count_only: true, matching: saved.matching, ..options.clone() };
            let found = match searcher.search(&saved.query, &options) {
                Err(Error::Query(error)) => {
                    let message = format!("{}: {error}", saved.name);
                    mistakes.push(Mistake { line: saved.line, message });
                    continue;
                }
                found => found?,
            };
            if found.timed_out {
                return Err(Error::TimedOut);
            }
            let matching = if found.fallback { 0 } else { found.articles };
            if matching as f64 > share * all as f64 {
                let message = format!(
                    "{}: it matches {matching} of {all} articles, {:.0} %; {:.0} % is the most that \
                     is allowed",
                    saved.name,
                    matching as f64 * 100.0 / all as f64,
                    share * 100.0
                );
                mistakes.push(Mistake { line: saved.line, message });
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(self.refused(mistakes)) }
    }

    /// The text of a file with one more query at its end; what stands in it stays as it is. The
    /// second value is that query, read.
    ///
    /// Errors: [`Error::SavedQueries`] where the file has mistakes, has a query of that name, or
    /// would have a mistake in the new one.
    pub fn with(
        file: &str,
        text: &str,
        new: &NewQuery<'_>,
        vocabulary: &Vocabulary,
    ) -> Result<(String, SavedQuery)> {
        let before = match text.trim() {
            "" => SavedQueries { file: file.to_owned(), queries: Vec::new() },
            _ => SavedQueries::read(file, text, vocabulary)?,
        };
        if let Some(other) = before.queries.iter().find(|saved| saved.name == new.name) {
            let message = format!("there is a query {} already; change it there", new.name);
            return Err(before.refused(vec![Mistake { line: other.line, message }]));
        }
        let mut written = text.to_owned();
        if !written.is_empty() {
            written.push_str(if written.ends_with('\n') { "\n" } else { "\n\n" });
        }
        written.push_str(&format!("[{}]\n", key(new.name)));
        let mut line = |name: &str, value: String| written.push_str(&format!("{name} = {value}\n"));
        line("query", quoted(new.query));
        match new.languages {
            [] => {}
            [one] => line("lang", quoted(one.code())),
            several => {
                let codes: Vec<String> = several.iter().map(|it| quoted(it.code())).collect();
                line("lang", format!("[{}]", codes.join(", ")));
            }
        }
        if let Some(since) = new.since {
            line("since", quoted(since));
        }
        if let Some(matching) = new.matching {
            line("match", quoted(matching.name()));
        }
        if let Some(note) = new.note {
            line("note", quoted(note));
        }
        let mut queries = SavedQueries::read(file, &written, vocabulary)?.queries;
        match queries.pop() {
            Some(last) => Ok((written, last)),
            None => Err(before.refused(Vec::new())),
        }
    }

    fn refused(&self, mut mistakes: Vec<Mistake>) -> Error {
        mistakes.sort_by_key(|mistake| mistake.line);
        Error::SavedQueries { file: self.file.clone(), mistakes }
    }
}

/// Reading one file.
struct Reader<'a> {
    text: &'a str,
    vocabulary: &'a Vocabulary,
    mistakes: Vec<Mistake>,
    queries: Vec<SavedQuery>,
}

type Key<'i> = Spanned<Cow<'i, str>>;
type Value<'i> = Spanned<DeValue<'i>>;

/// The entries of a table in the order of the text.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn mistake(&mut self, at: usize, message: impl Into<String>) {
        let line = self.line(at);
        self.mistakes.push(Mistake { line, message: message.into() });
    }

    fn file(&mut self) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let start = error.span().map_or(0, |span| span.start);
            self.mistake(start, error.message().replace('\n', ", "));
        }
        if !self.mistakes.is_empty() {
            return;
        }
        for (name, value) in in_order(table.get_ref()) {
            if self.queries.len() >= MAX_QUERIES {
                let message = format!("a file has {MAX_QUERIES} queries at most");
                return self.mistake(name.span().start, message);
            }
            self.query(name, value);
        }
        if self.queries.is_empty() && self.mistakes.is_empty() {
            self.mistake(0, "there is no query; write [name] and below it query = '…'");
        }
    }

    /// Reads the table of one query.
    fn query(&mut self, name: &Key<'_>, value: &Value<'_>) {
        let (at, name) = (name.span().start, name.get_ref().to_string());
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("`{name}` is no query; write [{name}] and below it query = '…'");
            return self.mistake(at, message);
        };
        if name.trim() != name
            || name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.chars().any(char::is_control)
        {
            let message = format!("a name has 1 to {MAX_NAME_BYTES} bytes, in one line");
            return self.mistake(at, message);
        }
        let before = self.mistakes.len();
        let (mut query, mut line) = (None, 0);
        let (mut languages, mut published) = (Vec::new(), Vec::new());
        let (mut matching, mut note) = (Matching::default(), None);
        for (key, value) in in_order(table) {
            let (at, place) = (key.span().start, value.span().start);
            match &**key.get_ref() {
                "query" => {
                    line = self.line(place);
                    let Some(text) = self.text_of("query", value) else { continue };
                    match Query::parse_with(text, self.vocabulary) {
                        Ok(read) => query = Some(read),
                        Err(error) => {
                            let reason = reason(&error, text);
                            self.mistake(place, format!("{name}: {reason}"));
                        }
                    }
                }
                "lang" => {
                    let values: Vec<&Value<'_>> = match value.get_ref().as_array() {
                        Some(values) => values.iter().collect(),
                        None => vec![value],
                    };
                    for value in values {
                        let Some(code) = self.text_of("lang", value) else { continue };
                        match Language::named(code) {
                            Ok(language) => languages.push(language),
                            Err(error) => self.mistake(value.span().start, error.to_string()),
                        }
                    }
                }
                "since" => {
                    let Some(text) = self.text_of("since", value) else { continue };
                    match since(text) {
                        Some(range) => published.push(range),
                        None => {
                            let message = format!(
                                "`{text}` is no date and no age; write 2025, 2025-10-28, 30d or 6m"
                            );
                            self.mistake(place, message);
                        }
                    }
                }
                "match" => {
                    let Some(text) = self.text_of("match", value) else { continue };
                    match Matching::ALL.iter().find(|known| known.name() == text) {
                        Some(known) => matching = *known,
                        None => {
                            self.mistake(place, format!("`{text}` is not all, any or most"));
                        }
                    }
                }
                "note" => note = self.text_of("note", value).map(str::to_owned),
                other => {
                    self.mistake(at, format!("unknown key `{other}`; keys are {KEYS}"));
                }
            }
        }
        // What is missing may be what is misspelt.
        if self.mistakes.len() > before {
            return;
        }
        match query {
            None => self.mistake(at, format!("{name} has no query; write query = '…' below it")),
            Some(query) => self.queries.push(SavedQuery {
                query: query.confined(&languages, &published),
                name,
                matching,
                note,
                line,
            }),
        }
    }

    /// The text that a key has.
    fn text_of<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.mistake(value.span().start, format!("{key} is a text in quotes: {key} = '…'"));
        }
        text
    }
}

/// What is wrong with a query, in a line: why, where, and what to write instead.
fn reason(error: &Error, text: &str) -> String {
    let place = error.span().and_then(|span| text.get(span)).filter(|place| !place.is_empty());
    let place = place.map(|place| format!(", at `{place}`")).unwrap_or_default();
    let hint = error.hint().map(|hint| format!("; write {hint}")).unwrap_or_default();
    format!("{error}{place}{hint}")
}

/// Reads a date, or an age such as `6m`, as `since:` has it.
fn since(text: &str) -> Option<DateRange> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let asked = text.chars().all(plain).then(|| Query::parse(&format!("since:{text}")))?;
    match asked.ok()?.root {
        Node::Date(range) => Some(range),
        _ => None,
    }
}

/// A name as a key of TOML.
fn key(name: &str) -> Cow<'_, str> {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(quoted(name))
    }
}

/// A text as a string of TOML: as it stands between apostrophes where that can be.
fn quoted(text: &str) -> String {
    if !text.chars().any(|c| c == '\'' || c.is_control()) {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
