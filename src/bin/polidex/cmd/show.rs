//! `polidex show`: a whole article, from the index.

use std::path::{Component, Path};

use polidex::{Error, Index, JsonLine, Searcher, StoredArticle, Text, file_url};

use crate::Outcome;
use crate::args::ShowArgs;
use crate::place::Place;
use crate::ui::Ui;

pub(crate) fn run(args: &ShowArgs, ui: &Ui) -> anyhow::Result<Outcome> {
    let place = Place::find(&args.place)?;
    let index = Index::open(&place.index)?;
    let root = place.corpus(&index)?;
    let stored = find(&index.searcher()?, &args.article, root.as_deref())?;
    if args.json {
        ui.json(&JsonLine::article(&stored))?;
        return Ok(Outcome::Done);
    }
    let link = |path: &str| link(root.as_deref()?, path);
    let text = Text { link: if ui.links { Some(&link) } else { None }, ..ui.text() };
    let mut page = Vec::new();
    text.article(&mut page, &stored)?;
    ui.page(&page)?;
    Ok(Outcome::Done)
}

/// The article by its path in the corpus, or by that of a file, as a shell completes it.
pub(super) fn find(
    searcher: &Searcher,
    asked: &str,
    root: Option<&Path>,
) -> polidex::Result<StoredArticle> {
    match searcher.article(asked) {
        Err(unknown @ Error::UnknownArticle { .. }) => match in_corpus(asked, root) {
            Some(path) if path != asked => searcher.article(&path),
            _ => Err(unknown),
        },
        found => found,
    }
}

/// The path in the corpus of a file there, with `/` between its parts.
fn in_corpus(file: &str, root: Option<&Path>) -> Option<String> {
    let file = Path::new(file).canonicalize().ok()?;
    let parts: Option<Vec<&str>> = file
        .strip_prefix(root?)
        .ok()?
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    Some(parts?.join("/"))
}

/// The URL of the file that an article was read from, if the file is there: the path itself, or
/// what stands before a `#` in it where the file holds several articles.
pub(crate) fn link(root: &Path, article: &str) -> Option<String> {
    let mut path = article;
    loop {
        let file = root.join(path);
        if file.is_file() {
            return Some(file_url(&file));
        }
        path = path.rsplit_once('#')?.0;
    }
}
