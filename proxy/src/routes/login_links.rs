//! Make a login link: passed through to who asked, not stored, not recorded, not repeated.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use opencx_partner_kit::http::segment;
use opencx_partner_kit::platform::{LoginLink, NewLoginLink};
use serde_json::json;

use super::known_org;
use crate::App;
use crate::input::{InPath, Input};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

pub async fn create(
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    Input(input): Input<NewLoginLink>,
) -> Result<(StatusCode, Json<LoginLink>), ApiError> {
    let org_id = known_org(&app, &org_id).await?;
    let path = app.login_link_path.replace("{org_id}", &segment(&org_id));
    let answer = app.platform.post(&path, Credential::Partner, &json!(input)).await;
    let answer = answer.map_err(Failure::unless_certain)?;
    Ok((StatusCode::CREATED, Json(understand(&answer)?)))
}
