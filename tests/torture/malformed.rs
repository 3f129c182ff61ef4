//! Malformed files of every format, through the program: each is an article or has a reason.

use std::time::Duration;

use crate::measured::{self, mib};
use crate::mutants::{data, mutate, seeds};
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;

/// So many files are indexed at once.
const BATCH: u64 = 400;

/// The memory that a worker may have, in bytes.
const WORKER: u64 = 1 << 30;

pub(crate) fn files(trial: &mut Trial) -> Outcome {
    let kinds = seeds(&data());
    let (mut read, mut slowest, mut peak, mut worker) = (0, Duration::ZERO, 0, 0);
    let mut late = Vec::new();
    while trial.goes_on() {
        let desk = Desk::new();
        for number in 0..BATCH.min(trial.wanted - trial.reached) {
            let seed = trial.seed + trial.reached + number;
            let mut random = fastrand::Rng::with_seed(seed);
            let path = random.choice(&kinds[seed as usize % kinds.len()]).unwrap();
            let mut bytes = std::fs::read(path).unwrap();
            mutate(&mut bytes, &mut random);
            let name = path.file_name().unwrap().to_string_lossy();
            desk.write(&format!("{seed}-{}", name.trim_start_matches('.')), bytes);
        }
        let mut command = desk.command(&["index", "corpus", "--json", "--no-ignore"]);
        let ended = measured::run(&mut command, Duration::from_secs(1800));
        ensure(!ended.stopped, || "the run hangs".into())?;
        ensure(ended.run.code == 0, || format!("{}: {}", ended.run.code, ended.run.err))?;
        let report = ended.run.json().remove(0);
        let mut unread = 0;
        for problem in report["problems"].as_array().unwrap() {
            let (path, reason) = (problem["path"].as_str(), problem["reason"].as_str());
            let (path, reason) = (path.unwrap_or_default(), reason.unwrap_or_default());
            ensure(!reason.is_empty(), || format!("{path} has no reason"))?;
            let panicked = reason.contains("the reader failed") || reason.contains("crashed");
            if panicked || reason.contains("took longer") || reason.contains("memory") {
                late.push(format!("{path}: {reason}"));
            }
            if panicked {
                keep(&desk, path);
                return Err(format!("{path}: {reason}"));
            }
            unread += u64::from(problem["kind"] != "partial");
        }
        let status = desk.run(&["status", "--json", "--in", "corpus"]).json().remove(0);
        let files = std::fs::read_dir(desk.corpus()).unwrap().count() as u64;
        ensure(status["files"].as_u64() == Some(files), || format!("{files} files: {status}"))?;
        read += files - unread;
        slowest = slowest.max(ended.elapsed);
        peak = peak.max(ended.peak);
        worker = worker.max(ended.worker_peak);
        ensure(worker <= WORKER, || format!("a worker had {} MiB", mib(worker)))?;
        let check = desk.run(&["check", "--in", "corpus"]);
        ensure(check.code == 0, || check.err.clone())?;
        trial.reached += files;
    }
    ensure(worker > 0, || "no worker was seen".into())?;
    trial.note(format!(
        "{} kinds of seeds; {read} files gave something, the others have a reason; {BATCH} took \
         {slowest:.1?} at most; peak {} MiB, of a worker {} MiB",
        kinds.len(),
        mib(peak),
        mib(worker)
    ));
    late.iter().for_each(|file| trial.note(format!("at a limit: {file}")));
    Ok(())
}

/// Keeps a file that did what none may.
fn keep(desk: &Desk, path: &str) {
    let kept = std::env::temp_dir().join(format!("torture-{}", path.replace('/', "-")));
    if std::fs::copy(desk.corpus().join(path), &kept).is_ok() {
        println!("   kept as {}", kept.display());
    }
}
