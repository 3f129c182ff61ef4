//! Lines of a stream, within bounds.

use std::io::{self, BufRead, ErrorKind};

/// What was met where a line was looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line; its line end is kept.
    Read,
    /// A line that is longer than the limit; it was passed over.
    TooLong,
    /// The end of the stream.
    End,
}

/// Reads up to a line end, at most `max` bytes; of a line that is too long, nothing is kept.
pub(super) fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>, max: u64) -> io::Result<Line> {
    line.clear();
    let mut length: u64 = 0;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(match length {
                0 => Line::End,
                length if length <= max => Line::Read,
                _ => Line::TooLong,
            });
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(available.len(), |at| at + 1);
        length += used as u64;
        if length <= max {
            line.extend_from_slice(available.get(..used).unwrap_or_default());
        } else {
            *line = Vec::new();
        }
        input.consume(used);
        if end.is_some() {
            return Ok(if length <= max { Line::Read } else { Line::TooLong });
        }
    }
}
