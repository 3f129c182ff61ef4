//! Likeness and feedback: what the significant words of articles find, and how they order.

use polidex::{
    Article, Block, BlockKind, Error, Index, Language, Matching, Query, SearchOptions,
    SearchResults, Searcher, Sort,
};

use crate::util::{Desk, project};

fn article(path: &str, language: Language, text: &str) -> Article {
    let blocks = text.split('\n').map(|text| Block::new(BlockKind::Paragraph, text)).collect();
    let mut article = Article::new(path, blocks);
    article.metadata.language = Some(language);
    article
}

/// Articles on clouds, on chips and on fish, with what all articles have.
fn searcher() -> Searcher {
    let (en, fr) = (Language::ENGLISH, Language::FRENCH);
    let index = Index::in_memory().unwrap();
    let mut articles = vec![
        article("cloud/a", en, "The sovereign cloud of the ministries. Hosting, hosting, Gaia-X."),
        article("cloud/b", en, "Ministries asked for a sovereign cloud and for hosting at home."),
        article("cloud/c", en, "Gaia-X was to be the hosting of the ministries."),
        article("cloud", en, "Clouds of another kind: the weather report of the week."),
        article("chips/a", en, "The export of chips was controlled, and wafers with the chips."),
        article("chips/b", en, "Wafers and chips: a report on the export."),
        article("fr/a", fr, "Le nuage souverain de la France et des ministères de la France."),
        article("fr/b", fr, "La France veut un nuage souverain pour la France."),
        article("fr/c", fr, "La pêche de la semaine et le rapport de la pêche."),
        article("empty", en, "…"),
    ];
    for number in 0..30 {
        let text = format!("The fishing of the week {number} was the same, and of the same quota.");
        articles.push(article(&format!("fish/{number}"), en, &text));
        let text = format!("La pêche de la semaine {number}, et de la même taille.");
        articles.push(article(&format!("peche/{number}"), fr, &text));
    }
    index.add(articles).unwrap();
    index.searcher().unwrap()
}

fn paths(results: &SearchResults) -> Vec<&str> {
    results.hits.iter().map(|hit| &*hit.path).collect()
}

fn words(results: &SearchResults) -> Vec<&str> {
    results.terms.iter().map(|term| &*term.word).collect()
}

#[test]
fn similar_articles_are_found_by_words_that_can_be_read() {
    let searcher = searcher();
    let similar = searcher.like("cloud/a", &SearchOptions::default()).unwrap();
    let found = paths(&similar);
    assert_eq!(&found[..2], ["cloud/b", "cloud/c"], "{found:?}");
    assert!(!found.contains(&"cloud/a"), "{found:?}");
    assert!(!found.iter().any(|path| path.starts_with("chips/")), "{found:?}");
    let words = words(&similar);
    // Words, not stems ("ministri", "host"), and none that stand in every article.
    assert!(words.contains(&"ministries") && words.contains(&"hosting"), "{words:?}");
    assert!(!words.contains(&"the") && !words.contains(&"of"), "{words:?}");
    assert!(similar.terms.windows(2).all(|pair| pair[0].weight >= pair[1].weight));
    assert_eq!(similar.terms[0].weight, 1.0);
    // What is marked are these words.
    let passage = &similar.hits[0].passages[0];
    let marked: Vec<&str> =
        passage.highlights.iter().map(|range| &passage.text[range.clone()]).collect();
    assert!(marked.contains(&"Ministries") && !marked.contains(&"and"), "{marked:?}");
}

#[test]
fn the_words_of_a_language_are_weighed_among_its_own_articles() {
    let similar = searcher().like("fr/a", &SearchOptions::default()).unwrap();
    assert_eq!(paths(&similar)[0], "fr/b");
    let words = words(&similar);
    assert!(words.contains(&"souverain"), "{words:?}");
    // Rare in the index, and in every French article.
    assert!(!words.contains(&"la") && !words.contains(&"de"), "{words:?}");
    assert!(similar.terms.iter().all(|term| term.language == Language::FRENCH));
}

#[test]
fn only_the_article_itself_is_left_out_and_its_query_can_be_asked_again() {
    let index = Index::in_memory().unwrap();
    let texts =
        [("a b/*.md", "Sovereign cloud hosting."), ("a b/x.md", "Sovereign cloud hosting.")];
    index.add(texts.map(|(path, text)| article(path, Language::ENGLISH, text))).unwrap();
    let searcher = index.searcher().unwrap();
    let options = SearchOptions::default();
    let similar = searcher.like("a b/*.md", &options).unwrap();
    assert_eq!(paths(&similar), ["a b/x.md"]);
    let (query, terms) = searcher.like_query("a b/*.md").unwrap();
    let again = Query::parse(&query.to_string()).unwrap();
    assert_eq!(again.root, query.root);
    let again = searcher.search(&again, &options).unwrap();
    assert_eq!((&again.hits, &terms), (&similar.hits, &similar.terms));
}

#[test]
fn an_article_that_is_not_there_or_says_nothing_is_told() {
    let searcher = searcher();
    let options = SearchOptions::default();
    match searcher.like("cloud/aa", &options) {
        Err(Error::UnknownArticle { path, similar }) => {
            assert_eq!(path, "cloud/aa");
            assert!(similar.contains(&"cloud/a".to_owned()), "{similar:?}");
        }
        other => panic!("{other:?}"),
    }
    let none = searcher.like("empty", &options).unwrap();
    assert_eq!((none.articles, none.hits.len(), none.terms.len()), (0, 0, 0));
    assert!(none.notes.iter().any(|note| note.code == "no_terms"), "{:?}", none.notes);
}

fn ask(searcher: &Searcher, query: &str, feedback: bool) -> SearchResults {
    let options = SearchOptions { feedback, limit: 100, ..SearchOptions::default() };
    searcher.search(&Query::parse(query).unwrap(), &options).unwrap()
}

#[test]
fn feedback_orders_what_matches_and_finds_nothing_else() {
    let searcher = searcher();
    let mut terms = 0;
    for query in ["report", "\"of the\"", "sovereign OR report", "hosting ministries"] {
        let (plain, fed) = (ask(&searcher, query, false), ask(&searcher, query, true));
        let sorted = |results: &SearchResults| {
            let mut paths: Vec<String> = results.hits.iter().map(|hit| hit.path.clone()).collect();
            paths.extend(
                results.hits.iter().flat_map(|hit| &hit.duplicates).map(|d| d.path.clone()),
            );
            paths.sort();
            paths
        };
        assert_eq!(sorted(&plain), sorted(&fed), "{query}");
        assert_eq!((plain.articles, plain.matches), (fed.articles, fed.matches), "{query}");
        assert!(plain.terms.is_empty(), "{query}");
        terms += fed.terms.len();
        assert_eq!(
            fed,
            SearchResults {
                elapsed: fed.elapsed,
                profile: fed.profile,
                ..ask(&searcher, query, true)
            }
        );
        // Only the query is marked.
        for hit in &fed.hits {
            let before = plain.hits.iter().find(|other| other.path == hit.path);
            assert!(before.is_none_or(|before| before.passages == hit.passages), "{query}");
        }
    }
    assert!(terms > 0);
}

#[test]
fn feedback_puts_what_is_like_the_best_before_what_is_not() {
    let en = Language::ENGLISH;
    let index = Index::in_memory().unwrap();
    let filler = "Something else stands here as well, so that all are of one length";
    let mut articles = vec![
        article("z-chip", en, &format!("Export of chips and wafers. {filler}.")),
        article("a-wine", en, &format!("Export of wine and cheeses. {filler}.")),
    ];
    for number in 0..9 {
        let text =
            format!("Export: an export of chips, wafers and lithography. {filler} {number}.");
        articles.push(article(&format!("best/{number}"), en, &text));
    }
    for number in 0..40 {
        articles.push(article(&format!("other/{number}"), en, &format!("{filler} {number}.")));
    }
    index.add(articles).unwrap();
    let searcher = index.searcher().unwrap();
    let last = |feedback| {
        let options = SearchOptions {
            feedback,
            group: false,
            limit: 100,
            matching: Matching::Any,
            ..SearchOptions::default()
        };
        let results = searcher.search(&Query::parse("export").unwrap(), &options).unwrap();
        paths(&results)[9..].join(" ")
    };
    // Equal without feedback: in the order of paths.
    assert_eq!(last(false), "a-wine z-chip");
    assert_eq!(last(true), "z-chip a-wine");
}

#[test]
fn a_score_with_feedback_is_the_sum_of_its_explanation() {
    let searcher = searcher();
    let options = SearchOptions { feedback: true, explain: true, ..SearchOptions::default() };
    let results = searcher.search(&Query::parse("sovereign cloud").unwrap(), &options).unwrap();
    for hit in &results.hits {
        let explanation = hit.explanation.as_ref().unwrap();
        let parts: f32 = explanation.parts.iter().map(|part| part.contribution).sum();
        let sum = parts + explanation.closeness;
        assert!((sum - hit.score).abs() < 1e-4, "{}: {sum} is not {}", hit.path, hit.score);
        assert!(explanation.parts.len() > 2, "{:?}", explanation.parts);
    }
    // Days are not ordered by words.
    let options = SearchOptions { sort: Sort::Newest, ..options };
    let results = searcher.search(&Query::parse("sovereign cloud").unwrap(), &options).unwrap();
    assert!(results.terms.is_empty());
    assert!(results.notes.iter().any(|note| note.code == "feedback_unused"), "{:?}", results.notes);
}

#[test]
fn the_command_line_finds_what_is_like_an_article_and_says_by_which_words() {
    let desk = Desk::new();
    let corpus = project().join("corpus");
    let corpus = corpus.to_str().unwrap();
    assert_eq!(desk.run(&["index", corpus]).code, 0);
    let path = "eu/prohibited-practices-guide-for-smes.md";
    let run = desk.run(&["like", "--in", corpus, path, "--json", "-n", "3"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = run.json();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["path"], "eu/ai-act-political-agreement-december-2023.html");
    let terms = lines[3]["terms"].as_array().unwrap();
    assert!(terms.iter().any(|term| term["word"] == "emotions"), "{terms:?}");
    let run = desk.run(&["like", "--in", corpus, path, "--lang", "en"]);
    assert!(run.out.contains("\nterms: ") && run.out.contains(" · en\n"), "{}", run.out);
    assert!(!run.out.contains(" · de\n"), "{}", run.out);
    let file = format!("{corpus}/{path}");
    assert_eq!(desk.run(&["like", "--in", corpus, &file, "--lang", "en"]).code, 0);
    let run = desk.run(&["like", "--in", corpus, "de/gaia-x-verein-und-zweifle.md"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("de/gaia-x-verein-und-zweifel.md"), "{}", run.err);
    let run = desk.run(&["search", "--in", corpus, "--feedback", "-n", "2", "Gaia-X"]);
    assert!(run.out.contains("\nterms: "), "{}", run.out);
    let run = desk.run(&["search", "--in", corpus, "--feedback", "--count", "Gaia-X"]);
    assert_eq!(run.code, 2);
}
