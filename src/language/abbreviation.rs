//! Abbreviations of single letters, which are written with spaces and without: `z. B.` is `z.B.`.

/// Those known, in lower case and as they are written without spaces.
const KNOWN: &[&str] = &[
    // English, and the instruments and places that it names.
    "e.g.", "i.e.", "n.b.", "a.m.", "p.m.", "a.k.a.", "u.s.", "u.s.a.", "u.s.c.", "u.k.", "u.n.",
    "e.u.", "d.c.", "c.f.r.", "h.r.", "q.e.d.", // German.
    "z.b.", "d.h.", "u.a.", "u.u.", "u.ä.", "o.ä.", "u.a.m.", "u.v.a.", "u.v.m.", "i.d.r.",
    "i.d.f.", "i.d.s.", "i.s.d.", "i.s.v.", "i.v.m.", "i.h.v.", "i.r.d.", "i.r.v.", "i.e.s.",
    "i.w.s.", "i.ü.", "z.t.", "z.z.", "s.o.", "s.u.", "v.a.", "a.a.o.", "a.f.", "n.f.", "o.g.",
    "u.g.", "m.e.", "m.a.w.", "m.w.n.", "e.v.", "d.i.", "p.a.",
    // French, Spanish, Italian, Dutch.
    "c.à.d.", "j.o.", "s.a.", "s.l.", "s.p.a.", "d.w.z.", "o.a.", "b.v.", "i.p.v.", "t.o.v.",
    "m.b.t.", "t.a.v.", "d.m.v.", "o.b.v.",
];

/// The letters of the longest.
const MAX_LETTERS: usize = 3;

/// The bytes of the abbreviation that `text` begins with, up to its last dot, if there is a space
/// in it.
///
/// Any letters would be too much: `J. D. Vance` is looked for as `D. Vance`, too.
pub(crate) fn spaced_abbreviation(text: &str) -> Option<usize> {
    let (mut compact, mut spaced, mut found) = (String::new(), false, None);
    let mut rest = text;
    for _ in 0..MAX_LETTERS {
        let mut chars = rest.chars();
        let Some(letter) = chars.next().filter(|c| c.is_alphabetic()) else { break };
        let Some(after) = chars.as_str().strip_prefix('.') else { break };
        compact.extend(letter.to_lowercase());
        compact.push('.');
        if spaced && KNOWN.contains(&&*compact) && !after.starts_with(char::is_alphanumeric) {
            found = Some(text.len() - after.len());
        }
        rest = after.trim_start();
        spaced |= rest.len() < after.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_abbreviations_may_have_spaces() {
        let longest = KNOWN.iter().map(|known| known.matches('.').count()).max();
        assert_eq!(longest, Some(MAX_LETTERS));
        for (text, expected) in [
            ("z. B. in Berlin", Some("z. B.")),
            ("Z.\u{A0}B.", Some("Z.\u{A0}B.")),
            ("i.d. R.", Some("i.d. R.")),
            ("o. ä.,", Some("o. ä.")),
            ("U. S. Senate", Some("U. S.")),
            ("U. S. C. 5", Some("U. S. C.")),
            ("z.B. in", None),
            ("J. D. Vance", None),
            ("z. Beispiel", None),
            ("z B.", None),
            ("e. g.x", None),
            ("é. g.", None),
            ("", None),
        ] {
            let found = spaced_abbreviation(text).map(|length| &text[..length]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
