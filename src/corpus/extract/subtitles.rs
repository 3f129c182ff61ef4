//! Subtitles (SubRip, WebVTT): what is said, without the times, as paragraphs.

use super::Draft;
use crate::{Block, BlockKind};

/// The silence in milliseconds that ends a paragraph.
const SILENCE: u64 = 3000;

/// The bytes from which on a paragraph ends with the next sentence.
const LONG: usize = 600;

/// The bytes at which a paragraph ends in any case.
const TOO_LONG: usize = 4000;

/// Whether a file is of subtitles: it says so, or begins with a number and two times.
pub(super) fn sniff(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if let Some(rest) = head.strip_prefix(b"WEBVTT") {
        return rest.first().is_none_or(u8::is_ascii_whitespace);
    }
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.by_ref().skip_while(|line| line.is_empty());
    let number = lines.next().unwrap_or_default();
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    let times = lines.next().and_then(|line| std::str::from_utf8(line).ok());
    is_number && times.and_then(self::times).is_some()
}

/// Reads the text of all cues. Cues run on in one paragraph, since sentences run from one to the
/// next, until somebody else speaks or there is a silence.
pub(super) fn read(text: &str) -> Draft {
    let mut draft = Draft::default();
    let mut open: Option<Block> = None;
    let mut before = Cue::default();
    for cue in cues(text) {
        // What rolls up on the screen is said once.
        let fresh: Vec<&str> =
            cue.lines.iter().copied().filter(|line| !before.lines.contains(line)).collect();
        let mut said = fresh.iter().map(|line| bare(line)).filter(|line| !line.is_empty());
        let Some(first) = said.next() else { continue };
        let dialogue = first.starts_with(['-', '–', '—']) && fresh.len() > 1;
        let ends = open.as_ref().is_some_and(|block| {
            cue.from.saturating_sub(before.to) > SILENCE
                || cue.speaker != before.speaker
                || dialogue
                || block.text.len() > TOO_LONG
                || (block.text.len() > LONG && block.text.ends_with(['.', '!', '?', '…', '。']))
        });
        if ends {
            draft.blocks.extend(open.take());
        }
        let block =
            open.get_or_insert_with(|| Block::new(BlockKind::Paragraph, "").at_line(cue.line));
        push(&mut block.text, &first);
        for line in said {
            if dialogue && line.starts_with(['-', '–', '—']) {
                let next = Block::new(BlockKind::Paragraph, line).at_line(cue.line);
                draft.blocks.extend(open.replace(next));
            } else if let Some(block) = &mut open {
                push(&mut block.text, &line);
            }
        }
        before = cue;
    }
    draft.blocks.extend(open);
    draft
}

fn push(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

/// What is shown at one time.
#[derive(Default)]
struct Cue<'a> {
    /// The line of the file on which its text starts.
    line: u32,
    /// In milliseconds.
    from: u64,
    to: u64,
    speaker: Option<&'a str>,
    lines: Vec<&'a str>,
}

fn cues(text: &str) -> Vec<Cue<'_>> {
    let mut cues = Vec::new();
    let mut open: Option<Cue<'_>> = None;
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.trim();
        if let Some((from, to)) = times(line) {
            // The line above the times is the number of the cue, not a line of the one before.
            if let Some(cue) = &mut open
                && cue.lines.last().is_some_and(|line| line.bytes().all(|b| b.is_ascii_digit()))
            {
                cue.lines.pop();
            }
            cues.extend(open.replace(Cue { line: number + 1, from, to, ..Cue::default() }));
        } else if line.is_empty() {
            cues.extend(open.take());
        } else if let Some(cue) = &mut open {
            if let Some(name) = line.strip_prefix("<v ").and_then(|rest| rest.split('>').next()) {
                cue.speaker = Some(name.trim());
            }
            cue.lines.push(line);
        }
    }
    cues.extend(open);
    cues
}

/// The two times of a line such as `00:01:02,500 --> 00:01:04,000 align:left`, in milliseconds.
fn times(line: &str) -> Option<(u64, u64)> {
    let (from, rest) = line.split_once("-->")?;
    let to = rest.split_whitespace().next()?;
    Some((time(from.trim())?, time(to)?))
}

fn time(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let mut seconds: u64 = 0;
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for part in parts {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse::<u32>().ok()?.into())?;
    }
    let milliseconds = format!("{fraction:0<3}").get(..3)?.parse::<u64>().ok()?;
    seconds.checked_mul(1000)?.checked_add(milliseconds)
}

/// A line without the marks of how it is shown.
fn bare(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, mark) = rest.split_at(at);
        text.push_str(before);
        let end = if mark.starts_with('<') { '>' } else { '}' };
        let is_mark = mark.starts_with("{\\")
            || mark.get(1..).is_some_and(|inner| {
                mark.starts_with('<')
                    && inner.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
            });
        match mark.find(end).filter(|_| is_mark) {
            Some(end) => rest = mark.get(end + 1..).unwrap_or_default(),
            None => {
                let first = mark.chars().next().map_or(0, char::len_utf8);
                text.push_str(mark.get(..first).unwrap_or_default());
                rest = mark.get(first..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    super::markup::entities(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(subtitles: &str) -> Vec<String> {
        read(subtitles).blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn a_sentence_runs_through_cues_and_ends_with_a_silence() {
        let srt = "1\n00:00:01,000 --> 00:00:03,000\n<i>We speak of digital</i>\n\n\
                   2\n00:00:03,100 --> 00:00:05,000\n{\\an8}sovereignty &amp; 3 < 4\nand more.\n\n\
                   3\n00:00:15,000 --> 00:00:16,000\nLater.\n";
        assert_eq!(texts(srt), ["We speak of digital sovereignty & 3 < 4 and more.", "Later."]);
        assert_eq!(read(srt).blocks[0].line, Some(3));
        // Without blank lines between, the numbers are still no text.
        assert_eq!(texts(&srt.replace("\n\n", "\n")).concat().matches('2').count(), 0);
    }

    #[test]
    fn speakers_notes_and_lines_that_roll_up() {
        let vtt = "WEBVTT - minutes\n\nNOTE\nnot said\n\nintro\n00:01.000 --> 00:02.000 align:left\n<v Jane>One two\n\n\
                   00:02.000 --> 00:03.000\n<v Jane>One two\n<v Jane>three\n\n00:03.000 --> 00:04.000\n<v John>Four\n";
        assert_eq!(texts(vtt), ["One two three", "Four"]);
        assert!(sniff(vtt.as_bytes()) && sniff(b"1\r\n00:00:01,000 --> 00:00:03,000\r\nText"));
        assert!(!sniff(b"1\n\nOne") && !sniff(b"WEBVTTX") && !sniff(b"2024\n1 --> 2\n"));
    }
}
