//! The test programme: crashes, power cuts, failing disks, damage and hostile input, by the number.
//!
//! `cargo run --release --features torture --bin torture -- [TEST…] [--minutes N] [--seed S]`;
//! docs/torture.md says what each test does and which numbers have been reached.

mod trial;

mod bombs;
mod crash;
mod damage;
mod faults;
mod histories;
mod hostile;
mod malformed;
mod measured;
mod memory;
mod output;
mod poisoned;
mod power;
mod queries;
mod race;
mod readers;
mod starved;
mod stories;
mod world;
mod writers;

#[path = "../it/mutants.rs"]
mod mutants;
#[path = "../it/oracle/mod.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../it/util.rs"]
#[allow(dead_code)]
mod util;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use trial::{Test, Trial};

/// Every test, in the order in which they run.
const TESTS: &[Test] = &[
    Test { id: "R1", what: "kills during an update", wanted: 1000, run: crash::kills },
    Test { id: "R2", what: "states after a power cut", wanted: 5700, run: power::cuts },
    Test { id: "R4", what: "failing disk operations", wanted: 8500, run: faults::injections },
    Test { id: "R5", what: "updates short of memory", wanted: 40, run: starved::steps },
    Test { id: "R6", what: "damages looked for by a check", wanted: 60_000, run: damage::found },
    Test { id: "R7", what: "damages repaired", wanted: 200, run: damage::repaired },
    Test { id: "C1", what: "rounds of many writers", wanted: 200, run: writers::rounds },
    Test { id: "C2", what: "searches beside a writer", wanted: 100_000, run: readers::searches },
    Test { id: "C3", what: "uses of a folder that is not ours", wanted: 8, run: readers::foreign },
    Test {
        id: "D1",
        what: "queries that agree with the oracle",
        wanted: 10_000,
        run: stories::asked,
    },
    Test { id: "I1", what: "fixtures of a hostile folder", wanted: 45, run: hostile::fixtures },
    Test { id: "I2", what: "opens in a race", wanted: 200_000, run: race::opens },
    Test { id: "I3", what: "histories of edits", wanted: 1000, run: histories::edits },
    Test { id: "I4", what: "folders that vanish", wanted: 6, run: histories::vanished },
    Test { id: "F2", what: "malformed files", wanted: 12_000, run: malformed::files },
    Test { id: "F3", what: "bombs", wanted: 40, run: bombs::defused },
    Test { id: "Q1", what: "queries of death", wanted: 80, run: queries::of_death },
    Test { id: "M1", what: "corpora in bounded memory", wanted: 4, run: memory::corpora },
    Test { id: "O1", what: "strings through the output", wanted: 100_000, run: output::strings },
    Test { id: "S1", what: "poisoned indexes", wanted: 20, run: poisoned::indexes },
];

/// What was asked for on the command line.
struct Asked {
    tests: Vec<&'static Test>,
    minutes: Option<f64>,
    seed: u64,
}

static BINARY: OnceLock<PathBuf> = OnceLock::new();

/// The polidex program that is tested: the one beside this program.
pub(crate) fn binary() -> &'static Path {
    BINARY.get_or_init(|| std::env::current_exe().unwrap().with_file_name("polidex"))
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // The reader processes of C2 are this program again.
    if let [role, place] = args.as_slice()
        && role == "--read"
    {
        return readers::in_a_process(Path::new(place));
    }
    let asked = match asked(&args) {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("torture: {error}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = build() {
        eprintln!("torture: {error}");
        return ExitCode::from(2);
    }
    let end = asked.minutes.map(|minutes| Instant::now() + Duration::from_secs_f64(minutes * 60.0));
    let mut failed = Vec::new();
    for (number, test) in asked.tests.iter().enumerate() {
        // The time that is left is shared evenly by the tests that are left.
        let left = (asked.tests.len() - number) as u32;
        let until = end.map(|end| {
            let now = Instant::now();
            now + end.saturating_duration_since(now) / left
        });
        if !Trial::of(test, asked.seed, until) {
            failed.push(test.id);
        }
    }
    if failed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("failed: {}", failed.join(" "));
    ExitCode::from(1)
}

fn asked(args: &[String]) -> Result<Asked, String> {
    let mut asked = Asked { tests: Vec::new(), minutes: None, seed: 1 };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--minutes" => asked.minutes = Some(number(value()?)?),
            "--seed" => asked.seed = number(value()?)?,
            id => match TESTS.iter().find(|test| test.id.eq_ignore_ascii_case(id)) {
                Some(test) => asked.tests.push(test),
                None => {
                    let ids: Vec<&str> = TESTS.iter().map(|test| test.id).collect();
                    return Err(format!("there is no test {id}; there are {}", ids.join(" ")));
                }
            },
        }
    }
    if asked.tests.is_empty() {
        asked.tests = TESTS.iter().collect();
    }
    Ok(asked)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

/// Builds the program that is tested, from the same sources with the same features.
fn build() -> Result<(), String> {
    let manifest = util::project().join("Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--locked", "--features", "torture", "--bin", "polidex"]);
    command.arg("--manifest-path").arg(manifest);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("polidex could not be built: {status}")),
        Err(_) if binary().exists() => Ok(()),
        Err(error) => Err(format!("polidex could not be built: {error}")),
    }
}
