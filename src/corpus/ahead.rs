//! A walk in a thread of its own, ahead of whoever asks for its entries: asking the file system is
//! most of what an update costs that finds nothing new.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::vec;

use super::{Corpus, Entry, Walk};

/// The entries that are handed over together.
const BATCH: usize = 256;

/// How many batches may lie ready.
const READY: usize = 64;

/// The entries of a walk, in its order.
pub(crate) enum Ahead {
    /// Those of another thread.
    Thread {
        batch: vec::IntoIter<Entry>,
        ready: Receiver<Vec<Entry>>,
        walk: Option<JoinHandle<()>>,
    },
    /// Those of this one, where there is no other to be had.
    Here(Box<Walk>),
}

impl Ahead {
    /// Starts the walk through a corpus.
    pub(crate) fn of(corpus: &Corpus) -> Ahead {
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
        match Builder::new().name("polidex-walk".into()).spawn(work) {
            Ok(walk) => Ahead::Thread { batch: Vec::new().into_iter(), ready, walk: Some(walk) },
            Err(_) => Ahead::Here(Box::new(corpus.walk())),
        }
    }
}

impl Iterator for Ahead {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (batch, ready, walk) = match self {
            Ahead::Thread { batch, ready, walk } => (batch, ready, walk),
            Ahead::Here(walk) => return walk.next(),
        };
        loop {
            if let Some(entry) = batch.next() {
                return Some(entry);
            }
            match ready.recv() {
                Ok(next) => *batch = next.into_iter(),
                Err(_) => {
                    // A walk that broke off must not look like one that found nothing more.
                    if let Some(Err(panic)) = walk.take().map(JoinHandle::join) {
                        resume_unwind(panic);
                    }
                    return None;
                }
            }
        }
    }
}
