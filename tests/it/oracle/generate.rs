//! Random articles and random queries, the same for the same seed.

use std::sync::Arc;

use polidex::date::{Age, AgeUnit, DateRange};
use polidex::query::{Field, Node, PhrasePart, Unit};
use polidex::{
    Article, Block, BlockKind, Concept, ConceptKind, Date, Label, LabelForm, Language, tokens,
};

use super::page::Page;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number from `first` to `last`.
    pub(super) fn from(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const VOCABULARY: [&str; 50] = [
    "model",
    "models",
    "Modèle",
    "modèles",
    "souveraineté",
    "souverainete",
    "SOVEREIGNTY",
    "sovereignty",
    "digital",
    "Digital",
    "numérique",
    "policy",
    "policies",
    "police",
    "AI-driven",
    "state-of-the-art",
    "l'intelligence",
    "l’intelligence",
    "Microsoft's",
    "the",
    "of",
    "and",
    "right",
    "rights",
    "Straße",
    "Strasse",
    "Häuser",
    "Haus",
    "2024",
    "1,000",
    "3.5",
    "C++",
    "regulation",
    "Régulation",
    "regulations",
    "intelligence",
    "AI",
    "KI-Systeme",
    "d'un",
    "data",
    "2024/1689",
    "U.S. plan",
    "Datenschutz",
    "Datenschutzverordnung",
    "Verordnung",
    "Kinderschutz",
    "verordnungen",
    "人工智能",
    "人工智能监管框架",
    "智能监管",
];

/// Words that a sentence may start with and, in small letters, end with, so that nobody can doubt
/// where it does.
const SENTENCE_ENDS: [(&str, &str); 6] = [
    ("Models", "models"),
    ("Digital", "digital"),
    ("Policy", "policy"),
    ("Souveraineté", "souveraineté"),
    ("Rights", "rights"),
    ("Häuser", "häuser"),
];

const PATHS: [&str; 24] = [
    "eu/a-1.md",
    "eu/a-2.md",
    "eu/b.txt",
    "eu/law/a-3.md",
    "eu/law/c.md",
    "eu/law/d.md",
    "eu-law/e.md",
    "us/a-4.md",
    "us/f.html",
    "us/g.md",
    "fr/h.md",
    "fr/i.md",
    "fr/j/k.md",
    "fr/j/l.md",
    "m.md",
    "n.txt",
    "eu.md",
    "de/o.md",
    "de/p.md",
    "de/q.md",
    "int/r#1",
    "int/r#2",
    "int/r#10",
    "int/s.md",
];

const LANGUAGES: [Language; 4] =
    [Language::ENGLISH, Language::FRENCH, Language::GERMAN, Language::UNKNOWN];

/// The texts that a run of queries is asked of.
pub(super) struct World {
    vocabulary: Vec<&'static str>,
    paths: Vec<&'static str>,
}

impl World {
    pub(super) fn new(random: &mut Random) -> World {
        let size = random.from(20, VOCABULARY.len());
        let mut vocabulary = VOCABULARY.to_vec();
        while vocabulary.len() > size {
            vocabulary.remove(random.below(vocabulary.len()));
        }
        World { vocabulary, paths: PATHS.to_vec() }
    }

    /// A path that no article has had so far.
    pub(super) fn path(&mut self, random: &mut Random) -> &'static str {
        self.paths.remove(random.below(self.paths.len()))
    }

    pub(super) fn article(&self, path: &str, random: &mut Random) -> Article {
        let mut blocks = Vec::new();
        for number in 0..random.from(1, 12) {
            let (kind, most) = match random.below(10) {
                _ if number == 0 && random.percent(60) => (BlockKind::Title, 8),
                0 | 1 => (BlockKind::Heading(random.from(1, 3) as u8), 8),
                2 => (BlockKind::ListItem, 20),
                3 => (BlockKind::Cell, 3),
                4 => (BlockKind::Quote, 30),
                _ => (BlockKind::Paragraph, 60),
            };
            let words = random.from(0, most);
            blocks.push(Block::new(kind, self.text(words, random)));
        }
        let mut article = Article::new(path, blocks);
        let metadata = &mut article.metadata;
        metadata.language = Some(*random.pick(&LANGUAGES));
        metadata.title = article
            .blocks
            .first()
            .filter(|block| block.kind == BlockKind::Title)
            .map(|block| block.text.clone());
        for (chance, tag) in [(40, "AI Act"), (30, "Digital Sovereignty"), (20, "données")] {
            if random.percent(chance) {
                metadata.tags.push(tag.to_owned());
            }
        }
        for author in ["Jane Doe", "Doe Smith", "Émile O'Neill"] {
            if random.percent(30) {
                metadata.authors.push(author.to_owned());
            }
        }
        metadata.source = random.percent(60).then(|| random.pick(&SOURCES).to_string());
        metadata.kind = random.percent(70).then(|| random.pick(&["news", "Law"]).to_string());
        metadata.jurisdiction = random.percent(50).then(|| random.pick(&["EU", "fr"]).to_string());
        metadata.date = random.percent(80).then(|| date(random));
        article
    }

    fn text(&self, words: usize, random: &mut Random) -> String {
        let mut text = String::new();
        let mut sentence = 0;
        for left in (0..words).rev() {
            let end = random.pick(&SENTENCE_ENDS);
            if sentence == 0 {
                text.push_str(end.0);
                sentence = random.from(1, 12);
            } else if sentence == 1 || left == 0 {
                text.push_str(end.1);
                text.push('.');
                sentence = 0;
                text.push(' ');
                continue;
            } else {
                text.push_str(random.pick::<&str>(&self.vocabulary));
                if random.percent(5) {
                    text.push(',');
                }
                sentence -= 1;
            }
            text.push(' ');
        }
        text.trim_end().to_owned()
    }
}

const SOURCES: [&str; 3] = ["Channel Wire", "The Wire", "Paragraf & Platine"];

fn date(random: &mut Random) -> Date {
    let month = random.percent(80).then(|| random.from(1, 12) as i8);
    let day = month.filter(|_| random.percent(70)).map(|_| random.from(1, 28) as i8);
    Date::new(random.from(2023, 2025) as i16, month, day).expect("a date of the calendar")
}

/// What queries are made of.
pub(super) struct Asker {
    /// Words as they stand in the texts, block by block, each one token.
    runs: Vec<Vec<String>>,
    /// Words that queries may use, of one token or several.
    words: Vec<String>,
    paths: Vec<String>,
    /// Whether the texts leave no doubt where their sentences end.
    pub(super) sentences: bool,
}

impl Asker {
    pub(super) fn new<'a>(pages: impl IntoIterator<Item = &'a Page>, sentences: bool) -> Asker {
        let mut asker = Asker { runs: vec![], words: vec![], paths: vec![], sentences };
        for page in pages {
            asker.paths.push(page.article.path.clone());
            for block in &page.article.blocks {
                let mut run = Vec::new();
                for token in tokens(&block.text, Language::UNKNOWN) {
                    let word = &block.text[token.start..token.end];
                    match &*tokens(word, Language::UNKNOWN) {
                        [one] if one.exact == token.exact => run.push(word.to_owned()),
                        _ => asker.runs.push(std::mem::take(&mut run)),
                    }
                }
                asker.runs.push(run);
                asker.words.extend(block.text.split_whitespace().map(str::to_owned));
            }
        }
        asker.runs.retain(|run| !run.is_empty());
        asker.words.retain(|word| !tokens(word, Language::UNKNOWN).is_empty());
        for word in ["absent", "sovereign", "Modelle", "the", "models", "l'IA"] {
            asker.words.push(word.to_owned());
            asker.runs.push(vec!["absent".to_owned()]);
        }
        asker
    }

    /// Up to `most` words that stand in a row in a text.
    fn run(&self, most: usize, random: &mut Random) -> Vec<String> {
        let run = random.pick(&self.runs);
        let start = random.below(run.len());
        run.iter().skip(start).take(most).cloned().collect()
    }

    fn one(&self, random: &mut Random) -> String {
        let run = random.pick(&self.runs);
        respelt(random.pick::<String>(run), random)
    }

    fn word(&self, random: &mut Random) -> String {
        respelt(random.pick::<String>(&self.words), random)
    }

    /// A query: a part that is asked for, with at most `depth` levels below it.
    pub(super) fn query(&self, depth: usize, random: &mut Random) -> Node {
        let part = |random: &mut Random| self.query(depth.saturating_sub(1), random);
        match random.below(if depth == 0 { 30 } else { 100 }) {
            0..30 => self.leaf(random),
            30..45 => self.all(depth, false, random),
            45..56 => Node::Or({
                let count = random.from(2, 3);
                (0..count).map(|_| part(random)).collect()
            }),
            56..72 => self.near(depth, random),
            72..78 => self.same(depth, random),
            78..82 => Node::AtLeast {
                count: random.from(1, 5) as u32,
                node: Box::new(self.operand(depth - 1, random)),
            },
            82..86 => {
                let nodes: Vec<Node> = (0..random.from(2, 4)).map(|_| part(random)).collect();
                Node::Of { count: random.from(1, nodes.len()) as u32, nodes }
            }
            86..93 => Node::Field {
                field: *random.pick(&[Field::Title, Field::Heading]),
                node: Box::new(self.inside(depth - 1, random)),
            },
            93..97 => self.condition(random),
            _ => Node::Boost { node: Box::new(part(random)), factor: 2.5 },
        }
    }

    /// Several parts, some of them perhaps not wanted; `inside` a field or not.
    fn all(&self, depth: usize, inside: bool, random: &mut Random) -> Node {
        let part = |random: &mut Random| match inside {
            true => self.inside(depth.saturating_sub(1), random),
            false => self.query(depth.saturating_sub(1), random),
        };
        let mut nodes: Vec<Node> = (0..random.from(1, 3)).map(|_| part(random)).collect();
        if nodes.len() == 1 || random.percent(25) {
            let at = random.below(nodes.len() + 1);
            nodes.insert(at, Node::Not(Box::new(part(random))));
        }
        if random.percent(50) { Node::Words(nodes) } else { Node::And(nodes) }
    }

    /// What may stand within `title:` and `heading:`.
    fn inside(&self, depth: usize, random: &mut Random) -> Node {
        match random.below(if depth == 0 { 50 } else { 100 }) {
            0..50 => self.leaf(random),
            50..65 => self.all(depth, true, random),
            65..80 => {
                Node::Or((0..random.from(2, 3)).map(|_| self.inside(depth - 1, random)).collect())
            }
            80..88 => self.near(depth, random),
            88..92 => self.same(depth, random),
            92..94 => {
                let nodes: Vec<Node> =
                    (0..random.from(2, 3)).map(|_| self.inside(depth - 1, random)).collect();
                Node::Of { count: random.from(1, nodes.len()) as u32, nodes }
            }
            94..97 => Node::AtLeast {
                count: random.from(1, 3) as u32,
                node: Box::new(self.operand(depth - 1, random)),
            },
            _ => Node::Boost { node: Box::new(self.inside(depth - 1, random)), factor: 0.5 },
        }
    }

    fn near(&self, depth: usize, random: &mut Random) -> Node {
        let distance = if random.percent(20) { random.from(10, 40) } else { random.from(1, 8) };
        Node::Near {
            distance: distance as u32,
            ordered: random.percent(50),
            operands: self.operands(depth, random),
        }
    }

    fn same(&self, depth: usize, random: &mut Random) -> Node {
        let unit = match self.sentences && random.percent(60) {
            true => Unit::Sentence,
            false => Unit::Paragraph,
        };
        Node::Same { unit, operands: self.operands(depth, random) }
    }

    fn operands(&self, depth: usize, random: &mut Random) -> Vec<Node> {
        let count = [2, 2, 2, 2, 2, 2, 3, 3, 3, 4][random.below(10)];
        (0..count).map(|_| self.operand(depth.saturating_sub(1), random)).collect()
    }

    fn operand(&self, depth: usize, random: &mut Random) -> Node {
        match random.below(if depth == 0 { 60 } else { 100 }) {
            0..60 => self.leaf(random),
            60..75 => {
                Node::Or(
                    (0..random.from(2, 3))
                        .map(|_| {
                            if random.percent(80) {
                                self.leaf(random)
                            } else {
                                self.near(0, random)
                            }
                        })
                        .collect(),
                )
            }
            75..92 => self.near(depth - 1, random),
            _ => self.same(depth - 1, random),
        }
    }

    fn leaf(&self, random: &mut Random) -> Node {
        match random.below(20) {
            0..8 => Node::Word(self.word(random)),
            8..11 => Node::Exact(self.word(random)),
            11..13 => Node::Pattern(pattern(&self.one(random), random)),
            13..15 => self.fuzzy(random),
            15..17 => self.concept(random),
            _ => self.phrase(random),
        }
    }

    fn fuzzy(&self, random: &mut Random) -> Node {
        let distance = random.from(1, 2) as u8;
        for _ in 0..20 {
            let mut letters: Vec<char> = self.one(random).chars().collect();
            if letters.len() < 4 || !letters.iter().all(|c| c.is_alphabetic()) {
                continue;
            }
            for _ in 0..random.from(0, 2) {
                let at = random.from(1, letters.len() - 1);
                match random.below(4) {
                    0 if letters.len() > 4 => drop(letters.remove(at)),
                    1 => letters.insert(at, *random.pick(&['a', 'e', 's'])),
                    2 => letters[at] = *random.pick(&['a', 'e', 'l']),
                    _ => letters.swap(at - 1, at),
                }
            }
            return Node::Fuzzy { word: letters.into_iter().collect(), distance };
        }
        Node::Fuzzy { word: "modle".into(), distance }
    }

    fn concept(&self, random: &mut Random) -> Node {
        let languages = [Language::ENGLISH, Language::FRENCH, Language::GERMAN];
        let forms = [LabelForm::Inflected, LabelForm::Exact, LabelForm::Local];
        let label = |random: &mut Random| {
            let most = random.from(1, 3);
            let text = self.run(most, random).join(" ");
            let (language, form) = (*random.pick(&languages), *random.pick(&forms));
            Label { text, language, form }
        };
        let labels = (0..random.from(1, 4)).map(|_| label(random)).collect();
        let concept = Concept {
            id: "a".to_owned(),
            kind: ConceptKind::Topic,
            definition: String::new(),
            eurovoc: None,
            celex: None,
            official: None,
            labels,
        };
        let without = match random.percent(10) {
            true => vec![concept.labels[0].text.clone()],
            false => Vec::new(),
        };
        Node::Concept { concept: Arc::new(concept), without }
    }

    fn phrase(&self, random: &mut Random) -> Node {
        let slop = if random.percent(35) { random.from(1, 4) as u32 } else { 0 };
        let most = random.from(2, 5);
        let mut words = self.run(most, random);
        if slop > 0 && words.len() > 2 && random.percent(60) {
            words.remove(1);
        }
        if random.percent(15) {
            words.push(self.one(random));
        }
        let mut parts: Vec<PhrasePart> = words
            .into_iter()
            .map(|word| match random.below(20) {
                0 | 1 => PhrasePart::Pattern(pattern(&word, random)),
                _ => PhrasePart::Word(respelt(&word, random)),
            })
            .collect();
        if random.percent(10) {
            parts.push(PhrasePart::Word(self.word(random)));
        }
        if parts.len() > 2 && random.percent(25) {
            let at = random.from(1, parts.len() - 2);
            parts[at] = PhrasePart::Any;
        }
        if random.percent(5) {
            parts.push(PhrasePart::Any);
        }
        if random.percent(5) {
            parts.insert(0, PhrasePart::Any);
        }
        Node::Phrase { parts, slop }
    }

    fn condition(&self, random: &mut Random) -> Node {
        let word = |word: &str| Node::Word(word.to_owned());
        let random_word =
            |words: &[&str], random: &mut Random| Node::Word((*random.pick(words)).to_owned());
        let phrase = |words: &[&str]| Node::Phrase {
            parts: words.iter().map(|word| PhrasePart::Word(word.to_string())).collect(),
            slop: 0,
        };
        let (field, node) = match random.below(8) {
            0 => (Field::Language, random_word(&["en", "fr", "de", "und", "it"], random)),
            1 => (Field::Kind, random_word(&["news", "NEWS", "law", "Law", "speech"], random)),
            2 => {
                let tags =
                    [word("act"), word("Données"), phrase(&["ai", "act"]), phrase(&["act", "ai"])];
                (Field::Tag, random.pick(&tags).clone())
            }
            3 => {
                let names = [
                    word("DOE"),
                    word("emile"),
                    phrase(&["jane", "doe"]),
                    phrase(&["doe", "doe"]),
                    word("O'Neill"),
                ];
                (Field::Author, random.pick(&names).clone())
            }
            4 => {
                let names = [word("wire"), phrase(&["The", "wire"]), phrase(&["wire", "the"])];
                (Field::Source, random.pick(&names).clone())
            }
            5 => {
                let path = match random.below(6) {
                    0 => random_word(&["eu", "eu/law", "fr/j", "de", "e"], random),
                    1 => Node::Word(random.pick(&self.paths).clone()),
                    2 => Node::Pattern("eu/*".to_owned()),
                    3 => Node::Pattern("*/a-?.md".to_owned()),
                    4 => Node::Pattern("*.txt".to_owned()),
                    _ => Node::Pattern("??/*/*".to_owned()),
                };
                (Field::Path, path)
            }
            6 => (Field::Jurisdiction, random_word(&["EU", "eu", "FR", "us"], random)),
            _ => {
                let (a, b) = (date(random), date(random));
                return Node::Date(match random.below(7) {
                    0 => DateRange::In(a),
                    1 => DateRange::Between(a, b),
                    2 => DateRange::From(a),
                    3 => DateRange::Until(a),
                    4 => DateRange::After(a),
                    5 => DateRange::Before(a),
                    _ => DateRange::Since(Age {
                        count: random.from(1, 40) as u16,
                        unit: *random.pick(&[
                            AgeUnit::Day,
                            AgeUnit::Week,
                            AgeUnit::Month,
                            AgeUnit::Year,
                        ]),
                    }),
                });
            }
        };
        Node::Field { field, node: Box::new(node) }
    }
}

/// The word, now and then in capitals or without its accents.
fn respelt(word: &str, random: &mut Random) -> String {
    match random.below(10) {
        0 => word.to_uppercase(),
        1 => match &*tokens(word, Language::UNKNOWN) {
            [one] => one.exact.clone(),
            _ => word.to_owned(),
        },
        _ => word.to_owned(),
    }
}

/// A pattern that the word fits.
fn pattern(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 || !letters.iter().all(|c| c.is_alphanumeric()) {
        letters = "models".chars().collect();
    }
    let keep = random.from(1, letters.len() - 1);
    let mut pattern: String = letters[..keep].iter().collect();
    match random.below(4) {
        0 | 1 => pattern.push('*'),
        2 => {
            pattern.push('?');
            pattern.extend(&letters[keep + 1..]);
        }
        _ => {
            pattern.push('*');
            pattern.extend(letters.last());
        }
    }
    pattern
}
