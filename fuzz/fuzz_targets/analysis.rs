//! Any text, taken apart into words as one in the language that the first byte names, and searched
//! for citations: no panic, and ranges that lie in the text, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polidex::language::detect;
use polidex::{Language, citation, tokens};

const CODES: [&str; 16] = [
    "ar", "de", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "nl", "ru", "sr", "th", "tr", "zh",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let language: Language = CODES[usize::from(*first) % CODES.len()].parse().unwrap();
    for language in [language, detect(&text)] {
        let mut end = 0;
        for token in tokens(&text, language) {
            assert!(end <= token.start && token.start < token.end, "{text:?} {token:?}");
            assert!(text.get(token.start..token.end).is_some(), "{text:?} {token:?}");
            assert!(!token.exact.is_empty(), "{text:?} {token:?}");
            end = if token.unspaced { token.start } else { token.end };
        }
        for id in citation::find(&text, language) {
            assert_eq!(citation::meant(&id), [id.as_str()], "{text:?}");
        }
    }
    citation::meant(&text);
});
