//! Elements of HTML: what the name of one says about the text in it.

use html5ever::{LocalName, local_name};

/// What an element does to the flow of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No element but a text.
    Text,
    /// Part of a phrase: `em`, `a`, `span`, and any name unknown.
    Inline,
    /// Set off from the text around it: `p`, `div`, `td`.
    Block,
    /// A line end: `br`.
    Break,
    /// Holds nothing: `img`, `meta`.
    Void,
    /// Holds no text of the page: `script`, `svg`, a field of a form.
    Foreign,
}

impl Shape {
    pub(super) fn is_block(self) -> bool {
        self == Shape::Block
    }
}

/// The shape of an element by its name.
pub(super) fn shape(name: &LocalName) -> Shape {
    match &**name {
        "br" => Shape::Break,
        "area" | "base" | "basefont" | "bgsound" | "col" | "embed" | "frame" | "hr" | "img"
        | "input" | "keygen" | "link" | "meta" | "param" | "source" | "track" | "wbr" => {
            Shape::Void
        }
        "script" | "style" | "noscript" | "template" | "svg" | "math" | "canvas" | "iframe"
        | "noembed" | "noframes" | "object" | "applet" | "audio" | "video" | "map" | "select"
        | "datalist" | "textarea" | "button" | "title" | "rt" | "rp" | "dialog" | "progress"
        | "meter" => Shape::Foreign,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd"
        | "details" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure"
        | "footer" | "form" | "frameset" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "head"
        | "header" | "hgroup" | "html" | "legend" | "li" | "listing" | "main" | "menu" | "nav"
        | "ol" | "option" | "optgroup" | "p" | "plaintext" | "pre" | "search" | "section"
        | "summary" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr" | "ul" | "xmp" => {
            Shape::Block
        }
        _ => Shape::Inline,
    }
}

/// The level of a heading, 1 to 6.
pub(super) fn heading_level(name: &LocalName) -> Option<u8> {
    Some(match *name {
        local_name!("h1") => 1,
        local_name!("h2") => 2,
        local_name!("h3") => 3,
        local_name!("h4") => 4,
        local_name!("h5") => 5,
        local_name!("h6") => 6,
        _ => return None,
    })
}

/// Whether an element may stand in `<head>`; any other one ends it.
pub(super) fn in_head(name: &LocalName) -> bool {
    matches!(
        &**name,
        "base" | "head" | "link" | "meta" | "noscript" | "script" | "style" | "template" | "title"
    )
}

/// Whether a `<p>` outside this element is out of reach of tags inside it (HTML standard, "button
/// scope").
pub(super) fn bounds_paragraph(open: &LocalName) -> bool {
    matches!(
        *open,
        local_name!("table")
            | local_name!("td")
            | local_name!("th")
            | local_name!("caption")
            | local_name!("button")
            | local_name!("object")
            | local_name!("template")
    )
}

/// Whether an end tag cannot reach out of this open element: a stray `</div>` in a table cell or
/// list item must not end the `<div>` around the table or list.
pub(super) fn bounds_end_tag(open: &LocalName, end: &LocalName) -> bool {
    match *open {
        local_name!("td") | local_name!("th") | local_name!("caption") => !matches!(
            *end,
            local_name!("table")
                | local_name!("tbody")
                | local_name!("thead")
                | local_name!("tfoot")
                | local_name!("tr")
        ),
        local_name!("table") | local_name!("template") => true,
        local_name!("ul") | local_name!("ol") => *end == local_name!("li"),
        _ => false,
    }
}
