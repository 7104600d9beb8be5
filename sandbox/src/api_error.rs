//! The platform's one error shape.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use opencx_partner_kit::platform::Checks;
use serde_json::json;

use crate::variants::LimitHeaders;

/// An answer other than 2xx: `{ statusCode, message, error }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    message: String,
    retry_after: Option<String>,
}

impl ApiError {
    /// Any status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        ApiError {
            status,
            message: message.into(),
            retry_after: None,
        }
    }

    /// 400: the request cannot be used.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401: the credential is missing or unknown.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 403: the credential is good, but not for this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404: nothing there for this credential.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 413: more than is taken.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// 409: conflicts with what exists.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 429: the next call is free at that time.
    pub fn too_many(headers: LimitHeaders, free: Timestamp, now: Timestamp) -> Self {
        let mut error = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many calls in the last minute. Wait, then go on more slowly.",
        );
        error.retry_after = match headers {
            LimitHeaders::None => None,
            LimitHeaders::RetryAfter => {
                let millis = free.duration_since(now).as_millis();
                Some(((millis + 999) / 1000).max(1).to_string())
            }
            LimitHeaders::RetryAfterDate => jiff::fmt::rfc2822::DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&(free + SignedDuration::from_millis(999)))
                .ok(),
        };
        error
    }

    /// 500: the sandbox's own fault; `cause` goes to the log, not to the caller.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The sandbox failed to answer. Its log on stderr says why.",
        )
    }

    /// 400 naming every field that was refused, `Ok` when none was.
    ///
    /// # Errors
    /// When `checks` found something.
    pub fn unless_good(checks: Checks) -> Result<(), Self> {
        let findings: Vec<String> = checks
            .into_fields()
            .into_iter()
            .map(|field| format!("{} {}", field.path, field.message))
            .collect();
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self::bad_request(findings.join("; ")))
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "statusCode": self.status.as_u16(),
            "message": self.message,
            "error": self.status.canonical_reason().unwrap_or("Error"),
        });
        let header = self.retry_after.map(|value| [(RETRY_AFTER, value)]);
        (self.status, header, Json(body)).into_response()
    }
}
