//! How many translations a search finds, by the English name of a concept and by the concept: over
//! a folder of articles and their translations.
//!
//! `cargo run --release --example cross_lingual [FOLDER]`
//!
//! A translation has the name of the English article: in a folder named after its language
//! (`es/a.md` beside `a.md`), or with the language before the ending (`index.es.md` beside
//! `index.md`). Without a folder, the sample corpus is looked at, which holds no translations but
//! articles on the same matters: there the numbers are of all articles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use polidex::{
    Concept, Corpus, Index, Language, Node, Query, SearchOptions, Searcher, UpdateOptions,
    Vocabulary,
};

/// The numbers of one language.
#[derive(Default)]
struct Sums {
    /// Pairs of a concept and an article of which the English version has the English name.
    pairs: usize,
    /// Of these, translations found by the English name, by all English names, by the concept.
    found: [usize; 3],
}

fn main() -> polidex::Result<()> {
    let folder = std::env::args().nth(1);
    let index = Index::in_memory()?;
    let corpus = Corpus::open(folder.as_deref().unwrap_or("corpus"))?;
    let report = index.update(&corpus, &UpdateOptions::default())?;
    let searcher = index.searcher()?;
    println!("{} articles", report.articles);
    if folder.is_none() {
        return by_language(&searcher);
    }
    // Articles by what they are translations of, each with its language.
    let mut groups: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for path in paths(&searcher, &Query::parse("path:*")?)? {
        let (original, language) = original(&path);
        groups.entry(original).or_default().insert(language, path);
    }
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let mut asked = 0;
    for concept in Vocabulary::shipped().concepts() {
        let [name, english, all] = queries(concept);
        let found =
            [paths(&searcher, &name)?, paths(&searcher, &english)?, paths(&searcher, &all)?];
        let mut any = false;
        for group in groups.values() {
            if !group.get("en").is_some_and(|path| found[0].contains(path)) {
                continue;
            }
            for (language, path) in group.iter().filter(|(language, _)| *language != "en") {
                let sums = sums.entry(language.clone()).or_default();
                any = true;
                sums.pairs += 1;
                for (sum, paths) in sums.found.iter_mut().zip(&found) {
                    *sum += usize::from(paths.contains(path));
                }
            }
        }
        asked += usize::from(any);
    }
    println!("{asked} concepts whose English name stands in an article that has translations");
    for (language, Sums { pairs, found }) in sums {
        let share = |found: usize| 100.0 * found as f64 / pairs.max(1) as f64;
        println!(
            "{language}: {pairs} pairs; found by the English name {:.1} %, by all English names \
             {:.1} %, by the concept {:.1} %",
            share(found[0]),
            share(found[1]),
            share(found[2])
        );
    }
    Ok(())
}

/// Without translations: how many articles of each language are found, in all.
fn by_language(searcher: &Searcher) -> polidex::Result<()> {
    let mut sums: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for language in ["en", "fr", "de", "es", "it"] {
        let there = paths(searcher, &Query::parse(&format!("lang:{language} path:*"))?)?;
        for concept in Vocabulary::shipped().concepts() {
            let sums = sums.entry(language.to_owned()).or_default();
            for (sum, query) in sums.iter_mut().zip(queries(concept)) {
                *sum += paths(searcher, &query)?.intersection(&there).count();
            }
        }
    }
    for (language, [name, english, all]) in sums {
        println!(
            "{language}: pairs of concept and article found by the English name {name}, by all \
             English names {english}, by the concept {all}"
        );
    }
    Ok(())
}

/// Searches for the preferred English name, for all English names, and for the concept.
fn queries(concept: &Arc<Concept>) -> [Query; 3] {
    let kept = |kept: &dyn Fn(usize, &polidex::Label) -> bool| {
        let labels = concept.labels.iter().enumerate();
        let labels = labels.filter(|(number, label)| kept(*number, label));
        let labels = labels.map(|(_, label)| label.clone()).collect();
        let concept = Arc::new(Concept { labels, ..(**concept).clone() });
        Query { root: Node::Concept { concept, without: Vec::new() }, notes: Vec::new() }
    };
    let is_english = |label: &polidex::Label| label.language == Language::ENGLISH;
    [
        kept(&|number, label| number == 0 && is_english(label)),
        kept(&|_, label| is_english(label)),
        kept(&|_, _| true),
    ]
}

/// The paths of all articles that match.
fn paths(searcher: &Searcher, query: &Query) -> polidex::Result<BTreeSet<String>> {
    let options =
        SearchOptions { limit: 1000, passages: 0, group: false, ..SearchOptions::default() };
    let answer = searcher.search(query, &options)?;
    Ok(answer.hits.into_iter().map(|hit| hit.path).collect())
}

/// What an article is a translation of, and its language by its name.
fn original(path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').collect();
    let is_code = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase());
    let (name, folders) = parts.split_last().map_or(("", &[][..]), |(name, rest)| (*name, rest));
    if let Some((last, above)) = folders.split_last()
        && is_code(last)
    {
        return ([above, &[name]].concat().join("/"), (*last).to_owned());
    }
    let mut pieces: Vec<&str> = name.split('.').collect();
    let language = match pieces.len() {
        3 if is_code(pieces[1]) => pieces.remove(1),
        _ => "en",
    };
    let name = pieces.join(".");
    ([folders, &[name.as_str()]].concat().join("/"), language.to_owned())
}
