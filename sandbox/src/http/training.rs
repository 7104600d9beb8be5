//! Trainings.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::{Asked, Body};
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::sandbox::Sandbox;
use crate::training::{NewTraining, Training};
use crate::training_list::{ListQuery, list as listed};

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/training", get(list).post(create))
        .route("/training/{training}", get(read))
}

type Answer = Result<Json<Value>, ApiError>;

async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<NewTraining>,
) -> Answer {
    let training = Training::make(asked, Uuid::new_v4(), sandbox.clock.now())?;
    let answer = json!(training);
    with_org(&sandbox, org, |org| {
        org.knowledge.add_training(training);
        Ok(Json(answer))
    })
}

async fn list(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<ListQuery>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        Ok(Json(json!(listed(org.knowledge.trainings(), &query)?)))
    })
}

async fn read(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(training): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        org.knowledge
            .trainings()
            .iter()
            .find(|t| t.id.to_string() == training)
            .map(|training| Json(json!(training)))
            .ok_or_else(|| ApiError::not_found("There is no such training."))
    })
}
