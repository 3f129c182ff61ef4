//! Maps from codes to Unicode that are not quite in order (ISO 32000-2, 9.10.3): what can be read of
//! them is, where the font's own reading gives up at the first wrong entry.

use std::collections::HashMap;

/// The entries that are read of one map, those that stand for the same code once more among them.
const MAX_ENTRIES: u32 = 1 << 17;

/// The units of UTF-16 that one entry may have: more than any glyph says.
const MAX_UNITS: usize = 64;

/// What each code says; an entry may be empty.
pub(super) fn to_unicode(map: &[u8]) -> HashMap<u32, String> {
    let mut codes = HashMap::new();
    let mut tokens = Tokens(map);
    let mut section = Section::Other;
    let mut strings: Vec<&[u8]> = Vec::new();
    // In a list, the strings are those of the codes from the beginning of the range on.
    let mut list: Option<u32> = None;
    let mut left = MAX_ENTRIES;
    while left > 0
        && let Some(token) = tokens.next()
    {
        match (token, section) {
            (Token::Word(word), _) => {
                section = match word {
                    b"beginbfchar" => Section::Chars,
                    b"beginbfrange" => Section::Ranges,
                    _ => Section::Other,
                };
                strings.clear();
                list = None;
            }
            (Token::Open, Section::Ranges) => list = strings.first().and_then(|low| code(low)),
            (Token::Close, _) => {
                list = None;
                strings.clear();
            }
            (Token::String(digits), Section::Ranges) if list.is_some() => {
                if let Some(at) = list {
                    codes.insert(at, text(digits, 0));
                    left -= 1;
                }
                list = list.and_then(|at| at.checked_add(1));
            }
            (Token::String(digits), Section::Chars | Section::Ranges) => strings.push(digits),
            _ => {}
        }
        match (section, &strings[..]) {
            (Section::Chars, [from, to]) => {
                if let Some(from) = code(from) {
                    codes.insert(from, text(to, 0));
                    left -= 1;
                }
                strings.clear();
            }
            (Section::Ranges, [low, high, to]) => {
                if let (Some(low), Some(high)) = (code(low), code(high)) {
                    let last = high.min(low.saturating_add(left - 1));
                    codes.extend((low..=last).map(|code| (code, text(to, code - low))));
                    left = left.saturating_sub(last.saturating_sub(low).saturating_add(1));
                }
                strings.clear();
            }
            _ => {}
        }
    }
    codes
}

#[derive(Clone, Copy)]
enum Section {
    Chars,
    Ranges,
    Other,
}

enum Token<'m> {
    /// The digits of a string.
    String(&'m [u8]),
    Open,
    Close,
    Word(&'m [u8]),
}

struct Tokens<'m>(&'m [u8]);

impl<'m> Tokens<'m> {
    fn next(&mut self) -> Option<Token<'m>> {
        let start = self.0.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = self.0.get(start..)?;
        let (token, length) = match rest.first()? {
            b'<' => {
                let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
                (Token::String(rest.get(1..end)?), end + 1)
            }
            b'[' => (Token::Open, 1),
            b']' => (Token::Close, 1),
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"<[]".contains(byte);
                let end = rest.iter().position(ends).unwrap_or(rest.len()).max(1);
                (Token::Word(rest.get(..end)?), end)
            }
        };
        self.0 = rest.get(length..).unwrap_or_default();
        Some(token)
    }
}

fn digits(string: &[u8]) -> impl Iterator<Item = u32> {
    string.iter().filter_map(|byte| char::from(*byte).to_digit(16))
}

fn code(string: &[u8]) -> Option<u32> {
    let count = digits(string).count();
    (1..=8).contains(&count).then(|| digits(string).fold(0, |code, digit| code << 4 | digit))
}

/// The text of a string of UTF-16, whose last unit is so much higher.
fn text(string: &[u8], beyond: u32) -> String {
    let digits: Vec<u32> = digits(string).take(4 * MAX_UNITS).collect();
    let mut units: Vec<u16> = digits
        .chunks(4)
        .map(|digits| digits.iter().fold(0, |unit, digit| unit << 4 | *digit as u16))
        .collect();
    if let Some(last) = units.last_mut() {
        *last = last.wrapping_add(beyond as u16);
    }
    char::decode_utf16(units).filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::to_unicode;

    #[test]
    fn what_is_in_order_is_read_whatever_else_is_there() {
        let map =
            b"/CMapName currentdict\n3 beginbfchar\n<0003> <>\n<03A3> <062d064E>\n<zz> <0041>\n\
            endbfchar 2 beginbfrange <0010><0012><0041> <20> <21> [<0061> <D83DDE00>] endbfrange";
        let codes = to_unicode(map);
        let said = |code: u32| codes.get(&code).map(String::as_str);
        assert_eq!(said(3), Some(""));
        assert_eq!(said(0x3A3), Some("\u{62D}\u{64E}"));
        assert_eq!((said(0x10), said(0x12)), (Some("A"), Some("C")));
        assert_eq!((said(0x20), said(0x21)), (Some("a"), Some("\u{1F600}")));
        assert_eq!(codes.len(), 7);
        for cut in 0..map.len() {
            to_unicode(&map[..cut]);
        }
    }

    #[test]
    fn a_map_that_says_much_of_little_is_read_in_bounds() {
        let ranges = |range: &str, count| format!("beginbfrange {}", range.repeat(count));
        // Ten thousand times all codes would be 655 million entries.
        let again = to_unicode(ranges("<0000><FFFF><0041>", 10_000).as_bytes());
        assert_eq!(again.len(), 1 << 16);
        let long = ranges(&format!("<0000><FFFF><{}>", "0041".repeat(100_000)), 1);
        assert!(to_unicode(long.as_bytes()).values().all(|text| text.len() <= 256));
        assert_eq!(to_unicode(ranges("<FFFFFFFF><FFFFFFFF><0041>", 1).as_bytes()).len(), 1);
        assert!(to_unicode(ranges("<0005><0001><0041>", 2).as_bytes()).is_empty());
    }
}
