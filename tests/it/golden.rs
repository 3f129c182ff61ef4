//! Indexes of earlier formats, as they lie in `tests/golden`: the present one is opened and searched,
//! an older one refused and left as it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polidex::corpus::Entry;
use polidex::{Corpus, Index, Query, SearchOptions};

use crate::util::{Desk, project};

/// The articles that such an index is made of: the shortest of the sample corpus.
const ARTICLES: &[&str] = &[
    "de/gaia-x-verein-und-zweifel.md",
    "eu/data-act-applies.txt",
    "fr/sommet-action-ia-paris-fevrier-2025.txt",
    "int/unesco-ethics-recommendation-adopted.md",
    "uk/ai-safety-institute-becomes-security-institute.md",
    "uk/channel-wire-ai-security-institute.txt",
];

/// Queries with the numbers of the articles that they find, as reading these shows.
const FOUND: &[(&str, &[usize])] = &[
    ("\"General Conference\"", &[3]),
    ("\"AI Security Institute\"", &[4, 5]),
    ("\"souveraineté numérique\"", &[2]),
    ("Schrems", &[0]),
    ("jurisdiction:uk \"home office\"", &[4, 5]),
    ("source:\"Channel Wire\" \"security institute\"", &[5]),
    ("date:2025-02-14", &[4, 5]),
    ("\"data act\"", &[1]),
    ("lang:de Rechenzentren", &[0]),
    ("unesc* OR gaia-x", &[0, 3]),
    ("\"no such phrase\"", &[]),
];

/// A folder with the names and bytes of its files.
type Files = BTreeMap<String, Vec<u8>>;

fn files(dir: &Path) -> Files {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    entries
        .map(|entry| (name(&entry.path()), std::fs::read(entry.path()).unwrap()))
        // Locks are taken by readers, too, and hold nothing.
        .filter(|(name, _)| !name.ends_with(".lock"))
        .collect()
}

/// Writes an index that none but its owner may change, as no index in a repository is.
fn put(dir: &Path, files: &Files) {
    let set = |path: &Path, mode: u32| {
        #[cfg(unix)]
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let _ = (path, mode);
    };
    std::fs::create_dir_all(dir).unwrap();
    set(dir, 0o700);
    for (name, bytes) in files {
        std::fs::write(dir.join(name), bytes).unwrap();
        set(&dir.join(name), 0o600);
    }
}

/// The format of an index, as numbers.
fn format(files: &Files) -> Vec<u64> {
    let root: serde_json::Value = serde_json::from_slice(&files["meta.json"]).unwrap();
    let payload: serde_json::Value =
        serde_json::from_str(root["payload"].as_str().unwrap()).unwrap();
    ["format", "analyzer"].map(|name| payload[name].as_u64().unwrap()).to_vec()
}

fn name(format: &[u64]) -> String {
    format.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// An index of the present format, made in a folder of a desk.
fn made(desk: &Desk) -> Files {
    let corpus = Corpus::open(project().join("corpus")).unwrap();
    let mut articles = Vec::new();
    for entry in corpus.walk() {
        if let Entry::File(file) = entry
            && ARTICLES.contains(&&*file.path)
        {
            corpus.read(&file, &mut |article| articles.push(article)).unwrap();
        }
    }
    assert_eq!(articles.len(), ARTICLES.len());
    Index::create(desk.path("new")).unwrap().add(articles).unwrap();
    files(&desk.path("new"))
}

fn golden() -> PathBuf {
    project().join("tests/golden")
}

#[test]
fn an_index_of_any_format_is_searched_or_refused_and_kept() {
    let desk = Desk::new();
    let present = format(&made(&desk));
    let mut formats = Vec::new();
    for entry in std::fs::read_dir(golden()).unwrap() {
        let from = entry.unwrap().path();
        let kept = files(&from);
        let format = format(&kept);
        let dir = desk.path(&name(&format));
        assert_eq!(from.file_name(), dir.file_name());
        put(&dir, &kept);
        if format == present {
            searched(&dir);
        } else {
            assert!(format < present, "{} is newer than this polidex", name(&format));
            refused(&desk, &name(&format), &name(&present));
        }
        assert_eq!(files(&dir), kept, "{} has other files", name(&format));
        formats.push(format);
    }
    assert!(
        formats.contains(&present),
        "make one: cargo test --test it golden::make -- --ignored, and commit it"
    );
}

fn searched(dir: &Path) {
    let index = Index::open(dir).unwrap();
    assert!(index.check().unwrap().damage.is_empty());
    let searcher = index.searcher().unwrap();
    // Two of the articles tell the same story.
    let options = SearchOptions { group: false, ..SearchOptions::default() };
    for (query, expected) in FOUND {
        let found = searcher.search(&Query::parse(query).unwrap(), &options);
        let mut paths: Vec<String> = found.unwrap().hits.into_iter().map(|hit| hit.path).collect();
        paths.sort();
        let expected: Vec<&str> = expected.iter().map(|number| ARTICLES[*number]).collect();
        assert_eq!(paths, expected, "{query}");
    }
}

fn refused(desk: &Desk, old: &str, present: &str) {
    let error = Index::open(desk.path(old)).and_then(|index| index.searcher()).err().unwrap();
    assert_eq!(error.code(), "index_version", "{error}");
    let runs: [&[&str]; 3] = [
        &["search", "--index", old, "cloud"],
        &["index", "corpus", "--index", old],
        &["check", "--index", old],
    ];
    for args in runs {
        let run = desk.run(args);
        let told = [old, present, "polidex index --rebuild"];
        assert!(
            run.code == 2 && told.iter().all(|it| run.err.contains(it)),
            "{args:?}: {}",
            run.err
        );
    }
}

#[test]
#[ignore = "makes the index of the present format; needed once for each"]
fn make() {
    let desk = Desk::new();
    let files = made(&desk);
    let dir = golden().join(name(&format(&files)));
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    put(&dir, &files);
}
