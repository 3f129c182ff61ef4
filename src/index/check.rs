//! Checking an index: quickly wherever it is opened, in full where that is asked for.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::Directory;

use super::directory::{GuardedDirectory, Trouble};
use super::integrity::{self, Manifest};
use super::report::CheckReport;
use super::verified::{self, Verified};
use super::{Index, MOST_ATTEMPTS, Place, ROOT_FILE, lock};
use crate::{Error, Result};

/// The engine's list of its own files.
const MANAGED_FILE: &str = ".managed.json";

/// Files that mean nothing but by the locks on them.
const LOCK_FILES: [&str; 3] = [lock::FILE_NAME, ".tantivy-writer.lock", ".tantivy-meta.lock"];

impl Index {
    /// Holds the index against the manifest of its last commit as far as that needs no reading of
    /// its other files: the root file byte for byte, the sizes of all others.
    pub(super) fn quick_check(
        &self,
        directory: &GuardedDirectory,
        root: &[u8],
    ) -> Result<Manifest> {
        self.regular(&integrity::name_of(root))?;
        let manifest = Manifest::read(directory, root).map_err(|words| self.damaged(words))?;
        for (name, seal) in &manifest.files {
            let unread = |error| self.damaged(format!("{name}: {error}"));
            let size = self.size_of(Path::new(name)).map_err(unread)?;
            if size != seal.size {
                let words = format!("{name}: it has {size} bytes, and {} were written", seal.size);
                return Err(self.damaged(words));
            }
        }
        Ok(manifest)
    }

    /// Reads the whole index and says what of it is not as it was written.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::IndexVersion`], [`Error::Io`]; damage is in the report.
    pub fn check(&self) -> Result<CheckReport> {
        let mut attempts = 0;
        loop {
            let root = match self.root() {
                Err(Error::Damaged { detail, .. }) => {
                    return Ok(CheckReport { damage: vec![detail], ..CheckReport::default() });
                }
                root => root?.unwrap_or_default(),
            };
            let report = self.check_commit(&root)?;
            attempts += 1;
            // A commit meanwhile takes away files of the one before.
            if report.damage.is_empty() || attempts == MOST_ATTEMPTS || self.holds(&root) {
                return Ok(report);
            }
        }
    }

    /// Whether the index is still at the commit that has this root file.
    pub(super) fn holds(&self, root: &[u8]) -> bool {
        self.root().is_ok_and(|now| now.unwrap_or_default() == root)
    }

    fn check_commit(&self, root: &[u8]) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        // A damaged file can make the engine panic; that it does is what was to be found out.
        let checked = catch_unwind(AssertUnwindSafe(|| self.check_all(root, &mut report)));
        match checked.unwrap_or_else(|_| Err(self.damaged("a file's structure does not hold"))) {
            Ok(()) => {}
            Err(Error::Damaged { detail, .. }) => report.damage.push(detail),
            Err(error @ Error::Io { .. }) => report.damage.push(error.to_string()),
            Err(error) => return Err(error),
        }
        Ok(report)
    }

    fn check_all(&self, root: &[u8], report: &mut CheckReport) -> Result<()> {
        if root.is_empty() {
            return Ok(());
        }
        self.payload_of(root)?;
        let directory = self.directory(Trouble::default())?;
        let manifest = Manifest::read(&directory, root).map_err(|words| self.damaged(words))?;
        for (name, seal) in &manifest.files {
            report.files += 1;
            match self.hash_of(name) {
                Ok((size, hash)) => {
                    report.bytes += size;
                    if hash != seal.hash {
                        report.damage.push(format!("{name}: it is not as it was written"));
                    }
                }
                Err(error) => report.damage.push(format!("{name}: {error}")),
            }
        }
        report.damage.extend(list_of_files(&directory, &manifest));
        if !Verified::is_sound(self.location()) {
            report.damage.push(format!("{}: it is not as it was written", verified::FILE_NAME));
        }
        report.extra = self.extra(root, &manifest);
        if !report.damage.is_empty() {
            return Ok(());
        }
        self.check_articles(root, &manifest, report)
    }

    /// Reads back every article, and holds its text against its hash.
    fn check_articles(
        &self,
        root: &[u8],
        manifest: &Manifest,
        report: &mut CheckReport,
    ) -> Result<()> {
        let (engine, _) = self.engine_or_new(self.directory(Trouble::default())?, None)?;
        let segments = engine.searchable_segment_metas().map_err(|error| self.error(error))?;
        for path in segments.iter().flat_map(|segment| files_of(&engine, segment)) {
            if !manifest.files.contains_key(&*path.to_string_lossy()) {
                report.damage.push(format!("{}: the manifest does not have it", path.display()));
            }
        }
        let snapshot = self.snapshot_of(Some(root))?;
        for document in snapshot.heads() {
            let (segment, doc, head) = document?;
            if !head.role.is_article() {
                continue;
            }
            report.articles += 1;
            let text = segment.articles.whole_text(doc);
            let facts = segment.articles.facts(doc);
            match (text, facts) {
                (Some(text), Some(facts))
                    if *blake3::hash(text.as_bytes()).as_bytes() == facts.hash => {}
                (Some(_), Some(_)) => {
                    report.damage.push(format!("{}: its text has another hash", head.path))
                }
                _ => report.damage.push(format!("{}: its text cannot be read", head.path)),
            }
        }
        Ok(())
    }

    /// Files in the folder that are not of the index, by name.
    fn extra(&self, root: &[u8], manifest: &Manifest) -> Vec<String> {
        let entries = self.location().and_then(|dir| fs::read_dir(dir).ok());
        let names = entries.into_iter().flatten().filter_map(Result::ok);
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let own = integrity::name_of(root);
        let mut extra: Vec<String> = names
            .filter(|name| {
                let known = [ROOT_FILE, MANAGED_FILE, verified::FILE_NAME];
                !(known.contains(&&**name)
                    || LOCK_FILES.contains(&&**name)
                    || manifest.files.contains_key(name)
                    || own.as_os_str() == &**name)
            })
            .collect();
        extra.sort();
        extra
    }

    /// Fails where a file of the index is anything but a regular file, which reading could follow
    /// out of the folder or wait for.
    pub(super) fn regular(&self, name: &Path) -> Result<()> {
        let Place::Disk(dir) = &self.place else { return Ok(()) };
        match fs::symlink_metadata(dir.join(name)) {
            Ok(metadata) if !metadata.is_file() => {
                Err(self.damaged(format!("{}: it is not a regular file", name.display())))
            }
            // What is not there is for the reader to say.
            _ => Ok(()),
        }
    }

    pub(super) fn size_of(&self, name: &Path) -> io::Result<u64> {
        match &self.place {
            Place::Disk(dir) => {
                let metadata = fs::symlink_metadata(dir.join(name)).map_err(missing)?;
                match metadata.is_file() {
                    true => Ok(metadata.len()),
                    false => Err(io::Error::other("it is not a regular file")),
                }
            }
            Place::Memory(directory, _) => {
                let file = directory.open_read(name).map_err(io::Error::other)?;
                Ok(tantivy::HasLen::len(&file) as u64)
            }
        }
    }

    /// The size and the BLAKE3 hash of a file. It is read, not mapped: a file that shrinks while it
    /// is read ends sooner, and nothing else.
    fn hash_of(&self, name: &str) -> io::Result<(u64, String)> {
        let mut hasher = blake3::Hasher::new();
        match &self.place {
            Place::Disk(dir) => {
                let size = usize::try_from(self.size_of(Path::new(name))?).unwrap_or(usize::MAX);
                let mut file = File::open(dir.join(name)).map_err(missing)?;
                let mut buffer = vec![0; size.clamp(1, 1 << 18)];
                loop {
                    match file.read(&mut buffer) {
                        Ok(0) => break,
                        Ok(n) => hasher.update(buffer.get(..n).unwrap_or_default()),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                        Err(error) => return Err(error),
                    };
                }
            }
            Place::Memory(directory, _) => {
                let file = directory.open_read(Path::new(name)).map_err(io::Error::other)?;
                hasher.update(&file.read_bytes()?);
            }
        }
        Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
    }
}

/// An error in words that need no path.
fn missing(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(io::ErrorKind::NotFound, "it is missing"),
        _ => error,
    }
}

/// What is wrong with the engine's list of its own files: it decides what is deleted, and a file that
/// it does not have never is.
fn list_of_files(directory: &dyn Directory, manifest: &Manifest) -> Vec<String> {
    let damaged = |words: &str| vec![format!("{MANAGED_FILE}: {words}")];
    let Ok(bytes) = directory.atomic_read(Path::new(MANAGED_FILE)) else {
        return damaged("it is missing or cannot be read");
    };
    let list: Option<Vec<String>> = serde_json::from_slice(&bytes).ok();
    let Some(list) = list.filter(|list| {
        // As the engine writes it, so that no byte of it can be another.
        let written = serde_json::to_vec(list).unwrap_or_default();
        bytes.strip_suffix(b"\n") == Some(&written)
    }) else {
        return damaged("it is not as it was written");
    };
    if list.iter().any(|name| super::directory::plain(Path::new(name)).is_err()) {
        return damaged("it names a file outside the folder");
    }
    let listed: BTreeSet<&str> = list.iter().map(String::as_str).collect();
    let mut needed = manifest.files.keys().map(String::as_str).chain([ROOT_FILE]);
    match needed.find(|name| !listed.contains(name)) {
        Some(name) => damaged(&format!("it does not have {name}")),
        None => Vec::new(),
    }
}

/// The files that a segment must have.
pub(super) fn files_of(engine: &tantivy::Index, segment: &tantivy::SegmentMeta) -> Vec<PathBuf> {
    use tantivy::index::SegmentComponent;
    let extensions = engine
        .all_plugins()
        .flat_map(|plugin| plugin.extensions().iter().map(|e| e.to_string()).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    let mut files: Vec<_> = extensions
        .iter()
        .filter_map(|extension| SegmentComponent::try_from(extension.as_str()).ok())
        .map(|component| segment.relative_path(component))
        .collect();
    if segment.has_deletes() {
        files.push(segment.relative_path(SegmentComponent::Delete));
    }
    files
}
