//! Small documents in, blocks out.

use std::ops::Range;

use crate::corpus::extract::extract;
use crate::corpus::extract::zipped::tests::pack;
use crate::{Article, BlockKind};

use BlockKind::{Caption, Cell, Heading, ListItem, Paragraph, Quote, Title};

fn article(path: &str, bytes: &[u8]) -> Article {
    let mut found = Vec::new();
    if let Err(error) = extract(path, bytes, &mut |article| found.push(article)) {
        panic!("{path} {error}");
    }
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn reason(path: &str, bytes: &[u8]) -> String {
    extract(path, bytes, &mut |_| panic!("{path} was read")).unwrap_err().reason
}

fn blocks(article: &Article) -> Vec<(BlockKind, &str)> {
    article.blocks.iter().map(|block| (block.kind, block.text.as_str())).collect()
}

/// A Word document with this body, and these further parts.
fn word(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>"
    );
    let mut members = vec![("word/document.xml", document.as_bytes())];
    members.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
    pack(&members)
}

/// A paragraph of Word with these properties and this text.
fn p(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn docx(body: &str) -> Article {
    article("a.docx", &word(body, &[]))
}

#[test]
fn paragraphs_of_word_are_what_their_styles_say() {
    let styles = "<w:styles>\
        <w:style w:styleId=\"berschrift2\"><w:name w:val=\"heading 2\"/><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr></w:style>\
        <w:style w:styleId=\"Eigen\"><w:name w:val=\"Mein Kapitel\"/><w:basedOn w:val=\"berschrift2\"/></w:style>\
        <w:style w:styleId=\"Titel\"><w:name w:val=\"Title\"/></w:style>\
        <w:style w:styleId=\"Punkte\"><w:name w:val=\"Punkte\"/><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style>\
        <w:style w:styleId=\"Zitat\"><w:name w:val=\"Quote\"/></w:style>\
        <w:style w:styleId=\"V1\"><w:name w:val=\"toc 1\"/></w:style></w:styles>";
    let style = |id: &str, text: &str| p(&format!("<w:pStyle w:val=\"{id}\"/>"), text);
    let body = [
        style("Titel", "The Act"),
        style("V1", "Scope 3"),
        style("berschrift2", "Scope"),
        style("Eigen", "Own"),
        p("<w:outlineLvl w:val=\"0\"/>", "Part"),
        style("Punkte", "Item"),
        p("<w:pStyle w:val=\"Punkte\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>", "No item"),
        style("Zitat", "Quoted"),
        style("Heading3", "No such style"),
        p("<w:pStyle w:val=\"berschrift2\"/><w:outlineLvl w:val=\"9\"/>", "Text"),
    ];
    let a = article("a.docx", &word(&body.concat(), &[("word/styles.xml", styles)]));
    assert_eq!(
        blocks(&a),
        [
            (Title, "The Act"),
            (Heading(2), "Scope"),
            (Heading(2), "Own"),
            (Heading(1), "Part"),
            (ListItem, "Item"),
            (Paragraph, "No item"),
            (Quote, "Quoted"),
            (Heading(3), "No such style"),
            (Paragraph, "Text"),
        ]
    );
}

#[test]
fn changes_in_word_are_accepted_and_hidden_text_is_not_read() {
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let body = [
        "<w:p>",
        &run("", "kept "),
        "<w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>",
        &format!("<w:ins>{}</w:ins>", run("", "inserted ")),
        &format!("<w:moveFrom>{}</w:moveFrom>", run("", "moved ")),
        &run("<w:vanish/>", "hidden "),
        &run("<w:vanish w:val=\"0\"/>", "shown "),
        &run("<w:b/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "changed "),
        &format!("<w:moveTo>{}</w:moveTo>", run("", "moved")),
        "</w:p>",
        // A paragraph whose mark is deleted goes on in the next one.
        &p("<w:rPr><w:del/></w:rPr>", "One par"),
        &p("<w:rPr><w:vanish/></w:rPr>", "agraph"),
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        &p("", "end"),
    ];
    assert_eq!(
        blocks(&docx(&body.concat())),
        [
            (Paragraph, "kept inserted shown changed moved"),
            (Paragraph, "One paragraph"),
            (Paragraph, "end"),
        ]
    );
}

/// Texts, each with whether it is raised.
const RUNS: &[(&str, bool)] = &[
    ("10", false),
    // Programs part what was typed at different times.
    ("2", true),
    ("5", true),
    (" FLOPs on 5 m", false),
    ("2", true),
    (" in the 21", false),
    ("st", true),
    (" century, sovereignty", false),
    ("3 ", true),
    ("of 2024", false),
];

const READ: &str = "10^25 FLOPs on 5 m2 in the 21st century, sovereignty 3 of 2024";

fn runs(run: impl Fn(&str, bool) -> String) -> String {
    RUNS.iter().map(|(text, raised)| run(text, *raised)).collect()
}

#[test]
fn a_raised_numeral_does_not_run_into_what_is_before_it() {
    let of_word = |raised: &str| {
        let body = runs(|text, is_raised| {
            let properties = if is_raised { raised } else { "" };
            format!(
                "<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>"
            )
        });
        let styles = "<w:styles><w:style w:styleId=\"Note\"><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style></w:styles>";
        word(&format!("<w:p>{body}</w:p>"), &[("word/styles.xml", styles)])
    };
    let styles = "<style:style style:name=\"T1\" style:family=\"text\"><style:text-properties style:text-position=\"super 58%\"/></style:style>\
        <style:style style:name=\"T2\" style:family=\"text\" style:parent-style-name=\"T1\"/>\
        <style:style style:name=\"T3\" style:family=\"text\"><style:text-properties style:text-position=\"0% 100%\"/></style:style>";
    let odt = |raised: &str| {
        let body = runs(|text, is_raised| {
            let style = if is_raised { raised } else { "T3" };
            format!("<text:span text:style-name=\"{style}\">{text}</text:span>")
        });
        opendocument("text", styles, &format!("<text:p>{body}</text:p>"))
    };
    let rtf = |raised: &str, after: &str| {
        let body = runs(|text, is_raised| match is_raised {
            true => format!("{raised} {text}{after}"),
            false => text.to_owned(),
        });
        format!("{{\\rtf1\\pard {body}\\par}}").into_bytes()
    };
    let slide = runs(|text, is_raised| {
        let shift = if is_raised { " baseline=\"30000\"" } else { "" };
        format!("<a:r><a:rPr{shift}/><a:t>{text}</a:t></a:r>")
    });
    let slide = format!("<p:sld><p:sp><p:txBody><a:p>{slide}</a:p></p:txBody></p:sp></p:sld>");
    let cell = runs(|text, is_raised| {
        let properties = if is_raised { "<vertAlign val=\"superscript\"/>" } else { "" };
        format!("<r><rPr>{properties}</rPr><t>{text}</t></r>")
    });
    let book = "<workbook><sheets><sheet name=\"Sheet1\" r:id=\"r1\"/></sheets></workbook>";
    let names = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let sheet = "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    let strings = format!("<sst><si>{cell}</si></sst>");
    let xlsx = [
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", names),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", &strings),
    ];
    let xlsx = xlsx.map(|(name, text)| (name, text.as_bytes()));
    for (name, file) in [
        ("a.docx", of_word("<w:vertAlign w:val=\"superscript\"/>")),
        ("a.docx", of_word("<w:rStyle w:val=\"Note\"/>")),
        ("a.odt", odt("T1")),
        ("a.odt", odt("T2")),
        ("a.rtf", rtf("{\\super", "}")),
        ("a.rtf", rtf("\\super", "\\nosupersub ")),
        ("a.rtf", rtf("\\up6", "\\up0 ")),
        ("a.pptx", pack(&[("ppt/slides/slide1.xml", slide.as_bytes())])),
        ("a.xlsx", pack(&xlsx)),
    ] {
        let found = article(name, &file);
        assert_eq!(found.blocks.last().unwrap().text, READ, "{name}");
    }
}

#[test]
fn fields_in_word_give_their_result() {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let body = [
        "<w:p>".to_owned(),
        text("see "),
        mark("begin"),
        "<w:r><w:instrText>HYPERLINK http://example.org</w:instrText></w:r>".to_owned(),
        // A field in the instruction of another is no text of the document.
        mark("begin"),
        mark("separate"),
        text("instruction"),
        mark("end"),
        mark("separate"),
        text("the link"),
        mark("end"),
        "<w:fldSimple w:instr=\"PAGE\"><w:r><w:t>,7</w:t></w:r></w:fldSimple>".to_owned(),
        "<w:r><w:noBreakHyphen/><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>so</w:t><w:softHyphen/><w:t>ver</w:t>\
         <w:sym w:font=\"Symbol\" w:char=\"F061\"/></w:r></w:p>"
            .to_owned(),
    ];
    assert_eq!(blocks(&docx(&body.concat())), [(Paragraph, "see the link,7-a b soverα")]);
}

#[test]
fn tables_of_word_are_cells_and_layouts_are_paragraphs() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", p("", text));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let table = |rows: &[String]| format!("<w:tbl><w:tblPr/>{}</w:tbl>", rows.concat());
    let data = table(&[row(&[cell("digital"), cell("sovereignty")]), row(&[cell("1"), cell("2")])]);
    let a = docx(&data);
    assert_eq!(blocks(&a), [(Cell, "digital"), (Cell, "sovereignty"), (Cell, "1"), (Cell, "2")]);
    assert_eq!(blocks(&docx(&table(&[row(&[cell("a box")])]))), [(Paragraph, "a box")]);
    let nested = table(&[
        row(&[cell("left"), format!("<w:tc>{data}{}</w:tc>", p("", "right"))]),
        row(&[cell("x"), cell("y")]),
    ]);
    assert_eq!(
        blocks(&docx(&nested)),
        [
            (Paragraph, "left"),
            (Cell, "digital"),
            (Cell, "sovereignty"),
            (Cell, "1"),
            (Cell, "2"),
            (Paragraph, "right"),
            (Paragraph, "x"),
            (Paragraph, "y"),
        ]
    );
}

#[test]
fn notes_and_boxes_of_word_follow_their_paragraph() {
    let boxed = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p("", text));
    let body = [
        "<w:p><w:r><w:t>sove</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>",
        &boxed("in a box"),
        "</mc:Choice><mc:Fallback>",
        &boxed("in a box"),
        "</mc:Fallback></mc:AlternateContent><w:drawing><dgm:relIds r:dm=\"d1\"/></w:drawing></w:r>",
        "<w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:endnoteReference w:id=\"2\"/></w:r>",
        "<w:r><w:t>reignty</w:t></w:r></w:p>",
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/></w:docPartObj></w:sdtPr>",
        "<w:sdtContent>",
        &p("", "Contents 3"),
        "</w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtPr/><w:sdtContent>",
        &p("", "second"),
        "</w:sdtContent></w:sdt>",
    ];
    let notes = |kind: &str, text: &str| {
        format!(
            "<w:{kind}s><w:{kind} w:type=\"separator\" w:id=\"0\">{}</w:{kind}>\
             <w:{kind} w:id=\"2\">{}</w:{kind}></w:{kind}s>",
            p("", "separator"),
            p("", text)
        )
    };
    let parts = [
        ("word/footnotes.xml", &*notes("footnote", "the footnote")),
        ("word/endnotes.xml", &*notes("endnote", "the endnote")),
        ("word/comments.xml", "<w:comments><w:p><w:r><w:t>comment</w:t></w:r></w:p></w:comments>"),
        (
            "word/_rels/document.xml.rels",
            "<Relationships><Relationship Id=\"d1\" Type=\"x/diagramData\" Target=\"d.xml\"/></Relationships>",
        ),
        ("word/d.xml", "<dgm:pt><a:p><a:r><a:t>in a diagram</a:t></a:r></a:p></dgm:pt>"),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:t>header</w:t></w:r></w:p></w:hdr>"),
    ];
    let a = article("a.docx", &word(&body.concat(), &parts));
    assert_eq!(
        blocks(&a),
        [
            (Paragraph, "sovereignty"),
            (Paragraph, "in a box"),
            (Paragraph, "in a diagram"),
            (Paragraph, "the footnote"),
            (Paragraph, "second"),
            (Paragraph, "the endnote"),
        ]
    );
}

#[test]
fn properties_are_told_from_what_programs_put_in() {
    let core = |title: &str, created: &str, modified: &str| {
        format!(
            "<cp:coreProperties><dc:title>{title}</dc:title><dc:creator>Jane Doe; John Roe</dc:creator>\
             <cp:keywords>ai, law</cp:keywords><dcterms:created>{created}</dcterms:created>\
             <dcterms:modified>{modified}</dcterms:modified></cp:coreProperties>"
        )
    };
    let read =
        |core: &str| article("a.docx", &word(&p("", "Text"), &[("docProps/core.xml", core)]));
    let a = read(&core("The AI Act", "2024-05-01T09:00:00Z", "2024-05-20T10:00:00Z"));
    assert_eq!(a.metadata.title.as_deref(), Some("The AI Act"));
    assert_eq!(a.metadata.authors, ["Jane Doe", "John Roe"]);
    assert_eq!(a.metadata.tags, ["ai", "law"]);
    assert_eq!(a.metadata.date.unwrap().to_string(), "2024-05-20");
    assert_eq!(a.metadata.extra["created"], "2024-05-01T09:00:00Z");
    // A file name; a document written over years later; one made by a program.
    for (title, created, modified) in [
        ("Microsoft Word - draft.docx", "2019-05-01T09:00:00Z", "2024-05-20T10:00:00Z"),
        ("Document1", "2024-05-20T10:00:00Z", "2024-05-20T10:00:00Z"),
    ] {
        let a = read(&core(title, created, modified));
        assert_eq!((a.metadata.title.as_deref(), a.metadata.date), (Some("Text"), None));
    }
}

#[test]
fn pages_count_only_where_the_program_counted_them_all() {
    let broken = "<w:p><w:r><w:t>second</w:t></w:r><w:r><w:lastRenderedPageBreak/><w:t>third</w:t></w:r></w:p>";
    let body = [p("", "first"), broken.replacen("<w:t>", "<w:lastRenderedPageBreak/><w:t>", 1)];
    let pages = |count: u32| {
        let app = format!("<Properties><Pages>{count}</Pages></Properties>");
        let a = article("a.docx", &word(&body.concat(), &[("docProps/app.xml", &app)]));
        a.blocks.iter().map(|block| block.page).collect::<Vec<_>>()
    };
    assert_eq!(pages(3), [Some(1), Some(2)]);
    assert_eq!(pages(9), [None, None]);
}

#[test]
fn damaged_and_encrypted_files_say_so() {
    let whole = word(&p("", &"sovereignty ".repeat(2000)), &[]);
    // The directory is gone, the document is there.
    let a = article("a.docx", &whole[..whole.len() - 30]);
    assert_eq!(a.notes.len(), 1, "{:?}", a.notes);
    let broken = word("<w:p><w:r><w:t>start</w:t></w:r></w:p><w:p><w:r></w:p>", &[]);
    let a = article("a.docx", &broken);
    assert_eq!(blocks(&a), [(Paragraph, "start")]);
    assert!(a.notes[0].contains("not read to its end"), "{:?}", a.notes);
    assert!(reason("a.docx", b"PK\x03\x04 word/ and no more").contains("damaged"));
    assert!(reason("a.docx", b"no package at all").contains("damaged ZIP"));
    let deep = format!("{}{}", "<w:sdt>".repeat(100_000), p("", "deep"));
    assert!(!reason("a.docx", &word(&deep, &[])).is_empty());
    // An entity of the document's own stands for nothing.
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">\
                <!ENTITY c SYSTEM \"file:///etc/passwd\">]><w:document><w:body><w:p><w:r>\
                <w:t>x&b;&c;y &amp; &#233;</w:t></w:r></w:p></w:body></w:document>";
    let a = article("a.docx", &pack(&[("word/document.xml", bomb.as_bytes())]));
    assert_eq!(blocks(&a), [(Paragraph, "xy & é")]);
    let locked = compound(&[("EncryptedPackage", b"x"), ("EncryptionInfo", b"y")]);
    assert_eq!(reason("a.docx", &locked), "is encrypted with a password");
}

/// An OpenDocument file with these automatic styles and this body.
fn opendocument(kind: &str, styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    );
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let meta = "<office:document-meta><office:meta><dc:title>The Act</dc:title>\
                <meta:initial-creator>Jane Doe</meta:initial-creator><dc:creator>John Roe</dc:creator>\
                <dc:language>fr</dc:language></office:meta></office:document-meta>";
    pack(&[
        ("mimetype", mimetype.as_bytes()),
        ("content.xml", content.as_bytes()),
        ("meta.xml", meta.as_bytes()),
    ])
}

#[test]
fn opendocument_text_is_read_by_its_structure() {
    let styles = "<style:style style:name=\"T1\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>\
        <style:style style:name=\"P1\" style:family=\"paragraph\" style:parent-style-name=\"Quotations\"/>";
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>\
        <text:sequence-decls/><text:table-of-content><text:index-body><text:p>Scope 3</text:p></text:index-body></text:table-of-content>\
        <text:h text:outline-level=\"2\">Scope</text:h>\
        <text:p>digital<text:s text:c=\"2\"/>\n   sove<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p></text:note-body></text:note>reignty\
        <text:span text:style-name=\"T1\"> hidden</text:span><office:annotation><text:p>comment</text:p></office:annotation><text:tab/>end</text:p>\
        <text:p text:style-name=\"P1\">Quoted</text:p>\
        <text:list><text:list-item><text:p>Item</text:p></text:list-item></text:list>\
        <text:p><draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>around</text:p>\
        <text:section text:display=\"none\"><text:p>secret</text:p></text:section>\
        <table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>\
        <table:table-row><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>";
    let a = article("a.odt", &opendocument("text", styles, body));
    assert_eq!(
        blocks(&a),
        [
            (Title, "The Act"),
            (Heading(2), "Scope"),
            (Paragraph, "digital sovereignty end"),
            (Paragraph, "A note"),
            (Quote, "Quoted"),
            (ListItem, "Item"),
            (Paragraph, "around"),
            (Paragraph, "boxed"),
            (Cell, "a"),
            (Cell, "b"),
            (Cell, "c"),
        ]
    );
    assert_eq!(a.metadata.authors, ["Jane Doe"]);
    assert_eq!(a.metadata.language.unwrap().code(), "fr");
}

#[test]
fn opendocument_slides_and_sheets_are_read() {
    let body = "<draw:page><draw:frame presentation:class=\"title\"><draw:text-box><text:p>First</text:p></draw:text-box></draw:frame>\
        <draw:frame presentation:class=\"page-number\"><draw:text-box><text:p>1</text:p></draw:text-box></draw:frame>\
        <draw:custom-shape><text:p>in a shape</text:p></draw:custom-shape>\
        <presentation:notes><draw:frame><draw:text-box><text:p>say this</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>\
        <draw:page><draw:frame><draw:text-box><text:p>untitled</text:p></draw:text-box></draw:frame></draw:page>";
    let a = article("a.odp", &opendocument("presentation", "", body));
    let found: Vec<_> = a.blocks.iter().map(|b| (b.kind, b.text.as_str(), b.page)).collect();
    assert_eq!(
        found[1..],
        [
            (Heading(1), "First", Some(1)),
            (Paragraph, "in a shape", Some(1)),
            (Heading(2), "Speaker notes", Some(1)),
            (Paragraph, "say this", Some(1)),
            (Heading(1), "Slide 2", Some(2)),
            (Paragraph, "untitled", Some(2)),
        ]
    );
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let body = format!(
        "<table:table table:name=\"Fines\"><table:table-column/><table:table-column table:visibility=\"collapse\"/>\
         <table:table-row>{}{}{}</table:table-row>\
         <table:table-row table:visibility=\"filter\">{}</table:table-row></table:table>",
        cell("one"),
        cell("hidden column"),
        cell("three"),
        cell("hidden row")
    );
    let a = article("a.ods", &opendocument("spreadsheet", "", &body));
    assert_eq!(blocks(&a)[1..], [(Heading(1), "Fines"), (Cell, "one"), (Cell, "three")]);
}

#[test]
fn slides_of_powerpoint_are_pages() {
    let shape = |place: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\"/><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>\
             <a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let slide = |shapes: &[String]| {
        format!("<p:sld><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:sld>", shapes.concat())
    };
    let first = slide(&[
        shape("<p:ph type=\"sldNum\"/>", "17"),
        shape("<p:ph idx=\"1\"/>", "A point"),
        shape("", "A box"),
        shape("<p:ph type=\"title\"/>", "The plan"),
    ]);
    let hidden = slide(&[shape("", "secret")]).replace("<p:sld>", "<p:sld show=\"0\">");
    let third = slide(&[shape("", "third")]);
    let notes =
        slide(&[shape("<p:ph type=\"body\"/>", "say this"), shape("<p:ph type=\"sldNum\"/>", "1")]);
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>")
    };
    let all =
        |relations: &[String]| format!("<Relationships>{}</Relationships>", relations.concat());
    let list = "<p:presentation><p:sldIdLst><p:sldId id=\"9\" r:id=\"r1\"/><p:sldId id=\"8\" r:id=\"r2\"/>\
                <p:sldId id=\"7\" r:id=\"r3\"/></p:sldIdLst></p:presentation>";
    let names = all(&[
        relation("r1", "slide", "slides/slide3.xml"),
        relation("r2", "slide", "slides/slide1.xml"),
        relation("r3", "slide", "/ppt/slides/slide2.xml"),
    ]);
    let own = all(&[relation("n", "notesSlide", "../notesSlides/n.xml")]);
    let file = pack(&[
        ("ppt/presentation.xml", list.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", names.as_bytes()),
        ("ppt/slides/slide3.xml", first.as_bytes()),
        ("ppt/slides/_rels/slide3.xml.rels", own.as_bytes()),
        ("ppt/slides/slide1.xml", hidden.as_bytes()),
        ("ppt/slides/slide2.xml", third.as_bytes()),
        ("ppt/notesSlides/n.xml", notes.as_bytes()),
    ]);
    let a = article("a.pptx", &file);
    let found: Vec<_> = a.blocks.iter().map(|b| (b.kind, b.text.as_str(), b.page)).collect();
    assert_eq!(
        found,
        [
            (Title, "The plan", Some(1)),
            (ListItem, "A point", Some(1)),
            (Paragraph, "A box", Some(1)),
            (Heading(2), "Speaker notes", Some(1)),
            (Paragraph, "say this", Some(1)),
            (Heading(1), "Slide 3", Some(3)),
            (Paragraph, "third", Some(3)),
        ]
    );
    assert_eq!(a.notes, ["hidden slides left out: 1"]);
}

#[test]
fn sheets_of_excel_are_rows_of_cells() {
    let book = "<workbook><sheets><sheet name=\"Fines\" r:id=\"r1\"/><sheet name=\"Old\" state=\"hidden\" r:id=\"r2\"/>\
                <sheet name=\"More\" r:id=\"r2\"/></sheets></workbook>";
    let names = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"r2\" Type=\"x/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>";
    let strings = "<sst><si><t>digital</t></si><si><r><t>sove</t></r><r><t>reignty</t></r><rPh><t>reading aid</t></rPh></si></sst>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
                  <cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";
    let sheet = "<worksheet><cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols><sheetData>\
        <row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>99</v></c></row>\
        <row hidden=\"1\"><c t=\"s\"><v>0</v></c></row>\
        <row><c r=\"A3\" s=\"1\"><v>45505</v></c><c r=\"B3\" s=\"0\"><f>1/3</f><v>35</v></c><c r=\"D3\" t=\"e\"><v>#N/A</v></c></row>\
        </sheetData></worksheet>";
    let second = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>only</t></is></c><c t=\"s\"><v>77</v></c></row></sheetData></worksheet>";
    let file = pack(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", names.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", second.as_bytes()),
    ]);
    let a = article("a.xlsx", &file);
    assert_eq!(
        blocks(&a),
        [
            (Title, "Fines"),
            (Cell, "digital"),
            (Cell, "sovereignty"),
            (Cell, "2024-08-01"),
            (Cell, "35"),
            (Heading(1), "More"),
            (Cell, "only"),
        ]
    );
}

#[test]
fn chapters_of_a_book_are_read_in_the_order_of_the_spine() {
    let container =
        "<container><rootfiles><rootfile full-path=\"OEBPS/book.opf\"/></rootfiles></container>";
    let opf = "<package><metadata><dc:title>A Book</dc:title><dc:creator>Jane Doe</dc:creator>\
        <dc:language>en</dc:language><dc:date>2023-04</dc:date><meta property=\"dcterms:modified\">2024-01-01T00:00:00Z</meta></metadata>\
        <manifest><item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
        <item id=\"toc\" href=\"toc.html\" media-type=\"application/xhtml+xml\"/>\
        <item id=\"b\" href=\"b%20c.xhtml\" media-type=\"application/xhtml+xml\"/>\
        <item id=\"a\" href=\"text/a.xhtml\" media-type=\"application/xhtml+xml\"/></manifest>\
        <spine><itemref idref=\"nav\"/><itemref idref=\"toc\"/><itemref idref=\"a\"/><itemref idref=\"b\"/></spine>\
        <guide><reference type=\"toc\" href=\"toc.html\"/></guide></package>";
    let nav = "<html><body><nav><a href=\"text/a.xhtml\">One</a><a href=\"b%20c.xhtml\">Two</a></nav></body></html>";
    let a = "<html><body><h1>First</h1><p>Short.</p><ul><li><a href=\"x\">A link</a></li></ul></body></html>";
    let b = "<html><body><p>Digital sovereignty<a epub:type='noteref' href='n.xhtml#n1'>1</a> &mdash; no heading.</p></body></html>";
    let members = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("OEBPS/book.opf", opf),
        ("OEBPS/nav.xhtml", nav),
        ("OEBPS/toc.html", "<p>One 3, Two 17</p>"),
        ("OEBPS/b c.xhtml", b),
        ("OEBPS/text/a.xhtml", a),
    ];
    let mut members: Vec<(&str, &[u8])> =
        members.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let found = article("a.epub", &pack(&members));
    assert_eq!(
        blocks(&found),
        [
            (Title, "A Book"),
            (Heading(1), "First"),
            (Paragraph, "Short."),
            (ListItem, "A link"),
            (Heading(1), "Two"),
            (Paragraph, "Digital sovereignty — no heading."),
        ]
    );
    assert_eq!(found.metadata.date.unwrap().to_string(), "2023-04");
    let encryption = |method: &str| {
        format!(
            "<encryption><EncryptedData><EncryptionMethod Algorithm=\"{method}\"/></EncryptedData></encryption>"
        )
    };
    let fonts = encryption("http://www.idpf.org/2008/embedding");
    members.push(("META-INF/encryption.xml", fonts.as_bytes()));
    assert_eq!(article("a.epub", &pack(&members)).blocks.len(), 6);
    members.pop();
    let locked = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc");
    members.push(("META-INF/encryption.xml", locked.as_bytes()));
    assert!(reason("a.epub", &pack(&members)).contains("rights management"));
}

fn rtf(text: &str) -> Article {
    article("a.rtf", format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0{text}}}").as_bytes())
}

#[test]
fn rtf_is_read_by_its_groups() {
    let a = rtf(
        "{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}}{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 Own;}{\\s2 heading 2;}{\\*\\cs9 heading 3;}}\
        {\\info{\\title The Act}{\\author Jane Doe}{\\creatim\\yr2024\\mo5\\dy1\\hr9}{\\revtim\\yr2024\\mo5\\dy2}}\
        {\\header\\pard header\\par}\\pard\\s1 Part\\par\\pard\\s2 Scope\\par\\pard\\outlinelevel2 Deep\\par\n\
        \\pard digital sove\\-re\\\nignty{\\v hidden}{\\deleted gone}{\\*\\unknown secret}\\~a\\tab b{\\footnote\\pard A note\\par} end\\par\
        {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt the link}}\\par\
        {\\listtext\\bullet\\tab}item\\par\\bullet\\tab point\\par{\\pict 00ff\\bin2 }}}after\\par",
    );
    assert_eq!(
        blocks(&a),
        [
            (Title, "The Act"),
            (Heading(1), "Part"),
            (Heading(2), "Scope"),
            (Heading(3), "Deep"),
            (Paragraph, "digital sovere"),
            (Paragraph, "ignty a b end"),
            (Paragraph, "A note"),
            (Paragraph, "the link"),
            (ListItem, "item"),
            (ListItem, "point"),
            (Paragraph, "after"),
        ]
    );
    assert_eq!(a.metadata.authors, ["Jane Doe"]);
    assert_eq!(a.metadata.date.unwrap().to_string(), "2024-05-02");
}

#[test]
fn characters_of_rtf_are_those_of_the_font_and_the_code_page() {
    let text = |body: &str| {
        rtf(&format!("{{\\fonttbl{{\\f0\\fcharset0 A;}}{{\\f1\\fcharset204 B;}}{{\\f2\\fcharset128 C;}}{{\\f3\\fcharset2 Symbol;}}}}\\pard {body}\\par")).text()
    };
    assert_eq!(text("\\'e9t\\'e9"), "été");
    assert_eq!(text("\\f1 \\'cf\\'f0\\'e0\\'e2\\'ee"), "Право");
    assert_eq!(text("\\f2 \\'93\\'fa\\'96\\'7b"), "日本");
    assert_eq!(text("{\\f3 a}b"), "αb");
    assert_eq!(text("\\u8220\\'93x\\u8221?y"), "“x”y");
    assert_eq!(text("{\\uc2 \\u26085\\'93\\'fax}\\u8211-"), "日x–");
    assert_eq!(text("{\\uc0\\u-10179\\u-8703 x}"), "\u{1F601} x".replace(' ', ""));
    // The fall-back may be a word, and ends with the group.
    assert_eq!(text("{\\u8217}s \\u8212\\emdash x"), "’s —x");
}

#[test]
fn tables_of_rtf_are_cells() {
    let a = rtf(
        "\\pard before\\par\\trowd\\cellx1\\cellx2\\pard\\intbl digital\\cell sovereignty\\cell\\row\
        \\trowd\\pard\\intbl one\\par two\\cell {\\b 3}\\cell\\row\\pard after\\par",
    );
    assert_eq!(
        blocks(&a),
        [
            (Paragraph, "before"),
            (Cell, "digital"),
            (Cell, "sovereignty"),
            (Cell, "one"),
            (Cell, "two"),
            (Cell, "3"),
            (Paragraph, "after"),
        ]
    );
}

#[test]
fn broken_rtf_does_no_harm() {
    let deep = format!("{{\\rtf1 {}x{}\\par after}}", "{".repeat(50_000), "}".repeat(50_000));
    assert_eq!(article("a.rtf", deep.as_bytes()).text(), "x\n\nafter");
    let a = article("a.rtf", b"{\\rtf1 {\\b cut off");
    assert_eq!(a.text(), "cut off");
    assert!(a.notes[0].contains("missing"), "{:?}", a.notes);
    assert!(reason("a.rtf", b"no such thing").contains("RTF"));
    assert_eq!(article("a.rtf", b"{\\rtf1 one}two").text(), "one");
}

#[test]
fn no_change_of_one_byte_does_harm() {
    let rtf = b"{\\rtf1{\\fonttbl{\\f0\\fcharset128 A;}}{\\stylesheet{\\s1 heading 1;}}\\pard\\s1 T\\par\\f0\\'93\\'fa\\u8217?\\intbl x\\cell\\row{\\footnote n}\\bin2 }}y\\par}";
    let xml = "<w:document><w:body><w:p><w:pPr><w:pStyle w:val=\"a\"/></w:pPr><w:r><w:fldChar w:fldCharType=\"end\"/><w:t>x&amp;</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>";
    for value in [0, b'<', b'>', b'"', b'{', b'}', b'\\', b'9', 0xFF] {
        for at in 0..rtf.len() {
            let mut changed = rtf.to_vec();
            changed[at] = value;
            let _ = extract("a.rtf", &changed, &mut |_| {});
        }
        for at in 0..xml.len() {
            let mut changed = xml.as_bytes().to_vec();
            changed[at] = value;
            let _ = extract("a.docx", &pack(&[("word/document.xml", &changed)]), &mut |_| {});
            let _ = extract("a.odt", &pack(&[("content.xml", &changed)]), &mut |_| {});
        }
    }
}

#[test]
fn the_content_decides_which_reader_is_asked() {
    let file = word(&p("", "Text"), &[]);
    let large: Vec<u8> =
        (0..50_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let document =
        "<w:document><w:body><w:p><w:r><w:t>Text</w:t></w:r></w:p></w:body></w:document>";
    let late = pack(&[("a.png", &large), ("word/document.xml", document.as_bytes())]);
    for (name, bytes) in [("a.doc", &file), ("a.odt", &file), ("a", &file), ("a.docx", &late)] {
        assert_eq!(article(name, bytes).text(), "Text", "{name}");
    }
    assert_eq!(article("a.doc", b"{\\rtf1 Text}").text(), "Text");
    assert_eq!(
        blocks(&article(
            "a.odt",
            &opendocument("text", "", "<text:p text:style-name=\"Illustration\">Figure</text:p>")
        ))[1],
        (Caption, "Figure")
    );
}

/// A compound file with these streams, each in sectors of its own.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let sectors = |bytes: &[u8]| bytes.len().div_ceil(512).max(1);
    let mut table = vec![0xFFFF_FFFDu32, 0xFFFF_FFFE];
    let mut directory = Vec::new();
    let mut data = Vec::new();
    let mut entry = |name: &str, kind: u8, next: u32, child: u32, start: u32, size: u32| {
        let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = bytes.len() as u16 + 2;
        bytes.resize(64, 0);
        bytes.extend(length.to_le_bytes());
        bytes.extend([kind, 1]);
        for number in [u32::MAX, next, child] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.resize(116, 0);
        bytes.extend(start.to_le_bytes());
        bytes.extend(u64::from(size).to_le_bytes());
        directory.extend(bytes);
    };
    entry("Root Entry", 5, u32::MAX, 1, 0xFFFF_FFFE, 0);
    for (number, (name, bytes)) in streams.iter().enumerate() {
        let start = table.len() as u32;
        let next = if number + 1 < streams.len() { number as u32 + 2 } else { u32::MAX };
        entry(name, 2, next, u32::MAX, start, bytes.len() as u32);
        let count = sectors(bytes) as u32;
        table.extend((1..count).map(|n| start + n).chain([0xFFFF_FFFE]));
        data.extend_from_slice(bytes);
        data.resize(512 * (table.len() - 2), 0);
    }
    directory.resize(512, 0);
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0);
    for number in [0x3Eu16, 3, 0xFFFE, 9, 6] {
        header.extend(number.to_le_bytes());
    }
    header.resize(44, 0);
    // No stream is short.
    for number in [1u32, 1, 0, 0, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        header.extend(number.to_le_bytes());
    }
    header.resize(512, 0xFF);
    let mut fat: Vec<u8> = table.iter().flat_map(|next| next.to_le_bytes()).collect();
    assert!(fat.len() <= 512);
    fat.resize(512, 0xFF);
    [header, fat, directory, data].concat()
}

/// The streams of a Word document of two pieces, one of bytes and one of UTF-16.
fn old_word(narrow: &str, wide: &str, flags: u16) -> Vec<u8> {
    old_word_raised(narrow, wide, flags, 0..0)
}

/// The same with this range of the first piece raised.
fn old_word_raised(narrow: &str, wide: &str, flags: u16, raised: Range<u32>) -> Vec<u8> {
    let mut main = vec![0; 1024];
    main[..4].copy_from_slice(&[0xEC, 0xA5, 0xC1, 0]);
    main[10..12].copy_from_slice(&flags.to_le_bytes());
    main[32] = 14;
    main[62] = 22;
    main[152] = 93;
    let (narrow, _, _) = encoding_rs::WINDOWS_1252.encode(narrow);
    let units: Vec<u16> = wide.encode_utf16().collect();
    let all = (narrow.len() + units.len()) as u32;
    main[76..80].copy_from_slice(&all.to_le_bytes());
    main.extend_from_slice(&narrow);
    main.resize(2048, 0);
    main.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    let mut table = vec![2];
    table.extend(28u32.to_le_bytes());
    for number in [0, narrow.len() as u32, all] {
        table.extend(number.to_le_bytes());
    }
    for place in [0x4000_0000 | (2 * 1024), 2048u32] {
        table.extend([0, 0]);
        table.extend(place.to_le_bytes());
        table.extend([0, 0]);
    }
    main[154 + 8 * 33 + 4..154 + 8 * 33 + 8].copy_from_slice(&(table.len() as u32).to_le_bytes());
    // One page of runs of characters: before, raised, after.
    let places = [1024, 1024 + raised.start, 1024 + raised.end, 2048];
    let mut page: Vec<u8> = places.iter().flat_map(|place| place.to_le_bytes()).collect();
    page.extend([0, 0x40, 0]);
    page.resize(0x80, 0);
    page.extend([3, 0x48, 0x2A, 1]);
    page.resize(511, 0);
    page.push(3);
    main.resize(main.len().next_multiple_of(512), 0);
    let number = main.len() as u32 / 512;
    main.extend(page);
    main[154 + 8 * 12..154 + 8 * 12 + 4].copy_from_slice(&(table.len() as u32).to_le_bytes());
    main[154 + 8 * 12 + 4] = 12;
    table.extend([1024u32, 2048, number].iter().flat_map(|number| number.to_le_bytes()));
    compound(&[("WordDocument", &main), ("0Table", &table), ("1Table", b"")])
}

#[test]
fn old_word_documents_are_read_by_their_pieces() {
    let file = old_word(
        "The “Act” for us\rsee \u{13}HYPERLINK x\u{14}the link\u{15}, sov",
        "ereignty Право\ra\u{7}b\u{7}\u{7}end\r",
        0,
    );
    let a = article("a.doc", &file);
    let texts: Vec<_> = a.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["The “Act” for us", "see the link, sovereignty Право", "a", "b", "end"]);
    let raised = article("a.doc", &old_word_raised("of 1025 and\r", "x\r", 0, 5..7));
    assert_eq!(raised.blocks[0].text, "of 10^25 and");
    assert_eq!(reason("a.doc", &old_word("x\r", "y\r", 0x100)), "is encrypted with a password");
    assert!(reason("a.xls", &compound(&[("Workbook", b"x")])).contains("XLS is not read"));
    assert!(reason("a.doc", &file[..600]).contains("damaged"));
    for at in (0..file.len()).step_by(3) {
        let mut changed = file.clone();
        changed[at] ^= 0xFF;
        let _ = extract("a.doc", &changed, &mut |_| {});
    }
}
