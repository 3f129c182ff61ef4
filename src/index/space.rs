//! Space: whether the disk has room for an update, told before it starts.

use super::{Index, Place, filesystem};
use crate::{Error, Result};

/// How much of it is text is not known before a file is read: a page of a law is most of its file, a
/// report of a hundred pages a small part. A quarter is what mixed folders come to.
const SHARE_OF_NEW: f64 = 0.25;

/// The most that a file takes in the index, of its own size.
const MOST_SHARE: f64 = 1.5;

/// New segments, and what they are merged into with others of their size.
const COPIES: f64 = 3.0;

/// So much free space is none: whatever failed to be written failed for that.
const NEARLY_NONE: u64 = 1 << 20;

/// About how many bytes an update needs, that reads `new` bytes of files into an index of `index`
/// bytes, made of files of `old` bytes.
fn needed(new: u64, old: u64, index: u64) -> u64 {
    let share = match old {
        0 => SHARE_OF_NEW,
        _ => (index as f64 / old as f64).min(MOST_SHARE),
    };
    (new as f64 * share * COPIES) as u64
}

impl Index {
    /// Fails where the disk has not the room for an update that reads `new` bytes of files, where
    /// the files known before have `old` bytes; else tells about how much it needs.
    ///
    /// Errors: [`Error::DiskFull`].
    pub(super) fn room_for(&self, new: u64, old: u64) -> Result<u64> {
        let Place::Disk(dir) = &self.place else { return Ok(0) };
        let needed = needed(new, old, self.bytes_on_disk());
        match filesystem::free_bytes(dir) {
            Some(free) if free < needed => {
                Err(Error::DiskFull { path: dir.clone(), needed: Some(needed), free: Some(free) })
            }
            _ => Ok(needed),
        }
    }

    /// Whether the disk has no room left to speak of.
    pub(super) fn has_no_room(&self) -> bool {
        let free = self.location().and_then(filesystem::free_bytes);
        free.is_some_and(|free| free < NEARLY_NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    #[test]
    fn a_change_needs_its_share_and_all_anew_three_times_the_index() {
        assert_eq!(needed(1000 * MB, 0, 0), 750 * MB);
        assert_eq!(needed(1000 * MB, 1000 * MB, 300 * MB), 900 * MB);
        assert_eq!(needed(MB, 1000 * MB, 500 * MB), 1_500_000);
        // An index of nearly nothing has more of its own than of files.
        assert_eq!(needed(MB, 100, 20_000), 4_500_000);
        assert_eq!(needed(0, 1000 * MB, 500 * MB), 0);
    }
}
