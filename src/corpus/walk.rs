//! A walk through the folder: which files it holds, in an order that is always the same.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::{self, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use super::extract::{file_limit, is_streamed, size_words};
use super::{CorpusOptions, open};

/// The size that a file which is never held in memory as a whole may have, whatever the limit for
/// the others.
pub(crate) const MAX_STREAM: u64 = 1 << 30;

/// The bytes of a `.gitignore` that are read.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// What a walk meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A file to read.
    File(FileEntry),
    /// Something that belongs to the corpus and cannot be read.
    Skipped {
        /// Its path, as in [`FileEntry::path`]; empty for the corpus itself.
        path: String,
        /// Why not, in words for a person.
        reason: String,
        /// Whether the system would not let it be looked at, and so nobody knows what is there: if it is
        /// a folder, what was known of it may be there still.
        unread: bool,
    },
}

/// A file of the corpus, as the file system describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// The path relative to the corpus, with `/` between its parts. A byte that is not UTF-8 is
    /// written `\xFF`, and backslashes before an `x` are doubled, so that no two files have one
    /// path.
    pub path: String,
    /// The path to open.
    pub full: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last modified, in nanoseconds after 1 January 1970; 0 where that is not known.
    pub modified: i64,
    /// When its content, name or rights last changed (`ctime`, which no program can set), in
    /// nanoseconds after 1 January 1970; 0 where the system does not keep that.
    pub changed: i64,
    /// Its number in the file system; 0 where there is none.
    pub inode: u64,
}

/// Why something in the folder is no part of the corpus.
#[derive(Debug, Clone, Copy)]
enum LeftOut {
    Always,
    Hidden,
    Ignored,
}

impl LeftOut {
    fn reason(self) -> &'static str {
        match self {
            LeftOut::Always => "which is never read",
            LeftOut::Hidden => "which is hidden (--hidden reads it)",
            LeftOut::Ignored => "which an ignore file names (--no-ignore reads it)",
        }
    }
}

/// A walk through a corpus, see [`Corpus::walk`](super::Corpus::walk).
#[derive(Debug)]
pub struct Walk {
    root: PathBuf,
    options: CorpusOptions,
    inner: walkdir::IntoIter,
    /// The rules of the folders that the walk is in, outermost first, with their depths.
    rules: Vec<(usize, Gitignore)>,
    left_out: u64,
}

impl Walk {
    pub(super) fn new(root: &Path, options: &CorpusOptions) -> Walk {
        let mut rules = Vec::new();
        if options.ignore_files
            && let Some(own) = ignore_rules(root, root)
        {
            rules.push((0, own));
        }
        Walk {
            root: root.to_path_buf(),
            options: options.clone(),
            inner: WalkDir::new(root).min_depth(1).sort_by(by_path).into_iter(),
            rules,
            left_out: 0,
        }
    }

    /// How many files and folders were left out so far because they are hidden, or named by a
    /// `.gitignore` or `.polidexignore`; a folder counts once.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    fn skipped(&self, path: &Path, reason: impl Into<String>) -> Entry {
        Entry::Skipped { path: self.shown(path), reason: reason.into(), unread: false }
    }

    fn unread(&self, path: &Path, error: Option<&io::Error>) -> Entry {
        let reason = match error {
            Some(error) => format!("cannot be read: {error}"),
            None => "cannot be read".to_owned(),
        };
        Entry::Skipped { path: self.shown(path), reason, unread: true }
    }

    /// A path of the walk as [`FileEntry::path`] has it.
    fn shown(&self, path: &Path) -> String {
        printable(path.strip_prefix(&self.root).unwrap_or(path))
    }

    /// Why what lies at `path` is left out, if it is, by `rules`, those of the outermost folder first.
    fn left_out_by<'r>(
        &self,
        path: &Path,
        is_dir: bool,
        rules: impl DoubleEndedIterator<Item = &'r Gitignore>,
    ) -> Option<LeftOut> {
        let name = last_name(path).as_encoded_bytes();
        if matches!(
            name,
            b".git" | b"node_modules" | b".gitignore" | b".polidexignore" | b".polidex.toml"
        ) {
            return Some(LeftOut::Always);
        }
        if name.first() == Some(&b'.') && !self.options.hidden {
            return Some(LeftOut::Hidden);
        }
        for rules in rules.rev() {
            match rules.matched(path, is_dir) {
                Match::Ignore(_) => return Some(LeftOut::Ignored),
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        None
    }

    /// Why a walk does not come to `target`, a path in the corpus without links; none if it does.
    fn keeps_from(&self, target: &Path) -> Option<LeftOut> {
        let within = target.strip_prefix(&self.root).ok()?;
        let (mut place, mut rules) = (self.root.clone(), Vec::new());
        within.components().find_map(|name| {
            if self.options.ignore_files {
                rules.extend(ignore_rules(&self.root, &place));
            }
            place.push(name);
            self.left_out_by(&place, place != target || target.is_dir(), rules.iter())
        })
    }

    fn visit(&mut self, entry: DirEntry) -> Option<Entry> {
        while self.rules.last().is_some_and(|(depth, _)| *depth >= entry.depth()) {
            self.rules.pop();
        }
        let kind = entry.file_type();
        let rules = self.rules.iter().map(|(_, rules)| rules);
        if self.left_out_by(entry.path(), kind.is_dir(), rules).is_some() {
            self.left_out += 1;
            if kind.is_dir() {
                self.inner.skip_current_dir();
            }
            return None;
        }
        if kind.is_dir() {
            if self.options.ignore_files
                && let Some(rules) = ignore_rules(&self.root, entry.path())
            {
                self.rules.push((entry.depth(), rules));
            }
            return None;
        }
        if kind.is_symlink() {
            return self.link(entry.path());
        }
        if !kind.is_file() {
            return Some(self.skipped(entry.path(), special(kind)));
        }
        Some(match entry.metadata() {
            Ok(metadata) => self.file(entry, &metadata),
            Err(error) => self.unread(entry.path(), error.io_error()),
        })
    }

    fn file(&self, entry: DirEntry, metadata: &fs::Metadata) -> Entry {
        let size = metadata.len();
        let path = self.shown(entry.path());
        let limit = match is_streamed(&path) {
            true => self.options.max_file_size.max(MAX_STREAM),
            false => self.options.max_file_size,
        };
        if size > limit {
            let reason = format!(
                "is too large: {}, and the limit is {}",
                size_words(size),
                file_limit(limit)
            );
            return Entry::Skipped { path, reason, unread: false };
        }
        let (modified, changed, inode) = (modified(metadata), changed(metadata), inode(metadata));
        Entry::File(FileEntry { path, full: entry.into_path(), size, modified, changed, inode })
    }

    /// What there is to say of a symbolic link: nothing, if the walk meets its target where that lies.
    fn link(&self, path: &Path) -> Option<Entry> {
        let reason = match path.canonicalize() {
            Ok(target) if target.starts_with(&self.root) => {
                let why = self.keeps_from(&target)?.reason();
                let target = self.shown(&target);
                format!("is a symbolic link to {target}, {why}; put a copy in its place")
            }
            Ok(_) => "is a symbolic link that leads outside the folder".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                "is a symbolic link to nothing".to_owned()
            }
            Err(error) if is_loop(&error) => "is a symbolic link that leads to itself".to_owned(),
            Err(error) => format!("is a symbolic link that cannot be followed: {error}"),
        };
        Some(self.skipped(path, reason))
    }
}

impl Iterator for Walk {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            match self.inner.next()? {
                Ok(entry) => {
                    if let Some(entry) = self.visit(entry) {
                        return Some(entry);
                    }
                }
                Err(error) => {
                    let path = error.path().unwrap_or(&self.root).to_path_buf();
                    return Some(self.unread(&path, error.io_error()));
                }
            }
        }
    }
}

/// Orders the entries of one folder so that the walk meets whole paths in ascending order: a
/// folder stands where its name with a `/` does, so `a.md` comes before `a/b.md`.
fn by_path(a: &DirEntry, b: &DirEntry) -> Ordering {
    let order = |left: &[u8], right: &[u8]| {
        let common = left.len().min(right.len());
        let ((left, left_rest), (right, right_rest)) =
            (left.split_at(common), right.split_at(common));
        let rest = |rest: &[u8], entry: &DirEntry| {
            let end = entry.file_type().is_dir().then_some(b'/');
            rest.first().copied().or(end)
        };
        // The names differ, so that of what is left one is empty, and the first byte of it decides.
        left.cmp(right).then_with(|| rest(left_rest, a).cmp(&rest(right_rest, b)))
    };
    let (left, right) = (last_name(a.path()), last_name(b.path()));
    match (plain(left), plain(right)) {
        (Some(left), Some(right)) => order(left.as_bytes(), right.as_bytes()),
        _ => order(escaped(left).as_bytes(), escaped(right).as_bytes()),
    }
}

/// The last name of a path of the walk, which has no separator at its end.
fn last_name(path: &Path) -> &OsStr {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let path = path.as_os_str().as_bytes();
        let start = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        OsStr::from_bytes(path.get(start..).unwrap_or_default())
    }
    #[cfg(not(unix))]
    path.file_name().unwrap_or_default()
}

/// A name, or a path, that is text as it stands; see [`FileEntry::path`].
fn plain(name: &OsStr) -> Option<&str> {
    name.to_str().filter(|name| !name.contains('\\'))
}

/// The rules of the ignore files in `folder`; those of `.polidexignore` decide over `.gitignore`.
fn ignore_rules(root: &Path, folder: &Path) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    let mut any = false;
    for name in [".gitignore", ".polidexignore"] {
        let Ok(file) = open::open_beneath(root, &folder.join(name)) else { continue };
        let mut bytes = Vec::new();
        if file.take(MAX_IGNORE_FILE).read_to_end(&mut bytes).is_err() {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
            // Like git, a line that is no pattern is passed over.
            any |= builder.add_line(None, line).is_ok();
        }
    }
    any.then(|| builder.build().ok()).flatten()
}

/// A path as text that no other path has; see [`FileEntry::path`].
fn printable(relative: &Path) -> String {
    // On other systems separators are backslashes, and so nothing is plain but a name.
    if let Some(path) = plain(relative.as_os_str()) {
        return path.to_owned();
    }
    let mut text = String::new();
    for part in relative.components() {
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(&escaped(part.as_os_str()));
    }
    text
}

/// A file name as text. Of a run of backslashes, all are doubled before an `x` or a byte that is
/// not UTF-8, and all but the last elsewhere; so an odd number of them before an `x` always means
/// a byte.
fn escaped(name: &OsStr) -> Cow<'_, str> {
    if let Some(name) = plain(name) {
        return Cow::Borrowed(name);
    }
    let mut text = String::new();
    let mut backslashes = 0;
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\\' {
                backslashes += 1;
                continue;
            }
            push_backslashes(&mut text, backslashes, c == 'x');
            backslashes = 0;
            text.push(c);
        }
        for byte in chunk.invalid() {
            push_backslashes(&mut text, backslashes, true);
            backslashes = 0;
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    push_backslashes(&mut text, backslashes, false);
    Cow::Owned(text)
}

fn push_backslashes(text: &mut String, count: usize, before_x: bool) {
    let written = if before_x { 2 * count } else { (2 * count).saturating_sub(1) };
    text.extend(std::iter::repeat_n('\\', written));
}

fn is_loop(error: &io::Error) -> bool {
    // ErrorKind::FilesystemLoop is not stable.
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    return false;
}

fn special(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "is a named pipe, not a file";
        }
        if kind.is_socket() {
            return "is a socket, not a file";
        }
    }
    let _ = kind;
    "is a device, not a file"
}

fn modified(metadata: &fs::Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
    }
}

#[cfg(unix)]
fn changed(metadata: &fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &fs::Metadata) -> i64 {
    0
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Corpus, Error};

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn with(files: &[(&str, &str)]) -> Folder {
            let folder = Folder(tempfile::tempdir().unwrap());
            for (path, text) in files {
                let full = folder.0.path().join(path);
                fs::create_dir_all(full.parent().unwrap()).unwrap();
                fs::write(full, text).unwrap();
            }
            folder
        }

        fn corpus(&self) -> Corpus {
            Corpus::open(self.0.path()).unwrap()
        }

        fn files(&self) -> Vec<String> {
            let files = self.corpus().walk().filter_map(|entry| match entry {
                Entry::File(file) => Some(file.path),
                Entry::Skipped { .. } => None,
            });
            files.collect()
        }

        fn skipped(&self) -> Vec<(String, String)> {
            let skipped = self.corpus().walk().filter_map(|entry| match entry {
                Entry::Skipped { path, reason, .. } => Some((path, reason)),
                Entry::File(_) => None,
            });
            skipped.collect()
        }
    }

    #[test]
    fn whole_paths_come_in_order_of_their_bytes() {
        let folder = Folder::with(&[("a/b.md", ""), ("a.md", ""), ("a-b.md", ""), ("B.md", "")]);
        assert_eq!(folder.files(), ["B.md", "a-b.md", "a.md", "a/b.md"]);
    }

    #[test]
    fn ignore_files_are_nested_and_polidexignore_decides() {
        let folder = Folder::with(&[
            (".gitignore", "*.log\n/build/\ndrafts/*\n!drafts/keep.md\n"),
            ("a.log", ""),
            ("build/x.md", ""),
            ("sub/build/x.md", ""),
            ("sub/.gitignore", "!kept.log\n"),
            ("sub/kept.log", ""),
            ("sub/other.log", ""),
            ("drafts/keep.md", ""),
            ("drafts/drop.md", ""),
            ("other/kept.log", ""),
            (".polidexignore", "!a.log\nnotes.md\n"),
            ("notes.md", ""),
            (".hidden/x.md", ""),
            ("node_modules/x.md", ""),
        ]);
        assert_eq!(folder.files(), ["a.log", "drafts/keep.md", "sub/build/x.md", "sub/kept.log"]);
        let mut walk = folder.corpus().walk();
        assert_eq!(walk.by_ref().count(), 4);
        // Three hidden names, node_modules, build, drop, other and notes, two logs.
        assert_eq!(walk.left_out(), 10);

        let all = CorpusOptions { ignore_files: false, hidden: true, ..CorpusOptions::default() };
        let all: Vec<_> = folder.corpus().with_options(all).walk().collect();
        assert_eq!(all.len(), 10);
    }

    #[test]
    fn a_file_over_the_limit_is_named_with_both_sizes() {
        let folder = Folder::with(&[("big.txt", "0123456789"), ("fits.txt", "01234567")]);
        let options = CorpusOptions { max_file_size: 8, ..CorpusOptions::default() };
        let entries: Vec<_> = folder.corpus().with_options(options).walk().collect();
        let Entry::Skipped { path, reason, unread: false } = &entries[0] else { panic!() };
        assert_eq!(path, "big.txt");
        assert!(reason.contains("10 bytes") && reason.contains("8 bytes"), "{reason}");
        assert!(matches!(&entries[1], Entry::File(file) if file.size == 8 && file.modified > 0));
    }

    #[test]
    fn what_is_no_folder_is_no_corpus() {
        let folder = Folder::with(&[("a.md", "")]);
        for path in ["a.md", "missing", "a.md/x"] {
            let error = Corpus::open(folder.0.path().join(path)).unwrap_err();
            assert!(matches!(error, Error::Corpus { .. }), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_told_from_their_targets() {
        use std::os::unix::fs::symlink;
        let outside = Folder::with(&[("secret.md", "secret")]);
        let folder = Folder::with(&[("a/x.md", "")]);
        let at = |name: &str| folder.0.path().join(name);
        symlink(outside.0.path(), at("out")).unwrap();
        symlink("a", at("inside")).unwrap();
        symlink(".", at("a/up")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        symlink("loop", at("loop")).unwrap();
        assert_eq!(folder.files(), ["a/x.md"]);
        let skipped = folder.skipped();
        let paths: Vec<_> = skipped.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["broken", "loop", "out"]);
        assert!(skipped[0].1.contains("nothing"));
        assert!(skipped[1].1.contains("itself"));
        assert!(skipped[2].1.contains("outside"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_what_is_left_out_is_reported_with_the_reason() {
        use std::os::unix::fs::symlink;
        let folder = Folder::with(&[
            (".git/objects/1f", "x"),
            (".store/b.md", "x"),
            ("drafts/.gitignore", "*.md\n!kept.md\n"),
            ("drafts/c.md", ""),
            ("drafts/kept.md", ""),
        ]);
        let link = |to: &str, name: &str| symlink(to, folder.0.path().join(name)).unwrap();
        link(".git/objects/1f", "a.md");
        link(".store/b.md", "b.md");
        link("drafts/c.md", "c.md");
        link("drafts/kept.md", "d.md");
        link(".store", "e");
        link("c.md", "f.md");
        link("drafts", "g");
        link(".", "h");
        assert_eq!(folder.files(), ["drafts/kept.md"]);
        let told = |skipped: Vec<(String, String)>| -> Vec<String> {
            skipped.iter().map(|(path, reason)| format!("{path} {reason}")).collect()
        };
        assert_eq!(
            told(folder.skipped()),
            [
                ("a.md", ".git/objects/1f, which is never read"),
                ("b.md", ".store/b.md, which is hidden (--hidden reads it)"),
                ("c.md", "drafts/c.md, which an ignore file names (--no-ignore reads it)"),
                ("e", ".store, which is hidden (--hidden reads it)"),
                ("f.md", "drafts/c.md, which an ignore file names (--no-ignore reads it)"),
            ]
            .map(|(path, why)| format!(
                "{path} is a symbolic link to {why}; put a copy in its place"
            ))
        );
        let all = CorpusOptions { ignore_files: false, hidden: true, ..CorpusOptions::default() };
        let entries: Vec<_> = folder.corpus().with_options(all).walk().collect();
        let skipped = |entry: &&Entry| matches!(entry, Entry::Skipped { .. });
        assert_eq!(entries.iter().filter(skipped).count(), 1, "{entries:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_reported_and_nothing_hangs_on_it() {
        let folder = Folder::with(&[]);
        let pipe = folder.0.path().join("pipe.md");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert_eq!(folder.skipped().len(), 1);
        let root = folder.corpus().root().to_path_buf();
        assert!(open::open_beneath(&root, &root.join("pipe.md")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_opened_through_a_link() {
        use std::os::unix::fs::symlink;
        let outside = Folder::with(&[("secret.md", "secret")]);
        let folder = Folder::with(&[("a/x.md", "x")]);
        let root = folder.corpus().root().to_path_buf();
        symlink(outside.0.path(), root.join("b")).unwrap();
        symlink(outside.0.path().join("secret.md"), root.join("c.md")).unwrap();
        assert!(open::open_beneath(&root, &root.join("a/x.md")).is_ok());
        assert!(open::open_beneath(&root, &root.join("b/secret.md")).is_err());
        assert!(open::open_beneath(&root, &root.join("c.md")).is_err());
        assert!(open::open_beneath(&root, &root.join("a/../../x")).is_err());
        assert!(open::open_beneath(&root, Path::new("/etc/hostname")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let names: [&[u8]; 9] = [
            b"a\xFF",
            b"a\\xFF",
            b"a\\\\xFF",
            b"a\\\xFF",
            b"a\\",
            b"a\\\\",
            b"a\\y",
            b"x\xC3",
            b"\xC3\xA9",
        ];
        let texts: Vec<_> = names.iter().map(|n| escaped(OsStr::from_bytes(n))).collect();
        assert_eq!(texts[0], "a\\xFF");
        assert_eq!(texts[1], "a\\\\xFF");
        assert_eq!(texts[8], "é");
        let unique: std::collections::BTreeSet<_> = texts.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
