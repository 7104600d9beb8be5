//! Who asks. A handler that names one of these types runs only for its holder.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::contact::Contact;
use crate::contract::Operation;
use crate::sandbox::{Caller, Sandbox};
use crate::secret::{Digest, bearer};

/// A partner, by its name.
pub struct Partner(pub String);

/// The holder of a key of this org.
pub struct OrgKeyHolder(pub Uuid);

/// A page with this org's widget token.
pub struct WidgetToken(pub Uuid);

/// A visitor with a contact token.
pub struct Visitor {
    /// Of this org.
    pub org: Uuid,
    /// Known as.
    pub contact: Contact,
}

fn bearer_of(parts: &Parts) -> Option<&str> {
    bearer(parts.headers.get(AUTHORIZATION)?.to_str().ok()?)
}

fn widget_token_of(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-bot-token")?.to_str().ok()
}

/// Where a call comes from; without a connection, in tests of the edge alone, from here.
fn address_of(parts: &Parts) -> IpAddr {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| {
            address.ip()
        })
}

impl FromRequestParts<Arc<Sandbox>> for Partner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        let key = Digest::of(bearer_of(parts).unwrap_or_default());
        let name = sandbox
            .world()
            .partners
            .caller(&key, address_of(parts))?
            .name
            .clone();
        sandbox.count(Caller::Partner(name.clone()))?;
        Ok(Partner(name))
    }
}

impl FromRequestParts<Arc<Sandbox>> for OrgKeyHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        let digest = Digest::of(bearer_of(parts).unwrap_or_default());
        let operation = Operation::find(parts.method.as_str(), parts.uri.path());
        let scope = operation.and_then(|operation| operation.scope.as_deref());
        let org = {
            let world = sandbox.world();
            let (org, key) = world
                .by_key(&digest)
                .ok_or_else(|| ApiError::unauthorized("The organization key is missing or unknown."))?;
            if !world.partners.is_active(&org.partner) {
                return Err(ApiError::unauthorized(
                    "The partner of this organization is inactive.",
                ));
            }
            if let Some(scope) = scope.filter(|scope| !key.allows(scope)) {
                return Err(ApiError::forbidden(format!("This key lacks the scope {scope}.")));
            }
            org.id
        };
        sandbox.count(Caller::Key(digest))?;
        Ok(OrgKeyHolder(org))
    }
}

impl FromRequestParts<Arc<Sandbox>> for WidgetToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        widget_token_of(parts)
            .and_then(|token| sandbox.world().by_widget_token(token).map(|org| org.id))
            .map(WidgetToken)
            .ok_or_else(|| ApiError::unauthorized("The widget token is missing or unknown."))
    }
}

impl FromRequestParts<Arc<Sandbox>> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        let world = sandbox.world();
        let (org, contact) = bearer_of(parts)
            .and_then(|token| world.by_contact_token(token, sandbox.clock.now()))
            .ok_or_else(|| ApiError::unauthorized("The contact token is missing or unknown."))?;
        // The contact token alone would do; a widget token beside it must be of the same org.
        if let Some(token) = widget_token_of(parts)
            && world.by_widget_token(token).map(|org| org.id) != Some(org)
        {
            return Err(ApiError::unauthorized(
                "The widget token is unknown, or the contact token is of another organization.",
            ));
        }
        Ok(Visitor {
            org,
            contact: contact.clone(),
        })
    }
}
