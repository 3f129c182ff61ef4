//! Reading one file into articles: a file a format.

#[cfg(feature = "html")]
mod html;

use crate::article::{Block, Metadata};

/// What a format reader finds in one document, before it is normalised: block texts may still hold
/// line ends, soft hyphens and runs of spaces.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) metadata: Metadata,
    pub(crate) blocks: Vec<Block>,
    pub(crate) notes: Vec<String>,
}
