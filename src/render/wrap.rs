//! Lines of a given width, cut from one stretch of text without changing it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::safe::TermSafe;

/// Cuts `text` into lines of at most `width` columns as [`TermSafe`] shows it; returns the byte
/// range of each line, without the spaces at its end.
///
/// Greedy, one pass. A line is cut at a space, after a dash or hyphen between letters, between wide
/// (East Asian) characters, and, where a single word is wider than the line, between any two
/// grapheme clusters. Only a cluster that alone is wider than `width` makes a line longer than that.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0; // of the line
    let mut end = 0; // of the line's last cluster that is not a space
    let mut columns = 0; // from `start` to here
    let mut cut: Option<Cut> = None; // the last place in the line where it may end
    let mut before = Class::Space;
    for (at, cluster) in clusters(text) {
        let cluster_width = match cluster.as_bytes() {
            [b' '..=b'~'] => 1,
            _ => TermSafe(cluster).width(),
        };
        let class = Class::of(cluster, cluster_width);
        if class == Class::Space {
            if at > start {
                columns += cluster_width;
            } else {
                start = at + cluster.len();
            }
            before = class;
            continue;
        }
        if at > start && before.may_end_line_before(class) {
            cut = Some(Cut { end, next: at, columns });
        }
        if columns + cluster_width > width && at > start {
            let place = cut.take().unwrap_or(Cut { end, next: at, columns });
            lines.push(start..place.end);
            start = place.next;
            columns -= place.columns;
        }
        columns += cluster_width;
        end = at + cluster.len();
        before = class;
    }
    if end > start {
        lines.push(start..end);
    }
    lines
}

/// The grapheme clusters of `text` with their places. Between two characters of ASCII that are no end of a
/// line there is always a boundary (UAX #29, §3.1), which most of most texts is told by.
fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let cluster = match rest.as_bytes() {
            [b' '..=b'~'] | [b' '..=b'~', 0..0x80, ..] => rest.get(..1)?,
            _ => rest.graphemes(true).next()?,
        };
        let start = at;
        at += cluster.len();
        Some((start, cluster))
    })
}

/// A place where a line may be cut.
struct Cut {
    /// Where the line ends.
    end: usize,
    /// Where the next line starts.
    next: usize,
    /// The columns from the start of the line to `next`.
    columns: usize,
}

/// What a grapheme cluster means for cutting lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    /// A dash or hyphen.
    Dash,
    /// A wide character that may stand alone at either end of a line.
    Wide,
    /// A closing mark, which never starts a line.
    Close,
    Letter,
    Other,
}

impl Class {
    fn of(cluster: &str, width: usize) -> Class {
        match cluster.chars().next() {
            Some(' ' | '\t' | '\n' | '\r' | '\u{3000}') => Class::Space,
            Some('-' | '\u{2010}' | '\u{2013}' | '\u{2014}') => Class::Dash,
            Some(
                '、' | '。' | '，' | '．' | '：' | '；' | '？' | '！' | '）' | '」' | '』' | '】'
                | '〉' | '》' | '〕' | '］' | '｝' | 'ー',
            ) => Class::Close,
            Some('（' | '「' | '『' | '【' | '〈' | '《' | '〔' | '［' | '｛') => {
                Class::Other
            }
            Some(_) if width >= 2 => Class::Wide,
            Some(c) if c.is_alphabetic() => Class::Letter,
            _ => Class::Other,
        }
    }

    /// Whether a line may end between a cluster of this class and one of class `next`.
    fn may_end_line_before(self, next: Class) -> bool {
        match (self, next) {
            (Class::Space, _) => true,
            (_, Class::Close) => false,
            (Class::Dash, Class::Letter) => true,
            (Class::Wide, Class::Wide | Class::Letter) => true,
            (Class::Close, Class::Wide | Class::Letter | Class::Other) => true,
            (Class::Letter, Class::Wide) => true,
            (Class::Wide, Class::Other) => false,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<&str> {
        wrap(text, width).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn clusters_are_those_of_the_standard() {
        for text in [
            "",
            "plain, with spaces",
            "a\u{301}b e\u{301}",
            "x\r\ny\r z\n",
            "🇪🇺🇩🇪 a🇫🇷b",
            "👩\u{200d}👩\u{200d}👧 ok",
            "1\u{20e3} #\u{fe0f}\u{20e3}",
            "नमस्ते a",
            "~\u{7f}~",
        ] {
            let standard: Vec<_> = text.grapheme_indices(true).collect();
            assert_eq!(clusters(text).collect::<Vec<_>>(), standard, "{text:?}");
        }
    }

    #[test]
    fn words_fill_lines_and_nothing_is_lost() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("one two three", 13), ["one two three"]);
        assert_eq!(lines("  one   two  ", 3), ["one", "two"]);
        assert_eq!(lines("", 10), [""; 0]);
        assert_eq!(lines("   ", 10), [""; 0]);
    }

    #[test]
    fn width_counts_columns_not_characters() {
        // Six wide characters are twelve columns; a decomposed accent is none.
        assert_eq!(lines("技術主権政策", 8), ["技術主権", "政策"]);
        assert_eq!(lines("技術主。権", 6), ["技術", "主。権"]);
        let accents = "e\u{301}e\u{301}e\u{301} e\u{301}e\u{301}";
        assert_eq!(lines(accents, 6), [accents]);
        assert_eq!(lines(accents, 5), ["e\u{301}e\u{301}e\u{301}", "e\u{301}e\u{301}"]);
        // What is shown as \u{1b} takes six columns.
        assert_eq!(lines("ab \x1b cd", 6), ["ab", "\x1b", "cd"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_and_a_cluster_is_not() {
        assert_eq!(lines("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(lines("👩\u{200d}⚖\u{fe0f}x", 1), ["👩\u{200d}⚖\u{fe0f}", "x"]);
    }

    #[test]
    fn a_line_ends_after_a_hyphen_between_letters_but_not_in_a_date() {
        assert_eq!(lines("well-known", 6), ["well-", "known"]);
        assert_eq!(lines("on 2024-08-01", 11), ["on", "2024-08-01"]);
    }

    #[test]
    fn a_megabyte_is_wrapped_in_one_pass() {
        let text = "a".repeat(1 << 20);
        assert_eq!(wrap(&text, 80).len(), (1usize << 20).div_ceil(80));
    }
}
