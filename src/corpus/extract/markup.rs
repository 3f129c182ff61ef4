//! Markup inside Markdown: raw HTML, JSX tags and template marks, taken off their text.

use super::raised;
use crate::{Block, BlockKind};

/// Reads a run of raw HTML that starts on `line`: tags go, text stays, in blocks of its own
/// wherever a tag separates them.
pub(super) fn blocks(html: &str, line: u32, blocks: &mut Vec<Block>) {
    let mut kind = BlockKind::Paragraph;
    let mut text = String::new();
    let mut raised = false;
    let (mut line, mut start) = (line, line);
    let mut rest = html;
    let mut flush = |text: &mut String, kind: BlockKind, start: u32| {
        if !text.trim().is_empty() {
            blocks.push(Block::new(kind, std::mem::take(text)).at_line(start));
        }
        text.clear();
    };
    while !rest.is_empty() {
        let (piece, next) = split(rest);
        let lines = piece.matches('\n').count() as u32;
        if let Some(alternative) = image_text(piece) {
            flush(&mut text, kind, start);
            flush(&mut alternative.to_owned(), BlockKind::Caption, line);
            start = line;
        } else if let Some(name) = tag_name(piece) {
            if let Some(next_kind) = block_tag(&name) {
                flush(&mut text, kind, start);
                kind = if piece.starts_with("</") { BlockKind::Paragraph } else { next_kind };
                start = line + lines;
            } else if separates(piece) {
                text.push(' ');
            }
            raised = raises(piece) || (raised && !piece.starts_with("</"));
            // The text keeps the line ends inside a tag, so that lines can be counted.
            if !text.is_empty() {
                text.extend(std::iter::repeat_n('\n', lines as usize));
            }
        } else if !piece.starts_with("<!") && !piece.starts_with("<?") {
            let piece = entities(piece);
            if std::mem::take(&mut raised) {
                text.push_str(raised::separator(&text, &piece));
            }
            text.push_str(&piece);
        } else if !text.is_empty() {
            text.extend(std::iter::repeat_n('\n', lines as usize));
        } else {
            start = line + lines;
        }
        line += lines;
        rest = next;
    }
    flush(&mut text, kind, start);
}

/// The bytes in which the end of a tag is looked for; without one, `<` is text.
const MAX_TAG: usize = 4096;

/// Splits off the first piece: a tag, with all that it hides, or the text before the next one.
fn split(html: &str) -> (&str, &str) {
    let begins = |of: &str| html.get(..of.len()).is_some_and(|head| head.eq_ignore_ascii_case(of));
    let length = if html.starts_with("<!--") {
        html.find("-->").map_or(html.len(), |at| at + "-->".len())
    } else if begins("<script") {
        closing(html, "</script")
    } else if begins("<style") {
        closing(html, "</style")
    } else if let Some(length) = tag_length(html) {
        length
    } else {
        let first = html.chars().next().map_or(0, char::len_utf8);
        html.get(first..).and_then(|rest| rest.find('<')).map_or(html.len(), |at| first + at)
    };
    html.split_at(length)
}

/// The bytes up to the end of the tag that closes this element.
fn closing(html: &str, tag: &str) -> usize {
    let is_end = |at: &usize| {
        html.get(*at..at + tag.len()).is_some_and(|here| here.eq_ignore_ascii_case(tag))
    };
    let Some(at) = html.match_indices('<').map(|(at, _)| at).find(is_end) else {
        return html.len();
    };
    html.get(at..).and_then(|rest| rest.find('>')).map_or(html.len(), |end| at + end + 1)
}

fn is_tag(html: &str) -> bool {
    let mut chars = html.chars();
    chars.next() == Some('<')
        && chars
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '>'))
}

/// The bytes of the tag that `html` starts with; `>` inside quotes or braces of an attribute does
/// not end it.
fn tag_length(html: &str) -> Option<usize> {
    if !is_tag(html) {
        return None;
    }
    let mut quote = None;
    let mut braces = 0usize;
    let mut first = None;
    for (at, c) in html.char_indices().take_while(|(at, _)| *at < MAX_TAG) {
        if c == '>' {
            first = first.or(Some(at + 1));
        }
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, '>') if braces == 0 => return Some(at + 1),
            _ => {}
        }
    }
    // A quote that is never closed: the tag ends where it would without quotes.
    first
}

fn tag_name(piece: &str) -> Option<String> {
    let inner = piece.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inner.len());
    let name = inner.get(..end)?;
    (is_tag(piece) && (!name.is_empty() || inner.starts_with('>')))
        .then(|| name.to_ascii_lowercase())
}

/// The kind of block that a tag begins, if it begins one.
fn block_tag(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" => BlockKind::Heading(1),
        "h2" => BlockKind::Heading(2),
        "h3" => BlockKind::Heading(3),
        "h4" => BlockKind::Heading(4),
        "h5" => BlockKind::Heading(5),
        "h6" => BlockKind::Heading(6),
        "li" | "dd" | "dt" => BlockKind::ListItem,
        "td" | "th" => BlockKind::Cell,
        "blockquote" => BlockKind::Quote,
        "pre" => BlockKind::Code,
        "figcaption" | "caption" => BlockKind::Caption,
        "p" | "div" | "section" | "article" | "ul" | "ol" | "dl" | "table" | "thead" | "tbody"
        | "tr" | "details" | "summary" | "figure" | "header" | "footer" | "main" | "nav"
        | "aside" | "hr" | "form" | "iframe" | "video" | "center" | "address" | "script"
        | "style" => BlockKind::Paragraph,
        _ => return None,
    })
}

/// Whether a tag stands between words: a line break, or one that begins or ends a block.
pub(super) fn separates(tag: &str) -> bool {
    tag_name(tag).is_some_and(|name| name == "br" || block_tag(&name).is_some())
}

/// Whether a tag begins a raised text.
pub(super) fn raises(tag: &str) -> bool {
    !tag.starts_with("</") && tag_name(tag).is_some_and(|name| name == "sup")
}

/// The alternative text of an image.
pub(super) fn image_text(tag: &str) -> Option<String> {
    if tag_name(tag)? != "img" {
        return None;
    }
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(" alt=").or_else(|| lower.find("\nalt="))? + " alt=".len();
    let value = tag.get(at..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let text = value.get(1..)?.split(quote).next()?;
    Some(entities(text))
}

/// Takes out the marks of site generators, `{{< figure >}}`, `{{% note %}}`, `{% include x %}`, and
/// in MDX comments in braces; their line ends stay.
pub(super) fn without_templates(text: String, mdx: bool) -> String {
    if !text.contains('{') {
        return text;
    }
    let marks: &[(&str, &str)] = match mdx {
        true => &[("{/*", "*/}")],
        false => &[("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")],
    };
    // A mark that once had no end has none further on either.
    let mut open = vec![true; marks.len()];
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    'text: while let Some(at) = rest.find('{') {
        let (before, mark) = rest.split_at(at);
        kept.push_str(before);
        for ((start, end), open) in marks.iter().zip(&mut open) {
            if *open && mark.starts_with(start) {
                match mark.find(end) {
                    Some(at) => {
                        let (gone, after) = mark.split_at(at + end.len());
                        kept.extend(std::iter::repeat_n('\n', gone.matches('\n').count()));
                        rest = after;
                        continue 'text;
                    }
                    None => *open = false,
                }
            }
        }
        kept.push('{');
        rest = mark.get(1..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// The named characters of HTML that prose in European languages uses.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("shy", '\u{AD}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("bull", '•'),
    ("middot", '·'),
    ("sect", '§'),
    ("para", '¶'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("euro", '€'),
    ("pound", '£'),
    ("deg", '°'),
    ("agrave", 'à'),
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("aring", 'å'),
    ("aelig", 'æ'),
    ("ccedil", 'ç'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("euml", 'ë'),
    ("igrave", 'ì'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iuml", 'ï'),
    ("ntilde", 'ñ'),
    ("ograve", 'ò'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("oslash", 'ø'),
    ("oelig", 'œ'),
    ("ugrave", 'ù'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("uuml", 'ü'),
    ("szlig", 'ß'),
    ("Agrave", 'À'),
    ("Aacute", 'Á'),
    ("Auml", 'Ä'),
    ("Ccedil", 'Ç'),
    ("Egrave", 'È'),
    ("Eacute", 'É'),
    ("Ouml", 'Ö'),
    ("Oslash", 'Ø'),
    ("Uuml", 'Ü'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("ordf", 'ª'),
    ("ordm", 'º'),
];

pub(super) fn entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at(at);
        decoded.push_str(before);
        match entity(after) {
            Some((character, length)) => {
                decoded.push(character);
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                decoded.push('&');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// The character that `&…;` at the start of `text` stands for, and the bytes it takes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 1))
}
