//! The one error of the kit: a stable code for programs, a sentence for people.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// What kind of failure it was. The strings of [`Code::as_str`] are stable across releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A field was refused before anything was sent, or by the platform (400, 422).
    InvalidSpec,
    /// An option of the widget was refused.
    InvalidOptions,
    /// Nobody answered at the other end.
    Network,
    /// No answer within the time allowed.
    Timeout,
    /// The caller's signal ended it.
    Aborted,
    /// A key is missing, invalid or revoked (401).
    Unauthenticated,
    /// The key is good but not for this, or the address is not allowed (403).
    Forbidden,
    /// No such thing (404).
    NotFound,
    /// It conflicts with what exists, or with a call still running (409).
    Conflict,
    /// Too many calls (429).
    RateLimited,
    /// The platform failed (5xx).
    PlatformError,
    /// An answer that is not what the contract promises, such as an HTML page.
    BadResponse,
    /// A call that is answered only once may or may not have happened; a person settles it.
    OutcomeUnknown,
    /// The platform does not have this feature.
    NotSupported,
    /// The handle was destroyed before.
    Disposed,
    /// The vendor's widget script could not be loaded or did not start.
    ScriptFailed,
    /// A mistake of the kit itself.
    Internal,
}

const CODES: [(Code, &str); 17] = [
    (Code::InvalidSpec, "INVALID_SPEC"),
    (Code::InvalidOptions, "INVALID_OPTIONS"),
    (Code::Network, "NETWORK"),
    (Code::Timeout, "TIMEOUT"),
    (Code::Aborted, "ABORTED"),
    (Code::Unauthenticated, "UNAUTHENTICATED"),
    (Code::Forbidden, "FORBIDDEN"),
    (Code::NotFound, "NOT_FOUND"),
    (Code::Conflict, "CONFLICT"),
    (Code::RateLimited, "RATE_LIMITED"),
    (Code::PlatformError, "PLATFORM_ERROR"),
    (Code::BadResponse, "BAD_RESPONSE"),
    (Code::OutcomeUnknown, "OUTCOME_UNKNOWN"),
    (Code::NotSupported, "NOT_SUPPORTED"),
    (Code::Disposed, "DISPOSED"),
    (Code::ScriptFailed, "SCRIPT_FAILED"),
    (Code::Internal, "INTERNAL"),
];

impl Code {
    /// The code as programs see it.
    pub fn as_str(self) -> &'static str {
        CODES
            .iter()
            .find(|(code, _)| *code == self)
            .map_or("INTERNAL", |(_, text)| text)
    }

    /// All codes, as programs see them.
    pub fn all() -> [&'static str; CODES.len()] {
        CODES.map(|(_, text)| text)
    }

    /// Reads a code back; `None` for one this version does not know.
    pub fn parse(text: &str) -> Option<Self> {
        CODES
            .iter()
            .find(|(_, known)| *known == text)
            .map(|(code, _)| *code)
    }

    /// The code for an HTTP status that came without a better explanation.
    pub fn from_status(status: u16) -> Self {
        match status {
            400 | 422 => Code::InvalidSpec,
            401 => Code::Unauthenticated,
            403 => Code::Forbidden,
            404 => Code::NotFound,
            408 | 504 => Code::Timeout,
            409 => Code::Conflict,
            429 => Code::RateLimited,
            500..=599 => Code::PlatformError,
            _ => Code::BadResponse,
        }
    }
}

/// One refused field: where it stands in what the caller passed, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Such as `trainings[1].title`.
    pub path: String,
    /// A sentence for people.
    pub message: String,
}

/// What was thrown at the kit, as whoever caught it holds it. Opaque here: it is kept for the page, not read.
#[derive(Clone)]
pub struct Cause(Arc<dyn Any + Send + Sync>);

impl Cause {
    /// The thing itself, for who knows its type.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

impl fmt::Debug for Cause {
    // Never what it holds: that is not ours to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

/// A failure, as every part of the kit reports it. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// For programs.
    pub code: Code,
    /// What happened, what it means, what to do.
    pub message: String,
    /// The same call, made again, may succeed and can do no harm.
    pub retryable: bool,
    /// HTTP status of the answer, where there was one.
    pub status: Option<u16>,
    /// How long the other side asks us to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The refused fields, for [`Code::InvalidSpec`].
    pub fields: Vec<FieldError>,
    /// Names the request in the proxy's log.
    pub request_id: Option<String>,
    /// What a page's fetch, getter or function threw, where that was the reason.
    pub cause: Option<Cause>,
}

impl Error {
    /// An error that another attempt would only repeat.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            retryable: false,
            status: None,
            retry_after_ms: None,
            fields: Vec::new(),
            request_id: None,
            cause: None,
        }
    }

    /// An error that another attempt may get past, without harm.
    pub fn retryable(code: Code, message: impl Into<String>) -> Self {
        Error {
            retryable: true,
            ..Error::new(code, message)
        }
    }

    /// With what was thrown.
    #[must_use]
    pub fn because(self, thrown: impl Any + Send + Sync) -> Self {
        Error {
            cause: Some(Cause(Arc::new(thrown))),
            ..self
        }
    }

    /// `INVALID_SPEC` naming every refused field.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let mut message = String::from("Nothing was sent, because some fields need a change: ");
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                message.push_str("; ");
            }
            message.push_str(&field.path);
            message.push(' ');
            message.push_str(&field.message);
        }
        message.push('.');
        Error {
            fields,
            ..Error::new(Code::InvalidSpec, message)
        }
    }

    /// `INVALID_OPTIONS` naming the one option that is wrong.
    pub fn invalid_option(path: &str, message: &str) -> Self {
        let field = FieldError {
            path: path.into(),
            message: message.into(),
        };
        Error {
            code: Code::InvalidOptions,
            ..Error::invalid(vec![field])
        }
    }
}

/// A sentence of its parts. Where a page pays for bytes, the formatting machinery is kept out.
pub fn sentence(parts: &[&str]) -> String {
    let mut sentence = String::new();
    for part in parts {
        sentence.push_str(part);
    }
    sentence
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        f.write_str(": ")?;
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for (code, text) in CODES {
            assert_eq!(code.as_str(), text);
            assert_eq!(Code::parse(text), Some(code));
        }
        assert_eq!(Code::parse("NEW_IN_A_LATER_RELEASE"), None);
    }

    #[test]
    fn a_cause_is_kept_and_never_printed() {
        let error = Error::new(Code::Network, "no").because(String::from("canary"));
        let cause = error.cause.clone().unwrap();
        assert_eq!(cause.get::<String>().map(String::as_str), Some("canary"));
        assert_eq!(cause.get::<u32>(), None);
        assert_eq!(error, error.clone());
        assert!(!format!("{error:?} {error}").contains("canary"));
    }

    #[test]
    fn invalid_names_every_field() {
        let field = |path: &str| FieldError {
            path: path.into(),
            message: "is missing".into(),
        };
        let error = Error::invalid(vec![field("org.name"), field("trainings[0].title")]);
        assert_eq!(error.code, Code::InvalidSpec);
        assert!(!error.retryable);
        assert!(
            error
                .message
                .contains("org.name is missing; trainings[0].title is missing.")
        );
    }
}
