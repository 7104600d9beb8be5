//! What tests and operators do to the sandbox itself, under `/_sandbox/`: from this machine, from any page.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

use super::body::Body;
use super::{Shared, not_imitated};
use crate::api_error::ApiError;
use crate::sandbox::Sandbox;
use crate::variants::Variants;

/// `routes`, and those of clock and variants, for those who may control the sandbox.
pub fn router(routes: Router<Arc<Sandbox>>, sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    routes
        .route("/_sandbox/clock", get(clock).put(set_clock))
        .route("/_sandbox/variants", get(variants).put(set_variants))
        // Below the layers: a preflight is of a method that no route has.
        .method_not_allowed_fallback(not_imitated)
        .layer(middleware::from_fn_with_state(
            Arc::clone(sandbox),
            from_here_only,
        ))
        .layer(CorsLayer::permissive())
}

async fn from_here_only(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let from = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(from)| from.ip().to_canonical());
    if sandbox.control_from_anywhere || from.is_some_and(|from| from.is_loopback()) {
        return next.run(request).await;
    }
    ApiError::forbidden(
        "The sandbox is controlled from its own machine only. Set OPENCX_SANDBOX_CONTROL=anywhere to allow other machines.",
    )
    .into_response()
}

async fn clock(State(sandbox): Shared) -> Json<Value> {
    Json(json!({
        "now": sandbox.clock.now(),
        "offset_seconds": sandbox.clock.offset().as_secs(),
        "speed": sandbox.clock.speed(),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SetClock {
    /// It is this time.
    Now(Timestamp),
    /// So far ahead of the machine's.
    OffsetSeconds(i64),
    /// So far ahead of what it was.
    AdvanceSeconds(i64),
    /// So many of its seconds in one of the machine's.
    Speed(u32),
}

async fn set_clock(State(sandbox): Shared, Body(asked): Body<SetClock>) -> Result<Json<Value>, ApiError> {
    let offset = match asked {
        SetClock::Now(now) => now.duration_since(Timestamp::now()),
        SetClock::OffsetSeconds(seconds) => SignedDuration::from_secs(seconds),
        SetClock::AdvanceSeconds(seconds) => sandbox
            .clock
            .offset()
            .saturating_add(SignedDuration::from_secs(seconds)),
        SetClock::Speed(speed) if (1..=1_000).contains(&speed) => {
            sandbox.clock.set_speed(speed);
            return Ok(clock(State(sandbox)).await);
        }
        SetClock::Speed(_) => {
            return Err(ApiError::bad_request(
                "speed must be a whole number from 1 to 1000.",
            ));
        }
    };
    sandbox.clock.set_offset(offset);
    Ok(clock(State(sandbox)).await)
}

async fn variants(State(sandbox): Shared) -> Json<Variants> {
    Json(Variants::clone(&sandbox.variants()))
}

async fn set_variants(State(sandbox): Shared, Body(asked): Body<Value>) -> Result<Json<Variants>, ApiError> {
    let read = Variants::read(&asked.to_string()).map_err(|e| ApiError::bad_request(e.to_string()))?;
    sandbox.set_variants(read);
    Ok(variants(State(sandbox)).await)
}

/// Answers to whoever only wants to know that it runs.
pub async fn health() -> Json<Value> {
    Json(json!({ "ok": true }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body as Bytes;
    use axum::http::StatusCode;
    use tower::ServiceExt;

    use crate::Settings;

    async fn asked_from(from: &str, anywhere: bool) -> StatusCode {
        let key = |name: &str| match name {
            "OPENCX_SANDBOX_PARTNER_KEY" => Some("partner-key".to_owned()),
            "OPENCX_SANDBOX_CONTROL" => anywhere.then(|| "anywhere".to_owned()),
            _ => None,
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = Settings::from(key).unwrap();
        let sandbox = Arc::new(Sandbox::new(&settings, ([127, 0, 0, 1], 4801).into()).unwrap());
        let mut request = Request::get("/_sandbox/state").body(Bytes::empty()).unwrap();
        let from: SocketAddr = from.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(from));
        let app = super::super::app(sandbox);
        app.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn from_its_own_machine_unless_a_setting_allows_more() {
        for (from, anywhere, status) in [
            ("127.0.0.1:9", false, StatusCode::OK),
            ("[::1]:9", false, StatusCode::OK),
            ("[::ffff:127.0.0.1]:9", false, StatusCode::OK),
            ("192.0.2.7:9", false, StatusCode::FORBIDDEN),
            ("192.0.2.7:9", true, StatusCode::OK),
        ] {
            assert_eq!(asked_from(from, anywhere).await, status, "{from}");
        }
    }
}
