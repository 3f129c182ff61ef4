//! A trial: one test at work, with its seed, its time and the number it has reached.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A test of the programme.
pub(crate) struct Test {
    pub(crate) id: &'static str,
    /// What is counted.
    pub(crate) what: &'static str,
    /// The number to reach.
    pub(crate) wanted: u64,
    pub(crate) run: fn(&mut Trial) -> Outcome,
}

/// Nothing, or what did not hold.
pub(crate) type Outcome = Result<(), String>;

/// One test at work.
pub(crate) struct Trial {
    pub(crate) seed: u64,
    pub(crate) random: fastrand::Rng,
    pub(crate) wanted: u64,
    pub(crate) reached: u64,
    until: Option<Instant>,
}

impl Trial {
    /// Runs a test, prints how it went, and says whether all held.
    pub(crate) fn of(test: &Test, seed: u64, until: Option<Instant>) -> bool {
        println!("{} · {} · seed {seed}", test.id, test.what);
        let mut trial = Trial {
            seed,
            random: fastrand::Rng::with_seed(seed),
            wanted: test.wanted,
            reached: 0,
            until,
        };
        let words: Arc<Mutex<String>> = Arc::default();
        let heard = words.clone();
        // The library catches panics of the engine over damage; only what gets here counts.
        std::panic::set_hook(Box::new(move |panic| *heard.lock().unwrap() = panic.to_string()));
        let start = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| (test.run)(&mut trial)));
        drop(std::panic::take_hook());
        let ended = ended.unwrap_or_else(|_| Err(format!("panic: {}", words.lock().unwrap())));
        let held = match &ended {
            Ok(()) if trial.reached >= trial.wanted => "held",
            Ok(()) => "held as far as it went",
            Err(_) => "FAILED",
        };
        println!(
            "   {held}: {} of {} in {:.0} s",
            trial.reached,
            trial.wanted,
            start.elapsed().as_secs_f64()
        );
        if let Err(error) = &ended {
            println!("   {error}\n   again with: {} --seed {seed}", test.id);
        }
        ended.is_ok()
    }

    /// Whether there is more to do, and time for it.
    pub(crate) fn goes_on(&self) -> bool {
        self.reached < self.wanted && self.has_time()
    }

    pub(crate) fn has_time(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }

    /// The time that is left; a day where there is no end.
    pub(crate) fn time(&self) -> Duration {
        let day = Duration::from_secs(86_400);
        self.until.map_or(day, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Prints what is worth knowing of what has been reached, at once: some tests take hours.
    pub(crate) fn note(&self, note: impl std::fmt::Display) {
        println!("   {note}");
    }
}

/// Fails with the message where `held` is false.
pub(crate) fn ensure(held: bool, message: impl FnOnce() -> String) -> Outcome {
    if held { Ok(()) } else { Err(message()) }
}
