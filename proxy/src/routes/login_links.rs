//! Make a login link: passed through to who asked, not stored, not repeated. That there was one is in the journal.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::http::path_of;
use opencx_partner_kit::platform::{LoginLink, NewLoginLink, Shaped};
use serde::Serialize;
use serde_json::Value;

use super::{gone, known_org, noted};
use crate::App;
use crate::input::{InPath, JsonBody, MaybeKey};
use crate::ledger::Finished;
use crate::once::{Asked, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;
use crate::thing::Place;

const MAKE: Place = Place::Guessed("createLoginLink");

#[derive(Serialize)]
struct MakeLink {
    #[serde(skip)]
    org_id: String,
    input: Value,
}

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<LoginLink>), ApiError> {
    let input = body.checked(NewLoginLink::SHAPE)?.into();
    let org_id = known_org(&app, &org_id).await?;
    let work = MakeLink {
        org_id: org_id.clone(),
        input,
    };
    let link = match key.given() {
        Some(key) => {
            let done = once(&app, Asked::plain(org_id, key), work).await?;
            understand(&done.answer.ok_or_else(gone)?)?
        }
        None => {
            let link = work.call(&app, false).await;
            let link = link
                .and_then(|answer| understand(&answer))
                .map_err(ApiError::from);
            noted(&app, &org_id, "login-link", "", link).await?
        }
    };
    Ok((StatusCode::CREATED, Json(link)))
}

impl Work for MakeLink {
    fn operation(&self) -> &'static str {
        "createLoginLink"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Partner)
    }

    async fn call(&self, app: &App, _: bool) -> Result<SecretBytes, Failure> {
        let path = path_of(app.place(MAKE)?, &[&self.org_id]);
        let link = app.platform.post(&path, Credential::Partner, &self.input).await;
        link.map_err(|failure| app.explain(MAKE, failure).unless_certain())
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let _: LoginLink = understand(answer)?;
        Ok(Finished::passed_on(answer, false))
    }
}
