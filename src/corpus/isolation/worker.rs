//! A worker process as seen from outside: started, fed, listened to, timed, replaced.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use super::confine::Confinement;
use super::frame::{self, Answer, CHUNK, Job};
use super::outgoing::Outgoing;
use super::replay::Replayed;
use super::{Answered, Given, Workers};
use crate::Article;
use crate::article::BlockKind;
use crate::corpus::Unreadable;
use crate::corpus::extract::NO_MEMORY;

/// The files after which a worker is replaced, whatever it may have piled up.
const MOST_FILES: u32 = 1000;

/// The bytes of its last words that are kept.
const LAST_WORDS: usize = 8 << 10;

/// The characters of its last words that are shown.
const SHOWN_WORDS: usize = 200;

/// The bytes that there is always room for in what comes from a worker.
const ROOM: usize = 1 << 20;

/// How long a worker may take to end after it has closed its output.
const DYING: Duration = Duration::from_secs(2);

/// The worker of one reading thread; it is started when the first file comes.
#[derive(Debug)]
pub(in crate::corpus) struct Worker {
    workers: Workers,
    process: Option<Process>,
    trouble: Option<io::Error>,
}

/// Why a worker has no answer.
#[derive(Debug)]
enum Failure {
    TooSlow,
    TooLarge,
    /// It died, and its last words.
    Crashed(String),
    /// The file itself could not be read.
    Unread(io::Error),
    /// It never was a worker.
    Never(io::Error),
}

impl Worker {
    pub(super) fn new(workers: Workers) -> Worker {
        Worker { workers, process: None, trouble: None }
    }

    /// Whether it takes files of a format.
    pub(in crate::corpus) fn takes(&self, risky: bool) -> bool {
        risky || self.workers.all_formats
    }

    /// Why there is no worker: the fault of no file. Told once.
    pub(in crate::corpus) fn trouble(&mut self) -> Option<(PathBuf, io::Error)> {
        let error = self.trouble.take()?;
        Some((self.workers.command.clone(), error))
    }

    /// Has a file read.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if there is no article in it, or none was handed over before the worker died.
    pub(in crate::corpus) fn read(
        &mut self,
        given: &Given<'_>,
        source: &mut dyn Read,
        emit: &mut dyn FnMut(Article),
    ) -> Result<Answered, Unreadable> {
        // A second worker may have to begin with the file anew.
        let mut source = Replayed::of(source);
        loop {
            let (mut process, fresh) = match self.process.take() {
                Some(process) if process.files < MOST_FILES => (process, false),
                _ => match Process::start(&self.workers) {
                    Ok(process) => (process, true),
                    Err(error) => return Err(self.out_of_order(error)),
                },
            };
            source.keeps = !fresh;
            let mut articles = 0;
            let answer = process.exchange(given, &mut source, &self.workers, &mut |article| {
                articles += 1;
                emit(article);
            });
            let reason = match answer {
                Ok(answer) => {
                    self.process = Some(process);
                    return match answer {
                        Ok(broken) => Ok(Answered { articles, broken }),
                        Err(reason) => Err(Unreadable { reason }),
                    };
                }
                // What earlier files left behind may be to blame.
                Err(Failure::TooLarge) if !fresh && articles == 0 && source.rewind() => continue,
                Err(Failure::TooLarge) => {
                    format!("{} (--extract-memory)", self.workers.too_large())
                }
                Err(Failure::TooSlow) => {
                    format!("{} (--extract-timeout)", self.workers.too_slow())
                }
                Err(Failure::Crashed(words)) => format!("the reader crashed: {words}"),
                Err(Failure::Unread(error)) => format!("cannot be read: {error}"),
                Err(Failure::Never(error)) => return Err(self.out_of_order(error)),
            };
            return match articles {
                0 => Err(Unreadable { reason }),
                _ => Ok(Answered { articles, broken: vec![format!("the rest: {reason}")] }),
            };
        }
    }

    fn out_of_order(&mut self, error: io::Error) -> Unreadable {
        let reason = format!("cannot be read: no worker: {error}");
        self.trouble = Some(error);
        Unreadable { reason }
    }
}

/// What a worker says that it is confined by, which is started for this.
pub(super) fn confinement(workers: &Workers) -> io::Result<Confinement> {
    let mut process = Process::start(workers)?;
    let start = Instant::now();
    loop {
        if let Some(confinement) = process.greeted()? {
            return Ok(confinement);
        }
        let left = workers.timeout.saturating_sub(start.elapsed());
        let ready = process.wait(left, false)?;
        if ready.words {
            process.listen();
        }
        if ready.output && !process.receive() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
    }
}

/// A running worker and its pipes.
#[derive(Debug)]
struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    /// None once it has closed it.
    stderr: Option<ChildStderr>,
    last_words: Vec<u8>,
    /// What it has sent and was not looked at yet.
    incoming: Vec<u8>,
    /// What it says that it is confined by, once it has greeted.
    confinement: Option<Confinement>,
    files: u32,
}

impl Process {
    fn start(workers: &Workers) -> io::Result<Process> {
        let mut child = Command::new(&workers.command)
            .args(&workers.args)
            .env_clear()
            // The program's allocator would set a gigabyte aside before there is a limit.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        for pipe in [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()] {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        #[cfg(target_os = "linux")]
        for pipe in [stdin.as_fd(), stdout.as_fd()] {
            // Fewer turns for a large file; pipes of the usual size do as well.
            let _ = rustix::pipe::fcntl_setpipe_size(pipe, 1 << 20);
        }
        Ok(Process {
            child,
            stdin,
            stdout,
            stderr: Some(stderr),
            last_words: Vec::new(),
            incoming: Vec::new(),
            confinement: None,
            files: 0,
        })
    }

    /// Sends a file and hands over the articles that come back. Then it gives what could not be
    /// read, or why nothing could.
    ///
    /// Only the time that is spent waiting for the worker counts.
    fn exchange(
        &mut self,
        given: &Given<'_>,
        source: &mut dyn Read,
        workers: &Workers,
        emit: &mut dyn FnMut(Article),
    ) -> Result<Result<Vec<String>, String>, Failure> {
        self.files += 1;
        let mut out = Outgoing::default();
        let job = Job {
            path: given.path,
            name: given.name,
            fields: Cow::Borrowed(given.fields),
            max: given.max,
            memory: workers.memory,
            seconds: workers.timeout.as_secs(),
        };
        frame::push(&mut out.bytes, &job).map_err(|error| Failure::Crashed(error.to_string()))?;
        let mut left = workers.timeout;
        let mut any = false;
        loop {
            while let Some(answer) = self.answer()? {
                match answer {
                    Answer::Article(article) if is_of(&article, given.path) => {
                        // A mailbox is not slow for the number of its messages.
                        (any, left) = (true, workers.timeout);
                        emit(article);
                    }
                    Answer::Article(_) => return Err(senseless()),
                    // Whoever answers before it has all of a file is not to be given another.
                    _ if !out.is_done() => {
                        return Err(Failure::Crashed("it answered too early".into()));
                    }
                    Answer::Read(broken) if any => return Ok(Ok(broken)),
                    Answer::Unreadable(reason) if reason == NO_MEMORY => {
                        return Err(Failure::TooLarge);
                    }
                    Answer::Unreadable(reason) if !any => return Ok(Err(reason)),
                    _ => return Err(senseless()),
                }
            }
            let start = Instant::now();
            let ready = self.wait(left, !out.refused && !out.is_done());
            left = left.saturating_sub(start.elapsed());
            let ready = ready.map_err(|error| Failure::Crashed(error.to_string()))?;
            if ready.words {
                self.listen();
            }
            if ready.input {
                // Nobody reads it any more; what was said before still counts.
                out.refused = !self.send(&mut out, source)?;
            }
            if ready.output && !self.receive() {
                return Err(self.died());
            }
            if left.is_zero() {
                return Err(if self.confinement.is_some() {
                    Failure::TooSlow
                } else {
                    Failure::Never(io::ErrorKind::TimedOut.into())
                });
            }
        }
    }

    /// What the worker has greeted with, if all of it is there.
    fn greeted(&mut self) -> io::Result<Option<Confinement>> {
        if self.confinement.is_none()
            && let Some((length, confinement)) = frame::greeted(&self.incoming)?
        {
            self.incoming.drain(..length);
            self.confinement = Some(confinement);
        }
        Ok(self.confinement)
    }

    /// The next part of an answer, if all of it is there.
    fn answer(&mut self) -> Result<Option<Answer<Article>>, Failure> {
        if self.greeted().map_err(Failure::Never)?.is_none() {
            return Ok(None);
        }
        let garbled = |_| Failure::Crashed("what it sent is garbled".into());
        let Some(length) = frame::length(&self.incoming).map_err(garbled)? else {
            return Ok(None);
        };
        let Some(encoding) = self.incoming.get(4..4 + length) else { return Ok(None) };
        let answer = frame::value(encoding).map_err(garbled)?;
        self.incoming.drain(..4 + length);
        // Of a large article nothing is held twice while it is indexed.
        self.incoming.shrink_to(ROOM);
        Ok(Some(answer))
    }

    /// Waits until a pipe is ready, or the time is over.
    fn wait(&self, time: Duration, sending: bool) -> io::Result<Ready> {
        let mut pipes = vec![PollFd::new(&self.stdout, PollFlags::IN)];
        if let Some(stderr) = &self.stderr {
            pipes.push(PollFd::new(stderr, PollFlags::IN));
        }
        if sending {
            pipes.push(PollFd::new(&self.stdin, PollFlags::OUT));
        }
        let time = Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        };
        match poll(&mut pipes, Some(&time)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |at: usize| pipes.get(at).is_some_and(|pipe| !pipe.revents().is_empty());
        let words = self.stderr.is_some();
        Ok(Ready {
            output: ready(0),
            words: words && ready(1),
            input: sending && ready(1 + usize::from(words)),
        })
    }

    /// Sends what the pipe takes; false if nobody reads it.
    fn send(&mut self, out: &mut Outgoing, source: &mut dyn Read) -> Result<bool, Failure> {
        while !out.is_done() {
            if out.rest().is_empty() {
                out.fill(source).map_err(Failure::Unread)?;
            }
            match self.stdin.write(out.rest()) {
                Ok(sent) => out.sent += sent,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Takes in what is there; false at the end.
    fn receive(&mut self) -> bool {
        let before = self.incoming.len();
        self.incoming.resize(before + CHUNK, 0);
        let space = self.incoming.get_mut(before..).unwrap_or_default();
        let received = self.stdout.read(space);
        self.incoming.truncate(before + *received.as_ref().unwrap_or(&0));
        match received {
            Ok(received) => received > 0,
            Err(error) => {
                matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
            }
        }
    }

    /// Keeps the last of what it says on standard error.
    fn listen(&mut self) {
        let mut chunk = [0; 4 << 10];
        let Some(stderr) = &mut self.stderr else { return };
        match stderr.read(&mut chunk) {
            Ok(0) => self.stderr = None,
            Ok(heard) => {
                self.last_words.extend_from_slice(chunk.get(..heard).unwrap_or_default());
                let over = self.last_words.len().saturating_sub(LAST_WORDS);
                self.last_words.drain(..over);
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => {}
                _ => self.stderr = None,
            },
        }
    }

    /// Why a worker died that has closed its output.
    fn died(&mut self) -> Failure {
        let start = Instant::now();
        while self.stderr.is_some() && start.elapsed() < DYING {
            match self.wait(DYING.saturating_sub(start.elapsed()), false) {
                Ok(ready) if ready.words => self.listen(),
                // Its output is at its end and always ready.
                Ok(_) => thread::sleep(Duration::from_millis(1)),
                Err(_) => break,
            }
        }
        let status = loop {
            match self.child.try_wait() {
                Ok(None) if start.elapsed() < DYING => thread::sleep(Duration::from_millis(1)),
                Ok(status) => break status,
                Err(_) => break None,
            }
        };
        let words = String::from_utf8_lossy(&self.last_words);
        if self.confinement.is_none() {
            let words = shown(&words).unwrap_or_else(|| "it ended at once".into());
            return Failure::Never(io::Error::other(words));
        }
        failure(status, &words)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; there is nothing more to be done about it in any case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Which pipes have something to take or give, or are closed.
struct Ready {
    output: bool,
    words: bool,
    input: bool,
}

fn senseless() -> Failure {
    Failure::Crashed("what it sent makes no sense".into())
}

/// What a worker died of, by how it ended and what it said last.
fn failure(status: Option<ExitStatus>, words: &str) -> Failure {
    const KILL: i32 = rustix::process::Signal::KILL.as_raw();
    const TIME: i32 = rustix::process::Signal::XCPU.as_raw();
    if words.contains("memory allocation of ") {
        return Failure::TooLarge;
    }
    if words.contains("has overflowed its stack") {
        return Failure::Crashed("its stack overflowed".into());
    }
    let how = match status.map(|status| (status.signal(), status.code())) {
        Some((Some(TIME), _)) => return Failure::TooSlow,
        Some((Some(KILL), _)) => "it was killed, as systems do that run out of memory".into(),
        Some((Some(signal), _)) => format!("signal {signal}"),
        Some((None, Some(code))) => format!("it ended with exit code {code}"),
        _ => "it closed its output".into(),
    };
    Failure::Crashed(match shown(words) {
        Some(words) => format!("{how}: {words}"),
        None => how,
    })
}

/// The last line that says something, for a person.
fn shown(words: &str) -> Option<String> {
    let line = words.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    Some(line.chars().map(printable).take(SHOWN_WORDS).collect())
}

/// Whether an article may have come from this file, and its parts hold together. What a worker
/// sends is not trusted: a file may have got the better of its reader.
fn is_of(article: &Article, path: &str) -> bool {
    let belongs = match article.path.strip_prefix(path) {
        Some(rest) => rest.is_empty() || rest.starts_with(['#', '/']),
        None => false,
    };
    belongs
        && article.blocks.iter().all(|block| {
            // A line or a page without text starts where the next one does.
            let breaks_hold = block.breaks.windows(2).all(|pair| pair.first() <= pair.last())
                && block.breaks.iter().all(|at| block.text.is_char_boundary(*at as usize));
            breaks_hold
                && !matches!(block.kind, BlockKind::Heading(level) if !(1..=6).contains(&level))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Block, Isolation};

    /// What this process hears of a worker that says `frames` and then kills itself.
    fn heard(frames: &[u8]) -> (Vec<Article>, Result<Answered, Unreadable>) {
        let folder = tempfile::tempdir().unwrap();
        let said = folder.path().join("said");
        let hello = frame::greeting(Confinement::default());
        std::fs::write(&said, [hello.as_bytes(), frames].concat()).unwrap();
        let mut worker = Worker::new(Workers {
            args: vec!["-c".into(), format!("cat '{}'; kill -BUS $$", said.display()).into()],
            ..Workers::new("/bin/sh")
        });
        let fields = crate::corpus::fields::FieldNames::default();
        let given = Given { path: "a.eml", name: "a.eml", max: 100, fields: &fields };
        let mut articles = Vec::new();
        let read = worker.read(&given, &mut &b"x"[..], &mut |article| articles.push(article));
        assert!(worker.trouble().is_none());
        (articles, read)
    }

    fn frames(articles: &[Article]) -> Vec<u8> {
        let mut bytes = Vec::new();
        articles.iter().for_each(|a| frame::push(&mut bytes, &Answer::Article(a)).unwrap());
        bytes
    }

    fn article(path: &str) -> Article {
        Article::new(path, vec![Block::new(BlockKind::Paragraph, "été")])
    }

    #[test]
    fn what_was_handed_over_before_the_end_counts() {
        let mut two = [article("a.eml#1"), article("a.eml/b.txt")];
        two[0].blocks[0].breaks = vec![2, 2, 3];
        let (articles, read) = heard(&frames(&two));
        assert_eq!(articles, two);
        let read = read.unwrap();
        assert_eq!(read.articles, 2);
        assert_eq!(read.broken, ["the rest: the reader crashed: signal 7"]);
    }

    #[test]
    fn an_article_that_is_none_of_the_file_is_refused() {
        let mut off = article("a.eml");
        off.blocks[0].breaks = vec![1];
        let mut back = article("a.eml");
        back.blocks[0].breaks = vec![3, 2];
        let mut deep = article("a.eml");
        deep.blocks[0].kind = BlockKind::Heading(7);
        for stranger in [article("b.eml"), article("a.emlx"), article(""), off, back, deep] {
            let (articles, read) = heard(&frames(&[stranger]));
            assert!(articles.is_empty());
            assert!(read.unwrap_err().reason.ends_with("what it sent makes no sense"));
        }
        // No end without an article, and no refusal after one.
        let mut empty = Vec::new();
        frame::push(&mut empty, &Answer::<()>::Read(vec![])).unwrap();
        assert!(heard(&empty).1.is_err());
        let mut both = frames(&[article("a.eml")]);
        frame::push(&mut both, &Answer::<()>::Unreadable("no".into())).unwrap();
        assert_eq!(heard(&both).1.unwrap().broken.len(), 1);
    }

    #[test]
    fn without_workers_nothing_is_started() {
        assert!(Isolation::InProcess.worker().is_none());
        let worker = Isolation::Workers(Workers::new("polidex")).worker().unwrap();
        assert!(worker.takes(true) && !worker.takes(false));
    }
}
