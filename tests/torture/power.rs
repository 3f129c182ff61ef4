//! Power cuts at every operation of a simulated disk, in three models of what a disk keeps.

use polidex::index::simulated::{PowerLoss, SimulatedDisk};

use crate::faults::{Step, story};
use crate::trial::{Outcome, Trial, ensure};
use crate::world::{self, World};

/// Of each state the strict and the lenient model, and so many tosses of coins.
const TOSSES: u64 = 1;

/// Writes commits with edits, deletes and merges, and cuts the power before each operation.
pub(crate) fn cuts(trial: &mut Trial) -> Outcome {
    let mut newer = 0;
    let mut operations = 0;
    while trial.goes_on() {
        let disk = SimulatedDisk::new();
        let index = disk.index();
        disk.record();
        // What the index holds by generation, and how many states there were when it was acknowledged.
        let mut worlds = vec![World::new()];
        let mut acknowledged = vec![0];
        for step in story(&mut trial.random, 12) {
            let mut world = worlds.last().unwrap().clone();
            step.apply(&index, &mut world).map_err(|error| format!("{error}"))?;
            worlds.push(world);
            acknowledged.push(disk.states());
        }
        operations += disk.states();
        for state in 0..=disk.states() {
            let tosses = (0..TOSSES).map(|_| PowerLoss::Arbitrary(trial.random.u64(..)));
            let models: Vec<PowerLoss> =
                [PowerLoss::Strict, PowerLoss::NamesKept].into_iter().chain(tosses).collect();
            let least = acknowledged.iter().filter(|at| **at <= state).count() - 1;
            for model in models {
                let found = disk.after_power_loss(state, model);
                let again = trial.random.u8(..4) == 0;
                let generation = recover(&found, &worlds, least, again)
                    .map_err(|error| format!("operation {state}, {model:?}: {error}"))?;
                newer += u64::from(generation > least);
                trial.reached += 1;
            }
            if !trial.has_time() {
                break;
            }
        }
    }
    trial.note(format!(
        "{operations} operations of 12 commits each; {newer} states had a commit that was not \
         acknowledged yet"
    ));
    Ok(())
}

/// What is found after a power cut: a whole commit, at least the last acknowledged; and, if that is
/// tried, it can be written to. Its generation.
fn recover(
    disk: &SimulatedDisk,
    worlds: &[World],
    least: usize,
    again: bool,
) -> Result<usize, String> {
    let index = disk.index();
    let searcher = index.searcher().map_err(|error| format!("searcher: {error}"))?;
    let generation = searcher.generation() as usize;
    let range = format!("generation {generation}, at least {least} was acknowledged");
    ensure((least..worlds.len()).contains(&generation), || range)?;
    let mut world = worlds[generation].clone();
    world::hold(&index, &world).map_err(|error| format!("generation {generation}: {error}"))?;
    if !again {
        return Ok(generation);
    }
    let step = Step::Add(vec![("again".to_owned(), "The power is back.".to_owned())]);
    step.apply(&index, &mut world).map_err(|error| format!("writing again: {error}"))?;
    world::hold(&index, &world).map_err(|error| format!("after writing again: {error}"))?;
    Ok(generation)
}
