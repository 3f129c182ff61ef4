//! A deadline: when a search ends, whether it is done or not.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// So often the deadline is asked for before it looks at the clock.
const STRIDE: u32 = 64;

/// The end of the time that a search has. Whatever may take long asks it as it goes on, and ends
/// where it stands once the time is over. Clones are the same deadline.
#[derive(Debug, Clone)]
pub(crate) struct Deadline(Option<Rc<Clock>>);

#[derive(Debug)]
struct Clock {
    end: Instant,
    asked: Cell<u32>,
    over: Cell<bool>,
}

impl Deadline {
    /// None at all.
    pub(crate) fn none() -> Deadline {
        Deadline(None)
    }

    /// So long after `start`; none without a time.
    pub(crate) fn after(start: Instant, time: Option<Duration>) -> Deadline {
        let end = time.and_then(|time| start.checked_add(time));
        let clock = |end| Rc::new(Clock { end, asked: Cell::new(0), over: Cell::new(false) });
        Deadline(end.map(clock))
    }

    /// Whether the time is over. Cheap enough to be asked at every step.
    pub(crate) fn is_over(&self) -> bool {
        let Some(clock) = &self.0 else { return false };
        let asked = clock.asked.get();
        clock.asked.set(asked.wrapping_add(1));
        if asked % STRIDE == 0 { self.is_over_now() } else { clock.over.get() }
    }

    /// Whether the time is over by the clock: for what takes so long itself that it asks seldom.
    pub(crate) fn is_over_now(&self) -> bool {
        let Some(clock) = &self.0 else { return false };
        if !clock.over.get() {
            clock.over.set(Instant::now() >= clock.end);
        }
        clock.over.get()
    }

    /// Whether anything has ended because the time was over.
    pub(crate) fn was_met(&self) -> bool {
        self.0.as_ref().is_some_and(|clock| clock.over.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_over_when_its_time_is_and_stays_so() {
        let now = Instant::now();
        let over = Deadline::after(now, Some(Duration::ZERO));
        assert!(!over.was_met());
        assert!(over.is_over() && over.clone().is_over() && over.was_met());
        let far = Deadline::after(now, Some(Duration::from_secs(3600)));
        assert!((0..1000).all(|_| !far.is_over()) && !far.was_met());
        for none in [Deadline::none(), Deadline::after(now, Some(Duration::MAX))] {
            assert!(!none.is_over() && !none.was_met());
        }
    }

    #[test]
    fn the_clock_is_looked_at_every_so_often_however_long_a_search_goes_on() {
        let after = |asked| {
            let clock = Clock { end: Instant::now(), asked: Cell::new(asked), over: false.into() };
            Deadline(Some(Rc::new(clock)))
        };
        for asked in [0, STRIDE, 1000 * STRIDE] {
            assert!(after(asked).is_over(), "{asked}");
        }
        // Looking takes longer than what it is asked between.
        for asked in [1, STRIDE - 1, STRIDE + 1, u32::MAX] {
            assert!(!after(asked).is_over(), "{asked}");
            assert!(after(asked).is_over_now(), "{asked}");
        }
    }
}
