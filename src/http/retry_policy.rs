//! Whether a failed call is tried again, and when. A pure function: clock and chance are handed in.

use super::RetryBudget;
use crate::error::Error;

/// Exponential back-off with full jitter, within a number of attempts and a total time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first one included.
    pub max_attempts: u32,
    /// Longest wait before the second attempt, in milliseconds; doubles with each further one.
    pub base_ms: u64,
    /// No wait of our own choosing is longer, in milliseconds.
    pub cap_ms: u64,
    /// No attempt starts later than this after the first one did, in milliseconds.
    pub deadline_ms: u64,
}

/// What happened so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// How many attempts were made.
    pub made: u32,
    /// Milliseconds since the first one started.
    pub elapsed_ms: u64,
    /// A second arrival at the other end does no harm.
    pub repeat_safe: bool,
    /// From 0 up to, not including, 1.
    pub random: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Report the failure.
    Stop,
    /// Try again after so many milliseconds.
    Wait(u64),
}

impl RetryPolicy {
    /// For a person who is watching: four attempts within half a minute.
    pub const INTERACTIVE: RetryPolicy = RetryPolicy {
        max_attempts: 4,
        base_ms: 400,
        cap_ms: 8_000,
        deadline_ms: 30_000,
    };

    /// For nobody who watches, such as a batch in the proxy: six attempts within two minutes.
    pub const BACKGROUND: RetryPolicy = RetryPolicy {
        max_attempts: 6,
        base_ms: 1_000,
        cap_ms: 30_000,
        deadline_ms: 120_000,
    };

    /// A visitor's script that could not be fetched: three attempts within a few seconds.
    pub const SCRIPT: RetryPolicy = RetryPolicy {
        max_attempts: 3,
        base_ms: 400,
        cap_ms: 2_000,
        deadline_ms: 10_000,
    };

    /// The wait after so many attempts, in milliseconds: any time up to a ceiling that doubles with each.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn backoff_ms(&self, made: u32, random: f64) -> u64 {
        let doublings = made.saturating_sub(1).min(32);
        let ceiling = self.base_ms.saturating_mul(1 << doublings).min(self.cap_ms);
        (ceiling as f64 * random.clamp(0.0, 1.0)) as u64
    }

    /// Decides. Waits at least as long as the other side asked, and never repeats what is not safe to repeat. Takes a token
    /// from the budget for a repeat that it allows, and for no other.
    pub fn decide(&self, error: &Error, attempt: Attempt, budget: &mut RetryBudget) -> Decision {
        if !error.retryable || !attempt.repeat_safe || attempt.made >= self.max_attempts {
            return Decision::Stop;
        }
        let jittered = self.backoff_ms(attempt.made, attempt.random);
        let wait = jittered.saturating_add(error.retry_after_ms.unwrap_or(0));
        if attempt.elapsed_ms.saturating_add(wait) > self.deadline_ms || !budget.take() {
            return Decision::Stop;
        }
        Decision::Wait(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use proptest::prelude::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_attempts: 4,
        base_ms: 100,
        cap_ms: 300,
        deadline_ms: 2_000,
    };

    fn full() -> RetryBudget {
        RetryBudget::of(1)
    }

    fn attempt(made: u32) -> Attempt {
        Attempt {
            made,
            elapsed_ms: 0,
            repeat_safe: true,
            random: 1.0,
        }
    }

    fn busy(retry_after_ms: Option<u64>) -> Error {
        Error {
            retry_after_ms,
            ..Error::retryable(Code::RateLimited, "busy")
        }
    }

    #[test]
    fn table() {
        use Decision::{Stop, Wait};
        let refused = Error::new(Code::Forbidden, "no");
        let cases = [
            (busy(None), attempt(1), Wait(100)),
            (busy(None), attempt(2), Wait(200)),
            (busy(None), attempt(3), Wait(300)),
            (busy(None), attempt(4), Stop),
            (busy(Some(1_000)), attempt(1), Wait(1_100)),
            (busy(Some(5_000)), attempt(1), Stop),
            (
                busy(None),
                Attempt {
                    elapsed_ms: 1_950,
                    ..attempt(1)
                },
                Stop,
            ),
            (
                busy(None),
                Attempt {
                    repeat_safe: false,
                    ..attempt(1)
                },
                Stop,
            ),
            (
                busy(None),
                Attempt {
                    random: 0.0,
                    ..attempt(1)
                },
                Wait(0),
            ),
            (refused, attempt(1), Stop),
        ];
        for (error, attempt, expected) in cases {
            assert_eq!(
                POLICY.decide(&error, attempt, &mut full()),
                expected,
                "{error:?} {attempt:?}"
            );
        }
    }

    #[test]
    fn only_a_repeat_that_is_allowed_takes_a_token() {
        let mut budget = full();
        let refused = Error::new(Code::Forbidden, "no");
        assert_eq!(POLICY.decide(&refused, attempt(1), &mut budget), Decision::Stop);
        assert_eq!(
            POLICY.decide(&busy(Some(5_000)), attempt(1), &mut budget),
            Decision::Stop
        );
        assert_eq!(
            POLICY.decide(&busy(None), attempt(1), &mut budget),
            Decision::Wait(100)
        );
        assert_eq!(
            POLICY.decide(&busy(None), attempt(1), &mut budget),
            Decision::Stop,
            "spent"
        );
    }

    /// A clock moved by hand, and another side that takes so long for each answer and then says so.
    struct World<'a> {
        now_ms: u64,
        answers: &'a [(u64, Result<(), Error>)],
        chances: &'a [f64],
        budget: RetryBudget,
    }

    impl World<'_> {
        /// One whole call: when each attempt started, and how it ended.
        fn call(&mut self, repeat_safe: bool) -> (Vec<u64>, Result<(), Error>) {
            let began = self.now_ms;
            let mut starts = Vec::new();
            self.budget.first_attempt();
            loop {
                starts.push(self.now_ms - began);
                let made = u32::try_from(starts.len()).unwrap();
                let (takes_ms, answer) = self.answers[(starts.len() - 1).min(self.answers.len() - 1)].clone();
                self.now_ms += takes_ms;
                let Err(error) = answer else {
                    if made > 1 {
                        self.budget.repeat_helped();
                    }
                    return (starts, Ok(()));
                };
                let attempt = Attempt {
                    made,
                    elapsed_ms: self.now_ms - began,
                    repeat_safe,
                    random: self.chances[(starts.len() - 1) % self.chances.len()],
                };
                match POLICY.decide(&error, attempt, &mut self.budget) {
                    Decision::Stop => return (starts, Err(error)),
                    Decision::Wait(wait) => self.now_ms += wait,
                }
            }
        }
    }

    /// What the other side does, how it answers, by what chances, whether it is safe to repeat; when attempts start, and whether
    /// the call succeeds.
    type Case<'a> = (
        &'a str,
        &'a [(u64, Result<(), Error>)],
        &'a [f64],
        bool,
        &'a [u64],
        bool,
    );

    fn world<'a>(answers: &'a [(u64, Result<(), Error>)], chances: &'a [f64]) -> World<'a> {
        World {
            now_ms: 1_000_000,
            answers,
            chances,
            budget: RetryBudget::of(10),
        }
    }

    #[test]
    fn whole_calls_attempt_by_attempt() {
        let down = |takes: u64| (takes, Err(busy(None)));
        let full_jitter: &[f64] = &[1.0];
        let cases: &[Case] = &[
            ("answers at once", &[(5, Ok(()))], full_jitter, true, &[0], true),
            (
                "answers the third time",
                &[down(10), down(10), (10, Ok(()))],
                full_jitter,
                true,
                &[0, 110, 320],
                true,
            ),
            (
                "is down",
                &[down(10)],
                full_jitter,
                true,
                &[0, 110, 320, 630],
                false,
            ),
            (
                "is down, by chance at once",
                &[down(10)],
                &[0.0],
                true,
                &[0, 10, 20, 30],
                false,
            ),
            (
                "is down, by other chances",
                &[down(0)],
                &[0.5, 0.25, 0.1],
                true,
                &[0, 50, 100, 130],
                false,
            ),
            (
                "asks for a wait",
                &[(20, Err(busy(Some(700)))), (20, Ok(()))],
                &[0.3],
                true,
                &[0, 750],
                true,
            ),
            (
                "asks for a wait beyond the deadline",
                &[(20, Err(busy(Some(1_900))))],
                full_jitter,
                true,
                &[0],
                false,
            ),
            (
                "is slow to fail",
                &[down(950)],
                full_jitter,
                true,
                &[0, 1_050],
                false,
            ),
            (
                "takes longer than all the time there is",
                &[down(30_000)],
                full_jitter,
                true,
                &[0],
                false,
            ),
            (
                "must not be asked again",
                &[down(10)],
                full_jitter,
                false,
                &[0],
                false,
            ),
            (
                "refuses after a failure",
                &[down(10), (10, Err(Error::new(Code::Forbidden, "no")))],
                full_jitter,
                true,
                &[0, 110],
                false,
            ),
        ];
        for (name, answers, chances, repeat_safe, starts, ok) in cases {
            let (started, ended) = world(answers, chances).call(*repeat_safe);
            assert_eq!(
                (&started[..], ended.is_ok()),
                (*starts, *ok),
                "the other side {name}"
            );
        }
    }

    #[test]
    fn a_broken_platform_is_not_stormed_and_a_whole_one_is_served() {
        let down = [(0, Err(busy(None)))];
        let mut world = world(&down, &[0.0]);
        let attempts: Vec<usize> = (0..60).map(|_| world.call(true).0.len()).collect();
        assert_eq!(attempts[..4], [4, 4, 4, 2], "the bucket is emptied first");
        assert!(
            attempts[10..].iter().sum::<usize>() <= 50 + 5,
            "then one in ten: {attempts:?}"
        );
        world.answers = &[(0, Ok(()))];
        assert!((0..100).all(|_| world.call(true).0 == [0]));
        let back = [(0, Err(busy(None))), (0, Ok(()))];
        let mut world = World {
            answers: &back,
            ..world
        };
        assert!(
            (0..100).all(|_| world.call(true).1.is_ok()),
            "each is repeated once"
        );
    }

    proptest! {
        #[test]
        fn no_call_is_longer_or_oftener_than_allowed(
            takes in proptest::collection::vec((0u64..900, proptest::option::of(0u64..3_000), any::<bool>()), 1..6),
            chances in proptest::collection::vec(0.0f64..1.0, 1..4),
            repeat_safe: bool,
        ) {
            let answers: Vec<_> = takes
                .iter()
                .map(|(takes, after, fails)| (*takes, if *fails { Err(busy(*after)) } else { Ok(()) }))
                .collect();
            let (starts, ended) = world(&answers, &chances).call(repeat_safe);
            let most = if repeat_safe { 4 } else { 1 };
            prop_assert!(starts.len() <= most);
            prop_assert!(starts.iter().all(|start| *start <= POLICY.deadline_ms));
            for (index, pair) in starts.windows(2).enumerate() {
                let (takes, after, _) = takes[index.min(takes.len() - 1)];
                prop_assert!(pair[1] - pair[0] >= takes + after.unwrap_or(0), "never earlier than asked");
            }
            let last = &answers[(starts.len() - 1).min(answers.len() - 1)].1;
            prop_assert_eq!(ended.is_ok(), last.is_ok());
        }

        #[test]
        fn never_early_never_late_never_unsafe(
            made in 0u32..100, elapsed_ms in 0u64..5_000, repeat_safe: bool, random in 0.0f64..1.0,
            retry_after_ms in proptest::option::of(0u64..10_000), retryable: bool,
        ) {
            let error = Error { retryable, ..busy(retry_after_ms) };
            let attempt = Attempt { made, elapsed_ms, repeat_safe, random };
            if let Decision::Wait(wait) = POLICY.decide(&error, attempt, &mut full()) {
                prop_assert!(retryable && repeat_safe && made < POLICY.max_attempts);
                prop_assert!(wait >= retry_after_ms.unwrap_or(0));
                prop_assert!(wait <= retry_after_ms.unwrap_or(0) + POLICY.cap_ms);
                prop_assert!(elapsed_ms + wait <= POLICY.deadline_ms);
            }
        }
    }
}
