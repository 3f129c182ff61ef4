//! An index in the place of another: built beside it, exchanged for it, and the other removed, so that
//! at any moment there is a whole one.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::report::{UpdateOptions, UpdateReport};
use super::update::{ask, known_files};
use super::{Index, Place, ROOT_FILE, integrity, lock, sweep, trust, verified};
use crate::corpus::Corpus;
use crate::{Error, Result};

impl Index {
    /// Builds the index in the folder `dir` anew from its corpus, whatever state it is in; makes one
    /// where there is none. The old one stays as it is until the new one is whole.
    ///
    /// Errors: [`Error::Option`] where the folder holds anything that is not an index's;
    /// [`Error::Vanished`] where most of the files of the old index are gone, [`Error::Corpus`] where
    /// that cannot be told and the corpus gives no article, unless [`UpdateOptions::delete_vanished`];
    /// those of [`Index::update`].
    pub fn rebuild(
        dir: impl AsRef<Path>,
        corpus: &Corpus,
        options: &UpdateOptions,
    ) -> Result<UpdateReport> {
        let dir = dir.as_ref();
        corpus.keeps_out(dir)?;
        if !Index::exists(dir) {
            return Index::create(dir)?.update(corpus, options);
        }
        let dir = dir.canonicalize().map_err(|error| Error::io(dir, error))?;
        nothing_foreign(&dir)?;
        let old = Index { place: Place::Disk(dir.clone()) };
        let _lock = old.lock()?;
        let known = old.known();
        let (new, mut report) = build_beside(&dir, |new| {
            let index = Index::create(new)?;
            let report = index.update(corpus, options)?;
            match known {
                _ if options.delete_vanished => {}
                Some((files, _)) => {
                    let left = index.known().map_or(0, |(files, _)| files);
                    ask(corpus, files.saturating_sub(left), files)?;
                }
                None if report.articles > 0 => {}
                None => {
                    let reason = "it gives no article; the index stays as it is".to_owned();
                    return Err(Error::Corpus { path: corpus.root().to_path_buf(), reason });
                }
            }
            Ok(report)
        })?;
        if let Some((_, given @ 1..)) = known {
            report.warnings.push(format!(
                "{given} articles that a program had given to the index are no longer in it"
            ));
        }
        exchange(&dir, &new)?;
        delete(&new)?;
        Ok(report)
    }

    /// Deletes the index in the folder `dir`, and the folder. Nothing is deleted where there is no
    /// index, or anything else.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::Option`] where the folder holds other files,
    /// [`Error::Untrusted`], [`Error::Locked`], [`Error::Io`].
    pub fn remove(dir: impl AsRef<Path>) -> Result<()> {
        let dir = dir.as_ref();
        if !Index::exists(dir) {
            return Err(Error::NoIndex { path: dir.to_path_buf() });
        }
        nothing_foreign(dir)?;
        trust::may_write(dir)?;
        let _lock = lock::acquire(dir)?;
        delete(dir)
    }

    /// How many files the index knows, and how many of its articles came from none; nothing where it
    /// cannot be read.
    fn known(&self) -> Option<(usize, u64)> {
        let (files, given) = known_files(&self.snapshot().ok()?).ok()?;
        Some((files.len(), given))
    }
}

/// What the folder of an index is called that is being built to take the place of another.
const REBUILD: &str = "polidex-rebuild";

/// Builds an index beside the one in `dir`, of which the caller holds the lock, so that nothing of an
/// earlier attempt is left there; gives where it is, and what `build` gives.
pub(super) fn build_beside<T>(
    dir: &Path,
    build: impl FnOnce(&Path) -> Result<T>,
) -> Result<(PathBuf, T)> {
    let new = beside(dir, REBUILD);
    match build(&new) {
        Ok(built) => Ok((new, built)),
        Err(error) => {
            sweep_beside(dir);
            Err(error)
        }
    }
}

/// Removes what an attempt that failed or was killed has left beside the index; only for whoever holds the
/// lock.
pub(super) fn sweep_beside(dir: &Path) {
    let left = beside(dir, REBUILD);
    // What cannot be removed does no harm but to stay.
    let is_folder = fs::symlink_metadata(&left).is_ok_and(|metadata| metadata.is_dir());
    if is_folder && matches!(Names::of(&left), Ok(names) if names.foreign().is_none()) {
        let _ = delete(&left);
    }
}

/// Deletes the folder of an index in which nothing is foreign.
fn delete(dir: &Path) -> Result<()> {
    // Behind an exchange the next writer may be sweeping the same folder.
    let gone = |path: &Path, result: io::Result<()>| match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    };
    for entry in fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
        let path = entry.map_err(|error| Error::io(dir, error))?.path();
        gone(&path, fs::remove_file(&path))?;
    }
    gone(dir, fs::remove_dir(dir))
}

/// Fails where the folder `dir` holds anything that no index has, or only a file that is called like
/// its root file.
fn nothing_foreign(dir: &Path) -> Result<()> {
    let names = Names::of(dir)?;
    let root = || fs::read(dir.join(ROOT_FILE)).unwrap_or_default();
    let has_root = || Index { place: Place::Disk(dir.to_path_buf()) }.payload_of(&root()).is_ok();
    let foreign = match names.foreign() {
        None if names.are_of_an_index() || has_root() => return Ok(()),
        None => ROOT_FILE,
        Some(name) => name,
    };
    Err(Error::Option {
        option: "index",
        reason: format!(
            "{} holds other files ({foreign}), and nothing of it is deleted; take them out, or give \
             another folder",
            dir.display()
        ),
    })
}

/// What stands in a folder.
struct Names {
    files: Vec<String>,
    /// Something that is no file.
    other: Option<String>,
}

impl Names {
    fn of(dir: &Path) -> Result<Names> {
        let mut names = Names { files: Vec::new(), other: None };
        for entry in fs::read_dir(dir).map_err(|error| Error::io(dir, error))? {
            let entry = entry.map_err(|error| Error::io(dir, error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.file_type() {
                Ok(kind) if kind.is_file() => names.files.push(name),
                _ => names.other = Some(name),
            }
        }
        Ok(names)
    }

    /// Whether there are files that only an index has.
    fn are_of_an_index(&self) -> bool {
        self.files.iter().any(|name| integrity::is_manifest(name) || segment_of(name).is_some())
    }

    /// Something that no index has.
    fn foreign(&self) -> Option<&str> {
        let segments: Vec<&str> = self.files.iter().filter_map(|name| segment_of(name)).collect();
        let belongs = |name: &String| {
            COMMON.contains(&&**name)
                || name.starts_with(sweep::TEMPORARY)
                || name.starts_with(".tantivy-")
                || integrity::is_manifest(name)
                || segment_of(name).is_some()
                || name.strip_suffix(".txt").is_some_and(|stem| segments.contains(&stem))
        };
        let file = self.files.iter().find(|name| !belongs(name));
        self.other.as_ref().or(file).map(String::as_str)
    }
}

/// The files of an index that others may have, too.
const COMMON: [&str; 5] =
    [ROOT_FILE, ".managed.json", lock::FILE_NAME, verified::FILE_NAME, verified::NEW_NAME];

/// What the names of the files of a segment end with; texts end with `.txt`, as do those of anybody.
const OF_SEGMENTS: [&str; 9] =
    ["art", "del", "fast", "fieldnorm", "frm", "idx", "pos", "store", "term"];

/// The segment that a file is of, by its name, if none but a segment's is called so.
fn segment_of(name: &str) -> Option<&str> {
    let (stem, rest) = name.split_at_checked(32)?;
    let extension = rest.rsplit('.').next()?;
    let is_segment = stem.bytes().all(|byte| byte.is_ascii_hexdigit()) && rest.starts_with('.');
    (is_segment && OF_SEGMENTS.contains(&extension)).then_some(stem)
}

/// The path of something beside the index, which is called as the index is and `what`.
pub(super) fn beside(dir: &Path, what: &str) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{what}"));
    dir.with_file_name(name)
}

/// Exchanges the folders of two indexes, at once where the system can.
pub(super) fn exchange(dir: &Path, other: &Path) -> Result<()> {
    if !exchanged(dir, other)? {
        let third = beside(dir, "exchanged");
        for (from, to) in [(dir, &*third), (other, dir), (&*third, other)] {
            fs::rename(from, to).map_err(|error| Error::io(from, error))?;
        }
    }
    sync_parent(dir)
}

/// Whether the system could do it.
#[cfg(target_os = "linux")]
fn exchanged(dir: &Path, other: &Path) -> Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, dir, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(Error::io(dir, error.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchanged(_dir: &Path, _other: &Path) -> Result<bool> {
    Ok(false)
}

/// Makes the new names last.
fn sync_parent(dir: &Path) -> Result<()> {
    #[cfg(unix)]
    if let Some(parent) = dir.parent() {
        let synced = fs::File::open(parent).and_then(|parent| parent.sync_all());
        synced.map_err(|error| Error::io(parent, error))?;
    }
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}
