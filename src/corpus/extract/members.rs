//! Files that hold several articles, or other files: mailboxes, feeds, tables, archives.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::{Draft, Extracted, Lines, Unreadable, finish, size_words};
use crate::Article;

/// The broken parts of one file that are named.
const MAX_BROKEN: usize = 100;

/// How deep files may lie within files.
pub(crate) const MAX_DEPTH: u32 = 4;

/// The bytes that all files within one file may have together.
pub(crate) const MAX_TOTAL: u64 = 1 << 30;

/// The members of one file.
pub(crate) const MAX_MEMBERS: u64 = 100_000;

/// What is shared by all that lies within one file of the corpus.
#[derive(Debug)]
pub(super) struct Within {
    /// How deep the file lies in others.
    depth: u32,
    /// The bytes and the members that may still come.
    bytes: u64,
    members: u64,
}

impl Within {
    /// For a file of the corpus itself.
    pub(super) fn new() -> Within {
        Within { depth: 0, bytes: MAX_TOTAL, members: MAX_MEMBERS }
    }
}

/// Where a reader of a file that holds several articles or files hands them over.
pub(super) struct Members<'a> {
    path: &'a str,
    /// The bytes that one member may have.
    max: u64,
    within: &'a mut Within,
    seen: Seen,
    articles: u64,
    broken: Broken,
    emit: &'a mut dyn FnMut(Article),
}

impl<'a> Members<'a> {
    pub(super) fn new(
        path: &'a str,
        max: u64,
        within: &'a mut Within,
        emit: &'a mut dyn FnMut(Article),
    ) -> Members<'a> {
        let (seen, broken) = (Seen::default(), Broken::default());
        Members { path, max, within, seen, articles: 0, broken, emit }
    }

    #[expect(dead_code)]
    /// Hands over an article of its own, as `path#id`; a second one of the same id gets a number.
    pub(super) fn article(&mut self, id: &str, draft: Draft) {
        let known = self.seen.name(name(id));
        let path = format!("{}#{known}", self.path);
        match finish(&path, &known, draft, Lines::Inner) {
            Some(article) => {
                self.articles += 1;
                (self.emit)(article);
            }
            None => self.broken(format!("{known}: holds no text")),
        }
    }

    #[expect(dead_code)]
    /// Reads a file that lies within, by its own format, as `path/name`. What of it cannot be read
    /// is listed as broken.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) {
        let shown = self.seen.name(member_path(name));
        if let Err(reason) = self.claim(bytes.len() as u64) {
            return self.broken(format!("{shown}: {reason}"));
        }
        let path = format!("{}/{shown}", self.path);
        self.within.depth += 1;
        let result = super::read_within(&path, bytes, self.max, self.within, self.emit);
        self.within.depth -= 1;
        match result {
            Ok(extracted) => {
                self.articles += extracted.articles;
                for part in extracted.broken {
                    self.broken(format!("{shown}: {part}"));
                }
            }
            Err(unreadable) => self.broken(format!("{shown}: {unreadable}")),
        }
    }

    /// Lists a part that could not be read: its place, a colon, the reason.
    pub(super) fn broken(&mut self, part: String) {
        self.broken.push(part);
    }

    /// Whether no article was handed over.
    pub(super) fn is_empty(&self) -> bool {
        self.articles == 0
    }

    /// The bytes that one member may have.
    #[expect(dead_code)]
    pub(super) fn max(&self) -> u64 {
        self.max.min(self.within.bytes)
    }

    pub(super) fn finish(self, format: &'static str) -> Result<Extracted, Unreadable> {
        self.broken.finish(format, self.articles)
    }

    fn claim(&mut self, bytes: u64) -> Result<(), String> {
        if self.within.depth >= MAX_DEPTH {
            return Err(format!("lies deeper than {MAX_DEPTH} files within each other"));
        }
        let Some(members) = self.within.members.checked_sub(1) else {
            return Err(format!("there are more than {MAX_MEMBERS} files within this one"));
        };
        let Some(left) = self.within.bytes.checked_sub(bytes) else {
            let most = size_words(MAX_TOTAL);
            return Err(format!("the files within this one have more than {most} together"));
        };
        (self.within.members, self.within.bytes) = (members, left);
        Ok(())
    }
}

/// A member's name as the end of a path: forward slashes, no empty or dotted parts, no control
/// characters.
fn member_path(name: &str) -> String {
    let name = self::name(&name.replace('\\', "/"));
    let parts: Vec<&str> =
        name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.is_empty() { "unnamed".to_owned() } else { parts.join("/") }
}

/// The parts of a file that could not be read, named up to a limit.
#[derive(Default)]
pub(super) struct Broken {
    named: Vec<String>,
    beyond: u64,
}

impl Broken {
    pub(super) fn push(&mut self, part: String) {
        if self.named.len() < MAX_BROKEN {
            self.named.push(part);
        } else {
            self.beyond += 1;
        }
    }

    /// What was read of a file that gave so many articles.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if it gave none.
    pub(super) fn finish(
        mut self,
        format: &'static str,
        articles: u64,
    ) -> Result<Extracted, Unreadable> {
        if self.beyond > 0 {
            self.named.push(format!("and {} more", self.beyond));
        }
        if articles == 0 {
            let reason = self.named.first().map_or("holds no text", String::as_str);
            return Err(Unreadable::new(format!("holds no article: {reason}")));
        }
        Ok(Extracted { format, articles, broken: self.named })
    }
}

/// An id as part of a path: without control characters and white space at its ends.
pub(super) fn name(id: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    id.chars().map(printable).take(512).collect::<String>().trim().to_owned()
}

/// The names given so far, by their hashes. If two hashes fall together, which is as good as
/// impossible, a name gets a number that it did not need.
#[derive(Default)]
pub(super) struct Seen {
    state: RandomState,
    hashes: HashSet<u64>,
}

impl Seen {
    /// `id`, or if that name is taken `id~2`, `id~3`, ….
    pub(super) fn name(&mut self, id: String) -> String {
        if self.hashes.insert(self.state.hash_one(&id)) {
            return id;
        }
        // The count of a name that is taken again and again is found by doubling, then halving,
        // so that a million records of one id take no million tries each.
        let taken = |n: u64| self.hashes.contains(&self.state.hash_one(format!("{id}~{n}")));
        let mut free: u64 = 2;
        while taken(free) {
            free *= 2;
        }
        let mut last = free / 2;
        while free - last > 1 {
            let middle = last + (free - last) / 2;
            if taken(middle) {
                last = middle;
            } else {
                free = middle;
            }
        }
        let name = format!("{id}~{free}");
        self.hashes.insert(self.state.hash_one(&name));
        name
    }
}
