//! The routes of `docs/proxy-protocol.md`. Whatever is not listed here does not exist.

mod capabilities;
mod crawls;
mod customers;
mod inventory;
mod invitations;
mod keys;
mod login_links;
mod orgs;
mod relayed;
mod session;
mod settle;
mod things;

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::Method;
use opencx_partner_kit::provision::{BATCH_ROUTES, ROUTES, Repeat, Route};
use secrecy::SecretString;
use serde_json::json;

use crate::App;
use crate::batch;
use crate::input::uuid;
use crate::ledger::{Note, State};
use crate::once::Done;
use crate::problem::ApiError;
use crate::relay::call::CALLS;
use crate::thing::{Kind, kind};

/// All of them.
fn router() -> Router<App> {
    let mut router = Router::new()
        .route("/v1/health", get(async || Json(json!({ "ok": true }))))
        .route(
            "/v1/session",
            get(session::read)
                .post(session::sign_in)
                .delete(session::sign_out),
        );
    for route in ROUTES.iter().chain(BATCH_ROUTES) {
        router = router.route(route.path, handler(route));
    }
    router
        .fallback(nowhere)
        .method_not_allowed_fallback(async || method_not_allowed())
}

/// Another method than those the route has.
pub fn method_not_allowed() -> ApiError {
    let message = "This route does not take that method.";
    ApiError::with_status(StatusCode::METHOD_NOT_ALLOWED, Code::NotFound, message)
}

/// All of them below that path; empty: below none.
pub fn below(base_path: &str) -> Router<App> {
    if base_path.is_empty() {
        return router();
    }
    Router::new().nest(base_path, router()).fallback(nowhere)
}

async fn nowhere() -> ApiError {
    ApiError::new(Error::new(
        Code::NotFound,
        "The proxy has no such route. docs/proxy-protocol.md lists those it has; all are below listen.base_path, if that \
         is set.",
    ))
}

/// All that are described: those a page calls, and the proxy's own.
pub fn described() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(BATCH_ROUTES).chain(session::ROUTES)
}

/// What answers a route. One that has no code of its own is passed on, or makes a thing.
fn handler(route: &'static Route) -> MethodRouter<App> {
    let at = match route.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Put => MethodFilter::PUT,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    };
    own(route, at)
        .or_else(|| general(route, at))
        .or_else(|| batch::handler(route, at))
        .unwrap_or_else(|| on(at, async || not_here()))
}

/// The routes that have code of their own.
fn own(route: &'static Route, at: MethodFilter) -> Option<MethodRouter<App>> {
    Some(match route.name {
        "capabilities" => on(at, capabilities::read),
        "createOrg" => on(at, orgs::create),
        "listOrgs" => on(at, orgs::list),
        "adoptOrg" => on(at, orgs::adopt),
        "settleOrg" => on(at, settle::org),
        "readCustomer" => on(at, customers::read),
        "inventory" => on(at, inventory::read),
        "createOrgKey" => on(at, keys::create),
        "listOrgKeys" => on(at, keys::list),
        "rotateOrgKey" => on(at, keys::rotate),
        "crawlAgain" => on(at, crawls::again),
        "inviteUser" => on(at, invitations::create),
        "createLoginLink" => on(at, login_links::create),
        _ => return None,
    })
}

/// The routes that pass a call on, or make a thing.
fn general(route: &'static Route, at: MethodFilter) -> Option<MethodRouter<App>> {
    let making = made_by(route.name).map(|kind| things::Making { route, kind });
    if let Some(call) = CALLS.iter().find(|call| call.route == route.name) {
        let passing = relayed::Passing { route, call, making };
        return Some(on(at, move |state, parameters, headers, key, query, body| {
            relayed::pass(passing, state, parameters, headers, key, query, body)
        }));
    }
    making.map(|making| {
        on(at, move |state, path, headers, key, body| {
            things::make(making, state, path, headers, key, body)
        })
    })
}

/// The kind of thing that a route makes.
fn made_by(route: &str) -> Option<&'static Kind> {
    Some(match route {
        "startCrawl" => &kind::CRAWL,
        "addTraining" => &kind::TRAINING,
        "addOfficeHours" => &kind::OFFICE_HOURS,
        "addContact" => &kind::CONTACT,
        "saveTag" => &kind::TAG,
        "updateOrgSettings" => &kind::ORG_SETTINGS,
        "updateAutopilot" => &kind::AUTOPILOT,
        "updateHandoff" => &kind::HANDOFF,
        _ => return None,
    })
}

/// Whether a write by this route takes a key: those of an org do, and those that need one.
pub fn takes_key(route: &Route) -> bool {
    route.repeat == Repeat::ByKey
        || route.method != Method::Get && route.path.starts_with("/v1/orgs/{org_id}/")
}

/// Whether what a route makes under a key can be changed, by calling its contents another version.
pub fn is_versioned(route: &Route) -> bool {
    made_by(route.name).is_some()
}

/// A test sees to it that no route comes here.
fn not_here() -> ApiError {
    ApiError::new(Error::new(
        Code::NotSupported,
        "This proxy does not answer this route yet.",
    ))
}

/// 201 for what was made now, 200 for what was made before.
impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let status = if self.before {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        (status, Json(self.result)).into_response()
    }
}

/// A repeat whose answer nobody gets twice.
fn gone() -> ApiError {
    ApiError::new(Error::new(
        Code::Conflict,
        "This call was made before, with the same Idempotency-Key. What it answered is a secret of who asked then and was not \
         kept. Nothing was sent. If the answer was lost, ask under another key.",
    ))
}

/// The id of an org made through this proxy.
async fn known_org(app: &App, org_id: &str) -> Result<String, ApiError> {
    let org_id = uuid(org_id)?;
    if app.ledger.knows_org(&org_id).await? {
        return Ok(org_id);
    }
    Err(unknown_org())
}

/// Also for one that the caller may not know of.
pub fn unknown_org() -> ApiError {
    ApiError::new(Error::new(
        Code::NotFound,
        "This proxy has made no organization with that id. Nothing was sent. Create it here first.",
    ))
}

/// Writes into the journal what leaves nothing else in the ledger. Whoever gets an answer is in it.
async fn noted<T>(
    app: &App,
    org_id: &str,
    operation: &str,
    key: &str,
    outcome: Result<T, ApiError>,
) -> Result<T, ApiError> {
    let (state, detail) = match &outcome {
        Ok(_) => (State::Done, ""),
        Err(refused) => {
            let code = refused.error.code;
            let unclear = [
                Code::Network,
                Code::Timeout,
                Code::BadResponse,
                Code::PlatformError,
            ];
            let state = if unclear.contains(&code) {
                State::Unknown
            } else {
                State::Failed
            };
            (state, code.as_str())
        }
    };
    let note = Note {
        scope: org_id,
        key,
        operation,
        state: state.as_str(),
        detail,
    };
    app.ledger.note(note).await?;
    outcome
}

/// The id of an org made through this proxy, with its key, for a call that needs it.
async fn org_with_key(app: &App, org_id: &str) -> Result<(String, SecretString), ApiError> {
    let org_id = uuid(org_id)?;
    if let Some(key) = app.ledger.org_key(&org_id).await? {
        return Ok((org_id, key));
    }
    known_org(app, &org_id).await?;
    let message = "This organization has no key here yet. Nothing was sent. Create its org key first.";
    Err(ApiError::new(Error::new(Code::Conflict, message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_what_answers_it() {
        for route in ROUTES.iter().chain(BATCH_ROUTES) {
            let at = MethodFilter::GET;
            let own = own(route, at).or_else(|| general(route, at));
            assert!(
                own.or_else(|| batch::handler(route, at)).is_some(),
                "{}",
                route.name
            );
        }
        for call in CALLS {
            assert!(Route::named(call.route).is_some(), "{}", call.route);
        }
    }
}
