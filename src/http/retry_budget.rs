//! How many repeats may be made in all, so that a platform that is down is not stormed by everybody's retries. Pure.

/// A bucket of tokens: a repeat takes one, a call that is made for the first time earns a tenth, and a repeat that helped
/// gives its token back. It starts full. With the other side down, repeats are so at most a tenth of the calls once the
/// bucket is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryBudget {
    tenths: u32,
    most: u32,
}

impl RetryBudget {
    /// For one admin page: a run of some twenty calls outlives a proxy that starts anew.
    pub const PAGE: RetryBudget = RetryBudget::of(30);
    /// For one proxy.
    pub const PROXY: RetryBudget = RetryBudget::of(100);

    /// A full bucket of so many tokens.
    pub const fn of(tokens: u32) -> Self {
        let most = tokens.saturating_mul(10);
        RetryBudget { tenths: most, most }
    }

    /// A call is made for the first time.
    pub fn first_attempt(&mut self) {
        self.earn(1);
    }

    /// A repeat was answered with a success.
    pub fn repeat_helped(&mut self) {
        self.earn(10);
    }

    /// Takes the token of one repeat; false if there is none.
    pub(super) fn take(&mut self) -> bool {
        let left = self.tenths.checked_sub(10);
        self.tenths = left.unwrap_or(self.tenths);
        left.is_some()
    }

    fn earn(&mut self, tenths: u32) {
        self.tenths = self.tenths.saturating_add(tenths).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_dead_platform_is_asked_again_for_a_tenth_of_the_calls() {
        let mut budget = RetryBudget::of(5);
        let repeats: Vec<usize> = (0..4)
            .map(|_| {
                let calls = (0..100).map(|_| {
                    budget.first_attempt();
                    (0..3).filter(|_| budget.take()).count()
                });
                calls.sum()
            })
            .collect();
        // The five it starts with, the first earnings while it is full being lost, and then a tenth.
        assert_eq!(repeats, [14, 10, 10, 10]);
    }

    #[test]
    fn a_platform_that_recovers_costs_nothing() {
        let mut budget = RetryBudget::of(1);
        for _ in 0..1_000 {
            assert!(budget.take());
            budget.repeat_helped();
        }
        assert!(budget.take());
        assert!(!budget.take());
    }

    proptest! {
        #[test]
        fn never_more_than_it_holds_and_has_earned(size in 0u32..50, moves in proptest::collection::vec(0u8..3, 0..500)) {
            let mut budget = RetryBudget::of(size);
            let (mut taken, mut earned) = (0u32, 0u32);
            for step in moves {
                match step {
                    0 => { budget.first_attempt(); earned += 1; }
                    1 => { budget.repeat_helped(); earned += 10; }
                    _ => taken += u32::from(budget.take()) * 10,
                }
                prop_assert!(taken <= size * 10 + earned);
                prop_assert!(budget.tenths <= budget.most);
            }
        }
    }
}
