//! Add a training. The kit's key is in its metadata; before an uncertain add is repeated, the list is filtered by it.

use axum::extract::State;
use opencx_partner_kit::platform::{Training, TrainingInput};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};

use super::listing::listed_items;
use super::{known_org, org_key};
use crate::App;
use crate::input::{IdempotencyKey, InPath, Input};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

/// The most the platform gives at once.
const PAGE: usize = 100;
const PAGES: usize = 50;

#[derive(Serialize)]
struct AddTraining {
    #[serde(skip)]
    org_key: SecretString,
    #[serde(skip)]
    key: String,
    #[serde(flatten)]
    input: TrainingInput,
}

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    IdempotencyKey(key): IdempotencyKey,
    Input(input): Input<TrainingInput>,
) -> Result<Done, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let org_key = org_key(&app, &org_id).await?;
    let work = AddTraining {
        org_key,
        key: key.clone(),
        input,
    };
    once(&app, org_id, key, work).await
}

impl Work for AddTraining {
    const OPERATION: &'static str = "training";

    async fn look_up(&self, app: &App) -> Result<Option<Vec<u8>>, Failure> {
        let filter = json!({ "opencx_kit_key": self.key }).to_string();
        // One is enough when the filter works; the rest is for a platform that ignores it.
        for page in 0..PAGES {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("metadata", &filter)
                .append_pair("limit", &PAGE.to_string())
                .append_pair("offset", &(page * PAGE).to_string())
                .finish();
            let credential = Credential::Org(&self.org_key);
            let listed = app
                .platform
                .get(&format!("/training?{query}"), credential)
                .await?;
            let listed: Value = understand(&listed)?;
            let more = listed.get("has_more") == Some(&Value::Bool(true));
            let ours = json!(self.key);
            let mut items = listed_items(listed)?.into_iter();
            if let Some(training) = items.find(|item| item.pointer("/metadata/opencx_kit_key") == Some(&ours))
            {
                return Ok(Some(training.to_string().into_bytes()));
            }
            if !more {
                return Ok(None);
            }
        }
        Err(Failure::bad_response(
            Some(200),
            "a list of trainings that has no end",
        ))
    }

    async fn call(&self, app: &App, _: bool) -> Result<Vec<u8>, Failure> {
        let mut body = json!(self.input);
        body["metadata"] = json!({ "opencx_kit_key": self.key });
        app.platform
            .post("/training", Credential::Org(&self.org_key), &body)
            .await
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let training: Training = understand(answer)?;
        Ok(Finished::of(json!(training)))
    }
}
