//! Citations: the legal instruments and papers that a text refers to, by identifiers that are the
//! same for every way of writing them.
//!
//! An identifier names its scheme before a colon: `celex:32024R1689`, `us-law:117-263`. A European
//! Case Law Identifier (Council conclusions 2011/C 127/01) is its own. What has no number is no
//! citation here: names such as "AI Act" are found by searching for them.

mod act;
mod eu;
mod states;
#[cfg(test)]
mod tests;
mod token;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use token::{Cursor, Kind, Tokens};

use crate::Language;

/// The schemes of identifiers, `ECLI` left out.
const SCHEMES: &[&str] = &[
    "celex",
    "com",
    "c",
    "swd",
    "sec",
    "join",
    "procedure",
    "case",
    "us-bill",
    "us-law",
    "usc",
    "cfr",
    "fedreg",
    "us-eo",
    "omb",
    "docket",
    "uk-act",
    "uk-si",
    "bgbl",
    "bt-drs",
    "br-drs",
    "fr-loi",
    "fr-decret",
    "fr-ordonnance",
    "fr-deliberation",
    "jorf",
    "legifrance",
    "cets",
    "un",
];

/// The identifiers of the instruments that a text refers to, in the order of the text, each as often
/// as it is named. A text in an unknown language is read as one in English is.
///
/// ```
/// use polidex::{Language, citation};
///
/// let text = "Regulation (EU) 2024/1689 amends Directives 2014/90/EU and (EU) 2020/1828.";
/// assert_eq!(
///     citation::find(text, Language::ENGLISH),
///     ["celex:32024R1689", "celex:32014L0090", "celex:32020L1828"]
/// );
/// assert!(citation::find("Regulation 12 of the 2024/25 season", Language::ENGLISH).is_empty());
/// ```
pub fn find(text: &str, language: Language) -> Vec<String> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let english = language == Language::ENGLISH || language.is_unknown();
    scan(text, english, false)
}

/// The identifiers that a reference may mean which somebody wrote to look for: one, or several where
/// it leaves the type of the act open, as `2024/1689` does; none where it is no reference.
///
/// ```
/// use polidex::citation;
///
/// assert_eq!(citation::meant("Verordnung (EU) 2024/1689"), ["celex:32024R1689"]);
/// assert!(citation::meant("2024/1689").contains(&"celex:32024R1689".to_owned()));
/// assert!(citation::meant("GDPR").is_empty());
/// ```
pub fn meant(written: &str) -> Vec<String> {
    let written = written.trim();
    if let Some((scheme, rest)) = written.split_once(':')
        && SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())
        && !rest.is_empty()
    {
        return vec![format!("{}:{}", scheme.to_ascii_lowercase(), rest.trim_start())];
    }
    let mut found = scan(written, true, true);
    if found.is_empty() {
        eu::bare(Tokens::of(written).at(0), &mut found);
    }
    found.dedup();
    found
}

/// What a word may be the start of.
#[derive(Debug, Clone, Copy)]
enum Start {
    Document,
    Ecli,
    Eli,
    Case,
    A,
    House,
    Senate,
    StatutoryInstrument,
    StateBill,
    Congress,
    PublicLaw,
    ExecutiveOrder,
    Eo,
    Memorandum,
    Circular,
    Docket,
    FederalGazette,
    PrintedPaper,
    French,
    FrenchGazette,
    CouncilOfEurope,
}

/// The words, folded, that citations start with, those of acts left out. A map, for every word of
/// every text is looked up.
static START: LazyLock<FxHashMap<&str, Start>> = LazyLock::new(|| {
    let starts: &[(Start, &[&'static str])] = &[
        (Start::Document, &["com", "kom", "swd", "sec", "sek", "join"]),
        (Start::Ecli, &["ecli"]),
        (Start::Eli, &["eli"]),
        (Start::Case, &["c", "t"]),
        (Start::A, &["a"]),
        (Start::House, &["h"]),
        (Start::Senate, &["s"]),
        (Start::StatutoryInstrument, &["si"]),
        (Start::StateBill, &["sb", "ab", "hb"]),
        (Start::Congress, &["hr", "hres", "sres", "hjres", "sjres", "hconres", "sconres"]),
        (Start::PublicLaw, &["pub", "public", "p"]),
        (Start::ExecutiveOrder, &["executive", "e"]),
        (Start::Eo, &["eo"]),
        (Start::Memorandum, &["m"]),
        (Start::Circular, &["circular", "circulars"]),
        (Start::Docket, &["docket", "dkt"]),
        (Start::FederalGazette, &["bgbl"]),
        (
            Start::PrintedPaper,
            &[
                "bt",
                "br",
                "bundestagsdrucksache",
                "bundestagsdrucksachen",
                "bundesratsdrucksache",
                "bundesratsdrucksachen",
                "drucksache",
            ],
        ),
        (
            Start::French,
            &[
                "loi",
                "lois",
                "decret",
                "decrets",
                "ordonnance",
                "ordonnances",
                "deliberation",
                "deliberations",
            ],
        ),
        (Start::FrenchGazette, &["jorf"]),
        (Start::CouncilOfEurope, &["cets", "ets", "stce", "ste"]),
    ];
    let words = starts.iter().flat_map(|(start, words)| words.iter().map(|word| (*word, *start)));
    words.collect()
});

/// Goes through a text; `sure` where nothing but citations is in it.
fn scan(text: &str, english: bool, sure: bool) -> Vec<String> {
    // Every citation has a number.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let tokens = Tokens::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let cursor = tokens.at(at);
        let read = match cursor.token().map(|token| token.kind) {
            Some(Kind::Word) => word(cursor, english, sure, &mut found),
            Some(Kind::Number) => number(cursor, english, sure, &mut found),
            _ => None,
        };
        at = read.map_or(at + 1, |after| after.max(at + 1));
    }
    found
}

/// What starts with a word; the place behind it.
fn word(
    cursor: Cursor<'_, '_>,
    english: bool,
    sure: bool,
    found: &mut Vec<String>,
) -> Option<usize> {
    let (written, after) = cursor.any_word()?;
    let folded = cursor.peek();
    let capitals = written.chars().all(char::is_uppercase);
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        // In an address: `CELEX%3A32016R0679`.
        let escaped = written.get(2..).filter(|_| cursor.after_mark('%'));
        found.push(eu::celex_number(escaped.unwrap_or(written))?);
        return Some(after.at);
    }
    if let Some(letter) = act::named(folded) {
        return eu::acts(after, letter, found).map(|after| after.at);
    }
    let (identifier, end) = match START.get(folded) {
        None => states::legifrance(written)
            .map(|identifier| (identifier, after))
            .or_else(|| states::joined_bill(cursor, english, sure)),
        Some(Start::Document) if capitals || sure => eu::document(folded, after),
        Some(Start::Ecli) => eu::ecli(after),
        Some(Start::Eli) => eu::eli(after),
        Some(Start::Case) if folded == "c" && capitals && after.is_mark('(') => {
            eu::document(folded, after)
        }
        Some(Start::Case) if (capitals || sure) && !cursor.after_mark('-') => {
            eu::case(folded, after)
        }
        Some(Start::A) => states::united_nations(after)
            .or_else(|| english.then(|| states::state_bill(cursor)).flatten()),
        Some(Start::House) => states::congress(folded, after, true)
            .or_else(|| english.then(|| states::state_bill(cursor)).flatten()),
        Some(Start::Senate) => {
            let bracketed = cursor.after_mark('(');
            let told = cursor.follows(&["bill", "senate", "senators", "congress", "cong"], 6);
            let certain = sure || (english && (bracketed || told));
            states::congress(folded, after, certain)
                .or_else(|| states::statutory_instrument(cursor))
                .or_else(|| english.then(|| states::state_bill(cursor)).flatten())
                .or_else(|| sure.then(|| states::congress_bare(folded, after)).flatten())
        }
        Some(Start::StatutoryInstrument) => states::statutory_instrument(cursor),
        Some(Start::StateBill) if sure || capitals && (english || states::is_named(cursor)) => {
            states::state_bill(cursor)
        }
        Some(Start::Congress) if sure => states::congress_bare(folded, after),
        Some(Start::PublicLaw) => states::public_law(cursor),
        Some(Start::ExecutiveOrder) => states::executive_order(cursor),
        Some(Start::Eo) if capitals || sure => states::executive_order(cursor),
        Some(Start::Memorandum) if capitals || sure => states::memorandum(cursor, sure),
        Some(Start::Circular) => states::circular(cursor, after, sure),
        Some(Start::Docket) => states::docket(after.skip('.')),
        Some(Start::FederalGazette) => states::federal_gazette(after),
        Some(Start::PrintedPaper) => states::printed_paper(cursor),
        Some(Start::French) => states::french(cursor),
        Some(Start::FrenchGazette) => states::french_gazette(after),
        Some(Start::CouncilOfEurope) => states::council_of_europe(cursor),
        Some(_) => None,
    }?;
    found.push(identifier);
    Some(end.at)
}

/// What starts with a number; the place behind it.
fn number(
    cursor: Cursor<'_, '_>,
    english: bool,
    sure: bool,
    found: &mut Vec<String>,
) -> Option<usize> {
    let read = eu::procedure(cursor)
        .or_else(|| states::court_docket(cursor))
        .or_else(|| states::code(cursor))
        .or_else(|| english.then(|| states::chapter(cursor, sure)).flatten());
    let (identifier, end) = read?;
    found.push(identifier);
    Some(end.at)
}
