//! References in the formats that other programs read: CSL-JSON, BibTeX, RIS, Markdown footnotes.

mod bibtex;
mod csl;
mod footnote;
mod ris;

use std::io::{self, Write};

use crate::reference::{CitedQuotation, Reference};
use crate::safe::is_unsafe;

/// A format of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceFormat {
    /// CSL-JSON: the items that processors of the Citation Style Language take, as one array.
    Csl,
    /// BibTeX, with the fields of BibLaTeX that it passes over (`date`, `urldate`, `langid`).
    Bibtex,
    /// RIS, as reference managers exchange it.
    Ris,
    /// Markdown footnotes, one for each quotation.
    Markdown,
}

impl ReferenceFormat {
    /// Writes references, whose keys must be distinct (see [`distinct`](crate::distinct)).
    ///
    /// What a title or a quotation holds comes out of the format's reader as it was, but that line
    /// ends and control characters are spaces.
    pub fn write(self, out: &mut impl Write, references: &[Reference]) -> io::Result<()> {
        match self {
            ReferenceFormat::Csl => csl::write(out, references),
            ReferenceFormat::Bibtex => references.iter().try_for_each(|it| bibtex::write(out, it)),
            ReferenceFormat::Ris => references.iter().try_for_each(|it| ris::write(out, it)),
            ReferenceFormat::Markdown => {
                references.iter().try_for_each(|it| footnote::write(out, it))
            }
        }
    }
}

/// A text on one line, without what a terminal or an editor would obey.
fn clean(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c });
    let kept: String = kept.filter(|c| !is_unsafe(*c)).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A quotation with its place: `“the words” (Article 5(1), p. iv)`.
fn quoted(quotation: &CitedQuotation) -> String {
    let place = quotation.pinpoint.words();
    let text = clean(&quotation.text);
    if place.is_empty() {
        format!("“{text}”")
    } else {
        format!("“{text}” ({})", clean(&place))
    }
}

/// A URL without what would end it in any of the formats.
fn url(url: &str) -> String {
    let mut kept = String::new();
    for c in url.trim().chars() {
        if c.is_whitespace() || c.is_control() || is_unsafe(c) || "{}\\<>\"^`|".contains(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                kept.push_str(&format!("%{byte:02X}"));
            }
        } else {
            kept.push(c);
        }
    }
    kept
}
