//! Answers: those of each operation when it has done what was asked, and the problems that many share.

use opencx_partner_kit::http::Method;
use opencx_partner_kit::provision::Route;
use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use super::about::{About, Answer};
use crate::caller::{Access, Least, Secret, Whose};
use crate::relay::call::CALLS;
use crate::routes::takes_key;
use crate::thing::Place;

/// The headers of answers, by the name of the component.
pub fn headers() -> Result<Vec<(&'static str, Header)>, serde_json::Error> {
    let header = |schema: Value, what: &str| -> Result<Header, serde_json::Error> {
        let schema: Schema = serde_json::from_value(schema)?;
        Ok(HeaderBuilder::new()
            .schema(Some(schema))
            .description(Some(what))
            .build())
    };
    let text = || json!({ "type": "string" });
    Ok(vec![
        (
            "x-request-id",
            header(
                json!({ "type": "string", "format": "uuid" }),
                "Names the request in the proxy's log. On every answer.",
            )?,
        ),
        (
            "RateLimit",
            header(
                json!({ "type": "string", "pattern": r#"^"(people|batch)";r=\d+;t=\d+$"# }),
                "What is left of the partner's calls in the caller's lane, and in how many seconds there are more \
                 (draft-ietf-httpapi-ratelimit-headers). On every answer of a proxy that keeps to a limit.",
            )?,
        ),
        (
            "RateLimit-Policy",
            header(
                json!({ "type": "string", "pattern": r#"^"people";q=\d+;w=\d+, "batch";q=\d+;w=\d+$"# }),
                "Of how many calls, and in how many seconds, for each lane.",
            )?,
        ),
        (
            "Retry-After",
            header(
                json!({ "type": "integer", "minimum": 0 }),
                "In how many seconds the same request may succeed, where that is known.",
            )?,
        ),
        (
            "WWW-Authenticate",
            header(
                text(),
                "Of which kind the credential must be: `Bearer` or `Session`.",
            )?,
        ),
        (
            "Set-Cookie",
            header(
                text(),
                "The session's cookie, or its removal: for the browser, which no script reads.",
            )?,
        ),
    ])
}

/// A problem that may be answered.
struct Situation {
    status: &'static str,
    component: &'static str,
    what: &'static str,
    header: Option<&'static str>,
}

const fn situation(
    status: &'static str,
    component: &'static str,
    what: &'static str,
    header: Option<&'static str>,
) -> Situation {
    Situation {
        status,
        component,
        what,
        header,
    }
}

const AGAIN: Option<&str> = Some("Retry-After");

#[rustfmt::skip]
const SITUATIONS: &[Situation] = &[
    situation("400", "Refused", "`INVALID_SPEC`: what was sent needs a change, by the proxy's word or the platform's; `errors` names each field.", None),
    situation("401", "Unauthenticated", "`UNAUTHENTICATED`: it is not known who calls.", Some("WWW-Authenticate")),
    situation("403", "Forbidden", "`FORBIDDEN`: not by this caller, from this origin, at this host, or in this way.", None),
    situation("404", "NotFound", "`NOT_FOUND`: there is no such thing, here or at the platform, or none that this caller reaches.", None),
    situation("408", "TooSlow", "`TIMEOUT`: the body did not arrive in time.", None),
    situation("409", "Conflict", "`CONFLICT`: it does not go with what is there, the same call still runs, or what it answered was a secret. `OUTCOME_UNKNOWN`: a call that can be answered only once may or may not have happened, and a person settles it.", AGAIN),
    situation("413", "TooLarge", "`INVALID_SPEC`: the body is too large.", None),
    situation("415", "NotJson", "`INVALID_SPEC`: the body is not sent as application/json.", None),
    situation("422", "KeyMismatch", "`CONFLICT`: the Idempotency-Key stands for another body, or another route.", None),
    situation("429", "TooMany", "`RATE_LIMITED`: the platform's calls a minute are used up, or this caller asks too often.", AGAIN),
    situation("500", "Failed", "`INTERNAL`: the proxy's own fault.", None),
    situation("501", "NotSupported", "`NOT_SUPPORTED`: a call whose path is a guess, and this platform does not have it.", None),
    situation("502", "PlatformFailed", "`NETWORK`, `PLATFORM_ERROR`, `BAD_RESPONSE`: the platform was not reached, failed, or answered something else than its contract says. `UNAUTHENTICATED`, `FORBIDDEN`: it refused the proxy's key.", AGAIN),
    situation("503", "NotChecked", "`NETWORK`: who calls cannot be checked now.", AGAIN),
    situation("504", "PlatformTooSlow", "`TIMEOUT`: the platform did not answer in time.", AGAIN),
    situation("default", "Otherwise", "Any other problem.", None),
];

/// The problems, by the name of the component.
pub fn problems() -> impl Iterator<Item = (&'static str, Response)> {
    SITUATIONS.iter().map(|situation| {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let mut response = begun(situation.what).content("application/problem+json", problem);
        if let Some(header) = situation.header {
            response = response.header_ref(header, named_header(header));
        }
        (situation.component, response.build())
    })
}

/// Every answer of an operation, by its status.
pub fn of(route: &Route, about: &About, access: &Access) -> Vec<(&'static str, RefOr<Response>)> {
    let mut all: Vec<(&str, RefOr<Response>)> = Vec::new();
    for answer in about.answers {
        let mut response = success(answer);
        if access.secret == Secret::Session || route.name == "signOut" {
            response = response.header_ref("Set-Cookie", named_header("Set-Cookie"));
        }
        all.push((answer.status, response.into()));
    }
    for situation in SITUATIONS {
        if may_be(situation.status, route, access) {
            all.push((
                situation.status,
                Ref::from_response_name(situation.component).into(),
            ));
        }
    }
    all
}

fn success(answer: &Answer) -> ResponseBuilder {
    let mut response = begun(answer.what);
    let schema: Option<RefOr<Schema>> = match answer.schemas {
        [] => None,
        [one] => Some(Ref::from_schema_name(*one).into()),
        several => {
            let either = several.iter().fold(AnyOfBuilder::new(), |either, name| {
                either.item(Ref::from_schema_name(*name))
            });
            Some(either.into())
        }
    };
    if let Some(schema) = schema {
        response = response.content("application/json", Content::new(Some(schema)));
    }
    if let Some(event) = answer.events {
        response = response.content(
            "text/event-stream",
            Content::new(Some(Ref::from_schema_name(event))),
        );
    }
    response
}

fn begun(what: &str) -> ResponseBuilder {
    ["x-request-id", "RateLimit", "RateLimit-Policy"]
        .into_iter()
        .fold(ResponseBuilder::new().description(what), |response, name| {
            response.header_ref(name, named_header(name))
        })
}

fn named_header(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// Whether a route can come into that situation.
fn may_be(status: &str, route: &Route, access: &Access) -> bool {
    let reads = route.method == Method::Get;
    let has_body = !matches!(route.method, Method::Get | Method::Delete);
    let of_org = access.whose == Whose::Org;
    let asks_who = access.least != Least::Anybody || access.secret == Secret::Session;
    // Of its own ledger alone.
    let calls_platform = of_org && route.name != "listOrgKeys" || route.name == "createOrg";
    match status {
        "400" => has_body || route.path.contains('{') || !route.takes.is_empty(),
        "401" | "503" => asks_who,
        "404" => {
            route.path.contains('{')
                || access.whose == Whose::Handler && !reads
                || matches!(route.name, "signIn" | "signOut")
        }
        "408" | "413" | "415" => has_body,
        "409" => {
            of_org && route.name != "listOrgKeys"
                || matches!(route.name, "createOrg" | "adoptOrg" | "settleOrg" | "resumeBatch")
        }
        "422" => takes_key(route),
        "501" => is_guessed(route),
        "502" | "504" => calls_platform,
        _ => true,
    }
}

/// The contract only guesses the path of the call behind it.
fn is_guessed(route: &Route) -> bool {
    let passed_on = CALLS.iter().find(|call| call.route == route.name);
    passed_on.is_some_and(|call| matches!(call.place, Place::Guessed(_)))
        || matches!(route.name, "crawlAgain" | "inviteUser" | "createLoginLink")
}
