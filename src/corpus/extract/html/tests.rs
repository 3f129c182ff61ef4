//! Pages with what must come out of them.

use super::read;
use crate::Origin;
use crate::article::BlockKind::{self, *};

/// The blocks of a page, as kind and text.
fn blocks(page: &str) -> Vec<(BlockKind, String)> {
    read(page).blocks.into_iter().map(|b| (b.kind, b.text)).collect()
}

fn texts(page: &str) -> Vec<String> {
    read(page).blocks.into_iter().map(|b| b.text).collect()
}

/// Enough running text for an article, in paragraphs.
fn story() -> String {
    (1..=4)
        .map(|n| {
            format!(
                "<p>Paragraph {n} says that the authority may require providers to give access to \
                 the documentation, and that it shall do so without undue delay.</p>"
            )
        })
        .collect()
}

#[test]
fn inline_markup_disappears_and_blocks_stay_apart() {
    let page = "<div>digital <em>sover</em>eignty<div>is</div>a <b>goal</b></div>";
    assert_eq!(texts(page), ["digital sovereignty", "is", "a goal"]);
}

#[test]
fn one_br_is_a_line_end_and_two_end_the_paragraph() {
    assert_eq!(texts("<p>one<br>two</p>"), ["one\ntwo"]);
    assert_eq!(texts("<font>one<br> <br>two</font>"), ["one", "two"]);
}

#[test]
fn each_element_becomes_its_kind_of_block() {
    let page = "<h1>T</h1><p>P<ul><li>a<ul><li>b</ul><li>c</ul><blockquote><p>Q</blockquote>\
        <pre>x\n  y</pre><dl><dt>t<dd>d</dl>\
        <table><caption>C</caption><tr><th>h<th>i<tr><td>1<td>2</table>";
    let expected = [
        (Heading(1), "T"),
        (Paragraph, "P"),
        (ListItem, "a"),
        (ListItem, "b"),
        (ListItem, "c"),
        (Quote, "Q"),
        (Code, "x\n  y"),
        (ListItem, "t"),
        (ListItem, "d"),
        (Caption, "C"),
        (Cell, "h"),
        (Cell, "i"),
        (Cell, "1"),
        (Cell, "2"),
    ];
    assert_eq!(blocks(page), expected.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn a_table_that_only_places_things_has_no_cells() {
    let page = format!("<table><tr><td>{}<h2>Next</h2>{0}<td>x</table>", story());
    assert!(blocks(&page).iter().all(|(kind, _)| *kind != Cell));
}

#[test]
fn entities_are_decoded_and_unseen_elements_dropped() {
    let page = "<style>p{}</style><p>R&amp;D &copy;&nbsp;&#8364;<script>1<2</script></p>\
        <p hidden>h</p><template><p>t</p></template><p style='display: none'>n</p>";
    assert_eq!(texts(page), ["R&D ©\u{a0}€"]);
}

#[test]
fn a_note_mark_is_kept_off_its_word_and_an_exponent_is_not() {
    let page = "<p>sovereignty<sup>3</sup> and 5 km<sup>2</sup> and 1<sup>er</sup></p>\
        <p>10<sup>25</sup> or 10<sup>−6</sup>, Article 5<a href='#n'><sup>8</sup></a> and 6<sup>9</sup></p>";
    let expected = ["sovereignty 3 and 5 km2 and 1er", "10^25 or 10^−6, Article 5 and 6^9"];
    assert_eq!(texts(page), expected);
}

#[test]
fn a_raised_link_to_a_note_is_no_text() {
    for mark in [
        "<a href='#fn7'><sup>7</sup></a>",
        "<sup><a href='#fn7'>[7]</a></sup>",
        "<sup><a href='#fn7'>7</a>, <a href='#fn8'>8</a></sup>",
        "<sup><a href='notes.xhtml#fn7' epub:type='noteref'>7</a></sup>",
        "<sup><a href='/notes' role=doc-noteref>7</a></sup>",
    ] {
        let page = format!("<p>35{mark} million for sovereignty{mark} in 2024.{mark} So</p>");
        assert_eq!(texts(&page), ["35 million for sovereignty in 2024. So"], "{mark}");
    }
    // The number of the note itself, and links to elsewhere.
    assert_eq!(texts("<p><sup><a href='#ref7'>7</a></sup> See there.</p>"), ["7 See there."]);
    assert_eq!(texts("<p>Act<sup><a href='/a'>7</a></sup> of</p>"), ["Act 7 of"]);
    assert_eq!(texts("<p>10<sup><a href='#unit'>th</a></sup> day</p>"), ["10th day"]);
}

#[test]
fn a_link_whose_role_is_that_of_a_note_is_no_text_where_it_stands_at_a_word() {
    for mark in [
        "<a href='notes.xhtml#fn7' epub:type='noteref'>7</a>",
        "<a href='/notes' role='doc-noteref'>[7]</a>",
        "<a href='#fn7' role='link doc-noteref'><span>*</span></a>",
        "<span class=super epub:type='noteref'><a href='/notes'>7</a></span>",
    ] {
        let page = format!("<p>35{mark} million for sovereignty{mark} in 2024.{mark} So</p>");
        assert_eq!(texts(&page), ["35 million for sovereignty in 2024. So"], "{mark}");
    }
    // Words and numbers of the sentence, and the number before a note.
    let role = "href='#n' epub:type='noteref'";
    for (page, text) in [
        (format!("<p>see note <a {role}>7</a> there"), "see note 7 there"),
        (format!("<p>the Act [<a {role}>7</a>] of"), "the Act [7] of"),
        (format!("<p>the Act (<a {role}>note 7</a>) of"), "the Act (note 7) of"),
        (format!("<p>un<a {role}>foreseen</a> risks"), "unforeseen risks"),
        (format!("<p><a {role}>7</a> See there."), "7 See there."),
    ] {
        assert_eq!(texts(&page), [text]);
    }
}

#[test]
fn what_a_site_puts_around_an_article_is_dropped() {
    let page = format!(
        "<title>The title of it | Site</title><body><nav><a href=/>Home</a></nav>\
         <div class=cookie-notice><p>We use cookies to do what we do on this site.</p></div>\
         <div class=page><h1>The title of it</h1>{}<div class=share-buttons>Share this</div></div>\
         <div class=sidebar><p>Another story, told in a sentence or two beside it.</p></div>\
         <div id=comments><p>I have read this, and I must say that I disagree with it.</p></div>\
         <footer>All rights reserved</footer>",
        story()
    );
    let texts = texts(&page);
    assert_eq!(texts.len(), 5, "{texts:?}");
    assert_eq!(texts[0], "The title of it");
}

#[test]
fn an_article_about_cookies_and_comments_is_kept() {
    let page = format!(
        "<article><h1>Consent</h1><section id=cookies><h2>Cookies</h2>{}</section>\
         <section id=comments><h2>Comments received</h2>{0}</section></article>",
        story()
    );
    assert_eq!(texts(&page).len(), 11);
}

#[test]
fn a_page_without_an_article_gives_all_its_text() {
    let list = "<body><ul><li><a href=a>Act one</a><li><a href=b>Act two</a></ul>";
    assert_eq!(texts(list), ["Act one", "Act two"]);
    let law: String = (1..=3000).map(|n| format!("<p>Article {n}<p>Short rule.")).collect();
    assert_eq!(texts(&law).len(), 6000);
    assert_eq!(texts("just text"), ["just text"]);
    assert!(texts("<nav></nav>").is_empty());
}

#[test]
fn a_forum_is_nothing_but_comments_and_gives_them() {
    let posts: String = (0..20).map(|_| format!("<div class=comment>{}</div>", story())).collect();
    assert_eq!(texts(&format!("<body>{posts}")).len(), 80);
}

#[test]
fn metadata_comes_from_the_head_before_the_body() {
    let page = format!(
        "<html lang=de-AT><head><title>On chips – Gazette</title>\
         <meta property=og:site_name content=Gazette><meta property=article:tag content=chips>\
         <meta name=dcterms.coverage content=EU><link rel=license href=https://l.example/by>\
         <meta property=article:published_time content=2024-08-01T09:00:00Z>\
         <link rel=canonical href=https://g.example/2023/01/02/chips>\
         <script type=application/ld+json>{{\"@graph\":[{{\"@type\":[\"OpinionNewsArticle\"],\
         \"author\":[{{\"name\":\"Ada Lovelace\"}},\"Alan Turing\"]}}]}}</script></head>\
         <h1>On chips</h1><time datetime=2020-05-05>5 May</time>{}© 1999",
        story()
    );
    let metadata = read(&page).metadata;
    assert_eq!(metadata.title.as_deref(), Some("On chips"));
    assert_eq!(metadata.authors, ["Ada Lovelace", "Alan Turing"]);
    assert_eq!(metadata.date, "2024-08-01".parse().ok());
    assert_eq!(metadata.language, "de".parse().ok());
    assert_eq!(metadata.source.as_deref(), Some("Gazette"));
    assert_eq!(metadata.kind.as_deref(), Some("opinion"));
    assert_eq!(metadata.jurisdiction.as_deref(), Some("EU"));
    assert_eq!(metadata.tags, ["chips"]);
    assert_eq!(metadata.extra["licence"], "https://l.example/by");
    assert_eq!(metadata.origins["date"], Origin::Embedded);
}

#[test]
fn the_body_dates_a_page_and_a_copyright_year_does_not() {
    let page = format!(
        "<h1>On chips</h1><p>By Ada Lovelace<p><time datetime=2020-05-05></time>{}",
        story()
    );
    let metadata = read(&page).metadata;
    assert_eq!(metadata.date, "2020-05-05".parse().ok());
    assert_eq!(metadata.authors, ["Ada Lovelace"]);
    assert_eq!(metadata.origins["date"], Origin::Document);
    let undated = format!("<h1>On chips</h1><p>© 2019 Gazette</p>{}", story());
    assert_eq!(read(&undated).metadata.date, None);
}

#[test]
fn a_dash_in_a_title_is_no_site_name() {
    let title = |page: &str| read(page).metadata.title.unwrap_or_default();
    assert_eq!(title("<title>AI Act - a guide</title><h1>Welcome</h1>x"), "AI Act - a guide");
    assert_eq!(title("<title>AI Act - Gazette</title><h1>AI Act</h1>x"), "AI Act");
}

#[test]
fn hostile_pages_take_linear_time() {
    let many = |part: &str| part.repeat(1_000_000 / part.len());
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"<b>\"")).collect();
    let pages = [
        many("<div>"),
        many("<div><p>text"),
        many("<table><tr><td>"),
        many("<a href=x>"),
        many("<b><i>x</b>"),
        many("<li>"),
        many("</p>"),
        many("<div class=comment>"),
        many("<aside>word "),
        many("<!--"),
        many("<"),
        many("&amp"),
        many("\0"),
        many("<script>"),
        many("<svg><title>"),
        many("<div class=\"a-b-c-d share nav\">x</div>"),
        format!("<p{attributes}>kept</p>"),
    ];
    // What takes more than linear time for one of these would not end within an hour.
    pages.iter().for_each(|page| drop(read(page)));
    assert_eq!(texts(&format!("<p{attributes}>kept</p>")), ["kept"]);
}

#[test]
fn lines_beside_the_story_go_and_sentences_about_such_things_stay() {
    let page = format!(
        "<h1>On chips</h1>{}<p>Follow Ada on Twitter.</p><p><a href=/x>Lire aussi : autre chose</a> \
         encore</p><p>Published 3 May 2024</p><p>Anzeige</p><div class=article-gallery><p>A chip, \
         seen from above by a camera.</p></div><div class='d-none'>Unseen words.</div>\
         <div class='d-none d-md-block'>Words on wide screens stay.</div>\
         <p>Those who follow the news on Twitter said that they would subscribe.</p>\
         <h3>Related articles</h3><p>Another story altogether, told in one sentence.</p>",
        story()
    );
    let found = texts(&page);
    assert_eq!(found.len(), 7, "{found:#?}");
    assert_eq!(found[5], "Words on wide screens stay.");
    assert!(found[6].starts_with("Those who follow"), "{found:#?}");
    assert_eq!(read(&page).metadata.date, "2024-05-03".parse().ok());
}

#[test]
fn the_article_with_the_title_is_the_one_that_counts() {
    let other = format!("<article><h2>Something else</h2>{}{}</article>", story(), story());
    let page = format!(
        "<title>On chips and their makers</title><article><h1>On chips and their makers</h1>{}\
         </article>{other}{other}",
        story()
    );
    assert_eq!(texts(&page).len(), 5);
}

#[test]
fn the_day_of_publication_is_told_from_other_days() {
    let dated = |head: &str, body: &str| {
        let page = format!("<html><head>{head}</head><body>{body}");
        read(&page).metadata.date.map_or_else(|| "none".to_owned(), |date| date.to_string())
    };
    let story = story();
    let url = |path: &str| format!("<link rel=canonical href=https://g.example/{path}>");
    for (head, body, expected) in [
        // Not the day of a change.
        (
            "<meta property=article:modified_time content=2024-09-01>\
             <meta name=sn-post-date content=2024/08/01>"
                .to_owned(),
            format!("<h1>On chips</h1>{story}"),
            "2024-08-01",
        ),
        (String::new(), format!("<p>3. Mai 2024</p><h1>On chips</h1>{story}"), "2024-05-03"),
        (
            String::new(),
            format!(
                "<h1>On chips</h1><p>Aktualisiert 4. Mai 2024</p><p>03.05.24, 06:00</p>{story}"
            ),
            "2024-05-03",
        ),
        (url("2024/05/03/chips"), format!("<h1>On chips</h1>{story}"), "2024-05-03"),
        (url("chips-20240503/"), format!("<h1>On chips</h1>{story}"), "2024-05-03"),
        // The evening before in universal time is the day that the page tells.
        (
            "<meta property=article:published_time content=2024-05-02T22:00:00Z>".to_owned(),
            format!("<h1>On chips</h1><p>3 May 2024</p>{story}"),
            "2024-05-03",
        ),
        // Days of something else.
        (
            String::new(),
            format!(
                "<h1>On chips</h1>{story}<div class=teaser><time datetime=2024-05-03></time><p>3 \
                 May 2024</p></div><div class=comment>Ada, 4 May 2024</div>"
            ),
            "none",
        ),
        (String::new(), format!("<h1>On chips</h1><p>Deadline: 3 May 2024</p>{story}"), "none"),
        (url("chips-12345678/"), format!("<h1>On chips</h1>{story}"), "none"),
    ] {
        assert_eq!(dated(&head, &body), expected, "{head}{body}");
    }
}

#[test]
fn rows_of_buttons_and_notices_go_and_what_speaks_of_them_stays() {
    let page = |line: &str| format!("<h1>On chips</h1>{}{line}{0}", story());
    for gone in [
        "<p>Auf Facebook teilen In Messenger teilen Via E-Mail teilen</p>",
        "<p>Artikel drucken Kommentieren Zurück zur Übersicht</p>",
        "<div>Print This Article Share it With Friends</div>",
        "<p>Impressum | Datenschutz</p>",
        "<p>Mehr Infos dazu bekommen Sie in unserer Datenschutzerklärung.</p>",
        "<p>There is more where this came from. Sign up today to get the daily newsletter.</p>",
        "<p>Tags: <a href=/c>chips</a>, <a href=/f>fabs</a> and more</p>",
        "<p>2018-08-16</p>",
        "<p>1 2 3 4 5 6</p>",
    ] {
        assert_eq!(texts(&page(gone)).len(), 9, "{gone}");
    }
    for stays in [
        "<p>Facebook and Twitter share a duty</p>",
        "<p>Share of the market</p>",
        "<p>Mehr Schutz durch die Datenschutzerklärung verlangt der Rat von allen Anbietern, und \
         das ist nicht alles.</p>",
        "<p>The newsletter named it first. The authority then said that it would act.</p>",
        "<p>Tags: machine-readable marks that a provider sets</p>",
        "<p>1995 2003 2024</p>",
        "<h2>Print and share</h2>",
    ] {
        assert_eq!(texts(&page(stays)).len(), 10, "{stays}");
    }
}

#[test]
fn lists_of_other_articles_go_under_a_line_that_is_no_heading_too() {
    let list = |of: &str| format!("<ul>{}</ul>", format!("<li>{of}</li>").repeat(3));
    let page = |end: &str| texts(&format!("<h1>On chips</h1>{}{end}", story())).len();
    let others = list("The strange life of a coder");
    assert_eq!(page(&format!("<p>More Great Gazette Stories</p>{others}")), 5);
    assert_eq!(page(&format!("<p>More than one of these stories:</p>{others}")), 9);
    assert_eq!(page(&format!("<p>関連記事</p><p>{}", "The authority shall act. ".repeat(20))), 7);
}

#[test]
fn a_heading_at_the_end_that_announces_nothing_goes() {
    let page = |end: &str| texts(&format!("<h1>On chips</h1>{}{0}{end}", story())).len();
    assert_eq!(page("<h2>Tell us what you think</h2><form><input></form>"), 9);
    assert_eq!(page("<h2>Annex 2</h2><img>"), 10);
    assert_eq!(page("<h2>Result</h2><p>None.</p>"), 11);
}

#[test]
fn the_title_is_what_the_page_shows_where_others_are_told_it_in_shorter_words() {
    let title = |meta: &str, heading: &str| {
        let meta = format!("<meta property=og:title content='{meta}'>");
        let page = format!("<head>{meta}</head><h1>{heading}</h1>{}", story());
        read(&page).metadata.title.unwrap_or_default()
    };
    let heading = "Chip makers must report each export to the authority, council says";
    assert_eq!(title("Chip makers must report each export to authority", heading), heading);
    assert_eq!(title("Exports: what makers must know", heading), "Exports: what makers must know");
    assert_eq!(title("Halb&shy;leiter im Recht", "Halbleiter im Recht"), "Halbleiter im Recht");
}
