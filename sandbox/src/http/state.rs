//! The whole state: read it, keep it in a file, load it again, forget it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::body::Body;
use crate::api_error::ApiError;
use crate::sandbox::Sandbox;
use crate::variants::Variants;
use crate::world::World;

/// Counted up when an older sandbox's state can no longer be loaded.
const VERSION: u32 = 1;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/state", get(save).put(load).delete(reset))
        // A state is as large as the websites in it.
        .layer(DefaultBodyLimit::disable())
}

#[derive(Serialize)]
struct Saved<'a> {
    version: u32,
    clock_offset_seconds: i64,
    variants: &'a Variants,
    world: &'a World,
}

#[derive(Deserialize)]
struct Loaded {
    version: u32,
    clock_offset_seconds: i64,
    variants: Variants,
    world: World,
}

async fn save(State(sandbox): Shared) -> Result<Response, ApiError> {
    let text = serde_json::to_string(&Saved {
        version: VERSION,
        clock_offset_seconds: sandbox.clock.offset().as_secs(),
        variants: &sandbox.variants(),
        world: &sandbox.world(),
    })
    .map_err(|e| ApiError::internal(&e))?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

async fn load(State(sandbox): Shared, Body(loaded): Body<Loaded>) -> Result<StatusCode, ApiError> {
    if loaded.version != VERSION {
        return Err(ApiError::bad_request(format!(
            "This state is of version {}; this sandbox loads version {VERSION}.",
            loaded.version
        )));
    }
    sandbox
        .clock
        .set_offset(SignedDuration::from_secs(loaded.clock_offset_seconds));
    sandbox.set_variants(loaded.variants);
    sandbox.load(loaded.world);
    Ok(StatusCode::NO_CONTENT)
}

async fn reset(State(sandbox): Shared) -> StatusCode {
    sandbox.reset();
    StatusCode::NO_CONTENT
}
