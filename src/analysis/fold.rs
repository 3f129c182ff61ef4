//! Folding: one written form for all that a reader takes for the same letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends to `out` the folded form of `word`: NFKC, lower case, without accents and invisible
/// characters, `ß` as `ss`, ligatures spelt out.
///
/// Marks are dropped from Latin, Greek, Hebrew and Arabic letters, where readers leave them out at
/// will; in other scripts they tell letters apart (Cyrillic й and ї, kana, Indic vowels) and stay.
/// Letters that keyboards of one script write in several ways are one: Arabic alef with and without
/// hamza, ya and its undotted form, ta marbuta and ha, the Persian kaf and ya; so are the digits of
/// all scripts.
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
                // Some signs are taken apart into a space and more, and a space ends a term.
                return !is_invisible(c) && !c.is_whitespace();
            }
            !is_optional_mark(c) || is_of_letter(base, c)
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
            'ى' | 'ی' => out.push('ي'),
            'ة' | 'ە' | 'ہ' | 'ھ' => out.push('ه'),
            'ک' => out.push('ك'),
            // Tatweel, the dot of İ in small letters, and the sign of a Hebrew abbreviation.
            '\u{0640}' | '\u{0307}' | '״' | '׳' | '"' => {}
            c => out.push(digit(c).unwrap_or(c)),
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

/// Whether a mark that is mostly left out makes another letter of this one: Cyrillic й, ў, ї, ѓ, ќ,
/// unlike ё, which is mostly written е, and the stress over a vowel.
fn is_of_letter(base: char, mark: char) -> bool {
    matches!(
        (base, mark),
        ('и' | 'И' | 'у' | 'У', '\u{0306}')
            | ('і' | 'І', '\u{0308}')
            | ('г' | 'Г' | 'к' | 'К', '\u{0301}')
    )
}

/// The value of a decimal digit of any of the scripts that readers write numbers in.
fn digit(c: char) -> Option<char> {
    /// The zeros of Arabic, Persian, and the scripts of South and South-East Asia.
    const ZEROS: [u32; 18] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
        0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810,
    ];
    let c = u32::from(c);
    if c < ZEROS[0] {
        return None;
    }
    let value = ZEROS.iter().find_map(|zero| c.checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
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
            // Greek: tonos and dialytika, the final sigma.
            ("Ευρωπαϊκός", "ΕΥΡΩΠΑΙΚΟΣ"),
            ("νόμος", "νομοσ"),
            // Russian: ё is written е, stress marks are for learners.
            ("учёный", "ученый"),
            ("замо\u{301}к", "замок"),
            // Arabic: hamza on alef, alef maqsura, ta marbuta, tatweel, harakat, lam-alef ligature.
            ("أحمد", "احمد"),
            ("إلى", "الي"),
            ("مدرسة", "مدرسه"),
            ("حكـــومة", "حكومة"),
            ("ﻻ", "لا"),
            // Persian kaf and ya, and the joiner between stem and ending.
            ("کتاب", "كتاب"),
            ("فارسی", "فارسي"),
            ("می\u{200C}شود", "میشود"),
            // Hebrew points, and the abbreviation of the army typed with either sign.
            ("שָׁלוֹם", "שלום"),
            ("צה״ל", "צה\"ל"),
            ("٢٠٢٤", "2024"),
            ("۲۰۲۴", "2024"),
            ("२०२४", "2024"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
    }

    #[test]
    fn no_character_makes_a_form_fall_apart() {
        for c in char::MIN..=char::MAX {
            let apart = |c: char| c.is_whitespace() || ('\u{1}'..='\u{1F}').contains(&c);
            let form = fold(&format!("a{c}b"));
            assert!(apart(c) || !form.contains(apart), "{c:?} {form:?}");
        }
        assert_eq!(fold("fran\u{B8}caise"), "francaise");
    }

    #[test]
    fn different_letters_stay_different() {
        for (a, b) in [
            ("мой", "мои"),
            ("їжак", "іжак"),
            ("ўсё", "усё"),
            ("ќе", "ке"),
            ("が", "か"),
            ("कि", "क"),
            ("ss", "s"),
            ("الى", "على"),
            ("٢", "٣"),
        ] {
            assert_ne!(fold(a), fold(b), "{a} and {b}");
        }
    }
}
