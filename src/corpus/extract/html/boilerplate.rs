//! Boilerplate: what a site puts around every article, told by the names of its elements.

use std::collections::HashMap;

use super::hints::Boilerplate;
use super::page::Page;

impl<'p> Page<'p> {
    /// Drops comments and other boilerplate, unless there would be no article left.
    pub(super) fn drop_all_boilerplate(&mut self) {
        let all = self.held(&(0..self.passages.len()));
        self.drop_boilerplate(all, 100, |says| says == Boilerplate::Comments);
        if self.left() < 200 {
            // A discussion that is nothing else.
            self.dropped.fill(false);
        }
        let all = self.left();
        let before = self.dropped.clone();
        self.drop_boilerplate(all, 90, |says| says != Boilerplate::Comments);
        if self.left() * 4 < all {
            // The names mislead: this may be an article that calls itself a sidebar.
            self.dropped = before;
            self.drop_boilerplate(all, 30, |says| says != Boilerplate::Comments);
        }
    }

    /// Drops what its names call boilerplate of the kinds wanted, unless it holds more than so
    /// many per cent of all.
    fn drop_boilerplate(&mut self, all: i64, most: i64, wanted: fn(Boilerplate) -> bool) {
        let misleading = self.misleading_names(all);
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            let (says, name) = self.around[at];
            let range = self.inside(at);
            if says == Boilerplate::No
                || !wanted(says)
                || range.is_empty()
                || misleading.contains(&name)
            {
                at += 1;
                continue;
            }
            let held = self.held(&range);
            let enough = match says {
                Boilerplate::Small => self.letters(&range).0 < 120,
                Boilerplate::Form => held * 100 <= all * most.min(30),
                Boilerplate::Gallery => held * 100 <= all * most.min(40),
                Boilerplate::Weak => {
                    let (letters, linked) = self.letters(&range);
                    letters < 120 || linked * 5 > letters
                }
                _ => held * 100 <= all * most,
            };
            if enough && !self.title.is_some_and(|title| range.contains(&title)) {
                self.dropped[range].fill(true);
                at = node.end;
            } else {
                at += 1;
            }
        }
    }

    /// Names that sound like boilerplate but hold much of the page in several pieces: some page
    /// builders call every paragraph a widget.
    fn misleading_names(&self, all: i64) -> Vec<&'p str> {
        let mut held: HashMap<&str, (usize, i64)> = HashMap::new();
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            let (says, name) = self.around[at];
            let range = self.inside(at);
            at += 1;
            if says == Boilerplate::Likely && !name.is_empty() && !range.is_empty() {
                let sum = held.entry(name).or_default();
                sum.0 += 1;
                sum.1 += self.held(&range);
                at = node.end;
            }
        }
        let much = |sum: &(usize, i64)| sum.0 > 2 && sum.1 * 10 > all * 4;
        held.into_iter().filter(|(_, sum)| much(sum)).map(|(name, _)| name).collect()
    }
}
