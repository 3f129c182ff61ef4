//! The inside of a worker process: files in, articles out, and nothing else within reach.

use std::io::{self, Read, Write};
use std::sync::Arc;

#[cfg(unix)]
use super::confine;
use super::confine::Confinement;
use super::frame::{self, Answer, Job};
use crate::Article;
use crate::corpus::extract;

/// Makes this process a worker, as [`Workers`](super::Workers) start it: gives up what a reader of
/// files has no use for, then reads files from standard input and writes their articles to what was
/// standard output, until the input ends. Whatever else is printed goes to standard error.
///
/// To be called before anything else is done: from then on the process can open no file, and where
/// the kernel knows of [`Confinement`] make no system call but the few that reading takes.
///
/// # Errors
///
/// A pipe that breaks, a request that is none, or a limit that the system does not take; there is
/// nothing left to do then but to end.
pub fn serve_worker() -> io::Result<()> {
    let (mut output, confinement) = confined_output()?;
    output.write_all(frame::greeting(confinement).as_bytes())?;
    serve(&mut io::stdin().lock(), &mut output)
}

fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = frame::read(input)? {
        let job: Job<'_> = frame::value(&request)?;
        limit(&job)?;
        let fields = Arc::new(job.fields.clone().into_owned());
        let mut file = Chunks { input: &mut *input, left: 0, ended: false };
        let mut sent = Ok(());
        let mut too_large = Vec::new();
        let mut send = |answer: &Answer<&Article>| {
            buffer.clear();
            frame::push(&mut buffer, answer)?;
            output.write_all(&buffer)
        };
        let mut emit = |article: Article| match limit(&job).and(send(&Answer::Article(&article))) {
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                too_large.push(format!("{}: its text is too large", article.path));
            }
            done if sent.is_ok() => sent = done,
            _ => {}
        };
        let result =
            extract::read_given(job.path, job.name, &mut file, job.max, &fields, &mut emit);
        sent?;
        // What the reader left of the file stands before the next one.
        io::copy(&mut file, &mut io::sink())?;
        send(&match result {
            Ok(read) if read.articles == too_large.len() as u64 => {
                Answer::Unreadable(too_large.pop().unwrap_or_default())
            }
            Ok(read) => Answer::Read(read.broken.into_iter().chain(too_large).collect()),
            Err(unreadable) => Answer::Unreadable(unreadable.reason),
        })?;
    }
    Ok(())
}

/// The bytes of one file, which come in frames.
struct Chunks<'a, R> {
    input: &'a mut R,
    /// What is left of the present frame.
    left: usize,
    ended: bool,
}

impl<R: Read> Read for Chunks<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.ended {
            let mut length = [0; 4];
            self.input.read_exact(&mut length)?;
            self.left = frame::length(&length)?.unwrap_or_default();
            self.ended = self.left == 0;
        }
        let wanted = buffer.len().min(self.left);
        if wanted == 0 {
            // Even to read nothing, a buffered input may wait for the next request.
            return Ok(0);
        }
        let read = self.input.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read;
        Ok(read)
    }
}

/// Standard output under another number, so that what a reader may print does not mix with
/// articles; and limits that keep the process from all that it has no use for, with what the kernel
/// has beside them. Root is held by a part of the limits only, and may set others.
#[cfg(unix)]
fn confined_output() -> io::Result<(std::fs::File, Confinement)> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    use rustix::stdio::{dup2_stdout, stderr, stdout};

    let output = rustix::io::fcntl_dupfd_cloexec(stdout(), 3)?;
    dup2_stdout(stderr())?;
    // It takes a file number for a moment, of which there is none later.
    let landlock = confine::by_landlock();
    // The files that are open now are all that there will be, and a connection is one.
    let files = std::os::fd::AsRawFd::as_raw_fd(&output).unsigned_abs() + 1;
    for (resource, limit) in [
        (Resource::Nofile, u64::from(files)),
        (Resource::Nproc, 0),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    let seccomp = confine::by_seccomp();
    Ok((output.into(), Confinement { landlock, seccomp }))
}

#[cfg(not(unix))]
fn confined_output() -> io::Result<(io::Stdout, Confinement)> {
    Ok((io::stdout(), Confinement::default()))
}

/// Sets what one article may cost. The process that waits for the answer keeps the time; the limit of
/// processor time is for the case that it is not there any more.
#[cfg(unix)]
fn limit(job: &Job<'_>) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.unsigned_abs();
    let seconds = used.saturating_add(job.seconds).saturating_add(1);
    for (resource, limit) in [(Resource::Cpu, seconds), (Resource::As, job.memory)] {
        let maximum = getrlimit(resource).maximum;
        let limit = maximum.map_or(limit, |maximum| limit.min(maximum));
        setrlimit(resource, Rlimit { current: Some(limit), maximum })?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit(_job: &Job<'_>) -> io::Result<()> {
    Ok(())
}
