//! Any bytes, as the `.polidex.toml` of a folder whose one file is a record: no panic, and errors
//! that name the file.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use polidex::corpus::Entry;
use polidex::{Corpus, Error, Extractor, Isolation};

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

const RECORD: &str = r#"{"corps": "Le texte de loi.", "titel": "T", "am": "2024-08-01", "x": ["a"]}"#;

fuzz_target!(|bytes: &[u8]| {
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("polidex-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.json"), RECORD).unwrap();
        folder
    });
    fs::write(folder.join(".polidex.toml"), bytes).unwrap();
    match Corpus::open(folder) {
        Ok(corpus) => {
            for entry in corpus.walk() {
                let Entry::File(file) = entry else { panic!("{entry:?}") };
                let mut extractor = Extractor::new(&Isolation::InProcess);
                let read = extractor.read(&corpus, &file, &mut |_| {}).unwrap();
                let failed = |reason: &str| reason.contains("the reader failed");
                assert!(!read.is_err_and(|unreadable| failed(&unreadable.reason)));
            }
        }
        Err(Error::Corpus { path, reason }) => {
            assert!(path.ends_with(".polidex.toml") && !reason.is_empty());
        }
        Err(error) => panic!("{error}"),
    }
});
