//! Trainings.

use axum::Json;
use axum::extract::{Path, State};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::{Asked, Body};
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::training::{NewTraining, Training};
use crate::training_list::{ListQuery, list as listed};

type Answer = Result<Json<Value>, ApiError>;

pub async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<NewTraining>,
) -> Answer {
    let training = Training::make(asked, Uuid::new_v4(), Timestamp::now())?;
    let answer = json!(training);
    with_org(&sandbox, org, |org| {
        org.knowledge.add_training(training);
        Ok(Json(answer))
    })
}

pub async fn list(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<ListQuery>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        Ok(Json(json!(listed(org.knowledge.trainings(), &query)?)))
    })
}

pub async fn read(
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
