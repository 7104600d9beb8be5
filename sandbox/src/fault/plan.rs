//! What several faults come to for one call.

use std::time::Duration;

use fastrand::Rng;

use super::Fault;

/// What a caller gets instead of the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Instead {
    /// A status.
    Status {
        /// Which.
        code: u16,
        /// `Retry-After`.
        retry_after: Option<u64>,
    },
    /// A page.
    Html {
        /// Its status.
        code: u16,
    },
    /// Nothing.
    Nothing,
}

/// All that goes wrong with one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The words of the faults.
    pub names: Vec<&'static str>,
    /// It waits first.
    pub delay: Duration,
    /// The clock jumps.
    pub clock_seconds: i64,
    /// Something else is answered; `true`: after it was carried out.
    pub instead: Option<(Instead, bool)>,
    /// Only this share of the answer arrives.
    pub share: Option<f64>,
    /// So many bytes at a time, with such a pause before each.
    pub pace: Option<(usize, Duration)>,
}

impl Plan {
    /// Adds a fault. Waits and jumps add up; of what else there can be only one of, the first counts.
    pub fn add(&mut self, fault: &Fault, rng: &mut Rng) {
        self.names.push(fault.name());
        let mut instead = |what, after_effect| {
            self.instead.get_or_insert((what, after_effect));
        };
        match *fault {
            Fault::Latency(ref latency) => self.delay += latency.draw(rng),
            Fault::Clock { seconds } => self.clock_seconds = self.clock_seconds.saturating_add(seconds),
            Fault::Status {
                code,
                retry_after,
                after_effect,
            } => instead(Instead::Status { code, retry_after }, after_effect),
            Fault::Html { code, after_effect } => instead(Instead::Html { code }, after_effect),
            Fault::Drop { after_effect } => instead(Instead::Nothing, after_effect),
            Fault::Half { share } => {
                self.share.get_or_insert(share);
            }
            Fault::Slow { bytes, pause_ms } => {
                self.pace.get_or_insert((bytes, Duration::from_millis(pause_ms)));
            }
        }
    }

    /// Nothing goes wrong.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Latency;

    #[test]
    fn waits_add_up_and_one_thing_is_answered_instead() {
        let mut plan = Plan::default();
        assert!(plan.is_empty());
        let mut rng = Rng::with_seed(0);
        for fault in [
            Fault::Latency(Latency::FixedMs(5)),
            Fault::Drop { after_effect: true },
            Fault::Latency(Latency::FixedMs(10)),
            Fault::Html {
                code: 502,
                after_effect: false,
            },
        ] {
            plan.add(&fault, &mut rng);
        }
        assert_eq!(plan.delay, Duration::from_millis(15));
        assert_eq!(plan.instead, Some((Instead::Nothing, true)));
        assert_eq!(plan.names, ["latency", "drop", "latency", "html"]);
    }
}
