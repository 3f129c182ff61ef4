//! What can be written on the command line.

mod counts;
mod follow;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};
use polidex::{
    Age, AgeUnit, ConceptKind, Date, DateRange, Facet, JsonLine, Language, Matching,
    ReferenceFormat, SEARCH_TIMEOUT, Sort,
};

pub(crate) use counts::{
    CollocatesArgs, KwicArgs, ReadingArgs, TermsArgs, TrendArgs, WholeTimeArgs,
};
pub(crate) use follow::{AlertsArgs, AlertsCommand, ReportArgs, ReportFormArg, SaveArgs};

const EXAMPLES: &str = "\
Examples:
  polidex search --in articles '\"digital sovereignty\"'
  polidex search --in articles 'sovereignty NEAR/5 cloud lang:fr since:1y'";

const QUERIES: &str = "\
Queries (put them in single quotes, so that the shell leaves the double ones alone):
  digital sovereignty           both words, inflected forms too
  '\"digital sovereignty\"'       the exact words side by side
  '\"digital sovereignty\"~3'     with up to 3 words between
  '\"digital sov*\"'              a prefix inside a phrase; * alone is any one word
  'sovereign* OR souverain*'    wildcards; either word
  'cloud -\"public cloud\"'       without the phrase
  '(AI OR IA) AND act'          groups
  =models                       this form only, no inflections
  souverainty~                  within one edit
  'compute NEAR/5 subsidy'      within 5 words; BEFORE/5 in this order
  'ban SAME/s biometric'        in one sentence; SAME/p in one paragraph
  '#digital-sovereignty'        a concept: any name of it, in any language
  'title:sovereignty lang:fr'   in a field: title heading author source tag lang kind path
  'date:2025-01..2025-06'       published then; also date:2025, since:6m

Examples:
  polidex search --in articles '\"digital sovereignty\"'
  polidex search --lang fr --since 2025 'souveraineté numérique' -n 50
  polidex search --json '\"prohibited practices\"' | jq -r 'select(.type == \"hit\").path'
  polidex search -l 'kind:law biometric'
  polidex search --explain-query 'sovereign* NEAR/5 cloud'

Exit code: 0 something found, 1 nothing found, 2 an error.";

const VERIFICATION: &str = "\
[…] or [...] in a quotation leaves something out, [words] are put in, [T]he is The.

Of each quotation it is told whether it stands in the corpus
  exact       the very characters
  typography  equal but for case, quotation marks, dashes, spaces, hyphens
  near        nearly the same words, with what differs; similarity is 1 - d/n, d words inserted,
              deleted or replaced, n words of the longer of both
  absent      in no article

Examples:
  polidex verify --in articles '“the very words that were used”'
  polidex verify --in articles draft.docx --words 5 --strict
  pbpaste | polidex verify -

Exit code: 0 every quotation stands, 1 one is absent (with --strict: or near), 2 an error.";

const CITATION: &str = "\
Each reference has what is known of the article, the quotation with its place (page as printed,
paragraph, article of a law), the day on which it was looked at, address and hash.

Examples:
  polidex cite --in articles eu/ai-act.md --format bibtex
  polidex cite --in articles --query '\"digital sovereignty\"' -n 20 --format csl
  polidex cite --in articles --quote '“the very words that were used”' --format markdown

Exit code: 0 something is cited, 1 nothing, 2 an error.";

const EVALUATION: &str = "\
DOCS is a folder, or one file such as docs.jsonl, whose articles are then named by their \"id\".
QUERIES has a query a line, its name and a tab before it, or topics as TREC has them.
QRELS has a judgement a line: query, 0, document, relevance (1 or more is relevant).

The measures are those of trec_eval: ndcg_cut_10, map, recall_100, recip_rank, as means over the
queries to which a document is judged relevant. p is of Fisher's paired randomisation test.

Examples:
  polidex eval docs.jsonl queries.tsv qrels.tsv --run new.run
  polidex eval docs.jsonl queries.tsv qrels.tsv --against old.run
  polidex eval --score-run other.run qrels.tsv --per-query";

const CONCEPTS: &str = "\
Without --in, --index or a query, the vocabulary is listed.

Examples:
  polidex concepts --kind instrument
  polidex concepts --explain 'digital sovereignty'
  polidex concepts --in articles
  polidex concepts --in articles 'cloud date:2025'
  polidex concepts --explain ai-act --toml > own.toml
  polidex search --in articles --vocabulary own.toml '#ai-act'";

/// Full-text search with exact phrases and quotable evidence over a folder of articles.
#[derive(Debug, Parser)]
#[command(name = "polidex", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

/// The search alone: what the other commands take need not be built for it.
#[derive(Parser)]
#[command(name = "polidex")]
struct SearchAlone {
    #[command(subcommand)]
    command: OneCommand,
    #[command(flatten)]
    screen: ScreenArgs,
}

#[derive(Subcommand)]
enum OneCommand {
    Search(SearchArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ScreenArgs {
    /// Colour in the output.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
    /// Links from titles to files.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) hyperlinks: When,
    /// Never send long output through a pager.
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Index a folder of articles, or bring its index up to date.
    Index(IndexArgs),
    /// Search an indexed folder.
    #[command(after_long_help = QUERIES)]
    Search(SearchArgs),
    /// Find articles similar to one, by the words that set it apart.
    Like(LikeArgs),
    /// List the concepts of the vocabulary, or count the articles that speak of each.
    #[command(after_long_help = CONCEPTS)]
    Concepts(ConceptsArgs),
    /// Check whether quotations stand in the corpus: one, or all those of a draft.
    #[command(after_long_help = VERIFICATION)]
    Verify(VerifyArgs),
    /// Cite articles, hits or quotations, for reference managers and footnotes.
    #[command(after_long_help = CITATION)]
    Cite(CiteArgs),
    /// List every match with the words on both sides of it, one below the other.
    Kwic(KwicArgs),
    /// Count the words that stand near the matches of a query.
    Collocates(CollocatesArgs),
    /// Count articles and matches of queries over time.
    Trend(TrendArgs),
    /// List the words that set the articles of a query apart from the rest.
    Terms(TermsArgs),
    /// Tell what is new for saved queries; save and check them.
    #[command(after_long_help = follow::ALERTS)]
    Alerts(AlertsArgs),
    /// Count saved queries by period and by a fact, with quotations and how it was made.
    #[command(after_long_help = follow::REPORT)]
    Report(ReportArgs),
    /// Show a whole article.
    Show(ShowArgs),
    /// Show what is read from a file: text, metadata, and where each came from.
    Extract(ExtractArgs),
    /// Read files for another process.
    #[command(hide = true)]
    ExtractWorker,
    /// Measure how well queries are answered, against judgements.
    #[command(after_long_help = EVALUATION)]
    Eval(EvalArgs),
    /// Show what an index holds and what could not be read.
    Status(StatusArgs),
    /// Check an index for damage, and repair it.
    Check(CheckArgs),
    /// Show the limits that polidex works within.
    Limits(LimitsArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man(ManArgs),
}

/// Something that is done always, never, or where it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

/// Which index.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct PlaceArgs {
    /// The folder of articles; without it, the nearest folder above this one that is indexed.
    #[arg(long = "in", value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
    /// The folder of the index, if it is not in its usual place [env: POLIDEX_INDEX]
    #[arg(long, value_name = "DIR")]
    pub(crate) index: Option<PathBuf>,
}

/// How files of complex formats are read.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct IsolationArgs {
    /// How long reading one file may take in a process of its own, such as 90s or 2m [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) extract_timeout: Option<Duration>,
    /// The memory that such a process may have, such as 512M [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) extract_memory: Option<u64>,
    /// Which files are read in a process of their own.
    #[arg(long, value_enum, value_name = "WHICH", default_value_t)]
    pub(crate) isolate: IsolateArg,
}

#[derive(Debug, clap::Args)]
pub(crate) struct IndexArgs {
    /// The folder of articles; nothing in it is changed.
    pub(crate) folder: PathBuf,
    /// The folder of the index, if it is not to be in its usual place [env: POLIDEX_INDEX]
    #[arg(long, value_name = "DIR")]
    pub(crate) index: Option<PathBuf>,
    /// Throw the index away and build it anew.
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Read also what .gitignore and .ignore files exclude.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Read also hidden files and folders.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Skip files that are larger, such as 64M.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_file_size: Option<u64>,
    /// Go on when most files of the folder are gone, and take them out of the index.
    #[arg(long)]
    pub(crate) yes_delete: bool,
    /// Say nothing of an index that lies on a network file system.
    #[arg(long)]
    pub(crate) allow_network_fs: bool,
    /// Memory for building, such as 256M.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<u64>,
    /// Threads for building; 0 for one a core.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Say nothing but errors.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print on standard error what time the steps took; those of reading are sums over the threads.
    #[arg(long)]
    pub(crate) profile: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SearchArgs {
    /// What to search for; several words are one query.
    #[arg(required_unless_present = "queries", value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    /// Ask all queries of a file: one a line, a name and a tab before it if it has one, or topics
    /// as TREC has them; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["words", "files_with_matches"])]
    pub(crate) queries: Option<PathBuf>,
    /// Read what is asked as plain words: nothing in it is syntax.
    #[arg(long)]
    pub(crate) plain: bool,
    #[command(flatten)]
    pub(crate) vocabulary: VocabularyArgs,
    /// Look for words without quotes that are a label of a concept as that concept, too; it is shown
    /// what that means.
    #[arg(long)]
    pub(crate) expand: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) page: PageArgs,
    /// How many words a wildcard or a fuzzy word may stand for [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_expansions: Option<u32>,
    /// What comes first.
    #[arg(long, value_enum, default_value_t = SortArg::Relevance)]
    pub(crate) sort: SortArg,
    /// How many of the words an article must have [default: all, and most if no article has all]
    #[arg(long = "match", value_enum, value_name = "HOW")]
    pub(crate) matching: Option<MatchArg>,
    /// Let words that set the best articles apart order all that match; they are shown.
    #[arg(long, conflicts_with_all = ["count", "explain_query"])]
    pub(crate) feedback: bool,
    /// Show near-copies of an article as hits of their own, not folded under the first.
    #[arg(long)]
    pub(crate) no_group: bool,
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    #[command(flatten)]
    pub(crate) time: TimeArgs,
    /// Count all that was found by facts: source, lang, year, kind, jurisdiction, author, tag, cites.
    #[arg(long, value_name = "FACETS", value_delimiter = ',', value_parser = counts::facet, conflicts_with_all = ["format", "files_with_matches", "explain_query"])]
    pub(crate) facets: Vec<Facet>,
    /// How many values of each facet to show [default: 10]
    #[arg(long, value_name = "N", requires = "facets", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) facet_values: Option<u32>,
    /// Print the counts of --facets, and nothing else, as CSV.
    #[arg(long, requires = "facets", conflicts_with_all = ["json", "queries", "count"])]
    pub(crate) csv: bool,
    /// Print JSON Lines: a line for each hit, then a summary.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print in another form: trec, a line a hit (query, Q0, path, rank, score, polidex).
    #[arg(long, value_enum, value_name = "FORM", conflicts_with_all = ["json", "count", "files_with_matches"])]
    pub(crate) format: Option<FormatArg>,
    /// Print only how much was found.
    #[arg(long)]
    pub(crate) count: bool,
    /// Print only the paths of the articles found (up to 1000 without -n).
    #[arg(short = 'l', long, conflicts_with = "count")]
    pub(crate) files_with_matches: bool,
    /// Bring the index up to date first.
    #[arg(long)]
    pub(crate) update: bool,
    /// Show under each hit why it ranks where it does.
    #[arg(long, conflicts_with_all = ["count", "files_with_matches"])]
    pub(crate) explain: bool,
    /// Show how the query is read, as a tree, instead of searching.
    #[arg(long, conflicts_with_all = ["count", "files_with_matches", "explain"])]
    pub(crate) explain_query: bool,
    /// Print on standard error what time the steps to the answer took.
    #[arg(long, conflicts_with_all = ["json", "queries", "explain_query"])]
    pub(crate) profile: bool,
}

/// Which concepts are known.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct VocabularyArgs {
    /// A file of concepts that adds to those that polidex knows, or changes them.
    #[arg(long, value_name = "FILE")]
    pub(crate) vocabulary: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConceptsArgs {
    /// Count only articles that match this query.
    #[arg(value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) vocabulary: VocabularyArgs,
    /// Only concepts of this kind.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) kind: Option<KindArg>,
    /// Show one concept, by its id or any of its labels: what it means, and all its labels.
    #[arg(long, value_name = "CONCEPT", conflicts_with_all = ["words", "folder", "index", "kind"])]
    pub(crate) explain: Option<String>,
    /// Print concepts in the form in which files have them.
    #[arg(long, conflicts_with_all = ["words", "folder", "index", "json"])]
    pub(crate) toml: bool,
    /// How many concepts to show, those of most articles first [default: all]
    #[arg(short = 'n', long = "limit", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) limit: Option<u16>,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
    /// Print JSON Lines: a line for each concept, then a summary.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How much of what was found is shown.
#[derive(Debug, clap::Args)]
pub(crate) struct PageArgs {
    /// How many articles to show, 1 to 1000 [default: 10]
    #[arg(short = 'n', long = "limit", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: Option<u16>,
    /// How many articles to leave out first, up to 10000.
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=10000))]
    pub(crate) offset: u16,
    /// How many passages to show of each article, up to 20 [default: 3]
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u16).range(0..=20))]
    pub(crate) passages: Option<u16>,
}

/// How long it may take.
#[derive(Debug, clap::Args)]
pub(crate) struct TimeArgs {
    /// How long the search may take, such as 500ms, 30s or 2m; then what it has found is shown, and
    /// the exit code is 2 [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,
}

impl TimeArgs {
    /// The time that a search has.
    pub(crate) fn limit(&self) -> Option<Duration> {
        Some(self.timeout.unwrap_or(SEARCH_TIMEOUT))
    }
}

/// Which articles count at all.
#[derive(Debug, clap::Args)]
pub(crate) struct OnlyArgs {
    /// Only articles in this language, such as fr; several with commas between.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Vec<Language>,
    /// Only articles published since a date or an age: 2025, 2025-10-28, 6m, 30d.
    #[arg(long, value_name = "DATE", value_parser = since)]
    pub(crate) since: Option<DateRange>,
    /// Only articles published until a date.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LikeArgs {
    /// The article's path as search shows it, or a file in the indexed folder.
    pub(crate) article: String,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) page: PageArgs,
    /// Show near-copies of an article as hits of their own, not folded under the first.
    #[arg(long)]
    pub(crate) no_group: bool,
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    #[command(flatten)]
    pub(crate) time: TimeArgs,
    /// Print JSON Lines: a line for each hit, then a summary.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show under each hit why it ranks where it does.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// A quotation, or a file whose quotations are all to be checked; - is a quotation on standard
    /// input.
    #[arg(required_unless_present = "file", value_name = "QUOTATION|DRAFT")]
    pub(crate) quotation: Vec<String>,
    /// Take the whole of a file for one quotation; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "quotation")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// The least number of words that a quotation of a draft must have to be checked.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) words: u16,
    /// The least similarity of what is near, 0.5 to 1 [default: 0.7]
    #[arg(long, value_name = "S")]
    pub(crate) similarity: Option<f64>,
    /// How many places to show of a quotation, 1 to 1000 [default: 10]
    #[arg(short = 'n', long = "limit", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: Option<u16>,
    /// End with exit code 1 where a quotation is only near, too.
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    /// Print JSON Lines: a line for each quotation, then a summary.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CiteArgs {
    /// The articles, by their paths as search shows them, or files in the indexed folder.
    #[arg(required_unless_present_any = ["query", "quote"], value_name = "ARTICLE")]
    pub(crate) articles: Vec<String>,
    /// Cite the hits of a query, each with its best passages.
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Option<String>,
    /// Cite the place where a quotation stands: in one of the articles, if any is named.
    #[arg(long, value_name = "QUOTATION", conflicts_with = "query")]
    pub(crate) quote: Vec<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// How many hits of the query to cite, 1 to 1000.
    #[arg(short = 'n', long = "limit", value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,
    /// How many passages of each hit to quote, up to 20.
    #[arg(long, value_name = "P", default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=20))]
    pub(crate) passages: u16,
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    #[command(flatten)]
    pub(crate) time: TimeArgs,
    /// The format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = CiteFormatArg::Markdown)]
    pub(crate) format: CiteFormatArg,
    /// The day on which the articles were looked at [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) accessed: Option<Date>,
    /// Print JSON Lines: a line for each reference, in polidex's own words.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// The article's path as search shows it, or a file in the indexed folder.
    pub(crate) article: String,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Print the article as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExtractArgs {
    /// The files; - is standard input.
    #[arg(required_unless_present = "formats", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The name that the file goes by, such as x.pdf; its ending may tell the format.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Do not read a file that is larger, such as 64M.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_file_size: Option<u64>,
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    /// List the formats that polidex knows, instead.
    #[arg(long, conflicts_with = "files")]
    pub(crate) formats: bool,
    /// Print JSON Lines: a line for each article, then one for the file.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EvalArgs {
    /// The documents, the queries and the judgements; with --score-run the judgements alone will
    /// do.
    #[arg(required = true, num_args = 1..=3, value_names = ["DOCS", "QUERIES", "QRELS"])]
    pub(crate) files: Vec<PathBuf>,
    /// How many of the words a document must have.
    #[arg(long = "match", value_enum, value_name = "HOW", default_value = "any")]
    pub(crate) matching: MatchArg,
    /// Read the queries in polidex's language, not as plain words.
    #[arg(long)]
    pub(crate) syntax: bool,
    /// Let words of the best documents order the others; see polidex search --feedback.
    #[arg(long, conflicts_with = "score_run")]
    pub(crate) feedback: bool,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
    /// The language of documents that do not say theirs, such as en [default: guessed]
    #[arg(long, value_name = "CODE", value_parser = language)]
    pub(crate) lang: Option<Language>,
    /// Write the answers to a file, as trec_eval reads them.
    #[arg(long, value_name = "FILE")]
    pub(crate) run: Option<PathBuf>,
    /// Measure the answers in a file, instead of searching.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "lang", "syntax", "matching", "timeout"])]
    pub(crate) score_run: Option<PathBuf>,
    /// Compare with the answers in a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Print the measures of each query, too.
    #[arg(long)]
    pub(crate) per_query: bool,
    /// Print JSON Lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Show every index in the usual place.
    #[arg(long, conflicts_with_all = ["folder", "index"])]
    pub(crate) all: bool,
    /// Print JSON, one line for each index.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Build a damaged index anew from its folder, and keep the damaged one beside it.
    #[arg(long)]
    pub(crate) repair: bool,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LimitsArgs {
    /// Print JSON, one line for each limit.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// The page of this command; without it, the page of polidex itself.
    pub(crate) command: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum IsolateArg {
    /// Those of complex formats, and texts of more than 1 MiB.
    #[default]
    Complex,
    /// All.
    All,
    /// None.
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindArg {
    Topic,
    Instrument,
    Body,
    Jurisdiction,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SortArg {
    Relevance,
    Newest,
    Oldest,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MatchArg {
    All,
    Any,
    Most,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum CiteFormatArg {
    /// CSL-JSON.
    Csl,
    /// BibTeX.
    Bibtex,
    /// RIS.
    Ris,
    /// Markdown footnotes.
    Markdown,
}

impl CiteFormatArg {
    pub(crate) fn format(self) -> ReferenceFormat {
        match self {
            CiteFormatArg::Csl => ReferenceFormat::Csl,
            CiteFormatArg::Bibtex => ReferenceFormat::Bibtex,
            CiteFormatArg::Ris => ReferenceFormat::Ris,
            CiteFormatArg::Markdown => ReferenceFormat::Markdown,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormatArg {
    Trec,
}

impl From<KindArg> for ConceptKind {
    fn from(kind: KindArg) -> ConceptKind {
        match kind {
            KindArg::Topic => ConceptKind::Topic,
            KindArg::Instrument => ConceptKind::Instrument,
            KindArg::Body => ConceptKind::Body,
            KindArg::Jurisdiction => ConceptKind::Jurisdiction,
        }
    }
}

impl From<SortArg> for Sort {
    fn from(sort: SortArg) -> Sort {
        match sort {
            SortArg::Relevance => Sort::Relevance,
            SortArg::Newest => Sort::Newest,
            SortArg::Oldest => Sort::Oldest,
        }
    }
}

impl From<MatchArg> for Matching {
    fn from(matching: MatchArg) -> Matching {
        match matching {
            MatchArg::All => Matching::All,
            MatchArg::Any => Matching::Any,
            MatchArg::Most => Matching::Most,
        }
    }
}

impl SearchArgs {
    /// The query as typed.
    pub(crate) fn typed(&self) -> String {
        self.words.join(" ")
    }
}

impl ConceptsArgs {
    /// The query as typed.
    pub(crate) fn typed(&self) -> String {
        self.words.join(" ")
    }
}

impl Args {
    /// The one query as typed, if there is one.
    pub(crate) fn typed(&self) -> Option<String> {
        match &self.command {
            Some(Command::Search(args)) if args.queries.is_none() => Some(args.typed()),
            Some(Command::Kwic(args)) => Some(args.query.typed()),
            Some(Command::Collocates(args)) => Some(args.query.typed()),
            Some(Command::Terms(args)) => Some(args.query.typed()),
            Some(Command::Trend(args)) => match &args.queries[..] {
                [query] => Some(query.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the output is for programs.
    pub(crate) fn json(&self) -> bool {
        match &self.command {
            Some(Command::Index(args)) => args.json,
            Some(Command::Search(args)) => args.json,
            Some(Command::Like(args)) => args.json,
            Some(Command::Concepts(args)) => args.json,
            Some(Command::Verify(args)) => args.json,
            Some(Command::Cite(args)) => args.json,
            Some(Command::Kwic(args)) => args.form.json,
            Some(Command::Collocates(args)) => args.form.json,
            Some(Command::Trend(args)) => args.form.json,
            Some(Command::Terms(args)) => args.form.json,
            Some(Command::Alerts(args)) => args.json,
            Some(Command::Report(args)) => args.json,
            Some(Command::Show(args)) => args.json,
            Some(Command::Extract(args)) => args.json,
            Some(Command::Eval(args)) => args.json,
            Some(Command::Status(args)) => args.json,
            Some(Command::Check(args)) => args.json,
            Some(Command::Limits(args)) => args.json,
            Some(Command::Completions(_) | Command::Man(_) | Command::ExtractWorker) | None => {
                false
            }
        }
    }
}

/// Reads the command line; answers help, version and usage errors itself, with their exit code.
pub(crate) fn parse() -> Result<Args, ExitCode> {
    let words: Vec<OsString> = std::env::args_os().collect();
    // What does not go well is told by the whole command line.
    if words.get(1).is_some_and(|word| word == "search")
        && let Ok(SearchAlone { command: OneCommand::Search(search), screen }) =
            SearchAlone::try_parse_from(&words)
    {
        return Ok(Args { command: Some(Command::Search(search)), screen });
    }
    Args::try_parse_from(&words).map_err(|error| {
        let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        // Nobody is left to be told where the stream is closed.
        if !asked && words.iter().any(|word| word == "--json") {
            let text = error.render().to_string();
            let (message, hint) = usage(&text);
            let line = JsonLine::error("usage", message, None, hint.map(Into::into));
            let _ = line.write(&mut io::stderr().lock());
        } else {
            let _ = error.print();
            let _ = io::stdout().flush();
        }
        if asked { ExitCode::SUCCESS } else { ExitCode::from(2) }
    })
}

/// The message and the tip of a usage error as clap writes it.
fn usage(text: &str) -> (&str, Option<&str>) {
    let message = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    let tip = text.split("tip: ").nth(1).and_then(|tip| tip.lines().next());
    (message, tip)
}

/// Reads a size in bytes: a number, or one with K, M or G (of 1024) behind.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match &*text[digits.len()..].to_ascii_uppercase() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => 0,
    };
    let size = digits.parse().ok().and_then(|number: u64| number.checked_mul(factor));
    size.filter(|size| *size > 0).ok_or_else(|| "write a size such as 500K, 256M or 2G".to_owned())
}

/// Reads a time: seconds, or a number with ms, s or m behind.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        _ => 0.0,
    };
    let seconds = digits.parse().ok().map(|number: f64| number * factor);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.filter(|time| !time.is_zero()).ok_or_else(|| "write a time such as 30s or 2m".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    Language::named(text).map_err(|error| error.to_string())
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error: polidex::InvalidDate| error.to_string())
}

/// Reads a date, or an age such as `6m`.
fn since(text: &str) -> Result<DateRange, String> {
    let age = [AgeUnit::Day, AgeUnit::Week, AgeUnit::Month, AgeUnit::Year]
        .into_iter()
        .find_map(|unit| Some((text.strip_suffix(unit.letter())?, unit)));
    match age {
        Some((count, unit)) => match count.parse() {
            Ok(count @ 1..=9999) => Ok(DateRange::Since(Age { count, unit })),
            _ => Err("write an age such as 30d, 2w, 6m or 1y".to_owned()),
        },
        None => date(text).map(DateRange::From),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn sizes_and_ages_are_read_or_refused() {
        assert_eq!(size("256M"), Ok(256 << 20));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("1000"), Ok(1000));
        for bad in ["", "M", "0", "-1", "1.5M", "3X", "99999999999G", "é"] {
            assert!(size(bad).is_err(), "{bad}");
        }
        let six_months = DateRange::Since(Age { count: 6, unit: AgeUnit::Month });
        assert_eq!(since("6m"), Ok(six_months));
        assert_eq!(since("2025"), Ok(DateRange::From("2025".parse().unwrap())));
        for bad in ["m", "0m", "-1d", "10000y", "2025-13", "yesterday"] {
            assert!(since(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn several_words_are_one_query() {
        let args = Args::try_parse_from(["polidex", "search", "digital", "sovereignty", "-n", "5"]);
        let Some(Command::Search(args)) = args.unwrap().command else { panic!() };
        assert_eq!((args.typed().as_str(), args.page.limit), ("digital sovereignty", Some(5)));
        assert!(Args::try_parse_from(["polidex", "search", "x", "-n", "0"]).is_err());
        assert!(Args::try_parse_from(["polidex", "search"]).is_err());
    }
}
