//! Reports: their numbers, their quotations, and that they can be made again.

use crate::schema;
use crate::util::{Desk, Run};

fn desk() -> Desk {
    let desk = Desk::new();
    let article = |path: &str, head: &str, text: &str| {
        desk.write(path, format!("---\n{head}\n---\n\n{text}\n"));
    };
    article("a.md", "date: 2021-02-03\nsource: Le Monde", "A sovereign cloud, and clouds.");
    article("b.md", "date: 2021-11-03\nsource: le monde", "The sovereign cloud | a *pipe*.");
    article("c.md", "date: 2023-05-06\nsource: Die Zeit", "Our sovereign cloud <b>now</b>.");
    article("d.md", "date: 2023\nsource: Die Zeit", "Their sovereign cloud.");
    article("e.md", "source: Die Zeit", "Undated sovereign cloud.");
    article("f.md", "date: 2022-05-06\nsource: Die Zeit", "Sovereign fish, cloud of fish.");
    std::fs::write(desk.path("own.toml"), "[clouds]\nquery = '\"sovereign cloud\"'\n").unwrap();
    assert_eq!(desk.run(&["index", "corpus"]).code, 0);
    desk
}

fn report(desk: &Desk, more: &[&str]) -> Run {
    let run = desk.run(&[&["report", "own.toml", "--in", "corpus"], more].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

#[test]
fn periods_and_facets_count_the_same_articles() {
    let desk = desk();
    let lines = report(&desk, &["--by", "quarter", "--facet", "source", "--json"]).json();
    let rows: Vec<_> = lines.iter().filter(|line| line["type"] == "report_row").collect();
    // From the first quarter with an article to the last; of d.md only the year is known.
    assert_eq!(rows.len(), 10);
    let counted = |period: &str| {
        let row = rows.iter().find(|row| row["period"] == period).unwrap();
        (row["articles"].as_u64().unwrap(), row["best"]["path"].as_str().map(str::to_owned))
    };
    assert_eq!(counted("2021-Q1"), (1, Some("a.md".into())));
    assert_eq!(counted("2022-Q2"), (0, None));
    assert_eq!(counted("2023-Q2"), (1, Some("c.md".into())));
    let query = lines.iter().find(|line| line["type"] == "report_query").unwrap();
    let numbers = ["articles", "undated", "vague"].map(|key| query[key].as_u64().unwrap());
    assert_eq!(numbers, [5, 1, 1]);
    assert_eq!(query["facet"]["values"][0]["value"], "Die Zeit");
    let lines = report(&desk, &["--by", "year", "--facet", "source", "--json"]).json();
    let of_2021 = lines.iter().find(|line| line["period"] == "2021").unwrap();
    // Two spellings of one source.
    assert_eq!((&of_2021["articles"], &of_2021["facet"]["distinct"]), (&2.into(), &1.into()));
    let validator = schema::validator();
    assert!(lines.iter().all(|line| validator.is_valid(line)));
}

#[test]
fn documents_show_the_text_and_obey_none_of_it() {
    let desk = desk();
    let page = report(&desk, &["--by", "year", "--facet", "source"]).out;
    assert!(page.contains("| year | articles | matches | Die Zeit |"), "{page}");
    assert!(
        page.contains("\n> The sovereign cloud \\| a ") || page.contains("\n> A sovereign cloud")
    );
    assert!(page.contains("\n| 2022 | 0 | 0 | 0 | 0 |"), "{page}");
    let html = report(&desk, &["--by", "year", "--format", "html"]).out;
    assert!(html.contains("<td>2023</td><td>2</td>") && !html.contains("<b>"), "{html}");
    let csv = report(&desk, &["--by", "year", "--format", "csv", "--facet", "source"]).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let whole = rows.iter().filter(|row| row[4].is_empty()).count();
    assert_eq!(whole, 3);
    let of_2023: Vec<&str> =
        rows.iter().filter(|row| &row[2] == "2023").map(|row| &row[6]).collect();
    assert_eq!(of_2023, ["2", "2"]);
}

#[test]
fn the_methods_change_with_what_they_tell_and_only_then() {
    let desk = desk();
    let last = |more: &[&str]| report(&desk, &[more, &["--json"]].concat()).json().pop().unwrap();
    let fingerprint = |line: &serde_json::Value| line["fingerprint"].as_str().unwrap().to_owned();
    let first = last(&[]);
    assert_eq!(last(&[]), first);
    // As the page on reports says how it is computed, done by hand.
    let mut lines = String::new();
    for path in ["a.md", "b.md", "c.md", "d.md", "e.md", "f.md"] {
        let article = desk.run(&["show", path, "--in", "corpus", "--json"]).json().remove(0);
        lines.push_str(&format!("{}\t{path}\n", article["hash"].as_str().unwrap()));
    }
    let expected = format!("blake3:{}", blake3::hash(lines.as_bytes()).to_hex());
    assert_eq!(fingerprint(&first), expected);
    assert!(first["methods"].to_string().contains(&expected));
    // An article that was only touched changes nothing; one that moved does.
    let text = std::fs::read(desk.corpus().join("f.md")).unwrap();
    desk.write("f.md", &text);
    assert_eq!(desk.run(&["index", "corpus"]).code, 0);
    assert_eq!(fingerprint(&last(&[])), expected);
    desk.delete("f.md");
    desk.write("g.md", &text);
    assert_eq!(desk.run(&["index", "corpus"]).code, 0);
    assert_ne!(fingerprint(&last(&[])), expected);
    let said = last(&["--no-group", "--by", "month"])["methods"].to_string();
    assert!(said.contains("Near-copies count each") && said.contains("by month"), "{said}");
    assert!(said.contains("clouds (match all): \\\"sovereign cloud\\\""), "{said}");
}
