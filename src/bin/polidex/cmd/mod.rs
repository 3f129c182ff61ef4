//! The commands, one file each.

pub(crate) mod alerts;
pub(crate) mod check;
pub(crate) mod cite;
pub(crate) mod collocates;
pub(crate) mod completions;
pub(crate) mod concepts;
pub(crate) mod eval;
pub(crate) mod extract;
pub(crate) mod extract_worker;
pub(crate) mod help;
pub(crate) mod index;
pub(crate) mod kwic;
pub(crate) mod like;
pub(crate) mod limits;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod terms;
pub(crate) mod trend;
pub(crate) mod verify;
mod whole;
