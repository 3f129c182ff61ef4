//! Bringing an index up to date: what has changed is read, the rest is left alone, and one commit
//! makes it so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};

use super::document;
use super::record::Role;
use super::replace::sweep_beside;
use super::report::{Phase, UpdateOptions, UpdateReport};
use super::session::Session;
use super::snapshot::Snapshot;
use super::status::problem;
use super::sweep::sweep;
use super::verified::Verified;
use super::work::{self, Observer, Task, stat};
use super::{Index, Place, lock, trust};
use crate::analysis::Stems;
use crate::article::Article;
use crate::corpus::{Corpus, Entry, ahead};
use crate::{Error, Result};

/// So many files may go at once without a question.
const FEW_FILES: usize = 20;

/// What the index knows of a file.
#[derive(Default)]
pub(super) struct Known {
    role: Option<Role>,
    articles: u64,
}

impl Index {
    /// Brings the index up to date with a corpus: reads what is new or has changed, forgets what
    /// is gone, and commits once. Where nothing has changed nothing is written. A file that cannot
    /// be read is no error: it is in the report, and tried again when it changes.
    ///
    /// Errors: [`Error::Locked`], [`Error::DiskFull`], [`Error::Cancelled`], [`Error::Vanished`],
    /// [`Error::Untrusted`], [`Error::Option`] where the index was made from another folder, and those of
    /// [`Index::open`]. After an error the index is at its last commit.
    pub fn update(&self, corpus: &Corpus, options: &UpdateOptions) -> Result<UpdateReport> {
        let start = Instant::now();
        self.location().map_or(Ok(()), |dir| corpus.keeps_out(dir))?;
        let _lock = self.lock()?;
        let snapshot = self.snapshot()?;
        let mut payload = snapshot.payload.clone();
        match &payload.corpus {
            Some(other) if other != corpus.root() => {
                return Err(Error::Option {
                    option: "index",
                    reason: format!(
                        "it was made from {}; give each folder an index of its own",
                        other.display()
                    ),
                });
            }
            _ => payload.corpus = Some(corpus.root().to_path_buf()),
        }
        // What a record gives depends on what the corpus calls its fields.
        let same_fields = payload.fields == **corpus.fields();
        let same_options = payload.options == *corpus.options() && same_fields;
        payload.options = corpus.options().clone();
        payload.fields = (**corpus.fields()).clone();
        let observer = Observer::new(options);
        observer.report(Phase::Walking);
        let entries = ahead(corpus);
        let (mut known, given) = known_files(&snapshot)?;
        let files_before = known.len();
        let mut verified = Verified::load(self.location());
        let warnings = if options.allow_network_fs { Vec::new() } else { self.warnings() };
        let mut report = UpdateReport { warnings, ..UpdateReport::default() };

        let (mut tasks, mut known_bytes) = (Vec::new(), 0);
        let (mut skipped, mut unread_folders) = (Vec::new(), FxHashSet::default());
        let mut new_sizes = Vec::new();
        let mut unreadable = 0;
        for entry in entries {
            match entry {
                Entry::File(entry) => {
                    let before = known.remove(&entry.path);
                    if before.is_none() {
                        new_sizes.push(entry.size);
                    }
                    let before = before.unwrap_or_default();
                    let facts = before.role.as_ref().and_then(Role::file);
                    known_bytes += facts.map_or(0, |facts| facts.stat.size);
                    let stat = stat(&entry);
                    let problem = before.role.as_ref().and_then(|role| problem(&entry.path, role));
                    let again = problem
                        .as_ref()
                        .is_some_and(|problem| options.isolation.may_do_better(&problem.reason));
                    if let Some(facts) = facts
                        && same_fields
                        && !again
                        && (facts.stat == stat || verified.holds(&entry.path, &facts.hash, stat))
                    {
                        report.unchanged += before.articles;
                        report.problems.extend(problem);
                        continue;
                    }
                    let known = facts.filter(|_| same_fields && !again).cloned();
                    let articles_before = before.articles;
                    tasks.push(Task { entry, known, problem, articles_before });
                }
                Entry::Skipped { path, reason, unread } => {
                    let role = Role::Skipped(reason);
                    report.problems.extend(problem(&path, &role));
                    let before = known.remove(&path).unwrap_or_default();
                    report.removed += before.articles;
                    if unread {
                        unreadable += usize::from(before.articles > 0);
                        unread_folders.insert(path.clone());
                    }
                    if before.role.as_ref() != Some(&role) {
                        skipped.push((path, role));
                    }
                }
            }
        }
        report.profile.walk = start.elapsed();
        // What is in a folder that cannot be read is not known to be gone.
        known.retain(|path, known| {
            let kept = folders_of(path).any(|folder| unread_folders.contains(folder));
            if kept {
                report.unchanged += known.articles;
                report.problems.extend(known.role.as_ref().and_then(|role| problem(path, role)));
            }
            !kept
        });
        let vanished = unmoved(&known, &new_sizes) + unreadable;
        let ask = |vanished| match options.delete_vanished {
            true => Ok(()),
            false => ask(corpus, vanished, files_before),
        };
        ask(vanished)?;
        report.removed += known.values().map(|gone| gone.articles).sum::<u64>();
        let gone: Vec<String> = known.into_keys().collect();
        if tasks.is_empty() && skipped.is_empty() && gone.is_empty() && same_options {
            report.generation = payload.generation;
            report.articles = given + report.unchanged;
            return Ok(finish(report, start));
        }

        observer.expect(&tasks);
        let new_bytes = tasks.iter().map(|task| task.entry.size).sum();
        let needed = self.room_for(new_bytes, known_bytes)?;
        drop(snapshot);
        let mut session = Session::open(self, options, Some(needed))?;
        for path in gone.iter().chain(skipped.iter().map(|(path, _)| path)) {
            session.forget(path);
            verified.forget(path);
        }
        for (path, role) in skipped {
            session.add(document::of_file(&session.fields, &path, role)?)?;
        }
        let panicked = || Error::Damaged {
            path: self.shown_place(),
            detail: "reading ended in a panic".into(),
        };
        let outcome = work::run(corpus, &observer, &session, tasks, panicked)?;
        ask(vanished + outcome.unreadable)?;
        report.added += outcome.added;
        report.changed += outcome.changed;
        report.removed += outcome.removed;
        report.unchanged += outcome.unchanged;
        report.problems.extend(outcome.problems);
        report.bytes_read = observer.bytes_done();
        report.profile.add(&outcome.profile);
        for (path, hash, stat) in outcome.verified {
            verified.insert(path, hash, stat);
        }
        observer.report(Phase::Writing);
        if session.wrote() || !same_options {
            payload.generation += 1;
            let mut languages: BTreeSet<String> = payload.languages.drain(..).collect();
            languages.extend(outcome.languages);
            payload.given = given;
            payload.languages = languages.into_iter().collect();
            let start = Instant::now();
            session.commit(&payload)?;
            report.profile.commit = start.elapsed();
            report.committed = true;
        }
        verified.save(self.location())?;
        report.generation = payload.generation;
        report.articles = given + report.added + report.changed + report.unchanged;
        Ok(finish(report, start))
    }

    /// Adds articles that a program has; one with the path of another replaces it. One commit
    /// covers them all.
    ///
    /// Errors: those of [`Index::update`].
    pub fn add(&self, articles: impl IntoIterator<Item = Article>) -> Result<UpdateReport> {
        let start = Instant::now();
        let _lock = self.lock()?;
        let snapshot = self.snapshot()?;
        let mut payload = snapshot.payload.clone();
        let mut report = UpdateReport::default();
        let known = articles_of(&snapshot)?;
        let before = known.len() as u64;
        drop(snapshot);
        let mut given: BTreeSet<&str> = given_of(&known).collect();
        let mut session = Session::open(self, &UpdateOptions::default(), None)?;
        let mut languages: BTreeSet<String> = payload.languages.drain(..).collect();
        let mut stems = Stems::new();
        let mut seen = BTreeSet::new();
        for mut article in articles {
            crate::corpus::extract::complete(&mut article);
            if seen.insert(article.path.clone()) {
                let counter = if known.contains_key(&article.path) {
                    &mut report.changed
                } else {
                    &mut report.added
                };
                *counter += 1;
            }
            session.forget(&article.path);
            let document = document::of_article(
                &session.fields,
                &article,
                &article.path,
                Role::Given,
                &mut stems,
            )?;
            languages.insert(document.language.code().to_owned());
            session.add(document)?;
        }
        payload.languages = languages.into_iter().collect();
        if session.wrote() {
            given.extend(seen.iter().map(String::as_str));
            payload.given = given.len() as u64;
            payload.generation += 1;
            session.commit(&payload)?;
            report.committed = true;
        }
        report.unchanged = before - report.changed;
        report.generation = payload.generation;
        report.articles = before + report.added;
        Ok(finish(report, start))
    }

    /// Removes the articles with these paths; a path that no article has is passed over.
    ///
    /// Errors: those of [`Index::update`].
    pub fn delete<P: AsRef<str>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<UpdateReport> {
        let start = Instant::now();
        let _lock = self.lock()?;
        let snapshot = self.snapshot()?;
        let mut payload = snapshot.payload.clone();
        let known = articles_of(&snapshot)?;
        let before = known.len() as u64;
        drop(snapshot);
        let mut report = UpdateReport::default();
        let gone: BTreeSet<String> = paths
            .into_iter()
            .map(|path| path.as_ref().to_owned())
            .filter(|path| known.contains_key(path))
            .collect();
        if !gone.is_empty() {
            let mut session = Session::open(self, &UpdateOptions::default(), None)?;
            gone.iter().for_each(|path| session.forget_article(path));
            payload.given = given_of(&known).filter(|path| !gone.contains(*path)).count() as u64;
            payload.generation += 1;
            session.commit(&payload)?;
            report.committed = true;
        }
        report.removed = gone.len() as u64;
        report.unchanged = before - report.removed;
        report.generation = payload.generation;
        report.articles = report.unchanged;
        Ok(finish(report, start))
    }

    /// What endangers the index where it lies.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warning = self.network_file_system().map(|name| {
            format!(
                "the index lies on a network file system ({name}): files there may change under a \
                 reader, and locks may not hold; a local disk is safer"
            )
        });
        warning.into_iter().collect()
    }

    pub(super) fn lock(&self) -> Result<lock::Lock<'_>> {
        match &self.place {
            Place::Disk(dir) => {
                trust::may_write(dir)?;
                let lock = lock::acquire(dir)?;
                sweep(dir);
                sweep_beside(dir);
                Ok(lock)
            }
            Place::Memory(_, lock) => Ok(lock.acquire()),
        }
    }
}

fn finish(mut report: UpdateReport, start: Instant) -> UpdateReport {
    report.problems.sort();
    let count = |kind| report.problems.iter().filter(|problem| problem.kind == kind).count() as u64;
    report.skipped = count(super::ProblemKind::Skipped);
    report.failed = count(super::ProblemKind::Failed);
    report.elapsed = start.elapsed();
    report
}

/// Fails where so many of the files that were known are gone that they are not taken out unasked.
pub(super) fn ask(corpus: &Corpus, gone: usize, files: usize) -> Result<()> {
    if gone <= FEW_FILES || gone * 2 <= files {
        return Ok(());
    }
    let (path, gone, files) = (corpus.root().to_path_buf(), gone as u64, files as u64);
    Err(Error::Vanished { path, gone, files })
}

/// The folders that a path lies in, outermost first; the corpus itself has no name.
fn folders_of(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    std::iter::once(0).chain(ends).filter_map(|end| path.get(..end))
}

/// How many of the files that are gone have not been moved: those that are new may be the same where
/// they have the same size.
fn unmoved(gone: &FxHashMap<String, Known>, new_sizes: &[u64]) -> usize {
    let mut sizes: FxHashMap<u64, usize> = FxHashMap::default();
    for size in new_sizes {
        *sizes.entry(*size).or_default() += 1;
    }
    let size = |known: &Known| known.role.as_ref().and_then(Role::file).map(|file| file.stat.size);
    let mut moved = |known: &&Known| {
        let left = size(known).and_then(|size| sizes.get_mut(&size)).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    };
    gone.values().filter(|known| !moved(known)).count()
}

/// The files that the index knows, and the number of articles that came from no file.
pub(super) fn known_files(snapshot: &Snapshot) -> Result<(FxHashMap<String, Known>, u64)> {
    let mut files: FxHashMap<String, Known> = FxHashMap::default();
    let mut given = 0;
    for document in snapshot.heads() {
        let (_, _, head) = document?;
        if let Some(file) = head.container() {
            files.entry(file.to_owned()).or_default().articles += 1;
            continue;
        }
        match head.role {
            Role::Given => given += 1,
            role => {
                let known = files.entry(head.path).or_default();
                known.articles += u64::from(role.is_article());
                known.role = Some(role);
            }
        }
    }
    Ok((files, given))
}

/// The articles by path, and whether each was given by a program.
fn articles_of(snapshot: &Snapshot) -> Result<BTreeMap<String, bool>> {
    let mut paths = BTreeMap::new();
    for document in snapshot.heads() {
        let (_, _, head) = document?;
        if head.role.is_article() {
            paths.insert(head.path, matches!(head.role, Role::Given));
        }
    }
    Ok(paths)
}

/// The paths of those that were given.
fn given_of(articles: &BTreeMap<String, bool>) -> impl Iterator<Item = &str> {
    articles.iter().filter(|(_, given)| **given).map(|(path, _)| path.as_str())
}
