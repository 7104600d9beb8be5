//! Invite a person. The platform refuses a second invitation, and one to a member: both mean that the person is there already.

use axum::extract::State;
use opencx_partner_kit::error::Code;
use opencx_partner_kit::http::path_of;
use opencx_partner_kit::platform::{Invitation, InviteUser, Shaped};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::known_org;
use crate::App;
use crate::input::{InPath, JsonBody, MaybeKey, text};
use crate::ledger::Finished;
use crate::once::{Asked, Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;
use crate::thing::Place;

const INVITE: Place = Place::Guessed("inviteUser");

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
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    let fields = body.checked(InviteUser::SHAPE)?;
    let email = text(&fields, "email");
    let org_id = known_org(&app, &org_id).await?;
    let asked = Asked::plain(org_id.clone(), key.required()?);
    let work = Invite {
        org_id,
        input: InviteUser { email },
    };
    once(&app, asked, work).await
}

/// Any JSON, or nothing: what the platform answers is not documented. But its path is a guess, and a web page for every
/// unknown path must not pass for an invitation.
fn is_an_answer(answer: &[u8]) -> bool {
    answer.trim_ascii().is_empty() || serde_json::from_slice::<IgnoredAny>(answer).is_ok()
}

impl Work for Invite {
    fn operation(&self) -> &'static str {
        "invitation"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Partner)
    }

    async fn call(&self, app: &App, _: bool) -> Result<SecretBytes, Failure> {
        let path = path_of(app.place(INVITE)?, &[&self.org_id]);
        let answer = app
            .platform
            .post(&path, Credential::Partner, &json!(self.input))
            .await;
        let already_there = match answer {
            Ok(answer) if is_an_answer(&answer) => false,
            Ok(_) => return Err(Failure::bad_response(Some(200), "something that is not JSON")),
            Err(failure) if failure.error.code == Code::Conflict => true,
            Err(failure) => return Err(app.explain(INVITE, failure)),
        };
        let invitation = Invitation {
            email: self.input.email.clone(),
            already_there,
        };
        Ok(json!(invitation).to_string().into())
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let invitation: Invitation = understand(answer)?;
        Ok(Finished::of(json!(invitation)))
    }
}
