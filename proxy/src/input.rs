//! Bodies and path parameters, checked before anything else happens.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use opencx_partner_kit::error::{Code, Error, FieldError};
use opencx_partner_kit::platform::{Check, Checks, Path};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::App;
use crate::problem::ApiError;

const BODY_LIMIT: usize = 1024 * 1024;
const KEY_LIMIT: usize = 200;

/// A JSON body that the platform would take.
pub struct Input<T>(pub T);

impl<T: Check + DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &App) -> Result<Self, ApiError> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            // Also keeps out what a form on another site can send without asking first.
            return Err(ApiError::with_status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::InvalidSpec,
                "The body must be JSON, with content-type application/json.",
            ));
        }
        let body = to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| {
            let message = "The body is larger than 1 MiB, or was cut off.";
            ApiError::with_status(StatusCode::PAYLOAD_TOO_LARGE, Code::InvalidSpec, message)
        })?;
        let input: T = serde_json::from_slice(&body).map_err(|error| {
            let field = FieldError {
                path: String::new(),
                message: error.to_string(),
            };
            let message = format!("The body is not the JSON this call takes: {error}.");
            ApiError::new(Error {
                fields: vec![field],
                ..Error::new(Code::InvalidSpec, message)
            })
        })?;
        let mut checks = Checks::default();
        input.check(&Path::root(), &mut checks);
        checks.finish().map_err(ApiError::new)?;
        Ok(Input(input))
    }
}

/// The platform's ids are UUIDs; nothing else gets into a path.
///
/// # Errors
/// `NOT_FOUND`.
pub fn uuid(text: &str) -> Result<String, ApiError> {
    let unknown = || ApiError::new(Error::new(Code::NotFound, "There is no such id: ids are UUIDs."));
    Uuid::parse_str(text)
        .map(|id| id.to_string())
        .map_err(|_| unknown())
}

/// The key that makes a repeat of a write harmless.
///
/// # Errors
/// `INVALID_SPEC`.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let key = headers
        .get("idempotency-key")
        .and_then(|key| key.to_str().ok())
        .unwrap_or_default();
    if (1..=KEY_LIMIT).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key.to_owned());
    }
    let message = "This call needs an Idempotency-Key header of 1 to 200 visible ASCII characters, so that a repeat of \
                   it does no harm.";
    Err(ApiError::new(Error::new(Code::InvalidSpec, message)))
}
