//! The limits that polidex works within, as plain data: what passes one is told, never dropped.

use std::fmt;

use std::time::Duration;

use crate::corpus::{self, CorpusOptions, Workers};
use crate::query::limits as query;
use crate::search::options as search_options;
use crate::{SearchOptions, UpdateOptions, alerts, analysis, saved, search, verify, vocabulary};

/// How long the command line lets a search take. The library sets no time of its own, see
/// [`SearchOptions::timeout`].
pub const SEARCH_TIMEOUT: Duration = Duration::from_secs(10);

/// A limit and its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What is limited, in words.
    pub name: &'static str,
    /// The greatest value, in units of `unit`; the least where the name says so.
    pub value: u64,
    /// The unit of the value; empty where the name says what is counted.
    pub unit: Unit,
    /// The option of the command line that sets another.
    pub option: Option<&'static str>,
}

/// The unit of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of what the name says.
    Count,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
}

impl fmt::Display for Limit {
    /// The value with its unit: `64 MiB`, `30 s`, `256`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Count => write!(f, "{}", self.value),
            Unit::Bytes => f.write_str(&corpus::size_words(self.value)),
            Unit::Seconds => write!(f, "{} s", self.value),
        }
    }
}

/// All limits, those of queries first.
///
/// ```
/// let limits = polidex::limits();
/// let depth = limits.iter().find(|limit| limit.name == "parentheses open in a query").unwrap();
/// assert_eq!(depth.value, 32);
/// ```
pub fn limits() -> Vec<Limit> {
    let set = |option, limit: Limit| Limit { option: Some(option), ..limit };
    let (files, update, options) =
        (CorpusOptions::default(), UpdateOptions::default(), SearchOptions::default());
    let workers = Workers::new("");
    let seconds = workers.timeout.as_secs();
    let timeout =
        Limit { unit: Unit::Seconds, ..count("reading one file of a complex format", seconds) };
    let mut limits = vec![
        bytes("length of a query", query::MAX_BYTES as u64),
        count("words, phrases and dates in a query", query::MAX_CLAUSES as u64),
        count("concepts in a query", query::MAX_CONCEPTS as u64),
        count("parentheses open in a query", query::MAX_DEPTH as u64),
        count("words in a phrase", query::MAX_PHRASE_WORDS as u64),
        count("words between, of ~, NEAR and BEFORE", query::MAX_DISTANCE.into()),
        count("parts joined by NEAR in one chain", query::MAX_UNORDERED as u64),
        count("edits of a fuzzy word", query::MAX_EDITS.into()),
        count("characters of a fuzzy word", *query::FUZZY_LENGTHS.end() as u64),
        count("characters of a fuzzy word, at least", *query::FUZZY_LENGTHS.start() as u64),
        count("number of atleast/N and N OF", query::MAX_COUNT.into()),
        count("factor of a boost (^)", query::MAX_BOOST as u64),
        bytes("word; what is longer is told by a hash", analysis::MAX_TOKEN_BYTES as u64),
        count("concepts of a vocabulary", vocabulary::MAX_CONCEPTS as u64),
        count("labels of a concept", vocabulary::MAX_LABELS as u64),
        count("words of a label", vocabulary::MAX_LABEL_WORDS as u64),
        bytes("file of concepts", vocabulary::MAX_FILE_BYTES as u64),
        count("saved queries of a file", saved::MAX_QUERIES as u64),
        bytes("name of a saved query", saved::MAX_NAME_BYTES as u64),
        bytes("file of saved queries", saved::MAX_FILE_BYTES as u64),
        count("entries of a feed of alerts", alerts::FEED_ENTRIES as u64),
        set(
            "--max-expansions",
            count("words that a wildcard stands for", options.max_expansions as u64),
        ),
        most("--max-expansions", "what --max-expansions may say", search_options::MAX_EXPANSIONS),
        set(
            "--timeout",
            Limit { unit: Unit::Seconds, ..count("a search", SEARCH_TIMEOUT.as_secs()) },
        ),
        set("--limit", count("articles shown", options.limit as u64)),
        most("--limit", "what --limit may say", search_options::MAX_LIMIT),
        count("articles left out before them", search_options::MAX_OFFSET as u64),
        set("--passages", count("passages shown of each", options.passages as u64)),
        most("--passages", "what --passages may say", search_options::MAX_PASSAGES),
        count("characters of a passage, about", options.passage_chars as u64),
        count("characters that a program may ask for", search_options::MAX_PASSAGE_CHARS as u64),
        set("--facet-values", count("values shown of a facet", options.facet_values as u64)),
        most("--facet-values", "what --facet-values may say", search_options::MAX_FACET_VALUES),
        count("articles compared with a quotation", verify::MAX_COMPARED as u64),
        count("articles read for a near quotation", verify::MAX_CANDIDATES as u64),
        count("queries that a trend compares", search::MOST_QUERIES as u64),
        count("periods of a trend", search::MOST_PERIODS as u64),
        count("articles that key terms are read from", search::SAMPLE as u64),
        set("--max-file-size", bytes("file that is read whole", files.max_file_size)),
        bytes("mailbox, tar archive or file of JSON Lines", corpus::MAX_STREAM),
        bytes("line of JSON Lines", corpus::MAX_LINE),
        count("paragraphs and cells of an article", corpus::MAX_BLOCKS as u64),
    ];
    limits.extend(of_formats());
    limits.extend([
        set("--extract-timeout", timeout),
        set("--extract-memory", bytes("memory for reading it", workers.memory)),
        count("times its size that a packed file may have", corpus::MAX_RATIO),
        count("files within files within each other", corpus::MAX_DEPTH.into()),
        count("files within one file", corpus::MAX_MEMBERS),
        bytes("all files within one file", corpus::MAX_TOTAL),
        set("--memory", bytes("memory for building an index", update.memory as u64)),
    ]);
    limits
}

/// The limits of reading single formats, as far as they are read.
fn of_formats() -> impl IntoIterator<Item = Limit> {
    [
        #[cfg(feature = "html")]
        count("elements of HTML open at one place", corpus::MAX_OPEN_ELEMENTS as u64),
        #[cfg(feature = "pdf")]
        count("pages of a PDF", corpus::MAX_PAGES as u64),
        #[cfg(feature = "office")]
        count("parts of an Office file or a book", corpus::MAX_PARTS as u64),
        #[cfg(feature = "office")]
        bytes("part of an Office file, unpacked", corpus::MAX_PART),
        #[cfg(feature = "office")]
        bytes("all parts of an Office file, unpacked", corpus::MAX_ALL_PARTS),
    ]
}

fn count(name: &'static str, value: u64) -> Limit {
    Limit { name, value, unit: Unit::Count, option: None }
}

fn bytes(name: &'static str, value: u64) -> Limit {
    Limit { name, value, unit: Unit::Bytes, option: None }
}

/// The most that an option may be set to.
fn most(option: &'static str, name: &'static str, value: usize) -> Limit {
    Limit { option: Some(option), ..count(name, value as u64) }
}
