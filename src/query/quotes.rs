//! Quotation marks: which ones open a phrase, and which ones close it.

/// A mark that opens a phrase.
pub(super) struct Opener {
    mark: char,
    /// The marks that close it.
    pub(super) closers: &'static [char],
    /// The marks that close it where the text has no closer: people and editors mix them.
    pub(super) substitutes: &'static [char],
}

/// Every opener. The single curly marks ‘ and ’ are apostrophes, never quotation marks.
const OPENERS: [Opener; 18] = [
    Opener { mark: '"', closers: &['"', '＂'], substitutes: &['”', '“', '‟'] },
    Opener { mark: '＂', closers: &['＂', '"'], substitutes: &['”', '“'] },
    Opener { mark: '“', closers: &['”'], substitutes: &['"', '“', '‟', '＂'] },
    Opener { mark: '‟', closers: &['”'], substitutes: &['"', '“', '‟'] },
    Opener { mark: '”', closers: &['”'], substitutes: &['"', '“', '＂'] },
    Opener { mark: '„', closers: &['“', '”'], substitutes: &['"', '‟', '＂'] },
    Opener { mark: '«', closers: &['»'], substitutes: &[] },
    Opener { mark: '»', closers: &['«', '»'], substitutes: &[] },
    Opener { mark: '‹', closers: &['›'], substitutes: &[] },
    Opener { mark: '›', closers: &['‹', '›'], substitutes: &[] },
    Opener { mark: '「', closers: &['」'], substitutes: &[] },
    Opener { mark: '『', closers: &['』'], substitutes: &[] },
    Opener { mark: '｢', closers: &['｣'], substitutes: &[] },
    Opener { mark: '《', closers: &['》'], substitutes: &[] },
    Opener { mark: '〈', closers: &['〉'], substitutes: &[] },
    Opener { mark: '〝', closers: &['〞', '〟'], substitutes: &[] },
    Opener { mark: '❝', closers: &['❞'], substitutes: &[] },
    Opener { mark: LOW_SINGLE, closers: &['‘'], substitutes: &[] },
];

/// ‚ opens a phrase only where ‘ follows: alone it is more likely a comma.
pub(super) const LOW_SINGLE: char = '‚';

/// The opener that `c` is.
pub(super) fn opener(c: char) -> Option<&'static Opener> {
    OPENERS.iter().find(|opener| opener.mark == c)
}

/// Whether `c` is a double, angle or corner quotation mark.
pub(super) fn is_mark(c: char) -> bool {
    // Nearly all characters are letters of ASCII, and this is asked of each many times.
    c == '"'
        || !c.is_ascii()
            && OPENERS
                .iter()
                .any(|it| it.mark != LOW_SINGLE && (it.mark == c || it.closers.contains(&c)))
}

/// Whether `c` closes phrases and opens none.
pub(super) fn only_closes(c: char) -> bool {
    is_mark(c) && opener(c).is_none()
}

/// Whether `"` between these characters is the gershayim of a Hebrew acronym.
pub(super) fn is_gershayim(before: char, after: char) -> bool {
    let is_hebrew = |c| ('\u{05d0}'..='\u{05ea}').contains(&c);
    is_hebrew(before) && is_hebrew(after)
}
