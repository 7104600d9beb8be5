//! Many customers: who starts next, and when to stop. Does nothing itself: the driver starts whom [`Batch::start`] names and
//! reports back.

use crate::error::{Code, Error};

/// Where the other side does not say how long its limit lasts, in milliseconds.
const UNTOLD_WAIT_MS: u64 = 2_000;
/// At most so much longer, so that not all come back at once, in milliseconds.
const SPREAD_MS: f64 = 250.0;

/// How long a call of a batch waits after an answer that there were too many, in milliseconds; `None` of any other failure, and
/// of a call that must not be repeated. Such an answer does nothing and is nobody's failure, so these waits are not counted as
/// attempts: the page's signal ends them.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most a quarter of a second
pub fn turn_ms(error: &Error, repeat_safe: bool, random: f64) -> Option<u64> {
    let spread = (SPREAD_MS * random.clamp(0.0, 1.0)) as u64;
    let told = error.retry_after_ms.unwrap_or(UNTOLD_WAIT_MS);
    (error.code == Code::RateLimited && repeat_safe).then_some(told.saturating_add(spread))
}

/// Why no further customer starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// More failed than are tolerated.
    Failures,
    /// The page has stopped it.
    Aborted,
}

impl Stopped {
    /// As events spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stopped::Failures => "failures",
            Stopped::Aborted => "aborted",
        }
    }
}

/// Customers in their order, so many at a time. Holds numbers only, however many there are.
#[derive(Debug, Clone)]
pub struct Batch {
    count: usize,
    in_flight: usize,
    tolerate: usize,
    started: usize,
    finished: usize,
    failed: usize,
    stopped: Option<Stopped>,
}

impl Batch {
    /// So many customers, of whom so many are under way at the same time, until more than `tolerate` have failed.
    pub fn new(count: usize, in_flight: usize, tolerate: usize) -> Self {
        Batch {
            count,
            in_flight,
            tolerate,
            started: 0,
            finished: 0,
            failed: 0,
            stopped: None,
        }
    }

    /// The customer that can start now, who counts as started.
    pub fn start(&mut self) -> Option<usize> {
        let free = self.started - self.finished < self.in_flight;
        if !free || self.started == self.count || self.stopped.is_some() {
            return None;
        }
        self.started += 1;
        Some(self.started - 1)
    }

    /// A started customer has ended. Gives why the batch stops, if this is what stops it.
    pub fn finish(&mut self, done: bool) -> Option<Stopped> {
        self.finished += 1;
        self.failed += usize::from(!done);
        if self.failed > self.tolerate {
            return self.stop(Stopped::Failures);
        }
        None
    }

    /// No further customer starts. Gives the reason back if this stops it: not when it was stopped before, or when all have
    /// started anyway.
    pub fn stop(&mut self, why: Stopped) -> Option<Stopped> {
        if self.stopped.is_some() || self.started == self.count {
            return None;
        }
        self.stopped = Some(why);
        self.stopped
    }

    /// Why it was stopped before its end.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// Customers that have failed.
    pub fn failed(&self) -> usize {
        self.failed
    }

    /// Customers that are done.
    pub fn done(&self) -> usize {
        self.finished - self.failed
    }

    /// Customers that have not started.
    pub fn not_started(&self) -> usize {
        self.count - self.started
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn too_many_calls_are_waited_for_and_nothing_else_is() {
        let limited = |retry_after_ms| Error {
            retry_after_ms,
            ..Error::retryable(Code::RateLimited, "busy")
        };
        assert_eq!(turn_ms(&limited(Some(7_000)), true, 0.0), Some(7_000));
        assert_eq!(turn_ms(&limited(Some(7_000)), true, 0.99), Some(7_247));
        assert_eq!(turn_ms(&limited(None), true, f64::NAN), Some(2_000));
        assert_eq!(turn_ms(&limited(Some(7_000)), false, 0.0), None);
        assert_eq!(turn_ms(&Error::retryable(Code::Network, "away"), true, 0.0), None);
    }

    #[test]
    fn the_next_starts_when_one_ends() {
        let mut batch = Batch::new(4, 2, 0);
        assert_eq!(
            (batch.start(), batch.start(), batch.start()),
            (Some(0), Some(1), None)
        );
        assert_eq!(batch.finish(true), None);
        assert_eq!((batch.start(), batch.start()), (Some(2), None));
    }

    #[test]
    fn it_stops_when_more_fail_than_are_tolerated() {
        let mut batch = Batch::new(9, 2, 1);
        batch.start();
        batch.start();
        assert_eq!(batch.finish(false), None);
        assert_eq!(batch.start(), Some(2));
        assert_eq!(batch.finish(false), Some(Stopped::Failures));
        assert_eq!(batch.start(), None);
        assert_eq!(batch.finish(false), None, "told once; who is under way ends");
        assert_eq!((batch.done(), batch.failed(), batch.not_started()), (0, 3, 6));
    }

    #[test]
    fn a_failure_at_the_end_stops_nothing() {
        let mut batch = Batch::new(1, 4, 0);
        batch.start();
        assert_eq!(batch.finish(false), None);
        assert_eq!((batch.stopped(), batch.failed()), (None, 1));
    }

    proptest! {
        /// Whoever fails, and whoever ends first: each starts once, in order, never too many, and the numbers add up.
        #[test]
        fn every_batch_ends(
            failing in proptest::collection::vec(prop::bool::weighted(0.1), 0..60),
            in_flight in 1usize..17,
            tolerate in 0usize..5,
            abort_at in proptest::option::of(0usize..60),
        ) {
            let mut batch = Batch::new(failing.len(), in_flight, tolerate);
            let (mut running, mut next) = (Vec::new(), 0);
            loop {
                if abort_at.is_some_and(|at| at <= next) {
                    batch.stop(Stopped::Aborted);
                }
                let over = batch.failed() > tolerate;
                while let Some(index) = batch.start() {
                    prop_assert_eq!(index, next);
                    prop_assert!(!over);
                    next += 1;
                    running.push(index);
                }
                prop_assert!(running.len() <= in_flight);
                if running.is_empty() {
                    break;
                }
                let index = running.remove(running.len() / 2);
                batch.finish(!failing[index]);
            }
            prop_assert_eq!(batch.done() + batch.failed() + batch.not_started(), failing.len());
            prop_assert_eq!(batch.not_started() > 0, batch.stopped().is_some());
        }
    }
}
