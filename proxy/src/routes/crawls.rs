//! Crawl a website again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::{path_of, segment};
use serde_json::{Value, json};

use super::{known_org, noted, org_key};
use crate::App;
use crate::input::{InPath, JsonBody, uuid};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::thing::Place;

const START: Place = Place::Guessed("startCrawl");

/// Crawls a website again, such as after a crawl that failed, and reads it. A crawl that runs already is as good.
pub async fn again(
    State(app): State<App>,
    InPath((org_id, datasource_id)): InPath<(String, String)>,
    _: JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let id = uuid(&datasource_id)?;
    let key = org_key(&app, &org_id).await?;
    let credential = Credential::Org(&key);
    let path = path_of(app.place(START)?, &[&id]);
    let started = match app.platform.post(&path, credential, &json!({})).await {
        Err(failure) if failure.error.code == Code::Conflict => Ok(()),
        Err(failure) => Err(app.explain(START, failure).unless_certain().into()),
        Ok(_) => Ok(()),
    };
    noted(&app, &org_id, "crawl-again", &id, started).await?;
    let read = app
        .platform
        .get(&format!("/crawl/{}", segment(&id)), credential)
        .await;
    let site = read
        .and_then(|answer| understand(&answer))
        .map_err(Failure::not_again)?;
    Ok((StatusCode::CREATED, Json(site)))
}
