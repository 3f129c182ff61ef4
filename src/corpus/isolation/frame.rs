//! Frames: what goes over the pipes between a process that reads files and its worker.
//!
//! A worker greets with a line when it starts ([`greeting`]). A request is a frame that holds a [`Job`], and then the
//! bytes of the file in frames of at most [`CHUNK`] bytes, of which an empty one is the last. The
//! answer is a frame for each article and one that ends it. A frame is a length (`u32`,
//! little-endian) and that many bytes: a postcard encoding, but for the bytes of the file.

use std::borrow::Cow;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::confine::Confinement;
use crate::corpus::fields::FieldNames;

/// How the line begins that a worker greets with; the number grows with any change of the frames.
const HELLO: &str = "polidex-worker 1";

/// The bytes that this line may have.
const MAX_GREETING: usize = 80;

/// The bytes that one frame may have.
pub(super) const MAX_FRAME: u32 = 256 << 20;

/// The bytes of a file that one frame has at most.
pub(super) const CHUNK: usize = 128 << 10;

/// A file to be read, whose bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    pub(super) path: &'a str,
    pub(super) name: &'a str,
    /// What the corpus calls the fields of its records.
    pub(super) fields: Cow<'a, FieldNames>,
    /// The bytes that it may have if it is read as a whole.
    pub(super) max: u64,
    /// The address space that the worker may have, in bytes.
    pub(super) memory: u64,
    /// The processor time that the next article may take, in seconds.
    pub(super) seconds: u64,
}

/// A part of what a worker answers; articles by reference where they are written, by value where
/// they are read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer<A> {
    Article(A),
    /// The end of a file that was read, and what of it could not be.
    Read(Vec<String>),
    /// The file gives no article, and why.
    Unreadable(String),
}

/// The line that a worker greets with: what it is, and what it is confined by.
pub(super) fn greeting(confinement: Confinement) -> String {
    let names: String = confinement.names().map(|name| format!(" {name}")).collect();
    format!("{HELLO}{names}\n")
}

/// The length of the greeting that `bytes` begin with, and what it says; none as long as it may
/// become one.
///
/// # Errors
///
/// What is no greeting of this version.
pub(super) fn greeted(bytes: &[u8]) -> io::Result<Option<(usize, Confinement)>> {
    let end = bytes.iter().take(MAX_GREETING).position(|byte| *byte == b'\n');
    let Some(line) = end.and_then(|end| bytes.get(..end)) else {
        return if bytes.len() < MAX_GREETING { Ok(None) } else { Err(stranger()) };
    };
    let names = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix(HELLO));
    match names.filter(|names| names.is_empty() || names.starts_with(' ')) {
        Some(names) => Ok(Some((line.len() + 1, Confinement::named(names.split(' '))))),
        None => Err(stranger()),
    }
}

fn stranger() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "is no worker of this version")
}

/// Appends a value to `buffer`, as a frame.
///
/// # Errors
///
/// An encoding that is too large for a frame; the buffer is then as it was before.
pub(super) fn push(buffer: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    let start = buffer.len();
    buffer.extend_from_slice(&[0; 4]);
    let done = postcard::to_io(value, &mut *buffer).map(drop).map_err(io::Error::other);
    let length = u32::try_from(buffer.len() - start - 4).ok().filter(|n| *n <= MAX_FRAME);
    match (done, length) {
        (Ok(()), Some(length)) => {
            if let Some(place) = buffer.get_mut(start..start + 4) {
                place.copy_from_slice(&length.to_le_bytes());
            }
            Ok(())
        }
        (done, _) => {
            buffer.truncate(start);
            done.and(Err(io::ErrorKind::FileTooLarge.into()))
        }
    }
}

/// The length of the frame that `bytes` begin with; none as long as it is not known.
///
/// # Errors
///
/// A length that no frame has.
pub(super) fn length(bytes: &[u8]) -> io::Result<Option<usize>> {
    let Some(length) = bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) else {
        return Ok(None);
    };
    if length > MAX_FRAME { Err(malformed()) } else { Ok(Some(length as usize)) }
}

/// Reads the encoding that the next frame holds; none at the end of the input.
pub(super) fn read(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    input.by_ref().take(4).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(None);
    }
    let length = length(&head)?.ok_or_else(malformed)?;
    let mut encoding = Vec::with_capacity(length.min(1 << 20));
    input.by_ref().take(length as u64).read_to_end(&mut encoding)?;
    if encoding.len() == length { Ok(Some(encoding)) } else { Err(malformed()) }
}

pub(super) fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "this is no frame")
}

/// Reads a value from its whole encoding.
pub(super) fn value<'a, T: Deserialize<'a>>(encoding: &'a [u8]) -> io::Result<T> {
    postcard::from_bytes(encoding).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Article, Block, BlockKind, Date, Language, Metadata, Origin};

    #[test]
    fn an_article_comes_out_as_it_went_in() {
        let mut article = Article::new(
            "a.pdf#1",
            vec![
                Block::new(BlockKind::Heading(2), "Été"),
                Block {
                    line: Some(3),
                    breaks: vec![2],
                    page: Some(7),
                    ..Block::new(BlockKind::Cell, "a b")
                },
            ],
        );
        article.metadata = Metadata {
            date: Date::new(2024, Some(8), None),
            language: Some(Language::FRENCH),
            tags: vec!["a".into()],
            ..Metadata::default()
        };
        article.metadata.origins.insert("date".into(), Origin::Embedded);
        article.notes.push("n".into());
        let mut bytes = Vec::new();
        push(&mut bytes, &Answer::Article(&article)).unwrap();
        push(&mut bytes, &Answer::<()>::Read(vec!["b".into()])).unwrap();
        let mut input = &*bytes;
        let first = read(&mut input).unwrap().unwrap();
        assert!(matches!(value(&first), Ok(Answer::Article(read)) if article == read));
        let second = read(&mut input).unwrap().unwrap();
        assert!(matches!(value::<Answer<Article>>(&second), Ok(Answer::Read(b)) if b == ["b"]));
        assert!(read(&mut input).unwrap().is_none());
    }

    #[test]
    fn a_greeting_says_what_there_is_and_nothing_else_is_one() {
        for landlock in [false, true] {
            for seccomp in [false, true] {
                let confinement = Confinement { landlock, seccomp };
                let line = greeting(confinement);
                let read = greeted(format!("{line}and more\n").as_bytes()).unwrap();
                assert_eq!(read, Some((line.len(), confinement)));
                assert_eq!(greeted(&line.as_bytes()[..line.len() - 1]).unwrap(), None);
            }
        }
        let none = Confinement::default();
        assert_eq!(greeted(b"polidex-worker 1\n").unwrap(), Some((17, none)));
        assert_eq!(greeted(b"polidex-worker 1 walls\n").unwrap(), Some((23, none)));
        for stranger in ["polidex-worker 2\n", "polidex-worker 12\n", "\n", "usage:\n", "a\u{E9}"] {
            let long = stranger.repeat(40);
            assert!(greeted(long.as_bytes()).is_err(), "{stranger}");
        }
    }

    #[test]
    fn what_is_no_frame_is_an_error_and_takes_no_memory() {
        assert!(read(&mut &b"\x05\0\0\0abcd"[..]).is_err());
        assert!(read(&mut &b"\x05\0"[..]).is_err());
        assert!(read(&mut &b"\xFF\xFF\xFF\xFF"[..]).is_err());
        // A day that no month has, where postcard itself has nothing against the text.
        let mut bytes = Vec::new();
        push(&mut bytes, &"2024-02-30").unwrap();
        assert!(value::<Date>(&bytes[4..]).is_err());
    }
}
