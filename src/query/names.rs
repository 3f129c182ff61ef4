//! The names that a query knows: fields with their other names.

use super::Field;

/// What a name before a colon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A field.
    Field(Field),
    /// `date:`
    Date,
    /// `since:`
    Since,
    /// `until:`
    Until,
    /// `concept:`
    Concept,
}

/// Other names of fields.
const ALIASES: [(&str, Name); 8] = [
    ("language", Name::Field(Field::Language)),
    ("section", Name::Field(Field::Heading)),
    ("authors", Name::Field(Field::Author)),
    ("tags", Name::Field(Field::Tag)),
    ("date", Name::Date),
    ("since", Name::Since),
    ("until", Name::Until),
    ("concept", Name::Concept),
];

fn all() -> impl Iterator<Item = (&'static str, Name)> {
    Field::ALL.into_iter().map(|(field, name)| (name, Name::Field(field))).chain(ALIASES)
}

impl Name {
    /// The name as a query writes it.
    pub(super) fn written(self) -> &'static str {
        match self {
            Name::Field(field) => field.name(),
            Name::Date => "date",
            Name::Since => "since",
            Name::Until => "until",
            Name::Concept => "concept",
        }
    }

    /// What `name`, in any case, stands for.
    pub(super) fn find(name: &str) -> Option<Name> {
        all().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, it)| it)
    }

    /// The name that was probably meant by an unknown one: at most two edits away, or one where
    /// the name has fewer than five letters (`AI:` is no `tag:`).
    pub(super) fn near(name: &str) -> Option<Name> {
        let letters: Vec<char> = name.chars().take(16).flat_map(char::to_lowercase).collect();
        all()
            .filter_map(|(known, it)| {
                // `content:` and `context:` are two edits from `concept:`, and words.
                let allowed = if known.len() < 5 || it == Name::Concept { 1 } else { 2 };
                let distance = edits(&letters, &known.chars().collect::<Vec<_>>());
                (distance <= allowed).then_some((distance, it))
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, it)| it)
    }
}

/// Edits from `a` to `b`: insertions, deletions, substitutions and swaps of neighbours (optimal
/// string alignment distance).
pub(super) fn edits(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut best = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}
