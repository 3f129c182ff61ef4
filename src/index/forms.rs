//! The forms of a segment by their stems: which words stand for the inflections of one.
//!
//! `frm` is a finite-state map (as dictionaries of terms are) from stem and form, as
//! `language U+001F stem U+001F form`, to [`OWN`] where the term of the form names its stem, else 0;
//! and, without a form, from a stem that several forms have to the number of documents in which any of
//! them stands. It is made of the dictionary of the segment's terms when that is written, so that a word
//! has one list of postings, not one as a form and one as a stem. A form that is its own stem is left
//! out: its term is known.

use std::any::Any;
use std::collections::BTreeSet;
use std::io::{self, Write};

use tantivy::directory::TerminatingWrite;
use tantivy::index::{InvertedIndexReader, SegmentComponent, SegmentReader};
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, HasLen, Segment, TERMINATED, TantivyError};
use tantivy_fst::MapBuilder;

use super::directory::GuardedDirectory;
use super::map::PagedMap;
use super::segment::stored;
use crate::Language;
use crate::analysis::stem_of_form;
use crate::analysis::stream::{TERM_MARK, form_term, parts_of_form_term, stem_term};

const FORMS: &str = "frm";

/// The value of a form whose term names the stem.
const OWN: u64 = 1;

fn component() -> SegmentComponent {
    SegmentComponent::Custom(FORMS.to_owned())
}

/// Writes the forms of a segment, new or merged.
pub(super) struct FormsPlugin {
    pub(super) exact: Field,
}

impl SegmentPlugin for FormsPlugin {
    fn extensions(&self) -> &[&str] {
        &[FORMS]
    }

    fn create_writer(&self, _: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Ok(Box::new(FormsWriter { exact: self.exact }))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        write(context.target_segment, self.exact)
    }
}

struct FormsWriter {
    exact: Field,
}

impl PluginWriter for FormsWriter {
    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        _: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        write(segment, self.exact)
    }

    fn mem_usage(&self) -> usize {
        0
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Writes the forms of a segment whose dictionary and lists have been written: the engine writes its own
/// files before those of plugins.
fn write(segment: &Segment, exact: Field) -> tantivy::Result<()> {
    let reader = SegmentReader::open(segment)?;
    let index = reader.inverted_index(exact)?;
    let mut forms: Vec<(String, u64)> = Vec::new();
    let mut terms = index.terms().stream()?;
    let mut last: (String, Option<Language>) = Default::default();
    while terms.advance() {
        let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
        let (form, code, own) = parts_of_form_term(term);
        if code != last.0 {
            last = (code.to_owned(), code.parse().ok());
        }
        let Some(language) = last.1 else { continue };
        let stem = own.map_or_else(|| stem_of_form(language, form), str::to_owned);
        if own.is_some() || stem != form {
            let mut key = prefix(language, &stem);
            key.push_str(form);
            forms.push((key, if own.is_some() { OWN } else { 0 }));
        }
    }
    let unwritten = |error: tantivy_fst::Error| TantivyError::InternalError(error.to_string());
    forms.sort_unstable();
    let mut map = MapBuilder::memory();
    let mut distinct = Distinct::below(TERMINATED);
    let stem_of = |key: &str| key.rfind(TERM_MARK).map_or(0, |mark| mark + TERM_MARK.len_utf8());
    for forms in
        forms.chunk_by(|(one, _), (other, _)| one[..stem_of(one)] == other[..stem_of(other)])
    {
        let Some((prefix, _)) = forms.first().map(|(key, _)| key.split_at(stem_of(key))) else {
            continue;
        };
        let own = forms.iter().map(|(key, own)| (&key[stem_of(key)..], *own == OWN));
        if let Some(count) = documents_with(&index, prefix, own, &mut distinct)? {
            map.insert(prefix, count).map_err(unwritten)?;
        }
        map.extend_iter(forms.iter().map(|(key, own)| (key, *own))).map_err(unwritten)?;
    }
    let mut file = segment.open_write(component())?;
    file.write_all(&map.into_inner().map_err(unwritten)?)?;
    file.terminate()?;
    Ok(())
}

/// What stands before the forms of a stem in the keys.
fn prefix(language: Language, stem: &str) -> String {
    let mut key = String::new();
    stem_term(language, stem, &mut key);
    key.push(TERM_MARK);
    key
}

/// The term of a form of a stem; `own` if it names the stem.
pub(super) fn term_of(language: Language, stem: &str, (form, own): (&str, bool)) -> String {
    let mut term = String::new();
    form_term(form, language, own.then_some(stem), &mut term);
    term
}

/// In how many documents of a segment a stem stands, if it has several forms.
fn documents_with<'a>(
    index: &InvertedIndexReader,
    prefix: &'a str,
    forms: impl Iterator<Item = (&'a str, bool)>,
    distinct: &mut Distinct,
) -> tantivy::Result<Option<u64>> {
    let stem = prefix.strip_suffix(TERM_MARK).and_then(|prefix| prefix.split_once(TERM_MARK));
    let Some((code, stem)) = stem else { return Ok(None) };
    let Ok(language) = code.parse::<Language>() else { return Ok(None) };
    let mut lists = Vec::new();
    for form in forms {
        lists.extend(index.terms().get(term_of(language, stem, form))?);
    }
    if let Some(itself) = index.terms().get(term_of(language, stem, (stem, false)))?
        && stem_of_form(language, stem) == stem
    {
        lists.push(itself);
    }
    if lists.len() < 2 {
        return Ok(None);
    }
    each_document(index, lists.iter(), |doc| distinct.add(doc))?;
    Ok(Some(distinct.take()))
}

/// Counts documents of which some come more than once.
pub(super) struct Distinct {
    /// Those from here on are none: a damaged list may have any.
    end: DocId,
    /// A bit for each.
    marked: Vec<u64>,
    found: Vec<DocId>,
}

impl Distinct {
    pub(super) fn below(end: DocId) -> Distinct {
        Distinct { end, marked: Vec::new(), found: Vec::new() }
    }

    pub(super) fn add(&mut self, doc: DocId) {
        if doc >= self.end {
            return;
        }
        let (word, bit) = (doc as usize / 64, 1 << (doc % 64));
        if self.marked.len() <= word {
            self.marked.resize(word + 1, 0);
        }
        if self.marked[word] & bit == 0 {
            self.marked[word] |= bit;
            self.found.push(doc);
        }
    }

    /// How many there were; counts from none again.
    pub(super) fn take(&mut self) -> u64 {
        let count = self.found.len() as u64;
        for doc in self.found.drain(..) {
            self.marked[doc as usize / 64] = 0;
        }
        count
    }
}

/// Calls `visit` for each document in these lists, one list after the other.
pub(super) fn each_document<'a>(
    index: &InvertedIndexReader,
    lists: impl Iterator<Item = &'a TermInfo>,
    mut visit: impl FnMut(DocId),
) -> io::Result<()> {
    let mut before = None;
    for list in lists {
        let documents = match before.take() {
            None => index.read_block_postings_from_terminfo(list, IndexRecordOption::Basic)?,
            // Its memory is used again.
            Some(mut documents) => {
                index.reset_block_postings_from_terminfo(list, &mut documents)?;
                documents
            }
        };
        let documents = before.insert(documents);
        while !documents.docs().is_empty() {
            documents.docs().iter().for_each(|doc| visit(*doc));
            documents.advance();
        }
    }
    Ok(())
}

/// The forms of a segment, read in place.
pub(crate) struct Forms {
    map: PagedMap,
}

impl Forms {
    pub(super) fn open(
        segment: &SegmentReader,
        directory: &GuardedDirectory,
    ) -> tantivy::Result<Forms> {
        let file = stored(segment, FORMS, Some(directory))?;
        Ok(Forms { map: PagedMap::open(file.stretch(0..file.file.len())?)? })
    }

    /// Adds the terms of all forms that have this stem, but for one that is spelt as it. Gives in how
    /// many documents of the segment they stand, that one among them, if there are several.
    pub(crate) fn of_stem(
        &self,
        language: Language,
        stem: &str,
        terms: &mut BTreeSet<String>,
    ) -> io::Result<Option<u64>> {
        let mut documents = None;
        let prefix = prefix(language, stem);
        self.map.each_from(prefix.as_bytes(), |key, value| {
            match key.get(prefix.len()..).map(std::str::from_utf8) {
                Some(Ok("")) => documents = Some(value),
                Some(Ok(form)) => {
                    terms.insert(term_of(language, stem, (form, value == OWN)));
                }
                _ => {}
            }
            true
        })?;
        Ok(documents)
    }
}
