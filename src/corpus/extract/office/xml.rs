//! XML parts of Office files: a stream of tags, by their local names, and of texts.
//!
//! Only the five entities of XML and character references stand for something; a document type is
//! passed over, and nothing is fetched.

use std::borrow::Cow;

use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements nested deeper than this end the reading of a part.
const MAX_DEPTH: u32 = 1000;

/// What comes next in a part.
pub(super) enum Node<'a> {
    Open(Tag<'a>),
    Close(End<'a>),
    Text(Cow<'a, str>),
}

/// A start tag.
pub(super) struct Tag<'a>(BytesStart<'a>);

/// An end tag.
pub(super) struct End<'a>(BytesEnd<'a>);

/// A part that is being read.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: u32,
    damage: Option<String>,
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        config.check_comments = false;
        Xml { reader, depth: 0, damage: None }
    }

    /// The next tag or text; None at the end, or where the markup is broken.
    pub(super) fn next(&mut self) -> Option<Node<'a>> {
        loop {
            if self.damage.is_some() {
                return None;
            }
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        self.damage = Some(format!("elements nest deeper than {MAX_DEPTH}"));
                        return None;
                    }
                    return Some(Node::Open(Tag(tag)));
                }
                Ok(Event::End(end)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Some(Node::Close(End(end)));
                }
                Ok(Event::Text(text)) => return Some(Node::Text(text.into_inner())),
                Ok(Event::CData(text)) => return Some(Node::Text(text.into_inner())),
                Ok(Event::GeneralRef(name)) => {
                    let text = match name.resolve_char_ref() {
                        Ok(Some(character)) => Cow::Owned(character.to_string()),
                        _ => Cow::Borrowed(entity(&name)?),
                    };
                    return Some(Node::Text(text));
                }
                Ok(Event::Eof) => {
                    if self.depth > 0 {
                        self.damage = Some("its end is missing".to_owned());
                    }
                    return None;
                }
                Ok(_) => {}
                Err(error) => {
                    self.damage = Some(error.to_string());
                    return None;
                }
            }
        }
    }

    /// Passes over the rest of the element that was opened last.
    pub(super) fn skip(&mut self) {
        let mut inside = 1u32;
        while inside > 0 {
            match self.next() {
                Some(Node::Open(_)) => inside += 1,
                Some(Node::Close(_)) => inside -= 1,
                Some(Node::Text(_)) => {}
                None => return,
            }
        }
    }

    /// The text of the element that was opened last, whatever is nested in it; up to its end.
    pub(super) fn text(&mut self) -> String {
        let mut inside = 1u32;
        let mut all = String::new();
        while inside > 0 {
            match self.next() {
                Some(Node::Open(_)) => inside += 1,
                Some(Node::Close(_)) => inside -= 1,
                Some(Node::Text(text)) => all.push_str(&text),
                None => break,
            }
        }
        all
    }

    /// Why the part could not be read to its end, if so.
    pub(super) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }
}

/// What an entity stands for; those that a document type may define stand for nothing.
fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{A0}",
        _ => "",
    })
}

impl Tag<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The prefix of the name; empty where there is none.
    pub(super) fn prefix(&self) -> &str {
        let name = self.0.name().into_inner();
        name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The value of the attribute with this name, whatever its prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of the attribute with this name and prefix, such as `r:id`.
    pub(super) fn get_exactly(&self, name: &str) -> Option<String> {
        self.find(|key| key == name)
    }

    /// The value of the attribute with this name and a prefix, whichever.
    pub(super) fn get_prefixed(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    /// Whether an attribute has this value.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found == value)
    }

    /// A switch of OOXML: on unless its value says otherwise.
    pub(super) fn on(&self) -> bool {
        !matches!(self.get("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }

    /// The number that an attribute holds.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.ok()?;
            if wanted(attribute.key.into_inner()) {
                return Some(match attribute.normalized_value(XmlVersion::Implicit1_0) {
                    Ok(value) => value.into_owned(),
                    Err(_) => attribute.value.into_owned(),
                });
            }
        }
        None
    }
}

impl End<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}
