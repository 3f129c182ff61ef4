//! The documents that all engines index: JSON Lines with `id`, `title` and `text`, and `date` and
//! `lang` where known.

use std::fs::File;
use std::io::{BufRead, BufReader};

use serde::Deserialize;

use crate::Outcome;

/// One document.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) title: String,
    pub(crate) text: String,
    #[cfg(feature = "seekstorm")]
    #[serde(default)]
    pub(crate) date: Option<String>,
    #[cfg(feature = "seekstorm")]
    #[serde(default)]
    pub(crate) lang: Option<String>,
}

impl Document {
    /// Title and text, as one.
    pub(crate) fn body(&self) -> String {
        format!("{}\n{}", self.title, self.text)
    }

    /// The year of its date; 0 where there is none.
    #[cfg(feature = "seekstorm")]
    pub(crate) fn year(&self) -> u16 {
        let date = self.date.as_deref().unwrap_or_default();
        date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0)
    }
}

/// All documents of a file.
pub(crate) fn documents(path: &str) -> Outcome<impl Iterator<Item = Outcome<Document>>> {
    let lines = BufReader::with_capacity(1 << 20, File::open(path)?).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

/// The text of every `step`-th document.
pub(crate) fn texts(path: &str, step: usize) -> Outcome<Vec<String>> {
    documents(path)?.step_by(step).map(|document| Ok(document?.text)).collect()
}
