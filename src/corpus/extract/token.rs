//! The tokens of an XML text: where elements begin and end, and the characters between.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::markup;

/// A part of an XML text.
pub(super) enum Token<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// An element of this name ends; names are without their prefix, in lower case.
    End(String),
    /// Characters.
    Text(Cow<'a, str>),
}

/// The start of an element.
pub(super) struct Element<'a> {
    /// Its name in lower case, without its prefix.
    pub(super) name: String,
    /// Whether it has no content; no end follows.
    pub(super) empty: bool,
    tag: BytesStart<'a>,
}

impl Element<'_> {
    /// The part of its name before the colon; empty where there is none.
    pub(super) fn prefix(&self) -> String {
        let name = self.tag.name();
        let whole: &str = name.as_ref();
        whole.split_once(':').map_or("", |(prefix, _)| prefix).to_ascii_lowercase()
    }

    /// The value of an attribute, by its name without a prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.tag.attributes();
        // Looking for doubles would take a time that grows with the square of their number.
        let found = attributes.with_checks(false).filter_map(Result::ok).find(|attribute| {
            let local = attribute.key.local_name();
            let local: &str = local.as_ref();
            local.eq_ignore_ascii_case(name)
        })?;
        Some(markup::entities(&found.value))
    }
}

/// The tokens of an XML text, as far as it is one.
pub(super) struct Tokens<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        let mut reader = Reader::from_str(text.trim_start_matches(['\u{feff}', ' ', '\n', '\t']));
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        Tokens { reader }
    }

    /// The next token; None at the end.
    ///
    /// # Errors
    ///
    /// What is wrong with the text; there is nothing more to be read then.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, String> {
        loop {
            let event = self.reader.read_event().map_err(|error| error.to_string())?;
            return Ok(Some(match event {
                Event::Start(tag) => Token::Start(element(tag, false)),
                Event::Empty(tag) => Token::Start(element(tag, true)),
                Event::End(tag) => {
                    let name = tag.local_name();
                    let name: &str = name.as_ref();
                    Token::End(name.to_ascii_lowercase())
                }
                Event::Text(text) => Token::Text(text.into_inner()),
                Event::CData(text) => Token::Text(text.into_inner()),
                Event::GeneralRef(name) => {
                    let name: &str = &name;
                    Token::Text(Cow::Owned(markup::entities(&format!("&{name};"))))
                }
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            }));
        }
    }

    /// The markup within the element that has just begun, up to its end.
    ///
    /// # Errors
    ///
    /// If it has no end.
    pub(super) fn inner(&mut self, element: &Element<'a>) -> Result<Cow<'a, str>, String> {
        let inner = self.reader.read_text(element.tag.name()).map_err(|error| error.to_string())?;
        Ok(inner.into_inner())
    }
}

fn element(tag: BytesStart<'_>, empty: bool) -> Element<'_> {
    let name = tag.local_name();
    let name: &str = name.as_ref();
    Element { name: name.to_ascii_lowercase(), empty, tag }
}
