//! Updates that do not get the memory that they ask for.

use std::process::Command;
use std::time::Duration;

use crate::measured;
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;
use crate::world::{self, World};

/// Updates under forty limits of address space, 64 MiB to 1 GiB: each commits or leaves the index
/// at its last commit, and ends.
pub(crate) fn steps(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    let mut folder = World::new();
    let more = |folder: &mut World, random: &mut fastrand::Rng, from: usize, count: usize| {
        for number in from..from + count {
            let text = world::paragraph(random, 300);
            desk.write(&format!("{number}.txt"), &text);
            folder.insert(format!("{number}.txt"), text);
        }
    };
    more(&mut folder, &mut trial.random, 0, 20);
    ensure(desk.run(&["index", "corpus", "--index", "index"]).code == 0, || "no index".into())?;
    let mut committed = folder.clone();
    let (mut done, mut refused, mut died) = (0, 0, 0);
    while trial.goes_on() {
        let step = trial.reached as usize;
        more(&mut folder, &mut trial.random, 20 + step * 40, 40);
        let limit = (64 + step as u64 * (1024 - 64) / 39) << 20;
        let inner = desk.command(&["index", "corpus", "--index", "index"]);
        let mut command = Command::new("prlimit");
        command.arg(format!("--as={limit}")).arg("--").arg(crate::binary());
        command.args(inner.get_args()).current_dir(desk.path("."));
        let ended = measured::run(&mut command, Duration::from_secs(120));
        let place = format!("with {} MiB", measured::mib(limit));
        ensure(!ended.stopped, || format!("{place} it hangs"))?;
        let index = world::open(&desk.path("index"))?;
        match ended.run.code {
            0 => {
                world::hold(&index, &folder).map_err(|error| format!("{place}: {error}"))?;
                committed.clone_from(&folder);
                done += 1;
            }
            code => {
                if world::hold(&index, &committed).is_err() {
                    world::hold(&index, &folder).map_err(|error| format!("{place}: {error}"))?;
                    committed.clone_from(&folder);
                }
                // An allocation that fails aborts a program in Rust; it says so.
                ensure(!ended.run.err.trim().is_empty(), || format!("{place} it says nothing"))?;
                *(if code == -1 { &mut died } else { &mut refused }) += 1;
            }
        }
        trial.reached += 1;
    }
    ensure(desk.run(&["index", "corpus", "--index", "index"]).code == 0, || "at last".into())?;
    world::hold(&world::open(&desk.path("index"))?, &folder)?;
    trial.note(format!("{done} committed, {refused} ended with an error, {died} were aborted"));
    Ok(())
}
