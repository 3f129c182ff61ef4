//! Hostile strings through everything that polidex prints: none reaches the terminal as it is.

use std::time::Duration;

use polidex::{
    Article, Block, BlockKind, CheckReport, Duplicate, Hit, JsonLine, Language, Note, Passage,
    Problem, ProblemKind, SearchResults, SignificantTerm, Status, StoredArticle, TermSafe, Text,
    UpdateReport, ranking, write_ranking,
};

use crate::trial::{Outcome, Trial, ensure};

/// Whether a terminal may obey it: the controls of ECMA-48, and what Unicode (UAX #9, chapter 23.2)
/// gives to steer the direction of text and the ends of lines.
fn forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escape sequences by their openings, in seven bits and in eight, and their ends.
fn payloads() -> Vec<String> {
    let mut all = Vec::new();
    let ends = ["", "\x07", "\x1b\\", "\u{9c}", "\n", "\r\n"];
    for opening in [
        "\x1b[", "\u{9b}", "\x1b]", "\u{9d}", "\x1bP", "\u{90}", "\x1b_", "\u{9f}", "\x1b^",
        "\u{9e}",
    ] {
        for body in ["31m", "2J", "0;title", "52;c;cm0gLXJm", "8;;http://evil.example"] {
            all.extend(ends.iter().map(|end| format!("a{opening}{body}{end}b")));
        }
    }
    let controls = (0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32);
    all.extend(controls.map(|c| format!("a{c}b")));
    let marks = "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}";
    all.extend(marks.chars().flat_map(|c| [format!("{c}"), format!("a{c}b{c}"), format!("x {c}")]));
    all
}

/// A string of any characters, those that steer a terminal among them more often than others.
fn string(random: &mut fastrand::Rng) -> String {
    let length = random.usize(1..40);
    let mut any = || match random.u8(..4) {
        0 => char::from(random.u8(..0x20)),
        1 => char::from_u32(random.u32(0x7f..0xa0)).unwrap(),
        2 => char::from_u32(random.u32(0x2000..0x2070)).unwrap(),
        _ => random.char(..),
    };
    (0..length).map(|_| any()).collect()
}

/// Whether a printed text is harmless, line ends apart, and is where `most` lines are expected.
fn harmless(printed: &[u8], what: &str, of: &str) -> Outcome {
    let text = std::str::from_utf8(printed).map_err(|_| format!("{what} of {of:?}: not UTF-8"))?;
    match text.chars().find(|c| forbidden(*c) && *c != '\n') {
        Some(c) => Err(format!("{what} of {of:?} lets {c:?} through: {text:?}")),
        None => Ok(()),
    }
}

pub(crate) fn strings(trial: &mut Trial) -> Outcome {
    let known = payloads();
    let count = known.len();
    let mut next = known.into_iter();
    while trial.goes_on() {
        let hostile = next.next().unwrap_or_else(|| string(&mut trial.random));
        let shown = TermSafe(&hostile).to_string();
        ensure(!shown.contains(forbidden), || format!("{hostile:?} is shown as {shown:?}"))?;
        everything(&hostile)?;
        trial.reached += 1;
    }
    trial.note(format!(
        "{count} known payloads first; each as every text that is printed, and as JSON"
    ));
    Ok(())
}

/// Prints a string as everything that it can be.
fn everything(hostile: &str) -> Outcome {
    let owned = || hostile.to_owned();
    let passage = Passage {
        text: owned(),
        highlights: std::iter::once(0..hostile.len()).collect(),
        start: 0,
        end: hostile.len(),
        line: Some(1),
        page: Some(1),
        page_label: Some(owned()),
        section: vec![owned(), owned()],
        starts_inside: true,
        ends_inside: true,
    };
    let copy = Duplicate {
        path: owned(),
        title: owned(),
        date: None,
        source: Some(owned()),
        similarity: 0.9,
    };
    let hit = Hit {
        rank: 1,
        score: 1.0,
        path: owned(),
        title: owned(),
        date: None,
        language: Language::UNKNOWN,
        source: Some(owned()),
        url: Some(owned()),
        authors: vec![owned()],
        kind: Some(owned()),
        jurisdiction: Some(owned()),
        tags: vec![owned()],
        cites: vec![owned()],
        hash: owned(),
        file_hash: Some(owned()),
        matches: 1,
        passages: vec![passage],
        duplicates: vec![copy],
        explanation: None,
    };
    let term = SignificantTerm {
        word: owned(),
        language: Language::UNKNOWN,
        weight: 1.0,
        occurrences: 1,
        articles: 1,
    };
    let results = SearchResults {
        facets: vec![],
        timed_out: false,
        query: owned(),
        notes: vec![Note { code: "read_as_words", message: owned(), span: None }],
        suggestions: vec![owned()],
        hits: vec![hit],
        articles: 1,
        matches: 1,
        fallback: true,
        terms: vec![term],
        folded: 1,
        generation: 1,
        elapsed: Duration::ZERO,
        profile: Default::default(),
    };
    let problem = Problem { path: owned(), kind: ProblemKind::Failed, reason: owned() };
    let update = UpdateReport { problems: vec![problem.clone()], ..UpdateReport::default() };
    let status = Status {
        corpus: Some(hostile.into()),
        location: Some(hostile.into()),
        kinds: vec![(owned(), 1)],
        formats: vec![(owned(), 1)],
        years: vec![(owned(), 1)],
        problems: vec![problem],
        ..Status::default()
    };
    let check = CheckReport { damage: vec![owned()], ..CheckReport::default() };
    let mut article = Article::new(
        hostile,
        vec![
            Block::new(BlockKind::Title, hostile),
            Block::new(BlockKind::Heading(2), hostile),
            Block::new(BlockKind::Code, hostile),
            Block::new(BlockKind::Paragraph, hostile),
        ],
    );
    article.metadata.title = Some(owned());
    article.metadata.authors = vec![owned()];
    article.metadata.source = Some(owned());
    article.metadata.url = Some(owned());
    article.metadata.extra.insert(owned(), owned());
    let stored =
        StoredArticle { article, hash: owned(), file_hash: Some(owned()), format: owned() };

    let text = Text::default();
    let mut out = Vec::new();
    let mut lines = Vec::new();
    text.results(&mut out, &results, hostile).unwrap();
    text.update(&mut out, &update).unwrap();
    text.status(&mut out, &status).unwrap();
    text.check(&mut out, &check).unwrap();
    text.article(&mut out, &stored).unwrap();
    text.extracted(&mut out, &stored.article).unwrap();
    text.error(&mut out, hostile, Some((hostile, 0..hostile.len())), Some(hostile)).unwrap();
    harmless(&out, "text", hostile)?;
    let mut run = Vec::new();
    write_ranking(&mut run, hostile, &ranking(&results.hits), 1).unwrap();
    harmless(&run, "a run", hostile)?;
    ensure(run.iter().filter(|byte| **byte == b'\n').count() == 1, || {
        format!("{hostile:?} makes more than one line of a run")
    })?;
    for line in [
        JsonLine::hit(&results.hits[0]),
        JsonLine::summary(&results),
        JsonLine::article(&stored),
        JsonLine::status(&status),
        JsonLine::check(&check),
        JsonLine::index(&update),
    ] {
        line.write(&mut lines).unwrap();
    }
    harmless(&lines, "JSON", hostile)?;
    let count = lines.iter().filter(|byte| **byte == b'\n').count();
    ensure(count == 6, || format!("{hostile:?} makes {count} lines of six"))?;
    for line in std::str::from_utf8(&lines).unwrap().lines() {
        serde_json::from_str::<serde_json::Value>(line).map_err(|error| error.to_string())?;
    }
    Ok(())
}
