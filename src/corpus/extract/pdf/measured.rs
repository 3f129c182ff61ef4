//! Measurements on real documents that are not part of the project: run with
//! `cargo test --release --lib pdf::measured -- --ignored --nocapture`.
