//! The work of an update: files read and articles analysed, by several threads.
//!
//! Each thread takes the next file. One that finds none left takes articles from the others, so that
//! a single file of many articles keeps every core busy.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::document;
use super::record::{FileFacts, Role, Stat};
use super::report::{Phase, Problem, Progress, UpdateOptions, UpdateProfile};
use super::session::Session;
use super::status::problem;
use crate::analysis::Stems;
use crate::article::Article;
use crate::corpus::{Corpus, Extractor, FileEntry};
use crate::{Error, Result};

/// A file that was changed less than this long before it was read may change once more without its
/// time of change telling (the tick of the coarsest file systems).
const RACY_NANOSECONDS: i64 = 2_000_000_000;

/// The same of the time that no program can set, which local file systems alone keep: their tick is
/// a hundredth of a second at most.
const RACY_CHANGE: i64 = 100_000_000;

/// So many articles, and so many bytes of them, may wait for each thread without a file.
const WAITING: usize = 16;
const WAITING_BYTES: usize = 1 << 20;

/// Of fewer bytes in one file, a further thread would do next to nothing.
const BYTES_FOR_A_THREAD: u64 = 1 << 20;

/// A file that is to be looked at.
pub(super) struct Task {
    pub(super) entry: FileEntry,
    pub(super) known: Option<FileFacts>,
    /// What of it was missing from the index.
    pub(super) problem: Option<Problem>,
    pub(super) articles_before: u64,
}

/// Tells the caller how far the work is, and the work whether it shall end.
pub(super) struct Observer<'a> {
    options: &'a UpdateOptions,
    files_done: AtomicU64,
    bytes_done: AtomicU64,
    files_total: AtomicU64,
    bytes_total: AtomicU64,
}

impl<'a> Observer<'a> {
    pub(super) fn new(options: &'a UpdateOptions) -> Observer<'a> {
        let zero = AtomicU64::default;
        Observer {
            options,
            files_done: zero(),
            bytes_done: zero(),
            files_total: zero(),
            bytes_total: zero(),
        }
    }

    pub(super) fn expect(&self, tasks: &[Task]) {
        self.files_total.store(tasks.len() as u64, Ordering::Relaxed);
        self.bytes_total.store(tasks.iter().map(|task| task.entry.size).sum(), Ordering::Relaxed);
    }

    fn done(&self, bytes: u64) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.report(Phase::Reading);
    }

    pub(super) fn report(&self, phase: Phase) {
        if let Some(progress) = &self.options.progress {
            progress(&Progress {
                phase,
                files_done: self.files_done.load(Ordering::Relaxed),
                files_total: self.files_total.load(Ordering::Relaxed),
                bytes_done: self.bytes_done(),
                bytes_total: self.bytes_total.load(Ordering::Relaxed),
            });
        }
    }

    pub(super) fn bytes_done(&self) -> u64 {
        self.bytes_done.load(Ordering::Relaxed)
    }

    pub(super) fn cancelled(&self) -> bool {
        self.options.cancel.as_ref().is_some_and(|cancel| cancel.is_cancelled())
    }
}

/// What the threads share.
struct Work<'a> {
    corpus: &'a Corpus,
    observer: &'a Observer<'a>,
    session: &'a Session<'a>,
    next: AtomicUsize,
    tasks: Vec<Task>,
    outcome: Mutex<Outcome>,
    handover: Handover,
}

/// What the threads have done.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) added: u64,
    pub(super) changed: u64,
    pub(super) removed: u64,
    pub(super) unchanged: u64,
    /// Files that articles came from before and that cannot be read now.
    pub(super) unreadable: usize,
    pub(super) problems: Vec<Problem>,
    pub(super) languages: BTreeSet<String>,
    pub(super) verified: Vec<(String, [u8; 32], Stat)>,
    pub(super) profile: UpdateProfile,
    error: Option<Error>,
}

/// Reads and analyses these files, by so many threads.
pub(super) fn run(
    corpus: &Corpus,
    observer: &Observer<'_>,
    session: &Session<'_>,
    tasks: Vec<Task>,
    panicked: impl Fn() -> Error,
) -> Result<Outcome> {
    let bytes: u64 = tasks.iter().map(|task| task.entry.size).sum();
    let useful = tasks.len().max(1 + (bytes / BYTES_FOR_A_THREAD) as usize);
    let threads = observer.options.threads_meant().min(useful).max(1);
    let next = AtomicUsize::new(0);
    let (outcome, handover) = (Mutex::new(Outcome::default()), Handover::new(threads));
    let work = Work { corpus, observer, session, next, tasks, outcome, handover };
    thread::scope(|scope| {
        let hands: Vec<_> = (0..threads).map(|_| scope.spawn(|| work.run())).collect();
        for hand in hands {
            // A reader that panicked has told nobody which file it was at; the run must not look
            // complete.
            if hand.join().is_err() {
                work.fail(panicked());
            }
        }
    });
    let outcome = work.outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
    match outcome.error {
        Some(error) => Err(error),
        None if observer.cancelled() => Err(Error::Cancelled),
        None => Ok(outcome),
    }
}

/// An article on its way into the index.
struct Job {
    article: Article,
    file: String,
    role: Role,
}

/// What one thread works with.
struct Hand<'a> {
    session: &'a Session<'a>,
    stems: Stems,
    languages: BTreeSet<String>,
    profile: UpdateProfile,
}

impl Hand<'_> {
    /// Analyses an article and hands it to the index.
    fn add(&mut self, job: &Job) -> Result<()> {
        let Job { article, file, role } = job;
        let start = Instant::now();
        let document = document::of_article(
            &self.session.fields,
            article,
            file,
            role.clone(),
            &mut self.stems,
        )?;
        let analysed = Instant::now();
        if !self.languages.contains(document.language.code()) {
            self.languages.insert(document.language.code().to_owned());
        }
        self.session.add(document)?;
        self.profile.analyse += analysed - start;
        self.profile.write += analysed.elapsed();
        Ok(())
    }
}

impl Work<'_> {
    fn run(&self) {
        let reading = Reading(&self.handover);
        let mut hand = Hand {
            session: self.session,
            stems: Stems::new(),
            languages: BTreeSet::new(),
            profile: UpdateProfile::default(),
        };
        let mut extractor = Extractor::new(&self.observer.options.isolation);
        while let Some(task) = self.tasks.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            if self.ends() {
                return;
            }
            if let Err(error) = self.read(task, &mut hand, &mut extractor) {
                return self.fail(error);
            }
            self.observer.done(task.entry.size);
        }
        drop(extractor);
        drop(reading);
        while let Some(job) = self.handover.take() {
            if self.ends() {
                return;
            }
            if let Err(error) = hand.add(&job) {
                return self.fail(error);
            }
        }
        let mut outcome = self.lock();
        outcome.languages.append(&mut hand.languages);
        outcome.profile.add(&hand.profile);
    }

    /// Whether there is no more to be done, since it would be in vain.
    fn ends(&self) -> bool {
        self.observer.cancelled() || self.lock().error.is_some()
    }

    fn fail(&self, error: Error) {
        self.lock().error.get_or_insert(error);
    }

    fn lock(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, task: &Task, hand: &mut Hand<'_>, extractor: &mut Extractor) -> Result<()> {
        let entry = &task.entry;
        let start = Instant::now();
        let read_at =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos() as i64);
        let racy =
            entry.modified > read_at - RACY_NANOSECONDS || entry.changed > read_at - RACY_CHANGE;
        let mut stat = stat(entry);
        if racy {
            stat.modified = 0;
        }
        let hash = self.corpus.hash(entry);
        hand.profile.read += start.elapsed();
        let hash = match hash {
            Ok(hash) => hash,
            Err(error) => {
                self.session.forget(&entry.path);
                self.lock().unreadable += usize::from(task.articles_before > 0);
                let facts = FileFacts { stat, ..FileFacts::default() };
                let role = Role::Failed(facts, format!("cannot be read: {error}"));
                return self.add_file(task, role, 0);
            }
        };
        if task.known.as_ref().is_some_and(|known| known.hash == hash) {
            let mut outcome = self.lock();
            outcome.unchanged += task.articles_before;
            outcome.problems.extend(task.problem.clone());
            outcome.verified.push((entry.path.clone(), hash, stat));
            return Ok(());
        }
        self.session.forget(&entry.path);
        let (start, elsewhere) = (Instant::now(), hand.profile.analyse + hand.profile.write);
        let mut articles = 0;
        let mut waiting: Option<Article> = None;
        let mut error = None;
        let read = extractor.read(self.corpus, entry, &mut |article| {
            articles += 1;
            // The first article waits: it may be the whole of its file.
            if articles == 1 && article.path == entry.path {
                waiting = Some(article);
                return;
            }
            let job = Job { article, file: entry.path.clone(), role: Role::part_of(&entry.path) };
            if let Some(job) = self.handover.offer(job)
                && let Err(cause) = hand.add(&job)
            {
                error.get_or_insert(cause);
            }
        });
        let elsewhere = hand.profile.analyse + hand.profile.write - elsewhere;
        hand.profile.extract += start.elapsed().saturating_sub(elsewhere);
        if let Some(error) = error {
            return Err(error);
        }
        let read = read?;
        let facts = |format: &str| FileFacts { format: format.to_owned(), hash, stat };
        let role = match (read, waiting) {
            (Ok(read), Some(article)) => {
                // What of the file could not be read is kept with the file.
                let whole = read.broken.is_empty();
                let role = match whole {
                    true => Role::Whole(facts(read.format)),
                    false => Role::part_of(&entry.path),
                };
                hand.add(&Job { article, file: entry.path.clone(), role })?;
                if whole {
                    self.count(task, articles, None);
                    return Ok(());
                }
                Role::Container(facts(read.format), read.broken)
            }
            (Ok(read), None) => Role::Container(facts(read.format), read.broken),
            (Err(unreadable), _) => Role::Failed(facts(""), unreadable.reason),
        };
        self.add_file(task, role, articles)
    }

    /// Adds the document of a file that is no article by itself.
    fn add_file(&self, task: &Task, role: Role, articles: u64) -> Result<()> {
        let path = &task.entry.path;
        let problem = problem(path, &role);
        self.session.add(document::of_file(&self.session.fields, path, role)?)?;
        self.count(task, articles, problem);
        Ok(())
    }

    fn count(&self, task: &Task, articles: u64, problem: Option<Problem>) {
        let mut outcome = self.lock();
        let before = task.articles_before;
        outcome.changed += before.min(articles);
        outcome.added += articles.saturating_sub(before);
        outcome.removed += before.saturating_sub(articles);
        outcome.problems.extend(problem);
    }
}

/// Articles that threads with a file leave to those that have none.
struct Handover {
    state: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    jobs: VecDeque<Job>,
    bytes: usize,
    /// Threads that have a file, and those that have none.
    reading: usize,
    idle: usize,
}

/// A thread that has a file, or may get one. However it ends, nobody waits for it after that.
struct Reading<'a>(&'a Handover);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.reading -= 1;
        state.idle += 1;
        self.0.changed.notify_all();
    }
}

impl Handover {
    fn new(threads: usize) -> Handover {
        let state = Waiting { jobs: VecDeque::new(), bytes: 0, reading: threads, idle: 0 };
        Handover { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves an article to another thread; gives it back where they all have enough to do.
    fn offer(&self, job: Job) -> Option<Job> {
        let mut state = self.lock();
        let room = WAITING * state.idle > state.jobs.len();
        if !room || state.bytes > WAITING_BYTES * state.idle {
            return Some(job);
        }
        state.bytes += size(&job);
        state.jobs.push_back(job);
        self.changed.notify_one();
        None
    }

    /// The next article for a thread that has no file; none when no other thread has one.
    fn take(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                state.bytes -= size(&job);
                return Some(job);
            }
            if state.reading == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn size(job: &Job) -> usize {
    job.article.blocks.iter().map(|block| block.text.len()).sum()
}

/// What the file system says of a file.
pub(super) fn stat(entry: &FileEntry) -> Stat {
    let FileEntry { size, modified, changed, inode, .. } = *entry;
    Stat { size, modified, changed, inode }
}
