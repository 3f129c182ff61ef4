//! Folding: one written form for all that a reader takes for the same letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends to `out` the folded form of `word`: NFKC, lower case, without accents and invisible
/// characters, `ß` as `ss`, ligatures spelt out.
///
/// Marks are dropped from Latin, Greek, Hebrew and Arabic letters, where readers leave them out at
/// will; in other scripts they tell letters apart (Cyrillic й, kana, Indic vowels) and stay.
pub(crate) fn fold(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|b| b.to_ascii_lowercase() as char));
        return;
    }
    if word.chars().all(|c| !needs_normalising(c)) {
        word.chars().for_each(|c| push_lower(c, out));
        return;
    }
    let mut base = ' ';
    let kept: String = word
        .nfkd()
        .filter(|&c| {
            if !is_combining_mark(c) {
                base = c;
                return !is_invisible(c);
            }
            !is_optional_mark(c) || is_cyrillic_short_i(base, c)
        })
        .collect();
    kept.nfc().for_each(|c| push_lower(c, out));
}

/// Appends to `out` the lower-case NFC form of `word`, accents kept: what a stemmer expects.
pub(crate) fn lower(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.bytes().map(|b| b.to_ascii_lowercase() as char));
    } else {
        let lower: String =
            word.chars().filter(|&c| !is_invisible(c)).flat_map(char::to_lowercase).collect();
        out.extend(lower.nfc());
    }
}

fn push_lower(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ħ' => out.push('h'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            'آ' | 'أ' | 'إ' | 'ٱ' => out.push('ا'),
            'ى' => out.push('ي'),
            'ة' => out.push('ه'),
            '\u{0640}' | '\u{0307}' => {}
            c => out.push(c),
        }
    }
}

fn needs_normalising(c: char) -> bool {
    !c.is_ascii()
        && !matches!(c, 'ß' | 'æ' | 'œ' | 'ø' | '\u{0430}'..='\u{0438}' | '\u{043A}'..='\u{044F}' | '\u{4E00}'..='\u{9FFF}')
}

fn is_optional_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}')
}

fn is_cyrillic_short_i(base: char, mark: char) -> bool {
    mark == '\u{0306}' && matches!(base, 'и' | 'И')
}

/// Format characters that change nothing that a reader sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    fn fold(word: &str) -> String {
        let mut out = String::new();
        super::fold(word, &mut out);
        out
    }

    #[test]
    fn spellings_of_one_word_fold_to_one_form() {
        for (a, b) in [
            ("Souveraineté", "SOUVERAINETE"),
            ("souverainete\u{301}", "souveraineté"),
            ("Straße", "STRASSE"),
            ("œuvre", "Oeuvre"),
            ("ﬁnance", "finance"),
            ("Ａ１", "a1"),
            ("sover\u{AD}eignty", "sovereignty"),
            ("Ψηφιακής", "ΨΗΦΙΑΚΗΣ"),
            ("İstanbul", "istanbul"),
            ("مُحَمَّد", "محمد"),
            ("Łódź", "lodz"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn different_letters_stay_different() {
        for (a, b) in [("мой", "мои"), ("が", "か"), ("कि", "क"), ("ss", "s")] {
            assert_ne!(fold(a), fold(b), "{a} and {b}");
        }
    }
}
