//! The dictionaries of a segment: the terms of a field and where their lists stand. The engine takes a
//! dictionary as a whole and looks at little of it; here just that is checked.

use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::HasLen;
use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{InvertedIndexReader, SegmentComponent, SegmentReader};
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::bytes::Cursor;
use super::directory::GuardedDirectory;
use super::map::PagedMap;
use super::pages::{InPlace, Pages, Unhurried};
use super::segment::path_of;

/// The engine keeps where lists stand in blocks of so many terms.
const BLOCK_TERMS: u64 = 256;

/// What stands behind a dictionary: the length of its values, and two versions.
const TAIL_BYTES: usize = 16;

/// What values begin with: the length of the heads of their blocks, and the number of terms.
const HEAD_BYTES: usize = 16;

/// The head of a block: where its lists stand that follow the first, the first, and in how many bits
/// the numbers of the others are.
const BLOCK_HEAD_BYTES: usize = 8 + 4 + 12 + 12 + 3;

/// The dictionaries of a segment, each opened when it is first asked for.
pub(crate) struct Dictionaries {
    reader: SegmentReader,
    pages: Arc<Pages>,
    fields: CompositeFile,
    opened: Vec<OnceLock<Dictionary>>,
}

/// The terms of a field of a segment.
pub(crate) struct Dictionary {
    index: Arc<InvertedIndexReader>,
    /// None where no document has the field.
    places: Option<Places>,
}

/// Where what is looked at stands.
struct Places {
    map: PagedMap,
    heads: InPlace,
    lists: InPlace,
}

impl Dictionaries {
    pub(super) fn open(
        reader: &SegmentReader,
        directory: &GuardedDirectory,
    ) -> tantivy::Result<Dictionaries> {
        let pages = directory.pages(&path_of(reader, "term"))?;
        let end = reader.open_read(SegmentComponent::Terms)?.len();
        let file = FileSlice::new(Arc::new(Unhurried(pages.clone()))).slice_to(end);
        let fields = CompositeFile::open(&file)?;
        let opened = reader.schema().fields().map(|_| OnceLock::new()).collect();
        Ok(Dictionaries { reader: reader.clone(), pages, fields, opened })
    }

    /// The dictionary of a field.
    pub(crate) fn of(&self, field: Field) -> tantivy::Result<&Dictionary> {
        let unknown = || io::Error::from(io::ErrorKind::NotFound);
        let place = self.opened.get(field.field_id() as usize).ok_or_else(unknown)?;
        if let Some(dictionary) = place.get() {
            return Ok(dictionary);
        }
        let file = self.fields.open_read(field);
        let places = file.map(|file| Places::of(&self.pages, &file)).transpose()?;
        let index = self.reader.inverted_index(field)?;
        Ok(place.get_or_init(|| Dictionary { index, places }))
    }
}

impl Dictionary {
    /// The lists of the field; what is read of them is checked.
    pub(crate) fn index(&self) -> &InvertedIndexReader {
        &self.index
    }

    /// Where the list of a term stands, if it has one.
    pub(crate) fn get(&self, term: &[u8]) -> io::Result<Option<TermInfo>> {
        let Some(places) = &self.places else { return Ok(None) };
        let Some(number) = places.map.get(term)? else { return Ok(None) };
        places.list(number).map(Some).ok_or_else(|| places.lists.unsound())
    }

    /// Calls `visit` with each term that starts with `prefix`, in their order, as long as it says to go
    /// on.
    pub(crate) fn each_from(
        &self,
        prefix: &str,
        mut visit: impl FnMut(&[u8]) -> bool,
    ) -> io::Result<()> {
        match &self.places {
            Some(places) => places.map.each_from(prefix.as_bytes(), |term, _| visit(term)),
            None => Ok(()),
        }
    }

    /// Calls `visit` with each term that starts with `prefix`, in their order, and with the state that the
    /// bytes behind the prefix lead to. Terms from which a `step` leads to no state are passed over.
    pub(crate) fn each_along<S: Copy>(
        &self,
        prefix: &str,
        start: S,
        step: impl FnMut(S, u8) -> Option<S>,
        mut visit: impl FnMut(&[u8], S),
    ) -> io::Result<()> {
        let Some(places) = &self.places else { return Ok(()) };
        places.map.each_along(prefix.as_bytes(), start, step, |term, _, state| {
            visit(term, state);
            true
        })
    }
}

impl Places {
    fn of(pages: &Arc<Pages>, file: &FileSlice) -> io::Result<Places> {
        let all = InPlace::holding(pages, &file.read_bytes()?)?;
        Places::within(&all)?.ok_or_else(|| all.unsound())
    }

    /// `None` where a length leads out of the file.
    fn within(all: &InPlace) -> io::Result<Option<Places>> {
        let length_at = |bytes: &InPlace| usize::try_from(bytes.word64(0)?).ok();
        let parts = || {
            let values_end = all.len().checked_sub(TAIL_BYTES)?;
            let length = length_at(&all.stretch(values_end..all.len())?)?;
            let start = values_end.checked_sub(length)?;
            let values = all.stretch(start..values_end)?;
            let heads_end = HEAD_BYTES.checked_add(length_at(&values)?)?;
            let heads = values.stretch(HEAD_BYTES..heads_end)?;
            Some((all.stretch(0..start)?, heads, values.stretch(heads_end..values.len())?))
        };
        let Some((map, heads, lists)) = parts() else { return Ok(None) };
        Ok(Some(Places { map: PagedMap::open(map)?, heads, lists }))
    }

    /// Where the list of the term with this number stands: that of the first of a block as it is, those of the
    /// others as differences to it, in as many bits as the largest needs.
    fn list(&self, number: u64) -> Option<TermInfo> {
        let block = usize::try_from(number / BLOCK_TERMS).ok()?.checked_mul(BLOCK_HEAD_BYTES)?;
        let head = self.heads.get(block..block.checked_add(BLOCK_HEAD_BYTES)?)?;
        let mut head = Cursor::new(head);
        let lists = head.word64()?;
        let doc_freq = head.word32()?;
        let mut range = || {
            let start = usize::try_from(head.word64()?).ok()?;
            Some(start..start.checked_add(usize::try_from(head.word32()?).ok()?)?)
        };
        let (postings_range, positions_range) = (range()?, range()?);
        let &[doc_freq_bits, postings_bits, positions_bits] = head.rest() else { return None };
        let inner = (number % BLOCK_TERMS) as usize;
        if inner == 0 {
            return Some(TermInfo { doc_freq, postings_range, positions_range });
        }
        let each = [postings_bits, positions_bits, doc_freq_bits].map(usize::from);
        let all = each.iter().sum::<usize>();
        let at = (inner - 1) * all;
        let start = usize::try_from(lists).ok()?.checked_add(at / 8)?;
        let end = start.checked_add((at % 8 + 2 * all).div_ceil(8))?.min(self.lists.len());
        let bytes = self.lists.get(start..end)?;
        let [postings, positions, frequency] =
            [0, each[0], each[0] + each[1]].map(|it| it + at % 8);
        let number = |at, bits| usize::try_from(bits_of(bytes, at, bits)?).ok();
        // A list ends where the next begins.
        let range = |first: Range<usize>, at, bits| {
            let start = first.start.checked_add(number(at, bits)?)?;
            Some(start..first.start.checked_add(number(at + all, bits)?)?)
        };
        Some(TermInfo {
            doc_freq: u32::try_from(number(frequency, each[2])?).ok()?,
            postings_range: range(postings_range, postings, each[0])?,
            positions_range: range(positions_range, positions, each[1])?,
        })
    }
}

/// The number in the bits from `at` on, lowest first.
fn bits_of(bytes: &[u8], at: usize, bits: usize) -> Option<u64> {
    let mut word = [0; 8];
    let from = bytes.get(at / 8..)?;
    let length = from.len().min(word.len());
    word.get_mut(..length)?.copy_from_slice(from.get(..length)?);
    let mask = 1u64.checked_shl(u32::try_from(bits).ok()?)?.wrapping_sub(1);
    Some(u64::from_le_bytes(word) >> (at % 8) & mask)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Article, Block, BlockKind, Index};

    #[test]
    fn lists_stand_where_the_engine_says() {
        let index = Index::in_memory().unwrap();
        let mut random = fastrand::Rng::with_seed(8);
        let articles = (0..300).map(|number| {
            // More terms than a block has, with lists of very different lengths.
            let words = (0..200).map(|_| format!("w{}", random.u32(0..4_000) >> random.u32(0..12)));
            let text = words.collect::<Vec<_>>().join(" ");
            Article::new(format!("{number}"), vec![Block::new(BlockKind::Paragraph, text)])
        });
        index.add(articles).unwrap();
        let snapshot = index.snapshot().unwrap();
        let mut seen = BTreeMap::new();
        for segment in &snapshot.segments {
            for (field, _) in segment.reader.schema().fields() {
                let dictionary = segment.dictionaries.of(field).unwrap();
                assert_eq!(dictionary.get(b"no such term").unwrap(), None);
                let mut terms = dictionary.index().terms().stream().unwrap();
                while let Some((term, list)) = terms.next() {
                    assert_eq!(dictionary.get(term).unwrap().as_ref(), Some(list), "{term:?}");
                    *seen.entry(field).or_insert(0) += 1;
                }
            }
        }
        assert!(seen[&snapshot.fields.exact] > 4 * BLOCK_TERMS, "{seen:?}");
    }
}
