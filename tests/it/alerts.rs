//! Saved queries and alerts: what is refused, what is new, what has changed, and the feed.

use polidex::{SavedQueries, Vocabulary};

use crate::schema;
use crate::util::Desk;

/// Ten articles, of which few speak of clouds.
fn desk() -> Desk {
    let desk = Desk::new();
    for number in 0..10 {
        let text = format!("# Note {number}\n\nFishing quotas of week {number} were cut.\n");
        desk.write(&format!("fish/{number}.md"), text);
    }
    desk.write("a.md", "# First\n\nA sovereign cloud for ministries.\n");
    std::fs::write(desk.path("own.toml"), "[clouds]\nquery = '\"sovereign cloud\"'\n").unwrap();
    assert_eq!(desk.run(&["index", "corpus"]).code, 0);
    desk
}

/// The paths of the articles that a look shows, with whether each has changed.
fn look(desk: &Desk, more: &[&str]) -> (i32, Vec<(String, bool)>) {
    let run =
        desk.run(&[&["alerts", "own.toml", "--in", "corpus", "--update", "--json"], more].concat());
    assert!(run.code < 2, "{}", run.err);
    let hits = run.json().into_iter().filter(|line| line["type"] == "alert_hit");
    let of = |line: serde_json::Value| {
        (line["hit"]["path"].as_str().unwrap().to_owned(), line["changed"].as_bool().unwrap())
    };
    (run.code, hits.map(of).collect())
}

fn told(paths: &[(&str, bool)]) -> Vec<(String, bool)> {
    paths.iter().map(|(path, changed)| ((*path).to_owned(), *changed)).collect()
}

#[test]
fn only_what_is_new_or_has_changed_is_told_and_only_once() {
    let desk = desk();
    assert_eq!(look(&desk, &[]), (0, told(&[("a.md", false)])));
    assert_eq!(look(&desk, &[]), (1, vec![]));
    // Neither an article that does not match, nor one that was only touched, is news.
    desk.write("fish/11.md", "# Eleven\n\nMore fish.\n");
    desk.write("a.md", "# First\n\nA sovereign cloud for ministries.\n");
    assert_eq!(look(&desk, &[]), (1, vec![]));
    desk.write("b.md", "# Second\n\nOne more sovereign cloud.\n");
    desk.write("a.md", "# First\n\nA sovereign cloud for ministries and towns.\n");
    let (code, mut shown) = look(&desk, &[]);
    shown.sort();
    assert_eq!((code, shown), (0, told(&[("a.md", true), ("b.md", false)])));
    // What has gone is forgotten, and new when it is back.
    desk.delete("b.md");
    assert_eq!(look(&desk, &[]), (1, vec![]));
    desk.write("b.md", "# Second\n\nOne more sovereign cloud.\n");
    assert_eq!(look(&desk, &[]), (0, told(&[("b.md", false)])));
    // What earlier looks have shown can be seen again, and changes nothing.
    assert_eq!(look(&desk, &["--since", "1d"]).1.len(), 2);
    assert_eq!(look(&desk, &["--since", "2999"]), (1, vec![]));
}

#[test]
fn what_a_limit_leaves_out_comes_at_the_next_look() {
    let desk = desk();
    desk.write("b.md", "# Second\n\nOne more sovereign cloud.\n");
    let (first, second) = (look(&desk, &["-n", "1"]), look(&desk, &["-n", "1"]));
    assert_eq!((first.1.len(), second.1.len()), (1, 1));
    assert_ne!(first.1, second.1);
    assert_eq!(look(&desk, &["-n", "1"]), (1, vec![]));
}

#[test]
fn marking_shows_nothing_and_states_are_apart() {
    let desk = desk();
    assert_eq!(look(&desk, &["--mark-only"]), (0, vec![]));
    assert_eq!(look(&desk, &[]), (1, vec![]));
    // What was only marked was not noticed by any look.
    assert_eq!(look(&desk, &["--since", "1d"]), (1, vec![]));
    assert_eq!(look(&desk, &["--state", "other.state"]), (0, told(&[("a.md", false)])));
    let mut bytes = std::fs::read(desk.path("other.state")).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    std::fs::write(desk.path("other.state"), bytes).unwrap();
    let alerts = ["alerts", "own.toml", "--in", "corpus", "--state"];
    let run = desk.run(&[&alerts[..], &["other.state", "--json"]].concat());
    assert!(run.code == 2 && run.err.contains("\"alert_state\""), "{}", run.err);
    // Nothing is ever written among the articles.
    let run = desk.run(&[&alerts[..], &["corpus/x.state", "--json"]].concat());
    assert!(run.code == 2 && run.err.contains("\"in_corpus\""), "{}", run.err);
    assert!(!desk.corpus().join("x.state").exists());
}

#[test]
fn near_copies_are_told_under_the_first() {
    let desk = desk();
    let words: Vec<String> = (0..80).map(|number| format!("word{number}")).collect();
    let text = format!("The sovereign cloud came. {}", words.join(" "));
    desk.write("c.md", format!("# Agency\n\n{text}\n"));
    desk.write("d.md", format!("# Paper\n\n{text} End.\n"));
    let (_, grouped) = look(&desk, &["--state", "one.state"]);
    let (_, apart) = look(&desk, &["--state", "two.state", "--no-group"]);
    assert_eq!((grouped.len(), apart.len()), (2, 3));
    // The copy that was folded has been told, too.
    assert_eq!(look(&desk, &["--state", "one.state", "--no-group"]), (1, vec![]));
}

#[test]
fn mistakes_in_a_file_are_told_with_their_lines() {
    for (text, expected) in [
        ("[a]\nquery = '\"open'\n", "line 2: a: this quotation mark is not closed"),
        ("[a]\nqery = 'x'\n", "line 2: unknown key `qery`"),
        ("[a]\nnote = 'x'\n", "line 1: a has no query"),
        ("[a]\nquery = 'x'\nlang = '??'\n", "line 3: "),
        ("[a]\nquery = 'x'\nsince = 'yesterday'\n", "line 3: `yesterday` is no date"),
        ("[a]\nquery = 'x'\nmatch = 'some'\n", "line 3: `some` is not all, any or most"),
        ("[a]\nquery = 3\n", "line 2: query is a text in quotes"),
        ("query = 'x'\n", "line 1: `query` is no query"),
        ("# nothing\n", "line 1: there is no query"),
        ("[a]\nquery = 'x'\n\n[a]\nquery = 'y'\n", "line 4: "),
    ] {
        let error = SavedQueries::read("f.toml", text, Vocabulary::shipped()).unwrap_err();
        let said = error.to_string();
        assert!(said.starts_with(&format!("f.toml: {expected}")), "{text}: {said}");
    }
    let good = "['a b']\nquery = 'x'\nlang = ['fr', 'de']\nsince = '6m'\nmatch = 'any'\n";
    let saved = SavedQueries::read("f.toml", good, Vocabulary::shipped()).unwrap();
    assert_eq!(saved.queries[0].query.to_string(), "x AND (lang:fr OR lang:de) AND since:6m");
}

#[test]
fn a_query_is_saved_only_if_it_is_good() {
    let desk = desk();
    let before = std::fs::read_to_string(desk.path("own.toml")).unwrap();
    let save = |words: &[&str]| {
        desk.run(&[&["alerts", "save", "--file", "own.toml", "--in", "corpus"], words].concat())
    };
    for (words, reason) in [
        (&["fish", "fishing"][..], "matches 10 of 11 articles, 91 %"),
        (&["open", "\"fish"], "not closed"),
        (&["clouds", "fog"], "there is a query clouds already"),
        (&["old", "fog", "--since", "long ago"], "no date"),
    ] {
        let run = save(words);
        assert_eq!(run.code, 2, "{words:?}");
        assert!(run.err.contains(reason) && run.err.contains("line "), "{}", run.err);
        assert_eq!(std::fs::read_to_string(desk.path("own.toml")).unwrap(), before);
    }
    let run = save(&["it's \"fog\"", "l'eau \"fog\"", "--lang", "fr,de", "--note", "a 'b'"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let after = std::fs::read_to_string(desk.path("own.toml")).unwrap();
    assert!(after.starts_with(&before), "{after}");
    let saved = SavedQueries::read("own.toml", &after, Vocabulary::shipped()).unwrap();
    assert_eq!(saved.queries[1].name, "it's \"fog\"");
    assert_eq!(saved.queries[1].note.as_deref(), Some("a 'b'"));
    assert_eq!(save(&["fish", "fishing", "--max-share", "95"]).code, 0);
    let check = ["alerts", "--check", "own.toml", "--in", "corpus"];
    let run = desk.run(&check);
    assert!(run.code == 2 && run.err.contains("line 10: fish: it matches"), "{}", run.err);
    assert_eq!(desk.run(&[&check[..], &["--max-share", "95"]].concat()).code, 0);
}

#[test]
fn the_feed_is_read_by_readers_of_feeds_and_keeps_its_ids() {
    let desk = desk();
    let hostile = "---\ntitle: \"</title><script>alert(1)</script> & more ]]>\"\n\
                   url: \"javascript:alert(1)\"\n---\n\nA <b>sovereign cloud</b> \u{1b}[31m & fog.\n";
    desk.write("b.md", hostile);
    desk.write("c.md", "---\nurl: https://example.org/c?a=1&b=2\n---\n\nOur sovereign cloud.\n");
    let feed = |name: &str| {
        look(&desk, &["--atom", name]);
        std::fs::read_to_string(desk.path(name)).unwrap()
    };
    let text = feed("one.xml");
    assert!(!text.contains("<script") && !text.contains("javascript:") && !text.contains('\u{1b}'));
    // Read as the articles of a feed are.
    let read = desk.run(&["extract", "--json", "one.xml"]);
    let entries: Vec<_> =
        read.json().into_iter().filter(|line| line["type"] == "extracted").collect();
    assert_eq!(entries.len(), 3, "{}", read.out);
    let article = |path: &str| entries.iter().find(|it| it.to_string().contains(path)).unwrap();
    assert!(article("b.md").to_string().contains("& more ]]>"));
    // As text, which RFC 4287 (section 3.1.1) takes a title without a type for.
    assert!(text.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; more ]]&gt;"));
    assert!(article("https://example.org/c?a=1&b=2").to_string().contains("Our sovereign cloud"));
    // A look that finds nothing leaves the feed as it is; one that does adds to it.
    assert_eq!(feed("two.xml"), text);
    desk.write("d.md", "# Fourth\n\nA late sovereign cloud.\n");
    let later = feed("three.xml");
    let ids = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("<id>"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!((ids(&text).len(), ids(&later).len()), (4, 5));
    assert!(ids(&text).iter().all(|id| ids(&later).contains(id)));
}

#[test]
fn json_is_what_the_schema_says() {
    let desk = desk();
    let validator = schema::validator();
    let mut types = std::collections::BTreeSet::new();
    for args in [
        &["alerts", "own.toml", "--in", "corpus", "--json"][..],
        &["report", "own.toml", "--in", "corpus", "--json", "--facet", "lang"],
    ] {
        for line in desk.run(args).json() {
            assert!(validator.is_valid(&line), "{line}");
            types.insert(line["type"].as_str().unwrap().to_owned());
        }
    }
    // No article here has a date, so that a report of them has no rows.
    let expected = ["alert", "alert_hit", "alerts", "report", "report_query"];
    assert_eq!(types.iter().collect::<Vec<_>>(), expected);
}
