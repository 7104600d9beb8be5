//! Make a login link: passed through to who asked, not stored, not repeated. That there was one is in the journal.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::http::path_of;
use opencx_partner_kit::platform::{LoginLink, NewLoginLink, Shaped};
use serde_json::json;

use super::{known_org, noted};
use crate::App;
use crate::input::{InPath, JsonBody};
use crate::platform::{Credential, understand};
use crate::problem::ApiError;
use crate::thing::Place;

const MAKE: Place = Place::Guessed("createLoginLink");

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<LoginLink>), ApiError> {
    let input = body.checked(NewLoginLink::SHAPE)?;
    let org_id = known_org(&app, &org_id).await?;
    let path = path_of(app.place(MAKE)?, &[&org_id]);
    let answer = app.platform.post(&path, Credential::Partner, &json!(input)).await;
    let link = answer
        .map_err(|failure| app.explain(MAKE, failure).unless_certain())
        .and_then(|answer| understand(&answer))
        .map_err(ApiError::from);
    let link = noted(&app, &org_id, "login-link", "", link).await?;
    Ok((StatusCode::CREATED, Json(link)))
}
