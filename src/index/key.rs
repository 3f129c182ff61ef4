//! A key: the name of a fact about an article, as records keep it.

use serde::{Deserialize, Serialize};

/// The name of a fact; of those that most articles have its number in [`KEYS`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Key {
    Common(u8),
    Other(String),
}

/// Names of facts; stored by number, so that only further ones may come, at the end.
const KEYS: [&str; 10] = [
    "title",
    "date",
    "language",
    "source",
    "authors",
    "url",
    "kind",
    "jurisdiction",
    "tags",
    "cites",
];

impl Key {
    pub(super) fn of(name: String) -> Key {
        match KEYS.iter().position(|key| *key == name) {
            Some(number) => Key::Common(number as u8),
            None => Key::Other(name),
        }
    }

    pub(super) fn name(&self) -> Option<String> {
        match self {
            Key::Common(number) => KEYS.get(usize::from(*number)).map(|&key| key.to_owned()),
            Key::Other(name) => Some(name.clone()),
        }
    }
}
