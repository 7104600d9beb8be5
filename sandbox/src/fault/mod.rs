//! What goes wrong when a test asks for it: which faults there are, which calls they strike, and how hard.

mod latency;
mod plan;
mod rule;
mod when;

use serde::{Deserialize, Serialize};

pub use latency::Latency;
pub use plan::{Instead, Plan};
pub use rule::{Armed, Faults, Rule};
pub use when::When;

/// One way to go wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The call waits first.
    Latency(Latency),
    /// Another status, in the platform's error shape.
    Status {
        /// Which.
        code: u16,
        /// `Retry-After`, in seconds.
        #[serde(default)]
        retry_after: Option<u64>,
        /// The call was carried out all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// A gateway's HTML page in place of JSON.
    Html {
        /// Its status.
        #[serde(default = "bad_gateway")]
        code: u16,
        /// The call was carried out all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection ends without an answer.
    Drop {
        /// The call was carried out all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection ends within the answer's body.
    Half {
        /// How much of it arrives; 0 to 1.
        #[serde(default = "half")]
        share: f64,
    },
    /// The body arrives bit by bit.
    Slow {
        /// Bytes at a time.
        #[serde(default = "few_bytes")]
        bytes: usize,
        /// Milliseconds before each.
        #[serde(default = "short_pause")]
        pause_ms: u64,
    },
    /// The platform's clock jumps before the call.
    Clock {
        /// So far; less than 0 is back.
        seconds: i64,
    },
}

fn bad_gateway() -> u16 {
    502
}

fn half() -> f64 {
    0.5
}

fn few_bytes() -> usize {
    16
}

fn short_pause() -> u64 {
    50
}

/// Longer than any client waits.
const LONGEST_MS: u64 = 600_000;

impl Fault {
    /// The word it is noted by in the call log.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::Latency(_) => "latency",
            Fault::Status { .. } => "status",
            Fault::Html { .. } => "html",
            Fault::Drop { .. } => "drop",
            Fault::Half { .. } => "half",
            Fault::Slow { .. } => "slow",
            Fault::Clock { .. } => "clock",
        }
    }

    /// Reads the header `x-sandbox-fault`: a fault, or a list of them.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn read_header(text: &str) -> Result<Vec<Self>, String> {
        let read = if text.trim_start().starts_with('[') {
            serde_json::from_str(text)
        } else {
            serde_json::from_str(text).map(|fault| vec![fault])
        };
        let faults: Vec<Fault> = read.map_err(|e| e.to_string())?;
        faults.iter().try_for_each(Fault::check)?;
        Ok(faults)
    }

    /// Its numbers make sense.
    ///
    /// # Errors
    /// Says which do not.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Fault::Latency(latency) => latency.check(),
            Fault::Status { code, .. } | Fault::Html { code, .. } if !(200..600).contains(code) => {
                Err("code must be 200 to 599".into())
            }
            Fault::Half { share } if !(0.0..1.0).contains(share) => {
                Err("share must be 0 or more, and less than 1".into())
            }
            Fault::Slow { bytes, pause_ms } if *bytes == 0 || *pause_ms > LONGEST_MS => {
                Err(format!("bytes must be 1 or more, pause_ms at most {LONGEST_MS}"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_one_or_several() {
        assert_eq!(
            Fault::read_header(r#"{ "drop": {} }"#),
            Ok(vec![Fault::Drop { after_effect: false }])
        );
        let several = Fault::read_header(r#"[{ "latency": { "fixed_ms": 5 } }, { "half": {} }]"#).unwrap();
        assert_eq!(several[1], Fault::Half { share: 0.5 });
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            "",
            "drop",
            r#"{ "explode": {} }"#,
            r#"{ "drop": { "when": 1 } }"#,
            r#"{ "status": { "code": 42 } }"#,
            r#"{ "half": { "share": 1 } }"#,
            r#"{ "slow": { "bytes": 0 } }"#,
            r#"{ "latency": { "uniform_ms": [9, 5] } }"#,
        ] {
            assert!(Fault::read_header(bad).is_err(), "{bad}");
        }
    }
}
