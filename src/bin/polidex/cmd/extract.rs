//! `polidex extract`: what is read from a file, for whoever wonders why something is not found.

use std::io::{self, Read, Write};
use std::path::Path;

use polidex::{Article, CorpusOptions, Extracted, Extractor, JsonLine, Unreadable, formats};

use crate::Outcome;
use crate::args::ExtractArgs;
use crate::failure::Failure;
use crate::isolation::isolation;
use crate::ui::Ui;

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

pub(crate) fn run(args: &ExtractArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    if args.formats {
        return list(args, ui);
    }
    let mut extractor = Extractor::new(&isolation(&args.isolation)?);
    let mut outcome = Outcome::Done;
    let mut page = Vec::new();
    for file in &args.files {
        let mut written = Ok(());
        let mut first = page.is_empty();
        let mut show = |article: Article| {
            if written.is_ok() {
                written = match args.json {
                    true => ui.json(&JsonLine::extracted(&article)),
                    false => separated(&mut page, &mut first)
                        .and_then(|()| ui.text().extracted(&mut page, &article)),
                };
            }
        };
        let (path, read) = read(file, args, &mut extractor, &mut show)?;
        written?;
        if args.json {
            ui.json(&JsonLine::extraction(&path, &read))?;
        }
        match &read {
            Ok(read) if !args.json => ui.message(|text, out| text.extraction(out, &path, read)),
            Ok(_) => {}
            Err(unreadable) => {
                outcome = Outcome::Faulty;
                ui.error(
                    &Failure {
                        code: "unreadable",
                        message: format!("{path}: {unreadable}"),
                        hint: None,
                    }
                    .into(),
                );
            }
        }
    }
    ui.page(&page)?;
    Ok(outcome)
}

/// An empty line between two articles.
fn separated(page: &mut Vec<u8>, first: &mut bool) -> io::Result<()> {
    if !std::mem::take(first) {
        writeln!(page)?;
    }
    Ok(())
}

/// Reads a file, or standard input; gives the path that it goes by, too.
fn read(
    file: &Path,
    args: &ExtractArgs,
    extractor: &mut Extractor,
    emit: &mut dyn FnMut(Article),
) -> anyhow::Result<(String, Result<Extracted, Unreadable>)> {
    let max = args.max_file_size.unwrap_or(CorpusOptions::default().max_file_size);
    let name = |path: &Path| path.to_string_lossy().into_owned();
    let given = args.name.clone();
    if file != Path::new(STANDARD_INPUT) {
        let path = given.unwrap_or_else(|| name(file));
        let read = extractor.read_path(file, &path, max, emit)?;
        return Ok((path, read));
    }
    let path = given.unwrap_or_else(|| "standard input".into());
    let mut bytes = Vec::new();
    io::stdin().lock().take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        let message = format!("standard input: there are more than {max} bytes");
        let hint = Some("allow more with --max-file-size".into());
        return Err(Failure { code: "too_large", message, hint }.into());
    }
    let read = extractor.read_bytes(&path, &bytes, emit)?;
    Ok((path, read))
}

/// Shows which formats are read.
fn list(args: &ExtractArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let formats = formats();
    if args.json {
        for format in &formats {
            ui.json(&JsonLine::format(format))?;
        }
        return Ok(Outcome::Done);
    }
    let mut page = Vec::new();
    ui.text().formats(&mut page, &formats)?;
    ui.page(&page)?;
    Ok(Outcome::Done)
}
