//! The arguments of the commands that count or list the whole of a result.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use polidex::{CollocateSort, Facet, KwicSort, Per, Period, SEARCH_TIMEOUT};

use super::{MatchArg, OnlyArgs, PlaceArgs, duration};

/// How queries are read.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadingArgs {
    /// How many words a wildcard or a fuzzy word may stand for [default: 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_expansions: Option<u32>,
    /// How many of the words an article must have.
    #[arg(long = "match", value_enum, value_name = "HOW", default_value = "all")]
    pub(crate) matching: MatchArg,
    #[command(flatten)]
    pub(crate) time: WholeTimeArgs,
}

/// How long it may take to tell the whole of a result.
#[derive(Debug, clap::Args)]
pub(crate) struct WholeTimeArgs {
    /// How long a search may take, such as 500ms, 30s or 2m; what is told of a part of the result would
    /// be wrong, so that it is an error when the time is over [default: 10s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,
}

impl WholeTimeArgs {
    /// The time that a search has.
    pub(crate) fn limit(&self) -> Option<Duration> {
        Some(self.timeout.unwrap_or(SEARCH_TIMEOUT))
    }
}

/// One query, of which articles, and how it is read.
#[derive(Debug, clap::Args)]
pub(crate) struct QueryArgs {
    /// What to search for; several words are one query.
    #[arg(required = true, value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

impl QueryArgs {
    /// The query as typed.
    pub(crate) fn typed(&self) -> String {
        self.words.join(" ")
    }
}

/// In what form an answer is printed.
#[derive(Debug, clap::Args)]
pub(crate) struct FormArgs {
    /// Print JSON Lines.
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// Print a table as CSV.
    #[arg(long)]
    pub(crate) csv: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct KwicArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    /// What comes first.
    #[arg(long, value_enum, default_value_t = KwicSortArg::Path)]
    pub(crate) sort: KwicSortArg,
    /// How many words an order by words goes by, 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub(crate) depth: u8,
    /// How many columns, or characters in JSON and CSV, stand on each side, 10 to 1000 [default: 60, or
    /// what the terminal has room for]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(10..=1000))]
    pub(crate) width: Option<u16>,
    /// How many lines to show, 1 to 1000000.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) form: FormArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CollocatesArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    /// How many words on each side of a match count, 1 to 50.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) window: u8,
    /// What comes first.
    #[arg(long, value_enum, default_value_t = CollocateSortArg::LogLikelihood)]
    pub(crate) sort: CollocateSortArg,
    /// How often a word must stand near a match.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) min: u32,
    /// How many words to show, 1 to 100000.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// Leave out function words, such as the and of.
    #[arg(long)]
    pub(crate) no_function_words: bool,
    #[command(flatten)]
    pub(crate) form: FormArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TermsArgs {
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    /// How many of the articles must have a word.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) min: u32,
    /// How many words to show, 1 to 10000.
    #[arg(short = 'n', long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) form: FormArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TrendArgs {
    /// What to compare over time; each argument is a query.
    #[arg(required = true, value_name = "QUERY")]
    pub(crate) queries: Vec<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// The length of a period.
    #[arg(long, value_enum, default_value_t = PeriodArg::Month)]
    pub(crate) by: PeriodArg,
    /// What the numbers are related to: articles that match to all articles of the period, or matches
    /// to its words.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) per: Option<PerArg>,
    /// Count near-copies of an article, too, not only the earliest.
    #[arg(long)]
    pub(crate) no_group: bool,
    /// Draw bars in ASCII.
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub(crate) ascii: bool,
    /// Write a drawing to a file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: FormArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KwicSortArg {
    Path,
    Date,
    Left,
    Match,
    Right,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum CollocateSortArg {
    LogLikelihood,
    LogDice,
    Pmi,
    Count,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PeriodArg {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PerArg {
    ThousandArticles,
    MillionWords,
}

impl From<KwicSortArg> for KwicSort {
    fn from(sort: KwicSortArg) -> KwicSort {
        match sort {
            KwicSortArg::Path => KwicSort::Path,
            KwicSortArg::Date => KwicSort::Date,
            KwicSortArg::Left => KwicSort::Left,
            KwicSortArg::Match => KwicSort::Match,
            KwicSortArg::Right => KwicSort::Right,
        }
    }
}

impl From<CollocateSortArg> for CollocateSort {
    fn from(sort: CollocateSortArg) -> CollocateSort {
        match sort {
            CollocateSortArg::LogLikelihood => CollocateSort::LogLikelihood,
            CollocateSortArg::LogDice => CollocateSort::LogDice,
            CollocateSortArg::Pmi => CollocateSort::Pmi,
            CollocateSortArg::Count => CollocateSort::Count,
        }
    }
}

impl From<PeriodArg> for Period {
    fn from(period: PeriodArg) -> Period {
        match period {
            PeriodArg::Day => Period::Day,
            PeriodArg::Week => Period::Week,
            PeriodArg::Month => Period::Month,
            PeriodArg::Quarter => Period::Quarter,
            PeriodArg::Year => Period::Year,
        }
    }
}

impl From<PerArg> for Per {
    fn from(per: PerArg) -> Per {
        match per {
            PerArg::ThousandArticles => Per::ThousandArticles,
            PerArg::MillionWords => Per::MillionWords,
        }
    }
}

/// Reads the name of a facet.
pub(super) fn facet(text: &str) -> Result<Facet, String> {
    let facet = Facet::ALL.iter().find(|(_, name)| *name == text);
    let names = || Facet::ALL.map(|(_, name)| name).join(", ");
    facet.map(|(facet, _)| *facet).ok_or_else(|| format!("the facets are {}", names()))
}
