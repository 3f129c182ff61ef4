//! Flight: the bytes of documents that are on their way into a segment.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The bytes of documents that were handed to the engine and are not yet in a segment.
///
/// The engine's queue is bounded in documents, whatever their size; this bounds it in bytes.
#[derive(Debug)]
pub(super) struct Flight {
    limit: usize,
    bytes: Mutex<usize>,
    landed: Condvar,
}

impl Flight {
    pub(super) fn new(limit: usize) -> Flight {
        Flight { limit, bytes: Mutex::new(0), landed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        // A count stays a count when a thread that held it has panicked.
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `bytes` more may be under way; something larger than the limit goes alone.
    pub(super) fn take_off(&self, bytes: usize) {
        let mut under_way = self.lock();
        while *under_way > 0 && *under_way + bytes > self.limit {
            under_way = self.landed.wait(under_way).unwrap_or_else(PoisonError::into_inner);
        }
        *under_way += bytes;
    }

    /// Says that `bytes` have arrived.
    pub(super) fn land(&self, bytes: usize) {
        let mut under_way = self.lock();
        *under_way = under_way.saturating_sub(bytes);
        self.landed.notify_all();
    }
}
