//! Any bytes, as text and as a page that names an encoding: no panic, and no text that is not
//! normalised.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polidex::corpus::extract::extract;

/// Encodings that a page may name, by the first byte of the input.
const NAMED: [&str; 8] = [
    "utf-8", "utf-16le", "windows-1252", "iso-8859-2", "shift_jis", "gb18030", "iso-2022-jp", "x",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let named = NAMED[usize::from(*first) % NAMED.len()];
    let mut page = format!("<!doctype html><meta charset={named}><p>").into_bytes();
    page.extend_from_slice(rest);
    for (name, bytes) in [("x.txt", rest), ("x.html", &page)] {
        let read = extract(name, bytes, &mut |article| {
            assert!(!article.text().contains(['\u{feff}', '\u{ad}', '\t']), "{article:?}");
        });
        if let Err(unreadable) = read {
            assert!(!unreadable.reason.contains("the reader failed"), "{unreadable}");
        }
    }
});
