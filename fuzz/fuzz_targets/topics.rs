//! Any text, read as a list of queries, as judgements and as a run: no panic, errors with a line of
//! the text, and a run is written as what it was read from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polidex::{Qrels, Run, Topic, plain_query};

fuzz_target!(|text: &str| {
    let lines = text.lines().count() as u64 + 1;
    match Topic::list(text) {
        Ok(topics) => {
            for topic in topics.iter().take(20) {
                assert!(!topic.id.is_empty(), "{text:?}");
                let _ = plain_query(&topic.text);
            }
        }
        Err(error) => assert!((1..=lines).contains(&error.line), "{text:?} {error}"),
    }
    if let Err(error) = Qrels::parse(text) {
        assert!((1..=lines).contains(&error.line), "{text:?} {error}");
    }
    match Run::parse(text) {
        Ok(run) => {
            let mut written = Vec::new();
            run.write(&mut written).unwrap();
            assert!(Run::parse(std::str::from_utf8(&written).unwrap()).is_ok(), "{text:?}");
        }
        Err(error) => assert!((1..=lines).contains(&error.line), "{text:?} {error}"),
    }
});
