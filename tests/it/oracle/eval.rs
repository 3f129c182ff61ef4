//! The oracle: what a query finds in one page, straight from the definition and with no index.

use std::cell::RefCell;
use std::collections::HashMap;

use polidex::date::DateRange;
use polidex::query::{Field, Node, PhrasePart, Unit};
use polidex::{BlockKind, Date, Label, LabelForm, Language, Token, tokens};

use super::page::{Page, Span};

/// What a query finds in one page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    pub(super) matched: bool,
    pub(super) matches: u64,
    pub(super) marks: Vec<Span>,
}

/// A match and what it marks.
#[derive(Debug, Clone, PartialEq)]
struct Match {
    span: Span,
    marks: Vec<Span>,
}

/// Where matches may stand.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Everywhere,
    Title,
    Headings,
}

/// One position of a sequence: what a word there must be.
enum Step {
    Exact(String),
    Stems(Vec<String>),
    /// A word of a label: of this stem, or of this form, or a compound of it.
    Label {
        exact: Option<String>,
        stem: String,
        compounds: bool,
    },
    Like(Vec<char>),
    Any,
}

pub(super) struct Oracle {
    pub(super) today: Date,
    analysed: RefCell<HashMap<(String, Language), Vec<Token>>>,
}

impl Oracle {
    pub(super) fn new(today: Date) -> Oracle {
        Oracle { today, analysed: RefCell::default() }
    }

    pub(super) fn find(&self, node: &Node, page: &Page) -> Found {
        let mut found = self.eval(node, page, Scope::Everywhere);
        if !found.matched {
            found = Found::default();
        }
        found
    }

    fn eval(&self, node: &Node, page: &Page, scope: Scope) -> Found {
        match node {
            Node::Words(nodes) | Node::And(nodes) => {
                let mut whole = Found { matched: true, ..Found::default() };
                for node in nodes {
                    if let Node::Not(node) = node {
                        whole.matched &= !self.eval(node, page, scope).matched;
                    } else {
                        let part = self.eval(node, page, scope);
                        whole.matched &= part.matched;
                        whole.take(part);
                    }
                }
                whole
            }
            Node::Or(nodes) => self.some(1, nodes, page, scope),
            Node::Of { count, nodes } => self.some(*count as usize, nodes, page, scope),
            Node::AtLeast { count, node } => {
                let mut found = self.eval(node, page, scope);
                found.matched &= found.matches >= u64::from(*count);
                found
            }
            Node::Boost { node, .. } => self.eval(node, page, scope),
            Node::Field { field: Field::Title, node } => self.eval(node, page, Scope::Title),
            Node::Field { field: Field::Heading, node } => self.eval(node, page, Scope::Headings),
            Node::Field { field, node } => condition(self.has(*field, node, page)),
            Node::Date(range) => condition(self.dated(*range, page)),
            Node::Not(_) => panic!("a query asks for something"),
            Node::Word(word) if self.pairs(word).len() > 1 => {
                let pairs = self.pairs(word).into_iter().map(Node::Word).collect();
                self.eval(&Node::Words(pairs), page, scope)
            }
            Node::Word(word) if !self.apart(word, page).is_empty() => {
                let mut ways = self.apart(word, page);
                ways.push(plain(rows(&self.inflected(word, page.language), page)));
                let mut found = Found::default();
                if scope == Scope::Everywhere {
                    for one in ways.into_iter().flatten() {
                        found.matched = true;
                        found.matches += 1;
                        found.marks.extend(one.marks);
                    }
                    return found;
                }
                // Within a field it is one part: what overlaps counts once.
                let spans = ways.iter().flatten().map(|one| one.span).collect();
                let inside = minimal(spans).into_iter().filter(|span| in_scope(*span, page, scope));
                let inside: Vec<Span> = inside.collect();
                found.matched = !inside.is_empty();
                found.matches = inside.len() as u64;
                let marks = ways.into_iter().flatten().flat_map(|one| one.marks);
                found.marks.extend(
                    marks.filter(|mark| {
                        inside.iter().any(|span| span.0 <= mark.0 && mark.1 <= span.1)
                    }),
                );
                found
            }
            Node::Word(_)
            | Node::Exact(_)
            | Node::Pattern(_)
            | Node::Fuzzy { .. }
            | Node::Phrase { .. }
            | Node::Concept { .. }
            | Node::Near { .. }
            | Node::Same { .. } => {
                let mut found = Found::default();
                for one in self.matches(node, page) {
                    if in_scope(one.span, page, scope) {
                        found.matched = true;
                        found.matches += 1;
                        found.marks.extend(one.marks);
                    }
                }
                found
            }
        }
    }

    fn some(&self, least: usize, nodes: &[Node], page: &Page, scope: Scope) -> Found {
        let mut whole = Found::default();
        let mut matched = 0;
        for node in nodes {
            let part = self.eval(node, page, scope);
            if part.matched {
                matched += 1;
                whole.take(part);
            }
        }
        whole.matched = matched >= least;
        whole
    }

    /// Every match of a part that has places.
    fn matches(&self, node: &Node, page: &Page) -> Vec<Match> {
        match node {
            Node::Word(word) => {
                let mut found = plain(rows(&self.inflected(word, page.language), page));
                let apart = self.apart(word, page);
                if !apart.is_empty() {
                    found.extend(apart.into_iter().flatten());
                    found = plain(minimal(found.into_iter().map(|one| one.span).collect()));
                }
                found
            }
            Node::Exact(word) => plain(rows(&self.exact(word), page)),
            Node::Pattern(pattern) => plain(rows(&[Step::Like(self.folded(pattern))], page)),
            Node::Fuzzy { word, distance } => plain(self.fuzzy(word, *distance, page)),
            Node::Phrase { parts, slop } => self.phrase(parts, *slop, page),
            Node::Concept { concept, without } => {
                let labels = concept.labels_without(without);
                plain(minimal(labels.flat_map(|label| self.label(label, page)).collect()))
            }
            Node::Or(nodes) => plain(minimal(
                nodes
                    .iter()
                    .flat_map(|node| self.matches(node, page))
                    .map(|one| one.span)
                    .collect(),
            )),
            Node::Near { distance, ordered, operands } => {
                let operands: Vec<Vec<Span>> =
                    operands.iter().map(|node| self.spans(node, page)).collect();
                let mut found = if *ordered {
                    in_order(&operands.iter().map(Vec::as_slice).collect::<Vec<_>>())
                } else {
                    in_any_order(&operands)
                };
                found.retain(|one| others(one) < *distance as usize);
                found
            }
            Node::Same { unit, operands } => {
                let operands: Vec<Vec<Span>> =
                    operands.iter().map(|node| self.spans(node, page)).collect();
                let units: Vec<Span> = match unit {
                    Unit::Sentence => page.sentences.clone(),
                    Unit::Paragraph => page.blocks.iter().map(|(_, span)| *span).collect(),
                };
                units.into_iter().filter_map(|unit| same(unit, &operands)).collect()
            }
            _ => panic!("{node:?} has no places"),
        }
    }

    fn spans(&self, node: &Node, page: &Page) -> Vec<Span> {
        self.matches(node, page).into_iter().map(|one| one.span).collect()
    }

    /// Where a label stands: as it is written, and inflected if the page is in its language.
    fn label(&self, label: &Label, page: &Page) -> Vec<Span> {
        let inflects = label.form != LabelForm::Exact && label.language == page.language;
        if label.form == LabelForm::Local && !inflects {
            return Vec::new();
        }
        let words = self.analysed(&label.text, label.language);
        let alone = words.len() == 1;
        let step = |word: Token| match inflects {
            false => Step::Exact(word.exact),
            true => Step::Label {
                exact: (label.form != LabelForm::Local).then_some(word.exact),
                stem: word.stem,
                compounds: alone,
            },
        };
        rows(&words.into_iter().map(step).collect::<Vec<_>>(), page)
    }

    /// A phrase marks all of itself; one with slop marks its words and not what stands between.
    fn phrase(&self, parts: &[PhrasePart], slop: u32, page: &Page) -> Vec<Match> {
        let mut steps: Vec<Step> = Vec::new();
        for part in parts {
            match part {
                PhrasePart::Word(word) => steps.extend(self.exact(word)),
                PhrasePart::Pattern(pattern) => steps.push(Step::Like(self.folded(pattern))),
                PhrasePart::Any if steps.is_empty() => {}
                PhrasePart::Any => steps.push(Step::Any),
            }
        }
        while matches!(steps.last(), Some(Step::Any)) {
            steps.pop();
        }
        if slop == 0 {
            return plain(rows(&steps, page));
        }
        let free = steps.iter().filter(|step| matches!(step, Step::Any)).count();
        let words: Vec<Vec<Span>> = steps
            .iter()
            .filter(|step| !matches!(step, Step::Any))
            .map(|step| rows(std::slice::from_ref(step), page))
            .collect();
        in_order(&words.iter().map(Vec::as_slice).collect::<Vec<_>>())
            .into_iter()
            .filter(|one| others(one) <= slop as usize + free)
            .collect()
    }

    fn fuzzy(&self, word: &str, distance: u8, page: &Page) -> Vec<Span> {
        let wanted = self.folded(word);
        let near = |form: &[char]| {
            form.first() == wanted.first() && edits(&wanted, form) <= usize::from(distance)
        };
        page.exact
            .values()
            .filter(|places| near(&page.words[places[0]].letters))
            .flatten()
            .map(|place| (page.words[*place].position, page.words[*place].position))
            .collect()
    }

    fn analysed(&self, word: &str, language: Language) -> Vec<Token> {
        self.analysed
            .borrow_mut()
            .entry((word.to_owned(), language))
            .or_insert_with(|| tokens(word, language))
            .clone()
    }

    /// Where the words of a compound stand apart, at most four others between, for each of its seams.
    fn apart(&self, word: &str, page: &Page) -> Vec<Vec<Match>> {
        let [token] = &*self.analysed(word, page.language) else { return Vec::new() };
        let near = |halves: &[String; 2]| {
            let operand = |half: &String| rows(&[Step::Stems(vec![half.clone()])], page);
            let operands: Vec<Vec<Span>> = halves.iter().map(operand).collect();
            let mut found = in_any_order(&operands);
            found.retain(|one| others(one) <= 4);
            found
        };
        token.halves.iter().map(near).collect()
    }

    /// A word that holds a long run of characters without spaces, as the pairs of neighbours in it
    /// and the other words.
    fn pairs(&self, word: &str) -> Vec<String> {
        let found = self.analysed(word, Language::UNKNOWN);
        let joined = |a: &Token, b: &Token| a.unspaced && b.unspaced && a.end == b.start;
        let runs: Vec<&[Token]> = found.chunk_by(joined).collect();
        if runs.iter().all(|run| run.len() <= 4) {
            return Vec::new();
        }
        let text =
            |tokens: &[Token]| word[tokens[0].start..tokens[tokens.len() - 1].end].to_owned();
        runs.into_iter().flat_map(|run| run.windows(run.len().min(2)).map(text)).collect()
    }

    fn exact(&self, word: &str) -> Vec<Step> {
        self.analysed(word, Language::UNKNOWN)
            .into_iter()
            .map(|token| Step::Exact(token.exact))
            .collect()
    }

    fn inflected(&self, word: &str, language: Language) -> Vec<Step> {
        let found = self.analysed(word, language);
        let all_clitic = found.iter().all(|token| token.clitic);
        found
            .into_iter()
            .filter(|token| all_clitic || !token.clitic)
            .map(|token| {
                let mut stems = vec![token.stem];
                stems.extend(self.analysed(&token.exact, language).into_iter().map(|it| it.stem));
                Step::Stems(stems)
            })
            .collect()
    }

    /// A pattern with its letters folded.
    fn folded(&self, pattern: &str) -> Vec<char> {
        let mut folded = String::new();
        let mut word = String::new();
        for c in pattern.chars().chain(['*']) {
            if c == '*' || c == '?' {
                let forms = self.analysed(&word, Language::UNKNOWN);
                folded.extend(forms.into_iter().map(|token| token.exact));
                word.clear();
                folded.push(c);
            } else {
                word.push(c);
            }
        }
        folded.pop();
        folded.chars().collect()
    }

    /// Whether a condition holds for the page.
    fn has(&self, field: Field, node: &Node, page: &Page) -> bool {
        let all = |nodes: &[Node]| {
            nodes.iter().all(|node| match node {
                Node::Not(node) => !self.has(field, node, page),
                node => self.has(field, node, page),
            })
        };
        match node {
            Node::Words(nodes) | Node::And(nodes) => return all(nodes),
            Node::Or(nodes) => return nodes.iter().any(|node| self.has(field, node, page)),
            _ => {}
        }
        let wanted = match node {
            Node::Word(word) | Node::Exact(word) | Node::Pattern(word) => word.clone(),
            Node::Phrase { parts, slop: 0 } => {
                let words: Vec<&str> = parts
                    .iter()
                    .map(|part| match part {
                        PhrasePart::Word(word) => word.as_str(),
                        part => panic!("{part:?} in a condition"),
                    })
                    .collect();
                words.join(" ")
            }
            node => panic!("{node:?} in a condition"),
        };
        let metadata = &page.article.metadata;
        let in_a_row = |value: &String| {
            let forms = |text: &str| -> Vec<String> {
                self.analysed(text, Language::UNKNOWN).into_iter().map(|it| it.exact).collect()
            };
            let wanted = forms(&wanted);
            forms(value).windows(wanted.len()).any(|row| row == wanted)
        };
        let same_value = |value: &Option<String>| {
            value.as_ref().is_some_and(|value| value.to_lowercase() == wanted.to_lowercase())
        };
        match field {
            Field::Author => metadata.authors.iter().any(in_a_row),
            Field::Tag => metadata.tags.iter().any(in_a_row),
            Field::Source => metadata.source.iter().any(in_a_row),
            Field::Language => page.language.code() == wanted,
            Field::Kind => same_value(&metadata.kind),
            Field::Jurisdiction => same_value(&metadata.jurisdiction),
            Field::Path => {
                let path = &page.article.path;
                if wanted.contains(['*', '?']) {
                    like(&wanted.chars().collect::<Vec<_>>(), &path.chars().collect::<Vec<_>>())
                } else {
                    *path == wanted || path.starts_with(&format!("{wanted}/"))
                }
            }
            Field::Cites => metadata.cites.contains(&wanted),
            Field::Title | Field::Heading => panic!("not a condition"),
        }
    }

    fn dated(&self, range: DateRange, page: &Page) -> bool {
        let (first, last) = range.days(self.today);
        page.article
            .metadata
            .date
            .is_some_and(|date| date.first_day() <= last && first <= date.last_day())
    }
}

/// Matches that mark all that they span.
fn plain(spans: Vec<Span>) -> Vec<Match> {
    spans.into_iter().map(|span| Match { span, marks: vec![span] }).collect()
}

impl Found {
    fn take(&mut self, part: Found) {
        self.matches += part.matches;
        self.marks.extend(part.marks);
    }
}

fn condition(matched: bool) -> Found {
    Found { matched, ..Found::default() }
}

fn in_scope((first, last): Span, page: &Page, scope: Scope) -> bool {
    let within = |block: &Span| block.0 <= first && last <= block.1;
    match scope {
        Scope::Everywhere => true,
        Scope::Title => page.title.as_ref().is_some_and(within),
        Scope::Headings => page
            .blocks
            .iter()
            .any(|(kind, block)| matches!(kind, BlockKind::Heading(_)) && within(block)),
    }
}

/// Every row of words that takes these steps.
fn rows(steps: &[Step], page: &Page) -> Vec<Span> {
    let fits = |step: &Step, position: usize| {
        page.word_at(position).is_some_and(|word| match step {
            Step::Exact(form) => word.exact == *form,
            Step::Stems(stems) => {
                stems.contains(&word.stem) || word.parts.iter().any(|part| stems.contains(part))
            }
            Step::Label { exact, stem, compounds } => {
                word.stem == *stem
                    || exact.as_ref() == Some(&word.exact)
                    || *compounds && word.parts.contains(stem)
            }
            Step::Like(pattern) => like(pattern, &word.letters),
            Step::Any => true,
        })
    };
    let starts: Vec<usize> = match steps.first() {
        None => Vec::new(),
        Some(Step::Exact(form)) => page.exact.get(form).cloned().unwrap_or_default(),
        Some(Step::Stems(stems)) => {
            let mut all: Vec<usize> =
                stems.iter().filter_map(|stem| page.stem.get(stem)).flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        Some(step @ Step::Label { exact, stem, .. }) => {
            let forms = exact.iter().filter_map(|form| page.exact.get(form)).flatten();
            let stems = page.stem.get(stem).into_iter().flatten();
            let all: std::collections::BTreeSet<usize> = forms.chain(stems).copied().collect();
            all.into_iter().filter(|index| fits(step, page.words[*index].position)).collect()
        }
        Some(Step::Like(pattern)) => page
            .exact
            .values()
            .filter(|places| like(pattern, &page.words[places[0]].letters))
            .flatten()
            .copied()
            .collect(),
        Some(Step::Any) => (0..page.words.len()).collect(),
    };
    let mut spans: Vec<Span> = starts
        .into_iter()
        .map(|index| page.words[index].position)
        .filter(|start| steps.iter().enumerate().skip(1).all(|(i, step)| fits(step, start + i)))
        .map(|start| (start, start + steps.len() - 1))
        .collect();
    spans.sort_unstable();
    spans
}

/// The spans that hold no other, each once.
fn minimal(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup();
    let holds = |a: &Span, b: &Span| a != b && a.0 <= b.0 && b.1 <= a.1;
    spans.iter().filter(|a| !spans.iter().any(|b| holds(a, b))).copied().collect()
}

/// The minimal intervals with a span of each operand in this order.
fn in_order(operands: &[&[Span]]) -> Vec<Match> {
    let Some((first, rest)) = operands.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    'starts: for start in *first {
        let mut chosen = vec![*start];
        let mut end = start.1;
        for operand in rest {
            let next = operand.iter().filter(|span| span.0 > end).min();
            let Some(next) = next else { continue 'starts };
            chosen.push(*next);
            end = next.1;
        }
        found.push(Match { span: (start.0, end), marks: chosen });
    }
    minimal_matches(found)
}

/// The minimal intervals with a span of each operand in any order, none overlapping another. Where
/// operands can change places within one interval (two sentences and the same word in each), the
/// order with the last operands first is chosen; what is found is the same, the marks differ.
fn in_any_order(operands: &[Vec<Span>]) -> Vec<Match> {
    let mut found = Vec::new();
    for order in orders(operands.len()).into_iter().rev() {
        let row: Vec<&[Span]> = order.iter().map(|i| operands[*i].as_slice()).collect();
        found.extend(in_order(&row));
    }
    minimal_matches(found)
}

/// Every order of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for next in 0..count {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, next);
                    longer
                })
            })
            .collect();
    }
    all.sort();
    all
}

/// The matches whose span holds no other's; of several with one span the first.
fn minimal_matches(found: Vec<Match>) -> Vec<Match> {
    let spans = minimal(found.iter().map(|one| one.span).collect());
    spans
        .into_iter()
        .filter_map(|span| found.iter().find(|one| one.span == span).cloned())
        .collect()
}

/// How many positions of a match belong to none of its parts.
fn others(one: &Match) -> usize {
    let covered: usize = one.marks.iter().map(|(first, last)| last - first + 1).sum();
    one.span.1 - one.span.0 + 1 - covered
}

/// The match of a sentence or block that holds a span of each operand.
fn same(unit: Span, operands: &[Vec<Span>]) -> Option<Match> {
    let mut marks = Vec::new();
    for operand in operands {
        let inside = operand.iter().filter(|span| unit.0 <= span.0 && span.1 <= unit.1);
        let before = marks.len();
        marks.extend(inside.copied());
        if marks.len() == before {
            return None;
        }
    }
    let first = marks.iter().map(|span| span.0).min()?;
    let last = marks.iter().map(|span| span.1).max()?;
    Some(Match { span: (first, last), marks })
}

/// Whether `text` fits a pattern of `*` and `?`.
pub(super) fn like(pattern: &[char], text: &[char]) -> bool {
    // fits[j]: the pattern so far fits the first j characters.
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    for sign in pattern {
        let mut next = vec![false; text.len() + 1];
        for j in 0..=text.len() {
            next[j] = match sign {
                '*' => fits[j] || (j > 0 && next[j - 1]),
                '?' => j > 0 && fits[j - 1],
                c => j > 0 && fits[j - 1] && text[j - 1] == *c,
            };
        }
        fits = next;
    }
    fits[text.len()]
}

/// The optimal string alignment distance of two words.
pub(super) fn edits(a: &[char], b: &[char]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (table[i - 1][j] + 1)
                    .min(table[i][j - 1] + 1)
                    .min(table[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(table[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    table[a.len()][b.len()]
}
