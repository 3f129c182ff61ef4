//! What articles refer to: found in every written form, and in no other number.

use crate::util::Desk;

fn desk() -> Desk {
    Desk::with(&[
        ("en.md", "# Act\n\nRegulation (EU) 2024/1689 amends Directive 2014/90/EU.\n"),
        ("fr.md", "# Acte\n\nLe règlement (UE) 2024/1689 est entré en vigueur le 1er août 2024.\n"),
        ("de.txt", "Die Verordnung (EU) 2016/679 gilt seit 2018.\n\nBT-Drs. 20/1234\n"),
        (
            "us.txt",
            "The bill H.R. 1234 would amend 42 U.S.C. § 1983, as Executive Order 14110 did.\n",
        ),
        ("court.md", "See case C-311/18, ECLI:EU:C:2020:559.\n"),
        ("none.md", "Regulation 12 was not a matter of the 2024/25 season, nor of page 1689.\n"),
    ])
}

#[test]
fn an_instrument_is_found_in_whatever_form_it_is_asked_for() {
    let desk = desk();
    for query in [
        "cites:32024R1689",
        "cites:32024r1689",
        "cites:celex:32024R1689",
        "cites:2024/1689",
        "cites:\"Regulation (EU) 2024/1689\"",
        "cites:\"Verordnung (EU) 2024/1689\"",
        "cites:\"reglamento (UE) 2024/1689\"",
        "cites:32024R16*",
    ] {
        assert_eq!(desk.found(query), ["en.md", "fr.md"], "{query}");
    }
    for (query, path) in [
        ("cites:2014/90/EU", "en.md"),
        ("cites:\"règlement (UE) 2016/679\"", "de.txt"),
        ("cites:\"BT-Drucksache 20/1234\"", "de.txt"),
        ("cites:\"HR 1234\"", "us.txt"),
        ("cites:\"42 USC 1983\"", "us.txt"),
        ("cites:\"EO 14110\"", "us.txt"),
        ("cites:C-311/18", "court.md"),
        ("cites:ECLI:EU:C:2020:559", "court.md"),
        ("cites:(2016/679 OR C-311/18) case", "court.md"),
    ] {
        assert_eq!(desk.found(query), [path], "{query}");
    }
    assert!(desk.found("cites:32016R0680").is_empty());
}

#[test]
fn what_is_no_reference_is_an_error_that_says_what_to_write() {
    let run = desk().search("cites:GDPR", &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("GDPR") && run.err.contains("cites:32024R1689"), "{}", run.err);
}

#[test]
fn programs_are_told_what_an_article_refers_to() {
    let desk = desk();
    let hit = &desk.search("cites:32024R1689 amends", &["--json"]).json()[0];
    let expected = serde_json::json!(["celex:32024R1689", "celex:32014L0090"]);
    assert_eq!(hit["cites"], expected);
    let shown = desk.run(&["show", "--in", "corpus", "en.md", "--json"]).json();
    assert_eq!(shown[0]["cites"], expected);
    assert_eq!(shown[0]["origins"]["cites"], "detected");
}
