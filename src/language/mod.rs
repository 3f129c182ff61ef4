//! The languages that articles are written in.

mod abbreviation;
mod detect;
mod function_words;
mod names;

pub(crate) use abbreviation::spaced_abbreviation;
pub use detect::detect;
pub(crate) use detect::{confirms, contradicts, letters};
pub(crate) use function_words::{function_words, is_function_word};
pub(crate) use names::code_of;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language, named by its ISO 639 code: two letters where it has them, else three.
///
/// ```
/// use polidex::Language;
///
/// let french: Language = "fr-FR".parse().unwrap();
/// assert_eq!(french.code(), "fr");
/// assert!("not a language".parse::<Language>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Language {
    letters: [u8; 3],
}

impl Language {
    /// Language unknown, or no single one (ISO 639: `und`).
    pub const UNKNOWN: Language = Language { letters: *b"und" };
    /// English.
    pub const ENGLISH: Language = Language { letters: *b"en\0" };
    /// French.
    pub const FRENCH: Language = Language { letters: *b"fr\0" };
    /// German.
    pub const GERMAN: Language = Language { letters: *b"de\0" };
    /// Spanish.
    pub const SPANISH: Language = Language { letters: *b"es\0" };
    /// Italian.
    pub const ITALIAN: Language = Language { letters: *b"it\0" };

    /// The code: `en`, `fr`, …, `und`.
    pub fn code(&self) -> &str {
        let length = if self.letters[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.letters[..length]).unwrap_or("und")
    }

    /// Whether this is [`Language::UNKNOWN`].
    pub fn is_unknown(&self) -> bool {
        *self == Language::UNKNOWN
    }
}

/// The text given is not a language code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language code; {instead}", instead = names::instead(.0))]
pub struct InvalidLanguage(pub String);

impl FromStr for Language {
    type Err = InvalidLanguage;

    /// Reads `en`, `EN`, `en-GB`, `en_GB`, `eng`: the first part counts, a three-letter code of a
    /// language with a two-letter one becomes that.
    fn from_str(text: &str) -> Result<Language, InvalidLanguage> {
        let invalid = || InvalidLanguage(text.to_owned());
        let primary = text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if !primary.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(invalid());
        }
        if let Some((two, _)) = TWO_AND_THREE.iter().find(|(_, three)| three.contains(&&*primary)) {
            return two.parse();
        }
        match *primary.as_bytes() {
            [a, b] => Ok(Language { letters: [a, b, 0] }),
            [a, b, c] => Ok(Language { letters: [a, b, c] }),
            _ => Err(invalid()),
        }
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidLanguage;

    fn try_from(text: String) -> Result<Language, InvalidLanguage> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.code().to_owned()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Language({})", self.code())
    }
}

/// Whether `code` is one of the two-letter codes of ISO 639-1.
pub(crate) fn is_iso_639_1(code: &str) -> bool {
    code.len() == 2 && ISO_639_1.split_ascii_whitespace().any(|it| it == code)
}

/// The two-letter codes of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce \
    ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv \
    ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr \
    ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn \
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn \
    so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo \
    xh yi yo za zh zu";

/// ISO 639-1 codes with their 639-2/3 twins, for the languages that polidex stems or detects.
const TWO_AND_THREE: &[(&str, &[&str])] = &[
    ("ar", &["ara"]),
    ("be", &["bel"]),
    ("bg", &["bul"]),
    ("ca", &["cat"]),
    ("cs", &["ces", "cze"]),
    ("cy", &["cym", "wel"]),
    ("da", &["dan"]),
    ("de", &["deu", "ger"]),
    ("el", &["ell", "gre"]),
    ("en", &["eng"]),
    ("eo", &["epo"]),
    ("es", &["spa"]),
    ("et", &["est"]),
    ("eu", &["eus", "baq"]),
    ("fa", &["fas", "per", "pes"]),
    ("fi", &["fin"]),
    ("fr", &["fra", "fre"]),
    ("ga", &["gle"]),
    ("gl", &["glg"]),
    ("he", &["heb"]),
    ("hi", &["hin"]),
    ("hr", &["hrv"]),
    ("hu", &["hun"]),
    ("hy", &["hye", "arm"]),
    ("id", &["ind"]),
    ("is", &["isl", "ice"]),
    ("it", &["ita"]),
    ("ja", &["jpn"]),
    ("ko", &["kor"]),
    ("lt", &["lit"]),
    ("lv", &["lav"]),
    ("mk", &["mkd", "mac"]),
    ("mt", &["mlt"]),
    ("ne", &["nep"]),
    ("nl", &["nld", "dut"]),
    ("no", &["nor", "nob"]),
    ("pl", &["pol"]),
    ("pt", &["por"]),
    ("ro", &["ron", "rum"]),
    ("ru", &["rus"]),
    ("sk", &["slk", "slo"]),
    ("sl", &["slv"]),
    ("sr", &["srp"]),
    ("sv", &["swe"]),
    ("ta", &["tam"]),
    ("th", &["tha"]),
    ("tr", &["tur"]),
    ("uk", &["ukr"]),
    ("vi", &["vie"]),
    ("yi", &["yid"]),
    ("zh", &["zho", "chi", "cmn"]),
];
