//! Create org key. It is shown once: sealed here, never passed on. A lost one was stored nowhere, so one new key takes its
//! place and the loss is logged.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{NewOrgKey, OrgKey};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::known_org;
use crate::App;
use crate::input::{Input, idempotency_key};
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
    Path(org_id): Path<String>,
    headers: HeaderMap,
    Input(input): Input<NewOrgKey>,
) -> Result<Done, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let key = idempotency_key(&headers)?;
    once(&app, org_id.clone(), key, CreateOrgKey { org_id, input }).await
}

#[derive(Deserialize)]
struct Answer {
    api_key: SecretString,
}

impl Work for CreateOrgKey {
    const OPERATION: &'static str = "org-key";

    async fn call(&self, app: &App, unknown: bool) -> Result<Vec<u8>, Failure> {
        if unknown {
            tracing::warn!(
                org_id = self.org_id,
                "an org key may have been made whose answer was lost; a new one takes its place; revoke the lost one"
            );
        }
        let path = format!("/partner/v1/orgs/{}/api-keys", segment(&self.org_id));
        app.platform
            .post(&path, Credential::Partner, &json!(self.input))
            .await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        use secrecy::ExposeSecret;
        let Answer { api_key } = understand(answer)?;
        let mut fingerprint = hex::encode(Sha256::digest(api_key.expose_secret()));
        fingerprint.truncate(12);
        let shown = OrgKey {
            name: self.input.name.clone(),
            fingerprint: fingerprint.clone(),
        };
        Ok(Finished {
            result: json!(shown),
            org_id: None,
            org_key: Some((api_key, fingerprint)),
        })
    }
}
