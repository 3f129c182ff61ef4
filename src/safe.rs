//! TermSafe: text from articles, file names and queries, shown so that no terminal obeys it.

use std::fmt::{self, Write as _};

/// Text as a terminal may have it: what would steer the terminal, reorder the line or be invisible
/// is shown as `\u{…}`.
///
/// Everything that polidex prints for people and did not write itself goes through this type. Line
/// feeds and tabs are shown as well: where a line ends is for the renderer to say.
///
/// ```
/// use polidex::TermSafe;
///
/// assert_eq!(TermSafe("a\u{1b}[31mb").to_string(), r"a\u{1b}[31mb");
/// assert_eq!(TermSafe("souveraineté 主権").to_string(), "souveraineté 主権");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TermSafe<'a>(pub &'a str);

impl fmt::Display for TermSafe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut plain = 0;
        for (at, c) in self.0.char_indices().filter(|(_, c)| is_unsafe(*c)) {
            f.write_str(&self.0[plain..at])?;
            write!(f, "\\u{{{:x}}}", c as u32)?;
            plain = at + c.len_utf8();
        }
        f.write_str(&self.0[plain..])
    }
}

impl TermSafe<'_> {
    /// How many columns the text takes on a terminal.
    pub(crate) fn width(&self) -> usize {
        if self.0.chars().any(is_unsafe) {
            let mut shown = String::with_capacity(self.0.len() + 8);
            // Writing to a string cannot fail.
            let _ = write!(shown, "{self}");
            unicode_width::UnicodeWidthStr::width(&*shown)
        } else {
            unicode_width::UnicodeWidthStr::width(self.0)
        }
    }
}

/// Whether `c` must not reach a terminal as it is: controls (C0, DEL, C1), bidirectional controls,
/// line and paragraph separators, and characters that nothing is drawn for.
///
/// The zero-width joiner and non-joiner pass, since Persian, Indic scripts and emoji need them; so
/// do variation selectors, and the Arabic and Syriac format characters that have a glyph.
pub(crate) fn is_unsafe(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\0'..='\u{9f}' => true,
        // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels,
        // vowel separator.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' => true,
        // Zero-width space; direction marks.
        '\u{200b}' | '\u{200e}' | '\u{200f}' => true,
        // Line and paragraph separators; embeddings and overrides.
        '\u{2028}'..='\u{202e}' => true,
        // Word joiner, invisible operators, isolates, deprecated format characters.
        '\u{2060}'..='\u{206f}' => true,
        // Hangul fillers, byte order mark, interlinear annotations.
        '\u{3164}' | '\u{ffa0}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' => true,
        // Hieroglyph, shorthand and musical format controls.
        '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true,
        // Tags and the rest of the ignorable plane, but its variation selectors.
        '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strings that steer a terminal, spoof a line or hide in it: from the ECMA-48 control functions
    /// that published advisories used, and from Unicode's own list of invisible characters.
    const PAYLOADS: &[&str] = &[
        "\x1b[31mred",
        "\x1b[2J\x1b[H",
        "\x1b[?1049h",
        "\x1b[6n",
        "\x1b[c",
        "\x1b[>c",
        "\x1b[21t",
        "\x1b[5i",
        "\x1b]0;title\x07",
        "\x1b]2;title\x1b\\",
        "\x1b]8;;http://evil.example\x1b\\text\x1b]8;;\x1b\\",
        "\x1b]52;c;cm0gLXJmIH4=\x07",
        "\x1b]50;#font\x07",
        "\x1b]1337;File=name:AAAA\x07",
        "\x1b]777;notify;a;b\x07",
        "\x1bP$q\"p\x1b\\",
        "\x1b_Gf=100;AAAA\x1b\\",
        "\x1b^private\x1b\\",
        "\x1bXstring\x1b\\",
        "\x1bc",
        "\x1b#8",
        "\x1b(0",
        "\x1b%G",
        "\u{9b}31m",
        "\u{9d}0;title\u{9c}",
        "\u{90}q\u{9c}",
        "\u{85}next line",
        "a\rb",
        "a\nb",
        "a\x08\x08b",
        "a\tb",
        "a\x0bb\x0cc",
        "\x07\x0e\x0f\x05\x7f\0",
        "\u{202e}txt.exe",
        "\u{202a}a\u{202b}b\u{202c}\u{202d}",
        "\u{2066}a\u{2067}b\u{2068}c\u{2069}",
        "\u{200e}\u{200f}\u{61c}",
        "a\u{2028}b\u{2029}c",
        "a\u{200b}b\u{2060}c\u{feff}d\u{ad}e",
        "\u{e0001}\u{e0041}\u{e007f}",
        "\u{fff9}a\u{fffa}b\u{fffb}",
        "\u{3164}\u{115f}\u{1160}\u{ffa0}",
        "\u{206a}\u{206f}\u{180e}",
        "\u{13430}a\u{1bca0}b\u{1d173}",
    ];

    #[test]
    fn no_payload_reaches_the_terminal() {
        for payload in PAYLOADS {
            let shown = TermSafe(payload).to_string();
            // Every payload is ASCII and letters once it is harmless.
            assert!(
                shown.chars().all(|c| c.is_alphanumeric() || (' '..='~').contains(&c)),
                "{shown:?}"
            );
            assert!(shown.contains("\\u{"), "{payload:?}");
        }
        assert_eq!(TermSafe("\u{9b}2J\r\n\u{202e}").to_string(), r"\u{9b}2J\u{d}\u{a}\u{202e}");
    }

    #[test]
    fn the_text_of_people_passes_unchanged() {
        for text in [
            "",
            "l’intelligence artificielle « de confiance »",
            "Straße — 50 % „Souveränität“ …",
            "e\u{301} decomposed",
            "技術主権、デジタル",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "👩\u{200d}⚖\u{fe0f}",
            "العربية",
            "עברית",
            "no\u{a0}break\u{202f}space",
            r"a\u{1b}b",
            "葛\u{e0100}",
            "ᠠ\u{180b}",
        ] {
            assert_eq!(TermSafe(text).to_string(), text);
        }
    }

    #[test]
    fn all_that_unicode_says_to_draw_nothing_for_is_shown_but_joiners_and_variation_selectors() {
        // Default_Ignorable_Code_Point in DerivedCoreProperties.txt of Unicode 17.
        let ignorable = [
            '\u{ad}'..='\u{ad}',
            '\u{34f}'..='\u{34f}',
            '\u{61c}'..='\u{61c}',
            '\u{115f}'..='\u{1160}',
            '\u{17b4}'..='\u{17b5}',
            '\u{180b}'..='\u{180f}',
            '\u{200b}'..='\u{200f}',
            '\u{202a}'..='\u{202e}',
            '\u{2060}'..='\u{206f}',
            '\u{3164}'..='\u{3164}',
            '\u{fe00}'..='\u{fe0f}',
            '\u{feff}'..='\u{feff}',
            '\u{ffa0}'..='\u{ffa0}',
            '\u{fff0}'..='\u{fff8}',
            '\u{1bca0}'..='\u{1bca3}',
            '\u{1d173}'..='\u{1d17a}',
            '\u{e0000}'..='\u{e0fff}',
        ];
        let mut passing = ignorable.into_iter().flatten().filter(|c| !is_unsafe(*c));
        let needed = ['\u{180b}'..='\u{180d}', '\u{180f}'..='\u{180f}', '\u{200c}'..='\u{200d}']
            .into_iter()
            .chain(['\u{fe00}'..='\u{fe0f}', '\u{e0100}'..='\u{e01ef}']);
        assert!(passing.by_ref().eq(needed.flatten()), "{:x?}", passing.next());
    }

    #[test]
    fn width_is_of_what_is_shown() {
        assert_eq!(TermSafe("a\x1bb").width(), 8);
        assert_eq!(TermSafe("e\u{301}").width(), 1);
        assert_eq!(TermSafe("主権").width(), 4);
    }
}
