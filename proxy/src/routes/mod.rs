//! The routes of `docs/proxy-protocol.md`. Whatever is not listed here does not exist.

mod crawls;
mod customers;
mod invitations;
mod keys;
mod listing;
mod login_links;
mod orgs;
mod trainings;

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use opencx_partner_kit::error::{Code, Error};
use secrecy::SecretString;
use serde_json::json;

use crate::App;
use crate::input::uuid;
use crate::once::Done;
use crate::problem::ApiError;

/// All of them.
pub fn router() -> Router<App> {
    Router::new()
        .route("/v1/health", get(async || Json(json!({ "ok": true }))))
        .route("/v1/orgs", post(orgs::create))
        .route("/v1/customers/{external_id}", get(customers::read))
        .route("/v1/orgs/{org_id}/keys", post(keys::create))
        .route("/v1/orgs/{org_id}/crawls", post(crawls::create))
        .route("/v1/orgs/{org_id}/crawls/{datasource_id}", get(crawls::read))
        .route(
            "/v1/orgs/{org_id}/crawls/{datasource_id}/jobs",
            post(crawls::again),
        )
        .route("/v1/orgs/{org_id}/trainings", post(trainings::create))
        .route("/v1/orgs/{org_id}/invitations", post(invitations::create))
        .route("/v1/orgs/{org_id}/login-links", post(login_links::create))
        .fallback(async || {
            ApiError::new(Error::new(
                Code::NotFound,
                "The proxy has no such route. docs/proxy-protocol.md lists those it has.",
            ))
        })
        .method_not_allowed_fallback(async || {
            let message = "This route does not take that method.";
            ApiError::with_status(StatusCode::METHOD_NOT_ALLOWED, Code::NotFound, message)
        })
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

/// The id of an org made through this proxy.
async fn known_org(app: &App, org_id: &str) -> Result<String, ApiError> {
    let org_id = uuid(org_id)?;
    if app.ledger.knows_org(&org_id).await? {
        return Ok(org_id);
    }
    Err(ApiError::new(Error::new(
        Code::NotFound,
        "This proxy has made no organization with that id. Nothing was sent. Create it here first.",
    )))
}

/// The org's key, for a call that needs it.
async fn org_key(app: &App, org_id: &str) -> Result<SecretString, ApiError> {
    app.ledger.org_key(org_id).await?.ok_or_else(|| {
        let message = "This organization has no key here yet. Nothing was sent. Create its org key first.";
        ApiError::new(Error::new(Code::Conflict, message))
    })
}
