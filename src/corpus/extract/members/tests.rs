//! Files that hold several articles or files: what is found in them, and what is not.

use std::io::Write;

use crate::corpus::extract::zipped::tests::pack;
use crate::corpus::extract::{extract, read_within};
use crate::{Article, BlockKind, Origin};

use super::*;

fn read(path: &str, bytes: impl AsRef<[u8]>) -> (Vec<Article>, Vec<String>) {
    let mut articles = Vec::new();
    match extract(path, bytes.as_ref(), &mut |article| articles.push(article)) {
        Ok(extracted) => {
            assert_eq!(extracted.articles, articles.len() as u64);
            (articles, extracted.broken)
        }
        Err(unreadable) => {
            assert!(articles.is_empty());
            (articles, vec![unreadable.reason])
        }
    }
}

/// The articles of a file of which everything is read.
fn all(path: &str, bytes: impl AsRef<[u8]>) -> Vec<Article> {
    let (articles, broken) = read(path, bytes);
    assert!(broken.is_empty(), "{broken:?}");
    articles
}

fn paths(articles: &[Article]) -> Vec<&str> {
    articles.iter().map(|article| article.path.as_str()).collect()
}

fn texts(article: &Article) -> Vec<(BlockKind, &str)> {
    article.blocks.iter().map(|block| (block.kind, block.text.as_str())).collect()
}

fn times(articles: &[Article], words: &str) -> usize {
    articles.iter().map(|article| article.text().matches(words).count()).sum()
}

const MAIL: &str = "Received: from a by b; Mon, 3 Jun 2024 23:30:00 -0500\n\
From: =?utf-8?q?J=C3=A9r=C3=B4me?= Dupont <jd@example.org>\n\
To: Policy Desk <desk@example.org>\n\
Subject: =?iso-8859-1?Q?Souverainet=E9_num=E9rique?=\n\
Date: Mon, 3 Jun 2024 23:30:00 -0500\n\
Message-ID: <abc@example.org>\n\
List-Id: EU policy digest <digest.example.org>\n\
MIME-Version: 1.0\n";

#[cfg(feature = "mail")]
#[test]
fn a_message_is_an_article_and_its_head_is_no_text() {
    let body = "Content-Type: text/plain; charset=utf-8\n\
Content-Transfer-Encoding: quoted-printable\n\n\
They speak of digital sover=\neignty and of the right to=20\nbe forgotten.\n\n\
On Monday Jane wrote:\n> It is the aim\n> of the act.\n>\n> Is it?\n\nYes.\n\n-- \nJ. D.\n";
    let articles = all("in/a.eml", format!("{MAIL}{body}"));
    assert_eq!(paths(&articles), ["in/a.eml"]);
    use BlockKind::{Paragraph, Quote, Title};
    let found = texts(&articles[0]);
    assert_eq!(
        found[..6],
        [
            (Title, "Souveraineté numérique"),
            (Paragraph, "They speak of digital sovereignty and of the right to be forgotten."),
            (Paragraph, "On Monday Jane wrote:"),
            (Quote, "It is the aim of the act."),
            (Quote, "Is it?"),
            (Paragraph, "Yes."),
        ]
    );
    let m = &articles[0].metadata;
    assert_eq!(m.authors, ["Jérôme Dupont"]);
    // Where it was sent it was still the third.
    assert_eq!(m.date.unwrap().to_string(), "2024-06-03");
    assert_eq!(m.source.as_deref(), Some("EU policy digest"));
    assert_eq!((m.kind.as_deref(), m.origins["title"]), (Some("mail"), Origin::FrontMatter));
    for head in ["desk@example.org", "Received", "quoted-printable"] {
        assert_eq!(times(&articles, head), 0, "{head}");
    }
    // The content tells a message from a note that only has a sender.
    assert_eq!(all("a", format!("{MAIL}\nText.\n"))[0].metadata.kind.as_deref(), Some("mail"));
    let note = all("a.txt", "From: Jane\nSubject: A note\nDate: 2024-06-03\n\nText.\n");
    assert_eq!(note[0].metadata.kind, None);
}

#[cfg(all(feature = "mail", feature = "html"))]
#[test]
fn what_a_message_says_twice_is_found_once_and_what_is_attached_by_itself() {
    let inner = "From: a@b\nMessage-ID: <1@b>\nSubject: Forwarded\n\nThe inner message.\n";
    let mail = format!(
        "{MAIL}Content-Type: multipart/mixed; boundary=\"out\"\n\nFor old programs.\n--out\n\
Content-Type: multipart/alternative; boundary=\"out-in\"\n\n--out-in\n\n\
Digital sovereignty is the aim.\n--out-in\nContent-Type: text/html; charset=windows-1252\n\
Content-Transfer-Encoding: quoted-printable\n\n\
<p>Digital <b>sovereignty</b> is the aim.</p><blockquote>Caf=E9</blockquote>\n--out-in--\n\
--out\nContent-Type: text/markdown; name=\"report.md\"\nContent-Disposition: attachment; filename=\"../x/report.md\"\n\
Content-Transfer-Encoding: base64\n\nIyBUaGUgcmVwb3J0CgpDbG91ZCBzZXJ2aWNlcy4K\n\
--out\nContent-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n\
--out\nContent-Type: message/rfc822\n\n{inner}\n\
--out\nContent-Type: application/octet-stream; name=\"data.bin\"\nContent-Transfer-Encoding: base64\n\nAAECAwQFBgcAAAA=\n--out--\n"
    );
    let (articles, broken) = read("a.eml", &mail);
    assert_eq!(paths(&articles), ["a.eml", "a.eml/x/report.md", "a.eml/part-2.eml"]);
    assert_eq!(broken, ["data.bin: is binary data, not text"]);
    assert_eq!(times(&articles, "sovereignty"), 1);
    assert_eq!(times(&articles, "For old programs"), 0);
    assert_eq!(texts(&articles[0])[2], (BlockKind::Quote, "Café"));
    assert_eq!(articles[0].notes, ["an image is not read"]);
    assert_eq!(texts(&articles[1])[0], (BlockKind::Title, "The report"));
    assert_eq!(texts(&articles[2])[0], (BlockKind::Title, "Forwarded"));
}

#[cfg(feature = "mail")]
#[test]
fn a_mailbox_is_parted_at_the_lines_that_begin_a_message() {
    let mbox = "From jane@example.org Mon Jun  3 10:00:00 2024\n\
Message-ID: <one@example.org>\nSubject: One\nContent-Length: 7\n\nFirst.\n\n>From here on, more.\n\
From Monday on it applies.\n\nFrom - Tue Jun  4 10:00:00 2024\nMessage-ID: <a/b>\nSubject: Two\n\
Content-Type: multipart/mixed; boundary=x\n\n--x\n\nSecond.\n--x\nContent-Type: text/plain; name=n.txt\n\nAttached.\n--x--\n\n\
From jane at example.org  Wed Jun  5 10:00:00 2024\nMessage-ID: <one@example.org>\n\nThird.\n";
    let articles = all("box.mbox", mbox);
    assert_eq!(
        paths(&articles),
        [
            "box.mbox#one@example.org",
            "box.mbox#2",
            "box.mbox#2/n.txt",
            "box.mbox#one@example.org~2"
        ]
    );
    assert_eq!(times(&articles[..1], "From here on, more. From Monday on it applies."), 1);
    assert_eq!(times(&articles, ">"), 0);
    // Without the ending of the name, and packed.
    assert_eq!(all("Inbox", mbox).len(), 4);
}

#[cfg(feature = "mail")]
#[test]
fn hostile_messages_end() {
    let nested: String = (0..200)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    let (articles, broken) = read("a.eml", format!("{MAIL}{nested}\nText\n"));
    assert_eq!(articles.len(), 1);
    assert_eq!(broken, ["parts lie deeper than 20 within each other"]);
    let forwarded = "Subject: x\nContent-Type: message/rfc822\n\n".repeat(50_000);
    let (_, broken) = read("b.eml", format!("{MAIL}{forwarded}"));
    assert!(broken[0].contains("deeper than 4 files"), "{broken:?}");
    let many =
        format!("{MAIL}Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\n".repeat(100_000));
    read("c.eml", many);
    let (_, broken) = read("d.eml", "no head at all\n");
    assert_eq!(broken, ["is no mail: it does not begin with a head"]);
}

#[cfg(all(feature = "mail", feature = "html"))]
#[test]
fn a_saved_page_is_the_page() {
    let page = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\nSubject: x\r\n\
Date: Mon, 3 Jun 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/related; type=\"text/html\"; boundary=\"--B\"\r\n\r\n\r\n----B\r\n\
Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
Content-Location: https://example.org/a\r\n\r\n\
<!doctype html><meta charset=3Dwindows-1252><title>T</title><h1>The act</h1><p>Souverainet=E9 num=\r\n=E9rique, says the ministry in its long report on the matter.</p>\r\n\
----B\r\nContent-Type: text/css\r\nContent-Location: cid:css\r\n\r\n.menu { color: red }\r\n----B--\r\n";
    for path in ["a.mhtml", "a.txt"] {
        let articles = all(path, page);
        assert_eq!(paths(&articles), [path]);
        assert_eq!(times(&articles, "Souveraineté numérique"), 1);
        assert_eq!(times(&articles, "color"), 0);
        assert_eq!(articles[0].metadata.url.as_deref(), Some("https://example.org/a"));
        assert_eq!(articles[0].metadata.date, None);
    }
}

#[cfg(all(feature = "xml", feature = "html"))]
#[test]
fn each_entry_of_a_feed_is_an_article() {
    let rss = "<?xml version='1.0' encoding='utf-8'?>\n<!-- made -->\n<rss version='2.0' xmlns:content='c' xmlns:dc='d' xmlns:media='m'>\
<channel><title>Policy &amp; Post</title><link>https://example.org/</link><language>en-GB</language>\
<image><title>Logo</title><link>https://example.org/logo</link></image>\
<item><title>The &lt;b&gt;AI&lt;/b&gt; Act</title><link>https://example.org/1</link><guid>urn:1</guid>\
<pubDate>Mon, 03 Jun 2024 23:30:00 -0500</pubDate><dc:creator>Jane Doe</dc:creator><category>ai</category>\
<media:title>Photo</media:title><description>Digital sovereignty is &lt;i&gt;the&lt;/i&gt; aim.</description>\
<content:encoded><![CDATA[<p>Digital sovereignty is <i>the</i> aim.</p><ul><li>One</li></ul>]]></content:encoded></item>\
<item><title>Two</title><link>https://example.org/2</link><author>j@example.org (John Roe)</author><description>Plain &amp;amp; short</description></item>\
</channel></rss>";
    let articles = all("feed.xml", rss);
    assert_eq!(paths(&articles), ["feed.xml#urn:1", "feed.xml#https://example.org/2"]);
    use BlockKind::{ListItem, Paragraph, Title};
    assert_eq!(
        texts(&articles[0]),
        [(Title, "The AI Act"), (Paragraph, "Digital sovereignty is the aim."), (ListItem, "One")]
    );
    let m = &articles[0].metadata;
    assert_eq!(
        (m.source.as_deref(), m.url.as_deref()),
        (Some("Policy & Post"), Some("https://example.org/1"))
    );
    assert_eq!(
        (m.authors.as_slice(), m.tags.as_slice()),
        (&["Jane Doe".to_owned()][..], &["ai".to_owned()][..])
    );
    assert_eq!(m.date.unwrap().to_string(), "2024-06-03");
    assert_eq!(articles[1].metadata.authors, ["John Roe"]);
    assert_eq!(times(&articles, "Plain & short"), 1);
    assert_eq!(times(&articles, "Logo") + times(&articles, "Photo"), 0);

    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'><title>Le Fil</title><link rel='self' href='https://e.org/feed'/>\
<entry><id>tag:e.org,2024:1</id><title type='html'>L&amp;#8217;acte</title><link rel='edit' href='https://e.org/x'/><link href='https://e.org/1'/>\
<author><name>A. B.</name><email>a@e.org</email></author><published>2024-06-03T10:00:00Z</published><updated>2024-07-01T10:00:00Z</updated>\
<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>La souveraineté<br/>numérique</p></div></content></entry></feed>";
    let articles = all("a.atom", atom);
    assert_eq!(paths(&articles), ["a.atom#tag:e.org,2024:1"]);
    assert_eq!(times(&articles, "La souveraineté numérique"), 1);
    let m = &articles[0].metadata;
    assert_eq!((m.title.as_deref(), m.url.as_deref()), (Some("L’acte"), Some("https://e.org/1")));
    assert_eq!(
        (m.authors.as_slice(), m.source.as_deref()),
        (&["A. B.".to_owned()][..], Some("Le Fil"))
    );
    assert_eq!(m.date.unwrap().to_string(), "2024-06-03");

    // A feed that breaks off keeps what was whole.
    let (articles, broken) = read("feed.xml", &rss[..rss.find("John Roe").unwrap()]);
    assert_eq!(articles.len(), 1);
    assert!(broken[0].starts_with("the rest after entry 1 is not XML"), "{broken:?}");
}

#[cfg(feature = "xml")]
#[test]
fn a_law_in_xml_has_headings_and_whole_phrases() {
    let law = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
<akomaNtoso><act><meta><identification><FRBRdate date='2024-06-13'/></identification></meta><preface><p><docTitle>Regulation on AI</docTitle></p></preface><body>\
<chapter><num>CHAPTER II</num><heading>Prohibited practices</heading>\
<article><num>Article 5</num><heading>Practices</heading><paragraph><num>1.</num><content><p><b>The</b> placing <ref href='x'>on the <i>market</i></ref> of&nbsp;AI &x;</p></content></paragraph>\
<paragraph><num>2.</num><list><intro><p>It covers:</p></intro><point><num>(a)</num><p>one;</p></point></list></paragraph></article>\
<article><num>Article 6</num><paragraph><content><p>Text.</p></content></paragraph></article></chapter></body></act></akomaNtoso>";
    let articles = all("law.xml", law);
    assert_eq!(paths(&articles), ["law.xml"]);
    use BlockKind::{Heading, Paragraph};
    let found = texts(&articles[0]);
    assert!(found.contains(&(Heading(1), "CHAPTER II Prohibited practices")), "{found:?}");
    assert!(found.contains(&(Heading(2), "Article 5 Practices")), "{found:?}");
    assert!(found.contains(&(Heading(2), "Article 6")), "{found:?}");
    assert!(found.contains(&(Paragraph, "1. The placing on the market of AI &x;")), "{found:?}");
    assert_eq!(times(&articles, "(a) one;"), 1);
    assert_eq!(times(&articles, "covers: (a)"), 0);
    let m = &articles[0].metadata;
    assert_eq!(m.title.as_deref(), Some("Regulation on AI"));
    assert_eq!(m.date.unwrap().to_string(), "2024-06-13");

    for raised in ["<sup>25</sup>", "<hi rend='superscript'>25</hi>", "<HT TYPE='SUP'>25</HT>"] {
        let found = all("raised.xml", format!("<a><p>More than 10{raised} FLOPs</p></a>"));
        assert_eq!(times(&found, "More than 10^25 FLOPs"), 1, "{raised}");
    }
    let deep = format!("<a>{}Text{}</a>", "<b>".repeat(100_000), "</b>".repeat(100_000));
    assert_eq!(times(&all("deep.xml", deep), "Text"), 1);
    let cut = all("cut.xml", "<a><p>One two</p><p>Three");
    assert_eq!(cut[0].blocks.len(), 2);
    assert_eq!(read("a.xml", "<a b='c'/>").1, ["holds no text"]);
}

#[test]
fn json_is_an_article_or_holds_records() {
    let one = all(
        "a.json",
        r#"{"headline":"T","articleBody":"Digital sovereignty.\n\nMore.","datePublished":"2024-06-03"}"#,
    );
    assert_eq!((paths(&one), one[0].blocks.len()), (vec!["a.json"], 3));
    assert_eq!(one[0].metadata.date.unwrap().to_string(), "2024-06-03");

    let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Feed","items":[
        {"id":"https://e.org/1","title":"One","content_html":"<p>Digital <em>sovereignty</em></p><p>More</p>","authors":[{"name":"Jane Doe"}],"tags":["ai"]},
        {"id":7,"summary":"A summary stands for a text."}, 5, {"id":8,"tags":["x"]}]}"#;
    let (articles, broken) = read("f.json", feed);
    assert_eq!(paths(&articles), ["f.json#https://e.org/1", "f.json#7"]);
    assert_eq!(times(&articles, "Digital sovereignty"), 1);
    assert_eq!(articles[0].metadata.authors, ["Jane Doe"]);
    assert_eq!(broken, ["record 3: not a JSON object", "record 4: holds no text"]);

    let hits = r#"{"took":1,"hits":{"total":{"value":1},"hits":[{"_id":"x","_source":{"title":"T","abstract":"Lead.","text":"Body."}}]}}"#;
    let articles = all("hits.json", hits);
    assert_eq!(paths(&articles), ["hits.json#x"]);
    assert_eq!(articles[0].text(), "T\n\nLead.\n\nBody.");
    // WordPress; several values one after the other.
    let posts =
        r#"[{"id":1,"title":{"rendered":"A &amp; B"},"content":{"rendered":"<p>Text here</p>"}}]"#;
    let articles = all("posts.json", posts);
    assert_eq!(articles[0].text(), "A & B\n\nText here");
    assert_eq!(
        paths(&all("two.json", "{\n\"text\":\"One\"}\n{\n\"text\":\"Two\"}")),
        ["two.json#1", "two.json#2"]
    );

    let reason = |path: &str, json: &str| read(path, json).1.remove(0);
    assert_eq!(
        reason("a.json", "{\"name\":\"x\",\"version\":\"1.0\"}"),
        "no key of it holds a text: name the one that does in .polidex.toml"
    );
    assert!(reason("a.json", "{\"text\": ").starts_with("not JSON: "));
    assert!(reason("a.json", &"[".repeat(100_000)).starts_with("not JSON: recursion limit"));
    assert!(
        reason("a.json", &format!("[{}0]", "0,".repeat(2_100_000)))
            .contains("more than 2000000 values")
    );
    assert_eq!(reason("a.geojson", "{}"), "GeoJSON is not read by this version");
}

#[cfg(feature = "tables")]
#[test]
fn each_row_of_a_table_is_an_article_and_no_phrase_leaves_a_cell() {
    let csv = "id;title;published;body;note\r\n7;\"One; two\";2024-06-03;\"Digital\r\nsovereignty \"\"now\"\".\r\n\r\nMore\";x\r\n;Two;;Text;\r\n\r\n";
    let articles = all("t.csv", csv);
    assert_eq!(paths(&articles), ["t.csv#7", "t.csv#6"]);
    assert_eq!(articles[0].text(), "One; two\n\nDigital sovereignty \"now\".\n\nMore");
    assert_eq!(articles[0].blocks[1].line, Some(2));
    assert_eq!(articles[0].metadata.date.unwrap().to_string(), "2024-06-03");
    assert_eq!(articles[0].metadata.extra["note"], "x");

    // No name says which column is the text: the longest is.
    let tsv = "ref\tresponse\n1\tWe think that the act is good for \"us and our small members.\n2\tIt is bad for all of us, who are small members.\n";
    let articles = all("t.tsv", tsv);
    assert_eq!(times(&articles, "We think that"), 1);
    assert_eq!(articles.len(), 2);

    // Values of a few words are cells.
    let articles = all("t.csv", "country,law\nFrance,digital\nSpain,sovereignty act\n");
    assert_eq!(texts(&articles[0]), [(BlockKind::Cell, "France"), (BlockKind::Cell, "digital")]);
    assert_eq!(times(&articles, "digital Spain") + times(&articles, "France digital"), 0);
    let long = "word ".repeat(50);
    let articles = all("t.csv", format!("title,text,second_answer\nT,Short,{long}\n"));
    assert_eq!(texts(&articles[0])[2], (BlockKind::Heading(2), "second answer"));
}

#[test]
fn a_corpus_names_its_fields() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "a.jsonl",
        "{\"corps\":\"Souveraineté numérique\",\"text\":\"machine\",\"intitule\":\"Titre\",\"title\":\"no\"}\n",
    );
    write(".polidex.toml", "[fields]\ntext = [\"corps\"]\ntitle = \"intitulé\"\n");
    let read = || {
        let corpus = crate::Corpus::open(folder.path()).unwrap();
        let mut articles = Vec::new();
        for entry in corpus.walk() {
            let crate::corpus::Entry::File(file) = entry else { panic!("{entry:?}") };
            corpus.read(&file, &mut |article| articles.push(article)).unwrap();
        }
        articles
    };
    // Accents count.
    assert_eq!(read()[0].text(), "no\n\nSouveraineté numérique");
    write(".polidex.toml", "[fields]\ntext = [\"corps\"]\ntitle = \"intitule\"\n");
    assert_eq!(read()[0].text(), "Titre\n\nSouveraineté numérique");
    write(".polidex.toml", "[fields]\ntxt = \"corps\"\n");
    let error = crate::Corpus::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains(".polidex.toml: line 2: "), "{error}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[cfg(feature = "archives")]
#[test]
fn files_in_archives_are_read_by_their_own_formats() {
    let png = b"\x89PNG\r\n\x1A\n";
    let jsonl = b"{\"id\":\"x\",\"text\":\"Three\"}\n{\"text\":\"Four\"}\n";
    let inner = pack(&[("deep/b.md", b"# B\n\nTwo\n")]);
    let mut members: Vec<(&str, &[u8])> = vec![
        ("docs/", b""),
        ("docs/a.txt", b"One"),
        ("inner.zip", &inner),
        ("../../c.jsonl", jsonl),
        ("__MACOSX/docs/._a.txt", b"hidden"),
        (".git/config", b"hidden"),
        ("app.js", b"var x = 1;"),
    ];
    let logos: Vec<String> = (0..40).map(|n| format!("img/logo{n}.png")).collect();
    members.extend(logos.iter().map(|name| (name.as_str(), &png[..])));
    let check = |path: &str, bytes: &[u8]| {
        let (articles, broken) = read(path, bytes);
        let inside = ["docs/a.txt", "inner.zip/deep/b.md", "c.jsonl#x", "c.jsonl#2"];
        assert_eq!(paths(&articles), inside.map(|inside| format!("{path}/{inside}")));
        assert_eq!(
            broken,
            [
                "img/logo0.png and 39 more: an image is not read by this version",
                "app.js: program text is not read by this version"
            ]
        );
    };
    check("docs.zip", &pack(&members));

    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in &members[1..] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        // The crate keeps such names out; others do not.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    check("docs.tar", &tar);
    check("docs.tgz", &gzip(&tar));
    check("docs.tar.zst", &zstd::encode_all(&tar[..], 3).unwrap());

    let (articles, broken) = read("cut.tar", &tar[..512 + 1]);
    assert_eq!(paths(&articles), ["cut.tar/docs/a.txt"]);
    assert_eq!(broken, ["docs/a.txt: its end is missing"]);
    let mut damaged = tar.clone();
    damaged[1024] ^= 1;
    assert_eq!(read("d.tar", &damaged).1, ["the rest cannot be read: it is no tar archive"]);
    assert_eq!(read("e.tar", "no archive").1, ["is no tar archive"]);
}

#[cfg(feature = "archives")]
#[test]
fn long_names_are_those_that_the_archive_gives() {
    let long = format!("{}/a.txt", "folder".repeat(40));
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    builder.append_data(&mut header, &long, &b"One"[..]).unwrap();
    builder.append_pax_extensions([("path", "b/ü.txt".as_bytes())]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(3);
    header.set_cksum();
    builder.append(&header, &b"Two"[..]).unwrap();
    let articles = all("a.tar", builder.into_inner().unwrap());
    assert_eq!(paths(&articles), [format!("a.tar/{long}"), "a.tar/b/ü.txt".to_owned()]);
}

#[cfg(feature = "archives")]
#[test]
fn archives_in_archives_and_bombs_end() {
    let mut nested = b"Text".to_vec();
    for _ in 0..10 {
        nested = pack(&[("a.zip", &nested)]);
    }
    let reason = read("a.zip", &nested).1.remove(0);
    assert!(reason.contains("deeper than 4 files"), "{reason}");
    let bomb = pack(&[("bomb.txt", &vec![b'a'; 32 << 20]), ("a.txt", b"Text")]);
    let (articles, broken) = read("bomb.zip", &bomb);
    assert_eq!(paths(&articles), ["bomb.zip/a.txt"]);
    assert!(broken[0].contains("200 times"), "{broken:?}");
    // Many small files that are much together.
    let page = pack(&[("a.txt", &b"word ".repeat(200_000)[..])]);
    let names: Vec<String> = (0..20).map(|n| format!("{n}.zip")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &page[..])).collect();
    let mut within = Within { bytes: 5_000_000, ..Within::new(Arc::default()) };
    let mut count = 0;
    let read = read_within("many.zip", &pack(&many), 2_000_000, &mut within, &mut |_| count += 1);
    assert!((1..6).contains(&count), "{count}");
    let broken = read.unwrap().broken;
    assert!(broken.iter().any(|part| part.contains("together")), "{broken:?}");
}

#[cfg(feature = "archives")]
#[test]
fn bombs_that_are_not_handed_over_are_counted() {
    // Each unpacks to some 2 MB before it is given up, in archives of their own.
    let bombs = pack(&[("a", &vec![b'a'; 8 << 20][..]), ("b", &vec![b'b'; 8 << 20])]);
    let names: Vec<String> = (0..8).map(|n| format!("{n}.zip")).collect();
    let mut many: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &bombs[..])).collect();
    many.insert(0, ("a.txt", b"Text"));
    many.push(("z.txt", b"Text"));
    let archive = pack(&many);
    let read = |bytes| {
        let mut within = Within { bytes, ..Within::new(Arc::default()) };
        let mut articles = 0;
        let read = read_within("a.zip", &archive, 16 << 20, &mut within, &mut |_| articles += 1);
        (articles, read.map_or_else(|error| vec![error.reason], |read| read.broken), within.bytes)
    };
    let (articles, broken, left) = read(1 << 30);
    assert_eq!((articles, broken.len()), (2, 8), "{broken:?}");
    assert!(left < (1 << 30) - (16 << 20), "{left}");
    let (articles, broken, left) = read(10 << 20);
    assert_eq!((articles, left), (1, 0), "{broken:?}");
    assert!(broken.iter().any(|part| part.contains("together")), "{broken:?}");
}

#[test]
fn an_article_of_too_many_blocks_is_cut_and_that_is_told() {
    let most = crate::corpus::extract::MAX_BLOCKS;
    let told = |parts: &[String]| parts.iter().any(|part| part.contains("the rest is left out"));
    for (name, unit) in [("a.txt", "a\n\n"), ("a.md", "a\n\n")] {
        let (articles, broken) = read(name, unit.repeat(most + 3));
        assert_eq!(articles[0].blocks.len(), most, "{name}");
        assert!(told(&broken) && told(&articles[0].notes), "{name} {broken:?}");
    }
    // As many as there may be are all there.
    let table = format!("id,text\n1,\"{}\"\n2,\"b c\"\n", "a\n".repeat(most));
    let (articles, broken) = read("a.csv", table);
    assert_eq!(articles.iter().map(|a| a.blocks.len()).collect::<Vec<_>>(), [most, 1]);
    assert!(broken.is_empty(), "{broken:?}");
}
