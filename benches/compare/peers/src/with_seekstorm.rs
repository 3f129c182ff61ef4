//! SeekStorm: English stems, all its results stored, ten documents with fragments of their text.

use std::collections::HashSet;
use std::path::Path;

use seekstorm::highlighter::{Highlight, highlighter};
use seekstorm::index::{
    AccessType, Close, DocumentCompression, FileType, FrequentwordType, IndexArc, IndexDocument,
    IndexMetaObject, NgramSet, SimilarityType, StemmerType, StopwordType, TokenizerType,
    create_index, open_index,
};
use seekstorm::search::{FacetFilter, QueryRewriting, QueryType, ResultType, Search};
use tokio::runtime::{Builder, Runtime};

use crate::documents::documents;
use crate::{Asked, Engine, Outcome};

const SCHEMA: &str = r#"[
    {"field": "id", "field_type": "Text", "stored": true, "indexed": false},
    {"field": "body", "field_type": "Text", "stored": true, "indexed": true, "longest": true},
    {"field": "lang", "field_type": "String16", "stored": false, "indexed": false, "facet": true},
    {"field": "year", "field_type": "U16", "stored": false, "indexed": false, "facet": true}
]"#;

fn runtime(threads: usize) -> Outcome<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(threads).enable_all().build()?)
}

/// Indexes with a shard a thread, and closes, which commits.
pub(crate) fn index(path: &str, folder: &str, threads: usize) -> Outcome<()> {
    let meta = IndexMetaObject {
        id: 0,
        name: "peer".into(),
        similarity: SimilarityType::Bm25f,
        tokenizer: TokenizerType::UnicodeAlphanumeric,
        stemmer: StemmerType::English,
        stop_words: StopwordType::None,
        frequent_words: FrequentwordType::English,
        ngram_indexing: NgramSet::NgramFF as u8,
        document_compression: DocumentCompression::Snappy,
        access_type: AccessType::Mmap,
        spelling_correction: None,
        query_completion: None,
    };
    let schema = serde_json::from_str(SCHEMA)?;
    runtime(threads)?.block_on(async {
        let index =
            create_index(Path::new(folder), meta, &schema, &Vec::new(), 11, true, Some(threads))
                .await?;
        for document in documents(path)? {
            let document = document?;
            let value = serde_json::json!({
                "id": document.id,
                "body": document.body(),
                "lang": document.lang.as_deref().unwrap_or("und"),
                "year": document.year(),
            });
            index.index_document(serde_json::from_value(value)?, FileType::None).await;
        }
        index.close().await;
        Ok(())
    })
}

/// An index of SeekStorm, open.
pub(crate) struct Opened {
    runtime: Runtime,
    index: IndexArc,
}

impl Opened {
    pub(crate) fn new(folder: &str) -> Outcome<Self> {
        let runtime = runtime(1)?;
        let index = runtime.block_on(open_index(Path::new(folder), true))?;
        Ok(Self { runtime, index })
    }
}

impl Engine for Opened {
    fn answer(&self, asked: &Asked) -> Outcome<Option<(usize, usize)>> {
        let (kind, filter) = match asked.shape.as_str() {
            "term" | "or" => (QueryType::Union, Vec::new()),
            "and" => (QueryType::Intersection, Vec::new()),
            "phrase" => (QueryType::Phrase, Vec::new()),
            "filter" => {
                let lang =
                    FacetFilter::String16 { field: "lang".into(), filter: vec!["en".into()] };
                let year = FacetFilter::U16 { field: "year".into(), filter: 2000..u16::MAX };
                (QueryType::Union, vec![lang, year])
            }
            _ => return Ok(None),
        };
        let fragments = Highlight {
            field: "body".into(),
            fragment_number: 2,
            fragment_size: 160,
            ..Default::default()
        };
        self.runtime.block_on(async {
            let found = self
                .index
                .search(
                    asked.words.join(" "),
                    kind,
                    false,
                    0,
                    10,
                    ResultType::TopkCount,
                    false,
                    Vec::new(),
                    Vec::new(),
                    filter,
                    Vec::new(),
                    QueryRewriting::SearchOnly,
                )
                .await;
            let highlighter =
                Some(highlighter(&self.index, vec![fragments], found.query_terms).await);
            let index = self.index.read().await;
            let mut bytes = 0;
            for result in &found.results {
                let document = index
                    .get_document(result.doc_id, false, &highlighter, &HashSet::new(), &[])
                    .await?;
                let text = |field: &str| document.get(field).and_then(|value| value.as_str());
                bytes += text("id").map_or(0, str::len) + text("body").map_or(0, str::len);
            }
            Ok(Some((found.results.len(), bytes)))
        })
    }
}
