//! Start and read a crawl. Before an uncertain start is repeated, the org's websites are listed: one with the same address
//! is taken.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{Datasource, DatasourceDetail, NewDatasource};
use serde::Serialize;
use serde_json::{Value, json};

use super::orgs::website_parses;
use super::{known_org, org_key};
use crate::App;
use crate::input::{Input, idempotency_key, uuid};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
struct StartCrawl {
    #[serde(skip)]
    org_id: String,
    #[serde(flatten)]
    input: NewDatasource,
}

pub async fn create(
    State(app): State<App>,
    Path(org_id): Path<String>,
    headers: HeaderMap,
    Input(input): Input<NewDatasource>,
) -> Result<Done, ApiError> {
    website_parses(&input.url)?;
    let org_id = known_org(&app, &org_id).await?;
    let key = idempotency_key(&headers)?;
    once(&app, org_id.clone(), key, StartCrawl { org_id, input }).await
}

pub async fn read(
    State(app): State<App>,
    Path((org_id, datasource_id)): Path<(String, String)>,
) -> Result<Json<DatasourceDetail>, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let path = format!("/crawl/{}", segment(&uuid(&datasource_id)?));
    let key = org_key(&app, &org_id).await?;
    let answer = app.platform.get(&path, Credential::Org(&key)).await?;
    Ok(Json(understand(&answer)?))
}

impl Work for StartCrawl {
    const OPERATION: &'static str = "crawl";

    async fn call(&self, app: &App, unknown: bool) -> Result<Vec<u8>, Failure> {
        let key = org_key(app, &self.org_id).await?;
        let key = Credential::Org(&key);
        if unknown {
            let listed = app.platform.get("/crawl", key).await?;
            if let Some(site) = find(understand(&listed)?, &self.input.url) {
                return Ok(site.to_string().into_bytes());
            }
        }
        app.platform.post("/crawl", key, &json!(self.input)).await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let site: Datasource = understand(answer)?;
        Ok(Finished {
            result: json!(site),
            org_id: None,
            org_key: None,
        })
    }
}

/// The website with that address; the contract leaves open whether the list is bare or paged.
fn find(list: Value, url: &str) -> Option<Value> {
    let items = match list {
        Value::Array(items) => items,
        Value::Object(mut page) => match page.remove("items") {
            Some(Value::Array(items)) => items,
            _ => return None,
        },
        _ => return None,
    };
    let same = |site: &Value| {
        site.get("url")
            .and_then(Value::as_str)
            .is_some_and(|known| known.trim_end_matches('/') == url.trim_end_matches('/'))
    };
    items.into_iter().find(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_website_in_either_shape_of_the_list() {
        let site = json!({ "id": "1", "url": "https://a.example/" });
        assert_eq!(find(json!([site]), "https://a.example"), Some(site.clone()));
        assert_eq!(
            find(json!({ "items": [site] }), "https://a.example/"),
            Some(site.clone())
        );
        assert_eq!(find(json!([site]), "https://b.example"), None);
        assert_eq!(find(json!("?"), "https://a.example"), None);
    }
}
