//! Whether a failed call is tried again, and when. A pure function: clock and chance are handed in.

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

    /// Decides. Waits at least as long as the other side asked, and never repeats what is not safe to repeat.
    pub fn decide(&self, error: &Error, attempt: Attempt) -> Decision {
        if !error.retryable || !attempt.repeat_safe || attempt.made >= self.max_attempts {
            return Decision::Stop;
        }
        let jittered = self.backoff_ms(attempt.made, attempt.random);
        let wait = jittered.saturating_add(error.retry_after_ms.unwrap_or(0));
        if attempt.elapsed_ms.saturating_add(wait) > self.deadline_ms {
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
            assert_eq!(POLICY.decide(&error, attempt), expected, "{error:?} {attempt:?}");
        }
    }

    proptest! {
        #[test]
        fn never_early_never_late_never_unsafe(
            made in 0u32..100, elapsed_ms in 0u64..5_000, repeat_safe: bool, random in 0.0f64..1.0,
            retry_after_ms in proptest::option::of(0u64..10_000), retryable: bool,
        ) {
            let error = Error { retryable, ..busy(retry_after_ms) };
            let attempt = Attempt { made, elapsed_ms, repeat_safe, random };
            if let Decision::Wait(wait) = POLICY.decide(&error, attempt) {
                prop_assert!(retryable && repeat_safe && made < POLICY.max_attempts);
                prop_assert!(wait >= retry_after_ms.unwrap_or(0));
                prop_assert!(wait <= retry_after_ms.unwrap_or(0) + POLICY.cap_ms);
                prop_assert!(elapsed_ms + wait <= POLICY.deadline_ms);
            }
        }
    }
}
