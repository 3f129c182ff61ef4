//! The schema: which fields an article has in the index, and how they are written.

use tantivy::IndexSettings;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analysis::stream;

/// The version of everything that is written to disk. An index of another version is refused.
pub(crate) const FORMAT_VERSION: u32 = 11;

/// The value of a day field where the date is not known.
pub(crate) const NO_DAY: i64 = i64::MIN;

/// What parts the name of a facet from its value in a term of [`Fields::facet`].
pub(crate) const FACET_MARK: char = '\u{1F}';

/// The fields of an index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The file that a document was read from; what a changed file's documents are deleted by.
    pub(crate) file: Field,
    /// The article's path.
    pub(crate) path: Field,
    /// All words, with positions; see [`stream::form_term`].
    pub(crate) exact: Field,
    /// The marks of sentences, blocks and headings, with positions.
    pub(crate) mark: Field,
    /// Stems of the parts of compounds, each behind its language, at the position of the word; those
    /// in the title and in headings once more, behind them a mark of the place. A field of their
    /// own, so that they make no article longer.
    pub(crate) compound: Field,
    /// Stems of the title's words, counted.
    pub(crate) title: Field,
    /// Stems of the headings' words, counted.
    pub(crate) heading: Field,
    /// Words of the authors' names, with positions.
    pub(crate) author: Field,
    /// Words of the source's name, with positions.
    pub(crate) source: Field,
    /// Words of the tags, with positions.
    pub(crate) tag: Field,
    /// Language, kind, jurisdiction and citations, each as name, mark and folded value.
    pub(crate) facet: Field,
    /// The first day that the date may be, in days after 1 January 1970.
    pub(crate) first_day: Field,
    /// The last day that the date may be.
    pub(crate) last_day: Field,
    /// What [`super::segment`] stores.
    pub(crate) record: Field,
}

/// The type name of the record field.
pub(crate) const RECORD_TYPE: &str = "polidex-record";

const STREAM_TOKENIZER: &str = "polidex-stream";

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |option, norms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(STREAM_TOKENIZER)
            .set_index_option(option)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let raw = || {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let counts = IndexRecordOption::WithFreqs;
    let day = || NumericOptions::default().set_fast();
    let fields = Fields {
        file: builder.add_text_field("file", raw()),
        path: builder.add_text_field("path", raw()),
        exact: builder.add_text_field("exact", text(positions, true)),
        mark: builder.add_text_field("mark", text(positions, false)),
        compound: builder.add_text_field("compound", text(positions, false)),
        title: builder.add_text_field("title", text(counts, false)),
        heading: builder.add_text_field("heading", text(counts, false)),
        author: builder.add_text_field("author", text(positions, false)),
        source: builder.add_text_field("source", text(positions, false)),
        tag: builder.add_text_field("tag", text(positions, false)),
        facet: builder.add_text_field("facet", raw()),
        first_day: builder.add_i64_field("first_day", day()),
        last_day: builder.add_i64_field("last_day", day()),
        record: builder.add_custom_field("record", RECORD_TYPE, serde_json::Value::Null),
    };
    (builder.build(), fields)
}

/// How the engine stores documents. polidex stores them itself; what the engine writes of a document
/// without stored fields is the same for all, and next to nothing once it is compressed.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(1) }),
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// The tokenizers that the schema names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(STREAM_TOKENIZER, TextAnalyzer::from(StreamTokenizer));
    manager
}

/// Splits a term stream; see [`stream`].
#[derive(Clone)]
struct StreamTokenizer;

struct Split<'a> {
    rest: &'a str,
    token: Token,
}

impl Tokenizer for StreamTokenizer {
    type TokenStream<'a> = Split<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Split<'a> {
        // The position before the first, so that the first step leads to 0.
        let token = Token { position: usize::MAX, ..Token::default() };
        Split { rest: text, token }
    }
}

impl TokenStream for Split<'_> {
    fn advance(&mut self) -> bool {
        let Some(step) = self.rest.chars().next() else { return false };
        let mut term = &self.rest[step.len_utf8()..];
        let mut at = None;
        if step == stream::AT
            && let Some((position, rest)) = term.split_once(stream::NEXT)
        {
            (at, term) = (position.parse().ok(), rest);
        }
        let end = term.bytes().position(|b| matches!(b, b' ' | 1..=4)).unwrap_or(term.len());
        let last = self.token.position;
        self.token.position = match step {
            stream::SAME => last,
            stream::BLOCK => last.wrapping_add(1 + stream::BLOCK_GAP as usize),
            stream::BODY => stream::BODY_START as usize,
            _ => at.unwrap_or_else(|| last.wrapping_add(1)),
        };
        self.token.text.clear();
        self.token.text.push_str(&term[..end]);
        self.rest = &term[end..];
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
