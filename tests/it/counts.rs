//! What is counted over a whole result: visits, facets, collocates, terms that set articles apart.

use polidex::{
    Article, Block, BlockKind, CollocateOptions, CollocateSort, Collocates, Error, Facet, Index,
    KeyTermOptions, KwicOptions, Language, Query, SearchOptions, Searcher, TrendOptions,
};

use crate::schema;
use crate::util::{Desk, project, searcher};

fn article(path: &str, paragraphs: &[&str]) -> Article {
    let blocks = paragraphs.iter().map(|text| Block::new(BlockKind::Paragraph, *text)).collect();
    Article::new(path, blocks)
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

#[test]
#[allow(clippy::single_range_in_vec_init)] // one match is one range
fn a_visit_comes_past_every_match_and_ends_with_the_first_error() {
    let index = Index::in_memory().unwrap();
    // Several commits are several segments; one article is replaced, one deleted.
    for (path, text) in
        [("a", "A cloud."), ("b", "Clouds and cloud."), ("c", "Fog."), ("d", "A cloud.")]
    {
        index.add([article(path, &[text])]).unwrap();
    }
    index.add([article("a", &["No fog, a cloud here."])]).unwrap();
    index.delete(["d"]).unwrap();
    let searcher = index.searcher().unwrap();
    let mut seen = Vec::new();
    let options = SearchOptions::default();
    searcher
        .visit(&query("cloud OR clouds"), &options, |article| {
            let words = article.facts()?.words;
            seen.push((article.path()?.to_owned(), article.matches(), article.ranges()?, words));
            Ok(())
        })
        .unwrap();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    let in_a = std::iter::once(10..15).collect::<Vec<_>>();
    let expected = [("a", 1, in_a, 5), ("b", 2, vec![0..6, 11..16], 3)];
    let expected =
        expected.map(|(path, count, ranges, words)| (path.to_owned(), count, ranges, words));
    assert_eq!(seen, expected);
    let mut visits = 0;
    let stopped = searcher.visit(&query("cloud"), &options, |_| {
        visits += 1;
        Err(Error::Cancelled)
    });
    assert!(matches!(stopped, Err(Error::Cancelled)) && visits == 1);
}

/// `red cloud over blue cloud` and three more sentences: 11 words.
fn sky() -> Searcher {
    searcher([
        article("a", &["Red cloud over blue cloud.", "Red sky."]),
        article("b", &["blue sky blue sea"]),
    ])
}

fn collocates(searcher: &Searcher, text: &str, options: CollocateOptions) -> Collocates {
    searcher.collocates(&query(text), &SearchOptions::default(), &options).unwrap()
}

#[test]
fn collocates_are_measured_as_computed_by_hand() {
    let near = CollocateOptions { window: 1, least: 1, ..CollocateOptions::default() };
    let found = collocates(&sky(), "cloud", near);
    assert_eq!((found.articles, found.matches, found.near, found.words), (1, 2, 3, 11));
    // N = 11, R1 = 3, matches = 2; C1 of red is 2, of over 1, of blue 3.
    let expected = [
        ("over", 1, [1, 0], 1, 2.8829, 13.4150, 2.4594),
        ("red", 1, [1, 0], 2, 0.5837, 13.0, 1.4594),
        ("blue", 1, [1, 0], 3, 0.0745, 12.6781, 0.8745),
    ];
    assert_eq!(found.collocates.len(), expected.len());
    for (it, (word, count, _, total, log_likelihood, log_dice, pmi)) in
        found.collocates.iter().zip(expected)
    {
        assert_eq!(
            (it.word.to_lowercase(), it.count, it.total, it.articles),
            (word.to_owned(), count, total, 1)
        );
        for (value, wanted) in
            [(it.log_likelihood, log_likelihood), (it.log_dice, log_dice), (it.pmi, pmi)]
        {
            assert!((value - wanted).abs() < 1e-3, "{word}: {value} is not {wanted}");
        }
    }
    let of = |word: &str| found.collocates.iter().find(|it| it.word == word).unwrap();
    assert_eq!(
        (of("over").left, of("over").right, of("blue").left, of("blue").right),
        (0, 1, 1, 0)
    );
}

#[test]
fn a_word_counts_once_however_many_matches_are_near_and_blocks_are_walls() {
    let near = CollocateOptions { window: 5, least: 1, ..CollocateOptions::default() };
    let found = collocates(&sky(), "cloud", near);
    // All five words of the first sentence, the matches as neighbours of each other, and no sky.
    assert_eq!(found.near, 5);
    let of = |word: &str| found.collocates.iter().find(|it| it.word == word);
    assert!(of("sky").is_none());
    let over = of("over").unwrap();
    assert_eq!((over.count, over.left, over.right), (1, 1, 1));
    assert_eq!(of("cloud").unwrap().count, 2);
    let least = CollocateOptions { window: 5, least: 2, ..CollocateOptions::default() };
    let words: Vec<String> =
        collocates(&sky(), "cloud", least).collocates.into_iter().map(|it| it.word).collect();
    assert_eq!(words, ["cloud"]);
}

#[test]
fn collocates_are_compared_within_what_is_looked_at() {
    let language = |mut article: Article, code: &str| {
        article.metadata.language = code.parse().ok();
        article
    };
    let searcher = searcher([
        language(article("en", &["The cloud will die here, a die was cast."]), "en"),
        language(article("de", &["Die Cloud und die Wolke"]), "de"),
    ]);
    let die = |options: CollocateOptions| {
        let found =
            collocates(&searcher, "=cloud", CollocateOptions { least: 1, window: 3, ..options });
        let die = found.collocates.iter().find(|it| it.word.eq_ignore_ascii_case("die"));
        (found.words, die.map(|it| (it.count, it.total)))
    };
    assert_eq!(die(CollocateOptions::default()), (14, Some((3, 4))));
    // It is a function word in German, and none in English.
    let content = CollocateOptions { function_words: false, ..CollocateOptions::default() };
    assert_eq!(die(content), (14, Some((1, 4))));
    let english =
        CollocateOptions { within: Some(query("lang:en")), ..CollocateOptions::default() };
    assert_eq!(die(english), (9, Some((1, 2))));
    for sort in [CollocateSort::LogDice, CollocateSort::Pmi, CollocateSort::Count] {
        let found = collocates(
            &searcher,
            "=cloud",
            CollocateOptions { sort, least: 1, ..CollocateOptions::default() },
        );
        let key = |number: usize| match sort {
            CollocateSort::LogDice => found.collocates[number].log_dice,
            CollocateSort::Pmi => found.collocates[number].pmi,
            _ => found.collocates[number].count as f64,
        };
        assert!((1..found.collocates.len()).all(|n| key(n - 1) >= key(n)), "{sort:?}");
    }
}

#[test]
fn facets_count_the_whole_result_and_nothing_else() {
    let with = |path: &str, text: &str, source: Option<&str>, date: &str, tags: &[&str]| {
        let mut article = article(path, &[text]);
        article.metadata.source = source.map(str::to_owned);
        article.metadata.date = date.parse().ok();
        article.metadata.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        article
    };
    let searcher = searcher([
        with("a", "A cloud.", Some("Le Monde"), "2024-01-01", &["AI", "ai", "Cloud"]),
        with("b", "A cloud, too.", Some("le monde"), "2024", &["AI"]),
        with("c", "One more cloud.", Some("Le Monde"), "2021-05", &[]),
        with("d", "Cloud of clouds.", None, "", &["AI"]),
        with("e", "Only fog.", Some("Le Monde"), "2024", &["fog"]),
    ]);
    let facets = vec![Facet::Tag, Facet::Source, Facet::Year, Facet::Kind];
    let options = SearchOptions { facets, limit: 1, ..SearchOptions::default() };
    let results = searcher.search(&query("cloud"), &options).unwrap();
    assert_eq!((results.articles, results.hits.len()), (4, 1));
    let counts = |number: usize| {
        let counts = &results.facets[number];
        let values = counts.values.iter().map(|(value, count)| (&**value, *count));
        (counts.facet, values.collect::<Vec<_>>(), counts.distinct, counts.without)
    };
    assert_eq!(counts(0), (Facet::Tag, vec![("AI", 3), ("Cloud", 1)], 2, 1));
    assert_eq!(counts(1), (Facet::Source, vec![("Le Monde", 3)], 1, 1));
    assert_eq!(counts(2), (Facet::Year, vec![("2021", 1), ("2024", 2)], 2, 1));
    assert_eq!(counts(3), (Facet::Kind, vec![], 0, 4));
    let few = SearchOptions { facet_values: 1, count_only: true, ..options };
    let few = searcher.search(&query("cloud"), &few).unwrap();
    assert_eq!((few.facets[0].values.len(), few.facets[0].distinct), (1, 2));
    assert_eq!(few.facets[2].values.len(), 2, "years are given all");
    assert!(searcher.search(&query("cloud"), &SearchOptions::default()).unwrap().facets.is_empty());
}

#[test]
fn facets_agree_with_searches_for_each_value() {
    let desk = Desk::new();
    let corpus = project().join("corpus");
    let corpus = corpus.to_str().unwrap();
    let facets = ["lang", "kind", "jurisdiction", "cites"];
    let run = desk.run(&[
        "search",
        "--in",
        corpus,
        "act",
        "--facets",
        &facets.join(","),
        "--facet-values",
        "1000",
        "--csv",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows: Vec<Vec<&str>> =
        run.out.lines().skip(1).map(|row| row.rsplitn(2, ',').collect()).collect();
    assert!(rows.len() > 10, "{}", run.out);
    for row in rows.iter().step_by(5) {
        let (count, (facet, value)) = (row[0], row[1].split_once(',').unwrap());
        if value.is_empty() {
            continue;
        }
        let narrowed = format!("act {facet}:\"{value}\"");
        let run = desk.run(&["search", "--in", corpus, &narrowed, "--count", "--json"]);
        assert_eq!(run.json()[0]["articles"].to_string(), count, "{narrowed}");
    }
    let run = desk.run(&["search", "--in", corpus, "act", "--count", "--facets", "year,lang"]);
    assert!(run.out.contains("\nyear  articles\n") && run.out.contains("\nen "), "{}", run.out);
    let run = desk.run(&["search", "--in", corpus, "act", "--facets", "colour"]);
    assert!(run.code == 2 && run.err.contains("jurisdiction"), "{}", run.err);
}

#[test]
fn key_terms_are_those_that_few_others_have() {
    let mut articles = Vec::new();
    for number in 0..30 {
        let text = match number {
            0 => "The cloud by the lake, in rain.",
            1..5 => "The lake under the cloud.",
            _ => "The fish in the sea.",
        };
        let mut article = article(&format!("{number:02}"), &[text]);
        article.metadata.language = Some(Language::ENGLISH);
        articles.push(article);
    }
    let searcher = searcher(articles);
    let ask = |least| {
        let options = KeyTermOptions { least, ..KeyTermOptions::default() };
        searcher.key_terms(&query("cloud"), &SearchOptions::default(), &options).unwrap()
    };
    let found = ask(2);
    let words: Vec<&str> = found.terms.iter().map(|term| &*term.word).collect();
    // `the` is everywhere, `fish` not here, `rain` in one article only.
    assert_eq!(words, ["cloud", "lake", "under"]);
    assert_eq!((found.articles, found.read), (5, 5));
    let lake = &found.terms[1];
    assert_eq!((lake.articles, lake.total), (5, 5));
    // 2 (5 ln 6 + 25 ln 1.2)
    assert!((lake.log_likelihood - 27.0337).abs() < 1e-3, "{}", lake.log_likelihood);
    assert!(ask(1).terms.iter().any(|term| term.word == "rain"));
}

#[test]
fn every_count_is_what_the_schema_says() {
    let desk = Desk::new();
    let corpus = project().join("corpus");
    let corpus = corpus.to_str().unwrap();
    let schema = schema::validator();
    desk.run(&["index", corpus]);
    let mut types = std::collections::BTreeSet::new();
    for args in [
        &["kwic", "sovereignty", "--sort", "left"][..],
        &["kwic", "zebra"],
        &["collocates", "cloud", "--no-function-words"],
        &["collocates", "zebra"],
        &["terms", "\"digital sovereignty\"", "--lang", "en"],
        &["trend", "sovereign*", "souverain*", "--by", "quarter", "--per", "million-words"],
        &["trend", "zebra"],
        &["search", "act", "--facets", "source,lang,year,kind,jurisdiction,author,tag,cites"],
    ] {
        let run = desk.run(&[args, &["--in", corpus, "--json"]].concat());
        assert_eq!(run.code, i32::from(args[1] == "zebra"), "{args:?} {}", run.err);
        for value in run.json() {
            let errors: Vec<String> =
                schema.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{args:?}: {errors:?}");
            types.insert(value["type"].as_str().unwrap().to_owned());
        }
    }
    let expected =
        ["collocates", "concordance", "hit", "key_terms", "kwic_line", "summary", "trend"];
    assert_eq!(types.into_iter().collect::<Vec<_>>(), expected);
}

/// Numbers of a part of a result would be taken for those of the whole.
#[test]
fn what_counts_a_whole_result_is_an_error_when_its_time_is_over() {
    let searcher = searcher([article("a", &["A cloud."]), article("b", &["Clouds and cloud."])]);
    let options =
        SearchOptions { timeout: Some(std::time::Duration::ZERO), ..SearchOptions::default() };
    let cloud = query("cloud");
    let ended = [
        searcher.visit(&cloud, &options, |_| Ok(())).err(),
        searcher.kwic(&cloud, &options, &KwicOptions::default()).err(),
        searcher.collocates(&cloud, &options, &CollocateOptions::default()).err(),
        searcher.key_terms(&cloud, &options, &KeyTermOptions::default()).err(),
        searcher.trend(&[cloud], &options, &TrendOptions::default()).err(),
    ];
    for error in ended {
        assert!(matches!(error, Some(Error::TimedOut)), "{error:?}");
    }
}
