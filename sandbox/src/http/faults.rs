//! Lets calls go wrong, as a rule or the header `x-sandbox-fault` asks for.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, RETRY_AFTER};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Shared;
use super::body::Body;
use super::pace;
use crate::api_error::ApiError;
use crate::contract::Operation;
use crate::fault::{Armed, Fault, Instead, Rule};
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/faults", get(list).post(add).delete(clear))
        .route("/_sandbox/faults/{fault}", delete(remove))
}

async fn list(State(sandbox): Shared) -> Json<Vec<Armed>> {
    Json(sandbox.faults.all())
}

async fn add(State(sandbox): Shared, Body(rule): Body<Rule>) -> Result<(StatusCode, Json<Value>), ApiError> {
    rule.check().map_err(ApiError::bad_request)?;
    let id = sandbox.faults.add(rule);
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

async fn clear(State(sandbox): Shared) -> StatusCode {
    sandbox.faults.clear();
    StatusCode::NO_CONTENT
}

async fn remove(State(sandbox): Shared, Path(fault): Path<u64>) -> Result<StatusCode, ApiError> {
    if sandbox.faults.remove(fault) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::not_found("No such fault is set."))
    }
}

/// Which faults struck a call; beside the answer, for the call log.
#[derive(Debug, Clone)]
pub struct Struck(pub Vec<&'static str>);

/// The connection is to end without an answer.
#[derive(Debug, Clone, Copy)]
pub struct Cut;

/// Does what is set for this call.
pub async fn go_wrong(State(sandbox): State<Arc<Sandbox>>, mut request: Request, next: Next) -> Response {
    let Some(operation) = Operation::find(request.method().as_str(), request.uri().path()) else {
        return next.run(request).await;
    };
    let asked = match request.headers_mut().remove("x-sandbox-fault") {
        None => Vec::new(),
        Some(header) => match Fault::read_header(header.to_str().unwrap_or_default()) {
            Ok(faults) => faults,
            Err(why) => return ApiError::bad_request(format!("x-sandbox-fault: {why}")).into_response(),
        },
    };
    let plan = sandbox.faults.next(&operation.id, &asked);
    if plan.is_empty() {
        return next.run(request).await;
    }
    tokio::time::sleep(plan.delay).await;
    if plan.clock_seconds != 0 {
        let jump = SignedDuration::from_secs(plan.clock_seconds);
        sandbox
            .clock
            .set_offset(sandbox.clock.offset().saturating_add(jump));
    }
    let mut answer = match plan.instead {
        Some((what, after_effect)) => {
            if after_effect {
                next.run(request).await;
            }
            instead(&what)
        }
        None => next.run(request).await,
    };
    if plan.share.is_some() || plan.pace.is_some() {
        answer = pace::paced(answer, plan.share, plan.pace).await;
    }
    answer.extensions_mut().insert(Struck(plan.names));
    answer
}

fn instead(what: &Instead) -> Response {
    let mut answer = match *what {
        Instead::Status { code, retry_after } => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut answer = ApiError::new(status, "The sandbox was told to answer this.").into_response();
            if let Some(seconds) = retry_after {
                answer
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            answer
        }
        Instead::Html { code } => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
            let page = "<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>";
            (status, Html(page)).into_response()
        }
        Instead::Nothing => {
            let mut answer = ().into_response();
            answer.extensions_mut().insert(Cut);
            answer
        }
    };
    // A page is to see the status, as it would see the platform's.
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Ends the connection if the answer says so. Outermost: nothing that must still be done may stand around it.
pub async fn cut(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    if answer.extensions().get::<Cut>().is_some() {
        // Unwinds the task of this one connection, which closes it: HTTP itself knows no way to answer nothing. Without
        // the panic hook, so nothing is printed.
        std::panic::resume_unwind(Box::new("the connection is cut on demand"));
    }
    answer
}
