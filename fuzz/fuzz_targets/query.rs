//! Any text, parsed as a query: no panic, errors with a place in the text, and what a query is
//! written as parses to the same query.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polidex::{Error, Query};

fuzz_target!(|text: &str| {
    match Query::parse(text) {
        Ok(query) => {
            let written = query.to_string();
            let again = Query::parse(&written).expect(&written);
            assert_eq!(again.root, query.root, "{text:?} {written:?}");
        }
        Err(Error::Query(error)) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}");
        }
        Err(error) => panic!("{error}"),
    }
});
