//! Repair: a damaged index is built anew from its corpus and put aside, never deleted.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::integrity::{self, Manifest};
use super::replace::{beside, build_beside, exchange};
use super::report::{RepairReport, UpdateOptions, UpdateReport};
use super::{Index, Payload, Place};
use crate::corpus::Corpus;
use crate::{Error, Result};

impl Index {
    /// Checks the index in the folder `dir` and, where it is damaged, builds it anew from its
    /// corpus, which is `folder` where the index cannot tell. The new index takes the place of the
    /// damaged one, which is then found beside it as `<index>.corrupt-<seconds since 1970>`. Until
    /// the new one is whole the damaged one stays where it is.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::Option`] where no folder is known that the index could
    /// be built from, or `folder` is another; [`Error::Corpus`] where it gives no article; those of
    /// [`Index::update`].
    pub fn repair(
        dir: impl AsRef<Path>,
        folder: Option<&Path>,
        options: &UpdateOptions,
    ) -> Result<RepairReport> {
        let dir = dir.as_ref();
        if !Index::exists(dir) {
            return Err(Error::NoIndex { path: dir.to_path_buf() });
        }
        let dir = dir.canonicalize().map_err(|error| Error::io(dir, error))?;
        let damaged = Index { place: Place::Disk(dir.clone()) };
        let _lock = damaged.lock()?;
        let check = damaged.check()?;
        if check.damage.is_empty() {
            return Ok(RepairReport { check, ..RepairReport::default() });
        }
        let payload = damaged.last_known(&dir);
        let corpus = source(folder, &payload)?;
        let (new, update) = build_beside(&dir, |new| built(new, &corpus, options))?;
        let aside = aside(&dir);
        fs::rename(&new, &aside).map_err(|error| Error::io(&new, error))?;
        exchange(&dir, &aside)?;
        Ok(RepairReport { check, aside: Some(aside), update, lost: payload.given })
    }

    /// What is known of the index, damaged as it is: what is vouched for comes first.
    fn last_known(&self, dir: &Path) -> Payload {
        let root = self.root().ok().flatten().unwrap_or_default();
        let written = self.payload_of(&root).ok();
        let own = dir.join(integrity::name_of(&root));
        let vouched = fs::read(own).is_ok_and(|bytes| Manifest::from_bytes(&bytes).is_some());
        let manifests = integrity::all_in(dir).into_iter();
        let remembered = manifests
            .filter_map(|(_, manifest)| serde_json::from_str::<Payload>(&manifest.payload).ok())
            .max_by_key(|payload| payload.generation);
        match vouched {
            true => written.or(remembered),
            false => remembered.or(written),
        }
        .unwrap_or_else(Payload::new)
    }
}

/// The corpus that the index can be built from.
fn source(folder: Option<&Path>, payload: &Payload) -> Result<Corpus> {
    let refused = |reason: String| Err(Error::Option { option: "repair", reason });
    let corpus = match (folder, &payload.corpus) {
        (Some(folder), _) => Corpus::open(folder)?,
        (None, Some(folder)) => Corpus::open(folder)?,
        (None, None) if payload.given > 0 => {
            return refused(format!(
                "the index holds {} articles that a program gave, and no folder from which they \
                 could be read again; give them to a new index",
                payload.given
            ));
        }
        (None, None) => {
            return refused("the index does not tell its folder any more; name it".into());
        }
    };
    match &payload.corpus {
        Some(other) if other != corpus.root() => refused(format!(
            "the index was made from {}, not from {}",
            other.display(),
            corpus.root().display()
        )),
        _ => Ok(corpus.with_options(payload.options.clone())),
    }
}

/// Builds and checks the new index.
fn built(new: &Path, corpus: &Corpus, options: &UpdateOptions) -> Result<UpdateReport> {
    let index = Index::create(new)?;
    let update = index.update(corpus, options)?;
    if update.articles == 0 {
        // As when it is not mounted.
        let reason = "it gives no article; the damaged index stays as it is".to_owned();
        return Err(Error::Corpus { path: corpus.root().to_path_buf(), reason });
    }
    match index.check()?.damage.into_iter().next() {
        Some(detail) => Err(Error::Damaged { path: new.to_path_buf(), detail }),
        None => Ok(update),
    }
}

/// A name for the damaged index that nothing has yet.
fn aside(dir: &Path) -> PathBuf {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let names = (0..).map(|number| match number {
        0 => format!("corrupt-{seconds}"),
        number => format!("corrupt-{seconds}-{number}"),
    });
    let free = names.map(|name| beside(dir, &name)).find(|aside| !aside.exists());
    free.unwrap_or_else(|| beside(dir, "corrupt"))
}
