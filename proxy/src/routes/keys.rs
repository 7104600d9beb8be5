//! Create org key. It is shown once: sealed here, never passed on. A lost one was stored nowhere, so one new key takes its
//! place, and the loss is logged and listed.

use axum::Json;
use axum::extract::State;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{NewOrgKey, OrgKey, Shaped};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::known_org;
use crate::App;
use crate::input::{Body, InPath, JsonBody, MaybeKey, text};
use crate::ledger::{Finished, NewKey};
use crate::once::{Asked, Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;

#[derive(Serialize)]
struct CreateOrgKey {
    #[serde(skip)]
    org_id: String,
    #[serde(flatten)]
    input: NewOrgKey,
}

/// Makes the org's key.
pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    make(&app, &org_id, key.required()?, body).await
}

/// Makes another key, which takes the place of the one in use. No call of the platform revokes the old one.
pub async fn rotate(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    make(&app, &org_id, format!("rotation/{}", key.required()?), body).await
}

async fn make(app: &App, org_id: &str, key: String, body: Body) -> Result<Done, ApiError> {
    let fields = body.checked(NewOrgKey::SHAPE)?;
    let name = text(&fields, "name");
    let org_id = known_org(app, org_id).await?;
    let asked = Asked::plain(org_id.clone(), key);
    let work = CreateOrgKey {
        org_id,
        input: NewOrgKey { name },
    };
    once(app, asked, work).await
}

/// The keys made here, the one in use first; those behind it are for OpenCX to revoke. At the end those whose answer was
/// lost, at the latest when it says.
pub async fn list(State(app): State<App>, InPath(org_id): InPath<String>) -> Result<Json<Value>, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let keys = app.ledger.org_keys(&org_id).await?;
    let lost = app.ledger.lost_keys(&org_id).await?;
    let lost = lost
        .into_iter()
        .map(|(name, at)| json!({ "name": name, "created_at": at, "in_use": false, "lost": true }));
    let items: Vec<Value> = keys
        .into_iter()
        .enumerate()
        .map(|(place, key)| {
            json!({
                "name": key.name,
                "fingerprint": key.fingerprint,
                "created_at": key.created_at,
                "in_use": place == 0,
            })
        })
        .chain(lost)
        .collect();
    Ok(Json(json!({ "items": items })))
}

#[derive(Deserialize)]
struct Answer {
    api_key: SecretString,
}

impl Work for CreateOrgKey {
    const ANSWERED_ONCE: bool = true;

    fn operation(&self) -> &'static str {
        "org-key"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Partner)
    }

    async fn call(&self, app: &App, doubt: bool) -> Result<SecretBytes, Failure> {
        if doubt {
            tracing::warn!(
                org_id = self.org_id,
                name = self.input.name,
                "an org key of this name may have been made whose answer was lost, so nobody holds it; another one \
                 takes its place now; ask OpenCX to revoke the lost one"
            );
        }
        let path = format!("/partner/v1/orgs/{}/api-keys", segment(&self.org_id));
        app.platform
            .post(&path, Credential::Partner, &json!(self.input))
            .await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let Answer { api_key } = understand(answer)?;
        let text = api_key.expose_secret();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::bad_response(Some(200), "something that is no key"));
        }
        let mut fingerprint = hex::encode(Sha256::digest(text));
        fingerprint.truncate(12);
        let shown = OrgKey {
            name: self.input.name.clone(),
            fingerprint: fingerprint.clone(),
        };
        Ok(Finished {
            org_key: Some(NewKey {
                key: api_key,
                name: self.input.name.clone(),
                fingerprint,
            }),
            ..Finished::of(json!(shown))
        })
    }
}
