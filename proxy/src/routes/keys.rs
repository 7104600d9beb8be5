//! Create org key. It is shown once: sealed here, never passed on. A lost one was stored nowhere, so one new key takes its
//! place and the loss is logged.

use axum::extract::State;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{NewOrgKey, OrgKey};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::known_org;
use crate::App;
use crate::input::{IdempotencyKey, InPath, Input};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
struct CreateOrgKey {
    #[serde(skip)]
    org_id: String,
    #[serde(flatten)]
    input: NewOrgKey,
}

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    IdempotencyKey(key): IdempotencyKey,
    Input(input): Input<NewOrgKey>,
) -> Result<Done, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    once(&app, org_id.clone(), key, CreateOrgKey { org_id, input }).await
}

#[derive(Deserialize)]
struct Answer {
    api_key: SecretString,
}

impl Work for CreateOrgKey {
    const OPERATION: &'static str = "org-key";

    async fn call(&self, app: &App, doubt: bool) -> Result<Vec<u8>, Failure> {
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
            org_key: Some((api_key, fingerprint)),
            ..Finished::of(json!(shown))
        })
    }
}
