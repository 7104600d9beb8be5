//! How long a call waits.

use std::f64::consts::TAU;
use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::LONGEST_MS;

/// The standard normal distribution's 95th percentile.
const P95: f64 = 1.644_853_627;

/// A distribution of waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Latency {
    /// Always the same.
    FixedMs(u64),
    /// Anything between the two, each as likely.
    UniformMs(u64, u64),
    /// As real services answer: mostly soon, now and then very late.
    LogNormalMs {
        /// Half of the calls wait less.
        median: f64,
        /// One in twenty waits longer.
        p95: f64,
    },
}

impl Latency {
    /// Its numbers make sense.
    ///
    /// # Errors
    /// Says which do not.
    pub fn check(&self) -> Result<(), String> {
        let good = match *self {
            Latency::FixedMs(ms) => ms <= LONGEST_MS,
            Latency::UniformMs(from, to) => from <= to && to <= LONGEST_MS,
            #[allow(clippy::cast_precision_loss)]
            Latency::LogNormalMs { median, p95 } => 0.0 < median && median <= p95 && p95 <= LONGEST_MS as f64,
        };
        if good {
            Ok(())
        } else {
            Err(format!(
                "a latency grows from left to right (median above 0), and is at most {LONGEST_MS} ms"
            ))
        }
    }

    /// One wait.
    pub fn draw(&self, rng: &mut Rng) -> Duration {
        match *self {
            Latency::FixedMs(ms) => Duration::from_millis(ms),
            Latency::UniformMs(from, to) => Duration::from_millis(rng.u64(from..=to)),
            Latency::LogNormalMs { median, p95 } => {
                // Box and Muller. 1 - x: the logarithm of 0 is none.
                let normal = (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (TAU * rng.f64()).cos();
                let sigma = (p95 / median).ln() / P95;
                let ms = median * (sigma * normal).exp();
                #[allow(clippy::cast_precision_loss)]
                Duration::from_secs_f64(ms.min(LONGEST_MS as f64) / 1000.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(latency: &Latency) -> Vec<u128> {
        let mut rng = Rng::with_seed(7);
        let mut all: Vec<u128> = (0..2000).map(|_| latency.draw(&mut rng).as_millis()).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn each_has_its_shape() {
        assert_eq!(draws(&Latency::FixedMs(20))[1999], 20);
        let uniform = draws(&Latency::UniformMs(50, 150));
        assert!(uniform[0] >= 50 && uniform[1999] <= 150 && (90..110).contains(&uniform[1000]));
        let real = draws(&Latency::LogNormalMs {
            median: 100.0,
            p95: 800.0,
        });
        assert!((85..115).contains(&real[1000]), "{}", real[1000]);
        assert!((650..950).contains(&real[1900]), "{}", real[1900]);
    }
}
