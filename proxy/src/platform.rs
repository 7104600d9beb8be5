//! Calls to the platform: adds the credential, sends, and says what an answer means.

use std::time::Duration;

use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::retry_after_ms;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::config::{Config, is_loopback};

const ANSWER_LIMIT: usize = 5 * 1024 * 1024;
const QUOTE_LIMIT: usize = 300;

/// Why a call gave nothing.
#[derive(Debug)]
pub struct Failure {
    /// For the caller.
    pub error: Error,
    /// The platform certainly did nothing.
    pub certain: bool,
}

/// Which key a call needs; the words for a refusal differ.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// The partner's.
    Partner,
    /// An org's.
    Org(&'a SecretString),
}

/// The platform, or the sandbox that imitates it.
#[derive(Clone)]
pub struct Platform {
    client: Client,
    base: String,
    partner_key: SecretString,
}

impl Platform {
    /// # Errors
    /// One line for people.
    pub fn new(config: &Config) -> Result<Self, String> {
        // A second install changes nothing: the first one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .timeout(config.platform_timeout)
            .connect_timeout(config.platform_timeout.min(Duration::from_secs(10)))
            // A redirect would carry the key to wherever it points.
            .redirect(Policy::none())
            .user_agent(concat!("opencx-partner-proxy/", env!("CARGO_PKG_VERSION")));
        if Url::parse(&config.api_url).is_ok_and(|url| is_loopback(&url)) {
            client = client.no_proxy();
        }
        let client = client
            .build()
            .map_err(|error| format!("No HTTP client can be made: {error}."))?;
        Ok(Platform {
            client,
            base: config.api_url.clone(),
            partner_key: config.partner_key.clone(),
        })
    }

    /// Reads.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn get(&self, path: &str, credential: Credential<'_>) -> Result<Vec<u8>, Failure> {
        self.send(Method::GET, path, credential, None).await
    }

    /// Writes.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn post(
        &self,
        path: &str,
        credential: Credential<'_>,
        body: &Value,
    ) -> Result<Vec<u8>, Failure> {
        self.send(Method::POST, path, credential, Some(body)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        credential: Credential<'_>,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, Failure> {
        let key = match credential {
            Credential::Partner => &self.partner_key,
            Credential::Org(key) => key,
        };
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(key.expose_secret());
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(|error| unanswered(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err(bad_response(status, "an answer of more than 5 MiB"));
            }
            body.extend_from_slice(&chunk);
        }
        self.judge(status, &headers, body, credential)
    }

    /// Says what an answer means: the body of a success, or why not.
    fn judge(
        &self,
        status: u16,
        headers: &HeaderMap,
        body: Vec<u8>,
        credential: Credential<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let json = header(CONTENT_TYPE).is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
        let failure = |code, certain, retryable, message: String| {
            let error = Error {
                retryable,
                status: Some(status),
                ..Error::new(code, message)
            };
            Err(Failure { error, certain })
        };
        match status {
            200..=299 if json => Ok(body),
            200..=399 => Err(bad_response(status, "something that is not its JSON")),
            401 => failure(Code::Unauthenticated, true, false, key_refused(credential).into()),
            403 => failure(
                Code::Forbidden,
                true,
                false,
                "OpenCX does not allow this call: the key lacks the right, the org belongs to another partner, or this \
                 proxy's address is not on the partner's list. Nothing was changed. Ask OpenCX staff to check the key \
                 and the list."
                    .into(),
            ),
            404 => failure(
                Code::NotFound,
                true,
                false,
                "OpenCX does not know this object or this call. If it is an invitation or a login link, set \
                 OPENCX_PATH_INVITATION or OPENCX_PATH_LOGIN_LINK to the path your platform uses."
                    .into(),
            ),
            408 | 429 => {
                let wait = header(RETRY_AFTER).and_then(|after| retry_after_ms(after, header(DATE), parse_date));
                let error = Error {
                    status: Some(status),
                    retry_after_ms: wait,
                    ..Error::retryable(
                        Code::RateLimited,
                        "OpenCX has had too many calls from this partner and asks to wait. Nothing was changed.",
                    )
                };
                Err(Failure { error, certain: true })
            }
            400 | 409 | 422 => {
                let said = self.quote(&body, credential);
                let (code, what) = match status {
                    409 => (Code::Conflict, "This conflicts with what OpenCX has already"),
                    _ => (Code::InvalidSpec, "OpenCX refused the contents"),
                };
                failure(code, true, false, format!("{what}. Nothing was changed.{said}"))
            }
            400..=499 => failure(
                Code::PlatformError,
                true,
                false,
                format!("OpenCX refused the call with status {status}. Nothing was changed."),
            ),
            _ => failure(
                Code::PlatformError,
                false,
                true,
                format!("OpenCX failed with status {status}. Try again; if it goes on, see OpenCX's status page."),
            ),
        }
    }

    /// What the platform itself says, for the statuses whose reason only it knows; cut, and never with a key in it.
    fn quote(&self, body: &[u8], credential: Credential<'_>) -> String {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
            return String::new();
        };
        let Some(message) = body.get("message").and_then(Value::as_str) else {
            return String::new();
        };
        let mut secrets = vec![self.partner_key.expose_secret()];
        if let Credential::Org(key) = credential {
            secrets.push(key.expose_secret());
        }
        if secrets.iter().any(|secret| message.contains(secret)) {
            return String::new();
        }
        format!(
            " It says: {}",
            message.chars().take(QUOTE_LIMIT).collect::<String>()
        )
    }
}

/// Reads an answer as `T`.
///
/// # Errors
/// `BAD_RESPONSE`; whether the call did something is not known.
pub fn understand<T: serde::de::DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(answer)
        .map_err(|_| bad_response(200, "JSON of another shape than its contract promises"))
}

fn key_refused(credential: Credential<'_>) -> &'static str {
    match credential {
        Credential::Partner => {
            "OpenCX refused the partner key. Nothing was changed. Ask the operator of this proxy to check \
             OPENCX_PARTNER_KEY; OpenCX staff issue and revoke these keys."
        }
        Credential::Org(_) => {
            "OpenCX refused this org's key: it was revoked, or the org is gone. Nothing was changed. Ask the operator \
             of this proxy to look into it."
        }
    }
}

fn bad_response(status: u16, what: &str) -> Failure {
    let message = format!(
        "OpenCX answered with {what} (status {status}). Nothing is lost. Ask the operator of this proxy to check \
         OPENCX_API_URL, and try again."
    );
    Failure {
        error: Error {
            status: Some(status),
            ..Error::new(Code::BadResponse, message)
        },
        certain: false,
    }
}

/// No answer came. Never the error's own text: it may hold the address, and with it more than a caller should see.
fn unanswered(error: &reqwest::Error) -> Failure {
    let (code, message) = if error.is_timeout() {
        (
            Code::Timeout,
            "OpenCX did not answer in time. Nothing is lost: try again.",
        )
    } else {
        (
            Code::Network,
            "OpenCX cannot be reached from the proxy. Nothing is lost: check the network and try again.",
        )
    };
    tracing::warn!(
        code = code.as_str(),
        connect = error.is_connect(),
        "the platform gave no answer"
    );
    Failure {
        error: Error::retryable(code, message),
        certain: error.is_connect() || error.is_builder(),
    }
}

fn parse_date(text: &str) -> Option<u64> {
    let since = httpdate::parse_http_date(text)
        .ok()?
        .duration_since(std::time::UNIX_EPOCH)
        .ok()?;
    u64::try_from(since.as_millis()).ok()
}
