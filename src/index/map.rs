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

/// The engine takes no longer terms; one who makes an index may make a map without end.
const MOST_KEY_BYTES: usize = u16::MAX as usize;

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

    /// The node with this address, which a transition of another has.
    fn node(&self, address: usize) -> io::Result<Node<'_>> {
        let pages = address.saturating_sub(NODE_BYTES)..address.saturating_add(1);
        match self.file.get(pages) {
            Some(_) => Ok(self.map.node(address)),
            None => Err(self.file.unsound()),
        }
    }

    /// The node that a key leads to, and the value so far.
    fn walk(&self, key: &[u8]) -> io::Result<Option<(Node<'_>, Output)>> {
        let (mut node, mut value) = (self.map.root(), Output::zero());
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

    /// Calls `visit` with each key that starts with `prefix`, in their order, and with its value, as
    /// long as it says to go on.
    pub(super) fn each_from(
        &self,
        prefix: &[u8],
        mut visit: impl FnMut(&[u8], u64) -> bool,
    ) -> io::Result<()> {
        self.each_along(prefix, (), |(), _| Some(()), |key, value, ()| visit(key, value))
    }

    /// Calls `visit` with each key that starts with `prefix`, in their order, with its value, and with the
    /// state that the bytes behind the prefix lead to, as long as it says to go on. Keys from which a
    /// `step` leads to no state are passed over.
    pub(super) fn each_along<S: Copy>(
        &self,
        prefix: &[u8],
        start: S,
        mut step: impl FnMut(S, u8) -> Option<S>,
        mut visit: impl FnMut(&[u8], u64, S) -> bool,
    ) -> io::Result<()> {
        let mut key = prefix.to_vec();
        let found = self.walk(prefix)?;
        let mut open: Vec<_> =
            found.map(|(node, value)| (node, value, start, 0)).into_iter().collect();
        loop {
            let depth = open.len();
            let Some((node, value, state, next)) = open.last_mut() else { break };
            if *next == 0
                && node.is_final()
                && !visit(&key, value.cat(node.final_output()).value(), *state)
            {
                break;
            }
            if *next < node.len() && depth <= MOST_KEY_BYTES {
                let transition = node.transition(*next);
                *next += 1;
                if let Some(state) = step(*state, transition.inp) {
                    let below = (self.node(transition.addr)?, value.cat(transition.out), state, 0);
                    key.push(transition.inp);
                    open.push(below);
                }
            } else {
                open.pop();
                key.pop();
            }
        }
        Ok(())
    }
}
