//! What callers send, checked before anything else happens: bodies, path parameters, keys.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, RawPathParams, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use opencx_partner_kit::error::{Code, Error, FieldError};
use opencx_partner_kit::platform::shape::{What, check};
use opencx_partner_kit::platform::{Checks, Path as At, Shape};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::form_urlencoded;
use uuid::Uuid;

use crate::App;
use crate::known_fields::keep_known;
use crate::limits::{MAX_DEPTH, too_deep};
use crate::problem::ApiError;

const KEY_LIMIT: usize = 200;
const VERSION_LIMIT: usize = 64;
const ID_LIMIT: usize = 100;
/// Ample for 1 MiB from a reverse proxy; a caller that dribbles must not hold a connection for ever.
const BODY_TIME: Duration = Duration::from_secs(15);

/// A JSON object, not yet checked; an empty one where the caller sends no body at all.
#[derive(Default)]
pub struct JsonBody(pub Body);

/// What a caller passed.
#[derive(Default)]
pub struct Body(Map<String, Value>);

impl Body {
    /// Of these fields.
    pub fn of(fields: Map<String, Value>) -> Self {
        Body(fields)
    }

    /// All fields, for checks that no table says.
    pub fn into_fields(self) -> Map<String, Value> {
        self.0
    }

    /// The fields of that table, if the platform would take them. Others are ignored, at every depth.
    ///
    /// # Errors
    /// `INVALID_SPEC` naming the fields.
    pub fn checked(self, shape: Shape) -> Result<Map<String, Value>, ApiError> {
        let body = Value::Object(self.0);
        let mut checks = Checks::default().with_zones(is_time_zone);
        check(shape, &body, &At::root(), &mut checks);
        checks.finish().map_err(ApiError::new)?;
        let Value::Object(mut fields) = body else {
            return Ok(Map::new());
        };
        keep_known(shape, &mut fields);
        Ok(fields)
    }
}

/// The text at a field of a checked input; empty if there is none.
pub fn text(input: &Map<String, Value>, name: &str) -> String {
    let text = input.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// A whole number at a field of a checked input.
pub fn whole(input: &Map<String, Value>, name: &str) -> Option<u32> {
    let number = input.get(name).and_then(Value::as_u64);
    number.and_then(|number| u32::try_from(number).ok())
}

/// An external id of a path.
///
/// # Errors
/// `INVALID_SPEC`: no customer can have such a one.
pub fn external_id(given: String) -> Result<String, ApiError> {
    if given.chars().count() > 200 {
        let message = "An external_id has at most 200 characters.";
        return Err(ApiError::new(Error::new(Code::InvalidSpec, message)));
    }
    Ok(given)
}

/// By the time zones in the program: they must not depend on what a container has installed.
pub fn is_time_zone(name: &str) -> bool {
    jiff::tz::TimeZone::get(name).is_ok()
}

impl FromRequest<App> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let json = is_json(request.headers());
        let bytes = body_in_time(request, app).await?;
        if !json {
            // Also keeps out what a form on another site can send without asking first.
            return Err(ApiError::with_status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::InvalidSpec,
                "The body must be JSON. Send it with content-type application/json.",
            ));
        }
        parse(&bytes).map(|fields| JsonBody(Body(fields)))
    }
}

/// A read or a removal has no body.
impl OptionalFromRequest<App> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Option<Self>, ApiError> {
        if matches!(*request.method(), Method::GET | Method::DELETE) {
            return Ok(None);
        }
        <Self as FromRequest<App>>::from_request(request, app)
            .await
            .map(Some)
    }
}

/// The query, not yet checked.
pub struct Query(Map<String, Value>);

impl Query {
    /// As [`Body::checked`]; where the table wants no text, what it wants is read as JSON.
    ///
    /// # Errors
    /// `INVALID_SPEC` naming the fields.
    pub fn checked(mut self, shape: Shape) -> Result<Map<String, Value>, ApiError> {
        for field in shape {
            if let (What::Whole(..) | What::Flag | What::Map(_), Some(value)) =
                (field.what, self.0.get_mut(field.name))
                && let Some(meant) = value.as_str().and_then(|text| serde_json::from_str(text).ok())
            {
                *value = meant;
            }
        }
        Body(self.0).checked(shape)
    }
}

impl FromRequestParts<App> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Query(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
                .collect(),
        ))
    }
}

/// What a caller says of the thing he writes.
pub struct WriteHeaders {
    /// What he calls its contents.
    pub version: Option<String>,
    /// He has seen that the platform has it no longer.
    pub again: bool,
}

impl FromRequestParts<App> for WriteHeaders {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let version = match parts.headers.get("x-kit-version").map(HeaderValue::to_str) {
            None => None,
            Some(Ok(version)) if (1..=VERSION_LIMIT).contains(&version.len()) => Some(version.to_owned()),
            Some(_) => {
                let message = "X-Kit-Version is 1 to 64 visible ASCII characters. Nothing was sent.";
                return Err(ApiError::new(Error::new(Code::InvalidSpec, message)));
            }
        };
        Ok(WriteHeaders {
            version,
            again: parts.headers.contains_key("x-kit-again"),
        })
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
    if too_deep(body) {
        return Err(invalid(
            "",
            &format!("It is nested deeper than {MAX_DEPTH} times"),
        ));
    }
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

/// All parameters of the path, percent-decoded, in order.
pub fn path_parameters(parameters: &RawPathParams) -> Vec<(String, String)> {
    parameters
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// An id of the platform in a path: most are UUIDs, those of trainings and schedules are not said to be.
///
/// # Errors
/// `INVALID_SPEC`.
pub fn id_in_path(name: &str, id: &str) -> Result<String, ApiError> {
    if !matches!(name, "training_id" | "schedule_id") {
        return uuid(id);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if (1..=ID_LIMIT).contains(&id.len()) && id.chars().all(plain) {
        return Ok(id.to_owned());
    }
    let message = "An id in the path is none that OpenCX gives: letters, digits, - and _ only.";
    Err(ApiError::new(Error::new(Code::InvalidSpec, message)))
}

/// The key that makes a repeat of a write harmless, if the caller gave one.
pub struct MaybeKey(Option<String>);

impl MaybeKey {
    /// Whether there is one.
    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// The key, if there is one.
    pub fn given(self) -> Option<String> {
        self.0
    }

    /// The key.
    ///
    /// # Errors
    /// `INVALID_SPEC` if there is none.
    pub fn required(self) -> Result<String, ApiError> {
        self.0.ok_or_else(bad_key)
    }
}

impl FromRequestParts<App> for MaybeKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let mut keys = parts.headers.get_all("idempotency-key").iter();
        match (keys.next().map(HeaderValue::to_str), keys.next()) {
            (None, _) => Ok(MaybeKey(None)),
            (Some(Ok(key)), None)
                if (1..=KEY_LIMIT).contains(&key.len())
                    && key.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                Ok(MaybeKey(Some(key.to_owned())))
            }
            _ => Err(bad_key()),
        }
    }
}

fn bad_key() -> ApiError {
    let message = "This call needs one Idempotency-Key header of 1 to 200 visible ASCII characters, so that a repeat of \
                   it does no harm. Nothing was sent.";
    ApiError::new(Error::new(Code::InvalidSpec, message))
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
