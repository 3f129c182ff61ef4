//! Raised texts, which must not run into what stands before them: 10²⁵ is not 1025.

/// What is written between a number and a numeral raised behind it, be it an exponent or the mark of
/// a note.
const RAISED: &str = "^";

/// Short words that a raised numeral is an exponent of: units, and what is often written like one.
const WITH_EXPONENTS: &[&str] = &[
    "km", "hm", "dm", "cm", "mm", "µm", "μm", "nm", "ft", "yd", "mi", "in", "mc", "CO", "sin",
    "cos", "tan", "log",
];

/// What keeps a raised text off the text before it: a space the mark of a note, a sign a numeral
/// behind a number, and nothing any other text, such as an exponent or an ordinal (`km²`, `1er`).
pub(super) fn separator(before: &str, raised: &str) -> &'static str {
    if is_note_mark(before, raised) {
        " "
    } else if runs_into(before, raised) {
        RAISED
    } else {
        ""
    }
}

/// Whether a raised text would run into the number that `before` ends with.
fn runs_into(before: &str, raised: &str) -> bool {
    let raised = raised.trim_end();
    let numeral = raised.strip_prefix(['-', '−', '–', '+']).unwrap_or(raised);
    before.ends_with(|c: char| c.is_ascii_digit())
        && !numeral.is_empty()
        && numeral.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a raised text is the mark of a note on the word, or the end of a sentence, before it.
pub(super) fn is_note_mark(before: &str, mark: &str) -> bool {
    const STOPS: &[char] = &['.', ',', ';', ':', '”', '"', '»', '“', ')', '’', '?', '!', '%'];
    let rest = before.trim_end_matches(char::is_alphabetic);
    let word = before.get(rest.len()..).unwrap_or_default();
    looks_like_note_mark(mark)
        && match word.chars().count() {
            0 => before.ends_with(STOPS),
            1 => false,
            _ => !WITH_EXPONENTS.contains(&word),
        }
}

/// Whether a text could be the mark of a note by itself.
pub(super) fn looks_like_note_mark(mark: &str) -> bool {
    mark.starts_with('[')
        || (!mark.is_empty()
            && mark.chars().all(|c| c.is_ascii_digit() || "[](),;*–- †‡".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::separator;

    #[test]
    fn raised_texts_are_told_by_what_they_stand_behind() {
        for (before, raised, expected) in [
            ("10", "25", "^"),
            ("10", "25 ", "^"),
            ("10", "−6", "^"),
            ("Article 5", "3", "^"),
            ("sovereignty", "3", " "),
            ("l’IA", "12", " "),
            ("the Act.", "3, 4", " "),
            ("the Act", "[3]", " "),
            ("5 km", "2", ""),
            ("5 m", "3", ""),
            ("CO", "2", ""),
            ("the 21", "st", ""),
            ("1", "er", ""),
            ("the ", "3", ""),
            ("", "3", ""),
        ] {
            assert_eq!(separator(before, raised), expected, "{before}^{raised}");
        }
    }
}
