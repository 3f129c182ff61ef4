//! Many writers at once: one at a time works, the others say who holds the lock.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use polidex::{Corpus, UpdateOptions};

use crate::trial::{Outcome, Trial, ensure};
use crate::util::{Desk, Run};
use crate::world::{self, World};

/// How long a writer may take to say that another one is at work: its patience of a second, and
/// what fifty processes on a busy machine need to start.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts 2 to 50 writers together. In one round of ten a writer of this process holds the lock
/// longer than any of them waits.
pub(crate) fn rounds(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    let mut folder = World::new();
    let (mut started, mut locked, mut slowest) = (0, 0, Duration::ZERO);
    desk.write("first.txt", "The first.");
    folder.insert("first.txt".into(), "The first.".into());
    ensure(desk.run(&["index", "corpus", "--index", "index"]).code == 0, || "no index".into())?;
    while trial.goes_on() {
        for _ in 0..trial.random.usize(1..10) {
            let path = format!("{}.txt", trial.random.u16(..500));
            let text = world::paragraph(&mut trial.random, 30);
            desk.write(&path, &text);
            folder.insert(path, text);
        }
        let count = trial.random.usize(2..=50);
        let held = trial.reached % 10 == 9;
        let ended = if held {
            desk.write("held.txt", world::paragraph(&mut trial.random, 30));
            let text = std::fs::read_to_string(desk.corpus().join("held.txt")).unwrap();
            folder.insert("held.txt".into(), text);
            beside_a_holder(&desk, count)
        } else {
            together(&desk, count)
        };
        for (run, elapsed) in &ended {
            started += 1;
            if run.code == 0 {
                ensure(!held, || "a second writer wrote beside the first".into())?;
                continue;
            }
            locked += 1;
            slowest = slowest.max(*elapsed);
            let names = run.err.contains("\"locked\"") && run.err.contains("process ");
            ensure(run.code == 2 && names, || format!("code {}: {}", run.code, run.err))?;
            let own = format!("process {}", std::process::id());
            ensure(!held || run.err.contains(&own), || format!("not {own}: {}", run.err))?;
            ensure(*elapsed < PATIENCE, || format!("it took {elapsed:?} to say so"))?;
        }
        ensure(held || ended.iter().any(|(run, _)| run.code == 0), || "no writer won".into())?;
        world::hold(&world::open(&desk.path("index"))?, &folder)?;
        trial.reached += 1;
    }
    trial.note(format!(
        "{started} writers, {locked} were told who writes, after {slowest:.1?} at most"
    ));
    Ok(())
}

/// Runs so many writers; how each ended, and when.
fn together(desk: &Desk, count: usize) -> Vec<(Run, Duration)> {
    let start = Instant::now();
    std::thread::scope(|scope| {
        let run = || {
            let mut command = desk.command(&["index", "corpus", "--index", "index", "--json"]);
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            (Run::of(child.wait_with_output().unwrap()), start.elapsed())
        };
        let all: Vec<_> = (0..count).map(|_| scope.spawn(run)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

/// Runs so many writers while this process is at an update.
fn beside_a_holder(desk: &Desk, count: usize) -> Vec<(Run, Duration)> {
    let (busy, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (at_work, may_end) = (busy.clone(), done.clone());
    let progress: polidex::Observer = Arc::new(move |_| {
        at_work.store(true, Ordering::SeqCst);
        while !may_end.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| {
            let index = polidex::Index::open(desk.path("index")).unwrap();
            let options = UpdateOptions { progress: Some(progress), ..UpdateOptions::default() };
            index.update(&Corpus::open(desk.corpus()).unwrap(), &options).unwrap();
        });
        while !busy.load(Ordering::SeqCst) && !holder.is_finished() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let ended = together(desk, count);
        done.store(true, Ordering::SeqCst);
        holder.join().unwrap();
        ended
    })
}
