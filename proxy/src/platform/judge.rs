//! What an answer other than a success means: a pure function of the answer.

use opencx_partner_kit::error::{Code, Error};
use secrecy::SecretString;

use super::Failure;

/// Which key a call needs; the words for a refusal differ.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// The partner's.
    Partner,
    /// An org's.
    Org(&'a SecretString),
}

/// An answer, as far as judging it needs it.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// A web page, and so not the platform's own answer.
    pub html: bool,
    /// The wait it asks for.
    pub wait_ms: Option<u64>,
    /// What it says itself, fit to be shown.
    pub said: Option<String>,
}

/// Why that answer is no success.
pub fn judge(reply: Reply, credential: Credential<'_>) -> Failure {
    let status = reply.status;
    let refused = |code, message: String| {
        Failure::certain(Error {
            status: Some(status),
            ..Error::new(code, message)
        })
    };
    match status {
        429 => Failure::certain(Error {
            status: Some(status),
            retry_after_ms: reply.wait_ms,
            ..Error::retryable(
                Code::RateLimited,
                "OpenCX has had too many calls for the moment (it takes 100 a minute). Nothing was changed. Wait a \
                 little and send the same request again.",
            )
        }),
        408 | 500..=599 => Failure::open(Error {
            status: Some(status),
            retry_after_ms: reply.wait_ms,
            ..Error::retryable(
                Code::PlatformError,
                format!(
                    "OpenCX failed (status {status}). Whether the call took effect is not known. Send the same \
                     request again; if it goes on, ask OpenCX."
                ),
            )
        }),
        300..=399 => Failure::bad_response(
            Some(status),
            "a redirect, which is not followed with a key in hand",
        ),
        400..=499 if reply.html => Failure::bad_response(Some(status), "a web page"),
        400 | 422 => refused(
            Code::InvalidSpec,
            with_quote(
                "OpenCX refused what was sent. Nothing was changed.",
                reply.said,
                "Change it and try again.",
            ),
        ),
        401 => refused(Code::Unauthenticated, key_refused(credential).into()),
        403 => refused(Code::Forbidden, not_allowed(credential).into()),
        404 => refused(
            Code::NotFound,
            "OpenCX does not know this object, or not this call. Nothing was changed. For an invitation, a \
             login link or another crawl, ask the operator of this proxy to check OPENCX_PATH_INVITATION, \
             OPENCX_PATH_LOGIN_LINK or OPENCX_PATH_START_CRAWL: the default paths are guesses."
                .into(),
        ),
        409 => refused(
            Code::Conflict,
            with_quote(
                "This conflicts with what OpenCX has already. Nothing was changed.",
                reply.said,
                "",
            ),
        ),
        400..=499 => refused(
            Code::PlatformError,
            format!(
                "OpenCX does not take this call (status {status}). Nothing was changed. Ask the operator of this proxy."
            ),
        ),
        _ => Failure::bad_response(Some(status), "a status that its contract does not know"),
    }
}

fn with_quote(what: &str, said: Option<String>, remedy: &str) -> String {
    let said = said.map(|said| format!("It says: {said}"));
    [Some(what.to_owned()), said, Some(remedy.to_owned())]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn key_refused(credential: Credential<'_>) -> &'static str {
    match credential {
        Credential::Partner => {
            "OpenCX refused the partner key. Nothing was changed. Ask the operator of this proxy to check \
             OPENCX_PARTNER_KEY; OpenCX staff issue and revoke these keys."
        }
        Credential::Org(_) => {
            "OpenCX refused this organization's key; it may have been revoked. Nothing was changed. Create another \
             org key here, with a new Idempotency-Key, and try again."
        }
    }
}

fn not_allowed(credential: Credential<'_>) -> &'static str {
    match credential {
        Credential::Partner => {
            "OpenCX does not allow the partner key this call: this proxy's address is not on the partner's list, or \
             the organization belongs to another partner. Nothing was changed. Ask OpenCX staff to check both."
        }
        Credential::Org(_) => {
            "OpenCX does not allow this organization's key this call: it lacks the right. Nothing was changed. Create \
             another org key here, with a new Idempotency-Key, or ask OpenCX staff."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, html: bool) -> Failure {
        let reply = Reply {
            status,
            html,
            wait_ms: Some(7_000),
            said: Some("the name is taken".into()),
        };
        judge(reply, Credential::Partner)
    }

    #[test]
    fn every_status_by_what_it_means() {
        // status, web page, code, certainly nothing done, retryable
        for (status, html, code, certain, retryable) in [
            (301, false, Code::BadResponse, false, false),
            (400, false, Code::InvalidSpec, true, false),
            (400, true, Code::BadResponse, false, false),
            (401, false, Code::Unauthenticated, true, false),
            (403, false, Code::Forbidden, true, false),
            (404, false, Code::NotFound, true, false),
            (404, true, Code::BadResponse, false, false),
            (405, false, Code::PlatformError, true, false),
            (408, false, Code::PlatformError, false, true),
            (409, false, Code::Conflict, true, false),
            (422, false, Code::InvalidSpec, true, false),
            (429, true, Code::RateLimited, true, true),
            (500, false, Code::PlatformError, false, true),
            (504, true, Code::PlatformError, false, true),
            (600, false, Code::BadResponse, false, false),
        ] {
            let failure = judged(status, html);
            assert_eq!(failure.error.code, code, "{status}");
            assert_eq!(
                (failure.certain, failure.error.retryable),
                (certain, retryable),
                "{status}"
            );
            assert_eq!(failure.error.status, Some(status));
        }
    }

    #[test]
    fn only_400_422_and_409_quote_the_platform() {
        for status in 300..600 {
            let quoted = judged(status, false).error.message.contains("the name is taken");
            assert_eq!(quoted, matches!(status, 400 | 409 | 422), "{status}");
        }
    }

    #[test]
    fn each_key_has_its_own_remedy() {
        let reply = Reply {
            status: 401,
            ..Reply::default()
        };
        let key = SecretString::from("canary");
        let org = judge(reply.clone(), Credential::Org(&key)).error.message;
        let partner = judge(reply, Credential::Partner).error.message;
        assert!(partner.contains("OPENCX_PARTNER_KEY"), "{partner}");
        assert!(
            !org.contains("OPENCX_PARTNER_KEY") && !org.contains("canary"),
            "{org}"
        );
    }
}
