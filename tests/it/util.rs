//! What the tests share: a place of their own on disk, and the binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that goes away with the test, with a corpus in it and room for indexes.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        let desk = Desk { dir: tempfile::tempdir().unwrap() };
        std::fs::create_dir(desk.corpus()).unwrap();
        desk
    }

    /// A desk with these files in its corpus.
    pub(crate) fn with(files: &[(&str, &str)]) -> Desk {
        let desk = Desk::new();
        files.iter().for_each(|(path, text)| desk.write(path, text));
        desk
    }

    pub(crate) fn corpus(&self) -> PathBuf {
        self.dir.path().join("corpus")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.corpus().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn delete(&self, path: &str) {
        std::fs::remove_file(self.corpus().join(path)).unwrap();
    }

    /// The binary, ready to run on this desk.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(crate::binary());
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HOME", self.path("home"))
            .env_remove("POLIDEX_INDEX")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR");
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// Searches the corpus of this desk.
    pub(crate) fn search(&self, query: &str, more: &[&str]) -> Run {
        self.run(&[&["search", "--in", "corpus", query], more].concat())
    }

    /// The paths that a query finds, after the index has been brought up to date.
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        let run = self.search(query, &["-l", "--update"]);
        assert!(run.code != 2, "{}", run.err);
        let mut paths: Vec<String> = run.out.lines().map(str::to_owned).collect();
        paths.sort();
        paths
    }
}

/// How the binary ended and what it said.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Run {
        Run {
            // A signal has no code.
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output as JSON, a value a line.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The project's own folder.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A searcher over these articles.
#[allow(dead_code)] // the test programme, which shares this file, has none
pub(crate) fn searcher(articles: impl IntoIterator<Item = polidex::Article>) -> polidex::Searcher {
    let index = polidex::Index::in_memory().unwrap();
    index.add(articles).unwrap();
    index.searcher().unwrap()
}
