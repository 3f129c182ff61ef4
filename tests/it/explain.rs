//! Explanations: how a query is read, and why a hit ranks where it does.

use std::sync::LazyLock;

use polidex::search::{Operator, PlanPart};
use polidex::{
    Article, Block, BlockKind, Date, Field, Hit, Index, Language, Matching, Query, QueryPlan,
    SearchOptions, Searcher, Sort,
};

use crate::util::Desk;

/// An article of a title, a heading and paragraphs.
fn article(path: &str, language: Language, title: &str, paragraphs: &[&str]) -> Article {
    let mut blocks = vec![Block::new(BlockKind::Title, title)];
    blocks.push(Block::new(BlockKind::Heading(1), "On clouds"));
    blocks.extend(paragraphs.iter().map(|text| Block::new(BlockKind::Paragraph, *text)));
    let mut article = Article::new(path, blocks);
    article.metadata.title = Some(title.to_owned());
    article.metadata.language = Some(language);
    article.metadata.kind = Some("news".to_owned());
    article.metadata.date = Date::new(2025, Some(3), Some(1));
    article
}

/// One index for all: what a word is worth depends on where a deletion left its segments.
static SEARCHER: LazyLock<Searcher> = LazyLock::new(|| {
    let (en, fr) = (Language::ENGLISH, Language::FRENCH);
    let long = "Many other words stand here. ".repeat(30);
    let index = Index::in_memory().unwrap();
    index
        .add([
            article(
                "eu/a",
                en,
                "Digital sovereignty",
                &["Models of digital sovereignty. A model, digital and sovereign."],
            ),
            article("eu/b", en, "Sovereignty", &["Digital plans, far from sovereignty.", &long]),
            article("fr/c", fr, "Le modèle", &["Un modèle et des modèles de souveraineté."]),
            article("us/d", en, "Chips", &["The model of a chip, and its digital clouds."]),
            article("us/e", en, "Gone", &["Digital sovereignty, deleted."]),
        ])
        .unwrap();
    index.delete(["us/e"]).unwrap();
    index.searcher().unwrap()
});

fn plan(query: &str) -> QueryPlan {
    let query = Query::parse(query).unwrap();
    SEARCHER.explain_query(&query, &SearchOptions::default()).unwrap()
}

/// A part as operator, text, articles.
fn brief(part: &PlanPart) -> (&'static str, &str, u64) {
    (part.operator.name(), &part.text, part.articles)
}

#[test]
fn a_plan_is_the_tree_of_the_query_with_its_articles() {
    let plan = plan("(digital NEAR/4 sovereignty OR chip^2) kind:news NOT \"far from\"");
    assert_eq!((plan.articles, plan.languages.len()), (4, 2));
    let root = &plan.root;
    assert_eq!((root.operator, root.articles, root.parts.len()), (Operator::And, 2, 3));
    let [or, kind, not] = &root.parts[..] else { panic!("{root:#?}") };
    assert_eq!((or.operator, or.articles), (Operator::Or, 3));
    assert_eq!(or.parts[0].operator, Operator::Near { distance: 4 });
    assert_eq!(brief(&or.parts[0]), ("near", "digital NEAR/4 sovereignty", 2));
    assert_eq!(brief(&or.parts[0].parts[0]), ("word", "digital", 3));
    assert_eq!(brief(&or.parts[1]), ("word", "chip^2", 1));
    assert_eq!(brief(kind), ("exact", "kind:news", 4));
    assert_eq!((kind.field, kind.weight), (Some(Field::Kind), 0.0));
    assert_eq!(brief(not), ("not", "NOT \"far from\"", 3));
    assert_eq!(brief(&not.parts[0]), ("phrase", "\"far from\"", 1));
}

#[test]
fn a_word_shows_its_inflections_in_each_language_of_the_index() {
    let plan = plan("models");
    let forms: Vec<_> = plan
        .root
        .forms
        .iter()
        .map(|form| (form.language.unwrap(), &*form.text, form.articles))
        .collect();
    // Snowball: "models" is "model" in English, "model" in French, as are "modèle" and "modèles".
    assert!(forms.contains(&(Language::ENGLISH, "models", 1)), "{forms:?}");
    assert!(forms.contains(&(Language::FRENCH, "modele", 1)), "{forms:?}");
    assert!(!forms.iter().any(|(language, text, _)| {
        *language == Language::ENGLISH && text.starts_with("modele")
    }));
    assert_eq!(plan.root.articles, 3);
    let exact = self::plan("=models");
    assert_eq!(brief(&exact.root), ("exact", "=models", 1));
    assert_eq!(exact.root.forms.len(), 1);
}

#[test]
fn an_expansion_shows_the_words_that_it_stands_for_and_no_others() {
    let forms = |query: &str| -> Vec<(String, u64)> {
        let root = plan(query).root;
        assert_eq!(root.operator, Operator::Expansion, "{query}");
        root.forms.into_iter().map(|form| (form.text, form.articles)).collect()
    };
    let owned = |forms: &[(&str, u64)]| -> Vec<(String, u64)> {
        forms.iter().map(|(text, articles)| ((*text).to_owned(), *articles)).collect()
    };
    assert_eq!(forms("sov*"), owned(&[("sovereignty", 2), ("sovereign", 1)]));
    assert_eq!(forms("soverignty~"), owned(&[("sovereignty", 2)]));
    assert_eq!(forms("zebra*"), owned(&[]));
    assert_eq!(forms("path:eu/*"), owned(&[("eu/a", 1), ("eu/b", 1)]));
    let phrase = plan("\"digital sov*\"").root;
    assert_eq!(brief(&phrase), ("phrase", "\"digital sov*\"", 1));
    assert_eq!(phrase.parts[1].operator, Operator::Expansion);
}

#[test]
fn the_text_of_a_plan_is_a_query_that_reads_the_same() {
    for query in [
        "digital sovereignty",
        "\"digital sovereignty\"~3",
        "\"right to * digital\"",
        "(digital OR model*) NEAR/4 \"a b\"",
        "digital BEFORE/2 sovereignty",
        "digital SAME/s (model OR chip)",
        "digital SAME/p chip",
        "atleast/2 model",
        "2 OF (model, digital, chip)",
        "title:sovereignty^3",
        "heading:(clouds OR fog)",
        "author:\"jane doe\"",
        "jurisdiction:\"European Union\" model",
        "kind:n* lang:fr",
        "path:eu/* digital",
        "date:2025-01-01..2025-06-30 digital",
        "date:>=2025-01-01 digital",
        "until:2025-06-30 digital",
        "=models souverainty~2",
        "AI-driven \"sov*\"^2",
        "digital NOT chip",
    ] {
        let first = plan(query);
        let again = plan(&first.root.text);
        assert_eq!(again.root, first.root, "{query} as {}", first.root.text);
    }
}

fn hits(query: &str, options: SearchOptions) -> Vec<Hit> {
    let options = SearchOptions { explain: true, ..options };
    SEARCHER.search(&Query::parse(query).unwrap(), &options).unwrap().hits
}

#[test]
fn the_numbers_of_an_explanation_add_up_to_the_score() {
    for query in [
        "digital",
        "model sovereignty digital",
        "digital sovereignty",
        "\"digital sovereignty\"",
        "\"digital sovereignty\" model",
        "digital OR chip OR modèle",
        "(digital OR model)^3 clouds^0.5",
        "digital NEAR/5 sovereignty",
        "(digital^2 OR model) NEAR/6 sovereign*",
        "digital SAME/s model",
        "title:sovereignty digital",
        "heading:clouds",
        "atleast/2 model",
        "2 OF (digital, model, sovereignty)",
        "digital kind:news date:2025 NOT chip",
        "kind:news",
    ] {
        for matching in [Matching::All, Matching::Any, Matching::Most] {
            for sort in [Sort::Relevance, Sort::Newest] {
                let found =
                    hits(query, SearchOptions { matching, sort, ..SearchOptions::default() });
                assert!(!found.is_empty(), "{query}");
                for hit in found {
                    let explanation = hit.explanation.unwrap();
                    let parts: f32 = explanation.parts.iter().map(|part| part.contribution).sum();
                    let sum = parts + explanation.closeness;
                    assert!((sum - hit.score).abs() < 1e-4, "{query} {}: {sum}", hit.path);
                    assert_eq!(explanation.total, hit.score);
                    for part in &explanation.parts {
                        // BM25 with k1 = 1.2, from the numbers shown.
                        let saturated = 2.2 * part.frequency / (part.frequency + part.norm);
                        let value = part.weight * saturated;
                        assert!((value - part.contribution).abs() < 1e-4, "{query} {part:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_explanation_counts_what_stands_in_the_article() {
    let found = hits("digital model", SearchOptions::default());
    let paths: Vec<&str> = found.iter().map(|hit| &*hit.path).collect();
    assert_eq!(paths, ["eu/a", "us/d"]);
    let parts = |hit: &Hit| -> Vec<(String, u32, u32)> {
        let parts = &hit.explanation.as_ref().unwrap().parts;
        parts.iter().map(|p| (p.text.clone(), p.occurrences, p.in_title)).collect()
    };
    assert_eq!(parts(&found[0]), [("digital".to_owned(), 3, 1), ("model".to_owned(), 2, 0)]);
    assert_eq!(parts(&found[1]), [("digital".to_owned(), 1, 0), ("model".to_owned(), 1, 0)]);
    // A heading counts twice; the words of an alternative that is not there add nothing.
    let found = hits("clouds OR zebra", SearchOptions::default());
    let only = &found[0].explanation.as_ref().unwrap().parts;
    assert_eq!(only.len(), 1);
    assert_eq!((only[0].occurrences, only[0].in_headings, only[0].frequency), (2, 1, 3.0));
    // A boost is told, and doubles the weight.
    let weight = |query: &str| {
        let found = hits(query, SearchOptions::default());
        let part = found[0].explanation.as_ref().unwrap().parts[0].clone();
        assert_eq!(part.words[0].text, "chip");
        (part.words[0].boost, part.weight)
    };
    let ((one, plain), (two, double)) = (weight("chip"), weight("chip^2"));
    assert_eq!((one, two), (1.0, 2.0));
    assert!((double - 2.0 * plain).abs() < 1e-5);
}

#[test]
fn the_variants_of_a_word_are_one_term_with_one_document_frequency() {
    // Two English articles have "model" or "models", one French "modèle" or "modèles".
    for query in ["models", "model"] {
        let found = hits(query, SearchOptions::default());
        assert_eq!(found.len(), 3, "{query}");
        for hit in found {
            let parts = hit.explanation.unwrap().parts;
            assert_eq!((parts.len(), parts[0].words.len()), (1, 1), "{query} {}", hit.path);
            assert_eq!(parts[0].words[0].documents, 3, "{query} {}", hit.path);
            // Three of four articles: ln(1 + (4 - 3 + 0.5) / (3 + 0.5)).
            assert!((parts[0].weight - 0.356_675).abs() < 1e-5, "{query} {}", parts[0].weight);
        }
    }
    // Alternatives that were written out are words of their own.
    let found = hits("model OR chip", SearchOptions::default());
    let both = found.iter().find(|hit| hit.path == "us/d").unwrap();
    assert_eq!(both.explanation.as_ref().unwrap().parts.len(), 2);
}

#[test]
fn an_article_with_several_forms_of_a_word_counts_once_in_whatever_segments() {
    let texts = ["A model.", "Models.", "A model of models.", "A plan."];
    let articles: Vec<Article> = (0..20)
        .map(|n| article(&n.to_string(), Language::ENGLISH, "Plans", &[texts[n % 4]]))
        .collect();
    let (whole, grown) = (Index::in_memory().unwrap(), Index::in_memory().unwrap());
    whole.add(articles.clone()).unwrap();
    for article in articles {
        grown.add([article]).unwrap();
    }
    for index in [whole, grown] {
        let query = Query::parse("models").unwrap();
        let options = SearchOptions { explain: true, ..SearchOptions::default() };
        let results = index.searcher().unwrap().search(&query, &options).unwrap();
        let part = &results.hits[0].explanation.as_ref().unwrap().parts[0];
        assert_eq!((results.articles, part.words[0].documents), (15, 15));
    }
}

#[test]
fn another_inflection_than_the_one_asked_for_counts_less() {
    let only = |sort| {
        let found = hits("model", SearchOptions { sort, ..SearchOptions::default() });
        let hit = found.into_iter().find(|hit| hit.path == "eu/a").unwrap();
        hit.explanation.unwrap().parts.remove(0)
    };
    // "Models" and "model".
    let part = only(Sort::Relevance);
    assert_eq!((part.occurrences, part.inflected), (2, 1));
    assert!((part.frequency - 1.8).abs() < 1e-6, "{}", part.frequency);
    let part = only(Sort::Newest);
    assert_eq!((part.occurrences, part.inflected, part.frequency), (2, 0, 2.0));
}

#[test]
fn function_words_count_for_little_in_a_question_and_are_looked_for_all_the_same() {
    let words = |query: &str| -> Vec<(String, bool, f32)> {
        let found = hits(query, SearchOptions::default());
        assert_eq!(found[0].path, "us/d", "{query}");
        let parts = found[0].explanation.clone().unwrap().parts;
        parts.iter().map(|p| (p.text.clone(), p.words[0].function_word, p.weight)).collect()
    };
    let (question, short) = (words("the model of a chip"), words("the chip"));
    let told: Vec<(&str, bool)> = question.iter().map(|(text, is, _)| (&**text, *is)).collect();
    let expected = [("the", true), ("model", false), ("of", true), ("a", true), ("chip", false)];
    assert_eq!(told, expected);
    assert!(!short[0].1);
    assert!((question[0].2 - 0.2 * short[0].2).abs() < 1e-6, "{question:?} {short:?}");
    assert_eq!(question[4].2, short[1].2);
    // In capitals among other words it is a name.
    assert!(!words("THE model of a chip")[0].1);
    assert!(words("THE MODEL OF A CHIP")[0].1);
}

#[test]
fn closeness_is_told_where_it_ranks_and_nothing_where_it_is_not_asked() {
    let close = |query: &str, sort| {
        let found = hits(query, SearchOptions { sort, ..SearchOptions::default() });
        found[0].explanation.as_ref().unwrap().closeness
    };
    assert!(close("digital sovereignty", Sort::Relevance) > 0.0);
    assert_eq!(close("digital sovereignty", Sort::Oldest), 0.0);
    assert_eq!(close("digital AND sovereignty", Sort::Relevance), 0.0);
    assert_eq!(close("\"digital sovereignty\"", Sort::Relevance), 0.0);
    let query = Query::parse("digital sovereignty").unwrap();
    let plain = SEARCHER.search(&query, &SearchOptions::default()).unwrap().hits;
    let told = hits("digital sovereignty", SearchOptions::default());
    assert!(plain.iter().all(|hit| hit.explanation.is_none()));
    let order = |hits: &[Hit]| -> Vec<(String, f32)> {
        hits.iter().map(|hit| (hit.path.clone(), hit.score)).collect()
    };
    assert_eq!(order(&plain), order(&told));
}

#[test]
fn the_command_line_shows_a_query_as_a_tree() {
    let desk = Desk::with(&[("a.md", "# Clouds\n\nA cloud of words in a text of its own.\n")]);
    for number in 0..25 {
        let letter = char::from(b'a' + number);
        desk.write(&format!("{number}.txt"), format!("The word zeta{letter} stands in this text."));
    }
    let run = desk.search("zeta* NEAR/5 text -\"a cloud\"", &["--explain-query"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "AND · 25 articles");
    assert_eq!(lines[1], "  NEAR/5 · 25 articles");
    assert_eq!(lines[2], "    zeta* · 25 forms · 25 articles");
    assert!(run.out.contains("zetaa 1,") && run.out.contains("… 5 more"), "{}", run.out);
    assert!(!run.out.contains("zetay"), "{}", run.out);
    assert!(run.out.contains("  NOT · 25 articles\n    phrase \"a cloud\" · 1 article"));
    assert!(!run.out.contains("stands in this"), "{}", run.out);
    let run = desk.search("zebra", &["--explain-query", "--json"]);
    assert_eq!((run.code, &run.json()[0]["type"]), (1, &"explanation".into()), "{}", run.err);
    assert_eq!(run.json()[0]["root"]["articles"], 0);
    for bad in [&["--explain-query", "--explain"][..], &["--explain", "-l"]] {
        assert_eq!(desk.search("zeta*", bad).code, 2);
    }
    assert_eq!(desk.search("\"open", &["--explain-query"]).code, 2);
}

#[test]
fn the_command_line_shows_why_a_hit_ranks_where_it_does() {
    let desk = Desk::with(&[
        ("a.md", "# Cloud\n\nA cloud of words.\n"),
        ("b.txt", "Nothing at all of the kind."),
    ]);
    let run = desk.search("cloud words", &["--explain"]);
    assert!(run.out.contains("cloud: 2 occurrences (1 in the title)"), "{}", run.out);
    assert!(run.out.contains("    score ") && run.out.contains("  closeness"), "{}", run.out);
    assert!(!desk.search("cloud words", &[]).out.contains("score"));
    let hit = &desk.search("cloud words", &["--explain", "--json"]).json()[0];
    let explanation = &hit["explanation"];
    let sum: f64 = explanation["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["contribution"].as_f64().unwrap())
        .sum();
    let total = sum + explanation["closeness"].as_f64().unwrap();
    assert!((total - hit["score"].as_f64().unwrap()).abs() < 1e-4, "{hit}");
    assert!(desk.search("cloud", &["--json"]).json()[0]["explanation"].is_null());
}
