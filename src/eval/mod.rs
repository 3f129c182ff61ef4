//! Evaluation: how good rankings are, measured against the judgements of people.
//!
//! A test collection is documents, queries ([`Topic`]) and judgements ([`Qrels`]): which document
//! is how relevant to which query. A [`Run`] is what a system answers: a ranking for each query.
//! [`Evaluation::of`] measures a run, [`compare`] tells whether two differ by more than chance.
//!
//! The measures are defined as those of trec_eval (<https://github.com/usnistgov/trec_eval>,
//! version 9), whose names are given with each. A document without a judgement counts as not
//! relevant; one is relevant if its relevance is 1 or more.
//!
//! ```
//! use polidex::{Evaluation, Qrels, Run};
//!
//! let qrels = Qrels::parse("q1 0 a.md 1\nq1 0 b.md 0\n")?;
//! let run = Run::parse("q1 Q0 b.md 1 9.5 me\nq1 Q0 a.md 2 7.25 me\n")?;
//! let evaluation = Evaluation::of(&run, &qrels, ["q1"]);
//! assert_eq!(evaluation.mean.reciprocal_rank, 0.5);
//! # Ok::<(), polidex::InvalidLine>(())
//! ```

mod collection;
mod significance;
mod topics;
mod trec;

use std::collections::BTreeMap;
use std::time::Duration;

pub use collection::Collection;
pub use significance::{Comparison, compare, randomisation_test};
pub use topics::{Topic, plain_query};
pub use trec::{InvalidLine, Qrels, Run, Scored, ranking, trec_word, write_ranking};

/// Normalised discounted cumulative gain at `cutoff`, 0 to 1 (Järvelin & Kekäläinen 2002,
/// "Cumulated gain-based evaluation of IR techniques"; trec_eval's `ndcg_cut`).
///
/// `ranking` is the relevance of each document in the order of the ranking, 0 where it has no
/// judgement; `judged` is the relevance of every judged document, in any order. The gain of a
/// document is its relevance, none where that is negative; it is divided by log2(rank + 1), and the
/// sum by that of the best order possible. 0 where nothing is relevant.
///
/// ```
/// // The only relevant document stands second: (1 / log2 3) / (1 / log2 2).
/// assert_eq!(polidex::ndcg(&[0, 1], &[1], 10), 1.0 / 3f64.log2());
/// ```
pub fn ndcg(ranking: &[i32], judged: &[i32], cutoff: usize) -> f64 {
    let mut best = judged.to_vec();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let most = gain(&best, cutoff);
    if most > 0.0 { gain(ranking, cutoff) / most } else { 0.0 }
}

/// Discounted cumulative gain: gain over log2(rank + 1).
fn gain(relevances: &[i32], cutoff: usize) -> f64 {
    let gains = (2u32..).zip(relevances.iter().take(cutoff));
    gains.map(|(rank, relevance)| f64::from((*relevance).max(0)) / f64::from(rank).log2()).sum()
}

/// Average precision, 0 to 1: the precision at the rank of each relevant document, as a mean over
/// all `relevant` ones, those that are not in the ranking with 0 (trec_eval's `map`).
///
/// ```
/// // Found at ranks 1 and 3, a third one missing: (1/1 + 2/3) / 3.
/// assert_eq!(polidex::average_precision(&[1, 0, 2], 3), (1.0 + 2.0 / 3.0) / 3.0);
/// ```
pub fn average_precision(ranking: &[i32], relevant: usize) -> f64 {
    let ranks = (1u32..).zip(ranking).filter(|(_, relevance)| **relevance > 0);
    let sum: f64 = (1u32..).zip(ranks).map(|(n, (rank, _))| f64::from(n) / f64::from(rank)).sum();
    if relevant > 0 { sum / relevant as f64 } else { 0.0 }
}

/// The part of the `relevant` documents that is among the first `cutoff`, 0 to 1 (trec_eval's
/// `recall`).
///
/// ```
/// assert_eq!(polidex::recall(&[1, 0, 1], 4, 2), 0.25);
/// ```
pub fn recall(ranking: &[i32], relevant: usize, cutoff: usize) -> f64 {
    let found = ranking.iter().take(cutoff).filter(|relevance| **relevance > 0).count();
    if relevant > 0 { found as f64 / relevant as f64 } else { 0.0 }
}

/// One over the rank of the first relevant document, 0 where there is none (trec_eval's
/// `recip_rank`); its mean over queries is MRR.
///
/// ```
/// assert_eq!(polidex::reciprocal_rank(&[0, 0, 1, 1]), 1.0 / 3.0);
/// ```
pub fn reciprocal_rank(ranking: &[i32]) -> f64 {
    ranking
        .iter()
        .position(|relevance| *relevance > 0)
        .map_or(0.0, |before| 1.0 / (before as f64 + 1.0))
}

/// How good a ranking is, by four measures from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// [`ndcg`] at 10.
    pub ndcg_10: f64,
    /// [`average_precision`].
    pub average_precision: f64,
    /// [`recall`] at 100.
    pub recall_100: f64,
    /// [`reciprocal_rank`].
    pub reciprocal_rank: f64,
}

impl Measures {
    /// The measures in the order of [`Measures::values`], named as trec_eval names them.
    pub const NAMES: [&str; 4] = ["ndcg_cut_10", "map", "recall_100", "recip_rank"];

    /// The measures of one ranking, against the judgements of its query.
    pub fn of(ranking: &[Scored], judged: &BTreeMap<String, i32>) -> Measures {
        let all: Vec<i32> = judged.values().copied().collect();
        let relevant = all.iter().filter(|relevance| **relevance > 0).count();
        let ranking: Vec<i32> =
            ranking.iter().map(|it| judged.get(&it.id).copied().unwrap_or(0)).collect();
        Measures {
            ndcg_10: ndcg(&ranking, &all, 10),
            average_precision: average_precision(&ranking, relevant),
            recall_100: recall(&ranking, relevant, 100),
            reciprocal_rank: reciprocal_rank(&ranking),
        }
    }

    /// The four values, in the order of [`Measures::NAMES`].
    pub fn values(&self) -> [f64; 4] {
        [self.ndcg_10, self.average_precision, self.recall_100, self.reciprocal_rank]
    }

    fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Measures>) -> Measures {
        let count = all.len().max(1) as f64;
        let mut sums = [0.0; 4];
        for measures in all {
            sums.iter_mut().zip(measures.values()).for_each(|(sum, value)| *sum += value);
        }
        let [ndcg_10, average_precision, recall_100, reciprocal_rank] = sums.map(|sum| sum / count);
        Measures { ndcg_10, average_precision, recall_100, reciprocal_rank }
    }
}

/// How good a run is: each query, and the mean over them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// The queries that were measured, in the order given, with their measures.
    pub queries: Vec<(String, Measures)>,
    /// The queries left out because no document is judged relevant to them.
    pub without_relevant: Vec<String>,
    /// The mean over `queries`.
    pub mean: Measures,
}

impl Evaluation {
    /// Measures `run` on these queries. A query that the run does not answer counts with 0, as with
    /// trec_eval's `-c`; one to which no document is judged relevant does not count.
    pub fn of<'a>(
        run: &Run,
        qrels: &Qrels,
        queries: impl IntoIterator<Item = &'a str>,
    ) -> Evaluation {
        let mut evaluation = Evaluation::default();
        for id in queries {
            let judged = qrels.queries.get(id);
            match judged.filter(|judged| judged.values().any(|relevance| *relevance > 0)) {
                Some(judged) => {
                    let ranking = run.queries.get(id).map(Vec::as_slice).unwrap_or_default();
                    evaluation.queries.push((id.to_owned(), Measures::of(ranking, judged)));
                }
                None => evaluation.without_relevant.push(id.to_owned()),
            }
        }
        evaluation.mean = Measures::mean(evaluation.queries.iter().map(|(_, it)| it));
        evaluation
    }
}

/// What an evaluation found, for a page or a program.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluationReport {
    /// The measures.
    pub evaluation: Evaluation,
    /// The comparison with an earlier run, a measure each in the order of [`Measures::NAMES`].
    pub against: Option<[Comparison; 4]>,
    /// How many documents were searched; 0 where a finished run was measured.
    pub documents: u64,
    /// How many files and parts of files could not be read.
    pub unread: usize,
    /// How many judgements are of documents that were not among those searched.
    pub absent: usize,
    /// The time for indexing the documents.
    pub indexing: Duration,
    /// The time for answering the queries.
    pub searching: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 5e-7, "{left} is not {right}");
    }

    #[test]
    fn gains_are_discounted_by_the_logarithm_of_the_rank() {
        // Järvelin & Kekäläinen's gains 3, 2, 3, 0, 0, 1 with the discount of trec_eval:
        // 3/1 + 2/1.584963 + 3/2 + 0 + 0 + 1/2.807355 = 3 + 1.261860 + 1.5 + 0.356207 = 6.118067.
        // Best order of all judged (3, 3, 2, 2, 1, 0): 3 + 3/1.584963 + 2/2 + 2/2.321928 +
        // 1/2.584963 = 3 + 1.892789 + 1 + 0.861353 + 0.386853 = 7.140995. Ratio 0.856753.
        close(ndcg(&[3, 2, 3, 0, 0, 1], &[3, 2, 3, 0, 1, 2], 10), 0.856_753);
        // Cut at 2: (3 + 1.261860) / (3 + 1.892789) = 0.871049; the best order is cut there too.
        close(ndcg(&[3, 2, 3, 0, 0, 1], &[3, 2, 3, 0, 1, 2], 2), 0.871_049);
        // A negative relevance is no loss.
        close(ndcg(&[-1, 1], &[-1, 1], 10), 0.630_930);
        assert_eq!(ndcg(&[], &[1], 10), 0.0);
        assert_eq!(ndcg(&[0, 0], &[0, -1], 10), 0.0);
    }

    #[test]
    fn average_precision_counts_what_is_missing() {
        // Ranks 1, 3, 6 of 5 relevant: (1/1 + 2/3 + 3/6) / 5 = 2.166667 / 5 = 0.433333.
        close(average_precision(&[1, 0, 2, 0, -1, 1], 5), 0.433_333);
        assert_eq!(average_precision(&[0, 0], 5), 0.0);
        assert_eq!(average_precision(&[], 0), 0.0);
    }

    #[test]
    fn recall_and_reciprocal_rank_see_what_is_relevant_only() {
        let mut ranking = vec![0; 200];
        (ranking[99], ranking[100]) = (1, 1);
        // The hundredth counts, the one behind it does not.
        assert_eq!(recall(&ranking, 4, 100), 0.25);
        assert_eq!(reciprocal_rank(&ranking), 0.01);
        assert_eq!(reciprocal_rank(&[-1, 0]), 0.0);
        assert_eq!(recall(&[], 0, 100), 0.0);
    }

    #[test]
    fn a_query_without_an_answer_counts_and_one_without_relevant_documents_does_not() {
        let qrels = Qrels::parse("1 0 a 1\n2 0 a 1\n3 0 a 0\n").unwrap();
        let run = Run::parse("1 Q0 a 1 2.0 t\n3 Q0 a 1 2.0 t\n").unwrap();
        let found = Evaluation::of(&run, &qrels, ["1", "2", "3", "4"]);
        let ids: Vec<&str> = found.queries.iter().map(|(id, _)| &**id).collect();
        assert_eq!(
            (&*ids, &*found.without_relevant),
            (&["1", "2"][..], &["3".into(), "4".into()][..])
        );
        // 1 for the first, 0 for the second.
        assert_eq!(found.mean.values(), [0.5; 4]);
    }
}
