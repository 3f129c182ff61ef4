//! `polidex search --queries`: asks an index a list of queries.

use std::io::{self, Read, Write};
use std::path::Path;

use polidex::{Error, Hit, JsonLine, SearchResults, TermSafe, Topic, ranking, write_ranking};

use super::concepts;
use super::search::{self, fresh, options, read};
use crate::Outcome;
use crate::args::SearchArgs;
use crate::failure::Failure;
use crate::place::Place;
use crate::ui::Ui;

/// Asks the queries one after the other; one that cannot be read does not hold up the others.
pub(super) fn run(file: &Path, args: &SearchArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let topics = parsed(file, Topic::list)?;
    let place = Place::find(&args.place)?;
    let vocabulary = concepts::vocabulary(&args.vocabulary)?;
    let searcher = fresh(&place, args.update, ui)?.searcher()?;
    let options = options(args);
    let mut outcome = Outcome::Nothing;
    for topic in &topics {
        let query = read(&topic.text, args, &vocabulary);
        let answer = query.and_then(|query| searcher.search(&query, &options));
        match answer {
            Ok(results) => {
                show(topic, &results, args, ui)?;
                match search::outcome(&results, ui) {
                    Outcome::Faulty => outcome = Outcome::Faulty,
                    Outcome::Done if matches!(outcome, Outcome::Nothing) => outcome = Outcome::Done,
                    _ => {}
                }
            }
            Err(error @ Error::Query(_)) => {
                ui.query_error(topic, &error.into());
                outcome = Outcome::Faulty;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(outcome)
}

fn show(topic: &Topic, results: &SearchResults, args: &SearchArgs, ui: &Ui) -> io::Result<()> {
    if args.format.is_some() {
        return trec(&topic.id, &results.hits, ui);
    }
    let mut out = ui.out();
    if args.json {
        for hit in &results.hits {
            JsonLine::hit(hit).of_query(&topic.id).write(&mut out)?;
        }
        JsonLine::summary(results).of_query(&topic.id).write(&mut out)?;
    } else {
        writeln!(out, "== {}: {}", TermSafe(&topic.id), TermSafe(&topic.text))?;
        ui.text().results(&mut out, results, &topic.text)?;
        writeln!(out)?;
    }
    out.flush()
}

/// Writes hits as a run of TREC.
pub(super) fn trec(query_id: &str, hits: &[Hit], ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    let first = hits.first().map_or(1, |hit| hit.rank);
    write_ranking(&mut out, query_id, &ranking(hits), first)?;
    out.flush()
}

/// What `parse` makes of the text in `file`; `-` is standard input.
pub(super) fn parsed<T>(
    file: &Path,
    parse: impl FnOnce(&str) -> Result<T, polidex::InvalidLine>,
) -> anyhow::Result<T> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|source| Error::Io { path: file.to_path_buf(), source })?;
    let invalid = |line: polidex::InvalidLine| Failure {
        code: "invalid_line",
        message: format!("{}: {line}", file.display()),
        hint: None,
    };
    Ok(parse(&text).map_err(invalid)?)
}
