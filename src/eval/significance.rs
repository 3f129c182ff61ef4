//! Significance: whether two runs differ by more than chance.

use std::collections::BTreeMap;

use super::Evaluation;

/// As many queries that differ are tried in every combination of signs; of more, a sample.
const EXACT: usize = 16;

/// The combinations tried where there are too many for all.
const SAMPLES: u32 = 50_000;

/// A measure of two runs over the same queries.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Comparison {
    /// The mean of the run that is compared with.
    pub before: f64,
    /// The mean of the run that is evaluated.
    pub after: f64,
    /// The queries on which it is better.
    pub better: usize,
    /// The queries on which it is worse.
    pub worse: usize,
    /// How probable a difference of means as great as this is if the two runs were one: the p of
    /// [`randomisation_test`].
    pub p: f64,
}

/// Compares two evaluations of the same queries, a measure each in the order of
/// [`Measures::NAMES`](super::Measures::NAMES). Queries that only one of them has are passed over.
pub fn compare(before: &Evaluation, after: &Evaluation) -> [Comparison; 4] {
    let earlier: BTreeMap<&str, [f64; 4]> =
        before.queries.iter().map(|(id, measures)| (&**id, measures.values())).collect();
    let pairs: Vec<([f64; 4], [f64; 4])> = after
        .queries
        .iter()
        .filter_map(|(id, measures)| Some((*earlier.get(&**id)?, measures.values())))
        .collect();
    std::array::from_fn(|measure| {
        let value = |values: &[f64; 4]| values.get(measure).copied().unwrap_or_default();
        comparison(&pairs.iter().map(|(x, y)| (value(x), value(y))).collect::<Vec<_>>())
    })
}

fn comparison(pairs: &[(f64, f64)]) -> Comparison {
    let count = pairs.len().max(1) as f64;
    let differences: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
    Comparison {
        before: pairs.iter().map(|(before, _)| before).sum::<f64>() / count,
        after: pairs.iter().map(|(_, after)| after).sum::<f64>() / count,
        better: differences.iter().filter(|difference| **difference > 0.0).count(),
        worse: differences.iter().filter(|difference| **difference < 0.0).count(),
        p: randomisation_test(&differences),
    }
}

/// The two-sided p of Fisher's paired randomisation test: if the two runs were one, each of these
/// differences between them might as well have the other sign; p is the part of the combinations of
/// signs whose sum is as far from 0 as the one found. (Smucker, Allan & Carterette 2007, "A
/// comparison of statistical significance tests for information retrieval evaluation".)
///
/// Exact for up to 16 differences that are not 0; beyond, from 50,000 combinations drawn by a
/// generator that always starts alike, the one found among them, so that p is never 0.
///
/// ```
/// // Of the 8 combinations of signs, +++ and --- have a sum as far from 0: p = 2/8.
/// assert_eq!(polidex::randomisation_test(&[0.1, 0.0, 0.2, 0.3]), 0.25);
/// ```
pub fn randomisation_test(differences: &[f64]) -> f64 {
    let sizes: Vec<f64> = differences.iter().copied().filter(|it| *it != 0.0).collect();
    let found = sizes.iter().sum::<f64>().abs();
    // Sums of the same numbers in another order differ in their last bits.
    let bound = found - 1e-9 * sizes.iter().map(|it| it.abs()).sum::<f64>();
    if sizes.len() <= EXACT {
        let all = 1u32 << sizes.len();
        let far = (0..all).filter(|signs| {
            let signed = sizes.iter().enumerate();
            let sum: f64 = signed.map(|(i, it)| if signs >> i & 1 == 1 { -it } else { *it }).sum();
            sum.abs() >= bound
        });
        return far.count() as f64 / f64::from(all);
    }
    let mut random = SplitMix(0x706f_6c69);
    let far = (0..SAMPLES).filter(|_| {
        let mut sum = 0.0;
        for some in sizes.chunks(64) {
            let mut signs = random.next();
            for it in some {
                sum += if signs & 1 == 1 { -it } else { *it };
                signs >>= 1;
            }
        }
        sum.abs() >= bound
    });
    (far.count() as f64 + 1.0) / (f64::from(SAMPLES) + 1.0)
}

/// The generator SplitMix64 (Steele, Lea & Flood 2014).
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_is_the_part_of_the_signs_that_go_as_far() {
        // No difference: the one empty combination.
        assert_eq!(randomisation_test(&[0.0, 0.0]), 1.0);
        // ++, +-, -+, --: sums 3, -1, 1, -3 of (1, 2); 3 and -3 go as far as 3.
        assert_eq!(randomisation_test(&[1.0, 2.0]), 0.5);
        // (1, -2): sum -1; all of 3, -1, 1, -3 go as far.
        assert_eq!(randomisation_test(&[1.0, -2.0]), 1.0);
        // Ten alike: 2 of 1,024.
        assert_eq!(randomisation_test(&[0.1; 10]), 2.0 / 1024.0);
    }

    #[test]
    fn a_sample_comes_close_to_all_combinations() {
        // 20 differences of one size, 15 up and 5 down: the sign test's p,
        // 2 * (C(20,0) + … + C(20,5)) / 2^20 = 2 * 21,700 / 1,048,576 = 0.041389.
        let mut differences = [0.1; 20];
        differences[..5].fill(-0.1);
        assert!((randomisation_test(&differences) - 0.041_389).abs() < 0.004);
        // 100 alike: 2 of 2^100, which no sample meets.
        assert_eq!(randomisation_test(&[0.1; 100]), 1.0 / 50_001.0);
    }
}
