//! Guessing the language of a text from its letters.

use std::sync::LazyLock;

use whatlang::{Detector, Lang, Script};

use super::Language;

/// The letters that a text needs before a guess is worth anything.
const MIN_LETTERS: usize = 60;

/// The letters that a text needs in a script without spaces, where each says more.
const MIN_IDEOGRAPHS: usize = 15;

/// The bytes of a long text that are looked at: a third each from its beginning, middle and end.
const SAMPLE: usize = 4096;

/// The letters from which on a text is looked at in parts, to tell whether it is in one language.
const ENOUGH_FOR_PARTS: usize = 600;

/// How sure the detector must be; between 0 and 1, on its own scale.
const MIN_CONFIDENCE: f64 = 0.5;

/// The languages that are guessed, with their codes: those that polidex stems or that policy texts
/// are often in. Leaving out Latin, Esperanto, Afrikaans and Tagalog is what keeps short texts in
/// English, Dutch and Spanish from being taken for them.
const LANGUAGES: &[(Lang, &str)] = &[
    (Lang::Ara, "ar"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "no"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tha, "th"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Vie, "vi"),
];

/// Languages so close to each other that letters alone do not tell them apart for certain.
const CLOSE: &[&[&str]] = &[
    &["no", "nb", "nn", "da"],
    &["hr", "sr", "bs", "sl"],
    &["cs", "sk"],
    &["id", "ms"],
    &["hi", "ne", "mr"],
    &["bg", "mk", "sr"],
    &["ru", "be", "uk"],
    &["es", "gl", "ast", "an"],
    &["pt", "gl"],
    &["ca", "oc"],
    &["de", "lb", "gsw", "nds"],
    &["nl", "af", "fy"],
    &["he", "yi"],
    &["fa", "ar", "ur", "ps"],
    &["zh", "yue", "wuu"],
];

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _)| *lang).collect()));

/// The language of `text`; [`Language::UNKNOWN`] where it is too short or too mixed to tell.
///
/// ```
/// use polidex::{Language, language::detect};
///
/// let text = "La souveraineté numérique est l'objectif de la stratégie européenne pour les données.";
/// assert_eq!(detect(text), Language::FRENCH);
/// assert_eq!(detect("AI Act"), Language::UNKNOWN);
/// ```
pub fn detect(text: &str) -> Language {
    let sample = sample(text);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let Some((language, alone)) = guess(&sample, MIN_CONFIDENCE) else { return Language::UNKNOWN };
    if letters < if alone { MIN_IDEOGRAPHS } else { MIN_LETTERS } {
        return Language::UNKNOWN;
    }
    if letters >= ENOUGH_FOR_PARTS {
        let part = sample.len() / 3;
        let parts = [0..part, part..2 * part, 2 * part..sample.len()];
        let agree = parts.into_iter().filter(|range| {
            let part = sample.get(boundary(&sample, range.start)..boundary(&sample, range.end));
            part.and_then(|part| guess(part, 0.0)).is_some_and(|(other, _)| other == language)
        });
        if agree.count() < 2 {
            return Language::UNKNOWN;
        }
    }
    language
}

/// Whether a text that was found to be in `detected` cannot be in `declared`: both are languages
/// that are guessed well, and not close to each other.
pub(crate) fn contradicts(detected: Language, declared: Language) -> bool {
    let is_guessed = |language: Language| LANGUAGES.iter().any(|(_, c)| *c == language.code());
    let close = CLOSE
        .iter()
        .any(|group| group.contains(&detected.code()) && group.contains(&declared.code()));
    detected != declared && is_guessed(detected) && is_guessed(declared) && !close
}

/// The likeliest language, and whether its script is one that few letters suffice for.
fn guess(text: &str, confidence: f64) -> Option<(Language, bool)> {
    let info = DETECTOR.detect(text)?;
    let (_, code) = LANGUAGES.iter().find(|(lang, _)| *lang == info.lang())?;
    let alone = matches!(
        info.script(),
        Script::Mandarin | Script::Hiragana | Script::Katakana | Script::Hangul | Script::Thai
    );
    (info.confidence() >= confidence).then(|| Some((code.parse().ok()?, alone))).flatten()
}

fn sample(text: &str) -> String {
    if text.len() <= SAMPLE {
        return text.to_owned();
    }
    let piece = SAMPLE / 3;
    let middle = text.len() / 2;
    let pieces = [0..piece, middle..middle + piece, text.len() - piece..text.len()];
    let mut sample = String::with_capacity(SAMPLE + 8);
    for range in pieces {
        let piece = text.get(boundary(text, range.start)..boundary(text, range.end));
        sample.push_str(piece.unwrap_or_default());
        sample.push('\n');
    }
    sample
}

/// The first boundary of a character at or after this byte.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        detect(text).code().to_owned()
    }

    #[test]
    fn short_sentences_of_policy_are_told_apart() {
        for (expected, text) in [
            (
                "en",
                "The regulation lays down harmonised rules for the placing on the market of AI systems.",
            ),
            (
                "fr",
                "Le règlement établit des règles harmonisées concernant la mise sur le marché des systèmes.",
            ),
            (
                "de",
                "Die Verordnung enthält harmonisierte Vorschriften für das Inverkehrbringen von KI-Systemen.",
            ),
            (
                "es",
                "El Reglamento establece normas armonizadas para la introducción en el mercado de sistemas.",
            ),
            (
                "it",
                "Il regolamento stabilisce regole armonizzate per l'immissione sul mercato dei sistemi di IA.",
            ),
            (
                "nl",
                "De verordening stelt geharmoniseerde regels vast voor het in de handel brengen van systemen.",
            ),
            (
                "pt",
                "O regulamento estabelece regras harmonizadas para a colocação no mercado de sistemas de IA.",
            ),
            (
                "pl",
                "Rozporządzenie ustanawia zharmonizowane przepisy dotyczące wprowadzania do obrotu systemów.",
            ),
            (
                "ca",
                "El Reglament estableix normes harmonitzades per a la introducció al mercat dels sistemes.",
            ),
            ("ja", "この規則は、人工知能システムの市場投入に関する調和された規則を定める。"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_unknown() {
        assert_eq!(code(""), "und");
        assert_eq!(code("Gaia-X"), "und");
        assert_eq!(code("1234 5678 ---- 2024-08-01 ".repeat(50).as_str()), "und");
        let english =
            "The regulation lays down harmonised rules for the market of systems. ".repeat(10);
        let german =
            "Die Verordnung enthält harmonisierte Vorschriften für den Markt und Systeme. "
                .repeat(10);
        let french =
            "Le règlement établit des règles harmonisées concernant le marché des systèmes. "
                .repeat(10);
        assert_eq!(code(&format!("{english}{german}{french}")), "und");
        assert_eq!(code(&format!("{english}{english}{german}")), "en");
    }

    #[test]
    fn close_languages_do_not_contradict_each_other() {
        let language = |code: &str| code.parse::<Language>().unwrap();
        assert!(contradicts(language("en"), language("fr")));
        assert!(!contradicts(language("da"), language("no")));
        assert!(!contradicts(language("es"), language("gl")));
        assert!(!contradicts(language("en"), language("en")));
        assert!(!contradicts(Language::UNKNOWN, language("en")));
    }
}
