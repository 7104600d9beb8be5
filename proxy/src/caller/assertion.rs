//! The assertion that a partner's backend signs for one person, to be exchanged once for a session.

use serde_json::Value;

use super::token::LEEWAY_S;

/// It is on its way for seconds, not for minutes.
const LIFE_S: i64 = 60;
const ID: std::ops::RangeInclusive<usize> = 8..=200;

/// What makes an assertion one of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its `jti`.
    pub id: String,
    /// Unix seconds; from then on it is refused anyway.
    pub forget_at: i64,
}

/// What more than a token an assertion must be, which has not run out. `now` in Unix seconds.
///
/// # Errors
/// The reason, for who sent it.
pub fn read(claims: &Value, now: i64) -> Result<Assertion, &'static str> {
    let seconds = |name| {
        claims
            .get(name)
            .and_then(Value::as_f64)
            .map(|at| at.ceil() as i64)
    };
    let (Some(from), Some(until)) = (seconds("iat"), seconds("exp")) else {
        return Err("does not say both when it was issued (iat) and until when it is good (exp)");
    };
    if until.saturating_sub(from) > LIFE_S {
        return Err("is good for more than 60 seconds");
    }
    if from > now.saturating_add(LEEWAY_S) {
        return Err("was issued in the future: compare the clocks");
    }
    let id = claims.get("jti").and_then(Value::as_str).unwrap_or_default();
    if !ID.contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has no id (jti) of 8 to 200 visible characters");
    }
    Ok(Assertion {
        id: id.to_owned(),
        forget_at: until.saturating_add(LEEWAY_S + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_lived_and_named() {
        let good = json!({ "iat": 1000, "exp": 1060, "jti": "a-random-id" });
        let assertion = read(&good, 1000).unwrap();
        assert_eq!(
            (assertion.id.as_str(), assertion.forget_at),
            ("a-random-id", 1091)
        );
        assert!(read(&good, 970).is_ok());
        for wrong in [
            json!({ "iat": 1000, "exp": 1061, "jti": "a-random-id" }),
            json!({ "exp": 1060, "jti": "a-random-id" }),
            json!({ "iat": 1000, "jti": "a-random-id" }),
            json!({ "iat": "1000", "exp": 1060, "jti": "a-random-id" }),
            json!({ "iat": 1031, "exp": 1060, "jti": "a-random-id" }),
            json!({ "iat": 1000, "exp": 1060 }),
            json!({ "iat": 1000, "exp": 1060, "jti": "short" }),
            json!({ "iat": 1000, "exp": 1060, "jti": "with a blank" }),
            json!({ "iat": 1000, "exp": 1060, "jti": 12_345_678 }),
            json!({ "iat": -9e300, "exp": 9e300, "jti": "a-random-id" }),
        ] {
            assert!(read(&wrong, 1000).is_err(), "{wrong}");
        }
    }
}
