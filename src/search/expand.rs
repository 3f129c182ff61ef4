//! Expansion: the words of the index that a wildcard or a fuzzy word stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy::schema::Field;

use super::deadline::Deadline;
use super::options::MAX_EXPANSIONS;
use crate::analysis::stream::{TERM_MARK, parts_of_form_term};
use crate::index::snapshot::Snapshot;
use crate::{Error, Result};

/// The exact form that a term of `field` is of.
pub(crate) fn form<'t>(snapshot: &Snapshot, field: Field, term: &'t str) -> &'t str {
    if field == snapshot.fields.exact { parts_of_form_term(term).0 } else { term }
}

/// How many exact forms these terms of `field` are of.
pub(crate) fn count_forms(snapshot: &Snapshot, field: Field, terms: &BTreeSet<String>) -> usize {
    terms.iter().map(|term| form(snapshot, field, term)).collect::<BTreeSet<_>>().len()
}

/// The terms of `field` that `pattern` (folded, with `*` and `?`) matches; of more than `most` exact forms,
/// some that are of more than `most`.
pub(crate) fn wildcard(
    snapshot: &Snapshot,
    field: Field,
    pattern: &str,
    most: usize,
    deadline: &Deadline,
) -> Result<BTreeSet<String>> {
    let literal = pattern.find(['*', '?']).unwrap_or(pattern.len());
    let wanted: Vec<char> = pattern.chars().collect();
    let is_wanted = |term: &str| matches(&wanted, form(snapshot, field, term));
    terms(snapshot, field, &pattern[..literal], most, is_wanted, deadline)
}

/// The terms of `field` within `distance` edits of `word`, the first letter being right.
pub(crate) fn fuzzy(
    snapshot: &Snapshot,
    field: Field,
    word: &str,
    distance: u8,
    deadline: &Deadline,
) -> Result<BTreeSet<String>> {
    Ok(near(snapshot, field, word, distance, true, deadline)?.into_keys().collect())
}

/// The tables of automata of 0, 1 and 2 edits, each made once: the last takes as long as a search.
static BUILDERS: [LazyLock<LevenshteinAutomatonBuilder>; 3] = [
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(0, true)),
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true)),
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true)),
];

/// The terms of `field` within `distance` edits (at most 2) of `word`, each with its edits; with
/// the first letter right, if that is asked for. An edit is an insertion, a deletion, a
/// substitution or an exchange of neighbours.
///
/// The dictionary is walked with a Levenshtein automaton (Schulz, Mihov: "Fast string correction
/// with Levenshtein automata", IJDAR 5(1), 2002), which leaves out all that cannot come near.
pub(crate) fn near(
    snapshot: &Snapshot,
    field: Field,
    word: &str,
    distance: u8,
    first_letter: bool,
    deadline: &Deadline,
) -> Result<BTreeMap<String, u8>> {
    let dfa = BUILDERS[usize::from(distance.min(2))].build_dfa(word);
    let first = word.chars().next().filter(|_| first_letter).map(String::from).unwrap_or_default();
    let is_near = |state| matches!(dfa.distance(state), Distance::Exact(_));
    let step = |state, byte| match (state, char::from(byte)) {
        (BEHIND, _) => Some(BEHIND),
        (state, TERM_MARK) => is_near(state).then_some(BEHIND),
        (state, _) => Some(dfa.transition(state, byte)).filter(|state| *state != SINK_STATE),
    };
    let start = first.bytes().fold(dfa.initial_state(), |state, byte| dfa.transition(state, byte));
    let mut found = BTreeMap::new();
    for segment in &snapshot.segments {
        // A walk that finds nothing has to end, too.
        let in_time = |state, byte| step(state, byte).filter(|_| !deadline.is_over());
        let visit = |term: &[u8], state| {
            if let Ok(term) = std::str::from_utf8(term)
                && (state == BEHIND || is_near(state))
                && let Distance::Exact(edits) = dfa.eval(form(snapshot, field, term))
            {
                found.entry(term.to_owned()).or_insert(edits);
            }
        };
        let dictionary = snapshot.dictionary(segment, field)?;
        let walked = dictionary.each_along(&first, start, in_time, visit);
        walked.map_err(|error| snapshot.error(error.into()))?;
    }
    Ok(found)
}

/// The state behind the form of a term, which was near.
const BEHIND: u32 = u32::MAX;

/// The terms of `field` that start with `prefix` and fulfil `wanted`; of more than `most` exact forms, some
/// that are of more than `most`.
pub(crate) fn terms(
    snapshot: &Snapshot,
    field: Field,
    prefix: &str,
    most: usize,
    mut wanted: impl FnMut(&str) -> bool,
    deadline: &Deadline,
) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for segment in &snapshot.segments {
        // Terms of one form stand together.
        let (mut forms, mut last) = (0, String::new());
        let visited = snapshot.dictionary(segment, field)?.each_from(prefix, |term| {
            if let Ok(term) = std::str::from_utf8(term)
                && wanted(term)
            {
                let form = form(snapshot, field, term);
                if forms == 0 || form != last {
                    forms += 1;
                    last.clear();
                    last.push_str(form);
                }
                if !found.contains(term) {
                    found.insert(term.to_owned());
                }
            }
            forms <= most && !deadline.is_over()
        });
        visited.map_err(|error| snapshot.error(error.into()))?;
    }
    Ok(found)
}

/// Says that an expansion passed its bound.
pub(crate) fn too_many(written: &str, count: usize, bound: usize) -> Error {
    // No more are counted.
    let count = match count > MAX_EXPANSIONS {
        true => format!("more than {MAX_EXPANSIONS}"),
        false => count.to_string(),
    };
    crate::error::QueryError {
        code: "too_many_expansions",
        message: format!("{written} stands for {count} words of this index, more than {bound}"),
        span: 0..0,
        hint: Some("write more letters, or raise --max-expansions".to_owned()),
    }
    .into()
}

/// Whether a pattern of characters, `*` and `?` matches a whole word.
///
/// Greedy with one point to come back to: after a failure only the last `*` need take more.
pub(crate) fn matches(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut p, mut w) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while w < word.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, w));
                p += 1;
            }
            Some(&c) if c == '?' || c == word[w] => {
                p += 1;
                w += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    p = star + 1;
                    w = from + 1;
                    retry = Some((star, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// The number of edits (insertion, deletion, substitution, exchange of neighbours) between `word`
/// and `term`, if it is at most `bound`: optimal string alignment, computed in a band (Ukkonen,
/// "Algorithms for approximate string matching", Information and Control 64, 1985).
pub(crate) fn within(word: &[char], term: &str, bound: usize) -> Option<usize> {
    let length = term.chars().count();
    if word.len().abs_diff(length) > bound {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    let mut previous = '\0';
    for (row, c) in term.chars().enumerate() {
        let mut current = vec![row + 1; word.len() + 1];
        for column in 1..=word.len() {
            let same = word[column - 1] == c;
            let mut cost = (last[column] + 1)
                .min(current[column - 1] + 1)
                .min(last[column - 1] + usize::from(!same));
            if row > 0 && column > 1 && word[column - 1] == previous && word[column - 2] == c {
                cost = cost.min(before[column - 2] + 1);
            }
            current[column] = cost;
        }
        if current.iter().all(|&cost| cost > bound) {
            return None;
        }
        before = std::mem::replace(&mut last, current);
        previous = c;
    }
    last.last().copied().filter(|&cost| cost <= bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_words() {
        let matches = |pattern: &str, word| matches(&pattern.chars().collect::<Vec<_>>(), word);
        for (pattern, word) in [
            ("sov*", "sovereignty"),
            ("sovereig?ty", "sovereignty"),
            ("*ty", "sovereignty"),
            ("*a*b*", "xxaxxbxx"),
            ("d?", "dé"),
        ] {
            assert!(matches(pattern, word), "{pattern} {word}");
        }
        for (pattern, word) in
            [("sov*", "asov"), ("sovereig?ty", "sovereigty"), ("a*b", "abc"), ("?", "ab")]
        {
            assert!(!matches(pattern, word), "{pattern} {word}");
        }
    }

    #[test]
    fn edits_are_counted_as_typists_make_them() {
        let within = |a: &str, b| within(&a.chars().collect::<Vec<_>>(), b, 2);
        assert_eq!(within("souverainty", "sovereignty"), None);
        assert_eq!(within("soverignty", "sovereignty"), Some(1));
        assert_eq!(within("teh", "the"), Some(1));
        assert_eq!(within("kitten", "sitting"), None);
        assert_eq!(within("models", "model"), Some(1));
        assert_eq!(within("ab", "ab"), Some(0));
    }
}
