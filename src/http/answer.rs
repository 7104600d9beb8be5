//! An answer as data, and the error it stands for.

use super::{ParseDate, Problem, retry_after_ms};
use crate::error::{Code, Error};

/// What came back, as far as anything here needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`: the other side's clock, by which a dated `Retry-After` is counted.
    pub date: Option<String>,
    /// `X-Request-Id`.
    pub request_id: Option<String>,
}

impl Answer {
    /// Any 2xx: the contract's older and newer pages disagree on which.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `application/json`, `application/problem+json` and the like.
    pub fn is_json(&self) -> bool {
        self.content_type.as_deref().is_some_and(|kind| {
            let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
            kind == "application/json" || kind.ends_with("+json")
        })
    }

    /// The wait the other side asks for, in milliseconds.
    pub fn wait_ms(&self, parse: ParseDate) -> Option<u64> {
        retry_after_ms(self.retry_after.as_deref()?, self.date.as_deref(), parse)
    }

    /// The error this answer stands for, told with the proxy's own words where it sent some.
    pub fn to_error(&self, problem: Option<Problem>, parse: ParseDate) -> Error {
        let mut error = match problem {
            Some(problem) => problem.into_error(self.status),
            None if self.is_success() || !self.is_json() => Error::new(
                Code::BadResponse,
                "The proxy address answered with something that is not the proxy's JSON. \
                 Check that proxyUrl points at the OpenCX partner proxy and not at another web server.",
            ),
            None => Error::new(Code::from_status(self.status), ""),
        };
        if error.message.is_empty() {
            error.message = "The proxy refused the call without saying why. Its log has the reason.".into();
        }
        if error.status.is_none() {
            error.status = Some(self.status);
        }
        error.retry_after_ms = self.wait_ms(parse).or(error.retry_after_ms);
        error.request_id = error.request_id.or_else(|| self.request_id.clone());
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str) -> Answer {
        Answer {
            status,
            content_type: Some(kind.into()),
            ..Answer::default()
        }
    }

    #[test]
    fn html_is_a_bad_response_whatever_its_status() {
        for status in [200, 404, 502] {
            let error = answer(status, "text/html; charset=utf-8").to_error(None, |_| None);
            assert_eq!((error.code, error.status), (Code::BadResponse, Some(status)));
        }
    }

    #[test]
    fn a_problem_that_says_nothing_still_makes_a_sentence() {
        let error = answer(503, "application/json").to_error(Some(Problem::default()), |_| None);
        assert_eq!((error.code, error.status), (Code::PlatformError, Some(503)));
        assert!(!error.message.is_empty());
    }

    #[test]
    fn json_kinds() {
        for kind in ["application/json", "Application/Problem+JSON; charset=utf-8"] {
            assert!(answer(200, kind).is_json(), "{kind}");
        }
        assert!(!answer(200, "application/jsonp").is_json());
        assert!(!Answer::default().is_json());
    }

    #[test]
    fn the_status_survives_a_body_that_says_nothing() {
        let error = answer(403, "application/json").to_error(None, |_| None);
        assert_eq!((error.code, error.status), (Code::Forbidden, Some(403)));
    }
}
