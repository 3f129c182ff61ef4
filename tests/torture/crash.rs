//! Kills of an update at any moment: the index is at its last commit or at the next, wholly.

use std::process::{Child, Stdio};
use std::time::Instant;

use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;
use crate::world::{self, World};

/// Kills `polidex index` while it runs on a folder that changes from run to run.
pub(crate) fn kills(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    let dir = desk.path("index");
    // What is in the folder, and what the index must have at the least.
    let mut folder = World::new();
    let mut committed = World::new();
    change(&desk, &mut folder, &mut trial.random, 30);
    let began = Instant::now();
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    ensure(run.code == 0, || format!("the first run: {}", run.err))?;
    committed.clone_from(&folder);
    // How long a run takes here and now: kills are spread over it.
    let mut whole = began.elapsed();
    let (mut ended, mut unacknowledged, mut leftovers) = (0, 0, 0);
    while trial.goes_on() {
        let changes = trial.random.usize(1..25);
        change(&desk, &mut folder, &mut trial.random, changes);
        let mut child = start(&desk, trial.random.u8(..4) == 0);
        // One in five in the first moments, when the lock is taken and the index opened.
        let part = if trial.random.u8(..5) == 0 { 0.2 } else { 1.1 };
        std::thread::sleep(whole.mul_f64(part * trial.random.f64()));
        let by_itself = kill(&mut child)?;
        trial.reached += u64::from(!by_itself);
        ended += u64::from(by_itself);
        let index = world::open(&dir)?;
        if by_itself {
            world::hold(&index, &folder).map_err(|error| format!("acknowledged: {error}"))?;
            committed.clone_from(&folder);
        } else if let Err(older) = world::hold(&index, &committed) {
            world::hold(&index, &folder).map_err(|newer| {
                format!("neither the last commit ({older}) nor the next ({newer})")
            })?;
            unacknowledged += 1;
            committed.clone_from(&folder);
        }
        leftovers += world::names(&dir, ".tmp").len();
        if trial.random.u8(..8) == 0 {
            let began = Instant::now();
            let run = desk.run(&["index", "corpus", "--index", "index"]);
            whole = (whole + began.elapsed()) / 2;
            ensure(run.code == 0, || format!("the run after a kill: {}", run.err))?;
            world::hold(&world::open(&dir)?, &folder)?;
            committed.clone_from(&folder);
            let left = world::names(&dir, ".tmp");
            ensure(left.is_empty(), || format!("left behind: {left:?}"))?;
            let left = world::names(&desk.path("."), "index.");
            ensure(left.is_empty(), || format!("left beside the index: {left:?}"))?;
        }
    }
    trial.note(format!(
        "{ended} runs ended before their kill; {unacknowledged} commits were there without having \
         been acknowledged; {leftovers} temporary files were left and swept"
    ));
    Ok(())
}

/// Adds, edits and deletes files, the folder and what it holds alike.
fn change(desk: &Desk, folder: &mut World, random: &mut fastrand::Rng, changes: usize) {
    for _ in 0..changes {
        let path = format!("{}.txt", random.u8(..80));
        if folder.contains_key(&path) && random.u8(..4) == 0 && folder.len() > 25 {
            desk.delete(&path);
            folder.remove(&path);
        } else {
            let length = random.usize(5..400);
            let text = world::paragraph(random, length);
            desk.write(&path, &text);
            folder.insert(path, text);
        }
    }
}

fn start(desk: &Desk, anew: bool) -> Child {
    let mut command = desk.command(&["index", "corpus", "--index", "index"]);
    if anew {
        command.arg("--rebuild");
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills a process; whether it had ended by itself before.
fn kill(child: &mut Child) -> Result<bool, String> {
    let _ = child.kill();
    match child.wait().unwrap().code() {
        None => Ok(false),
        Some(0) => Ok(true),
        Some(code) => Err(format!("a run ended with code {code}")),
    }
}
