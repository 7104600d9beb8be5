//! Which of the calls a fault strikes.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// Calls are counted from 1, for each rule on its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// All of them.
    #[default]
    Always,
    /// This one.
    Nth(u64),
    /// The third, sixth, ninth, if it is 3.
    Every(u64),
    /// The first few.
    First(u64),
    /// A row of them.
    Row {
        /// The first.
        from: u64,
        /// How many.
        count: u64,
    },
    /// Some, by chance; the same ones for the same seed.
    Probability(f64),
}

impl When {
    /// Its numbers make sense.
    ///
    /// # Errors
    /// Says which do not.
    pub fn check(&self) -> Result<(), String> {
        match *self {
            When::Nth(0) | When::Every(0) | When::Row { from: 0, .. } => {
                Err("calls are counted from 1".into())
            }
            When::Probability(share) if !(0.0..=1.0).contains(&share) => {
                Err("probability must be 0 to 1".into())
            }
            _ => Ok(()),
        }
    }

    /// It strikes the `n`th call.
    pub fn strikes(&self, n: u64, rng: &mut Rng) -> bool {
        match *self {
            When::Always => true,
            When::Nth(nth) => n == nth,
            When::Every(every) => n.is_multiple_of(every),
            When::First(count) => n <= count,
            When::Row { from, count } => n >= from && n - from < count,
            When::Probability(share) => rng.f64() < share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(when: &When) -> Vec<u64> {
        (1..=6)
            .filter(|n| when.strikes(*n, &mut Rng::with_seed(*n)))
            .collect()
    }

    #[test]
    fn counted() {
        assert_eq!(struck(&When::Always), [1, 2, 3, 4, 5, 6]);
        assert_eq!(struck(&When::Nth(2)), [2]);
        assert_eq!(struck(&When::Every(3)), [3, 6]);
        assert_eq!(struck(&When::First(2)), [1, 2]);
        assert_eq!(struck(&When::Row { from: 4, count: 2 }), [4, 5]);
        assert!(struck(&When::Probability(0.0)).is_empty());
        assert_eq!(struck(&When::Probability(1.0)).len(), 6);
    }
}
