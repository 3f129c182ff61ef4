//! A process measured: how long it took, how much memory it had at most, what it said.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::util::Run;

pub(crate) struct Measured {
    pub(crate) run: Run,
    pub(crate) elapsed: Duration,
    /// The most resident memory of the process and of any one of its workers, in bytes.
    pub(crate) peak: u64,
    pub(crate) worker_peak: u64,
    /// Whether it was stopped because it took too long.
    pub(crate) stopped: bool,
}

/// Runs a command to its end, for at most `most`.
pub(crate) fn run(command: &mut Command, most: Duration) -> Measured {
    let (mut out, mut err) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out.try_clone().unwrap())
        .stderr(err.try_clone().unwrap())
        .spawn()
        .unwrap();
    let (mut peak, mut worker_peak, mut stopped) = (0, 0, false);
    let status = loop {
        peak = peak.max(high_water(child.id()));
        for worker in children(child.id()) {
            worker_peak = worker_peak.max(high_water(worker));
        }
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > most => {
                stopped = true;
                let _ = child.kill();
                break child.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let elapsed = start.elapsed();
    let output = Output { status, stdout: all(&mut out), stderr: all(&mut err) };
    Measured { run: Run::of(output), elapsed, peak, worker_peak, stopped }
}

fn all(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The peak of a process's resident memory so far, in bytes; 0 where it has ended.
pub(crate) fn high_water(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
}

/// The children of all threads of a process.
fn children(process: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    let of = |thread: std::fs::DirEntry| std::fs::read_to_string(thread.path().join("children"));
    let texts = threads.filter_map(|thread| of(thread.ok()?).ok());
    texts
        .flat_map(|text| {
            text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()
        })
        .collect()
}

/// Bytes as MiB.
pub(crate) fn mib(bytes: u64) -> u64 {
    bytes >> 20
}
