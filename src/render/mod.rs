//! Answers as bytes on any [`io::Write`](std::io::Write): text for people, JSON Lines for programs.

pub mod json;
mod reference;
mod safe;
mod svg;
mod table;
pub mod text;
mod wrap;

pub use json::JsonLine;
pub use reference::ReferenceFormat;
pub use safe::TermSafe;
pub use svg::write_trend_svg;
pub use table::Table;
pub use text::{Text, file_url};
