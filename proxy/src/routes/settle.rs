//! A person settles an org of which nobody knows whether it was made. That it was, with its id and widget token, is
//! `adoptOrg`.

use axum::extract;
use axum::http::StatusCode;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::platform::SETTLED_ORG;

use crate::App;
use crate::input::{InPath, JsonBody, text};
use crate::ledger::State;
use crate::problem::ApiError;

pub async fn org(
    extract::State(app): extract::State<App>,
    InPath(external_id): InPath<String>,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, ApiError> {
    let input = body.checked(SETTLED_ORG)?;
    let state = match text(&input, "outcome").as_str() {
        "left" => State::Left,
        _ => State::Failed,
    };
    let conflict = |message| ApiError::new(Error::new(Code::Conflict, message));
    // Nobody may be at it while its standing changes.
    let held = app.running.hold("", &external_id, "settle");
    let _held = held.map_err(|_| {
        conflict(
            "Its organization is being made at this moment. Nothing was changed. Wait for what comes of it.",
        )
    })?;
    if !app.ledger.settle_org(&external_id, state).await? {
        return Err(conflict(
            "There is nothing to settle: it is known what came of making this customer's organization, or it was never tried. \
             Nothing was changed.",
        ));
    }
    Ok(StatusCode::NO_CONTENT)
}
