//! Who may call: pages of listed origins, at this proxy's own address.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::Code;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::App;
use crate::budget::{RATE_LIMIT, RATE_LIMIT_POLICY};
use crate::observe::{REQUEST_ID, TRACEPARENT};
use crate::problem::ApiError;

/// The `Host` values that mean this proxy. A page that had its own name resolve to this machine sends another.
pub fn own_hosts(address: SocketAddr) -> Vec<String> {
    let mut hosts = vec![address.to_string(), format!("localhost:{}", address.port())];
    if address.port() == 80 {
        // The one port that callers leave out.
        let bare: Vec<String> = hosts
            .iter()
            .map(|host| host.trim_end_matches(":80").to_owned())
            .collect();
        hosts.extend(bare);
    }
    hosts
}

/// CORS for the listed origins only.
pub fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            CONTENT_TYPE,
            TRACEPARENT,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-kit-version"),
            HeaderName::from_static("x-kit-again"),
            HeaderName::from_static("x-kit-client"),
            HeaderName::from_static("x-kit-lane"),
        ])
        .expose_headers([RETRY_AFTER, REQUEST_ID, RATE_LIMIT, RATE_LIMIT_POLICY])
        .max_age(Duration::from_secs(600))
}

/// Refuses other hosts and origins, and credentials.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match refusal(&app.hosts, &app.origins, request.headers()) {
        Some(message) => {
            ApiError::with_status(StatusCode::FORBIDDEN, Code::Forbidden, message).into_response()
        }
        None => next.run(request).await,
    }
}

/// Why a request with these headers is not answered. Pure.
fn refusal(hosts: &[String], origins: &[String], headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &HeaderValue| value.to_str().unwrap_or_default())
    };
    let host = text(HOST).unwrap_or_default();
    if !hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
        return Some(
            "This proxy answers under its own address only. Call it by the address that it says at its start; a \
             reverse proxy in front of it must send that address as Host.",
        );
    }
    if text(ORIGIN).is_some_and(|origin| !origins.iter().any(|allowed| allowed == origin)) {
        return Some(
            "This page's origin may not call the proxy. Its operator can list the origin in \
             OPENCX_PROXY_ALLOWED_ORIGINS.",
        );
    }
    if headers.contains_key(AUTHORIZATION) {
        // A key in a browser is a mistake worth hearing of at once.
        return Some(
            "Send no Authorization header: the proxy holds the keys and takes none. A reverse proxy in front of it \
             must not pass that header on.",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(host: Option<&str>, origin: Option<&str>) -> bool {
        let hosts = own_hosts("127.0.0.1:4802".parse().unwrap());
        let origins = ["https://admin.example".to_owned()];
        let mut headers = HeaderMap::new();
        for (name, value) in [(HOST, host), (ORIGIN, origin)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().unwrap());
            }
        }
        refusal(&hosts, &origins, &headers).is_some()
    }

    #[test]
    fn only_its_own_address() {
        for own in ["127.0.0.1:4802", "localhost:4802", "LOCALHOST:4802"] {
            assert!(!refused(Some(own), None), "{own}");
        }
        for other in [
            None,
            Some("localhost"),
            Some("localhost:80"),
            Some("evil.example:4802"),
            Some("127.0.0.1:4802.evil.example"),
        ] {
            assert!(refused(other, None), "{other:?}");
        }
        assert!(own_hosts("[::1]:80".parse().unwrap()).contains(&"[::1]".to_owned()));
    }

    #[test]
    fn only_listed_origins_exactly() {
        let host = Some("localhost:4802");
        assert!(!refused(host, Some("https://admin.example")));
        for other in [
            "null",
            "http://admin.example",
            "https://admin.example:444",
            "https://admin.example.evil.example",
            "http://localhost:4802",
        ] {
            assert!(refused(host, Some(other)), "{other}");
        }
    }
}
