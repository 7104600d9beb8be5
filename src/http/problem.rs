//! RFC 9457 problem details, as the proxy writes them and the browser reads them.

use serde::Serialize;

use crate::error::{Code, Error, FieldError};
use crate::value::{Value, given, items, text_of};

/// `application/problem+json` (`docs/proxy-protocol.md`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Always `about:blank`: `code` is what programs branch on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short name of the situation.
    pub title: String,
    /// HTTP status of this answer.
    pub status: u16,
    /// One of [`Code::as_str`].
    pub code: String,
    /// What happened, what it means, what to do.
    pub detail: String,
    /// The same request, sent again, may succeed and can do no harm.
    pub retryable: bool,
    /// How long to wait, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Names the request in the proxy's log.
    pub request_id: String,
    /// Refused fields of the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// What the platform answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Upstream>,
}

/// One refused field, by JSON Pointer (RFC 6901).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProblemField {
    /// Such as `/include_paths/0`.
    pub pointer: String,
    /// A sentence for people.
    pub detail: String,
}

/// The platform's answer behind a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Upstream {
    /// Its HTTP status.
    pub status: u16,
}

impl Problem {
    /// Writes an error down, for an answer with this status.
    pub fn of(error: &Error, title: &str, status: u16) -> Self {
        Problem {
            kind: "about:blank".into(),
            title: title.into(),
            status,
            code: error.code.as_str().into(),
            detail: error.message.clone(),
            retryable: error.retryable,
            retry_after_ms: error.retry_after_ms,
            request_id: error.request_id.clone().unwrap_or_default(),
            errors: error
                .fields
                .iter()
                .map(|field| ProblemField {
                    pointer: to_pointer(&field.path),
                    detail: field.message.clone(),
                })
                .collect(),
            upstream: error.status.map(|status| Upstream { status }),
        }
    }

    /// Reads what the proxy sent; what is missing or of another kind counts as left out.
    pub fn read<V: Value>(value: &V) -> Self {
        let text = |name: &str| text_of(value, name).unwrap_or_default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturating
        let number = |value: V| value.number() as u64;
        let errors = given(value, "errors")
            .map(|errors| items(&errors))
            .unwrap_or_default();
        Problem {
            kind: text("type"),
            title: text("title"),
            status: 0,
            code: text("code"),
            detail: text("detail"),
            retryable: value
                .get("retryable")
                .is_some_and(|retryable| retryable.is_true()),
            retry_after_ms: given(value, "retry_after_ms").map(number),
            request_id: text("request_id"),
            errors: errors
                .iter()
                .map(|error| ProblemField {
                    pointer: text_of(error, "pointer").unwrap_or_default(),
                    detail: text_of(error, "detail").unwrap_or_default(),
                })
                .collect(),
            upstream: given(value, "upstream")
                .and_then(|upstream| given(&upstream, "status"))
                .and_then(|status| u16::try_from(number(status)).ok())
                .map(|status| Upstream { status }),
        }
    }

    /// The error it tells of. A code of a later release falls back to what the status says.
    pub fn into_error(self, status: u16) -> Error {
        let code = Code::parse(&self.code).unwrap_or_else(|| Code::from_status(status));
        let message = if self.detail.is_empty() {
            self.title
        } else {
            self.detail
        };
        Error {
            code,
            message,
            retryable: self.retryable,
            status: self.upstream.map(|upstream| upstream.status),
            retry_after_ms: self.retry_after_ms,
            fields: self
                .errors
                .into_iter()
                .map(|field| FieldError {
                    path: from_pointer(&field.pointer),
                    message: field.detail,
                })
                .collect(),
            request_id: Some(self.request_id).filter(|id| !id.is_empty()),
            cause: None,
        }
    }
}

/// `include_paths[0]` as `/include_paths/0`.
fn to_pointer(path: &str) -> String {
    let mut pointer = String::new();
    for part in path.split(['.', '[']) {
        if !part.is_empty() {
            pointer.push('/');
            pointer.push_str(&part.trim_end_matches(']').replace('~', "~0").replace('/', "~1"));
        }
    }
    pointer
}

/// `/include_paths/0` as `include_paths[0]`.
fn from_pointer(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = unescaped(part);
        if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) {
            path.push('[');
            path.push_str(&part);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    path
}

/// `~1` is a slash and `~0` a tilde (RFC 6901). By characters: searching texts costs a page's wasm kilobytes.
fn unescaped(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut after_tilde = false;
    for c in part.chars() {
        match (after_tilde, c) {
            (true, '1') => text.push('/'),
            (true, '0') => text.push('~'),
            (false, '~') => {}
            (true, _) => {
                text.push('~');
                text.push(c);
            }
            (false, _) => text.push(c),
        }
        after_tilde = !after_tilde && c == '~';
    }
    if after_tilde {
        text.push('~');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_pointers_are_two_spellings_of_one_place() {
        for (path, pointer) in [
            ("name", "/name"),
            ("include_paths[0]", "/include_paths/0"),
            ("a[1].b", "/a/1/b"),
            ("custom_data.a/b~1~", "/custom_data/a~1b~01~0"),
        ] {
            assert_eq!(to_pointer(path), pointer);
            assert_eq!(from_pointer(pointer), path);
        }
    }

    #[test]
    fn an_error_survives_the_wire() {
        let error = Error {
            status: Some(400),
            retry_after_ms: Some(1200),
            request_id: Some("r-1".into()),
            ..Error::invalid(vec![FieldError {
                path: "website".into(),
                message: "must be an address".into(),
            }])
        };
        let sent = serde_json::to_value(Problem::of(&error, "Refused", 400)).unwrap();
        assert_eq!(Problem::read(&sent).into_error(400), error);
        assert_eq!(
            Problem::read(&serde_json::json!({ "errors": 5, "upstream": [] })),
            Problem::default()
        );
    }

    #[test]
    fn an_unknown_code_falls_back_to_the_status() {
        let problem = Problem {
            code: "SOMETHING_NEW".into(),
            ..Problem::default()
        };
        assert_eq!(problem.into_error(429).code, Code::RateLimited);
    }
}
