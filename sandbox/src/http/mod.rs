//! The HTTP edge: who asks, what for, and the answer. Clock and randomness are handed to the rules here.

mod assertion;
mod authentication;
mod body;
mod contact;
mod control;
mod crawl;
mod credentials;
mod dashboard;
mod faults;
mod guard;
mod handoff_analytics;
mod inbox;
mod inspection;
mod office_hours;
mod organization;
mod pace;
mod partner;
mod partners;
mod path;
mod shape;
mod state;
mod support_settings;
mod tag;
mod training;
mod widget;
mod widget_script;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::routing::get;

use crate::api_error::ApiError;
use crate::sandbox::Sandbox;

type Shared = axum::extract::State<Arc<Sandbox>>;

/// Everything, guessed paths wherever the variants put them.
pub fn app(sandbox: Arc<Sandbox>) -> Router {
    let inner = router(Arc::clone(&sandbox));
    // A fallback of its own: what changes a path must stand before the routes.
    Router::new().fallback_service(
        tower::ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(sandbox, path::as_in_contract))
            .service(inner),
    )
}

/// All routes, as the contract has them.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .merge(partner::router())
        .merge(organization::router())
        .merge(crawl::router())
        .merge(training::router())
        .merge(tag::router())
        .merge(contact::router())
        .merge(support_settings::router())
        .merge(office_hours::router())
        .merge(handoff_analytics::router())
        .merge(authentication::router())
        .merge(dashboard::router())
        .merge(control::router(control_routes(), &sandbox))
        .route("/healthz", get(control::health))
        .nest("/backend/widget", widget::router())
        .route("/widget/script.js", get(widget_script::serve))
        .fallback(not_imitated)
        .method_not_allowed_fallback(not_imitated)
        .layer(middleware::from_fn_with_state(Arc::clone(&sandbox), guard::hold))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&sandbox),
            faults::go_wrong,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&sandbox),
            inspection::note_call,
        ))
        .layer(middleware::from_fn(faults::cut))
        .with_state(sandbox)
}

/// All that is about the sandbox itself.
fn control_routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .merge(partners::router())
        .merge(inspection::router())
        .merge(assertion::router())
        .merge(faults::router())
        .merge(state::router())
        .merge(inbox::router())
}

async fn not_imitated(request: Request) -> ApiError {
    ApiError::not_found(format!(
        "The sandbox does not imitate {} {}.",
        request.method(),
        request.uri().path()
    ))
}
