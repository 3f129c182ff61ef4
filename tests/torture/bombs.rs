//! Bombs: files that unpack, nest, refer or loop without end, and files that ask to open others.

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};

use crate::measured::{self, mib};
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;

/// What one file may take.
const LONGEST: Duration = Duration::from_secs(60);
const MOST: u64 = 1 << 30;

/// What stands in the file that none may read.
const CANARY: &str = "canaryzwitschert";

/// A ZIP file of these members, each deflated.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(data).unwrap();
        let packed = packed.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(data);
        let mut fields = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        for number in [crc.sum(), packed.len() as u32, data.len() as u32] {
            fields.extend(number.to_le_bytes());
        }
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        let at = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, count) = (out.len() as u32, members.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(data).unwrap();
    packed.finish().unwrap()
}

fn zstd(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 19).unwrap()
}

/// A PDF of these objects, numbered from 1, the first of which is the root.
fn pdf(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = out.len();
    out += &format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    places.iter().for_each(|place| out += &format!("{place:010} 00000 n \n"));
    let trailer = trailer.replace("START", &start.to_string());
    out += &format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\n", places.len() + 1);
    (out + &format!("startxref\n{start}\n%%EOF\n")).into_bytes()
}

fn docx(document: &str) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// An entity that stands for ten of the one before, ten deep; or `outside` the document.
fn entities(outside: Option<&str>, inside: &str) -> String {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE x [\n");
    match outside {
        Some(uri) => {
            text += &format!("<!ENTITY e SYSTEM \"{uri}\">\n<!ENTITY % p SYSTEM \"{uri}\">%p;\n")
        }
        None => {
            text += "<!ENTITY e0 \"bomb\">\n";
            for number in 1..11 {
                let ten = format!("&e{};", number - 1).repeat(10);
                text += &format!("<!ENTITY e{number} \"{ten}\">\n");
            }
            text += "<!ENTITY e \"&e10;\">\n";
        }
    }
    text + "]>\n" + inside
}

const WORD: &str = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>a &e; b</w:t></w:r></w:p></w:body></w:document>"#;
const FLAT: &str = r#"<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>a &e; b</text:p></office:text></office:body></office:document>"#;
const FEED: &str = "<rss version=\"2.0\"><channel><item><title>a &e; b</title><description>c &e; d</description></item></channel></rss>";

/// The bombs by name. `file` and `socket` are the addresses that none may look up.
fn bombs(file: &str, socket: &str) -> Vec<(String, Vec<u8>)> {
    let zeros = vec![b'0'; 100 << 20];
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| all.push((name.to_owned(), bytes));
    add("ratio.zip", zip(&[("a.txt", &zeros)]));
    let names: Vec<String> = (0..200).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &zeros[..8 << 20])).collect();
    add("many-large.zip", zip(&many));
    let tiny: Vec<String> = (0..60_000).map(|n| format!("{n}.txt")).collect();
    add("many-members.zip", zip(&tiny.iter().map(|n| (n.as_str(), &b"a"[..])).collect::<Vec<_>>()));
    let mut nested = zip(&[("a.txt", &zeros[..10 << 20])]);
    for _ in 0..30 {
        nested = zip(&[("in.zip", &nested)]);
    }
    add("nested.zip", nested);
    let mut broad = zip(&[("a.txt", &zeros[..8 << 20])]);
    for _ in 0..5 {
        let ten: Vec<String> = (0..10).map(|n| format!("{n}.zip")).collect();
        broad = zip(&ten.iter().map(|n| (n.as_str(), broad.as_slice())).collect::<Vec<_>>());
    }
    add("ten-of-ten.zip", broad);
    let mut overlap = zip(&[("a.txt", &zeros[..1 << 20])]);
    let end = overlap.len() - 22;
    overlap[end + 8..end + 12].fill(0xFF);
    add("wrong-count.zip", overlap);
    add(
        "climb.zip",
        zip(&[("../../../../tmp/climbed.txt", b"climbed"), ("/etc/climbed.txt", b"x")]),
    );
    add("ratio.txt.gz", gzip(&zeros));
    add("twice.txt.gz.gz", gzip(&gzip(&vec![b'0'; 1 << 30])));
    add("ratio.txt.zst", zstd(&zeros));
    let mut tar = vec![0; 512];
    tar[..5].copy_from_slice(b"a.txt");
    tar[100..107].copy_from_slice(b"0000644");
    tar[124..135].copy_from_slice(b"77777777777");
    tar[156] = b'0';
    tar[257..262].copy_from_slice(b"ustar");
    tar[148..156].fill(b' ');
    let sum: u32 = tar.iter().map(|byte| u32::from(*byte)).sum();
    tar[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    add("huge-member.tar", tar.clone());
    add("huge-member.tar.gz", gzip(&[tar, zeros.clone()].concat()));
    for (name, outside) in
        [("entities", None), ("canary-file", Some(file)), ("canary-socket", Some(socket))]
    {
        add(&format!("{name}.xml"), entities(outside, "<x><p>a &e; b</p></x>").into());
        add(&format!("{name}.rss"), entities(outside, FEED).into());
        add(&format!("{name}.docx"), docx(&entities(outside, WORD)));
        add(&format!("{name}.fodt"), entities(outside, FLAT).into());
    }
    let links = format!(
        "<!DOCTYPE html><title>t</title><base href=\"{socket}\"><meta http-equiv=refresh \
         content=\"0;url={socket}\"><link rel=stylesheet href=\"{socket}\"><script src=\"{socket}\">\
         </script><iframe src=\"{file}\"></iframe><object data=\"{file}\"></object><img src=\"{socket}\"><p>Words."
    );
    add("links.html", links.into());
    add(
        "include.md",
        format!(
            "---\ntitle: !include {file}\n---\n![a]({socket})\n<!--#include file=\"{file}\"-->\n"
        )
        .into(),
    );
    add("external.docx", zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", format!("<Relationships><Relationship Id=\"r1\" Type=\"officeDocument\" TargetMode=\"External\" Target=\"{file}\"/></Relationships>").as_bytes()),
    ]));
    add("nested.html", format!("<!DOCTYPE html><body>{}deep", "<div>".repeat(220_000)).into());
    add("unclosed.html", format!("<!DOCTYPE html><body>{}deep", "<b><i><p>".repeat(60_000)).into());
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
    add("attributes.html", format!("<!DOCTYPE html><p{attributes}>Words.").into());
    add("tables.html", format!("<!DOCTYPE html>{}deep", "<table><tr><td>".repeat(50_000)).into());
    add(
        "nested.xml",
        format!("<x>{}deep{}</x>", "<y>".repeat(300_000), "</y>".repeat(300_000)).into(),
    );
    let mut yaml = String::from("---\na0: &a0 [x, x]\n");
    for number in 1..40 {
        yaml += &format!("a{number}: &a{number} [*a{0}, *a{0}]\n", number - 1);
    }
    add("aliases.md", (yaml + "---\nWords.\n").into());
    add("deep-yaml.md", format!("---\na: {}\n---\nWords.\n", "[".repeat(200_000)).into());
    add("quotes.md", format!("{}deep\n", "> ".repeat(100_000)).into());
    add("lists.md", (0..3000).map(|n| " ".repeat(n * 2) + "- a\n").collect::<String>().into());
    add("brackets.md", "[".repeat(300_000).into());
    add("stars.md", "*a_ ".repeat(200_000).into());
    add("links.md", "[a](".repeat(200_000).into());
    add("deep.json", ("[".repeat(500_000) + &"]".repeat(500_000)).into());
    add("deep.jsonl", ("{\"text\":".repeat(200_000) + "\n").into());
    add("columns.csv", ("a,".repeat(2_000_000) + "\n" + &"b,".repeat(2_000_000)).into());
    add("quote.csv", ("a,text\n1,\"".to_owned() + &"x\n".repeat(4 << 20)).into());
    add("groups.rtf", ("{\\rtf1 ".to_owned() + &"{".repeat(2_000_000)).into());
    let parts: String = (0..20_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    add("parts.eml", format!("From: a@b.c\nSubject: s\nMIME-Version: 1.0\n{parts}").into());
    add(
        "headers.eml",
        ("From: a@b.c\n".to_owned() + &"X-A: b\n".repeat(1_000_000) + "\nWords.").into(),
    );
    add("from.mbox", "From a@b.c Thu Jan  1 00:00:00 1970\n\n".repeat(300_000).into());
    add("cues.srt", "1\n00:00:00,000 --> 00:00:01,000\n".repeat(200_000).into());
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>";
    add(
        "page-loop.pdf",
        pdf(&["<< /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 >>", page], ""),
    );
    add(
        "prev-loop.pdf",
        pdf(
            &["<< /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page],
            "/Prev START",
        ),
    );
    add(
        "form-loop.pdf",
        pdf(
            &[
                "<< /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
                "<< /Length 12 >>\nstream\n/F Do /F Do \nendstream",
                "<< /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >> /Length 12 >>\nstream\n/F Do /F Do \nendstream",
            ],
            "",
        ),
    );
    add(
        "length-loop.pdf",
        pdf(
            &[
                "<< /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
                "<< /Length 4 0 R >>\nstream\nBT ET\nendstream",
            ],
            "",
        ),
    );
    add(
        "arrays.pdf",
        pdf(
            &["<< /Pages 2 0 R >>", &format!("<< /Type /Pages /Kids {} >>", "[".repeat(200_000))],
            "",
        ),
    );
    add(
        "outline-loop.pdf",
        pdf(
            &[
                "<< /Pages 2 0 R /Outlines 4 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                page,
                "<< /First 5 0 R /Last 5 0 R >>",
                "<< /Title (a) /Next 5 0 R /First 4 0 R /Parent 4 0 R >>",
            ],
            "",
        ),
    );
    all
}

/// Lets the program read each bomb by itself, then all in one folder.
pub(crate) fn defused(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    std::fs::write(desk.path("canary.txt"), CANARY).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    let file = format!("file://{}", desk.path("canary.txt").display());
    let socket = format!("http://{}/x", listener.local_addr().unwrap());
    let bombs = bombs(&file, &socket);
    trial.wanted = trial.wanted.max(bombs.len() as u64);
    let (mut slowest, mut peak) = ((Duration::ZERO, String::new()), (0, String::new()));
    let touched = |listener: &TcpListener| listener.accept().is_ok();
    for (name, bytes) in &bombs {
        if !trial.goes_on() {
            break;
        }
        desk.write(name, bytes);
        let mut command = desk.command(&["extract", "--json", &format!("corpus/{name}")]);
        let ended = measured::run(&mut command, LONGEST + Duration::from_secs(5));
        let memory = ended.peak.max(ended.worker_peak);
        let size = bytes.len();
        ensure(!ended.stopped && ended.elapsed <= LONGEST, || {
            format!("{name} takes {:?}", ended.elapsed)
        })?;
        ensure(memory <= MOST, || format!("{name} takes {} MiB", mib(memory)))?;
        ensure((0..=2).contains(&ended.run.code), || format!("{name}: {}", ended.run.err))?;
        let said = [ended.run.out.as_str(), &ended.run.err].concat();
        for word in ["internal error", "the reader failed", "crashed"] {
            ensure(!said.contains(word), || format!("{name}: {}", ended.run.err))?;
        }
        ensure(!said.contains(CANARY), || format!("{name} reads the canary"))?;
        ensure(!touched(&listener), || format!("{name} opens a connection"))?;
        if ended.elapsed > slowest.0 {
            slowest = (ended.elapsed, format!("{name}, {size} bytes"));
        }
        if memory > peak.0 {
            peak = (memory, format!("{name}, {size} bytes"));
        }
        trial.reached += 1;
    }
    if (trial.reached as usize) < bombs.len() {
        return Ok(());
    }
    let time = LONGEST * bombs.len() as u32;
    let mut command = desk.command(&["index", "corpus", "--index", "index", "--json"]);
    let ended = measured::run(&mut command, time);
    ensure(!ended.stopped && ended.run.code == 0, || format!("all: {}", ended.run.err))?;
    ensure(!ended.run.out.contains(CANARY) && !touched(&listener), || "all: the canary".into())?;
    let run = desk.run(&["search", "--index", "index", "--count", CANARY]);
    ensure(run.code == 1, || format!("the canary is in the index: {}", run.out))?;
    trial.note(format!(
        "slowest {:.1?} ({}), most memory {} MiB ({}); all in one folder {:.1?}, {} MiB, worker {} MiB",
        slowest.0, slowest.1, mib(peak.0), peak.1, ended.elapsed, mib(ended.peak), mib(ended.worker_peak)
    ));
    Ok(())
}
