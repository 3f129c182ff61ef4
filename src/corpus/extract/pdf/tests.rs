//! Documents made by hand, each with one thing that a reader of PDF must get right.

use crate::corpus::extract::extract;
use crate::{Article, BlockKind, Origin};

/// A PDF of these objects, numbered from 1; the first is the catalog. `trailer` goes into its
/// trailer.
fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = places.len() + 1;
    let end = format!("trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    file.extend(end.bytes());
    file
}

/// The objects of a document with these page contents. Objects 1 to 4 are the catalog, the page
/// tree, Helvetica (`F1`) and Helvetica bold (`F2`); then come a page and its content, and so on.
fn objects(catalog: &str, pages: &[String]) -> Vec<String> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 5 + 2 * n)).collect();
    let font =
        |name| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>");
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), pages.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
    ];
    for (number, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {} 0 R\
             /Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>",
            6 + 2 * number
        ));
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    objects
}

fn document(pages: &[String]) -> Vec<u8> {
    pdf(&objects("", pages), "")
}

/// Lines of text from a place downwards, 12 points apart, in 10 point Helvetica.
fn lines(x: u32, y: u32, lines: &[&str]) -> String {
    let shown = |line: &&str| format!("({line}) Tj T*");
    let shown: Vec<String> = lines.iter().map(shown).collect();
    format!("BT /F1 10 Tf 12 TL {x} {y} Td {} ET\n", shown.join(" "))
}

fn heading(y: u32, size: u32, text: &str) -> String {
    format!("BT /F2 {size} Tf 50 {y} Td ({text}) Tj ET\n")
}

fn read(file: &[u8]) -> Article {
    let mut articles = Vec::new();
    let extracted = extract("a.pdf", file, &mut |article| articles.push(article)).unwrap();
    assert_eq!(extracted.format, "PDF");
    articles.remove(0)
}

fn refused(file: &[u8]) -> String {
    extract("a.pdf", file, &mut |_| panic!("an article")).unwrap_err().reason
}

fn texts(article: &Article) -> Vec<&str> {
    article.blocks.iter().map(|block| &*block.text).collect()
}

const LEFT: &[&str] = &[
    "The first column speaks of data and of digi-",
    "tal sovereignty, of clouds and of models that",
    "nobody has seen, and it goes on to the very",
    "end of its last line, where it speaks of digital",
];

const RIGHT: &[&str] = &[
    "sovereignty again, since a phrase does not end",
    "where a column does. The second column has",
    "as many lines as the first one has, and this is",
    "the last of them.",
];

#[test]
fn columns_are_read_one_after_the_other() {
    let page = heading(
        740,
        10,
        "A line over both of the columns that is as wide as the two of them together are, or nearly",
    ) + &lines(50, 700, LEFT)
        + &lines(320, 700, RIGHT);
    let article = read(&document(&[page]));
    let text = article.text();
    assert!(text.contains("data and of digital sovereignty, of clouds"), "{text}");
    assert!(text.contains("speaks of digital sovereignty again, since a phrase"), "{text}");
    assert!(!text.contains("column speaks of data and of digital sovereignty again"), "{text}");
}

#[test]
fn cells_of_a_table_stay_in_their_rows() {
    let row = |y: u32, cells: [&str; 3]| {
        let cells = cells.iter().zip([50, 250, 400]);
        cells.map(|(cell, x)| lines(x, y, &[cell])).collect::<String>()
    };
    let page = row(700, ["Country", "Act", "Year"])
        + &row(680, ["Korea", "Basic Act", "2024"])
        + &row(660, ["Japan", "Promotion Act", "2025"]);
    let article = read(&document(&[page]));
    assert_eq!(
        texts(&article)[article.blocks.len() - 9..],
        ["Country", "Act", "Year", "Korea", "Basic Act", "2024", "Japan", "Promotion Act", "2025"]
    );
    let cells = article.blocks.iter().filter(|block| block.kind == BlockKind::Cell).count();
    assert!(cells >= 8, "{:?}", article.blocks);
}

#[test]
fn words_are_parted_by_gaps_and_not_by_kerning() {
    let page = "BT /F1 10 Tf 50 700 Td [(dig) 20 (ital) -300 (sover) -15 (eignty)] TJ \
                0 -30 Td (overprinted) Tj 0.2 0 Td (overprinted) Tj \
                -0.2 -30 Td 3 Tc (SPACED) Tj ( OUT) Tj 0 Tc \
                0 -30 Td (a claim that is proven) Tj 6 Ts /F1 6 Tf (12) Tj 0 Ts /F1 10 Tf ( here) Tj ET"
        .to_owned();
    let article = read(&document(&[page]));
    let text = article.text();
    assert!(text.contains("digital sovereignty"), "{text}");
    assert_eq!(text.matches("overprinted").count(), 1, "{text}");
    assert!(text.contains("SPACED OUT"), "{text}");
    assert!(text.contains("that is proven 12 here"), "{text}");
}

/// A page with a header, a page number and a footer around its lines.
fn framed(number: u32, body: &[&str]) -> String {
    lines(50, 770, &["Gazette of Laws and Notices"])
        + &lines(50, 700, body)
        + &lines(300, 30, &[&format!("{number}")])
}

fn framed_pages() -> Vec<String> {
    vec![
        framed(
            4,
            &[
                "The page is full of words that say nothing much but fill the line up to its right",
                "edge, as the lines of a paragraph do all over the world, and this one ends at the",
                "end of a page, in the middle of what it wants to say of digital and so of digital",
            ],
        ),
        framed(
            5,
            &["sovereignty, which goes on here. And then it ends.", "Another text begins then."],
        ),
        framed(
            6,
            &[
                "The third page says something else, so that nothing is on all of them but",
                "heads.",
            ],
        ),
    ]
}

#[test]
fn running_heads_are_left_out_and_paragraphs_go_on_over_pages() {
    let article = read(&document(&framed_pages()));
    let text = article.text();
    assert!(!text.contains("Gazette"), "{text}");
    assert!(!text.contains('4') && !text.contains('5'), "{text}");
    assert!(article.notes.iter().any(|note| note.contains("“Gazette of Laws and Notices”")));
    let block =
        article.blocks.iter().find(|b| b.text.contains("digital sovereignty, which")).unwrap();
    assert_eq!(block.page, Some(1));
    let second_page = block.text.find("sovereignty, which").unwrap();
    assert_eq!(block.breaks[0] as usize, second_page);
}

#[test]
fn numbered_headings_at_the_top_of_pages_are_no_running_heads() {
    let page = |number: u32, article: u32| {
        framed(number, &[&format!("Article {article}"), "The Commission shall act."])
    };
    let article = read(&document(&[page(1, 7), page(2, 9), page(3, 10), page(4, 14)]));
    let text = article.text();
    for number in [7, 9, 10, 14] {
        assert!(text.contains(&format!("Article {number}")), "{text}");
    }
}

#[test]
fn page_labels_are_those_of_the_document() {
    let labels = "/PageLabels<</Nums[0<</S/r/St 3>> 1<</S/D/St 1/P(A-)>>]>>";
    let article = read(&pdf(&objects(labels, &framed_pages()), ""));
    assert_eq!(article.metadata.page_labels, ["iii", "A-1", "A-2"]);
    let plain = "/PageLabels<</Nums[0<</S/D>>]>>";
    let article = read(&pdf(&objects(plain, &framed_pages()), ""));
    assert!(article.metadata.page_labels.is_empty());
}

#[test]
fn headings_are_told_from_size_and_from_the_outline() {
    let body = [
        "Text of the section that is long enough to be the body of this document, and more.",
        "It ends.",
    ];
    let page = heading(760, 20, "A Law on Models")
        + &heading(720, 14, "Scope of it")
        + &lines(50, 690, &body)
        + &lines(50, 640, &["Terms used"])
        + &lines(50, 610, &body);
    let pages = [page];
    let article = read(&document(&pages));
    let kind = |article: &Article, text: &str| {
        article.blocks.iter().find(|block| block.text == text).map(|block| block.kind)
    };
    assert_eq!(kind(&article, "A Law on Models"), Some(BlockKind::Title));
    assert!(matches!(kind(&article, "Scope of it"), Some(BlockKind::Heading(_))));
    assert_eq!(kind(&article, "Terms used"), Some(BlockKind::Paragraph));
    assert_eq!(article.metadata.title.as_deref(), Some("A Law on Models"));

    let mut objects = objects("/Outlines 7 0 R", &pages);
    objects.push("<</First 8 0 R/Last 8 0 R/Count 2>>".to_owned());
    objects.push(
        "<</Title(Scope of it)/Parent 7 0 R/Dest[5 0 R/Fit]/First 9 0 R/Last 9 0 R>>".to_owned(),
    );
    objects.push("<</Title(Terms used)/Parent 8 0 R/Dest[5 0 R/Fit]>>".to_owned());
    let article = read(&pdf(&objects, ""));
    assert_eq!(kind(&article, "Scope of it"), Some(BlockKind::Heading(1)));
    assert_eq!(kind(&article, "Terms used"), Some(BlockKind::Heading(2)));
}

#[test]
fn ornaments_and_page_numbers_are_no_part_of_a_heading() {
    let body = ["Text of the section that is long enough to be the body of this document, and so."];
    let page = heading(760, 20, "\\225 A Law on Models \\225")
        + &lines(50, 730, &body)
        + &heading(690, 14, "1 | Scope of Article 1")
        + &lines(50, 660, &body);
    let article = read(&document(&[page]));
    let found: Vec<_> = article.blocks.iter().map(|block| (block.kind, &*block.text)).collect();
    assert_eq!(found[0], (BlockKind::Title, "A Law on Models"));
    assert!(matches!(found[2], (BlockKind::Heading(_), "Scope of Article 1")), "{found:?}");
}

#[test]
fn characters_are_told_by_encodings_names_and_maps() {
    let map = "/CIDInit/ProcSet findresource begin begincmap 1 begincodespacerange <00><FF> \
               endcodespacerange 2 beginbfchar <01><00660069> <02><00E9> endbfchar endcmap";
    let mut objects = objects(
        "",
        &["BT /F1 10 Tf 50 700 Td (souverainet\\351 \\223quoted\\224) Tj \
        0 -30 Td /F3 10 Tf (arti\\200cial intelligence) Tj 0 -30 Td /F4 10 Tf (\\001\\002) Tj ET"
            .to_owned()],
    );
    objects[4] = objects[4].replace("/F2 4 0 R", "/F3 7 0 R/F4 8 0 R");
    objects.push(
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[128/fi]>>>>"
            .to_owned(),
    );
    objects.push("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>".to_owned());
    objects.push(format!("<</Length {}>>\nstream\n{map}\nendstream", map.len()));
    let text = read(&pdf(&objects, "")).text();
    assert!(text.contains("souveraineté “quoted”"), "{text}");
    assert!(text.contains("artificial intelligence"), "{text}");
    assert!(text.contains("fié"), "{text}");
}

#[test]
fn properties_are_metadata_if_they_can_be_believed() {
    let pages = [heading(760, 20, "On Clouds") + &lines(50, 700, LEFT)];
    let with = |info: &str| {
        let mut objects = objects("/Lang(en-GB)", &pages);
        objects.push(info.to_owned());
        read(&pdf(&objects, "/Info 7 0 R")).metadata
    };
    let good = with(
        "<</Title(Clouds and the Law)/Author(Jane Doe; A. Roe)/CreationDate(D:20240712101500Z)>>",
    );
    assert_eq!(good.title.as_deref(), Some("Clouds and the Law"));
    assert_eq!(good.authors, ["Jane Doe", "A. Roe"]);
    assert_eq!(good.date.unwrap().to_string(), "2024-07-12");
    assert_eq!(good.origins["date"], Origin::Embedded);
    let poor = with("<</Title(Microsoft Word - clouds_v3.docx)/Author(user)>>");
    assert_eq!(poor.title.as_deref(), Some("On Clouds"));
    assert!(poor.authors.is_empty());
}

#[test]
fn what_cannot_be_read_is_reported_with_the_reason() {
    let image = "q 600 0 0 800 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a EI Q".to_owned();
    assert_eq!(refused(&document(&[image.clone(), image.clone()])), "has no text layer: 2 pages");
    let half = read(&document(&[lines(50, 700, LEFT), image]));
    assert!(half.notes.contains(&"no text layer on page 2".to_owned()), "{:?}", half.notes);

    let key = "00".repeat(32);
    let locked =
        format!("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>/ID[<00><00>]");
    let file = pdf(&objects("", &[lines(50, 700, LEFT)]), &locked);
    assert_eq!(refused(&file), "is encrypted with a password");

    let whole = document(&framed_pages());
    for end in (8..whole.len()).step_by(97) {
        let _ = extract("a.pdf", &whole[..end], &mut |_| {});
        let mut damaged = whole.clone();
        damaged[end] = b'(';
        let _ = extract("a.pdf", &damaged, &mut |_| {});
    }
}

/// A box from a lower left corner, as its four sides.
fn boxed(x: u32, y: u32, width: u32, height: u32) -> String {
    format!("{x} {y} {width} {height} re S\n")
}

#[test]
fn a_drawn_table_is_read_cell_by_cell() {
    // Cells of several lines, centred beside each other, so that no line shows the rows.
    let page = lines(50, 750, &["What the authorities did in that year is told below."])
        + &boxed(50, 640, 100, 60)
        + &boxed(150, 640, 200, 60)
        + &boxed(50, 580, 100, 60)
        + &boxed(150, 610, 200, 30)
        + &boxed(150, 580, 200, 30)
        + &lines(55, 668, &["Ireland"])
        + &lines(
            155,
            686,
            &["a register of the systems", "that are in use, and of", "those that were"],
        )
        + &lines(55, 606, &["Italy"])
        + &lines(155, 626, &["a law", "on children"])
        + &lines(155, 596, &["a fund", "for chips"])
        + &lines(50, 540, &["What they left undone is told elsewhere."]);
    let article = read(&document(&[page]));
    let expected = [
        "Ireland",
        "a register of the systems that are in use, and of those that were",
        "Italy",
        "a law on children",
        "a fund for chips",
    ];
    let cells = article.blocks.iter().filter(|block| block.kind == BlockKind::Cell);
    assert_eq!(cells.map(|block| &*block.text).collect::<Vec<_>>(), expected);
    assert!(texts(&article)[0].starts_with("What the authorities"), "{:?}", texts(&article));
    assert!(texts(&article)[6].starts_with("What they left"), "{:?}", texts(&article));
}

#[test]
fn boxes_behind_running_text_make_no_table() {
    let text =
        ["A leaflet has boxes of colour behind", "its text, and the text runs over them", "all."];
    let page = boxed(40, 600, 60, 200)
        + &boxed(100, 600, 300, 100)
        + &boxed(100, 700, 300, 100)
        + &lines(50, 720, &text)
        + &lines(50, 620, &text);
    let article = read(&document(&[page]));
    assert!(article.blocks.iter().all(|block| block.kind != BlockKind::Cell));
    assert!(article.text().contains("colour behind its text, and the text runs over them all."));
}

#[test]
fn entries_of_a_table_of_contents_stay_apart_and_are_no_headings() {
    let entries =
        ["Scope ........ 3", "Definitions ........ 12", "Scope of the second part ..... 14"];
    let page = heading(740, 10, "Scope ........ 3")
        + &heading(728, 10, "Definitions of what is meant here ........ 12")
        + &lines(50, 700, &entries)
        + &lines(50, 600, LEFT);
    let article = read(&document(&[page]));
    let items = article.blocks.iter().filter(|block| block.kind == BlockKind::ListItem);
    assert_eq!(items.count(), 5, "{:?}", article.blocks);
    assert_eq!(texts(&article)[1], "Definitions of what is meant here 12");
}

#[test]
fn a_list_numbered_through_columns_is_read_down_each() {
    let column = |x: u32, first: u32, names: &[&str]| -> String {
        let rows = names.iter().enumerate().map(|(at, name)| {
            let y = 700 - 20 * at as u32;
            lines(x, y, &[&format!("{}.", first + at as u32)]) + &lines(x + 30, y, &[name])
        });
        rows.collect()
    };
    let page = column(50, 1, &["Ada Ltd", "Bab Ltd", "Cor Ltd"])
        + &column(250, 4, &["Dee Ltd", "Eta Ltd", "Fay Ltd"])
        + &column(450, 7, &["Gil Ltd", "Hal Ltd", "Ivo Ltd"]);
    let article = read(&document(&[page]));
    let text = article.text();
    let places: Vec<_> = (1..=9).map(|n| text.find(&format!("{n}.")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn notes_that_are_numbered_one_after_the_other_stay_apart() {
    let notes = [
        "4 See the act of the year before",
        "5 See the report, which is longer than",
        "the act and says more",
        "6 Idem",
    ];
    let small = notes.map(|note| format!("({note}) Tj T*")).concat();
    let page = lines(50, 700, LEFT)
        + &lines(50, 640, RIGHT)
        + &format!("BT /F1 7 Tf 8 TL 50 100 Td {small} ET\n");
    let article = read(&document(&[page]));
    let expected = [
        "4 See the act of the year before",
        "5 See the report, which is longer than the act and says more",
        "6 Idem",
    ];
    assert_eq!(texts(&article)[article.blocks.len() - 3..], expected);
}

#[test]
fn the_letterhead_of_two_pages_is_read_once() {
    let page =
        |text: &[&str]| lines(50, 770, &["Gazette of Laws, Notice FV 1"]) + &lines(50, 600, text);
    let article = read(&document(&[page(LEFT), page(RIGHT)]));
    assert_eq!(article.text().matches("Notice FV 1").count(), 1, "{}", article.text());
    assert!(article.text().starts_with("Gazette"), "{}", article.text());
}

#[test]
fn page_numbers_that_do_not_count_the_sheets_are_left_out() {
    let page = |left: u32, right: u32, text: &[&str]| {
        lines(50, 600, text)
            + &lines(50, 30, &[&left.to_string()])
            + &lines(500, 30, &[&right.to_string()])
    };
    let pages = [page(8, 1, LEFT), page(2, 7, RIGHT), page(6, 3, LEFT), page(4, 5, RIGHT)];
    let article = read(&document(&pages));
    assert!(!article.text().contains(|c: char| c.is_ascii_digit()), "{}", article.text());
}

/// Programs that fill in forms leave it to the viewer to draw what fields hold.
#[test]
fn what_was_filled_into_a_form_is_read_where_nothing_shows_it() {
    let mut objects = objects("", &[lines(50, 700, &["First name", "", "Country"])]);
    let field = |kind: &str, value: &str, low: u32| {
        format!(
            "<</Type/Annot/Subtype/Widget/F 4/FT/{kind}/V {value}/Rect[130 {low} 300 {}]>>",
            low + 14
        )
    };
    let hidden = field("Tx", "(secret)", 600).replace("/F 4", "/F 2");
    let fields =
        [field("Tx", "<FEFF00C5007300610020004D>", 697), field("Ch", "(Norway)", 673), hidden];
    objects[4] = objects[4].replace("/Contents", &format!("/Annots[{}]/Contents", fields.join("")));
    let article = read(&pdf(&objects, ""));
    assert_eq!(texts(&article).join(" "), "First name Åsa M Country Norway");
}

/// Some programs map glyphs to nothing, which is no fault of the others.
#[test]
fn a_map_with_an_empty_entry_is_read_for_the_rest() {
    let map = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
        3 beginbfchar <0001> <0058> <0002> <> <0003> <0059> endbfchar";
    let content = "BT /F1 10 Tf 50 700 Td <000100020003> Tj ET".to_owned();
    let mut objects = objects("", &[content]);
    objects[2] = "<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/ToUnicode 7 0 R\
        /DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Own\
        /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
        .into();
    objects.push(format!("<</Length {}>>\nstream\n{map}\nendstream", map.len()));
    let article = read(&pdf(&objects, ""));
    assert_eq!(texts(&article), ["XY"]);
}
