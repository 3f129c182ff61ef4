//! `polidex verify`: whether quotations stand in the corpus, one or all those of a draft.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Instant;

use polidex::{
    Agreement, Article, CorpusOptions, DraftQuotation, Error, Extractor, Index, JsonLine, Searcher,
    Text, Verification, VerifyOptions, formats, quotations,
};

use super::show;
use crate::Outcome;
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::isolation::isolation;
use crate::place::Place;
use crate::ui::Ui;

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

pub(crate) fn run(args: &VerifyArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find(&args.place)?;
    let defaults = VerifyOptions::default();
    let options = VerifyOptions {
        limit: args.limit.map_or(defaults.limit, usize::from),
        similarity: args.similarity.unwrap_or(defaults.similarity),
        timeout: args.time.limit(),
    };
    let index = Index::open(&place.index)?;
    let searcher = index.searcher()?;
    let draft = draft(args)?;
    let start = Instant::now();
    let found = if let Some(draft) = draft {
        let quoted = read_draft(draft, args)?;
        let texts: Vec<&str> = quoted.iter().map(|quotation| &*quotation.text).collect();
        let found = searcher.verify_all(&texts, &options)?;
        if args.json {
            json(Some(draft), &quoted, &found, start, &searcher, ui)?;
        } else {
            let mut page = Vec::new();
            ui.text().verified_draft(&mut page, &quoted, &found)?;
            ui.text().verified_figures(&mut page, &found, start.elapsed())?;
            ui.page(&page)?;
        }
        found
    } else {
        let found = searcher.verify_all(&[&quotation(args)?], &options)?;
        if args.json {
            json(None, &[], &found, start, &searcher, ui)?;
        } else {
            let root = if ui.links { place.corpus(&index)? } else { None };
            let link = |path: &str| show::link(root.as_deref()?, path);
            let text = Text { link: if ui.links { Some(&link) } else { None }, ..ui.text() };
            let mut page = Vec::new();
            for found in &found {
                text.verification(&mut page, found)?;
            }
            ui.page(&page)?;
        }
        found
    };
    let worst = if args.strict { Agreement::Near } else { Agreement::Absent };
    let stands = found.iter().all(|found| found.agreement < worst);
    Ok(if stands { Outcome::Done } else { Outcome::Nothing })
}

/// The draft, if a file is named and not a quotation.
fn draft(args: &VerifyArgs) -> anyhow::Result<Option<&str>> {
    let [word] = &args.quotation[..] else { return Ok(None) };
    if word == STANDARD_INPUT {
        return Ok(None);
    }
    let path = Path::new(word);
    if path.is_file() {
        return Ok(Some(word));
    }
    // A quotation of one word that ends like the name of a file is hardly one.
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let known = |ending: &str| formats().iter().any(|it| it.extensions.contains(&ending));
    if !word.contains(char::is_whitespace) && ending.is_some_and(|ending| known(&ending)) {
        return Err(Failure {
            code: "no_draft",
            message: format!("{word}: there is no such file"),
            hint: Some("a quotation of one word that looks like a file goes in with -".into()),
        }
        .into());
    }
    Ok(None)
}

/// The one quotation that was asked for.
fn quotation(args: &VerifyArgs) -> anyhow::Result<String> {
    let io = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Io { path, source }
    };
    let path = args.file.as_deref();
    match (path, &args.quotation[..]) {
        (Some(path), _) if path != Path::new(STANDARD_INPUT) => {
            Ok(fs::read_to_string(path).map_err(io(path))?)
        }
        (None, words) if words != [STANDARD_INPUT] => Ok(words.join(" ")),
        _ => {
            let mut text = String::new();
            let read = io::stdin().lock().read_to_string(&mut text);
            read.map_err(io(Path::new("standard input")))?;
            Ok(text)
        }
    }
}

/// The quotations of the articles in a file.
fn read_draft(draft: &str, args: &VerifyArgs) -> anyhow::Result<Vec<DraftQuotation>> {
    let mut extractor = Extractor::new(&isolation(&args.isolation)?);
    let mut found = Vec::new();
    let mut emit = |article: Article| found.extend(quotations(&article, usize::from(args.words)));
    let max = CorpusOptions::default().max_file_size;
    let read = extractor.read_path(Path::new(draft), draft, max, &mut emit)?;
    read.map_err(|unreadable| Failure {
        code: "unreadable",
        message: format!("{draft}: {unreadable}"),
        hint: None,
    })?;
    Ok(found)
}

fn json(
    draft: Option<&str>,
    quoted: &[DraftQuotation],
    found: &[Verification],
    start: Instant,
    searcher: &Searcher,
    ui: &Ui,
) -> io::Result<()> {
    let mut out = ui.out();
    for (number, verification) in found.iter().enumerate() {
        JsonLine::verification(verification, quoted.get(number)).write(&mut out)?;
    }
    let elapsed = start.elapsed();
    JsonLine::verification_summary(draft, found, elapsed, searcher.generation()).write(&mut out)?;
    out.flush()
}
