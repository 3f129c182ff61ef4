//! The main text of a page: which of its passages are the article.

use std::ops::Range;

use html5ever::local_name;

use super::blocks::Passage;
use super::hints::{self, Body, Boilerplate};
use super::tree::Tree;
use crate::article::BlockKind;

/// The passages of the article, by number, ascending.
pub(super) fn choose(tree: &Tree, passages: &[Passage]) -> Vec<usize> {
    Page::new(tree, passages).article()
}

struct Page<'p> {
    tree: &'p Tree,
    passages: &'p [Passage],
    /// For each node, how many passages start before it.
    before: Vec<usize>,
    /// For each number of passages, the sum of their worth.
    worth: Vec<i64>,
    dropped: Vec<bool>,
}

impl<'p> Page<'p> {
    fn new(tree: &'p Tree, passages: &'p [Passage]) -> Page<'p> {
        let mut before = Vec::with_capacity(tree.nodes.len() + 1);
        let mut count = 0;
        for node in 0..=tree.nodes.len() {
            while passages.get(count).is_some_and(|p| p.node < node) {
                count += 1;
            }
            before.push(count);
        }
        let dropped = vec![false; passages.len()];
        let mut page = Page { tree, passages, before, worth: Vec::new(), dropped };
        page.weigh();
        page
    }

    fn weigh(&mut self) {
        let mut sum = 0;
        self.worth.clear();
        self.worth.push(0);
        for (passage, dropped) in self.passages.iter().zip(&self.dropped) {
            sum += if *dropped { 0 } else { worth(passage) };
            self.worth.push(sum);
        }
    }

    /// The passages in the subtree of a node.
    fn inside(&self, node: usize) -> Range<usize> {
        self.before[node]..self.before[self.tree.nodes[node].end]
    }

    fn worth_of(&self, node: usize) -> i64 {
        let range = self.inside(node);
        self.worth[range.end] - self.worth[range.start]
    }

    fn article(mut self) -> Vec<usize> {
        self.drop_boilerplate();
        self.weigh();
        let best = (0..self.tree.nodes.len())
            .filter(|&n| self.tree.nodes[n].shape.is_block())
            .map(|n| (self.worth_of(n), n))
            .max()
            .unwrap_or((0, 0));
        let mut roots = vec![best.1];
        for rank in [Body::Text, Body::Article, Body::Main] {
            let found = self.outermost(rank);
            let worth = |n: &usize| self.worth_of(*n);
            if let Some(largest) = found.iter().copied().max_by_key(worth)
                && worth(&largest) * 2 > best.0
            {
                roots = vec![largest];
                break;
            }
            let sum: i64 = found.iter().map(worth).sum();
            if sum * 2 > best.0 {
                roots = found;
                break;
            }
        }
        let mut chosen: Vec<usize> = roots
            .iter()
            .flat_map(|&root| self.inside(root))
            .filter(|&p| !self.dropped[p])
            .collect();
        self.add_title(&mut chosen, roots[0]);
        chosen
    }

    /// The outermost elements that hold the article, by their names.
    fn outermost(&self, rank: Body) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            if hints::body(node) == rank && self.worth_of(at) > 0 {
                found.push(at);
                at = node.end;
            } else {
                at += 1;
            }
        }
        found
    }

    fn drop_boilerplate(&mut self) {
        let all: i64 = self.passages.iter().map(|p| worth(p).max(0)).sum();
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            let says = hints::boilerplate(node);
            let range = self.inside(at);
            if says == Boilerplate::No || range.is_empty() {
                at += 1;
                continue;
            }
            let held: i64 = self.passages[range.clone()].iter().map(|p| worth(p).max(0)).sum();
            let most = if says == Boilerplate::Comments { 90 } else { 30 };
            if held * 100 <= all * most {
                self.dropped[range].fill(true);
                at = node.end;
            } else {
                at += 1;
            }
        }
    }

    /// Puts the first heading of the page before the text, where the text has none.
    fn add_title(&self, chosen: &mut Vec<usize>, root: usize) {
        let top = |p: usize| self.passages[p].kind == BlockKind::Heading(1);
        let Some(&first) = chosen.first() else { return };
        if chosen.iter().any(|&p| top(p)) {
            return;
        }
        let _ = (root, local_name!("h1"));
        if let Some(title) = (0..first).rev().find(|&p| top(p) && !self.dropped[p]) {
            chosen.insert(0, title);
        }
    }
}

/// What a passage speaks for: positive for running text, negative for what surrounds it.
fn worth(passage: &Passage) -> i64 {
    let letters = passage.letters as i64;
    if passage.link_density() > 0.5 {
        return -letters.min(60);
    }
    if matches!(passage.kind, BlockKind::Heading(_)) {
        return 0;
    }
    let sentence = passage.text.ends_with(['.', '!', '?', '”', '"', ':', '…', '。', '»', '’']);
    match letters {
        0..20 if !sentence => -5,
        20..40 if !sentence => 0,
        _ => letters,
    }
}
