//! Office hours.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use super::credentials::OrgKeyHolder;
use super::organization::with_org;
use super::shape::{self, Created, created};
use crate::api_error::ApiError;
use crate::office_hours::{OfficeHours, OfficeHoursInput};
use crate::sandbox::Sandbox;

/// Their routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/office-hours", get(list).post(create))
        .route("/office-hours/{hours}", get(read).put(replace).delete(remove))
}

type Answer = Result<Json<Value>, ApiError>;

fn no_such_hours() -> ApiError {
    ApiError::not_found("There is no such schedule.")
}

async fn list(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared) -> Answer {
    let all = with_org(&sandbox, org, |org| {
        Ok(Value::from_iter(
            org.desk.office_hours.all().map(OfficeHours::as_json),
        ))
    })?;
    Ok(shape::list(&sandbox, all))
}

async fn create(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Body(asked): Body<OfficeHoursInput>,
) -> Result<Created, ApiError> {
    let hours = OfficeHours::make(asked, Uuid::new_v4, sandbox.clock.now())?;
    let made = hours.as_json();
    with_org(&sandbox, org, |org| {
        org.desk.office_hours.add(hours);
        Ok(())
    })?;
    Ok(created(&sandbox, made))
}

async fn read(OrgKeyHolder(org): OrgKeyHolder, State(sandbox): Shared, Path(hours): Path<String>) -> Answer {
    with_org(&sandbox, org, |org| {
        let hours = org.desk.office_hours.get_mut(&hours).ok_or_else(no_such_hours)?;
        Ok(Json(hours.as_json()))
    })
}

async fn replace(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(hours): Path<String>,
    Body(asked): Body<OfficeHoursInput>,
) -> Answer {
    let now = sandbox.clock.now();
    with_org(&sandbox, org, |org| {
        let hours = org.desk.office_hours.get_mut(&hours).ok_or_else(no_such_hours)?;
        hours.replace(asked, Uuid::new_v4, now)?;
        Ok(Json(hours.as_json()))
    })
}

async fn remove(
    OrgKeyHolder(org): OrgKeyHolder,
    State(sandbox): Shared,
    Path(hours): Path<String>,
) -> Answer {
    with_org(&sandbox, org, |org| {
        if org.desk.office_hours.remove(&hours) {
            Ok(Json(json!({})))
        } else {
            Err(no_such_hours())
        }
    })
}
