//! Why a caller is turned away, in words for people. What he sent is never in them.

use axum::http::StatusCode;
use opencx_partner_kit::error::{Code, Error};

use super::access::{Least, Secret};
use super::claims::Lacking;
use super::role::Role;
use super::token::NotGood;
use crate::problem::ApiError;

/// The issuer is asked again by then.
const AGAIN_MS: u64 = 5_000;

/// Nobody knows who calls.
pub fn unknown(message: &str) -> ApiError {
    ApiError::with_status(StatusCode::UNAUTHORIZED, Code::Unauthenticated, message)
}

/// It is known, and not enough.
pub fn forbidden(message: &str) -> ApiError {
    ApiError::with_status(StatusCode::FORBIDDEN, Code::Forbidden, message)
}

/// A token, or an assertion, that is not good.
pub fn not_good(what: &str, flaw: NotGood) -> ApiError {
    let (is, remedy) = match flaw {
        NotGood::Unreadable => (
            "is no signed JWT",
            "Send the one that your sign-in issues. A key of OpenCX is none: one that has been in a browser must be revoked.",
        ),
        NotGood::Doubled => (
            "did not come as one header `Authorization: Bearer <token>`",
            "Send it so, once.",
        ),
        NotGood::Algorithm => (
            "is signed by an algorithm that is not allowed here",
            "Its issuer must use one of those that this proxy's operator lists in OPENCX_PROXY_AUTH_ALGORITHMS.",
        ),
        NotGood::Critical => (
            "asks for an extension (crit) that is not known here",
            "Its issuer must leave that out.",
        ),
        NotGood::Key => (
            "is signed with a key that its issuer does not publish",
            "Sign in again.",
        ),
        NotGood::Signature => (
            "is not signed by its issuer",
            "Sign in again; if that does not help, issuer and proxy have different keys: tell the proxy's operator.",
        ),
        NotGood::Expired => ("has run out", "Sign in again."),
        NotGood::Early => (
            "is not valid yet",
            "Compare the clocks of its issuer and of this proxy.",
        ),
        NotGood::Issuer => (
            "is from another issuer",
            "Sign in at the one that this proxy's operator has set in OPENCX_PROXY_AUTH_ISSUER.",
        ),
        NotGood::Audience => (
            "is for somebody else",
            "Ask your sign-in for one whose audience is the one that this proxy's operator has set in \
             OPENCX_PROXY_AUTH_AUDIENCE.",
        ),
        NotGood::Claims => (
            "does not say all of who issued it (iss), for whom (aud), about whom (sub) and until when (exp)",
            "Its issuer must add that.",
        ),
        NotGood::Unchecked => return unchecked(),
    };
    unknown(&format!("The {what} {is}. Nothing was done. {remedy}"))
}

/// A good token of somebody who is nobody here.
pub fn lacking(what: &str, lacking: Lacking) -> ApiError {
    match lacking {
        Lacking::Subject => unknown(&format!(
            "The {what} names nobody: its subject must be a text of 1 to 200 characters. Nothing was done. Whoever issues it \
             must add that."
        )),
        Lacking::Role => forbidden(
            "Your sign-in has no role at this proxy. Nothing was done. Ask who runs it for the role viewer, operator or admin.",
        ),
        Lacking::Customers => forbidden(
            "Your sign-in does not say which customers it is for. Nothing was done. Ask who runs this proxy to add them.",
        ),
    }
}

/// Less than a call asks for.
pub fn too_little(least: Least, secret: Secret) -> ApiError {
    let role = match least {
        Least::Role(Role::Viewer) | Least::Anybody => "viewer",
        Least::Role(Role::Operator) => "operator",
        Least::Role(Role::Admin) => "admin",
        Least::VisitorTokens => "visitor-tokens or admin",
    };
    let why = match secret {
        Secret::LoginLink => ", because its answer opens a dashboard",
        Secret::ContactToken => ", because its answer lets one speak as a visitor",
        Secret::No | Secret::Session => "",
    };
    forbidden(&format!(
        "This call is for the role {role}{why}, which your sign-in does not have. Nothing was done. Ask who runs this proxy \
         for it, or somebody who has it."
    ))
}

fn unchecked() -> ApiError {
    ApiError {
        status: StatusCode::SERVICE_UNAVAILABLE,
        error: Error {
            retry_after_ms: Some(AGAIN_MS),
            ..Error::retryable(
                Code::Network,
                "Who calls cannot be checked now: the keys of the sign-in's issuer cannot be read. Nothing was done. Try \
                 again in a few seconds; if it stays so, this proxy's operator must look at OPENCX_PROXY_AUTH_JWKS_URL.",
            )
        },
    }
}
