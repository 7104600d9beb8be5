//! What callers send, checked before anything else happens: bodies, path parameters, keys.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use opencx_partner_kit::error::{Code, Error, FieldError};
use opencx_partner_kit::platform::{Check, Checks, Path as At};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use url::Url;
use uuid::Uuid;

use crate::App;
use crate::problem::ApiError;

const KEY_LIMIT: usize = 200;
/// Ample for 1 MiB from a reverse proxy; a caller that dribbles must not hold a connection for ever.
const BODY_TIME: Duration = Duration::from_secs(15);

/// A JSON body that the platform would take.
pub struct Input<T>(pub T);

impl<T: Check + DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            // Also keeps out what a form on another site can send without asking first.
            return Err(ApiError::with_status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::InvalidSpec,
                "The body must be JSON. Send it with content-type application/json.",
            ));
        }
        let input: T = parse(&body_in_time(request, app).await?)?;
        let mut checks = Checks::default();
        input.check(&At::root(), &mut checks);
        checks.finish().map_err(ApiError::new)?;
        Ok(Input(input))
    }
}

async fn body_in_time<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let Ok(body) = timeout(BODY_TIME, Bytes::from_request(request, state)).await else {
        let message = "The body did not arrive in time. Nothing was sent. Send the request again.";
        return Err(ApiError {
            status: StatusCode::REQUEST_TIMEOUT,
            error: Error::retryable(Code::Timeout, message),
        });
    };
    body.map_err(|refused| {
        if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let message = "The body has more than 1 MiB. Nothing this proxy takes is that large.";
            return ApiError::with_status(refused.status(), Code::InvalidSpec, message);
        }
        invalid("", "The body broke off. Send the request again")
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { "" } else { &path };
        invalid(path, &error.inner().to_string())
    });
    let input = parsed?;
    json.end().map_err(|error| invalid("", &error.to_string()))?;
    Ok(input)
}

fn invalid(path: &str, message: &str) -> ApiError {
    ApiError::new(Error {
        fields: vec![FieldError {
            path: path.to_owned(),
            message: message.to_owned(),
        }],
        ..Error::new(
            Code::InvalidSpec,
            format!("Nothing was sent, because the body is not the JSON this call takes: {path} {message}."),
        )
    })
}

/// A web address in full; the browser looked at it only roughly.
///
/// # Errors
/// `INVALID_SPEC` naming the field.
pub fn web_address(field: &str, text: &str) -> Result<(), ApiError> {
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(()),
        _ => Err(ApiError::new(Error::invalid(vec![FieldError {
            path: field.to_owned(),
            message: "must be an http or https address such as https://www.example.com".to_owned(),
        }]))),
    }
}

/// Parameters of the path, percent-decoded.
pub struct InPath<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for InPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Path::<T>::from_request_parts(parts, app)
            .await
            .map(|Path(parameters)| InPath(parameters))
            .map_err(|_| {
                let message = "The path does not read as percent-encoded UTF-8.";
                ApiError::new(Error::new(Code::InvalidSpec, message))
            })
    }
}

/// The platform's ids are UUIDs; nothing else gets into a path.
///
/// # Errors
/// `INVALID_SPEC`.
pub fn uuid(text: &str) -> Result<String, ApiError> {
    Uuid::parse_str(text).map(|id| id.to_string()).map_err(|_| {
        let message = "An id in the path is not a UUID. Use the id as OpenCX gave it.";
        ApiError::new(Error::new(Code::InvalidSpec, message))
    })
}

/// The key that makes a repeat of a write harmless.
pub struct IdempotencyKey(pub String);

impl FromRequestParts<App> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let mut keys = parts.headers.get_all("idempotency-key").iter();
        match (keys.next().and_then(|key| key.to_str().ok()), keys.next()) {
            (Some(key), None)
                if (1..=KEY_LIMIT).contains(&key.len())
                    && key.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                Ok(IdempotencyKey(key.to_owned()))
            }
            _ => {
                let message = "This call needs one Idempotency-Key header of 1 to 200 visible ASCII characters, so \
                               that a repeat of it does no harm. Nothing was sent.";
                Err(ApiError::new(Error::new(Code::InvalidSpec, message)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures_util::stream::pending;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_not_waited_for() {
        let never = Body::from_stream(pending::<Result<Bytes, std::io::Error>>());
        let refused = body_in_time(Request::new(never), &()).await.unwrap_err();
        assert_eq!(refused.status, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(
            (refused.error.code, refused.error.retryable),
            (Code::Timeout, true)
        );
    }
}
