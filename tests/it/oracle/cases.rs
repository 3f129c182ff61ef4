//! Cases by hand: what the definition of a match says, asked of the oracle and of the search alike.

use polidex::date::DateRange;
use polidex::query::{Field, Node, PhrasePart, Query, Unit};
use polidex::{Article, Block, BlockKind, Index, Language};

use super::eval::{self, Oracle};
use super::options;
use super::page::Page;

use Unit::{Paragraph, Sentence};

fn word(text: &str) -> Node {
    Node::Word(text.to_owned())
}

fn exact(text: &str) -> Node {
    Node::Exact(text.to_owned())
}

fn pattern(text: &str) -> Node {
    Node::Pattern(text.to_owned())
}

fn fuzzy(word: &str, distance: u8) -> Node {
    Node::Fuzzy { word: word.to_owned(), distance }
}

/// A phrase; `*` is any word, a word with a star or a question mark in it is a pattern.
fn phrase(text: &str, slop: u32) -> Node {
    let part = |text: &str| match text {
        "*" => PhrasePart::Any,
        text if text.contains(['*', '?']) => PhrasePart::Pattern(text.to_owned()),
        text => PhrasePart::Word(text.to_owned()),
    };
    Node::Phrase { parts: text.split(' ').map(part).collect(), slop }
}

fn near(distance: u32, operands: Vec<Node>) -> Node {
    Node::Near { distance, ordered: false, operands }
}

fn before(distance: u32, operands: Vec<Node>) -> Node {
    Node::Near { distance, ordered: true, operands }
}

fn same(unit: Unit, operands: Vec<Node>) -> Node {
    Node::Same { unit, operands }
}

fn not(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn within(field: Field, node: Node) -> Node {
    Node::Field { field, node: Box::new(node) }
}

/// An article with these blocks; `# ` opens a heading, `= ` the title.
fn article(language: Language, blocks: &[&str]) -> Article {
    let block = |text: &&str| {
        if let Some(text) = text.strip_prefix("# ") {
            Block::new(BlockKind::Heading(1), text)
        } else if let Some(text) = text.strip_prefix("= ") {
            Block::new(BlockKind::Title, text)
        } else {
            Block::new(BlockKind::Paragraph, *text)
        }
    };
    let mut article = Article::new("eu/law/a.md", blocks.iter().map(block).collect());
    article.metadata.language = Some(language);
    article
}

fn english(blocks: &[&str]) -> Article {
    article(Language::ENGLISH, blocks)
}

/// The matches and the marked words, by the search and by the oracle, if the article matches.
#[track_caller]
fn ask(article: &Article, node: Node) -> Option<(u64, Vec<String>)> {
    let index = Index::in_memory().expect("an index");
    index.add([article.clone()]).expect("added");
    let searcher = index.searcher().expect("a searcher");
    let query = Query { root: node, notes: Vec::new() };
    let text = article.text();
    let answer = searcher.search(&query, &options()).expect("an answer");
    let marks = searcher.marks(&query, &article.path, &options()).expect("marks");
    let hit = answer.hits.first().filter(|_| !answer.fallback);
    let marked = |ranges: Vec<std::ops::Range<usize>>| -> Vec<String> {
        ranges.into_iter().map(|range| text[range].to_owned()).collect()
    };
    let searched = hit.map(|hit| (hit.matches, marked(marks)));
    let page = Page::new(article.clone());
    let eval::Found { matched, matches, marks } =
        Oracle::new(options().today).find(&query.root, &page);
    let expected = matched.then(|| (matches, marked(page.bytes(&marks))));
    assert_eq!(searched, expected, "search (left) and oracle (right) differ");
    searched
}

#[track_caller]
fn finds(article: &Article, node: Node, matches: u64, marked: &[&str]) {
    let marked = marked.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(ask(article, node), Some((matches, marked)));
}

#[track_caller]
fn misses(article: &Article, node: Node) {
    assert_eq!(ask(article, node), None);
}

#[test]
fn a_word_is_found_in_its_inflected_forms_and_an_exact_one_only_as_it_is() {
    let text = english(&["A model, two MODELS, no modelling clay."]);
    finds(&text, exact("models"), 1, &["MODELS"]);
    finds(&text, word("models"), 3, &["model", "MODELS", "modelling"]);
    let unknown = article(Language::UNKNOWN, &["A model, two MODELS."]);
    finds(&unknown, word("models"), 1, &["MODELS"]);
    let french = article(Language::FRENCH, &["La souveraineté, les souverainetés."]);
    finds(&french, word("SOUVERAINETE"), 2, &["souveraineté", "souverainetés"]);
}

#[test]
fn a_word_of_several_tokens_leaves_its_elided_article_out_unless_exact() {
    let french = article(Language::FRENCH, &["L’intelligence, une intelligence."]);
    finds(&french, word("l'intelligence"), 2, &["intelligence", "intelligence"]);
    finds(&french, exact("l'intelligence"), 1, &["L’intelligence"]);
    let text = english(&["AI-driven and AI policy driven."]);
    finds(&text, word("AI-driven"), 1, &["AI-driven"]);
}

#[test]
fn a_phrase_stands_side_by_side_in_one_block() {
    let text =
        english(&["Digital sovereignty. Sovereignty digital.", "It is digital", "sovereignty"]);
    finds(&text, phrase("digital sovereignty", 0), 1, &["Digital sovereignty"]);
    misses(&text, phrase("digital is", 0));
    let twice = english(&["very very very"]);
    finds(&twice, phrase("very very", 0), 2, &["very very very"]);
    let touching = english(&["on and on and off"]);
    finds(&touching, phrase("on and", 0), 2, &["on and", "on and"]);
}

#[test]
fn a_phrase_takes_patterns_and_any_words() {
    let text = english(&["The right to an explanation, the right to explanation."]);
    finds(&text, phrase("right to * explanation", 0), 1, &["right to an explanation"]);
    finds(&text, phrase("right * expl*", 0), 1, &["right to explanation"]);
    finds(&text, phrase("* r?ght *", 0), 2, &["right", "right"]);
    misses(&text, phrase("r?ght expl*", 0));
}

#[test]
fn slop_allows_words_between_in_order_only() {
    let text = english(&["the digital and national sovereignty"]);
    finds(&text, phrase("digital sovereignty", 2), 1, &["digital", "sovereignty"]);
    misses(&text, phrase("digital sovereignty", 1));
    misses(&text, phrase("sovereignty digital", 4));
    finds(&text, phrase("digital * sovereignty", 1), 1, &["digital", "sovereignty"]);
}

#[test]
fn patterns_and_fuzzy_words_read_exact_forms() {
    let text = article(Language::FRENCH, &["Souveraineté, souverain, souple."]);
    finds(&text, pattern("souverain*"), 2, &["Souveraineté", "souverain"]);
    finds(&text, pattern("soup?e"), 1, &["souple"]);
    misses(&text, pattern("soup?"));
    finds(&text, fuzzy("souvreain", 1), 1, &["souverain"]);
    misses(&text, fuzzy("couverain", 2));
    misses(&text, fuzzy("suvreain", 1));
}

#[test]
fn near_takes_the_closest_and_counts_the_words_between() {
    let text = english(&["alpha one alpha two three beta four alpha"]);
    finds(&text, near(3, vec![word("alpha"), word("beta")]), 2, &["alpha", "beta", "alpha"]);
    finds(&text, near(2, vec![word("alpha"), word("beta")]), 1, &["beta", "alpha"]);
    finds(&text, before(3, vec![word("alpha"), word("beta")]), 1, &["alpha", "beta"]);
    misses(&text, before(2, vec![word("alpha"), word("beta")]));
    misses(&english(&["alpha", "beta"]), near(50, vec![word("alpha"), word("beta")]));
}

#[test]
fn the_operands_of_near_do_not_overlap() {
    let once = english(&["digital sovereignty"]);
    misses(&once, near(5, vec![phrase("digital sovereignty", 0), word("digital")]));
    misses(&once, near(5, vec![word("digital"), word("digital")]));
    let twice = english(&["digital sovereignty is digital"]);
    let query = near(5, vec![phrase("digital sovereignty", 0), word("digital")]);
    finds(&twice, query, 1, &["digital sovereignty", "digital"]);
}

#[test]
fn closeness_is_asked_after_the_choice_of_the_smallest_interval() {
    // The interval from the second alpha to gamma is the smallest, and too wide; the first alpha
    // is no second try.
    let text = english(&["alpha alpha one two beta gamma"]);
    misses(&text, before(2, vec![word("alpha"), word("beta"), word("gamma")]));
    let operands = vec![word("alpha"), word("beta"), word("gamma")];
    finds(&text, before(3, operands), 1, &["alpha", "beta", "gamma"]);
}

#[test]
fn alternatives_within_near_are_one_operand() {
    let text = english(&["strict rules bind big models"]);
    let either = Node::Or(vec![word("models"), phrase("big models", 0), word("rules")]);
    // “big models” holds “models”, the smaller span stands for both.
    finds(&text, near(3, vec![word("bind"), either]), 2, &["rules", "bind", "models"]);
}

#[test]
fn same_asks_for_one_sentence_or_one_block() {
    let text = english(&["Alpha stands here. Beta stands there with alpha.", "Gamma and alpha."]);
    let pair = |a: &str, b: &str| vec![word(a), word(b)];
    finds(&text, same(Sentence, pair("alpha", "beta")), 1, &["Beta", "alpha"]);
    finds(&text, same(Paragraph, pair("alpha", "beta")), 1, &["Alpha", "Beta", "alpha"]);
    misses(&text, same(Sentence, pair("here", "there")));
    misses(&text, same(Paragraph, pair("beta", "gamma")));
}

#[test]
fn all_parts_are_counted_and_what_is_not_wanted_is_absent() {
    let text = english(&["alpha beta alpha"]);
    let words = Node::Words(vec![word("alpha"), word("beta"), not(word("gamma"))]);
    finds(&text, words, 3, &["alpha", "beta", "alpha"]);
    misses(&text, Node::And(vec![word("alpha"), not(word("beta"))]));
    misses(&text, Node::And(vec![word("alpha"), word("gamma")]));
    // “alpha gamma” as a phrase is absent although alpha is there.
    let query = Node::And(vec![word("beta"), not(phrase("alpha gamma", 0))]);
    finds(&text, query, 1, &["beta"]);
}

#[test]
fn alternatives_count_those_that_match() {
    let text = english(&["model models alpha"]);
    finds(&text, Node::Or(vec![word("model"), exact("models")]), 3, &["model", "models"]);
    let both = Node::And(vec![word("alpha"), word("gamma")]);
    finds(&text, Node::Or(vec![both, exact("model")]), 1, &["model"]);
    let two_of = |words: [&str; 3]| Node::Of { count: 2, nodes: words.map(exact).to_vec() };
    finds(&text, two_of(["model", "gamma", "alpha"]), 2, &["model", "alpha"]);
    misses(&text, two_of(["model", "gamma", "beta"]));
}

#[test]
fn at_least_counts_occurrences_in_the_article() {
    let text = english(&["alpha", "alpha beta", "alpha"]);
    let at_least = |count| Node::AtLeast { count, node: Box::new(word("alpha")) };
    finds(&text, at_least(3), 3, &["alpha", "alpha", "alpha"]);
    misses(&text, at_least(4));
}

#[test]
fn title_and_headings_are_places_of_their_own() {
    let text = english(&["= Alpha rules", "# Alpha and beta", "Alpha gamma.", "# Beta"]);
    finds(&text, within(Field::Title, word("alpha")), 1, &["Alpha"]);
    misses(&text, within(Field::Title, word("beta")));
    finds(&text, within(Field::Heading, word("alpha")), 1, &["Alpha"]);
    finds(&text, within(Field::Heading, phrase("alpha and beta", 0)), 1, &["Alpha and beta"]);
    misses(&text, within(Field::Heading, phrase("beta beta", 5)));
    let both = Node::And(vec![word("beta"), not(word("gamma"))]);
    finds(&text, within(Field::Heading, both), 2, &["beta", "Beta"]);
    let untitled = english(&["Alpha rules", "Alpha"]);
    misses(&untitled, within(Field::Title, word("alpha")));
}

#[test]
fn conditions_restrict_and_mark_nothing() {
    let mut text = english(&["alpha"]);
    text.metadata.kind = Some("Law".into());
    text.metadata.tags = vec!["AI Act".into(), "practices".into()];
    let with = |condition: Node| Node::And(vec![word("alpha"), condition]);
    finds(&text, with(within(Field::Language, word("en"))), 1, &["alpha"]);
    misses(&text, with(within(Field::Language, word("fr"))));
    finds(&text, within(Field::Kind, word("LAW")), 0, &[]);
    misses(&text, within(Field::Kind, word("laws")));
    finds(&text, with(within(Field::Tag, phrase("ai act", 0))), 1, &["alpha"]);
    misses(&text, with(within(Field::Tag, phrase("act practices", 0))));
    finds(&text, within(Field::Path, word("eu/law")), 0, &[]);
    misses(&text, within(Field::Path, word("eu/la")));
    finds(&text, within(Field::Path, pattern("eu/*.md")), 0, &[]);
    misses(&text, within(Field::Path, pattern("law/*")));
}

#[test]
fn a_date_matches_where_the_days_overlap() {
    let mut text = english(&["alpha"]);
    let date = |range: DateRange| Node::Date(range);
    let day = |text: &str| text.parse().expect("a date");
    misses(&text, date(DateRange::From(day("0001"))));
    text.metadata.date = Some(day("2024-08"));
    finds(&text, date(DateRange::In(day("2024"))), 0, &[]);
    finds(&text, date(DateRange::In(day("2024-08-31"))), 0, &[]);
    misses(&text, date(DateRange::In(day("2024-09-01"))));
    finds(&text, date(DateRange::Before(day("2024-08-02"))), 0, &[]);
    misses(&text, date(DateRange::Before(day("2024-08-01"))));
    misses(&text, date(DateRange::After(day("2024-08"))));
}

#[test]
fn a_boost_changes_no_match() {
    let text = english(&["alpha beta"]);
    let boosted = Node::Boost { node: Box::new(word("alpha")), factor: 9.0 };
    finds(&text, Node::Words(vec![boosted, word("beta")]), 2, &["alpha", "beta"]);
}
