//! The words that are so frequent that a phrase of them costs most: pairs of them are indexed as
//! terms of their own (after Williams, Zobel, Bahle: "Fast phrase querying with combined indexes",
//! ACM TOIS 22(4), 2004; §3), so that `"of the"` is looked up, not put together from all places of
//! both words.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::stream::TERM_MARK;

/// Function words in their exact forms, by language; the fewer, the smaller the index.
const WORDS: &[&str] = &[
    // English
    "the of and to in a is that for on with as by be are from an it or at this which can not has \
     have its was will their",
    // French
    "de la le les l d et des du un une en que qui a dans pour par sur est pas ne ce au aux se",
    // German
    "der die das den dem des und in zu von mit auf fur im ist nicht ein eine einer eines als auch es \
     an werden wird dass sich",
    // Spanish
    "de la el los las en que y a un una del se por con para lo no es al su",
    // Italian
    "di il la le e che in un una del della dei per con non si da al i l",
    // Dutch
    "de het een van en in is te dat op voor met zijn die niet aan",
    // Portuguese
    "de a o que e do da em um uma para com nao os no se na por as dos",
];

static FREQUENT: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| WORDS.iter().flat_map(|words| words.split(' ')).collect());

/// Whether pairs of this word, in its exact form, and another such word are indexed.
pub(crate) fn is_frequent(exact: &str) -> bool {
    FREQUENT.contains(exact)
}

/// Two frequent words, the second right behind the first, as a term; of whatever language.
pub(crate) fn pair_term(first: &str, second: &str) -> String {
    format!("{TERM_MARK}{first}{TERM_MARK}{second}")
}
