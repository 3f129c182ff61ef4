//! Pinpoints: where in an article something stands, as its readers find it.

use crate::article::{Article, BlockKind};

/// Where in an article something stands; what is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pinpoint {
    /// The page, by the number printed on it where that is known.
    pub page: Option<String>,
    /// The article, section, recital or annex of a law, with paragraph and point where they are
    /// numbered: `Article 5(1)(a)`.
    pub provision: Option<String>,
    /// The number of the paragraph: paragraphs, list items and quotes of the whole text, from 1.
    pub paragraph: Option<u32>,
    /// The line of the source file, from 1.
    pub line: Option<u32>,
    /// The headings above, outermost first.
    pub section: Vec<String>,
}

/// The part of a pinpoint that a style prints, with the label that CSL has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// `page`, `article-locator`, `section`, `paragraph` or `line` (CSL 1.0.2, locators).
    pub label: &'static str,
    /// The number, or what stands for it.
    pub value: String,
}

/// What provisions are called, in lower case, in the languages of laws that are read most, and the
/// label that CSL has for them. What stands after is a number.
const PROVISIONS: &[(&str, &str)] = &[
    ("article", "article-locator"),
    ("art.", "article-locator"),
    ("artikel", "article-locator"),
    ("artículo", "article-locator"),
    ("articulo", "article-locator"),
    ("articolo", "article-locator"),
    ("artigo", "article-locator"),
    ("articol", "article-locator"),
    ("articolul", "article-locator"),
    ("artykuł", "article-locator"),
    ("član", "article-locator"),
    ("článek", "article-locator"),
    ("člen", "article-locator"),
    ("άρθρο", "article-locator"),
    ("section", "section"),
    ("sec.", "section"),
    ("§", "section"),
    ("recital", "article-locator"),
    ("considérant", "article-locator"),
    ("erwägungsgrund", "article-locator"),
    ("annex", "article-locator"),
    ("annexe", "article-locator"),
    ("anhang", "article-locator"),
    ("anexo", "article-locator"),
    ("allegato", "article-locator"),
];

impl Pinpoint {
    /// Where byte `at` of an article's canonical text is; none where it is behind its end.
    pub fn at(article: &Article, at: usize) -> Option<Pinpoint> {
        let mut start = 0;
        let mut paragraph = 0;
        for (number, block) in article.blocks.iter().enumerate() {
            let is_running =
                matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote);
            paragraph += u32::from(is_running);
            let end = start + block.text.len();
            if at < end {
                let inside = at.saturating_sub(start);
                let (line, page) = block.place(inside);
                return Some(Pinpoint {
                    page: page.map(|page| label(article, page)),
                    provision: provision(article, number),
                    paragraph: is_running.then_some(paragraph),
                    line,
                    section: article.section(number).into_iter().map(str::to_owned).collect(),
                });
            }
            start = end + Article::BLOCK_SEPARATOR.len();
        }
        None
    }

    /// What a style prints: of a law the provision, else the page, else what else is known.
    pub fn locator(&self, of_law: bool) -> Option<Locator> {
        let page = || Some(Locator { label: "page", value: self.page.clone()? });
        let provision = || {
            let text = self.provision.as_deref()?;
            let (name, label) = named(text)?;
            Some(Locator { label, value: text.get(name..)?.trim().to_owned() })
        };
        let paragraph = || Some(Locator { label: "paragraph", value: self.paragraph?.to_string() });
        match of_law {
            true => provision().or_else(page),
            false => page().or_else(provision),
        }
        .or_else(paragraph)
    }

    /// The pinpoint in words: `Article 5(1), p. iv`, or the paragraph where neither is known.
    pub fn words(&self) -> String {
        let page = self.page.as_ref().map(|page| format!("p. {page}"));
        let mut told: Vec<String> = self.provision.iter().cloned().chain(page).collect();
        if told.is_empty() {
            told.extend(self.paragraph.map(|number| format!("para. {number}")));
        }
        told.join(", ")
    }
}

fn label(article: &Article, page: u32) -> String {
    let labels = &article.metadata.page_labels;
    let label = page.checked_sub(1).and_then(|at| labels.get(at as usize));
    label.filter(|label| !label.is_empty()).cloned().unwrap_or_else(|| page.to_string())
}

/// The provision that a block stands in.
fn provision(article: &Article, number: usize) -> Option<String> {
    let above = article.blocks.get(..=number)?.iter().enumerate().rev();
    let mut below = u8::MAX;
    for (at, block) in above {
        let BlockKind::Heading(level) = block.kind else { continue };
        if level >= below {
            continue;
        }
        below = level;
        let Some(mut text) = heading(&block.text) else { continue };
        let inside = article.blocks.get(at + 1..=number).unwrap_or_default();
        // A heading may number the paragraph itself.
        if !text.ends_with(')') {
            let paragraph = inside.iter().rev().find_map(|block| numbered(&block.text));
            text.extend(paragraph.into_iter().map(|number| format!("({number})")));
            let point = inside.last().and_then(|block| lettered(&block.text));
            text.extend(point.into_iter().map(|letter| format!("({letter})")));
        }
        return Some(text);
    }
    None
}

/// The length of the name that a provision begins with, and its label.
fn named(text: &str) -> Option<(usize, &'static str)> {
    let lower = text.to_lowercase();
    PROVISIONS.iter().find_map(|(name, label)| {
        let rest = lower.strip_prefix(name)?;
        let number = rest.trim_start();
        // `Articles of faith` is no provision, `§5` is one.
        let parted = number.len() < rest.len() || !name.ends_with(char::is_alphabetic);
        (parted && lower.len() == text.len()).then_some((name.len(), *label))
    })
}

/// The provision that a heading names: `Article 5`, `§ 12a`, `Annex III`, `Section 5(1)`.
fn heading(text: &str) -> Option<String> {
    let (name, _) = named(text)?;
    let rest = text.get(name..)?;
    let number = rest.trim_start();
    let space = rest.len() - number.len();
    let end = number.find(|c: char| !(c.is_alphanumeric() || matches!(c, '(' | ')' | '-')));
    let number = number.get(..end.unwrap_or(number.len()))?.trim_end_matches(['-', '(']);
    let digits = number.starts_with(|c: char| c.is_ascii_digit());
    let roman = !number.is_empty() && number.chars().all(|c| "IVXLC".contains(c));
    let (name, space) = (text.get(..name)?, rest.get(..space)?);
    (digits || roman).then(|| format!("{name}{space}{number}"))
}

/// The number of the paragraph that a block begins with: `1.`, `(1)`.
fn numbered(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let end = inner.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = inner.split_at_checked(end)?;
    let closed = match text.starts_with('(') {
        true => rest.starts_with(')'),
        false => rest.starts_with(". ") || rest.starts_with(".\u{A0}"),
    };
    (closed && (1..=3).contains(&number.len())).then_some(number)
}

/// The letter of the point that a block begins with: `(a)`, `a)`.
fn lettered(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(').unwrap_or(text);
    let end = inner.find(')')?;
    let letter = inner.get(..end)?;
    let is_letter =
        (1..=2).contains(&letter.len()) && letter.bytes().all(|b| b.is_ascii_lowercase());
    is_letter.then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Block;

    fn law() -> Article {
        use BlockKind::{Heading, ListItem, Paragraph};
        Article::new(
            "law",
            vec![
                Block::new(Heading(1), "Chapter II Practices"),
                Block::new(Heading(2), "Article 5 Prohibited practices"),
                Block::new(Paragraph, "1. The following are prohibited:"),
                Block::new(ListItem, "(a) subliminal techniques;"),
                Block::new(ListItem, "(b) scoring."),
                Block::new(Paragraph, "Paragraph 1 is strict."),
                Block::new(Paragraph, "2. Exceptions are few."),
                Block::new(Heading(2), "Articles of faith"),
                Block::new(Paragraph, "None."),
            ],
        )
    }

    fn at(article: &Article, words: &str) -> Pinpoint {
        Pinpoint::at(article, article.text().find(words).unwrap()).unwrap()
    }

    #[test]
    fn a_provision_is_told_with_paragraph_and_point() {
        let law = law();
        let provision = |words| at(&law, words).provision;
        assert_eq!(provision("following").as_deref(), Some("Article 5(1)"));
        assert_eq!(provision("scoring").as_deref(), Some("Article 5(1)(b)"));
        assert_eq!(provision("strict").as_deref(), Some("Article 5(1)"));
        assert_eq!(provision("Exceptions").as_deref(), Some("Article 5(2)"));
        assert_eq!(provision("Practices"), None);
        // The next heading of the same level ends it, and names no provision itself.
        assert_eq!(provision("None."), None);
        assert_eq!(at(&law, "None.").section, ["Chapter II Practices", "Articles of faith"]);
        let locator = at(&law, "scoring").locator(true).unwrap();
        assert_eq!((locator.label, &*locator.value), ("article-locator", "5(1)(b)"));
        assert_eq!(Pinpoint::at(&law, law.text().len()), None);
    }

    #[test]
    fn headings_name_provisions_in_several_languages() {
        for (text, expected) in [
            ("Article 5", Some("Article 5")),
            ("ARTICLE 5 – SCOPE", Some("ARTICLE 5")),
            ("Artikel 12a Geltung", Some("Artikel 12a")),
            ("Artículo 3. Objeto", Some("Artículo 3")),
            ("§ 5 Anwendung", Some("§ 5")),
            ("§5", Some("§5")),
            ("Section 5(1) Scope", Some("Section 5(1)")),
            ("Art. 7", Some("Art. 7")),
            ("Annex III High-risk", Some("Annex III")),
            ("Articles of faith", None),
            ("Section on scope", None),
            ("The Article 5 debate", None),
            ("Article", None),
        ] {
            assert_eq!(heading(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn pages_are_told_by_what_is_printed_on_them() {
        let mut block = Block::new(BlockKind::Paragraph, "One page. Next page.");
        block.page = Some(1);
        block.breaks = vec![10];
        let mut article = Article::new("a", vec![block]);
        article.metadata.page_labels = vec!["iv".into(), String::new()];
        let page = |words| at(&article, words).page;
        assert_eq!((page("One").as_deref(), page("Next").as_deref()), (Some("iv"), Some("2")));
        assert_eq!(at(&article, "One").words(), "p. iv");
        assert_eq!(at(&article, "One").locator(false).unwrap().label, "page");
    }
}
