//! Words as an index has them, in one form and in all their inflections: looked up once for the searches
//! of a commit.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::snapshot::Snapshot;
use super::terms::{Lists, Terms};
use crate::analysis::stream::{IN_HEADING, IN_TITLE, TERM_MARK, stem_term};
use crate::{Error, Language};

/// So many words of each kind are remembered at most.
const REMEMBERED: usize = 4_000;

/// What has been looked up.
#[derive(Default)]
pub(super) struct Words {
    forms: Remembered<(Field, Box<str>), Terms>,
    inflected: Remembered<BTreeSet<(Language, Box<str>)>, Inflected>,
}

/// What has one of several stems.
#[derive(Clone)]
pub(crate) struct Inflected {
    pub(crate) text: Lists,
    pub(crate) title: Lists,
    pub(crate) heading: Lists,
    /// In how many documents it stands; those that were deleted count until they are merged away.
    pub(crate) documents: u64,
}

/// Values by their keys, whoever asks for them.
struct Remembered<K, V>(Mutex<FxHashMap<K, V>>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Remembered(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    fn of(&self, key: K, look_up: impl FnOnce(&K) -> Result<V, Error>) -> Result<V, Error> {
        let open = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = open().get(&key) {
            return Ok(value.clone());
        }
        // Others need not wait while this is looked up.
        let value = look_up(&key)?;
        let mut known = open();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, value.clone());
        Ok(value)
    }
}

impl Snapshot {
    /// The terms of `field` that are this exact form, in all languages.
    pub(crate) fn form(&self, field: Field, form: &str) -> Result<Terms, Error> {
        self.words.forms.of((field, form.into()), |_| {
            if field != self.fields.exact {
                return self.terms(field, [form.to_owned()]);
            }
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
        })
    }

    /// All that has one of these stems.
    pub(crate) fn inflected(
        &self,
        stems: BTreeSet<(Language, Box<str>)>,
    ) -> Result<Inflected, Error> {
        self.words.inflected.of(stems, |stems| {
            let stems: Vec<&(Language, Box<str>)> = stems.iter().collect();
            let none = |field| Lists::of(Terms::none(field), self.fields.compound);
            let mut found = Inflected {
                text: none(self.fields.exact),
                title: none(self.fields.title),
                heading: none(self.fields.heading),
                documents: 0,
            };
            // An article is in one language, and so counted once.
            for stems in stems.chunk_by(|(one, _), (other, _)| one == other) {
                self.add_inflected(stems, &mut found)?;
            }
            Ok(found)
        })
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
