//! Acts of the European Union by the names of their types, in the languages of the Union.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// The letter of a type of act in a CELEX number: `R` regulation, `L` directive, `D` decision, `F`
/// framework decision, `H` recommendation.
pub(super) type Letter = char;

/// The type of act that a word names: its whole name, or, in languages with compounds, its end.
pub(super) fn named(word: &str) -> Option<Letter> {
    const NAMES: &[(Letter, &[&str])] = &[
        (
            'R',
            &[
                "regulation",
                "regulations",
                "reglement",
                "reglements",
                "reglamento",
                "reglamentos",
                "regolamento",
                "regolamenti",
                "regulamento",
                "regulamentos",
                "rozporzadzenie",
                "rozporzadzenia",
                "rozporzadzeniu",
                "rozporzadzeniem",
                "rozporzadzen",
                "asetus",
                "asetuksen",
                "asetuksessa",
                "narizeni",
                "nariadenie",
                "nariadenia",
                "rendelet",
                "regulamentul",
                "regulamentului",
                "uredba",
                "uredbe",
                "uredbi",
                "uredbom",
                "maarus",
                "maaruse",
                "regula",
                "regulas",
                "reglamentas",
                "reglamento",
                "κανονισμος",
                "κανονισμου",
                "регламент",
                "reglament",
            ],
        ),
        (
            'L',
            &[
                "directive",
                "directives",
                "directiva",
                "directivas",
                "direttiva",
                "direttive",
                "diretiva",
                "diretivas",
                "dyrektywa",
                "dyrektywy",
                "dyrektywe",
                "dyrektywie",
                "direktiv",
                "direktivet",
                "direktiivi",
                "direktiivin",
                "smernice",
                "smernica",
                "iranyelv",
                "directivei",
                "direktiva",
                "direktive",
                "direktyva",
                "direktyvos",
                "direktivas",
                "οδηγια",
                "οδηγιας",
                "директива",
            ],
        ),
        (
            'D',
            &[
                "decision",
                "decisions",
                "beschluss",
                "beschluß",
                "beschlusses",
                "entscheidung",
                "decisione",
                "decisioni",
                "decisao",
                "decisiones",
                "besluit",
                "beschikking",
                "decyzja",
                "decyzji",
                "decyzje",
                "beslut",
                "afgorelse",
                "paatos",
                "rozhodnuti",
                "rozhodnutie",
                "decizia",
                "odluka",
                "sklep",
                "αποφαση",
            ],
        ),
        (
            'H',
            &[
                "recommendation",
                "recommandation",
                "empfehlung",
                "recomendacion",
                "raccomandazione",
                "aanbeveling",
                "recomendacao",
                "zalecenie",
                "zalecenia",
            ],
        ),
    ];
    const ENDS: &[(Letter, &[&str])] = &[
        (
            'R',
            &[
                "verordnung",
                "verordnungen",
                "verordening",
                "verordeningen",
                "forordning",
                "forordningen",
                "forordningar",
            ],
        ),
        ('L', &["richtlinie", "richtlinien", "richtlijn", "richtlijnen"]),
        ('F', &["rahmenbeschluss", "rahmenbeschluß", "kaderbesluit", "rambeslut"]),
        ('D', &["beschluss", "besluit"]),
    ];
    const SHORTEST_END: usize = "besluit".len();
    // Every word of every text is looked up.
    static WHOLE: LazyLock<FxHashMap<&str, Letter>> = LazyLock::new(|| {
        let each =
            NAMES.iter().flat_map(|(letter, names)| names.iter().map(|name| (*name, *letter)));
        each.collect()
    });
    if let Some(letter) = WHOLE.get(word) {
        return Some(*letter);
    }
    if word.len() < SHORTEST_END {
        return None;
    }
    let ended = ENDS.iter().find(|(_, ends)| ends.iter().any(|end| word.ends_with(end)));
    ended.map(|(letter, _)| *letter)
}
