//! Failing disks: any operation meets an error of the system, and the last commit stays.

use std::panic::{AssertUnwindSafe, catch_unwind};

use polidex::Index;
use polidex::index::simulated::SimulatedDisk;

use crate::trial::{Outcome, Trial, ensure};
use crate::world::{self, World};

/// One commit of a story.
#[derive(Clone)]
pub(crate) enum Step {
    /// Adds articles, or replaces them.
    Add(Vec<(String, String)>),
    Delete(Vec<String>),
}

impl Step {
    pub(crate) fn apply(&self, index: &Index, world: &mut World) -> polidex::Result<()> {
        match self {
            Step::Add(articles) => {
                index.add(articles.iter().map(|(path, text)| world::article(path, text)))?;
                world.extend(articles.iter().cloned());
            }
            Step::Delete(paths) => {
                index.delete(paths)?;
                paths.iter().for_each(|path| drop(world.remove(path)));
            }
        }
        Ok(())
    }
}

/// Commits that add, edit and delete; their sizes make the index merge now and then.
pub(crate) fn story(random: &mut fastrand::Rng, commits: usize) -> Vec<Step> {
    let mut paths: Vec<String> = Vec::new();
    let mut steps = Vec::new();
    for number in 0..commits {
        if number % 4 == 3 {
            random.shuffle(&mut paths);
            let gone = paths.split_off(paths.len() - paths.len().div_ceil(3));
            steps.push(Step::Delete(gone));
            continue;
        }
        let mut articles = Vec::new();
        for _ in 0..random.usize(1..9) {
            let path = format!("{}", random.u8(..40));
            let length = random.usize(3..60);
            if articles.iter().all(|(other, _)| *other != path) {
                articles.push((path, world::paragraph(random, length)));
            }
        }
        paths.extend(articles.iter().map(|(path, _)| path.clone()));
        paths.sort();
        paths.dedup();
        steps.push(Step::Add(articles));
    }
    steps
}

/// Errors of Linux, each with words of which one must stand in the message.
const ERRORS: &[(i32, &str, &[&str])] = &[
    (28, "ENOSPC", &["disk is full", "No space left"]),
    (5, "EIO", &["Input/output error"]),
    (13, "EACCES", &["Permission denied", "permission denied"]),
    (24, "EMFILE", &["Too many open files"]),
];

/// Lets every operation of every commit fail, in every way.
pub(crate) fn injections(trial: &mut Trial) -> Outcome {
    let (mut fine, mut refused, mut runs) = (0, 0, 0);
    while trial.goes_on() {
        let disk = SimulatedDisk::new();
        let mut world = World::new();
        for step in story(&mut trial.random, 12) {
            let mut next = world.clone();
            let trial_run = disk.copy();
            step.apply(&trial_run.index(), &mut next).map_err(|error| error.to_string())?;
            for at in 0..trial_run.operations() {
                for (error, name, words) in ERRORS {
                    for count in [1, 20, u64::MAX] {
                        let told =
                            inject(&disk, &step, [&world, &next], (at, count, *error), words)
                                .map_err(|told| {
                                    format!("{name} × {count} at operation {at}: {told}")
                                })?;
                        fine += u64::from(told == Told::Nothing);
                        refused += u64::from(told == Told::Cause);
                        runs += 1;
                        trial.reached += u64::from(told != Told::Missed);
                    }
                }
                if !trial.has_time() {
                    trial.note(said(runs, refused, fine));
                    return Ok(());
                }
            }
            step.apply(&disk.index(), &mut world).map_err(|error| error.to_string())?;
        }
    }
    trial.note(said(runs, refused, fine));
    Ok(())
}

fn said(runs: u64, refused: u64, fine: u64) -> String {
    format!(
        "{runs} runs: {refused} said the cause, {fine} succeeded in spite of it, the rest had ended \
         before"
    )
}

#[derive(PartialEq)]
enum Told {
    /// The operation was never reached.
    Missed,
    /// The commit succeeded.
    Nothing,
    /// The commit failed and the message named the cause.
    Cause,
}

fn inject(
    disk: &SimulatedDisk,
    step: &Step,
    [before, after]: [&World; 2],
    (at, count, error): (u64, u64, i32),
    words: &[&str],
) -> Result<Told, String> {
    let disk = disk.copy();
    let index = disk.index();
    let mut world = before.clone();
    disk.fail(at, count, error);
    let ended = catch_unwind(AssertUnwindSafe(|| step.apply(&index, &mut world)));
    let injected = disk.mend();
    let ended = ended.map_err(|_| "the library panicked".to_owned())?;
    let generation = |index: &Index| index.searcher().map(|searcher| searcher.generation());
    // A commit may be there although something behind it failed; it is never there in part.
    match (&ended, world::hold(&index, before)) {
        (Err(_), Ok(())) => {}
        (Ok(()), _) => {
            world::hold(&index, after).map_err(|error| format!("acknowledged: {error}"))?
        }
        (Err(said), Err(older)) => world::hold(&index, after).map_err(|newer| {
            format!("neither the last commit ({older}) nor the next ({newer}) after {said}")
        })?,
    }
    let told = match &ended {
        _ if injected == 0 => Told::Missed,
        Ok(()) => Told::Nothing,
        Err(said) => {
            let said = said.to_string();
            ensure(words.iter().any(|word| said.contains(word)), || {
                format!("the message does not name the cause: {said}")
            })?;
            Told::Cause
        }
    };
    step.apply(&index, &mut world).map_err(|error| format!("writing again: {error}"))?;
    world::hold(&index, after).map_err(|error| format!("after writing again: {error}"))?;
    generation(&index).map_err(|error| error.to_string())?;
    Ok(told)
}
