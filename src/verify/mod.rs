//! Whether a quotation stands in the corpus: exactly, equal but for typography, nearly, or not.
//!
//! Candidates are found through the index: the quotation as a phrase, by the matches that every
//! search has; where it stands nowhere so, the articles that share its rarest pairs of words. Those
//! are then compared word by word and character by character.

mod align;
mod compare;
mod draft;
mod marks;
mod quotation;
mod reading;
mod results;
mod typography;
mod words;

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

pub use draft::{DraftQuotation, QuotationForm, quotations};
pub use results::{
    Agreement, Difference, DifferenceKind, PlacedPart, Verification, VerifiedPlace, VerifyOptions,
};
pub use typography::Typography;

use crate::query::{Node, PhrasePart};
use crate::search::Searcher;
use crate::search::deadline::Deadline;
use crate::search::places::{Document, Known, Place};
use crate::{Error, Result};
use align::Edit;
use compare::{Compared, Stretch, compare};
use quotation::{Part, Quotation};
use reading::{Laid, Reading};
use words::{exact_form, words};

/// The articles in which a phrase is compared character by character; in further ones it is counted.
pub(crate) const MAX_COMPARED: usize = 1000;

/// The articles that are read for a quotation that stands nowhere word for word.
pub(crate) const MAX_CANDIDATES: usize = 24;

/// The pairs of words that such articles are found by.
const MAX_PAIRS: usize = 12;

/// A word in more documents than this is looked for only where few others are left.
const FREQUENT: u64 = 20_000;

/// The pairs that are enough to leave out those of frequent words.
const ENOUGH_PAIRS: usize = 4;

/// The longest phrase that is asked of the index, in words; of a longer quotation its beginning.
const MAX_PHRASE: usize = 64;

/// The memory that opened articles may take, in bytes.
const MAX_OPEN: usize = 128 << 20;

impl Searcher {
    /// Says whether a quotation stands in the corpus, and where.
    ///
    /// `[…]`, `[...]`, `…` and `...` in it leave something out; words in square brackets are put in
    /// by the quoting hand, and may stand for some of the article's. Letters in brackets, as in
    /// `[T]he`, are letters of the word.
    ///
    /// # Errors
    ///
    /// [`Error::Option`] where an option is out of its range, or no word is in the quotation;
    /// [`Error::TimedOut`]; [`Error::Damaged`].
    ///
    /// ```
    /// use polidex::{Agreement, Article, Block, BlockKind, Index, VerifyOptions};
    ///
    /// let index = Index::in_memory()?;
    /// let text = "Rules come first in the list, chips last.";
    /// index.add([Article::new("a", vec![Block::new(BlockKind::Paragraph, text)])])?;
    /// let searcher = index.searcher()?;
    /// let verify = |quotation| searcher.verify(quotation, &VerifyOptions::default());
    /// assert_eq!(verify("“Rules come first […] chips last”")?.agreement, Agreement::Exact);
    /// assert_eq!(verify("rules come first")?.agreement, Agreement::Typography);
    /// let near = verify("Rules come second in the list")?;
    /// assert_eq!(near.agreement, Agreement::Near);
    /// assert_eq!(near.places[0].differences[0].article, "first");
    /// assert_eq!(verify("Chips come first in rules")?.agreement, Agreement::Absent);
    /// # Ok::<(), polidex::Error>(())
    /// ```
    pub fn verify(&self, quotation: &str, options: &VerifyOptions) -> Result<Verification> {
        let mut found = self.verify_all(&[quotation], options)?;
        found.pop().ok_or(Error::Option { option: "quotation", reason: "there is none".into() })
    }

    /// The same for several quotations, which is faster than one after the other; in their order.
    ///
    /// # Errors
    ///
    /// Those of [`Searcher::verify`].
    pub fn verify_all(
        &self,
        quotations: &[&str],
        options: &VerifyOptions,
    ) -> Result<Vec<Verification>> {
        options.check()?;
        let mut desk = Desk {
            searcher: self,
            options,
            deadline: Deadline::none(),
            open: HashMap::new(),
            size: 0,
        };
        quotations.iter().map(|quotation| desk.verify(quotation)).collect()
    }
}

/// Where quotations are verified: the articles that were opened lie there.
struct Desk<'a> {
    searcher: &'a Searcher,
    options: &'a VerifyOptions,
    /// The end of the time that the quotation at hand has.
    deadline: Deadline,
    open: HashMap<Document, Rc<Reading>>,
    size: usize,
}

/// What was found of a quotation.
#[derive(Default)]
struct Found {
    places: Vec<(Document, VerifiedPlace)>,
    occurrences: u64,
    articles: u64,
    complete: bool,
}

impl Desk<'_> {
    fn verify(&mut self, written: &str) -> Result<Verification> {
        self.deadline = Deadline::after(Instant::now(), self.options.timeout);
        let quotation = Quotation::read(written);
        if quotation.length() == 0 {
            let reason = "there is no word in it".to_owned();
            return Err(Error::Option { option: "quotation", reason });
        }
        let mut found = self.word_for_word(&quotation)?;
        if found.occurrences == 0 {
            found = self.nearly(&quotation)?;
        }
        found.places.sort_by(|(_, a), (_, b)| {
            let place = |it: &VerifiedPlace| it.parts.first().map_or(0, |part| part.start);
            (a.agreement.cmp(&b.agreement))
                .then(b.similarity.total_cmp(&a.similarity))
                .then_with(|| a.path.cmp(&b.path))
                .then_with(|| place(a).cmp(&place(b)))
        });
        let mut places: Vec<VerifiedPlace> =
            found.places.into_iter().map(|(_, place)| place).collect();
        places.truncate(self.options.limit);
        Ok(Verification {
            words: quotation.length(),
            agreement: places.first().map_or(Agreement::Absent, |place| place.agreement),
            omissions: quotation.omissions(),
            insertions: quotation.insertions,
            places,
            occurrences: found.occurrences,
            articles: found.articles,
            complete: found.complete,
            quotation: quotation.text,
        })
    }

    /// Every place where every word stands.
    fn word_for_word(&mut self, quotation: &Quotation) -> Result<Found> {
        let whole = quotation.whole();
        if let [part] = &quotation.parts[..]
            && quotation.insertions.is_empty()
            && part.words.len() <= MAX_PHRASE
        {
            let found = self.as_phrase(part)?;
            // Letters in brackets may be the text's own.
            if found.occurrences > 0 || part.words == whole.words {
                return Ok(found);
            }
        }
        let bracketed =
            quotation.parts.iter().flat_map(|part| &part.words).count() < whole.words.len();
        if quotation.omissions() == 0 && (bracketed || quotation.altered) {
            let found = self.as_phrase(&whole)?;
            if found.places.iter().any(|(_, place)| place.agreement < Agreement::Near) {
                return Ok(found);
            }
        }
        self.in_parts(quotation)
    }

    /// Every place where the words of `part` stand in a row in one block.
    fn as_phrase(&mut self, part: &Part) -> Result<Found> {
        if part.words.len() > MAX_PHRASE {
            return Ok(Found::default());
        }
        let matches = self.searcher.places(&phrase(part), MAX_COMPARED, &self.deadline)?;
        let mut found = Found {
            occurrences: matches.matches,
            articles: matches.articles,
            complete: matches.articles <= MAX_COMPARED as u64,
            ..Found::default()
        };
        let limit = self.options.limit;
        let mut compared: Vec<(Agreement, Known, Document, Place, Compared)> = Vec::new();
        for (document, places) in matches.places {
            self.in_time()?;
            let known = self.searcher.known(document)?;
            let places = places.into_iter().filter_map(|place| {
                let compared = compare_place(part, &place)?;
                let agreement = agreement(std::slice::from_ref(&compared), 1.0);
                Some((agreement, known.clone(), document, place, compared))
            });
            let mut places: Vec<_> = places.collect();
            places.sort_by_key(|(agreement, ..)| *agreement);
            places.truncate(limit);
            compared.extend(places);
        }
        compared.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        compared.truncate(limit);
        for (_, known, document, place, one) in compared {
            found.places.push((document, self.verified(document, known, &place, one)?));
        }
        Ok(found)
    }

    /// A place where every word stands.
    fn verified(
        &self,
        document: Document,
        known: Known,
        place: &Place,
        compared: Compared,
    ) -> Result<VerifiedPlace> {
        let passage = &place.passage;
        let text = format!("{}{}{}", place.before, passage.text, place.behind);
        let offset = passage.start - place.before.len();
        let range = compared.range.clone();
        let page_label = match passage.page {
            Some(page) => self.searcher.page_label(document, page)?,
            None => None,
        };
        let part = PlacedPart {
            text: text.get(range.clone()).unwrap_or_default().to_owned(),
            start: offset + range.start,
            end: offset + range.end,
            line: passage.line,
            page: passage.page,
            page_label,
            section: passage.section.clone(),
        };
        let agreement = agreement(std::slice::from_ref(&compared), 1.0);
        let moved = |mut difference: Difference| {
            let range = &mut difference.article_range;
            *range = offset + range.start..offset + range.end;
            difference
        };
        Ok(VerifiedPlace {
            parts: vec![part],
            typography: compared.typography.into_iter().collect(),
            differences: compared.differences.into_iter().map(moved).collect(),
            blocks: 1,
            ..in_article(known, agreement, 1.0)
        })
    }

    /// Every article in which the parts of a quotation stand in their order, each word for word.
    fn in_parts(&mut self, quotation: &Quotation) -> Result<Found> {
        let mut phrases: Vec<Node> = quotation.parts.iter().map(phrase).collect();
        let all = if phrases.len() > 1 { Node::And(phrases) } else { phrases.remove(0) };
        let (articles, documents) = self.searcher.matching(&all, MAX_COMPARED, &self.deadline)?;
        let mut found = Found { complete: articles <= MAX_COMPARED as u64, ..Found::default() };
        for document in documents {
            let reading = self.read(document)?;
            let laid = reading.lay(quotation).into_iter().filter(|laid| laid.distance == 0);
            self.add(&mut found, document, &reading, laid)?;
        }
        Ok(found)
    }

    /// The best place in each of the articles that share the rarest pairs of words.
    fn nearly(&mut self, quotation: &Quotation) -> Result<Found> {
        let mut pairs = self.rarest_pairs(quotation)?;
        let candidates = match pairs.len() {
            0 => Vec::new(),
            1 => self.searcher.best(&pairs.remove(0), MAX_CANDIDATES, &self.deadline)?,
            _ => self.searcher.best(&Node::Or(pairs), MAX_CANDIDATES, &self.deadline)?,
        };
        let complete = candidates.len() < MAX_CANDIDATES;
        let mut found = Found { complete, ..Found::default() };
        for document in candidates {
            let reading = self.read(document)?;
            let least = self.options.similarity;
            let laid = reading.lay(quotation).into_iter().filter(|laid| laid.similarity >= least);
            self.add(&mut found, document, &reading, laid)?;
        }
        // Where the words stand over the end of a paragraph, what is only near does not count.
        if found.places.iter().any(|(_, place)| place.agreement < Agreement::Near) {
            found.places.retain(|(_, place)| place.agreement < Agreement::Near);
            let mut documents: Vec<Document> = found.places.iter().map(|(it, _)| *it).collect();
            documents.dedup();
            found.articles = documents.len() as u64;
            found.occurrences = found.places.len() as u64;
        }
        Ok(found)
    }

    fn add(
        &self,
        found: &mut Found,
        document: Document,
        reading: &Reading,
        laid: impl Iterator<Item = Laid>,
    ) -> Result<()> {
        let before = found.places.len();
        for laid in laid {
            let known = self.searcher.known(document)?;
            let compared: Vec<Compared> = laid.parts.into_iter().flatten().collect();
            let parts: Vec<PlacedPart> =
                compared.iter().filter_map(|part| reading.place(&part.range)).collect();
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
            let mut typography: Vec<Typography> =
                compared.iter().flat_map(|part| part.typography.iter().copied()).collect();
            typography.sort_unstable();
            typography.dedup();
            let agreement = agreement(&compared, laid.similarity);
            let place = VerifiedPlace {
                typography,
                blocks: reading.blocks(first.start, last.end),
                differences: compared.into_iter().flat_map(|part| part.differences).collect(),
                parts,
                ..in_article(known, agreement, laid.similarity)
            };
            found.places.push((document, place));
        }
        let added = found.places.len() - before;
        found.occurrences += added as u64;
        found.articles += u64::from(added > 0);
        Ok(())
    }

    /// The pairs of neighbours in the quotation that the fewest articles can have.
    fn rarest_pairs(&self, quotation: &Quotation) -> Result<Vec<Node>> {
        let mut known: HashMap<u64, u64> = HashMap::new();
        let mut pairs: Vec<(u64, usize, Node)> = Vec::new();
        for part in &quotation.parts {
            for pair in part.words.windows(2) {
                let mut rarest = u64::MAX;
                for word in pair {
                    let documents = match known.get(&word.form) {
                        Some(documents) => *documents,
                        None => {
                            let text = part.text.get(word.start..word.end).unwrap_or_default();
                            let documents = self.searcher.documents_with(&exact_form(text))?;
                            known.insert(word.form, documents);
                            documents
                        }
                    };
                    rarest = rarest.min(documents);
                }
                let (Some(first), Some(last)) = (pair.first(), pair.last()) else { continue };
                if rarest > 0
                    && let Some(text) = part.text.get(first.start..last.end)
                {
                    let pair = Part { text: text.to_owned(), words: words(text) };
                    pairs.push((rarest, pairs.len(), phrase(&pair)));
                }
            }
        }
        pairs.sort_by_key(|(documents, number, _)| (*documents, *number));
        let mut number = 0;
        pairs.retain(|(documents, ..)| {
            number += 1;
            number <= ENOUGH_PAIRS || (number <= MAX_PAIRS && *documents <= FREQUENT)
        });
        Ok(pairs.into_iter().map(|(_, _, node)| node).collect())
    }

    /// An error where the time of the quotation is over: what would be told of it might be wrong.
    fn in_time(&self) -> Result<()> {
        if self.deadline.is_over_now() { Err(Error::TimedOut) } else { Ok(()) }
    }

    /// Opens an article, or takes it from those that are open.
    fn read(&mut self, document: Document) -> Result<Rc<Reading>> {
        self.in_time()?;
        if let Some(reading) = self.open.get(&document) {
            return Ok(reading.clone());
        }
        let reading = Rc::new(Reading::new(self.searcher.whole(document)?));
        self.size += reading.size();
        if self.size > MAX_OPEN {
            self.open.clear();
            self.size = reading.size();
        }
        self.open.insert(document, reading.clone());
        Ok(reading)
    }
}

/// The words of a part as a phrase; of a long one its beginning.
fn phrase(part: &Part) -> Node {
    let word = |word: &words::Word| part.text.get(word.start..word.end);
    let parts = part.words.iter().take(MAX_PHRASE).filter_map(word);
    Node::Phrase { parts: parts.map(|word| PhrasePart::Word(word.to_owned())).collect(), slop: 0 }
}

/// Compares a part with a place where its words stand.
fn compare_place(part: &Part, place: &Place) -> Option<Compared> {
    let text = format!("{}{}{}", place.before, place.passage.text, place.behind);
    let mut row = words(&place.passage.text);
    for word in &mut row {
        word.start += place.before.len();
        word.end += place.before.len();
    }
    let edits = vec![Edit::Same; part.words.len()];
    compare(part, Stretch { text: &text, words: &row }, &edits)
}

/// A place in an article, of which only that is said.
fn in_article(known: Known, agreement: Agreement, similarity: f64) -> VerifiedPlace {
    VerifiedPlace {
        agreement,
        similarity,
        path: known.path,
        title: known.title,
        date: known.date,
        language: known.language,
        source: known.source,
        url: known.url,
        hash: known.hash,
        parts: Vec::new(),
        typography: Vec::new(),
        differences: Vec::new(),
        blocks: 0,
    }
}

/// How far a quotation agrees with what its parts were compared with.
fn agreement(parts: &[Compared], similarity: f64) -> Agreement {
    let whole = similarity >= 1.0 && parts.iter().all(|part| part.differences.is_empty());
    match whole {
        true if parts.iter().all(|part| part.exact) => Agreement::Exact,
        true => Agreement::Typography,
        false => Agreement::Near,
    }
}
