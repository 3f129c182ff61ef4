//! The forms of a segment by their stems: which words stand for the inflections of one.
//!
//! `frm` is a finite-state map (as dictionaries of terms are) from stem and form, as
//! `language U+001F stem U+001F form`, to [`OWN`] where the term of the form names its stem, else 0.
//! It is made of the dictionary of the segment's terms when that is written, so that a word has one
//! list of postings, not one as a form and one as a stem. A form that is its own stem is left out:
//! its term is known.

use std::any::Any;
use std::io::Write;

use tantivy::directory::{CompositeFile, OwnedBytes, TerminatingWrite};
use tantivy::index::{SegmentComponent, SegmentReader};
use tantivy::indexer::doc_id_mapping::DocIdMapping;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;
use tantivy::{Segment, TantivyError};
use tantivy_fst::{IntoStreamer, Map, MapBuilder, Streamer};

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

/// Writes the forms of a segment whose dictionary has been written: the engine writes its own
/// files before those of plugins.
fn write(segment: &Segment, exact: Field) -> tantivy::Result<()> {
    let mut forms: Vec<(String, u64)> = Vec::new();
    let dictionaries = CompositeFile::open(&segment.open_read(SegmentComponent::Terms)?)?;
    if let Some(file) = dictionaries.open_read(exact) {
        let dictionary = TermDictionary::open(file)?;
        let mut terms = dictionary.stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            let (form, code, own) = parts_of_form_term(term);
            let Ok(language) = code.parse::<Language>() else { continue };
            let stem = own.map_or_else(|| stem_of_form(language, form), str::to_owned);
            if own.is_some() || stem != form {
                let mut key = String::new();
                stem_term(language, &stem, &mut key);
                key.push(TERM_MARK);
                key.push_str(form);
                forms.push((key, if own.is_some() { OWN } else { 0 }));
            }
        }
    }
    let unwritten = |error: tantivy_fst::Error| TantivyError::InternalError(error.to_string());
    forms.sort_unstable();
    let mut map = MapBuilder::memory();
    map.extend_iter(forms).map_err(unwritten)?;
    let mut file = segment.open_write(component())?;
    file.write_all(&map.into_inner().map_err(unwritten)?)?;
    file.terminate()?;
    Ok(())
}

/// The forms of a segment, read in place.
pub(crate) struct Forms {
    map: Map<OwnedBytes>,
}

impl Forms {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Forms> {
        let bytes = segment.open_read(component())?.read_bytes()?;
        let map = tantivy_fst::raw::Fst::new(bytes).map_err(|error| {
            TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(
                error.to_string(),
            ))
        })?;
        Ok(Forms { map: map.into() })
    }

    /// Calls `visit` with the terms of all forms that have this stem; the form that is spelt as the
    /// stem may be among them without standing in the segment.
    pub(crate) fn of_stem(&self, language: Language, stem: &str, visit: &mut dyn FnMut(String)) {
        let mut term = String::new();
        form_term(stem, language, None, &mut term);
        if stem_of_form(language, stem) == stem {
            visit(term);
        }
        let mut prefix = String::new();
        stem_term(language, stem, &mut prefix);
        prefix.push(TERM_MARK);
        let mut stream = self.map.range().ge(&prefix).into_stream();
        while let Some((key, value)) = stream.next() {
            let Some(form) = key.strip_prefix(prefix.as_bytes()) else { break };
            let Ok(form) = std::str::from_utf8(form) else { continue };
            let mut term = String::new();
            form_term(form, language, (value == OWN).then_some(stem), &mut term);
            visit(term);
        }
    }
}
