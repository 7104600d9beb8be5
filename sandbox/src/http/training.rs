//! Trainings.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tantivy::TantivyError;
use uuid::Uuid;

use super::Shared;
use super::body::{Asked, Body};
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use super::shape::{Created, created};
use crate::api_error::ApiError;
use crate::knowledge::Knowledge;
use crate::sandbox::Sandbox;
use crate::search::SearchIndex;
use crate::training::{NewTraining, Training};
use crate::training_list::{ListQuery, list as listed};
use crate::variants::ListShape;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/training", get(list).post(create))
        .route("/training/search", post(search))
        .route("/training/generate", post(generate))
        .route("/training/{training}", get(read).put(update).delete(delete))
        .route("/training/{training}/draft", put(set_draft))
        .route("/training/{training}/move", put(move_to))
}

type Answer = Result<Json<Value>, ApiError>;

fn no_such_training() -> ApiError {
    ApiError::not_found("There is no such training.")
}

/// Changes a training and answers with it.
fn change(
    sandbox: &Sandbox,
    org: Uuid,
    training: &str,
    act: impl FnOnce(&mut Training) -> Result<(), ApiError>,
) -> Answer {
    with_org(sandbox, org, |org| {
        let training = org
            .knowledge
            .training_mut(training)
            .ok_or_else(no_such_training)?;
        act(training)?;
        Ok(Json(json!(training)))
    })
}

async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<NewTraining>,
) -> Result<Created, ApiError> {
    let training = Training::make(asked, Uuid::new_v4(), sandbox.clock.now())?;
    let answer = json!(training);
    with_org(&sandbox, org, |org| {
        org.knowledge.add_training(training);
        Ok(())
    })?;
    Ok(created(&sandbox, answer))
}

async fn list(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<ListQuery>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        let page = json!(listed(org.knowledge.trainings(), &query)?);
        Ok(Json(match sandbox.variants().training_list {
            ListShape::Items => page,
            ListShape::Array => page["items"].clone(),
        }))
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
            .ok_or_else(no_such_training)
    })
}

async fn update(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(training): Path<String>,
    Body(asked): Body<NewTraining>,
) -> Answer {
    let now = sandbox.clock.now();
    change(&sandbox, org, &training, |training| training.update(asked, now))
}

async fn delete(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(training): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        let was_there = org.knowledge.remove_training(&training);
        was_there.then(|| Json(json!({}))).ok_or_else(no_such_training)
    })
}

#[derive(Deserialize)]
struct Draft {
    is_draft: bool,
}

async fn set_draft(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(training): Path<String>,
    Body(asked): Body<Draft>,
) -> Answer {
    let now = sandbox.clock.now();
    // Not the training itself: the contract's answer is one or the other, and a training would be both.
    change(&sandbox, org, &training, |training| {
        training.set_draft(asked.is_draft, now);
        Ok(())
    })
    .map(|Json(training)| {
        Json(json!({
            "id": training["id"],
            "is_draft": training["is_draft"],
            "current_version": training["current_version"],
        }))
    })
}

#[derive(Deserialize)]
struct Move {
    directory_id: Option<String>,
}

async fn move_to(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(training): Path<String>,
    Body(asked): Body<Move>,
) -> Answer {
    let now = sandbox.clock.now();
    change(&sandbox, org, &training, |training| {
        training.move_to(asked.directory_id, now);
        Ok(())
    })
}

#[derive(Deserialize)]
struct Search {
    query: String,
}

async fn search(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<Search>,
) -> Answer {
    let (language, trainings) = with_org(&sandbox, org, |org| {
        Ok((org.language.clone(), org.knowledge.trainings().to_vec()))
    })?;
    // The state is not held meanwhile: an index takes its time.
    let found = tokio::task::spawn_blocking(move || found(&language, &trainings, &asked.query));
    let items = found
        .await
        .map_err(|e| ApiError::internal(&e))?
        .map_err(|e| ApiError::internal(&e))?;
    Ok(Json(json!({ "items": items })))
}

fn found(language: &str, trainings: &[Training], query: &str) -> Result<Value, TantivyError> {
    let index = SearchIndex::build(language, trainings.iter().map(Knowledge::document).collect())?;
    let items = index.search(query)?.into_iter().filter_map(|hit| {
        let is_it = |training: &&Training| {
            training.title == hit.document.title && training.content == hit.document.text
        };
        trainings.iter().find(is_it).map(|training| json!(training))
    });
    Ok(items.collect())
}

#[derive(Deserialize)]
struct Generate {
    session_id: String,
}

/// A draft from a conversation: what the visitor asked first, and what a person, or else the AI, said last.
async fn generate(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<Generate>,
) -> Answer {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        let session = Uuid::parse_str(&asked.session_id)
            .ok()
            .and_then(|id| org.sessions.get(id))
            .ok_or_else(|| ApiError::not_found("There is no such session."))?;
        let (question, answer) = session.lesson().ok_or_else(|| {
            ApiError::bad_request("In this conversation nobody has asked and answered anything.")
        })?;
        let training = Training::make(NewTraining::draft(question, answer), Uuid::new_v4(), now)?;
        let made = json!(training);
        org.knowledge.add_training(training);
        Ok(Json(made))
    })
}
