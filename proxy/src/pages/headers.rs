//! What browsers are told of the files.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};

use crate::config::SignIn;

type Headers = [(HeaderName, HeaderValue); 5];

/// The page runs its own script and wasm file, speaks to this proxy, and can be framed by nobody.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'";

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Of the admin page, which may speak to the partner's own sign-in too.
pub fn of_the_page(sign_in: Option<&SignIn>) -> Headers {
    let origin = sign_in.map(|sign_in| sign_in.url.origin().ascii_serialization());
    let policy = origin.and_then(|origin| HeaderValue::try_from(format!("{POLICY} {origin}")).ok());
    [
        (
            CONTENT_SECURITY_POLICY,
            policy.unwrap_or(HeaderValue::from_static(POLICY)),
        ),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
        (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    ]
}

/// Of what websites of any origin load.
pub fn for_every_site() -> Headers {
    [
        // Of no use to a script, but whoever opens one in a tab runs nothing.
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        ),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (RESOURCE_POLICY, HeaderValue::from_static("cross-origin")),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ]
}
