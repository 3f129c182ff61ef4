//! Stand-in for the index and its searcher, until the real ones replace it: signatures and sample
//! answers, nothing behind them.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::{Article, Block, BlockKind, Corpus, Date, Error, Hit, Language, Passage, Query};
use crate::{Result, SearchResults};

#[derive(Debug, Clone)]
pub struct CorpusOptions {
    pub ignore_files: bool,
    pub hidden: bool,
    pub max_file_size: u64,
}
impl Default for CorpusOptions {
    fn default() -> Self {
        CorpusOptions { ignore_files: true, hidden: false, max_file_size: 64 << 20 }
    }
}
impl Corpus {
    pub fn open(path: impl AsRef<Path>) -> Result<Corpus> {
        let path = path.as_ref();
        let root = path.canonicalize().map_err(|e| Error::io(path, e))?;
        Ok(Corpus { root })
    }
    pub fn with_options(self, _: CorpusOptions) -> Corpus {
        self
    }
    pub fn root(&self) -> &Path {
        &self.root
    }
}
#[derive(Debug, Clone, Default)]
pub struct CancelToken;
#[derive(Clone)]
pub struct UpdateOptions {
    pub memory: usize,
    pub threads: usize,
    pub progress: Option<Arc<dyn Fn(&Progress) + Send + Sync>>,
    pub cancel: Option<CancelToken>,
}
impl Default for UpdateOptions {
    fn default() -> Self {
        UpdateOptions { memory: 256 << 20, threads: 0, progress: None, cancel: None }
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Walking,
    Reading,
    Writing,
}
#[derive(Debug, Clone)]
pub struct Progress {
    pub phase: Phase,
    pub files_done: u64,
    pub files_total: u64,
    pub bytes_done: u64,
    pub bytes_total: u64,
}
#[derive(Debug, Clone, Default)]
pub struct UpdateReport {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub removed: u64,
    pub skipped: u64,
    pub failed: u64,
    pub articles: u64,
    pub bytes_read: u64,
    pub elapsed: Duration,
    pub generation: u64,
    pub committed: bool,
    pub problems: Vec<Problem>,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: String,
    pub kind: ProblemKind,
    pub reason: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    Skipped,
    Failed,
    Partial,
}
#[derive(Debug, Clone, Default)]
pub struct Status {
    pub corpus: Option<PathBuf>,
    pub location: Option<PathBuf>,
    pub articles: u64,
    pub files: u64,
    pub text_bytes: u64,
    pub index_bytes: u64,
    pub segments: u64,
    pub generation: u64,
    pub languages: Vec<(String, u64)>,
    pub kinds: Vec<(String, u64)>,
    pub formats: Vec<(String, u64)>,
    pub years: Vec<(String, u64)>,
    pub problems: Vec<Problem>,
}
#[derive(Debug, Clone, Default)]
pub struct CheckReport {
    pub files: u64,
    pub bytes: u64,
    pub articles: u64,
    pub damage: Vec<String>,
}
#[derive(Debug, Clone)]
pub struct StoredArticle {
    pub article: Article,
    pub hash: String,
    pub file_hash: Option<String>,
    pub format: String,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Relevance,
    Newest,
    Oldest,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    #[default]
    All,
    Any,
    Most,
}
#[derive(Debug, Clone)]
pub struct SearchOptions {
    pub limit: usize,
    pub offset: usize,
    pub passages: usize,
    pub passage_chars: usize,
    pub sort: Sort,
    pub matching: Matching,
    pub today: Date,
    pub count_only: bool,
}
impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            limit: 10,
            offset: 0,
            passages: 3,
            passage_chars: 240,
            sort: Sort::Relevance,
            matching: Matching::All,
            today: Date::today(),
            count_only: false,
        }
    }
}
#[derive(Debug)]
pub struct Index {
    dir: PathBuf,
}
#[derive(Debug, Clone)]
pub struct Searcher;

impl Index {
    pub fn open(dir: impl AsRef<Path>) -> Result<Index> {
        let dir = dir.as_ref().to_path_buf();
        if Index::exists(&dir) { Ok(Index { dir }) } else { Err(Error::NoIndex { path: dir }) }
    }
    pub fn create(dir: impl AsRef<Path>) -> Result<Index> {
        let dir = dir.as_ref().to_path_buf();
        std::fs::create_dir_all(&dir).map_err(|e| Error::io(&dir, e))?;
        Ok(Index { dir })
    }
    pub fn exists(dir: impl AsRef<Path>) -> bool {
        dir.as_ref().join("corpus").exists()
    }
    pub fn in_memory() -> Result<Index> {
        Ok(Index { dir: PathBuf::new() })
    }
    pub fn update(&self, corpus: &Corpus, options: &UpdateOptions) -> Result<UpdateReport> {
        let root = corpus.root().to_string_lossy().into_owned();
        std::fs::write(self.dir.join("corpus"), root).map_err(|e| Error::io(&self.dir, e))?;
        if let Some(progress) = &options.progress {
            for i in 0..=20u64 {
                let (files_done, bytes_done) = (i * 3, i * 40_000);
                progress(&Progress {
                    phase: Phase::Reading,
                    files_done,
                    files_total: 60,
                    bytes_done,
                    bytes_total: 800_000,
                });
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(UpdateReport {
            added: 64,
            skipped: 1,
            articles: 64,
            bytes_read: 800_000,
            elapsed: Duration::from_millis(300),
            generation: 1,
            committed: true,
            problems: vec![Problem {
                path: "a\u{1b}[31m.bin".into(),
                kind: ProblemKind::Skipped,
                reason: "no text in it".into(),
            }],
            ..UpdateReport::default()
        })
    }
    pub fn searcher(&self) -> Result<Searcher> {
        Ok(Searcher)
    }
    pub fn status(&self) -> Result<Status> {
        let corpus = std::fs::read_to_string(self.dir.join("corpus")).ok().map(PathBuf::from);
        Ok(Status {
            corpus,
            location: Some(self.dir.clone()),
            articles: 64,
            files: 60,
            text_bytes: 800_000,
            index_bytes: 1_234_567,
            segments: 1,
            generation: 4,
            languages: vec![("en".into(), 40), ("fr".into(), 24)],
            kinds: vec![("law".into(), 10)],
            formats: vec![("markdown".into(), 64)],
            years: vec![("2025".into(), 60), ("".into(), 4)],
            problems: vec![],
        })
    }
    pub fn check(&self) -> Result<CheckReport> {
        Ok(CheckReport { files: 9, bytes: 1_234_567, articles: 64, damage: vec![] })
    }
    pub fn remove(dir: impl AsRef<Path>) -> Result<()> {
        let dir = dir.as_ref();
        std::fs::remove_dir_all(dir).map_err(|e| Error::io(dir, e))
    }
}
impl Searcher {
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<SearchResults> {
        let hit = |rank: u64| Hit {
            rank,
            score: 7.312_345,
            path: format!("eu/ai-act-{rank}.md"),
            title: "Digital sovereignty: what Europe means by it, and what it does not".into(),
            date: Date::new(2024, Some(8), Some(1)),
            language: Language::ENGLISH,
            source: Some("Euractiv".into()),
            url: None,
            authors: vec![],
            kind: None,
            jurisdiction: None,
            tags: vec![],
            hash: format!("blake3:{}", "0".repeat(64)),
            file_hash: None,
            matches: 3,
            passages: vec![Passage {
                text: "The Commission says that digital sovereignty is not protectionism. For \
                       the European Parliament, however, 主権 means 技術主権 and more than that: \
                       the ability to choose one's dependencies and to leave them again."
                    .into(),
                highlights: vec![25..44],
                start: 1840,
                end: 2060,
                line: Some(12),
                page: None,
                section: vec!["Background".into(), "Aims".into()],
            }],
        };
        let found = !format!("{:?}", query.root).contains("nothing");
        let shown = if found && !options.count_only { options.limit.min(12) as u64 } else { 0 };
        Ok(SearchResults {
            query: format!("{:?}", query.root),
            notes: query.notes.clone(),
            suggestions: if found { vec![] } else { vec!["some thing's".into()] },
            hits: (1..=shown).map(hit).collect(),
            articles: if found { 12 } else { 0 },
            matches: if found { 31 } else { 0 },
            fallback: false,
            generation: 4,
            elapsed: Duration::from_micros(1_900),
        })
    }
    pub fn article(&self, path: &str) -> Result<StoredArticle> {
        if path != "a.md" {
            let similar = vec!["a.md".to_owned()];
            return Err(Error::UnknownArticle { path: path.to_owned(), similar });
        }
        let blocks = vec![
            Block::new(BlockKind::Heading(1), "Gaia-X").at_line(1),
            Block::new(BlockKind::Paragraph, "Digital sovereignty is the aim.").at_line(3),
        ];
        Ok(StoredArticle {
            article: Article::new(path, blocks),
            hash: format!("blake3:{}", "0".repeat(64)),
            file_hash: None,
            format: "markdown".into(),
        })
    }
    pub fn generation(&self) -> u64 {
        4
    }
}

pub fn index_name(root: &Path) -> String {
    let name = root.file_name().map_or("root".into(), |name| name.to_string_lossy());
    let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
    format!("{name}-{}", &hash[..16])
}
