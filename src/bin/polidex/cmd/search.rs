//! `polidex search`: asks an index, and shows the answer.

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use polidex::{
    Corpus, DateRange, Error, Index, JsonLine, Query, SearchOptions, SearchResults, Table, Text,
    UpdateOptions, Vocabulary, plain_query,
};

use super::{concepts, index, list, show, whole};
use crate::Outcome;
use crate::args::{IsolationArgs, OnlyArgs, PlaceArgs, SearchArgs};
use crate::isolation::isolation;
use crate::place::Place;
use crate::ui::Ui;

/// How many paths `--files-with-matches` lists if no number is given: the most there can be.
const ALL_PATHS: usize = 1000;

pub(crate) fn run(args: &SearchArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    if let Some(file) = &args.queries {
        return list::run(file, args, ui);
    }
    let mut laps = Laps::start();
    let vocabulary = concepts::vocabulary(&args.vocabulary)?;
    let query = read(&args.typed(), args, &vocabulary)?;
    laps.end("parse");
    let place = Place::find(&args.place)?;
    let index = fresh(&place, args.update, ui)?;
    if args.explain_query {
        return explain(&index, &query, args, ui);
    }
    let searcher = index.searcher()?;
    laps.end("open");
    let results = searcher.search(&query, &options(args))?;
    laps.steps.extend(results.profile.steps());
    laps.from = Instant::now();
    if args.json {
        json(&results, ui)?;
    } else if args.csv {
        whole::csv(&Table::facets(&results.facets), ui)?;
    } else if args.format.is_some() {
        list::trec("1", &results.hits, ui)?;
    } else if args.files_with_matches {
        paths(&results, args, ui)?;
    } else {
        text(&results, &args.typed(), &args.place, &place, &index, ui)?;
    }
    laps.end("render");
    if args.profile {
        ui.message(|text, out| text.profile(out, &laps.steps));
    }
    Ok(outcome(&results, ui))
}

/// The time that steps take, one after the other.
struct Laps {
    from: Instant,
    steps: Vec<(&'static str, Duration)>,
}

impl Laps {
    fn start() -> Laps {
        Laps { from: Instant::now(), steps: Vec::new() }
    }

    fn end(&mut self, step: &'static str) {
        self.steps.push((step, self.from.elapsed()));
        self.from = Instant::now();
    }
}

/// How a search ended that has been shown; says so where it ran out of time.
pub(super) fn outcome(results: &SearchResults, ui: &Ui) -> Outcome {
    if results.timed_out {
        let hint = Error::TimedOut.hint();
        ui.message(|text, out| {
            text.error(out, "the search ran out of time", None, hint.as_deref())
        });
        return Outcome::Faulty;
    }
    if results.articles > 0 { Outcome::Done } else { Outcome::Nothing }
}

/// Shows how the query is read, instead of hits.
fn explain(index: &Index, query: &Query, args: &SearchArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let plan = index.searcher()?.explain_query(query, &options(args))?;
    if args.json {
        ui.json(&JsonLine::explanation(&plan))?;
    } else {
        let mut page = Vec::new();
        ui.text().query_plan(&mut page, &plan, &args.typed())?;
        ui.page(&page)?;
    }
    Ok(if plan.root.articles > 0 { Outcome::Done } else { Outcome::Nothing })
}

/// The query that `text` is, confined as the options say.
pub(super) fn read(
    text: &str,
    args: &SearchArgs,
    vocabulary: &Option<Vocabulary>,
) -> polidex::Result<Query> {
    let mut query = match vocabulary {
        _ if args.plain => plain_query(text)?,
        Some(vocabulary) => Query::parse_with(text, vocabulary)?,
        None => Query::parse(text)?,
    };
    if args.expand {
        query = query.expand(vocabulary.as_ref().unwrap_or_else(|| Vocabulary::shipped()));
    }
    confined(query, &args.only)
}

/// The query, confined to the languages and dates that the options name.
pub(super) fn confined(query: Query, only: &OnlyArgs) -> polidex::Result<Query> {
    Ok(query.confined(&only.lang, &published(only)?))
}

/// When articles are published that the options leave.
pub(super) fn published(only: &OnlyArgs) -> polidex::Result<Vec<DateRange>> {
    Ok(match (only.since, only.until) {
        (Some(DateRange::From(since)), Some(until)) if since.first_day() > until.last_day() => {
            let reason = format!("{until} is before --since {since}");
            return Err(Error::Option { option: "--until", reason });
        }
        (Some(DateRange::From(since)), Some(until)) => vec![DateRange::Between(since, until)],
        (since, until) => since.into_iter().chain(until.map(DateRange::Until)).collect(),
    })
}

/// The index, built first where a folder was named that has none, and updated first if asked.
pub(super) fn fresh(place: &Place, update: bool, ui: &Ui) -> anyhow::Result<Index> {
    let exists = Index::exists(&place.index);
    let index = match &place.folder {
        Some(_) if !exists => Index::create(&place.index)?,
        _ => Index::open(&place.index)?,
    };
    if (!exists || update)
        && let Some(folder) = place.corpus(&index)?
    {
        let corpus = Corpus::open(folder)?.with_options(index.corpus_options()?);
        let isolation = isolation(&IsolationArgs::default())?;
        let options = UpdateOptions { isolation, ..UpdateOptions::default() };
        index::update(&index, &corpus, options, false, ui)?;
    }
    Ok(index)
}

pub(super) fn options(args: &SearchArgs) -> SearchOptions {
    let defaults = SearchOptions::default();
    let limit = if args.files_with_matches { ALL_PATHS } else { defaults.limit };
    let passages =
        if args.files_with_matches || args.format.is_some() { 0 } else { defaults.passages };
    SearchOptions {
        limit: args.page.limit.map_or(limit, usize::from),
        offset: usize::from(args.page.offset),
        passages: args.page.passages.map_or(passages, usize::from),
        max_expansions: args.max_expansions.map_or(defaults.max_expansions, |n| n as usize),
        sort: args.sort.into(),
        matching: args.matching.map_or(defaults.matching, Into::into),
        count_only: args.count,
        explain: args.explain,
        feedback: args.feedback,
        timeout: args.time.limit(),
        facets: args.facets.clone(),
        facet_values: args.facet_values.map_or(defaults.facet_values, |n| n as usize),
        // A list of paths and a run are lists of all that was found.
        group: !(args.no_group || args.files_with_matches || args.format.is_some()),
        ..defaults
    }
}

pub(super) fn json(results: &SearchResults, ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    for hit in &results.hits {
        JsonLine::hit(hit).write(&mut out)?;
    }
    JsonLine::summary(results).write(&mut out)?;
    out.flush()
}

/// The paths on standard output; on standard error what a reader of the list must know.
fn paths(results: &SearchResults, args: &SearchArgs, ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    ui.text().paths(&mut out, results)?;
    out.flush()?;
    let all = results.hits.len() as u64 == results.articles && results.articles > 0;
    if !all || results.fallback || !results.notes.is_empty() {
        ui.message(|text, out| text.figures(out, results, &args.typed()));
    }
    Ok(())
}

pub(super) fn text(
    results: &SearchResults,
    typed: &str,
    args: &PlaceArgs,
    place: &Place,
    index: &Index,
    ui: &Ui,
) -> anyhow::Result<()> {
    let root = if ui.links { place.corpus(index)? } else { None };
    let link = |path: &str| show::link(root.as_deref()?, path);
    let command = command(args);
    let text =
        Text { link: if ui.links { Some(&link) } else { None }, command: &command, ..ui.text() };
    let mut page = Vec::new();
    text.results(&mut page, results, typed)?;
    ui.page(&page)?;
    Ok(())
}

/// The command that asks the same index something else.
fn command(args: &PlaceArgs) -> String {
    let mut command = "polidex search".to_owned();
    for (option, folder) in [("--in", &args.folder), ("--index", &args.index)] {
        if let Some(folder) = folder {
            command.push_str(&format!(" {option} {}", word(&folder.to_string_lossy())));
        }
    }
    command
}

/// `text` as a word of a POSIX shell.
fn word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || "/._-~".contains(c);
    if text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use polidex::{Field, Node};

    use super::*;
    use crate::args::{Args, Command};

    fn root(words: &[&str]) -> polidex::Result<Node> {
        let args = Args::try_parse_from(["polidex", "search", "x"].iter().chain(words)).unwrap();
        let Some(Command::Search(args)) = args.command else { panic!() };
        let query = Query { root: Node::Word("x".into()), notes: vec![] };
        Ok(confined(query, &args.only)?.root)
    }

    #[test]
    fn options_confine_the_query_as_its_own_language_would() {
        let x = Node::Word("x".into());
        let lang = |code: &str| Node::Field {
            field: Field::Language,
            node: Box::new(Node::Word(code.into())),
        };
        assert_eq!(root(&[]).unwrap(), x);
        assert_eq!(root(&["--lang", "fr-FR"]).unwrap(), Node::And(vec![x.clone(), lang("fr")]));
        assert_eq!(
            root(&["--lang", "fr,de"]).unwrap(),
            Node::And(vec![x.clone(), Node::Or(vec![lang("fr"), lang("de")])])
        );
        let between = DateRange::Between("2024".parse().unwrap(), "2025-06".parse().unwrap());
        assert_eq!(
            root(&["--since", "2024", "--until", "2025-06"]).unwrap(),
            Node::And(vec![x, Node::Date(between)])
        );
        assert!(root(&["--since", "2025", "--until", "2024"]).is_err());
        assert!(root(&["--since", "2025-06", "--until", "2025"]).is_ok());
    }
}
