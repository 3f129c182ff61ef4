//! An article as a document of the index.

use tantivy::TantivyDocument;

use super::payload::payload;
use super::print::{self, PRINT_BYTES};
use super::record::{Facts, FileFacts, Head, Role, write_table};
use super::schema::{FACET_MARK, Fields, NO_DAY};
use crate::analysis::{Stems, fold_whole, stream};
use crate::article::Article;
use crate::{Date, Error, Language, Result};

/// The facet term that every article has, and a document that stands for a file only has not.
pub(crate) const ARTICLE_TERM: &str = "article";

/// A document on its way to the index, and the bytes that it takes there.
pub(super) struct Document {
    pub(super) document: TantivyDocument,
    /// The size of the record, which the segment writer reports when it has arrived.
    pub(super) bytes: usize,
    pub(super) language: Language,
}

/// The document of an article. `file` is the path of the file that it came from, or its own.
pub(super) fn of_article(
    fields: &Fields,
    article: &Article,
    file: &str,
    role: Role,
    stems: &mut Stems,
) -> Result<Document> {
    let metadata = &article.metadata;
    let language = metadata.language.unwrap_or(Language::UNKNOWN);
    let streams = stream::analyse(article, language, stems);
    let text = article.text();
    // Places in the block table are 32 bits wide.
    if u32::try_from(text.len()).is_err() {
        return Err(Error::Option {
            option: "article",
            reason: format!("{} is longer than 4 GB", article.path),
        });
    }
    if matches!(role, Role::Part(_)) && !article.path.starts_with(file) {
        return Err(Error::Option {
            option: "article",
            reason: format!("{} does not start with its file's path, {file}", article.path),
        });
    }
    let table = write_table(&article.blocks, &streams.pieces);
    let head = Head { path: article.path.clone(), role };
    let facts = Facts::of(article, &text);
    let print = print::of(streams.tokens, &facts.hash, &streams.sketch);
    let mut document = base(fields, file, &print, metadata.date, (&head, &facts, &table, &text))?;
    let bytes = document.bytes;
    let inner = &mut document.document;
    for (field, stream) in [
        (fields.exact, streams.exact),
        (fields.mark, streams.marks),
        (fields.compound, streams.compound),
        (fields.title, streams.title),
        (fields.heading, streams.heading),
    ] {
        if !stream.is_empty() {
            inner.add_text(field, stream);
        }
    }
    for (field, values) in [
        (fields.author, &metadata.authors[..]),
        (fields.tag, &metadata.tags),
        (fields.source, metadata.source.as_slice()),
    ] {
        let mut words = String::new();
        values.iter().for_each(|value| stream::words(value, &mut words));
        if !words.is_empty() {
            inner.add_text(field, words);
        }
    }
    inner.add_text(fields.facet, ARTICLE_TERM);
    let facets = [
        ("lang", Some(language.code())),
        ("kind", metadata.kind.as_deref()),
        ("jurisdiction", metadata.jurisdiction.as_deref()),
    ];
    for (name, value) in facets {
        if let Some(value) = value {
            inner.add_text(fields.facet, facet_term(name, value));
        }
    }
    for identifier in &metadata.cites {
        inner.add_text(fields.facet, facet_term("cites", identifier));
    }
    Ok(Document { bytes, language, ..document })
}

/// The document of a file that is no article by itself.
pub(super) fn of_file(fields: &Fields, path: &str, role: Role) -> Result<Document> {
    let head = Head { path: path.to_owned(), role };
    let (facts, table) = (Facts::default(), write_table(&[], &[]));
    base(fields, path, &[0; PRINT_BYTES], None, (&head, &facts, &table, ""))
}

fn base(
    fields: &Fields,
    file: &str,
    print: &[u8; PRINT_BYTES],
    date: Option<Date>,
    (head, facts, table, text): (&Head, &Facts, &[u8], &str),
) -> Result<Document> {
    let payload = payload(print, head, facts, table, text).map_err(|error| Error::Option {
        option: "article",
        reason: format!("{}: {error}", head.path),
    })?;
    let bytes = payload.len();
    let mut document = TantivyDocument::new();
    document.add_custom(fields.record, &payload);
    document.add_text(fields.file, file);
    document.add_text(fields.path, &head.path);
    // A column in which no document lacks a value is read at once.
    let days = date.map(|date| (date.first_day().into(), date.last_day().into()));
    let (first, last) = days.unwrap_or((NO_DAY, NO_DAY));
    document.add_i64(fields.first_day, first);
    document.add_i64(fields.last_day, last);
    Ok(Document { document, bytes, language: Language::UNKNOWN })
}

/// The term of a facet's value; values are compared without case and accents.
pub(crate) fn facet_term(name: &str, value: &str) -> String {
    format!("{name}{FACET_MARK}{}", fold_whole(value))
}

impl FileFacts {
    /// A file's hash as it is shown.
    pub(crate) fn shown_hash(&self) -> String {
        shown_hash(&self.hash)
    }
}

/// A BLAKE3 hash as it is shown: `blake3:` and 64 hexadecimal digits.
pub(crate) fn shown_hash(hash: &[u8; 32]) -> String {
    format!("blake3:{}", blake3::Hash::from_bytes(*hash).to_hex())
}
