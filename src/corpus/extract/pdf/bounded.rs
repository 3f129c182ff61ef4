//! Streams of a PDF unpacked within bounds.

use std::borrow::Cow;
use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Object, Stream};
use hayro_syntax::page::Page;

use super::content::MAX_STREAM;

/// The content of a page, its parts joined.
pub(super) fn contents(page: &Page<'_>) -> Option<Vec<u8>> {
    let raw = page.raw();
    if let Some(stream) = raw.get::<Stream<'_>>("Contents") {
        return decode(&stream).map(Cow::into_owned);
    }
    let mut joined = Vec::new();
    for part in raw.get::<Array<'_>>("Contents")?.iter::<Object<'_>>() {
        let Some(bytes) =
            part.into_stream().and_then(|stream| decode(&stream).map(Cow::into_owned))
        else {
            continue;
        };
        if joined.len() as u64 + bytes.len() as u64 > MAX_STREAM {
            break;
        }
        joined.extend_from_slice(&bytes);
        joined.push(b'\n');
    }
    Some(joined)
}

/// The bytes of a stream, up to [`MAX_STREAM`]; of a damaged one as many as can be read.
pub(super) fn decode<'a>(stream: &Stream<'a>) -> Option<Cow<'a, [u8]>> {
    let plain = !["DecodeParms", "DP"].iter().any(|key| stream.dict().contains_key(key));
    if plain && matches!(stream.filters()[..], [Filter::FlateDecode]) {
        let raw = stream.raw_data();
        let mut bytes = Vec::with_capacity(raw.len().saturating_mul(4).min(1 << 24));
        let unpacked = flate2::bufread::ZlibDecoder::new(&raw[..]);
        let read = unpacked.take(MAX_STREAM).read_to_end(&mut bytes);
        if read.is_ok() || !bytes.is_empty() {
            return Some(Cow::Owned(bytes));
        }
    }
    stream.decoded_data().ok()
}
