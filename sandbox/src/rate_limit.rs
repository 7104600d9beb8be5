//! So many calls a minute for each caller.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Callers without a call for a minute are forgotten when there are so many.
const MANY: usize = 10_000;

/// The calls of the last minute, by caller.
#[derive(Debug)]
pub struct RateLimit<Caller>(HashMap<Caller, VecDeque<Timestamp>>);

impl<Caller> Default for RateLimit<Caller> {
    fn default() -> Self {
        RateLimit(HashMap::new())
    }
}

impl<Caller: Hash + Eq> RateLimit<Caller> {
    /// Takes one of `limit` calls a minute (0: no limit).
    ///
    /// # Errors
    /// When the next will be free, if none is left. A call that is refused does not count.
    pub fn take(&mut self, caller: Caller, limit: u32, now: Timestamp) -> Result<(), Timestamp> {
        if limit == 0 {
            return Ok(());
        }
        // A clock that was moved back has made no calls of the future.
        let counts = |at: &Timestamp| *at <= now && now.duration_since(*at) < WINDOW;
        if self.0.len() > MANY {
            self.0.retain(|_, calls| calls.back().is_some_and(counts));
        }
        let calls = self.0.entry(caller).or_default();
        calls.retain(counts);
        match calls.front() {
            Some(first) if calls.len() >= limit as usize => Err(*first + WINDOW),
            _ => {
                calls.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_slides() {
        let mut limit = RateLimit::default();
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert_eq!(limit.take("a", 2, at(0)), Ok(()));
        assert_eq!(limit.take("a", 2, at(30)), Ok(()));
        assert_eq!(limit.take("a", 2, at(59)), Err(at(60)));
        assert_eq!(limit.take("b", 2, at(59)), Ok(()));
        assert_eq!(limit.take("a", 2, at(60)), Ok(()));
        assert_eq!(limit.take("a", 2, at(61)), Err(at(90)));
        assert_eq!(limit.take("a", 0, at(61)), Ok(()));
        assert_eq!(limit.take("a", 2, at(5)), Ok(()), "the clock was moved back");
    }
}
