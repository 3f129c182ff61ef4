//! A page as the choice of its main text sees it: passages with their worth, summed over elements.
//!
//! All sums are kept as running totals in document order, so that the sum over any element is one
//! subtraction and every pass is linear in the size of the page.

use std::ops::Range;

use html5ever::local_name;

use super::blocks::Passage;
use super::hints::{self, Body, Boilerplate};
use super::tree::Tree;
use crate::article::BlockKind;

/// A page while its main text is chosen.
pub(super) struct Page<'p> {
    pub(super) tree: &'p Tree,
    pub(super) passages: &'p [Passage],
    /// For each node, how many passages start before it.
    pub(super) before: Vec<usize>,
    /// For each number of passages, the sum of their worth, those dropped left out.
    pub(super) worth: Vec<i64>,
    /// For each number of passages, the running text in them.
    pub(super) running: Vec<i64>,
    /// For each number of passages, the letters in them, and those of these in links.
    pub(super) letters: Vec<(usize, usize)>,
    /// For each node, what its names say about boilerplate, and the name that says it.
    pub(super) around: Vec<(Boilerplate, &'p str)>,
    /// For each node, what its names say about the article.
    pub(super) bodies: Vec<Body>,
    /// For each passage, whether it is known not to belong to the article.
    pub(super) dropped: Vec<bool>,
    /// The passage that is the article's title.
    pub(super) title: Option<usize>,
}

impl<'p> Page<'p> {
    /// Takes in the names and passages of a page; nothing is dropped yet.
    pub(super) fn new(tree: &'p Tree, passages: &'p [Passage]) -> Page<'p> {
        let mut before = Vec::with_capacity(tree.nodes.len() + 1);
        let mut count = 0;
        for node in 0..=tree.nodes.len() {
            while passages.get(count).is_some_and(|p| p.node < node) {
                count += 1;
            }
            before.push(count);
        }
        let dropped = vec![false; passages.len()];
        let title = title_passage(tree, passages);
        let mut running = vec![0];
        let mut letters = vec![(0, 0)];
        let mut sum = 0;
        for passage in passages {
            sum += worth(passage).max(0);
            running.push(sum);
            let (all, linked) = letters[letters.len() - 1];
            letters.push((all + passage.letters, linked + passage.linked));
        }
        let around = tree.nodes.iter().map(hints::boilerplate).collect();
        let bodies = tree.nodes.iter().map(hints::body).collect();
        let worth = Vec::new();
        let mut page = Page {
            tree,
            passages,
            before,
            worth,
            running,
            letters,
            around,
            bodies,
            dropped,
            title,
        };
        page.weigh();
        page
    }

    /// Sums the worth of the passages that are not dropped.
    pub(super) fn weigh(&mut self) {
        let mut sum = 0;
        self.worth.clear();
        self.worth.push(0);
        for (passage, dropped) in self.passages.iter().zip(&self.dropped) {
            sum += if *dropped { 0 } else { worth(passage) };
            self.worth.push(sum);
        }
    }

    /// The passages in the subtree of a node.
    pub(super) fn inside(&self, node: usize) -> Range<usize> {
        self.before[node]..self.before[self.tree.nodes[node].end]
    }

    /// The worth of the passages in the subtree of a node.
    pub(super) fn worth_of(&self, node: usize) -> i64 {
        let range = self.inside(node);
        self.worth[range.end] - self.worth[range.start]
    }

    /// Letters in a range of passages, and those of them in links.
    pub(super) fn letters(&self, range: &Range<usize>) -> (usize, usize) {
        let (start, end) = (self.letters[range.start], self.letters[range.end]);
        (end.0 - start.0, end.1 - start.1)
    }

    /// The running text in a range of passages.
    pub(super) fn held(&self, range: &Range<usize>) -> i64 {
        self.running[range.end] - self.running[range.start]
    }

    /// The running text that is not dropped.
    pub(super) fn left(&self) -> i64 {
        let kept = self.passages.iter().zip(&self.dropped).filter(|(_, dropped)| !**dropped);
        kept.map(|(passage, _)| worth(passage).max(0)).sum()
    }
}

/// The heading that is the title of the article: the first one that the page's own title repeats,
/// or the only one of the first level.
fn title_passage(tree: &Tree, passages: &[Passage]) -> Option<usize> {
    // Longer ones are not titles, and comparing them would take its time.
    const LONGEST: usize = 500;
    let fold = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).take(LONGEST);
        letters.flat_map(char::to_lowercase).collect()
    };
    let mut titles = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        if node.name == local_name!("title") {
            titles.push(fold(&tree.text(at)));
        } else if node.name == local_name!("meta") && node.other_attribute("property") == "og:title"
        {
            titles.push(fold(node.attribute(&local_name!("content"))));
        }
    }
    titles.truncate(4);
    let headings = |level: u8| {
        passages
            .iter()
            .enumerate()
            .filter(move |(_, p)| matches!(p.kind, BlockKind::Heading(l) if l <= level))
    };
    let repeated = |passage: &Passage| {
        let heading = fold(&passage.text);
        (8..LONGEST).contains(&passage.letters)
            && titles.iter().any(|title| title.contains(&heading))
    };
    // Of several the longest: the site's name is a heading on some pages, too.
    let longest = |level| {
        let found = headings(level).filter(|(_, p)| repeated(p));
        found.rev().max_by_key(|(_, p)| p.letters)
    };
    if let (Some((at, high)), any) = (longest(1), longest(6)) {
        return match any {
            Some((lower, p)) if p.letters > 2 * high.letters => Some(lower),
            _ => Some(at),
        };
    }
    if let Some((at, _)) = longest(6) {
        return Some(at);
    }
    let mut first = headings(1);
    match (first.next(), first.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

/// What a passage speaks for, in letters: positive for running text, negative for what surrounds it.
pub(super) fn worth(passage: &Passage) -> i64 {
    let letters = passage.letters as i64;
    if passage.link_density() > 0.5 {
        return -letters.min(60);
    }
    match passage.kind {
        BlockKind::Heading(_) => return 0,
        BlockKind::Cell | BlockKind::Code => return letters,
        _ => {}
    }
    let sentence = passage.text.ends_with(['.', '!', '?', '”', '"', ':', '…', '。', '»', '’']);
    match letters {
        0..20 if !sentence => -5,
        20..40 if !sentence => 0,
        _ => letters,
    }
}
