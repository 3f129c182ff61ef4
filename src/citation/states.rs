//! Law of states: bills, laws, codes, registers, dockets and papers of the United States, the United
//! Kingdom, Germany and France, and what states agree on.

use super::token::Cursor;

type Found<'a, 't> = Option<(String, Cursor<'a, 't>)>;

/// Bills and resolutions of the Congress behind `H.` or `S.`, which `chamber` is: `H.R. 1234`,
/// `S. 567`, `S.J.Res. 12`. A senator's `S.` needs more than a number, being a page or a name
/// elsewhere: `sure` says that there is.
pub(super) fn congress<'a, 't>(chamber: &str, cursor: Cursor<'a, 't>, sure: bool) -> Found<'a, 't> {
    let house = chamber == "h";
    let mut at = cursor.mark('.')?;
    let mut series = chamber.to_uppercase();
    let joint = at.word(&["j", "con"]);
    if let Some(after) = joint {
        series.push_str(if at.peek() == "j" { "J" } else { "CON" });
        at = after.skip('.');
    }
    if let Some(after) = at.word(&["res"]) {
        series.push_str("RES");
        at = after.skip('.');
    } else if joint.is_some() {
        return None;
    } else if house {
        at = at.word(&["r"])?.mark('.')?;
        series.push('R');
    } else if !(sure || at.precedes(&["cong", "congress"], 7)) {
        return None;
    }
    let (number, after) = whole(at.number()?)?;
    (number > 0).then(|| (format!("us-bill:{series}{number}"), after))
}

/// `HR 1234`, `HRES 12`: as congress.gov and a query write them.
pub(super) fn congress_bare<'a, 't>(series: &str, cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    const SERIES: &[&str] = &["hr", "s", "hres", "sres", "hjres", "sjres", "hconres", "sconres"];
    let known = SERIES.iter().find(|known| **known == series)?;
    let (number, after) = whole(cursor.number()?)?;
    Some((format!("us-bill:{}{number}", known.to_uppercase()), after))
}

/// Bills of the states' legislatures, behind their letters: `SB 1047`, `A.B. 331`, `SB 24-205`.
pub(super) fn state_bill<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    for series in ["sb", "ab", "hb"] {
        let Some(at) = cursor.initials(series) else { continue };
        let (number, after) = at.hyphen().unwrap_or(at).digits()?;
        if !(2..=4).contains(&number.len()) || number.starts_with('0') {
            return None;
        }
        let session = after.hyphen().filter(|at| !at.is_spaced()).and_then(Cursor::digits);
        let series = series.to_uppercase();
        return Some(match session {
            Some((serial, end)) if (2..=4).contains(&serial.len()) => {
                (format!("us-bill:{series}{number}-{serial}"), end)
            }
            _ => (format!("us-bill:{series}{number}"), after),
        });
    }
    None
}

/// States whose bills are cited, by a word of their names.
const STATES: &[&str] = &[
    "arizona",
    "arkansas",
    "california",
    "californie",
    "colorado",
    "connecticut",
    "florida",
    "georgia",
    "hampshire",
    "hawaii",
    "illinois",
    "jersey",
    "kalifornien",
    "kentucky",
    "louisiana",
    "maine",
    "maryland",
    "massachusetts",
    "michigan",
    "minnesota",
    "montana",
    "nebraska",
    "nevada",
    "oregon",
    "pennsylvania",
    "tennessee",
    "texas",
    "utah",
    "vermont",
    "virginia",
    "washington",
    "york",
];

/// Whether the state that a bill is of stands shortly before it.
pub(super) fn is_named(cursor: Cursor<'_, '_>) -> bool {
    cursor.follows(STATES, 8)
}

/// `SB24-205`, `SB1047`: the letters and the number of a state's bill in one word. Where no session
/// stands with it, it may be the name of anything, and what it is must be told.
pub(super) fn joined_bill<'a, 't>(
    cursor: Cursor<'a, 't>,
    english: bool,
    sure: bool,
) -> Found<'a, 't> {
    let (written, after) = cursor.any_word()?;
    // Every word comes by here, and hardly one goes on.
    let number = written.get(2..).filter(|number| (2..=4).contains(&number.len()))?;
    if !number.bytes().all(|b| b.is_ascii_digit()) || number.starts_with('0') {
        return None;
    }
    let letters = written.get(..2)?;
    let series = letters.to_ascii_uppercase();
    if !["SB", "AB", "HB"].contains(&&*series) || !(sure || series == letters) {
        return None;
    }
    let named = is_named(cursor);
    let session = after.hyphen().filter(|at| !at.is_spaced()).and_then(Cursor::digits);
    if let Some((serial, end)) = session.filter(|(serial, _)| (2..=4).contains(&serial.len())) {
        return (sure || english || named)
            .then(|| (format!("us-bill:{series}{number}-{serial}"), end));
    }
    let told = || cursor.follows(&["bill", "senate", "assembly"], 6);
    (sure || named || (english && told())).then(|| (format!("us-bill:{series}{number}"), after))
}

/// `Pub. L. 117-263`, `Public Law No. 117–263`, `P.L. 117-263`.
pub(super) fn public_law<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let spelt = || {
        let at = cursor.word(&["pub", "public"])?.skip('.');
        at.word(&["l", "law", "laws"]).map(|at| at.skip('.'))
    };
    let at = spelt().or_else(|| cursor.initials("pl").filter(|_| cursor.peek() == "p"))?;
    let at = at.number_sign().unwrap_or(at);
    let (congress, at) = at.number()?;
    let (number, after) = whole(at.hyphen()?.joined_number()?)?;
    let sound = (1..=199).contains(&congress) && (1..=9999).contains(&number);
    sound.then(|| (format!("us-law:{congress}-{number}"), after))
}

/// `42 U.S.C. § 1983`, `16 CFR 312.5`, `45 CFR Part 46`, `88 FR 75191`, at the number of the title
/// or volume.
pub(super) fn code<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let (volume, at) = cursor.number()?;
    if at.hyphen().is_some() || !at.is_spaced() {
        return None;
    }
    let federal_register = at
        .word(&["fr"])
        .or_else(|| at.word(&["fed"])?.mark('.')?.word(&["reg"]).map(|at| at.skip('.')));
    if let Some(at) = federal_register {
        let (page, after) = at.grouped_number()?;
        // `10 FR 20` may be an amount of francs.
        let sound = (1..=120).contains(&volume) && (page > 999 || (volume > 40 && page > 99));
        return sound.then(|| (format!("fedreg:{volume}/{page}"), after));
    }
    let (name, at) = if let Some(at) = at.initials("usc") {
        ("usc", at.word(&["a"]).map_or(at, |at| at.skip('.')))
    } else {
        ("cfr", at.initials("cfr")?)
    };
    let mut at = at.word(&["part", "parts", "section", "sections", "sec"]).unwrap_or(at).skip('.');
    while let Some(after) = at.mark('§') {
        at = after;
    }
    // Sections have letters in their numbers: `15 U.S.C. 278h-1`, `42 U.S.C. 1320d`.
    let token = at.token().filter(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut section = token.text.to_ascii_lowercase();
    let mut after = at;
    after.at += 1;
    let mark = if name == "cfr" { after.mark('.') } else { after.hyphen() };
    if let Some(next) = mark.filter(|next| !next.is_spaced()).and_then(Cursor::token)
        && next.text.starts_with(|c: char| c.is_ascii_digit())
        && (name == "cfr" || !is_range(token.text, next.text))
    {
        section.push(if name == "cfr" { '.' } else { '-' });
        section.push_str(&next.text.to_ascii_lowercase());
        after.at += 2;
    }
    (1..=54).contains(&volume).then(|| (format!("{name}:{volume}/{section}"), after))
}

/// Whether two numbers with a hyphen between are the first and the last section, as in
/// `2001-2279cc`, and not one, as `278h-1` and `2000-1` are.
fn is_range(first: &str, last: &str) -> bool {
    let number = |text: &str| -> Option<u64> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text.get(..end)?.parse().ok()
    };
    number(first) < number(last)
}

/// `OMB M-13-13`, `Memorandum M-25-21`: a memorandum of the Office of Management and Budget, at its
/// letter.
pub(super) fn memorandum<'a, 't>(cursor: Cursor<'a, 't>, sure: bool) -> Found<'a, 't> {
    const NAMES: &[&str] = &["omb", "memo", "memos", "memorandum", "memoranda"];
    let (_, at) = cursor.any_word()?;
    let (year, at) = at.hyphen().filter(|at| !at.is_spaced())?.digits()?;
    let (number, after) = at.hyphen().filter(|at| !at.is_spaced())?.digits()?;
    let sound = year.len() == 2 && number.len() == 2;
    let told = sure || cursor.follows(NAMES, 5);
    (sound && told).then(|| (format!("omb:M-{year}-{number}"), after))
}

/// `OMB Circular A-130`, `Circular No. A-130`: a circular of the same office, at its word.
pub(super) fn circular<'a, 't>(
    cursor: Cursor<'a, 't>,
    after: Cursor<'a, 't>,
    sure: bool,
) -> Found<'a, 't> {
    let at = after.number_sign().unwrap_or(after).word(&["a"])?;
    let (number, after) = at.hyphen().filter(|at| !at.is_spaced())?.joined_number()?;
    let told = sure || cursor.follows(&["omb", "office", "budget"], 6);
    (told && (1..=200).contains(&number)).then(|| (format!("omb:A-{number}"), after))
}

/// `Executive Order 14110`, `E.O. 14110`.
pub(super) fn executive_order<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let spelt = || cursor.word(&["executive"])?.word(&["order", "orders"]);
    let at = spelt().or_else(|| cursor.initials("eo"))?;
    let at = at.number_sign().unwrap_or(at);
    let (number, after) = whole(at.grouped_number()?)?;
    (1000..=29_999).contains(&number).then(|| (format!("us-eo:{number}"), after))
}

/// `Docket No. FTC-2023-0064`, `Docket ID NTIA-2023-0005`, behind `Docket`.
pub(super) fn docket<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let at = cursor.word(&["id", "number", "numbers"]).unwrap_or(cursor);
    let at = at.number_sign().unwrap_or(at).skip(':');
    let mut name = String::new();
    let mut after = at;
    let mut digits = 0;
    while let Some(token) = after.token() {
        if !token.text.bytes().all(|b| b.is_ascii_alphanumeric()) || name.len() > 40 {
            break;
        }
        digits += token.text.bytes().filter(u8::is_ascii_digit).count();
        name.push_str(token.text);
        after.at += 1;
        match after.hyphen().or_else(|| after.mark(':')).filter(|next| !next.is_spaced()) {
            Some(next) if next.token().is_some() => {
                name.push(if after.is_mark(':') { ':' } else { '-' });
                after = next;
            }
            _ => break,
        }
    }
    (digits >= 4 && name.contains('-')).then(|| (docket_name(&name), after))
}

fn docket_name(name: &str) -> String {
    // The parts of courts' dockets are written small, those of agencies in capitals.
    let court = name.contains("-cv-") || name.contains("-cr-");
    format!("docket:{}", if court { name.to_ascii_lowercase() } else { name.to_ascii_uppercase() })
}

/// `1:23-cv-11195`: a docket of a federal court, at its office.
pub(super) fn court_docket<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    const KINDS: &[&str] = &["cv", "cr", "mc", "md", "mj", "bk", "ap"];
    let (first, at) = cursor.number()?;
    let office = at.mark(':').filter(|at| !at.is_spaced()).and_then(Cursor::joined_number);
    let (year, at) = office.unwrap_or((first, at));
    let kind = at.hyphen()?;
    let at = kind.word(KINDS)?.hyphen()?;
    let (serial, after) = at.digits()?;
    let sound = year <= 99 && (3..=6).contains(&serial.len()) && first <= 99;
    let office = office.map_or_else(String::new, |_| format!("{first}:"));
    sound.then(|| (format!("docket:{office}{year:02}-{}-{serial:0>5}", kind.peek()), after))
}

/// `2018 c. 12`, `Data Protection Act 2018 (c. 12)`, at the year; `sure` where nothing else can be
/// meant.
pub(super) fn chapter<'a, 't>(cursor: Cursor<'a, 't>, sure: bool) -> Found<'a, 't> {
    let (year, at) = cursor.number()?;
    let bracket = at.mark('(');
    let at = bracket.unwrap_or(at);
    let (number, after) = at.word(&["c", "chapter"])?.skip('.').number()?;
    let act = cursor.follows(&["act"], 1) || sure;
    let sound = (1800..2100).contains(&year) && (1..=150).contains(&number);
    let closed = bracket.is_none() || after.is_mark(')');
    (act && sound && closed).then(|| (format!("uk-act:{year}/{number}"), after))
}

/// `SI 2019/419`, `S.I. 2018 No. 506`: a statutory instrument.
pub(super) fn statutory_instrument<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let (year, at) = cursor.initials("si")?.number()?;
    let at = at.mark('/').or_else(|| at.skip(',').number_sign())?;
    let (number, after) = whole(at.number()?)?;
    let sound = (1948..2100).contains(&year) && (1..=9999).contains(&number);
    sound.then(|| (format!("uk-si:{year}/{number}"), after))
}

/// `BGBl. 2021 I S. 1234`, `BGBl. I 2023 Nr. 102`, behind `BGBl`. Without a year it says too little.
pub(super) fn federal_gazette<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let part = |at: Cursor<'a, 't>| -> Option<(&'static str, Cursor<'a, 't>)> {
        let roman = if at.peek() == "i" { "I" } else { "II" };
        at.word(&["i", "ii"]).map(|at| (roman, at))
    };
    let at = cursor.skip('.');
    let (part, year, at) = if let Some((part, at)) = part(at) {
        let (year, at) = at.number()?;
        (part, year, at)
    } else {
        let (year, at) = at.number()?;
        let (part, at) = part(at.skip(','))?;
        (part, year, at)
    };
    let at = at.skip(',');
    // Since 2023 each law has a number of its own, before it a page of the year's volume.
    let at = at.word(&["s", "seite", "nr"])?.skip('.');
    let (number, after) = at.number()?;
    let sound = (1949..2100).contains(&year);
    sound.then(|| (format!("bgbl:{year}-{part}-{number}"), after))
}

/// `BT-Drs. 20/1234`, `Bundestagsdrucksache 20/1234`, `BR-Drucks. 123/24`.
pub(super) fn printed_paper<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    const PAPER: &[&str] = &["drs", "drucksache", "drucksachen", "drucks", "dr"];
    let (house, at) = match cursor.peek() {
        "bt" => ("bt", cursor.word(&["bt"])?),
        "br" => ("br", cursor.word(&["br"])?),
        "bundestagsdrucksache" | "bundestagsdrucksachen" => ("bt", cursor),
        "bundesratsdrucksache" | "bundesratsdrucksachen" => ("br", cursor),
        "drucksache" if cursor.follows(&["bundestag", "bundestages", "bundestags"], 8) => {
            ("bt", cursor)
        }
        _ => return None,
    };
    let (_, at) = if at.at == cursor.at {
        at.any_word()?
    } else {
        let at = at.hyphen().unwrap_or(at);
        ("", at.word(PAPER)?.skip('.'))
    };
    let at = at.number_sign().unwrap_or(at);
    let (first, at) = at.number()?;
    let (second, after) = at.mark('/')?.joined_number()?;
    let sound = if house == "bt" { (1..=40).contains(&first) } else { second < 100 };
    sound.then(|| {
        let second = if house == "bt" { second.to_string() } else { format!("{second:02}") };
        (format!("{house}-drs:{first}/{second}"), after)
    })
}

/// `loi n° 2016-1321`, `décret n° 2019-536`, behind the word.
pub(super) fn french<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    const KINDS: &[(&str, &[&str])] = &[
        ("loi", &["loi", "lois"]),
        ("decret", &["decret", "decrets"]),
        ("ordonnance", &["ordonnance", "ordonnances"]),
        ("deliberation", &["deliberation", "deliberations"]),
    ];
    let (kind, words) = KINDS.iter().find(|(_, words)| words.contains(&cursor.peek()))?;
    let at = cursor.word(words)?;
    let at = at.word(&["organique", "constitutionnelle"]).unwrap_or(at);
    let at = at.number_sign()?;
    let (year, at) = at.digits()?;
    let (number, after) = at.hyphen()?.digits()?;
    let sound = matches!(year.len(), 2 | 4) && number.len() <= 4;
    sound.then(|| (format!("fr-{kind}:{year}-{number}"), after))
}

/// `JORF n°0235 du 8 octobre 2016`, behind `JORF`: number of the year.
pub(super) fn french_gazette<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let (number, mut at) = cursor.number_sign()?.number()?;
    for _ in 0..5 {
        if let Some((year, after)) = at.number()
            && (1945..2100).contains(&year)
        {
            return Some((format!("jorf:{year}/{number}"), after));
        }
        at.token()?;
        at.at += 1;
    }
    None
}

/// `JORFTEXT000033202746`, `LEGITEXT000006068624`: identifiers of Légifrance.
pub(super) fn legifrance(written: &str) -> Option<String> {
    // Every word of every text comes here.
    if written.len() != "JORFTEXT000000000000".len() {
        return None;
    }
    let upper = written.to_ascii_uppercase();
    let digits = upper.strip_prefix("JORFTEXT").or_else(|| upper.strip_prefix("LEGITEXT"))?;
    let sound = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| format!("legifrance:{upper}"))
}

/// `CETS No. 225`: a treaty of the Council of Europe.
pub(super) fn council_of_europe<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let at = cursor.word(&["cets", "ets", "stce", "ste"])?;
    let short = matches!(cursor.peek(), "ets" | "ste");
    let signed = at.number_sign();
    let (number, after) = signed.or((!short).then_some(at))?.number()?;
    (1..=400).contains(&number).then(|| (format!("cets:{number}"), after))
}

/// `A/RES/78/265`: a resolution of the General Assembly of the United Nations, behind `A`.
pub(super) fn united_nations<'a, 't>(cursor: Cursor<'a, 't>) -> Found<'a, 't> {
    let at = cursor.mark('/')?.word(&["res"])?.mark('/')?;
    let (session, at) = at.number()?;
    let (number, after) = at.mark('/')?.joined_number()?;
    Some((format!("un:A/RES/{session}/{number}"), after))
}

/// A number that does not go on, as in `12.5`, `12/3` or `12-15`.
fn whole<'a, 't>(read: (u32, Cursor<'a, 't>)) -> Option<(u32, Cursor<'a, 't>)> {
    let at = read.1;
    let goes_on = !at.is_spaced()
        && [at.mark('.'), at.mark('/')]
            .into_iter()
            .flatten()
            .any(|next| next.joined_number().is_some());
    (!goes_on).then_some(read)
}
