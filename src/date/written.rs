//! Dates as people write them in running text.

use super::Date;

/// The first date written in `text`.
pub(super) fn find(text: &str) -> Option<Date> {
    text.split_whitespace().find_map(|word| word.parse().ok())
}
