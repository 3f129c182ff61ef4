//! Answers as bytes on any [`io::Write`](std::io::Write): text for people, JSON Lines for programs.

mod atom;
pub mod json;
mod reference;
mod report;
mod svg;
mod table;
pub mod text;
mod wrap;

pub use atom::write_atom;
pub use json::JsonLine;
pub use reference::ReferenceFormat;
pub use report::{write_report_html, write_report_markdown};
pub use svg::write_trend_svg;
pub use table::Table;
pub use text::{Text, file_url};
