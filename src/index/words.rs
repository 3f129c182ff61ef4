//! Words as an index has them, in one form and in all their inflections: looked up once for the searches
//! of a commit.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::snapshot::Snapshot;
use super::terms::{Lists, Terms};
use crate::analysis::Stems;
use crate::analysis::stream::{IN_HEADING, IN_TITLE, TERM_MARK, parts_of_form_term, stem_term};
use crate::{Error, Language};

/// So many words are remembered at most.
const REMEMBERED: usize = 4_000;

/// What has been looked up, by the words as they were written.
#[derive(Default)]
pub(super) struct Words {
    forms: Remembered<Terms>,
    inflected: Remembered<Arc<Word>>,
}

/// A word in all its inflections in some languages.
pub(crate) struct Word {
    languages: Vec<Language>,
    pub(crate) inflected: Inflected,
    /// The terms of the form that was written, and those of the others.
    pub(crate) form: Terms,
    pub(crate) other_forms: Terms,
    /// If it is a compound: for each place where it parts, the stems on both sides.
    pub(crate) halves: Vec<Vec<(Box<str>, Inflected)>>,
}

/// What has one of several stems.
pub(crate) struct Inflected {
    pub(crate) text: Lists,
    pub(crate) title: Lists,
    pub(crate) heading: Lists,
    /// In how many documents it stands; those that were deleted count until they are merged away.
    pub(crate) documents: u64,
}

struct Remembered<V>(Mutex<FxHashMap<Box<str>, V>>);

impl<V> Default for Remembered<V> {
    fn default() -> Self {
        Remembered(Mutex::default())
    }
}

impl<V: Clone> Remembered<V> {
    /// What is known of a word, if it `fits`, else what there is to know.
    fn of(
        &self,
        word: &str,
        fits: impl Fn(&V) -> bool,
        look_up: impl FnOnce() -> Result<V, Error>,
    ) -> Result<V, Error> {
        let open = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = open().get(word).filter(|value| fits(value)) {
            return Ok(value.clone());
        }
        // Others need not wait while this is looked up.
        let value = look_up()?;
        let mut known = open();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(word.into(), value.clone());
        Ok(value)
    }
}

impl Snapshot {
    /// The terms of `field` that are this exact form, in all languages.
    pub(crate) fn form(&self, field: Field, form: &str) -> Result<Terms, Error> {
        if field != self.fields.exact {
            return self.terms(field, [form.to_owned()]);
        }
        self.words.forms.of(
            form,
            |_| true,
            || {
                let prefix = format!("{form}{TERM_MARK}");
                let mut names = BTreeSet::new();
                for segment in &self.segments {
                    let add = |term: &[u8]| {
                        names.extend(std::str::from_utf8(term).map(str::to_owned));
                        true
                    };
                    let dictionary = self.dictionary(segment, field)?;
                    dictionary.each_from(&prefix, add).map_err(|error| self.error(error.into()))?;
                }
                self.terms(field, names)
            },
        )
    }

    /// A word in all its inflections in these languages: as it was written, and its exact form.
    pub(crate) fn word(
        &self,
        languages: &[Language],
        (text, exact): (&str, &str),
        stems: &mut Stems,
    ) -> Result<Arc<Word>, Error> {
        let fits = |word: &Arc<Word>| word.languages == languages;
        self.words.inflected.of(text, fits, || {
            let (mut own, mut halves) = (BTreeSet::new(), Vec::new());
            for language in languages {
                // A word typed without its accents may have another stem than one with them.
                for spelling in [text, exact] {
                    own.insert((*language, stems.word(*language, spelling).stem.clone()));
                }
                for seam in &stems.word(*language, text).halves {
                    let mut sides = Vec::new();
                    for half in seam {
                        let stem = BTreeSet::from([(*language, half.clone())]);
                        sides.push((half.clone(), self.inflected(&stem)?));
                    }
                    halves.push(sides);
                }
            }
            let inflected = self.inflected(&own)?;
            let is_of_form = |term: &str| parts_of_form_term(term).0 == exact;
            Ok(Arc::new(Word {
                languages: languages.to_vec(),
                form: inflected.text.whole.chosen(is_of_form),
                other_forms: inflected.text.whole.chosen(|term| !is_of_form(term)),
                inflected,
                halves,
            }))
        })
    }

    /// All that has one of these stems.
    fn inflected(&self, stems: &BTreeSet<(Language, Box<str>)>) -> Result<Inflected, Error> {
        let none = |field| Lists::of(Terms::none(field), self.fields.compound);
        let mut found = Inflected {
            text: none(self.fields.exact),
            title: none(self.fields.title),
            heading: none(self.fields.heading),
            documents: 0,
        };
        // An article is in one language, and so counted once.
        let stems: Vec<&(Language, Box<str>)> = stems.iter().collect();
        for stems in stems.chunk_by(|(one, _), (other, _)| one == other) {
            self.add_inflected(stems, &mut found)?;
        }
        Ok(found)
    }

    /// Adds what has one of these stems of one language.
    fn add_inflected(
        &self,
        stems: &[&(Language, Box<str>)],
        found: &mut Inflected,
    ) -> Result<(), Error> {
        let compound = self.fields.compound;
        let (mut whole, mut known, mut names) = (Terms::none(self.fields.exact), 0, Vec::new());
        for (language, stem) in stems {
            let (forms, documents) = self.inflections(*language, stem)?;
            whole.extend(forms);
            known += documents;
            let mut name = String::new();
            stem_term(*language, stem, &mut name);
            names.push(name);
        }
        let parts = self.terms(compound, names.iter().cloned())?.known();
        found.documents += match (stems, parts.names()) {
            ([_], []) => known,
            _ => self.documents_with_any(&[&whole, &parts])?,
        };
        for (place, mark) in [(&mut found.title, IN_TITLE), (&mut found.heading, IN_HEADING)] {
            if !whole.names().is_empty() {
                place.whole.extend(self.terms(place.whole.field, names.clone())?.known());
            }
            let parts = parts.names().iter().map(|part| format!("{part}{mark}"));
            place.parts.extend(self.terms(compound, parts)?.known());
        }
        found.text.whole.extend(whole);
        found.text.parts.extend(parts);
        Ok(())
    }
}
