//! The rules of the house, held against the sources. ARCHITECTURE.md says what they are for.
//!
//! The rules read text, as rustfmt leaves it, without tests and comments. Each is also tried on a
//! line that breaks it and on one that nearly does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The lines that a file may have without its tests.
const LONGEST: usize = 500;

/// Files that are longer, and why they are one file.
const LONG: &[(&str, &str)] = &[
    ("bin/polidex/args.rs", "every option of every command, with its words of help"),
    ("corpus/extract/pdf/content.rs", "one machine, whose operators share its state"),
    ("corpus/extract/html/metadata.rs", "every name that pages have for a fact, in order of trust"),
    ("corpus/extract/mod.rs", "the table of formats, and the one way from a file through it"),
    ("search/matcher.rs", "every part of a query steps through documents by the same two rules"),
    ("search/plan.rs", "one case for each part of the query tree, on both sides of a segment"),
    ("render/json.rs", "every object of the JSON output, with their version, in one file"),
    ("query/parse.rs", "one grammar, whose rules call each other"),
    ("query/scan.rs", "one pass over the text, whose tokens depend on each other"),
];

/// Imports that the table does not allow, and why they stand.
const IMPORTS: &[(&str, &str, &str)] =
    &[("index/mod.rs", "search", "`Index::searcher` makes the searcher of its own commit")];

/// What the library never calls: it is silent, reads no environment and does not give up.
const NEVER: &[&str] = &[
    "print!(",
    "println!(",
    "eprint!(",
    "eprintln!(",
    "dbg!(",
    "todo!(",
    "unimplemented!(",
    "panic!(",
    "unreachable!(",
    "std::env",
    "env::var",
    "process::exit",
    "unwrap()",
    "expect(\"",
    "unwrap_err()",
    "unsafe",
];

/// What opens a file by its path, wherever a link on the way leads.
const OPENS: &[&str] = &[
    "File::open(",
    "File::create(",
    "OpenOptions",
    "fs::read(",
    "fs::read_to_string(",
    "fs::write(",
    "openat(",
];

/// The files of `corpus` that may, and why.
const OPENERS: &[(&str, &str)] = &[
    ("corpus/open.rs", "it opens part by part, and follows no link"),
    ("corpus/extractor.rs", "`Extractor::read_path` reads a file that a user names, of no corpus"),
];

/// A file of `src/`.
struct Source {
    /// Its path in `src/`.
    path: String,
    /// Its text without what is compiled for tests only.
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: without_tests(text) }
    }

    /// The module that it belongs to: the first part of its path.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_library(&self) -> bool {
        self.module() != "bin"
    }

    /// The lines of code, comments blanked, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(number, line)| {
            let comment =
                if line.trim_start().starts_with("//") { Some(0) } else { line.find(" // ") };
            (number + 1, &line[..comment.unwrap_or(line.len())])
        })
    }

    fn code_text(&self) -> String {
        self.code().flat_map(|(_, line)| [line, "\n"]).collect()
    }
}

fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&src) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        if path.ends_with(".rs") {
            files.insert(path, read(entry.path()));
        }
    }
    let for_tests: BTreeSet<String> =
        files.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let kept = files.iter().filter(|(path, _)| !for_tests.contains(*path));
    kept.map(|(path, text)| Source::new(path, text)).collect()
}

/// The text without the items that stand under `#[cfg(test)]`; lines stay where they are.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept.push_str(line);
            kept.push('\n');
            continue;
        }
        kept.push('\n');
        let indent = &line[..line.len() - line.trim_start().len()];
        let ends = [format!("{indent}}}"), format!("{indent});")];
        let mut first = true;
        for line in lines.by_ref() {
            kept.push('\n');
            let attribute = line.trim_start().starts_with("#[");
            if ends.iter().any(|end| end == line)
                || (first && !attribute && line.ends_with([';', '}']))
            {
                break;
            }
            first &= attribute;
        }
    }
    kept
}

/// The files of modules that `path` declares under `#[cfg(test)]`.
fn test_files(path: &str, text: &str) -> Vec<String> {
    let folder = match path.rsplit_once('/') {
        _ if path == "lib.rs" => String::new(),
        Some((folder, "mod.rs" | "main.rs")) => format!("{folder}/"),
        _ => format!("{}/", path.trim_end_matches(".rs")),
    };
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]"
            && let Some(name) = lines.next().and_then(|line| line.trim().strip_prefix("mod "))
            && let Some(name) = name.strip_suffix(';')
        {
            found.push(format!("{folder}{name}.rs"));
        }
    }
    found
}

/// Whether `name` occurs in `text` where no longer name holds it.
fn names(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let word = name.starts_with(part);
    text.match_indices(name).any(|(at, _)| {
        let before = word && text[..at].ends_with(part);
        let after = name.ends_with(part) && text[at + name.len()..].starts_with(part);
        !(before || after)
    })
}

/// The first names of every path in `text` that starts with `base`, as in `crate::`.
fn heads(text: &str, base: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(base) {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + base.len()..];
        let group = rest.strip_prefix('{').unwrap_or(rest);
        let (mut depth, mut fresh) = (0, true);
        for (place, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && (c.is_alphabetic() || c == '_') => {
                    let end = |c: char| !(c.is_alphanumeric() || c == '_');
                    let name = &group[place..];
                    found.insert(name[..name.find(end).unwrap_or(name.len())].to_owned());
                    fresh = false;
                }
                _ => {}
            }
            if group.len() == rest.len() && !fresh {
                break;
            }
        }
    }
    found
}

/// What `lib.rs` re-exports: each name with its module.
fn exports(lib: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (at, _) in lib.match_indices("pub use ") {
        let item = &lib[at + "pub use ".len()..];
        let item = item[..item.find(';').unwrap_or(item.len())].replace('\n', " ");
        if let Some((module, names)) = item.split_once("::") {
            for name in names.trim_matches(['{', '}']).split(',') {
                let name = name.rsplit([' ', ':']).find(|name| !name.is_empty());
                found.extend(name.map(|name| (name.to_owned(), module.trim().to_owned())));
            }
        }
    }
    found
}

/// The modules of the crate that a source imports.
fn imports(source: &Source, exports: &BTreeMap<String, String>) -> BTreeSet<String> {
    let code = source.code_text();
    let mut found = heads(&code, "crate::");
    // `super` of a file directly in a module's folder leads to the module, one more leads out.
    let depth = source.path.matches('/').count() + usize::from(!source.path.ends_with("mod.rs"));
    found.extend(heads(&code, &"super::".repeat(depth)).into_iter().filter(|name| name != "super"));
    let module = |name: String| exports.get(&name).cloned().unwrap_or(name);
    found.into_iter().map(module).filter(|name| name != source.module()).collect()
}

/// A row of ARCHITECTURE.md's table of imports: what a module may import, and which crates it may
/// name.
type Row = (BTreeSet<String>, BTreeSet<String>);

fn table(page: &str) -> BTreeMap<String, Row> {
    let quoted = |cell: &str| -> BTreeSet<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let rows = page.lines().skip_while(|line| !line.starts_with("| module | may import |"));
    rows.skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('|').skip(1).collect::<Vec<_>>())
        .map(|cells| (cells[0].trim().replace('`', ""), (quoted(cells[1]), quoted(cells[2]))))
        .collect()
}

/// The crates that Cargo.toml names, as paths name them.
fn dependencies(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    let mut tables: Vec<&toml::Table> = vec![manifest["dependencies"].as_table().unwrap()];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(|target| target.get("dependencies")?.as_table()));
    }
    tables.iter().flat_map(|table| table.keys()).map(|name| name.replace('-', "_")).collect()
}

/// Fails with all of `broken`, one a line.
fn hold(broken: Vec<String>) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence() {
    let opens = |text: &str| {
        let doc = text.lines().map_while(|line| line.strip_prefix("//! "));
        let sentence: Vec<&str> = doc.collect();
        sentence.join(" ").ends_with(['.', ':'])
    };
    assert!(opens("//! A page, as a tree of\n//! elements.\nuse std::fs;"));
    assert!(!opens("//! Pages\n\nuse std::fs; // It reads."));
    assert!(!opens("use std::fs;\n//! A page."));
    let all = sources();
    let broken = all.iter().filter(|source| !opens(&source.text));
    hold(broken.map(|source| format!("src/{} does not say what it is", source.path)).collect());
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let lib = read(&root().join("src/lib.rs"));
    let exports = exports(&lib);
    let sample =
        "use crate::{Error, index::{a, b}};\n// crate::corpus\nuse super::super::query::Q;";
    let sample = Source::new("search/deep/file.rs", sample);
    let known = BTreeMap::from([("Error".to_owned(), "error".to_owned())]);
    assert_eq!(imports(&sample, &known).into_iter().collect::<Vec<_>>(), ["error", "index"]);
    let out = Source::new("search/rank.rs", "use super::super::query::Q;\nuse super::spans::Span;");
    assert_eq!(imports(&out, &known).into_iter().collect::<Vec<_>>(), ["query"]);

    let table = table(&read(&root().join("ARCHITECTURE.md")));
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_library() && source.path != "lib.rs") {
        let Some((allowed, _)) = table.get(source.module()) else {
            broken.push(format!("the table of imports has no module {}", source.module()));
            continue;
        };
        for import in imports(source, &exports) {
            let excepted =
                |(path, to, _): &(&str, &str, &str)| *path == source.path && *to == import;
            if !allowed.contains(&import) && !IMPORTS.iter().any(excepted) {
                broken.push(format!("src/{} imports {import}", source.path));
            }
        }
    }
    hold(broken);
}

#[test]
fn the_table_of_imports_has_no_circle() {
    let circles = |table: &BTreeMap<String, Row>| -> Vec<String> {
        let mut left: BTreeSet<&String> = table.keys().collect();
        while let Some(leaf) =
            left.iter().find(|name| table[**name].0.iter().all(|to| !left.contains(to))).copied()
        {
            left.remove(leaf);
        }
        left.into_iter().cloned().collect()
    };
    let rows = |rows: &[&str]| {
        table(&format!("| module | may import | may name |\n|---|---|---|\n{}", rows.join("\n")))
    };
    assert!(circles(&rows(&["| `a` | | |", "| `b` | `a` | |"])).is_empty());
    assert_eq!(circles(&rows(&["| `a` | `b` | |", "| `b` | `a` | |"])), ["a", "b"]);
    hold(circles(&table(&read(&root().join("ARCHITECTURE.md")))));
}

#[test]
fn modules_name_only_the_crates_that_the_table_allows() {
    let uses = |source: &Source, name: &str| names(&source.code_text(), &format!("{name}::"));
    let sample = Source::new("query/a.rs", "use my_tantivy::X;\nlet serde = 1; // serde::Value\n");
    assert!(!uses(&sample, "tantivy") && !uses(&sample, "serde"));
    assert!(uses(&Source::new("query/a.rs", "let x = tantivy::DocId::MAX;"), "tantivy"));

    let table = table(&read(&root().join("ARCHITECTURE.md")));
    let crates = dependencies(&read(&root().join("Cargo.toml")));
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let row = if source.is_library() { source.module() } else { "bin/polidex" };
        let allowed = table.get(row).map(|(_, crates)| crates).cloned().unwrap_or_default();
        for name in crates.iter().filter(|name| uses(source, name)) {
            if !allowed.contains(name) {
                broken.push(format!("src/{} names {name}", source.path));
            }
        }
    }
    hold(broken);
}

#[test]
fn the_command_line_sees_only_the_crate_root() {
    let deep = |code: &str| {
        heads(code, "polidex::").into_iter().find(|name| name.starts_with(char::is_lowercase))
    };
    assert_eq!(deep("use polidex::{Index, search::Hit};").as_deref(), Some("search"));
    assert_eq!(deep("use polidex::{Index, Hit};\nuse crate::cmd::search;"), None);
    // Functions at the root are lower case too.
    let modules: BTreeSet<String> = sources().iter().map(|s| s.module().to_owned()).collect();
    let all = sources();
    let bin = all.iter().filter(|source| !source.is_library());
    let broken = bin.filter_map(|source| {
        let found = deep(&source.code_text()).filter(|name| modules.contains(name))?;
        Some(format!("src/{} looks into polidex::{found}", source.path))
    });
    hold(broken.collect());
}

#[test]
fn the_library_is_silent_and_never_gives_up() {
    let found = |text: &str| -> Vec<(usize, &'static str)> {
        let source = Source::new("x.rs", text);
        let hits = source.code().flat_map(|(number, line)| {
            let hits = NEVER.iter().filter(move |word| names(line, word));
            hits.map(move |word| (number, *word)).collect::<Vec<_>>()
        });
        hits.collect()
    };
    assert_eq!(found("let a = b.unwrap();"), [(1, "unwrap()")]);
    assert_eq!(found("fn f() {}\nuse std::env;"), [(2, "std::env")]);
    assert_eq!(found("println!(\"a\");"), [(1, "println!(")]);
    let near = "/// a.unwrap()\nlet a = b.unwrap_or_default(); // or .unwrap()\nself.expect(&x);\n\
                pretty_print!(a);\n#[cfg(test)]\nmod tests {\n    fn f() {\n        a.unwrap();\n    }\n}\n";
    assert_eq!(found(near), []);
    assert_eq!(found(&format!("{near}dbg!(a);")), [(11, "dbg!(")]);

    let all = sources();
    let broken = all.iter().filter(|source| source.is_library()).flat_map(|source| {
        let hits = found(&source.text);
        hits.into_iter().map(|(line, word)| format!("src/{}:{line}: {word}", source.path))
    });
    hold(broken.collect());
}

#[test]
fn a_corpus_is_opened_beneath_its_root_alone() {
    let opens = |source: &Source| {
        let code = source.code_text();
        OPENS.iter().copied().find(|call| names(&code, call))
    };
    assert_eq!(opens(&Source::new("corpus/a.rs", "let a = fs::read(path)?;")), Some("fs::read("));
    assert_eq!(opens(&Source::new("corpus/a.rs", "self.fs_read(path); // File::open(")), None);

    let all = sources();
    let in_corpus = all.iter().filter(|source| {
        source.module() == "corpus" && !OPENERS.iter().any(|(path, _)| *path == source.path)
    });
    let broken = in_corpus.filter_map(|source| Some((source, opens(source)?)));
    hold(broken.map(|(source, call)| format!("src/{} calls {call}", source.path)).collect());
}

#[test]
fn no_public_signature_names_the_engine() {
    let found = |text: &str| -> Vec<String> {
        let source = Source::new("x.rs", text);
        let code = source.code_text();
        let mut engine = heads(&code, "tantivy::");
        for (at, _) in code.match_indices("use tantivy::") {
            let item = code[at..].split(';').next().unwrap_or_default();
            let names = item.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            engine.extend(names.filter(|n| n.starts_with(char::is_uppercase)).map(str::to_owned));
        }
        // Names that the crate has of its own, and imports from the engine under another.
        engine.retain(|name| !["Index", "Result", "Field", "Term"].contains(&&**name));
        engine.insert("tantivy".to_owned());
        let starts = code.match_indices("pub ").filter(|(at, _)| {
            code[..*at].rsplit('\n').next().is_some_and(|before| before.trim().is_empty())
        });
        let signatures = starts.map(|(at, _)| {
            let field = code[at..].lines().next().unwrap_or_default();
            if field.ends_with(',') {
                return field;
            }
            code[at..].split([';', '{']).next().unwrap_or_default()
        });
        let broken =
            signatures.filter(|signature| engine.iter().any(|name| names(signature, name)));
        broken.map(|signature| signature.trim().to_owned()).collect()
    };
    assert_eq!(
        found("pub fn f(\n    a: tantivy::DocId,\n) {}"),
        ["pub fn f(\n    a: tantivy::DocId,\n)"]
    );
    assert_eq!(
        found("use tantivy::{DocId, TERMINATED};\npub fn f(a: DocId) {}"),
        ["pub fn f(a: DocId)"]
    );
    assert!(
        found(
            "use tantivy::DocId;\npub(crate) fn f(a: DocId) {}\npub fn g() {\n    h::<DocId>()\n}"
        )
        .is_empty()
    );

    let all = sources();
    let broken = all.iter().flat_map(|source| {
        found(&source.text).into_iter().map(|line| format!("src/{}: {line}", source.path))
    });
    hold(broken.collect());
}

#[test]
fn no_file_is_longer_than_can_be_read() {
    let length = |text: &str| without_tests(text).trim_end().lines().count();
    assert_eq!(
        length(&format!("fn f() {{}}\n\n#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(900))),
        1
    );
    assert_eq!(length("a\n#[cfg(test)]\nmod tests;\nb\n"), 4);
    let mut broken = Vec::new();
    for source in sources() {
        let excepted = LONG.iter().any(|(path, _)| *path == source.path);
        if length(&source.text) > LONGEST && !excepted {
            broken.push(format!("src/{} has {} lines", source.path, length(&source.text)));
        }
    }
    hold(broken);
}

#[test]
fn links_to_files_lead_somewhere() {
    let links = |page: &str| -> Vec<String> {
        let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let files = targets.map(|to| to.split('#').next().unwrap_or_default());
        files.filter(|to| !to.is_empty() && !to.contains("://")).map(str::to_owned).collect()
    };
    let page = "[a](https://example.org/a) [b](#b) [c](src/none.rs#d) (not a link)";
    assert_eq!(links(page), ["src/none.rs"]);
    let mut broken = Vec::new();
    let docs = std::fs::read_dir(root().join("docs")).into_iter().flatten();
    let docs = docs.filter_map(|entry| Some(entry.ok()?.path()));
    let pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "corpus/README.md"];
    for page in pages.map(|page| root().join(page)).into_iter().chain(docs) {
        let folder = page.parent().unwrap();
        let Ok(text) = std::fs::read_to_string(&page) else { continue };
        for link in links(&text).iter().filter(|link| !folder.join(link).exists()) {
            broken.push(format!("{} links to {link}", page.display()));
        }
    }
    hold(broken);
}
