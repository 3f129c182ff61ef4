//! Text strings of a PDF: UTF-16, UTF-8 or PDFDocEncoding (ISO 32000-2, 7.9.2.2 and annex D).

use encoding_rs::{UTF_16BE, UTF_16LE};

/// The text of a string, without control characters and language marks.
pub(super) fn text(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // Not by the standard, but written all the same.
        _ if !bytes.is_ascii() => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&byte| doc_encoding(byte)).collect(),
        },
        _ => bytes.iter().map(|&byte| doc_encoding(byte)).collect(),
    };
    // Escape sequences name the language of what follows.
    let mut kept = String::with_capacity(text.len());
    for (i, part) in text.split('\u{1B}').enumerate() {
        if i % 2 == 0 {
            kept.extend(part.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        }
    }
    kept.retain(|c| !c.is_control() && c != '\u{FFFD}');
    kept
}

fn doc_encoding(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    match byte {
        0x18..=0x1F => LOW[usize::from(byte - 0x18)],
        0x80..=0xA0 => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn strings_are_read_in_each_of_their_encodings() {
        assert_eq!(text(b"\xFE\xFF\x00K\x00I\x20\x14\x00d"), "KI—d");
        assert_eq!(text(b"\xFF\xFEK\x00I\x00"), "KI");
        assert_eq!(text(b"\xEF\xBB\xBFsouverainet\xC3\xA9"), "souveraineté");
        assert_eq!(text(b"Souver\xE4nit\xE4t \x80 \x8Dtop\x8E"), "Souveränität • “top”");
        assert_eq!(text(b"\xFE\xFF\x00\x1B\x00e\x00n\x00\x1B\x00A\x00I"), "AI");
    }
}
