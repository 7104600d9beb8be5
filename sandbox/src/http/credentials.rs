//! Who asks. A handler that names one of these types runs only for its holder.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use uuid::Uuid;

use crate::api_error::ApiError;
use crate::contact::Contact;
use crate::sandbox::Sandbox;
use crate::secret::{Digest, bearer};

/// The partner.
pub struct Partner;

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

impl FromRequestParts<Arc<Sandbox>> for Partner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        bearer_of(parts)
            .filter(|key| sandbox.is_partner_key(key))
            .map(|_| Partner)
            .ok_or_else(|| ApiError::unauthorized("The partner key is missing or unknown."))
    }
}

impl FromRequestParts<Arc<Sandbox>> for OrgKeyHolder {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Arc<Sandbox>) -> Result<Self, ApiError> {
        bearer_of(parts)
            .and_then(|key| sandbox.world().by_key(&Digest::of(key)).map(|org| org.id))
            .map(OrgKeyHolder)
            .ok_or_else(|| ApiError::unauthorized("The organization key is missing or unknown."))
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
            .and_then(|token| world.by_contact_token(&Digest::of(token)))
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
