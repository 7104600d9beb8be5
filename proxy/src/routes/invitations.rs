//! Invite a person. The platform refuses a second invitation, and one to a member: both mean that the person is there already.

use axum::extract::State;
use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{Invitation, InviteUser};
use serde::Serialize;
use serde_json::json;

use super::known_org;
use crate::App;
use crate::input::{IdempotencyKey, InPath, Input};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
struct Invite {
    #[serde(skip)]
    org_id: String,
    #[serde(flatten)]
    input: InviteUser,
}

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    IdempotencyKey(key): IdempotencyKey,
    Input(input): Input<InviteUser>,
) -> Result<Done, ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    once(&app, org_id.clone(), key, Invite { org_id, input }).await
}

impl Work for Invite {
    const OPERATION: &'static str = "invitation";

    async fn call(&self, app: &App, _: bool) -> Result<Vec<u8>, Failure> {
        let path = app.invitation_path.replace("{org_id}", &segment(&self.org_id));
        let answer = app
            .platform
            .post(&path, Credential::Partner, &json!(self.input))
            .await;
        let already_there = match answer {
            Ok(_) => false,
            Err(failure) if failure.error.code == Code::Conflict => true,
            Err(failure) => return Err(failure),
        };
        // What the platform itself answers is not documented.
        let invitation = Invitation {
            email: self.input.email.clone(),
            already_there,
        };
        Ok(json!(invitation).to_string().into_bytes())
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let invitation: Invitation = understand(answer)?;
        Ok(Finished::of(json!(invitation)))
    }
}
