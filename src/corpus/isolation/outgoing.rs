//! A request on its way to a worker: the job, and then the file, a frame at a time.

use std::io::{self, Read};

use super::frame::CHUNK;

/// What is to be sent of a request.
#[derive(Default)]
pub(super) struct Outgoing {
    pub(super) bytes: Vec<u8>,
    pub(super) sent: usize,
    /// Whether these bytes are the last.
    ended: bool,
    /// Whether the other end of the pipe is closed.
    pub(super) refused: bool,
}

impl Outgoing {
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.sent..).unwrap_or_default()
    }

    pub(super) fn is_done(&self) -> bool {
        self.ended && self.rest().is_empty()
    }

    /// Takes the next frame from the file.
    pub(super) fn fill(&mut self, source: &mut dyn Read) -> io::Result<()> {
        const HEAD: usize = size_of::<u32>();
        self.sent = 0;
        self.bytes.clear();
        self.bytes.resize(HEAD, 0);
        let length = source.take(CHUNK as u64).read_to_end(&mut self.bytes)?;
        let head = u32::try_from(length).unwrap_or_default().to_le_bytes();
        if let Some(place) = self.bytes.get_mut(..HEAD) {
            place.copy_from_slice(&head);
        }
        self.ended = length == 0;
        Ok(())
    }
}
