//! The policy vocabulary: concepts, each with the names that it has in several languages.
//!
//! A concept is what a text can speak of under many names: `#digital-sovereignty` in a query finds
//! "digital sovereignty", "souveraineté numérique", "digitale Souveränität" and their inflections.
//! [`Vocabulary::shipped`] has about 460 of them; a file of the user's adds to these or overrides
//! them ([`Vocabulary::with`]). `docs/vocabulary.md` describes the format.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::analysis::for_each_token;
use crate::error::Mistake;
use crate::{Error, Language, Result};

/// The greatest number of concepts in a vocabulary.
pub const MAX_CONCEPTS: usize = 10_000;

/// The greatest number of labels of a concept.
pub const MAX_LABELS: usize = 100;

/// The greatest number of words in a label.
pub const MAX_LABEL_WORDS: usize = 24;

/// The greatest length of a file of concepts, in bytes.
pub const MAX_FILE_BYTES: usize = 4 << 20;

/// The files that are shipped, with their names.
const SHIPPED: [(&str, &str); 4] = [
    ("topics.toml", include_str!("topics.toml")),
    ("instruments.toml", include_str!("instruments.toml")),
    ("bodies.toml", include_str!("bodies.toml")),
    ("jurisdictions.toml", include_str!("jurisdictions.toml")),
];

/// What kind of thing a concept is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConceptKind {
    /// A matter: facial recognition.
    Topic,
    /// A law, treaty, standard or other text that binds or guides: the AI Act.
    Instrument,
    /// An institution, authority or organisation: the EDPB.
    Body,
    /// A state, a union of states, a part of a state: Brazil.
    Jurisdiction,
}

impl ConceptKind {
    /// Every kind.
    pub const ALL: [ConceptKind; 4] =
        [ConceptKind::Topic, ConceptKind::Instrument, ConceptKind::Body, ConceptKind::Jurisdiction];

    /// The name that files and answers use.
    pub fn name(self) -> &'static str {
        match self {
            ConceptKind::Topic => "topic",
            ConceptKind::Instrument => "instrument",
            ConceptKind::Body => "body",
            ConceptKind::Jurisdiction => "jurisdiction",
        }
    }
}

impl fmt::Display for ConceptKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a label is found in articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelForm {
    /// Inflected in articles of its language, as it is written in others.
    Inflected,
    /// As it is written, in articles of any language: `=DSA` in a file.
    Exact,
    /// Inflected in articles of its language, and nowhere else: `!AI` in a file, since "ai" is a
    /// common word of Italian and French.
    Local,
}

impl LabelForm {
    /// The name that answers use.
    pub fn name(self) -> &'static str {
        match self {
            LabelForm::Inflected => "inflected",
            LabelForm::Exact => "exact",
            LabelForm::Local => "local",
        }
    }
}

/// A name of a concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// As it is written.
    pub text: String,
    /// The language that it is of.
    pub language: Language,
    /// How it is found.
    pub form: LabelForm,
}

/// What a text can speak of under many names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// The name in queries: lower-case words with hyphens between.
    pub id: String,
    /// What kind of thing it is.
    pub kind: ConceptKind,
    /// What is meant, in one line.
    pub definition: String,
    /// The label of the EuroVoc concept that it rests on.
    pub eurovoc: Option<String>,
    /// The CELEX number of the act that it is.
    pub celex: Option<String>,
    /// The official name or number.
    pub official: Option<String>,
    /// Its names: by language, in the order of the file, the preferred one of each language first.
    pub labels: Vec<Label>,
}

impl Concept {
    /// The labels but for those that say the same as one of `without`.
    pub fn labels_without<'a>(
        &'a self,
        without: &'a [String],
    ) -> impl Iterator<Item = &'a Label> + 'a {
        let without: Vec<String> = without.iter().map(|label| key(label)).collect();
        self.labels.iter().filter(move |label| !without.contains(&key(&label.text)))
    }

    /// The label that says the same as `text`: case, accents and punctuation do not count.
    pub fn label(&self, text: &str) -> Option<&Label> {
        let wanted = key(text);
        self.labels.iter().find(|label| key(&label.text) == wanted)
    }

    /// Its labels, each once, as one text: `digital sovereignty, souveraineté numérique`.
    pub(crate) fn listed(&self, without: &[String]) -> String {
        let mut seen = Vec::new();
        let mut listed = String::new();
        for label in self.labels_without(without) {
            let key = key(&label.text);
            if !seen.contains(&key) {
                if !listed.is_empty() {
                    listed.push_str(", ");
                }
                listed.push_str(&label.text);
                seen.push(key);
            }
        }
        listed
    }
}

/// Concepts, to be found by their ids and by their labels. No label belongs to two of them.
///
/// ```
/// use polidex::Vocabulary;
///
/// let vocabulary = Vocabulary::shipped();
/// let concept = vocabulary.concept("souveraineté numérique").unwrap();
/// assert_eq!(concept.id, "digital-sovereignty");
/// assert!(concept.labels.iter().any(|label| label.text == "digitale Souveränität"));
/// assert!(vocabulary.concept("us").is_none());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    concepts: BTreeMap<String, Arc<Concept>>,
    /// The ids of the concepts by the keys of their labels.
    labels: FxHashMap<String, String>,
}

/// Constant data, read once.
static ALL_SHIPPED: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut all = Vocabulary::default();
    for (name, text) in SHIPPED {
        // A test reads the shipped files: none has a mistake.
        all = all.with(name, text).unwrap_or_default();
    }
    all
});

impl Vocabulary {
    /// The concepts that polidex is shipped with.
    pub fn shipped() -> &'static Vocabulary {
        &ALL_SHIPPED
    }

    /// This vocabulary with what a file of concepts adds to it and changes in it. `name` is the
    /// file's name, for errors.
    ///
    /// Errors: [`Error::Vocabulary`] with all mistakes of the file, each with its line.
    ///
    /// ```
    /// use polidex::Vocabulary;
    ///
    /// let own = "[tomato]\nkind = \"topic\"\ndefinition = \"A fruit.\"\nen = [\"tomato\"]\n";
    /// let vocabulary = Vocabulary::shipped().with("own.toml", own)?;
    /// assert_eq!(vocabulary.concept("Tomato").unwrap().id, "tomato");
    ///
    /// let error = Vocabulary::shipped().with("own.toml", "[tomato]\nkin = \"topic\"\n").unwrap_err();
    /// assert!(error.to_string().starts_with("own.toml: line 2: unknown key `kin`"));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn with(&self, name: &str, text: &str) -> Result<Vocabulary> {
        read::read(self, text).map_err(|mut mistakes| {
            mistakes.sort_by_key(|mistake: &Mistake| mistake.line);
            Error::Vocabulary { file: name.to_owned(), mistakes }
        })
    }

    /// Every concept, by id.
    pub fn concepts(&self) -> impl ExactSizeIterator<Item = &Arc<Concept>> {
        self.concepts.values()
    }

    /// The concept with this id or label. Case, accents and punctuation do not count, nor, where
    /// nothing else is found, the spaces: `#aiact`.
    pub fn concept(&self, name: &str) -> Option<&Arc<Concept>> {
        if let Some(concept) = self.concepts.get(name) {
            return Some(concept);
        }
        let key = key(name);
        if key.is_empty() {
            return None;
        }
        let by_id = self.concepts.get(&key.replace(' ', "-"));
        by_id.or_else(|| self.labelled(&key)).or_else(|| {
            let joined = bare(&key);
            let mut found = self.names().filter(|(name, _)| bare(name) == joined);
            let (_, first) = found.next()?;
            found.all(|(_, other)| Arc::ptr_eq(first, other)).then_some(first)
        })
    }

    /// The concept that has the label with this key.
    pub(crate) fn labelled(&self, key: &str) -> Option<&Arc<Concept>> {
        self.labels.get(key).and_then(|id| self.concepts.get(id))
    }

    /// The keys of all labels and the ids, each with its concept.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &Arc<Concept>)> {
        let labels = self.labels.iter();
        let labels = labels.filter_map(|(key, id)| Some((&**key, self.concepts.get(id)?)));
        labels.chain(self.concepts.iter().map(|(id, concept)| (&**id, concept)))
    }

    /// What tells this vocabulary from others: 16 hexadecimal digits of a hash of all that decides
    /// what its concepts find.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for concept in self.concepts.values() {
            hasher.update(concept.id.as_bytes());
            for Label { text, language, form } in &concept.labels {
                for part in [text, language.code(), form.name()] {
                    hasher.update(b"\0").update(part.as_bytes());
                }
            }
            hasher.update(b"\n");
        }
        hasher.finalize().to_hex().chars().take(16).collect()
    }
}

/// What labels are compared by: the exact forms of their words, with spaces between.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for_each_token(text, |token| {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(token.exact);
    });
    key
}

/// A key or an id without what parts its words.
fn bare(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}
