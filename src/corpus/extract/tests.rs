//! Whole files in, articles out.

use std::io::Write;

use super::file::{guarded, unknown_format};
use super::*;
use crate::{BlockKind, Language, Origin};

fn articles(path: &str, bytes: &[u8]) -> Vec<Article> {
    let mut articles = Vec::new();
    if let Err(unreadable) = extract(path, bytes, &mut |article| articles.push(article)) {
        assert!(articles.is_empty(), "{unreadable}");
    }
    articles
}

fn article(path: &str, text: &str) -> Article {
    articles(path, text.as_bytes()).remove(0)
}

fn unreadable(path: &str, bytes: &[u8]) -> String {
    extract(path, bytes, &mut |_| panic!("{path} was read")).unwrap_err().reason
}

#[test]
fn the_content_tells_the_format_before_the_name_does() {
    let format = |path: &str, bytes: &[u8]| extract(path, bytes, &mut |_| {}).unwrap().format;
    assert_eq!(format("a.md", b"# T\n"), "Markdown");
    assert_eq!(format("README", b"text\n"), "plain text");
    assert_eq!(format("a.b", b"text\n"), "plain text");
    assert_eq!(format("a.txt", b"{\"text\":\"x\"}\n{\"text\":\"y\"}\n"), "JSON Lines");
    assert_eq!(format("a.txt", b"{x} is a set\n"), "plain text");
    let reason = unreadable("a.md", b"%PDF-1.7\n");
    let pdf = if cfg!(feature = "pdf") { "damaged" } else { "PDF is not read by this version" };
    assert!(reason.contains(pdf), "{reason}");
    assert_eq!(unreadable("a.odg", b"<graphics>"), "OpenDocument is not read by this version");
    assert_eq!(
        unreadable("a.7z", b"7z\xBC\xAF\x27\x1C x"),
        "A file packed by bzip2, xz, lz4, 7-Zip or RAR is not read by this version"
    );
    assert_eq!(unreadable("a.txt", b"\x89PNG\r\n\x1A\n"), "An image is not read by this version");
    assert_eq!(unreadable("a.py", b"x = 1"), "Program text is not read by this version");
    assert_eq!(unreadable("a.txt", b"\x01\x02\0\0\0\x05abc"), "is binary data, not text");
    assert_eq!(unreadable("a.txt", b""), "is empty");
    assert_eq!(unreadable("a.md", b"\n \n"), "holds no text");
}

#[test]
fn a_title_is_found_and_told_where_from() {
    let kinds = |a: &Article| a.blocks.iter().map(|b| b.kind).collect::<Vec<_>>();
    let origin = |a: &Article| a.metadata.origins["title"];
    use BlockKind::{Heading, Paragraph, Title};

    let a = article("a.md", "---\ntitle: \"The AI Act\"\n---\n# The  *AI* Act!\n\nText\n");
    assert_eq!(
        (a.metadata.title.as_deref(), origin(&a)),
        (Some("The AI Act"), Origin::FrontMatter)
    );
    assert_eq!(kinds(&a), [Title, Paragraph]);

    let a = article("a.md", "---\ntitle: The AI Act\n---\n# Background\n\nText\n");
    assert_eq!(kinds(&a), [Title, Heading(1), Paragraph]);
    assert_eq!(a.blocks[0].line, None);

    let a = article("a.md", "Text\n\n# Background\n\n## More\n");
    assert_eq!((a.metadata.title.as_deref(), origin(&a)), (Some("Background"), Origin::Document));

    // Of several headings of one level, none is the title.
    let a = article("a.md", "Text\n\n## Background\n\n## More\n");
    assert_eq!(a.metadata.title.as_deref(), Some("Text"));
    assert_eq!(kinds(&a), [Paragraph, Heading(2), Heading(2)]);

    let a = article("a.txt", &format!("{}\n", "word ".repeat(40)));
    let title = a.metadata.title.unwrap();
    assert!(title.len() <= 120 && title.ends_with("word"), "{title}");

    let a = article("notes/2024 plan.txt", "…\n");
    assert_eq!((a.metadata.title.as_deref(), origin(&a)), (Some("2024 plan"), Origin::Path));
}

#[test]
fn keys_are_read_by_their_many_names() {
    let a = article(
        "a.md",
        "---\nheadline: T\npubDate: 2024-08-01T10:00:00Z\nbyline: By Jane Doe & John Roe\nlang: en-GB\n\
         outlet: Policy Post\nlink: https://example.org/a\nkeywords: ai, law\ncategories: [law, data]\n\
         category: analysis\ncountry: France\nweight: 3\nnested: {a: 1}\n---\nText\n",
    );
    let m = &a.metadata;
    assert_eq!(m.date.unwrap().to_string(), "2024-08-01");
    assert_eq!(m.authors, ["Jane Doe", "John Roe"]);
    assert_eq!(m.language, Some(Language::ENGLISH));
    assert_eq!(m.source.as_deref(), Some("Policy Post"));
    assert_eq!(m.url.as_deref(), Some("https://example.org/a"));
    assert_eq!(m.tags, ["ai", "law", "data"]);
    assert_eq!(m.kind.as_deref(), Some("analysis"));
    assert_eq!(m.jurisdiction.as_deref(), Some("France"));
    assert_eq!(m.extra["weight"], "3");
    assert_eq!(m.extra["nested"], "{\"a\":1}");

    // One desk with an `and`, one person with a comma, an address under `source`, no date.
    let a = article(
        "a.md",
        "---\nauthor: Ministry of Science and Technology\nsource: https://example.org\ndate: soon\n---\nText\n",
    );
    assert_eq!(a.metadata.authors, ["Ministry of Science and Technology"]);
    assert_eq!((a.metadata.source, a.metadata.url.as_deref()), (None, Some("https://example.org")));
    assert_eq!((a.metadata.date, a.metadata.extra["date"].as_str()), (None, "soon"));
    assert_eq!(a.notes, ["the date \"soon\" was not understood"]);
    let a = article("a.md", "---\nauthor: Doe, Jane\n---\nText\n");
    assert_eq!(a.metadata.authors, ["Doe, Jane"]);
}

#[test]
fn a_declared_language_gives_way_only_to_a_long_text_in_another() {
    let german =
        "Die Verordnung enthält harmonisierte Vorschriften für den Markt und die Systeme. ";
    let language = |declared: &str, text: &str| {
        let a = article("a.md", &format!("---\ntitle: T\nlang: {declared}\n---\n{text}\n"));
        (a.metadata.language.unwrap().code().to_owned(), a.notes.len())
    };
    assert_eq!(language("en", &german.repeat(5)), ("de".to_owned(), 1));
    assert_eq!(language("en", german), ("en".to_owned(), 0));
    assert_eq!(language("Deutsch", &german.repeat(5)), ("de".to_owned(), 0));
    assert_eq!(article("a.md", "AI Act\n").metadata.language, None);
}

#[test]
fn records_are_articles_and_broken_lines_are_named() {
    let lines = "\u{FEFF}{\"id\":\"a\",\"title\":\"T\",\"text\":\"One sover-\\neignty.\\n\\nTwo\\nlines.\",\"lang\":\"en\",\"x\":1}\n\
        \n{\"id\":\"a\",\"body\":\"Again\"}\r\n[1]\n{\"id\": broken\n{\"content\":\"No id\"}\n{\"id\":7,\"text\":\"\"}\n{\"id\":8,\"text\":\"Eight\"}";
    let mut found = Vec::new();
    let read = extract("f.jsonl", lines.as_bytes(), &mut |article| found.push(article)).unwrap();
    let paths: Vec<_> = found.iter().map(|article| article.path.as_str()).collect();
    assert_eq!(paths, ["f.jsonl#a", "f.jsonl#a~2", "f.jsonl#6", "f.jsonl#8"]);
    assert_eq!(read.articles, 4);
    let broken: Vec<_> = read.broken.iter().map(|b| b.split(':').next().unwrap()).collect();
    assert_eq!(broken, ["line 4", "line 5", "line 7"]);
    let texts: Vec<_> = found[0].blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["T", "One sovereignty.", "Two lines."]);
    assert!(found[0].blocks[2].breaks.is_empty());
    assert_eq!(found[0].blocks[2].line, Some(1));
    assert_eq!(found[2].blocks[0].line, Some(6));
    assert_eq!(found[0].metadata.extra["x"], "1");
    assert_eq!(found[1].notes.len(), 1);
    // Without blank lines, every line is a paragraph.
    let a = articles("f.jsonl", b"{\"text\":\"One\\nTwo\"}\n");
    assert_eq!(a[0].blocks.len(), 2);
}

#[test]
fn packed_files_are_read_and_bombs_are_not() {
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    assert_eq!(articles("a.md.gz", &gzip(b"# T\n\nText\n"))[0].blocks.len(), 2);
    let zstd = zstd::encode_all(&b"{\"id\":1,\"text\":\"x\"}\n"[..], 3).unwrap();
    assert_eq!(articles("a.jsonl.zst", &zstd)[0].path, "a.jsonl.zst#1");
    assert_eq!(
        unreadable("a.txt.gz", &gzip(&gzip(b"x"))),
        "is packed twice, which is not read by this version"
    );
    let bomb = gzip(&vec![b'a'; 32 << 20]);
    assert!(unreadable("a.txt.gz", &bomb).contains("200 times"), "{}", bomb.len());
    let cut = gzip(b"{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
    assert!(unreadable("a.txt.gz", &cut[..cut.len() / 2]).contains("cannot be read"));
}

#[test]
fn encodings_are_told_apart() {
    let text =
        "La souveraineté numérique de l’Union: où, à côté d’élèves, naïvement, ça coûte 5 €.";
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let utf32 = text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<u8>>();
    let cases: Vec<Vec<u8>> = vec![
        text.into(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        [b"\xFF\xFE".to_vec(), wide(u16::to_le_bytes)].concat(),
        [b"\xFE\xFF".to_vec(), wide(u16::to_be_bytes)].concat(),
        [b"\xFF\xFE\0\0".to_vec(), utf32].concat(),
    ];
    for case in cases {
        assert_eq!(articles("a.txt", &case)[0].blocks[0].text, text, "{case:?}");
    }
    // UTF-8 with one broken byte stays UTF-8, and the byte is accounted for.
    let mut damaged = text.repeat(3).into_bytes();
    damaged.insert(40, 0xFF);
    let a = articles("a.txt", &damaged).remove(0);
    assert!(a.blocks[0].text.contains("élèves"));
    assert_eq!(a.notes, ["1 character is not valid UTF-8 and was replaced by \u{FFFD}"]);
    let lines = articles("a.txt", b"one\r\rtwo\r\n\r\nthree");
    assert_eq!(lines[0].blocks.len(), 3);
}

/// The folder of test data; None, with the reason printed, where it is missing.
fn data() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("POLIDEX_DATA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        std::path::PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is missing; set POLIDEX_DATA", folder.display());
    None
}

#[test]
#[ignore = "reads the test data folder"]
fn real_files_give_articles_or_a_reason() {
    let Some(data) = data() else { return };
    for folder in ["policy", "malformed", "big"] {
        let corpus = crate::Corpus::open(data.join(folder)).unwrap();
        let mut counts = std::collections::BTreeMap::<String, u64>::new();
        let (mut articles, mut bytes, mut slowest) = (0u64, 0u64, (0, String::new()));
        let start = std::time::Instant::now();
        for entry in corpus.walk() {
            let crate::corpus::Entry::File(file) = entry else {
                *counts.entry("skipped".to_owned()).or_default() += 1;
                continue;
            };
            let begun = std::time::Instant::now();
            let mut emitted = 0;
            let result = corpus.read(&file, &mut |article| {
                emitted += 1;
                bytes += article.blocks.iter().map(|block| block.text.len() as u64).sum::<u64>();
            });
            slowest = slowest.max((begun.elapsed().as_millis(), file.path.clone()));
            let key = match result {
                Ok(read) => {
                    assert_eq!(read.articles, emitted);
                    articles += emitted;
                    read.format.to_owned()
                }
                Err(unreadable) => {
                    assert_eq!(emitted, 0);
                    unreadable.reason.split(':').next().unwrap_or_default().to_owned()
                }
            };
            *counts.entry(key).or_default() += 1;
        }
        eprintln!("{folder}: {articles} articles, {bytes} bytes of text in {:?}", start.elapsed());
        eprintln!("  slowest {slowest:?}; {counts:#?}");
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        eprintln!("{:?}", status.lines().find(|line| line.starts_with("VmHWM")));
    }
}

#[test]
#[ignore = "reads the test data folder"]
fn one_text_in_six_encodings_is_one_article() {
    let Some(data) = data() else { return };
    let folder = data.join("policy/encodings");
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let mut compared = 0;
    for line in manifest.lines().skip(1) {
        let [encoding, file, "0"] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let text = |encoding: &str| {
            let bytes = std::fs::read(folder.join(encoding).join(file)).ok()?;
            articles(file, &bytes).first().map(Article::text)
        };
        let (Some(found), Some(utf8)) = (text(encoding), text("utf-8")) else { continue };
        assert_eq!(found, utf8, "{encoding}/{file}");
        compared += 1;
    }
    eprintln!("{compared} files compared");
}

#[test]
fn encodings_that_no_mark_and_no_detector_tells() {
    // Article 1 of the Universal Declaration of Human Rights, as the United Nations give it.
    let text = "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены \
                разумом и совестью и должны поступать в отношении друг друга в духе братства. Я и \
                моя семья.";
    let little: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    let mac: Vec<u8> = encoding_rs::X_MAC_CYRILLIC.encode(text).0.into_owned();
    let windows: Vec<u8> = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    for (name, bytes) in [
        ("little", little),
        ("big", big),
        ("mac", mac),
        ("windows", windows),
        ("koi8", encoding_rs::KOI8_R.encode(text).0.into_owned()),
    ] {
        let found = articles("a.txt", &bytes).remove(0);
        assert_eq!(found.text(), text, "{name}");
    }
}

#[test]
fn a_line_under_the_title_dates_a_text() {
    for (file, text, expected) in [
        ("a.md", "# On chips\n\nBrussels, 12 July 2024\n\nA long story.\n", Some("2024-07-12")),
        ("a.md", "# On chips\n\n*Publié le 3 mai 2024*\n\nText.\n", Some("2024-05-03")),
        ("a.txt", "On chips\n\nBy Ada Lovelace, 3 May 2024\n\nText.\n", Some("2024-05-03")),
        ("a.md", "# On chips\n\nThe Act applies from 2 August 2026 on.\n", None),
        ("a.md", "# On chips\n\n© 3 May 2024 Gazette\n", None),
        ("a.md", "# On chips, 3 May 2024\n\nText.\n", None),
    ] {
        let date = article(file, text).metadata.date.map(|date| date.to_string());
        assert_eq!(date.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_reader_that_panics_fails_at_its_file_and_no_more() {
    let text = || {
        finish(
            "a",
            "a",
            Draft { blocks: vec![Block::new(BlockKind::Paragraph, "x")], ..Draft::default() },
            Lines::Inner,
        )
        .unwrap()
        .article
    };
    let bytes: &[u8] = b"";
    let failed = guarded("F", &mut |_| {}, |_| panic!("index {} is\nout of bounds", bytes.len()));
    assert_eq!(failed.unwrap_err().reason, "the reader failed: index 0 is out of bounds");
    let mut articles = 0;
    let partly = guarded("F", &mut |_| articles += 1, |emit| {
        emit(text());
        panic!("b")
    });
    let partly = partly.unwrap();
    assert_eq!((partly.articles, articles), (1, 1));
    assert_eq!(partly.broken, ["the rest: the reader failed: b"]);
    // What whoever takes the articles does wrong is not the file's fault.
    let theirs = std::panic::catch_unwind(|| {
        guarded("F", &mut |_| panic!("theirs"), |emit| {
            emit(text());
            Err(unknown_format())
        })
    });
    assert!(theirs.is_err());
}
