//! The main text of a page: which of its passages are the article.
//!
//! Each passage has a worth: its length if it reads as running text, a little below nothing if it
//! is short or made of links (text and link density are the two features that Kohlschütter,
//! Fankhauser and Nejdl, "Boilerplate Detection using Shallow Text Features", WSDM 2010, found to
//! decide nearly alone, in any language). The element whose passages sum to the most is then the
//! tightest one around the article: Pasternack and Roth's maximum subsequence ("Extracting Article
//! Text from the Web with Maximum Subsequence Segmentation", WWW 2009), taken over subtrees. Names
//! come before that where they are clear: microdata, `<article>`, `<main>` and the classes that
//! publishing systems give the body of an article, if what they hold is at least half as much; and
//! names tell beforehand what is around an article. The title anchors both choices.
//!
//! Where no choice is clear, everything stays: boilerplate kept costs less than an article lost.

use std::ops::Range;

use html5ever::local_name;

use super::blocks::Passage;
use super::furniture::{announces_others, is_furniture};
use super::hints::Body;
use super::page::Page;
use super::tree::Tree;
use crate::article::BlockKind;

/// The passages of the article, by number, ascending.
pub(super) fn choose(tree: &Tree, passages: &[Passage]) -> Vec<usize> {
    Page::new(tree, passages).article()
}

impl Page<'_> {
    fn article(mut self) -> Vec<usize> {
        self.drop_all_boilerplate();
        self.weigh();
        let best = (0..self.tree.nodes.len())
            .filter(|&n| self.tree.nodes[n].shape.is_block())
            .map(|n| (self.worth_of(n), n))
            .max()
            .unwrap_or((0, 0));
        let named = [Body::Text, Body::Article, Body::Main]
            .into_iter()
            .find_map(|rank| self.held_by(rank, best.0));
        let clear = named.is_some();
        let roots = self.tightened(named.unwrap_or_else(|| vec![best.1]));
        let mut chosen: Vec<usize> = roots
            .iter()
            .flat_map(|&root| self.inside(root))
            .filter(|&p| !self.dropped[p])
            .collect();
        if self.is_little(&chosen, clear) {
            return self.everything();
        }
        self.drop_nested(&mut chosen, &roots);
        self.drop_related(&mut chosen);
        self.drop_links(&mut chosen);
        chosen.retain(|&p| Some(p) == self.title || !is_furniture(&self.passages[p]));
        self.drop_same_captions(&mut chosen);
        self.drop_empty_sections(&mut chosen);
        self.add_title(&mut chosen);
        chosen
    }

    /// The innermost element named as the text of an article that holds nearly all that a single
    /// root holds; the roots themselves where there is none.
    fn tightened(&self, roots: Vec<usize>) -> Vec<usize> {
        let [root] = roots[..] else { return roots };
        let nearly_all = self.worth_of(root) / 10 * 9;
        let inner = self
            .tree
            .inside(root)
            .rfind(|&n| self.bodies[n] == Body::Text && self.worth_of(n) >= nearly_all);
        inner.map_or(roots, |inner| vec![inner])
    }

    /// Whether what was chosen is too little to be trusted: a line or two, or, where no name speaks
    /// for it, a small part of all the text.
    fn is_little(&self, chosen: &[usize], clear: bool) -> bool {
        let letters: usize = chosen.iter().map(|&p| self.passages[p].letters).sum();
        let all: usize = (0..self.passages.len())
            .filter(|&p| !self.dropped[p])
            .map(|p| self.passages[p].letters)
            .sum();
        letters < 150 || (!clear && letters * 6 < all)
    }

    /// All that is not boilerplate by name, and if there is nothing else, all.
    fn everything(&self) -> Vec<usize> {
        let kept: Vec<usize> = (0..self.passages.len()).filter(|&p| !self.dropped[p]).collect();
        if kept.is_empty() { (0..self.passages.len()).collect() } else { kept }
    }

    /// The elements of this rank that hold the article, if they hold enough of what there is.
    fn held_by(&self, rank: Body, best: i64) -> Option<Vec<usize>> {
        let found = self.outermost(rank);
        let worth = |&n: &usize| {
            // What stands before the title is rarely the article.
            let before = self.title.is_some_and(|title| self.inside(n).end <= title);
            if before { self.worth_of(n) / 2 } else { self.worth_of(n) }
        };
        let largest = *found.iter().max_by_key(|n| worth(n))?;
        // An article of its own beside others that are longer.
        let titled = |&&n: &&usize| {
            let title = self.title.filter(|_| rank == Body::Article);
            title.is_some_and(|title| self.inside(n).contains(&title))
        };
        if let Some(&titled) = found.iter().find(titled)
            && titled != largest
            && self.worth_of(titled) >= 400
            && self.worth_of(titled) * 5 > best
        {
            return Some(vec![titled]);
        }
        if worth(&largest) * 2 > best {
            let class = local_name!("class");
            let kin = self.tree.nodes[largest].attribute(&class);
            let alike = |&n: &usize| n == largest || self.tree.nodes[n].attribute(&class) == kin;
            return Some(found.into_iter().filter(alike).collect());
        }
        let titled = found.iter().find(|&&n| {
            self.title
                .is_some_and(|title| self.inside(n).contains(&title) && self.worth_of(n) * 7 > best)
        });
        if let Some(&titled) = titled {
            return Some(vec![titled]);
        }
        let sum: i64 = found.iter().map(worth).sum();
        (sum * 2 > best).then_some(found)
    }

    /// The outermost elements that hold the article, by their names.
    fn outermost(&self, rank: Body) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            if self.bodies[at] == rank && self.worth_of(at) > 0 {
                found.push(at);
                at = node.end;
            } else {
                at += 1;
            }
        }
        found
    }

    /// Drops the articles inside an article, which by the HTML standard are related to it (comments,
    /// other articles), where there are several and enough is left without them.
    fn drop_nested(&self, chosen: &mut Vec<usize>, roots: &[usize]) {
        let article = |n: usize| self.tree.nodes[n].name == local_name!("article");
        let mut nested: Vec<Range<usize>> = Vec::new();
        for root in roots.iter().filter_map(|&root| self.article_in(root)) {
            let mut at = root + 1;
            while at < self.tree.nodes[root].end {
                let holds = article(at) && !self.inside(at).is_empty();
                let titled = self.title.is_some_and(|title| self.inside(at).contains(&title));
                if holds && !titled {
                    nested.push(self.inside(at));
                    at = self.tree.nodes[at].end;
                } else {
                    at += 1;
                }
            }
        }
        let all: i64 = roots.iter().map(|&root| self.worth_of(root)).sum();
        let inner: i64 = nested.iter().map(|n| self.worth[n.end] - self.worth[n.start]).sum();
        if nested.len() > 1 && all - inner > 250 {
            let mut next = nested.into_iter().peekable();
            chosen.retain(|&p| {
                while next.next_if(|range| range.end <= p).is_some() {}
                !next.peek().is_some_and(|range| range.contains(&p))
            });
        }
    }

    /// The element itself, if it is an article, or the one article that holds most of it.
    fn article_in(&self, root: usize) -> Option<usize> {
        let article = |n: &usize| self.tree.nodes[*n].name == local_name!("article");
        let most = self.worth_of(root) / 10 * 6;
        (root..self.tree.nodes[root].end)
            .find(|n| article(n))
            .filter(|&n| n == root || self.worth_of(n) >= most)
    }

    /// Drops what is nothing but a link, where there is enough running text beside it for this to
    /// be an article rather than a list of links.
    fn drop_links(&self, chosen: &mut Vec<usize>) {
        let links = |p: &usize| {
            let passage = &self.passages[*p];
            passage.link_density() > 0.9 && Some(*p) != self.title
        };
        let letters = |p: &usize| self.passages[*p].letters;
        let linked: usize = chosen.iter().filter(|p| links(p)).map(letters).sum();
        let all: usize = chosen.iter().map(letters).sum();
        if linked * 3 < all {
            chosen.retain(|p| !links(p));
        }
    }

    /// Drops headings at the end that nothing stands under: what they announced, such as a form, is
    /// no text of the article.
    fn drop_empty_sections(&self, chosen: &mut Vec<usize>) {
        let enough = |chosen: &[usize]| {
            let mut letters = chosen.iter().map(|&p| self.passages[p].letters);
            letters.by_ref().sum::<usize>() > 500
        };
        while let Some(&last) = chosen.last() {
            let passage = &self.passages[last];
            // A number may be that of an annex that is only pictures.
            let plain = !passage.text.contains(|c: char| c.is_ascii_digit());
            let heading = matches!(passage.kind, BlockKind::Heading(2..));
            if !heading || !plain || Some(last) == self.title || !enough(chosen) {
                break;
            }
            chosen.pop();
        }
    }

    /// Drops what stands under a line that announces other articles. Under a heading, that is up to
    /// the next heading as high or the end of the element that holds it; under another line, the
    /// list of short lines that follows.
    fn drop_related(&self, chosen: &mut Vec<usize>) {
        let mut drop = vec![false; chosen.len()];
        let mut kept = 0;
        let mut at = 0;
        while at < chosen.len() {
            let passage = &self.passages[chosen[at]];
            let announces = kept >= 250 && passage.letters <= 60 && announces_others(&passage.text);
            let BlockKind::Heading(level) = passage.kind else {
                let after = chosen.get(at + 1..).unwrap_or_default();
                let others = if announces { self.short_lines(after) } else { 0 };
                if others > 1 {
                    drop[at..=at + others].fill(true);
                    at += others;
                }
                kept += passage.letters;
                at += 1;
                continue;
            };
            if !announces {
                at += 1;
                continue;
            }
            let heading = self.tree.nodes[passage.node].parent;
            let end = self.tree.nodes[self.holder(heading)].end;
            drop[at] = true;
            at += 1;
            while let Some(&p) = chosen.get(at) {
                let passage = &self.passages[p];
                let as_high = matches!(passage.kind, BlockKind::Heading(other) if other <= level);
                if passage.node >= end || as_high {
                    break;
                }
                drop[at] = true;
                at += 1;
            }
        }
        let mut next = drop.into_iter();
        chosen.retain(|_| !next.next().unwrap_or(false));
    }

    /// How many passages there are before the first that is running text or a heading.
    fn short_lines(&self, passages: &[usize]) -> usize {
        let short = |p: &&usize| {
            let passage = &self.passages[**p];
            let item = passage.kind == BlockKind::ListItem || passage.link_density() > 0.5;
            item && passage.letters < 200
        };
        passages.iter().take_while(short).count()
    }

    /// The innermost element around a heading that holds more than it.
    fn holder(&self, heading: usize) -> usize {
        let mut at = heading;
        while at != 0 && self.inside(at).len() < 2 {
            at = self.tree.nodes[at].parent;
        }
        at
    }

    /// Drops captions that say again, whole or cut short, what one before them said: galleries give
    /// each for several sizes of the page.
    fn drop_same_captions(&self, chosen: &mut Vec<usize>) {
        let mut said: Vec<&str> = Vec::new();
        chosen.retain(|&p| {
            let passage = &self.passages[p];
            if passage.kind != BlockKind::Caption || said.len() > 500 {
                return true;
            }
            let text = passage.text.trim_end_matches(['.', '…', ' ']);
            let again = said.iter().any(|before| before.starts_with(text));
            said.push(&passage.text);
            !again
        });
    }

    /// Puts the title of the page before the text, where the text has none.
    fn add_title(&self, chosen: &mut Vec<usize>) {
        let Some(title) = self.title else { return };
        let Some(&first) = chosen.first() else { return };
        if title >= first {
            return;
        }
        // The lead often stands between the title and the element that holds the text.
        let lead = |p: &usize| {
            let passage = &self.passages[*p];
            !self.dropped[*p]
                && passage.kind == BlockKind::Paragraph
                && passage.letters >= 60
                && passage.link_density() < 0.2
        };
        let leads: Vec<usize> = (title + 1..first).filter(lead).collect();
        if leads.len() <= 3 {
            chosen.splice(..0, leads);
        }
        chosen.insert(0, title);
    }
}
