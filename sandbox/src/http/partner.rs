//! The Partner API: orgs, their keys, and ways into their dashboards.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use opencx_partner_kit::platform::{self, Check, Checks, InviteUser, NewLoginLink};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Shared;
use super::body::Body;
use super::credentials::Partner;
use crate::api_error::ApiError;
use crate::login_link::LoginLink;
use crate::org::{CreateOrg, CreatedOrg, Org};
use crate::org_key::{AskedKey, OrgKey};
use crate::sandbox::Sandbox;
use crate::secret::{Digest, with_prefix};

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/partner/v1/orgs", post(create_org))
        .route("/partner/v1/orgs/{org}/api-keys", post(create_org_key))
        .route("/partner/v1/orgs/{org}/login-links", post(create_login_link))
        .route("/partner/v1/orgs/{org}/invitations", post(invite))
}

type Created<T> = Result<(StatusCode, Json<T>), ApiError>;

fn random() -> [Uuid; 2] {
    [Uuid::new_v4(), Uuid::new_v4()]
}

async fn create_org(
    Partner(partner): Partner,
    State(sandbox): Shared,
    Body(asked): Body<CreateOrg>,
) -> Created<CreatedOrg> {
    let org = Org::make(
        asked,
        &partner,
        Uuid::new_v4(),
        Uuid::new_v4(),
        sandbox.clock.now(),
    )?;
    let mut world = sandbox.world();
    let org = world
        .add(org)
        .map_err(|_| ApiError::conflict("An organization with this external_id exists."))?;
    Ok((StatusCode::CREATED, Json(org.as_created())))
}

async fn create_org_key(
    Partner(partner): Partner,
    State(sandbox): Shared,
    Path(org): Path<String>,
    Body(asked): Body<AskedKey>,
) -> Created<Value> {
    let mut world = sandbox.world();
    let org = world.org_of(&partner, &org)?.id;
    let (kept, key) = OrgKey::make(asked, random())?;
    let answer = json!({ "api_key": key, "name": kept.name });
    world.add_key(org, kept);
    Ok((StatusCode::CREATED, Json(answer)))
}

async fn create_login_link(
    Partner(partner): Partner,
    State(sandbox): Shared,
    Path(org): Path<String>,
    Body(asked): Body<NewLoginLink>,
) -> Created<Value> {
    let mut checks = Checks::default();
    asked.check(&platform::Path::root(), &mut checks);
    ApiError::unless_good(checks)?;
    let mut world = sandbox.world();
    let org = world.org_of(&partner, &org)?.id;
    let token = with_prefix("", random());
    let link = LoginLink::new(org, asked.email, sandbox.clock.now());
    world.login_links.insert(Digest::of(&token), link);
    let url = sandbox.address(&format!("/login/{token}"));
    Ok((StatusCode::CREATED, Json(json!({ "url": url }))))
}

async fn invite(
    Partner(partner): Partner,
    State(sandbox): Shared,
    Path(org): Path<String>,
    Body(asked): Body<InviteUser>,
) -> Created<Value> {
    let mut world = sandbox.world();
    // Here the contract knows no 404.
    let org = world
        .org_of(&partner, &org)
        .map_err(|_| ApiError::forbidden("This partner has no such organization."))?;
    let email = org
        .invitations
        .invite(&asked, sandbox.variants().repeated_invitation)?;
    Ok((
        StatusCode::CREATED,
        Json(json!({ "email": email, "status": "invited" })),
    ))
}
