//! Languages: what a word of a query finds in each, and what it does not.

use polidex::{
    Article, Block, BlockKind, Hit, Index, Language, Matching, Query, SearchOptions, SearchResults,
    Searcher, tokens,
};

fn language(code: &str) -> Language {
    code.parse().unwrap()
}

/// An index of articles of one paragraph each: path, language, text.
fn index(articles: &[(&str, &str, &str)]) -> Searcher {
    let index = Index::in_memory().unwrap();
    let articles = articles.iter().map(|(path, code, text)| {
        let mut article = Article::new(*path, vec![Block::new(BlockKind::Paragraph, *text)]);
        article.metadata.language = Some(language(code));
        article
    });
    index.add(articles).unwrap();
    index.searcher().unwrap()
}

fn ask(searcher: &Searcher, query: &str, matching: Matching) -> SearchResults {
    let options =
        SearchOptions { matching, explain: true, group: false, ..SearchOptions::default() };
    searcher.search(&Query::parse(query).unwrap(), &options).unwrap()
}

/// The paths of what matches, the best first.
fn found(searcher: &Searcher, query: &str) -> Vec<String> {
    let answer = ask(searcher, query, Matching::All);
    if answer.fallback {
        return Vec::new();
    }
    answer.hits.into_iter().map(|hit| hit.path).collect()
}

/// Whether an article of this language and text is found.
fn finds(query: &str, code: &str, text: &str) -> bool {
    !found(&index(&[("one", code, text)]), query).is_empty()
}

fn marked(hit: &Hit) -> Vec<&str> {
    let passage = &hit.passages[0];
    passage.highlights.iter().map(|range| &passage.text[range.clone()]).collect()
}

#[test]
fn inflected_forms_are_one_word_in_every_language_that_has_a_stemmer() {
    for (code, asked, text) in [
        ("en", "regulation", "Two regulations."),
        ("fr", "règlement", "Des règlements."),
        ("de", "Gesetz", "Wegen des Gesetzes."),
        ("es", "ley", "Las leyes."),
        ("it", "legge", "Le leggi."),
        ("pt", "algoritmo", "Os algoritmos."),
        ("nl", "wet", "Twee wetten."),
        ("pl", "ustawa", "Projekt ustawy."),
        ("ca", "autoritat", "Les autoritats."),
        ("sv", "lag", "Nya lagar."),
        ("da", "lov", "Nye love."),
        ("no", "lov", "Nye lover."),
        ("fi", "talo", "Uudessa talossa."),
        ("cs", "zákon", "Bez zákona."),
        ("ro", "lege", "Multe legi."),
        ("hu", "törvény", "Új törvények."),
        ("ru", "закон", "Новые законы."),
        ("uk", "закон", "Нові закони."),
        ("el", "νόμος", "Πολλοί νόμοι."),
        ("tr", "kitap", "Yeni kitaplar."),
        ("ar", "حكومة", "الحكومة الجديدة"),
        ("ko", "인공지능", "인공지능을 규제한다"),
    ] {
        assert!(finds(asked, code, text), "{code}: {asked} in {text}");
    }
}

#[test]
fn an_elided_article_is_no_part_of_the_word() {
    for (code, asked, text) in [
        ("fr", "intelligence", "L’intelligence artificielle."),
        ("fr", "l'intelligence", "Une intelligence."),
        ("fr", "accord", "Lorsqu'accord il y a."),
        ("it", "intelligenza", "Dell’intelligenza artificiale."),
        ("it", "un'autorità", "La autorità."),
        ("ca", "autoritat", "L'autoritat catalana."),
    ] {
        assert!(finds(asked, code, text), "{code}: {asked} in {text}");
    }
    // Irish and English names are no elisions.
    assert!(!finds("o'brien", "en", "Brien was here."));
}

#[test]
fn german_umlauts_and_sharp_s_may_be_spelt_out() {
    for (asked, text) in [
        ("Verfuegung", "Die Verfügung gilt."),
        ("Verfügung", "Die Verfuegung gilt."),
        ("Verfugung", "Die Verfügung gilt."),
        ("Gross", "Ein großer Plan."),
        ("Strasse", "Die Straßen."),
        ("\"strasse\"", "Die Straße."),
    ] {
        assert!(finds(asked, "de", text), "{asked} in {text}");
    }
    // No umlauts: the letters of other words are their own.
    for (asked, text) in [("neu", "Nü."), ("Quelle", "Qülle."), ("\"verfuegung\"", "Verfügung.")]
    {
        assert!(!finds(asked, "de", text), "{asked} in {text}");
    }
    assert!(!finds("Verfuegung", "en", "Verfügung"), "not in an English article");
}

#[test]
fn a_compound_is_found_by_the_words_in_it() {
    for (code, asked, compound) in [
        ("de", "Datenschutz", "Datenschutzgrundverordnung"),
        ("de", "Verordnung", "Datenschutzgrundverordnung"),
        ("de", "Verordnungen", "Datenschutzgrundverordnung"),
        ("de", "Grundverordnung", "Datenschutzgrundverordnungen"),
        ("de", "Sicherheit", "Verkehrssicherheit"),
        ("de", "Kind", "Kinderschutz"),
        ("de", "Schule", "Schulbus"),
        ("de", "Strasse", "Straßenverkehr"),
        ("de", "Überwachung", "Videoüberwachung"),
        ("nl", "veiligheid", "Verkeersveiligheid"),
        ("nl", "bescherming", "gegevensbescherming"),
        ("nl", "markt", "arbeidsmarkt"),
    ] {
        let searcher = index(&[("one", code, &format!("Zu {compound} und mehr."))]);
        let answer = ask(&searcher, asked, Matching::All);
        assert_eq!((answer.articles, answer.matches), (1, 1), "{asked} in {compound}");
        assert_eq!(marked(&answer.hits[0]), [compound], "the whole word is marked");
    }
}

#[test]
fn what_only_looks_like_a_part_is_none() {
    for (code, asked, word) in [
        ("de", "Erde", "Pferde"),
        ("de", "Halt", "Unterhalt"),
        ("de", "Grund", "Hintergrund"),
        ("de", "Schaft", "Gesellschaft"),
        ("de", "Tisch", "asiatisch"),
        ("de", "Teller", "Schriftsteller"),
        ("de", "Linie", "Richtlinie"),
        ("de", "Ordnung", "Verordnung"),
        ("nl", "burger", "burgemeester"),
        // Only languages that write compounds have them.
        ("en", "Datenschutz", "Datenschutzgrundverordnung"),
    ] {
        assert!(!finds(asked, code, word), "{asked} in {word}");
    }
}

#[test]
fn parts_answer_only_to_words_that_may_be_inflected() {
    let searcher = index(&[("one", "de", "Die Datenschutzgrundverordnung gilt für Daten.")]);
    for query in [
        "=Verordnung",
        "\"Verordnung\"",
        "\"Verordnung gilt\"",
        "Verord*",
        "Verordnunk~",
        "\"Die Datenschutz\"",
    ] {
        assert!(found(&searcher, query).is_empty(), "{query}");
    }
    for query in [
        "=Datenschutzgrundverordnung",
        "\"Datenschutzgrundverordnung gilt\"",
        "Verordnung NEAR/3 Daten",
        "Verordnung BEFORE/3 Daten",
        "Verordnung SAME/s Daten",
    ] {
        assert!(!found(&searcher, query).is_empty(), "{query}");
    }
    // In the title, too.
    let index = Index::in_memory().unwrap();
    let mut article = Article::new(
        "one",
        vec![
            Block::new(BlockKind::Title, "Datenschutzverordnung"),
            Block::new(BlockKind::Heading(1), "Verkehrssicherheit"),
        ],
    );
    article.metadata.language = Some(Language::GERMAN);
    index.add([article]).unwrap();
    let searcher = index.searcher().unwrap();
    for (query, matches) in [
        ("title:Verordnung", true),
        ("heading:Verordnung", false),
        ("heading:Sicherheit", true),
        ("title:Sicherheit", false),
    ] {
        assert_eq!(!found(&searcher, query).is_empty(), matches, "{query}");
    }
    let hit = ask(&searcher, "Verordnung", Matching::All).hits.remove(0);
    let part = &hit.explanation.unwrap().parts[0];
    assert_eq!((part.occurrences, part.in_title, part.in_compounds), (1, 1, 1));
}

#[test]
fn a_compound_finds_its_words_written_apart() {
    for (code, asked, text) in [
        ("de", "Datenschutzgrundverordnung", "Die Datenschutz-Grundverordnung."),
        ("de", "Datenschutz", "Der Schutz personenbezogener Daten."),
        ("de", "Videoüberwachung", "Überwachungen per Video."),
        ("nl", "verkeersveiligheid", "De veiligheid van het verkeer."),
    ] {
        assert!(finds(asked, code, text), "{asked} in {text}");
    }
    for (code, asked, text) in [
        (
            "de",
            "Datenschutz",
            "Der Schutz der Umwelt. Wo sind eigentlich in all dem noch die Daten?",
        ),
        ("de", "=Datenschutz", "Der Schutz der Daten."),
        ("de", "\"Datenschutz\"", "Daten Schutz"),
        ("en", "Datenschutz", "Schutz der Daten"),
        // In a row with another word it keeps its place.
        ("de", "Datenschutz-Verordnung", "Schutz der Daten Verordnung"),
    ] {
        assert!(!finds(asked, code, text), "{asked} in {text}");
    }
    let searcher = index(&[
        ("apart", "de", "Überwachung per Video."),
        ("word", "de", "Die Videoüberwachung."),
    ]);
    assert_eq!(found(&searcher, "Videoüberwachung"), ["word", "apart"]);
    let hits = ask(&searcher, "Videoüberwachung", Matching::All).hits;
    assert_eq!(marked(&hits[1]), ["Überwachung", "Video"]);
}

#[test]
fn a_whole_word_ranks_before_a_part() {
    let searcher = index(&[
        ("part", "de", "Die Grundverordnung ist alt."),
        ("word", "de", "Die Verordnung ist alt."),
    ]);
    assert_eq!(found(&searcher, "Verordnung"), ["word", "part"]);
    // A compound makes its article no longer: other words in it count as much as before.
    let searcher = index(&[
        ("a", "de", "Ein Plan: Datenschutzgrundverordnung, Verkehrssicherheit."),
        ("b", "de", "Ein Plan: Rathaus, Freitag."),
    ]);
    let hits = ask(&searcher, "Plan", Matching::All).hits;
    assert_eq!(hits[0].score, hits[1].score);
}

#[test]
fn a_run_without_spaces_is_found_as_its_words() {
    let searcher = index(&[
        ("law", "zh", "中国发布了人工智能的监管框架。"),
        ("apart", "zh", "人们的工作需要智力和能力。"),
        ("ja", "ja", "人工知能の規制について議論する。"),
        ("th", "th", "ปัญญาประดิษฐ์กับกฎหมาย"),
    ]);
    for (query, expected) in [
        // A word: its characters side by side, not anywhere.
        ("人工智能", &["law"][..]),
        ("智能", &["law"]),
        ("人工", &["ja", "law"]),
        ("能工", &[]),
        // One character can be asked for.
        ("智", &["apart", "law"]),
        // More than a word: what stands beside each other in it, anywhere in the article.
        ("人工智能监管框架", &[]),
        ("监管框架", &["law"]),
        ("\"智能的监管\"", &["law"]),
        ("\"智能监管\"", &[]),
        ("智能 监管", &["law"]),
        ("規制", &["ja"]),
        ("กฎหมาย", &["th"]),
        ("กมาย", &[]),
    ] {
        let mut paths = found(&searcher, query);
        paths.sort();
        assert_eq!(paths, expected, "{query}");
    }
    // Where any word is enough, the article with most of the pairs is first, and one that only has
    // the characters is not there.
    let any = ask(&searcher, "人工智能监管框架", Matching::Any);
    let paths: Vec<&str> = any.hits.iter().map(|hit| &*hit.path).collect();
    assert_eq!(paths, ["law", "ja"]);
    // With all the words wanted and none that has them, those that have most are shown.
    let most = ask(&searcher, "人工智能监管框架", Matching::All);
    assert!(most.fallback);
    assert_eq!(most.hits[0].path, "law");
}

#[test]
fn no_language_is_ahead_for_its_variants() {
    // The same text in languages with one stem for the word, with several spellings, and with
    // compounds: a word that all of them have counts the same.
    let texts: Vec<(String, &str)> =
        ["de", "en", "fr", "nl", "und"].map(|code| (format!("{code}/one"), code)).to_vec();
    let articles: Vec<(&str, &str, &str)> = texts
        .iter()
        .map(|(path, code)| (path.as_str(), *code, "Plan Radio Export Kabinett."))
        .collect();
    let searcher = index(&articles);
    let hits = ask(&searcher, "Radio", Matching::All).hits;
    assert_eq!(hits.len(), 5);
    assert!(hits.iter().all(|hit| hit.score == hits[0].score), "{hits:?}");
    for hit in &hits {
        let part = &hit.explanation.as_ref().unwrap().parts[0];
        assert_eq!((part.words.len(), part.words[0].documents, part.occurrences), (1, 5, 1));
    }
}

#[test]
fn an_article_with_a_word_and_its_compound_counts_once() {
    let searcher = index(&[
        ("both", "de", "Die Verordnung, die Grundverordnung."),
        ("none", "de", "Die Sache."),
        ("other", "de", "Das Ding."),
    ]);
    let hits = ask(&searcher, "Verordnung", Matching::All).hits;
    let part = &hits[0].explanation.as_ref().unwrap().parts[0];
    assert_eq!((part.words[0].documents, part.occurrences, part.in_compounds), (1, 2, 1));
}

#[test]
fn a_query_confined_to_a_language_is_read_in_it() {
    let searcher = index(&[("a", "en", "models"), ("b", "fr", "modèles"), ("c", "de", "Modelle")]);
    let languages = |query: &str| -> Vec<String> {
        let query = Query::parse(query).unwrap();
        let plan = searcher.explain_query(&query, &SearchOptions::default()).unwrap();
        let mut codes: Vec<String> = plan.languages.iter().map(ToString::to_string).collect();
        codes.sort();
        codes
    };
    assert_eq!(languages("models").len(), 3);
    assert_eq!(languages("models lang:fr"), ["fr"]);
    assert_eq!(languages("lang:(fr OR de) models"), ["de", "fr"]);
    assert_eq!(languages("models NOT lang:fr").len(), 3);
    assert_eq!(languages("models OR lang:fr").len(), 3);
}

#[test]
fn tokens_tell_the_parts_of_compounds() {
    let parts = |text: &str, code: &str| tokens(text, language(code)).remove(0).parts;
    let all = parts("Datenschutzgrundverordnung", "de");
    for part in ["datenschutz", "verordn", "schutz", "grundverordn"] {
        assert!(all.iter().any(|it| it == part), "{part} in {all:?}");
    }
    assert!(parts("Verordnung", "de").is_empty());
    assert!(parts("Datenschutzgrundverordnung", "en").is_empty());
}
