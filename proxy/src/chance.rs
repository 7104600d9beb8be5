//! Chance, for waits that are not to end all at once.

/// From 0 up to 1; without randomness the longest wait.
pub fn chance() -> f64 {
    getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX))
}
