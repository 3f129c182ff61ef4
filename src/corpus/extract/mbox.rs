//! Mailboxes: messages one after the other in one file, each an article.

use std::io::BufRead;

use super::line::{Line, read_line};
use super::members::Members;
use super::{Unreadable, file_limit, mail};

/// The weekdays and months of the line that begins a message.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether a file begins with the line that begins a message.
pub(super) fn sniff(head: &[u8]) -> bool {
    head.split(|byte| *byte == b'\n').next().is_some_and(begins)
}

/// Reads the messages one by one; one of more bytes than a file may have is passed over.
///
/// A message ends where a line begins another, whatever its `Content-Length` says: that is often
/// wrong, and a line that has the whole form of a beginning is hardly ever text.
pub(super) fn read(input: &mut dyn BufRead, members: &mut Members<'_>) -> Result<(), Unreadable> {
    let mut message = Vec::new();
    let mut line = Vec::new();
    let (mut number, mut too_large) = (0u64, false);
    let max = members.max();
    loop {
        let met = read_line(input, &mut line, max);
        let ends = match &met {
            Ok(Line::Read) => begins(&line),
            Ok(Line::TooLong) => false,
            Ok(Line::End) | Err(_) => true,
        };
        if ends {
            if too_large {
                let limit = file_limit(max);
                members.broken(format!("message {number}: is larger than {limit}, the limit"));
            } else if !message.trim_ascii().is_empty() {
                // A file that does not begin with a beginning still begins with a message.
                number = number.max(1);
                mail::read_one(&message, number, members);
            }
            message.clear();
            message.shrink_to(1 << 20);
            too_large = false;
        }
        match met {
            Ok(Line::End) => return Ok(()),
            Err(error) => {
                members.broken(format!("the rest after message {number} cannot be read: {error}"));
                return Ok(());
            }
            Ok(Line::TooLong) => too_large = true,
            Ok(Line::Read) if ends => number += 1,
            Ok(Line::Read) => too_large |= message.len() as u64 + line.len() as u64 > max,
        }
        if too_large {
            message = Vec::new();
        } else if !ends {
            message.extend_from_slice(unquoted(&line));
        }
    }
}

/// A line without the mark that keeps it from beginning a message.
fn unquoted(line: &[u8]) -> &[u8] {
    let bare = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
    match line.get(bare..) {
        Some(rest) if bare > 0 && rest.starts_with(b"From ") => line.get(1..).unwrap_or(line),
        _ => line,
    }
}

/// Whether a line begins a message: `From`, who delivered it, and when, as in
/// `From jane@example.org Mon Jun  1 10:00:00 2009`. Archives write `jane at example.org`, and some
/// programs set the time zone before the year or leave out the seconds.
fn begins(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(rest.get(..rest.len().min(1000)).unwrap_or(rest)) else {
        return false;
    };
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let date = |words: &[&str]| match words {
        [day, month, number, time, rest @ ..] => {
            DAYS.contains(day)
                && MONTHS.contains(month)
                && number.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
                && time.contains(':')
                && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
                && rest
                    .iter()
                    .take(3)
                    .any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => false,
    };
    (0..words.len().min(40)).any(|at| date(words.get(at..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_a_message_only_with_its_whole_form() {
        for line in [
            "From jane@example.org Mon Jun  1 10:00:00 2009",
            "From jane at example.org  Mon Jun  1 10:00 2009\r",
            "From - Tue Apr 29 10:20:30 2014",
            "From a@b Mon Jun  1 10:00:00 +0200 2009",
        ] {
            assert!(begins(line.as_bytes()), "{line}");
        }
        for line in [
            "From Monday on, June 1, the rules apply from 10:00 in 2009.",
            "From Mon Jun 1 2009 on",
            ">From jane@example.org Mon Jun  1 10:00:00 2009",
            "From: jane@example.org Mon Jun  1 10:00:00 2009",
        ] {
            assert!(!begins(line.as_bytes()), "{line}");
        }
        assert_eq!(unquoted(b">>From here"), b">From here");
        assert_eq!(unquoted(b"> From here"), b"> From here");
    }
}
