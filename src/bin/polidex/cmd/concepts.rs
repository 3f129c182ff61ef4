//! `polidex concepts`: the vocabulary, and how many articles speak of each concept.

use std::fs;
use std::io::Write;
use std::sync::Arc;

use polidex::{
    Concept, ConceptCounts, ConceptKind, Error, Index, JsonLine, Query, SearchOptions, Vocabulary,
};

use crate::Outcome;
use crate::args::{ConceptsArgs, VocabularyArgs};
use crate::failure::Failure;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &ConceptsArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let own = vocabulary(&args.vocabulary)?;
    let vocabulary = own.as_ref().unwrap_or_else(|| Vocabulary::shipped());
    if let Some(name) = &args.explain {
        let name = name.trim_start_matches('#');
        return match vocabulary.concept(name) {
            Some(concept) => list(&[concept], true, vocabulary, args, ui),
            None => Err(unknown(name, vocabulary).into()),
        };
    }
    let is_wanted = |kind: ConceptKind| args.kind.is_none_or(|wanted| kind == wanted.into());
    if args.words.is_empty() && args.place.folder.is_none() && args.place.index.is_none() {
        let concepts = vocabulary.concepts().filter(|concept| is_wanted(concept.kind));
        let shown = args.limit.map_or(usize::MAX, usize::from);
        return list(&concepts.take(shown).collect::<Vec<_>>(), false, vocabulary, args, ui);
    }
    let query = match &*args.typed() {
        "" => None,
        typed => Some(Query::parse_with(typed, vocabulary)?),
    };
    let index = Index::open(&Place::find(&args.place)?.index)?;
    let options = SearchOptions { timeout: args.time.limit(), ..SearchOptions::default() };
    let mut counts = index.searcher()?.concepts(vocabulary, query.as_ref(), &options)?;
    counts.concepts.retain(|count| is_wanted(count.concept.kind));
    let outcome = if counts.concepts.is_empty() { Outcome::Nothing } else { Outcome::Done };
    show(&counts, query.as_ref(), vocabulary, args, ui)?;
    Ok(outcome)
}

/// The vocabulary that a file changes; none if no file is given.
pub(super) fn vocabulary(args: &VocabularyArgs) -> anyhow::Result<Option<Vocabulary>> {
    let Some(path) = &args.vocabulary else { return Ok(None) };
    let text =
        fs::read_to_string(path).map_err(|source| Error::Io { path: path.clone(), source })?;
    Ok(Some(Vocabulary::shipped().with(&path.display().to_string(), &text)?))
}

/// The error of a query for the concept says which names look like this one.
fn unknown(name: &str, vocabulary: &Vocabulary) -> Failure {
    let asked = format!("concept:\"{}\"", name.replace('"', ""));
    let message = match Query::parse_with(&asked, vocabulary) {
        Err(Error::Query(error)) => error.message,
        _ => format!("there is no concept “{name}”"),
    };
    Failure { code: "unknown_concept", message, hint: None }
}

fn list(
    concepts: &[&Arc<Concept>],
    whole: bool,
    vocabulary: &Vocabulary,
    args: &ConceptsArgs,
    ui: &Ui,
) -> anyhow::Result<Outcome> {
    let mut page = Vec::new();
    for (number, concept) in concepts.iter().enumerate() {
        if args.json {
            JsonLine::concept(concept).write(&mut page)?;
        } else if args.toml {
            let gap = if number > 0 { "\n" } else { "" };
            write!(page, "{gap}{}", concept.to_toml())?;
        } else if whole {
            ui.text().concept(&mut page, concept)?;
        } else {
            ui.text().concept_line(&mut page, concept)?;
        }
    }
    if args.json {
        JsonLine::concepts(vocabulary, None).write(&mut page)?;
    }
    ui.page(&page)?;
    Ok(if concepts.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

fn show(
    counts: &ConceptCounts,
    query: Option<&Query>,
    vocabulary: &Vocabulary,
    args: &ConceptsArgs,
    ui: &Ui,
) -> anyhow::Result<()> {
    let shown = args.limit.map_or(usize::MAX, usize::from);
    let mut page = Vec::new();
    if args.json {
        for count in counts.concepts.iter().take(shown) {
            JsonLine::concept_count(count).write(&mut page)?;
        }
        JsonLine::concepts(vocabulary, Some((counts, query))).write(&mut page)?;
    } else {
        ui.text().concept_counts(&mut page, counts, shown)?;
        if let Some(query) = query {
            ui.text().notes(&mut page, &query.notes, &args.typed())?;
        }
    }
    ui.page(&page)?;
    Ok(())
}
