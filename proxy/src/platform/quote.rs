//! What may be shown of the platform's own words. Pure.

use serde_json::Value;

const LIMIT: usize = 300;

/// The `message` of an error answer: cut, on one line, and nothing at all when a secret is in it.
pub fn quote(body: &[u8], secrets: &[&str]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let message = body.get("message")?.as_str()?;
    if secrets.iter().any(|secret| message.contains(secret)) {
        return None;
    }
    let cut: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LIMIT)
        .collect();
    let cut = cut.trim();
    (!cut.is_empty()).then(|| cut.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn quoted(body: &Value) -> Option<String> {
        quote(body.to_string().as_bytes(), &["pk_canary"])
    }

    #[test]
    fn cut_on_one_line_and_never_with_a_secret() {
        assert_eq!(
            quoted(&json!({ "message": "no\nsuch name" })).as_deref(),
            Some("no such name")
        );
        let long = quoted(&json!({ "message": "ä".repeat(1000) })).unwrap();
        assert_eq!(long.chars().count(), 300);
        let far_behind = format!("{}pk_canary", "x".repeat(400));
        for nothing in [
            json!({ "message": "the key pk_canary is bad" }),
            json!({ "message": far_behind }),
            json!({ "message": 7 }),
            json!({ "message": " " }),
            json!(["message"]),
        ] {
            assert_eq!(quoted(&nothing), None, "{nothing}");
        }
        assert_eq!(quote(b"<html>", &[]), None);
    }
}
