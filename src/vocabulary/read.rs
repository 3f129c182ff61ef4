//! Reading a file of concepts: TOML, a table for each concept, every mistake with its line.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    Concept, ConceptKind, Label, LabelForm, MAX_CONCEPTS, MAX_FILE_BYTES, MAX_LABEL_WORDS,
    MAX_LABELS, Vocabulary, key,
};
use crate::Language;
use crate::error::Mistake;
use crate::language::is_iso_639_1;

/// The keys of a concept beside the codes of languages.
const KEYS: [&str; 7] =
    ["kind", "definition", "eurovoc", "celex", "official", "replace", "without"];

/// The longest text that a key may have, in bytes.
const MAX_TEXT: usize = 1000;

/// `base` with what `text` adds and changes, or all mistakes in `text`.
pub(super) fn read(base: &Vocabulary, text: &str) -> Result<Vocabulary, Vec<Mistake>> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file has more than {MAX_FILE_BYTES} bytes");
        return Err(vec![Mistake { line: 1, message }]);
    }
    let mut reader = Reader {
        lines: line_starts(text),
        mistakes: Vec::new(),
        concepts: base.concepts.clone(),
        places: HashMap::new(),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let start = error.span().map_or(0, |span| span.start);
        reader.mistake(start, error.message().replace('\n', ", "));
    }
    if reader.mistakes.is_empty() {
        for (id, value) in in_order(table.get_ref()) {
            reader.concept(id, value);
        }
    }
    reader.finish()
}

/// The bytes at which the lines of `text` start.
fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
}

/// The entries of a table in the order of the text.
fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

struct Reader {
    lines: Vec<usize>,
    mistakes: Vec<Mistake>,
    concepts: BTreeMap<String, Arc<Concept>>,
    /// Where the labels of this file stand, by concept and key.
    places: HashMap<(String, String), usize>,
}

/// What a file says of a concept.
#[derive(Default)]
struct Said {
    kind: Option<ConceptKind>,
    definition: Option<String>,
    eurovoc: Option<String>,
    celex: Option<String>,
    official: Option<String>,
    replace: bool,
    without: Vec<(String, usize)>,
    labels: Vec<Label>,
}

impl Reader {
    fn mistake(&mut self, at: usize, message: impl Into<String>) {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        self.mistakes.push(Mistake { line, message: message.into() });
    }

    /// Reads the table of one concept and puts it among the others.
    fn concept(&mut self, id: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let (name, at) = (id.get_ref().to_string(), id.span().start);
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("`{name}` is no concept; write [{name}] and its keys below it");
            return self.mistake(at, message);
        };
        if !is_id(&name) {
            let message = format!(
                "`{name}` is no id of a concept: it has lower-case letters, digits and single \
                 hyphens between them, such as digital-sovereignty"
            );
            return self.mistake(at, message);
        }
        let before = self.mistakes.len();
        let mut said = Said::default();
        for (key, value) in in_order(table) {
            self.entry(&name, key, value, &mut said);
        }
        // What is missing may be what is misspelt.
        if self.mistakes.len() == before {
            self.merge(name, at, said);
        }
    }

    /// Reads one line of a concept.
    fn entry(
        &mut self,
        id: &str,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        said: &mut Said,
    ) {
        let at = key.span().start;
        match &**key.get_ref() {
            "kind" => {
                let Some(name) = self.text("kind", value) else { return };
                said.kind = ConceptKind::ALL.into_iter().find(|kind| kind.name() == name);
                if said.kind.is_none() {
                    let message = format!(
                        "`{name}` is no kind; kinds are topic, instrument, body, jurisdiction"
                    );
                    self.mistake(value.span().start, message);
                }
            }
            "definition" => said.definition = self.text("definition", value),
            "eurovoc" => said.eurovoc = self.text("eurovoc", value),
            "official" => said.official = self.text("official", value),
            "celex" => {
                said.celex = self.text("celex", value);
                if let Some(number) = said.celex.take_if(|number| !is_celex(number)) {
                    let message = format!("`{number}` is no CELEX number, such as 32024R1689");
                    self.mistake(value.span().start, message);
                }
            }
            "replace" => match value.get_ref().as_bool() {
                Some(replace) => said.replace = replace,
                None => self.mistake(value.span().start, "replace is true or false"),
            },
            "without" => {
                for (label, at) in self.texts("without", value) {
                    said.without.push((label, at));
                }
            }
            code if is_iso_639_1(code) => {
                let Ok(language) = code.parse() else { return };
                for (label, at) in self.texts(code, value) {
                    self.label(id, language, &label, at, said);
                }
            }
            other => {
                let message = format!(
                    "unknown key `{other}`; keys are {}, and codes of languages such as en",
                    KEYS.join(", ")
                );
                self.mistake(at, message);
            }
        }
    }

    /// Reads a label, with the mark in front of it.
    fn label(&mut self, id: &str, language: Language, marked: &str, at: usize, said: &mut Said) {
        let (form, text) = match marked.split_at_checked(1) {
            Some(("=", text)) => (LabelForm::Exact, text.trim()),
            Some(("!", text)) => (LabelForm::Local, text.trim()),
            _ => (LabelForm::Inflected, marked.trim()),
        };
        if text.starts_with(['=', '!']) {
            return self.mistake(at, format!("`{marked}` has two marks; a label has one at most"));
        }
        let key = key(text);
        match key.split(' ').count() {
            _ if key.is_empty() => {
                return self.mistake(at, format!("the label `{marked}` has no word"));
            }
            words if words > MAX_LABEL_WORDS => {
                let message = format!("a label has {MAX_LABEL_WORDS} words at most");
                return self.mistake(at, message);
            }
            _ => {}
        }
        let same = |label: &&Label| label.language == language && super::key(&label.text) == key;
        if let Some(before) = said.labels.iter().find(same) {
            let message = format!("`{text}` says the same as `{}` before it", before.text);
            return self.mistake(at, message);
        }
        self.places.entry((id.to_owned(), key)).or_insert(at);
        said.labels.push(Label { text: text.to_owned(), language, form });
    }

    /// A text that is not empty and on one line.
    fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let at = value.span().start;
        let Some(text) = value.get_ref().as_str() else {
            self.mistake(at, format!("{key} is a text in quotation marks"));
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.mistake(at, format!("{key} is empty"));
        } else if text.contains(char::is_control) || text.len() > MAX_TEXT {
            self.mistake(at, format!("{key} is one line of {MAX_TEXT} bytes at most"));
        } else {
            return Some(text.to_owned());
        }
        None
    }

    /// The texts of a list, each with its place.
    fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<(String, usize)> {
        let Some(list) = value.get_ref().as_array() else {
            let message = format!("{key} is a list of labels, such as [\"data protection\"]");
            self.mistake(value.span().start, message);
            return Vec::new();
        };
        let label = format!("a label of {key}");
        let texts = list
            .iter()
            .filter_map(|value| self.text(&label, value).map(|text| (text, value.span().start)));
        texts.collect()
    }

    /// Joins what the file says of a concept with what was known of it.
    fn merge(&mut self, id: String, at: usize, said: Said) {
        let known = self.concepts.get(&id).filter(|_| !said.replace).cloned();
        let mut labels = known.as_ref().map_or_else(Vec::new, |known| known.labels.clone());
        for (label, at) in said.without {
            let wanted = key(&label);
            let before = labels.len();
            labels.retain(|label| key(&label.text) != wanted);
            if labels.len() == before {
                self.mistake(at, format!("`{label}` is no label of {id} that could be left out"));
            }
        }
        for label in said.labels {
            let wanted = key(&label.text);
            let same =
                |other: &Label| other.language == label.language && key(&other.text) == wanted;
            match labels.iter_mut().find(|other| same(other)) {
                Some(other) => *other = label,
                None => labels.push(label),
            }
        }
        // Those of a language stand together, in the order of the languages.
        let mut order: Vec<Language> = Vec::new();
        for label in &labels {
            if !order.contains(&label.language) {
                order.push(label.language);
            }
        }
        labels.sort_by_key(|label| order.iter().position(|it| *it == label.language));
        let known = known.as_deref();
        let kind = said.kind.or(known.map(|known| known.kind));
        let definition = said.definition.or(known.map(|known| known.definition.clone()));
        let (Some(kind), Some(definition)) = (kind, definition) else {
            for (key, lacks) in [("kind", kind.is_none()), ("definition", kind.is_some())] {
                if lacks {
                    self.mistake(at, format!("{id} lacks {key}"));
                }
            }
            return;
        };
        if labels.is_empty() {
            return self.mistake(at, format!("{id} has no label"));
        }
        if labels.len() > MAX_LABELS {
            return self.mistake(at, format!("{id} has more than {MAX_LABELS} labels"));
        }
        let kept = |said: Option<String>, known: Option<&Option<String>>| {
            said.or_else(|| known.cloned().flatten())
        };
        let concept = Concept {
            id: id.clone(),
            kind,
            definition,
            eurovoc: kept(said.eurovoc, known.map(|known| &known.eurovoc)),
            celex: kept(said.celex, known.map(|known| &known.celex)),
            official: kept(said.official, known.map(|known| &known.official)),
            labels,
        };
        self.concepts.insert(id, Arc::new(concept));
    }

    /// The vocabulary, if no label belongs to two concepts and nothing else is wrong.
    fn finish(mut self) -> Result<Vocabulary, Vec<Mistake>> {
        if self.concepts.len() > MAX_CONCEPTS {
            self.mistake(0, format!("there are more than {MAX_CONCEPTS} concepts"));
        }
        let mut labels: rustc_hash::FxHashMap<String, String> = Default::default();
        let mut claims = Vec::new();
        for (id, concept) in &self.concepts {
            for label in &concept.labels {
                let key = key(&label.text);
                match labels.get(&key) {
                    Some(other) if other != id => {
                        claims.push((key.clone(), label.text.clone(), [other.clone(), id.clone()]))
                    }
                    _ => {
                        labels.insert(key, id.clone());
                    }
                }
            }
        }
        for (key, label, [a, b]) in claims {
            // The one of this file that was added last; the labels known before are without claims.
            let place = |id: &String| self.places.get(&(id.clone(), key.clone())).copied();
            let (at, other) = match (place(&a), place(&b)) {
                (Some(first), Some(second)) if first > second => (first, b),
                (Some(first), None) => (first, b),
                (_, second) => (second.unwrap_or_default(), a),
            };
            let message = format!(
                "`{label}` is a label of {other} already; a label names one concept (without = \
                 [\"{label}\"] under [{other}] frees it)"
            );
            self.mistake(at, message);
        }
        if self.mistakes.is_empty() {
            Ok(Vocabulary { concepts: self.concepts, labels })
        } else {
            Err(self.mistakes)
        }
    }
}

/// Whether this can be the id of a concept.
fn is_id(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('-').all(is_word)
}

/// Whether this has the form of a CELEX number: a sector, a year, a type of document, a number.
fn is_celex(number: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number.get(5..).unwrap_or_default();
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    let end = rest.get(letters..).unwrap_or_default();
    digits(number) >= 5
        && ((1..=2).contains(&letters) && end.len() >= 3 && digits(end) == end.len()
            || end == "/TXT")
}
