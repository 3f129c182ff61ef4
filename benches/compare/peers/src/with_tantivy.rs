//! tantivy as its tutorial uses it: one stemmed text field, stored, with the ids beside it. It is the
//! engine that polidex is built on, and so the bound of what polidex can reach.

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term, doc};

use crate::documents::documents;
use crate::{Asked, Engine, Outcome};

/// Memory for writing, in bytes a thread.
const BUDGET: usize = 128 << 20;

/// How many characters a snippet has.
const SNIPPET: usize = 300;

fn schema() -> (Schema, Field, Field) {
    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing).set_stored();
    let body = schema.add_text_field("body", options);
    (schema.build(), id, body)
}

/// Indexes and commits, then waits for the merges.
pub(crate) fn index(path: &str, folder: &str, threads: usize) -> Outcome<()> {
    let (schema, id, body) = schema();
    // Its documents as they are: that is the fastest to read, whatever features polidex asks of it.
    let settings =
        IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    let index = Index::builder().schema(schema).settings(settings).create_in_dir(folder)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, BUDGET * threads)?;
    for document in documents(path)? {
        let document = document?;
        writer.add_document(doc!(id => document.id.as_str(), body => document.body()))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// An index of tantivy, open.
pub(crate) struct Opened {
    index: Index,
    searcher: Searcher,
    id: Field,
    body: Field,
}

impl Opened {
    pub(crate) fn new(folder: &str) -> Outcome<Self> {
        let index = Index::open_in_dir(folder)?;
        let (_, id, body) = schema();
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), index, id, body })
    }

    /// The terms of the words, as the text was indexed.
    fn terms(&self, words: &[String]) -> Outcome<Vec<Term>> {
        let mut analyzer = self.index.tokenizer_for_field(self.body)?;
        let mut terms = Vec::new();
        analyzer.token_stream(&words.join(" ")).process(&mut |token| {
            terms.push(Term::from_field_text(self.body, &token.text));
        });
        Ok(terms)
    }

    fn query(&self, asked: &Asked) -> Outcome<Option<Box<dyn Query>>> {
        let all = |terms: Vec<Term>, occur| -> Box<dyn Query> {
            let parts = terms.into_iter().map(|term| -> (Occur, Box<dyn Query>) {
                (occur, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
            });
            Box::new(BooleanQuery::new(parts.collect()))
        };
        // Prefixes and fuzzy words are those of the words as written, which a stemmed field lacks in
        // part; it answers no less fast for that.
        let written = || Term::from_field_text(self.body, &asked.words.join(" ").to_lowercase());
        let terms = self.terms(&asked.words)?;
        Ok(Some(match asked.shape.as_str() {
            "term" | "and" => all(terms, Occur::Must),
            "or" => all(terms, Occur::Should),
            "phrase" if terms.len() > 1 => Box::new(PhraseQuery::new(terms)),
            "near" if terms.len() > 1 => {
                let mut query = PhraseQuery::new(terms);
                query.set_slop(5);
                Box::new(query)
            }
            "phrase" | "near" => all(terms, Occur::Must),
            "prefix" => Box::new(FuzzyTermQuery::new_prefix(written(), 0, true)),
            "fuzzy" => Box::new(FuzzyTermQuery::new(written(), 1, true)),
            _ => return Ok(None),
        }))
    }
}

impl Engine for Opened {
    fn answer(&self, asked: &Asked) -> Outcome<Option<(usize, usize)>> {
        let Some(query) = self.query(asked)? else { return Ok(None) };
        let found = self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score())?;
        let mut snippets = SnippetGenerator::create(&self.searcher, &*query, self.body)?;
        snippets.set_max_num_chars(SNIPPET);
        let mut bytes = 0;
        for (_, address) in &found {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            let id = document.get_first(self.id).and_then(|id| id.as_str()).unwrap_or_default();
            bytes += id.len() + snippets.snippet_from_doc(&document).to_html().len();
        }
        Ok(Some((found.len(), bytes)))
    }
}
