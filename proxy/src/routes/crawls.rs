//! Start, repeat and read a crawl. Before an uncertain start is repeated, the org's websites are listed: one with the
//! same address is taken.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{Check, Checks, Datasource, DatasourceDetail, NewDatasource, Path};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::listing::listed_items;
use super::{known_org, org_key};
use crate::App;
use crate::input::{IdempotencyKey, InPath, Input, uuid, web_address};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
struct StartCrawl {
    #[serde(skip)]
    org_key: SecretString,
    #[serde(flatten)]
    input: NewDatasource,
}

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    IdempotencyKey(key): IdempotencyKey,
    Input(input): Input<NewDatasource>,
) -> Result<Done, ApiError> {
    web_address("url", &input.url)?;
    let org_id = known_org(&app, &org_id).await?;
    let org_key = org_key(&app, &org_id).await?;
    once(&app, org_id, key, StartCrawl { org_key, input }).await
}

pub async fn read(
    State(app): State<App>,
    InPath((org_id, datasource_id)): InPath<(String, String)>,
) -> Result<Json<DatasourceDetail>, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let key = org_key(&app, &org_id).await?;
    Ok(Json(site(&app, &key, &uuid(&datasource_id)?).await?))
}

/// A body that says nothing.
#[derive(Deserialize)]
pub struct Nothing {}

impl Check for Nothing {
    fn check(&self, _: &Path, _: &mut Checks) {}
}

/// Crawls a website again, such as after a crawl that failed, and reads it. A crawl that runs already is as good.
pub async fn again(
    State(app): State<App>,
    InPath((org_id, datasource_id)): InPath<(String, String)>,
    Input(Nothing {}): Input<Nothing>,
) -> Result<(StatusCode, Json<DatasourceDetail>), ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let id = uuid(&datasource_id)?;
    let key = org_key(&app, &org_id).await?;
    let path = app.start_crawl_path.replace("{id}", &segment(&id));
    match app.platform.post(&path, Credential::Org(&key), &json!({})).await {
        Err(failure) if failure.error.code == Code::Conflict => {}
        outcome => drop(outcome.map_err(Failure::unless_certain)?),
    }
    let site = site(&app, &key, &id).await.map_err(Failure::not_again)?;
    Ok((StatusCode::CREATED, Json(site)))
}

async fn site(app: &App, key: &SecretString, id: &str) -> Result<DatasourceDetail, Failure> {
    let answer = app
        .platform
        .get(&format!("/crawl/{}", segment(id)), Credential::Org(key))
        .await?;
    understand(&answer)
}

impl Work for StartCrawl {
    const OPERATION: &'static str = "crawl";

    async fn look_up(&self, app: &App) -> Result<Option<Vec<u8>>, Failure> {
        let listed = app.platform.get("/crawl", Credential::Org(&self.org_key)).await?;
        let found = find(listed_items(understand(&listed)?)?, &self.input.url);
        Ok(found.map(|site| site.to_string().into_bytes()))
    }

    async fn call(&self, app: &App, _: bool) -> Result<Vec<u8>, Failure> {
        let credential = Credential::Org(&self.org_key);
        app.platform.post("/crawl", credential, &json!(self.input)).await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let site: Datasource = understand(answer)?;
        Ok(Finished::of(json!(site)))
    }
}

/// The website with that address, however it is spelled: the platform may have added a slash or lowered the host.
fn find(sites: Vec<Value>, url: &str) -> Option<Value> {
    let plain = |url: &str| {
        url::Url::parse(url)
            .map_or_else(|_| url.to_owned(), String::from)
            .trim_end_matches('/')
            .to_owned()
    };
    let wanted = plain(url);
    sites.into_iter().find(|site| {
        site.get("url")
            .and_then(Value::as_str)
            .is_some_and(|known| plain(known) == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_website_by_its_address() {
        let site = |url: &str| json!({ "id": "1", "url": url });
        for (known, asked) in [
            ("https://a.example/", "https://a.example"),
            ("https://a.example", "https://A.example/"),
            ("https://a.example/x", "https://a.example:443/x/"),
        ] {
            let sites = vec![site("https://b.example"), json!({}), site(known)];
            assert_eq!(find(sites, asked), Some(site(known)), "{known} {asked}");
        }
        for other in ["http://a.example", "https://a.example/x", "https://a.example/?x"] {
            assert_eq!(find(vec![site(other)], "https://a.example"), None, "{other}");
        }
    }
}
