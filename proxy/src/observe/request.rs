//! Each request has a name, in its answer and in every line that is logged for it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use super::{Metrics, Trace};
use crate::asker::Asker;
use crate::problem::ApiError;

/// The header with it.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What naming needs.
#[derive(Clone)]
pub struct Naming {
    /// Counts.
    pub metrics: Metrics,
    /// The path before all routes.
    pub base_path: Arc<str>,
}

/// An answer's problem code.
#[derive(Clone, Copy)]
struct Said(&'static str);

/// Names a request, logs it without its body, and counts it. The outermost layer: every answer has gone through it.
pub async fn name(State(naming): State<Naming>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _running = naming.metrics.running();
    let id: Arc<str> = Uuid::new_v4().to_string().into();
    let trace = Trace::of(request.headers());
    let route = pattern(&request, &naming.base_path);
    let method = known(request.method());
    let span = tracing::info_span!("request", request_id = &*id, trace_id = trace.id(), method, route);
    let asker = Asker {
        request_id: Arc::clone(&id),
        trace: Some(trace),
        ..Asker::current()
    };
    let answering = asker.during(next.run(request));
    let mut response = answering.instrument(span.clone()).await;
    let code = response.extensions().get::<Said>().map_or("", |said| said.0);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, code, millis, "answered"));
    naming.metrics.answered(method, &route, status, code, took);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    // What says nothing of itself is about a customer.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Turns errors into problems.
pub async fn to_problem(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<ApiError>() else {
        return response;
    };
    let said = Said(error.error.code.as_str());
    let mut problem = error.into_problem(&Asker::current().request_id);
    // Such as which methods there are, or how to sign in.
    problem
        .headers_mut()
        .extend(std::mem::take(response.headers_mut()));
    problem.extensions_mut().insert(said);
    problem
}

/// The route's pattern, without the path that the operator puts before all of them. Not the path itself: an external id is
/// the partner's own business.
fn pattern(request: &Request, base_path: &str) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    let known = matched.and_then(|matched| matched.as_str().strip_prefix(base_path));
    known.unwrap_or("unknown").to_owned()
}

/// A method that nobody knows is a text of the caller's: neither for the log nor for a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
