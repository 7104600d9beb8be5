//! The gate before all routes: where a call comes from, who calls, what he may, and for whom.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::Code;
use tower_http::cors::CorsLayer;

use super::access::{self, Access, Found, Least, Whose};
use super::claims::ClaimNames;
use super::identity::{Caller, Shown};
use super::page::{Credential, Pages};
use super::refusal::{forbidden, lacking, not_good, too_little, unknown};
use super::session::{Sessions, Ticket};
use super::token::{Verifier, bearer};
use super::trusted::Trusted;
use crate::asker::Asker;
use crate::config::Mode;
use crate::input::uuid;
use crate::problem::ApiError;
use crate::routes::{method_not_allowed, unknown_org};
use crate::{App, Config};

/// What the gate knows.
pub struct Gate {
    pages: Pages,
    base_path: String,
    way: Way,
    names: ClaimNames,
}

/// How callers say who they are.
enum Way {
    Nobody,
    Token(Box<Verifier>),
    Session(Box<Sessions>),
    TrustedHeader(Trusted),
}

impl Gate {
    /// For a proxy that listens at that address.
    ///
    /// # Errors
    /// One line for people.
    pub fn new(config: &Config, address: SocketAddr) -> Result<Self, String> {
        let auth = &config.auth;
        let (way, credential) = match &auth.mode {
            Mode::None => {
                tracing::warn!(
                    "auth.mode is none: nobody is asked who they are. That is for the sandbox on this machine only"
                );
                (Way::Nobody, Credential::None)
            }
            Mode::Jwt(tokens) => (Way::Token(Verifier::new(tokens)?.into()), Credential::Token),
            Mode::Session(tokens, lifetime) => {
                let sessions = Sessions {
                    verifier: Verifier::new(tokens)?,
                    lifetime: *lifetime,
                };
                (Way::Session(sessions.into()), Credential::Ambient)
            }
            Mode::TrustedHeader(trusted) => (Way::TrustedHeader(trusted.clone()), Credential::Ambient),
        };
        let pages = Pages::new(
            address,
            &config.listen.public_hosts,
            &config.allowed_origins,
            credential,
        );
        let pages = if config.pages.serve {
            pages.with_own(&config.listen.public_hosts)
        } else {
            pages
        };
        Ok(Gate {
            pages,
            base_path: config.listen.base_path.clone(),
            way,
            names: auth.names.clone(),
        })
    }

    /// CORS for the listed origins only.
    pub fn cors(&self) -> CorsLayer {
        self.pages.cors()
    }

    /// How the claims of a good token or assertion are read.
    pub fn names(&self) -> &ClaimNames {
        &self.names
    }

    /// How sessions are made, if they are.
    pub fn sessions(&self) -> Option<&Sessions> {
        match &self.way {
            Way::Session(sessions) => Some(sessions),
            _ => None,
        }
    }

    async fn admit(&self, app: &App, parts: &mut Parts) -> Result<Option<Caller>, Response> {
        if let Some(message) = self.pages.refusal(&parts.method, &parts.headers) {
            return Err(forbidden(message).into_response());
        }
        // What no route matches is told so to everybody: there is nothing behind it.
        let Some(matched) = parts.extensions.get::<MatchedPath>() else {
            return Ok(None);
        };
        let path = matched.as_str().strip_prefix(&self.base_path).unwrap_or_default();
        let access = match access::find(parts.method.as_str(), path) {
            Found::Row(access) => access,
            Found::OtherMethod => return Err(other_method(path)),
            Found::Nothing => return Err(without_a_row().into_response()),
        };
        if access.least == Least::Anybody {
            return Ok(None);
        }
        let caller = self
            .caller(app, parts)
            .await
            .map_err(|refused| self.challenge(refused))?;
        if !caller.may(access.least) {
            return Err(too_little(access.least, access.secret).into_response());
        }
        reach(app, &caller, access, parts)
            .await
            .map_err(ApiError::into_response)?;
        Ok(Some(caller))
    }

    async fn caller(&self, app: &App, parts: &Parts) -> Result<Caller, ApiError> {
        match &self.way {
            Way::Nobody => Ok(Caller::local()),
            Way::Token(verifier) => {
                let token = bearer(&parts.headers).ok_or_else(|| {
                    unknown(
                        "This call came without a sign-in. Nothing was done. Send your token as `Authorization: Bearer \
                         <token>`; in a page pass it as token to connect().",
                    )
                })?;
                let told = |flaw| not_good("token", flaw);
                let claims = verifier.claims(token.map_err(told)?).await.map_err(told)?;
                self.names.caller(&claims).map_err(|lack| lacking("token", lack))
            }
            Way::Session(_) => {
                let ticket = Ticket::of(&parts.headers)?.ok_or_else(signed_out)?;
                let now = jiff::Timestamp::now().as_second();
                let kept = app.ledger.session(&ticket.name(), now).await?;
                let shown = kept.and_then(|kept| serde_json::from_str::<Shown>(&kept.caller).ok());
                shown.and_then(Shown::caller).ok_or_else(signed_out)
            }
            Way::TrustedHeader(trusted) => trusted.caller(peer(parts), &parts.headers, &self.names),
        }
    }

    /// Tells a client that is not known how it could be.
    fn challenge(&self, refused: ApiError) -> Response {
        let scheme = match &self.way {
            Way::Token(_) => "Bearer",
            Way::Session(_) => "Session",
            Way::Nobody | Way::TrustedHeader(_) => "Proxy",
        };
        let status = refused.status;
        let mut response = refused.into_response();
        if status == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        response
    }
}

/// Lets through who may pass, known to the routes as an extension.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match app.gate.admit(&app, &mut parts).await {
        Ok(Some(caller)) => {
            let asker = Asker {
                who: caller.subject().into(),
                ..Asker::current()
            };
            parts.extensions.insert(caller);
            asker.during(next.run(Request::from_parts(parts, body))).await
        }
        Ok(None) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => refused,
    }
}

/// A caller who is held to some customers hears of no other that there is one.
async fn reach(app: &App, caller: &Caller, access: &Access, parts: &mut Parts) -> Result<(), ApiError> {
    if caller.customers.are_all() || !matches!(access.whose, Whose::Org | Whose::Customer) {
        return Ok(());
    }
    let parameters = RawPathParams::from_request_parts(parts, app).await.ok();
    let first = parameters
        .as_ref()
        .and_then(|parameters| parameters.iter().next())
        .map(|(_, value)| value);
    match (access.whose, first) {
        (Whose::Customer, Some(external_id)) => caller.must_cover(external_id),
        (_, Some(org_id)) => {
            let external_id = app.ledger.external_id_of(&uuid(org_id)?).await?;
            let own = external_id.is_some_and(|external_id| caller.covers(&external_id));
            own.then_some(()).ok_or_else(unknown_org)
        }
        (_, None) => Err(unknown_org()),
    }
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map(|ConnectInfo(peer)| peer.ip())
}

fn signed_out() -> ApiError {
    unknown(
        "This browser is not signed in at the proxy, or its session has ended. Nothing was done. Sign in: exchange a new \
         assertion of your backend by POST /v1/session; in a page call with credentials, as connect({ credentials: \
         \"include\" }) does.",
    )
}

fn other_method(path: &str) -> Response {
    let mut response = method_not_allowed().into_response();
    if let Ok(methods) = HeaderValue::from_str(&access::methods(path)) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

/// A test sees to it that no route comes here.
fn without_a_row() -> ApiError {
    let message = "The proxy does not know who may call this route, so nobody may. That is a mistake of the proxy; report it.";
    ApiError::with_status(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, message)
}
