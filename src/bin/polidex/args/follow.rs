//! The arguments of the commands that follow saved queries: alerts and reports.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use polidex::{DateRange, Facet, Language};

use super::counts::{PeriodArg, WholeTimeArgs, facet};
use super::{MatchArg, PlaceArgs, SortArg, VocabularyArgs, language, since};

pub(crate) const ALERTS: &str = "\
FILE has named queries in TOML:

  [sovereign-cloud]
  query = '\"sovereign cloud\" OR \"cloud souverain\"'
  lang = ['en', 'fr']   # optional, like what follows
  since = '2024'        # published then or later; or an age such as 6m
  match = 'all'         # all, any, most
  note = 'for the weekly letter'

An article is new for a query if it was not shown for it before, changed if its text was another
then. What was shown is kept beside the index, or in the file that --state names.

Examples:
  polidex alerts save sovereign-cloud '\"sovereign cloud\"' --file own.toml --in articles
  polidex alerts own.toml --in articles --update
  polidex alerts own.toml --in articles --atom feed.xml
  polidex alerts own.toml --in articles --since 7d

Exit code: 0 something is new, 1 nothing is, 2 an error.";

pub(crate) const REPORT: &str = "\
QUERIES has named queries in TOML, as for polidex alerts.

Examples:
  polidex report own.toml --in articles --by year --facet lang > report.md
  polidex report own.toml --in articles --by quarter --format csv

Exit code: 0 something is counted, 1 nothing, 2 an error.";

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct AlertsArgs {
    #[command(subcommand)]
    pub(crate) command: Option<AlertsCommand>,
    /// The file of saved queries.
    #[arg(required = true)]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) vocabulary: VocabularyArgs,
    /// Only check the file: whether each query can be read and does not match too much.
    #[arg(long, conflicts_with_all = ["json", "atom", "mark_only", "since", "since_last"])]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) share: ShareArgs,
    /// Show what is new or has changed since the last look; the default.
    #[arg(long, conflicts_with = "since")]
    pub(crate) since_last: bool,
    /// Show also what earlier looks have shown since a day or an age: 2025-10-28, 7d.
    #[arg(long, value_name = "DATE", value_parser = since, conflicts_with = "mark_only")]
    pub(crate) since: Option<DateRange>,
    /// Show nothing, and take all that matches for shown.
    #[arg(long)]
    pub(crate) mark_only: bool,
    /// The file that says what was shown [default: beside the index]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Write what was noticed last to a file, as a feed (Atom).
    #[arg(long, value_name = "FILE")]
    pub(crate) atom: Option<PathBuf>,
    /// How many articles of a query to show, 1 to 1000; the rest come at the next look.
    #[arg(short = 'n', long = "limit", value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,
    /// How many passages of an article to show, up to 20.
    #[arg(long, value_name = "P", default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=20))]
    pub(crate) passages: u16,
    /// What comes first.
    #[arg(long, value_enum, default_value_t = SortArg::Newest)]
    pub(crate) sort: SortArg,
    /// Show near-copies of an article by themselves, not folded under the first.
    #[arg(long)]
    pub(crate) no_group: bool,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
    /// Bring the index up to date first.
    #[arg(long)]
    pub(crate) update: bool,
    /// Print JSON Lines: a line for each article and each query, then a summary.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertsCommand {
    /// Add a query to a file, once it is known to be good.
    Save(SaveArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct SaveArgs {
    /// The name of the query.
    pub(crate) name: String,
    /// The query; several words are one query.
    #[arg(required = true, value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    /// The file of saved queries; it is made if there is none.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) vocabulary: VocabularyArgs,
    /// Only articles in this language, such as fr; several with commas between.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Vec<Language>,
    /// Only articles published since a date or an age: 2025, 2025-10-28, 6m, 30d.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// How many of the words an article must have.
    #[arg(long = "match", value_enum, value_name = "HOW")]
    pub(crate) matching: Option<MatchArg>,
    /// What is to be said of it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) share: ShareArgs,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShareArgs {
    /// The greatest share of the articles that a saved query may match, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0, value_parser = percent)]
    pub(crate) max_share: f64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The file of saved queries.
    #[arg(value_name = "QUERIES")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) vocabulary: VocabularyArgs,
    /// The length of a period.
    #[arg(long, value_enum, default_value_t = PeriodArg::Quarter)]
    pub(crate) by: PeriodArg,
    /// Count each period by a fact, too: source, lang, kind, jurisdiction, author, tag, cites.
    #[arg(long, value_name = "FACET", value_parser = facet)]
    pub(crate) facet: Option<Facet>,
    /// How many values of the facet to tell.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) facet_values: u32,
    /// Count near-copies of an article, too, not only the earliest.
    #[arg(long)]
    pub(crate) no_group: bool,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
    /// The form of the report.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = ReportFormArg::Markdown)]
    pub(crate) format: ReportFormArg,
    /// Print JSON Lines: a line for each period and each query, then one for the report.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReportFormArg {
    Markdown,
    Csv,
    Html,
}

/// Reads a share in percent.
fn percent(text: &str) -> Result<f64, String> {
    let value = text.trim_end_matches('%').parse::<f64>().ok();
    value
        .filter(|value| *value > 0.0 && *value <= 100.0)
        .ok_or_else(|| "write a share of over 0 and up to 100 percent, such as 20".to_owned())
}
