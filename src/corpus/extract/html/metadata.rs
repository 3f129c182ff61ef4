//! Metadata of a page.
use super::blocks::Passage;
use super::tree::Tree;
use crate::article::Metadata;

pub(super) fn read(_tree: &Tree, _passages: &[Passage], _chosen: &[usize]) -> Metadata {
    Metadata::default()
}
