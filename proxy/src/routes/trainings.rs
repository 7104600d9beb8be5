//! Add a training. The kit's key is in its metadata; before an uncertain add is repeated, the list is filtered by it.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use opencx_partner_kit::platform::{Training, TrainingInput};
use serde::Serialize;
use serde_json::{Value, json};

use super::{known_org, org_key};
use crate::App;
use crate::input::{Input, idempotency_key};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
struct AddTraining {
    #[serde(skip)]
    org_id: String,
    #[serde(skip)]
    key: String,
    #[serde(flatten)]
    input: TrainingInput,
}

pub async fn create(
    State(app): State<App>,
    Path(org_id): Path<String>,
    headers: HeaderMap,
    Input(input): Input<TrainingInput>,
) -> Result<Done, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let key = idempotency_key(&headers)?;
    once(
        &app,
        org_id.clone(),
        key.clone(),
        AddTraining { org_id, key, input },
    )
    .await
}

impl Work for AddTraining {
    const OPERATION: &'static str = "training";

    async fn call(&self, app: &App, unknown: bool) -> Result<Vec<u8>, Failure> {
        let org_key = org_key(app, &self.org_id).await?;
        let credential = Credential::Org(&org_key);
        let metadata = json!({ "opencx_kit_key": self.key });
        if unknown {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("metadata", &metadata.to_string())
                .append_pair("limit", "1")
                .finish();
            let page: Value = understand(
                &app.platform
                    .get(&format!("/training?{query}"), credential)
                    .await?,
            )?;
            // A platform that ignores the filter must not pass another training off as this one.
            let found = page
                .pointer("/items/0")
                .filter(|item| item.pointer("/metadata/opencx_kit_key") == Some(&json!(self.key)));
            if let Some(training) = found {
                return Ok(training.to_string().into_bytes());
            }
        }
        let mut body = json!(self.input);
        body["metadata"] = metadata;
        app.platform.post("/training", credential, &body).await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let training: Training = understand(answer)?;
        Ok(Finished {
            result: json!(training),
            org_id: None,
            org_key: None,
        })
    }
}
