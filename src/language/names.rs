//! The languages that people name: by codes, and by names that are none.

use super::{InvalidLanguage, Language, is_iso_639_1};

impl Language {
    /// The language that a person names by its code: what [`str::parse`] reads, but of two letters
    /// only the codes of ISO 639-1. What articles say of themselves may be any two letters.
    ///
    /// ```
    /// use polidex::Language;
    ///
    /// assert_eq!(Language::named("fr-CA"), "fr".parse());
    /// let error = Language::named("ge").unwrap_err();
    /// assert_eq!(error.to_string(), "\"ge\" is not a language code; did you mean de?");
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidLanguage`] for what is no code, with the code that was probably meant.
    pub fn named(text: &str) -> Result<Language, InvalidLanguage> {
        let language: Language = text.parse()?;
        // ISO 639-3 has thousands of codes.
        let is_known = language.code().len() == 3 || is_iso_639_1(language.code());
        if is_known { Ok(language) } else { Err(InvalidLanguage(text.to_owned())) }
    }
}

/// The code of a language by its name in English or in itself, or by letters often taken for it.
pub(crate) fn code_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&&*name)).map(|(code, _)| *code)
}

/// What to give instead of `text`, for messages.
pub(super) fn instead(text: &str) -> String {
    match code_of(text) {
        Some(code) => format!("did you mean {code}?"),
        None => "give two or three letters, such as en or fr".to_owned(),
    }
}

/// Languages by what people call them.
const NAMES: [(&str, &[&str]); 16] = [
    ("en", &["english", "anglais", "englisch", "us", "gb"]),
    ("fr", &["french", "français", "francais", "französisch"]),
    ("de", &["german", "deutsch", "allemand", "ge"]),
    ("es", &["spanish", "español", "espanol", "espagnol", "spanisch", "castellano", "sp"]),
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
