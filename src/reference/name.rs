//! Names of authors, parted into family and given names where that can be told.

/// Who wrote an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorName {
    /// A person.
    Person {
        /// The family name, with its particles: `von der Leyen`.
        family: String,
        /// The given names, or their initials.
        given: String,
    },
    /// A body, a desk, or a name of which the parts cannot be told.
    Literal(String),
}

/// Words that a name of a body has and one of a person hardly.
const BODIES: &[&str] = &[
    "agence",
    "agency",
    "association",
    "authority",
    "bank",
    "board",
    "bureau",
    "center",
    "centre",
    "comité",
    "commission",
    "committee",
    "company",
    "council",
    "court",
    "department",
    "desk",
    "editorial",
    "editors",
    "foundation",
    "government",
    "group",
    "institut",
    "institute",
    "ministerium",
    "ministry",
    "network",
    "news",
    "office",
    "parliament",
    "policy",
    "press",
    "redaktion",
    "redazione",
    "redacción",
    "review",
    "rédaction",
    "staff",
    "team",
    "the",
    "union",
    "university",
    "université",
    "universität",
    "of",
    "for",
    "and",
    "und",
    "et",
    "für",
    "pour",
];

/// Particles of family names.
const PARTICLES: &[&str] = &[
    "af", "al", "d", "da", "das", "de", "dei", "del", "della", "den", "der", "di", "do", "dos",
    "du", "el", "la", "le", "ten", "ter", "van", "von", "zu", "zum", "zur", "vom", "bin", "ben",
];

impl AuthorName {
    /// Reads a name as articles write it: `Clara Wendelin`, `Wendelin, Clara`, `Reuters staff`.
    ///
    /// ```
    /// use polidex::AuthorName;
    ///
    /// let name = AuthorName::read("Ursula von der Leyen");
    /// assert_eq!(name.family(), "von der Leyen");
    /// assert_eq!(AuthorName::read("European Commission").given(), None);
    /// ```
    pub fn read(name: &str) -> AuthorName {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let literal = || AuthorName::Literal(name.clone());
        let person = |family: &str, given: &str| AuthorName::Person {
            family: family.to_owned(),
            given: given.to_owned(),
        };
        let is_body = |word: &str| BODIES.contains(&word.to_lowercase().as_str());
        let latin = |c: char| c.is_ascii() || ('\u{C0}'..='\u{24F}').contains(&c) || c == '’';
        if !name.chars().all(latin)
            || name.contains(|c: char| c.is_ascii_digit() || "&@/|".contains(c))
        {
            return literal();
        }
        if let Some((family, given)) = name.split_once(", ") {
            let is_person = !given.contains(',') && !name.split([' ', ',']).any(is_body);
            return if is_person && !given.is_empty() { person(family, given) } else { literal() };
        }
        let words: Vec<&str> = name.split(' ').collect();
        let capital = |word: &&str| word.starts_with(char::is_uppercase);
        let particle = |word: &str| PARTICLES.contains(&word.trim_end_matches(['’', '\'']));
        let known = words.iter().all(|word| capital(word) || particle(word));
        let acronym = |word: &&str| word.len() > 2 && word.chars().all(char::is_uppercase);
        if !(2..=6).contains(&words.len())
            || !known
            || words.iter().any(|word| is_body(word) && !particle(word))
            || words.iter().any(acronym)
        {
            return literal();
        }
        // The family name begins with the first particle, or is the last word.
        let first = words.iter().position(|word| particle(word)).unwrap_or(words.len() - 1);
        match (words.get(..first), words.get(first..)) {
            (Some(given @ [_, ..]), Some(family @ [_, ..])) => {
                person(&family.join(" "), &given.join(" "))
            }
            _ => literal(),
        }
    }

    /// The family name, or the whole of a name that is not parted.
    pub fn family(&self) -> &str {
        match self {
            AuthorName::Person { family, .. } => family,
            AuthorName::Literal(name) => name,
        }
    }

    /// The given names.
    pub fn given(&self) -> Option<&str> {
        match self {
            AuthorName::Person { given, .. } => Some(given),
            AuthorName::Literal(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_parted_and_bodies_are_not() {
        for (name, family, given) in [
            ("Clara Wendelin", "Wendelin", Some("Clara")),
            ("Wendelin, Clara", "Wendelin", Some("Clara")),
            ("Ursula von der Leyen", "von der Leyen", Some("Ursula")),
            ("Jean-Noël  Barrot", "Barrot", Some("Jean-Noël")),
            ("J. R. Smith", "Smith", Some("J. R.")),
            ("Charles de Gaulle", "de Gaulle", Some("Charles")),
            ("European Commission", "European Commission", None),
            ("Ministry of Justice", "Ministry of Justice", None),
            ("Reuters staff", "Reuters staff", None),
            ("Reuters", "Reuters", None),
            ("Agence Fil Bleu", "Agence Fil Bleu", None),
            ("OECD Secretariat", "OECD Secretariat", None),
            ("习近平", "习近平", None),
            ("Smith & Sons", "Smith & Sons", None),
            ("", "", None),
        ] {
            let read = AuthorName::read(name);
            assert_eq!((read.family(), read.given()), (family, given), "{name}");
        }
    }
}
