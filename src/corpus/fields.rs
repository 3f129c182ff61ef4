//! What a corpus calls the fields of its records: the `[fields]` of a `.polidex.toml` at its root.
//!
//! ```toml
//! [fields]
//! text = ["corps", "volltext"]
//! title = "intitulé"
//! ```
//!
//! A name counts in JSON, JSON Lines and tables, before the names that polidex knows by itself;
//! case, spaces, hyphens and underscores make no difference.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::metadata::bare;
use super::open;
use crate::{Error, Result};

/// The name of the file.
pub(super) const FILE: &str = ".polidex.toml";

/// The bytes that the file may have.
const MAX_FILE: u64 = 64 << 10;

/// A field of a record that can be given further names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FieldName {
    /// What is searched and quoted.
    Text,
    /// What the record is called in its file.
    Id,
    Title,
    Authors,
    Date,
    Language,
    Source,
    Url,
    Jurisdiction,
    Kind,
    Tags,
}

impl FieldName {
    /// The name by which the field is known everywhere.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FieldName::Text => "text",
            FieldName::Id => "id",
            FieldName::Title => "title",
            FieldName::Authors => "authors",
            FieldName::Date => "date",
            FieldName::Language => "language",
            FieldName::Source => "source",
            FieldName::Url => "url",
            FieldName::Jurisdiction => "jurisdiction",
            FieldName::Kind => "kind",
            FieldName::Tags => "tags",
        }
    }
}

/// The names that a corpus gives to fields, bare of case and punctuation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct FieldNames(BTreeMap<FieldName, Vec<String>>);

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    fields: BTreeMap<FieldName, Spanned<Names>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a name or a list of names")]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl FieldNames {
    /// Reads the names that the corpus in this folder gives; none where it has no such file.
    ///
    /// Errors: [`Error::Corpus`], with the line, for a file that cannot be read as what it is.
    pub(super) fn of(root: &Path) -> Result<FieldNames> {
        let path = root.join(FILE);
        let wrong = |reason: String| Error::Corpus { path: path.clone(), reason };
        let file = match open::open_beneath(root, &path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(wrong(format!("cannot be read: {error}"))),
        };
        let mut text = String::new();
        match file.take(MAX_FILE + 1).read_to_string(&mut text) {
            Ok(length) if length as u64 > MAX_FILE => {
                Err(wrong(format!("is longer than {MAX_FILE} bytes, which is the limit")))
            }
            Ok(_) => FieldNames::parse(&text).map_err(wrong),
            Err(error) => Err(wrong(format!("cannot be read: {error}"))),
        }
    }

    fn parse(text: &str) -> Result<FieldNames, String> {
        let at = |byte: usize| {
            let before = text.get(..byte).unwrap_or(text);
            before.bytes().filter(|byte| *byte == b'\n').count() + 1
        };
        let settings: Settings = toml::from_str(text).map_err(|error| {
            let line = at(error.span().map_or(0, |span| span.start));
            format!("line {line}: {}", error.message().replace('\n', ", "))
        })?;
        let mut fields = FieldNames::default();
        for (field, names) in settings.fields {
            let line = at(names.span().start);
            let names = match names.into_inner() {
                Names::One(name) => vec![name],
                Names::Several(names) => names,
            };
            for name in names {
                let key = bare(&name);
                if key.is_empty() {
                    return Err(format!("line {line}: {name:?} is no name of a field"));
                }
                if let Some(other) = fields.field(&key) {
                    let (this, other) = (field.name(), other.name());
                    return Err(format!("line {line}: {name:?} is {this} here and {other} before"));
                }
                fields.0.entry(field).or_default().push(key);
            }
        }
        Ok(fields)
    }

    /// The field that the corpus gives this name to.
    pub(crate) fn field(&self, key: &str) -> Option<FieldName> {
        self.rank(key).map(|(field, _)| field)
    }

    /// The field, and the place of this name among the field's names.
    pub(crate) fn rank(&self, key: &str) -> Option<(FieldName, usize)> {
        if self.0.is_empty() {
            return None;
        }
        let key = bare(key);
        self.0.iter().find_map(|(field, names)| {
            names.iter().position(|name| *name == key).map(|rank| (*field, rank))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_punctuation() {
        let fields = FieldNames::parse(
            "[fields]\ntext = [\"Corps du texte\", \"body_fr\"]\ntitle = \"intitulé\"\n",
        );
        let fields = fields.unwrap();
        assert_eq!(fields.rank("corps_du-TEXTE"), Some((FieldName::Text, 0)));
        assert_eq!(fields.rank("bodyFR"), Some((FieldName::Text, 1)));
        assert_eq!(fields.field("Intitulé"), Some(FieldName::Title));
        assert_eq!(fields.field("corps"), None);
        assert_eq!(FieldNames::parse("").unwrap(), FieldNames::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |text: &str| FieldNames::parse(text).unwrap_err();
        assert!(
            wrong("[fields]\n\ntitel = \"x\"\n").starts_with("line 3: unknown variant `titel`")
        );
        assert!(wrong("[fields]\ntext = 7\n").starts_with("line 2: expected a name"));
        assert!(wrong("[fields]\ntext = [\"a\"\n").starts_with("line "));
        assert!(wrong("[field]\ntext = \"a\"\n").starts_with("line 1: unknown field `field`"));
        assert_eq!(
            wrong("[fields]\ntext = \"a\"\ntitle = [\"b\", \"A\"]\n"),
            "line 3: \"A\" is title here and text before"
        );
        assert_eq!(wrong("[fields]\ntext = \"--\"\n"), "line 2: \"--\" is no name of a field");
    }
}
