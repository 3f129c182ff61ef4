//! Concepts: any label in any language with its inflections, and nothing that only looks like one.

use std::collections::BTreeMap;

use polidex::{Corpus, Index, Node, Query, SearchOptions, UpdateOptions, Vocabulary};

use crate::util::{Desk, project};

/// Articles long enough for their language to be stated, not guessed.
fn article(language: &str, text: &str) -> String {
    format!("---\nlanguage: {language}\n---\n\n{text}\n")
}

fn desk(articles: &[(&str, &str, &str)]) -> Desk {
    let desk = Desk::new();
    for (path, language, text) in articles {
        desk.write(path, article(language, text));
    }
    desk
}

#[test]
fn a_concept_is_found_by_every_label_with_its_inflections() {
    let desk = desk(&[
        ("en.md", "en", "They spoke of Digital\nSovereignty."),
        ("fr.md", "fr", "Les souverainetés numériques des États."),
        ("de.md", "de", "Im Namen digitaler Souveränität."),
        ("es.md", "es", "La SOBERANIA DIGITAL de Europa."),
        ("it.md", "it", "La sovranità digitale."),
        ("quoted.md", "de", "Das Wort digital sovereignty kam aus Brüssel."),
        ("accents.md", "fr", "La souverainete numerique sans accents."),
        ("apart.md", "en", "A digital form of sovereignty."),
        ("order.md", "en", "Sovereignty, digital or not."),
        ("blocks.md", "en", "All that is digital\n\nsovereignty cannot be."),
        ("other.md", "en", "Digital sovereigns, analogue sovereignty."),
        // An English inflection in a German text is no German word.
        ("foreign.md", "de", "Das Wort digital sovereignties kam nie vor."),
    ]);
    let all = ["accents.md", "de.md", "en.md", "es.md", "fr.md", "it.md", "quoted.md"];
    assert_eq!(desk.found("#digital-sovereignty"), all);
    assert_eq!(desk.found("concept:\"digitale Souveränität\""), all);
    assert_eq!(desk.found("#digital-sovereignty lang:fr"), ["accents.md", "fr.md"]);
    let cut = "#digital-sovereignty{-\"souveraineté numérique\" -\"digital sovereignty\"}";
    assert_eq!(desk.found(cut), ["de.md", "es.md", "it.md"]);
    assert_eq!(desk.found("#digital-sovereignty NEAR/3 Brüssel"), ["quoted.md"]);
    let hit = &desk.search("#digital-sovereignty path:fr.md", &["--json"]).json()[0];
    let passage = &hit["passages"][0];
    let range = &passage["highlights"][0];
    let (start, end) = (range[0].as_u64().unwrap() as usize, range[1].as_u64().unwrap() as usize);
    assert_eq!(&passage["text"].as_str().unwrap()[start..end], "souverainetés numériques");
}

#[test]
fn german_compounds_are_found_and_halves_of_names_are_not() {
    let desk = desk(&[
        ("whole.md", "de", "Die Datenschutzgrundverordnung gilt."),
        ("hyphen.md", "de", "Nach der Datenschutz-Grundverordnung."),
        ("short.md", "de", "Die DSGVO und ihre Folgen."),
        ("foreign.md", "en", "Germans say DSGVO."),
        ("software.md", "de", "Gesichtserkennungssoftware am Bahnhof."),
        ("face.md", "de", "Das Gesicht ist schwer zu erkennen."),
    ]);
    let all = ["foreign.md", "hyphen.md", "short.md", "whole.md"];
    assert_eq!(desk.found("#gdpr"), all);
    // `Datenschutz` is a word of the compound, too.
    assert_eq!(desk.found("#data-protection"), ["hyphen.md", "whole.md"]);
    assert_eq!(desk.found("#facial-recognition"), ["software.md"]);
}

#[test]
fn common_words_are_no_names() {
    let desk = desk(&[
        ("us.md", "en", "They told us who it was. It is for us to act on AI."),
        ("usa.md", "en", "The United States and the U.S. government."),
        ("si-usa.md", "it", "Si usa ai fini di legge, uno per uno."),
        ("eu.md", "fr", "Il a eu raison, et j'ai agi."),
        ("island.md", "en", "An island in the odd sea."),
        ("act.md", "en", "The AI Act."),
    ]);
    assert_eq!(desk.found("#united-states"), ["usa.md"]);
    assert_eq!(desk.found("#ai-act"), ["act.md"]);
    assert_eq!(desk.found("#artificial-intelligence"), ["act.md", "us.md"]);
    for absent in [
        "#european-union",
        "#united-nations",
        "#iceland",
        "#frontier-ai",
        "#world-health-organization",
        "#sustainable-development-goals",
    ] {
        assert_eq!(desk.found(absent), Vec::<String>::new(), "{absent}");
    }
}

#[test]
fn what_several_labels_find_at_one_place_counts_once() {
    let desk = desk(&[("a.md", "en", "The EU AI Act, Regulation (EU) 2024/1689. AI Acts.")]);
    let run = desk.search("#ai-act", &["--json"]);
    assert_eq!(run.json()[1]["matches"], 3, "{}", run.out);
}

#[test]
fn words_are_expanded_where_that_is_asked_for_and_it_is_said() {
    let desk = desk(&[
        ("en.md", "en", "Digital sovereignty."),
        ("fr.md", "fr", "La souveraineté numérique."),
    ]);
    assert_eq!(desk.found("digital sovereignty"), ["en.md"]);
    let run = desk.search("digital sovereignty", &["--expand", "-l"]);
    assert_eq!(run.out.lines().count(), 2, "{}", run.out);
    assert!(run.err.contains("is looked for as #digital-sovereignty, too"), "{}", run.err);
    assert!(run.err.contains("souveraineté numérique"), "{}", run.err);
    let quoted = desk.search("\"digital sovereignty\"", &["--expand", "-l"]);
    assert_eq!(quoted.out, "en.md\n");
    assert!(!quoted.err.contains('#'), "{}", quoted.err);
}

#[test]
fn a_query_is_explained_label_by_label() {
    let desk = desk(&[("fr.md", "fr", "Le RGPD et le GDPR.")]);
    let plan = desk.search("#gdpr", &["--explain-query", "--json"]).json().remove(0);
    assert_eq!(
        (plan["root"]["operator"].as_str(), &*plan["root"]["text"].to_string()),
        (Some("concept"), "\"#gdpr\"")
    );
    let articles = |text: &str| {
        let forms = plan["root"]["forms"].as_array().unwrap();
        forms.iter().find(|form| form["text"] == text).unwrap()["articles"].clone()
    };
    assert_eq!(
        (articles("RGPD"), articles("GDPR"), articles("DSGVO")),
        (1.into(), 1.into(), 0.into())
    );
    let hit = &desk.search("#gdpr", &["--explain", "--json"]).json()[0];
    assert_eq!(hit["explanation"]["parts"][0]["text"], "#gdpr");
    assert_eq!(hit["explanation"]["parts"][0]["occurrences"], 2);
}

#[test]
fn a_file_of_ones_own_adds_and_its_mistakes_are_told() {
    let desk = desk(&[("a.md", "en", "The tomato question.")]);
    let own = "[tomato]\nkind = \"topic\"\ndefinition = \"A fruit.\"\nen = [\"tomato question\"]\n";
    std::fs::write(desk.path("own.toml"), own).unwrap();
    assert_eq!(desk.search("#tomato", &[]).code, 2);
    let run = desk.search("#tomato", &["-l", "--vocabulary", "own.toml"]);
    assert_eq!((run.code, &*run.out), (0, "a.md\n"), "{}", run.err);
    let counts = desk.run(&["concepts", "--in", "corpus", "--vocabulary", "own.toml"]);
    assert!(counts.out.contains("tomato"), "{}", counts.out);
    std::fs::write(desk.path("bad.toml"), own.replace("topic", "fruit")).unwrap();
    let run = desk.run(&["concepts", "--vocabulary", "bad.toml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("bad.toml: line 2: `fruit` is no kind"), "{}", run.err);
    assert_eq!(desk.search("x", &["--vocabulary", "none.toml"]).code, 2);
}

#[test]
fn concepts_are_listed_and_explained() {
    let desk = Desk::new();
    let run = desk.run(&["concepts", "--kind", "jurisdiction", "-n", "2", "--json"]);
    let lines = run.json();
    assert_eq!(lines.len(), 3, "{}", run.out);
    assert!(lines[..2].iter().all(|line| line["kind"] == "jurisdiction"));
    assert_eq!(lines[2]["type"], "concepts");
    let run = desk.run(&["concepts", "--explain", "DSGVO"]);
    assert!(run.out.contains("CELEX: 32016R0679") && run.out.contains("RGPD"), "{}", run.out);
    let toml = desk.run(&["concepts", "--explain", "DSGVO", "--toml"]).out;
    assert!(Vocabulary::default().with("it", &toml).unwrap().concept("RGPD").is_some());
    let run = desk.run(&["concepts", "--explain", "facial recognitoin"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("#facial-recognition"), "{}", run.err);
}

#[test]
fn counts_by_concept_are_those_of_searching_for_each() {
    let index = Index::in_memory().unwrap();
    let corpus = Corpus::open(project().join("corpus")).unwrap();
    index.update(&corpus, &UpdateOptions::default()).unwrap();
    let searcher = index.searcher().unwrap();
    let options = SearchOptions { count_only: true, ..SearchOptions::default() };
    let vocabulary = Vocabulary::shipped();
    for text in [None, Some("cloud"), Some("lang:fr -souverain*")] {
        let query = text.map(|text| Query::parse(text).unwrap());
        let counts = searcher.concepts(vocabulary, query.as_ref(), &options).unwrap();
        let counted: BTreeMap<&str, (u64, u64)> = counts
            .concepts
            .iter()
            .map(|count| (&*count.concept.id, (count.articles, count.matches)))
            .collect();
        let mut found = BTreeMap::new();
        for concept in vocabulary.concepts() {
            let node = Node::Concept { concept: concept.clone(), without: vec![] };
            let root = match &query {
                Some(query) => Node::And(vec![node, query.root.clone()]),
                None => node,
            };
            let answer = searcher.search(&Query { root, notes: vec![] }, &options).unwrap();
            if answer.articles > 0 && !answer.fallback {
                found.insert(&*concept.id, answer.articles);
            }
        }
        let articles: BTreeMap<&str, u64> =
            counted.iter().map(|(id, (articles, _))| (*id, *articles)).collect();
        assert_eq!(articles, found, "{text:?}");
        assert!(articles.len() > 10, "{text:?}");
        assert!(counted.values().all(|(articles, matches)| matches >= articles));
    }
    let run = Desk::new().run(&["concepts", "--in", project().join("corpus").to_str().unwrap()]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("polidex index"), "{}", run.err);
}
