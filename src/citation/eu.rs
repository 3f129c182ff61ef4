//! Law of the European Union: acts by their numbers, documents of the institutions, cases, and the
//! identifiers that EUR-Lex and the courts give them.
//!
//! An act is named by its CELEX number (sector 3, year, letter of the type, number in four digits),
//! which all its written forms lead to: `Directive 95/46/EC`, `Richtlinie 95/46/EG`, the address of
//! its page. Until the end of 2014 regulations were numbered number/year, all other acts
//! year/number; since then all are year/number.

use super::act::{self, Letter};
use super::token::Cursor;

/// The letters of acts that a number without a type may mean.
pub(super) const LETTERS: [Letter; 5] = ['R', 'L', 'D', 'F', 'H'];

/// The first year that a number may be of.
const FIRST_YEAR: u32 = 1952;

/// Since this year all acts are numbered year/number.
const YEAR_FIRST: u32 = 2015;

/// Names of the Communities and the Union, as acts have them in their numbers.
const BODIES: &[&str] = &[
    "eu", "ue", "ec", "eg", "ce", "ek", "we", "ef", "ey", "es", "eb", "eeg", "eec", "ewg", "cee",
    "eøf", "eof", "eek", "ecsc", "egks", "ceca", "euratom", "jha", "ji", "jai", "jaba", "cfsp",
    "gasp", "pesc", "wpzib", "wsisw", "ес", "εε", "εκ", "ae", "as", "el",
];

/// What makes a number that has no name of the Union one of its acts.
const CONTEXT: &[&str] = &[
    "eu",
    "ec",
    "eec",
    "council",
    "commission",
    "european",
    "union",
    "community",
    "eg",
    "ewg",
    "rates",
    "kommission",
    "conseil",
    "europeen",
    "consejo",
    "consiglio",
    "raad",
    "rady",
];

/// What joins the numbers of several acts of one type.
const JOINS: &[&str] = &[
    "and", "or", "und", "oder", "sowie", "et", "ou", "y", "o", "e", "ed", "en", "of", "i", "oraz",
    "och", "og", "ja", "a", "si", "in", "u", "und",
];

/// The procedures of the Parliament.
const PROCEDURES: &[&str] = &[
    "cod", "cns", "nle", "ini", "app", "syn", "bud", "rsp", "acc", "avc", "inl", "olp", "inf",
    "dea", "rps", "bui", "dce", "cnl", "cos", "ins",
];

/// The number of an act as it is written.
struct Number {
    year: u32,
    number: u32,
    /// Whether the Union is named with it.
    strong: bool,
    /// Whether it is year/number as acts since 2015 have it.
    modern: bool,
}

/// The acts of this type whose numbers follow the word before the cursor; nothing where none does.
pub(super) fn acts<'a, 't>(
    cursor: Cursor<'a, 't>,
    letter: Letter,
    found: &mut Vec<String>,
) -> Option<Cursor<'a, 't>> {
    let framework = ["framework", "marco", "quadro", "cadre", "ramowa", "ramowej"];
    let mut at = cursor;
    let mut letter = letter;
    if letter == 'D' && cursor.follows(&framework, 2) {
        letter = 'F';
    }
    // `décision-cadre`, `Decisión marco`, `decisione quadro`.
    if letter == 'D'
        && let Some(after) = at.hyphen().unwrap_or(at).word(&framework)
    {
        letter = 'F';
        at = after;
    }
    let context = cursor.follows(CONTEXT, 5);
    let accepted = |it: &Number| it.strong || context || (it.modern && "RL".contains(letter));
    let first = match number(at).filter(|(it, _)| accepted(it)) {
        Some(first) => Some(first),
        None if is_old_directive(at, letter) => old_directive(at),
        // `rozporządzenie Parlamentu Europejskiego i Rady (UE) 2016/679`
        None => {
            let mut between = at;
            let mut words = 0;
            loop {
                let (word, after) = between.any_word()?;
                words += 1;
                if words > 10 || act::named(&word.to_lowercase()).is_some() {
                    return None;
                }
                between = after;
                if between.is_mark('(') || between.peek().starts_with('n') {
                    let strong = number(between).filter(|(it, _)| it.strong);
                    if strong.is_some() {
                        break strong;
                    }
                }
            }
        }
    };
    let (mut last, mut after) = first?;
    loop {
        found.push(celex(letter, last.year, last.number));
        let joined = after.mark(',').unwrap_or(after);
        let joined = joined.word(JOINS).unwrap_or(joined);
        if joined.at == after.at {
            return Some(after);
        }
        match number(joined).filter(|(it, _)| it.strong || (it.modern && last.modern)) {
            Some((next, end)) => (last, after) = (next, end),
            None => return Some(after),
        }
    }
}

/// The CELEX number of an act.
pub(super) fn celex(letter: Letter, year: u32, number: u32) -> String {
    format!("celex:3{year}{letter}{number:04}")
}

/// What `95/46` or `2016/679` may be the number of, where nothing else is said.
pub(super) fn bare(written: Cursor<'_, '_>, found: &mut Vec<String>) -> Option<()> {
    let (_, at) = bracket(written).unwrap_or((false, written));
    let (first, second, end) = pair(at)?;
    let end = suffix(end).unwrap_or(end);
    if end.token().is_some() {
        return None;
    }
    for (one, other) in [(first, second), (second, first)] {
        if let (Some(year), 1..=9999) = (year(one, true), other) {
            found.extend(LETTERS.map(|letter| celex(letter, year, other)));
        }
    }
    (!found.is_empty()).then_some(())
}

/// `Directive 95/46` without the Community that it is of.
fn is_old_directive(at: Cursor<'_, '_>, letter: Letter) -> bool {
    letter == 'L' && old_directive(at).is_some()
}

fn old_directive<'a, 't>(at: Cursor<'a, 't>) -> Option<(Number, Cursor<'a, 't>)> {
    let (first, number, after) = pair(at)?;
    let year = year(first, true).filter(|year| *year < YEAR_FIRST)?;
    let sound = (1..=9999).contains(&number);
    sound.then_some((Number { year, number, strong: false, modern: false }, after))
}

/// `(EU)`, `(EU, Euratom)`: whether it is the Union alone, and what follows.
fn bracket<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(bool, Cursor<'a, 't>)> {
    let inside = cursor.mark('(')?;
    let union = matches!(inside.peek(), "eu" | "ue" | "εε" | "ес" | "el" | "es");
    let mut at = inside.word(BODIES)?;
    while let Some(next) = at.mark(',').and_then(|at| at.word(BODIES)) {
        at = next;
    }
    Some((union, at.mark(')')?))
}

/// `/EC` or `/EC` behind a number.
fn suffix<'a, 't>(cursor: Cursor<'a, 't>) -> Option<Cursor<'a, 't>> {
    let at = cursor.mark('/').filter(|at| !at.is_spaced())?;
    at.word(BODIES)
}

/// Two numbers with a slash between.
fn pair<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(u32, u32, Cursor<'a, 't>)> {
    let (first, at) = cursor.number()?;
    let at = at.mark('/').filter(|at| !at.is_spaced())?;
    let (second, at) = at.joined_number()?;
    let goes_on = !at.is_spaced()
        && (at.is_mark('/') && at.skip('/').number().is_some()
            || at.hyphen().is_some_and(|at| at.joined_number().is_some()));
    (!goes_on).then_some((first, second, at))
}

/// The year that a number of two or four digits is.
fn year(number: u32, short: bool) -> Option<u32> {
    match number {
        52..=99 if short => Some(1900 + number),
        FIRST_YEAR..=2099 => Some(number),
        _ => None,
    }
}

/// The number of an act behind the cursor.
fn number<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(Number, Cursor<'a, 't>)> {
    let sign = |at: Cursor<'a, 't>| at.number_sign().map_or((false, at), |after| (true, after));
    let (numbered, at) = sign(cursor);
    let (union, at) = bracket(at).map_or((None, at), |(union, after)| (Some(union), after));
    let (again, at) = sign(at);
    let numbered = numbered || again;
    let (first, second, at) = pair(at)?;
    let suffixed = suffix(at);
    let after = suffixed.unwrap_or(at);
    let strong = union.is_some() || suffixed.is_some();
    let short = strong;
    // With a sign or of the Communities: number/year; else year/number.
    let number_first = numbered || (union == Some(false) && suffixed.is_none());
    let (front, back) = (year(first, short), year(second, short));
    let year_first = front.map(|year| (year, second));
    let year_last = back.map(|year| (year, first));
    let (year, number) = if number_first && suffixed.is_none() || numbered {
        year_last.or(year_first)?
    } else {
        year_first.or(year_last)?
    };
    let modern = !numbered && front.is_some_and(|year| year >= YEAR_FIRST) && year == first;
    let sound = (1..=9999).contains(&number);
    sound.then_some((Number { year, number, strong, modern }, after))
}

/// A CELEX number as it stands in a text or an address.
pub(super) fn celex_number(written: &str) -> Option<String> {
    let number = written.to_ascii_uppercase();
    let bytes = number.as_bytes();
    let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let sector = *bytes.first()?;
    let year: u32 = number.get(1..5).filter(|year| is_digits(year))?.parse().ok()?;
    let letters = number.get(5..)?.bytes().take_while(u8::is_ascii_uppercase).count();
    let kind = number.get(5..5 + letters)?;
    let rest = number.get(5 + letters..)?;
    let tail = rest.get(4..).unwrap_or_default();
    let serial = rest.get(..4).filter(|serial| is_digits(serial))?;
    // `32016R0679R` is the beginning of a corrigendum, `32016R0679R(02)`.
    let whole = tail.is_empty() || tail == "R";
    if !whole || !(1..=2).contains(&letters) || !(FIRST_YEAR..=2099).contains(&year) {
        return None;
    }
    let value: u32 = serial.parse().ok()?;
    Some(match (sector, kind) {
        // A consolidated text is the act.
        (b'0' | b'3', _) => format!("celex:3{year}{kind}{serial}"),
        (b'5', "PC" | "DC") => format!("com:{year}/{value}"),
        (b'5', "SC") => format!("swd:{year}/{value}"),
        (b'5', "JC") => format!("join:{year}/{value}"),
        (b'6', "CJ" | "CC" | "CO" | "CV") => format!("case:C-{value}/{:02}", year % 100),
        (b'6', "TJ" | "TO") => format!("case:T-{value}/{:02}", year % 100),
        (b'1'..=b'9', _) => format!("celex:{number}"),
        _ => return None,
    })
}

/// `eli/reg/2016/679`, the address that the Union gives an act, behind `eli`.
pub(super) fn eli<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(String, Cursor<'a, 't>)> {
    let at = cursor.mark('/')?;
    let letter = match at.peek() {
        "reg" => 'R',
        "dir" => 'L',
        "dec" => 'D',
        "reco" => 'H',
        _ => return None,
    };
    let (_, mut at) = at.any_word()?;
    // `reg_impl`, `dec_framw`
    let framework = at.mark('_').is_some_and(|at| at.peek() == "framw");
    if let Some((_, after)) = at.mark('_').and_then(Cursor::any_word) {
        at = after;
    }
    let (first, number, after) = pair(at.mark('/')?).or_else(|| {
        // `/oj` follows.
        let (first, at) = at.mark('/')?.number()?;
        let (second, at) = at.mark('/')?.joined_number()?;
        Some((first, second, at))
    })?;
    let year = year(first, false)?;
    let letter = if framework { 'F' } else { letter };
    (number <= 9999).then(|| (celex(letter, year, number), after))
}

/// `COM(2021) 206`, `SWD/2021/84`: a document of the Commission, behind its series.
pub(super) fn document<'a, 't>(
    series: &str,
    cursor: Cursor<'a, 't>,
) -> Option<(String, Cursor<'a, 't>)> {
    let series = match series {
        "com" | "kom" => "com",
        "c" => "c",
        "swd" => "swd",
        "sec" | "sek" => "sec",
        "join" => "join",
        _ => return None,
    };
    let year_of = |at: Cursor<'a, 't>| {
        let (year, at) = at.number()?;
        (1970..2100).contains(&year).then_some((year, at))
    };
    let (year, at) = if let Some(inside) = cursor.mark('(') {
        let (year, at) = year_of(inside)?;
        (year, at.mark(')')?)
    } else {
        let (year, at) = year_of(cursor.mark('/')?)?;
        (year, at.mark('/')?)
    };
    let (number, after) = at.number()?;
    (1..=9999).contains(&number).then(|| (format!("{series}:{year}/{number}"), after))
}

/// `ECLI:EU:C:2014:317`, behind `ECLI`.
pub(super) fn ecli<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(String, Cursor<'a, 't>)> {
    let (country, at) = cursor.mark(':')?.any_word()?;
    let (court, at) = at.mark(':')?.any_word()?;
    let (year, at) = at.mark(':')?.joined_number()?;
    let mut at = at.mark(':')?;
    let mut number = String::new();
    while let Some(token) = at.token().filter(|token| !token.spaced) {
        let dotted = token.text == "."
            && at
                .skip('.')
                .token()
                .is_some_and(|next| !next.spaced && next.text.chars().all(char::is_alphanumeric));
        if !(dotted || token.text.bytes().all(|b| b.is_ascii_alphanumeric())) {
            break;
        }
        number.push_str(token.text);
        at.at += 1;
    }
    let sound = country.len() == 2 && !number.is_empty() && (1800..2100).contains(&year);
    sound.then(|| (format!("ECLI:{country}:{court}:{year}:{number}").to_uppercase(), at))
}

/// `C-311/18`, behind the letter of the court.
pub(super) fn case<'a, 't>(
    court: &str,
    cursor: Cursor<'a, 't>,
) -> Option<(String, Cursor<'a, 't>)> {
    let (digits, at) = cursor.hyphen()?.digits().filter(|_| !cursor.is_spaced())?;
    let number: u32 = digits.parse().ok()?;
    let at = at.mark('/').filter(|at| !at.is_spaced())?;
    let (year, after) = at.digits()?;
    let least = if court == "c" { 1 } else { 2 };
    let sound = year.len() == 2 && (least..=4).contains(&digits.len()) && number > 0;
    let ends = after.is_spaced() || !after.is_mark('/');
    (sound && ends).then(|| (format!("case:{}-{number}/{year}", court.to_uppercase()), after))
}

/// `2021/0106(COD)`: a procedure, at its year.
pub(super) fn procedure<'a, 't>(cursor: Cursor<'a, 't>) -> Option<(String, Cursor<'a, 't>)> {
    let (year, at) = cursor.number()?;
    let (number, at) = at.mark('/')?.digits()?;
    let at = at.mark('(')?;
    let kind = at.peek();
    let after = at.word(PROCEDURES)?.mark(')')?;
    let sound = (1970..2100).contains(&year) && number.len() == 4;
    sound.then(|| (format!("procedure:{year}/{number}({})", kind.to_uppercase()), after))
}
