//! The documents of a test collection, indexed in memory.

use std::collections::BTreeSet;
use std::path::Path;

use super::trec_word;
use crate::corpus::{Corpus, Entry, FileEntry};
use crate::index::Index;
use crate::{Article, Error, Language, Origin, Result};

/// The documents of a test collection: an index in memory, and what is not in it.
pub struct Collection {
    /// The index.
    pub index: Index,
    /// The names of its articles, as [`trec_word`] writes them.
    pub ids: BTreeSet<String>,
    /// Files, and parts of files, that could not be read, each with the reason.
    pub unread: Vec<String>,
}

impl Collection {
    /// Indexes a folder, or a single file such as one of JSON Lines, whose articles have their
    /// `id` for a path. Articles that do not say their language are taken to be in `language`, if
    /// one is given and the text does not contradict it.
    ///
    /// Errors: those of [`Corpus::open`] and [`Index::add`]; [`Error::Corpus`] for a file that
    /// gives no article.
    pub fn open(path: impl AsRef<Path>, language: Option<Language>) -> Result<Collection> {
        let path = path.as_ref();
        let given = |article: Article| with_language(article, language);
        let index = Index::in_memory()?;
        let (mut ids, mut unread) = (BTreeSet::new(), Vec::new());
        if path.is_file() {
            let articles = of_file(path, &mut unread)?;
            let articles = articles.into_iter().map(given);
            index.add(articles.inspect(|it| _ = ids.insert(trec_word(&it.path).into_owned())))?;
        } else {
            let corpus = Corpus::open(path)?;
            let articles = corpus.walk().flat_map(|entry| match entry {
                Entry::File(file) => read(&corpus, &file, &mut unread).unwrap_or_else(|reason| {
                    unread.push(reason);
                    Vec::new()
                }),
                Entry::Skipped { path, reason, .. } => {
                    unread.push(format!("{path}: {reason}"));
                    Vec::new()
                }
            });
            let articles = articles.map(given);
            index.add(articles.inspect(|it| _ = ids.insert(trec_word(&it.path).into_owned())))?;
        }
        Ok(Collection { index, ids, unread })
    }
}

/// The articles of one file, by their names within it.
fn of_file(path: &Path, unread: &mut Vec<String>) -> Result<Vec<Article>> {
    let full = path.canonicalize().map_err(|error| Error::io(path, error))?;
    let bad = |reason: String| Error::Corpus { path: path.to_path_buf(), reason };
    let (Some(folder), Some(name)) = (full.parent(), full.file_name()) else {
        return Err(bad("this is no file in a folder".to_owned()));
    };
    let corpus = Corpus::open(folder)?;
    let name = name.to_string_lossy().into_owned();
    let size = full.metadata().map_err(|error| Error::io(path, error))?.len();
    let file = FileEntry { path: name.clone(), full, size, modified: 0, changed: 0, inode: 0 };
    let mut articles = read(&corpus, &file, unread).map_err(bad)?;
    for article in &mut articles {
        let inner = article.path.strip_prefix(&name).and_then(|path| path.strip_prefix('#'));
        if let Some(inner) = inner {
            article.path = inner.to_owned();
        }
    }
    Ok(articles)
}

fn read(
    corpus: &Corpus,
    file: &FileEntry,
    unread: &mut Vec<String>,
) -> std::result::Result<Vec<Article>, String> {
    let mut articles = Vec::new();
    let extracted = corpus
        .read(file, &mut |article| articles.push(article))
        .map_err(|unreadable| format!("{}: {unreadable}", file.path))?;
    unread.extend(extracted.broken.into_iter().map(|part| format!("{}: {part}", file.path)));
    Ok(articles)
}

/// The article in `language` where it does not say what its language is.
fn with_language(mut article: Article, language: Option<Language>) -> Article {
    let metadata = &mut article.metadata;
    let guessed = metadata.origins.get("language").is_none_or(|it| *it == Origin::Detected);
    if let Some(language) = language.filter(|_| guessed) {
        metadata.language = Some(language);
        metadata.origins.insert("language".to_owned(), Origin::Given);
    }
    article
}
