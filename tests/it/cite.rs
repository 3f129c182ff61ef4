//! References: what readers of each format get of an article, its quotation and its place.

use std::collections::{BTreeMap, BTreeSet};

use biblatex::{Bibliography, ChunksExt};
use polidex::{
    Article, Block, BlockKind, Date, Index, Language, Reference, ReferenceFormat, ReferenceKind,
    distinct,
};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::schema;
use crate::util::{Desk, project};

/// Titles that are markup in one of the formats, or look like it.
const HOSTILE: &[&str] = &[
    "Profit {and} loss",
    "An open { brace",
    "A closing } brace, and \\} too",
    "50 % of R&D costs $5_000 #1 ~ ^2",
    "\\emph{x} \\\\ \\",
    "Two\nlines\r\nand\ttabs",
    "“Curly”, \"straight\" and 'single' quotes, ``TeX'' ones",
    "Dashes -- and --- more",
    "Souveraineté numérique: ÆØÅ, ß, 主権, суверенитет, السيادة",
    "TY  - GEN",
    "*bold* _under_ `code` [link](http://x.example) ![i](j) <b>tag</b> &amp; a|b ~~s~~",
    "[^1]: a note",
    "# not a heading",
    "1. not a list",
    "A, B and C and D",
    "@misc{x, title = {y}}",
    "=",
];

fn today() -> Date {
    "2025-11-25".parse().unwrap()
}

/// A title, a quotation and the rest of an article about both.
fn article(path: &str, title: &str) -> Article {
    let heading = Block::new(BlockKind::Heading(2), "Article 5 Prohibited practices");
    let text = format!("1. Whoever says {title} says it all.");
    let mut block =
        Block::new(BlockKind::Paragraph, text.split_whitespace().collect::<Vec<_>>().join(" "));
    block.page = Some(2);
    let mut article = Article::new(path, vec![heading, block]);
    article.metadata.title = Some(title.to_owned());
    article.metadata.authors = vec!["Ursula von der Leyen".into(), "R&D {Desk} staff".into()];
    article.metadata.date = "2024-08-01".parse().ok();
    article.metadata.language = Some(Language::ENGLISH);
    article.metadata.source = Some("Statute & Code".into());
    article.metadata.url = Some("https://x.example/a%20b?c={d}&e=f_g#h".into());
    article.metadata.kind = Some("news".into());
    article.metadata.tags = vec!["AI & law".into(), "50%".into()];
    article.metadata.page_labels = vec![String::new(), "iv".into()];
    article
}

/// References to articles with these titles, their last block quoted.
fn references(titles: &[&str]) -> Vec<Reference> {
    let index = Index::in_memory().unwrap();
    let path = |number: usize| format!("a {{b}}/{number}_%&.md");
    let articles = titles.iter().enumerate().map(|(number, title)| article(&path(number), title));
    index.add(articles.collect::<Vec<_>>()).unwrap();
    let searcher = index.searcher().unwrap();
    let reference = |number: usize| {
        let stored = searcher.article(&path(number)).unwrap();
        let text = stored.article.text();
        let quoted = text.find("1. Whoever").unwrap()..text.len();
        Reference::new(&stored, &[quoted], today())
    };
    (0..titles.len()).map(reference).collect()
}

fn written(format: ReferenceFormat, references: &[Reference]) -> String {
    let mut out = Vec::new();
    format.write(&mut out, references).unwrap();
    String::from_utf8(out).unwrap()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Holds an item against what the schema of CSL-JSON (csl-data.json, version 1.0) asks of it.
fn check_csl(item: &Value) {
    const TYPES: &[&str] = &[
        "article",
        "article-journal",
        "article-magazine",
        "article-newspaper",
        "bill",
        "book",
        "dataset",
        "document",
        "interview",
        "legal_case",
        "legislation",
        "personal_communication",
        "post-weblog",
        "report",
        "speech",
        "thesis",
        "treaty",
        "webpage",
    ];
    const STRINGS: &[&str] = &[
        "id",
        "type",
        "title",
        "container-title",
        "publisher",
        "genre",
        "language",
        "jurisdiction",
        "keyword",
        "URL",
        "locator",
        "annote",
    ];
    let item = item.as_object().unwrap();
    assert!(item.contains_key("id") && item.contains_key("type"));
    assert!(TYPES.contains(&item["type"].as_str().unwrap()), "{}", item["type"]);
    for (key, value) in item {
        match key.as_str() {
            "author" => {
                for name in value.as_array().unwrap() {
                    let name = name.as_object().unwrap();
                    assert!(
                        name.keys().all(|key| ["family", "given", "literal"].contains(&&**key))
                    );
                    assert!(name.values().all(Value::is_string));
                }
            }
            "issued" | "accessed" => {
                let parts = value["date-parts"].as_array().unwrap();
                assert_eq!((parts.len(), value.as_object().unwrap().len()), (1, 1));
                let parts = parts[0].as_array().unwrap();
                assert!((1..=3).contains(&parts.len()) && parts.iter().all(Value::is_number));
            }
            "custom" => assert!(value.is_object()),
            key => assert!(STRINGS.contains(&key) && value.is_string(), "{key}: {value}"),
        }
    }
}

#[test]
fn csl_json_keeps_to_its_schema_and_the_title_as_it_is() {
    let references = references(HOSTILE);
    let items: Value = serde_json::from_str(&written(ReferenceFormat::Csl, &references)).unwrap();
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), HOSTILE.len());
    for (item, title) in items.iter().zip(HOSTILE) {
        check_csl(item);
        assert_eq!(item["title"], *title);
    }
    let item = &items[0];
    assert_eq!(item["type"], "article-newspaper");
    assert_eq!(item["author"][0]["family"], "von der Leyen");
    assert_eq!(item["author"][1]["literal"], "R&D {Desk} staff");
    assert_eq!(item["issued"]["date-parts"], serde_json::json!([[2024, 8, 1]]));
    assert_eq!(item["accessed"]["date-parts"], serde_json::json!([[2025, 11, 25]]));
    assert_eq!(item["URL"], "https://x.example/a%20b?c={d}&e=f_g#h");
    assert_eq!(item["locator"], "iv");
    let quotation = &item["custom"]["quotations"][0];
    assert_eq!(quotation["text"], "1. Whoever says Profit {and} loss says it all.");
    assert_eq!(
        (&quotation["provision"], &quotation["label"]),
        (&"Article 5(1)".into(), &"page".into())
    );
    assert!(item["custom"]["hash"].as_str().unwrap().starts_with("blake3:"));
}

#[test]
fn bibtex_is_read_back_by_another_program() {
    let references = references(HOSTILE);
    let text = written(ReferenceFormat::Bibtex, &references);
    let read = Bibliography::parse(&text).unwrap();
    assert_eq!(read.len(), HOSTILE.len(), "{text}");
    for (reference, title) in references.iter().zip(HOSTILE) {
        let entry = read.get(&reference.key).unwrap();
        let field = |name: &str| entry.get(name).unwrap().format_verbatim();
        assert_eq!(field("title"), on_one_line(title), "{text}");
        let quotation = format!("“1. Whoever says {} says it all.”", on_one_line(title));
        assert_eq!(field("annote"), format!("{quotation} (Article 5(1), p. iv)"));
        assert_eq!(field("journal"), "Statute & Code");
        assert_eq!(field("keywords"), "AI & law, 50%");
        assert_eq!(field("path"), reference.path);
        assert_eq!(field("hash"), reference.hash);
        assert_eq!(field("urldate"), "2025-11-25");
        let authors = entry.author().unwrap();
        assert_eq!((&*authors[0].name, &*authors[0].given_name), ("Leyen", "Ursula"));
        assert_eq!(authors[0].prefix, "von der");
        assert_eq!(authors[1].name, "R&D {Desk} staff");
        assert_eq!(entry.entry_type.to_string(), "article");
    }
}

/// The records of a RIS file, each as its tags and values in order.
fn read_ris(text: &str) -> Vec<Vec<(String, String)>> {
    let mut records = Vec::new();
    let mut open: Option<Vec<(String, String)>> = None;
    for line in text.split_terminator("\r\n").filter(|line| !line.is_empty()) {
        let (tag, value) = line.split_at(6);
        assert!(tag.ends_with("  - "), "{line}");
        let tag = tag[..2].to_owned();
        assert!(tag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{line}");
        match &*tag {
            "TY" => assert!(open.replace(vec![(tag, value.to_owned())]).is_none(), "{line}"),
            "ER" => records.push(open.take().unwrap()),
            _ => open.as_mut().unwrap().push((tag, value.to_owned())),
        }
    }
    assert!(open.is_none());
    records
}

#[test]
fn ris_is_read_back_line_by_line() {
    let references = references(HOSTILE);
    let records = read_ris(&written(ReferenceFormat::Ris, &references));
    assert_eq!(records.len(), HOSTILE.len());
    for (record, (reference, title)) in records.iter().zip(references.iter().zip(HOSTILE)) {
        let values = |tag: &str| -> Vec<&str> {
            record.iter().filter(|(it, _)| it == tag).map(|(_, value)| &**value).collect()
        };
        assert_eq!(values("TY"), ["NEWS"]);
        assert_eq!(values("TI"), [on_one_line(title)]);
        assert_eq!(values("AU"), ["von der Leyen, Ursula", "R&D {Desk} staff"]);
        assert_eq!((values("PY"), values("DA")), (vec!["2024"], vec!["2024/08/01/"]));
        assert_eq!(values("Y2"), ["2025/11/25/"]);
        assert_eq!(values("UR"), ["https://x.example/a%20b?c={d}&e=f_g#h"]);
        assert_eq!(values("KW"), ["AI & law", "50%"]);
        assert_eq!(values("C2"), [&*reference.hash]);
        let quotation = format!("“1. Whoever says {} says it all.”", on_one_line(title));
        assert_eq!(values("N1"), [format!("{quotation} (Article 5(1), p. iv)")]);
    }
}

#[test]
fn markdown_footnotes_say_what_was_meant() {
    let references = references(HOSTILE);
    let text = written(ReferenceFormat::Markdown, &references);
    let options = Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES
        | Options::ENABLE_MATH
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    let mut notes: BTreeMap<String, String> = BTreeMap::new();
    let (mut open, mut links) = (None, BTreeSet::new());
    for event in Parser::new_ext(&text, options) {
        match event {
            Event::Start(Tag::FootnoteDefinition(label)) => open = Some(label.to_string()),
            Event::End(TagEnd::FootnoteDefinition) => open = None,
            Event::Start(Tag::Link { dest_url, .. }) => {
                links.insert(dest_url.to_string());
            }
            Event::Text(part) => notes.entry(open.clone().unwrap()).or_default().push_str(&part),
            Event::Start(Tag::Paragraph | Tag::Emphasis) | Event::End(_) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    assert_eq!(
        links.into_iter().collect::<Vec<_>>(),
        ["https://x.example/a%20b?c=%7Bd%7D&e=f_g#h"]
    );
    assert_eq!(notes.len(), HOSTILE.len());
    for (reference, title) in references.iter().zip(HOSTILE) {
        let title = on_one_line(title);
        assert_eq!(
            notes[&reference.key],
            format!(
                "Ursula von der Leyen, R&D {{Desk}} staff, “{title}”, Statute & Code, 2024-08-01, \
                 Article 5(1), p. iv: “1. Whoever says {title} says it all.”. \
                 https://x.example/a%20b?c=%7Bd%7D&e=f_g#h (accessed 2025-11-25; {}, {})",
                reference.path, reference.hash
            )
        );
    }
}

#[test]
fn control_characters_reach_no_format_raw() {
    let references = references(&["A\u{1b}[31m\u{202e}title\u{7}\u{9b}"]);
    for format in [
        ReferenceFormat::Csl,
        ReferenceFormat::Bibtex,
        ReferenceFormat::Ris,
        ReferenceFormat::Markdown,
    ] {
        let text = written(format, &references);
        let odd = |c: &char| (c.is_control() && !"\r\n".contains(*c)) || *c == '\u{202e}';
        assert_eq!(text.chars().filter(odd).count(), 0, "{text:?}");
    }
}

#[test]
fn kinds_are_types_of_each_format() {
    for (kind, csl, ris) in [
        (Some("law"), "legislation", "STAT"),
        (Some("News"), "article-newspaper", "NEWS"),
        (Some("report"), "report", "RPRT"),
        (Some("guidance"), "report", "RPRT"),
        (Some("speech"), "speech", "GEN"),
        (Some("opinion"), "article-magazine", "MGZN"),
        (Some("something else"), "webpage", "ELEC"),
        (None, "webpage", "ELEC"),
    ] {
        let found = ReferenceKind::of(kind, true);
        assert_eq!((found.csl(), found.ris()), (csl, ris), "{kind:?}");
    }
    assert_eq!(ReferenceKind::of(None, false).csl(), "document");
}

#[test]
fn keys_are_stable_and_distinct() {
    let twice = references(&["The same title", "The same title", "The same title"]);
    let keys: BTreeSet<&str> = twice.iter().map(|it| &*it.key).collect();
    assert_eq!(keys.len(), 3);
    for key in keys {
        assert!(key.starts_with("leyen2024same-"), "{key}");
        assert!(key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
    }
    // The key of one does not depend on the others.
    let alone = references(&["The same title"]);
    assert_eq!(alone[0].key, twice[0].key);
    // Those of one article are one, with what is quoted from it; two with one key are told apart.
    let mut more = twice[0].clone();
    more.quotations[0].start += 1;
    let mut clash = twice[1].clone();
    clash.key = twice[0].key.clone();
    let kept = distinct(vec![twice[0].clone(), more.clone(), twice[0].clone(), clash]);
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0].quotations, [&twice[0].quotations[..], &more.quotations[..]].concat());
    assert_ne!(kept[0].key, kept[1].key);
}

fn cite(desk: &Desk, args: &[&str]) -> crate::util::Run {
    let corpus = project().join("corpus");
    let place = ["cite", "--in", corpus.to_str().unwrap()];
    desk.run(&[&place, args].concat())
}

#[test]
fn the_command_line_cites_articles_hits_and_quotations() {
    let desk = Desk::new();
    let corpus = project().join("corpus");
    assert_eq!(desk.run(&["index", corpus.to_str().unwrap()]).code, 0);
    let path = "eu/what-digital-sovereignty-means-in-brussels.md";
    let run = cite(&desk, &[path, "--accessed", "2025-11-25", "--format", "bibtex"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let read = Bibliography::parse(&run.out).unwrap();
    let entry = read.iter().next().unwrap();
    assert_eq!(entry.author().unwrap()[0].name, "Wendelin");
    assert!(entry.key.starts_with("wendelin2021what-"), "{}", entry.key);

    let quote = "“Rules come first in the list, chips last”";
    let run = cite(&desk, &["--quote", quote, "--json"]);
    let reference = &run.json()[0];
    assert_eq!((&reference["path"], &reference["key"]), (&path.into(), &entry.key.clone().into()));
    let quotation = &reference["quotations"][0];
    assert_eq!(quotation["text"], "Rules come first in the list, chips last");
    assert_eq!((&quotation["line"], &quotation["paragraph"]), (&37.into(), &7.into()));
    assert_eq!(reference["accessed"], Date::today().to_string());
    let elsewhere = cite(&desk, &["uk/bletchley-declaration-summit.html", "--quote", quote]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("in none of these"), "{}", elsewhere.err);

    let run = cite(&desk, &["--query", "\"digital sovereignty\"", "-n", "3", "--format", "csl"]);
    let items: Value = serde_json::from_str(&run.out).unwrap();
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 3);
    items.iter().for_each(check_csl);
    assert!(items.iter().all(|item| item["custom"]["quotations"].as_array().unwrap().len() == 1));
    assert_eq!(cite(&desk, &["--query", "zebra"]).code, 1);
    assert_eq!(cite(&desk, &["eu/none.md"]).code, 2);
    assert_eq!(cite(&desk, &[]).code, 2);
}

#[test]
fn json_of_references_is_what_the_schema_says() {
    let desk = Desk::new();
    let corpus = project().join("corpus");
    assert_eq!(desk.run(&["index", corpus.to_str().unwrap()]).code, 0);
    let validator = schema::validator();
    let lines = cite(&desk, &["--query", "kind:law biometric", "--json"]).json();
    assert!(!lines.is_empty());
    for line in lines {
        schema::holds_every_key(&validator, &line);
    }
}
