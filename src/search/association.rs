//! Association: how much more often two things come together than chance would have it.

/// What was counted of two things that may come together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counts {
    /// How often both came.
    pub(super) both: f64,
    /// How often the first came, or how many places there were in which the second could.
    pub(super) first: f64,
    /// How often the second came.
    pub(super) second: f64,
    /// How many places there are.
    pub(super) all: f64,
}

impl Counts {
    /// Dunning's log-likelihood ratio: twice the sum, over the four cells of the table of the two, of
    /// `O · ln(O / E)`, where `E` is what is expected if they are independent (Dunning: "Accurate
    /// methods for the statistics of surprise and coincidence", Computational Linguistics 19(1),
    /// 1993, §4). Over 10.83 chance alone gives so much once in 1,000 times. It is made negative where
    /// both came together less often than expected.
    pub(super) fn log_likelihood(&self) -> f64 {
        let Counts { both, first, second, all } = *self;
        if all <= 0.0 {
            return 0.0;
        }
        let rows = [first, all - first];
        let columns = [second, all - second];
        let cells = [[both, first - both], [second - both, all - first - second + both]];
        let mut sum = 0.0;
        for (row, of_row) in rows.iter().zip(cells) {
            for (column, observed) in columns.iter().zip(of_row) {
                let expected = row * column / all;
                if observed > 0.0 && expected > 0.0 {
                    sum += observed * (observed / expected).ln();
                }
            }
        }
        let ratio = (2.0 * sum).max(0.0);
        if both < first * second / all { -ratio } else { ratio }
    }

    /// logDice: `14 + log2(2 · both / (first + second))`, at most 14 where neither comes without the
    /// other; one more is twice as strong, whatever the size of the corpus (Rychlý: "A
    /// lexicographer-friendly association score", RASLAN 2008, §3).
    pub(super) fn log_dice(&self) -> f64 {
        14.0 + (2.0 * self.both / (self.first + self.second)).log2()
    }

    /// Pointwise mutual information: `log2(both · all / (first · second))`, in bits; great for what is
    /// rare (Church, Hanks: "Word association norms, mutual information, and lexicography",
    /// Computational Linguistics 16(1), 1990, §3).
    pub(super) fn pmi(&self) -> f64 {
        (self.both * self.all / (self.first * self.second)).log2()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 5e-3, "{value} is not {expected}");
    }

    #[test]
    fn log_likelihood_is_that_of_the_published_table() {
        // Dunning 1993, table 1: "the swiss", "can be", "previous year".
        for (expected, [both, first, second, neither]) in [
            (270.72, [110.0, 2442.0, 111.0, 29114.0]),
            (263.90, [29.0, 13.0, 123.0, 31612.0]),
            (256.84, [31.0, 23.0, 139.0, 31584.0]),
        ] {
            let all = both + first + second + neither;
            let counts = Counts { both, first: both + first, second: both + second, all };
            near(counts.log_likelihood(), expected);
        }
    }

    #[test]
    fn what_is_independent_is_zero_and_what_avoids_each_other_negative() {
        let counts = |both| Counts { both, first: 100.0, second: 50.0, all: 1000.0 };
        near(counts(5.0).log_likelihood(), 0.0);
        near(counts(5.0).pmi(), 0.0);
        assert!(counts(1.0).log_likelihood() < 0.0 && counts(1.0).pmi() < 0.0);
        near(counts(20.0).pmi(), 2.0);
    }

    #[test]
    fn log_dice_is_fourteen_at_most_and_falls_by_one_for_each_half() {
        let counts = |both| Counts { both, first: 8.0, second: 8.0, all: 1e6 };
        near(counts(8.0).log_dice(), 14.0);
        near(counts(4.0).log_dice(), 13.0);
        near(counts(1.0).log_dice(), 11.0);
    }
}
