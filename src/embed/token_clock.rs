//! When a visitor's contact token is renewed: at 80 % of its life.

/// What a token says of itself, in seconds since 1970 by its issuer's clock (JWT `iat` and `exp`).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Lifetime {
    /// When it was issued.
    pub issued_at: Option<f64>,
    /// When it ends; never, if left out (chat-only tokens).
    pub expires_at: Option<f64>,
}

/// So short a life would be renewed without end.
const LEAST_MS: f64 = 10_000.0;
/// Longest wait a browser's timer can be given.
const MOST_MS: f64 = 2_147_483_647.0;

/// Milliseconds until it should be renewed; `None` if it never ends. `now_ms` is the visitor's clock, which may be wrong:
/// a token that has just been asked for (`is_fresh`) counts as issued now, whatever that clock says.
pub fn renew_in_ms(token: Lifetime, now_ms: f64, is_fresh: bool) -> Option<f64> {
    let expires_ms = token.expires_at? * 1000.0;
    let issued_ms = token.issued_at.map_or(now_ms, |seconds| seconds * 1000.0);
    let share = (expires_ms - issued_ms) * 0.8;
    if is_fresh {
        return Some(share.clamp(LEAST_MS, MOST_MS));
    }
    let due = issued_ms + share - now_ms;
    Some(due.min(share).clamp(0.0, MOST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Lifetime = Lifetime {
        issued_at: Some(1_000.0),
        expires_at: Some(4_600.0),
    };

    #[test]
    fn table() {
        let never = Lifetime::default();
        for (token, now_ms, is_fresh, expected) in [
            (never, 0.0, true, None),
            (HOUR, 1_000_000.0, true, Some(2_880_000.0)),
            (HOUR, 1_000_000.0, false, Some(2_880_000.0)),
            (HOUR, 2_000_000.0, false, Some(1_880_000.0)),
            // Near its end, and past it.
            (HOUR, 4_000_000.0, false, Some(0.0)),
            (HOUR, 9_000_000.0, false, Some(0.0)),
            // The visitor's clock is an hour behind, and an hour ahead.
            (HOUR, -2_600_000.0, false, Some(2_880_000.0)),
            (HOUR, 4_600_000.0, true, Some(2_880_000.0)),
        ] {
            assert_eq!(
                renew_in_ms(token, now_ms, is_fresh),
                expected,
                "{now_ms} {is_fresh}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_past_its_end_never_in_a_hot_loop(
            issued in proptest::option::of(-1e10..1e10f64), expires in -1e10..1e10f64, now in -1e13..1e13f64,
        ) {
            let token = Lifetime { issued_at: issued, expires_at: Some(expires) };
            let fresh = renew_in_ms(token, now, true).unwrap();
            prop_assert!((LEAST_MS..=MOST_MS).contains(&fresh));
            let kept = renew_in_ms(token, now, false).unwrap();
            prop_assert!((0.0..=MOST_MS).contains(&kept));
            prop_assert!(kept == 0.0 || now + kept <= expires * 1000.0, "asked for again while it is good");
        }
    }
}
