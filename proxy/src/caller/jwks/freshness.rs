//! When published keys are fetched. Times are handed in.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Older keys are fetched again, while they are used.
const FRESH: Duration = Duration::from_secs(300);
/// Older keys are not used: by then a key that its issuer took back must be out everywhere.
const KEPT: Duration = Duration::from_secs(3600);
/// At most so many fetches in that time: made-up key ids must not become a storm at the issuer.
const FETCHES: usize = 6;
const WITHIN: Duration = Duration::from_secs(60);

/// What to do about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The key at hand is good.
    Use,
    /// Likewise, but look for newer ones beside it.
    UseAndFetch,
    /// Look first.
    Fetch,
    /// The issuer did not answer, and is not asked again just now.
    Wait,
    /// There is no such key.
    Refuse,
}

/// When keys were fetched.
#[derive(Debug, Default)]
pub struct Freshness {
    succeeded: Option<Instant>,
    failed: bool,
    tries: VecDeque<Instant>,
}

impl Freshness {
    /// For a key that is at hand, or is not.
    pub fn step(&self, at_hand: bool, now: Instant) -> Step {
        let may_fetch = self
            .tries
            .front()
            .is_none_or(|first| self.tries.len() < FETCHES || now.duration_since(*first) >= WITHIN);
        let age = self.succeeded.map(|at| now.duration_since(at));
        match (at_hand, age) {
            (true, Some(age)) if age < FRESH => Step::Use,
            (true, Some(age)) if age < KEPT && may_fetch => Step::UseAndFetch,
            (true, Some(age)) if age < KEPT => Step::Use,
            _ if may_fetch => Step::Fetch,
            (false, Some(age)) if age < KEPT && !self.failed => Step::Refuse,
            _ => Step::Wait,
        }
    }

    /// A fetch has ended.
    pub fn note(&mut self, succeeded: bool, now: Instant) {
        self.failed = !succeeded;
        if succeeded {
            self.succeeded = Some(now);
        }
        self.tries.push_back(now);
        if self.tries.len() > FETCHES {
            self.tries.pop_front();
        }
    }

    /// Whether the last fetch failed.
    pub fn failed(&self) -> bool {
        self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_used_while_fresh_fetched_when_old_and_dropped_when_too_old() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut keys = Freshness::default();
        assert_eq!(keys.step(false, start), Step::Fetch);
        keys.note(true, start);
        assert_eq!(keys.step(true, at(299)), Step::Use);
        assert_eq!(keys.step(true, at(300)), Step::UseAndFetch);
        assert_eq!(keys.step(true, at(3599)), Step::UseAndFetch);
        assert_eq!(keys.step(true, at(3600)), Step::Fetch, "not used any more");
        assert_eq!(keys.step(false, at(1)), Step::Fetch, "a new key");
    }

    #[test]
    fn made_up_ids_are_no_storm() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut keys = Freshness::default();
        for second in 0..6 {
            assert_eq!(keys.step(false, at(second)), Step::Fetch);
            keys.note(true, at(second));
        }
        assert_eq!(keys.step(false, at(6)), Step::Refuse);
        assert_eq!(
            keys.step(true, at(6)),
            Step::Use,
            "who has a good key does not notice"
        );
        assert_eq!(keys.step(false, at(60)), Step::Fetch);
    }

    #[test]
    fn an_issuer_that_is_down_lets_known_keys_through_and_nobody_else() {
        let start = Instant::now();
        let at = |secs| start + Duration::from_secs(secs);
        let mut keys = Freshness::default();
        keys.note(true, start);
        for second in 400..406 {
            assert_eq!(keys.step(true, at(second)), Step::UseAndFetch);
            keys.note(false, at(second));
        }
        assert_eq!(keys.step(true, at(410)), Step::Use);
        assert_eq!(keys.step(false, at(410)), Step::Wait, "it may be a new key");
        for second in 3600..3606 {
            assert_eq!(keys.step(true, at(second)), Step::Fetch);
            keys.note(false, at(second));
        }
        assert_eq!(keys.step(true, at(3606)), Step::Wait);
    }
}
