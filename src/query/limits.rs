//! The bounds of a query: what passes one is an error that names it.
//!
//! They keep reading linear and searching affordable; each is far above what a person types, and
//! the length leaves room for a pasted paragraph.

use std::ops::RangeInclusive;

/// The greatest length of a query's text, in bytes; also of the text that it prints back to.
pub const MAX_BYTES: usize = 10_000;

/// The greatest number of clauses (words, phrases and dates outside phrases) in a query.
pub const MAX_CLAUSES: usize = 256;

/// The greatest number of parentheses open at one place.
pub const MAX_DEPTH: usize = 32;

/// The greatest number of words in a phrase.
pub const MAX_PHRASE_WORDS: usize = 64;

/// The greatest slop of a phrase and distance of `NEAR` and `BEFORE`, in words.
pub const MAX_DISTANCE: u32 = 100;

/// The greatest number of parts that one chain of `NEAR` joins: each arrangement is looked for.
pub const MAX_UNORDERED: usize = 5;

/// The distance of `NEAR` and `BEFORE` without a number, in words.
pub const DEFAULT_DISTANCE: u32 = 10;

/// The greatest number of edits of a fuzzy word.
pub const MAX_EDITS: u8 = 2;

/// The lengths, in characters, of words that can be fuzzy: shorter ones would match nearly
/// anything, longer ones are not words.
pub const FUZZY_LENGTHS: RangeInclusive<usize> = 3..=64;

/// The greatest number of `atleast/N` and of `N OF (…)`.
pub const MAX_COUNT: u32 = 1_000;

/// The greatest factor of a boost; the least is anything over 0.
pub const MAX_BOOST: f32 = 100.0;

/// The greatest number of concepts in a query: each stands for a dozen phrases or more.
pub const MAX_CONCEPTS: usize = 32;
