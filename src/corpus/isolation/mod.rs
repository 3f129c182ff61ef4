//! Isolation: readers of complex formats at work in processes of their own, which may loop, crash
//! or want too much memory without harm to anybody else.

mod confine;
mod frame;
#[cfg(unix)]
mod outgoing;
#[cfg(unix)]
mod replay;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "aarch64", target_arch = "x86_64"),
    target_pointer_width = "64"
))]
mod seccomp;
mod serve;
#[cfg(unix)]
mod worker;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub use confine::Confinement;
pub use serve::serve_worker;
#[cfg(unix)]
pub(super) use worker::Worker;

use super::extract::size_words;
use super::fields::FieldNames;

/// How a reason begins that says that a file took too long.
const TOO_SLOW: &str = "took longer than ";

/// How a reason begins that says that a file needed too much memory.
const TOO_LARGE: &str = "needed more than ";

/// Where readers are at work. In any case a reader that panics costs its file and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Isolation {
    /// In this process: one that loops holds it up, one that wants too much memory ends it.
    #[default]
    InProcess,
    /// In worker processes, one for each thread that reads. Where there are none, as on Windows,
    /// readers are at work in this process.
    Workers(Workers),
}

/// Worker processes, and what one file may cost them.
///
/// A worker gets the bytes of a file over a pipe and answers over another. It inherits no file that
/// this process has opened, can open none, nor a connection, has no environment, and starts no
/// process; what holds it to that, [`Workers::confinement`] tells. One that dies is replaced, and the
/// file that it died of is reported with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workers {
    /// The program that is started: one that calls [`serve_worker`], such as `polidex`.
    pub command: PathBuf,
    /// Its arguments; `extract-worker` for `polidex`.
    pub args: Vec<OsString>,
    /// The time that one file may take, or the next article of one that holds several. Default:
    /// 30 seconds.
    pub timeout: Duration,
    /// The address space that a worker may have, in bytes. Default: 1 GiB.
    pub memory: u64,
    /// Whether every file goes to the workers, not those alone whose readers are complex, and texts
    /// of more than 1 MiB. Default: false.
    pub all_formats: bool,
}

impl Workers {
    /// Workers of this `polidex` program, with the default limits.
    pub fn new(command: impl Into<PathBuf>) -> Workers {
        Workers {
            command: command.into(),
            args: vec!["extract-worker".into()],
            timeout: Duration::from_secs(30),
            memory: 1 << 30,
            all_formats: false,
        }
    }

    /// Starts a worker to hear what it is confined by on this system.
    ///
    /// # Errors
    ///
    /// None can be started, or what was started is none.
    pub fn confinement(&self) -> io::Result<Confinement> {
        #[cfg(unix)]
        return worker::confinement(self);
        #[cfg(not(unix))]
        Err(io::ErrorKind::Unsupported.into())
    }

    fn too_slow(&self) -> String {
        format!("{TOO_SLOW}{} s", self.timeout.as_secs_f64())
    }

    fn too_large(&self) -> String {
        format!("{TOO_LARGE}{} of memory", size_words(self.memory))
    }
}

impl Isolation {
    /// Whether a file that was not read for this reason may be read with the limits of now: they
    /// are others than those that the reason names.
    pub(crate) fn may_do_better(&self, reason: &str) -> bool {
        let now = match self {
            Isolation::InProcess => None,
            Isolation::Workers(workers) => Some((workers.too_slow(), workers.too_large())),
        };
        let other = |limit: &str, now: Option<&String>| {
            reason.contains(limit) && now.is_none_or(|now| !reason.contains(now))
        };
        other(TOO_SLOW, now.as_ref().map(|(slow, _)| slow))
            || other(TOO_LARGE, now.as_ref().map(|(_, large)| large))
    }

    #[cfg(unix)]
    pub(super) fn worker(&self) -> Option<Worker> {
        match self {
            Isolation::InProcess => None,
            Isolation::Workers(workers) => Some(Worker::new(workers.clone())),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn worker(&self) -> Option<Worker> {
        None
    }
}

/// There are no workers on this system.
#[cfg(not(unix))]
#[derive(Debug)]
pub(super) enum Worker {}

#[cfg(not(unix))]
impl Worker {
    pub(super) fn takes(&self, _risky: bool) -> bool {
        match *self {}
    }

    pub(super) fn trouble(&mut self) -> Option<(PathBuf, io::Error)> {
        match *self {}
    }

    pub(super) fn read(
        &mut self,
        _given: &Given<'_>,
        _source: &mut dyn io::Read,
        _emit: &mut dyn FnMut(crate::Article),
    ) -> Result<Answered, super::Unreadable> {
        match *self {}
    }
}

/// A file to be read, without its packing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    /// The path of its article.
    pub(super) path: &'a str,
    /// The name that its format is told by.
    pub(super) name: &'a str,
    /// The bytes that it may have if it is read as a whole.
    pub(super) max: u64,
    /// What the corpus calls the fields of its records.
    pub(super) fields: &'a FieldNames,
}

/// What a worker made of a file, beside its articles.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) articles: u64,
    pub(super) broken: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_worth_another_try_where_the_limit_is_another() {
        let minute = |timeout| {
            Isolation::Workers(Workers {
                timeout: Duration::from_secs(timeout),
                ..Workers::new("polidex")
            })
        };
        assert!(minute(60).may_do_better("took longer than 30 s"));
        assert!(!minute(30).may_do_better("took longer than 30 s"));
        assert!(minute(3).may_do_better("the rest: took longer than 30 s"));
        assert!(Isolation::InProcess.may_do_better("took longer than 30 s"));
        assert!(!minute(60).may_do_better("needed more than 1 GiB of memory"));
        assert!(minute(60).may_do_better("needed more than 512 MiB of memory"));
        assert!(!minute(60).may_do_better("holds no text"));
    }
}
