//! Writes of things that the ledger knows by their key: made, or changed where the caller calls their contents another
//! version.

use axum::extract::State;
use opencx_partner_kit::provision::Route;

use super::org_with_key;
use crate::App;
use crate::input::{InPath, JsonBody, MaybeKey, WriteHeaders};
use crate::once::{Asked, Done, once};
use crate::problem::ApiError;
use crate::thing::{Kind, Thing};
use crate::website_address;

/// A route and what it makes.
#[derive(Clone, Copy)]
pub struct Making {
    pub route: &'static Route,
    pub kind: &'static Kind,
}

pub async fn make(
    making: Making,
    State(app): State<App>,
    InPath(org_id): InPath<String>,
    headers: WriteHeaders,
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    let input = body.checked(making.route.takes)?;
    website_address::check(&app, &input, &["url", "website"]).await?;
    let (org_id, org_key) = org_with_key(&app, &org_id).await?;
    let thing = Thing {
        kind: making.kind,
        org_key,
        key: key.required()?,
        input: input.into(),
    };
    let asked = Asked {
        scope: org_id,
        key: thing.key.clone(),
        version: headers.version,
        again: headers.again,
    };
    once(&app, asked, thing).await
}
