//! A finite-state map in a file, read in place: the pages that a node stands in are checked before it is
//! read.

use std::io;

use tantivy::directory::OwnedBytes;
use tantivy_fst::raw::{Fst, Node, Output};

use super::pages::InPlace;

/// No node takes more bytes, with all its 256 transitions; its address is that of its last byte.
const NODE_BYTES: usize = 5 << 10;

/// What a map begins and ends with, in bytes; before the end stands the root.
const FRAME_BYTES: usize = 16;

pub(super) struct PagedMap {
    map: Fst<OwnedBytes>,
    file: InPlace,
}

impl PagedMap {
    pub(super) fn open(file: InPlace) -> io::Result<PagedMap> {
        let end = file.len().saturating_sub(NODE_BYTES + FRAME_BYTES)..file.len();
        file.get(0..FRAME_BYTES).and_then(|_| file.get(end)).ok_or_else(|| file.unsound())?;
        let map = Fst::new(file.unchecked()).map_err(|_| file.unsound())?;
        Ok(PagedMap { map, file })
    }

    pub(super) fn root(&self) -> Node<'_> {
        self.map.root()
    }

    /// The node with this address, which a transition of another has.
    pub(super) fn node(&self, address: usize) -> io::Result<Node<'_>> {
        let pages = address.saturating_sub(NODE_BYTES)..address.saturating_add(1);
        match self.file.get(pages) {
            Some(_) => Ok(self.map.node(address)),
            None => Err(self.file.unsound()),
        }
    }

    /// The node that a key leads to, and the value so far.
    pub(super) fn walk(&self, key: &[u8]) -> io::Result<Option<(Node<'_>, Output)>> {
        let (mut node, mut value) = (self.root(), Output::zero());
        for byte in key {
            let Some(found) = node.find_input(*byte) else { return Ok(None) };
            let transition = node.transition(found);
            value = value.cat(transition.out);
            node = self.node(transition.addr)?;
        }
        Ok(Some((node, value)))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &[u8]) -> io::Result<Option<u64>> {
        let found = self.walk(key)?.filter(|(node, _)| node.is_final());
        Ok(found.map(|(node, value)| value.cat(node.final_output()).value()))
    }
}
