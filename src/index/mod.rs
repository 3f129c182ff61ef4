//! The index on disk.

mod bytes;
mod directory;
pub(crate) mod record;
pub(crate) mod schema;
pub(crate) mod segment;
