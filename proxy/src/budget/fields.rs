//! What is left, on every answer: the `RateLimit` and `RateLimit-Policy` fields of draft-ietf-httpapi-ratelimit-headers.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::window::Left;
use super::{Budgets, Lane, Rule};
use crate::asker::Asker;

/// What is left.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// Of how many.
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Lets each call wait in its caller's lane, and tells what is left of the partner's calls in that lane.
pub async fn tell_what_is_left(State(budgets): State<Budgets>, request: Request, next: Next) -> Response {
    let lane = Lane::of(request.headers());
    let asker = Asker {
        lane,
        ..Asker::current()
    };
    let mut response = asker.during(next.run(request)).await;
    let rule = &budgets.0.rules.partner;
    if rule.limit > 0 {
        write(response.headers_mut(), rule, lane, budgets.left(lane));
    }
    response
}

fn write(headers: &mut HeaderMap, rule: &Rule, lane: Lane, left: Left) {
    let name = lane.name();
    let policy = |lane: Lane| {
        format!(
            "\"{}\";q={};w={}",
            lane.name(),
            rule.share(lane),
            rule.window_ms.div_ceil(1000)
        )
    };
    let policies = format!("{}, {}", policy(Lane::People), policy(Lane::Batch));
    let now = format!("\"{name}\";r={};t={}", left.calls, left.more_in_ms.div_ceil(1000));
    for (field, value) in [(RATE_LIMIT_POLICY, policies), (RATE_LIMIT, now)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(field, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_draft_has_them() {
        let rule = Rule {
            limit: 100,
            reserve: 20,
            window_ms: 61_000,
            longest_ms: 20_000,
        };
        let left = Left {
            calls: 37,
            more_in_ms: 11_001,
        };
        let mut headers = HeaderMap::new();
        write(&mut headers, &rule, Lane::Batch, left);
        assert_eq!(headers[RATE_LIMIT], "\"batch\";r=37;t=12");
        assert_eq!(
            headers[RATE_LIMIT_POLICY],
            "\"people\";q=100;w=61, \"batch\";q=80;w=61"
        );
    }
}
