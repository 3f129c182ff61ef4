//! A walk in a thread of its own, ahead of whoever asks for its entries: asking the file system is
//! most of what an update costs that finds nothing new.

use std::iter;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread::{Builder, JoinHandle};

use super::{Corpus, Entry};

/// The entries that are handed over together.
const BATCH: usize = 256;

/// How many batches may lie ready.
const READY: usize = 64;

/// The entries of a walk through a corpus, in its order.
pub(crate) fn ahead(corpus: &Corpus) -> Box<dyn Iterator<Item = Entry>> {
    let (hand_over, ready) = sync_channel(READY);
    let mut walk = corpus.walk();
    let work = move || {
        loop {
            let batch: Vec<Entry> = walk.by_ref().take(BATCH).collect();
            // Nobody waits for the rest where the update has failed.
            if batch.is_empty() || hand_over.send(batch).is_err() {
                break;
            }
        }
    };
    let Ok(thread) = Builder::new().name("polidex-walk".into()).spawn(work) else {
        return Box::new(corpus.walk());
    };
    let mut thread = Some(thread);
    // A walk that broke off must not look like one that found nothing more.
    let end = iter::from_fn(move || match thread.take().map(JoinHandle::join) {
        Some(Err(panic)) => resume_unwind(panic),
        _ => None,
    });
    Box::new(ready.into_iter().flatten().chain(end))
}
