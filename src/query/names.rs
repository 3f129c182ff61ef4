//! The names that a query knows: fields with their other names, and languages.

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
}

/// Other names of fields.
const ALIASES: [(&str, Name); 7] = [
    ("language", Name::Field(Field::Language)),
    ("section", Name::Field(Field::Heading)),
    ("authors", Name::Field(Field::Author)),
    ("tags", Name::Field(Field::Tag)),
    ("date", Name::Date),
    ("since", Name::Since),
    ("until", Name::Until),
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
                let allowed = if known.len() < 5 { 1 } else { 2 };
                let distance = edits(&letters, &known.chars().collect::<Vec<_>>());
                (distance <= allowed).then_some((distance, it))
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, it)| it)
    }
}

/// Edits from `a` to `b`: insertions, deletions, substitutions and swaps of neighbours (optimal
/// string alignment distance).
fn edits(a: &[char], b: &[char]) -> usize {
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

/// The code of a language by its name in English or in itself.
pub(super) fn language_code(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    LANGUAGES.iter().find(|(_, names)| names.contains(&&*name)).map(|(code, _)| *code)
}

/// Whether `code` can be the code of a language: one of the two-letter codes of ISO 639-1, or any
/// three letters (ISO 639-3 has thousands).
pub(super) fn is_language_code(code: &str) -> bool {
    code.len() == 3 || (code.len() == 2 && ISO_639_1.split_ascii_whitespace().any(|it| it == code))
}

/// Languages by their names, for hints.
const LANGUAGES: [(&str, &[&str]); 16] = [
    ("en", &["english", "anglais", "englisch", "us", "gb"]),
    ("fr", &["french", "français", "francais", "französisch"]),
    ("de", &["german", "deutsch", "allemand"]),
    ("es", &["spanish", "español", "espanol", "espagnol", "spanisch", "castellano"]),
    ("it", &["italian", "italiano", "italien", "italienisch"]),
    ("pt", &["portuguese", "português", "portugues", "portugais"]),
    ("nl", &["dutch", "nederlands", "néerlandais"]),
    ("pl", &["polish", "polski", "polonais", "polnisch"]),
    ("sv", &["swedish", "svenska"]),
    ("da", &["danish", "dansk", "dk"]),
    ("fi", &["finnish", "suomi"]),
    ("cs", &["czech", "čeština", "cz"]),
    ("ru", &["russian", "русский", "russe"]),
    ("ja", &["japanese", "jp"]),
    ("zh", &["chinese", "cn", "chinois"]),
    ("el", &["greek", "gr", "ελληνικά"]),
];

/// The two-letter codes of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce \
    ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv \
    ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
    ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn \
    so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo \
    xh yi yo za zh zu";
