//! Place: where the index of a folder is.

use std::env;
use std::path::{Path, PathBuf};

use polidex::{Corpus, Error, Index, index_name};

use crate::args::PlaceArgs;
use crate::failure::Failure;

/// An index, which may not be there yet, and the folder that it is of, as far as that is known.
#[derive(Debug)]
pub(crate) struct Place {
    /// The folder of the index.
    pub(crate) index: PathBuf,
    /// The folder of the articles, canonical.
    pub(crate) folder: Option<PathBuf>,
}

impl Place {
    /// The index that the arguments name; else that of the nearest folder above the current one.
    pub(crate) fn find(args: &PlaceArgs) -> anyhow::Result<Place> {
        Place::found(args, false)
    }

    /// The same, of an index that may be unreadable.
    pub(crate) fn find_damaged(args: &PlaceArgs) -> anyhow::Result<Place> {
        Place::found(args, true)
    }

    fn found(args: &PlaceArgs, unread: bool) -> anyhow::Result<Place> {
        match (&args.folder, chosen(args.index.as_deref())) {
            (Some(folder), _) => Place::of(&Corpus::open(folder)?, args.index.as_deref(), unread),
            (None, Some(index)) => Ok(Place { index, folder: None }),
            (None, None) => Place::above(),
        }
    }

    /// The index of this corpus: in `index`, in `POLIDEX_INDEX`, or in its usual place. One that is
    /// of another folder is refused; `unread`, it may be unreadable as well.
    pub(crate) fn of(corpus: &Corpus, index: Option<&Path>, unread: bool) -> anyhow::Result<Place> {
        let folder = corpus.root().to_path_buf();
        let Some(index) = chosen(index) else {
            return Ok(Place { index: usual(&folder)?, folder: Some(folder) });
        };
        // An index that was put somewhere by hand may be of another folder; to update it with this
        // one would throw that one out of it, to search it would answer for the wrong folder.
        let corpus = || Index::open(&index)?.corpus();
        let other = match Index::exists(&index).then(corpus) {
            None => None,
            Some(Err(_)) if unread => None,
            Some(status) => status?,
        };
        if let Some(other) = other
            && other != folder
        {
            return Err(Failure {
                code: "other_corpus",
                message: format!(
                    "{}: this is the index of {}, not of {}",
                    index.display(),
                    other.display(),
                    folder.display()
                ),
                hint: Some("give another folder with --index, or none".into()),
            }
            .into());
        }
        Ok(Place { index, folder: Some(folder) })
    }

    /// The index of the current folder or of the nearest one above it that has one.
    fn above() -> anyhow::Result<Place> {
        let here = env::current_dir().and_then(|here| here.canonicalize());
        let here = here.map_err(|source| Error::Io { path: ".".into(), source })?;
        for folder in here.ancestors() {
            let index = usual(folder)?;
            if Index::exists(&index) {
                return Ok(Place { index, folder: Some(folder.to_path_buf()) });
            }
        }
        Err(Failure {
            code: "no_index",
            message: format!("neither {} nor a folder above it is indexed", here.display()),
            hint: Some(
                "index a folder with: polidex index FOLDER, or name it with --in FOLDER (polidex \
                 status --all lists what is indexed)"
                    .into(),
            ),
        }
        .into())
    }

    /// The folder of the articles, from the index where nothing else told it.
    pub(crate) fn corpus(&self, index: &Index) -> polidex::Result<Option<PathBuf>> {
        match &self.folder {
            Some(folder) => Ok(Some(folder.clone())),
            None => index.corpus(),
        }
    }
}

/// The folder in which indexes are kept: in the user's data directory.
pub(crate) fn data_folder() -> Result<PathBuf, Failure> {
    // The XDG base directory specification says to ignore paths that are not absolute.
    let variable = |name: &str| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let data = variable("XDG_DATA_HOME").or_else(|| {
        if cfg!(windows) {
            variable("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            variable("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            variable("HOME").map(|home| home.join(".local/share"))
        }
    });
    data.map(|data| data.join("polidex")).ok_or_else(|| Failure {
        code: "no_data_folder",
        message: "there is no data directory to keep indexes in".into(),
        hint: Some("set HOME or XDG_DATA_HOME, or give a folder for the index with --index".into()),
    })
}

/// The usual place of the index of this canonical folder.
fn usual(folder: &Path) -> Result<PathBuf, Failure> {
    Ok(data_folder()?.join(index_name(folder)))
}

/// The folder chosen for the index by option or environment.
fn chosen(option: Option<&Path>) -> Option<PathBuf> {
    let variable = || env::var_os("POLIDEX_INDEX").filter(|value| !value.is_empty());
    option.map(Path::to_path_buf).or_else(|| variable().map(PathBuf::from))
}
