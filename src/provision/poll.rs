//! How often a running crawl is looked at.

/// Milliseconds until look number `looks` (from 0): half a second at first, ten seconds for the patient.
pub fn poll_wait_ms(looks: u32) -> u32 {
    let doublings = (looks / 4).min(5);
    (500u32 << doublings).min(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_rarer_and_never_stop() {
        assert_eq!(poll_wait_ms(0), 500);
        assert_eq!(poll_wait_ms(u32::MAX), 10_000);
        assert!((0..100).all(|looks| poll_wait_ms(looks) <= poll_wait_ms(looks + 1)));
        let ten_minutes: u32 = (0..80).map(poll_wait_ms).sum();
        assert!(
            ten_minutes > 600_000,
            "a ten minute crawl costs at most 80 calls, waits {ten_minutes}"
        );
    }
}
