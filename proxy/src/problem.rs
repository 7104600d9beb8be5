//! Errors as answers: `application/problem+json`.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::Problem;

use crate::ledger::LedgerError;
use crate::platform::Failure;

/// An error on its way to the caller. The middleware adds the request id and writes the body.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// Of the answer.
    pub status: StatusCode,
    /// What and why.
    pub error: Error,
}

impl ApiError {
    /// With the status that the protocol has for the code.
    pub fn new(error: Error) -> Self {
        let status = match error.code {
            Code::InvalidSpec | Code::InvalidOptions => StatusCode::BAD_REQUEST,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Conflict | Code::OutcomeUnknown => StatusCode::CONFLICT,
            Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Code::Internal | Code::Aborted | Code::Disposed | Code::ScriptFailed => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Code::NotSupported => StatusCode::NOT_IMPLEMENTED,
            Code::Network
            | Code::Unauthenticated
            | Code::Forbidden
            | Code::PlatformError
            | Code::BadResponse => StatusCode::BAD_GATEWAY,
        };
        ApiError { status, error }
    }

    /// With a status of its own.
    pub fn with_status(status: StatusCode, code: Code, message: &str) -> Self {
        ApiError {
            status,
            error: Error::new(code, message),
        }
    }

    /// The body, once the request id is known.
    pub fn into_problem(mut self, request_id: &str) -> Response {
        self.error.request_id = Some(request_id.to_owned());
        let problem = Problem::of(&self.error, self.title(), self.status.as_u16());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(wait) = self.error.retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.div_ceil(1000)));
        }
        response
    }

    /// Short name of the situation.
    fn title(&self) -> &'static str {
        match (self.error.code, self.status) {
            (_, StatusCode::REQUEST_TIMEOUT) => "The body did not arrive in time",
            (_, StatusCode::PAYLOAD_TOO_LARGE) => "The body is too large",
            (_, StatusCode::UNSUPPORTED_MEDIA_TYPE) => "The body must be JSON",
            (_, StatusCode::METHOD_NOT_ALLOWED) => "No such method here",
            (_, StatusCode::UNPROCESSABLE_ENTITY) => "The key stands for another body",
            (Code::Unauthenticated, StatusCode::UNAUTHORIZED) => "It is not known who calls",
            (Code::Unauthenticated, _) => "Platform refused the key",
            (Code::Forbidden, StatusCode::BAD_GATEWAY) => "Platform does not allow this",
            (Code::Forbidden, _) => "This caller is not allowed",
            (Code::InvalidSpec, _) => "The request needs a change",
            (Code::NotFound, _) => "No such thing",
            (Code::Conflict, _) => "Conflict",
            (Code::RateLimited, _) => "Too many calls",
            (Code::Timeout, _) => "Platform did not answer in time",
            (_, StatusCode::SERVICE_UNAVAILABLE) => "Who calls cannot be checked now",
            (Code::Network, _) => "Platform cannot be reached",
            (Code::PlatformError, _) => "Platform failed",
            (Code::BadResponse, _) => "Platform's answer cannot be used",
            (Code::OutcomeUnknown, _) => "Outcome unknown",
            _ => "The proxy failed",
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        ApiError::new(failure.error)
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        tracing::error!(%error, "the ledger failed");
        ApiError::new(Error::new(
            Code::Internal,
            "The proxy could not use its ledger. Ask its operator to look at its log and its disk.",
        ))
    }
}
