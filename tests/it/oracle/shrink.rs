//! Shrinking: the smallest articles and query that still disagree.

use std::time::{Duration, Instant};

use polidex::Article;
use polidex::query::Node;

/// Drops articles, blocks, words and parts of the query for as long as `fails` holds.
pub(super) fn shrink(
    mut articles: Vec<Article>,
    mut query: Node,
    fails: impl Fn(&[Article], &Node) -> bool,
) -> (Vec<Article>, Node) {
    let end = Instant::now() + Duration::from_secs(60);
    if let Some(one) = articles.iter().find(|one| fails(std::slice::from_ref(one), &query)) {
        articles = vec![one.clone()];
    }
    loop {
        if let Some(smaller) = smaller(&query).into_iter().find(|query| fails(&articles, query)) {
            query = smaller;
        } else {
            let found = fewer(&articles).find(|articles| fails(articles, &query));
            let Some(found) = found else { return (articles, query) };
            articles = found;
        }
        if Instant::now() > end {
            return (articles, query);
        }
    }
}

/// The articles with one article, block or run of words less, the largest steps first.
fn fewer(articles: &[Article]) -> impl Iterator<Item = Vec<Article>> + '_ {
    let whole = (0..if articles.len() > 1 { articles.len() } else { 0 }).map(|at| {
        let mut fewer = articles.to_vec();
        fewer.remove(at);
        fewer
    });
    let places = move || {
        articles
            .iter()
            .enumerate()
            .flat_map(|(at, article)| (0..article.blocks.len()).map(move |block| (at, block)))
    };
    let blocks = places().map(move |(at, block)| {
        let mut fewer = articles.to_vec();
        fewer[at].blocks.remove(block);
        fewer
    });
    let words = places().flat_map(move |(at, block)| {
        let words: Vec<&str> = articles[at].blocks[block].text.split(' ').collect();
        let sizes = [words.len() / 2, words.len() / 4, 1];
        let cuts: Vec<(usize, usize)> = sizes
            .into_iter()
            .filter(|size| *size > 0 && *size < words.len())
            .flat_map(|size| (0..words.len()).step_by(size).map(move |start| (start, start + size)))
            .collect();
        cuts.into_iter().map(move |(start, end)| {
            let mut fewer = articles.to_vec();
            let kept = words.iter().enumerate().filter(|(i, _)| !(start..end).contains(i));
            fewer[at].blocks[block].text =
                kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
            fewer
        })
    });
    whole.chain(blocks).chain(words)
}

/// The queries one step smaller than this one.
fn smaller(node: &Node) -> Vec<Node> {
    let mut all = Vec::new();
    match node {
        Node::Words(nodes) | Node::And(nodes) | Node::Or(nodes) => {
            all.extend(nodes.iter().filter(|node| !matches!(node, Node::Not(_))).cloned());
            let rebuilt = |nodes| match node {
                Node::Words(_) => Node::Words(nodes),
                Node::And(_) => Node::And(nodes),
                _ => Node::Or(nodes),
            };
            let positive = |nodes: &Vec<Node>| nodes.iter().any(|it| !matches!(it, Node::Not(_)));
            all.extend(lists(nodes, 1).into_iter().filter(positive).map(rebuilt));
        }
        Node::Not(inner) => {
            all.extend(smaller(inner).into_iter().map(|node| Node::Not(Box::new(node))));
        }
        Node::Near { distance, ordered, operands } => {
            all.extend(operands.iter().cloned());
            all.extend(lists(operands, 2).into_iter().map(|operands| Node::Near {
                distance: *distance,
                ordered: *ordered,
                operands,
            }));
        }
        Node::Same { unit, operands } => {
            all.extend(operands.iter().cloned());
            all.extend(
                lists(operands, 2).into_iter().map(|operands| Node::Same { unit: *unit, operands }),
            );
        }
        Node::AtLeast { count, node } => {
            all.push((**node).clone());
            all.extend(
                smaller(node)
                    .into_iter()
                    .map(|node| Node::AtLeast { count: *count, node: Box::new(node) }),
            );
        }
        Node::Of { count, nodes } => {
            all.extend(nodes.iter().cloned());
            all.extend(
                lists(nodes, *count as usize)
                    .into_iter()
                    .map(|nodes| Node::Of { count: *count, nodes }),
            );
        }
        Node::Field { field, node } => {
            use polidex::query::Field::{Heading, Title};
            if matches!(field, Title | Heading) {
                all.push((**node).clone());
                all.extend(
                    smaller(node)
                        .into_iter()
                        .map(|node| Node::Field { field: *field, node: Box::new(node) }),
                );
            }
        }
        Node::Boost { node, .. } => all.push((**node).clone()),
        Node::Phrase { parts, slop } if parts.len() > 1 => {
            for at in 0..parts.len() {
                let mut parts = parts.clone();
                parts.remove(at);
                if parts.iter().any(|part| !matches!(part, polidex::query::PhrasePart::Any)) {
                    all.push(Node::Phrase { parts, slop: *slop });
                }
            }
        }
        _ => {}
    }
    all
}

/// The lists with one node less, down to `least`, or one node smaller.
fn lists(nodes: &[Node], least: usize) -> Vec<Vec<Node>> {
    let mut all = Vec::new();
    for at in 0..nodes.len() {
        if nodes.len() > least {
            let mut fewer = nodes.to_vec();
            fewer.remove(at);
            all.push(fewer);
        }
        for smaller in smaller(&nodes[at]) {
            let mut changed = nodes.to_vec();
            changed[at] = smaller;
            all.push(changed);
        }
    }
    all
}
