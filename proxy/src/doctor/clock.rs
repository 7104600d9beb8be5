//! Whether this machine's clock is right: tokens with a time in them depend on it, and so do waits that the platform asks
//! for. Pure.

use std::time::{Duration, SystemTime};

use super::Finding;

/// More than networks and rounding explain.
const TOLERATED: Duration = Duration::from_secs(120);

/// Compares with the platform's time, which lies between those two of ours.
pub fn compare(what: &'static str, asked: SystemTime, answered: SystemTime, date: SystemTime) -> Finding {
    let behind = date.duration_since(answered).unwrap_or_default();
    let ahead = asked.duration_since(date).unwrap_or_default();
    let off = behind.max(ahead);
    if off <= TOLERATED {
        return Finding::well(what, format!("within {} s of the platform's", off.as_secs() + 1));
    }
    let how = if behind > ahead { "behind" } else { "ahead of" };
    Finding::failed(
        what,
        format!(
            "this machine's clock is {} s {how} the platform's. Set it, and let it be kept (timedatectl set-ntp true).",
            off.as_secs()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_minutes_are_tolerated_either_way() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let later = now + Duration::from_secs(5);
        let at = |seconds: u64| Duration::from_secs(seconds);
        for (date, failed, said) in [
            (now, false, "within 1 s"),
            (later, false, "within 1 s"),
            (later + at(120), false, "within 121 s"),
            (later + at(121), true, "121 s behind"),
            (now - at(120), false, "within 121 s"),
            (now - at(3_600), true, "3600 s ahead of"),
        ] {
            let finding = compare("clock", now, later, date);
            assert_eq!(finding.is_failed(), failed, "{finding}");
            assert!(finding.to_string().contains(said), "{finding}");
        }
    }
}
