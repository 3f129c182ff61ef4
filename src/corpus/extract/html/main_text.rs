//! The main text of a page: which of its passages are the article.

use std::collections::HashMap;
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
    /// For each number of passages, the sum of their worth, those dropped left out.
    worth: Vec<i64>,
    /// For each number of passages, the running text in them.
    running: Vec<i64>,
    /// For each number of passages, the letters in them, and those of these in links.
    letters: Vec<(usize, usize)>,
    dropped: Vec<bool>,
    /// The passage that is the article's title.
    title: Option<usize>,
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
        let mut page =
            Page { tree, passages, before, worth: Vec::new(), running, letters, dropped, title };
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
        let roots = named.unwrap_or_else(|| vec![best.1]);
        if std::env::var_os("DBG").is_some() {
            eprintln!("best {} {:?}", best.0, self.tree.nodes[best.1].other_attribute("class"));
            for &r in &roots {
                let n = &self.tree.nodes[r];
                eprintln!(
                    "ROOT {} <{} {:?}> {:?}",
                    self.worth_of(r),
                    &*n.name,
                    n.other_attribute("class"),
                    hints::body(n)
                );
            }
        }
        let mut chosen: Vec<usize> = roots
            .iter()
            .flat_map(|&root| self.inside(root))
            .filter(|&p| !self.dropped[p])
            .collect();
        if self.is_little(&chosen, clear) {
            return self.everything();
        }
        self.drop_nested(&mut chosen, &roots);
        self.drop_links(&mut chosen);
        chosen.retain(|&p| !is_label(&self.passages[p]));
        self.add_title(&mut chosen);
        if std::env::var_os("DBG").is_some() {
            for (i, p) in self.passages.iter().enumerate() {
                if !chosen.contains(&i) && p.letters > 80 && p.link_density() < 0.3 {
                    let mut at = self.tree.nodes[p.node].parent;
                    let mut place = String::new();
                    for _ in 0..5 {
                        let n = &self.tree.nodes[at];
                        place = format!(
                            "{}.{}#{}/{place}",
                            &*n.name,
                            n.other_attribute("class").replace(' ', "."),
                            n.other_attribute("id")
                        );
                        at = n.parent;
                    }
                    eprintln!(
                        "LOST{} {} @ {}",
                        if self.dropped[i] { "-drop" } else { "" },
                        p.text.chars().take(90).collect::<String>().replace('\n', " "),
                        place
                            .chars()
                            .rev()
                            .take(150)
                            .collect::<Vec<_>>()
                            .iter()
                            .rev()
                            .collect::<String>()
                    );
                }
            }
        }
        chosen
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
            if hints::body(node) == rank && self.worth_of(at) > 0 {
                found.push(at);
                at = node.end;
            } else {
                at += 1;
            }
        }
        found
    }

    /// Drops comments and other boilerplate, unless there would be no article left.
    fn drop_all_boilerplate(&mut self) {
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

    /// The running text that is not dropped.
    fn left(&self) -> i64 {
        let kept = self.passages.iter().zip(&self.dropped).filter(|(_, dropped)| !**dropped);
        kept.map(|(passage, _)| worth(passage).max(0)).sum()
    }

    /// Drops what its names call boilerplate of the kinds wanted, unless it holds more than so
    /// many per cent of all.
    fn drop_boilerplate(&mut self, all: i64, most: i64, wanted: fn(Boilerplate) -> bool) {
        let misleading = self.misleading_names(all);
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            let (says, name) = hints::boilerplate(node);
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
                Boilerplate::Weak => {
                    let (letters, linked) = self.letters(&range);
                    letters < 120 || linked * 5 > letters
                }
                _ => held * 100 <= all * most,
            };
            if enough && !self.title.is_some_and(|title| range.contains(&title)) {
                if std::env::var_os("DBG").is_some() {
                    eprintln!(
                        "DROP {says:?} held {held}/{all} <{} class={:?} id={:?}> {:?}",
                        &*node.name,
                        node.other_attribute("class"),
                        node.other_attribute("id"),
                        self.passages[range.start].text.chars().take(50).collect::<String>()
                    );
                }
                self.dropped[range].fill(true);
                at = node.end;
            } else {
                at += 1;
            }
        }
    }

    /// Letters in a range of passages, and those of them in links.
    fn letters(&self, range: &Range<usize>) -> (usize, usize) {
        let (start, end) = (self.letters[range.start], self.letters[range.end]);
        (end.0 - start.0, end.1 - start.1)
    }

    /// The running text in a range of passages.
    fn held(&self, range: &Range<usize>) -> i64 {
        self.running[range.end] - self.running[range.start]
    }

    /// Names that sound like boilerplate but hold much of the page in several pieces: some page
    /// builders call every paragraph a widget.
    fn misleading_names(&self, all: i64) -> Vec<&'p str> {
        let mut held: HashMap<&str, (usize, i64)> = HashMap::new();
        let mut at = 0;
        while at < self.tree.nodes.len() {
            let node = &self.tree.nodes[at];
            let (says, name) = hints::boilerplate(node);
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

    /// Drops the articles inside an article, which by the HTML standard are related to it (comments,
    /// other articles), where there are several and enough is left without them.
    fn drop_nested(&self, chosen: &mut Vec<usize>, roots: &[usize]) {
        let article = |n: usize| self.tree.nodes[n].name == local_name!("article");
        let mut nested: Vec<Range<usize>> = Vec::new();
        for &root in roots.iter().filter(|&&root| article(root)) {
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

/// The heading that is the title of the article: the first one that the page's own title repeats,
/// or the only one of the first level.
fn title_passage(tree: &Tree, passages: &[Passage]) -> Option<usize> {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
        passage.letters >= 8 && titles.iter().any(|title| title.contains(&heading))
    };
    for level in [1, 6] {
        if let Some((at, _)) = headings(level).find(|(_, p)| repeated(p)) {
            return Some(at);
        }
    }
    let mut first = headings(1);
    match (first.next(), first.next()) {
        (Some((at, _)), None) => Some(at),
        _ => None,
    }
}

/// Whether a passage is the label of an advertisement, or of a button beside the text.
fn is_label(passage: &Passage) -> bool {
    const LABELS: &[&str] = &[
        "ad", "ads", "advert", "advertisement", "advertisements", "advertising", "anuncio",
        "annonce", "anzeige", "publicidad", "publicidade", "publicité", "pubblicità", "werbung",
        "реклама", "広告", "广告", "comments", "kommentare", "share", "teilen", "partager",
        "related", "read more", "story continues below advertisement", "loading",
    ];
    passage.letters <= 40 && {
        let text = passage.text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        LABELS.contains(&text.as_str())
    }
}

/// What a passage speaks for: positive for running text, negative for what surrounds it.
fn worth(passage: &Passage) -> i64 {
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
