//! `polidex alerts`: what is new for saved queries; saving and checking them.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use polidex::{
    AlertOptions, AlertState, Alerts, Date, Error, Index, JsonLine, NewQuery, SavedQueries,
    SearchOptions, Text, Vocabulary, index_name, write_atom,
};

use super::{concepts, search, show};
use crate::Outcome;
use crate::args::{AlertsArgs, AlertsCommand, SaveArgs, WholeTimeArgs};
use crate::failure::Failure;
use crate::place::Place;
use crate::ui::Ui;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

pub(crate) fn run(args: &AlertsArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    if let Some(AlertsCommand::Save(args)) = &args.command {
        return save(args, ui);
    }
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let vocabulary = concepts::vocabulary(&args.vocabulary)?;
    let saved = read(file, vocabulary.as_ref().unwrap_or_else(|| Vocabulary::shipped()))?;
    let place = Place::find(&args.place)?;
    let index = search::fresh(&place, args.update, ui)?;
    let root = place.corpus(&index)?;
    let searcher = index.searcher()?;
    if args.check {
        saved.check(&searcher, &in_time(&args.time), args.share.max_share / 100.0)?;
        let mut out = ui.out();
        let queries = saved.queries.len();
        let what = if queries == 1 { "query is" } else { "queries are" };
        writeln!(out, "{queries} {what} good for {} articles", searcher.article_count())?;
        out.flush()?;
        return Ok(Outcome::Done);
    }
    let state_file = match &args.state {
        Some(file) => file.clone(),
        None => state_beside(&place, file)?,
    };
    for file in [Some(&state_file), args.atom.as_ref()].into_iter().flatten() {
        outside(file, root.as_deref())?;
    }
    let mut state = AlertState::load(&state_file)?;
    let options = options(args);
    let alerts = searcher.alerts(&saved, &mut state, &options)?;
    if let Some(feed) = &args.atom {
        let entries = searcher.feed_entries(&saved, &state, &options.search)?;
        let link = |path: &str| show::link(root.as_deref()?, path);
        let name = root.as_deref().unwrap_or(&place.index).join(file);
        let title = format!("polidex: {}", file.display());
        let mut text = Vec::new();
        write_atom(&mut text, &name.to_string_lossy(), &title, &entries, Some(&link), options.now)?;
        write(feed, &text)?;
    }
    tell(&alerts, args, root.as_deref(), ui)?;
    // What its reader has not got is not taken for shown.
    state.save(&state_file)?;
    let fresh = alerts
        .queries
        .iter()
        .any(|it| !it.hits.is_empty() || (args.mark_only && it.new + it.changed > 0));
    Ok(if fresh { Outcome::Done } else { Outcome::Nothing })
}

fn options(args: &AlertsArgs) -> AlertOptions {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let since = args.since.map(|range| {
        let (first, _) = range.days(Date::today());
        u64::try_from(i64::from(first) * SECONDS_OF_A_DAY).unwrap_or(0).max(1)
    });
    let search = SearchOptions {
        limit: usize::from(args.limit),
        passages: usize::from(args.passages),
        sort: args.sort.into(),
        group: !args.no_group,
        ..in_time(&args.time)
    };
    AlertOptions { search, since, mark_only: args.mark_only, ..AlertOptions::at(now) }
}

/// The defaults of a search that has as much time as the arguments say.
fn in_time(args: &WholeTimeArgs) -> SearchOptions {
    SearchOptions { timeout: args.limit(), ..SearchOptions::default() }
}

fn tell(alerts: &Alerts, args: &AlertsArgs, root: Option<&Path>, ui: &Ui) -> anyhow::Result<()> {
    if args.json {
        let mut out = ui.out();
        for alert in &alerts.queries {
            for it in &alert.hits {
                JsonLine::alert_hit(&alert.name, it).write(&mut out)?;
            }
            JsonLine::alert(alert).write(&mut out)?;
        }
        JsonLine::alerts(alerts).write(&mut out)?;
        out.flush()?;
        return Ok(());
    }
    let link = |path: &str| show::link(root?, path);
    let text = Text { link: if ui.links { Some(&link) } else { None }, ..ui.text() };
    let mut page = Vec::new();
    text.alerts(&mut page, alerts)?;
    ui.page(&page)?;
    Ok(())
}

/// Reads a file of saved queries.
pub(super) fn read(file: &Path, vocabulary: &Vocabulary) -> polidex::Result<SavedQueries> {
    let text =
        fs::read_to_string(file).map_err(|source| Error::Io { path: file.into(), source })?;
    SavedQueries::read(&file.display().to_string(), &text, vocabulary)
}

/// Adds a query to a file that can be read and does not match too much.
fn save(args: &SaveArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let vocabulary = concepts::vocabulary(&args.vocabulary)?;
    let vocabulary = vocabulary.as_ref().unwrap_or_else(|| Vocabulary::shipped());
    let place = Place::find(&args.place)?;
    let index = Index::open(&place.index)?;
    outside(&args.file, place.corpus(&index)?.as_deref())?;
    let text = match fs::read_to_string(&args.file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(|source| Error::Io { path: args.file.clone(), source })?,
    };
    let new = NewQuery {
        name: &args.name,
        query: &args.words.join(" "),
        languages: &args.lang,
        since: args.since.as_deref(),
        matching: args.matching.map(Into::into),
        note: args.note.as_deref(),
    };
    let name = args.file.display().to_string();
    let (text, query) = SavedQueries::with(&name, &text, &new, vocabulary)?;
    let only = SavedQueries { file: name, queries: vec![query] };
    let searcher = index.searcher()?;
    only.check(&searcher, &in_time(&args.time), args.share.max_share / 100.0)?;
    write(&args.file, text.as_bytes())?;
    let mut out = ui.out();
    for query in &only.queries {
        writeln!(out, "saved in {}, line {}: {}", only.file, query.line, query.query)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Where it is kept what of a file of queries was shown: beside the index, in a file of its own for
/// each file of queries.
fn state_beside(place: &Place, file: &Path) -> anyhow::Result<PathBuf> {
    let file = file.canonicalize().map_err(|source| Error::Io { path: file.into(), source })?;
    let mut beside = place.index.clone().into_os_string();
    beside.push(format!(".{}.alerts", index_name(&file)));
    Ok(beside.into())
}

/// Refuses a file in the folder of the articles, to which nothing is written.
fn outside(file: &Path, root: Option<&Path>) -> anyhow::Result<()> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|source| Error::Io { path: file.into(), source })?;
    if root.is_some_and(|root| folder.starts_with(root)) {
        return Err(Failure {
            code: "in_corpus",
            message: format!("{}: nothing is written to the folder of articles", file.display()),
            hint: Some("give a file elsewhere".into()),
        }
        .into());
    }
    Ok(())
}

/// Writes a file, whole or not at all.
fn write(file: &Path, text: &[u8]) -> anyhow::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, file));
    written.map_err(|source| Error::Io { path: file.into(), source })?;
    Ok(())
}
