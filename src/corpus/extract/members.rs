//! Files that hold several articles, or other files: mailboxes, feeds, tables, archives.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::{Draft, Extracted, Finished, Lines, Unreadable, finish, size_words};
use crate::Article;
use crate::corpus::fields::FieldNames;

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
    /// What the corpus calls the fields of its records.
    fields: Arc<FieldNames>,
    /// How deep the file lies in others.
    depth: u32,
    /// The bytes and the members that may still come.
    bytes: u64,
    members: u64,
}

impl Within {
    /// For a file of the corpus itself.
    pub(super) fn new(fields: Arc<FieldNames>) -> Within {
        Within { fields, depth: 0, bytes: MAX_TOTAL, members: MAX_MEMBERS }
    }

    /// What the corpus calls the fields of its records.
    pub(super) fn fields(&self) -> &FieldNames {
        &self.fields
    }

    /// Counts the bytes that a packed file within another has when it is unpacked.
    pub(super) fn claim_unpacked(&mut self, bytes: u64) -> Result<(), Unreadable> {
        if self.depth == 0 {
            return Ok(());
        }
        self.claim_bytes(bytes).map_err(Unreadable::new)
    }

    fn claim_bytes(&mut self, bytes: u64) -> Result<(), String> {
        let Some(left) = self.bytes.checked_sub(bytes) else {
            self.bytes = 0;
            let most = size_words(MAX_TOTAL);
            return Err(format!("the files within this one have more than {most} together"));
        };
        self.bytes = left;
        Ok(())
    }

    fn claim(&mut self, bytes: u64) -> Result<(), String> {
        if self.depth >= MAX_DEPTH {
            return Err(format!("lies deeper than {MAX_DEPTH} files within each other"));
        }
        let Some(members) = self.members.checked_sub(1) else {
            return Err(format!("there are more than {MAX_MEMBERS} files within this one"));
        };
        self.members = members;
        self.claim_bytes(bytes)
    }
}

/// Where a reader of a file that holds several articles or files hands them over.
pub(super) struct Members<'a> {
    path: &'a str,
    /// The file's name, without the ending that says how it is packed.
    name: &'a str,
    /// The bytes that one member may have.
    max: u64,
    within: &'a mut Within,
    seen: Seen,
    articles: u64,
    broken: Broken,
    /// The files of formats that are not read: the first of each format, and how many follow it.
    unread: BTreeMap<&'static str, (String, u64)>,
    emit: &'a mut dyn FnMut(Article),
}

impl<'a> Members<'a> {
    pub(super) fn new(
        path: &'a str,
        name: &'a str,
        max: u64,
        within: &'a mut Within,
        emit: &'a mut dyn FnMut(Article),
    ) -> Members<'a> {
        Members {
            path,
            name,
            max,
            within,
            seen: Seen::default(),
            articles: 0,
            broken: Broken::default(),
            unread: BTreeMap::new(),
            emit,
        }
    }

    /// What the corpus calls the fields of its records.
    pub(super) fn fields(&self) -> Arc<FieldNames> {
        Arc::clone(&self.within.fields)
    }

    /// Hands over the article that is the file itself, files within it aside.
    ///
    /// # Errors
    ///
    /// If the draft has no text.
    pub(super) fn whole(&mut self, draft: Draft) -> Result<(), &'static str> {
        let finished = finish(self.path, self.name, draft, Lines::Inner).ok_or(NO_TEXT)?;
        self.hand_over(finished, "");
        Ok(())
    }

    /// Hands over an article of its own, as `path#id`, and gives the id; a second one of the same
    /// id gets a number.
    ///
    /// # Errors
    ///
    /// If the draft has no text.
    pub(super) fn article(&mut self, id: &str, mut draft: Draft) -> Result<String, &'static str> {
        let id = name(id);
        let known = self.seen.name(id.clone());
        if known != id {
            draft.notes.push(format!("an earlier article of this file has the id {id} too"));
        }
        let path = format!("{}#{known}", self.path);
        let finished = finish(&path, &known, draft, Lines::Inner).ok_or(NO_TEXT)?;
        self.hand_over(finished, &format!("{known}: "));
        Ok(known)
    }

    fn hand_over(&mut self, finished: Finished, place: &str) {
        if let Some(cut) = finished.cut {
            self.broken(format!("{place}{cut}"));
        }
        self.articles += 1;
        (self.emit)(finished.article);
    }

    /// Reads a file that lies within, by its own format, as `path/name`. What of it cannot be read
    /// is listed as broken.
    pub(super) fn file(&mut self, name: &str, bytes: &[u8]) {
        let shown = self.seen.name(member_path(name));
        self.read(&format!("{}/{shown}", self.path), shown, bytes);
    }

    /// Reads a file that belongs to the article `id`, as `path#id/name`.
    #[cfg_attr(not(feature = "mail"), allow(dead_code))]
    pub(super) fn attached(&mut self, id: &str, name: &str, bytes: &[u8]) {
        let shown = self.seen.name(format!("{id}/{}", member_path(name)));
        self.read(&format!("{}#{shown}", self.path), shown, bytes);
    }

    fn read(&mut self, path: &str, shown: String, bytes: &[u8]) {
        if let Some(format) = super::unread_format(path, bytes) {
            self.spend(bytes.len() as u64);
            let entry = self.unread.entry(format).or_insert((shown, 0));
            entry.1 += 1;
            return;
        }
        if let Err(reason) = self.within.claim(bytes.len() as u64) {
            return self.broken(format!("{shown}: {reason}"));
        }
        self.within.depth += 1;
        let result = super::read_within(path, bytes, self.max, self.within, self.emit);
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

    /// Counts bytes that were unpacked and are not handed over.
    pub(super) fn spend(&mut self, bytes: u64) {
        self.within.bytes = self.within.bytes.saturating_sub(bytes);
    }

    /// The bytes that one member may have.
    pub(super) fn max(&self) -> u64 {
        self.max
    }

    /// The bytes that all further members may have together.
    #[cfg(feature = "archives")]
    pub(super) fn left(&self) -> u64 {
        self.within.bytes
    }

    /// Why no further member can be read, if none can.
    #[cfg(feature = "archives")]
    pub(super) fn exhausted(&self) -> Option<String> {
        let within = &self.within;
        if within.depth >= MAX_DEPTH {
            Some(format!("lies deeper than {MAX_DEPTH} files within each other"))
        } else if within.members == 0 {
            Some(format!("holds more than {MAX_MEMBERS} files"))
        } else if within.bytes == 0 {
            Some(format!("holds files of more than {} together", size_words(MAX_TOTAL)))
        } else {
            None
        }
    }

    /// What was read of the file, whose reader ended with `result`.
    pub(super) fn end(
        mut self,
        result: Result<(), Unreadable>,
        format: &'static str,
    ) -> Result<Extracted, Unreadable> {
        match result {
            Err(unreadable) if self.articles == 0 && self.broken.is_empty() => {
                return Err(unreadable);
            }
            Err(unreadable) => self.broken.push(unreadable.reason),
            Ok(()) => {}
        }
        // A folder of forty logos is one line.
        for (format, (first, count)) in std::mem::take(&mut self.unread) {
            let files = match count {
                1 => first,
                n => format!("{first} and {} more", n - 1),
            };
            self.broken.push(format!("{files}: {format} is not read by this version"));
        }
        self.broken.finish(format, self.articles)
    }
}

/// What is said of an article without a word.
const NO_TEXT: &str = "holds no text";

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
    fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

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

#[cfg(test)]
mod tests;
