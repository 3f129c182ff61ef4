//! Readers in processes of their own: what a worker that hangs, dies or lies costs.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use polidex::{
    Article, Corpus, Error, Extracted, Extractor, Index, Isolation, Unreadable, UpdateOptions,
    Workers,
};

use crate::util::{Desk, project};

const BINARY: &str = env!("CARGO_BIN_EXE_polidex");

/// Workers of the real program, for every format.
fn real() -> Workers {
    Workers { all_formats: true, ..Workers::new(BINARY) }
}

/// Workers that a shell plays, with half a second for a file.
fn played(script: &str) -> Workers {
    Workers {
        command: "/bin/sh".into(),
        args: vec!["-c".into(), script.into()],
        timeout: Duration::from_millis(500),
        ..real()
    }
}

/// A script that plays a worker which greets and then does `deed`.
fn greeting(deed: &str) -> String {
    format!("printf 'polidex-worker 1\\n'; {deed}")
}

/// A script that does `deed` when it is started first, and is the real worker later.
fn at_first(deed: &str, desk: &Desk) -> String {
    let mark = desk.path("started");
    format!(
        "if mkdir '{}' 2>/dev/null; then {}; else exec '{BINARY}' extract-worker; fi",
        mark.display(),
        greeting(deed)
    )
}

fn read(workers: Workers, bytes: &[u8]) -> Result<Extracted, Unreadable> {
    let mut extractor = Extractor::new(&Isolation::Workers(workers));
    extractor.read_bytes("a.md", bytes, &mut |_| {}).unwrap()
}

fn reason(workers: Workers) -> String {
    read(workers, b"# Title\n\nText.\n").unwrap_err().reason
}

#[test]
fn a_worker_reads_what_this_process_reads() {
    let corpus = Corpus::open(project().join("corpus")).unwrap();
    let mut here = Extractor::new(&Isolation::InProcess);
    let mut there = Extractor::new(&Isolation::Workers(real()));
    let mut articles = 0;
    for entry in corpus.walk() {
        let polidex::corpus::Entry::File(file) = entry else { continue };
        let read = |extractor: &mut Extractor| {
            let mut articles: Vec<Article> = Vec::new();
            let read = extractor.read(&corpus, &file, &mut |article| articles.push(article));
            (read.unwrap(), articles)
        };
        let (mine, theirs) = (read(&mut here), read(&mut there));
        articles += mine.1.len();
        assert!(mine == theirs, "{}", file.path);
    }
    assert!(articles >= 69, "{articles}");
}

/// A ZIP file of these members, none of them packed.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let at = (out.len() as u32).to_le_bytes();
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let size = (text.len() as u32).to_le_bytes();
        let length = (name.len() as u16).to_le_bytes();
        let head =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &crc.sum().to_le_bytes()[..], &size, &size, &length]
                .concat();
        out.extend([b"PK\x03\x04", &head[..], &[0; 2], name.as_bytes(), text.as_bytes()].concat());
        let entry = [b"PK\x01\x02\x14\0", &head[..], &[0; 12], &at, name.as_bytes()].concat();
        directory.extend(entry);
    }
    let count = (members.len() as u16).to_le_bytes();
    let (size, at) = ((directory.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes());
    out.extend(directory);
    out.extend([b"PK\x05\x06", &[0; 4][..], &count, &count, &size, &at, &[0; 2]].concat());
    out
}

#[test]
fn a_confined_worker_reads_pdf_and_word() {
    let text = "BT /F1 12 Tf 20 100 Td (Digital sovereignty is the aim.) Tj ET";
    let pdf = format!(
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
         2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n\
         4 0 obj\n<</Length {}>>\nstream\n{text}\nendstream\nendobj\n\
         5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n\
         trailer\n<</Size 6/Root 1 0 R>>\n%%EOF\n",
        text.len()
    );
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let document = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Digital sovereignty is the aim.</w:t></w:r></w:p></w:body></w:document>"#;
    let docx = zip(&[
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations),
        ("word/document.xml", document),
    ]);
    let mut extractor = Extractor::new(&Isolation::Workers(Workers::new(BINARY)));
    for (name, bytes) in [("a.pdf", pdf.as_bytes()), ("a.docx", &docx)] {
        let mut words = String::new();
        let mut read = |article: Article| words += &article.blocks[0].text;
        extractor.read_bytes(name, bytes, &mut read).unwrap().unwrap();
        assert_eq!(words, "Digital sovereignty is the aim.", "{name}");
    }
}

#[test]
fn lines_and_pages_without_text_pass_through_a_worker() {
    let code = b"```\nfirst\n\n\nlast\n```\n";
    assert_eq!(read(real(), code).unwrap().articles, 1);
}

#[test]
fn a_large_text_is_read_by_a_worker_and_a_small_one_here() {
    let text = b"A paragraph of some words.\n\n".repeat(50_000);
    // Were it read here, no worker would be missed.
    let none = Workers { command: "/nowhere/polidex".into(), ..Workers::new("") };
    let mut extractor = Extractor::new(&Isolation::Workers(none));
    let (small, large) = (&text[..28 * 1000], &text[..]);
    let read = |extractor: &mut Extractor, text| extractor.read_bytes("a.txt", text, &mut |_| {});
    assert_eq!(read(&mut extractor, small).unwrap().unwrap().articles, 1);
    assert!(read(&mut extractor, large).is_err());
    let workers = Workers { all_formats: false, ..real() };
    let mut extractor = Extractor::new(&Isolation::Workers(workers));
    assert_eq!(read(&mut extractor, large).unwrap().unwrap().articles, 1);
}

#[test]
fn a_worker_that_hangs_is_stopped_and_the_run_goes_on() {
    let desk = Desk::with(&[("a.md", "# Alpha\n"), ("b.md", "# Beta\n"), ("c.md", "# Gamma\n")]);
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let index = Index::create(desk.path("index")).unwrap();
    let workers = played(&at_first("exec sleep 60", &desk));
    let mut options = UpdateOptions {
        threads: 1,
        isolation: Isolation::Workers(workers.clone()),
        ..UpdateOptions::default()
    };
    let report = index.update(&corpus, &options).unwrap();
    assert_eq!((report.added, report.failed), (2, 1));
    assert_eq!(report.problems[0].path, "a.md");
    assert_eq!(report.problems[0].reason, "took longer than 0.5 s (--extract-timeout)");

    // It is not tried again for nothing, but with another limit it is.
    let report = index.update(&corpus, &options).unwrap();
    assert_eq!((report.committed, report.failed), (false, 1));
    options.isolation = Isolation::Workers(Workers { timeout: Duration::from_secs(20), ..workers });
    let report = index.update(&corpus, &options).unwrap();
    assert_eq!((report.added, report.failed, report.articles), (1, 0, 3));
}

#[test]
fn a_worker_that_dies_is_replaced_and_its_last_words_are_the_reason() {
    let desk = Desk::new();
    let workers = played(&at_first("echo 'what a file' >&2; exit 3", &desk));
    let mut extractor = Extractor::new(&Isolation::Workers(Workers {
        timeout: Duration::from_secs(20),
        ..workers
    }));
    let mut read = || extractor.read_bytes("a.md", b"# Title\n", &mut |_| {}).unwrap();
    assert_eq!(
        read().unwrap_err().reason,
        "the reader crashed: it ended with exit code 3: what a file"
    );
    assert_eq!(read().unwrap().articles, 1);

    let died = |deed: &str| reason(played(&greeting(deed)));
    assert_eq!(died("kill -SEGV $$"), "the reader crashed: signal 11");
    assert_eq!(died("kill -XCPU $$"), "took longer than 0.5 s (--extract-timeout)");
    assert_eq!(
        died("echo \"thread 'main' has overflowed its stack\" >&2; kill -ABRT $$"),
        "the reader crashed: its stack overflowed"
    );
    // Whatever it says, a terminal can show it.
    assert_eq!(
        died("printf 'a\\033[31mb\\n' >&2; exit 1"),
        "the reader crashed: it ended with exit code 1: a [31mb"
    );
}

#[test]
fn a_file_that_needs_too_much_memory_costs_only_itself() {
    let desk = Desk::new();
    desk.write("a-large.md", "A line of text, and not a short one at that.\n\n".repeat(400_000));
    desk.write("b-small.md", "# Small\n");
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let index = Index::in_memory().unwrap();
    let isolation = Isolation::Workers(Workers { memory: 64 << 20, ..real() });
    let options = UpdateOptions { isolation, ..UpdateOptions::default() };
    let report = index.update(&corpus, &options).unwrap();
    assert_eq!((report.added, report.failed), (1, 1));
    assert_eq!(report.problems[0].path, "a-large.md");
    assert_eq!(report.problems[0].reason, "needed more than 64 MiB of memory (--extract-memory)");
}

#[test]
fn what_is_no_worker_ends_the_update_and_blames_no_file() {
    let desk = Desk::with(&[("a.md", "# Alpha\n")]);
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let index = Index::create(desk.path("index")).unwrap();
    for script in ["exit 1", "echo polidex-worker 2; cat", "exec sleep 60", "exec '/no such'"] {
        let isolation = Isolation::Workers(played(script));
        let options = UpdateOptions { isolation, ..UpdateOptions::default() };
        let error = index.update(&corpus, &options).unwrap_err();
        assert!(
            matches!(&error, Error::Io { path, .. } if path == Path::new("/bin/sh")),
            "{error}"
        );
        assert_eq!(index.status().unwrap().files, 0);
    }
    let missing = Workers::new(desk.path("missing"));
    let mut extractor =
        Extractor::new(&Isolation::Workers(Workers { all_formats: true, ..missing }));
    assert!(extractor.read_bytes("a.md", b"# Title\n", &mut |_| {}).is_err());
}

#[test]
fn a_worker_that_lies_is_not_believed() {
    // No frame is so long; and one that ends too early; and one before the file was given.
    for lie in ["printf '\\377\\377\\377\\377'; cat >/dev/null", "printf '\\2\\0\\0\\0ab'; cat"] {
        let reason = reason(played(&greeting(lie)));
        assert_eq!(reason, "the reader crashed: what it sent is garbled");
    }
    let many = "# Title\n\n".repeat(1 << 20);
    let early =
        read(played(&greeting("printf '\\3\\0\\0\\0\\2\\1a'; exec sleep 60")), many.as_bytes());
    assert_eq!(early.unwrap_err().reason, "the reader crashed: it answered too early");
}

/// How many files whoever started this process has passed on to it and so to all that it starts.
#[cfg(target_os = "linux")]
fn passed_on() -> usize {
    const CLOSED_ON_EXEC: u32 = 0o2_000_000;
    let flags = std::fs::read_dir("/proc/self/fdinfo").unwrap().filter_map(|entry| {
        let entry = entry.ok()?;
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let info = std::fs::read_to_string(entry.path()).ok()?;
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
        let flags = u32::from_str_radix(flags.trim(), 8).ok()?;
        (number > 2).then_some(flags)
    });
    flags.filter(|flags| flags & CLOSED_ON_EXEC == 0).count()
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_has_its_pipes_and_nothing_else() {
    // What this process has opened is not passed on.
    let _open = std::fs::File::open(project().join("Cargo.toml")).unwrap();
    let told = |deed: &str| {
        reason(Workers { timeout: Duration::from_secs(20), ..played(&greeting(deed)) })
    };
    assert_eq!(
        told("env | grep -c CARGO >&2; exit 1"),
        "the reader crashed: it ended with exit code 1: 0"
    );
    assert_eq!(
        told("ls -l /proc/self/fd | grep -c Cargo.toml >&2; exit 1"),
        "the reader crashed: it ended with exit code 1: 0"
    );

    // The real one gives up more.
    let mut worker = Command::new(BINARY)
        .arg("extract-worker")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut hello = String::new();
    BufReader::new(worker.stdout.as_mut().unwrap()).read_line(&mut hello).unwrap();
    assert!(hello.starts_with("polidex-worker 1"), "{hello}");
    let process = Path::new("/proc").join(worker.id().to_string());
    let link = |number: &str| std::fs::read_link(process.join("fd").join(number)).unwrap();
    assert_eq!(process.join("fd").read_dir().unwrap().count(), 4 + passed_on());
    // A stray print goes where messages go, not among the articles.
    assert_eq!(link("1"), link("2"));
    assert_ne!(link("1"), link("3"));
    let limits = std::fs::read_to_string(process.join("limits")).unwrap();
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[26..].split_whitespace().next().unwrap().to_owned()
    };
    assert!(limit("Max open files").parse::<usize>().unwrap() <= 4 + passed_on());
    assert_eq!(limit("Max processes"), "0");
    assert_eq!(limit("Max file size"), "0");
    assert_eq!(limit("Max core file size"), "0");
    // The kernel says the same of it as it does itself. Root, which no limit of processes holds, has
    // no other way to be held.
    let status = std::fs::read_to_string(process.join("status")).unwrap();
    let says = |line: &str| status.lines().any(|said| said.replace('\t', " ") == line);
    assert_eq!(hello.contains(" seccomp"), says("Seccomp: 2"), "{hello}{status}");
    let confinement = real().confinement().unwrap();
    for name in ["landlock", "seccomp"] {
        let there = confinement.names().any(|there| there == name);
        assert_eq!(hello.contains(&format!(" {name}")), there, "{hello}");
    }
    assert!(says("NoNewPrivs: 1") || confinement.names().count() == 0, "{status}");
    // It ends with the process that it serves.
    worker.stdin.take().unwrap().flush().unwrap();
    assert!(worker.wait().unwrap().success());
}
