//! The HTTP edge: who asks, what for, and the answer. Clock and randomness are handed to the rules here.

mod body;
mod crawl;
mod credentials;
mod dashboard;
mod inspection;
mod organization;
mod partner;
mod training;
mod widget;
mod widget_script;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::routing::{get, post};

use crate::api_error::ApiError;
use crate::sandbox::Sandbox;

type Shared = axum::extract::State<Arc<Sandbox>>;

/// All routes.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/partner/v1/orgs", post(partner::create_org))
        .route("/partner/v1/orgs/{org}/api-keys", post(partner::create_org_key))
        .route(
            "/partner/v1/orgs/{org}/login-links",
            post(partner::create_login_link),
        )
        .route("/partner/v1/orgs/{org}/invitations", post(partner::invite))
        .route("/org", get(organization::read))
        .route("/crawl", get(crawl::list).post(crawl::create))
        .route("/crawl/{website}", get(crawl::read))
        .route("/crawl/{website}/crawls", post(crawl::start))
        .route("/crawl/{website}/crawls/{job}", get(crawl::read_job))
        .route("/training", get(training::list).post(training::create))
        .route("/training/{training}", get(training::read))
        .nest("/backend/widget", widget::router())
        .route("/widget/script.js", get(widget_script::serve))
        .route("/login/{token}", get(dashboard::open))
        .route("/healthz", get(inspection::health))
        .route("/_sandbox/calls", get(inspection::calls))
        .fallback(not_imitated)
        .method_not_allowed_fallback(not_imitated)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&sandbox),
            inspection::note_call,
        ))
        .with_state(sandbox)
}

async fn not_imitated(request: Request) -> ApiError {
    ApiError::not_found(format!(
        "The sandbox does not imitate {} {}.",
        request.method(),
        request.uri().path()
    ))
}
