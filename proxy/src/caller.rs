//! Who may call: pages of listed origins, at this proxy's own address. And what every answer carries.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::Code;
use std::net::SocketAddr;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};
use uuid::Uuid;

use crate::App;
use crate::problem::ApiError;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The `Host` values that mean this proxy. A page that had its own name resolve to this machine sends another.
pub fn own_hosts(address: SocketAddr) -> Vec<String> {
    vec![address.to_string(), format!("localhost:{}", address.port())]
}

/// CORS for the listed origins only.
pub fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([CONTENT_TYPE, HeaderName::from_static("idempotency-key")])
        .expose_headers([RETRY_AFTER, REQUEST_ID])
        .max_age(Duration::from_secs(600))
}

/// Refuses other hosts and origins.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match refusal(&app, request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}

fn refusal(app: &App, headers: &HeaderMap) -> Option<ApiError> {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let host = header(HOST).unwrap_or_default();
    if !app.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) {
        let message = "This proxy answers under its own address only.";
        return Some(ApiError::with_status(
            StatusCode::FORBIDDEN,
            Code::Forbidden,
            message,
        ));
    }
    let origin = header(ORIGIN);
    if origin.is_some_and(|origin| !app.origins.iter().any(|allowed| allowed == origin)) {
        let message = "This page's origin is not allowed to call the proxy. Its operator can list it in \
                       OPENCX_PROXY_ALLOWED_ORIGINS.";
        return Some(ApiError::with_status(
            StatusCode::FORBIDDEN,
            Code::Forbidden,
            message,
        ));
    }
    if headers.contains_key(AUTHORIZATION) {
        // A credential in the browser is a mistake worth hearing of at once.
        let message =
            "Send no Authorization header: the proxy holds the keys, and takes none from a browser.";
        return Some(ApiError::with_status(
            StatusCode::BAD_REQUEST,
            Code::InvalidSpec,
            message,
        ));
    }
    None
}

/// Names each request, logs it without its body, and turns errors into problems.
pub async fn name_and_log(request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().to_string();
    let method = request.method().clone();
    // The path pattern, not the path: an external id is the partner's own business.
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = error.into_problem(&id);
    }
    tracing::info!(
        request_id = %id,
        %method,
        route = route.as_deref().unwrap_or("unknown"),
        status = response.status().as_u16()
    );
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
