//! Readers: beside a writer, in threads and in processes, and of indexes that are not theirs.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use polidex::{Index, Query, SearchOptions};

use crate::trial::{Outcome, Trial, ensure};
use crate::util::{Desk, Run};
use crate::world;

const THREADS: usize = 8;
const PROCESSES: usize = 4;

const QUERIES: &[&str] = &["\"digital sovereignty\"", "cloud policy", "data OR act", "regul*"];

/// Searches as long as it is let; how often, or what went wrong.
fn read(dir: &Path, mut goes_on: impl FnMut(u64) -> bool) -> Result<u64, String> {
    let (mut count, mut last) = (0, 0);
    while goes_on(count) {
        let searcher = world::open(dir)?.searcher().map_err(|error| error.to_string())?;
        ensure(searcher.generation() >= last, || {
            format!("generation {} after {last}", searcher.generation())
        })?;
        last = searcher.generation();
        for query in QUERIES {
            let query = Query::parse(query).map_err(|error| error.to_string())?;
            let found = searcher.search(&query, &SearchOptions::default());
            let found = found.map_err(|error| format!("generation {last}: {error}"))?;
            ensure(found.generation == last && found.articles > 0, || {
                format!("generation {last}: {} articles", found.articles)
            })?;
            count += 1;
        }
    }
    Ok(count)
}

/// This program as a reader: until standard input ends, then says how many searches there were.
pub(crate) fn in_a_process(dir: &Path) -> ExitCode {
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            ended.store(true, Ordering::SeqCst);
        });
        match read(dir, |_| !ended.load(Ordering::SeqCst)) {
            Ok(count) => {
                println!("{count}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{error}");
                std::process::exit(1)
            }
        }
    })
}

/// One writer, eight threads and four processes that read.
pub(crate) fn searches(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    let dir = desk.path("index");
    let index = Index::create(&dir).unwrap();
    let mut random = trial.random.fork();
    let mut articles = |count: usize| -> Vec<polidex::Article> {
        let mut one = |_| {
            let text = world::paragraph(&mut random, 40) + " Digital sovereignty, cloud policy.";
            world::article(&format!("{}", random.u16(..3000)), &text)
        };
        (0..count).map(&mut one).collect()
    };
    index.add(articles(2000)).map_err(|error| error.to_string())?;
    let mut processes: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("--read").arg(&dir).stdin(Stdio::piped()).stdout(Stdio::piped());
            command.stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let total = AtomicU64::new(0);
    let ended = AtomicBool::new(false);
    let mut commits = 0;
    let here = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let mut before = 0;
                    let goes_on = |count: u64| {
                        total.fetch_add(count - before, Ordering::SeqCst);
                        before = count;
                        !ended.load(Ordering::SeqCst)
                    };
                    let read = read(&dir, goes_on);
                    ended.fetch_or(read.is_err(), Ordering::SeqCst);
                    read
                })
            })
            .collect();
        let mut written = Ok(());
        // The processes have read about half as much as the threads by then.
        while !ended.load(Ordering::SeqCst) && written.is_ok() {
            let some = trial.random.usize(1..60);
            written = index.add(articles(some)).map(drop);
            commits += 1;
            let enough = total.load(Ordering::SeqCst) >= trial.wanted;
            ended.fetch_or(enough || !trial.has_time(), Ordering::SeqCst);
        }
        ended.store(true, Ordering::SeqCst);
        let read: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        written.map_err(|error| format!("the writer: {error}"))?;
        read.into_iter().sum::<Result<u64, String>>()
    });
    let mut elsewhere = 0;
    for mut process in processes.drain(..) {
        drop(process.stdin.take());
        let run = Run::of(process.wait_with_output().unwrap());
        ensure(run.code == 0, || format!("a process: {}", run.err))?;
        elsewhere += run.out.trim().parse::<u64>().unwrap();
    }
    let here = here?;
    trial.reached = here + elsewhere;
    trial.note(format!("{here} searches in threads, {elsewhere} in processes, {commits} commits"));
    let check = index.check().map_err(|error| error.to_string())?;
    ensure(check.damage.is_empty(), || format!("{:?}", check.damage))
}

/// Nobody, on every Linux.
const NOBODY: u32 = 65_534;

/// An index of root, used by somebody else: read where that is allowed, else refused in words.
pub(crate) fn foreign(trial: &mut Trial) -> Outcome {
    let desk = Desk::with(&[("a.md", "# Alpha\n\nDigital sovereignty.\n")]);
    ensure(desk.run(&["index", "corpus", "--index", "index"]).code == 0, || "no index".into())?;
    let mode = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(desk.path(name), permissions).unwrap();
    };
    // The program itself may lie where nobody else can reach it.
    std::fs::copy(crate::binary(), desk.path("polidex")).unwrap();
    mode("polidex", 0o755);
    mode(".", 0o755);
    mode("index", 0o555);
    let run_as = |args: &[&str]| {
        let mut command = Command::new(desk.path("polidex"));
        command.args(args).current_dir(desk.path(".")).uid(NOBODY).gid(NOBODY);
        command.env("XDG_DATA_HOME", desk.path("data")).env("HOME", desk.path("home"));
        command.output().map(Run::of)
    };
    if let Err(error) = run_as(&["limits"]) {
        trial.note(format!("left out: only root can be somebody else ({error})"));
        return Ok(());
    }
    let run = |args: &[&str]| run_as(args).unwrap();
    for args in [
        &["search", "--index", "index", "-l", "\"digital sovereignty\""][..],
        &["status", "--index", "index"],
        &["show", "--index", "index", "a.md"],
        &["check", "--index", "index"],
    ] {
        let run = run(args);
        ensure(run.code == 0, || format!("{args:?}: {}", run.err))?;
        trial.reached += 1;
    }
    let mut refused = |args: &[&str]| {
        let run = run(args);
        trial.reached += 1;
        let words = ["ermission denied", "belongs to another user"];
        let said = words.iter().any(|words| run.err.contains(words));
        ensure(run.code == 2 && said, || format!("{args:?}: code {}: {}", run.code, run.err))
    };
    desk.write("b.md", "# Beta\n");
    refused(&["index", "corpus", "--index", "index"])?;
    refused(&["index", "corpus"])?;
    mode("index", 0o700);
    refused(&["search", "--index", "index", "digital"])?;
    mode("index", 0o755);
    let script = "mount --bind index index && mount -o remount,ro,bind index || exit 77
        $P search --index index -l digital || exit 1
        $P index corpus --index index; echo code $?";
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", script]).current_dir(desk.path("."));
    match command.env("P", desk.path("polidex")).output().map(Run::of) {
        Ok(run) if run.code == 0 => {
            ensure(
                run.out == "a.md\ncode 2\n" && run.err.contains("Read-only file system"),
                || format!("on a read-only mount: {}{}", run.out, run.err),
            )?;
            trial.reached += 1;
        }
        Ok(run) if run.code == 1 => return Err(format!("read-only mount: {}{}", run.out, run.err)),
        _ => trial.note("left out: nothing can be mounted here"),
    }
    std::io::stdout().flush().map_err(|error| error.to_string())
}
