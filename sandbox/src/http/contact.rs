//! Contacts, for the org's own server.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::{Asked, Body};
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use crate::api_error::ApiError;
use crate::contact::{Contact, ContactQuery, KnownContact};
use crate::sandbox::Sandbox;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/contacts", get(list).post(save))
        .route("/contacts/{contact}", patch(update).delete(delete))
}

#[derive(Deserialize)]
struct Save {
    contact: KnownContact,
}

async fn list(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Asked(query): Asked<ContactQuery>,
) -> Result<Json<Value>, ApiError> {
    with_org(&sandbox, org, |org| {
        let (page, next) = org.contacts.page(&query)?;
        let items: Vec<Value> = page.into_iter().map(Contact::as_json).collect();
        Ok(Json(json!({ "items": items, "next": next })))
    })
}

async fn save(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<Save>,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        let id = org.contacts.save(asked.contact, Uuid::new_v4(), now)?;
        Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
    })
}

async fn update(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(contact): Path<String>,
    Body(asked): Body<Save>,
) -> Result<(), ApiError> {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        org.contacts.update(&contact, asked.contact, now)
    })
}

async fn delete(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(contact): Path<String>,
) -> Result<(), ApiError> {
    with_org(&sandbox, org, |org| org.contacts.delete(&contact))
}
