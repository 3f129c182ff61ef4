//! `polidex cite`: references to articles, with what is quoted from them.

use std::io::Write;
use std::ops::Range;

use polidex::{
    Date, Index, JsonLine, Query, Reference, SearchOptions, SearchResults, Searcher, VerifyOptions,
    distinct,
};

use super::{search, show};
use crate::Outcome;
use crate::args::CiteArgs;
use crate::failure::Failure;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &CiteArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find(&args.place)?;
    let index = Index::open(&place.index)?;
    let root = place.corpus(&index)?;
    let searcher = index.searcher()?;
    let accessed = args.accessed.unwrap_or_else(Date::today);
    let mut references = Vec::new();
    let mut paths = Vec::new();
    for article in &args.articles {
        let stored = show::find(&searcher, article, root.as_deref())?;
        if args.quote.is_empty() {
            references.push(Reference::new(&stored, &[], accessed));
        }
        paths.push(stored.article.path);
    }
    let mut found = None;
    if let Some(query) = &args.query {
        let query = search::confined(Query::parse(query)?, &args.only)?;
        let answer = searcher.search(&query, &options(args))?;
        references.extend(hits(&searcher, &answer, accessed)?);
        found = Some(answer);
    }
    for quote in &args.quote {
        references.push(quoted(&searcher, quote, &paths, args, accessed)?);
    }
    let references = distinct(references);
    let mut out = ui.out();
    if args.json {
        for reference in &references {
            JsonLine::reference(reference).write(&mut out)?;
        }
    } else {
        args.format.format().write(&mut out, &references)?;
    }
    out.flush()?;
    Ok(match found {
        Some(answer) if answer.timed_out => search::outcome(&answer, ui),
        _ if references.is_empty() => Outcome::Nothing,
        _ => Outcome::Done,
    })
}

fn options(args: &CiteArgs) -> SearchOptions {
    SearchOptions {
        limit: usize::from(args.limit),
        passages: usize::from(args.passages),
        timeout: args.time.limit(),
        ..SearchOptions::default()
    }
}

/// A reference to each hit, with its passages.
fn hits(
    searcher: &Searcher,
    answer: &SearchResults,
    accessed: Date,
) -> polidex::Result<Vec<Reference>> {
    let reference = |hit: &polidex::Hit| {
        let quoted: Vec<Range<usize>> =
            hit.passages.iter().map(|passage| passage.start..passage.end).collect();
        Ok(Reference::new(&searcher.article(&hit.path)?, &quoted, accessed))
    };
    answer.hits.iter().map(reference).collect()
}

/// A reference to the article in which a quotation stands: one of `paths`, if there are any, or else
/// the first of those where it agrees best.
fn quoted(
    searcher: &Searcher,
    quote: &str,
    paths: &[String],
    args: &CiteArgs,
    accessed: Date,
) -> anyhow::Result<Reference> {
    let options =
        VerifyOptions { limit: 1000, timeout: args.time.limit(), ..VerifyOptions::default() };
    let found = searcher.verify(quote, &options)?;
    let wanted = |path: &String| paths.is_empty() || paths.contains(path);
    let Some(place) = found.places.iter().find(|place| wanted(&place.path)) else {
        let at = if paths.is_empty() { "in no article" } else { "in none of these articles" };
        return Err(Failure {
            code: "absent_quotation",
            message: format!("“{}” stands {at}", found.quotation),
            hint: Some("see what stands near it with: polidex verify".into()),
        }
        .into());
    };
    let ranges: Vec<Range<usize>> = place.parts.iter().map(|part| part.start..part.end).collect();
    Ok(Reference::new(&searcher.article(&place.path)?, &ranges, accessed))
}
