//! Sentences: where they start in a text.

/// The bytes at which the sentences of `text` start, the first included; for any text but an empty
/// one the first is 0.
///
/// A sentence ends at `.`, `!`, `?` or `…` (with the quotes and brackets that close behind it)
/// before a space and what may start a sentence: an upper-case letter, a digit, an opening quote or
/// bracket, or a letter of a script without case. A full stop ends none behind a single letter, a
/// known abbreviation or a number that is an ordinal in German (`1. August`).
pub(crate) fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    if !text.is_empty() {
        starts.push(0);
    }
    let mut from = 0;
    let may_end = |byte: &u8| MAY_END[usize::from(*byte)];
    while let Some(found) = text.as_bytes()[from..].iter().position(may_end) {
        let at = from + found;
        let mut chars = text[at..].char_indices().map(|(place, c)| (at + place, c)).peekable();
        let Some((_, c)) = chars.next() else { break };
        from = at + c.len_utf8();
        if matches!(c, '。' | '！' | '？') {
            if from < text.len() {
                starts.push(from);
            }
            continue;
        }
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        while chars.next_if(|(_, c)| is_closing(*c) || matches!(c, '.' | '!' | '?' | '…')).is_some()
        {
        }
        let mut spaces = false;
        while chars.next_if(|(_, c)| c.is_whitespace() || is_closing_after_space(*c)).is_some() {
            spaces = true;
        }
        let Some(&(next, first)) = chars.peek() else { break };
        if spaces && may_start(first) && !(c == '.' && is_abbreviation(&text[..at], first)) {
            starts.push(next);
        }
        from = next;
    }
    starts
}

/// Whether a character that ends sentences starts with a byte of UTF-8; most bytes are passed over.
// … is E2 80 A6, 。 E3 80 82, ！ and ？ EF BC xx.
static MAY_END: [bool; 256] = super::among(b".!?\xE2\xE3\xEF");

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '“' | '»' | '›' | ')' | ']')
}

/// French sets a space before the closing guillemet.
fn is_closing_after_space(c: char) -> bool {
    c == '»'
}

fn may_start(c: char) -> bool {
    c.is_uppercase()
        || c.is_numeric()
        || matches!(
            c,
            '"' | '\''
                | '“'
                | '„'
                | '‘'
                | '«'
                | '»'
                | '‹'
                | '('
                | '['
                | '–'
                | '—'
                | '§'
                | '¿'
                | '¡'
        )
        || (c.is_alphabetic() && !c.is_lowercase())
}

/// Whether the full stop behind `before` belongs to its last word.
fn is_abbreviation(before: &str, next: char) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '«'))
        .next()
        .unwrap_or_default();
    if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
        return true;
    }
    // 28. Oktober, 1. Abschnitt; a year ends a sentence.
    if word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_digit())
        && !word.is_empty()
        && next.is_alphabetic()
    {
        return true;
    }
    // e.g., z.B., U.S.
    if word.contains('.') && word.split('.').all(|part| part.chars().count() <= 2) {
        return true;
    }
    const KNOWN: [&str; 72] = [
        "art", "arts", "no", "nos", "nr", "abs", "al", "vol", "pp", "p", "para", "paras", "sec",
        "cf", "vs", "v", "dr", "prof", "mr", "mrs", "ms", "mme", "mlle", "st", "ste", "sr", "sra",
        "dott", "etc", "bzw", "ca", "vgl", "ff", "usw", "bspw", "ggf", "inkl", "evtl", "sog",
        "insb", "zzgl", "abb", "kap", "ziff", "lit", "rn", "rz", "hrsg", "jan", "feb", "aug",
        "sept", "oct", "nov", "dec", "okt", "dez", "gen", "sen", "rep", "gov", "inc", "ltd",
        "approx", "núm", "nº", "pág", "págs", "cap", "cit", "tít", "apdo",
    ];
    KNOWN.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    fn sentences(text: &str) -> Vec<&str> {
        let starts = super::starts(text);
        let ends = starts.iter().copied().skip(1).chain([text.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| text[start..end].trim_end()).collect()
    }

    #[test]
    fn sentences_end_where_readers_see_an_end() {
        assert_eq!(
            sentences("It ends. It goes on! “Does it?” Yes… No."),
            ["It ends.", "It goes on!", "“Does it?”", "Yes…", "No."]
        );
        assert_eq!(
            sentences("Il dit : « Non. » Puis il part."),
            ["Il dit : « Non. »", "Puis il part."]
        );
        assert_eq!(sentences("これは文です。次の文です。"), ["これは文です。", "次の文です。"]);
    }

    #[test]
    fn abbreviations_ordinals_and_numbers_do_not_end_a_sentence() {
        for text in [
            "See Art. 5 of the Act.",
            "Die Regeln gelten ab dem 1. August 2024.",
            "The U.S. Senate passed v. 2.0 of it.",
            "John F. Kennedy spoke, e.g. Wednesday.",
            "Version 1.5 is out",
        ] {
            assert_eq!(sentences(text).len(), 1, "{text}");
        }
    }
}
