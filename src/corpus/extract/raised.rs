//! Raised numerals, which must not run into the number before them: 10²⁵ is not 1025.

/// What is written between a number and an exponent, or the mark of a note, behind it.
pub(super) const RAISED: char = '^';

/// Whether a raised text would run into the number that `before` ends with.
pub(super) fn runs_into(before: &str, raised: &str) -> bool {
    let numeral = raised.strip_prefix(['-', '−', '–', '+']).unwrap_or(raised);
    before.ends_with(|c: char| c.is_ascii_digit())
        && !numeral.is_empty()
        && numeral.bytes().all(|byte| byte.is_ascii_digit())
}
