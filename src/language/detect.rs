//! Guessing the language of a text from its letters.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Language, TWO_AND_THREE};

/// Texts with fewer letters than this are too short to tell.
const MIN_LETTERS: usize = 60;

/// How much of a text is looked at, in bytes: three parts of it.
const SAMPLE: usize = 6 << 10;

/// Fewer function words than this tell no language.
const MIN_FUNCTION_WORDS: usize = 3;

/// So many function words of one language, and next to none of another, tell it by themselves.
const MANY_FUNCTION_WORDS: usize = 12;

/// whatlang, kept to the languages that polidex names.
static DETECTOR: LazyLock<whatlang::Detector> = LazyLock::new(|| {
    let named = whatlang::Lang::all().iter().copied().filter(|lang| named(*lang).is_some());
    whatlang::Detector::with_allowlist(named.collect())
});

/// Common words of the languages whose texts are most like each other's; of each only words that are
/// rare in the others, so that the shares tell them apart.
const FUNCTION_WORDS: &[(&str, &[&str])] = &[
    (
        "ca",
        &["les", "per", "els", "amb", "dels", "aquest", "aquesta", "són", "més", "també", "seva"],
    ),
    (
        "de",
        &["der", "und", "ist", "den", "mit", "für", "auf", "nicht", "dem", "eine", "wird", "zu"],
    ),
    ("en", &["the", "and", "of", "to", "that", "with", "this", "are", "by", "from", "which", "be"]),
    ("es", &["y", "los", "las", "su", "sus", "más", "pero", "sin", "también", "una", "lo", "este"]),
    (
        "fr",
        &["une", "dans", "pour", "sur", "qui", "aux", "cette", "sont", "avec", "du", "et", "par"],
    ),
    ("it", &["il", "che", "di", "della", "è", "gli", "nel", "sono", "dei", "delle", "alla", "non"]),
    (
        "nl",
        &["het", "van", "een", "zijn", "niet", "voor", "met", "dat", "aan", "ook", "wordt", "bij"],
    ),
    ("pl", &["w", "z", "na", "się", "nie", "jest", "że", "oraz", "dla", "przez", "są", "od"]),
    ("pt", &["não", "uma", "em", "os", "do", "ao", "são", "pelo", "pela", "seu", "sua", "mais"]),
];

/// Common words of languages that whatlang has no profile of and takes for others, in the same way.
const WITHOUT_PROFILE: &[(&str, &[&str])] = &[
    (
        "cy",
        &[
            "yn", "mae", "neu", "hawl", "wedi", "yr", "hyn", "bod", "oes", "pob", "rhag", "unrhyw",
            "gyda",
        ],
    ),
    ("eu", &["eta", "ez", "dira", "bere", "edo", "duen", "izan", "dute", "behar", "egin", "beste"]),
    (
        "ga",
        &[
            "agus", "chun", "gach", "leis", "maidir", "bhfuil", "faoi", "nó", "ina", "trína",
            "aige", "acu", "duine",
        ],
    ),
    (
        "gl",
        &[
            "unha", "súa", "máis", "polo", "pola", "nin", "así", "calquera", "ten", "seus",
            "dereito", "dunha",
        ],
    ),
    (
        "is",
        &[
            "að", "ekki", "með", "við", "eða", "þess", "því", "hver", "hvers", "allir", "þeirra",
            "vera", "hans", "sínum",
        ],
    ),
    (
        "mt",
        &[
            "għal", "tal", "huwa", "hija", "jew", "minn", "biex", "bħala", "għandu", "dawn",
            "kull", "tagħhom",
        ],
    ),
];

/// Which of the languages with function words have each of them, by their numbers.
static WORDS: LazyLock<FxHashMap<&[u8], Vec<usize>>> = LazyLock::new(|| {
    let mut languages: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
    for (at, (_, words)) in with_words().enumerate() {
        words.iter().for_each(|word| languages.entry(word.as_bytes()).or_default().push(at));
    }
    languages
});

/// The length of the longest of them, in bytes.
static LONGEST: LazyLock<usize> =
    LazyLock::new(|| WORDS.keys().map(|word| word.len()).max().unwrap_or_default());

fn with_words() -> impl Iterator<Item = &'static (&'static str, &'static [&'static str])> {
    FUNCTION_WORDS.iter().chain(WITHOUT_PROFILE)
}

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

/// The language of `text`; [`Language::UNKNOWN`] where it is too short or too mixed to tell.
///
/// A sample of the beginning, the middle and the end is judged by its scripts, by trigram and
/// alphabet profiles ([whatlang](https://docs.rs/whatlang)), and where these leave a doubt by its
/// function words. The time does not grow with the text.
pub fn detect(text: &str) -> Language {
    let sample = sample(text);
    if letters(&sample) < MIN_LETTERS {
        return Language::UNKNOWN;
    }
    if let Some(language) = by_script(&sample) {
        return language;
    }
    let [(first, most), (second, _)] = function_words(&sample);
    if WITHOUT_PROFILE.iter().any(|(code, _)| *code == most)
        && first > MIN_FUNCTION_WORDS
        && first >= second * 2
    {
        return most.parse().unwrap_or(Language::UNKNOWN);
    }
    // Profiles cost ten times as much, and add nothing where function words leave no doubt. Dutch
    // ones are those of Afrikaans, too.
    if first >= MANY_FUNCTION_WORDS && first >= second * 8 && most != "nl" {
        return most.parse().unwrap_or(Language::UNKNOWN);
    }
    let Some(profile) = DETECTOR.detect(&sample) else { return Language::UNKNOWN };
    let Some(language) = named(profile.lang()) else { return Language::UNKNOWN };
    let knows_its_words = FUNCTION_WORDS.iter().any(|(code, _)| *code == language.code());
    let sure = if profile.is_reliable() {
        // Profiles are sure of texts in two languages, too.
        !(knows_its_words && second >= MIN_FUNCTION_WORDS * 2 && second * 3 >= first * 2)
    } else {
        most == language.code() && first >= MIN_FUNCTION_WORDS && first >= second * 3
    };
    if sure { language } else { Language::UNKNOWN }
}

/// Whether the function words of `text` are those of the language that it is said to be in, so that
/// nothing else need be asked.
pub(crate) fn confirms(text: &str, declared: Language) -> bool {
    let [(first, most), (second, _)] = function_words(&sample(text));
    most == declared.code() && first >= MIN_FUNCTION_WORDS && first >= second * 3
}

/// The number of letters in a text.
pub(crate) fn letters(text: &str) -> usize {
    match text.is_ascii() {
        true => text.bytes().filter(u8::is_ascii_alphabetic).count(),
        false => text.chars().filter(|c| c.is_alphabetic()).count(),
    }
}

/// Whether a text that was found to be in `detected` cannot be in `declared`: both are languages
/// that can be guessed, and not close to each other.
pub(crate) fn contradicts(detected: Language, declared: Language) -> bool {
    let is_guessed =
        |language: Language| TWO_AND_THREE.iter().any(|(code, _)| *code == language.code());
    let close = CLOSE
        .iter()
        .any(|group| group.contains(&detected.code()) && group.contains(&declared.code()));
    detected != declared && is_guessed(detected) && is_guessed(declared) && !close
}

/// Japanese, Chinese or Korean, where their scripts prevail. A letter of theirs counts two of an
/// alphabet, which a text with many foreign names is full of.
fn by_script(sample: &str) -> Option<Language> {
    if sample.is_ascii() {
        return None;
    }
    let (mut kana, mut han, mut hangul, mut other) = (0, 0, 0, 0);
    for c in sample.chars() {
        match c {
            '\u{3041}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => han += 1,
            '\u{ac00}'..='\u{d7a3}' => hangul += 1,
            _ => other += usize::from(c.is_alphabetic()),
        }
    }
    let code = if (kana + han + hangul) * 2 <= other {
        return None;
    } else if hangul > kana + han {
        "ko"
    } else if kana * 10 > han {
        "ja"
    } else {
        "zh"
    };
    code.parse().ok()
}

/// How many function words of which language `sample` has: the most, and the second most.
fn function_words(sample: &str) -> [(usize, &'static str); 2] {
    let mut hits: Vec<_> = with_words().map(|(code, _)| (0_usize, *code)).collect();
    let lower = sample.to_lowercase();
    let (known, longest) = (&*WORDS, *LONGEST);
    let mut count = |word: &[u8]| {
        for at in known.get(word).into_iter().flatten() {
            if let Some(hit) = hits.get_mut(*at) {
                hit.0 += 1;
            }
        }
    };
    let mut rest = lower.as_str();
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let ascii = bytes.iter().position(|byte| !byte.is_ascii_lowercase());
        let mut end = ascii.unwrap_or(bytes.len());
        if bytes.get(end).is_some_and(|byte| !byte.is_ascii()) {
            let is_between = |byte: &u8| byte.is_ascii() && !byte.is_ascii_lowercase();
            end = bytes.iter().position(is_between).unwrap_or(bytes.len());
            let words = rest[..end].split(|c: char| !c.is_alphabetic());
            words.for_each(|word| count(word.as_bytes()));
        } else if (1..=longest).contains(&end) {
            count(&bytes[..end]);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    hits.sort_unstable_by(|a, b| b.cmp(a));
    [0, 1].map(|rank| hits.get(rank).copied().unwrap_or_default())
}

/// The language that `lang` is, if polidex names it.
fn named(lang: whatlang::Lang) -> Option<Language> {
    let (two, _) = TWO_AND_THREE.iter().find(|(_, three)| three.contains(&lang.code()))?;
    two.parse().ok()
}

/// The text, or of a long one its beginning, middle and end.
fn sample(text: &str) -> Cow<'_, str> {
    let part = SAMPLE / 3;
    if text.len() <= SAMPLE {
        return text.into();
    }
    let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let cut = |start: usize| &text[boundary(start)..boundary(start + part)];
    [cut(0), cut((text.len() - part) / 2), cut(text.len() - part)].join("\n").into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use super::detect;

    /// The folder of test data, if it is there.
    fn data() -> Option<PathBuf> {
        let folder = match std::env::var_os("POLIDEX_DATA") {
            Some(folder) => PathBuf::from(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        };
        folder.is_dir().then_some(folder)
    }

    /// The language that the place of an article names.
    fn named_by_place(path: &str) -> Option<&'static str> {
        // Not translated, whatever the name says.
        let in_english = [
            "chatgpt-incidents-and-issues/",
            "incident-report-2022-september/index.fr.mdx",
            "content/editors-guide/",
            "bits-und-baeume-de/README.md",
            "bits-und-baeume-de/src/en/",
            "bits-und-baeume-de/src/posts/policy_lab_2026.md",
        ];
        // Bibliographies of English titles, whatever the sentences around them.
        let of_none = ["content/research/4-related-work/"];
        if of_none.iter().any(|part| path.contains(part)) {
            return None;
        }
        if in_english.iter().any(|part| path.contains(part)) {
            return Some("en");
        }
        let of_folder = [
            ("reflexive-ai-multilingual/src/content/research/ca/", "ca"),
            ("reflexive-ai-multilingual/src/content/research/es/", "es"),
            ("reflexive-ai-multilingual/src/content/research/", "en"),
            ("ai-incident-database-blog/", "en"),
            ("bits-und-baeume-de/", "de"),
            ("cnil-dev-guide-fr/", "fr"),
            ("digitalgov/content/news/", "en"),
            ("eu-ai-act-praxis-de/", "de"),
            ("inturious-digital-sovereignty/content/", "en"),
            ("nist-ai-rmf-cookbook/", "en"),
            ("tipps-ki-dsgvo-de/", "de"),
        ];
        let of_suffix = [(".es.mdx", "es"), (".fr.mdx", "fr"), (".ja.mdx", "ja")];
        let of_suffix = of_suffix.iter().find(|(suffix, _)| path.ends_with(suffix));
        let markdown = path.ends_with(".md") || path.ends_with(".mdx");
        let of_folder = of_folder.iter().find(|(folder, _)| path.starts_with(folder));
        of_suffix.or(of_folder).filter(|_| markdown).map(|(_, code)| *code)
    }

    /// The text of a Markdown file without its front matter, code, tags and addresses, roughly.
    fn prose(markdown: &str) -> String {
        let body = markdown
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---"))
            .map_or(markdown, |(_, body)| body);
        let mut text: String = body.split("```").step_by(2).collect();
        for (open, close) in [('<', '>'), ('{', '}'), ('(', ')')] {
            let mut kept = String::new();
            for piece in text.split_inclusive(open) {
                let (inside, after) = piece.split_once(close).unwrap_or(("", piece));
                let address = open != '(' || inside.contains(['/', '#']);
                if !address {
                    kept.push_str(inside);
                }
                kept.push(' ');
                kept.push_str(after.trim_end_matches(open));
            }
            text = kept;
        }
        text
    }

    #[test]
    fn names_the_language_of_a_sentence() {
        // Article 1 of the Universal Declaration of Human Rights, as the United Nations give it.
        for (code, text) in [
            (
                "en",
                "All human beings are born free and equal in dignity and rights. They are endowed \
                 with reason and conscience and should act towards one another in a spirit of \
                 brotherhood.",
            ),
            (
                "fr",
                "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont \
                 doués de raison et de conscience et doivent agir les uns envers les autres dans \
                 un esprit de fraternité.",
            ),
            (
                "de",
                "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit \
                 Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit \
                 begegnen.",
            ),
            (
                "es",
                "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados \
                 como están de razón y conciencia, deben comportarse fraternalmente los unos con \
                 los otros.",
            ),
            (
                "ca",
                "Tots els éssers humans neixen lliures i iguals en dignitat i en drets. Són dotats \
                 de raó i de consciència, i han de comportar-se fraternalment els uns amb els \
                 altres.",
            ),
            (
                "it",
                "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono \
                 dotati di ragione e di coscienza e devono agire gli uni verso gli altri in \
                 spirito di fratellanza.",
            ),
            (
                "pt",
                "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados \
                 de razão e de consciência, devem agir uns para com os outros em espírito de \
                 fraternidade.",
            ),
            (
                "nl",
                "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn \
                 begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest \
                 van broederschap te gedragen.",
            ),
            (
                "pl",
                "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. \
                 Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu \
                 braterstwa.",
            ),
            (
                "ga",
                "Saoláitear na daoine uile saor agus comhionann ina ndínit agus ina gcearta. Tá bauidh \
                 an réasúin agus an choinsiasa acu agus dlíd gníomhú i dtreo a chéile i spiorad an \
                 bhráithreachais.",
            ),
            (
                "ja",
                "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。\
                 人間は、理性と良心とを授けられており、互いに同胞の精神をもって行動しなければならない。",
            ),
        ] {
            assert_eq!(detect(text).code(), code, "{text}");
            assert_eq!(detect(&text.repeat(1000)).code(), code, "a thousand times {text}");
        }
    }

    #[test]
    fn tells_no_language_of_short_mixed_or_wordless_text() {
        for text in [
            "",
            "AI Act",
            "Hiroshima AI process: the code of conduct",
            "2024 2025 2026 1,000.00 99 % 12:30 — 5(1)(a) [1] [2] [3] 2024 2025 2026 1,000.00",
            "The provider of the system shall keep the documents that this article names, and \
             the deployer shall be informed by the provider of any change to them. Der Anbieter \
             muss die Unterlagen aufbewahren, und der Betreiber wird von dem Anbieter über jede \
             Änderung informiert, die für den Betrieb und auf Dauer nicht ohne Belang ist.",
        ] {
            assert_eq!(detect(text).code(), "und", "{text}");
        }
    }

    #[test]
    #[ignore = "measures; reads the test data beside the project"]
    fn names_the_language_of_99_articles_in_100() {
        let Some(data) = data() else {
            println!("skipped: no test data; set POLIDEX_DATA to its folder");
            return;
        };
        let policy = data.join("policy");
        let mut right_of = BTreeMap::<&str, (usize, usize)>::new();
        for entry in walkdir::WalkDir::new(&policy).sort_by_file_name().into_iter().flatten() {
            let path = entry.path().strip_prefix(&policy).unwrap_or(entry.path());
            let Some(expected) = named_by_place(&path.to_string_lossy()) else { continue };
            let Ok(markdown) = std::fs::read_to_string(entry.path()) else { continue };
            let text = prose(&markdown);
            if text.chars().filter(|c| c.is_alphabetic()).count() < 300 {
                continue;
            }
            let (right, all) = right_of.entry(expected).or_default();
            let detected = detect(&text);
            *all += 1;
            *right += usize::from(detected.code() == expected);
            if detected.code() != expected {
                println!("{}: {detected}, not {expected}", path.display());
            }
        }
        println!("right of all: {right_of:?}");
        let sum = |of: fn(&(usize, usize)) -> usize| right_of.values().map(of).sum::<usize>();
        assert!(sum(|(_, all)| *all) > 500, "the data are not those that this test is for");
        assert!(sum(|(right, _)| *right) * 100 >= sum(|(_, all)| *all) * 99, "{right_of:?}");
    }

    #[test]
    fn close_languages_do_not_contradict_each_other() {
        use super::{Language, contradicts};
        let language = |code: &str| code.parse::<Language>().unwrap();
        assert!(contradicts(language("en"), language("fr")));
        assert!(!contradicts(language("da"), language("no")));
        assert!(!contradicts(language("es"), language("gl")));
        assert!(!contradicts(language("en"), language("en")));
        assert!(!contradicts(Language::UNKNOWN, language("en")));
    }
}
