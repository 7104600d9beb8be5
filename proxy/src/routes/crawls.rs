//! Crawl a website again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::{path_of, segment};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};

use super::{noted, org_with_key};
use crate::App;
use crate::input::{InPath, JsonBody, MaybeKey, uuid};
use crate::ledger::Finished;
use crate::once::{Asked, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;
use crate::thing::Place;

const START: Place = Place::Guessed("startCrawl");

#[derive(Serialize)]
struct CrawlAgain {
    id: String,
    #[serde(skip)]
    org_key: SecretString,
}

/// Crawls a website again, such as after a crawl that failed, and reads it. A crawl that runs already is as good.
pub async fn again(
    State(app): State<App>,
    InPath((org_id, datasource_id)): InPath<(String, String)>,
    key: MaybeKey,
    _: JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let id = uuid(&datasource_id)?;
    let (org_id, org_key) = org_with_key(&app, &org_id).await?;
    let work = CrawlAgain {
        id: id.clone(),
        org_key: org_key.clone(),
    };
    let before = match key.given() {
        Some(key) => once(&app, Asked::plain(org_id, key), work).await?.before,
        None => {
            let started = work.call(&app, false).await.map_err(ApiError::from);
            noted(&app, &org_id, "crawl-again", &id, started).await?;
            false
        }
    };
    // As it stands now, of a repeat too.
    let read = app
        .platform
        .get(&format!("/crawl/{}", segment(&id)), Credential::Org(&org_key))
        .await;
    let site = read
        .and_then(|answer| understand(&answer))
        .map_err(Failure::not_again)?;
    let status = if before {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(site)))
}

impl Work for CrawlAgain {
    fn operation(&self) -> &'static str {
        "crawlAgain"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Org(&self.org_key))
    }

    async fn call(&self, app: &App, _: bool) -> Result<SecretBytes, Failure> {
        let path = path_of(app.place(START)?, &[&self.id]);
        let started = app
            .platform
            .post(&path, Credential::Org(&self.org_key), &json!({}))
            .await;
        match started {
            Err(failure) if failure.error.code == Code::Conflict => Ok(SecretBytes::default()),
            started => started.map_err(|failure| app.explain(START, failure).unless_certain()),
        }
    }

    fn read(&self, _: &[u8]) -> Result<Finished, Failure> {
        Ok(Finished::of(Value::Null))
    }
}
