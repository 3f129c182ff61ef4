//! `polidex eval`: measures how well queries are answered.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use polidex::{
    Collection, Error, Evaluation, EvaluationReport, JsonLine, Matching, Qrels, Query, Run,
    SearchOptions, TermSafe, Topic, compare, plain_query, ranking, trec_word,
};

use super::list::parsed;
use crate::Outcome;
use crate::args::EvalArgs;
use crate::failure::Failure;
use crate::ui::Ui;

/// How many documents are ranked for a query, as is the custom with TREC.
const DEPTH: usize = 1000;

pub(crate) fn run(args: &EvalArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let (docs, queries, qrels) = match (&*args.files, &args.score_run) {
        ([docs, queries, qrels], _) => (Some(docs), Some(queries), qrels),
        ([qrels], Some(_)) => (None, None, qrels),
        _ => {
            return Err(Failure {
                code: "usage",
                message: "eval takes three: DOCS QUERIES QRELS".into(),
                hint: Some("polidex eval docs.jsonl queries.tsv qrels.tsv".into()),
            }
            .into());
        }
    };
    let qrels = parsed(qrels, Qrels::parse)?;
    let topics = queries.map(|file| parsed(file, Topic::list)).transpose()?;
    let before = args.against.as_deref().map(|file| parsed(file, Run::parse)).transpose()?;
    let mut report = EvaluationReport::default();
    let mut faulty = false;
    let run = match (&args.score_run, docs, &topics) {
        (Some(file), ..) => parsed(file, Run::parse)?,
        (None, Some(docs), Some(topics)) => {
            answers(docs, topics, &qrels, args, &mut report, &mut faulty, ui)?
        }
        (None, ..) => Run::default(),
    };
    if let Some(file) = &args.run {
        write(&run, file).map_err(|source| Error::Io { path: file.clone(), source })?;
    }
    let ids: Vec<String> = match &topics {
        Some(topics) => topics.iter().map(|topic| trec_word(&topic.id).into_owned()).collect(),
        None => qrels.queries.keys().cloned().collect(),
    };
    let evaluated = |run: &Run| Evaluation::of(run, &qrels, ids.iter().map(String::as_str));
    report.evaluation = evaluated(&run);
    report.against = before.map(|before| compare(&evaluated(&before), &report.evaluation));
    show(&report, args, ui)?;
    Ok(match (faulty, report.evaluation.queries.is_empty()) {
        (true, _) => Outcome::Faulty,
        (false, true) => Outcome::Nothing,
        (false, false) => Outcome::Done,
    })
}

/// Indexes the documents and asks the queries.
fn answers(
    docs: &Path,
    topics: &[Topic],
    qrels: &Qrels,
    args: &EvalArgs,
    report: &mut EvaluationReport,
    faulty: &mut bool,
    ui: &Ui,
) -> anyhow::Result<Run> {
    let start = Instant::now();
    let collection = Collection::open(docs, args.lang)?;
    report.indexing = start.elapsed();
    report.documents = collection.ids.len() as u64;
    let judged = qrels.queries.values().flat_map(|judged| judged.keys());
    report.absent = judged.filter(|id| !collection.ids.contains(*id)).count();
    report.unread = collection.unread.len();
    tell(&collection, report.absent, ui);
    let options = SearchOptions {
        limit: DEPTH,
        passages: 0,
        matching: Matching::from(args.matching),
        feedback: args.feedback,
        // A copy of a relevant document is judged like any other.
        group: false,
        timeout: args.time.limit(),
        ..SearchOptions::default()
    };
    let searcher = collection.index.searcher()?;
    let start = Instant::now();
    let mut run = Run::default();
    for topic in topics {
        let query = if args.syntax { Query::parse(&topic.text) } else { plain_query(&topic.text) };
        match query.and_then(|query| searcher.search(&query, &options)) {
            // The measures of half a ranking would be of the clock.
            Ok(results) if results.timed_out => return Err(Error::TimedOut.into()),
            Ok(results) => {
                run.queries.insert(trec_word(&topic.id).into_owned(), ranking(&results.hits));
            }
            Err(error @ Error::Query(_)) => {
                ui.query_error(topic, &error.into());
                *faulty = true;
            }
            Err(error) => return Err(error.into()),
        }
    }
    report.searching = start.elapsed();
    Ok(run)
}

/// Says what could not be read, and what is judged and not there: both lower the measures.
fn tell(collection: &Collection, absent: usize, ui: &Ui) {
    ui.message(|_, out| {
        for part in &collection.unread {
            writeln!(out, "not read: {}", TermSafe(part))?;
        }
        match absent {
            0 => Ok(()),
            1 => writeln!(out, "1 judgement is of a document that is not there"),
            n => writeln!(out, "{n} judgements are of documents that are not there"),
        }
    });
}

fn write(run: &Run, file: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    run.write(&mut out)?;
    out.flush()
}

fn show(report: &EvaluationReport, args: &EvalArgs, ui: &Ui) -> anyhow::Result<()> {
    if !args.json {
        let mut page = Vec::new();
        ui.text().evaluation(&mut page, report, args.per_query)?;
        ui.page(&page)?;
        return Ok(());
    }
    let mut out = ui.out();
    for (id, measures) in report.evaluation.queries.iter().filter(|_| args.per_query) {
        JsonLine::measures(id, measures).write(&mut out)?;
    }
    JsonLine::evaluation(report).write(&mut out)?;
    out.flush()?;
    Ok(())
}
