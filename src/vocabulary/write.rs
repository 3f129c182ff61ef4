//! A concept in the form in which files have it.

use std::fmt::Write;

use super::{Concept, LabelForm};

impl Concept {
    /// This concept as a table of TOML, which reads back to the same.
    ///
    /// ```
    /// use polidex::Vocabulary;
    ///
    /// let concept = Vocabulary::shipped().concept("ai-act").unwrap();
    /// let read = Vocabulary::default().with("ai-act.toml", &concept.to_toml())?;
    /// assert_eq!(read.concept("ai-act"), Some(concept));
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let mut out = format!("[{}]\nkind = \"{}\"\n", self.id, self.kind);
        let texts = [
            ("definition", Some(&self.definition)),
            ("eurovoc", self.eurovoc.as_ref()),
            ("celex", self.celex.as_ref()),
            ("official", self.official.as_ref()),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                // Writing to a text cannot fail.
                let _ = writeln!(out, "{key} = {}", quoted(text));
            }
        }
        for labels in self.labels.chunk_by(|a, b| a.language == b.language) {
            let Some(first) = labels.first() else { continue };
            let written = labels.iter().map(|label| {
                let mark = match label.form {
                    LabelForm::Inflected => "",
                    LabelForm::Exact => "=",
                    LabelForm::Local => "!",
                };
                quoted(&format!("{mark}{}", label.text))
            });
            let written: Vec<String> = written.collect();
            let _ = writeln!(out, "{} = [{}]", first.language, written.join(", "));
        }
        out
    }
}

/// A text as TOML has it; it holds no control character.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
